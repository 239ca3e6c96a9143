//! Shipped tables: what they foretell, and how clean what moves between their regions is.

use std::path::Path;

use irio::backcast::{Knowledge, backcast};
use irio::input::table::read;
use irio::relocation::intensity::{Side, of_moves};
use irio::relocation::{Move, Suppliers, Technology};
use irio::report;
use irio::table::Table;

fn table(name: &str) -> Table {
    read(&Path::new("tables").join(name), None).unwrap()
}

#[test]
fn what_a_source_lacks_travels_with_the_table() {
    let table = table("china-2002");
    let gap = |table: &Table| table.notes().into_iter().find_map(|note| note.gap).unwrap();
    let found = gap(&table);
    assert_eq!((found.quantity.as_str(), found.year), ("co2", Some(2002)));
    assert_eq!(found.regions, ["Hainan", "Ningxia"]);
    let place = tempfile::tempdir().unwrap();
    let toml = report::table::toml(table.parts(), "written again");
    let files = report::table::files(table.parts(), &toml);
    let folder = place.path().join("again");
    report::folder::write(&folder, report::folder::Kind::Table, &files).unwrap();
    assert_eq!(gap(&read(&folder, None).unwrap()), found);
}

#[test]
fn a_table_foretells_itself() {
    let table = table("china-2007");
    for found in backcast(&table, &table).unwrap() {
        for prediction in &found.predictions {
            assert!(prediction.error < 1e-10, "{}: {prediction:?}", found.code);
        }
    }
}

/// Value added of 2007 from 2002: controls come far nearer than no change, shares nearer still.
#[test]
fn knowing_more_foretells_the_level_of_value_added_better() {
    let found = backcast(&table("china-2002"), &table("china-2007")).unwrap();
    let value_added = &found[0];
    assert_eq!(value_added.code, "value_added");
    let error = |knowledge: Knowledge| {
        value_added.predictions.iter().find(|one| one.knowledge == knowledge).unwrap().error
    };
    let [none, controls, shares] = Knowledge::ALL.map(error);
    assert!(shares < controls && controls < 0.2 * none, "{none}, {controls}, {shares}");
    // Brought to the true total, predictions add up to it.
    for prediction in &value_added.predictions {
        let (sum, truth): (f64, f64) =
            (prediction.to_total.iter().sum(), value_added.truth.iter().sum());
        assert!((sum / truth - 1.0).abs() < 1e-12);
    }
}

#[test]
fn intensities_of_what_moves_are_those_of_the_table() {
    let table = table("bth-2007");
    let axes = table.industries();
    let region = |code: &str| axes.regions.position(code).unwrap();
    let sector = axes.sectors.position("MET").unwrap();
    let mv = Move {
        sector,
        from: region("BJ"),
        to: region("HE"),
        technology: Technology::Destination,
        suppliers: Suppliers::Destination,
        exports: true,
    };
    let found = of_moves(&table, &[mv]);
    let co2 = found.iter().find(|one| table.quantity_code(one.quantity) == "co2").unwrap();
    assert_eq!(co2.sides[region("BJ")], Side::Giving);
    assert_eq!(co2.sides[region("HE")], Side::Receiving);
    assert_eq!(co2.sides[region("RC")], Side::Other);
    let at = axes.index(region("HE"), sector);
    let wanted = table.parts().extensions[0].values[at] / table.output()[at];
    assert_eq!(co2.per_output[region("HE")], Some(wanted));
}

/// The three regions' output, value added and CO2 are those of their own tables and inventories.
#[test]
fn beijing_tianjin_and_hebei_have_their_own_totals() {
    let table = table("bth-2007");
    let axes = table.industries();
    let value_added = axes.by_region(&table.value_added());
    // 10^8 yuan, from the provincial tables' own totals (10^4 yuan).
    for (code, wanted) in [("BJ", 9579.4160), ("TJ", 5050.3861), ("HE", 13778.3157)] {
        let found = value_added[axes.regions.position(code).unwrap()];
        assert!((found - wanted).abs() < 0.001, "{code}: {found}");
    }
    let co2 = &table.extensions()[0];
    let by_region = axes.by_region(&co2.values);
    // Mt with households, the sums over the sectors of the CEADs inventories of 2007.
    for (code, wanted) in [("BJ", 102.7), ("TJ", 103.3), ("HE", 528.9)] {
        let at = axes.regions.position(code).unwrap();
        let found = by_region[at] + co2.households[at];
        assert!((found - wanted).abs() < 0.05, "{code}: {found}");
    }
}
