//! Systems of pymrio and EXIOBASE 3: what is read, what is written, and what is said of faulty ones.

mod common;
#[macro_use]
#[path = "common/program.rs"]
mod program;
#[path = "pymrio/leftovers.rs"]
mod leftovers;

use std::io::{Cursor, Write};
use std::path::Path;

use common::{close, matrix, vector};
use irio::footprint::{Detail, Footprint};
use irio::input::table::read;
use irio::labels::Label;
use irio::leontief::Leontief;
use irio::linalg::Matrix;
use irio::report::folder::{Kind, write_streamed};
use irio::report::{self, npy};
use irio::table::{Imports, Role, Table};
use program::Place;
use serde_json::Value;

const SYSTEM: &str = "tests/data/published/pymrio_system.zip";

fn system() -> Table {
    read(Path::new(SYSTEM), None).unwrap_or_else(|faults| panic!("{faults}"))
}

fn golden() -> Value {
    serde_json::from_str(include_str!("data/published/pymrio_system.json")).unwrap()
}

#[test]
fn a_system_of_pymrio_is_read_whole() {
    let table = system();
    assert_eq!((table.meta().name.as_str(), table.meta().year), ("invented", 2014));
    assert_eq!(table.meta().unit.factor_to(&"million EUR".parse().unwrap()), Some(1.0));
    close("x", table.output(), &vector(&golden()["x"]));
    let roles: Vec<Role> = table.final_demand().categories.iter().map(|c| c.role).collect();
    assert_eq!(roles, [Role::Consumption, Role::Consumption, Role::Investment, Role::Inventory]);
    let codes: Vec<&str> = table.extensions().iter().map(|e| e.label.code.as_str()).collect();
    assert_eq!(codes, ["CO2 | air", "CO2 | soil", "N | water", "wages", "surplus"]);
    let origin = table.extensions()[0].origin.clone().unwrap();
    assert_eq!(origin.account, "emissions");
    let levels = [("stressor", "CO2"), ("compartment", "air")];
    assert_eq!(origin.levels, levels.map(|(name, text)| (name.to_owned(), text.to_owned())));
    assert_eq!(table.value_added_rows().rows, ["wages", "surplus"].map(Label::code));
    assert_eq!(table.population(), Some(&[8.5e6, 1.37e9, 5.9e9][..]));
    assert!(matches!(table.imports(), Imports::None));
}

