//! `irio balance` and `irio update` as programs: what they write and say, and the exact message of each
//! bad input, of which none is a panic and none leaves anything behind.

#[macro_use]
#[path = "common/program.rs"]
mod program;

use std::path::Path;

use irio::input::table::read;
use program::Place;

const UPDATE: [&str; 6] = ["update", "table-0", "--controls", "c.csv", "--out", "o"];
const HEADER: &str = "quantity,region,sector,category,value,sigma\n";

fn controls(place: &Place, lines: &str) {
    place.write("c.csv", format!("{HEADER}{lines}"));
}

const BALANCE: [&str; 8] =
    ["balance", "m.csv", "--rows", "r.csv", "--columns", "k.csv", "--out", "o.csv"];
const SUMS: [&str; 6] = ["balance", "m.csv", "--controls", "c.csv", "--out", "o.csv"];

/// A matrix with totals, some of whose lines are replaced.
fn matrix(place: &Place, file: &str, from: &str, to: &str) {
    place.write("m.csv", "to,a,b,c\nx,1,2,0\ny,0,3,0\nz,4,-1,5\n");
    place.write("r.csv", "row,value\nx,4\ny,2\nz,10\n");
    place.write("k.csv", "column,value\na,6\nb,5\nc,5\n");
    place.write("c.csv", "row,column,value,sigma\nx,,4,\n,a,6,0.5\ny,b,2,\n");
    place.patch(file, from, to);
}

bad! {
    update_unknown_words: |p| {
        controls(&p, "outputs,B,M,,1,\noutput,Q,M,,1,\noutput,B,T,,1,\nfinal_demand,B,,dom,1,\n")
    } => UPDATE;
    update_numbers_that_are_none: |p| {
        controls(&p, "output,B,M,,much,\noutput,B,S,,-5,\noutput,H,M,,1,-1\noutput,H,S,,1,few\nco2,B,,,,\n")
    } => UPDATE;
    update_a_line_twice: |p| { controls(&p, "output,B,M,,180,\nco2,,,,500,\noutput,B,M,,181,\n") } => UPDATE;
    update_categories_where_there_are_none: |p| {
        controls(&p, "output,B,,domestic,180,\nfinal_demand,B,,exports,5,\nco2,B,M,households,5,\n")
    } => UPDATE;
    update_header_misspelt: |p| { p.write("c.csv", "quantity,regoin,value\noutput,B,180\n") } => UPDATE;
    update_without_lines: |p| { p.write("c.csv", HEADER) } => UPDATE;
    update_what_the_table_does_not_have: |p| {
        p.patch("table-0/categories.csv", "inventories,,,inventory", "inventories,,,investment");
        controls(&p, "inventories,B,M,,5,\n")
    } => UPDATE;
    update_emissions_where_there_are_none: |p| { controls(&p, "co2,B,,households,5,\n") } => UPDATE;
    update_parts_above_their_whole: |p| {
        controls(&p, "output,B,,,500,\noutput,B,M,,300,\noutput,B,S,,250,\noutput,H,,,600,\n")
    } => UPDATE;
    update_against_the_accounts: |p| {
        controls(&p, "output,B,M,,200,\nvalue_added,B,M,,150,\nintermediate_inputs,B,M,,100,\n")
    } => UPDATE;
    update_a_file_that_is_not_there: |_p| {} => UPDATE;
    update_over_another_table: |p| {
        controls(&p, "output,B,M,,180,\n");
    } => ["update", "table-0", "--controls", "c.csv", "--out", "table-1"];
    balance_text_in_a_cell: |p| { matrix(&p, "m.csv", "x,1,2,0", "x,1,two,") } => BALANCE;
    balance_cells_beyond_all_numbers: |p| { matrix(&p, "m.csv", "x,1,2,0", "x,1e308,2,1e-320") } => BALANCE;
    balance_totals_beyond_all_numbers: |p| { matrix(&p, "r.csv", "z,10", "z,1e308") } => BALANCE;
    balance_controls_beyond_all_numbers: |p| { matrix(&p, "c.csv", "x,,4,", "x,,1e-320,") } => SUMS;
    balance_a_short_line: |p| { matrix(&p, "m.csv", "y,0,3,0", "y,0,3") } => BALANCE;
    balance_a_name_twice: |p| { matrix(&p, "m.csv", "\ny,", "\nx,") } => BALANCE;
    balance_totals_that_differ: |p| { matrix(&p, "r.csv", "z,10", "z,11") } => BALANCE;
    balance_totals_of_nobody: |p| { matrix(&p, "r.csv", "y,2\nz,10", "w,2\nx,5") } => BALANCE;
    balance_totals_missing: |p| { matrix(&p, "k.csv", "c,5\n", "") } => BALANCE;
    balance_a_line_that_cannot_be_met: |p| {
        matrix(&p, "r.csv", "x,4\ny,2", "x,8\ny,-2")
    } => BALANCE;
    balance_totals_in_conflict: |p| { matrix(&p, "r.csv", "y,2\nz,10", "y,7\nz,5"); p.patch("m.csv", "4,-1,5", "4,0,5") } => BALANCE;
    balance_controls_in_conflict: |p| { matrix(&p, "c.csv", "y,b,2,", "y,b,2,\n,,10,\ny,,3,\nz,,4,") } => SUMS;
    balance_controls_of_nobody: |p| { matrix(&p, "c.csv", "x,,4,", "w,,4,\nx,a,1,-2\nx,,5,\nx,,6,") } => SUMS;
    balance_controls_without_value: |p| { matrix(&p, "c.csv", "value", "total") } => SUMS;
    balance_an_empty_file: |p| { matrix(&p, "m.csv", "x,1,2,0\ny,0,3,0\nz,4,-1,5\n", "") } => BALANCE;
    balance_over_its_input: |p| { matrix(&p, "m.csv", "to", "to") } => ["balance", "m.csv", "--controls", "c.csv", "--out", "m.csv"];
    balance_over_another_file: |p| {
        matrix(&p, "m.csv", "to", "to");
        p.write("thesis.csv", "precious\n")
    } => ["balance", "m.csv", "--controls", "c.csv", "--out", "thesis.csv"];
}

