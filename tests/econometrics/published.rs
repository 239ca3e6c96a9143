//! Printed numbers, met to their last printed digit.

use std::path::Path;

use irio::estimation::Estimation;
use serde_json::Value;

use super::files::{estimate_all, head};
use super::near::known;

const PRODUC: &str = "dependent = 'lgsp'\nregressors = ['lpcap', 'lpc', 'lemp', 'unemp']\n";
const WEIGHTS: &str = "weights_matrix = 'W'\n";

/// The lines of the models of a case: the printed one first.
fn lines(id: &str) -> Option<String> {
    let produc = |own: &str| format!("[defaults]\n{PRODUC}[[model]]\nname = 'm'\n{own}");
    let spatial = |own: &str| produc(&format!("{WEIGHTS}{own}"));
    Some(match id {
        "pub.produc.within.individual" => format!(
            "{}[[model]]\nname = 'arellano'\nestimator = 'within'\neffects = 'individual'\ncovariance = 'cluster'\nsmall_sample = 'plm'\n",
            produc("estimator = 'within'\neffects = 'individual'\nsmall_sample = 'plm'\n")
        ),
        "pub.produc.within.twoways" => {
            produc("estimator = 'within'\neffects = 'two_way'\nsmall_sample = 'plm'\n")
        }
        "pub.produc.splm.sem_re" => spatial(
            "estimator = 'spatial_error'\neffects = 'random'\ndisturbance = 'bsk'\ninformation = 'conditional'\n",
        ),
        "pub.produc.splm.sem_re_kkp" => spatial(
            "estimator = 'spatial_error'\neffects = 'random'\ndisturbance = 'kkp'\ninformation = 'conditional'\n",
        ),
        "pub.produc.splm.slm_re" => {
            spatial("estimator = 'spatial_lag'\neffects = 'random'\ninformation = 'conditional'\n")
        }
        "pub.produc.splm.sem_fe" => {
            spatial("estimator = 'spatial_error'\neffects = 'individual'\n")
        }
        "pub.produc.splm.slm_fe" => spatial("estimator = 'spatial_lag'\neffects = 'individual'\n"),
        "pub.produc.splm.gm_re_sem" => {
            spatial("estimator = 'spatial_error'\neffects = 'random'\napproach = 'gm'\n")
        }
        "pub.hansen1999.xthreg" => HANSEN.to_owned(),
        _ => return None,
    })
}

/// At the printed threshold, without one, and where irio finds it among all values.
const HANSEN: &str = "\
[variables]
low = 'if(d1 <= 0.0154, c1, 0)'
high = 'if(d1 <= 0.0154, 0, c1)'

[defaults]
dependent = 'i'
small_sample = 'plm'

[[model]]
name = 'printed'
estimator = 'within'
effects = 'individual'
regressors = ['q1', 'q2', 'q3', 'd1', 'qd1', 'low', 'high']

[[model]]
name = 'linear'
estimator = 'within'
effects = 'individual'
regressors = ['q1', 'q2', 'q3', 'd1', 'qd1', 'c1']

[[model]]
name = 'found'
estimator = 'threshold'
regressors = ['q1', 'q2', 'q3', 'd1', 'qd1']
regime = ['c1']
threshold = 'd1'
trim = 0.01
";

/// The text of a case's model file.
pub fn model(case: &Value) -> Option<String> {
    let id = case["id"].as_str()?;
    let mut case = case.clone();
    case["spec"] = serde_json::json!({});
    // The data set, and the weights beside it.
    let data = case["data"].as_str()?.to_owned();
    if let Some((file, weights)) = data.split_once(" + ") {
        case["data"] = file.into();
        case["spec"]["W"] = format!("produc/{weights}").into();
    }
    let head = head(&case)?.replace("[variables]\n\n", "");
    Some(head + &lines(id)?)
}

fn name_of(printed: &str) -> &str {
    match printed {
        "log(pcap)" => "lpcap",
        "log(pc)" => "lpc",
        "log(emp)" => "lemp",
        "c1.low" => "low",
        "c1.high" => "high",
        own => own,
    }
}

/// Decimals that a number was printed with; zeros at the end are lost.
fn decimals(printed: f64) -> usize {
    format!("{printed}").split_once('.').map_or(0, |(_, after)| after.len())
}

