//! Balancing: margins are met, signs kept, the result solves the first-order conditions of its
//! objective whatever its multipliers are, agrees with another method, and contradictions are named.

mod common;

use common::{matrix, vector};
use irio::balance::kras::{self, Control, KrasError, Term, kras};
use irio::balance::{BalanceError, Cells, Line, Options, Side, gras, ras};
use irio::linalg::Dense;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::Value;

/// Sizes, then numbers in [0, 1) to make a prior and a target with the same signs of.
#[derive(Debug, Clone)]
struct Case {
    prior: Dense,
    target: Dense,
}

/// With cells over some orders of magnitude, prior and target independent of each other.
fn case(negative: bool, decades: f64) -> impl Strategy<Value = Case> {
    (1usize..8, 1usize..8, 0.0..0.6_f64).prop_flat_map(move |(n, m, sparse)| {
        prop::collection::vec((0.0..1.0_f64, 0.0..1.0_f64, 0.0..1.0_f64, 0.0..1.0_f64), n * m)
            .prop_map(move |numbers| {
                let cell = |(kind, sign, a, b): (f64, f64, f64, f64)| {
                    let sign = if negative && sign < 0.2 { -1.0 } else { 1.0 };
                    let size = |u: f64| sign * 10.0_f64.powf(decades * u - 1.0);
                    if kind < sparse { (0.0, 0.0) } else { (size(a), size(b)) }
                };
                let (prior, target): (Vec<f64>, Vec<f64>) = numbers.into_iter().map(cell).unzip();
                Case { prior: Dense::new(n, m, prior), target: Dense::new(n, m, target) }
            })
    })
}

/// The largest gap of a total, as a share of its line.
fn margin_gap(found: &Dense, rows: &[f64], columns: &[f64]) -> f64 {
    let absolute = Dense::new(
        found.shape().0,
        found.shape().1,
        found.values().iter().map(|v| v.abs()).collect::<Vec<f64>>(),
    );
    let gaps = |sums: Vec<f64>, wanted: &[f64], sizes: Vec<f64>| {
        let gap = |((a, b), size): ((f64, &f64), f64)| {
            if a == *b { 0.0 } else { (a - b).abs() / b.abs().max(size) }
        };
        sums.into_iter().zip(wanted).zip(sizes).map(gap).fold(0.0, f64::max)
    };
    gaps(found.row_sums(), rows, absolute.row_sums()).max(gaps(
        found.column_sums(),
        columns,
        absolute.column_sums(),
    ))
}

/// Directions in which cells can move without changing any total, all others being sums of them: the
/// cycles that each cell outside a spanning forest closes.
fn cycles(prior: &Dense) -> Vec<Vec<(usize, f64)>> {
    let (n, m) = prior.shape();
    let mut above: Vec<Option<(usize, usize)>> = vec![None; n + m];
    let mut tree = vec![false; n * m];
    let mut seen = vec![false; n + m];
    for root in 0..n + m {
        if std::mem::replace(&mut seen[root], true) {
            continue;
        }
        let mut queue = vec![root];
        while let Some(line) = queue.pop() {
            for other in 0..n + m {
                let (row, column) = if line < n { (line, other) } else { (other, line) };
                if row >= n || column < n || prior[(row, column - n)] == 0.0 || seen[other] {
                    continue;
                }
                let cell = row * m + column - n;
                (seen[other], above[other], tree[cell]) = (true, Some((line, cell)), true);
                queue.push(other);
            }
        }
    }
    let path = |mut line: usize| {
        let mut cells = Vec::new();
        while let Some((next, cell)) = above[line] {
            cells.push(cell);
            line = next;
        }
        cells
    };
    let outside = (0..n * m).filter(|cell| prior.values()[*cell] != 0.0 && !tree[*cell]);
    outside
        .map(|cell| {
            let (mut a, mut b) = (path(cell / m), path(n + cell % m));
            while a.last().is_some() && a.last() == b.last() {
                a.pop();
                b.pop();
            }
            let around = std::iter::once(cell).chain(a).chain(b.into_iter().rev());
            // Along the cycle the cells take turns in growing and shrinking.
            around
                .enumerate()
                .map(|(at, cell)| (cell, if at % 2 == 0 { 1.0 } else { -1.0 }))
                .collect()
        })
        .collect()
}

