//! Cases of tests of unit roots: plm's purtest.

use std::path::Path;

use serde_json::Value;

use super::files::{head, test_all};
use super::near::Report;

/// The model file of a case.
pub fn model(case: &Value) -> Option<String> {
    let spec = &case["spec"];
    if !case["id"].as_str()?.contains(".urtest.") {
        return None;
    }
    let test = match spec["test"].as_str()? {
        "levinlin" => "levin_lin",
        "Pm" => "choi_pm",
        "invnormal" => "choi_z",
        "logit" => "choi_logit",
        own => own,
    };
    let lags = match &spec["lags"] {
        Value::String(word) => format!("'{word}'"),
        own => own.to_string(),
    };
    let (variable, terms) = (spec["var"].as_str()?, spec["exo"].as_str()?);
    Some(format!(
        "{}[[unit_root]]\nvariable = '{variable}'\ntest = '{test}'\nterms = '{terms}'\nlags = {lags}\n",
        head(case)?
    ))
}

/// Compares a case. Tests that combine p of units are compared to 1e-3, their p to 1e-2, because plm takes p of units from
/// MacKinnon's simulated quantiles: see `econometrics_differences.md`.
pub fn compare(case: &Value, text: &str, data: &Path) -> Result<(), String> {
    let found = test_all(text, data)?;
    let test = &found[0].tests[0].test;
    let result = &case["result"];
    let mut report = Report::of(case["name"].as_str().unwrap_or(""));
    let combined = matches!(test.name.as_str(), "madwu" | "choi_pm" | "choi_z" | "choi_logit");
    let (tolerance, of_p) = if combined { (1e-3, 1e-2) } else { (1e-8, 1e-7) };
    report.near(&test.name, Some(test.statistic), &result["statistic"], tolerance, 0.0);
    report.near("p", Some(test.p), &result["p"], of_p, 0.0);
    report.finish().map_err(|gaps| format!("{gaps}\n{text}"))
}
