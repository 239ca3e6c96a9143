//! Numbers in numpy's `.npy` format: what `numpy.save` writes of an array of float64 or float32.
//!
//! A header says type, order and shape; the numbers follow without gaps. Nothing in the header is
//! believed before it fits the size of the file, and nothing is allocated before that. Large matrices
//! are read in blocks of rows by all threads, twice: first cells are counted, then vectors of the right size are
//! filled. So a sparse matrix never exists dense, and the file's pages never count as memory of the
//! process, as those of a map would.
//!
//! Source: numpy, *NEP 1 — A Simple File Format for NumPy Arrays*.

mod header;

use std::fs::File;
use std::io::{self, Read, Seek};
use std::ops::Range;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use self::header::{Header, Number};
use super::unreadable;
use super::witness::{self, Stamp};
use crate::fault::{Fault, Location};
use crate::linalg::sparse::is_narrow;
use crate::linalg::{Dense, Matrix, Place, Places};
use crate::table::InputFile;

/// Bytes that a thread reads at a time: enough for the disk, small beside any matrix worth counting.
const BLOCK: usize = 1 << 21;

/// A file of numbers whose header fits it.
#[derive(Debug)]
pub struct NpyFile {
    path: PathBuf,
    file: File,
    header: Header,
    stamp: Stamp,
}

/// What the first reading of a matrix finds out.
struct Counted {
    /// Cells other than zero of each row.
    filled: Vec<usize>,
    /// How many numbers are infinite or no numbers, and where the first is.
    strange: usize,
    first: Option<(usize, usize, f64)>,
}

