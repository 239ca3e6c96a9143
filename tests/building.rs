//! Builds: the 30 provinces where the data are, and small ones from a workbook that the tests write.

#[path = "common/program.rs"]
mod program;
#[path = "mocks/provincial.rs"]
mod provincial;

use irio::build::gravity;
use irio::build::margins::{Foreign, Level, Rules};
use irio::build::plan::{Exponents, Plan, run};
use irio::build::quality::{Comparison, concentrations};
use irio::build::quotients::{Quotient, table};
use irio::build::{Pattern, with_pairs_of};
use irio::input::provincial::{Options, read};
use irio::labels::Label;
use irio::linalg::Dense;
use irio::table::regional::RegionalTables;
use irio::table::regional::split::{SplitOptions, settle};
use program::Place;

fn workbook(place: &Place) {
    provincial::workbook().unwrap().save(place.path("provinces.xlsx")).unwrap();
}

fn tables() -> RegionalTables {
    let place = Place::new();
    workbook(&place);
    let mut tables = read(&place.path("provinces.xlsx"), &Options::default()).unwrap();
    // The nation of the mock is larger than its provinces: it trades what they do.
    if let Some(nation) = &mut tables.national {
        nation.trade.outflow = vec![18.0; 3];
        nation.trade.inflow = vec![6.0; 3];
    }
    tables
}

fn costs(count: usize) -> Dense {
    let mut found = Dense::zeros(count, count);
    for r in 0..count {
        for s in (0..count).filter(|s| *s != r) {
            found[(r, s)] = 100.0 * (1.0 + (r as f64 - s as f64).abs());
        }
    }
    found
}

fn plan(tables: RegionalTables, rules: Rules) -> Plan {
    let settled = settle(&tables, &SplitOptions::default()).unwrap();
    let (products, count) = (tables.sectors.len(), tables.regions.len());
    Plan {
        foreign: Foreign::of(&settled),
        settled,
        foreign_as_read: None,
        costs: costs(count),
        exponents: Exponents::Given(vec![1.5; products]),
        rules,
        patterns: Vec::new(),
        extensions: Vec::new(),
        reference: None,
        tables,
    }
}

/// What the regions' own tables say stays: output, value added, uses by cell, whatever the rule on gaps.
#[test]
fn a_build_keeps_what_the_regions_own_tables_say() {
    for level in [Level::Output, Level::Mean, Level::Sold, Level::Bought] {
        for national_weight in [0.0, 0.5, 1.0] {
            let plan = plan(tables(), Rules { level, national_weight });
            let outcome = run(&plan).unwrap();
            let (built, own) = (&outcome.table, &plan.tables);
            let (industries, products) = (built.industries(), own.sectors.len());
            let irio::table::Imports::ByProduct { intermediate, final_demand } = built.imports()
            else {
                panic!("imports are known by product");
            };
            for (s, table) in own.regions.iter().enumerate() {
                for i in 0..products {
                    let at = industries.index(s, i);
                    assert_eq!(built.output()[at], table.output[i]);
                    let added = table.value_added_by_sector()[i];
                    assert!((built.value_added()[at] - added).abs() < 1e-9);
                    for j in 0..products {
                        let column = industries.index(s, j);
                        let origins: f64 = (0..own.regions.len())
                            .map(|r| built.flows().get(industries.index(r, i), column))
                            .sum();
                        let used = origins + intermediate[(i, column)];
                        assert!((used - table.flows[(i, j)]).abs() < 1e-9 * table.flows[(i, j)]);
                    }
                    for k in 0..own.categories.len() {
                        let column = s * own.categories.len() + k;
                        let origins: f64 = (0..own.regions.len())
                            .map(|r| {
                                built.final_demand().values.get(industries.index(r, i), column)
                            })
                            .sum();
                        let used = origins + final_demand[(i, column)];
                        assert!((used - table.final_demand[(i, k)]).abs() < 1e-9);
                    }
                }
            }
            let open = &built.discrepancy().rows;
            assert!(open.iter().all(|gap| gap.abs() < 1e-9), "{open:?}");
        }
    }
}

