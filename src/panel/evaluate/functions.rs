//! The functions of formulas.

use std::ops::Range;

use super::{FUNCTIONS, Value, both, each, evaluate, levels, numbers, truth, wrong};
use crate::labels::suggestion;
use crate::panel::formula::{Formula, FormulaError};
use crate::panel::{ABSENT, Column, Panel, statistics};

/// Value of a function.
pub(super) fn call(
    panel: &Panel,
    name: &str,
    arguments: &[Formula],
    at: &Range<usize>,
    whole: &Range<usize>,
) -> Result<Value, FormulaError> {
    let rows = panel.rows();
    let count = |least: usize, most: usize| {
        if (least..=most).contains(&arguments.len()) {
            return Ok(());
        }
        let expected = if least == most { least.to_string() } else { format!("{least} to {most}") };
        wrong(format!("{name} takes {expected} arguments, found {}", arguments.len()), at)
    };
    let value = |which: usize| evaluate(panel, &arguments[which], whole);
    let own =
        |which: usize| -> Result<Vec<f64>, FormulaError> { numbers(value(which)?, panel, at) };
    let number = |which: usize, otherwise: f64| -> Result<f64, FormulaError> {
        match arguments.get(which).map(|_| value(which)).transpose()? {
            None => Ok(otherwise),
            Some(Value::Number(number)) => Ok(number),
            Some(_) => wrong(format!("the second argument of {name} is a number"), at),
        }
    };
    match name {
        "log" | "ln" | "log10" | "log1p" => {
            count(1, 1)?;
            logarithm(panel, name, own(0)?, at)
        }
        "exp" | "sqrt" | "abs" | "I" | "square" => {
            count(1, 1)?;
            each(value(0)?, panel, at, |value| match name {
                "exp" => value.exp(),
                "sqrt" => value.sqrt(),
                "abs" => value.abs(),
                "square" => value * value,
                _ => value,
            })
        }
        "lag" | "lead" | "diff" => {
            count(1, 2)?;
            let steps = number(1, 1.0)?;
            if steps.fract() != 0.0 || steps.abs() > 1e6 {
                return wrong(format!("{name} goes by whole periods, found {steps}"), at);
            }
            let steps = if name == "lead" { -(steps as i64) } else { steps as i64 };
            let values = own(0)?;
            let earlier =
                |row: usize| panel.row_before(row, steps).map_or(f64::NAN, |at| values[at]);
            let of =
                |row: usize| if name == "diff" { values[row] - earlier(row) } else { earlier(row) };
            Ok(Value::Numbers((0..rows).map(of).collect()))
        }
        "mean" | "sum" | "sd" => {
            count(1, 2)?;
            let values = own(0)?;
            let groups = match arguments.get(1) {
                None => vec![0; rows],
                Some(_) => match value(1)? {
                    Value::Texts { levels: texts, codes }
                    | Value::Factor { levels: texts, codes, .. } => {
                        levels(Column::Texts { levels: texts, codes }).0
                    }
                    other => levels(Column::Numbers(numbers(other, panel, at)?.into())).0,
                },
            };
            Ok(Value::Numbers(grouped(name, &values, &groups)))
        }
        "winsorize" => {
            count(2, 2)?;
            let (share, mut values) = (number(1, 0.0)?, own(0)?);
            if !(0.0..0.5).contains(&share) {
                return wrong(format!("winsorize takes a share from 0 to 0.5, found {share}"), at);
            }
            let (low, high) = statistics::tails(&values, share);
            values
                .iter_mut()
                .filter(|value| !value.is_nan())
                .for_each(|value| *value = value.clamp(low, high));
            Ok(Value::Numbers(values))
        }
        "factor" | "i" => {
            count(1, 2)?;
            let (codes, names) = match value(0)? {
                Value::Texts { levels: texts, codes } => {
                    levels(Column::Texts { levels: texts, codes })
                }
                other => levels(Column::Numbers(numbers(other, panel, at)?.into())),
            };
            let base = match arguments.get(1).map(|_| value(1)).transpose()? {
                None => 0,
                Some(wanted) => {
                    let text = match wanted {
                        Value::Text(text) => text,
                        Value::Number(number) => number.to_string(),
                        _ => return wrong("the base of a factor is one of its levels", at),
                    };
                    let Some(base) = names.iter().position(|name| *name == text) else {
                        return wrong(
                            format!("no level {text:?}; levels are {}", names.join(", ")),
                            at,
                        );
                    };
                    base
                }
            };
            let argument = match &arguments[0] {
                Formula::Name(name, _) => format!("factor({name})"),
                _ => "factor".to_owned(),
            };
            Ok(Value::Factor { name: argument, levels: names, codes, base })
        }
        "group" => {
            count(2, 2)?;
            let of = |which: usize| -> Result<(Vec<u32>, Vec<String>), FormulaError> {
                Ok(levels(match value(which)? {
                    Value::Texts { levels, codes } | Value::Factor { levels, codes, .. } => {
                        Column::Texts { levels, codes }
                    }
                    other => Column::Numbers(numbers(other, panel, at)?.into()),
                }))
            };
            let ((a, of_a), (b, of_b)) = (of(0)?, of(1)?);
            Ok(paired(&a, &of_a, &b, &of_b))
        }
        "min" | "max" => {
            count(2, 2)?;
            both(value(0)?, value(1)?, panel, at, |a, b| match name {
                _ if a.is_nan() || b.is_nan() => f64::NAN,
                "min" => a.min(b),
                _ => a.max(b),
            })
        }
        "missing" => {
            count(1, 1)?;
            match value(0)? {
                Value::Texts { codes, .. } => {
                    Ok(Value::Numbers(codes.iter().map(|code| truth(*code == ABSENT)).collect()))
                }
                other => each(other, panel, at, |value| truth(value.is_nan())),
            }
        }
        "if" => {
            count(3, 3)?;
            let (test, yes, no) = (own(0)?, own(1)?, own(2)?);
            let of = |row: usize| match test[row] {
                test if test.is_nan() => test,
                0.0 => no[row],
                _ => yes[row],
            };
            Ok(Value::Numbers((0..rows).map(of).collect()))
        }
        _ => {
            let near = suggestion(name, FUNCTIONS.into_iter())
                .map(|near| format!("; did you mean {near:?}?"));
            wrong(format!("no function {name:?}{}", near.unwrap_or_default()), at)
        }
    }
}

