//! Cases of spatial models: our own converged values, splm, spreg.

use std::path::Path;

use irio::estimation::Estimation;
use serde_json::Value;

use super::files::{equation, estimate_all, head, list};
use super::near::Report;

/// What a spatial case of another program asks for: lines of its model, by tool.
fn lines(case: &Value) -> Option<String> {
    let (spec, id) = (&case["spec"], case["id"].as_str()?);
    let text = |key: &str| spec[key].as_str().unwrap_or("");
    let effects = match text("effect") {
        "twoways" => "two_way",
        own => own,
    };
    let lm = |on: &str, test: &str| {
        let estimator = if on.contains("within") {
            "estimator = 'within'\neffects = 'individual'\n"
        } else {
            "estimator = 'pooled'\n"
        };
        Some(format!("{estimator}tests = ['{test}']\n"))
    };
    match case["tool"].as_str() {
        Some("splm") if id.contains(".slmtest.") => lm(text("on"), "spatial_lm"),
        Some("splm") if id.contains(".fe.") => {
            let estimator = match text("model") {
                "SLM" => "spatial_lag",
                "SEM" => "spatial_error",
                "SARAR" => "spatial_sarar",
                _ => return None,
            };
            let transformed = spec["lee_yu"].as_bool() == Some(true) && effects == "individual";
            let approach = if transformed { "transformation" } else { "direct" };
            Some(format!(
                "estimator = '{estimator}'\neffects = '{effects}'\napproach = '{approach}'\n"
            ))
        }
        Some("splm") if id.contains(".re.") => {
            let estimator = if id.ends_with(".slm") { "spatial_lag" } else { "spatial_error" };
            let disturbance = match id.rsplit('_').next() {
                _ if estimator == "spatial_lag" => "",
                Some("kkp") => "disturbance = 'kkp'\n",
                _ => "disturbance = 'bsk'\n",
            };
            Some(format!(
                "estimator = '{estimator}'\neffects = 'random'\n{disturbance}information = 'conditional'\n"
            ))
        }
        Some("splm") if id.contains(".bsk.") => lm("pooled", "bsk"),
        Some("spreg") if text("test").contains("LM") => lm("pooled", "spatial_lm_df"),
        Some("spreg") if id.ends_with(".spreg.OLS") => Some(format!(
            "estimator = 'pooled'\ntests = {}\n",
            list(&OLS.map(|(word, _)| word.to_owned()))
        )),
        Some("spreg") => match text("cls") {
            "Panel_FE_Lag" => {
                Some("estimator = 'spatial_lag'\neffects = 'individual'\n".to_owned())
            }
            "Panel_FE_Error" => {
                Some("estimator = 'spatial_error'\neffects = 'individual'\n".to_owned())
            }
            "Panel_RE_Lag" => Some("estimator = 'spatial_lag'\neffects = 'random'\n".to_owned()),
            "Panel_RE_Error" => Some("estimator = 'spatial_error'\neffects = 'random'\n".to_owned()),
            "GM_Lag" => Some("estimator = 'spatial_2sls'\ninstrument_lags = 1\nsmall_sample = 'spreg'\n".to_owned()),
            "GM_Lag_white" => Some(
                "estimator = 'spatial_2sls'\ninstrument_lags = 1\nsmall_sample = 'spreg'\ncovariance = 'HC0'\n".to_owned(),
            ),
            "ML_Lag" => Some("estimator = 'spatial_lag'\n".to_owned()),
            "ML_Error" => Some("estimator = 'spatial_error'\n".to_owned()),
            "ML_Lag_SDM" => Some("estimator = 'spatial_durbin'\n".to_owned()),
            _ => None,
        },
        Some("spatialreg") => match text("model") {
            "lag" => Some("estimator = 'spatial_lag'\n".to_owned()),
            "error" => Some("estimator = 'spatial_error'\n".to_owned()),
            "sdm" => Some("estimator = 'spatial_durbin'\n".to_owned()),
            "spatial 2SLS, W2X=TRUE" => Some("estimator = 'spatial_2sls'\n".to_owned()),
            _ => None,
        },
        Some("spdep") if id.contains(".lmtest.") => lm("pooled", "spatial_lm"),
        Some(_) => None,
        None => exact(spec, effects),
    }
}

