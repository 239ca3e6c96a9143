//! Files of estimates.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::econometrics::spatial::effects::WORDS;
use crate::econometrics::unit_roots::UnitRoots;
use crate::econometrics::{Distribution, Test};
use crate::estimation::{Estimation, Findings, Place, TestedVariable};
use crate::fault::{Note, NoteCode};
use crate::panel::Panel;
use crate::panel::statistics::Description;
use crate::recorded::NamedCode;
use crate::report::publication::Publication;
use crate::report::results::{Results, TextResult};
use crate::tidy::{Column, Tidy, quote};

/// Adds every file of estimates, and what should be known beside them.
pub fn estimates(
    results: &mut Results,
    panel: &Panel,
    found: &Findings,
    described: &[(String, Description)],
    about: &Value,
) {
    let (estimates, tested) = (&found.estimates[..], &found.unit_roots[..]);
    results.names("models", estimates.iter().map(|own| NamedCode::code(&own.model.name)));
    super::named::units(results, panel);
    optional(
        results,
        "coefficients.csv",
        "every estimated number (factor) of each model (scenario): estimate, standard error, t or z, p, ends of the 95 and 90 % intervals",
        coefficients(estimates),
    );
    optional(
        results,
        "covariance.csv",
        "covariance of the estimates of each model (from, to)",
        covariances(estimates),
    );
    optional(
        results,
        "statistics.csv",
        "numbers of each model as a whole: observations, R², likelihood, components of the variance",
        statistics(estimates),
    );
    optional(
        results,
        "tests.csv",
        "tests (factor): statistic, degrees of freedom, p",
        tests(estimates, tested),
    );
    optional(
        results,
        "unit_roots.csv",
        "what tests of unit roots (factor) are made of: lags, observations, rho, statistic and p of each unit (region) by variable (scenario)",
        unit_roots(tested),
    );
    optional(
        results,
        "effects.csv",
        "direct, indirect and total effects (part) of the regressors of spatial models, with standard errors and ends of the 95 and 90 % intervals",
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
        "marginal.csv",
        "marginal effects of variables (factor) through all their regressors: on average and at quantiles of the variable (part)",
        marginal(estimates),
    );
    optional(
        results,
        "fixed_effects.csv",
        "fixed effects by column (part) and level (factor); levels beyond the first column are in relation to its first",
        fixed_effects(estimates),
    );
    optional(
        results,
        "fitted.csv",
        "fitted value and residual of each observation (region, year), effects included",
        fitted(panel, estimates),
    );
    super::autocorrelation::autocorrelation(results, &found.autocorrelations);
    results.file(
        "descriptives.csv",
        "what the variables are like: mean, standard deviation, least and largest, overall, between units and within (part)",
        descriptives(described),
    );
    let mut texts = side_by_side(estimates);
    texts.push((
        "estimate.json",
        "what the estimates are of, for scenarios that take them up",
        json_of(estimates, tested, about),
    ));
    for (name, what, text) in texts {
        results.texts.push(TextResult { name: name.to_owned(), what: what.to_owned(), text });
    }
    results.texts.extend(elasticities(
        results.title.trim_start_matches("Estimates "),
        estimates,
        about,
    ));
    for own in estimates {
        results.note(own.remarks.iter().map(|remark| {
            Note::new(NoteCode::Estimation, format!("{}: {remark}", own.model.name))
        }));
    }
    for own in &found.autocorrelations {
        results.note(own.remarks.iter().map(|remark| {
            Note::new(NoteCode::Estimation, format!("{}: {remark}", own.asked.name))
        }));
    }
    for own in tested {
        results.note(own.remarks.iter().map(|remark| {
            Note::new(NoteCode::Estimation, format!("{}: {remark}", own.asked.name))
        }));
    }
}

