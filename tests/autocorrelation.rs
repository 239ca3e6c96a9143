//! Every case of spatial autocorrelation of spdep and esda, by id: closed forms to 1e-8, p-values of shuffling within the
//! error of both programs' shuffles. And polygons of real provinces against a list of who touches whom.
//!
//! The data are found as those of the other tests on real data: `IRIO_TEST_DATA`, else `../shared/data`, with the
//! reference results beside them; without any they are ignored.

#![allow(non_snake_case)]

use std::collections::BTreeMap;
use std::path::PathBuf;

use irio::econometrics::autocorrelation::local::{Convention, Local, local_moran};
use irio::econometrics::autocorrelation::permutation::{
    Shuffles, shuffle_local_moran, shuffle_moran,
};
use irio::econometrics::autocorrelation::residuals::moran_of_residuals;
use irio::econometrics::autocorrelation::{Alternative, geary, moran};
use irio::input::TextFile;
use irio::input::weights::{geojson, matrix};
use irio::input::workbook::read_sheet;
use irio::weights::contiguity::Contiguity;
use irio::weights::{Islands, Standardize, Weights};
use serde_json::Value;

mod common;

fn main() {
    let tests: [(&str, fn()); 3] = [
        ("every_case_of_spdep_is_met", every_case_of_spdep_is_met),
        ("every_case_of_esda_is_met", every_case_of_esda_is_met),
        (
            "polygons_of_provinces_touch_as_the_list_says",
            polygons_of_provinces_touch_as_the_list_says,
        ),
    ];
    let ignored = common::real_data().is_none();
    let trials = tests.map(|(name, test)| {
        let run = move || {
            test();
            Ok(())
        };
        libtest_mimic::Trial::test(name, run).with_ignored_flag(ignored)
    });
    libtest_mimic::run(&libtest_mimic::Arguments::from_args(), trials.into()).exit();
}

/// Folder of the data, which must be there.
fn data() -> PathBuf {
    let data = std::env::var_os("IRIO_TEST_DATA").map_or("../shared/data".into(), PathBuf::from);
    let there = data.join("panel").is_dir() && data.join("../reference/econometrics").is_dir();
    assert!(
        there,
        "no panels or reference results: {}/panel and {0}/../reference/econometrics are looked for; IRIO_TEST_DATA \
         names another folder",
        data.display()
    );
    data
}

/// The cases of a file of reference results that a program computed.
fn cases(file: &str, tool: &str) -> Vec<Value> {
    let path = data().join("../reference/econometrics").join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path:?}: {e}"));
    let all: Value = serde_json::from_str(&text).unwrap();
    let cases = all["cases"].as_array().unwrap().iter();
    cases.filter(|case| case["tool"] == tool).cloned().collect()
}

/// A CSV by column.
struct Csv {
    columns: BTreeMap<String, usize>,
    rows: Vec<csv::StringRecord>,
}

impl Csv {
    fn read(name: &str) -> Self {
        let path = data().join("panel").join(name);
        let mut reader = csv::Reader::from_path(&path).unwrap_or_else(|e| panic!("{path:?}: {e}"));
        let names = reader.headers().unwrap().clone();
        let columns = names.iter().enumerate().map(|(at, name)| (name.to_owned(), at)).collect();
        Csv { columns, rows: reader.records().map(Result::unwrap).collect() }
    }

    fn column(&self, name: &str) -> Vec<&str> {
        let at = self.columns[name];
        self.rows.iter().map(|row| &row[at]).collect()
    }

    fn numbers(&self, name: &str) -> Vec<f64> {
        self.column(name).iter().map(|text| text.parse().unwrap()).collect()
    }
}

/// Row-standardized weights of a case.
fn weights(case: &Value) -> Weights {
    let file = case["spec"]["W"].as_str().unwrap();
    assert_eq!(case["spec"]["W_standardisation"], "row", "{case}");
    let (sheet, _) = read_sheet(&data().join("panel").join(file)).unwrap();
    matrix::read(&sheet).unwrap_or_else(|faults| panic!("{faults}")).row_standardized()
}

