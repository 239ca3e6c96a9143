//! KRAS: any sum of cells may be known, better or worse, and what is known may contradict itself.
//!
//! ```text
//! minimise  Σ |z⁰| · t · ln(t / e)     so that  Σ_k g_ck · z_k = c   for every control c
//! z_k ← z_k · exp(± g_ck · λ)          one control at a time, λ such that it is met
//! ```
//!
//! Where that goes in circles the controls contradict each other. Then the value of each control with a
//! reliability `σ > 0` moves towards what is reached, by at most `α σ` a round, until all agree; a
//! control with `σ = 0` is hard and never moves. With margins as controls the result is that of
//! [`gras`](super::gras).
//!
//! Source: Lenzen, Gallego & Wood (2009), *Economic Systems Research* 21(1), "Matrix balancing under
//! conflicting information".

use std::fmt;

use super::gras::{Trace, multiplier, share_missed, wider};
use super::nest::nest;
use super::newton::Lines;
use super::{MostMoved, Step, most_moved};
use crate::linalg::Dense;

/// A cell of a control.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Term {
    /// Row of the cell.
    pub row: usize,
    /// Column of the cell.
    pub column: usize,
    /// What the cell is multiplied by.
    pub coefficient: f64,
}

impl Term {
    /// A cell as it is.
    pub fn plain(row: usize, column: usize) -> Term {
        Term { row, column, coefficient: 1.0 }
    }
}

/// A weighted sum of cells that should have a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Control {
    /// The cells; one that stands twice counts twice.
    pub terms: Vec<Term>,
    /// What they should sum to, in the prior's unit.
    pub value: f64,
    /// Standard deviation of the value; 0 for one that must be met.
    pub sigma: f64,
}

/// How far to go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Largest gap of a control that counts as met, as a share of its value or of the sum of its
    /// absolute terms, whichever is larger.
    pub tolerance: f64,
    /// Rounds after which it gives up.
    pub rounds: usize,
    /// `α`: a soft control gives way by at most this many `σ` a round.
    pub give: f64,
}

impl Default for Options {
    fn default() -> Self {
        Options { tolerance: 1e-11, rounds: 100_000, give: 0.1 }
    }
}

/// What became of a control.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reached {
    /// Its value as given.
    pub wanted: f64,
    /// What its cells sum to.
    pub reached: f64,
    /// Its `σ`.
    pub sigma: f64,
    /// Whether it is met, as far as the tolerance goes.
    pub met: bool,
}

impl Reached {
    /// What is reached less what was wanted.
    pub fn gap(&self) -> f64 {
        self.reached - self.wanted
    }

    /// The gap in standard deviations; none for a hard control.
    pub fn in_sigma(&self) -> Option<f64> {
        (self.sigma > 0.0).then(|| self.gap() / self.sigma)
    }
}

/// A matrix brought to its controls.
#[derive(Debug, Clone)]
pub struct Reconciled {
    /// The matrix.
    pub matrix: Dense,
    /// Rounds it took.
    pub rounds: usize,
    /// Largest gap between the controls as they became and the matrix, as a share of each.
    pub gap: f64,
    /// How that gap fell: the first rounds, then ever fewer.
    pub trace: Vec<Step>,
    /// One entry for each control.
    pub controls: Vec<Reached>,
}

impl Reconciled {
    /// The `n` cells that moved most against the prior.
    ///
    /// # Panics
    /// If the prior has another shape.
    #[track_caller]
    pub fn most_moved(&self, prior: &Dense, n: usize) -> MostMoved {
        most_moved(prior, &self.matrix, n)
    }
}

/// Why controls cannot be met; controls are named by their position.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum KrasError {
    /// A control names a cell outside the matrix.
    Outside {
        /// The control.
        control: usize,
        /// Row of the cell.
        row: usize,
        /// Column of the cell.
        column: usize,
    },
    /// A number of a control is not finite, or its `σ` is negative.
    Number {
        /// The control.
        control: usize,
        /// The number.
        value: f64,
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
    /// Hard controls whose own cells cannot sum to their value: all zero, or of one sign.
    Unreachable(Vec<usize>),
    /// Hard controls that contradict each other.
    Conflict(Vec<usize>),
    /// The rounds ran out.
    NotConverged {
        /// How many there were.
        rounds: usize,
        /// Largest gap left, as a share of its control.
        gap: f64,
        /// The control with that gap.
        control: usize,
    },
}

