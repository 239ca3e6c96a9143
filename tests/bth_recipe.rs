//! The recipe of docs/bth.md, on mocks of the CEADs inter-provincial workbooks: from two workbooks to the
//! transfer of Beijing, Tianjin and Hebei from 2012 to 2017, with carbon where the inventories are.

#[path = "mocks/ceads/book.rs"]
mod book;
mod common;
#[path = "mocks/ceads/numbers.rs"]
mod numbers;
#[path = "common/program.rs"]
mod program;

use numbers::{Numbers, Wanted};
use program::{Place, Run};

fn ok(run: Run) -> String {
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    run.stdout
}

/// Path of a shipped file, from the place's own folder.
fn shipped(name: &str) -> String {
    std::env::current_dir().unwrap().join("tables").join(name).display().to_string()
}

fn mock(place: &Place, year: i32) {
    let provinces: Vec<&str> = irio::china::PROVINCES.iter().map(|one| one.code).collect();
    let drawn = Numbers::of(Wanted::small(year, &provinces, 42));
    book::workbook(&drawn).unwrap().save(place.path(&format!("MRIO {year}.xlsx"))).unwrap();
}

fn aggregated(place: &Place, from: &str, year: i32) {
    let regions = shipped("sources/bth/regions-31.csv");
    let sectors = shipped(&format!("sources/bth/sectors-{year}.csv"));
    let out = format!("bth-{year}");
    ok(place.irio(&[
        "aggregate",
        from,
        "--regions",
        &regions,
        "--sectors",
        &sectors,
        "--unit",
        "10^8 yuan",
        "--out",
        &out,
    ]));
}

#[test]
fn two_workbooks_end_in_the_transfer_of_three_regions() {
    let place = Place::new();
    mock(&place, 2012);
    mock(&place, 2017);
    // The mock of 2012 has no row of CO2: it takes the inventory of that year, where there is one.
    let data = common::real_data();
    let with_carbon = data.is_some();
    let base = match &data {
        None => "MRIO 2012.xlsx".to_owned(),
        Some(data) => {
            let file = data
                .join("china_ceads_provincial_co2_1997_2015/ceads_co2_by_province_sector_total_1997_2015.csv.gz");
            let file = std::fs::canonicalize(file).unwrap();
            let map = shipped("concordances/ceads45-nbs42-2012-groups.csv");
            place.write(
                "ceads-2012.toml",
                format!(
                    "irio_table = 1\nlayout = \"ceads_mrio\"\nname = \"ceads-2012\"\nyear = 2012\n\
                     unit = \"10^4 yuan\"\nfile = \"MRIO 2012.xlsx\"\nestimated_trade = true\n\
                     [[extension]]\ncode = \"co2\"\nunit = \"Mt\"\nfile = {file:?}\nvalue = \"co2_mt\"\n\
                     where = {{ year = \"2012\" }}\nregion = \"province\"\nsector_map = {map:?}\n\
                     households = [\"HH_urban\", \"HH_rural\"]\nsplit_by = [\"02\", \"03\", \"11\", \"26\"]\n"
                ),
            );
            "ceads-2012.toml".to_owned()
        }
    };
    aggregated(&place, &base, 2012);
    aggregated(&place, "MRIO 2017.xlsx", 2017);
    let (groups, classes) = (shipped("sources/bth/groups.csv"), shipped("sources/bth/classes.csv"));
    let told = ok(place.irio(&[
        "transfer",
        "bth-2012",
        "bth-2017",
        "--groups",
        &groups,
        "--classes",
        &classes,
        "--out",
        "bth",
    ]));
    assert!(told.contains("Industrial transfer 2012 → 2017"), "{told}");
    assert!(told.contains("BTH Beijing-Tianjin-Hebei (BJ, TJ, HE)"), "{told}");
    assert!(told.contains("RES Resource-intensive manufacturing"), "{told}");
    let kinds = place.read("bth/groups.csv");
    for kind in ["internal", "inward", "outward"] {
        assert!(kinds.contains(kind), "no {kind} transfer in groups.csv");
    }
    assert_eq!(kinds.contains("co2"), with_carbon);
    let classes = place.read("bth/classes.csv");
    assert!(classes.contains("RES"), "the resource class of the regions' transfers");
    let summary: serde_json::Value = serde_json::from_str(&place.read("bth/summary.json")).unwrap();
    let residuals = summary["residuals"].as_object().unwrap();
    assert!(residuals.len() >= 2, "output and value added at least");
    for (name, residual) in residuals {
        assert!(residual.as_f64().unwrap().abs() < 1e-9, "{name}: {residual}");
    }
    // Beijing's inventory of 2012 stays whole on its way through 42 sectors into 16.
    if with_carbon {
        let table = irio::input::table::read(&place.path("bth-2012"), None).unwrap();
        let co2 = &table.extensions()[0];
        let at = table.industries().regions.position("北京").unwrap();
        let all = table.industries().by_region(&co2.values)[at] + co2.households[at];
        assert!((all - 97.2).abs() < 0.7, "{all}");
    }
}

/// The files that docs/bth.md names for one's own downloads lead from every sector of their year.
#[test]
fn maps_of_2012_and_2017_cover_their_classifications() {
    use irio::china::{SECTORS_2012, SECTORS_2017};
    use irio::input::map::MapFile;
    use irio::input::workbook::read_sheet;
    use irio::labels::{Axis, Label};
    let bth = irio::input::table::read(std::path::Path::new("tables/bth-2007"), None).unwrap();
    for (year, sectors) in [(2012, SECTORS_2012), (2017, SECTORS_2017)] {
        let axis =
            Axis::new("sector", sectors.map(|(code, en, zh)| Label::new(code, en, zh))).unwrap();
        let map =
            |name: String| MapFile::of(read_sheet(std::path::Path::new(&name)).unwrap().0).unwrap();
        let onto =
            map(format!("tables/sources/bth/sectors-{year}.csv")).concordance(&axis).unwrap();
        assert!(onto.onto(&bth.industries().sectors).is_ok(), "the sectors of bth-2007");
        let groups = map(format!("tables/concordances/ceads45-nbs42-{year}-groups.csv"));
        assert_eq!(groups.candidates().unwrap().len(), 47);
        for entry in groups.entries().iter().filter(|e| !e.to.code.starts_with("HH_")) {
            assert!(axis.position(&entry.to.code).is_ok(), "{}", entry.to.code);
        }
    }
}
