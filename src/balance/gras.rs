//! GRAS: rows and columns of a matrix of either sign are scaled to their totals.

use super::newton::Lines;
use super::support::Support;
use super::{BalanceError, Balanced, Line, Options, Step, flow};
use crate::linalg::Dense;

/// Rounds between two looks at whether scaling gets anywhere.
const LOOK: usize = 20;

/// Share of the gap that those rounds must take away for scaling to go on alone.
const FALL: f64 = 0.1;

/// If they leave more than this share of it, nothing moves any more.
const STUCK: f64 = 0.99;

/// What sums of a line's cells differ by in their last digits, as a share of it.
const SUMS: f64 = 1e-13;

/// A gap that rounding may leave: the totals of disconnected blocks may differ in their last digits.
const ROUNDING: f64 = 1e-9;

/// The matrix with the totals given that is nearest to a prior of either sign.
///
/// ```text
/// z = z⁰ · r · s    where z⁰ > 0        Σ_j z = u     Σ_i z = v
/// z = z⁰ / (r · s)  where z⁰ < 0        minimises Σ |z⁰| · t · ln(t / e),   t = z / z⁰
/// ```
///
/// `rows` has one total `u` for each row, `columns` one `v` for each column, in the prior's unit. Signs
/// and zeros stay. A line of one sign with total 0 becomes 0; a line without a positive cell is met by
/// `r = −Σ|z⁰|/s / u`. Sums of the totals that differ by a rounding error are brought together in the
/// columns. Where scaling alone is slow, Newton steps on the multipliers help; where some cells can only
/// be zero, they are emptied and named.
///
/// # Errors
/// Wrong shapes, numbers that are not finite, totals that do not sum to the same, every line whose
/// own cells cannot meet its total, totals that contradict each other (with the lines that do), no
/// convergence.
///
/// Source: Junius & Oosterhaven (2003), *Economic Systems Research* 15(1); Lenzen, Wood & Gallego
/// (2007), ESR 19(4) (the objective above); Temurshoev, Miller & Bouwmeester (2013), ESR 25(3) (lines
/// without a positive cell).
///
/// # Examples
/// ```
/// use irio::balance::{Options, gras};
/// use irio::linalg::Dense;
///
/// let prior = Dense::from_rows(&[vec![7.0, -2.0], vec![1.0, 4.0]]);
/// let found = gras(&prior, &[6.0, 6.0], &[9.0, 3.0], &Options::default())?;
/// assert!((found.matrix.row_sums()[0] - 6.0).abs() < 1e-10);
/// assert!(found.matrix[(0, 1)] < 0.0, "signs stay");
///
/// let wrong = gras(&prior, &[6.0, 6.0], &[9.0, 4.0], &Options::default()).unwrap_err();
/// assert!(wrong.to_string().contains("sum to 12"));
/// # Ok::<(), irio::balance::BalanceError>(())
/// ```
pub fn gras(
    prior: &Dense,
    rows: &[f64],
    columns: &[f64],
    options: &Options,
) -> Result<Balanced, BalanceError> {
    let mut support = Support::of(prior, rows, columns)?;
    let mut at = Multipliers::ones(rows.len(), columns.len());
    let (mut trace, mut rounds) = (Trace::default(), 0);
    let mut stalled: Option<Lines> = None;
    let mut before = f64::INFINITY;
    // Newton's steps end in a noise of rounding, larger on a small line among large ones: the best is kept.
    let mut best: Option<(f64, Multipliers)> = None;
    while rounds < options.rounds {
        rounds += 1;
        let gap = at.scale(&support);
        trace.note(rounds, gap);
        // That was the gap of the rows; after a step of Newton's the columns may have been open too.
        if gap <= options.tolerance && at.gap(&support).0 <= options.tolerance.max(SUMS) {
            break;
        }
        if rounds % LOOK == 0 {
            // Written so that a gap that is not a number counts as a stall.
            let falls = gap <= FALL * before;
            if gap > STUCK * before && stalled.is_some() && gap <= ROUNDING {
                break;
            }
            if !falls && stalled.is_none() {
                let empty = flow::examine(&support)?;
                if empty.contains(&true) {
                    support.empty(&empty);
                    support.settle()?;
                }
                best = None;
                stalled = Some(support.lines());
            }
            before = gap;
        }
        if let Some(lines) = &stalled {
            let now = at.gap(&support).0;
            if best.as_ref().is_none_or(|(least, _)| now < *least) {
                best = Some((now, at.clone()));
            }
            at.step(&support, lines);
        }
    }
    if let Some((_, kept)) = best.filter(|(least, _)| *least < at.gap(&support).0) {
        at = kept;
    }
    finish(&support, &at, prior.shape(), trace, rounds, options)
}