impl KrasError {
    /// The message with the caller's own names for controls.
    pub fn describe(&self, name: &dyn Fn(usize) -> String) -> String {
        let listed = |controls: &[usize]| -> String {
            let mut names: Vec<String> =
                controls.iter().take(super::NAMED).map(|at| format!("\n  {}", name(*at))).collect();
            if controls.len() > super::NAMED {
                names.push(format!("\n  and {} more", controls.len() - super::NAMED));
            }
            names.concat()
        };
        match self {
            KrasError::Outside { control, row, column } => format!(
                "{} names row {}, column {}, which the matrix does not have",
                name(*control),
                row + 1,
                column + 1
            ),
            KrasError::Number { control, value } => format!(
                "{} has the number {value}, expected a finite one and no negative sigma",
                name(*control)
            ),
            KrasError::CellNotFinite { row, column, value } => format!(
                "the cell in row {}, column {} is {value}, expected a finite number",
                row + 1,
                column + 1
            ),
            KrasError::Unreachable(controls) => format!(
                "the cells of these controls are all 0, or all of the other sign:{}",
                listed(controls)
            ),
            KrasError::Conflict(controls) => {
                format!(
                    "these controls contradict each other and none may give way:{}",
                    listed(controls)
                )
            }
            KrasError::NotConverged { rounds, gap, control } => format!(
                "after {rounds} rounds this control still misses its value by {gap:e} of its size:{}",
                listed(&[*control])
            ),
        }
    }
}

/// Controls are numbered from 1.
impl fmt::Display for KrasError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.describe(&|at| format!("control {}", at + 1)))
    }
}

impl std::error::Error for KrasError {}

/// The matrix nearest to a prior that meets controls, of which soft ones may give way.
///
/// Signs and zeros stay. Hard controls are met to the tolerance; soft ones too if nothing contradicts
/// them, else they differ by what [`Reconciled::controls`] reports.
///
/// # Errors
/// Cells outside the matrix, numbers that are not finite, hard controls that their cells cannot meet
/// or that contradict each other, no convergence.
///
/// Source: Lenzen, Gallego & Wood (2009), section 2.
///
/// # Examples
/// ```
/// use irio::balance::kras::{Control, Options, Term, kras};
/// use irio::linalg::Dense;
///
/// let prior = Dense::from_rows(&[vec![1.0, 1.0]]);
/// let row = vec![Term::plain(0, 0), Term::plain(0, 1)];
/// let controls = [
///     Control { terms: row.clone(), value: 10.0, sigma: 1.0 },
///     Control { terms: row, value: 16.0, sigma: 2.0 },
/// ];
/// let found = kras(&prior, &controls, &Options::default())?;
/// // Both give way by the same number of standard deviations.
/// assert!((found.controls[0].reached - 12.0).abs() < 0.2);
/// # Ok::<(), irio::balance::kras::KrasError>(())
/// ```
pub fn kras(
    prior: &Dense,
    controls: &[Control],
    options: &Options,
) -> Result<Reconciled, KrasError> {
    let mut state = State::of(prior, controls)?;
    let (mut trace, mut rounds) = (Trace::default(), 0);
    let (mut gap, mut worst);
    let mut stall = Stall::default();
    let (mut give, mut tried) = (0.0, false);
    loop {
        rounds += 1;
        (gap, worst) = state.round(give, true);
        trace.note(rounds, gap);
        if gap <= options.tolerance {
            break;
        }
        if rounds >= options.rounds || gap.is_nan() {
            return Err(KrasError::NotConverged { rounds, gap, control: worst });
        }
        let Some(left) = stall.left(rounds, gap).filter(|left| *left > SLOW) else { continue };
        // What is left after Newton steps, and falls no more, is rounding.
        if (tried || give > 0.0) && left > CIRCLES && gap <= NEAR {
            break;
        }
        if give > 0.0 {
            // Soft controls that have come to rest follow the hard ones, which may be slow among themselves.
            if state.at_rest && state.newton(false, options.tolerance) {
                state.follow();
            }
            continue;
        }
        if (left > CIRCLES || !tried) && state.newton(true, options.tolerance) {
            continue;
        }
        tried = true;
        if left > CIRCLES {
            state.refuse_conflicts(options.tolerance)?;
            give = options.give;
        }
    }
    let matrix = Dense::new(prior.shape().0, prior.shape().1, state.z);
    let reached = |control: &Control| -> Reached {
        let term = |t: &Term| t.coefficient * matrix[(t.row, t.column)];
        let sum: f64 = control.terms.iter().map(term).sum();
        let size: f64 = control.terms.iter().map(|t| term(t).abs()).sum();
        let missed = (sum - control.value).abs();
        // Rounds stop when a control is met as it is visited; a later one may move it a little.
        let met = missed <= 10.0 * options.tolerance * control.value.abs().max(size);
        Reached { wanted: control.value, reached: sum, sigma: control.sigma, met }
    };
    let controls = controls.iter().map(reached).collect();
    Ok(Reconciled { matrix, rounds, gap, trace: trace.0, controls })
}

