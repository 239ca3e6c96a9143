//! `irio matrices`: input coefficients, Leontief inverse, coefficients and multipliers.

#![allow(non_snake_case)]

use serde_json::{Map, Value, json};

use super::commands::{
    default_out, deliver_with, imports_outside, leontief, productivity, read_table, refuse_overflow,
};
use super::memory::announce;
use super::quantities::Added;
use super::{Common, MatricesArguments, MatrixWord, Trouble};
use crate::leontief::{Leontief, TechnicalCoefficients};
use crate::linalg::Dense;
use crate::multipliers::{self, gap_of_inverse, gap_of_multipliers};
use crate::report::folder::{self, Kind};
use crate::report::matrices::{Matrices, unit};
use crate::report::results::Results;
use crate::report::terminal;
use crate::table::{Quantity, Table};

pub(super) fn matrices_of(
    common: &Common,
    arguments: &MatricesArguments,
) -> Result<String, Trouble> {
    let table = read_table(common, &arguments.table)?;
    let out = default_out(arguments.out.clone(), &format!("matrices-{}", table.meta().name));
    folder::refuse_foreign(&out, Kind::Results)?;
    folder::refuse_input(&out, table.meta().inputs.iter().map(|input| input.path.as_path()))?;
    let added = Added {
        characterise: arguments.characterise.as_deref(),
        population: None,
        own: &["output", "value_added"],
        quantities: &arguments.quantities,
    };
    let (table, inputs) = added.to(table, &arguments.table)?;
    let wants = |word: MatrixWord| arguments.only.contains(&word);
    if wants(MatrixWord::Inverse) {
        let n = table.industries().len();
        let what = format!("L of {n} × {n} industries");
        announce(common, &what, Leontief::inverse_bytes(&table), "leave L out: --only A,S,M")?;
    }
    let mut results = Results::new("matrices", format!("Matrices of {}", table.meta().name));
    results.table(&table).note([imports_outside(&table)]);
    results.inputs.extend(inputs);
    let quantities = added.wanted(&table, multipliers::quantities(&table));
    let A = wants(MatrixWord::Inputs).then(|| TechnicalCoefficients::of(&table));
    let S = multipliers::coefficients(&table, &quantities);
    let (mut L, mut M) = (None, None);
    if wants(MatrixWord::Inverse) || wants(MatrixWord::Multipliers) {
        let leontief = leontief(&table)?;
        results.note(productivity(&table, &leontief));
        M = wants(MatrixWord::Multipliers).then(|| multipliers::multipliers(&leontief, &S));
        if wants(MatrixWord::Inverse) {
            L = Some(inverse(&leontief)?);
        }
    }
    checks(&mut results, &table, &S, L.as_ref(), M.as_ref());
    results.headline = headline(&table, &quantities, M.as_ref());
    let matrices = Matrices {
        table: &table,
        quantities: &quantities,
        A: A.as_ref().map(|A| &A.0),
        L: L.as_ref(),
        S: wants(MatrixWord::Coefficients).then_some(&S),
        M: M.as_ref(),
    };
    refuse_overflow(matrices.overflow())?;
    let format = arguments.format.format();
    let mut only = arguments.only.clone();
    only.sort_unstable();
    only.dedup();
    results.switch("only", only.iter().map(|word| word.letter()).collect::<Vec<_>>());
    if !arguments.quantities.is_empty() {
        results.switch("quantities", &arguments.quantities);
    }
    results.switch("format", format.word());
    matrices.record(&mut results, format);
    let shown = terminal::matrices(&table, &quantities, M.as_ref(), common.language());
    deliver_with(common, results, &matrices.files(format), &out, &shown)
}

fn inverse(leontief: &Leontief) -> Result<Dense, Trouble> {
    leontief.inverse().map_err(|error| Trouble::Question(error.to_string()))
}

/// Records how far final demand misses output and totals through the matrices.
fn checks(results: &mut Results, table: &Table, S: &Dense, L: Option<&Dense>, M: Option<&Dense>) {
    let mut add = |name: &str, gap: f64| {
        results.residuals.insert(name.to_owned(), json!(gap));
    };
    if let Some(L) = L {
        add("output less L times final demand", gap_of_inverse(table, L));
    }
    if let Some(M) = M {
        add("totals less M times final demand", gap_of_multipliers(table, S, M));
    }
}

/// The largest multiplier of each quantity, with its product.
fn headline(table: &Table, quantities: &[Quantity], M: Option<&Dense>) -> Value {
    let Some(M) = M else { return Value::Null };
    let largest = quantities.iter().enumerate().filter_map(|(row, quantity)| {
        let values = M.row(row);
        let at = (0..values.len()).max_by(|a, b| values[*a].total_cmp(&values[*b]))?;
        let told = json!({
            "largest": values[at],
            "industry": table.industries().name(at),
            "unit": unit(table, *quantity),
        });
        Some((table.quantity_code(*quantity).to_owned(), told))
    });
    Value::Object(largest.collect::<Map<_, _>>())
}