fn finish(
    support: &Support,
    at: &Multipliers,
    (n, m): (usize, usize),
    trace: Trace,
    rounds: usize,
    options: &Options,
) -> Result<Balanced, BalanceError> {
    let mut matrix = Dense::zeros(n, m);
    for row in 0..n {
        let into = matrix.row_mut(row);
        for cell in support.of_row(row) {
            into[support.places[cell] as usize] = at.value(support, row, cell);
        }
    }
    let (gap, line) = at.gap(support);
    // What rounding leaves after the last round is not held against it.
    if gap.is_nan() || gap > options.tolerance.max(ROUNDING) {
        return Err(BalanceError::NotConverged { rounds, gap, line });
    }
    let (row_multipliers, column_multipliers) = at.of_lines(support);
    let mut emptied = support.emptied.clone();
    emptied.sort_unstable();
    let trace = trace.0;
    Ok(Balanced { matrix, row_multipliers, column_multipliers, rounds, gap, trace, emptied })
}

/// Gaps of the first rounds, then of ever fewer.
#[derive(Debug, Default)]
pub(super) struct Trace(pub Vec<Step>);

impl Trace {
    pub fn note(&mut self, round: usize, gap: f64) {
        let every = 10_usize.pow(round.max(1).ilog10());
        if round.is_multiple_of(every) {
            self.0.push(Step { round, gap });
        }
    }
}

/// Multipliers of rows and columns.
#[derive(Debug, Clone)]
pub struct Multipliers {
    /// Of the rows.
    pub r: Vec<f64>,
    /// Of the columns.
    pub s: Vec<f64>,
}

impl Multipliers {
    fn ones(rows: usize, columns: usize) -> Self {
        Multipliers { r: vec![1.0; rows], s: vec![1.0; columns] }
    }

    /// Value of a cell.
    pub fn value(&self, support: &Support, row: usize, cell: usize) -> f64 {
        let (prior, t) =
            (support.values[cell], self.r[row] * self.s[support.places[cell] as usize]);
        if prior > 0.0 { prior * t } else { prior / t }
    }

    /// One round: every row, then every column, is met. Returns the largest gap of a row before it,
    /// when the columns had just been met.
    fn scale(&mut self, support: &Support) -> f64 {
        let m = self.s.len();
        let (mut up, mut down) = (vec![0.0; m], vec![0.0; m]);
        let over: Vec<f64> = self.s.iter().map(|s| 1.0 / s).collect();
        let mut gap: f64 = 0.0;
        for row in 0..self.r.len() {
            let (mut p, mut n) = (0.0, 0.0);
            for cell in support.of_row(row) {
                let (value, column) = (support.values[cell], support.places[cell] as usize);
                if value > 0.0 {
                    p += value * self.s[column];
                } else {
                    n -= value * over[column];
                }
            }
            let total = support.rows[row];
            gap = wider(gap, share_missed(p * self.r[row], n / self.r[row], total));
            let r = multiplier(total, p, n);
            self.r[row] = r;
            for cell in support.of_row(row) {
                let (value, column) = (support.values[cell], support.places[cell] as usize);
                if value > 0.0 {
                    up[column] += value * r;
                } else {
                    down[column] -= value / r;
                }
            }
        }
        for column in 0..m {
            self.s[column] = multiplier(support.columns[column], up[column], down[column]);
        }
        gap
    }

    /// A Newton step, where one helps.
    fn step(&mut self, support: &Support, lines: &Lines) {
        let value = |row, cell| self.value(support, row, cell).abs();
        let rows = 0..self.r.len();
        let mut sizes: Vec<f64> =
            rows.flat_map(|row| support.of_row(row).map(move |cell| value(row, cell))).collect();
        let Some(steps) = lines.step(&mut sizes) else { return };
        let multipliers = self.r.iter_mut().chain(&mut self.s);
        multipliers.zip(steps).for_each(|(multiplier, step)| *multiplier *= step.exp());
    }