/// The models side by side in every form; nothing of none.
fn side_by_side(estimates: &[Estimation]) -> Vec<(&'static str, &'static str, String)> {
    if estimates.is_empty() {
        return Vec::new();
    }
    let table = Publication::of(estimates);
    vec![
        ("table.md", "the models side by side, as Markdown", table.markdown()),
        ("table.tex", "the same for LaTeX (booktabs)", table.latex()),
        ("table.html", "the same as a page", table.html()),
        ("table.csv", "the same as it is printed, rounded: for spreadsheets", table.csv()),
    ]
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
            let (low90, high90) = own.interval(0.9, one.value, one.error);
            for (word, value) in [
                ("estimate", one.value),
                ("std_error", one.error),
                ("statistic", one.statistic),
                ("p", one.p),
                ("low95", one.interval.0),
                ("high95", one.interval.1),
                ("low90", low90),
                ("high90", high90),
            ] {
                push(&mut tidy, &[&own.model.name, &one.name, word], value);
            }
            if let Some(value) = one.standardized {
                push(&mut tidy, &[&own.model.name, &one.name, "standardized_effect"], value);
            }
        }
    }
    tidy
}

fn marginal(estimates: &[Estimation]) -> Tidy {
    let columns = [Column::Scenario, Column::Factor, Column::Part, Column::Statistic];
    let mut tidy = Tidy::new(&columns);
    for own in estimates {
        for one in &own.marginal {
            let (part, at) = place_of(one.place);
            let (low90, high90) = own.interval(0.9, one.value, one.error);
            let told = [
                ("estimate", one.value),
                ("std_error", one.error),
                ("statistic", one.value / one.error),
                ("p", one.p),
                ("low95", one.interval.0),
                ("high95", one.interval.1),
                ("low90", low90),
                ("high90", high90),
            ];
            for (word, value) in at.map(|at| ("at", at)).into_iter().chain(told) {
                push(&mut tidy, &[&own.model.name, &one.variable, &part, word], value);
            }
        }
    }
    tidy
}