/// The variable of a case in the order of the weights; `name` as the case has it.
fn variable(case: &Value, name: &str, weights: &Weights) -> Vec<f64> {
    let csv = Csv::read(case["data"].as_str().unwrap());
    // Names of both programs' scripts: R's formula or the column they made of it.
    let (unit, column, logarithm) = match name {
        "log(gsp)" | "lgsp" => ("state", "gsp", true),
        "lnco2" => ("province", "co2_emissions", true),
        // Rows are in the order of the weights.
        "CRIME" | "INC" | "HOVAL" => return csv.numbers(name),
        other => panic!("a variable that this test does not know: {other}"),
    };
    let year = case["spec"]["time"].as_i64().unwrap().to_string();
    let of_year: BTreeMap<&str, &str> = csv
        .column(unit)
        .into_iter()
        .zip(csv.column(column))
        .zip(csv.column("year"))
        .filter(|(_, at)| *at == year)
        .map(|(pair, _)| pair)
        .collect();
    let value = |unit: &String| {
        let value: f64 = of_year[unit.as_str()].parse().unwrap();
        if logarithm { value.ln() } else { value }
    };
    weights.units().iter().map(value).collect()
}

#[track_caller]
fn close(id: &str, name: &str, found: f64, expected: &Value) {
    let expected = expected.as_f64().unwrap_or_else(|| panic!("{id}: {name} is no number"));
    let gap = (found - expected).abs();
    assert!(
        gap <= 1e-8 * expected.abs() + 1e-13,
        "{id}: {name} is {found}, expected {expected}, relative gap {:e}",
        gap / expected.abs()
    );
}

/// Every number of a result must be looked at: what is compared is taken out.
struct Expected<'a> {
    id: &'a str,
    left: BTreeMap<&'a str, &'a Value>,
}

impl<'a> Expected<'a> {
    fn of(case: &'a Value) -> Self {
        let left = case["result"].as_object().unwrap();
        let left = left.iter().map(|(key, value)| (key.as_str(), value)).collect();
        Expected { id: case["id"].as_str().unwrap(), left }
    }

    #[track_caller]
    fn take(&mut self, key: &str) -> &'a Value {
        self.left.remove(key).unwrap_or_else(|| panic!("{}: no {key}", self.id))
    }

    #[track_caller]
    fn number(&mut self, key: &str, found: f64) {
        let expected = self.take(key);
        close(self.id, key, found, expected);
    }

    #[track_caller]
    fn numbers(&mut self, key: &str, found: impl ExactSizeIterator<Item = f64>) {
        let expected = self.take(key).as_array().unwrap();
        assert_eq!(found.len(), expected.len(), "{}: {key}", self.id);
        for (at, (found, expected)) in found.zip(expected).enumerate() {
            close(self.id, &format!("{key} of unit {}", at + 1), found, expected);
        }
    }

    fn finish(self) {
        assert!(self.left.is_empty(), "{}: not compared: {:?}", self.id, self.left.keys());
    }
}

fn every_case_of_spdep_is_met() {
    let mut walked = 0;
    for case in cases("r_dev.json", "spdep") {
        let id = case["id"].as_str().unwrap();
        // Tests of a spatial lag or error in a regression are those of another module.
        if id.contains(".lmtest.") {
            continue;
        }
        let weights = weights(&case);
        let mut expected = Expected::of(&case);
        if id.ends_with(".ols") {
            residuals(&case, &weights, &mut expected);
        } else if id.ends_with(".localmoran.y") {
            let values = variable(&case, "CRIME", &weights);
            let local = local_moran(&weights, &values, Convention::Spdep).unwrap();
            let of = |pick: fn(&Local) -> f64| local.iter().map(pick);
            expected.numbers("Ii", of(|l| l.statistic));
            expected.numbers("E", of(|l| l.moments.expectation));
            expected.numbers("V", of(|l| l.moments.variance));
            expected.numbers("z", of(|l| l.moments.z));
            expected.numbers("p", of(|l| l.moments.p(Alternative::TwoSided)));
            let words = expected.take("quadrant").as_array().unwrap();
            let found: Vec<&str> = local.iter().map(|local| local.quadrant.words()).collect();
            assert_eq!(&found, words, "{id}");
        } else if id.ends_with(".moran.y") {
            let found = moran(&weights, &variable(&case, "CRIME", &weights)).unwrap();
            expected.number("I", found.statistic);
            expected.number("EI", found.randomisation.expectation);
            expected.number("VI_rand", found.randomisation.variance);
            expected.number("z_rand", found.randomisation.z);
            expected.number("p", found.randomisation.p(Alternative::TwoSided));
        } else if id.contains(".moran.") {
            let values = variable(&case, case["spec"]["var"].as_str().unwrap(), &weights);
            let found = moran(&weights, &values).unwrap();
            expected.number("I", found.statistic);
            expected.number("EI", found.normality.expectation);
            expected.number("VI_norm", found.normality.variance);
            expected.number("z_norm", found.normality.z);
            expected.number("p_norm_two_sided", found.normality.p(Alternative::TwoSided));
            expected.number("VI_rand", found.randomisation.variance);
            expected.number("z_rand", found.randomisation.z);
            expected.number("p_rand_two_sided", found.randomisation.p(Alternative::TwoSided));
            expected.number("geary_C", geary(&weights, &values).unwrap().statistic);
        } else {
            panic!("a case of spdep that this test does not know: {id}");
        }
        expected.finish();
        walked += 1;
    }
    println!("{walked} cases of spdep");
    assert!(walked >= 43, "only {walked} cases found");
}

