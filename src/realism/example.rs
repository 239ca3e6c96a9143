//! Two small tables whose inverses are exact fractions, for the hand-computed cases.

use crate::labels::{Axis, Industries, Label};
use crate::linalg::{Dense, Matrix};
use crate::relocation::{Move, Suppliers, Technology};
use crate::table::{
    Category, DemandColumn, Extension, FinalDemand, Imports, Meta, RawTable, Role, Table,
    ValueAdded,
};

/// Sector m moves from region a to region b.
pub(super) const A_TO_B: [Move; 1] = [Move {
    sector: 0,
    from: 0,
    to: 1,
    technology: Technology::Destination,
    suppliers: Suppliers::Destination,
    exports: false,
}];

/// Asserts that two vectors are the same to 1e-12.
#[track_caller]
pub(super) fn close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{found:?} against {expected:?}");
    for (a, b) in found.iter().zip(expected) {
        assert!((a - b).abs() < 1e-12, "{found:?} against {expected:?}");
    }
}

/// The columns: households of a and b, investment of a and b, exports.
fn demand(rows: &[Vec<f64>]) -> FinalDemand {
    let category = |code: &str, role| Category { label: Label::code(code), role };
    let column = |region, category| DemandColumn { region, category };
    FinalDemand {
        categories: vec![
            category("households", Role::Consumption),
            category("investment", Role::Investment),
            category("exports", Role::Export),
        ],
        columns: vec![
            column(Some(0), 0),
            column(Some(1), 0),
            column(Some(0), 1),
            column(Some(1), 1),
            column(None, 2),
        ],
        values: Matrix::Dense(Dense::from_rows(rows)),
    }
}

fn industries(sectors: &[&str]) -> Industries {
    let axis = |kind, codes: &[&str]| {
        Axis::new(kind, codes.iter().map(|code| Label::code(*code))).unwrap()
    };
    Industries { regions: axis("region", &["a", "b"]), sectors: axis("sector", sectors) }
}

fn primary(rows: &[Vec<f64>]) -> ValueAdded {
    let names = ["compensation", "taxes", "surplus"].map(Label::code);
    ValueAdded { rows: names.to_vec(), values: Dense::from_rows(rows) }
}

fn extension(code: &str, unit: &str, values: &[f64], households: &[f64]) -> Extension {
    Extension {
        label: Label::code(code),
        unit: unit.parse().unwrap(),
        values: values.to_vec(),
        households: households.to_vec(),
        inventory: None,
        by_demand: None,
        origin: None,
    }
}

/// Two regions, one sector, every coefficient 1/4: `L = [3/2, 1/2; 1/2, 3/2]`, output 16 and 16.
///
/// Households of a spend (4, 2) and 2 abroad, those of b (1, 3); labour is 1/4 and 1/8 of output.
pub(super) fn two_by_one() -> Table {
    RawTable {
        meta: Meta::new("two by one", 2007, "10^8 yuan".parse().unwrap()),
        industries: industries(&["m"]),
        flows: Matrix::Dense(Dense::new(2, 2, vec![4.0; 4])),
        final_demand: demand(&[vec![4.0, 1.0, 1.0, 1.0, 1.0], vec![2.0, 3.0, 1.0, 1.0, 1.0]]),
        imports: Imports::ByProduct {
            intermediate: Dense::zeros(1, 2),
            final_demand: Dense::from_rows(&[vec![2.0, 0.0, 2.0, 0.0, 0.0]]),
        },
        value_added: primary(&[vec![4.0, 2.0], vec![2.0, 1.0], vec![2.0, 5.0]]),
        output: vec![16.0, 16.0],
        population: None,
        extensions: vec![extension("co2", "Mt", &[8.0, 4.0], &[4.0, 2.0])],
    }
    .check()
    .unwrap()
}

/// Two regions, sectors m and p, in the order am ap bm bp: `A = u v'` with
///
/// ```text
/// u = (1/4, 1/8, 1/8, 1/16)   v = (1, 1, 1/2, 1)   v'u = 1/2, so L = I + 2 u v'
///
///     [ 3/2  1/2  1/4  1/2 ]
/// L = [ 1/4  5/4  1/8  1/4 ]   x = (32, 16, 32, 16)
///     [ 1/4  1/4  9/8  1/4 ]
///     [ 1/8  1/8 1/16  9/8 ]
/// ```
///
/// No imports. Compensation is (1/4, 1/4, 1/2, 1/4) and taxes (1/8, 1/16, 1/16, 1/16) of output.
pub(super) fn two_by_two() -> Table {
    RawTable {
        meta: Meta::new("two by two", 2007, "10^8 yuan".parse().unwrap()),
        industries: industries(&["m", "p"]),
        flows: Matrix::Dense(Dense::from_rows(&[
            vec![8.0, 4.0, 4.0, 4.0],
            vec![4.0, 2.0, 2.0, 2.0],
            vec![4.0, 2.0, 2.0, 2.0],
            vec![2.0, 1.0, 1.0, 1.0],
        ])),
        final_demand: demand(&[
            vec![4.0, 2.0, 2.0, 2.0, 2.0],
            vec![2.0, 1.0, 0.0, 0.0, 3.0],
            vec![2.0, 8.0, 2.0, 6.0, 4.0],
            vec![0.0, 5.0, 0.0, 0.0, 6.0],
        ]),
        imports: Imports::None,
        value_added: primary(&[
            vec![8.0, 4.0, 16.0, 4.0],
            vec![4.0, 1.0, 2.0, 1.0],
            vec![2.0, 2.0, 5.0, 2.0],
        ]),
        output: vec![32.0, 16.0, 32.0, 16.0],
        population: None,
        extensions: vec![
            extension("co2", "Mt", &[16.0, 32.0, 8.0, 8.0], &[4.0, 2.0]),
            extension("employment", "person", &[64.0, 16.0, 32.0, 32.0], &[0.0, 0.0]),
        ],
    }
    .check()
    .unwrap()
}

/// The tables are what they say they are.
#[test]
fn the_inverses_are_the_fractions_stated() {
    use crate::leontief::Leontief;
    for table in [two_by_one(), two_by_two()] {
        close(&table.discrepancy().rows, &vec![0.0; table.output().len()]);
        close(&table.discrepancy().columns, &vec![0.0; table.output().len()]);
    }
    let one = Leontief::of(&two_by_one()).unwrap().inverse().unwrap();
    close(one.values(), &[1.5, 0.5, 0.5, 1.5]);
    let two = Leontief::of(&two_by_two()).unwrap().inverse().unwrap();
    close(two.row(0), &[1.5, 0.5, 0.25, 0.5]);
    close(two.row(1), &[0.25, 1.25, 0.125, 0.25]);
    close(two.row(2), &[0.25, 0.25, 1.125, 0.25]);
    close(two.row(3), &[0.125, 0.125, 0.0625, 1.125]);
}
