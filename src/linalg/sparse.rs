//! Compressed sparse rows whose columns are kept in as few bytes as their number needs: two up to 65,536
//! columns, else four. Products of large tables are limited by the bytes that have to be read.

use rayon::prelude::*;
use sprs::{CsMatBase, SpIndex};

use super::buffer::{Buffer, Plain};

/// Compressed sparse rows over buffers that may be mapped from a file.
pub type Csr<P> = CsMatBase<f64, P, Buffer<u64>, Buffer<P>, Buffer<f64>, u64>;

/// A whole number that the place of a column is kept in.
pub trait Place: Plain + SpIndex + Send + Sync {
    /// The place as a number of two or four bytes.
    ///
    /// The place must fit; whoever calls it knows how many columns there are.
    fn of(place: usize) -> Self;

    /// The place.
    fn at(self) -> usize;
}

impl Place for u16 {
    #[inline(always)]
    fn of(place: usize) -> Self {
        place as u16
    }

    #[inline(always)]
    fn at(self) -> usize {
        usize::from(self)
    }
}

impl Place for u32 {
    #[inline(always)]
    fn of(place: usize) -> Self {
        place as u32
    }

    #[inline(always)]
    fn at(self) -> usize {
        self as usize
    }
}

/// Columns of stored cells, in the numbers that suit a matrix.
#[derive(Debug, Clone)]
pub enum Places {
    /// For matrices of up to 65,536 columns.
    Narrow(Buffer<u16>),
    /// For others.
    Wide(Buffer<u32>),
}

