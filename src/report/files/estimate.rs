//! Files of estimates.

use serde_json::{Value, json};

use crate::econometrics::Distribution;
use crate::econometrics::spatial::effects::WORDS;
use crate::estimation::Estimation;
use crate::fault::{Note, NoteCode};
use crate::panel::Panel;
use crate::panel::statistics::Description;
use crate::report::publication::Publication;
use crate::report::results::{Results, TextResult};
use crate::tidy::{Column, Tidy};

/// Adds every file of estimates, and what should be known beside them.
pub fn estimates(
    results: &mut Results,
    panel: &Panel,
    estimates: &[Estimation],
    described: &[(String, Description)],
    about: &Value,
) {
    results.file(
        "coefficients.csv",
        "every estimated number (factor) of each model (scenario): estimate, standard error, t or z, p, ends of the 95 % interval",
        coefficients(estimates),
    );
    results.file(
        "covariance.csv",
        "covariance of the estimates of each model (from, to)",
        covariances(estimates),
    );
    results.file(
        "statistics.csv",
        "numbers of each model as a whole: observations, R², likelihood, components of the variance",
        statistics(estimates),
    );
    optional(
        results,
        "tests.csv",
        "tests (factor): statistic, degrees of freedom, p",
        tests(estimates),
    );
    optional(
        results,
        "effects.csv",
        "direct, indirect and total effects (part) of the regressors of spatial models, with standard errors",
        effects(estimates),
    );
    optional(
        results,
        "turning.csv",
        "turning points, and the test of a U: slopes, t and p at the ends of the data, intervals of Fieller",
        turning(estimates),
    );
    optional(
        results,
        "fixed_effects.csv",
        "fixed effects by column (part) and level (factor); levels beyond the first column are in relation to its first",
        fixed_effects(estimates),
    );
    results.file(
        "fitted.csv",
        "fitted value and residual of each observation (region, year), effects included",
        fitted(panel, estimates),
    );
    results.file(
        "descriptives.csv",
        "what the variables are like: mean, standard deviation, least and largest, overall, between units and within (part)",
        descriptives(described),
    );
    let table = Publication::of(estimates);
    for (name, what, text) in [
        ("table.md", "the models side by side, as Markdown", table.markdown()),
        ("table.tex", "the same for LaTeX (booktabs)", table.latex()),
        ("table.html", "the same as a page", table.html()),
        ("table.csv", "the same as it is printed, rounded: for spreadsheets", table.csv()),
        (
            "estimate.json",
            "what the estimates are of, for scenarios that take them up",
            json_of(estimates, about),
        ),
    ] {
        results.texts.push(TextResult { name: name.to_owned(), what: what.to_owned(), text });
    }
    for own in estimates {
        results.note(own.remarks.iter().map(|remark| {
            Note::new(NoteCode::Estimation, format!("{}: {remark}", own.model.name))
        }));
    }
}

fn optional(results: &mut Results, name: &'static str, what: &str, tidy: Tidy) {
    if !tidy.is_empty() {
        results.file(name, what, tidy);
    }
}

/// Pushes numbers that are there.
fn push(tidy: &mut Tidy, texts: &[&str], value: f64) {
    if value.is_finite() {
        tidy.push(texts, value);
    }
}

fn coefficients(estimates: &[Estimation]) -> Tidy {
    let mut tidy = Tidy::new(&[Column::Scenario, Column::Factor, Column::Statistic]);
    for own in estimates {
        for one in &own.coefficients {
            for (word, value) in [
                ("estimate", one.value),
                ("std_error", one.error),
                ("statistic", one.statistic),
                ("p", one.p),
                ("low95", one.interval.0),
                ("high95", one.interval.1),
            ] {
                push(&mut tidy, &[&own.model.name, &one.name, word], value);
            }
        }
    }
    tidy
}

fn covariances(estimates: &[Estimation]) -> Tidy {
    let mut tidy = Tidy::new(&[Column::Scenario, Column::From, Column::To]);
    for own in estimates {
        for (i, a) in own.coefficients.iter().enumerate() {
            for (j, b) in own.coefficients.iter().enumerate() {
                push(&mut tidy, &[&own.model.name, &a.name, &b.name], own.covariance[(i, j)]);
            }
        }
    }
    tidy
}

fn statistics(estimates: &[Estimation]) -> Tidy {
    let mut tidy = Tidy::new(&[Column::Scenario, Column::Statistic]);
    for own in estimates {
        for (word, value) in &own.statistics {
            push(&mut tidy, &[&own.model.name, word], *value);
        }
    }
    tidy
}

fn tests(estimates: &[Estimation]) -> Tidy {
    let mut tidy = Tidy::new(&[Column::Scenario, Column::Factor, Column::Statistic]);
    for own in estimates {
        let first = own.first_stages.iter().map(|own| &own.test);
        for (at, test) in own.tests.iter().chain(first).enumerate() {
            let name = match own.first_stages.get(at.wrapping_sub(own.tests.len())) {
                Some(stage) => format!("{} of {}", test.name, stage.name),
                None => test.name.clone(),
            };
            let df = match test.distribution {
                Distribution::ChiSquared(df) | Distribution::Student(df) => [df, f64::NAN],
                Distribution::Fisher(a, b) => [a, b],
                _ => [f64::NAN; 2],
            };
            for (word, value) in
                [("statistic", test.statistic), ("df", df[0]), ("df2", df[1]), ("p", test.p)]
            {
                push(&mut tidy, &[&own.model.name, &name, word], value);
            }
        }
    }
    tidy
}