/// Derivative of `Σ|z⁰| t ln(t/e)` along a direction, by a difference for each cell, as a share of the
/// sum of its absolute parts; the formula of the derivative is not used.
fn slope(prior: &Dense, found: &Dense, direction: &[(usize, f64)]) -> f64 {
    let part = |cell: usize, sign: f64| {
        let (z0, z) = (prior.values()[cell], found.values()[cell]);
        // A step for each cell: in one cycle they may differ by orders of magnitude.
        let h = 1e-4 * z;
        let f = |z: f64| z0.abs() * (z / z0) * ((z / z0).ln() - 1.0);
        sign * (f(z + h) - f(z - h)) / (2.0 * h)
    };
    let parts: Vec<f64> = direction.iter().map(|(cell, sign)| part(*cell, *sign)).collect();
    parts.iter().sum::<f64>() / parts.iter().map(|part| part.abs()).sum::<f64>().max(1.0)
}

proptest! {
    // The same cases in every run: KRAS with several soft sums of arbitrary cells does not end in about one
    // random case of 60,000 (it says so), and a run should not depend on which ones come up.
    #![proptest_config(ProptestConfig {
        cases: 1000,
        rng_seed: RngSeed::Fixed(2007),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Hard margins as controls, in a random order, are GRAS.
    #[test]
    fn kras_on_consistent_margins_is_gras(case in case(true, 4.0), soft in any::<bool>()) {
        let (rows, columns) = (case.target.row_sums(), case.target.column_sums());
        let expected = gras(&case.prior, &rows, &columns, &Options::default()).unwrap().matrix;
        let sigma = if soft { 0.5 } else { 0.0 };
        let controls = margins(&rows, &columns, sigma);
        let found = kras(&case.prior, &controls, &kras::Options::default());
        let found = found.map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert!(found.controls.iter().all(|control| control.met));
        let size = expected.values().iter().map(|v| v.abs()).fold(0.0, f64::max);
        for (a, b) in found.matrix.values().iter().zip(expected.values()) {
            prop_assert!((a - b).abs() <= 1e-7 * size, "{} against {}", a, b);
        }
    }

    /// Any sums, with any coefficients, that some matrix of these signs has: they are met, and the gradient
    /// of the objective (by differences) is a combination of them, which is what a minimum is.
    #[test]
    fn kras_meets_any_consistent_sums_at_the_minimum(
        case in case(true, 2.0),
        sums in prop::collection::vec(prop::collection::vec((0.0..1.0_f64, -1.0..3.0_f64), 49), 1..7),
    ) {
        let controls: Vec<Control> = sums.iter().map(|sum| sum_of(&case.target, sum)).collect();
        let found = kras(&case.prior, &controls, &kras::Options::default());
        let found = found.map_err(|error| TestCaseError::fail(error.to_string()))?;
        // The nearest matrix may have a cell too small for a number; there is no slope to compute then.
        let filled = case.prior.values().iter().zip(found.matrix.values());
        prop_assume!(filled.filter(|(a, _)| **a != 0.0).all(|(_, b)| b.abs() > 1e-200));
        let mut basis: Vec<Vec<f64>> = Vec::new();
        for control in &controls {
            let (mut row, mut sum, mut size) = (vec![0.0; case.prior.values().len()], 0.0, 0.0);
            for term in &control.terms {
                let part = term.coefficient * found.matrix[(term.row, term.column)];
                (sum, size) = (sum + part, size + part.abs());
                row[term.row * case.prior.shape().1 + term.column] += term.coefficient;
            }
            prop_assert!((sum - control.value).abs() <= 1e-9 * size.max(control.value.abs()));
            keep_filled(&mut row, &case.prior);
            take_out(&mut row, &basis);
            let length = row.iter().map(|v| v * v).sum::<f64>().sqrt();
            if length > 1e-9 {
                row.iter_mut().for_each(|value| *value /= length);
                basis.push(row);
            }
        }
        let mut gradient = gradient(&case.prior, &found.matrix);
        let length = gradient.iter().map(|v| v * v).sum::<f64>().sqrt();
        take_out(&mut gradient, &basis);
        let left = gradient.iter().map(|v| v * v).sum::<f64>().sqrt();
        prop_assert!(left <= 1e-5 * length.max(1.0), "{} of {} is left", left, length);
    }

    /// Soft sums of anything beside hard margins: the margins are met, what is reported is so.
    #[test]
    fn soft_controls_never_touch_hard_ones(
        case in case(false, 2.0),
        sums in prop::collection::vec(prop::collection::vec((0.0..1.0_f64, 0.0..3.0_f64), 49), 1..4),
        off in 0.5..2.0_f64,
    ) {
        let (rows, columns) = (case.target.row_sums(), case.target.column_sums());
        let mut controls = margins(&rows, &columns, 0.0);
        for sum in &sums {
            let mut control = sum_of(&case.target, sum);
            control.value *= off;
            control.sigma = 0.1 * control.value.abs();
            controls.push(control);
        }
        let found = kras(&case.prior, &controls, &kras::Options::default());
        let found = found.map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert!(margin_gap(&found.matrix, &rows, &columns) <= 1e-9);
        for (control, became) in controls.iter().zip(&found.controls) {
            let parts = control.terms.iter();
            let sum: f64 = parts.map(|t| t.coefficient * found.matrix[(t.row, t.column)]).sum();
            prop_assert!((sum - became.reached).abs() <= 1e-9 * sum.abs().max(1e-9));
            prop_assert!(became.wanted == control.value);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn margins_are_met_signs_kept_and_the_objective_is_flat(case in case(true, 4.0)) {
        let (rows, columns) = (case.target.row_sums(), case.target.column_sums());
        let found = gras(&case.prior, &rows, &columns, &Options::default());
        // A line whose total is zero by chance may be anything; every other case is feasible.
        let found = found.map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert!(margin_gap(&found.matrix, &rows, &columns) <= 1e-10);
        prop_assert_eq!(found.emptied.len(), 0);
        for (a, b) in case.prior.values().iter().zip(found.matrix.values()) {
            prop_assert!((*a == 0.0) == (*b == 0.0) && a * b >= 0.0, "{} became {}", a, b);
        }
        for cycle in cycles(&case.prior) {
            let slope = slope(&case.prior, &found.matrix, &cycle);
            prop_assert!(slope.abs() < 1e-6, "the objective has slope {} along {:?}", slope, cycle);
        }
    }

    #[test]
    fn ras_is_gras_without_negative_cells(case in case(false, 4.0)) {
        let (rows, columns) = (case.target.row_sums(), case.target.column_sums());
        let a = ras(&case.prior, &rows, &columns, &Options::default()).unwrap();
        let b = gras(&case.prior, &rows, &columns, &Options::default()).unwrap();
        prop_assert_eq!(a.matrix.values(), b.matrix.values());
        prop_assert!(margin_gap(&a.matrix, &rows, &columns) <= 1e-10);
    }

    /// Lines have no order, units no meaning, and whoever starts with the result stays there.
    #[test]
    fn order_and_unit_do_not_matter(case in case(true, 4.0), turn in 0usize..7) {
        let (rows, columns) = (case.target.row_sums(), case.target.column_sums());
        let found = gras(&case.prior, &rows, &columns, &Options::default()).unwrap().matrix;
        let (n, m) = case.prior.shape();
        let turned = |z: &Dense| {
            let mut out = Dense::zeros(n, m);
            for i in 0..n {
                for j in 0..m {
                    out[(i, j)] = 1e3 * z[((i + turn) % n, (j + 2 * turn) % m)];
                }
            }
            out
        };
        let target = turned(&case.target);
        let other = gras(&turned(&case.prior), &target.row_sums(), &target.column_sums(), &Options::default());
        let again = gras(&found, &rows, &columns, &Options::default()).unwrap().matrix;
        let expected = turned(&found);
        for (a, b) in other.unwrap().matrix.values().iter().zip(expected.values()) {
            prop_assert!((a - b).abs() <= 1e-7 * b.abs(), "{} against {}", a, b);
        }
        for (a, b) in again.values().iter().zip(found.values()) {
            prop_assert!((a - b).abs() <= 1e-7 * b.abs());
        }
    }

    /// Rows with cells in few columns only get more than those columns can take: both are named.
    #[test]
    fn a_contradiction_names_its_lines(
        n in 3usize..7, m in 3usize..7, few in 1usize..3, narrow in 1usize..3,
        numbers in prop::collection::vec(0.1..1.0_f64, 49), more in 0.05..1.0_f64,
    ) {
        let (few, narrow) = (few.min(n - 1), narrow.min(m - 1));
        let prior = narrow_rows(n, m, few, narrow, &numbers);
        let (mut rows, columns) = (prior.row_sums(), prior.column_sums());
        let taken: f64 = columns[..narrow].iter().sum();
        let sent: f64 = rows[..few].iter().sum();
        // More than what other rows leave to these columns, taken from the other rows.
        let by = taken - sent + more;
        rows[0] += by;
        let rest: f64 = rows[few..].iter().sum();
        prop_assume!(rest > by);
        rows[few..].iter_mut().for_each(|total| *total *= 1.0 - by / rest);
        let error = gras(&prior, &rows, &columns, &Options::default()).unwrap_err();
        let BalanceError::Conflict(conflict) = &error else {
            return Err(TestCaseError::fail(error.to_string()));
        };
        prop_assert!((conflict.shortfall() - more).abs() < 1e-6);
        match conflict.over {
            Side::Row => {
                prop_assert_eq!(&conflict.rows, &(0..few).collect::<Vec<_>>());
                prop_assert_eq!(&conflict.columns, &(0..narrow).collect::<Vec<_>>());
            }
            Side::Column => {
                prop_assert_eq!(&conflict.rows, &(few..n).collect::<Vec<_>>());
                prop_assert_eq!(&conflict.columns, &(narrow..m).collect::<Vec<_>>());
            }
        }
        let controls = margins(&rows, &columns, 0.0);
        let error = kras(&prior, &controls, &kras::Options::default()).unwrap_err();
        let KrasError::Conflict(named) = &error else {
            return Err(TestCaseError::fail(error.to_string()));
        };
        // Told from one side of the contradiction or from the other, like the conflict above.
        let all = |lines: &[usize]| lines.iter().all(|line| named.contains(line));
        let columns: Vec<usize> = (n..n + m).collect();
        let this_side = named.contains(&0) && all(&columns[..narrow]);
        let other_side = all(&(few..n).collect::<Vec<_>>()) && all(&columns[narrow..]);
        prop_assert!(this_side || other_side, "{:?}", named);
    }

    /// Whatever the numbers are, there is an answer or an error, never a panic.
    #[test]
    fn odd_numbers_do_not_panic(
        numbers in prop::collection::vec(odd(), 9), rows in prop::collection::vec(odd(), 3),
        columns in prop::collection::vec(odd(), 3),
    ) {
        let prior = Dense::new(3, 3, numbers);
        let options = Options { rounds: 200, ..Options::default() };
        if let Ok(found) = gras(&prior, &rows, &columns, &options) {
            prop_assert!(found.matrix.values().iter().all(|value| value.is_finite()));
        }
        let options = kras::Options { rounds: 200, ..kras::Options::default() };
        if let Ok(found) = kras(&prior, &margins(&rows, &columns, 0.1), &options) {
            prop_assert!(found.matrix.values().iter().all(|value| !value.is_nan()));
        }
    }
}

fn odd() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(0.0),
        Just(1.0),
        Just(-1.0),
        Just(1e300),
        Just(1e-300),
        Just(f64::NAN),
        Just(f64::INFINITY),
        -3.0..3.0_f64
    ]
}

