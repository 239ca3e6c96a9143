//! Workbooks that no spreadsheet program writes: far cells, and lists of sheets that are too long or lead to one.

use super::{CEADS, Place, ceads};
use crate::archive::archive;

pub(super) const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// An .xlsx with a list of sheets, the relations rId1, rId2 ... of the list to targets, and one sheet.
pub(super) fn workbook(list: &str, targets: &[&str], sheet: &str) -> Vec<u8> {
    let relation = |(at, (kind, target)): (usize, (&str, &str))| {
        format!("<Relationship Id=\"rId{}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>", at + 1)
    };
    let relations = |all: Vec<(&str, &str)>| {
        let lines: String = all.into_iter().enumerate().map(relation).collect();
        format!("<Relationships xmlns=\"{PACKAGE}\">{lines}</Relationships>")
    };
    let root = relations(vec![("officeDocument", "xl/workbook.xml")]);
    let books = relations(targets.iter().map(|target| ("worksheet", *target)).collect());
    let book = format!(
        "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>{list}</sheets></workbook>"
    );
    let members: [(&str, &[u8]); 4] = [
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", books.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    archive(&members)
}

/// A sheet with a text in A1 and one in another cell.
fn far(cell: &str) -> String {
    let text = |at: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>x</t></is></c>");
    let (first, row) = (text("A1"), cell.trim_start_matches(|c: char| c.is_alphabetic()));
    format!(
        "<worksheet xmlns=\"{MAIN}\"><sheetData><row r=\"1\">{first}</row>\
         <row r=\"{row}\">{}</row></sheetData></worksheet>",
        text(cell)
    )
}

/// Entries of a list of sheets, each of a relation of its own.
fn list(count: usize) -> String {
    let entry = |at| format!("<sheet name=\"S{at}\" sheetId=\"{at}\" r:id=\"rId{at}\"/>");
    (1..=count).map(entry).collect()
}

bad! {
    sheet_with_a_text_in_its_last_row: "MRIO 2012.xlsx", |place| {
        ceads(&place, |sheet, _| { sheet.write(1_048_575, 0, "checked").unwrap(); });
    }
    sheet_with_a_cell_in_a_row_that_no_sheet_has: "a.xlsx", |place| {
        place.write("a.xlsx", workbook(&list(1), &["worksheets/sheet1.xml"], &far("A4294967295")));
    }
    sheet_with_a_cell_far_below_and_aside: "a.xlsx", |place| {
        place.write("a.xlsx", workbook(&list(1), &["worksheets/sheet1.xml"], &far("J2000000")));
    }
    list_of_very_many_sheets: "a.xlsx", |place| {
        place.write("a.xlsx", workbook(&list(2000), &["worksheets/sheet1.xml"], &far("B2")));
    }
    list_that_leads_twice_to_one_sheet: "a.xlsx", |place| {
        let targets = ["worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml"];
        place.write("a.xlsx", workbook(&list(2), &targets, &far("B2")));
    }
    sheet_asked_for_that_is_not_among_many: "MRIO 2012.xlsx#S99", |place| {
        let mut book = rust_xlsxwriter::Workbook::new();
        for at in 0..60 {
            book.add_worksheet().set_name(format!("Part {at}")).unwrap();
        }
        book.save(place.path(CEADS)).unwrap();
    }
}
