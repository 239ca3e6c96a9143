//! Every case of the econometric references, one test each: coefficients, standard errors, likelihoods and statistics of
//! other programs, met to 1e-8 where they are closed forms and to 1e-6 where the other program iterates.
//!
//! A case becomes the text of a model file, is read and estimated like any other, and compared by name. What differs is
//! in `econometrics_differences.md`, with the reason.

mod common;
#[path = "econometrics/files.rs"]
mod files;
#[path = "econometrics/hausman.rs"]
mod hausman;
#[path = "econometrics/linear.rs"]
mod linear;
#[path = "econometrics/near.rs"]
mod near;
#[path = "econometrics/nonlinear.rs"]
mod nonlinear;
#[path = "econometrics/published.rs"]
mod published;
#[path = "econometrics/spatial.rs"]
mod spatial;
#[path = "econometrics/unit_roots.rs"]
mod unit_roots;

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

/// Files of cases.
const FILES: [&str; 4] =
    ["exact_dev.json", "r_dev.json", "py_dev.json", "threshold_mediation_dev.json"];

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    let Some(data) = common::real_data() else {
        trials.push(Trial::test("references", || Err("no data".into())).with_ignored_flag(true));
        libtest_mimic::run(&arguments, trials).exit();
    };
    let references = data.join("../reference/econometrics");
    for file in FILES {
        let text = std::fs::read_to_string(references.join(file)).unwrap();
        let all: Value = serde_json::from_str(&text).unwrap();
        for case in all["cases"].as_array().unwrap() {
            let (mut case, data) = (case.clone(), data.join("panel"));
            let name =
                format!("{}::{}", file.trim_end_matches("_dev.json"), case["id"].as_str().unwrap());
            case["name"] = name.clone().into();
            // Moran, Geary and local Moran are walked by tests/autocorrelation.rs.
            let id = case["id"].as_str().unwrap_or("");
            if case["tool"] == "esda"
                || [".moran.", ".localmoran."].iter().any(|part| id.contains(part))
            {
                continue;
            }
            if near::known(&name).iter().any(|(known, _)| known == "all") {
                trials.push(Trial::test(name, || Ok(())));
                continue;
            }
            match check(&case, &data) {
                None => trials.push(Trial::test(name, || Ok(())).with_ignored_flag(true)),
                Some(check) => {
                    trials.push(Trial::test(name, move || check().map_err(Failed::from)))
                }
            }
        }
    }
    let text = std::fs::read_to_string(references.join("published.json")).unwrap();
    let all: Value = serde_json::from_str(&text).unwrap();
    for case in all["cases"].as_array().unwrap() {
        let (mut case, data) = (case.clone(), data.join("panel"));
        let name = format!("published::{}", case["id"].as_str().unwrap_or(""));
        case["name"] = name.clone().into();
        trials.push(Trial::test(name, move || {
            let toml = published::model(&case).ok_or("no model of this case")?;
            published::compare(&case, &toml, &data).map_err(Failed::from)
        }));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

type Check = Box<dyn FnOnce() -> Result<(), String> + Send>;

/// How a case is checked; nothing for what the program cannot do yet.
fn check(case: &Value, data: &std::path::Path) -> Option<Check> {
    let (case, data) = (case.clone(), data.to_path_buf());
    if let Some(toml) = linear::model(&case) {
        return Some(Box::new(move || linear::compare(&case, &toml, &data)));
    }
    if let Some(toml) = hausman::model(&case) {
        return Some(Box::new(move || hausman::compare(&case, &toml, &data)));
    }
    if let Some(toml) = spatial::model(&case) {
        return Some(Box::new(move || spatial::compare(&case, &toml, &data)));
    }
    if let Some(toml) = nonlinear::model(&case) {
        return Some(Box::new(move || nonlinear::compare(&case, &toml, &data)));
    }
    if let Some(toml) = unit_roots::model(&case) {
        return Some(Box::new(move || unit_roots::compare(&case, &toml, &data)));
    }
    None
}