/// Rounds between two looks at whether the gap still falls.
const LOOK: usize = 50;

/// If that many rounds leave more than this share of the gap, Newton steps are worth a try.
const SLOW: f64 = 0.1;

/// If they leave more than this share, and Newton steps do not help either, they go in circles.
const CIRCLES: f64 = 0.5;

/// Newton steps that must suffice if the controls agree.
const STEPS: usize = 60;

/// A gap after Newton steps that shows that the controls agree.
const NEAR: f64 = 1e-9;

/// Rounds for what is not part of a contradiction to come to rest.
const REST: usize = 400;

/// A control is part of a contradiction if it pulls at least this share of the strongest pull.
const PULL: f64 = 1e-3;

/// Smallest value of a soft control that its cells can only reach as zeros, as a share of them.
const ALMOST: f64 = 1e-9;

#[derive(Debug, Default)]
struct Stall {
    before: f64,
}

impl Stall {
    /// Share of the gap that the rounds since the last look left; none between two looks.
    fn left(&mut self, rounds: usize, gap: f64) -> Option<f64> {
        if !rounds.is_multiple_of(LOOK) {
            return None;
        }
        let before = std::mem::replace(&mut self.before, gap);
        (before > 0.0).then(|| gap / before)
    }
}

/// A control whose cells are places in the matrix.
#[derive(Debug)]
pub(super) struct Line {
    /// Place of each cell and its coefficient times the sign of the cell.
    pub cells: Vec<(u32, f64)>,
    /// The value it wants by now.
    pub target: f64,
    /// Its standard deviation.
    pub sigma: f64,
    /// Controls that were taken from it.
    pub parts: Vec<usize>,
    /// Whether all coefficients have one absolute value.
    even: bool,
    /// Logarithm of the last correction.
    pull: f64,
}

struct State {
    z: Vec<f64>,
    /// The prior without the cells that hard controls empty.
    start: Vec<f64>,
    lines: Vec<Line>,
    /// Soft controls first, so that hard ones have the last word in each round.
    order: Vec<usize>,
    /// Whether no soft control gave as much as it may in the last round.
    at_rest: bool,
}

impl State {
    fn of(prior: &Dense, controls: &[Control]) -> Result<State, KrasError> {
        let (rows, columns) = prior.shape();
        let z = prior.values().to_vec();
        if let Some(at) = z.iter().position(|value| !value.is_finite()) {
            let (row, column) = (at / columns, at % columns);
            return Err(KrasError::CellNotFinite { row, column, value: z[at] });
        }
        let mut lines = Vec::with_capacity(controls.len());
        for (at, control) in controls.iter().enumerate() {
            let numbers = control.terms.iter().map(|term| term.coefficient);
            let mut numbers = numbers.chain([control.value, control.sigma, -control.sigma]);
            let wrong = |value: &f64| !value.is_finite();
            if let Some(value) =
                numbers.find(wrong).or((control.sigma < 0.0).then_some(control.sigma))
            {
                return Err(KrasError::Number { control: at, value });
            }
            let outside = |term: &&Term| term.row >= rows || term.column >= columns;
            if let Some(term) = control.terms.iter().find(outside) {
                let Term { row, column, .. } = *term;
                return Err(KrasError::Outside { control: at, row, column });
            }
            lines.push(Line::of(control, &z, columns));
        }
        nest(&mut lines, z.len());
        lines.iter_mut().for_each(|line| line.even = line.is_even());
        let (soft, hard): (Vec<usize>, Vec<usize>) =
            (0..lines.len()).partition(|at| lines[*at].sigma > 0.0);
        let mut state =
            State { z, start: Vec::new(), lines, order: [soft, hard].concat(), at_rest: false };
        state.settle()?;
        state.start = state.z.clone();
        Ok(state)
    }