/// Tests of spreg's least squares, with the keys of the result that have their statistic and p.
const OLS: [(&str, &[[&str; 3]]); 6] = [
    (
        "spatial_lm",
        &[
            ["lm_error", "/lm_error/0", "/lm_error/1"],
            ["lm_lag", "/lm_lag/0", "/lm_lag/1"],
            ["robust_lm_error", "/rlm_error/0", "/rlm_error/1"],
            ["robust_lm_lag", "/rlm_lag/0", "/rlm_lag/1"],
            ["lm_sarma", "/lm_sarma/0", "/lm_sarma/1"],
        ],
    ),
    ("moran_residuals", &[["moran_residuals", "/moran_res/1", "/moran_res/2"]]),
    ("jarque_bera", &[["jarque_bera", "/jarque_bera/jb", "/jarque_bera/pvalue"]]),
    (
        "breusch_pagan_heteroskedasticity",
        &[["breusch_pagan_heteroskedasticity", "/breusch_pagan/bp", "/breusch_pagan/pvalue"]],
    ),
    ("koenker_bassett", &[["koenker_bassett", "/koenker_bassett/kb", "/koenker_bassett/pvalue"]]),
    ("white", &[["white", "/white/wh", "/white/pvalue"]]),
];

fn least_squares(report: &mut Report, own: &Estimation, result: &Value) {
    for [word, statistic, p] in OLS.iter().flat_map(|(_, tests)| tests.iter()) {
        let found = own.test(word);
        let at = |pointer: &str| result.pointer(pointer).cloned().unwrap_or(Value::Null);
        report.near(word, found.map(|own| own.statistic), &at(statistic), 1e-8, 0.0);
        report.near(&format!("p of {word}"), found.map(|own| own.p), &at(p), 1e-8, 0.0);
    }
    for (at, coefficient) in own.coefficients.iter().enumerate() {
        let name = &coefficient.name;
        report.near(name, Some(coefficient.value), &result["betas"][at], 1e-8, 0.0);
        report.near(&format!("se {name}"), Some(coefficient.error), &result["se"][at], 1e-8, 0.0);
    }
    let sigma2 = own.statistic("sigma").map(|own| own * own);
    let numbers = [("r2", own.statistic("r2")), ("sig2", sigma2)];
    for (key, found) in numbers.into_iter().chain([("logll", own.statistic("log_likelihood"))]) {
        report.near(key, found, &result[key], 1e-8, 0.0);
    }
}

