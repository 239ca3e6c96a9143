//! Cases of thresholds and mediation.

use std::path::Path;

use irio::estimation::Estimation;
use serde_json::Value;

use super::files::{estimate_all, head, list};
use super::near::Report;

fn texts(value: &Value) -> Vec<String> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|own| Some(own.as_str()?.to_owned()))
        .collect()
}

/// The model file of a case.
pub fn model(case: &Value) -> Option<String> {
    let spec = &case["spec"];
    let text = |key: &str| spec[key].as_str();
    let mut out = head(case)?;
    if let Some(mediator) = text("mediator") {
        let mut x = vec![text("x")?.to_owned()];
        x.extend(texts(&spec["controls"]));
        out += &format!(
            "[[model]]\nname = 'm'\nestimator = 'mediation'\neffects = 'two_way'\ndependent = '{}'\nregressors = {}\n\
             mediator = '{mediator}'\nsmall_sample = 'plm'\n",
            text("y")?,
            list(&x)
        );
        return Some(out);
    }
    let variable = text("threshold_var")?;
    let grid = match text("grid")?.split(' ').next()?.parse::<usize>() {
        Ok(grid) => format!("grid = {grid}\n"),
        Err(_) => String::new(),
    };
    out += &format!(
        "[defaults]\nestimator = 'threshold'\ndependent = '{}'\nregressors = {}\nregime = {}\nthreshold = '{variable}'\n\
         trim = {}\n{grid}small_sample = 'plm'\n",
        text("y")?,
        list(&texts(&spec["regime_independent"])),
        list(&texts(&spec["regime_dependent"])),
        spec["trim"]
    );
    let bootstrap = &case["result"]["bootstrap"]["B"];
    let draws = if bootstrap.is_number() { "draws = 1000\nseed = 1\n" } else { "" };
    out += &format!(
        "[[model]]\nname = 'classical'\n{draws}[[model]]\nname = 'white'\ncovariance = 'HC0'\n"
    );
    out += "[[model]]\nname = 'cluster'\ncovariance = 'cluster'\n[[model]]\nname = 'double'\nthresholds = 'double'\n";
    out += "[[model]]\nname = 'double_white'\nthresholds = 'double'\ncovariance = 'HC0'\n";
    out += "[[model]]\nname = 'double_cluster'\nthresholds = 'double'\ncovariance = 'cluster'\n";
    Some(out)
}

fn numbers(report: &mut Report, own: &Estimation, result: &Value, names: &[(&str, &str)]) {
    for (key, word) in names {
        let value = result.pointer(key).unwrap_or(&Value::Null);
        report.near(key, own.statistic(word), value, 1e-8, 0.0);
    }
}

fn slopes(report: &mut Report, own: &Estimation, estimates: &Value, errors: &str) {
    for (name, value) in estimates["coef"].as_object().into_iter().flatten() {
        let term = name.replace(".regime", ":").split(':').map(str::to_owned).collect::<Vec<_>>();
        // `c1.regime2` here is `c1:regime2`; the case names the regime first, then the variable.
        let ours = match name.split_once(".regime") {
            Some((x, regime)) => format!("{x}:regime{regime}"),
            None => term[0].clone(),
        };
        let found = own.coefficient(&ours);
        report.near(name, found.map(|own| own.value), value, 1e-8, 0.0);
        report.near(
            &format!("{errors} {name}"),
            found.map(|own| own.error),
            &estimates[errors][name],
            1e-8,
            0.0,
        );
    }
}

/// Compares a case.
pub fn compare(case: &Value, text: &str, data: &Path) -> Result<(), String> {
    let found = estimate_all(text, data)?;
    let result = &case["result"];
    let mut report = Report::of(case["name"].as_str().unwrap_or(""));
    if result["sobel_se"].is_number() {
        let own = &found[0];
        numbers(
            &mut report,
            own,
            result,
            &[
                ("/total", "total"),
                ("/se_total", "total_error"),
                ("/a", "first"),
                ("/se_a", "first_error"),
                ("/b", "second"),
                ("/se_b", "second_error"),
                ("/direct", "direct"),
                ("/se_direct", "direct_error"),
                ("/indirect", "indirect"),
                ("/sobel_se", "indirect_error"),
                ("/share", "indirect_share"),
            ],
        );
        for name in ["sobel", "aroian", "goodman"] {
            let z = own.test(name).map(|own| own.statistic);
            report.near(name, z, &result[format!("{name}_z")], 1e-8, 0.0);
        }
        return report.finish().map_err(|gaps| format!("{gaps}\n{text}"));
    }
    let [classical, white, cluster, double, double_white, double_cluster] = &found[..] else {
        return Err("six models expected".to_owned());
    };
    numbers(
        &mut report,
        classical,
        result,
        &[
            ("/linear_ssr", "linear_ssr"),
            ("/threshold", "threshold"),
            ("/ssr", "threshold_ssr"),
            ("/F1", "threshold_f"),
            ("/F1_xthreg_convention", "threshold_f_xthreg"),
            ("/ci95/0", "threshold_low95"),
            ("/ci95/1", "threshold_high95"),
            ("/n_grid", "candidates"),
            ("/estimates/df_resid", "df_residual"),
            ("/estimates/ssr", "ssr"),
        ],
    );
    numbers(
        &mut report,
        double,
        result,
        &[
            ("/double/threshold2", "threshold_2"),
            ("/double/ssr2", "threshold_2_ssr"),
            ("/double/F2", "threshold_2_f"),
            ("/double/F2_xthreg_convention", "threshold_2_f_xthreg"),
            ("/double/ci95_2/0", "threshold_2_low95"),
            ("/double/ci95_2/1", "threshold_2_high95"),
            ("/double/refined_threshold1", "threshold_1_anew"),
            ("/double/refined_ssr", "threshold_1_anew_ssr"),
            ("/double/ci95_1_refined/0", "threshold_1_anew_low95"),
            ("/double/ci95_1_refined/1", "threshold_1_anew_high95"),
        ],
    );
    for (own, estimates, errors) in [
        (classical, &result["estimates"], "se_classical"),
        (white, &result["estimates"], "se_white_HC0"),
        (cluster, &result["estimates"], "se_cluster_id_HC0"),
        (double, &result["double"]["estimates"], "se_classical"),
        (double_white, &result["double"]["estimates"], "se_white_HC0"),
        (double_cluster, &result["double"]["estimates"], "se_cluster_id_HC0"),
    ] {
        slopes(&mut report, own, estimates, errors);
    }
    // Draws differ; probabilities agree within five of their standard errors.
    if let (Some(expected), Some(draws)) =
        (result["bootstrap"]["p"].as_f64(), result["bootstrap"]["B"].as_f64())
    {
        let Some(own) = classical.test("threshold") else { return Err("no draws".to_owned()) };
        let middle = (0.5 * (expected + own.p)).clamp(0.01, 0.99);
        let error = (middle * (1.0 - middle) * (1.0 / draws + 1.0 / 1000.0)).sqrt();
        if (own.p - expected).abs() > 5.0 * error {
            report.wrong(format!("p of the threshold: found {}, expected {expected}", own.p));
        }
        let levels = &result["bootstrap"]["crit"];
        for (key, word) in [("10", "threshold_f_10"), ("5", "threshold_f_5")] {
            report.near(word, classical.statistic(word), &levels[key], 0.2, 0.0);
        }
    }
    report.finish().map_err(|gaps| format!("{gaps}\n{text}"))
}