/// A sum over about half of the cells, with the value it has in a matrix.
fn sum_of(matrix: &Dense, numbers: &[(f64, f64)]) -> Control {
    let (n, m) = matrix.shape();
    let cells = (0..n).flat_map(|i| (0..m).map(move |j| (i, j)));
    let terms: Vec<Term> = (cells.zip(numbers).filter(|(_, (chosen, _))| *chosen < 0.5))
        .map(|((row, column), (_, coefficient))| Term { row, column, coefficient: *coefficient })
        .collect();
    let value = terms.iter().map(|t| t.coefficient * matrix[(t.row, t.column)]).sum();
    Control { terms, value, sigma: 0.0 }
}

fn keep_filled(values: &mut [f64], prior: &Dense) {
    let cells = values.iter_mut().zip(prior.values());
    cells.filter(|(_, z)| **z == 0.0).for_each(|(value, _)| *value = 0.0);
}

/// Takes out of a vector what lies in the span of unit vectors (twice, for the rounding).
fn take_out(vector: &mut [f64], basis: &[Vec<f64>]) {
    for unit in basis.iter().chain(basis) {
        let along: f64 = vector.iter().zip(unit).map(|(a, b)| a * b).sum();
        vector.iter_mut().zip(unit).for_each(|(a, b)| *a -= along * b);
    }
}