/// Moran's I of the residuals of CRIME on INC and HOVAL, whose coefficients are those of the case.
fn residuals(case: &Value, weights: &Weights, expected: &mut Expected<'_>) {
    let [y, income, value] = ["CRIME", "INC", "HOVAL"].map(|name| variable(case, name, weights));
    let X = [vec![1.0; y.len()], income, value];
    let coefficients = expected.take("coef");
    let b = ["(Intercept)", "INC", "HOVAL"].map(|name| coefficients[name].as_f64().unwrap());
    let fitted = |unit: usize| (0..3).map(|k| b[k] * X[k][unit]).sum::<f64>();
    let e: Vec<f64> = (0..y.len()).map(|unit| y[unit] - fitted(unit)).collect();
    let found = moran_of_residuals(weights, &e, &X).unwrap();
    let of_file = expected.take("moran_resid_I").as_array().unwrap();
    close(expected.id, "I", found.statistic, &of_file[0]);
    close(expected.id, "E", found.moments.expectation, &of_file[1]);
    close(expected.id, "V", found.moments.variance, &of_file[2]);
    let of_file = expected.take("moran_resid");
    close(expected.id, "z", found.moments.z, &of_file["statistic"][0][0]);
    let p = found.moments.p(Alternative::TwoSided);
    close(expected.id, "p", p, &of_file["p"][0][0]);
    // The regression itself is another module's.
    for key in ["se", "loglik"] {
        expected.take(key);
    }
}

/// Five standard errors of the difference of two shares of shuffles, and one shuffle.
fn slack(p: f64, own: u32, theirs: f64) -> f64 {
    let p = p.clamp(1e-6, 0.5);
    5.0 * (p * (1.0 - p) * (1.0 / f64::from(own) + 1.0 / theirs)).sqrt()
        + 1.0 / f64::from(own)
        + 1.0 / theirs
}

