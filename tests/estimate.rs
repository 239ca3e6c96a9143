//! `irio estimate` through the program: shipped models and the truth of their panels, estimates that drive a scenario, and
//! what is said to bad model files, panels and weights.

#[macro_use]
#[path = "common/program.rs"]
mod program;

use std::fs;

use irio::tidy::{Column, Tidy};
use program::{Place, contents};

/// A place with the shipped panels and models.
fn shipped() -> Place {
    let place = Place::new();
    for folder in ["tables/panels", "scenarios/models"] {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                continue;
            }
            place.write(path.to_str().unwrap(), fs::read(&path).unwrap());
        }
    }
    place
}

fn tidy(place: &Place, name: &str) -> Tidy {
    Tidy::from_csv(&place.read(name)).unwrap()
}

/// Estimate and standard error of a number of a model.
fn estimate(place: &Place, folder: &str, model: &str, term: &str) -> (f64, f64) {
    let tidy = tidy(place, &format!("results/{folder}/coefficients.csv"));
    let number = |statistic| {
        tidy.sum_where(&[
            (Column::Scenario, model),
            (Column::Factor, term),
            (Column::Statistic, statistic),
        ])
    };
    (number("estimate"), number("std_error"))
}

#[test]
fn shipped_models_find_the_truth_of_their_panels() {
    let place = shipped();
    for name in ["densities", "densities-by-zone", "pollutants", "firms", "intensity"] {
        let run = place.irio(&["estimate", &format!("scenarios/models/{name}.toml")]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{name}");
        assert!(!run.stdout.contains("NaN"), "{name}: {}", run.stdout);
    }
    // Within three and a half standard errors: one draw of a thousand is not.
    for (folder, model, term, truth) in [
        ("densities", "OA", "lnOA", -0.26),
        ("densities", "OA", "lag(lnOA, 1)", 0.23),
        ("densities", "OA", "lag(lnOA, 2)", 0.0),
        ("densities", "OA", "lnEE", 0.4),
        ("densities", "OA", "lnIS", 0.37),
        ("densities", "OA", "rho", 0.25),
        ("densities-by-zone", "OA-east", "lnOA", -0.26),
        ("pollutants", "water", "lnAGG", 1.8),
        ("pollutants", "gas", "lnAGG2", -0.15),
        ("firms", "all", "cluster", -0.20 + 0.50 * -0.30),
        ("firms", "channel", "cluster", -0.20),
        ("firms", "channel", "digital", -0.30),
        ("intensity", "intensity", "lag(lnOA, 1)", -0.15),
    ] {
        let (value, error) = estimate(&place, folder, model, term);
        assert!(
            (value - truth).abs() < 3.5 * error,
            "{folder} {model} {term}: {value} ± {error}, truth {truth}"
        );
        assert!(error > 0.0);
    }
    let turning = tidy(&place, "results/pollutants/turning.csv");
    let number =
        |word| turning.sum_where(&[(Column::Scenario, "solid"), (Column::Statistic, word)]);
    assert!(number("fieller95_low") < 6.0 && 6.0 < number("fieller95_high"), "it turns at 6");
    assert!(number("utest_p") < 0.001);
    let readme = place.read("results/pollutants/README.md");
    assert!(readme.contains("`table.tex`") && readme.contains("sha256"), "{readme}");
}

#[test]
fn shipped_panels_are_those_that_the_program_makes() {
    let place = Place::new();
    for (file, of) in [
        ("regions", "regions"),
        ("firms", "firms"),
        ("sectors", "sectors"),
        ("neighbours", "neighbours"),
    ] {
        let name = format!("{file}.csv");
        let run = place.irio(&["init", "panel", &name, "--of", of]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(run.stdout.contains("synthetic"));
        assert!(
            place.read(&name) == fs::read_to_string(format!("tables/panels/{name}")).unwrap(),
            "{name}"
        );
    }
}

#[test]
fn what_is_missing_for_a_year_is_filled_where_that_is_asked() {
    let place = Place::new();
    small(&place, "p.csv", "a,2001", "a,2001");
    let panel: Vec<String> = place.read("p.csv").lines().map(str::to_owned).collect();
    let without: Vec<&String> = panel.iter().filter(|line| !line.starts_with("b,2001")).collect();
    place.write("p.csv", without.iter().map(|line| format!("{line}\n")).collect::<String>());
    place.patch("m.toml", "time = \"year\"", "time = \"year\"\nfill = \"neighbours\"");
    let run = place.irio(&["estimate", "m.toml"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let told = run.stdout.replace("\n  ", " ");
    assert!(told.contains("marked by filled = 1: 1 row (b 2001)"), "{told}");
    let fitted = place.read("results/m/fitted.csv");
    assert_eq!(
        fitted.lines().filter(|line| line.contains("2001") && line.contains(",b,")).count(),
        2
    );
    place.patch(
        "m.toml",
        "effects = \"individual\"",
        "effects = \"individual\"\nsample = \"filled == 0\"",
    );
    let run = place.irio(&["estimate", "m.toml"]);
    let fitted = place.read("results/m/fitted.csv");
    assert!(
        run.code == 0 && !fitted.lines().any(|line| line.contains("2001") && line.contains(",b,"))
    );
}

/// Slopes by group are not called what the groups are.
#[test]
fn interactions_with_a_factor_have_names_of_their_own() {
    let place = Place::new();
    let regressors = "regressors = [\"x\", \"factor(zone)\", \"x:factor(zone)\", \"log(x / 2):factor(zone)\"]\nmarginal = [\"x\"]";
    small(&place, "m.toml", "regressors = [\"x\"]", regressors);
    place.patch("m.toml", "within\"\neffects = \"individual\"", "pooled\"");
    let run = place.irio(&["estimate", "m.toml"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let found = place.read("results/m/coefficients.csv");
    for name in ["factor(zone)west", "x:factor(zone)east", "log(x / 2):factor(zone)west"] {
        assert!(found.contains(&format!("fe,{name},estimate")), "{name}: {found}");
    }
}

/// A list of borders that names each pair once is taken as it is, with a word.
#[test]
fn neighbours_of_one_direction_are_told() {
    let place = Place::new();
    small(
        &place,
        "m.toml",
        "kind = \"matrix\"\nfile = \"w.csv\"",
        "kind = \"list\"\nfile = \"l.csv\"\nislands = \"allow\"",
    );
    place.write("l.csv", "id,neighbour\na,b\nb,c\n");
    place.patch("m.toml", "within", "spatial_slx");
    let run = place.irio(&["estimate", "m.toml"]);
    let told = |run: &str| {
        run.replace("\n  ", " ").contains("no pair of the weights is there in both directions")
    };
    place.patch(
        "m.toml",
        "effects = \"individual\"",
        "effects = \"individual\"\nweights_matrix = \"W\"",
    );
    assert!(run.code != 0);
    let run = place.irio(&["estimate", "m.toml"]);
    assert!(run.code == 0 && told(&run.stdout), "{} {}", run.stderr, run.stdout);
    place.patch("m.toml", "islands", "symmetric = \"union\"\nislands");
    let run = place.irio(&["estimate", "m.toml"]);
    assert!(run.code == 0 && !told(&run.stdout), "{}", run.stderr);
}

/// Of a quadratic `b₁ + 2 b₂ x`, though the square is a variable of its own; with the errors of that.
#[test]
fn marginal_effects_go_through_every_regressor() {
    let place = Place::new();
    small(
        &place,
        "m.toml",
        "regressors = [\"x\"]",
        "regressors = [\"x\", \"square\"]\nmarginal = [\"x\"]",
    );
    place.patch("m.toml", "[[weights]]", "[variables]\nsquare = \"x^2\"\n\n[[weights]]");
    let run = place.irio(&["estimate", "m.toml"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("marginal effects, fe"), "{}", run.stdout);
    let of = |file: &str, key: &str| -> f64 {
        let text = place.read(&format!("results/m/{file}"));
        let line =
            text.lines().find(|line| line.starts_with(key)).unwrap_or_else(|| panic!("{key}"));
        line.rsplit(',').next().unwrap().parse().unwrap()
    };
    let (b1, b2) =
        (of("coefficients.csv", "fe,x,estimate"), of("coefficients.csv", "fe,square,estimate"));
    let v = |a: &str, b: &str| of("covariance.csv", &format!("fe,{a},{b}"));
    let mut x: Vec<f64> = PANEL
        .lines()
        .skip(1)
        .map(|line| line.split(',').nth(3).unwrap().parse().unwrap())
        .collect();
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    x.sort_by(f64::total_cmp);
    for (part, at) in [("average", mean), ("p50", x[x.len() / 2])] {
        let key = |word: &str| of("marginal.csv", &format!("fe,x,{part},{word}"));
        let error =
            (v("x", "x") + 4.0 * at * v("x", "square") + 4.0 * at * at * v("square", "square"))
                .sqrt();
        assert!((key("estimate") - (b1 + 2.0 * b2 * at)).abs() < 1e-9, "{part}");
        assert!((key("std_error") / error - 1.0).abs() < 1e-8, "{part}");
    }
    let spread = |column: usize| -> f64 {
        let own: Vec<f64> = PANEL
            .lines()
            .skip(1)
            .map(|line| line.split(',').nth(column).unwrap().parse().unwrap())
            .collect();
        let mean = own.iter().sum::<f64>() / own.len() as f64;
        own.iter().map(|value| (value - mean).powi(2)).sum::<f64>().sqrt()
    };
    let expected = 100.0 * b1 * spread(3) / spread(2);
    assert!((of("coefficients.csv", "fe,x,standardized_effect") / expected - 1.0).abs() < 1e-12);
}

/// Weights that count observations give what the rows give where each is repeated as often.
#[test]
fn counts_of_observations_are_repeated_rows() {
    let place = Place::new();
    let rows: Vec<[u32; 4]> =
        (0..24).map(|at: u32| [at % 3 + 1, at % 4, at * 7 % 11, at * at % 13]).collect();
    let (mut once, mut all) = ("n,g,x,y\n".to_owned(), "g,x,y\n".to_owned());
    for [n, g, x, y] in rows {
        once += &format!("{n},{g},{x},{y}\n");
        all += &format!("{g},{x},{y}\n").repeat(n as usize);
    }
    place.write("once.csv", once).write("all.csv", all);
    let model = |file: &str, lines: &str| {
        let one = |name: &str, own: &str| {
            format!(
                "[[model]]\nname = \"{name}\"\ndependent = \"y\"\nregressors = [\"x\"]\npredict = false\n{own}\n{lines}\n"
            )
        };
        let models = one("ols", "estimator = \"pooled\"")
            + &one("hc0", "estimator = \"pooled\"\ncovariance = \"HC0\"")
            + &one("hc1", "estimator = \"pooled\"\ncovariance = \"HC1\"")
            + &one("fe", "estimator = \"within\"\neffects = [\"g\"]")
            + &one(
                "cl",
                "estimator = \"within\"\neffects = [\"g\"]\ncovariance = \"cluster\"\ncluster = \"g\"",
            );
        place.write(
            "m.toml",
            format!("irio_model = 1\nname = \"m\"\n[panel]\nfile = \"{file}\"\n{models}"),
        );
        let run = place.irio(&["estimate", "m.toml"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let statistics = place.read("results/m/statistics.csv");
        // Rows are units of their own, and there are fewer of them.
        let own = statistics.lines().filter(|line| !line.contains(",units,"));
        let numbers =
            place.read("results/m/coefficients.csv") + &own.collect::<Vec<_>>().join("\n");
        let value = |line: &str| -> (String, f64) {
            let (key, value) = line.rsplit_once(',').unwrap();
            (key.to_owned(), value.parse().unwrap_or(f64::NAN))
        };
        numbers.lines().map(value).collect::<Vec<_>>()
    };
    let (repeated, counted) =
        (model("all.csv", ""), model("once.csv", "weights = \"n\"\nweights_kind = \"frequency\""));
    for (key, expected) in &repeated {
        let Some((_, found)) = counted.iter().find(|(own, _)| own == key) else {
            assert!(!key.contains("estimate") && !key.contains("error"), "{key} is missing");
            continue;
        };
        let close = (found - expected).abs() <= 1e-10 * expected.abs().max(1e-3);
        assert!(close || expected.is_nan(), "{key}: {found}, repeated {expected}");
    }
    let analytic = model("once.csv", "weights = \"n\"");
    assert_ne!(analytic, counted);
}

/// Intervals of coefficients and of effects of spatial models, at 90 % within those at 95 %.
#[test]
fn intervals_are_quantiles_of_normal_or_t() {
    let place = shipped();
    let run = place.irio(&["estimate", "scenarios/models/densities.toml"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    for file in ["coefficients.csv", "effects.csv"] {
        let tidy = tidy(&place, &format!("results/densities/{file}"));
        let rows: Vec<usize> = tidy.rows_where(&[(Column::Statistic, "estimate")]).collect();
        assert!(rows.len() > 10);
        for row in rows {
            let columns = [Column::Scenario, Column::Factor, Column::Part];
            let number = |statistic: &str| {
                let mut wanted = columns.map(|column| (column, tidy.text(row, column))).to_vec();
                wanted.push((Column::Statistic, statistic));
                tidy.sum_where(&wanted)
            };
            let (value, error) = (tidy.value(row), number("std_error"));
            // Maximum likelihood: quantiles of the normal distribution.
            for (level, quantile) in [("95", 1.959963984540054), ("90", 1.6448536269514722)] {
                let [low, high] = ["low", "high"].map(|end| number(&format!("{end}{level}")));
                for (end, expected) in [(low, -quantile), (high, quantile)] {
                    let gap = (end - (value + expected * error)).abs();
                    assert!(gap <= 1e-9 * error, "{file} {row}: {end} {value} {error}");
                }
            }
        }
    }
}

#[test]
fn fitted_values_are_left_out_where_that_is_asked() {
    let place = Place::new();
    small(&place, "", "", "");
    let all = |place: &Place| {
        let run = place.irio(&["estimate", "m.toml"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        place.read("results/m/coefficients.csv") + &place.read("results/m/statistics.csv")
    };
    let with = all(&place);
    assert!(place.path("results/m/fitted.csv").exists());
    place.patch("m.toml", "effects = \"individual\"", "effects = \"individual\"\npredict = false");
    assert_eq!(all(&place), with);
    for file in ["fitted.csv", "fixed_effects.csv"] {
        assert!(!place.path(&format!("results/m/{file}")).exists(), "{file}");
    }
}

#[test]
fn a_name_over_two_columns_of_the_panel_is_told() {
    let place = Place::new();
    small(&place, "", "", "");
    let panel = place.read("p.csv");
    let header = panel.lines().next().unwrap();
    let again = header.rsplit(',').next().unwrap();
    place.write(
        "p.csv",
        panel.replace('\n', ",1\n").replacen(
            &format!("{header},1"),
            &format!("{header},{again}"),
            1,
        ),
    );
    let run = place.irio(&["estimate", "m.toml"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let told = format!("the first keeps it, and of the others \"{again}.2\" is \"{again}\"");
    assert!(run.stdout.contains(&told), "{}", run.stdout);
}

#[test]
fn results_are_the_same_bits_on_any_number_of_threads() {
    let place = shipped();
    let run = |threads: &str| {
        for name in ["densities", "firms"] {
            let out = format!("out/{name}");
            let model = format!("scenarios/models/{name}.toml");
            let run = place.irio(&["estimate", &model, "--out", &out, "--threads", threads]);
            assert_eq!(run.code, 0, "{}", run.stderr);
        }
        contents(&place.path("out"))
    };
    let one = run("1");
    assert!(one == run("2") && one == run("8"));
}

#[test]
fn an_estimate_drives_a_scenario_with_its_own_covariance() {
    let place = shipped();
    let run = place.irio(&["estimate", "scenarios/models/densities.toml", "--out", "densities"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let scenario = "irio_scenario = 1\nname = \"s\"\ntable = \"table-0\"\n\n[[relocate]]\nsector = \"M\"\nfrom = \"B\"\nto = \"H\"\n\
                    share = 0.3\ntechnology = \"destination\"\nsourcing = \"destination\"\n\n[density]\nmeasure = \"OA\"\n\
                    elasticities = \"densities\"\nsectors = [\"M\", \"S\"]\nreading = \"conditional\"\ngroup = \"national\"\n\
                    weights = \"w.csv\"\nspillover = \"full\"\n\n[uncertainty]\ndraws = 200\nseed = 1\nelasticities = true\n";
    place.write("s.toml", scenario).write("w.csv", "from,to,weight\nB,H,1\nH,B,1\n");
    let run = place.irio(&["run", "s.toml"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let summary = place.read("results/s/summary.json");
    // ε, ρ and their errors are those of the estimate, not implied by stars.
    let (first, _) = estimate_of(&place, "lnOA");
    assert!(summary.contains(&first.to_string()), "the coefficient stands in the switches");
    assert!(summary.contains("estimated") && !summary.contains("star_implied"), "{summary}");
    place.patch("densities/elasticities.toml", "covers = \"co2\"", "covers = \"so2\"");
    let refused = place.refusal(&["run", "s.toml"]);
    assert!(
        refused.contains("these elasticities are of \"so2\", which the table does not have"),
        "{refused}"
    );
}

fn estimate_of(place: &Place, term: &str) -> (f64, f64) {
    let tidy = tidy(place, "densities/coefficients.csv");
    let number = |word| {
        tidy.sum_where(&[
            (Column::Scenario, "OA"),
            (Column::Factor, term),
            (Column::Statistic, word),
        ])
    };
    (number("estimate"), number("std_error"))
}

const PANEL: &str = "id,year,y,x,z,zone\na,2000,1.0,2.0,5,west\na,2001,1.5,2.5,5,west\na,2002,1.4,3.5,5,west\nb,2000,3.0,1.0,7,east\n\
                     b,2001,2.5,1.5,7,east\nb,2002,3.9,2.5,7,east\nc,2000,2.2,4.0,6,east\nc,2001,2.9,4.4,6,east\nc,2002,3.0,4.1,6,east\n";
const MODEL: &str = "irio_model = 1\nname = \"m\"\n\n[panel]\nfile = \"p.csv\"\nid = \"id\"\ntime = \"year\"\n\n[[weights]]\n\
                     name = \"W\"\nkind = \"matrix\"\nfile = \"w.csv\"\nstandardize = \"row\"\n\n[[model]]\nname = \"fe\"\n\
                     dependent = \"y\"\nregressors = [\"x\"]\nestimator = \"within\"\neffects = \"individual\"\n";
const WEIGHTS: &str = "id,a,b,c\na,0,1,1\nb,1,0,1\nc,1,1,0\n";

/// A small panel, a model and weights, with one of them changed.
fn small(place: &Place, name: &str, from: &str, to: &str) {
    place.write("p.csv", PANEL).write("m.toml", MODEL).write("w.csv", WEIGHTS);
    if !from.is_empty() {
        place.patch(name, from, to);
    }
}

#[test]
fn what_an_estimate_prints() {
    let place = Place::new();
    small(
        &place,
        "m.toml",
        "effects = \"individual\"\n",
        "effects = \"individual\"\ntests = [\"poolability\", \"hausman\"]\n",
    );
    let run = place.irio(&["estimate", "m.toml"]);
    insta::assert_snapshot!("estimate", format!("{}---\n{}", run.stderr, run.stdout));
    insta::assert_snapshot!("estimate_table", place.read("results/m/table.csv"));
    insta::assert_snapshot!("estimate_latex", place.read("results/m/table.tex"));
}

#[test]
fn a_variable_that_hides_a_column_is_told() {
    let place = Place::new();
    small(
        &place,
        "m.toml",
        "[[weights]]",
        "[variables]\nz = \"log(x)\"\nnew = \"z\"\n\n[[weights]]",
    );
    let run = place.irio(&["estimate", "m.toml"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let summary = place.read("results/m/summary.json");
    let told =
        "the variable \\\"z\\\" of the file takes the place of the panel's column of this name";
    assert!(summary.contains(told), "{summary}");
    assert!(!summary.contains("the variable \\\"new"), "{summary}");
}

/// A panel with a hole, collinear and constant regressors: told, not refused.
#[test]
fn what_is_told_beside_an_estimate() {
    let place = Place::new();
    small(&place, "m.toml", "regressors = [\"x\"]", "regressors = [\"x\", \"z\", \"2 * x\"]");
    place.patch("p.csv", "b,2001,2.5,1.5,7,east\n", "").patch(
        "p.csv",
        "c,2000,2.2,4.0",
        "c,2000,2.2,NA",
    );
    let run = place.irio(&["estimate", "m.toml"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    insta::assert_snapshot!("estimate_remarks", run.stdout.split("Read with care").nth(1).unwrap());
}

/// A quotient that is infinite drops its row, and says so.
#[test]
fn what_is_told_of_a_division_by_zero() {
    let place = Place::new();
    small(&place, "m.toml", "regressors = [\"x\"]", "regressors = [\"1 / x\"]");
    place.patch("p.csv", "c,2000,2.2,4.0", "c,2000,2.2,0");
    let run = place.irio(&["estimate", "m.toml"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let told = run.stdout.split("Read with care").nth(1).unwrap().replace("\n  ", " ");
    assert!(told.contains("1 / x is infinite in some rows (a division by zero?)"), "{told}");
    assert!(told.contains("1 of "), "{told}");
}

/// Panel of three units and twelve years whose values come back to a mean, and what is asked of it.
fn wandering(place: &Place, lines: &str, from: &str, to: &str) {
    let mut text = String::from("id,year,x\n");
    for (at, unit) in ["a", "b", "c"].into_iter().enumerate() {
        for year in 0..12 {
            let x = (year * year * (at + 3) + 5 * year * at) % 11;
            text += &format!("{unit},{},{x}\n", 2000 + year);
        }
    }
    let text = if from.is_empty() { text } else { text.replace(from, to) };
    place.write("p.csv", text);
    let head =
        "irio_model = 1\nname = \"m\"\n\n[panel]\nfile = \"p.csv\"\nid = \"id\"\ntime = \"year\"\n";
    place.write("m.toml", format!("{head}\n[[unit_root]]\nvariable = \"x\"\n{lines}\n"));
}

#[test]
fn what_tests_of_unit_roots_print() {
    let place = Place::new();
    wandering(&place, "test = [\"levin_lin\", \"ips\", \"madwu\", \"hadri\"]\nlags = 0", "", "");
    let run = place.irio(&["estimate", "m.toml"]);
    insta::assert_snapshot!("unit_roots", format!("{}---\n{}", run.stderr, run.stdout));
    let json = place.read("results/m/estimate.json");
    for word in ["\"test\": \"hadri\"", "\"null\": \"every unit is stationary\"", "\"units\": 3"] {
        assert!(json.contains(word), "{word}: {json}");
    }
    let of_units = tidy(&place, "results/m/unit_roots.csv");
    let p = |unit| {
        let places = [(Column::Region, unit), (Column::Factor, "madwu"), (Column::Statistic, "p")];
        of_units.sum_where(&places).ln()
    };
    let all = tidy(&place, "results/m/tests.csv");
    let found = all.sum_where(&[(Column::Factor, "madwu"), (Column::Statistic, "statistic")]);
    assert!((found + 2.0 * (p("a") + p("b") + p("c"))).abs() < 1e-9, "{found}");
    assert!(!fs::exists(place.path("results/m/table.md")).unwrap(), "no table of no models");
}

const ASK: [&str; 2] = ["estimate", "m.toml"];

bad! {
    model_of_another_kind: |p| { small(&p, "m.toml", "irio_model = 1", "irio_scenario = 1") } => ASK;
    model_of_the_future: |p| { small(&p, "m.toml", "irio_model = 1", "irio_model = 9") } => ASK;
    model_that_is_not_there: |p| { small(&p, "", "", "") } => ["estimate", "n.toml"];
    model_that_is_no_toml: |p| { small(&p, "m.toml", "[panel]", "[panel") } => ASK;
    model_written_under_another_name: |_p| {} => ["init", "model", "mine"];
    model_as_csv: |p| { small(&p, "", "", "") } => ["estimate", "p.csv"];
    model_without_models: |p| { small(&p, "m.toml", MODEL.split("[[model]]").nth(1).unwrap(), ""); p.patch("m.toml", "[[model]]", "") } => ASK;
    model_with_an_unknown_key: |p| { small(&p, "m.toml", "effects =", "efects =") } => ASK;
    model_with_an_unknown_estimator: |p| { small(&p, "m.toml", "\"within\"", "\"fixed\"") } => ASK;
    model_with_keys_for_nothing: |p| {
        small(&p, "m.toml", "effects", "mediator = \"x\"\ntrim = 0.1\ncutoff = 300\napproach = \"direct\"\neffects");
    } => ASK;
    regressors_misspelt_beside_elasticities: |p| {
        small(&p, "m.toml", "regressors = [\"x\"]", "regresors = [\"x\"]");
        let export = "effects = \"individual\"\n[model.elasticities]\nmeasure = \"OA\"\nlags = [\"x\"]\n";
        p.patch("m.toml", "effects = \"individual\"\n", export);
    } => ASK;
    moments_of_a_lag: |p| {
        small(&p, "m.toml", "\"within\"", "\"spatial_lag\"\nweights_matrix = \"W\"\napproach = \"gm\"");
    } => ASK;
    model_with_an_unknown_test: |p| { small(&p, "m.toml", "effects", "tests = [\"hausmann\"]\neffects") } => ASK;
    model_with_an_unknown_covariance: |p| { small(&p, "m.toml", "effects", "covariance = \"robust\"\neffects") } => ASK;
    threshold_of_a_factor: |p| {
        small(&p, "m.toml", "effects = \"individual\"", "threshold = \"factor(id)\"\nregime = [\"x\"]");
        p.patch("m.toml", "\"within\"", "\"threshold\"").patch("m.toml", "regressors = [\"x\"]", "regressors = []");
    } => ASK;
    model_without_regressors: |p| { small(&p, "m.toml", "regressors = [\"x\"]", "regressors = []") } => ASK;
    model_named_twice: |p| { small(&p, "", "", ""); p.write("m.toml", format!("{MODEL}\n[[model]]{}", MODEL.split("[[model]]").nth(1).unwrap())) } => ASK;
    model_within_without_effects: |p| { small(&p, "m.toml", "effects = \"individual\"\n", "") } => ASK;
    formula_of_an_unknown_column: |p| { small(&p, "m.toml", "[\"x\"]", "[\"xx\", \"log(zon)\"]") } => ASK;
    formula_of_an_unknown_function: |p| { small(&p, "m.toml", "[\"x\"]", "[\"lg(x)\"]") } => ASK;
    formula_without_its_end: |p| { small(&p, "m.toml", "\"y\"", "\"log(y\"") } => ASK;
    formula_of_a_text: |p| { small(&p, "m.toml", "[\"x\"]", "[\"zone\"]") } => ASK;
    logarithm_of_nothing: |p| { small(&p, "p.csv", "a,2000,1.0", "a,2000,0"); p.patch("m.toml", "\"y\"", "\"log(y)\"") } => ASK;
    variables_that_are_wrong: |p| { small(&p, "m.toml", "[[weights]]", "[variables]\nq = \"lag(x, 1.5)\"\n\n[[weights]]") } => ASK;
    panel_that_is_not_there: |p| { small(&p, "m.toml", "\"p.csv\"", "\"q.csv\"") } => ASK;
    panel_without_its_id: |p| { small(&p, "m.toml", "id = \"id\"", "id = \"province\"") } => ASK;
    panel_with_a_row_twice: |p| { small(&p, "p.csv", "a,2001", "a,2000") } => ASK;
    panel_without_a_year: |p| { small(&p, "p.csv", "b,2001", "b,") } => ASK;
    panel_with_a_typo_in_a_number: |p| { small(&p, "p.csv", "2.5,1.5", "2.5,1.5x") } => ASK;
    panel_without_rows: |p| { small(&p, "", "", ""); p.write("p.csv", "id,year,y,x\n") } => ASK;
    panel_filtered_to_nothing: |p| { small(&p, "m.toml", "time = \"year\"", "time = \"year\"\nwhere = \"year > 2050\"") } => ASK;
    panel_filtered_by_a_misspelt_text: |p| { small(&p, "m.toml", "time = \"year\"", "time = \"year\"\nwhere = \"zone == 'wset'\"") } => ASK;
    panel_joined_with_a_file_that_lacks_units: |p| {
        small(&p, "m.toml", "[[weights]]", "[[panel.join]]\nfile = \"j.csv\"\non = \"id\"\ncolumns = [\"area\"]\n\n[[weights]]");
        p.write("j.csv", "id,area\na,1\nb,2\n")
    } => ASK;
    sample_of_nothing: |p| { small(&p, "m.toml", "effects", "sample = \"x > 100\"\neffects") } => ASK;
    perfect_fit: |p| { small(&p, "m.toml", "[\"x\"]", "[\"2 * y + 1\"]") } => ASK;
    nothing_is_left: |p| { small(&p, "m.toml", "[\"x\"]", "[\"z\"]") } => ASK;
    collinear_and_refused: |p| { small(&p, "m.toml", "[\"x\"]", "[\"x\", \"3 * x\"]\ncollinear = \"refuse\"") } => ASK;
    too_few_observations: |p| { small(&p, "m.toml", "effects", "sample = \"year == 2000\"\neffects") } => ASK;
    instruments_without_endogenous: |p| { small(&p, "m.toml", "effects", "instruments = [\"z\"]\neffects") } => ASK;
    instruments_that_tell_nothing: |p| { small(&p, "m.toml", "\"within\"\neffects = \"individual\"", "\"pooled\"\nendogenous = [\"x\"]\ninstruments = [\"0 * x\"]") } => ASK;
    spatial_without_weights: |p| { small(&p, "m.toml", "\"within\"", "\"spatial_lag\"") } => ASK;
    spatial_with_unknown_weights: |p| { small(&p, "m.toml", "\"within\"", "\"spatial_lag\"\nweights_matrix = \"V\"") } => ASK;
    spatial_unbalanced: |p| { small(&p, "m.toml", "\"within\"", "\"spatial_lag\"\nweights_matrix = \"W\""); p.patch("p.csv", "b,2001,2.5,1.5,7,east\n", "") } => ASK;
    weights_without_a_unit: |p| { small(&p, "w.csv", "id,a,b,c\na,0,1,1\nb,1,0,1\nc,1,1,0", "id,a,b\na,0,1\nb,1,0") } => ASK;
    weights_with_an_island: |p| { small(&p, "w.csv", "c,1,1,0", "c,0,0,0") } => ASK;
    correction_without_two_ways: |p| { small(&p, "m.toml", "\"within\"", "\"spatial_lag\"\nweights_matrix = \"W\"\napproach = \"bias_corrected\"") } => ASK;
    sarar_with_random_effects: |p| { small(&p, "m.toml", "\"within\"\neffects = \"individual\"", "\"spatial_sarar\"\nweights_matrix = \"W\"\neffects = \"random\"") } => ASK;
    sarar_with_a_correction: |p| { small(&p, "m.toml", "\"within\"\neffects = \"individual\"", "\"spatial_sarar\"\nweights_matrix = \"W\"\neffects = \"two_way\"\napproach = \"bias_corrected\"") } => ASK;
    random_spatial_with_an_unknown_disturbance: |p| { small(&p, "m.toml", "\"within\"\neffects = \"individual\"", "\"spatial_error\"\nweights_matrix = \"W\"\neffects = \"random\"\ndisturbance = \"kp\"") } => ASK;
    random_spatial_of_one_year: |p| { small(&p, "m.toml", "\"within\"\neffects = \"individual\"", "\"spatial_lag\"\nweights_matrix = \"W\"\neffects = \"random\"\nsample = \"year == 2000\"") } => ASK;
    spatial_with_a_test_of_least_squares: |p| { small(&p, "m.toml", "\"within\"\neffects = \"individual\"", "\"spatial_lag\"\nweights_matrix = \"W\"\neffects = \"random\"\ntests = [\"poolability\"]") } => ASK;
    least_squares_with_a_spatial_test: |p| { small(&p, "m.toml", "effects", "tests = [\"hausman_spatial\"]\neffects") } => ASK;
    spatial_2sls_with_random_effects: |p| { small(&p, "m.toml", "\"within\"\neffects = \"individual\"", "\"spatial_2sls\"\nweights_matrix = \"W\"\neffects = \"random\"") } => ASK;
    hausman_of_what_does_not_change: |p| { small(&p, "m.toml", "\"x\"]\nestimator = \"within\"\neffects = \"individual\"", "\"z\"]\nestimator = \"spatial_lag\"\nweights_matrix = \"W\"\neffects = \"random\"\ninformation = \"conditional\"\ntests = [\"hausman_spatial\"]") } => ASK;
    random_two_ways_unbalanced: |p| { small(&p, "m.toml", "\"within\"\neffects = \"individual\"", "\"random\"\neffects = \"two_way\""); p.patch("p.csv", "b,2001,2.5,1.5,7,east\n", "") } => ASK;
    elasticities_of_what_is_no_regressor: |p| { small(&p, "", "", ""); p.write("m.toml", format!("{MODEL}[model.elasticities]\nmeasure = \"OA\"\nlags = [\"lnOA\"]\n")) } => ASK;
    unit_root_of_another_test: |p| { wandering(&p, "test = \"isp\"", "", "") } => ASK;
    unit_root_without_a_test: |p| { wandering(&p, "lags = 1", "", "") } => ASK;
    unit_root_with_lags_below_zero: |p| { wandering(&p, "test = \"ips\"\nlags = -1", "", "") } => ASK;
    unit_root_with_too_many_lags: |p| { wandering(&p, "test = \"ips\"\nlags = 6", "", "") } => ASK;
    unit_root_without_an_intercept: |p| { wandering(&p, "test = [\"ips\", \"hadri\"]\nterms = \"none\"", "", "") } => ASK;
    unit_root_of_a_gap: |p| { wandering(&p, "test = \"ips\"\nlags = 0", "b,2004,", "b,2004,NA"); p.write("p.csv", p.read("p.csv").lines().filter(|line| !line.contains("NA")).map(|line| format!("{line}\n")).collect::<String>()) } => ASK;
    unit_root_unbalanced: |p| { wandering(&p, "test = [\"levin_lin\", \"hadri\"]\nlags = 0", "b,2000,", "d,2000,"); } => ASK;
    unit_root_of_what_does_not_change: |p| { wandering(&p, "test = \"madwu\"", "", ""); p.patch("m.toml", "\"x\"", "\"0 * x\"") } => ASK;
    unit_root_named_as_another: |p| { wandering(&p, "test = \"ips\"\nlags = 0\n\n[[unit_root]]\nvariable = \"x\"\ntest = \"hadri\"", "", "") } => ASK;
    variance_of_a_within_estimator: |p| { small(&p, "m.toml", "effects", "tests = [\"white\"]\neffects") } => ASK;
    moran_of_a_panel: |p| { small(&p, "m.toml", "\"within\"\neffects = \"individual\"", "\"pooled\"\nweights_matrix = \"W\"\ntests = [\"moran_residuals\"]") } => ASK;
}

/// Moran's I, Geary's C and local Moran by period, held against their formulas (numpy).
#[test]
fn neighbours_are_compared_period_by_period() {
    let place = shipped();
    place.write(
        "scenarios/models/n.toml",
        "irio_model = 1\nname = \"n\"\n[panel]\nfile = \"../../tables/panels/regions.csv\"\nid = \"region\"\ntime = \"year\"\n\
         where = \"year >= 2017\"\n[[weights]]\nname = \"W\"\nkind = \"list\"\nfile = \"../../tables/panels/neighbours.csv\"\n\
         id = \"region\"\nstandardize = \"row\"\n[[autocorrelation]]\nname = \"co2\"\nvariable = \"log(co2)\"\n\
         weights_matrix = \"W\"\npermutations = 199\nseed = 3\n",
    );
    let mut first = None;
    for threads in ["1", "2", "8"] {
        let run = place.irio(&[
            "estimate",
            "scenarios/models/n.toml",
            "--out",
            "out",
            "--threads",
            threads,
        ]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let found = (run.stdout.clone(), contents(&place.path("out")));
        assert!(first.get_or_insert(found.clone()) == &found, "{threads} threads");
    }
    let (shown, _) = first.unwrap();
    insta::assert_snapshot!("neighbours_terminal", shown);
    let all = tidy(&place, "out/autocorrelation.csv");
    let of = |factor, statistic| {
        all.sum_where(&[
            (Column::Year, "2018"),
            (Column::Factor, factor),
            (Column::Statistic, statistic),
        ])
    };
    let close = |found: f64, known: f64| assert!((found - known).abs() < 1e-10, "{found}, {known}");
    close(of("moran", "value"), 0.14613736309602077);
    close(of("geary", "value"), 0.8546607383953935);
    close(of("moran", "z"), 1.3533580128764424);
    let local = tidy(&place, "out/local_autocorrelation.csv");
    let value = [(Column::Year, "2018"), (Column::Statistic, "value")];
    close(local.sum_where(&value) / 30.0, 0.14613736309602077);
    close(local.sum_where(&[&value[..], &[(Column::Region, "R01")]].concat()), 0.02880108887385411);
}

/// Fuels by the shipped factors are a column like any other, with what is uncertain of it.
#[test]
fn fuels_make_emissions() {
    let place = Place::new();
    let factors = fs::read("tables/factors/fuels-china.csv").unwrap();
    place.write("f.csv", factors);
    place.write("p.csv", "id,t,coal,gas,y\nA,1,100,10,3\nA,2,120,20,4\nB,1,50,,5\nB,2,70,40,9\n");
    place.write("m.toml", FUELS);
    let run = place.irio(&["estimate", "m.toml", "--out", "out", "--json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let described = tidy(&place, "out/descriptives.csv");
    let mean = described.sum_where(&[
        (Column::Factor, "co2"),
        (Column::Part, "overall"),
        (Column::Statistic, "mean"),
    ]);
    let known = ((100.0 + 120.0 + 70.0) * 1.900320378 + (10.0 + 20.0 + 40.0) * 2.1622) / 3.0;
    assert!((mean / known - 1.0).abs() < 1e-5, "{mean}, {known}");
    assert!(run.stdout.contains("uncertain by ±"), "{}", run.stdout);
}

const FUELS: &str = "irio_model = 1\nname = \"m\"\n[panel]\nfile = \"p.csv\"\nid = \"id\"\ntime = \"t\"\n[[fuels]]\nname = \"co2\"\n\
     factors = \"f.csv\"\n[fuels.columns]\ncoal = \"raw coal\"\ngas = \"natural gas\"\n[[model]]\nname = \"a\"\n\
     estimator = \"pooled\"\ndependent = \"y\"\nregressors = [\"co2\"]\n";

bad! {
    fuels_without_a_factor: |p| {
        p.write("f.csv", "fuel,unit,factor,uncertainty\ncoal,t,1.9,0.2\ncoal,t,,5\ngas,m3,x,0.1\n");
        p.write("p.csv", "id,t,coal,gas,y\nA,1,100,10,3\n").write("m.toml", FUELS);
    } => ASK;
    fuels_of_two_sets: |p| {
        p.write("f.csv", "fuel,unit,factor,uncertainty\nraw coal,t,1.9,0.2\nnatural gas,t,2,0.1\n");
        p.write("g.csv", "fuel,unit,factor,uncertainty\nraw coal,t,1.5,0.2\n");
        p.write("p.csv", "id,t,coal,gas,y\nA,1,100,10,3\nA,2,3,4,4\nA,3,7,1,5\n");
        p.write("m.toml", FUELS.replace("[[model]]", "[[fuels]]\nname = \"other\"\nfactors = \"g.csv\"\n[fuels.columns]\ncole = \"raw coal\"\n[[model]]"));
    } => ASK;
    quadratic_of_no_regressor: |p| { small(&p, "m.toml", "regressors = [\"x\"]", "regressors = [\"x\", \"x^2\"]\nquadratic = [\"x\", \"x ^ 2\"]"); } => ASK;
    marginal_effects_of_no_regressor: |p| { small(&p, "m.toml", "regressors = [\"x\"]", "regressors = [\"x\"]\nmarginal = [\"y\", \"zone\", \"q\"]"); } => ASK;
    marginal_effects_of_differences: |p| { small(&p, "m.toml", "estimator = \"within\"\neffects = \"individual\"", "estimator = \"first_differences\"\nmarginal = [\"x\"]"); } => ASK;
    counts_with_random_effects: |p| { small(&p, "m.toml", "estimator = \"within\"\neffects = \"individual\"", "estimator = \"random\"\nweights = \"x\"\nweights_kind = \"frequency\""); } => ASK;
    counts_that_are_none: |p| { small(&p, "m.toml", "effects = \"individual\"", "effects = \"individual\"\nweights = \"x\"\nweights_kind = \"frequency\""); } => ASK;
    counts_without_weights: |p| { small(&p, "m.toml", "effects = \"individual\"", "effects = \"individual\"\nweights_kind = \"frequency\""); } => ASK;
    panel_that_ends_within_a_line: |p| { small(&p, "", "", ""); let panel = p.read("p.csv"); p.write("p.csv", &panel[..panel.len() - 8]); } => ASK;
    fill_without_periods: |p| { small(&p, "m.toml", "time = \"year\"", "fill = \"neighbours\""); } => ASK;
    fill_by_another_word: |p| { small(&p, "m.toml", "time = \"year\"", "time = \"year\"\nfill = \"neighbors\""); } => ASK;
    neighbours_without_weights: |p| {
        small(&p, "m.toml", "[[model]]", "[[autocorrelation]]\nvariable = \"log(x)\"\nweights_matrix = \"V\"\npermutations = -1\n[[model]]");
    } => ASK;
}