/// Derivative of the objective by each cell, by differences.
fn gradient(prior: &Dense, found: &Dense) -> Vec<f64> {
    let cell = |(z0, z): (&f64, &f64)| {
        let f = |z: f64| z0.abs() * (z / z0) * ((z / z0).ln() - 1.0);
        let h = 1e-4 * z;
        if *z0 == 0.0 { 0.0 } else { (f(z + h) - f(z - h)) / (2.0 * h) }
    };
    prior.values().iter().zip(found.values()).map(cell).collect()
}

/// The first `few` rows have cells in the first `narrow` columns only; all other cells are positive.
fn narrow_rows(n: usize, m: usize, few: usize, narrow: usize, numbers: &[f64]) -> Dense {
    let mut prior = Dense::zeros(n, m);
    for i in 0..n {
        for j in 0..m {
            prior[(i, j)] = if i < few && j >= narrow { 0.0 } else { numbers[i * 7 + j] };
        }
    }
    prior
}

fn margins(rows: &[f64], columns: &[f64], sigma: f64) -> Vec<Control> {
    let (n, m) = (rows.len(), columns.len());
    let of_rows = rows.iter().enumerate().map(|(i, total)| Control {
        terms: (0..m).map(|j| Term::plain(i, j)).collect(),
        value: *total,
        sigma,
    });
    let of_columns = columns.iter().enumerate().map(|(j, total)| Control {
        terms: (0..n).map(|i| Term::plain(i, j)).collect(),
        value: *total,
        sigma,
    });
    of_rows.chain(of_columns).collect()
}