#[test]
fn footprints_are_those_that_pymrio_computes() {
    let (table, golden) = (system(), golden());
    let leontief = Leontief::of(&table).unwrap();
    let footprint = Footprint::of(&table, &leontief, &table.quantities(), Detail::Imports);
    let industries = table.industries();
    let regions: Vec<&str> = footprint.users.iter().map(|user| user.label.code.as_str()).collect();
    assert_eq!(regions, ["AT", "中国", "RoW"], "nobody but regions in a table of the world");
    close("A", leontief.coefficients().0.to_dense().values(), &matrix(&golden["A"]).concat());
    close("L", leontief.inverse().unwrap().values(), &matrix(&golden["L"]).concat());
    for found in &footprint.quantities {
        let name = table.quantity_code(found.quantity);
        let Some(production) = golden["production"].get(name) else { continue };
        let with_households = |values: &[f64]| -> Vec<f64> {
            values.iter().zip(&found.households).map(|(value, direct)| value + direct).collect()
        };
        let account = &golden["accounts"][name];
        close(name, &found.production, &vector(&account["D_pba"]));
        close(name, &found.consumption.concat(), &vector(&account["D_cba"]));
        close(name, &found.exports.clone().unwrap(), &vector(&account["D_exp"]));
        close(name, &found.imports.clone().unwrap().concat(), &vector(&account["D_imp"]));
        let by_region = industries.by_region(&found.production);
        close(name, &with_households(&by_region), &vector(production));
        let consumed: Vec<f64> =
            found.consumption.iter().map(|by_product| by_product.iter().sum()).collect();
        close(name, &with_households(&consumed), &vector(&golden["consumption"][name]));
    }
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

fn cells(matrix: &Matrix) -> Vec<u64> {
    bits(matrix.to_dense().values())
}

fn names(labels: &[Label]) -> Vec<[&str; 3]> {
    labels.iter().map(|label| [label.code.as_str(), &label.en, &label.zh]).collect()
}

/// Everything of two tables but the files they were read from.
#[track_caller]
fn assert_same(a: &Table, b: &Table) {
    let (a, b) = (a.parts(), b.parts());
    assert_eq!(names(a.industries.regions.labels()), names(b.industries.regions.labels()));
    assert_eq!(names(a.industries.sectors.labels()), names(b.industries.sectors.labels()));
    assert_eq!(cells(&a.flows), cells(&b.flows), "flows");
    assert_eq!(cells(&a.final_demand.values), cells(&b.final_demand.values), "final demand");
    assert_eq!(a.final_demand.columns, b.final_demand.columns);
    assert_eq!(a.final_demand.categories, b.final_demand.categories);
    assert_eq!(bits(&a.output), bits(&b.output), "output");
    assert_eq!(names(&a.value_added.rows), names(&b.value_added.rows));
    assert_eq!(bits(a.value_added.values.values()), bits(b.value_added.values.values()));
    assert_eq!(format!("{:?}", a.imports), format!("{:?}", b.imports));
    assert_eq!(a.population.as_deref().map(bits), b.population.as_deref().map(bits));
    assert_eq!(a.extensions.len(), b.extensions.len());
    for (one, two) in a.extensions.iter().zip(&b.extensions) {
        assert_eq!(
            names(std::slice::from_ref(&one.label)),
            names(std::slice::from_ref(&two.label))
        );
        assert_eq!(one.unit, two.unit);
        assert_eq!(bits(&one.values), bits(&two.values), "{}", one.label);
        assert_eq!(bits(&one.households), bits(&two.households), "{}", one.label);
        assert_eq!(one.by_demand.as_deref().map(bits), two.by_demand.as_deref().map(bits));
        assert_eq!(one.origin, two.origin);
        assert_eq!(one.inventory, two.inventory);
    }
    let meta = |meta: &irio::table::Meta| {
        let notes: Vec<String> = meta.notes.iter().map(|note| note.message.clone()).collect();
        let words = (meta.name.clone(), meta.year, meta.unit.clone(), meta.prices.clone());
        let words = (words, meta.lineage.system.clone(), meta.lineage.version.clone());
        (words, meta.source.clone(), meta.tolerance.to_bits(), meta.estimated_trade, notes)
    };
    assert_eq!(meta(&a.meta), meta(&b.meta));
}

fn convert(place: &Place, from: &str, arguments: &[&str]) {
    let run = place.irio(&[&["convert", from, "--quiet"], arguments].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
}

fn table(place: &Place, name: &str) -> Table {
    read(&place.path(name), None).unwrap_or_else(|faults| panic!("{faults}"))
}

/// Other labels in every file of numbers of the example.
fn relabel(place: &Place, cell: impl Fn(&str) -> String) {
    for name in [
        "flows",
        "final_demand",
        "value_added",
        "output",
        "imports",
        "imports_final_demand",
        "extensions",
        "households",
    ] {
        let path = format!("table-0/{name}.csv");
        let line = |line: &str| line.split(',').map(&cell).collect::<Vec<_>>().join(",");
        let lines: Vec<String> = place.read(&path).lines().map(line).collect();
        place.write(&path, lines.join("\n") + "\n");
    }
}

#[test]
fn a_table_comes_back_from_a_folder_and_from_an_archive_to_the_bit() {
    let place = Place::new();
    let numbered = place.read("table-0/extensions.csv");
    // Households, Chinese names, codes that pandas would take for numbers or for nothing, a gap.
    place.write("table-0/sectors.csv", "code,en,zh\n01,Making,制造\n02,Serving,服务\n");
    place.write("table-0/regions.csv", "code,en,zh\nNA,Namibia,纳米比亚\nH,,河\n");
    relabel(&place, |cell| match cell {
        "B" => "NA".to_owned(),
        "M" => "01".to_owned(),
        "S" => "02".to_owned(),
        other => other.to_owned(),
    });
    assert_ne!(numbered, place.read("table-0/extensions.csv"));
    place.patch("table-0/output.csv", "170", "171.1");
    place.write("table-0/households.csv", "code,NA,H\nco2,0.1,0.7\n");
    let start = table(&place, "table-0");
    convert(&place, "table-0", &["--to", "pymrio", "--out", "folder"]);
    assert_same(&start, &table(&place, "folder"));
    convert(&place, "folder", &["--out", "a.zip"]);
    assert_same(&start, &table(&place, "a.zip"));
    convert(&place, "a.zip", &["--to", "irio", "--out", "own"]);
    assert_same(&start, &table(&place, "own"));
    // Once more into the same places: they are irio's.
    convert(&place, "table-0", &["--to", "pymrio", "--out", "folder"]);
    convert(&place, "folder", &["--out", "a.zip"]);
}

#[test]
fn a_system_comes_back_to_the_bit() {
    let place = Place::new();
    place.write("s.zip", std::fs::read(SYSTEM).unwrap());
    let start = table(&place, "s.zip");
    convert(&place, "s.zip", &["--to", "pymrio", "--out", "folder"]);
    assert_same(&start, &table(&place, "folder"));
    convert(&place, "folder", &["--out", "again.zip"]);
    assert_same(&start, &table(&place, "again.zip"));
    let run = place.irio(&["convert", "s.zip", "--to", "irio", "--out", "own"]);
    insta::assert_snapshot!(run.stdout);
    assert_same(&start, &table(&place, "own"));
    assert_eq!(start.meta().lineage, table(&place, "own").meta().lineage);
    convert(&place, "own", &["--to", "pymrio", "--out", "folder"]);
    assert_same(&start, &table(&place, "folder"));
    insta::assert_snapshot!(place.read("own/extensions_accounts.csv"));
    // The same with numbers as .npy, and without the sums that follow from the rest.
    let (files, matrices) = npy::files(start.parts(), &report::table::toml(start.parts(), ""));
    write_streamed(&place.path("npy"), Kind::Table, &files, &matrices).unwrap();
    std::fs::remove_file(place.path("npy/households.csv")).unwrap();
    assert_same(&start, &table(&place, "npy"));
}

#[test]
fn everything_that_a_folder_can_say_comes_back() {
    let place = Place::new();
    place.write("table-0/population.csv", "region,population\nH,20.5\nB,10\n");
    place.write("table-0/inventories.csv", "code,B,H\nco2,105,451.25\n");
    place.write(
        "table-0/extensions_final_demand.csv",
        "\"\",H,national,B\ncode,domestic,exports,domestic\nco2,0.1,7,0.2\n",
    );
    place.write(
        "table-0/extensions_accounts.csv",
        "code,account,name,level,text\nco2,空气,\"Air, 空气\",stressor,CO2\nco2,空气,\"Air, 空气\",place,\n",
    );
    std::fs::remove_file(place.path("table-0/households.csv")).unwrap();
    let start = table(&place, "table-0");
    let co2 = &start.extensions()[0];
    assert_eq!(start.population(), Some(&[10.0, 20.5][..]));
    assert_eq!(co2.households, [0.2, 0.1], "sums by region");
    assert_eq!(co2.by_demand.as_deref(), Some(&[0.2, 0.1, 0.0, 7.0, 0.0][..]));
    assert_eq!(co2.inventory.as_deref(), Some(&[105.0, 451.25][..]));
    assert_eq!(co2.origin.as_ref().unwrap().name, "Air, 空气");
    convert(&place, "table-0", &["--to", "irio", "--out", "own"]);
    assert_same(&start, &table(&place, "own"));
    // Once more into the same place: all its files are irio's.
    convert(&place, "table-0", &["--to", "irio", "--out", "own"]);
}

#[test]
fn names_of_accounts_and_what_pymrio_noted_are_kept() {
    let place = Place::new();
    tiny(&place);
    let parameters = |name: &str| {
        format!("{{\"files\": {{}}, \"systemtype\": \"Extension\", \"name\": {name:?}}}")
    };
    place.write("t2010/air/file_parameters.json", parameters("Emissions to air"));
    place.write(
        "t2010/metadata.json",
        "{\"name\": \"tiny\", \"description\": \"tiny of 2010\", \"system\": \"pxp\", \"version\": \"v1 \\u0007\",
          \"history\": [\"MODIFICATION - \\\"a\\\"\", \"FILEIO - b\"]}",
    );
    let noted = |name: &str| table(&place, name).meta().lineage.clone();
    let start = noted("t2010");
    assert_eq!(
        (start.system.as_deref(), start.version.as_deref()),
        (Some("pxp"), Some("v1 \u{7}"))
    );
    convert(&place, "t2010", &["--to", "irio", "--out", "own"]);
    assert_eq!(noted("own"), start);
    convert(&place, "own", &["--to", "pymrio", "--out", "back"]);
    let back = noted("back");
    assert_eq!((&back.system, &back.version), (&start.system, &start.version));
    assert!(back.history[0].starts_with("FILEIO -  Saved tiny by irio"));
    assert_eq!(back.history[1..], start.history);
    let written: Value =
        serde_json::from_str(&place.read("back/air/file_parameters.json")).unwrap();
    assert_eq!(written["name"], "Emissions to air");
    assert_eq!(table(&place, "back").extensions()[0].origin.as_ref().unwrap().account, "air");
}

#[test]
fn intensities_give_the_flows_and_other_accounts_say_that_they_are_passed_over() {
    let place = Place::new();
    tiny(&place);
    let start = table(&place, "t2010");
    let per_unit = |from: &str, to: &str, by: &[f64]| {
        let text = place.read(&format!("t2010/air/{from}.txt"));
        let line = |line: &str| {
            let (label, cells) = line.split_once('\t').unwrap();
            if !label.starts_with('C') {
                return line.to_owned();
            }
            let cells = cells.split('\t').zip(by);
            let cells: Vec<String> = cells
                .map(|(cell, by)| format!("{:?}", cell.parse::<f64>().unwrap() / by))
                .collect();
            format!("{label}\t{}", cells.join("\t"))
        };
        let lines: Vec<String> = text.lines().map(line).collect();
        place.write(&format!("t2010/air/{to}.txt"), lines.join("\n") + "\n");
        std::fs::remove_file(place.path(&format!("t2010/air/{from}.txt"))).unwrap();
    };
    per_unit("F", "S", start.output());
    per_unit("F_Y", "S_Y", &[400.0, 8.0, 210.0]);
    let extension = "{\"systemtype\": \"Extension\", \"name\": \"Water\"}";
    place.write("t2010/water/file_parameters.json", extension);
    place.write("t2010/water/M.txt", "").write("t2010/water/unit.txt", "");
    place.write("t2010/empty/file_parameters.json", extension);
    let found = table(&place, "t2010");
    for (found, expected) in found.extensions().iter().zip(start.extensions()) {
        close("F", &found.values, &expected.values);
        close("households", &found.households, &expected.households);
        close("F_Y", found.by_demand.as_ref().unwrap(), expected.by_demand.as_ref().unwrap());
    }
    let notes: Vec<String> = found
        .notes()
        .iter()
        .map(|note| note.message.clone())
        .filter(|text| text.contains("the account"))
        .collect();
    insta::assert_snapshot!(notes.join("\n"));
}

#[test]
fn coefficients_give_the_flows_back() {
    let place = Place::new();
    tiny(&place);
    let start = table(&place, "t2010");
    let (n, x) = (4, start.output().to_vec());
    let dense = start.flows().to_dense();
    let mut text = TINY_HEAD.to_owned();
    for (row, label) in ["A\tm", "A\ts", "B\tm", "B\ts"].iter().enumerate() {
        let cells: Vec<String> =
            (0..n).map(|at| format!("{:?}", dense[(row, at)] / x[at])).collect();
        text += &format!("{label}\t{}\n", cells.join("\t"));
    }
    place.write("t2010/A.txt", text);
    std::fs::remove_file(place.path("t2010/Z.txt")).unwrap();
    close("with x", table(&place, "t2010").flows().to_dense().values(), dense.values());
    std::fs::remove_file(place.path("t2010/x.txt")).unwrap();
    let solved = table(&place, "t2010");
    close("output", solved.output(), &x);
    close("flows", solved.flows().to_dense().values(), dense.values());
}

#[test]
fn results_do_not_depend_on_threads() {
    let one = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(system)
    };
    assert_same(&one(1), &one(4));
}

#[test]
fn no_bytes_are_too_strange() {
    let place = Place::new();
    tiny(&place);
    for name in
        ["Z.txt", "Y.txt", "x.txt", "unit.txt", "metadata.json", "air/F.txt", "air/unit.txt"]
    {
        let path = format!("t2010/{name}");
        let whole = place.read(&path).into_bytes();
        for (at, byte) in
            [(0, b'\t'), (3, 0xff), (9, b'"'), (20, b'\n'), (31, 0), (40, b'-'), (55, b'\r')]
        {
            let mut bytes = whole.clone();
            if let Some(cell) = bytes.get_mut(at) {
                *cell = byte;
            }
            place.write(&path, &bytes);
            let _ = read(&place.path("t2010"), None);
            place.write(&path, &bytes[..at.min(bytes.len())]);
            let _ = read(&place.path("t2010"), None);
        }
        place.write(&path, &whole);
    }
    let archive = std::fs::read(SYSTEM).unwrap();
    for at in (0..archive.len()).step_by(97) {
        let mut bytes = archive.clone();
        bytes[at] ^= 0x55;
        place.write("s_2014.zip", &bytes);
        let _ = read(&place.path("s_2014.zip"), None);
    }
}

const TINY_HEAD: &str = "region\t\tA\tA\tB\tB\nsector\t\tm\ts\tm\ts\nregion\tsector\t\t\t\t\n";

/// A small system in a folder `t2010`.
fn tiny(place: &Place) {
    let write = |name: &str, text: &str| {
        place.write(&format!("t2010/{name}"), text);
    };
    write(
        "Z.txt",
        &format!(
            "{TINY_HEAD}A\tm\t11\t12\t13\t14\nA\ts\t21\t22\t23\t24\nB\tm\t31\t32\t33\t34\nB\ts\t41\t42\t43\t44\n"
        ),
    );
    let head =
        "region\t\tA\tA\tB\ncategory\t\thouseholds\tstocks\thouseholds\nregion\tsector\t\t\t\n";
    write(
        "Y.txt",
        &format!("{head}A\tm\t100\t-1\t51\nA\ts\t100\t2\t52\nB\tm\t100\t3\t53\nB\ts\t100\t4\t54\n"),
    );
    write("x.txt", "region\tsector\tindout\nA\tm\t200\nA\ts\t244\nB\tm\t286\nB\ts\t328\n");
    write("unit.txt", "region\tsector\tunit\nA\tm\tM.EUR\nA\ts\tM.EUR\nB\tm\tM.EUR\nB\ts\tM.EUR\n");
    write("metadata.json", "{\"name\": \"tiny\", \"description\": \"tiny of 2010\"}\n");
    write(
        "air/F.txt",
        "region\tA\tA\tB\tB\nsector\tm\ts\tm\ts\nstressor\t\t\t\t\nCO2\t1\t2\t3\t4\nCH4\t5\t6\t7\t8\n",
    );
    write(
        "air/F_Y.txt",
        "region\tA\tA\tB\ncategory\thouseholds\tstocks\thouseholds\nstressor\t\t\t\nCO2\t9\t0\t8\nCH4\t7\t0\t6\n",
    );
    write("air/unit.txt", "stressor\tunit\nCO2\tt\nCH4\tkg\n");
}

/// The small system with a text of a file replaced.
fn with(place: &Place, name: &str, from: &str, to: &str) {
    tiny(place);
    place.patch(&format!("t2010/{name}"), from, to);
}

/// A table's file for the small system.
fn described(place: &Place, more: &str) {
    tiny(place);
    place.write("t.toml", format!("layout = \"pymrio\"\nfile = \"t2010\"\n{more}"));
}

#[test]
fn a_stressor_may_be_named_without_its_account() {
    let place = Place::new();
    for name in ["CO2", "air/CO2"] {
        described(&place, &format!("value_added = [\"{name}\"]\n"));
        place.patch("t2010/air/unit.txt", "CO2\tt", "CO2\tM.EUR");
        let table = irio::input::table::read(&place.path("t.toml"), None).unwrap();
        assert_eq!(table.value_added_rows().values.row(0), [1.0, 2.0, 3.0, 4.0]);
    }
}

/// The table that irio wrote with another unit in one of its files.
fn in_other_unit(place: &Place, file: &str, from: &str, to: &str) {
    convert(place, "table-0", &["--to", "pymrio", "--out", "folder"]);
    place.patch(&format!("folder/{file}/unit.txt"), from, to);
}

#[test]
fn value_added_and_imports_are_taken_in_the_unit_that_they_say() {
    let place = Place::new();
    let start = table(&place, "table-0");
    in_other_unit(&place, "factor_inputs", "	yuan", "	1000 yuan");
    let found = table(&place, "folder");
    let (start, found) = (start.value_added_rows(), found.value_added_rows());
    assert_eq!(
        found.values.row(0),
        start.values.row(0).iter().map(|v| v * 1000.0).collect::<Vec<_>>()
    );
}

#[test]
fn another_unit_than_that_of_the_source_is_told() {
    let place = Place::new();
    described(&place, "unit = \"million USD\"\n");
    let table = irio::input::table::read(&place.path("t.toml"), None).unwrap();
    let told: Vec<&str> = table.meta().notes.iter().map(|note| note.message.as_str()).collect();
    let text =
        "says that the unit is \"M.EUR\"; the table's file says \"million USD\", which is taken";
    assert!(told.iter().any(|note| note.contains(text)), "{told:?}");
}

/// An archive of some files.
fn zipped(place: &Place, files: &[(&str, &str)]) {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    place.write("t_2010.zip", zip.finish().unwrap().into_inner());
}

const CHECK: [&str; 2] = ["check", "t2010"];
const CHECK_ZIP: [&str; 2] = ["check", "t_2010.zip"];
const CHECK_FILE: [&str; 2] = ["check", "t.toml"];

bad! {
    text_in_a_number_cell: |p| { with(&p, "Z.txt", "\t22\t", "\tn/a\t") } => CHECK;
    empty_cell: |p| { with(&p, "Z.txt", "\t22\t", "\t\t") } => CHECK;
    not_a_number: |p| { with(&p, "Z.txt", "\t22\t", "\tnan\t") } => CHECK;
    infinite: |p| { with(&p, "Z.txt", "\t22\t", "\t1e999\t") } => CHECK;
    decimal_comma: |p| { with(&p, "Z.txt", "\t22\t", "\t22,5\t") } => CHECK;
    short_line: |p| { with(&p, "Z.txt", "\t43\t44", "\t43") } => CHECK;
    long_line: |p| { with(&p, "Z.txt", "\t43\t44", "\t43\t44\t45") } => CHECK;
    empty_line: |p| { with(&p, "Z.txt", "B\tm\t31", "\nB\tm\t31") } => CHECK;
    several_at_once: |p| { with(&p, "Z.txt", "\t22\t", "\tx\t"); p.patch("t2010/Z.txt", "\t43\t", "\t-\t").patch("t2010/x.txt", "286", "?"); } => CHECK;
    value_added_in_tonnes: |p| { in_other_unit(&p, "factor_inputs", "\tyuan", "\tt") } => ["check", "folder"];
    imports_in_another_currency: |p| { in_other_unit(&p, "imports", "M\tyuan", "M\tEUR") } => ["check", "folder"];
    label_not_utf8: |p| { tiny(&p); p.write("t2010/unit.txt", b"region\tsector\tunit\nA\tm\t\xcd\xf2\n"); } => CHECK;
    quotation_mark_not_closed: |p| { with(&p, "Z.txt", "A\ts\t21", "A\t\"s\t21") } => CHECK;
    header_lines_differ: |p| { with(&p, "Z.txt", "sector\t\tm\ts\tm\ts", "sector\t\tm\ts\tm") } => CHECK;
    commas_instead_of_tabs: |p| { tiny(&p); p.write("t2010/Z.txt", p.read("t2010/Z.txt").replace('\t', ",")); } => CHECK;
    empty_file: |p| { tiny(&p); p.write("t2010/Z.txt", ""); } => CHECK;
    industry_twice: |p| { with(&p, "Z.txt", "A\ts\t21", "A\tm\t21") } => CHECK;
    industry_without_name: |p| { with(&p, "Z.txt", "A\ts\t21", "A\t\t21") } => CHECK;
    no_final_demand: |p| { tiny(&p); std::fs::remove_file(p.path("t2010/Y.txt")).unwrap(); } => CHECK;
    demand_of_unknown_region: |p| { with(&p, "Y.txt", "A\tA\tB", "A\tA\tC") } => CHECK;
    demand_for_unknown_sector: |p| { with(&p, "Y.txt", "B\ts\t100", "B\tz\t100") } => CHECK;
    demand_column_twice: |p| { with(&p, "Y.txt", "\tstocks\t", "\thouseholds\t") } => CHECK;
    two_units: |p| { with(&p, "unit.txt", "B\tm\tM.EUR", "B\tm\ttonnes") } => CHECK;
    no_unit: |p| { tiny(&p); std::fs::remove_file(p.path("t2010/unit.txt")).unwrap(); } => CHECK;
    no_year: |p| { with(&p, "metadata.json", "2010", "today"); std::fs::rename(p.path("t2010"), p.path("tiny")).unwrap(); } => ["check", "tiny"];
    metadata_is_no_json: |p| { with(&p, "metadata.json", "\"tiny\",", "tiny,") } => CHECK;
    entry_of_irio_spoilt: |p| { with(&p, "metadata.json", "{", "{\"irio\": {\"year\": \"x\"}, ") } => CHECK;
    parameters_that_are_no_object: |p| { tiny(&p); p.write("t2010/file_parameters.json", "[]"); } => CHECK;
    parameters_of_other_shapes: |p| {
        tiny(&p);
        p.write("t2010/file_parameters.json", "{\"files\": {\"Z\": {\"name\": \"Z.txt\", \"nr_header\": \"99\", \"nr_index_col\": \"2\"}, \"Y\": {\"name\": \"Y.txt\", \"nr_index_col\": -1}}}");
    } => CHECK;
    output_cut_short: |p| { with(&p, "x.txt", "B\ts\t328\n", "") } => CHECK;
    flows_without_a_line: |p| { with(&p, "Z.txt", "B\ts\t41\t42\t43\t44\n", "") } => CHECK;
    account_cut_short: |p| {
        tiny(&p);
        p.write("t2010/air/F.txt", "region\tA\tA\tB\nsector\tm\ts\tm\nstressor\t\t\t\nCO2\t1\t2\t3\nCH4\t5\t6\t7\n");
    } => CHECK;
    direct_emissions_cut_short: |p| {
        tiny(&p);
        p.write("t2010/air/F_Y.txt", "region\tA\tA\ncategory\thouseholds\tstocks\nstressor\t\t\nCO2\t9\t0\n");
    } => CHECK;
    account_of_unknown_industry: |p| { with(&p, "air/F.txt", "sector\tm\ts", "sector\tm\tq") } => CHECK;
    stressor_twice: |p| { with(&p, "air/F.txt", "CH4", "CO2") } => CHECK;
    stressor_only_of_households: |p| { with(&p, "air/F_Y.txt", "CH4", "N2O") } => CHECK;
    inputs_without_output: |p| { with(&p, "x.txt", "286", "0") } => CHECK;
    output_of_nobody: |p| { with(&p, "x.txt", "B\ts", "C\ts") } => CHECK;
    named_file_is_not_there: |p| {
        tiny(&p);
        p.write("t2010/file_parameters.json", "{\"files\": {\"Z\": {\"name\": \"Zed.txt\"}}}");
    } => CHECK;
    pickled: |p| {
        tiny(&p);
        p.write("t2010/Z.pkl", "x").write("t2010/file_parameters.json", "{\"files\": {\"Z\": {\"name\": \"Z.pkl\"}}}");
    } => CHECK;
    labels_with_another_header: |p| { tiny(&p); p.write("t2010/labels.csv", "kind,code\nregion,A\n"); } => CHECK;
    labels_with_an_unknown_role: |p| {
        tiny(&p);
        p.write("t2010/labels.csv", "kind,text,code,en,zh,role\ncategory,stocks,stocks,,,storage\nregion,A,A,,,\nregion,A,A,,,\n");
    } => CHECK;
    hardly_any_industry: |p| {
        tiny(&p);
        let lines: Vec<String> = (0..2000).map(|at| format!("r{at}\ts{at}\t1\t0\t0\t0\n")).collect();
        p.write("t2010/Z.txt", format!("{TINY_HEAD}{}", lines.concat()));
    } => CHECK;
    file_with_unknown_names: |p| { described(&p, "value_added = [\"wages\"]\n[roles]\nstock = \"inventory\"\nstocks = \"storage\"\n") } => CHECK_FILE;
    file_with_an_unknown_key: |p| { described(&p, "years = 2010\n") } => CHECK_FILE;
    file_of_nothing: |p| { described(&p, ""); std::fs::remove_dir_all(p.path("t2010")).unwrap(); } => CHECK_FILE;
    archive_of_noise: |p| { p.write("t_2010.zip", "no archive at all"); } => CHECK_ZIP;
    archive_cut_short: |p| { let bytes = std::fs::read(SYSTEM).unwrap(); p.write("t_2010.zip", &bytes[..3000]); } => CHECK_ZIP;
    archive_without_a_table: |p| { zipped(&p, &[("a/readme.txt", "hello")]) } => CHECK_ZIP;
    archive_with_a_file_twice: |p| {
        zipped(&p, &[("Y.txt", "a"), ("Z.txt", "a"), ("Q.txt", "a")]);
        let bytes = std::fs::read(p.path("t_2010.zip")).unwrap();
        let again = bytes.windows(5).map(|name| if name == b"Q.txt" { b'Z' } else { name[0] });
        let again: Vec<u8> = again.chain(bytes[bytes.len() - 4..].iter().copied()).collect();
        p.write("t_2010.zip", again);
    } => CHECK_ZIP;
    archive_without_a_named_file: |p| {
        tiny(&p);
        let (z, parameters) = (p.read("t2010/Z.txt"), "{\"files\": {\"Y\": {\"name\": \"Why.txt\"}}}");
        zipped(&p, &[("Z.txt", &z), ("file_parameters.json", parameters)]);
    } => CHECK_ZIP;
    archive_of_two_tables: |p| { zipped(&p, &[("a/Z.txt", ""), ("b/Z.txt", "")]) } => CHECK_ZIP;
    archive_with_a_bad_cell: |p| {
        tiny(&p);
        let z = p.read("t2010/Z.txt").replace("\t22\t", "\tx\t");
        let (y, unit) = (p.read("t2010/Y.txt"), p.read("t2010/unit.txt"));
        zipped(&p, &[("IOT/Z.txt", &z), ("IOT/Y.txt", &y), ("IOT/unit.txt", &unit)]);
    } => CHECK_ZIP;
    convert_into_a_folder_of_somebody: |p| { tiny(&p); p.write("mine/thesis.docx", "x"); } => ["convert", "t2010", "--to", "pymrio", "--out", "mine"];
    convert_onto_itself: |p| { tiny(&p); } => ["convert", "t2010", "--to", "pymrio", "--out", "t2010"];
    convert_onto_an_archive_of_somebody: |p| { tiny(&p); p.write("other.zip", std::fs::read(SYSTEM).unwrap()); } => ["convert", "t2010", "--out", "other.zip"];
    convert_without_a_format: |p| { tiny(&p); } => ["convert", "t2010", "--out", "there"];
    convert_into_a_zip_of_irio: |p| { tiny(&p); } => ["convert", "t2010", "--to", "irio", "--out", "there.zip"];
    intensities_of_columns_that_final_demand_lacks: |p| {
        tiny(&p);
        p.write("t2010/air/S_Y.txt", p.read("t2010/air/F_Y.txt").replace("stocks", "other"));
        std::fs::remove_file(p.path("t2010/air/F_Y.txt")).unwrap();
    } => CHECK;
    population_of_one_region_only: |p| { tiny(&p); p.write("t2010/population.txt", "region\tA\nPopulation\t8\n"); } => CHECK;
    population_below_zero: |p| { tiny(&p); p.write("t2010/population.txt", "region\tA\tB\nPopulation\t-8\t0\n"); } => CHECK;
    convert_into_parquet_of_irio: |p| { tiny(&p); } => ["convert", "t2010", "--to", "irio", "--parquet", "--out", "there"];
    convert_a_faulty_table: |p| { with(&p, "Z.txt", "\t22\t", "\tn/a\t") } => ["convert", "t2010", "--to", "irio", "--out", "there"];
}

#[cfg(feature = "parquet")]
#[path = "pymrio/parquet.rs"]
mod parquet;

#[cfg(not(feature = "parquet"))]
bad! {
    convert_into_parquet_without_it: |p| { tiny(&p); } => ["convert", "t2010", "--to", "pymrio", "--parquet", "--out", "there"];
    read_parquet_without_it: |p| { tiny(&p); std::fs::rename(p.path("t2010/Z.txt"), p.path("t2010/Z.parquet")).unwrap(); } => CHECK;
}
