//! Cases of least squares: plm, sandwich, AER, pyfixest, linearmodels.

use std::path::Path;

use irio::estimation::Estimation;
use serde_json::Value;

use super::files::{equation, estimate_all, head, list, split};
use super::near::Report;

/// One model of a case: its lines, and where its numbers stand in the result.
struct Variant {
    lines: String,
    /// Pointer to the standard errors.
    errors: &'static str,
    name: String,
}

fn variant(name: &str, errors: &'static str, lines: impl Into<String>) -> Variant {
    Variant { lines: lines.into(), errors, name: name.to_owned() }
}

/// Covariances of plm's within cases, by their name in the case.
const PLM: [(&str, &str); 10] = [
    ("classical", "covariance = 'classical'"),
    ("arellano_HC0_group", "covariance = 'cluster'\ncluster = 'individual'"),
    (
        "arellano_sss_group",
        "covariance = 'cluster'\ncluster = 'individual'\nsmall_sample = 'plm-sss'",
    ),
    ("arellano_HC0_time", "covariance = 'cluster'\ncluster = 'time'"),
    ("white1_HC0", "covariance = 'HC0'"),
    ("double_HC0", "covariance = 'cluster'\ncluster = ['individual', 'time']"),
    ("driscoll_kraay_maxlag2_HC0", "covariance = 'driscoll_kraay'\nlags = 2"),
    ("driscoll_kraay_default_HC0", "covariance = 'driscoll_kraay'"),
    ("newey_west_panel_maxlag2_HC0", "covariance = 'newey_west'\nlags = 2"),
    ("beck_katz_HC0", "covariance = 'beck_katz'"),
];

fn effects(word: &str) -> Option<&'static str> {
    Some(match word {
        "individual" => "estimator = 'within'\neffects = 'individual'\n",
        "time" => "estimator = 'within'\neffects = 'time'\n",
        "twoways" => "estimator = 'within'\neffects = 'two_way'\n",
        "pooled" => "estimator = 'pooled'\n",
        _ => return None,
    })
}