fn published() -> Value {
    serde_json::from_str(include_str!("data/published/gras.json")).unwrap()
}

fn assert_near(name: &str, found: &Dense, expected: &Value) {
    let expected = Dense::from_rows(&matrix(expected));
    let size = expected.values().iter().map(|v| v.abs()).fold(0.0, f64::max);
    for (a, b) in found.values().iter().zip(expected.values()) {
        assert!((a - b).abs() <= 1e-9 * size, "{name}: {a} against {b}");
    }
}

/// `tests/data/published/gras.py`: Newton steps on the cells in 60 digits.
#[test]
fn gras_is_that_of_another_method() {
    for case in published()["gras"].as_array().unwrap() {
        let prior = Dense::from_rows(&matrix(&case["prior"]));
        let (rows, columns) = (vector(&case["rows"]), vector(&case["columns"]));
        let found = gras(&prior, &rows, &columns, &Options::default()).unwrap();
        assert_near(case["name"].as_str().unwrap(), &found.matrix, &case["matrix"]);
    }
}

#[test]
fn kras_is_that_of_another_method() {
    for case in published()["kras"].as_array().unwrap() {
        let prior = Dense::from_rows(&matrix(&case["prior"]));
        let control = |control: &Value| Control {
            terms: matrix(&control["terms"])
                .iter()
                .map(|t| Term { row: t[0] as usize, column: t[1] as usize, coefficient: t[2] })
                .collect(),
            value: control["value"].as_f64().unwrap(),
            sigma: 0.0,
        };
        let controls: Vec<Control> =
            case["controls"].as_array().unwrap().iter().map(control).collect();
        let found = kras(&prior, &controls, &kras::Options::default()).unwrap();
        assert_near(case["name"].as_str().unwrap(), &found.matrix, &case["matrix"]);
    }
}

