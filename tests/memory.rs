//! What does not fit into memory is refused before anything is computed, with the number.

#[macro_use]
#[path = "common/program.rs"]
mod program;

use program::Place;

const SCENARIO: &str = "irio_scenario = 1\nname = \"s\"\ntable = \"table-0\"\n[uncertainty]\nseed = 1\ndraws = 100\nemission_factors = 0.1\n[[relocate]]\nsector = \"M\"\nfrom = \"B\"\nto = \"H\"\nshare = 0.1\n";
const MODEL: &str = "irio_model = 1\nname = \"m\"\n[panel]\nfile = \"p.csv\"\nid = \"id\"\ntime = \"t\"\n[[model]]\nname = \"a\"\nestimator = \"pooled\"\ndependent = \"y\"\nregressors = [\"x\"]\n";

/// Standard error of a command that may take next to nothing; it must fail and write nothing.
fn refused(arguments: &[&str]) -> String {
    let place = Place::new();
    place.write("more.csv", "region,sector,value\nB,M,1\n");
    place
        .write("s.toml", SCENARIO)
        .write("m.toml", MODEL)
        .write("p.csv", "id,t,x,y\nA,1,1,2\nA,2,2,5\nB,1,3,3\nB,2,5,9\nB,3,6,9\n");
    let run = place.irio(&[arguments, &["--memory", "1MB"]].concat());
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    assert!(!place.path("results").exists(), "something was written");
    run.stderr
}

#[test]
fn work_that_does_not_fit_is_refused_with_the_number() {
    let told: Vec<String> = [
        &["footprint", "table-0"][..],
        &["matrices", "table-0"],
        &["transfer", "table-0", "table-1"],
        &["impact", "table-0", "--demand", "more.csv"],
        &["run", "s.toml", "--draws", "100000"],
        &["estimate", "m.toml"],
    ]
    .into_iter()
    .map(refused)
    .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_size_needs_its_unit() {
    let place = Place::new();
    for size in ["2", "lots", "-1GB", "0GB"] {
        let run = place.irio(&["check", "table-0", &format!("--memory={size}")]);
        assert_eq!(run.code, 2, "{size}");
        assert!(run.stderr.contains("such as 2GB"), "{}", run.stderr);
    }
    assert_eq!(place.irio(&["check", "table-0", "--memory", "2 GB"]).code, 0);
}
