//! Cases of spatial models: our own converged values, splm, spreg.

use std::path::Path;

use serde_json::Value;

use super::files::{equation, estimate_all, head, list};
use super::near::Report;

/// The model file of an exact case.
pub fn model(case: &Value) -> Option<String> {
    let spec = &case["spec"];
    if !case["tool"].is_null() {
        return None;
    }
    let (y, x) = equation(spec)?;
    let effects = match spec["effect"].as_str()? {
        "twoways" => "two_way",
        own => own,
    };
    let mut text = head(case)?;
    text += &format!(
        "[[model]]\nname = 'm'\ndependent = '{y}'\nregressors = {}\nweights_matrix = 'W'\n",
        list(&x)
    );
    if spec["tests"].is_string() {
        text += &match effects {
            "none" => "estimator = 'pooled'\n".to_owned(),
            effects => format!("estimator = 'within'\neffects = '{effects}'\n"),
        };
        text += "tests = ['spatial_lm']\n";
        return Some(text);
    }
    let estimator = match spec["model"].as_str()? {
        "SLM" => "spatial_lag",
        "SEM" => "spatial_error",
        "SDM" => "spatial_durbin",
        _ => return None,
    };
    let approach = match spec["estimator"].as_str()? {
        "direct" => "direct",
        "leeyu_transf" => "transformation",
        "leeyu_biascorr" => "bias_corrected",
        _ => return None,
    };
    text += &format!("estimator = '{estimator}'\neffects = '{effects}'\napproach = '{approach}'\n");
    Some(text)
}

/// Compares an exact case.
pub fn compare(case: &Value, text: &str, data: &Path) -> Result<(), String> {
    let found = estimate_all(text, data)?;
    let own = &found[0];
    let result = &case["result"];
    let mut report = Report::default();
    for (key, word) in [
        ("LM_error", "lm_error"),
        ("LM_lag", "lm_lag"),
        ("RLM_error", "robust_lm_error"),
        ("RLM_lag", "robust_lm_lag"),
    ] {
        if result[key].is_number() {
            report.near(key, own.test(word).map(|own| own.statistic), &result[key], 1e-8, 0.0);
        }
    }
    // The exact cases call China's and Produc's variables by short names.
    let short = |name: &str| -> String {
        let (w, own) = name.strip_prefix("W.").map_or(("", name), |own| ("W:", own));
        let full = match own {
            "lpcap" => "log(pcap)",
            "lpc" => "log(pc)",
            "lemp" => "log(emp)",
            own => own,
        };
        format!("{w}{full}")
    };
    for (term, value) in result["coef"].as_object().into_iter().flatten() {
        let found = own.coefficient(&short(term));
        let error = result["se"][term].as_f64().unwrap_or(value.as_f64().unwrap_or(0.0).abs());
        report.near(term, found.map(|own| own.value), value, 1e-8, 0.01 * error);
        if result["se"].is_object() {
            report.near(
                &format!("se {term}"),
                found.map(|own| own.error),
                &result["se"][term],
                1e-8,
                0.0,
            );
        }
    }
    for (key, name) in [("rho", "rho"), ("lambda", "lambda"), ("sigma2", "sigma2")] {
        if result[key].is_number() {
            let found = own.coefficient(name);
            report.near(key, found.map(|own| own.value), &result[key], 1e-8, 0.0);
            let error = &result[format!("se_{key}")];
            if error.is_number() {
                report.near(&format!("se {key}"), found.map(|own| own.error), error, 1e-8, 0.0);
            }
        }
    }
    for (key, word) in
        [("loglik", "log_likelihood"), ("aic", "aic"), ("lndet_one_period", "log_determinant")]
    {
        if result[key].is_number() {
            report.near(key, own.statistic(word), &result[key], 1e-8, 0.0);
        }
    }
    for (term, value) in result["impacts"].as_object().into_iter().flatten() {
        let found = own.effects.iter().find(|own| own.name == short(term));
        for (at, key) in ["direct", "indirect", "total"].into_iter().enumerate() {
            report.near(
                &format!("{key} {term}"),
                found.map(|own| own.values[at]),
                &value[key],
                1e-8,
                0.0,
            );
            let error = &value[format!("se_{key}")];
            report.near(
                &format!("se {key} {term}"),
                found.map(|own| own.errors[at]),
                error,
                1e-8,
                0.0,
            );
        }
    }
    report.finish().map_err(|gaps| format!("{gaps}\n{text}"))
}