    /// Empties cells of hard controls of one sign whose value is 0; refuses hard controls that cannot
    /// be met; keeps soft ones away from what they cannot reach.
    fn settle(&mut self) -> Result<(), KrasError> {
        loop {
            let mut doomed = Vec::new();
            for line in self.lines.iter().filter(|line| line.sigma == 0.0 && line.target == 0.0) {
                let (p, n) = line.sums(&self.z);
                if (p == 0.0) != (n == 0.0) {
                    doomed.extend(line.cells.iter().map(|(place, _)| *place as usize));
                }
            }
            if doomed.is_empty() {
                break;
            }
            doomed.into_iter().for_each(|place| self.z[place] = 0.0);
            let z = &self.z;
            let filled = |(place, _): &(u32, f64)| z[*place as usize] != 0.0;
            self.lines.iter_mut().for_each(|line| line.cells.retain(filled));
        }
        let (mut wrong, mut contradictory) = (Vec::new(), Vec::new());
        for (at, line) in self.lines.iter_mut().enumerate() {
            let (p, n) = line.sums(&self.z);
            let unreachable = (p == 0.0 && line.target > 0.0) || (n == 0.0 && line.target < 0.0);
            if unreachable && line.sigma == 0.0 {
                match line.parts.as_slice() {
                    [] => wrong.push(at),
                    parts => contradictory.extend(parts.iter().copied().chain([at])),
                }
            }
            if line.sigma > 0.0 && (p == 0.0 || n == 0.0) && (unreachable || line.target == 0.0) {
                line.target = ALMOST * (p - n);
            }
        }
        contradictory.sort_unstable();
        contradictory.dedup();
        match (wrong.is_empty(), contradictory.is_empty()) {
            (true, true) => Ok(()),
            (true, false) => Err(KrasError::Conflict(contradictory)),
            (false, _) => Err(KrasError::Unreachable(wrong)),
        }
    }

    /// Meets one control after the other; the largest gap met on the way, and whose it was.
    fn round(&mut self, give: f64, soft: bool) -> (f64, usize) {
        let (mut gap, mut worst) = (0.0, 0);
        self.at_rest = true;
        for &at in &self.order {
            let line = &mut self.lines[at];
            if line.sigma > 0.0 && !soft {
                continue;
            }
            let (p, n) = line.sums(&self.z);
            if give > 0.0 && line.sigma > 0.0 {
                let most = give * line.sigma;
                let missed = p - n - line.target;
                line.target += missed.clamp(-most, most);
                self.at_rest &= missed.abs() <= most;
            }
            let missed = share_missed(p, n, line.target);
            if wider(gap, missed).to_bits() != gap.to_bits() {
                (gap, worst) = (missed, at);
            }
            line.meet(&mut self.z, p, n);
        }
        (gap, worst)
    }

    /// Meets all controls (or the hard ones) by Newton steps; leaves the cells alone if that fails.
    fn newton(&mut self, soft: bool, tolerance: f64) -> bool {
        let mut lines = Lines::default();
        for line in self.lines.iter().filter(|line| soft || line.sigma == 0.0) {
            lines.push(line.target, line.cells.iter().copied());
        }
        let mut sizes: Vec<f64> = self.z.iter().map(|value| value.abs()).collect();
        for _ in 0..STEPS {
            if lines.step(&mut sizes).is_none() || lines.gap(&sizes) <= tolerance {
                break;
            }
        }
        // The last digits are left to the rounds that follow.
        let met = lines.gap(&sizes) <= tolerance.max(NEAR);
        if met {
            self.z.iter_mut().zip(sizes).for_each(|(z, size)| *z = size.copysign(*z));
        }
        met
    }

    /// Soft controls want what they have.
    fn follow(&mut self) {
        for line in self.lines.iter_mut().filter(|line| line.sigma > 0.0) {
            let (p, n) = line.sums(&self.z);
            line.target = p - n;
        }
    }

