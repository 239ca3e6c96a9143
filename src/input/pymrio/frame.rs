//! A data frame as pandas writes it: header lines, columns of labels, numbers.

use rayon::join;

use super::source::{Member, Source};
use crate::fault::{Fault, Faults};
use crate::input::hash;
use crate::input::numbers::{Place, Text};
use crate::linalg::Matrix;

/// A frame of numbers.
pub(super) struct Frame {
    /// Where it is from.
    pub(super) place: Place,
    /// Names of the columns of labels.
    pub(super) names: Vec<String>,
    /// Labels of each row.
    pub(super) index: Vec<Vec<String>>,
    /// Texts above the numbers, by header line.
    pub(super) heads: Vec<Vec<String>>,
    /// Line of the first row.
    pub(super) first_line: u64,
    /// Rows × columns.
    pub(super) values: Matrix,
}

/// What is known of a frame's layout before it is read.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    /// Header lines with labels of the columns.
    pub(super) headers: usize,
    /// Columns of labels; none if blank cells of the first header line tell.
    pub(super) labels: Option<usize>,
}

impl Frame {
    /// Reads a frame of a system.
    pub(super) fn read(source: &mut Source, name: &str, shape: Shape) -> Result<Self, Faults> {
        let member = source.read(name)?;
        if name.ends_with(".parquet") {
            return Frame::packed(source, member, shape);
        }
        if !name.ends_with(".txt") && !name.ends_with(".csv") {
            let fault = Fault::new(member.place.whole(), "is in a format that irio does not read");
            return Err(fault.help("save the system with table_format=\"txt\"").into());
        }
        // The hash of a large file takes as long as its numbers.
        let (frame, sha256) = join(|| Frame::of(&member, shape), || hash(&member.bytes));
        source.record(&member, sha256);
        frame
    }

    #[cfg(feature = "parquet")]
    fn packed(source: &mut Source, member: Member, shape: Shape) -> Result<Self, Faults> {
        source.record(&member, hash(&member.bytes));
        Ok(super::parquet::frame(member, shape)?)
    }

    #[cfg(not(feature = "parquet"))]
    fn packed(_: &mut Source, member: Member, _: Shape) -> Result<Self, Faults> {
        Err(without_parquet(&member).into())
    }

    fn of(member: &Member, shape: Shape) -> Result<Self, Faults> {
        let place = &member.place;
        let text = Text::new(&member.bytes, place, b'\t');
        let (mut heads, mut start) = text.head(shape.headers)?;
        if heads.len() < shape.headers {
            let what = if heads.is_empty() { "the file is empty" } else { "the file has no rows" };
            return Err(Fault::new(place.whole(), what).into());
        }
        let width = heads[0].len();
        let labels = shape.labels.unwrap_or_else(|| {
            1 + heads[0].iter().skip(1).take_while(|cell| cell.is_empty()).count()
        });
        if width <= labels {
            let text =
                format!("a header line of {width} cells, of which {labels} stand above labels");
            let fault = Fault::new(place.field(1, 0), text);
            return Err(fault.help("cells are separated by tabs").into());
        }
        if let Some(at) = heads.iter().position(|head| head.len() != width) {
            let text =
                format!("this header line has {} cells, the first has {width}", heads[at].len());
            return Err(Fault::new(place.field(at as u64 + 1, 0), text).into());
        }
        let mut names = heads[shape.headers - 1][..labels].to_vec();
        let mut first_line = shape.headers as u64 + 1;
        if shape.headers > 1 {
            names = Vec::new();
            // pandas writes the names of the columns of labels on a line of their own.
            let (lines, after) = text.head(shape.headers + 1)?;
            if let Some(line) = lines.get(shape.headers)
                && line.len() >= labels
                && line[labels..].iter().all(String::is_empty)
            {
                names = line[..labels].to_vec();
                (start, first_line) = (after, first_line + 1);
            }
        }
        let grid = text.body(start, first_line, labels, width - labels)?;
        let heads = heads.iter_mut().map(|head| head.split_off(labels)).collect();
        Ok(Frame {
            place: place.clone(),
            names,
            index: grid.labels,
            heads,
            first_line: grid.first_line,
            values: grid.values,
        })
    }

    /// Line of a row in the file.
    pub(super) fn line(&self, row: usize) -> u64 {
        self.first_line + row as u64
    }

    /// How many columns of labels there are.
    pub(super) fn labels(&self) -> usize {
        self.index.first().map_or(self.names.len().max(1), Vec::len)
    }

    /// Place of a label of a row.
    pub(super) fn at_label(&self, row: usize, label: usize) -> crate::fault::Location {
        self.place.field(self.line(row), label + 1)
    }

    /// Place of a header cell above the numbers.
    pub(super) fn at_head(&self, head: usize, column: usize) -> crate::fault::Location {
        self.place.field(head as u64 + 1, self.labels() + column + 1)
    }
}

/// A line of a list: its texts, and its number.
pub(super) struct Line {
    pub(super) texts: Vec<String>,
    pub(super) line: u64,
}

/// Header and lines of a file of texts.
pub(super) struct List {
    pub(super) place: Place,
    pub(super) header: Vec<String>,
    pub(super) lines: Vec<Line>,
}

impl List {
    /// Reads a file of texts, each line with as many cells as the header.
    pub(super) fn read(source: &mut Source, name: &str, separator: u8) -> Result<Self, Faults> {
        let member = source.read_small(name)?;
        if name.ends_with(".parquet") {
            #[cfg(feature = "parquet")]
            return Ok(super::parquet::list(member)?);
            #[cfg(not(feature = "parquet"))]
            return Err(without_parquet(&member).into());
        }
        let text = Text::new(&member.bytes, &member.place, separator);
        let (mut heads, start) = text.head(1)?;
        let header = heads.pop().unwrap_or_default();
        if header.is_empty() {
            return Err(Fault::new(member.place.whole(), "the file is empty").into());
        }
        let grid = text.body(start, 2, header.len(), 0)?;
        let lines = grid.labels.into_iter().enumerate();
        let lines = lines.map(|(at, texts)| Line { texts, line: at as u64 + 2 }).collect();
        Ok(List { place: member.place, header, lines })
    }
}

#[cfg(not(feature = "parquet"))]
fn without_parquet(member: &Member) -> Fault {
    Fault::new(member.place.whole(), "this irio was built without parquet")
        .help("save the system with table_format=\"txt\", or build irio with `--features parquet`")
}