#[test]
fn pairs_meet_their_margins_and_nothing_stands_at_home() {
    let plan = plan(tables(), Rules::default());
    let outcome = run(&plan).unwrap();
    let margins = &outcome.trade.margins;
    for (i, pairs) in outcome.trade.pairs.iter().enumerate() {
        for r in 0..3 {
            let crossed = pairs.crossed[r];
            let sold: f64 = pairs.values.row(r).iter().sum();
            let bought: f64 = (0..3).map(|q| pairs.values[(q, r)]).sum();
            assert!((sold + crossed - margins.sold.domestic[(i, r)]).abs() < 1e-8);
            assert!((bought + crossed - margins.bought.domestic[(i, r)]).abs() < 1e-8);
            assert_eq!(pairs.values[(r, r)], 0.0);
        }
    }
    // What the table's rows hold beyond its own region is the pairs.
    let routes = irio::build::quality::routes(&outcome.table);
    for (i, pairs) in outcome.trade.pairs.iter().enumerate() {
        let found = gravity::without_diagonal(&routes[i]);
        let all: f64 = found.values().iter().sum();
        let wanted: f64 = pairs.values.values().iter().sum();
        // Additions to inventories come from other regions too; routes leave them out.
        assert!(all > 0.0 && all < wanted, "{all} of {wanted}");
    }
}

/// A table held against itself has no error, and its own pairs are those it has.
#[test]
fn a_table_held_against_itself_has_no_error() {
    let built = run(&plan(tables(), Rules::default())).unwrap().table;
    let same = Comparison::of(&built, &built);
    assert_eq!((same.between, same.routes, same.within, same.level), (0.0, 0.0, 0.0, 1.0));
    assert!(concentrations(&built, &built).iter().all(Option::is_none));
    let (raw, mixed) = with_pairs_of(&built, &built);
    assert!(mixed.is_empty());
    let again = Comparison::of(&raw.check().unwrap(), &built);
    assert!(again.between < 1e-9 && again.routes < 1e-9, "{again:?}");
}

/// Flows between two groups of regions follow a known pattern as far as the margins let them.
#[test]
fn a_pattern_pulls_pairs_towards_it() {
    let mut tables = tables();
    let output = [150.0, 160.0, 170.0];
    tables.regions.push(table(&tables, Label::code("XZ"), &output, Quotient::Simple).unwrap());
    let mut plan = plan(tables, Rules { national_weight: 0.0, ..Rules::default() });
    let plain = run(&plan).unwrap();
    // Hebei's coal goes to Tianjin rather than elsewhere.
    let mut flows = Dense::new(4, 4, vec![1.0; 16]);
    flows[(2, 1)] = 50.0;
    let group = (0..4).map(Some).collect();
    plan.patterns = vec![Pattern { product: 1, flows, group, weight: 1.0 }];
    let bent = run(&plan).unwrap();
    let pairs =
        |outcome: &irio::build::plan::Outcome, i: usize| outcome.trade.pairs[i].values.clone();
    assert!(pairs(&bent, 1)[(2, 1)] > pairs(&plain, 1)[(2, 1)]);
    assert_eq!(pairs(&bent, 0).values(), pairs(&plain, 0).values());
    assert!(bent.drivers.iter().any(|driver| driver.change == "known flows left out"));
}

/// A region without a table, from the nation's: its accounts close and it can be built with the others.
#[test]
fn a_region_without_a_table_is_made_of_the_nations() {
    let mut tables = tables();
    let output = [30.0, 60.0, 20.0];
    for quotient in [
        Quotient::Simple,
        Quotient::CrossIndustry,
        Quotient::Flegg { delta: 0.3 },
        Quotient::AugmentedFlegg { delta: 0.3 },
    ] {
        let made = table(&tables, Label::code("XZ"), &output, quotient).unwrap();
        assert!(made.row_gaps().iter().all(|gap| gap.abs() < 1e-9), "{:?}", made.row_gaps());
        assert!(made.column_gaps().iter().all(|gap| gap.abs() < 1e-9));
        assert!(made.trade.inflow.iter().chain(&made.trade.outflow).all(|v| *v >= 0.0));
    }
    let made = table(&tables, Label::code("XZ"), &output, Quotient::Flegg { delta: 0.3 }).unwrap();
    tables.regions.push(made);
    let outcome = run(&plan(tables, Rules::default())).unwrap();
    assert_eq!(outcome.table.industries().regions.len(), 4);
}

const BUILD: &str = "irio_build = 1\nname = \"three\"\ntables = \"provinces.xlsx\"\ncosts = \"costs.csv\"\n\
                     national_weight = 0\n\n\
                     [gravity]\nexponent = 1.5\n";