#[test]
fn a_matrix_is_balanced_and_told_about() {
    let p = Place::new();
    matrix(&p, "m.csv", "to", "to");
    let run = p.irio(&BALANCE);
    assert_eq!(run.code, 0, "{}", run.stderr);
    insta::assert_snapshot!("balance_report", run.stdout);
    let text = p.read("o.csv");
    let cells: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(cells[0], ["to", "a", "b", "c"]);
    let cell = |i: usize, j: usize| cells[i][j].parse::<f64>().unwrap();
    for (i, total) in [4.0, 2.0, 10.0].into_iter().enumerate() {
        let sum: f64 = (1..4).map(|j| cell(i + 1, j)).sum();
        assert!((sum - total).abs() < 1e-9 && cells[i + 1][0] == ["x", "y", "z"][i]);
    }
    for (j, total) in [6.0, 5.0, 5.0].into_iter().enumerate() {
        let sum: f64 = (1..4).map(|i| cell(i, j + 1)).sum();
        assert!((sum - total).abs() < 1e-9);
    }
    assert!(cell(3, 2) < 0.0 && cell(1, 3) == 0.0, "signs and zeros stay");
    // A second run may replace the first.
    let json = p.irio(&[&BALANCE[..], &["--json"]].concat());
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert!(json["gap"].as_f64().unwrap() < 1e-10);
    assert_eq!(p.read("o.csv"), text);
}

#[test]
fn a_control_that_gave_way_is_told() {
    let p = Place::new();
    matrix(&p, "c.csv", "y,b,2,", "y,b,2,\n,,10,\nz,,1,0.5\ny,,2,");
    let run = p.irio(&SUMS);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("controls gave way"), "{}", run.stdout);
    assert!(run.stdout.contains("the total of row z"), "{}", run.stdout);
}