fn variants(case: &Value) -> Option<Vec<Variant>> {
    let spec = &case["spec"];
    let text = |key: &str| spec[key].as_str().unwrap_or("");
    match case["tool"].as_str()? {
        "plm" if spec["test"].is_string() => {
            let test = match text("test") {
                own if own.starts_with("Hausman FE") => "hausman",
                own if own.starts_with("Hausman auxiliary") => "hausman_auxiliary",
                "LM test for individual effects, bp" => "breusch_pagan",
                "LM test for individual effects, honda" => "honda",
                own if own.starts_with("Wooldridge") => "wooldridge",
                own if own.starts_with("Breusch-Godfrey") => "breusch_godfrey",
                "Lind-Mehlum" => {
                    let vcov = match text("vcov") {
                        "classical" => "",
                        _ => "covariance = 'cluster'\nsmall_sample = 'plm'\n",
                    };
                    let quadratic = format!("quadratic = ['{}', '{}']\n", text("x"), text("x2"));
                    return Some(vec![variant(
                        "utest",
                        "/se",
                        format!("{}{vcov}{quadratic}", effects(text("effect"))?),
                    )]);
                }
                _ => return None,
            };
            let lines =
                format!("{}small_sample = 'plm'\ntests = ['{test}']\n", effects("individual")?);
            Some(vec![variant(test, "", lines)])
        }
        "plm" if spec["inst_method"].is_string() => {
            let estimator = match (text("model"), text("inst_method")) {
                ("within", _) => "estimator = 'within'\neffects = 'individual'\n",
                (_, "bvk") => "estimator = 'random'\ninstrument_method = 'G2SLS'\n",
                _ => "estimator = 'random'\ninstrument_method = 'EC2SLS'\n",
            };
            let mut all = vec![variant("iv", "/se", format!("{estimator}small_sample = 'plm'\n"))];
            if case["result"]["se_arellano_HC0"].is_object() {
                let lines = format!("{estimator}covariance = 'cluster'\nsmall_sample = 'plm'\n");
                all.push(variant("iv_arellano", "/se_arellano_HC0", lines));
            }
            Some(all)
        }
        "plm" => match text("model") {
            "pooling" => Some(vec![variant("pooled", "/se", "estimator = 'pooled'\n")]),
            "between" => Some(vec![variant("between", "/se", "estimator = 'between'\n")]),
            "fd" => Some(vec![variant("fd", "/se", "estimator = 'first_differences'\n")]),
            "within" => {
                let estimator = effects(text("effect"))?;
                let one = |(name, lines): &(&'static str, &str)| {
                    let rule =
                        if lines.contains("small_sample") { "" } else { "small_sample = 'plm'\n" };
                    let tests = if *name == "classical" {
                        "tests = ['poolability', 'pesaran_cd']\n"
                    } else {
                        ""
                    };
                    let pointer: &'static str = Box::leak(format!("/se/{name}").into_boxed_str());
                    variant(name, pointer, format!("{estimator}{lines}\n{rule}{tests}"))
                };
                Some(PLM.iter().map(one).collect())
            }
            "random" => {
                let two_way = text("effect") == "twoways";
                let components = match text("random_method") {
                    "swar" => "swamy_arora",
                    "amemiya" => "amemiya",
                    "walhus" => "wallace_hussain",
                    _ => "nerlove",
                };
                let word = if two_way { "two_way" } else { "individual" };
                let estimator = format!(
                    "estimator = 'random'\neffects = '{word}'\ncomponents = '{components}'\nsmall_sample = 'plm'\n"
                );
                let mut all = vec![variant("random", "/se", estimator.clone())];
                if !two_way {
                    all.push(variant(
                        "arellano",
                        "/se_arellano_HC0",
                        format!("{estimator}covariance = 'cluster'\n"),
                    ));
                }
                Some(all)
            }
            _ => None,
        },
        "sandwich" => {
            let one = |name: &str, pointer: &'static str, lines: &str| {
                variant(name, pointer, format!("estimator = 'pooled'\n{lines}\n"))
            };
            Some(vec![
                one("classical", "/se_classical", ""),
                one("HC0", "/se_HC0", "covariance = 'HC0'\nsmall_sample = 'plm'"),
                one("HC1", "/se_HC1", "covariance = 'HC1'"),
                one("HC2", "/se_HC2", "covariance = 'HC2'\nsmall_sample = 'plm'"),
                one("HC3", "/se_HC3", "covariance = 'HC3'\nsmall_sample = 'plm'"),
                one("CL", "/se_CL_HC1", "covariance = 'cluster'\nsmall_sample = 'fixest'"),
                one("CL0", "/se_CL_HC0_nocadj", "covariance = 'cluster'\nsmall_sample = 'plm'"),
            ])
        }
        "spdep" if text("model") == "OLS" => {
            Some(vec![variant("ols", "/se", "estimator = 'pooled'\n")])
        }
        "AER" => Some(vec![
            variant("classical", "/se", "estimator = 'pooled'\n"),
            variant(
                "HC0",
                "/se_HC0",
                "estimator = 'pooled'\ncovariance = 'HC0'\nsmall_sample = 'plm'\n",
            ),
            variant("HC1", "/se_HC1", "estimator = 'pooled'\ncovariance = 'HC1'\n"),
        ]),
        "pyfixest" => {
            let vcov = match text("vcov") {
                "iid" => "covariance = 'classical'",
                "hetero" => "covariance = 'HC1'",
                "CRV1_id" | "CRV1 id" => "covariance = 'cluster'\ncluster = 'individual'",
                "CRV1_time" => "covariance = 'cluster'\ncluster = 'time'",
                "CRV1_id_time" => "covariance = 'cluster'\ncluster = ['individual', 'time']",
                "CRV3_id" => "covariance = 'CR3'\ncluster = 'individual'",
                "NW lag=2" => "covariance = 'newey_west'\nlags = 2",
                "DK lag=2" => "covariance = 'driscoll_kraay'\nlags = 2",
                _ => return None,
            };
            Some(vec![variant(
                "pyfixest",
                "/se",
                format!("{}{vcov}\nsmall_sample = 'fixest'\n", effects(text("fe"))?),
            )])
        }
        "linearmodels" => {
            let vcov = match text("cov_type") {
                "unadjusted" => "covariance = 'classical'",
                "robust" => "covariance = 'HC1'",
                "clustered" | "clustered_entity" => {
                    "covariance = 'cluster'\ncluster = 'individual'"
                }
                "clustered_time" => "covariance = 'cluster'\ncluster = 'time'",
                "clustered_both" => "covariance = 'cluster'\ncluster = ['individual', 'time']",
                "kernel_bartlett_bw2" => "covariance = 'driscoll_kraay'\nlags = 2",
                "" => "covariance = 'classical'",
                _ => return None,
            };
            let estimator = match text("model") {
                "" => effects(text("fe")).unwrap_or("estimator = 'pooled'\n"),
                "pooled" => "estimator = 'pooled'\n",
                "between" => "estimator = 'between'\n",
                "random" => "estimator = 'random'\n",
                _ => return None,
            };
            let tests = if estimator.contains("within") { "tests = ['poolability']\n" } else { "" };
            let lines = format!("{estimator}{vcov}\nsmall_sample = 'linearmodels'\n{tests}");
            Some(vec![variant("linearmodels", "/se", lines)])
        }
        _ => None,
    }
}