const COSTS: &str = "region,lon,lat\nBJ,116.41,39.90\n天津,117.20,39.13\nHebei,114.51,38.04\n";

fn place() -> Place {
    let place = Place::new();
    workbook(&place);
    place.write("build.toml", BUILD).write("costs.csv", COSTS);
    place
}

#[test]
fn a_workbook_and_coordinates_make_a_table_that_runs() {
    let place = place();
    let run = place.irio(&["build", "build.toml", "--out", "three"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!("what_a_build_prints", run.stdout);
    for file in ["products.csv", "trade.csv", "margins.csv", "splits.csv", "drivers.csv"] {
        assert!(place.read(&format!("results/build-three/{file}")).lines().count() > 3, "{file}");
    }
    let brief = place.irio(&["brief", "results/build-three", "--out", "brief.html"]);
    assert_eq!(brief.code, 0, "{}", brief.stderr);
    let check = place.irio(&["check", "three", "--strict"]);
    assert_eq!((check.code, check.stderr.as_str()), (0, ""));
    // A second build replaces the first; anything else that stands there is left alone.
    assert_eq!(place.irio(&["build", "build.toml", "--out", "three"]).code, 0);
    let other = place.irio(&["build", "build.toml", "--out", "table-0"]);
    assert_eq!(other.code, 2);
    let json = place.irio(&["build", "build.toml", "--out", "three", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["switches"]["level"], "output");
    assert!(json["headline"]["error_column_share_of_output"].as_f64().unwrap() < 1.0);
}

/// Controls with and without a sigma: the hard one is met, the soft one gives way as far as it must.
#[test]
fn a_build_is_brought_to_controls() {
    let place = place();
    place
        .patch("build.toml", "costs =", "controls = \"controls.csv\"\ncosts =")
        .write("controls.csv", "quantity,region,sector,category,value,sigma\noutput,BJ,02,,80,\n");
    let run = place.irio(&["build", "build.toml", "--out", "three"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.contains("Brought to its controls"), "{}", run.stdout);
    let table = irio::input::table::read(&place.path("three"), None).unwrap();
    let at = table.industries().index(0, 1);
    assert!((table.output()[at] - 80.0).abs() < 1e-6, "{}", table.output()[at]);
    place.patch("controls.csv", "output,BJ,02,,80,", "output,BJ,99,,80,");
    let bad = place.irio(&["build", "build.toml", "--out", "three"]);
    assert_eq!(bad.code, 2);
    assert!(bad.stderr.contains("controls.csv:2:3"), "{}", bad.stderr);
}

/// What `irio init build` writes runs once the files it names are there.
#[test]
fn the_annotated_build_runs_when_filled_in() {
    let place = place();
    assert_eq!(place.irio(&["init", "build"]).code, 0);
    place.patch("my-build.toml", "provinces.xls", "provinces.xlsx").patch(
        "my-build.toml",
        "places.csv",
        "costs.csv",
    );
    let run = place.irio(&["build", "my-build.toml", "--out", "made"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}

/// The same bits on one thread and on several.
#[test]
fn builds_are_the_same_on_any_number_of_threads() {
    let place = place();
    for threads in ["1", "2", "8"] {
        let out = format!("t{threads}");
        let report = format!("r{threads}");
        let run = place.irio(&[
            "build",
            "build.toml",
            "--out",
            &out,
            "--report",
            &report,
            "--threads",
            threads,
        ]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let flows = place.read(&format!("{out}/flows.csv"));
        assert_eq!(flows, place.read("t1/flows.csv"));
        assert_eq!(place.read(&format!("{report}/trade.csv")), place.read("r1/trade.csv"));
    }
}

macro_rules! bad {
    ($($name:ident: |$place:ident| $prepare:block;)*) => { $(
        #[test]
        fn $name() {
            let $place = place();
            $prepare;
            let said = $place.refusal(&["build", "build.toml", "--out", "out"]);
            let said = said.strip_prefix("exit code 2\n").expect(&said);
            insta::assert_snapshot!(stringify!($name), said);
        }
    )* };
}

/// A year that the sheets contradict is told with the cell.
#[test]
fn a_year_other_than_the_sheets_is_told() {
    let place = place();
    place.patch("build.toml", "costs =", "year = 2008\ncosts =");
    let run = place.irio(&["build", "build.toml", "--out", "three"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let note = "the year is told to be 2008, but 00China!A1 and 3 further sheets say 2007";
    assert!(run.stdout.contains(note), "{}", run.stdout);
}

bad! {
    build_of_a_single_region: |p| { p.patch("build.toml", "provinces.xlsx", "provinces.xlsx#03Hebei"); };
    build_compared_with_another_year: |p| {
        let more = "[compare]\ntable = \"table-0\"\nregions = \"r.csv\"\nsectors = \"s.csv\"\n";
        p.write("build.toml", format!("{BUILD}{more}"))
            .patch("table-0/table.toml", "yuan", "10^4 yuan")
            .write("r.csv", "from,to\nBJ,B\nTJ,B\nHE,H\n")
            .write("s.csv", "from,to\n01,M\n02,M\n03,S\n");
    };
    build_without_anything: |p| { p.write("build.toml", "irio_build = 1\n"); };
    build_of_a_scenario: |p| { p.write("build.toml", "irio_scenario = 1\n"); };
    build_of_a_missing_workbook: |p| { p.patch("build.toml", "provinces.xlsx", "province.xlsx"); };
    build_with_a_region_misspelt: |p| { p.patch("build.toml", "costs =", "exchanged = \"GD\"\ncosts ="); };
    build_with_a_region_said_to_be_both: |p| {
        p.patch("build.toml", "costs =", "exchanged = \"BJ\"\nnot_exchanged = [\"BJ\"]\ncosts =");
    };
    build_with_numbers_out_of_range: |p| {
        p.patch("build.toml", "costs =", "level = \"means\"\ncosts =")
            .patch("build.toml", "national_weight = 0", "national_weight = 2")
            .patch("build.toml", "exponent = 1.5", "exponent = -1");
    };
    build_with_two_sources_of_exponents: |p| {
        p.patch("build.toml", "exponent = 1.5", "exponent = 1.5\nexponents = \"x.csv\"");
    };
    build_with_exponents_of_some: |p| {
        p.patch("build.toml", "exponent = 1.5", "exponents = \"x.csv\"")
            .write("x.csv", "sector,exponent\n01,1.5\n02,99\n07,1\n");
    };
    build_with_a_place_missing: |p| { p.patch("costs.csv", "Hebei,114.51,38.04\n", ""); };
    build_with_a_place_off_the_earth: |p| { p.patch("costs.csv", "38.04", "380.4"); };
    build_with_two_places_at_one: |p| { p.patch("costs.csv", "117.20,39.13", "116.41,39.90"); };
    build_with_pairs_that_are_open: |p| {
        p.write("costs.csv", "from,to,value\nBJ,TJ,100\nBJ,HE,0\n");
    };
    build_with_costs_of_another_kind: |p| { p.write("costs.csv", "a,b\n1,2\n"); };
    build_with_a_pattern_of_nobody: |p| {
        let more = "[[pattern]]\nsectors = [\"02\", \"99\"]\nflows = \"flows.csv\"\nweight = 3\n";
        p.write("build.toml", format!("{BUILD}{more}"))
            .write("flows.csv", "from,to,value\nBJ,TJ,5\nXX,TJ,1\nBJ,HE,-1\n");
    };
    build_compared_with_another_classification: |p| {
        let more = "[compare]\ntable = \"table-0\"\nregions = \"r.csv\"\nsectors = \"s.csv\"\n";
        p.write("build.toml", format!("{BUILD}{more}"))
            .write("r.csv", "from,to\nBJ,B\nTJ,B\nHE,C\n")
            .write("s.csv", "from,to\n01,M\n02,M\n03,M\n");
    };
    build_with_a_quotient_of_a_region_that_has_a_table: |p| {
        let more = "[[quotient]]\nregion = \"BJ\"\noutput = \"x.csv\"\nmethod = \"flk\"\n";
        p.write("build.toml", format!("{BUILD}{more}")).write("x.csv", "sector,output\n,10\n");
    };
    build_with_an_extension_split_by_nothing: |p| {
        let more = "[[extension]]\ncode = \"co2\"\nunit = \"Mt\"\nfile = \"co2.csv\"\nsplit_by = [\"coal\"]\n";
        p.write("build.toml", format!("{BUILD}{more}")).write("co2.csv", "region,sector,value\nBJ,01,1\n");
    };
}