/// irio's own flows have two header lines and two columns of labels.
#[test]
fn two_header_lines_are_read_and_written() {
    let p = Place::new();
    p.write("c.csv", "row,column,value\nB:M,,100\n,H:S,70\n");
    let run = p.irio(&[
        "balance",
        "table-0/flows.csv",
        "--header-lines",
        "2",
        "--label-columns",
        "2",
        "--controls",
        "c.csv",
        "--out",
        "o.csv",
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let (before, after) = (p.read("table-0/flows.csv"), p.read("o.csv"));
    let head = |text: &str| text.lines().take(2).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(head(&before), head(&after));
    let row = after.lines().nth(2).unwrap();
    assert!(row.starts_with("B,M,"));
    let sum: f64 = row.split(',').skip(2).map(|cell| cell.parse::<f64>().unwrap()).sum();
    assert!((sum - 100.0).abs() < 1e-8);
}

#[test]
fn a_table_is_updated_and_told_about() {
    let p = Place::new();
    controls(
        &p,
        "output,B,M,,190,\nvalue_added,B,,,330,\nvalue_added,H,,,350,\nfinal_demand,H,,,330,10\n\
         inventories,,M,,6,\nexports,,,,150,\nco2,B,,,100,\nimports,H,M,,20,\n",
    );
    let run = p.irio(&[&UPDATE[..], &["--year", "2003"]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    insta::assert_snapshot!("update_report", run.stdout);
    let table = read(&p.path("o"), None).unwrap();
    assert_eq!((table.meta().year, table.meta().estimated_trade), (2003, true));
    let gaps = table.discrepancy();
    assert!(gaps.rows.iter().chain(&gaps.columns).all(|gap| gap.abs() < 1e-7), "{gaps:?}");
    assert!((table.output()[0] - 190.0).abs() < 1e-7);
    let added = table.value_added();
    assert!((added[0] + added[1] - 330.0).abs() < 1e-7);
    let co2 = &table.extensions()[0].values;
    assert!((co2[0] + co2[1] - 100.0).abs() < 1e-7);
    // Nothing is known of HE's emissions: they follow output.
    assert!((co2[2] / table.output()[2] - 402.0 / 335.0).abs() < 1e-9);
    let stocks = table.final_demand().sum_of_role(irio::table::Role::Inventory);
    assert!((stocks[0] + stocks[2] - 6.0).abs() < 1e-9);
    // It may be replaced by a second run from the same table, and checks without a complaint.
    assert_eq!(p.irio(&UPDATE).code, 0);
    assert_eq!(p.irio(&["check", "o", "--strict"]).code, 0);
}

/// The totals that a table has already leave it as it is.
#[test]
fn a_table_brought_to_its_own_totals_stays() {
    for every in [&[] as &[&str], &["--every"]] {
        let p = Place::new();
        let init = ["init", "controls", "c.csv", "--table", "table-0"];
        assert_eq!(p.irio(&[&init, every].concat()).code, 0);
        let run = p.irio(&UPDATE);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(run.stdout.contains("controls are met"), "{}", run.stdout);
        // What is left of rounding is no move.
        assert!(run.stdout.contains("Balancing moved nothing."), "{}", run.stdout);
        let (old, new) = (table(&p.path("table-0")), table(&p.path("o")));
        for (a, b) in old.iter().zip(&new) {
            assert!((a - b).abs() < 1e-8, "{a} became {b}");
        }
    }
}

/// Every margin that can be a control stands in the file, and the usual ones are part of it.
#[test]
fn every_margin_can_be_written() {
    let p = Place::new();
    let init = ["init", "controls", "usual.csv", "--table", "table-0"];
    assert_eq!(p.irio(&init).code, 0);
    let init = ["init", "controls", "every.csv", "--table", "table-0", "--every"];
    assert_eq!(p.irio(&init).code, 0);
    let (usual, every) = (p.read("usual.csv"), p.read("every.csv"));
    assert!(usual.lines().all(|line| every.lines().any(|other| other == line)));
    for subject in irio::updating::Subject::MONEY {
        let begin = format!("{},", subject.word().unwrap());
        assert!(every.lines().any(|line| line.starts_with(&begin)), "{begin} in {every}");
    }
}

fn table(path: &Path) -> Vec<f64> {
    let table = read(path, None).unwrap();
    let demand = table.final_demand().values.to_dense();
    let cells = [
        table.flows().to_dense().values().to_vec(),
        demand.values().to_vec(),
        table.value_added(),
        table.extensions()[0].values.clone(),
    ];
    cells.concat()
}