fn every_case_of_esda_is_met() {
    let mut walked = 0;
    for case in cases("py_dev.json", "esda") {
        let id = case["id"].as_str().unwrap();
        let weights = weights(&case);
        let values = variable(&case, case["spec"]["y"].as_str().unwrap(), &weights);
        let mut expected = Expected::of(&case);
        if id.ends_with(".moran") {
            let found = moran(&weights, &values).unwrap();
            expected.number("I", found.statistic);
            expected.number("EI", found.normality.expectation);
            expected.number("VI_norm", found.normality.variance);
            expected.number("z_norm", found.normality.z);
            expected.number("p_norm_one_or_two", found.normality.p(Alternative::TwoSided));
            expected.number("VI_rand", found.randomisation.variance);
            expected.number("z_rand", found.randomisation.z);
            expected.number("p_rand", found.randomisation.p(Alternative::TwoSided));
            let theirs = expected.take("permutations").as_f64().unwrap();
            let count = 99_999;
            let shuffled = shuffle_moran(&weights, &values, Shuffles { seed: 1, count }).unwrap();
            let both = (1.0 / f64::from(count) + 1.0 / theirs).sqrt();
            let mean = expected.take("EI_sim").as_f64().unwrap();
            let variance = expected.take("VI_sim").as_f64().unwrap();
            assert!(
                (shuffled.mean - mean).abs() < 5.0 * both * variance.sqrt(),
                "{id}: mean {} of shuffles, expected {mean}",
                shuffled.mean
            );
            // The variance of a variance is 2σ⁴/m for a normal number; shuffles are close to one.
            assert!(
                (shuffled.variance / variance - 1.0).abs() < 5.0 * both * 2f64.sqrt(),
                "{id}: variance {} of shuffles, expected {variance}",
                shuffled.variance
            );
            let p = expected.take("p_sim").as_f64().unwrap();
            assert!(
                (shuffled.p - p).abs() < slack(p, count, theirs),
                "{id}: p {}, expected {p}",
                shuffled.p
            );
        } else if id.ends_with(".local") {
            let local = local_moran(&weights, &values, Convention::Esda).unwrap();
            let of = |pick: fn(&Local) -> f64| local.iter().map(pick);
            expected.numbers("Is", of(|l| l.statistic));
            expected.numbers("q", of(|l| f64::from(l.quadrant.number())));
            expected.numbers("EIc", of(|l| l.moments.expectation));
            expected.numbers("VIc", of(|l| l.moments.variance));
            let theirs = expected.take("permutations").as_f64().unwrap();
            let shuffles = Shuffles { seed: 1, count: 9_999 };
            let shuffled = shuffle_local_moran(&weights, &values, shuffles).unwrap();
            let told = expected.take("p_sim").as_array().unwrap();
            assert_eq!(shuffled.len(), told.len(), "{id}");
            for (at, (own, told)) in shuffled.iter().zip(told).enumerate() {
                let told = told.as_f64().unwrap();
                let gap = (own.p - told).abs();
                assert!(
                    gap < slack(told, shuffles.count, theirs),
                    "{id}: p of unit {} is {}, expected {told}",
                    at + 1,
                    own.p
                );
            }
        } else if id.ends_with(".geary") {
            let found = geary(&weights, &values).unwrap();
            expected.number("C", found.statistic);
            expected.number("EC", found.normality.expectation);
            expected.number("VC_norm", found.normality.variance);
            expected.number("VC_rand", found.randomisation.variance);
            expected.number("z_norm", found.normality.z);
            expected.number("z_rand", found.randomisation.z);
        } else {
            panic!("a case of esda that this test does not know: {id}");
        }
        expected.finish();
        walked += 1;
    }
    println!("{walked} cases of esda");
    assert!(walked >= 24, "only {walked} cases found");
}

/// Provinces drawn by Natural Earth touch as the list of borders says; but Hainan is an island, which the list joins to
/// Guangdong by convention.
fn polygons_of_provinces_touch_as_the_list_says() {
    let folder = data().join("panel/china_provinces");
    let map = TextFile::read(&folder.join("provinces.geojson")).unwrap();
    let polygons = geojson::read(&map, "name").unwrap_or_else(|faults| panic!("{faults}"));
    let (sheet, _) = read_sheet(&folder.join("contiguity_31.csv")).unwrap();
    let list = matrix::read(&sheet).unwrap_or_else(|faults| panic!("{faults}"));
    let places = ["Hainan", "Guangdong"]
        .map(|name| list.units().iter().position(|unit| unit == name).unwrap());
    let mut expected = list.to_dense();
    for (a, b) in [(0, 1), (1, 0)] {
        let (a, b) = (places[a], places[b]);
        assert_eq!(expected.row(a)[b], 1.0);
        expected.row_mut(a)[b] = 0.0;
    }
    let expected = Weights::from_dense(list.units().to_vec(), &expected).unwrap();
    assert_eq!(expected.pairs(), 2 * 68);
    for tolerance in [0.0, 1e-6] {
        let queen = polygons.contiguity(Contiguity::Queen, tolerance).unwrap();
        assert_eq!(queen.islands(), ["Hainan"]);
        assert_eq!(queen.in_order(list.units()).unwrap(), expected);
        let rook = polygons.contiguity(Contiguity::Rook, tolerance).unwrap();
        assert!(rook.pairs() > 120 && rook.pairs() <= queen.pairs(), "{}", rook.pairs());
    }
    let alone = polygons.contiguity(Contiguity::Queen, 0.0).unwrap();
    let refused = alone.standardized(Standardize::Row, Islands::Refuse).unwrap_err();
    assert_eq!(refused.to_string(), "a unit without a neighbour: Hainan");
}