fn effects(estimates: &[Estimation]) -> Tidy {
    let mut tidy = Tidy::new(&[Column::Scenario, Column::Factor, Column::Part, Column::Statistic]);
    for own in estimates {
        for effect in &own.effects {
            for (at, part) in WORDS.into_iter().enumerate() {
                push(
                    &mut tidy,
                    &[&own.model.name, &effect.name, part, "estimate"],
                    effect.values[at],
                );
                push(
                    &mut tidy,
                    &[&own.model.name, &effect.name, part, "std_error"],
                    effect.errors[at],
                );
            }
        }
    }
    tidy
}

fn turning(estimates: &[Estimation]) -> Tidy {
    let mut tidy = Tidy::new(&[Column::Scenario, Column::Factor, Column::Statistic]);
    for own in estimates {
        let (Some(found), Some((x, _))) = (&own.turning, &own.model.quadratic) else { continue };
        let bound = |interval: Option<(f64, f64)>, high: bool| {
            interval.map_or(f64::NAN, |own| if high { own.1 } else { own.0 })
        };
        for (word, value) in [
            ("turning_point", found.at),
            ("std_error", found.error),
            ("least", found.ends.0),
            ("largest", found.ends.1),
            ("slope_at_least", found.slopes.0),
            ("slope_at_largest", found.slopes.1),
            ("t_at_least", found.t.0),
            ("t_at_largest", found.t.1),
            ("p_at_least", found.p.0),
            ("p_at_largest", found.p.1),
            ("utest_p", found.p_value()),
            ("fieller90_low", bound(found.fieller90, false)),
            ("fieller90_high", bound(found.fieller90, true)),
            ("fieller95_low", bound(found.fieller95, false)),
            ("fieller95_high", bound(found.fieller95, true)),
        ] {
            push(&mut tidy, &[&own.model.name, x, word], value);
        }
    }
    tidy
}

fn fixed_effects(estimates: &[Estimation]) -> Tidy {
    let mut tidy = Tidy::new(&[Column::Scenario, Column::Factor, Column::Part]);
    for own in estimates {
        for (column, level, value) in &own.fixed_effects {
            push(&mut tidy, &[&own.model.name, level, column], *value);
        }
    }
    tidy
}

fn fitted(panel: &Panel, estimates: &[Estimation]) -> Tidy {
    let mut tidy = Tidy::new(&[Column::Scenario, Column::Year, Column::Region, Column::Statistic]);
    let (units, periods) = (panel.units(), panel.periods());
    for own in estimates {
        for (row, fitted, residual) in &own.fitted {
            let row = *row as usize;
            let unit = &units.labels[units.codes[row] as usize];
            let period = &periods.labels[periods.codes[row] as usize];
            push(&mut tidy, &[&own.model.name, period, unit, "fitted"], *fitted);
            push(&mut tidy, &[&own.model.name, period, unit, "residual"], *residual);
        }
    }
    tidy
}

fn descriptives(described: &[(String, Description)]) -> Tidy {
    let mut tidy = Tidy::new(&[Column::Factor, Column::Part, Column::Statistic]);
    for (name, own) in described {
        for (word, value) in [
            ("count", own.count as f64),
            ("units", own.units as f64),
            ("mean", own.mean),
            ("median", own.median),
        ] {
            push(&mut tidy, &[name, "overall", word], value);
        }
        for (at, part) in ["overall", "between", "within"].into_iter().enumerate() {
            push(&mut tidy, &[name, part, "std_dev"], own.deviation[at]);
            push(&mut tidy, &[name, part, "min"], own.least[at]);
            push(&mut tidy, &[name, part, "max"], own.most[at]);
        }
    }
    tidy
}

/// Coefficients with their errors, by model.
pub fn estimate_headline(estimates: &[Estimation]) -> Value {
    let one = |own: &Estimation| {
        let numbers =
            own.coefficients.iter().map(|own| (own.name.clone(), json!([own.value, own.error])));
        (own.model.name.clone(), Value::Object(numbers.collect()))
    };
    Value::Object(estimates.iter().map(one).collect())
}

/// What the estimates are of.
fn json_of(estimates: &[Estimation], about: &Value) -> String {
    let models: Vec<Value> = estimates
        .iter()
        .map(|own| {
            let model = &own.model;
            json!({
                "name": model.name,
                "dependent": model.dependent,
                "regressors": model.regressors,
                "estimator": model.estimator.word(),
                "sample": model.sample,
                "covariance": model.covariance.word(),
                "observations": own.statistic("observations"),
                "units": own.statistic("units"),
                "periods": own.statistic("periods"),
                "rho": own.coefficient("rho").map(|own| own.value),
                "lambda": own.coefficient("lambda").map(|own| own.value),
                "turning": own.turning.as_ref().map(|own| json!({ "at": own.at, "verdict": own.verdict(0.05) })),
            })
        })
        .collect();
    let all = json!({ "irio_estimate": 1, "about": about, "models": models });
    serde_json::to_string_pretty(&all).unwrap_or_default() + "\n"
}