impl NpyFile {
    /// Opens a file and checks its header.
    ///
    /// # Errors
    /// If it cannot be read, is no `.npy` file, holds anything but little-endian floats in rows, or has another
    /// size than its header says.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        let fail = |error: io::Error| unreadable(path, &error);
        let found = std::fs::metadata(path).map_err(fail)?;
        if !found.is_file() {
            let text = "is not a file with contents of its own (a folder, a pipe or a device)";
            return Err(Fault::new(Location::whole(path), text));
        }
        let mut file = File::open(path).map_err(fail)?;
        let mut start = Vec::new();
        (&mut file).take(header::LONGEST).read_to_end(&mut start).map_err(fail)?;
        let header = Header::parse(&start)
            .and_then(|header| header.fits(found.len()).map(|()| header))
            .map_err(|flaw| Fault::new(Location::whole(path), flaw.found).help(flaw.help))?;
        Ok(NpyFile { path: path.to_path_buf(), file, header, stamp: Stamp::from(&found) })
    }

    /// Where a fault of the whole file is.
    pub fn whole(&self) -> Location {
        Location::whole(&self.path)
    }

    /// Length of each axis.
    pub fn shape(&self) -> &[usize] {
        &self.header.shape
    }

    /// Reads a matrix of `rows × columns`, kept in the storage that suits it; `what` says in words what the two are.
    /// An array of one axis will do where one of the two is 1.
    ///
    /// # Errors
    /// If the shape is another, a number is not finite, or the file cannot be read.
    pub fn matrix(
        &self,
        (rows, columns): (usize, usize),
        what: &str,
    ) -> Result<(Matrix, InputFile), Fault> {
        self.expect((rows, columns), what)?;
        let (hash, counted) = rayon::join(|| self.hash(), || self.count(rows, columns));
        let counted = counted.map_err(|error| self.fail(&error))?;
        if let Some((row, column, value)) = counted.first {
            let text = format!(
                "the number at [{row}, {column}] is {value}; {} not finite",
                match counted.strange {
                    1 => "it is the only one that is".to_owned(),
                    several => format!("{several} numbers are"),
                }
            );
            return Err(Fault::new(self.whole(), text).help(
                "write 0 where there is nothing; places count from 0, row and column, as numpy has them",
            ));
        }
        let filled = counted.filled.iter().sum();
        let matrix = if Matrix::suits_dense(rows * columns, filled) {
            self.fill_dense(rows, columns).map(Matrix::Dense)
        } else if is_narrow(columns) {
            self.fill_sparse::<u16>((rows, columns), &counted.filled)
        } else {
            self.fill_sparse::<u32>((rows, columns), &counted.filled)
        };
        let matrix = matrix.map_err(|error| self.fail(&error))?;
        let sha256 = hash.map_err(|error| self.fail(&error))?;
        if Stamp::of(&self.path) != Some(self.stamp) {
            return Err(self.fail(&changed()));
        }
        witness::read(&self.path, Some(self.stamp), &sha256);
        Ok((matrix, InputFile { path: self.path.clone(), sha256 }))
    }

    /// Reads a matrix like [`NpyFile::matrix`], always dense.
    ///
    /// # Errors
    /// As for [`NpyFile::matrix`].
    pub fn dense(&self, shape: (usize, usize), what: &str) -> Result<(Dense, InputFile), Fault> {
        let (matrix, record) = self.matrix(shape, what)?;
        match matrix {
            Matrix::Dense(dense) => Ok((dense, record)),
            sparse => Ok((sparse.to_dense(), record)),
        }
    }

    fn expect(&self, (rows, columns): (usize, usize), what: &str) -> Result<(), Fault> {
        let shape = self.shape();
        let alone = (rows == 1 && shape == [columns]) || (columns == 1 && shape == [rows]);
        if alone || shape == [rows, columns] {
            return Ok(());
        }
        let text =
            format!("its shape is {}, expected ({rows}, {columns}): {what}", header::tuple(shape));
        let help = if shape == [columns, rows] {
            "it is the other way round: save its transpose, np.ascontiguousarray(a.T)"
        } else {
            "industries stand in the order of regions.csv, and within a region in that of sectors.csv"
        };
        Err(Fault::new(self.whole(), text).help(help))
    }

    fn fail(&self, error: &io::Error) -> Fault {
        unreadable(&self.path, error)
    }

    /// SHA-256 of the file, by a handle of its own, beside the readings of blocks.
    fn hash(&self) -> io::Result<String> {
        let mut file = File::open(&self.path)?;
        file.rewind()?;
        witness::hash_of(&mut file)
    }

    /// Reads blocks of whole rows on all threads; what each comes to, in order.
    fn blocks<T: Send, W: Send>(
        &self,
        columns: usize,
        blocks: Vec<(Range<usize>, W)>,
        see: impl Fn(Range<usize>, W, &[u8]) -> io::Result<T> + Sync,
    ) -> io::Result<Vec<T>> {
        let width = columns * self.header.number.size();
        // Few long runs of blocks, each with one buffer: a buffer for every block leaves the heap in pieces.
        let run = blocks.len().div_ceil(4 * rayon::current_num_threads()).max(1);
        let mut runs: Vec<Vec<(Range<usize>, W)>> = Vec::new();
        for (at, block) in blocks.into_iter().enumerate() {
            if at % run == 0 {
                runs.push(Vec::with_capacity(run));
            }
            if let Some(last) = runs.last_mut() {
                last.push(block);
            }
        }
        let one = |blocks: Vec<(Range<usize>, W)>| {
            let mut buffer = Vec::new();
            let each = blocks.into_iter().map(|(rows, with)| {
                buffer.resize(rows.len() * width, 0);
                let at = self.header.start + (rows.start * width) as u64;
                read_exact_at(&self.file, &mut buffer, at)?;
                see(rows, with, &buffer)
            });
            each.collect::<io::Result<Vec<T>>>()
        };
        let found: Vec<Vec<T>> =
            runs.into_par_iter().with_max_len(1).map(one).collect::<io::Result<_>>()?;
        Ok(found.into_iter().flatten().collect())
    }

    fn count(&self, rows: usize, columns: usize) -> io::Result<Counted> {
        let number = self.header.number;
        let see = |range: Range<usize>, (), bytes: &[u8]| {
            let mut part = Counted { filled: Vec::new(), strange: 0, first: None };
            for (row, bytes) in range.zip(lines(bytes, columns, number)) {
                let mut filled = 0;
                number.each(bytes, |column, value| {
                    filled += usize::from(value != 0.0);
                    if !value.is_finite() {
                        part.strange += 1;
                        part.first.get_or_insert((row, column, value));
                    }
                });
                part.filled.push(filled);
            }
            Ok(part)
        };
        let blocks = self.ranges(rows, columns).map(|range| (range, ())).collect();
        let mut all = Counted { filled: Vec::with_capacity(rows), strange: 0, first: None };
        for part in self.blocks(columns, blocks, see)? {
            all.filled.extend(part.filled);
            all.strange += part.strange;
            all.first = all.first.or(part.first);
        }
        Ok(all)
    }

    fn fill_dense(&self, rows: usize, columns: usize) -> io::Result<Dense> {
        let mut values = vec![0.0; rows * columns];
        let mut rest = values.as_mut_slice();
        let mut blocks = Vec::new();
        for range in self.ranges(rows, columns) {
            let (into, after) = rest.split_at_mut(range.len() * columns);
            blocks.push((range, into));
            rest = after;
        }
        self.blocks(columns, blocks, |_, into: &mut [f64], bytes| {
            self.header.number.each(bytes, |at, value| into[at] = value);
            Ok(())
        })?;
        Ok(Dense::new(rows, columns, values))
    }

    fn fill_sparse<P: Place>(
        &self,
        (rows, columns): (usize, usize),
        filled: &[usize],
    ) -> io::Result<Matrix>
    where
        Vec<P>: Into<Places>,
    {
        let mut starts = Vec::with_capacity(rows + 1);
        starts.push(0u64);
        let mut total = 0;
        for filled in filled {
            total += filled;
            starts.push(total as u64);
        }
        let (mut places, mut values) = (vec![P::of(0); total], vec![0.0; total]);
        let (mut places_left, mut values_left) = (places.as_mut_slice(), values.as_mut_slice());
        let mut blocks = Vec::new();
        for range in self.ranges(rows, columns) {
            let length = filled[range.clone()].iter().sum();
            let (places, after_places) = places_left.split_at_mut(length);
            let (values, after_values) = values_left.split_at_mut(length);
            blocks.push((range, (places, values)));
            (places_left, values_left) = (after_places, after_values);
        }
        let number = self.header.number;
        self.blocks(columns, blocks, |range, (places, values): (&mut [P], &mut [f64]), bytes| {
            let mut at = 0;
            for (row, bytes) in range.zip(lines(bytes, columns, number)) {
                let end = at + filled[row];
                number.each(bytes, |column, value| {
                    // A file that others write to may have more cells than were counted.
                    if value != 0.0 {
                        if at < end {
                            (places[at], values[at]) = (P::of(column), value);
                        }
                        at += 1;
                    }
                });
                if at != end {
                    return Err(changed());
                }
            }
            Ok(())
        })?;
        Matrix::from_parts((rows, columns), starts.into(), places, values.into())
            .ok_or_else(changed)
    }

    /// Rows in blocks of about [`BLOCK`] bytes.
    fn ranges(&self, rows: usize, columns: usize) -> impl Iterator<Item = Range<usize>> {
        let step = (BLOCK / (columns * self.header.number.size()).max(1)).max(1);
        (0..rows).step_by(step).map(move |from| from..rows.min(from + step))
    }
}

