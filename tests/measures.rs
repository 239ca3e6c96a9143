//! Prices and the measures beside a transfer, through the program.

mod common;
#[path = "common/program.rs"]
mod program;

use common::{close, matrix, vector, worked_example};
use irio::tidy::{Column, Tidy};
use program::Place;
use serde_json::Value;

fn tidy(place: &Place, file: &str) -> Tidy {
    Tidy::from_csv(&place.read(file)).unwrap()
}

/// Values of a file whose texts are those given, in order of lines.
fn values(tidy: &Tidy, wanted: &[(Column, &str)]) -> Vec<f64> {
    tidy.rows_where(wanted).map(|row| tidy.value(row)).collect()
}

/// METHODS A5: prices of the second year relative to the first.
const PRICES: &str =
    "region,sector,price\nB,M,1.08\nB,S,1.15\nH,M,1.05\nH,S,1.12\nimports,M,1.03\nimports,S,1.10\n";

#[test]
fn a_transfer_with_prices_is_that_of_the_deflated_table() {
    let place = Place::new();
    place.write("p.csv", PRICES);
    let run = place.irio(&["transfer", "table-0", "table-1", "--prices", "p.csv", "--out", "a"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let prices =
        ["deflate", "table-1", "--prices", "p.csv", "--base-year", "2000", "--out", "real"];
    assert_eq!(place.irio(&prices).code, 0);
    assert_eq!(
        place.irio(&prices).code,
        0,
        "an earlier deflated table of the same source is replaced"
    );
    assert_eq!(place.irio(&["check", "real", "--strict", "--quiet"]).code, 0);
    let apart = ["transfer", "table-0", "real", "--out", "b", "--quiet"];
    assert_eq!(place.irio(&apart).code, 0);
    for file in ["effects.csv", "pairs.csv", "rivals.csv", "demand_pull.csv", "agreement.csv"] {
        assert_eq!(place.read(&format!("a/{file}")), place.read(&format!("b/{file}")), "{file}");
    }
    let summary: Value = serde_json::from_str(&place.read("a/summary.json")).unwrap();
    let codes: Vec<&str> = summary["notes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|note| note["code"].as_str().unwrap())
        .collect();
    assert!(codes.contains(&"constant_prices") && !codes.contains(&"nominal_change"), "{codes:?}");
    assert_eq!(summary["switches"]["prices"], "p.csv");
    assert_eq!(summary["tables"][1]["prices"], "2000");
    let named = summary["inputs"].as_array().unwrap().iter().any(|input| input["path"] == "p.csv");
    assert!(named, "the price file is an input with its hash");
    let deflators = tidy(&place, "a/deflators.csv");
    let of = |statistic, region| {
        deflators.sum_where(&[
            (Column::Statistic, statistic),
            (Column::Region, region),
            (Column::Sector, "M"),
        ])
    };
    let x = 129.0 / 1.08
        - 16.0 / 1.08
        - 18.0 / 1.15
        - 36.0 / 1.05
        - 7.0 / 1.12
        - 6.0 / 1.03
        - 3.0 / 1.10;
    close("B,M", &[of("real", "B"), of("nominal", "B")], &[x, 43.0]);
    close("B,M", &[of("deflator", "B")], &[43.0 / x]);
    // Without prices nothing is deflated, and the note is there as before.
    let plain = place.irio(&["transfer", "table-0", "table-1", "--json", "--out", "c"]);
    assert!(plain.stdout.contains("nominal_change") && !place.path("c/deflators.csv").exists());
}

/// The target is put into the base's order and unit before anything is measured.
#[test]
fn measures_do_not_depend_on_the_order_and_unit_of_the_target() {
    let place = Place::new();
    place.write("turned.csv", "from,to\nH,H\nB,B\n").write("p.csv", PRICES);
    let turn = [
        "aggregate",
        "table-1",
        "--regions",
        "turned.csv",
        "--unit",
        "10^2 yuan",
        "--out",
        "turned",
    ];
    assert_eq!(place.irio(&turn).code, 0);
    for (target, out) in [("table-1", "a"), ("turned", "b")] {
        let arguments =
            ["transfer", "table-0", target, "--prices", "p.csv", "--out", out, "--quiet"];
        let run = place.irio(&arguments);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    }
    for file in ["rivals.csv", "demand_pull.csv", "agreement.csv"] {
        let [a, b] = ["a", "b"].map(|out| tidy(&place, &format!("{out}/{file}")));
        let all = |tidy: &Tidy| -> Vec<f64> { values(tidy, &[]) };
        close(file, &all(&b), &all(&a));
        for column in [Column::Quantity, Column::Region, Column::Sector, Column::Part] {
            assert!((0..a.len()).all(|row| a.text(row, column) == b.text(row, column)), "{file}");
        }
    }
}

/// Prices may part far in a long time, which is told; an index of 100 among relatives is refused.
#[test]
fn a_price_far_from_the_others_is_told() {
    let place = Place::new();
    place.write("p.csv", PRICES.replace("1.15", "15"));
    let prices =
        ["deflate", "table-1", "--prices", "p.csv", "--base-year", "2000", "--out", "real"];
    let run = place.irio(&prices);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let told = "1 price tenfold the others or a tenth of them, first p.csv:3 (the price of B:S is 15, and the others are \
                about 1.08)";
    assert!(run.stdout.contains(told), "{}", run.stdout);
}

#[test]
fn what_a_deflation_prints() {
    let place = Place::new();
    place.write("p.csv", "sector,region,price\nM,,1.1\n,H,1.05\n,,1.2\n,imports,1.03\n");
    let prices =
        ["deflate", "table-1", "--prices", "p.csv", "--base-year", "2000", "--out", "real"];
    let run = place.irio(&prices);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!("deflate", run.stdout);
    let run = place.irio(&[&prices[..], &["--json"]].concat());
    let told: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(told["prices"], "2000");
    let of = |region: &str| {
        told["implied_deflators"]["regions"][region]["all_sectors"].as_f64().unwrap()
    };
    assert!(of("B") > of("H"));
}

#[test]
fn measures_stand_beside_the_transfer() {
    let (place, example) = (Place::new(), worked_example());
    place.write("classes.csv", "sector,class\nM,goods\nS,services\n");
    let run = place.irio(&[
        "transfer",
        "table-0",
        "table-1",
        "--classes",
        "classes.csv",
        "--out",
        "r",
        "--json",
    ]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let case = &example["two_region"];
    let rivals = tidy(&place, "r/rivals.csv");
    let of = |part, statistic| {
        let wanted =
            [(Column::Quantity, "output"), (Column::Part, part), (Column::Statistic, statistic)];
        values(&rivals, &wanted)
    };
    close("base", &of("base_weights", "value"), &vector(&case["counterfactual_T_base_weights_x"]));
    close("end", &of("end_weights", "value"), &vector(&case["counterfactual_T_end_weights_x"]));
    close("shift-share", &of("shift_share", "value"), &vector(&case["shift_share_x"]));
    let pull = tidy(&place, "r/demand_pull.csv");
    for (year, scenario) in ["base", "target"].into_iter().enumerate() {
        let known = matrix(&case[format!("demand_attr_x{year}")]);
        for (k, (to, sector)) in
            [("B", "M"), ("B", "S"), ("H", "M"), ("H", "S")].into_iter().enumerate()
        {
            for (column, from) in ["B", "H", "rest_of_world"].into_iter().enumerate() {
                let found = pull.sum_where(&[
                    (Column::Scenario, scenario),
                    (Column::Quantity, "output"),
                    (Column::From, from),
                    (Column::To, to),
                    (Column::Sector, sector),
                ]);
                close("demand pull", &[found], &[known[k][column]]);
            }
        }
    }
    let agreement = tidy(&place, "r/agreement.csv");
    let sectors: Vec<&str> =
        (0..agreement.len()).map(|row| agreement.text(row, Column::Sector)).collect();
    for name in ["all_sectors", "goods", "services"] {
        assert!(sectors.contains(&name), "{name}");
    }
    let goods = [(Column::Quantity, "output"), (Column::Region, "B"), (Column::Sector, "goods")];
    let one = |part, statistic| {
        agreement.sum_where(
            &[&goods[..], &[(Column::Part, part), (Column::Statistic, statistic)]].concat(),
        )
    };
    close("sourcing", &[one("sourcing", "value")], &[vector(&case["shapley_x"]["T"])[0]]);
    close("min", &[one("sourcing", "min")], &[vector(&case["T_effect_min_over_all_orders"])[0]]);
    assert_eq!(one("all_measures", "agrees"), 1.0);
    let summary: Value = serde_json::from_str(&run.stdout).unwrap();
    let known = vector(&case["shift_share_x"]);
    let told = summary["headline"]["output"]["shift_share"]["B"].as_f64().unwrap();
    close("headline", &[told], &[known[0] + known[1]]);
    assert!(summary["headline"]["output"]["sourcing"]["B"].is_number(), "the old headline stays");
}
