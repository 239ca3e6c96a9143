//! `irio agglomeration` from its file to its folder: the shipped example, the worked example, and bad inputs.

mod common;
#[path = "common/program.rs"]
#[macro_use]
mod program;

use std::path::Path;

use irio::tidy::{Column, Tidy};
use program::Place;

fn shipped(path: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path).display().to_string()
}

fn tidy(place: &Place, name: &str) -> Tidy {
    Tidy::from_csv(&place.read(&format!("out/{name}"))).unwrap()
}

/// The one value of a file whose line has these texts.
#[track_caller]
fn value(tidy: &Tidy, wanted: &[(Column, &str)]) -> f64 {
    let rows: Vec<usize> = tidy.rows_where(wanted).collect();
    assert_eq!(rows.len(), 1, "{wanted:?}");
    tidy.value(rows[0])
}

#[track_caller]
fn near(found: f64, known: f64) {
    assert!((found - known).abs() <= 1e-9 * known.abs(), "{found}, known {known}");
}

/// Five plants of METHODS C1's case among themselves, two of them once more as an industry that is too small.
const PLANTS: &str =
    "id,industry,x,y,employment\na,I,0,0,10\nb,I,3,4,20\nc,I,6,8,5\nd,I,0,10,40\ne,I,20,0,25\n";

/// A place with a file of measures on the output of the worked example's three regions.
fn worked() -> Place {
    let place = Place::new();
    place
        .write(
            "m.toml",
            "irio_agglomeration = 1\nname = \"m\"\n[activity]\nfile = \"x.csv\"\nquantity = \"output\"\nunit = \"yuan\"\n\
             plants = \"h.csv\"\n[[group]]\nname = \"all\"\nsectors = [\"M\", \"S\"]\n[density]\narea = \"areas.csv\"\n\
             sectors = [\"M\"]\nweights = \"w.csv\"\n[[density.quantity]]\ncode = \"OA\"\n[[density.quantity]]\ncode = \"CA\"\n\
             investment = \"i.csv\"\nunit = \"yuan\"\ndepreciation = 0.1\ngrowth = 0.15\n[plants]\nfile = \"plants.csv\"\n\
             fewest = 3\ndraws = 40\nsteps = 4\nweighted = true\n",
        )
        .write("x.csv", "region,sector,value\nB,M,124\nB,S,326\nT,M,183\nT,S,173\nH,M,319\nH,S,223\n")
        .write("h.csv", "sector,herfindahl\nM,0.05\nS,0.02\n")
        .write("areas.csv", "region,area\nB,2\nT,4\nH,10\n")
        .write("w.csv", "sector,weight,partial\nM,1,no\nS,0.5,yes\n")
        .write(
            "i.csv",
            "region,year,value\nB,2000,10\nB,2001,12\nT,2000,5\nT,2001,5\nH,2000,1\nH,2001,2\n",
        )
        .write("plants.csv", PLANTS);
    place
}

