//! Coefficients of densities for scenarios.

use std::fmt::Write;

use serde_json::Value;

use crate::estimation::Estimation;
use crate::report::results::TextResult;
use crate::tidy::quote;

/// Coefficients of densities as scenarios read them, with their covariance; nothing if no model says which they are.
pub fn elasticities(name: &str, estimates: &[Estimation], about: &Value) -> Vec<TextResult> {
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
