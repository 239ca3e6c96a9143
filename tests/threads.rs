//! Every command that computes writes the same bytes on 1, 2 and 8 threads.

#[path = "common/program.rs"]
mod program;
#[path = "mocks/provincial.rs"]
mod provincial;

use std::path::Path;

use program::{Contents, Place, contents};

/// Contents of `out` by path below it, however many threads there were.
#[track_caller]
fn same(place: &Place, arguments: &[&str], outs: &[&str]) {
    let mut first: Option<Contents> = None;
    for threads in ["1", "2", "8"] {
        let run = place.irio(&[arguments, &["--threads", threads]].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        let found: Contents = outs.iter().flat_map(|out| contents(&place.path(out))).collect();
        assert!(found.len() > 2);
        match &first {
            None => first = Some(found),
            Some(first) => {
                let other = first.iter().find(|(path, bytes)| found.get(*path) != Some(bytes));
                assert!(other.is_none(), "{threads} threads: {:?}", other.map(|(path, _)| path));
                assert_eq!(first.len(), found.len());
            }
        }
        outs.iter().for_each(|out| std::fs::remove_dir_all(place.path(out)).unwrap());
    }
}

fn shipped(path: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path).display().to_string()
}

#[test]
fn footprint_matrices_and_transfer() {
    let place = Place::new();
    let (base, target) = (shipped("tables/china-2002"), shipped("tables/china-2007"));
    same(&place, &["footprint", &target, "--out", "out"], &["out"]);
    same(&place, &["matrices", &target, "--out", "out"], &["out"]);
    same(&place, &["transfer", &base, &target, "--range", "--out", "out"], &["out"]);
}

#[test]
fn run_with_draws() {
    let place = Place::new();
    for name in ["heavy-industry-density", "beijing-with-consequences"] {
        let scenario = shipped(&format!("scenarios/{name}.toml"));
        let mut arguments = vec!["run", &scenario, "--out", "out"];
        if name == "heavy-industry-density" {
            arguments.extend(["--draws", "60", "--grid"]);
        }
        same(&place, &arguments, &["out"]);
    }
}

#[test]
fn update() {
    let place = Place::new();
    let controls =
        "quantity,region,sector,category,value,sigma\noutput,B,M,,180,\nvalue_added,H,,,330,5\n";
    place.write("controls.csv", controls);
    same(&place, &["update", "table-0", "--controls", "controls.csv", "--out", "out"], &["out"]);
}

#[test]
fn build() {
    let place = Place::new();
    provincial::workbook().unwrap().save(place.path("provinces.xlsx")).unwrap();
    place.write("places.csv", "region,lon,lat\nBJ,116.4,39.9\nTJ,117.2,39.1\nHE,114.5,38\n");
    place.write(
        "build.toml",
        "irio_build = 1\nname = \"b\"\nsource = \"invented\"\ntables = \"provinces.xlsx\"\n\
         costs = \"places.csv\"\n[gravity]\nexponent = 1.5\n",
    );
    same(
        &place,
        &["build", "build.toml", "--out", "out", "--report", "report"],
        &["out", "report"],
    );
}

#[test]
fn compare() {
    let place = Place::new();
    for name in ["bth-metals", "bth-services"] {
        let scenario = shipped(&format!("scenarios/{name}.toml"));
        let run = place.irio(&["run", &scenario, "--draws", "20", "--out", name, "--quiet"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
    }
    same(&place, &["compare", "bth-metals", "bth-services", "--out", "out"], &["out"]);
}
