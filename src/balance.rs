//! Bringing a matrix to known totals: RAS, GRAS, and the general case of conflicting controls.
//!
//! ```text
//! minimise  Σ |z⁰| · t · ln(t / e)   over t = z / z⁰ ≥ 0    so that the totals are met
//! ```
//!
//! The nearest matrix in this sense keeps every sign and every zero. [`ras`] is the case without
//! negative cells, [`gras`] the case with them, [`kras`] the one in which any sum of cells may be
//! known, better or worse. All run on one thread in a fixed order: the same input gives the same
//! bits. Lines have numbers here; the caller knows their names ([`BalanceError::describe`]).

mod flow;
mod gras;
pub mod kras;
mod nest;
mod newton;
mod ras;
mod support;

use std::fmt;

use crate::linalg::Dense;

pub use gras::gras;
pub use ras::ras;

/// How far to go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Largest gap of a total that counts as met, as a share of its line: of the total or of the sum
    /// of the line's absolute cells, whichever is larger.
    pub tolerance: f64,
    /// Rounds after which it gives up.
    pub rounds: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options { tolerance: 1e-12, rounds: 10_000 }
    }
}

/// How far from its totals a matrix is after a round.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Number of the round, from 1.
    pub round: usize,
    /// Largest gap of a total, as a share of its line.
    pub gap: f64,
}

/// A cell before and after.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moved {
    /// Its row.
    pub row: usize,
    /// Its column.
    pub column: usize,
    /// Value in the prior.
    pub before: f64,
    /// Value in the result.
    pub after: f64,
}

impl Moved {
    /// How many times larger it is; 0 for a cell that was emptied.
    pub fn ratio(&self) -> f64 {
        self.after / self.before
    }
}

/// The cells that moved most.
#[derive(Debug, Clone, PartialEq)]
pub struct MostMoved {
    /// By amount, largest first.
    pub by_amount: Vec<Moved>,
    /// By ratio, up or down, largest first.
    pub by_ratio: Vec<Moved>,
}

/// A matrix brought to its totals.
///
/// Cells are `r·z⁰·s` where the prior is positive and `z⁰ / (r·s)` where it is negative.
#[derive(Debug, Clone)]
pub struct Balanced {
    /// The matrix.
    pub matrix: Dense,
    /// Multiplier `r` of each row; only products `r·s` are determined.
    pub row_multipliers: Vec<f64>,
    /// Multiplier `s` of each column.
    pub column_multipliers: Vec<f64>,
    /// Rounds it took.
    pub rounds: usize,
    /// Largest gap of a total that is left, as a share of its line.
    pub gap: f64,
    /// How the gap fell: the first rounds, then ever fewer.
    pub trace: Vec<Step>,
    /// Cells that no matrix with these totals and signs can have, row and column: they became 0.
    pub emptied: Vec<(usize, usize)>,
}

impl Balanced {
    /// The `n` cells that moved most against the prior.
    ///
    /// # Panics
    /// If the prior has another shape.
    #[track_caller]
    pub fn most_moved(&self, prior: &Dense, n: usize) -> MostMoved {
        most_moved(prior, &self.matrix, n)
    }
}

/// A move below this share of the largest cell is rounding.
const ROUNDING: f64 = 1e-9;

/// The `n` cells that differ most between two matrices, of those that are not 0 in the first; what is
/// below 10⁻⁹ of the largest cell has not moved.
///
/// # Panics
/// If their shapes differ.
#[track_caller]
pub fn most_moved(before: &Dense, after: &Dense, n: usize) -> MostMoved {
    assert_eq!(before.shape(), after.shape(), "matrices of one shape expected");
    let columns = before.shape().1.max(1);
    let all = before.values().iter().chain(after.values());
    let least = ROUNDING * all.map(|value| value.abs()).fold(0.0, f64::max);
    let moved: Vec<Moved> = (before.values().iter().zip(after.values()).enumerate())
        .filter(|(_, (a, b))| **a != 0.0 && (**a - **b).abs() > least)
        .map(|(at, (a, b))| Moved {
            row: at / columns,
            column: at % columns,
            before: *a,
            after: *b,
        })
        .collect();
    MostMoved {
        by_amount: largest(moved.clone(), n, |cell| (cell.after - cell.before).abs()),
        by_ratio: largest(moved, n, |cell| cell.ratio().abs().ln().abs()),
    }
}

fn largest(mut cells: Vec<Moved>, n: usize, size: impl Fn(&Moved) -> f64) -> Vec<Moved> {
    // Ties stay in the order of the matrix: the sort is stable.
    cells.sort_by(|a, b| size(b).total_cmp(&size(a)));
    cells.truncate(n);
    cells
}

/// A row or a column, by number from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// A row.
    Row(usize),
    /// A column.
    Column(usize),
}

/// Why the total of one line cannot be met, whatever the other totals are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LineError {
    /// The line.
    pub line: Line,
    /// Its total.
    pub total: f64,
    /// What its cells are.
    pub cells: Cells,
}

/// What the cells of a line are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cells {
    /// All of them are 0, or had to become 0.
    Zero,
    /// None is negative.
    NotNegative,
    /// None is positive.
    NotPositive,
}

/// Totals that cannot be met together: on one side are lines with too much, on the other all lines
/// that could take it.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// Rows, from 0.
    pub rows: Vec<usize>,
    /// Columns, from 0.
    pub columns: Vec<usize>,
    /// Sum of the totals of the rows.
    pub row_total: f64,
    /// Sum of the totals of the columns.
    pub column_total: f64,
    /// Whether the rows have too much for the columns (`Row`), or the columns for the rows.
    pub over: Side,
}