/// Pairs of levels as levels.
fn paired(a: &[u32], of_a: &[String], b: &[u32], of_b: &[String]) -> Value {
    let mut levels = Vec::new();
    let mut known: std::collections::HashMap<(u32, u32), u32> = std::collections::HashMap::new();
    let codes = a.iter().zip(b).map(|(a, b)| {
        if *a == ABSENT || *b == ABSENT {
            return ABSENT;
        }
        *known.entry((*a, *b)).or_insert_with(|| {
            levels.push(format!("{}, {}", of_a[*a as usize], of_b[*b as usize]));
            levels.len() as u32 - 1
        })
    });
    let codes = codes.collect();
    Value::Texts { levels, codes }
}

fn logarithm(
    panel: &Panel,
    name: &str,
    values: Vec<f64>,
    at: &Range<usize>,
) -> Result<Value, FormulaError> {
    let least = if name == "log1p" { -1.0 } else { 0.0 };
    let bad: Vec<usize> = (0..values.len()).filter(|row| values[*row] <= least).collect();
    if let Some(first) = bad.first() {
        let others = if bad.len() > 1 {
            format!(" and of {} other rows", bad.len() - 1)
        } else {
            String::new()
        };
        return wrong(
            format!(
                "{name} of {} ({}){others}; it needs values above {least}",
                values[*first],
                panel.row_name(*first)
            ),
            at,
        );
    }
    let of = |value: f64| match name {
        "log10" => value.log10(),
        "log1p" => value.ln_1p(),
        _ => value.ln(),
    };
    Ok(Value::Numbers(values.into_iter().map(of).collect()))
}

/// A statistic over the rows of each group, given to each of its rows.
fn grouped(name: &str, values: &[f64], groups: &[u32]) -> Vec<f64> {
    let count =
        groups.iter().filter(|group| **group != ABSENT).max().map_or(0, |most| *most as usize + 1);
    let (mut sums, mut counts) = (vec![0.0; count], vec![0.0; count]);
    for (value, group) in
        values.iter().zip(groups).filter(|(value, group)| !value.is_nan() && **group != ABSENT)
    {
        sums[*group as usize] += value;
        counts[*group as usize] += 1.0;
    }
    let mean = |group: usize| sums[group] / counts[group];
    let mut squares = vec![0.0; count];
    if name == "sd" {
        for (value, group) in
            values.iter().zip(groups).filter(|(value, group)| !value.is_nan() && **group != ABSENT)
        {
            squares[*group as usize] += (value - mean(*group as usize)).powi(2);
        }
    }
    let of = |group: &u32| match (*group, name) {
        (ABSENT, _) => f64::NAN,
        (group, "sum") => sums[group as usize],
        (group, "sd") => (squares[group as usize] / (counts[group as usize] - 1.0)).sqrt(),
        (group, _) => mean(group as usize),
    };
    groups.iter().map(of).collect()
}
