//! Groups of regions and classes of sectors, end to end through the program.

mod common;
#[path = "common/program.rs"]
mod program;

use common::close;
use irio::tidy::{Column, Tidy};
use program::Place;
use serde_json::Value;

fn tidy(place: &Place, file: &str) -> Tidy {
    Tidy::from_csv(&place.read(file)).unwrap()
}

const SCENARIO: &str = "irio_scenario = 1\nname = \"s\"\ntable = \"table-1\"\n[groups]\nown = [\"B\"]\nboth = [\"B\", \"H\"]\n\
    [horizon]\nend = 2015\n[[baseline.demand]]\ngrowth = 0.05\n[[relocate]]\nsector = \"M\"\nfrom = \"B\"\nto = \"H\"\n\
    share = { 2003 = 0.1, 2010 = 0.3 }\n";

/// Both regions are one group, so all transfer is internal; the kinds add up to the effects on it.
#[test]
fn what_a_transfer_of_groups_and_classes_prints() {
    let place = Place::new();
    place.write(
        "g.csv",
        "region,group,en,zh\nB,core,The core,核心\nB,both,,\nH,both,Both of them,两地\n",
    );
    place.write("c.csv", "sector,class,en\nM,goods,Goods\n");
    let run = place.irio(&[
        "transfer",
        "table-0",
        "table-1",
        "--groups",
        "g.csv",
        "--classes",
        "c.csv",
        "--out",
        "r",
    ]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!("transfer_groups", run.stdout);
    let summary: Value = serde_json::from_str(&place.read("r/summary.json")).unwrap();
    let headline = &summary["headline"];
    assert_eq!(headline["groups"]["both"]["names"]["zh"], "两地");
    assert_eq!(headline["classes"]["goods"]["en"], "Goods");
    let number = |value: &Value| value.as_f64().unwrap();
    for (group, regions) in [("core", &["B"][..]), ("both", &["B", "H"])] {
        for factor in ["sourcing", "export_origin"] {
            for quantity in ["output", "value_added", "co2"] {
                let found = &headline["groups"][group][factor][quantity];
                let kinds = ["inward", "outward", "internal", "outside"].map(|k| number(&found[k]));
                let all: f64 = regions.iter().map(|r| number(&headline[quantity][factor][r])).sum();
                close("kinds", &[kinds.iter().sum()], &[all]);
                close("overall", &[number(&found["overall"])], &[kinds[0] + kinds[1]]);
                assert!(group == "core" || kinds[0] == 0.0 && kinds[1] == 0.0);
            }
        }
    }
}

/// Of many pairs the largest are printed; how many more there are is told.
#[test]
fn of_many_pairs_the_largest_are_printed() {
    let place = Place::new();
    place.write("c.csv", "sector,class,en,zh\nMET,metals,Metals,金属\nCHE,rest,,其余\n");
    let tables = std::env::current_dir().unwrap().join("tables");
    let [base, target] =
        ["china-2002", "china-2007"].map(|name| tables.join(name).display().to_string());
    let run = place.irio(&[
        "transfer",
        &base,
        &target,
        "--classes",
        "c.csv",
        "--out",
        "r",
        "--lang",
        "zh",
    ]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_eq!(run.stdout.matches("\n   net ").count(), 8, "{}", run.stdout);
    // Six regions are fifteen pairs.
    assert!(run.stdout.contains("(7 more pairs of regions in classes.csv"), "{}", run.stdout);
    assert!(
        run.stdout.contains("classes: metals 金属, rest 其余, other 其他部门"),
        "{}",
        run.stdout
    );
}

/// A stressor of one table is no silence: it is told, whichever table has it.
#[test]
fn a_stressor_of_one_table_is_told() {
    for (from, to, told) in [
        ("table-0", "table-1", "nox is left out: two-region-0 has it, two-region-1 has not"),
        ("table-1", "table-0", "nox is left out: two-region-0 has it, two-region-1 has not"),
    ] {
        let place = Place::new();
        let table = place.read("table-0/table.toml");
        place.write(
            "table-0/table.toml",
            table + "[[extension]]\ncode = \"nox\"\nunit = \"t\"\nfile = \"nox.csv\"\n",
        );
        place.write("table-0/nox.csv", "region,sector,value\nB,M,1\nB,S,1\nH,M,1\nH,S,1\n");
        let run = place.irio(&["transfer", from, to, "--out", "r"]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
        assert!(run.stdout.contains(told), "{}", run.stdout);
        let summary: Value = serde_json::from_str(&place.read("r/summary.json")).unwrap();
        let notes = summary["notes"].as_array().unwrap();
        assert!(notes.iter().any(|note| note["code"] == "left_out"), "{notes:?}");
    }
}

/// A group stands in every result of a run as the sum of its regions, between them and all.
#[test]
fn a_run_tells_groups_as_a_whole() {
    let place = Place::new();
    place.write("s.toml", SCENARIO);
    let run = place.irio(&["run", "s.toml"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let lines: Vec<&str> = run.stdout.lines().collect();
    let at: Vec<usize> =
        (0..lines.len()).filter(|at| lines[*at].starts_with(" both (B, H) ")).collect();
    assert_eq!(at.len(), 2, "a line of changes, one of ranges");
    for at in at {
        assert!(lines[at - 1].starts_with(" own (B) ") && lines[at + 1].starts_with(" all "));
        let numbers = |line: &str, name: &str| line.replacen(name, "", 1).trim().to_owned();
        assert_eq!(numbers(lines[at], "both (B, H)"), numbers(lines[at + 1], "all"));
    }
    let (groups, years) =
        (tidy(&place, "results/s/groups.csv"), tidy(&place, "results/s/years.csv"));
    for quantity in ["output", "value_added", "co2"] {
        let of = |group, statistic| {
            groups.sum_where(&[
                (Column::Year, "2010"),
                (Column::Quantity, quantity),
                (Column::Region, group),
                (Column::Statistic, statistic),
            ])
        };
        for scenario in ["baseline", "scenario"] {
            let all = [
                (Column::Year, "2010"),
                (Column::Quantity, quantity),
                (Column::Scenario, scenario),
            ];
            close("both", &[of("both", scenario)], &[years.sum_where(&all)]);
            let own = [&all[..], &[(Column::Region, "B")]].concat();
            close("own", &[of("own", scenario)], &[years.sum_where(&own)]);
        }
        let difference = of("own", "scenario") - of("own", "baseline");
        close("difference", &[of("own", "difference")], &[difference]);
    }
    let summary: Value = serde_json::from_str(&place.read("results/s/summary.json")).unwrap();
    assert_eq!(summary["headline"]["groups"]["both"]["regions"], serde_json::json!(["B", "H"]));
    assert_eq!(
        summary["headline"]["signs"]["co2"]["both"]["difference"],
        summary["headline"]["signs"]["co2"]["all"]["difference"]
    );
    let readme = place.read("results/s/README.md");
    assert!(readme.contains("; both (B, H) together: +"), "{readme}");
}