    /// Largest gap of any line as it stands, and the line.
    pub fn gap(&self, support: &Support) -> (f64, Line) {
        let m = self.s.len();
        let (mut up, mut down) = (vec![0.0; m], vec![0.0; m]);
        let (mut gap, mut line): (f64, Line) = (0.0, Line::Row(0));
        let mut see = |missed: f64, at: Line| {
            if wider(gap, missed).to_bits() != gap.to_bits() {
                (gap, line) = (missed, at);
            }
        };
        for row in 0..self.r.len() {
            let (mut p, mut n) = (0.0, 0.0);
            for cell in support.of_row(row) {
                let (value, column) =
                    (self.value(support, row, cell), support.places[cell] as usize);
                let (of_row, of_column) = if value > 0.0 {
                    (&mut p, &mut up[column])
                } else {
                    (&mut n, &mut down[column])
                };
                *of_row += value.abs();
                *of_column += value.abs();
            }
            see(share_missed(p, n, support.rows[row]), Line::Row(row));
        }
        for column in 0..m {
            let missed = share_missed(up[column], down[column], support.columns[column]);
            see(missed, Line::Column(column));
        }
        (gap, line)
    }

    /// Multipliers as results have them: 0 for a line that became zero.
    fn of_lines(&self, support: &Support) -> (Vec<f64>, Vec<f64>) {
        let mut used = vec![false; self.s.len()];
        support.places.iter().for_each(|column| used[*column as usize] = true);
        let mut emptied = (vec![false; self.r.len()], vec![false; self.s.len()]);
        for (row, column) in &support.emptied {
            (emptied.0[*row], emptied.1[*column]) = (true, true);
        }
        let mut found = self.clone();
        for (row, r) in found.r.iter_mut().enumerate() {
            if emptied.0[row] && support.of_row(row).is_empty() {
                *r = 0.0;
            }
        }
        for (column, s) in found.s.iter_mut().enumerate() {
            if emptied.1[column] && !used[column] {
                *s = 0.0;
            }
        }
        (found.r, found.s)
    }
}

/// The larger of two gaps; one that is not a number is the largest.
pub(super) fn wider(a: f64, b: f64) -> f64 {
    if a.is_nan() || a > b { a } else { b }
}

/// By how much `p − n` misses a total, as a share of the line.
pub(super) fn share_missed(p: f64, n: f64, total: f64) -> f64 {
    let missed = (p - n - total).abs();
    if missed == 0.0 { 0.0 } else { missed / total.abs().max(p + n) }
}

/// The multiplier that meets a total: the positive root of `p·r − n/r = u`; 1 for a line of zeros.
pub(super) fn multiplier(total: f64, p: f64, n: f64) -> f64 {
    if p == 0.0 && n == 0.0 {
        return 1.0;
    }
    if p == 0.0 {
        return -n / total;
    }
    // The two forms of the root: each loses no digits on its side.
    let root = total.hypot(2.0 * p.sqrt() * n.sqrt());
    if total >= 0.0 { (total + root) / (2.0 * p) } else { 2.0 * n / (root - total) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_multiplier_meets_its_total() {
        for (total, p, n) in
            [(3.0, 2.0, 0.0), (3.0, 2.0, 5.0), (-3.0, 2.0, 5.0), (-3.0, 0.0, 5.0), (0.0, 2.0, 5.0)]
        {
            let r = multiplier(total, p, n);
            assert!(r > 0.0 && (p * r - n / r - total).abs() < 1e-12, "{total} {p} {n}: {r}");
        }
    }

    #[test]
    fn the_trace_thins_out() {
        let mut trace = Trace::default();
        (1..=1000).for_each(|round| trace.note(round, 0.0));
        let rounds: Vec<usize> = trace.0.iter().map(|step| step.round).collect();
        assert_eq!(rounds[8..12], [9, 10, 20, 30]);
        assert_eq!(rounds.last(), Some(&1000));
    }
}
