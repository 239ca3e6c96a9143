//! Tables whose matrices are `.npy` files: the same table bit for bit, and what is said of faulty ones.

#[macro_use]
#[path = "common/program.rs"]
mod program;

use std::path::Path;

use irio::input::table::read;
use irio::report::{folder, npy, table::toml};
use irio::table::{Imports, RawTable, Table};
use program::Place;

/// Writes a table as a folder of `.npy` files.
fn write(raw: &RawTable, out: &Path) {
    let (files, matrices) = npy::files(raw, &toml(raw, "Written by a test."));
    folder::write_streamed(out, folder::Kind::Table, &files, &matrices).unwrap();
}

/// A place whose table-0 has its matrices in `.npy` files.
fn place() -> Place {
    let place = Place::new();
    let raw = read(&place.path("table-0"), None).unwrap().into_parts();
    std::fs::remove_dir_all(place.path("table-0")).unwrap();
    write(&raw, &place.path("table-0"));
    place
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

#[track_caller]
fn assert_same(found: &Table, expected: &Table) {
    let (a, b) = (found.parts(), expected.parts());
    assert_eq!(bits(a.flows.to_dense().values()), bits(b.flows.to_dense().values()));
    assert_eq!(a.final_demand.categories, b.final_demand.categories);
    assert_eq!(a.final_demand.columns, b.final_demand.columns);
    let demand = |raw: &RawTable| bits(raw.final_demand.values.to_dense().values());
    assert_eq!(demand(a), demand(b));
    assert_eq!(a.value_added.rows, b.value_added.rows);
    assert_eq!(bits(a.value_added.values.values()), bits(b.value_added.values.values()));
    assert_eq!(bits(&a.output), bits(&b.output));
    match (&a.imports, &b.imports) {
        (
            Imports::ByProduct { intermediate: i, final_demand: f },
            Imports::ByProduct { intermediate: j, final_demand: g },
        ) => {
            assert_eq!(bits(i.values()), bits(j.values()));
            assert_eq!(bits(f.values()), bits(g.values()));
        }
        (
            Imports::OneRow { intermediate: i, final_demand: f },
            Imports::OneRow { intermediate: j, final_demand: g },
        ) => assert_eq!((bits(i), bits(f)), (bits(j), bits(g))),
        (Imports::None, Imports::None) => {}
        _ => panic!("imports of another kind"),
    }
    assert_eq!(a.extensions.len(), b.extensions.len());
    for (a, b) in a.extensions.iter().zip(&b.extensions) {
        assert_eq!((&a.label, &a.unit), (&b.label, &b.unit));
        assert_eq!(bits(&a.values), bits(&b.values));
        assert_eq!(bits(&a.households), bits(&b.households));
    }
}

#[test]
fn a_table_comes_back_bit_for_bit() {
    let place = Place::new();
    for path in ["tables/china-2007", "tables/bth-2007", "tests/data/two-region-0"] {
        let expected = read(Path::new(path), None).unwrap();
        write(expected.parts(), &place.path("again"));
        let found = read(&place.path("again"), None).unwrap();
        assert_same(&found, &expected);
        let names: Vec<_> =
            found.meta().inputs.iter().map(|input| input.path.file_name().unwrap()).collect();
        assert!(names.iter().any(|name| *name == "flows.npy"), "{names:?}");
        for input in &found.meta().inputs {
            assert_eq!(input.sha256, irio::input::hash(&std::fs::read(&input.path).unwrap()));
        }
        std::fs::remove_dir_all(place.path("again")).unwrap();
    }
}

#[test]
fn imports_of_one_row_and_none_come_back() {
    let place = Place::new();
    let mut raw = read(&place.path("table-0"), None).unwrap().into_parts();
    let (n, m) = (raw.output.len(), raw.final_demand.columns.len());
    raw.imports = Imports::OneRow {
        intermediate: raw.imports.intermediate_totals(n),
        final_demand: vec![0.25; m],
    };
    for imports in [raw.imports.clone(), Imports::None] {
        raw.imports = imports;
        let expected = raw.clone().check().unwrap();
        write(&raw, &place.path("table-0"));
        assert_same(&read(&place.path("table-0"), None).unwrap(), &expected);
    }
}

#[test]
fn text_and_npy_stand_side_by_side_and_give_the_same_results() {
    let place = Place::new();
    let expected = place.irio(&["footprint", "table-0", "--out", "a"]);
    assert_eq!(expected.code, 0, "{}", expected.stderr);
    let raw = read(&place.path("table-0"), None).unwrap().into_parts();
    write(&raw, &place.path("other"));
    for name in ["flows", "value_added", "extensions"] {
        std::fs::remove_file(place.path(&format!("table-0/{name}.csv"))).unwrap();
        std::fs::copy(
            place.path(&format!("other/{name}.npy")),
            place.path(&format!("table-0/{name}.npy")),
        )
        .unwrap();
    }
    for name in ["value_added_rows.csv", "extensions_rows.csv"] {
        std::fs::copy(place.path(&format!("other/{name}")), place.path(&format!("table-0/{name}")))
            .unwrap();
    }
    assert_eq!(place.irio(&["footprint", "table-0", "--out", "b"]).code, 0);
    for name in ["accounts.csv", "flows.csv"] {
        assert_eq!(place.read(&format!("a/{name}")), place.read(&format!("b/{name}")));
    }
}

#[test]
fn a_table_is_converted_into_arrays_and_back() {
    let place = Place::new();
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("tables/bth-2007");
    let table = table.to_str().unwrap();
    let convert = |from: &str, to: &str, out: &str| {
        let run = place.irio(&["convert", from, "--to", to, "--name", "t", "--out", out]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    };
    convert(table, "npy", "arrays");
    assert!(place.path("arrays/flows.npy").exists() && !place.path("arrays/flows.csv").exists());
    assert_same(
        &read(&place.path("arrays"), None).unwrap(),
        &read(Path::new(table), None).unwrap(),
    );
    convert(table, "irio", "text");
    convert("arrays", "irio", "again");
    for entry in std::fs::read_dir(place.path("text")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name != "table.toml" {
            assert!(
                place.read(&format!("text/{name}")) == place.read(&format!("again/{name}")),
                "{name}"
            );
        }
    }
    // The other form takes the place of the arrays; a README of the user stays.
    place.write("arrays/README.md", "mine");
    convert(table, "irio", "arrays");
    assert!(place.path("arrays/flows.csv").exists() && !place.path("arrays/flows.npy").exists());
    convert(table, "npy", "arrays");
    assert_eq!(place.read("arrays/README.md"), "mine");
}

#[test]
fn what_is_said_of_places_that_arrays_cannot_go_to() {
    let place = Place::new();
    let into = |out: &'static str| ["convert", "table-0", "--to", "npy", "--out", out];
    insta::assert_snapshot!("npy_into_a_zip", place.refusal(&into("there.zip")));
    insta::assert_snapshot!("npy_onto_itself", place.refusal(&into("table-0")));
    insta::assert_snapshot!("npy_onto_another_table", place.refusal(&into("table-1")));
    place.write("mine/thesis.docx", "x");
    insta::assert_snapshot!("npy_into_a_folder_of_somebody", place.refusal(&into("mine")));
}

#[test]
fn without_a_list_columns_are_regions_by_categories() {
    let place = place();
    let raw = read(&place.path("table-0"), None).unwrap().into_parts();
    let (r, c) = (raw.industries.regions.len(), raw.final_demand.categories.len());
    std::fs::remove_file(place.path("table-0/final_demand_columns.csv")).unwrap();
    let n = raw.output.len();
    place.write("table-0/final_demand.npy", array(&[n, r * c], |_| 1.0));
    // The imports of another number of columns are now the fault.
    let run = place.irio(&["check", "table-0"]);
    assert_eq!(run.code, 2);
    place.write("table-0/imports_final_demand.npy", array(&[2, r * c], |_| 0.5));
    let table = read(&place.path("table-0"), None).unwrap();
    let columns = &table.final_demand().columns;
    assert_eq!(columns.len(), r * c);
    assert_eq!((columns[1].region, columns[1].category), (Some(0), 1));
    assert_eq!((columns[c].region, columns[c].category), (Some(1), 0));
}

/// An array as numpy saves it, in version 1 of the format.
fn array(shape: &[usize], value: impl Fn(usize) -> f64) -> Vec<u8> {
    let axes: Vec<String> = shape.iter().map(|axis| format!("{axis},")).collect();
    let mut bytes = with_header(&format!(
        "{{'descr': '<f8', 'fortran_order': False, 'shape': ({}), }}",
        axes.join(" ")
    ));
    (0..shape.iter().product()).for_each(|at| bytes.extend(value(at).to_le_bytes()));
    bytes
}

fn with_header(text: &str) -> Vec<u8> {
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((text.len() as u16 + 1).to_le_bytes());
    bytes.extend(text.as_bytes());
    bytes.push(b'\n');
    bytes
}

const CHECK: [&str; 2] = ["check", "table-0"];

/// `place()` with one file of the table replaced.
fn with(name: &str, bytes: impl AsRef<[u8]>) -> Place {
    let place = place();
    place.write(&format!("table-0/{name}"), bytes);
    place
}

macro_rules! faulty {
    ($($name:ident: $prepare:expr;)*) => { $(
        #[test]
        fn $name() {
            insta::assert_snapshot!(stringify!($name), $prepare.refusal(&CHECK));
        }
    )* };
}

faulty! {
    npy_empty: with("flows.npy", "");
    npy_that_is_text: with("flows.npy", "region,sector\n1,2\n");
    npy_of_a_later_version: with("flows.npy", b"\x93NUMPY\x04\x00\x10\x00");
    npy_with_a_header_without_end: with("flows.npy", b"\x93NUMPY\x02\x00\xff\xff\xff\x7f{'descr'");
    npy_cut_inside_its_header: with("flows.npy", b"\x93NUMPY\x01\x00\x76\x00{'descr': ");
    npy_with_a_broken_header: with("flows.npy", with_header("{'descr': '<f8', 'shape' (4, 4)}"));
    npy_of_integers: with("flows.npy", with_header("{'descr': '<i8', 'fortran_order': False, 'shape': (4, 4), }"));
    npy_of_big_endian_numbers: with("flows.npy", with_header("{'descr': '>f8', 'fortran_order': False, 'shape': (4, 4), }"));
    npy_of_records: with("flows.npy", with_header("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (4,), }"));
    npy_by_columns: with("flows.npy", with_header("{'descr': '<f8', 'fortran_order': True, 'shape': (4, 4), }"));
    npy_of_three_axes: with("flows.npy", array(&[2, 2, 4], |_| 1.0));
    npy_of_one_number: with("flows.npy", array(&[], |_| 1.0));
    npy_that_claims_ten_gigabytes: with("flows.npy", with_header("{'descr': '<f8', 'fortran_order': False, 'shape': (40000, 40000), }"));
    npy_that_claims_more_than_there_is: with("flows.npy", with_header("{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999999, 9999999999999), }"));
    npy_cut_short: { let bytes = array(&[4, 4], |_| 1.0); with("flows.npy", &bytes[..bytes.len() - 3]) };
    npy_of_another_shape: with("flows.npy", array(&[4, 5], |_| 1.0));
    npy_the_other_way_round: with("value_added.npy", array(&[4, 1], |_| 1.0));
    npy_with_numbers_that_are_none: with("flows.npy", array(&[4, 4], |at| if at > 13 { f64::NAN } else { 1.0 }));
    npy_with_one_infinite_number: with("output.npy", array(&[4], |at| if at == 2 { f64::INFINITY } else { 500.0 }));
    npy_beside_a_csv: with("flows.csv", "x");
    npy_without_its_rows: { let place = place(); std::fs::remove_file(place.path("table-0/extensions_rows.csv")).unwrap(); place };
    npy_with_a_list_of_other_columns: with("final_demand_columns.csv", "region,category\nB,domestic\nQ,exports\nB,domestic\n");
    npy_with_a_list_without_header: with("final_demand_columns.csv", "B,domestic\n");
    npy_with_too_few_rows_named: with("extensions_rows.csv", "code,en,zh,unit\n");
    npy_of_imports_that_are_none: { let place = place(); place.patch("table-0/table.toml", "by_product", "none"); place };
    npy_that_is_a_folder: { let place = place(); std::fs::remove_file(place.path("table-0/flows.npy")).unwrap();
        std::fs::create_dir(place.path("table-0/flows.npy")).unwrap(); place };
    npy_many_at_once: { let place = with("flows.npy", array(&[4, 3], |_| 1.0)); place.write("table-0/output.npy", "x")
        .write("table-0/imports.npy", array(&[3, 4], |_| 1.0)); place };
}