fn exact(spec: &Value, effects: &str) -> Option<String> {
    if spec["tests"].is_string() {
        let estimator = match effects {
            "none" => "estimator = 'pooled'\n".to_owned(),
            effects => format!("estimator = 'within'\neffects = '{effects}'\n"),
        };
        return Some(format!("{estimator}tests = ['spatial_lm']\n"));
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
    Some(format!("estimator = '{estimator}'\neffects = '{effects}'\napproach = '{approach}'\n"))
}

/// The model file of a case.
pub fn model(case: &Value) -> Option<String> {
    let lines = lines(case)?;
    let (y, x) = equation(&case["spec"])?;
    let text = head(case)?;
    let x = list(&x);
    Some(format!(
        "{text}[[model]]\nname = 'm'\ndependent = '{y}'\nregressors = {x}\nweights_matrix = 'W'\n{lines}"
    ))
}

/// A test that is all of a case.
fn test(report: &mut Report, own: &Estimation, case: &Value) {
    let (id, result) = (case["id"].as_str().unwrap_or(""), &case["result"]);
    let word = match id.rsplit('.').next().unwrap_or("") {
        "lml" | "panel_LMlag" | "LMlag" => "lm_lag",
        "lme" | "panel_LMerror" | "LMerr" => "lm_error",
        "rlml" | "panel_rLMlag" | "RLMlag" => "robust_lm_lag",
        "SARMA" => "lm_sarma",
        "LMH" => "bsk_joint",
        "LM1" => "bsk_effects",
        "LM2" => "bsk_spatial",
        _ => "robust_lm_error",
    };
    let found = own.test(word);
    for (keys, found) in [
        (["statistic", "stat"], found.map(|own| own.statistic)),
        (["p", "p"], found.map(|own| own.p)),
    ] {
        let value =
            keys.iter().map(|key| &result[*key]).find(|own| !own.is_null()).unwrap_or(&Value::Null);
        let value = value.get(0).unwrap_or(value);
        let value = value.get(0).unwrap_or(value);
        report.near(keys[0], found, value, 1e-8, if keys[0] == "p" { 1e-9 } else { 0.0 });
    }
}

/// Compares an estimate of another program, which iterates: 1e-6. Where the program lists coefficients in its own
/// order, `names` says which is which.
fn other(report: &mut Report, own: &Estimation, case: &Value) {
    let result = &case["result"];
    let spatial = own.coefficients.iter().find(|own| own.name == "rho" || own.name == "lambda");
    // splm calls the coefficient of the lag lambda and that of the error rho.
    let both = case["spec"]["model"] == "SARAR";
    let find = |name: &str| match name {
        "lambda" if both => own.coefficient("rho"),
        "rho" if both => own.coefficient("lambda"),
        "lambda" | "rho" | "Rho" | "W_dep_var" | "W_CRIME" => spatial,
        "CONSTANT" | "(Intercept)" => own.coefficient("(Intercept)"),
        name => {
            let name = name.replace("lag.", "W:").replace("W_", "W:");
            own.coefficients.iter().find(|own| own.name == name)
        }
    };
    let (names, values): (Vec<String>, Vec<Value>) = match (&result["coef"], &result["names"]) {
        (Value::Object(coef), _) => {
            coef.iter().map(|(name, value)| (name.clone(), value.clone())).unzip()
        }
        (_, Value::Array(names)) => {
            let names: Vec<String> =
                names.iter().filter_map(|name| Some(name.as_str()?.to_owned())).collect();
            (names, result["betas"].as_array().cloned().unwrap_or_default())
        }
        (_, Value::Null) if result["betas"].is_array() => {
            // Without names: a constant, the regressors, the spatial lag.
            let x = equation(&case["spec"]).map(|own| own.1).unwrap_or_default();
            let first = std::iter::once("CONSTANT".to_owned());
            let names = first.chain(x).chain(["W_dep_var".to_owned()]).collect();
            (names, result["betas"].as_array().cloned().unwrap_or_default())
        }
        _ => return,
    };
    // splm numbers its errors in its own order: spatial coefficients, then regressors as in the formula.
    let regressors = equation(&case["spec"]).map(|own| own.1).unwrap_or_default();
    let place = |name: &String| match name.as_str() {
        "lambda" | "Rho" => 0,
        "rho" => 1,
        "(Intercept)" => 2,
        name => 3 + regressors.iter().position(|own| own == name).unwrap_or(0),
    };
    let mut order: Vec<usize> = (0..names.len()).collect();
    if result["coef"].is_object() {
        order.sort_by_key(|at| place(&names[*at]));
    }
    for (at, own_at) in order.into_iter().enumerate() {
        let (name, value) = (&names[own_at], &values[own_at]);
        let found = find(name);
        // spreg's phi is the share of means that quasi-demeaning leaves.
        let of_variance = match name.as_str() {
            "phi" => own.statistic("theta").map(|theta| 1.0 - theta),
            "sig2_u" => own.statistic("sigma2_unit"),
            _ => None,
        };
        let errors = &result["se"];
        let error = errors
            .get(name.as_str())
            .or_else(|| errors.get((at + 1).to_string()))
            .or_else(|| errors.get(at));
        let scale = 0.01 * error.and_then(Value::as_f64).unwrap_or(0.0);
        let estimate = of_variance.or(found.map(|own| own.value));
        report.near(name, estimate, value, 1e-6, scale);
        if let Some(error) = error {
            report.near(&format!("se {name}"), found.map(|own| own.error), error, 1e-6, 0.0);
        }
    }
    for (key, name) in [("rho", "rho"), ("lambda", "lambda")] {
        if result[key].is_number() {
            report.near(key, spatial.map(|own| own.value), &result[key], 1e-6, 0.0);
            report.near(
                &format!("se {key}"),
                spatial.map(|own| own.error),
                &result[format!("se_{name}")],
                1e-6,
                0.0,
            );
        }
    }
    for (part, key) in [("errcomp", "se_errcomp"), ("arcoef", "se_arcoef")] {
        for (name, value) in result[part].as_object().into_iter().flatten() {
            let found = if name == "phi" { own.coefficient("phi") } else { spatial };
            report.near(name, found.map(|own| own.value), value, 1e-6, 0.0);
            let error = &result[key][name.as_str()];
            report.near(&format!("se {name}"), found.map(|own| own.error), error, 1e-6, 0.0);
        }
    }
    let random = own.coefficient("phi").is_some();
    if (both || random) && own.statistic("score").is_none_or(|score| score > 1e-8) {
        report.wrong(format!("the score is {:?}, not zero", own.statistic("score")));
    }
    let (n, periods) =
        (own.statistic("observations").unwrap_or(0.0), own.statistic("periods").unwrap_or(1.0));
    let id = case["id"].as_str().unwrap_or("");
    let two_pi = 2.0 * std::f64::consts::PI;
    // What other programs leave out of the likelihood: README of the references.
    let shift = match case["tool"].as_str() {
        Some("splm") if id.contains(".sem.fe.") => 0.5 * n * (n.ln() - two_pi.ln() - 1.0),
        // φ ends the list: `n ln φ` of the likelihood is left out.
        Some("spreg") if id.ends_with("Panel_RE_Lag") => {
            let phi = result["betas"].as_array().and_then(|own| own.last()?.as_f64());
            own.statistic("units").unwrap_or(0.0) * phi.unwrap_or(f64::NAN).ln()
        }
        Some("spreg") if id.contains("Panel_") => 0.5 * n * n.ln(),
        _ => 0.0,
    };
    // splm's Lee–Yu keeps the likelihood of the direct estimate and scales its variance.
    let lee_yu = id.ends_with(".leeyu");
    for key in ["loglik", "logll"] {
        if let (Some(value), false) = (result[key].as_f64(), lee_yu) {
            report.near(
                key,
                own.statistic("log_likelihood"),
                &Value::from(value + shift),
                1e-6,
                0.0,
            );
            let higher =
                own.statistic("log_likelihood").is_some_and(|own| own >= value + shift - 1e-7);
            if !higher {
                report.wrong(format!("{key}: the other program has a higher likelihood"));
            }
        }
    }
    for key in ["sigma2", "sig2", "s2"] {
        if result[key].is_number() {
            let scale = if lee_yu && id.contains(".time.") {
                result[key].as_f64().unwrap_or(0.0)
            } else {
                0.0
            };
            let _ = (scale, periods);
            let sigma2 = own.coefficient("sigma2").map(|own| own.value);
            let found = sigma2.or_else(|| own.statistic("sigma").map(|own| own * own));
            report.near(key, found, &result[key], 1e-6, 0.0);
        }
    }
    for (at, kind) in ["direct", "indirect", "total"].into_iter().enumerate() {
        for (term, value) in result["impacts"][kind].as_object().into_iter().flatten() {
            let found = own.effects.iter().find(|own| own.name == *term);
            report.near(
                &format!("{kind} {term}"),
                found.map(|own| own.values[at]),
                value,
                1e-6,
                0.0,
            );
        }
    }
}

/// Compares a case.
pub fn compare(case: &Value, text: &str, data: &Path) -> Result<(), String> {
    let found = estimate_all(text, data)?;
    let own = &found[0];
    let result = &case["result"];
    let mut report = Report::of(case["name"].as_str().unwrap_or(""));
    if !case["tool"].is_null() {
        if result["jarque_bera"].is_object() {
            least_squares(&mut report, own, result);
        } else if result["coef"].is_object() || result["betas"].is_array() {
            other(&mut report, own, case);
        } else {
            test(&mut report, own, case);
        }
        return report.finish().map_err(|gaps| format!("{gaps}\n{text}"));
    }
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