/// Regressors, with instruments as lines of the model.
fn regressors(case: &Value) -> Option<(String, Vec<String>, String)> {
    let spec = &case["spec"];
    let (y, x) = equation(spec)?;
    let mut more = String::new();
    if let Some((_, instruments)) = spec["formula"].as_str().and_then(|own| own.split_once('|')) {
        // `. - a + b` is all but a, and b besides.
        let terms = split(&instruments.replace('-', "+-"), '+');
        let dotted = terms.iter().any(|term| term == ".");
        let own: Vec<String> = terms
            .iter()
            .filter(|term| *term != "." && !term.starts_with('-') && !term.is_empty())
            .cloned()
            .collect();
        let bare = |text: &String| text.replace(' ', "");
        let endogenous: Vec<String> = if dotted {
            terms
                .iter()
                .filter_map(|term| Some(term.strip_prefix('-')?.trim().to_owned()))
                .collect()
        } else {
            let instruments = instruments.replace(' ', "");
            let parts: Vec<String> = split(&instruments, '+');
            x.iter().filter(|x| !parts.contains(&bare(x))).cloned().collect()
        };
        let excluded: Vec<String> = if dotted {
            own
        } else {
            let known: Vec<String> = x.iter().map(bare).collect();
            split(instruments, '+')
                .into_iter()
                .filter(|term| !known.contains(&bare(term)))
                .collect()
        };
        more = format!("endogenous = {}\ninstruments = {}\n", list(&endogenous), list(&excluded));
    }
    if let (Some(endogenous), Some(instruments)) =
        (spec["endog"].as_str(), spec["instruments"].as_array())
    {
        let names: Vec<String> =
            instruments.iter().filter_map(|own| Some(own.as_str()?.to_owned())).collect();
        more = format!("endogenous = ['{endogenous}']\ninstruments = {}\n", list(&names));
    }
    Some((y, x, more))
}

/// The model file of a case.
pub fn model(case: &Value) -> Option<String> {
    let variants = variants(case)?;
    let (y, x, more) = regressors(case)?;
    let mut text = head(case)?;
    text += &format!("[defaults]\ndependent = '{y}'\nregressors = {}\n{more}", list(&x));
    // China's regions.
    let id = case["id"].as_str()?;
    if let Some(region) =
        ["east", "central", "west"].iter().find(|own| id.starts_with(&format!("china.{own}.")))
    {
        text += &format!("sample = \"region3 == '{region}'\"\n");
    }
    for own in variants {
        text += &format!("\n[[model]]\nname = '{}'\n{}", own.name, own.lines);
    }
    Some(text)
}

