//! Spatial models of a model file, on the shipped panel of regions: random effects, regressors' lags, and tests between
//! models, held against what follows from their definitions.

use irio::estimation::{Estimation, estimate};
use irio::input::TextFile;
use irio::input::model::read_text;

/// Models with the given lines, each with a name; or what is wrong with the first that cannot be estimated.
fn attempt(models: &[(&str, &str)]) -> Result<Vec<Estimation>, String> {
    let mut text = String::from(
        "irio_model = 1\nname = 'm'\n[panel]\nfile = 'tables/panels/regions.csv'\nid = 'region'\ntime = 'year'\n\
         [[weights]]\nname = 'W'\nkind = 'list'\nfile = 'tables/panels/neighbours.csv'\nid = 'region'\n\
         standardize = 'row'\n[variables]\ny = 'log(co2)'\na = 'log(output / area)'\nb = 'log(energy_per_worker)'\n\
         [defaults]\ndependent = 'y'\nregressors = ['a', 'b']\nweights_matrix = 'W'\n",
    );
    for (name, lines) in models {
        text.push_str(&format!("[[model]]\nname = '{name}'\n{lines}\n"));
    }
    let file = TextFile { path: "m.toml".into(), text, sha256: String::new() };
    let read = read_text(&file, None).map_err(|faults| faults.to_string())?;
    let one = |(at, model)| {
        estimate(&read.panel, &read.weights, model)
            .map_err(|errors| read.locate(at, &errors).to_string())
    };
    read.models.iter().enumerate().map(one).collect()
}

fn estimates(models: &[(&str, &str)]) -> Vec<Estimation> {
    attempt(models).unwrap_or_else(|wrong| panic!("{wrong}"))
}

fn likelihood(own: &Estimation) -> f64 {
    own.statistic("log_likelihood").unwrap()
}

#[test]
fn a_durbin_model_is_reduced_by_likelihoods_and_by_wald() {
    for effects in ["individual", "two_way", "random"] {
        let of = |estimator: &str| format!("estimator = '{estimator}'\neffects = '{effects}'\n");
        let durbin = of("spatial_durbin") + "tests = ['spatial_reduction']\n";
        let (lag, error) = (of("spatial_lag"), of("spatial_error"));
        let found = estimates(&[("sdm", &durbin), ("slm", &lag), ("sem", &error)]);
        for (word, less) in [("lag", &found[1]), ("error", &found[2])] {
            let lr = found[0].test(&format!("lr_{word}")).unwrap();
            let expected = 2.0 * (likelihood(&found[0]) - likelihood(less));
            assert!((lr.statistic - expected).abs() < 1e-7, "{effects} {word}");
            let wald = found[0].test(&format!("wald_{word}")).unwrap();
            // Both are χ² with as many degrees of freedom as regressors, and near each other.
            assert_eq!(lr.distribution, wald.distribution, "{effects} {word}");
            let gap = (lr.statistic - wald.statistic).abs();
            assert!(gap < 0.3 * lr.statistic + 0.5, "{effects} {word}: {lr:?} {wald:?}");
        }
    }
}

#[test]
fn lags_of_regressors_are_least_squares_with_their_effects() {
    for effects in ["none", "individual", "time", "two_way"] {
        let of = |estimator: &str| format!("estimator = '{estimator}'\neffects = '{effects}'\n");
        let found = estimates(&[("slx", &of("spatial_slx")), ("sdm", &of("spatial_durbin"))]);
        let value = |name: &str| found[0].coefficient(name).unwrap().value;
        for effect in &found[0].effects {
            let (direct, indirect) = (value(&effect.name), value(&format!("W:{}", effect.name)));
            for (found, expected) in effect.values.iter().zip([direct, indirect, direct + indirect])
            {
                assert!((found - expected).abs() < 1e-12, "{effects}: {effect:?}");
            }
            let error = found[0].coefficient(&effect.name).unwrap().error;
            assert!((effect.errors[0] - error).abs() < 1e-12);
        }
        assert_eq!(found[0].effects.len(), 2);
        // The Durbin model with ρ = 0 is among those that its likelihood was highest of.
        assert!(likelihood(&found[0]) < likelihood(&found[1]) + 1e-9, "{effects}");
    }
}

#[test]
fn random_effects_of_units_have_direct_and_indirect_effects() {
    let lines = "estimator = 'spatial_lag'\neffects = 'random'\n";
    let found = &estimates(&[("re", lines)])[0];
    let phi = found.coefficient("phi").unwrap().value;
    let theta = 1.0 - 1.0 / (1.0 + found.statistic("periods").unwrap() * phi).sqrt();
    assert!((found.statistic("theta").unwrap() - theta).abs() < 1e-14);
    assert!(found.statistic("score").unwrap() < 1e-8);
    let rho = found.coefficient("rho").unwrap().value;
    for effect in &found.effects {
        // Rows sum to one: the total effect is b / (1 − ρ).
        let expected = found.coefficient(&effect.name).unwrap().value / (1.0 - rho);
        assert!((effect.values[2] - expected).abs() < 1e-12 * expected.abs());
        assert!(effect.errors.iter().all(|own| *own > 0.0));
    }
    assert_eq!(found.effects.len(), 2);
}

#[test]
fn a_test_that_cannot_be_had_says_what_to_do() {
    let corrected = "estimator = 'spatial_durbin'\neffects = 'two_way'\napproach = 'bias_corrected'\ntests = ['spatial_reduction']\n";
    let wrong = attempt(&[("m", corrected)]).err().unwrap();
    let expected = "a bias-corrected estimate has no likelihood: approach = \"direct\"";
    assert!(wrong.contains(expected) && wrong.contains("tests = "), "{wrong}");
    // A panel drawn with two-way effects: those of periods are in neither of the two. The rest is told all the same.
    let hausman = "estimator = 'spatial_lag'\neffects = 'random'\ntests = ['hausman_spatial']\n";
    let found = &estimates(&[("m", hausman)])[0];
    let test = found.test("hausman_spatial").unwrap();
    assert!(test.statistic < 0.0 && test.p.is_nan());
    let advice =
        "below zero, so it tells nothing: instead test the regressors' means by unit, mean(x, id)";
    assert!(test.about.contains(advice), "{}", test.about);
}