/// Rows of a block.
fn lines(bytes: &[u8], columns: usize, number: Number) -> impl Iterator<Item = &[u8]> {
    bytes.chunks_exact((columns * number.size()).max(1))
}

fn changed() -> io::Error {
    io::Error::other("it changed while it was being read")
}

#[cfg(unix)]
fn read_exact_at(file: &File, into: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, into, at)
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut into: &mut [u8], mut at: u64) -> io::Result<()> {
    while !into.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, into, at)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            length => {
                into = &mut into[length..];
                at += length as u64;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::header::text_of;
    use super::*;

    fn open(bytes: &[u8]) -> Result<NpyFile, Fault> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let opened = NpyFile::open(file.path());
        if let Ok(opened) = &opened
            && let [rows, columns] = *opened.shape()
        {
            let _ = opened.matrix((rows, columns), "anything");
        }
        opened
    }

    fn example(rows: usize, columns: usize, value: impl Fn(usize) -> f64) -> Vec<u8> {
        let mut bytes = text_of(&[rows, columns]);
        (0..rows * columns).for_each(|at| bytes.extend(value(at).to_le_bytes()));
        bytes
    }

    /// Reads a matrix of a file.
    fn matrix(bytes: &[u8], shape: (usize, usize)) -> Matrix {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let (matrix, record) = NpyFile::open(file.path()).unwrap().matrix(shape, "").unwrap();
        assert_eq!(record.sha256, super::super::hash(bytes));
        matrix
    }

    #[test]
    fn large_thin_matrices_never_exist_dense_and_read_alike() {
        // Rows of several blocks, cells of every row but the third.
        let value = |at: usize| {
            if at / 700 != 2 && at.is_multiple_of(7) { at as f64 - 0.5 } else { 0.0 }
        };
        let found = matrix(&example(900, 700, value), (900, 700));
        assert!(matches!(found, Matrix::Sparse(_)));
        let expected = Dense::new(900, 700, (0..900 * 700).map(value).collect::<Vec<_>>());
        assert_eq!(found.to_dense().values(), expected.values());
        assert_eq!(found.parts(), Matrix::compact(expected).parts());
    }

    #[test]
    fn filled_matrices_are_dense_and_single_precision_is_widened() {
        let found = matrix(&example(300, 300, |at| at as f64 + 0.1), (300, 300));
        assert!(matches!(&found, Matrix::Dense(dense) if dense[(1, 2)] == 302.1));
        let mut single = text_of(&[2, 2]);
        let at = single.windows(3).position(|word| word == b"<f8").unwrap();
        single[at + 2] = b'4';
        [0.1f32, 2.0, 0.0, -1.5].iter().for_each(|value| single.extend(value.to_le_bytes()));
        let found = matrix(&single, (2, 2));
        assert_eq!(found.to_dense().values(), [f64::from(0.1f32), 2.0, 0.0, -1.5]);
    }

    #[test]
    fn one_axis_will_do_for_one_line() {
        let mut bytes = text_of(&[3]);
        [1.0f64, 2.0, 3.0].iter().for_each(|value| bytes.extend(value.to_le_bytes()));
        assert_eq!(matrix(&bytes, (1, 3)).to_dense().values(), [1.0, 2.0, 3.0]);
        assert_eq!(matrix(&bytes, (3, 1)).shape(), (3, 1));
    }

    proptest! {
        /// Whatever the header says, it is a fault or an array that fits the file.
        #[test]
        fn no_bytes_are_a_panic(
            changes in prop::collection::vec((0usize..200, any::<u8>()), 1..8),
            length in prop::option::of(0usize..200),
        ) {
            let mut bytes = example(3, 3, |at| at as f64);
            for (at, byte) in changes {
                let at = at % bytes.len();
                bytes[at] = byte;
            }
            bytes.truncate(length.unwrap_or(bytes.len()));
            if let Ok(file) = open(&bytes) {
                let cells: usize = file.shape().iter().product();
                prop_assert!(cells * 4 <= bytes.len());
            }
        }

        /// Nor are headers made of the right words in a wrong order.
        #[test]
        fn no_words_are_a_panic(words in prop::collection::vec(prop::sample::select(vec![
            "{", "}", "'descr'", ":", "'<f8'", "'>f8'", ",", " ", "'fortran_order'", "False", "True", "'shape'",
            "(", ")", "3", "99999999999999999999", "4294967296", "L", "-1", "\n", "[", "\"shape\"",
        ]), 0..30)) {
            let text = words.concat();
            let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
            bytes.extend((text.len() as u16).to_le_bytes());
            bytes.extend(text.as_bytes());
            bytes.extend([0; 72]);
            let _ = open(&bytes);
        }
    }
}