#[test]
fn the_worked_example_comes_out_of_the_program() {
    use Column::{From, Part, Quantity, Region, Sector, Statistic, To, Year};
    let place = worked();
    let run = place.irio(&["agglomeration", "m.toml", "--out", "out"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let sectors = tidy(&place, "sectors.csv");
    for (sector, statistic, known) in [
        ("M", "herfindahl", 0.38437158693056),
        ("S", "gini", 0.132468744091996),
        ("M", "theil", 0.0470556159399175),
        ("M", "raw_concentration", 0.0307818690416418),
        ("M", "gamma", -0.0033245298187521),
        ("S", "gamma", 0.0155237889149175),
    ] {
        near(value(&sectors, &[(Sector, sector), (Statistic, statistic)]), known);
    }
    let regions = tidy(&place, "regions.csv");
    near(value(&regions, &[(Region, "B"), (Statistic, "krugman")]), 0.377672271678206);
    let others = [(Region, "H"), (Statistic, "krugman_against_others")];
    near(value(&regions, &others), 0.415335170721434);
    let quotients = tidy(&place, "quotients.csv");
    near(value(&quotients, &[(Region, "T"), (Sector, "M")]), 1.10692106113365);
    let pairs = tidy(&place, "pairs.csv");
    near(value(&pairs, &[(From, "M"), (To, "S")]), -0.0406134378348866);
    near(value(&tidy(&place, "groups.csv"), &[(Sector, "all")]), -0.0406134378348866);
    let densities = tidy(&place, "densities.csv");
    let density = |code: &str, year: &str, part: &str, region: &str| {
        let wanted = [(Quantity, code), (Year, year), (Part, part), (Region, region)];
        value(&densities, &[&wanted[..], &[(Statistic, "density")]].concat())
    };
    near(density("OA", "", "chosen", "B"), 62.0);
    near(density("OA", "", "weighted", "B"), 143.5);
    near(density("CA", "2001", "region", "B"), 24.0);
    // Points of the file are 0, 2.5, 5, 7.5, 10: those of the case.
    let curves = tidy(&place, "curves.csv");
    let known = [
        0.0199232190397303,
        0.0274334384304252,
        0.0417433122124732,
        0.0472994355595798,
        0.0398019690260354,
    ];
    for (at, known) in known.into_iter().enumerate() {
        let point = (at + 1).to_string();
        near(value(&curves, &[(Column::Point, &point), (Quantity, "distance")]), 2.5 * at as f64);
        near(value(&curves, &[(Column::Point, &point), (Quantity, "density")]), known);
    }
    let localisation = tidy(&place, "localisation.csv");
    near(value(&localisation, &[(Statistic, "bandwidth")]), 3.71081869847184);
    // All sites are the industry's; only its sizes are shuffled. The notes say what is rough.
    let summary: serde_json::Value = serde_json::from_str(&place.read("out/summary.json")).unwrap();
    let codes: Vec<&str> =
        summary["notes"].as_array().unwrap().iter().map(|n| n["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["partial_weights", "few_draws"]);
    assert_eq!(summary["inputs"].as_array().unwrap().len(), 7);
    assert_eq!(summary["seed"], 1);
    assert_eq!(summary["switches"]["plants.band"], "levels");
    insta::assert_snapshot!("worked_terminal", run.stdout);
}

/// What is true of the synthetic files of `tables/agglomeration` is found, with the same bytes on any number
/// of threads.
#[test]
fn the_shipped_example_finds_what_was_put_there() {
    let place = Place::new();
    let mut first = None;
    for threads in ["1", "2", "8"] {
        let file = shipped("scenarios/agglomeration/china-2007.toml");
        let run =
            place.irio(&["agglomeration", &file, "--out", "out", "--json", "--threads", threads]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let summary: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let verdict = |industry: &str| {
            summary["headline"]["industries"]["by_industry"][industry]["verdict"].clone()
        };
        assert_eq!(verdict("steel"), "localised");
        assert_eq!(verdict("cement"), "dispersed");
        let share = &summary["headline"]["capital_share"];
        let (alpha, error) =
            (share["alpha"].as_f64().unwrap(), share["standard_error"].as_f64().unwrap());
        assert!((alpha - 0.4).abs() < 3.0 * error && error < 0.02, "{alpha} ± {error}");
        let found = program::contents(&place.path("out"));
        assert!(first.get_or_insert(found.clone()) == &found, "{threads} threads");
    }
}

/// The table of the worked example gives what the same numbers in a CSV give; two years stand side by side.
#[test]
fn tables_of_several_years_are_measured_year_by_year() {
    let place = Place::new();
    let text = "irio_agglomeration = 1\nname = \"m\"\n[activity]\ntable = [\"table-1\", \"table-0\"]\nquantity = \"value_added\"\n";
    place.write("m.toml", text);
    let run = place.irio(&["agglomeration", "m.toml", "--out", "out"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let sectors = tidy(&place, "sectors.csv");
    for year in ["2000", "2001"] {
        assert!(sectors.rows_where(&[(Column::Year, year)]).count() >= 8);
    }
    assert_eq!(sectors.text(0, Column::Year), "2000");
    assert_eq!(sectors.text(0, Column::Quantity), "value_added");
}

#[test]
fn the_template_runs_as_it_is() {
    let place = Place::new();
    let run = place.irio(&["init", "agglomeration", "sub/m.toml", "--table", "table-0"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let run = place.irio(&["agglomeration", "sub/m.toml", "--out", "out"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    // And with everything that it only shows switched on, what it names is all that is missing.
    let text = place.read("sub/m.toml");
    let lines = text.lines().map(|line| match line.strip_prefix("# ") {
        Some(rest) if rest.starts_with('[') || rest.contains(" = ") => rest,
        _ => line,
    });
    let on: String = lines.map(|line| format!("{line}\n")).collect();
    place.write("sub/on.toml", on);
    let run = place.irio(&["agglomeration", "sub/on.toml", "--out", "other"]);
    assert_eq!(run.code, 2);
    assert!(!run.stderr.contains("unknown key"), "{}", run.stderr);
}

/// `worked()` with one text of a file replaced.
macro_rules! spoilt {
    ($($name:ident: $file:literal, $from:literal => $to:literal;)*) => { $(
        #[test]
        fn $name() {
            let place = worked();
            place.patch($file, $from, $to);
            let told = place.refusal(&["agglomeration", "m.toml", "--out", "out"]);
            insta::assert_snapshot!(stringify!($name), told);
        }
    )* };
}

spoilt! {
    a_key_that_is_not_known: "m.toml", "quantity = \"output\"" => "quantitty = \"output\"";
    a_sector_that_is_not_there: "m.toml", "sectors = [\"M\"]" => "sectors = [\"M\", \"Z\"]";
    activity_below_zero: "x.csv", "T,S,173" => "T,S,-173";
    activity_told_twice: "x.csv", "T,S,173" => "T,M,173";
    a_region_without_area: "areas.csv", "T,4\n" => "";
    a_region_twice_at_the_end: "areas.csv", "H,10\n" => "H,10\nH,11\n";
    a_decimal_comma: "areas.csv", "T,4" => "T,4,5";
    an_area_of_nothing: "areas.csv", "T,4" => "T,0";
    a_herfindahl_beyond_one: "h.csv", "M,0.05" => "M,1.5";
    a_weight_beyond_one: "w.csv", "S,0.5,yes" => "S,5,perhaps";
    a_year_left_out: "i.csv", "2001,12" => "2003,12";
    depreciation_in_percent: "m.toml", "depreciation = 0.1" => "depreciation = 10";
    a_plant_twice: "plants.csv", "b,I,3,4,20" => "a,I,3,n/a,0";
    plants_without_places: "plants.csv", "x,y" => "street,number";
degrees_that_are_none: "plants.csv", "x,y,employment\na,I,0,0" => "lon,lat,employment\na,I,0,100";
    too_few_draws: "m.toml", "draws = 40" => "draws = 10";
    an_industry_that_is_not_there: "m.toml", "fewest = 3" => "industries = [\"J\"]";
    plants_at_one_place: "plants.csv", "a,I,0,0,10\nb,I,3,4,20\nc,I,6,8,5\nd,I,0,10,40\n" => "a,I,1,1,10\nb,I,1,1,20\nc,I,1,1,5\nd,I,1,1,40\n";
}

bad! {
    nothing_to_measure: |place| {
        place.write("m.toml", "irio_agglomeration = 1\nname = \"m\"\n");
    } => ["agglomeration", "m.toml"];
    a_table_is_no_file_of_measures: |place| { let _ = &place; } => ["agglomeration", "table-0/table.toml"];
    a_quantity_that_the_table_lacks: |place| {
        place.write("m.toml", "irio_agglomeration = 1\nname = \"m\"\n[activity]\ntable = \"table-0\"\nquantity = \"ouput\"\n");
    } => ["agglomeration", "m.toml"];
    areas_with_a_unit_and_a_strange_region: |place| {
        let text = "irio_agglomeration = 1\nname = \"m\"\n[activity]\ntable = \"table-0\"\n[density]\narea = \"a.csv\"\n[[density.quantity]]\ncode = \"OA\"\n";
        place.write("m.toml", text).write("a.csv", "region,area,unit\nB,2,km2\nH,3,ha\nHH,1,ha\n");
    } => ["agglomeration", "m.toml"];
    numbers_of_three_hundred_digits: |place| {
        let text = "irio_agglomeration = 1\nname = \"m\"\n[activity]\ntable = \"table-0\"\nplants = \"p.csv\"\n";
        place.write("m.toml", text).write("p.csv", "sector,herfindahl,sise\nM,1e300,1\nS,0.1,1\n");
    } => ["agglomeration", "m.toml"];
    a_panel_without_change: |place| {
        place.write("m.toml", "irio_agglomeration = 1\nname = \"m\"\n[productivity]\nfile = \"p.csv\"\n").write(
            "p.csv",
            "region,year,output,capital,labour\nA,2000,1,2,1\nA,2001,1,2,1\nA,2002,1.5,2,1\n",
        );
    } => ["agglomeration", "m.toml"];
}

/// Every place of a file that is wrong is told, in the order of its lines.
#[test]
fn faults_of_a_file_are_told_line_by_line() {
    let place = worked();
    place.write("x.csv", "region,sector,value\nB,M,-1\nB,,3\n,S,1e200\nH,M,3e-310\nH,S,x\n");
    let told = place.refusal(&["agglomeration", "m.toml", "--out", "out"]);
    insta::assert_snapshot!("faults_line_by_line", told);
}

#[test]
fn groups_need_names_of_their_own() {
    let place = worked();
    let group = "[[group]]\nname = \"all\"\nsectors = [\"M\", \"S\"]\n";
    place.patch("m.toml", group, &format!("{group}{group}{}", group.replace("all", " ")));
    let told = place.refusal(&["agglomeration", "m.toml", "--out", "out"]);
    insta::assert_snapshot!("groups_of_one_name", told);
}

#[test]
fn units_and_growth_must_be_such() {
    let place = worked();
    place.patch("m.toml", "[density]\n", "[density]\narea_unit = \"hectar & more\"\n");
    place.patch("m.toml", "growth = 0.15", "growth = 15");
    place.patch("m.toml", "[plants]\n", "[plants]\nunit = \"\"\n");
    let told = place.refusal(&["agglomeration", "m.toml", "--out", "out"]);
    insta::assert_snapshot!("units_and_growth", told);
}

/// A file of another kind is named for what it is by every command that reads one.
#[test]
fn a_file_of_another_kind_is_named() {
    let place = worked();
    let mut told = String::new();
    for command in
        [&["run"][..], &["locate"], &["build", "--out", "out"], &["estimate"], &["check"]]
    {
        told += &place.refusal(&[command, &["m.toml"]].concat());
    }
    insta::assert_snapshot!("a_file_of_another_kind", told);
}
