//! Small files that claim, or unpack to, far more than they are: they are refused, and no memory is asked for.

#[path = "mocks/archive.rs"]
mod archive;
#[path = "common/program.rs"]
mod program;

use std::io::Write;

use archive::archive;
use program::Place;

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// An .xlsx of one sheet, with other parts.
fn workbook(sheet: &str, others: &[(&str, &[u8])]) -> Vec<u8> {
    let book = format!(
        r#"<workbook xmlns:r="{OFFICE}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>"#
    );
    let links = format!(
        r#"<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
    );
    let root = format!(
        r#"<Relationships xmlns="{PACKAGE}"><Relationship Id="r0" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    let mut members: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    members.extend_from_slice(others);
    archive(&members)
}

/// What the program says to a workbook, within little memory: a refusal, and no crash.
#[track_caller]
fn refused(name: &str, bytes: &[u8]) -> String {
    let place = Place::new();
    place.write(name, bytes);
    let said = place.refusal(&["check", name]);
    assert!(said.starts_with("exit code 2"), "{said}");
    said
}

const SHEET: &str = r#"<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>"#;

#[test]
fn texts_that_claim_to_be_more_than_memory_holds() {
    let texts = br#"<sst count="1" uniqueCount="99999999999"><si><t>x</t></si></sst>"#;
    let said = refused("a.xlsx", &workbook(SHEET, &[("xl/sharedStrings.xml", texts)]));
    assert!(said.contains("claim to be 99999999999 texts"), "{said}");
}

#[test]
fn a_shared_formula_with_an_enormous_number() {
    let sheet = r#"<worksheet><sheetData><row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="99999999999">B1</f></c></row></sheetData></worksheet>"#;
    let said = refused("a.xlsx", &workbook(sheet, &[]));
    assert!(said.contains("shared formula"), "{said}");
}

/// One long text that stands in every cell.
#[test]
fn a_text_that_is_repeated_beyond_all_measure() {
    let texts = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(1 << 20));
    let cells = r#"<c t="s"><v>0</v></c>"#.repeat(1 << 12);
    let sheet = format!("<worksheet><sheetData><row>{cells}</row></sheetData></worksheet>");
    let said = refused("a.xlsx", &workbook(&sheet, &[("xl/sharedStrings.xml", texts.as_bytes())]));
    assert!(said.contains("more cells than a file of its size"), "{said}");
}

/// Zeros pack to a thousandth.
#[test]
fn a_part_that_unpacks_to_far_more_than_the_file() {
    let styles = vec![b' '; 100 << 20];
    let stored = workbook(SHEET, &[]);
    let packed = {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file("xl/styles.xml", options).unwrap();
        zip.write_all(&styles).unwrap();
        let mut found = zip::ZipArchive::new(std::io::Cursor::new(stored)).unwrap();
        for at in 0..found.len() {
            let member = found.by_index_raw(at).unwrap();
            zip.raw_copy_file(member).unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    assert!(packed.len() < 200_000);
    let said = refused("a.xlsx", &packed);
    assert!(said.contains("unpacks to far more"), "{said}");
}

/// A record of an .xlsb that claims the most a record can.
#[test]
fn a_record_longer_than_its_part() {
    let links = format!(
        r#"<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>"#
    );
    let book = archive(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.bin", &[0x83, 0x01, 0, 0x99, 0x01, 0xff, 0xff, 0xff, 0x7f]),
        ("xl/_rels/workbook.bin.rels", links.as_bytes()),
    ]);
    let said = refused("a.xlsb", &book);
    assert!(said.contains("a record claims 268435455 bytes"), "{said}");
}

/// Many sheets of an .xls that are the same few bytes with two cells far apart.
#[test]
fn sheets_that_are_one_stretch_of_the_file() {
    let mut sheet = Vec::new();
    let record = |into: &mut Vec<u8>, kind: u16, data: &[u8]| {
        into.extend_from_slice(&kind.to_le_bytes());
        into.extend_from_slice(&(data.len() as u16).to_le_bytes());
        into.extend_from_slice(data);
    };
    record(&mut sheet, 0x0809, &[0, 6, 0x10, 0, 0, 0, 0, 0]);
    for (row, column) in [(0u16, 0u16), (15_000, 250)] {
        let place = [row.to_le_bytes(), column.to_le_bytes()].concat();
        record(&mut sheet, 0x0203, &[place, vec![0; 10]].concat());
    }
    record(&mut sheet, 0x000a, &[]);
    let globals = |start: u32| {
        let mut out = Vec::new();
        record(&mut out, 0x0809, &[0, 6, 5, 0, 0, 0, 0, 0]);
        for at in 0..200u8 {
            let bound = [&start.to_le_bytes()[..], &[0, 0, 2, 0, b'a' + at / 26, b'a' + at % 26]];
            record(&mut out, 0x0085, &bound.concat());
        }
        record(&mut out, 0x000a, &[]);
        out
    };
    let start = globals(0).len() as u32;
    let mut stream = [globals(start), sheet].concat();
    stream.resize(5000, 0);
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    file.create_stream("/Workbook").unwrap().write_all(&stream).unwrap();
    let said = refused("a.xls", &file.into_inner().into_inner());
    assert!(said.contains("cells together"), "{said}");
}