/// Columns of the stored cells of a matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlacesOf<'a> {
    /// Of up to 65,536 columns.
    Narrow(&'a [u16]),
    /// Of more.
    Wide(&'a [u32]),
}

/// Whether two bytes are enough for the places of so many columns.
pub fn is_narrow(columns: usize) -> bool {
    columns <= 1 << 16
}

impl From<Buffer<u16>> for Places {
    fn from(places: Buffer<u16>) -> Self {
        Places::Narrow(places)
    }
}

impl From<Buffer<u32>> for Places {
    fn from(places: Buffer<u32>) -> Self {
        Places::Wide(places)
    }
}

impl From<Vec<u32>> for Places {
    fn from(places: Vec<u32>) -> Self {
        Places::Wide(places.into())
    }
}

impl From<Vec<u16>> for Places {
    fn from(places: Vec<u16>) -> Self {
        Places::Narrow(places.into())
    }
}

/// A sparse matrix.
#[derive(Debug, Clone)]
pub enum Sparse {
    /// Of up to 65,536 columns.
    Narrow(Csr<u16>),
    /// Of more.
    Wide(Csr<u32>),
}

/// The same for both kinds of a sparse matrix.
macro_rules! each_kind {
    ($sparse:expr, $rows:ident => $body:expr) => {
        match $sparse {
            $crate::linalg::sparse::Sparse::Narrow($rows) => $body,
            $crate::linalg::sparse::Sparse::Wide($rows) => $body,
        }
    };
}
pub(super) use each_kind;

/// Cells from which handing rows to other threads pays.
const LARGE: usize = 1 << 19;

impl Sparse {
    /// Row `i` has the values `starts[i]..starts[i + 1]`, each in the column that stands beside it; none if
    /// the parts do not fit each other.
    pub(super) fn from_parts(
        shape: (usize, usize),
        starts: Buffer<u64>,
        places: Places,
        values: Buffer<f64>,
    ) -> Option<Self> {
        match places {
            Places::Wide(places) if is_narrow(shape.1) => {
                if places.iter().any(|place| *place as usize >= shape.1) {
                    return None;
                }
                let narrow: Vec<u16> = places.par_iter().map(|place| *place as u16).collect();
                checked(shape, starts, narrow.into(), values).map(Sparse::Narrow)
            }
            Places::Wide(places) => checked(shape, starts, places, values).map(Sparse::Wide),
            Places::Narrow(places) if is_narrow(shape.1) => {
                checked(shape, starts, places, values).map(Sparse::Narrow)
            }
            Places::Narrow(_) => None,
        }
    }

    /// Bytes that the numbers and their places take.
    pub(super) fn bytes(&self) -> usize {
        each_kind!(self, csr => bytes_of(csr))
    }

    /// Where rows begin, columns and values.
    pub fn parts(&self) -> (&[u64], PlacesOf<'_>, &[f64]) {
        match self {
            Sparse::Narrow(csr) => {
                (csr.indptr().into_raw_storage(), PlacesOf::Narrow(csr.indices()), csr.data())
            }
            Sparse::Wide(csr) => {
                (csr.indptr().into_raw_storage(), PlacesOf::Wide(csr.indices()), csr.data())
            }
        }
    }

    /// Lets every later clone see the same memory instead of copying it.
    pub(super) fn shared(self) -> Self {
        match self {
            Sparse::Narrow(csr) => Sparse::Narrow(shared(csr)),
            Sparse::Wide(csr) => Sparse::Wide(shared(csr)),
        }
    }

    /// The same places with other values.
    pub(super) fn with_values(&self, values: Vec<f64>) -> Self {
        match self {
            Sparse::Narrow(csr) => Sparse::Narrow(with_values(csr, values)),
            Sparse::Wide(csr) => Sparse::Wide(with_values(csr, values)),
        }
    }
}

fn checked<P: Place>(
    (rows, columns): (usize, usize),
    starts: Buffer<u64>,
    places: Buffer<P>,
    values: Buffer<f64>,
) -> Option<Csr<P>> {
    let whole = starts.len() == rows.checked_add(1)?
        && starts[0] == 0
        && starts[rows] == places.len() as u64
        && places.len() == values.len()
        && starts.is_sorted();
    let is_sound = |row: usize| {
        let places = &places[starts[row] as usize..starts[row + 1] as usize];
        places.is_sorted_by(|a, b| a.at() < b.at())
            && places.last().is_none_or(|last| last.at() < columns)
    };
    let sound = whole
        && if places.len() < LARGE {
            (0..rows).all(is_sound)
        } else {
            (0..rows).into_par_iter().all(is_sound)
        };
    // SAFETY: the places of every row were just looked at; nothing else is asked of the parts.
    sound.then(|| unsafe { Csr::new_unchecked(sprs::CSR, (rows, columns), starts, places, values) })
}

fn bytes_of<P: Place>(csr: &Csr<P>) -> usize {
    (8 + size_of::<P>()) * csr.nnz() + 8 * (csr.rows() + 1)
}

fn shared<P: Place>(csr: Csr<P>) -> Csr<P> {
    let shape = (csr.rows(), csr.cols());
    let (mut starts, mut places, mut values) = csr.into_raw_storage();
    starts.share();
    places.share();
    values.share();
    // SAFETY: the parts of a matrix that was checked when it was made.
    unsafe { Csr::new_unchecked(sprs::CSR, shape, starts, places, values) }
}

fn with_values<P: Place>(csr: &Csr<P>, values: Vec<f64>) -> Csr<P> {
    let starts: Vec<u64> = csr.indptr().raw_storage().to_vec();
    let places: Vec<P> = csr.indices().to_vec();
    let shape = (csr.rows(), csr.cols());
    Csr::new(shape, starts.into(), places.into(), values.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(shape: (usize, usize), starts: &[u64], places: impl Into<Places>) -> Option<Sparse> {
        let places = places.into();
        let count = match &places {
            Places::Narrow(places) => places.len(),
            Places::Wide(places) => places.len(),
        };
        Sparse::from_parts(shape, starts.to_vec().into(), places, vec![1.0; count].into())
    }

    #[test]
    fn places_take_as_few_bytes_as_they_need() {
        let small = of((2, 3), &[0, 2, 3], vec![0u32, 2, 1]).unwrap();
        assert!(matches!(small, Sparse::Narrow(_)));
        assert_eq!(small.bytes(), 3 * 10 + 3 * 8);
        let last = of((1, 1 << 16), &[0, 1], vec![65_535u32]).unwrap();
        assert!(matches!(last, Sparse::Narrow(_)));
        let large = of((1, (1 << 16) + 1), &[0, 1], vec![65_536u32]).unwrap();
        assert!(matches!(large, Sparse::Wide(_)));
        assert!(of((1, (1 << 16) + 1), &[0, 1], vec![7u16]).is_none());
    }

    #[test]
    fn parts_that_do_not_fit_are_refused() {
        for (shape, starts, places) in [
            ((2, 3), &[0u64, 2, 3][..], vec![0u32, 3, 1]),
            ((2, 3), &[0, 2, 3], vec![2, 0, 1]),
            ((2, 3), &[0, 2, 3], vec![1, 1, 1]),
            ((2, 3), &[0, 2, 4], vec![0, 2, 1]),
            ((2, 3), &[1, 2, 3], vec![0, 2, 1]),
            ((2, 3), &[0, 3], vec![0, 1, 2]),
            ((2, 3), &[0, 4, 3], vec![0, 2, 1]),
            ((1, 3), &[0, 1], vec![65_537]),
        ] {
            assert!(of(shape, starts, places).is_none(), "{starts:?}");
        }
    }
}