    /// Holds the hard controls to each other alone.
    fn refuse_conflicts(&mut self, tolerance: f64) -> Result<(), KrasError> {
        // From the start: where soft controls have pulled hard, steps are long.
        let here = std::mem::replace(&mut self.z, self.start.clone());
        if self.newton(false, tolerance) {
            self.z = here;
            return Ok(());
        }
        (0..REST).for_each(|_| {
            self.round(0.0, false);
        });
        Err(KrasError::Conflict(self.pulling()))
    }

    /// Hard controls that still pull: those (and what was taken from them) contradict each other.
    fn pulling(&self) -> Vec<usize> {
        let hard = || (0..self.lines.len()).filter(|at| self.lines[*at].sigma == 0.0);
        let strongest = hard().map(|at| self.lines[at].pull.abs()).fold(0.0, f64::max);
        let pulls = |at: &usize| self.lines[*at].pull.abs() > PULL * strongest;
        let parts = |at: usize| self.lines[at].parts.iter().copied().chain([at]);
        let mut named: Vec<usize> = hard().filter(pulls).flat_map(parts).collect();
        named.sort_unstable();
        named.dedup();
        named
    }
}

impl Line {
    fn of(control: &Control, z: &[f64], columns: usize) -> Line {
        let place = |term: &Term| (term.row * columns + term.column) as u32;
        let mut cells: Vec<(u32, f64)> =
            control.terms.iter().map(|term| (place(term), term.coefficient)).collect();
        cells.sort_by_key(|(place, _)| *place);
        // A cell that stands twice counts twice; one that cancels, not at all.
        cells.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        cells.retain(|(place, g)| *g != 0.0 && z[*place as usize] != 0.0);
        cells.iter_mut().for_each(|(place, g)| *g *= z[*place as usize].signum());
        let (target, sigma) = (control.value, control.sigma);
        Line { cells, target, sigma, parts: Vec::new(), even: false, pull: 0.0 }
    }

    fn is_even(&self) -> bool {
        self.cells.iter().all(|(_, a)| a.abs() == self.cells[0].1.abs())
    }

    /// Sums of its positive and of its negative terms, both without sign.
    fn sums(&self, z: &[f64]) -> (f64, f64) {
        let (mut p, mut n) = (0.0, 0.0);
        for (place, a) in &self.cells {
            let term = a * z[*place as usize].abs();
            if term > 0.0 { p += term } else { n -= term }
        }
        (p, n)
    }

    /// Multiplies its cells so that it is met; leaves alone what cannot be.
    fn meet(&mut self, z: &mut [f64], p: f64, n: f64) {
        self.pull = 0.0;
        let reachable = (p > 0.0 && self.target > 0.0)
            || (n > 0.0 && self.target < 0.0)
            || (p > 0.0 && n > 0.0);
        if !reachable {
            return;
        }
        if self.even {
            let up = multiplier(self.target, p, n);
            if up == 1.0 {
                return;
            }
            let down = 1.0 / up;
            for (place, a) in &self.cells {
                z[*place as usize] *= if *a > 0.0 { up } else { down };
            }
            self.pull = up.ln();
            return;
        }
        let lambda = self.lambda(z);
        let mut largest: f64 = 0.0;
        for (place, a) in &self.cells {
            z[*place as usize] *= (a * lambda).exp();
            largest = largest.max(a.abs());
        }
        self.pull = largest * lambda;
    }

    /// Solves `Σ a·|z|·e^(aλ) = c`, which rises in `λ`, by Newton steps inside a bracket.
    fn lambda(&self, z: &[f64]) -> f64 {
        let largest = self.cells.iter().map(|(_, a)| a.abs()).fold(0.0, f64::max);
        let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
        let mut lambda = 0.0;
        for _ in 0..200 {
            let (mut value, mut slope) = (-self.target, 0.0);
            for (place, a) in &self.cells {
                let term = a * z[*place as usize].abs() * (a * lambda).exp();
                value += term;
                slope += a * term;
            }
            if value > 0.0 {
                high = lambda
            } else {
                low = lambda
            }
            let longest = 3.0 / largest;
            let step = (-value / slope).clamp(-longest, longest);
            let next = lambda + step;
            let next = if next > low && next < high { next } else { 0.5 * (low + high) };
            if value == 0.0 || !next.is_finite() || (next - lambda).abs() <= 1e-15 * (1.0 / largest)
            {
                break;
            }
            lambda = next;
        }
        lambda
    }
}
