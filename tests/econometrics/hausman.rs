//! Hausman's test of spatial models: what splm and spreg make of it from the same two estimates, and the test itself.

use std::path::Path;

use irio::estimation::Estimation;
use irio::linalg::Dense;
use irio::linalg::small::{form, inverse, part};
use serde_json::Value;

use super::files::{equation, estimate_all, head, list};
use super::near::Report;

/// Fixed effects, random effects and the test, in one model file.
pub fn model(case: &Value) -> Option<String> {
    let id = case["id"].as_str()?;
    let information = match id {
        _ if id.contains(".sphtest.slm") => "conditional",
        _ if id.ends_with(".hausman_lag") => "expected",
        _ => return None,
    };
    let (y, x) = equation(&case["spec"])?;
    let common = format!(
        "dependent = '{y}'\nregressors = {}\nweights_matrix = 'W'\nestimator = 'spatial_lag'\n",
        list(&x)
    );
    Some(format!(
        "{}[[model]]\nname = 'fixed'\n{common}effects = 'individual'\ntests = ['hausman_spatial']\n\n\
         [[model]]\nname = 'random'\n{common}effects = 'random'\ninformation = '{information}'\n",
        head(case)?
    ))
}

/// Coefficients by name, with their covariance, after `of` of the covariance of the parameters that count.
fn numbers(own: &Estimation, names: &[String], given_variances: bool) -> (Vec<f64>, Dense) {
    let place = |name: &String| own.coefficients.iter().position(|own| own.name == *name).unwrap();
    let places: Vec<usize> = names.iter().map(place).collect();
    let values = places.iter().map(|at| own.coefficients[*at].value).collect();
    if !given_variances {
        return (values, part(&own.covariance, &places, &places));
    }
    // Of the information, the rows of b and ρ alone.
    let known = |name: &str| name != "phi" && name != "sigma2";
    let kept: Vec<usize> =
        (0..own.coefficients.len()).filter(|at| known(&own.coefficients[*at].name)).collect();
    let information = inverse(&own.covariance).unwrap();
    let covariance = inverse(&part(&information, &kept, &kept)).unwrap();
    let places: Vec<usize> =
        places.iter().map(|at| kept.iter().position(|own| own == at).unwrap()).collect();
    (values, part(&covariance, &places, &places))
}

/// `d' (V_a − V_b)⁻¹ d`
fn statistic(a: &(Vec<f64>, Dense), b: &(Vec<f64>, Dense)) -> f64 {
    let d: Vec<f64> = a.0.iter().zip(&b.0).map(|(a, b)| a - b).collect();
    let mut v = a.1.clone();
    v.values_mut().iter_mut().zip(b.1.values()).for_each(|(a, b)| *a -= b);
    form(&inverse(&v).unwrap(), &d)
}

/// The other program's statistic by what it computes; irio's by the definition.
pub fn compare(case: &Value, text: &str, data: &Path) -> Result<(), String> {
    let found = estimate_all(text, data)?;
    let (fixed, random) = (&found[0], &found[1]);
    let mut report = Report::of(case["name"].as_str().unwrap_or(""));
    let mut names = equation(&case["spec"]).ok_or("no equation")?.1;
    if case["tool"] == "splm" {
        // V_RE less V_FE, and the sign of what comes out is taken away.
        let (a, b) = (numbers(random, &names, false), numbers(fixed, &names, false));
        let expected = &case["result"]["statistic"][0][0];
        report.near("statistic by splm", Some(statistic(&a, &b).abs()), expected, 1e-6, 0.0);
        if statistic(&b, &a) >= 0.0 {
            report.wrong("the covariances of splm do differ as they should".to_owned());
        }
        return report.finish();
    }
    names.push("rho".to_owned());
    let (a, b) = (numbers(random, &names, true), numbers(fixed, &names, true));
    report.near("statistic by spreg", Some(statistic(&a, &b)), &case["result"]["stat"], 1e-6, 0.0);
    // What is told of the fixed effects is against random ones with the same information.
    let (a, b) = (numbers(fixed, &names, false), numbers(random, &names, false));
    let own = fixed.test("hausman_spatial");
    let expected = Value::from(statistic(&a, &b));
    report.near("own statistic", own.map(|own| own.statistic), &expected, 1e-8, 0.0);
    if own.is_none_or(|own| own.statistic < 0.0) {
        report.wrong("the test has no positive statistic".to_owned());
    }
    report.finish()
}