/// Compares every model of a case.
pub fn compare(case: &Value, text: &str, data: &Path) -> Result<(), String> {
    let found = estimate_all(text, data)?;
    let result = &case["result"];
    let mut report = Report::of(case["name"].as_str().unwrap_or(""));
    for (own, variant) in found.iter().zip(variants(case).unwrap_or_default()) {
        if variant.errors.is_empty() {
            test(&mut report, own, &variant.name, result);
            continue;
        }
        coefficients(&mut report, own, &variant, result);
    }
    whole(&mut report, &found[0], case);
    report.finish().map_err(|gaps| format!("{gaps}\n{text}"))
}

fn bare(name: &str) -> String {
    name.replace(' ', "")
}

fn named<'a>(own: &'a Estimation, name: &str) -> Option<&'a irio::estimation::Coefficient> {
    let name = match name {
        "const" | "Intercept" => "(Intercept)".to_owned(),
        name => bare(name),
    };
    own.coefficients.iter().find(|own| bare(&own.name) == name)
}

fn coefficients(report: &mut Report, own: &Estimation, variant: &Variant, result: &Value) {
    let name = &variant.name;
    let Some(expected) = result["coef"].as_object() else { return };
    let errors = result.pointer(variant.errors);
    for (term, value) in expected {
        let found = named(own, term);
        let error = errors.map_or(0.0, |errors| errors[term].as_f64().unwrap_or(0.0));
        report.near(
            &format!("{name} {term}"),
            found.map(|own| own.value),
            value,
            1e-8,
            0.01 * error,
        );
        if let Some(errors) = errors.filter(|errors| errors[term].is_number()) {
            report.near(
                &format!("{name} se {term}"),
                found.map(|own| own.error),
                &errors[term],
                1e-8,
                0.0,
            );
        }
        for (key, value) in [("t", found.map(|own| own.statistic)), ("p", found.map(|own| own.p))] {
            if let Some(expected) = result[key].as_object() {
                let scale = if key == "p" { 1e-6 } else { 0.0 };
                report.near(&format!("{name} {key} {term}"), value, &expected[term], 1e-7, scale);
            }
        }
    }
    if let Some(rows) = result["vcov"].as_array() {
        let scale = |at: usize| own.covariance[(at, at)].abs().sqrt();
        for (i, row) in rows.iter().enumerate() {
            for (j, value) in row.as_array().into_iter().flatten().enumerate() {
                let found = (i < own.coefficients.len()).then(|| own.covariance[(i, j)]);
                report.near(
                    &format!("{name} vcov {i} {j}"),
                    found,
                    value,
                    1e-8,
                    scale(i) * scale(j),
                );
            }
        }
    }
}

fn test(report: &mut Report, own: &Estimation, name: &str, result: &Value) {
    let Some(found) = own.tests.iter().find(|own| own.name == name) else {
        report.wrong(format!("no test {name}"));
        return;
    };
    report.near(name, Some(found.statistic), &result["statistic"], 1e-8, 0.0);
    report.near(&format!("p of {name}"), Some(found.p), &result["p"], 1e-7, 1e-9);
}

