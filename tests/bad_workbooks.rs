//! Faulty workbooks: the message names sheet and cell, the exit code is 2, and nothing panics.

#[path = "mocks/archive.rs"]
mod archive;
#[path = "mocks/ceads/book.rs"]
mod book;
mod common;
#[path = "mocks/ceads/numbers.rs"]
mod numbers;
#[path = "common/program.rs"]
mod program;
#[path = "mocks/provincial.rs"]
mod provincial;

use std::io::Write;

use archive::archive;
use book::{Language, Places};
use numbers::{Numbers, Wanted};
use program::Place;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Formula, Workbook, Worksheet};

/// An inter-provincial table of three provinces and four sectors, changed on its way to the disk.
///
/// Rows 5 to 16 and columns D to O are the flows; P is their sum, Q to AE final demand, AF exports, AG to
/// AI `TFU`, `ERR` and `GO`; row 17 is `IM`, 18 `TII`, 19 to 22 value added, 23 `TVA`, 24 `TI`.
fn ceads(place: &Place, change: impl FnOnce(&mut Worksheet, Places)) {
    let drawn = Numbers::of(Wanted::small(2012, &["BJ", "TJ", "HE"], 4));
    let mut book = Workbook::new();
    let day = ExcelDateTime::from_ymd(2020, 1, 1).unwrap();
    book.set_properties(&DocProperties::new().set_creation_datetime(&day));
    book.add_worksheet().set_name("Note").unwrap();
    let sheet = book.add_worksheet().set_name("Table_2012").unwrap();
    book::table(sheet, &drawn, Language::English).unwrap();
    change(sheet, Places::of(&drawn));
    book.save(place.path("MRIO 2012.xlsx")).unwrap();
}

/// Sheets of provinces, changed on their way to the disk: rows 9 to 11 and columns D to F are the flows.
fn provinces(place: &Place, change: impl FnOnce(&mut Workbook)) {
    let mut book = provincial::workbook().unwrap();
    change(&mut book);
    book.save(place.path("provinces.xlsx")).unwrap();
}

/// A workbook of emissions of three provinces and two sectors, changed on its way to the disk, and the
/// file of a table that names it.
fn emissions(place: &Place, more: &str, change: impl FnOnce(&mut Workbook)) {
    ceads(place, |_, _| {});
    let mut book = Workbook::new();
    for (at, name) in ["Beijing", "Tianjin", "Hebei"].into_iter().enumerate() {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        for (column, fuel) in ["Raw Coal", "Process", "Total"].into_iter().enumerate() {
            sheet.write(0, column as u16 + 1, fuel).unwrap();
            sheet.write(1, column as u16 + 1, "Mt CO2").unwrap();
            for (row, share) in [10.0, 4.0, 3.0, 2.0, 1.0].into_iter().enumerate() {
                let value = share * (at + 1) as f64 * [0.5, 0.5, 1.0][column];
                sheet.write(row as u32 + 3, column as u16 + 1, value).unwrap();
            }
        }
        let rows = ["Total Consumption", "01", "02  ", "Urban", "Rural"];
        for (row, text) in rows.into_iter().enumerate() {
            sheet.write(row as u32 + 3, 0, text).unwrap();
        }
    }
    change(&mut book);
    book.save(place.path("emissions.xlsx")).unwrap();
    place.write(
        "table.toml",
        format!(
            "layout = \"ceads_mrio\"\nname = \"a\"\nyear = 2012\nunit = \"10^4 yuan\"\nfile = \"MRIO 2012.xlsx\"\n\
             [[extension]]\nlayout = \"ceads_emissions\"\ncode = \"co2\"\nunit = \"Mt\"\n\
             file = \"emissions.xlsx\"\nmissing = \"zero\"\n{more}"
        ),
    );
}

fn sheet<'a>(book: &'a mut Workbook, name: &str) -> &'a mut Worksheet {
    book.worksheet_from_name(name).unwrap()
}

macro_rules! bad {
    ($($name:ident: $file:literal, |$place:ident| $prepare:block)*) => { $(
        #[test]
        fn $name() {
            let $place = Place::new();
            $prepare;
            let said = $place.refusal(&["check", $file]);
            assert!(said.starts_with("exit code 2"), "{said}");
            insta::assert_snapshot!(stringify!($name), said);
        }
    )* };
}