/// What files call a place, and the value of the variable there.
fn place_of(place: Place) -> (String, Option<f64>) {
    match place {
        Place::Observed => ("average".to_owned(), None),
        Place::Quantile(share, at) => (format!("p{:.0}", 100.0 * share), Some(at)),
    }
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

fn tests(estimates: &[Estimation], tested: &[TestedVariable]) -> Tidy {
    let mut tidy = Tidy::new(&[Column::Scenario, Column::Factor, Column::Statistic]);
    for own in estimates {
        let first = own.first_stages.iter().map(|own| &own.test);
        for (at, test) in own.tests.iter().chain(first).enumerate() {
            let name = match own.first_stages.get(at.wrapping_sub(own.tests.len())) {
                Some(stage) => format!("{} of {}", test.name, stage.name),
                None => test.name.clone(),
            };
            one_test(&mut tidy, &own.model.name, &name, test);
        }
    }
    for own in tested {
        for found in &own.tests {
            one_test(&mut tidy, &own.asked.name, &found.test.name, &found.test);
        }
    }
    tidy
}

fn one_test(tidy: &mut Tidy, of: &str, name: &str, test: &Test) {
    let df = match test.distribution {
        Distribution::ChiSquared(df)
        | Distribution::Student(df)
        | Distribution::LowerStudent(df) => [df, f64::NAN],
        Distribution::Fisher(a, b) => [a, b],
        _ => [f64::NAN; 2],
    };
    for (word, value) in
        [("statistic", test.statistic), ("df", df[0]), ("df2", df[1]), ("p", test.p)]
    {
        push(tidy, &[of, name, word], value);
    }
}

fn unit_roots(tested: &[TestedVariable]) -> Tidy {
    let mut tidy =
        Tidy::new(&[Column::Scenario, Column::Region, Column::Factor, Column::Statistic]);
    for own in tested {
        for found in &own.tests {
            for unit in &found.units {
                let regression = unit.rho.is_some();
                for (word, value) in [
                    ("lags", if regression { unit.lags as f64 } else { f64::NAN }),
                    ("observations", unit.observations as f64),
                    ("rho", unit.rho.unwrap_or(f64::NAN)),
                    ("statistic", unit.statistic),
                    ("p", unit.p.unwrap_or(f64::NAN)),
                ] {
                    let texts = [&own.asked.name, unit.unit.as_str(), &found.test.name, word];
                    push(&mut tidy, &texts, value);
                }
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
                let (value, error) = (effect.values[at], effect.errors[at]);
                let [(low95, high95), (low90, high90)] =
                    [0.95, 0.9].map(|level| own.interval(level, value, error));
                for (word, value) in [
                    ("estimate", value),
                    ("std_error", error),
                    ("low95", low95),
                    ("high95", high95),
                    ("low90", low90),
                    ("high90", high90),
                ] {
                    push(&mut tidy, &[&own.model.name, &effect.name, part, word], value);
                }
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

/// Coefficients of densities as scenarios read them, with their covariance; nothing if no model says which they are.
fn elasticities(name: &str, estimates: &[Estimation], about: &Value) -> Vec<TextResult> {
    let mut values = String::from("region,measure,variable,value,se\n");
    let mut covariance = String::from("region,measure,variable,other,value\n");
    let mut dependent = None;
    for own in estimates {
        let Some(export) = &own.model.export else { continue };
        dependent = Some(export.dependent);
        let word = export.measure.word();
        let lag =
            |at: usize| if at == 0 { format!("ln{word}") } else { format!("ln{word}_lag{at}") };
        let lags = export.lags.iter().enumerate().map(|(at, name)| (lag(at), name.as_str()));
        let controls = export
            .controls
            .iter()
            .map(|(control, name)| (control.word().to_owned(), name.as_str()));
        let rho = std::iter::once(("rho".to_owned(), "rho"));
        let place = |name: &str| own.coefficients.iter().position(|own| own.name == name);
        let all: Vec<(String, usize)> = lags
            .chain(controls)
            .chain(rho)
            .filter_map(|(word, name)| Some((word, place(name)?)))
            .collect();
        let start = format!("{},{word}", quote(&export.group));
        for (variable, at) in &all {
            let one = &own.coefficients[*at];
            let _ = writeln!(values, "{start},{variable},{},{}", one.value, one.error);
        }
        // Lags and ρ are drawn together.
        let drawn: Vec<&(String, usize)> =
            all.iter().filter(|(word, _)| word == "rho" || word.starts_with(&lag(0))).collect();
        for (at, (a, i)) in drawn.iter().enumerate() {
            for (b, j) in &drawn[at + 1..] {
                let _ = writeln!(covariance, "{start},{a},{b},{}", own.covariance[(*i, *j)]);
            }
        }
    }
    let Some(dependent) = dependent else { return Vec::new() };
    let covers =
        about["covers"].as_str().map(|own| format!("covers = {own:?}\n")).unwrap_or_default();
    let toml = format!(
        "# Made by irio estimate: a scenario takes it up with elasticities = \"THIS FOLDER\".\nirio_elasticities = 1\n\
         source = {:?}\ndependent = \"{}\"\n{covers}values = \"elasticities.csv\"\ncovariance = \"elasticities_covariance.csv\"\n",
        format!("irio estimate {name}"),
        dependent.word(),
    );
    let text = |name: &str, what: &str, text: String| TextResult {
        name: name.to_owned(),
        what: what.to_owned(),
        text,
    };
    vec![
        text("elasticities.toml", "the coefficients of densities, as scenarios take them up", toml),
        text("elasticities.csv", "their values and standard errors", values),
        text("elasticities_covariance.csv", "their covariances", covariance),
    ]
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
fn json_of(estimates: &[Estimation], tested: &[TestedVariable], about: &Value) -> String {
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
                "observations": own.statistic("observations").map(|count| count as u64),
                "units": own.statistic("units"),
                "periods": own.statistic("periods"),
                "rho": own.coefficient("rho").map(|own| own.value),
                "lambda": own.coefficient("lambda").map(|own| own.value),
                "turning": own.turning.as_ref().map(|own| json!({ "at": own.at, "verdict": own.verdict(0.05) })),
            })
        })
        .collect();
    let mut all = json!({ "irio_estimate": 1, "about": about, "models": models });
    if !tested.is_empty() {
        all["unit_roots"] = tested.iter().flat_map(json_of_unit_roots).collect();
    }
    serde_json::to_string_pretty(&all).unwrap_or_default() + "\n"
}

/// One entry per test of a variable.
fn json_of_unit_roots(own: &TestedVariable) -> Vec<Value> {
    let asked = &own.asked;
    let one = |found: &UnitRoots| {
        json!({
            "name": asked.name,
            "variable": asked.variable,
            "sample": asked.sample,
            "test": found.test.name,
            "null": found.test.about,
            "terms": asked.options.terms.word(),
            "lags": found.units.iter().filter(|own| own.rho.is_some()).map(|own| own.lags).max(),
            "units": found.units.len(),
            "periods": [own.periods.0, own.periods.1],
            "statistic": found.test.statistic,
            "p": found.test.p,
        })
    };
    own.tests.iter().map(one).collect()
}
