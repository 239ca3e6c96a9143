//! A comparison, for the terminal.

mod periods;
mod scenarios;

use std::fmt::Write;

use super::Language;
use crate::compare::{Compared, Comparison, Measured, Number, Quadrant, Sign, Standing};
use crate::recorded::NamedCode;
use crate::text::{human, signed};

/// Stressors that have tables of their own.
const STRESSORS_SHOWN: usize = 3;

/// Results that have columns of their own.
const RESULTS_SHOWN: usize = 6;

/// `irio compare`.
pub fn compare(found: &Comparison, language: Language) -> String {
    match found {
        Comparison::Scenarios(found) => scenarios::scenarios(found, language),
        Comparison::Periods(found) => periods::periods(found, language),
    }
}

/// Code and name of a place, quantity or other code.
fn name(named: &NamedCode, language: Language) -> String {
    let name = match language {
        Language::Chinese if !named.zh.is_empty() => &named.zh,
        _ => &named.en,
    };
    if name.is_empty() || *name == named.code {
        named.code.clone()
    } else {
        format!("{} {name}", named.code)
    }
}

/// Names of places; all together is one word.
fn place_names(places: &[NamedCode], language: Language) -> Vec<String> {
    let all = places.len() - 1;
    let one = |(at, place): (usize, &NamedCode)| match at == all {
        true => place.code.clone(),
        false => name(place, language),
    };
    places.iter().enumerate().map(one).collect()
}

/// A change, its range under it, and the word where its sign is not told.
fn change<const N: usize>(number: &Number<N>) -> String {
    let word = if number.sign() == Sign::Unclear { " unclear" } else { "" };
    format!("{}{}{word}", signed(number.value), spread(number, signed))
}

/// A level, its range under it.
fn level<const N: usize>(number: &Number<N>) -> String {
    format!("{}{}", human(number.value), spread(number, human))
}

/// A ratio of two changes, and the word where its range holds zero.
fn ratio<const N: usize>(number: &Number<N>) -> String {
    let word = if number.sign() == Sign::Unclear { " unclear" } else { "" };
    format!("{}{word}", level(number))
}

fn spread<const N: usize>(number: &Number<N>, text: impl Fn(f64) -> String) -> String {
    match &number.range {
        Some(range) => format!("\n({} to {})", text(range[0]), text(range[N - 1])),
        None => String::new(),
    }
}

/// A quantity and its unit, as the head of a column.
fn head(quantity: &Measured) -> String {
    format!("{}\n{}", quantity.code(), quantity.unit())
}

/// Which places stand in which corner, a line for each result, stressor and corner.
fn corners<const N: usize>(
    standings: &[Standing<N>],
    results: &[Compared],
    quantities: &[Measured],
    places: &[NamedCode],
) -> String {
    let mut out = String::new();
    let all = places.len() - 1;
    for (stressor, quantity) in quantities.iter().enumerate().filter(|(_, one)| one.is_stressor()) {
        for (result, compared) in results.iter().enumerate() {
            let own: Vec<&Standing<N>> = standings
                .iter()
                .filter(|one| (one.result, one.stressor) == (result, stressor))
                .filter(|one| one.place != all)
                .collect();
            let parts: Vec<String> = Quadrant::ALL
                .iter()
                .filter_map(|quadrant| {
                    let codes: Vec<&str> = own
                        .iter()
                        .filter(|one| one.quadrant == *quadrant)
                        .map(|one| places[one.place].code.as_str())
                        .collect();
                    let [words, _] = quadrant.names();
                    (!codes.is_empty()).then(|| format!("{words}: {}", codes.join(", ")))
                })
                .collect();
            if !parts.is_empty() {
                let (code, name) = (quantity.code(), &compared.code);
                let _ = writeln!(out, "{code}, {name}: {}", parts.join("; "));
            }
        }
    }
    out
}