/// Numbers of the whole.
fn whole(report: &mut Report, own: &Estimation, case: &Value) {
    let result = &case["result"];
    let plm = case["tool"] == "plm";
    let within = own.statistic("r2_within").is_some();
    let r2 = if within && case["tool"] != "pyfixest" { "r2_within" } else { "r2" };
    let of_units = if case["tool"] == "linearmodels" { "r2_within_units" } else { "r2_within" };
    for (key, word) in [
        ("r2", r2),
        ("r2_within", of_units),
        ("r2_between", "r2_between"),
        ("r2_overall", "r2_overall"),
        ("r2_inclusive", "r2"),
        (
            "adj_r2",
            if within && case["tool"] != "pyfixest" { "adjusted_r2_within" } else { "adjusted_r2" },
        ),
        ("ssr", "ssr"),
        ("df_resid", "df_residual"),
        ("nobs", "observations"),
        ("loglik", "log_likelihood"),
        ("aic", "aic"),
        ("bic", "bic"),
        ("sigma2_idios", "sigma2_idiosyncratic"),
        ("sigma2_id", "sigma2_unit"),
        ("theta", "theta"),
        ("overall_intercept", "overall_intercept"),
        ("sigma", "sigma"),
    ] {
        if result[key].is_number() {
            report.near(key, own.statistic(word), &result[key], 1e-8, 0.0);
        }
    }
    if plm && result["fixed_effects"].is_object() {
        for (label, value) in result["fixed_effects"].as_object().into_iter().flatten() {
            let found = own.fixed_effects.iter().find(|(_, own, _)| own == label).map(|own| own.2);
            report.near(&format!("effect of {label}"), found, value, 1e-8, 0.0);
        }
    }
    for (key, name) in [("F_poolability", "poolability"), ("pesaran_CD", "pesaran_cd")] {
        if result[key].is_object() {
            test(report, own, name, &result[key]);
        }
    }
    if result["turning_point"].is_number() {
        let Some(found) = &own.turning else {
            report.wrong("no turning point".to_owned());
            return;
        };
        for (key, value) in [
            ("turning_point", found.at),
            ("se_delta", found.error),
            ("slope_lo", found.slopes.0),
            ("slope_hi", found.slopes.1),
            ("t_lo", found.t.0),
            ("t_hi", found.t.1),
            ("p_lo_one_sided", found.p.0),
            ("p_hi_one_sided", found.p.1),
            ("utest_t", found.statistic()),
            ("utest_p", found.p_value()),
        ] {
            report.near(key, Some(value), &result[key], 1e-7, 1e-9);
        }
        for (key, interval) in [("fieller90", found.fieller90), ("fieller95", found.fieller95)] {
            if let (Some(ends), true) = (result[key].as_array(), result[key][0].is_number()) {
                report.near(key, interval.map(|own| own.0), &ends[0], 1e-7, 0.0);
                report.near(key, interval.map(|own| own.1), &ends[1], 1e-7, 0.0);
            } else if interval.is_some() {
                report.wrong(format!("{key}: an interval where none is bounded"));
            }
        }
    }
    if result["s2"].is_number() {
        // With clusters that hold the effects linearmodels does not count them.
        let nested = matches!(
            (case["spec"]["fe"].as_str(), case["spec"]["cov_type"].as_str()),
            (Some("individual"), Some("clustered_entity")) | (Some("time"), Some("clustered_time"))
        );
        let df = own.statistic("observations").unwrap_or(0.0) - own.coefficients.len() as f64;
        let s2 = if nested {
            own.statistic("ssr").map(|own| own / df)
        } else {
            own.statistic("sigma").map(|own| own * own)
        };
        report.near("s2", s2, &result["s2"], 1e-8, 0.0);
    }
    if result["f_pooled"].is_number() {
        let found = own.test("poolability");
        report.near("f_pooled", found.map(|own| own.statistic), &result["f_pooled"], 1e-8, 0.0);
        report.near("p of f_pooled", found.map(|own| own.p), &result["f_pooled_p"], 1e-7, 1e-9);
    }
    for key in ["sargan", "wu_hausman"] {
        if result[key].is_object() {
            let found = own.test(key);
            report.near(key, found.map(|own| own.statistic), &result[key]["stat"], 1e-8, 0.0);
            report.near(
                &format!("p of {key}"),
                found.map(|own| own.p),
                &result[key]["p"],
                1e-7,
                1e-9,
            );
        }
    }
    if result["first_stage"].is_object() {
        let first = own.first_stages.first();
        report.near(
            "partial R2",
            first.map(|own| own.partial_r_squared),
            &result["first_stage"]["partial_r2"],
            1e-8,
            0.0,
        );
    }
    if let Some(found) = result["diagnostics"].as_object() {
        for (name, own_name) in [("Sargan", "sargan"), ("Wu-Hausman", "wu_hausman")] {
            let test = own.tests.iter().find(|own| own.name == own_name);
            report.near(name, test.map(|own| own.statistic), &found[name]["statistic"], 1e-8, 0.0);
            report.near(name, test.map(|own| own.p), &found[name]["p-value"], 1e-7, 1e-9);
        }
        let first = own.first_stages.first().map(|own| own.test.statistic);
        report.near("first stage", first, &found["Weak instruments"]["statistic"], 1e-8, 0.0);
    }
}