#[path = "bad_workbooks/by_hand.rs"]
mod by_hand;
use by_hand::MAIN;

const CEADS: &str = "MRIO 2012.xlsx";

#[test]
fn unchanged_mocks_are_read() {
    let place = Place::new();
    ceads(&place, |_, _| {});
    provinces(&place, |_| {});
    for file in [CEADS, "provinces.xlsx"] {
        let run = place.irio(&["check", file]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    }
    let run = place.irio(&["check", "provinces.xlsx"]);
    insta::assert_snapshot!("unchanged_provinces", run.stdout);
}

/// Unchanged, the emissions are read: by sector, and households apart.
#[test]
fn unchanged_emissions_are_read() {
    let place = Place::new();
    emissions(&place, "", |_| {});
    let table = irio::input::table::read(&place.path("table.toml"), None).unwrap();
    let co2 = &table.extensions()[0];
    assert_eq!(co2.values, [4.0, 3.0, 0.0, 0.0, 8.0, 6.0, 0.0, 0.0, 12.0, 9.0, 0.0, 0.0]);
    assert_eq!(co2.households, [3.0, 6.0, 9.0]);
}

/// Numbers outside the block of fuels are told, sheets of totals are skipped, other sheets are no matter.
#[test]
fn numbers_beside_the_fuels_are_told() {
    let place = Place::new();
    emissions(&place, "", |book| {
        sheet(book, "Hebei").write(5, 30, 12.5).unwrap().write(6, 30, 1).unwrap();
        book.add_worksheet().set_name("Sum").unwrap().write(3, 0, "Total Consumption").unwrap();
        book.add_worksheet().set_name("Note").unwrap().write(0, 0, "by hand").unwrap();
    });
    let table = irio::input::table::read(&place.path("table.toml"), None).unwrap();
    let told: Vec<_> = table.meta().notes.iter().map(|note| note.message.as_str()).collect();
    assert!(
        told.contains(&"a: co2: Hebei!AE6: a number and 1 below it outside the columns of fuels is passed over"),
        "{told:?}"
    );
}

/// An inventory by itself: its provinces, and whether sectors and households make up the totals.
#[test]
fn an_inventory_is_checked_by_itself() {
    let place = Place::new();
    emissions(&place, "", |_| {});
    let run = place.irio(&["check", "emissions.xlsx"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!("inventory_by_itself", run.stdout);
    let run = place.irio(&["check", "emissions.xlsx", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(json["regions"][2]["total_consumption"], 30.0);
    let run = place.irio(&["footprint", "emissions.xlsx"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("is an emission inventory of CEADs"), "{}", run.stderr);
}

/// Workbooks of one sheet each, in a folder, are the same tables.
#[test]
fn a_folder_of_workbooks_is_read_like_one() {
    use irio::input::provincial::{Options, read};
    let place = Place::new();
    provinces(&place, |_| {});
    std::fs::create_dir(place.path("books")).unwrap();
    for (at, name) in ["00China", "01Beijing", "02Tianjin", "03Hebei"].into_iter().enumerate() {
        let mut book = provincial::workbook().unwrap();
        for other in
            ["00China", "01Beijing", "02Tianjin", "03Hebei"].into_iter().filter(|o| *o != name)
        {
            sheet(&mut book, other).set_hidden(true);
        }
        sheet(&mut book, name).set_active(true);
        book.save(place.path(&format!("books/{at}.xlsx"))).unwrap();
    }
    let one = read(&place.path("provinces.xlsx"), &Options::default()).unwrap();
    let many = read(&place.path("books"), &Options::default()).unwrap();
    assert_eq!((many.regions.len(), many.meta.inputs.len()), (3, 4));
    for (a, b) in one.regions.iter().zip(&many.regions) {
        assert_eq!(
            (&a.region, a.flows.values(), &a.trade),
            (&b.region, b.flows.values(), &b.trade)
        );
    }
    let single = format!("{}#02Tianjin", place.path("provinces.xlsx").display());
    let single = read(std::path::Path::new(&single), &Options::default()).unwrap();
    assert_eq!((single.regions.len(), single.national.is_none()), (1, true));
}

/// Cells far outside the table are no part of it, and neither memory nor time goes into what is between.
#[test]
fn a_cell_far_outside_is_no_burden() {
    use irio::input::provincial::{Options, read};
    let place = Place::new();
    let begun = std::time::Instant::now();
    ceads(&place, |sheet, _| {
        sheet.write(1_048_575, 16_383, "far").unwrap();
    });
    provinces(&place, |book| {
        sheet(book, "03Hebei").write(1_048_575, 16_383, "far").unwrap();
    });
    assert!(irio::input::table::read(&place.path(CEADS), None).is_ok());
    let tables = read(&place.path("provinces.xlsx"), &Options::default()).unwrap();
    assert!(tables.meta.notes.iter().any(|note| note.message.contains("03Hebei!XFD:XFD")));
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}

/// Maps and other lists may be sheets of a workbook too.
#[test]
fn a_map_may_be_a_sheet_of_a_workbook() {
    let place = Place::new();
    ceads(&place, |_, _| {});
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Other").unwrap();
    let map = book.add_worksheet().set_name("Map").unwrap();
    let lines = [("from", "to"), ("BJ", "JJJ"), ("天津", "JJJ"), ("Hebei", "JJJ")];
    for (row, (from, to)) in lines.into_iter().enumerate() {
        map.write(row as u32, 0, from).unwrap().write(row as u32, 1, to).unwrap();
    }
    book.save(place.path("maps.xlsx")).unwrap();
    let run = place.irio(&[
        "aggregate",
        "MRIO 2012.xlsx#Table_2012",
        "--regions",
        "maps.xlsx#Map",
        "--out",
        "a",
    ]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let run = place.irio(&["check", "a"]);
    assert!(run.stdout.contains("1 region × 4 sectors"), "{}", run.stdout);
}

bad! {
    ceads_merged_header_cells: "MRIO 2012.xlsx", |place| {
        ceads(&place, |sheet, _| {
            sheet.merge_range(3, 4, 3, 5, "02", &Format::new()).unwrap();
        });
    }
    ceads_wrong_sheet: "MRIO 2012.xlsx#Table_2015", |place| { ceads(&place, |_, _| {}); }
    ceads_sheet_without_a_table: "MRIO 2012.xlsx#Note", |place| { ceads(&place, |_, _| {}); }
    ceads_hidden_sheet: "MRIO 2012.xlsx", |place| {
        ceads(&place, |sheet, _| { sheet.set_hidden(true); });
    }
    ceads_shifted_row: "MRIO 2012.xlsx", |place| {
        ceads(&place, |sheet, places| {
            // The row of 02 of Tianjin begins one cell too far to the right.
            for column in (3..places.tail_column(3)).rev() {
                sheet.write(places.industry_row(5), column + 1, f64::from(column) * 1e6).unwrap();
            }
        });
    }
    ceads_text_in_a_number_cell: "MRIO 2012.xlsx", |place| {
        ceads(&place, |sheet, _| { sheet.write(6, 7, "n/a").unwrap(); });
    }
    ceads_failed_formula: "MRIO 2012.xlsx", |place| {
        ceads(&place, |sheet, _| {
            sheet.write(6, 7, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
        });
    }
    ceads_thousands_separator: "MRIO 2012.xlsx", |place| {
        ceads(&place, |sheet, _| { sheet.write(6, 7, "1,234.5").unwrap(); });
    }
    ceads_empty_cell: "MRIO 2012.xlsx", |place| {
        ceads(&place, |sheet, _| { sheet.clear_cell(6, 7); });
    }
    ceads_merged_number_cells: "MRIO 2012.xlsx", |place| {
        ceads(&place, |sheet, _| {
            sheet.merge_range(6, 7, 6, 8, "5", &Format::new()).unwrap();
        });
    }
    ceads_date_in_a_number_cell: "MRIO 2012.xlsx", |place| {
        ceads(&place, |sheet, _| {
            let date = ExcelDateTime::from_ymd(2012, 3, 4).unwrap();
            sheet.write_with_format(6, 7, &date, &Format::new().set_num_format("yyyy-mm-dd")).unwrap();
        });
    }
    ceads_truth_in_a_number_cell: "MRIO 2012.xlsx", |place| {
        ceads(&place, |sheet, _| { sheet.write(6, 7, true).unwrap(); });
    }
    ceads_missing_province: "MRIO 2012.xlsx", |place| {
        ceads(&place, |sheet, places| {
            // The rows of Hebei are gone from the lower end.
            for at in 8..12 {
                for column in 0..3 {
                    sheet.clear_cell(places.industry_row(at), column);
                }
            }
        });
    }
    ceads_unnamed_province: "MRIO 2012.xlsx", |place| {
        ceads(&place, |sheet, places| { sheet.clear_cell(1, places.industry_column(4)); });
    }
    ceads_unknown_province: "MRIO 2012.xlsx", |place| {
        ceads(&place, |sheet, places| {
            sheet.write(places.industry_row(8), 0, "Hubie").unwrap();
        });
    }
    ceads_code_twice: "MRIO 2012.xlsx", |place| {
        ceads(&place, |sheet, places| { sheet.write(places.industry_row(2), 2, "02").unwrap(); });
    }
    ceads_missing_column: "MRIO 2012.xlsx", |place| {
        ceads(&place, |sheet, places| { sheet.clear_cell(3, places.tail_column(2)); });
    }
    ceads_missing_imports: "MRIO 2012.xlsx", |place| {
        ceads(&place, |sheet, places| { sheet.write(places.footer_row(0), 2, "XX").unwrap(); });
    }
    ceads_unknown_unit: "MRIO 2012.xlsx", |place| {
        ceads(&place, |sheet, _| {
            sheet.write(0, 0, "Table of 2012 (Unit: bananas)").unwrap();
        });
    }
    ceads_total_of_others: "MRIO 2012.xlsx", |place| {
        ceads(&place, |sheet, places| {
            sheet.write(places.footer_row(6), places.industry_column(3), 1.0).unwrap();
        });
    }
    ceads_many_faults_at_once: "MRIO 2012.xlsx", |place| {
        ceads(&place, |sheet, places| {
            sheet.write(6, 7, "x").unwrap();
            sheet.write(places.footer_row(2), places.industry_column(1), "—").unwrap();
            sheet.write(5, places.exports_column(), Formula::new("=A0").set_result("#REF!")).unwrap();
        });
    }
    provinces_subtotal_with_the_code_of_a_sector: "provinces.xlsx", |place| {
        provinces(&place, |book| { sheet(book, "01Beijing").write(11, 2, 4).unwrap(); });
    }
    provinces_subtotals_with_the_code_of_a_sector: "provinces.xlsx", |place| {
        provinces(&place, |book| {
            sheet(book, "01Beijing").write(11, 2, 4).unwrap().write(7, 6, 4).unwrap();
        });
    }
    provinces_code_twice: "provinces.xlsx", |place| {
        provinces(&place, |book| { sheet(book, "02Tianjin").write(7, 4, "01").unwrap(); });
    }
    provinces_shifted_numbers: "provinces.xlsx", |place| {
        provinces(&place, |book| {
            let sheet = sheet(book, "02Tianjin");
            sheet.write(9, 3, 0.0).unwrap().write(9, 25, 12.5).unwrap();
        });
    }
    provinces_negative_output: "provinces.xlsx", |place| {
        provinces(&place, |book| { sheet(book, "02Tianjin").write(9, 25, -5.0).unwrap(); });
    }
    provinces_subtotal_that_does_not_add_up: "provinces.xlsx", |place| {
        provinces(&place, |book| { sheet(book, "03Hebei").write(10, 9, 1e9).unwrap(); });
    }
    provinces_title_of_another: "provinces.xlsx", |place| {
        provinces(&place, |book| { sheet(book, "03Hebei").write(0, 0, "山西2007年投入产出表").unwrap(); });
    }
    provinces_unknown_name: "provinces.xlsx", |place| {
        provinces(&place, |book| {
            let sheet = sheet(book, "03Hebei");
            sheet.write(0, 0, "2007").unwrap().set_name("03Hebie").unwrap();
        });
    }
    provinces_same_twice: "provinces.xlsx", |place| {
        provinces(&place, |book| {
            sheet(book, "03Hebei").write(0, 0, "2007").unwrap().set_name("03Tianjin").unwrap();
        });
    }
    provinces_without_codes: "provinces.xlsx", |place| {
        provinces(&place, |book| {
            let sheet = sheet(book, "03Hebei");
            for column in 0..30 {
                sheet.clear_cell(7, column);
            }
        });
    }
    provinces_no_year: "provinces.xlsx", |place| {
        provinces(&place, |book| { sheet(book, "03Hebei").write(0, 0, "河北投入产出表").unwrap(); });
    }
    provinces_two_years: "provinces.xlsx", |place| {
        provinces(&place, |book| { sheet(book, "03Hebei").write(0, 0, "河北2012年投入产出表").unwrap(); });
    }
    provinces_no_unit: "provinces.xlsx", |place| {
        provinces(&place, |book| { sheet(book, "03Hebei").clear_cell(2, 0); });
    }
    provinces_two_units: "provinces.xlsx", |place| {
        provinces(&place, |book| { sheet(book, "03Hebei").write(2, 0, "单位：亿元").unwrap(); });
    }
    provinces_other_sectors: "provinces.xlsx", |place| {
        provinces(&place, |book| { sheet(book, "03Hebei").write(9, 1, "建筑业").unwrap(); });
    }
    provinces_other_sectors_in_the_first_sheet: "provinces.xlsx", |place| {
        provinces(&place, |book| { sheet(book, "00China").write(9, 1, "建筑业").unwrap(); });
    }
    provinces_empty_cell_that_matters: "provinces.xlsx", |place| {
        provinces(&place, |book| { sheet(book, "03Hebei").clear_cell(9, 4); });
    }
    provinces_where_a_table_is_expected: "table.toml", |place| {
        provinces(&place, |_| {});
        place.write("table.toml", "layout = \"sic\"\nname = \"a\"\nyear = 2007\nunit = \"10^4 yuan\"\n\
            file = \"provinces.xlsx\"\nsheet = \"01Beijing\"\n");
    }
    emissions_that_miss_their_total: "table.toml", |place| {
        emissions(&place, "", |book| { sheet(book, "Tianjin").write(4, 3, 50.0).unwrap(); });
    }
    emissions_of_an_unknown_fuel: "table.toml", |place| {
        emissions(&place, "fuels = [\"Raw Cole\"]\n", |_| {});
    }
    emissions_in_another_unit: "table.toml", |place| {
        emissions(&place, "", |book| { sheet(book, "Tianjin").write(1, 3, "kt CO2").unwrap(); });
    }
    emissions_of_a_sector_that_goes_nowhere: "table.toml", |place| {
        emissions(&place, "", |book| { sheet(book, "Hebei").write(5, 0, "Magic").unwrap(); });
    }
    emissions_with_text_among_numbers: "table.toml", |place| {
        emissions(&place, "", |book| { sheet(book, "Hebei").write(5, 3, "…").unwrap(); });
    }
    emissions_with_text_in_a_cell_that_is_not_read: "table.toml", |place| {
        emissions(&place, "", |book| { sheet(book, "Hebei").write(5, 1, "abc").unwrap(); });
    }
    emissions_whose_fuels_miss_their_row: "table.toml", |place| {
        emissions(&place, "", |book| { sheet(book, "Hebei").write(5, 1, 9.0).unwrap(); });
    }
    emissions_without_a_row_that_others_have: "table.toml", |place| {
        emissions(&place, "", |book| {
            let sheet = sheet(book, "Beijing");
            (0..4).for_each(|column| { sheet.clear_cell(7, column); });
            (1..4).for_each(|column| { sheet.write(3, column, [4.5, 4.5, 9.0][usize::from(column) - 1]).unwrap(); });
        });
    }
    emissions_with_a_row_of_its_own: "table.toml", |place| {
        emissions(&place, "", |book| { sheet(book, "Beijing").write(8, 0, "03").unwrap().write(8, 3, 0.0).unwrap(); });
    }
    emissions_with_a_row_twice_and_one_without_a_name: "table.toml", |place| {
        emissions(&place, "", |book| {
            sheet(book, "Beijing").write(5, 0, "01").unwrap();
            sheet(book, "Hebei").clear_cell(5, 0);
        });
    }
    emissions_of_a_province_misspelt: "table.toml", |place| {
        emissions(&place, "", |book| { sheet(book, "Hebei").set_name("Hebai").unwrap(); });
    }
    emissions_with_faults_when_checked: "emissions.xlsx", |place| {
        emissions(&place, "", |book| {
            sheet(book, "Beijing").write(5, 1, "abc").unwrap();
            sheet(book, "Hebei").set_name("Hebai").unwrap();
        });
    }
    emissions_of_one_sheet: "emissions.xlsx#Hebei", |place| { emissions(&place, "", |_| {}); }
    emissions_without_a_total_row: "table.toml", |place| {
        emissions(&place, "", |book| { sheet(book, "Hebei").write(3, 0, "All").unwrap(); });
    }
    emissions_of_no_province: "table.toml", |place| {
        emissions(&place, "", |book| {
            for (at, name) in ["Beijing", "Tianjin", "Hebei"].into_iter().enumerate() {
                sheet(book, name).set_name(format!("Sheet{at}")).unwrap();
            }
        });
    }
    file_cut_short: "MRIO 2012.xlsx", |place| {
        ceads(&place, |_, _| {});
        let bytes = std::fs::read(place.path(CEADS)).unwrap();
        place.write(CEADS, &bytes[..bytes.len() / 2]);
    }
    file_that_is_no_workbook: "MRIO 2012.xlsx", |place| { place.write(CEADS, "region,value\nBJ,1\n"); }
    file_that_is_a_zip_of_something_else: "MRIO 2012.xlsx", |place| {
        place.write(CEADS, zip_of("readme.txt", b"no workbook"));
    }
    file_that_is_empty: "MRIO 2012.xlsx", |place| { place.write(CEADS, ""); }
    file_that_is_an_old_workbook_of_nothing: "a.xls", |place| {
        let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
        bytes.extend((0..4096u32).map(|at| (at * 7919 % 251) as u8));
        place.write("a.xls", bytes);
    }
    file_locked_by_a_password: "a.xlsx", |place| {
        let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
        for name in ["/EncryptionInfo", "/EncryptedPackage"] {
            file.create_stream(name).unwrap().write_all(&[7; 5000]).unwrap();
        }
        place.write("a.xlsx", file.into_inner().into_inner());
    }
    file_with_enormous_claims: "a.xls", |place| { place.write("a.xls", enormous(0x0200)); }
    file_with_cells_far_apart: "a.xls", |place| { place.write("a.xls", enormous(0x0203)); }
    workbook_where_a_text_is_expected: "table-0", |place| {
        ceads(&place, |_, _| {});
        let bytes = std::fs::read(place.path(CEADS)).unwrap();
        place.write("table-0/flows.csv", bytes);
    }
    text_where_a_workbook_is_expected: "table.toml", |place| {
        place.write("table.toml", "layout = \"ceads_mrio\"\nname = \"a\"\nyear = 2012\nunit = \"10^4 yuan\"\n\
            file = \"table-0/flows.csv\"\n");
    }
}

/// A zip archive with one member, stored as it is.
fn zip_of(name: &str, data: &[u8]) -> Vec<u8> {
    archive(&[(name, data)])
}

/// Programs that write workbooks without calculating leave formulas without their values.
#[test]
fn a_formula_without_a_value_is_no_empty_cell() {
    let place = Place::new();
    let cell =
        |at: &str, text: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let header = [("A1", "region"), ("B1", "sector"), ("C1", "value"), ("A2", "B"), ("B2", "M")];
    let texts: Vec<String> = header.iter().map(|(at, text)| cell(at, text)).collect();
    let sheet = format!(
        "<worksheet xmlns=\"{MAIN}\"><sheetData><row r=\"1\">{}</row><row r=\"2\">{}\
         <c r=\"C2\"><f>SUM(D2:E2)</f><v></v></c></row></sheetData></worksheet>",
        texts[..3].concat(),
        texts[3..].concat()
    );
    let list = "<sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/>";
    place.write("d.xlsx", by_hand::workbook(list, &["worksheets/sheet1.xml"], &sheet));
    let run = place.irio(&["impact", "table-0", "--demand", "d.xlsx", "--out", "o"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    insta::assert_snapshot!("formula_without_a_value", run.stderr);
}

/// An .xls file whose only sheet claims, or has, more cells than memory could hold.
fn enormous(kind: u16) -> Vec<u8> {
    let mut stream = Vec::new();
    let mut record = |kind: u16, data: &[u8]| {
        stream.extend_from_slice(&kind.to_le_bytes());
        stream.extend_from_slice(&(data.len() as u16).to_le_bytes());
        stream.extend_from_slice(data);
    };
    record(0x0809, &[0, 6, 0x10, 0, 0, 0, 0, 0]);
    if kind == 0x0200 {
        record(kind, &[0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0xff, 0xff, 0, 0]);
    } else {
        for place in [0u16, 0xfff0] {
            let mut cell = Vec::new();
            cell.extend_from_slice(&place.to_le_bytes());
            cell.extend_from_slice(&place.to_le_bytes());
            cell.extend_from_slice(&[0; 10]);
            record(kind, &cell);
        }
    }
    record(0x000a, &[]);
    stream.resize(5000, 0);
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    file.create_stream("/Workbook").unwrap().write_all(&stream).unwrap();
    file.into_inner().into_inner()
}

/// Reads everything in a file that may be broken in any way; what comes out does not matter.
fn swallow(path: &std::path::Path) {
    if let Ok(mut book) = irio::input::workbook::Workbook::open(path) {
        for sheet in book.sheets().to_vec() {
            let _ = book.sheet(&sheet.name);
        }
    }
    let _ = irio::input::provincial::read(path, &irio::input::provincial::Options::default());
    let _ = irio::input::table::read(path, None);
}

/// Mutations of a file: some bytes changed, sometimes cut short.
fn mutations(bytes: &[u8], count: u32, mut see: impl FnMut(&[u8])) {
    let stream = irio::draws::Stream::new(7, 0, irio::draws::parameter("bytes"));
    // For a longer hunt than a suite should take.
    let times = std::env::var("IRIO_FUZZ").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    for round in 0..count * times {
        let draw = |at: u32| stream.uniform(round * 64 + at);
        let mut broken = bytes.to_vec();
        for change in 0..1 + (draw(0) * 12.0) as u32 {
            let at = (draw(2 * change + 1) * broken.len() as f64) as usize;
            broken[at] = (draw(2 * change + 2) * 256.0) as u8;
        }
        if round % 7 == 0 {
            broken.truncate((draw(63) * broken.len() as f64) as usize);
        }
        see(&broken);
    }
}

#[test]
fn broken_bytes_of_a_small_workbook_are_no_panic() {
    let place = Place::new();
    ceads(&place, |_, _| {});
    let bytes = std::fs::read(place.path(CEADS)).unwrap();
    mutations(&bytes, 400, |broken| {
        place.write("broken 2012.xlsx", broken);
        swallow(&place.path("broken 2012.xlsx"));
    });
}

/// Of an old workbook: the real one where it is, else a compound file of few records.
#[test]
fn broken_bytes_of_an_old_workbook_are_no_panic() {
    let place = Place::new();
    let small = enormous(0x0203);
    mutations(&small, 400, |broken| {
        place.write("broken 2007.xls", broken);
        swallow(&place.path("broken 2007.xls"));
    });
    let real = common::real_data()
        .map(|data| data.join("china_sic_irio_2002_2007/original_sic_2002_2007_interregional.xls"));
    let Some(bytes) = real.and_then(|path| std::fs::read(path).ok()) else { return };
    mutations(&bytes, 60, |broken| {
        place.write("broken 2007.xls", broken);
        if let Ok(mut book) = irio::input::workbook::Workbook::open(&place.path("broken 2007.xls"))
        {
            for sheet in book.sheets().to_vec() {
                let _ = book.sheet(&sheet.name);
            }
        }
    });
}