#[test]
fn each_kind_of_contradiction_is_told() {
    let prior = Dense::from_rows(&[vec![1.0, 2.0, 0.0], vec![0.0, 3.0, 0.0], vec![-1.0, 0.0, 0.0]]);
    let told = |rows: [f64; 3], columns: [f64; 3]| {
        gras(&prior, &rows, &columns, &Options::default()).unwrap_err().to_string()
    };
    insta::assert_snapshot!(told([3.0, 3.0, -1.0], [1.0, 5.0, 0.0]), @"the totals of the rows sum to 5, those of the columns to 6: a difference of -1");
    insta::assert_snapshot!(told([3.0, -3.0, 1.0], [1.0, -1.0, 1.0]), @r"
    row 2 should sum to -3, but none of its cells is negative
    row 3 should sum to 1, but none of its cells is positive
    column 2 should sum to -1, but none of its cells is negative
    column 3 should sum to 1, but all its cells are 0
    ");
    insta::assert_snapshot!(told([3.0, 6.0, -1.0], [3.0, 5.0, 0.0]), @"row 2 should sum to 6, but whatever they may hold lies in column 2, which should sum to 5: 1 too much");
    insta::assert_snapshot!(told([3.0, f64::NAN, -1.0], [3.0, 5.0, 0.0]), @"the total of row 2 is NaN, expected a finite number");
    let error = ras(&prior, &[0.0; 3], &[0.0; 3], &Options::default()).unwrap_err();
    insta::assert_snapshot!(error, @"cell 3, 1 is -1: RAS takes no negative cell, GRAS does");
    let error = gras(&prior, &[0.0; 2], &[0.0; 3], &Options::default()).unwrap_err();
    insta::assert_snapshot!(error, @"2 totals for 3 rows");
    let name = |at: usize| ["steel", "coal", "taxes"][at].to_owned();
    let error = gras(&prior, &[3.0, 6.0, -1.0], &[3.0, 5.0, 0.0], &Options::default()).unwrap_err();
    assert!(error.describe(&name, &name).starts_with("row coal should sum to 6"));
}

#[test]
fn a_line_of_zeros_asked_for_a_total_is_told_with_its_cells() {
    let prior = Dense::from_rows(&[vec![1.0, 1.0], vec![1.0, 1.0]]);
    // The first row must be zero, so the second column has one cell left, the first column too.
    let found = gras(&prior, &[0.0, 3.0], &[1.0, 2.0], &Options::default()).unwrap();
    assert_eq!(found.matrix.values(), [0.0, 0.0, 1.0, 2.0]);
    assert_eq!((found.row_multipliers[0], found.emptied.len()), (0.0, 2));
    let prior = Dense::from_rows(&[vec![1.0, 1.0], vec![0.0, 1.0]]);
    let error = gras(&prior, &[0.0, 3.0], &[1.0, 2.0], &Options::default()).unwrap_err();
    let BalanceError::Lines(lines) = error else { panic!("{error}") };
    assert_eq!((lines[0].line, lines[0].cells), (Line::Column(0), Cells::Zero));
}

/// Every solution has a zero there: scaling alone would creep towards it for ever.
#[test]
fn a_cell_that_can_only_be_zero_is_emptied_and_named() {
    let prior = Dense::from_rows(&[vec![1.0, 1.0, 2.0], vec![0.0, 1.0, 1.0], vec![0.0, 3.0, 1.0]]);
    let found = ras(&prior, &[5.0, 2.0, 3.0], &[5.0, 2.0, 3.0], &Options::default()).unwrap();
    assert_eq!(found.emptied, [(0, 1), (0, 2)]);
    assert!(found.rounds < 100, "{}", found.rounds);
    assert!((found.matrix[(0, 0)] - 5.0).abs() < 1e-9);
}

/// A chain on which scaling alone takes 6275 rounds to 10⁻¹²; Newton steps see it through.
#[test]
fn a_chain_on_which_scaling_creeps_is_met() {
    let n = 40;
    let mut prior = Dense::zeros(n, n);
    let mut target = Dense::zeros(n, n);
    for i in 0..n {
        (prior[(i, i)], target[(i, i)]) = (1.0, 1.0 + i as f64);
        if i + 1 < n {
            (prior[(i, i + 1)], target[(i, i + 1)]) = (1.0, 1e-3);
        }
        (prior[(i, 0)], target[(i, 0)]) = (1.0, 0.5);
    }
    let (rows, columns) = (target.row_sums(), target.column_sums());
    let found = gras(&prior, &rows, &columns, &Options::default()).unwrap();
    assert!(margin_gap(&found.matrix, &rows, &columns) <= 1e-10);
    assert!(found.rounds < 200, "{}", found.rounds);
}

#[test]
fn the_most_moved_cells_are_told() {
    let prior = Dense::from_rows(&[vec![1.0, 100.0], vec![10.0, 10.0]]);
    let found = ras(&prior, &[101.0, 40.0], &[31.0, 110.0], &Options::default()).unwrap();
    let moved = found.most_moved(&prior, 1);
    assert_eq!(moved.by_amount.len(), 1);
    let (amount, ratio) = (moved.by_amount[0], moved.by_ratio[0]);
    assert_eq!((amount.before, amount.row), (10.0, 1));
    let all = |f: &dyn Fn(f64, f64) -> f64| {
        let both = prior.values().iter().zip(found.matrix.values());
        both.map(|(a, b)| f(*a, *b)).fold(0.0, f64::max)
    };
    assert_eq!((amount.after - amount.before).abs(), all(&|a, b| (a - b).abs()));
    assert_eq!(ratio.ratio().ln().abs(), all(&|a, b| (b / a).ln().abs()));
}

/// Two soft controls on the same cells give way in proportion to their σ, a hard one not at all.
#[test]
fn soft_controls_give_way_and_hard_ones_do_not() {
    let prior = Dense::from_rows(&[vec![4.0, 6.0], vec![5.0, 5.0]]);
    let row = |i: usize, value: f64, sigma: f64| Control {
        terms: vec![Term::plain(i, 0), Term::plain(i, 1)],
        value,
        sigma,
    };
    let all = Control {
        terms: (0..4).map(|k| Term::plain(k / 2, k % 2)).collect(),
        value: 30.0,
        sigma: 0.0,
    };
    let controls = [row(0, 11.0, 1.0), row(1, 13.0, 2.0), all.clone()];
    let found = kras(&prior, &controls, &kras::Options::default()).unwrap();
    let gaps: Vec<f64> = found.controls.iter().map(|control| control.gap()).collect();
    assert!(gaps[2].abs() < 1e-9 && found.controls[2].met);
    // Six are missing: two thirds of them where σ is twice as large.
    assert!((gaps[0] - 2.0).abs() < 0.3 && (gaps[1] - 4.0).abs() < 0.3, "{gaps:?}");
    let apart = found.controls[0].in_sigma().unwrap() - found.controls[1].in_sigma().unwrap();
    assert!(apart.abs() < 0.3, "{apart}");
    assert!(!found.controls[0].met);

    let hard = [row(0, 11.0, 0.0), row(1, 13.0, 0.0), all, row(0, 11.0, 1.0)];
    let error = kras(&prior, &hard, &kras::Options::default()).unwrap_err();
    assert_eq!(error, KrasError::Conflict(vec![0, 1, 2]));
    let name = |at: usize| ["first row", "second row", "all cells", "again"][at].to_owned();
    insta::assert_snapshot!(error.describe(&name), @r"
    these controls contradict each other and none may give way:
      first row
      second row
      all cells
    ");
}