/// Gaps, and what is known to differ with the tolerance relative to the number that is left to it.
struct Compared {
    gaps: Vec<String>,
    known: Vec<(String, f64)>,
}

impl Compared {
    /// Numbers printed together have the decimals of the one that has most.
    fn group(&mut self, what: &str, printed: &Value, found: impl Fn(&str) -> Option<f64>) {
        let numbers: Vec<(&str, f64)> = match printed {
            Value::Object(own) => {
                own.iter().filter_map(|(key, own)| Some((key.as_str(), own.as_f64()?))).collect()
            }
            own => own.as_f64().map(|own| ("", own)).into_iter().collect(),
        };
        let most = numbers.iter().map(|(_, own)| decimals(*own)).max().unwrap_or(0);
        for (key, known) in numbers {
            let half = 0.5 * 10f64.powi(-(most as i32));
            let name = format!("{what} {key}").trim().to_owned();
            let allowed = self.known.iter().find(|(own, _)| *own == name);
            let half = allowed.map_or(half, |(_, share)| share * known.abs());
            match found(key) {
                Some(own) if (own - known).abs() <= half * (1.0 + 1e-6) => {}
                own => self.gaps.push(format!("{name}: {own:?}, printed {known} (± {half:e})")),
            }
        }
    }
}

/// Compares a case.
pub fn compare(case: &Value, text: &str, data: &Path) -> Result<(), String> {
    let found = estimate_all(text, data)?;
    let (own, result) = (&found[0], &case["result"]);
    let mut compared =
        Compared { gaps: Vec::new(), known: known(case["name"].as_str().unwrap_or("")) };
    let coefficient = |own: &Estimation, name: &str| own.coefficient(name_of(name)).cloned();
    let value = |name: &str| Some(coefficient(own, name)?.value);
    let error = |name: &str| Some(coefficient(own, name)?.error);
    compared.group("", &result["coef"], value);
    compared.group("se", &result["se"], error);
    compared.group("Arellano's error", &result["se_arellano_HC0"], |name| {
        Some(coefficient(found.get(1)?, name)?.error)
    });
    // What splm calls rho of an error is lambda here, and its lambda of a lag is rho.
    for (printed, ours) in [("phi", "phi"), ("rho", "lambda"), ("lambda", "rho")] {
        compared.group(printed, &result[printed], |_| value(ours));
        compared.group(&format!("se {printed}"), &result[format!("se_{printed}")], |_| error(ours));
    }
    for (printed, ours) in [("rss", "ssr"), ("r2", "r2_within"), ("adj_r2", "adjusted_r2_within")] {
        compared.group(printed, &result[printed], |_| own.statistic(ours));
    }
    // Squares of the demeaned response, and the F of all slopes together, as plm prints them.
    let squares =
        |own: &Estimation| Some(own.statistic("ssr")? / (1.0 - own.statistic("r2_within")?));
    compared.group("tss", &result["tss"], |_| squares(own));
    compared.group("F", &result["F"], |_| {
        let (rest, df) = (own.statistic("ssr")?, own.statistic("df_residual")?);
        Some((squares(own)? - rest) / own.coefficients.len() as f64 / (rest / df))
    });
    if let Some(df) = result["df"].as_array() {
        compared.group("df", &df[0], |_| Some(own.coefficients.len() as f64));
        compared.group("df", &df[1], |_| own.statistic("df_residual"));
    }
    if result["threshold"].is_number() {
        compared.group("threshold", &result["threshold"], |_| found[2].statistic("threshold"));
        compared.group("RSS there", &result["rss"], |_| found[2].statistic("threshold_ssr"));
        compared.group("F", &result["F_single"], |_| {
            let (with, without) = (own.statistic("ssr")?, found[1].statistic("ssr")?);
            // xthreg's variance has NT − T degrees of freedom.
            let (n, t) = (own.statistic("observations")?, own.statistic("periods")?);
            Some((without - with) / (with / (n - t)))
        });
    }
    if compared.gaps.is_empty() {
        return Ok(());
    }
    Err(format!("{}\n{:?}\n{text}", compared.gaps.join("\n"), own.statistics))
}