/// Rows or columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The rows.
    Row,
    /// The columns.
    Column,
}

impl Conflict {
    /// By how much the one sum exceeds what the other lines can take.
    pub fn shortfall(&self) -> f64 {
        (self.row_total - self.column_total).abs()
    }
}

/// Why a matrix cannot be brought to its totals.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum BalanceError {
    /// The number of totals is not that of the lines.
    Shape {
        /// Of the rows or of the columns.
        side: Side,
        /// How many totals there are.
        totals: usize,
        /// How many lines there are.
        lines: usize,
    },
    /// A total is infinite or not a number.
    TotalNotFinite {
        /// The line.
        line: Line,
        /// Its total.
        total: f64,
    },
    /// A cell of the prior is infinite or not a number.
    CellNotFinite {
        /// Its row.
        row: usize,
        /// Its column.
        column: usize,
        /// Its value.
        value: f64,
    },
    /// RAS was asked for a matrix with a negative cell.
    NegativeCell {
        /// Its row.
        row: usize,
        /// Its column.
        column: usize,
        /// Its value.
        value: f64,
    },
    /// The totals of the rows do not sum to those of the columns.
    TotalsDiffer {
        /// Sum over rows.
        rows: f64,
        /// Sum over columns.
        columns: f64,
    },
    /// Every line whose total its own cells cannot meet.
    Lines(Vec<LineError>),
    /// Totals that contradict each other given where the prior has cells.
    Conflict(Conflict),
    /// The rounds ran out.
    NotConverged {
        /// How many there were.
        rounds: usize,
        /// Largest gap left, as a share of its line.
        gap: f64,
        /// The line with that gap.
        line: Line,
    },
}

/// How many lines a message names.
const NAMED: usize = 12;

impl BalanceError {
    /// The message with the caller's own names for rows and columns.
    pub fn describe(
        &self,
        row: &dyn Fn(usize) -> String,
        column: &dyn Fn(usize) -> String,
    ) -> String {
        let name = |line: Line| match line {
            Line::Row(at) => format!("row {}", row(at)),
            Line::Column(at) => format!("column {}", column(at)),
        };
        match self {
            BalanceError::Shape { side, totals, lines } => {
                let side = side.words();
                format!("{totals} totals for {lines} {side}")
            }
            BalanceError::TotalNotFinite { line, total } => {
                format!("the total of {} is {total}, expected a finite number", name(*line))
            }
            BalanceError::CellNotFinite { row: i, column: j, value } => {
                format!("cell {}, {} is {value}, expected a finite number", row(*i), column(*j))
            }
            BalanceError::NegativeCell { row: i, column: j, value } => {
                let place = format!("cell {}, {}", row(*i), column(*j));
                format!("{place} is {value}: RAS takes no negative cell, GRAS does")
            }
            BalanceError::TotalsDiffer { rows, columns } => {
                let gap = rows - columns;
                format!(
                    "the totals of the rows sum to {rows}, those of the columns to {columns}: a difference of {gap}"
                )
            }
            BalanceError::Lines(lines) => {
                let lines = lines.iter().map(|error| error.describe(&name(error.line)));
                lines.collect::<Vec<_>>().join("\n")
            }
            BalanceError::Conflict(conflict) => conflict.describe(row, column),
            BalanceError::NotConverged { rounds, gap, line } => format!(
                "after {rounds} rounds {} still misses its total by {gap:e} of its size",
                name(*line)
            ),
        }
    }
}

impl Side {
    fn words(self) -> &'static str {
        match self {
            Side::Row => "rows",
            Side::Column => "columns",
        }
    }
}

impl LineError {
    fn describe(&self, name: &str) -> String {
        let total = self.total;
        match self.cells {
            Cells::Zero => format!("{name} should sum to {total}, but all its cells are 0"),
            Cells::NotNegative => {
                format!("{name} should sum to {total}, but none of its cells is negative")
            }
            Cells::NotPositive => {
                format!("{name} should sum to {total}, but none of its cells is positive")
            }
        }
    }
}

impl Conflict {
    fn describe(&self, row: &dyn Fn(usize) -> String, column: &dyn Fn(usize) -> String) -> String {
        let (rows, columns) = (listed(&self.rows, row), listed(&self.columns, column));
        let by = self.shortfall();
        let (i, j) = (plural(&self.rows, "row"), plural(&self.columns, "column"));
        let (a, b) = (self.row_total, self.column_total);
        match self.over {
            Side::Row => format!(
                "{i} {rows} should sum to {a}, but whatever they may hold lies in {j} {columns}, which should sum to \
                 {b}: {by} too much"
            ),
            Side::Column => format!(
                "{j} {columns} should sum to {b}, but whatever they may hold lies in {i} {rows}, which should sum to \
                 {a}: {by} too much"
            ),
        }
    }
}

fn plural(lines: &[usize], word: &str) -> String {
    if lines.len() == 1 { word.to_owned() } else { format!("{word}s") }
}

fn listed(lines: &[usize], name: &dyn Fn(usize) -> String) -> String {
    if lines.is_empty() {
        return "(none)".to_owned();
    }
    let mut names: Vec<String> = lines.iter().take(NAMED).map(|at| name(*at)).collect();
    if lines.len() > NAMED {
        names.push(format!("and {} more", lines.len() - NAMED));
    }
    names.join(", ")
}

/// Lines are numbered from 1.
impl fmt::Display for BalanceError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = |at: usize| (at + 1).to_string();
        out.write_str(&self.describe(&number, &number))
    }
}

impl std::error::Error for BalanceError {}
