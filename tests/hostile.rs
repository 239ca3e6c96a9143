//! Files that claim, or unpack to, far more than they are, and large ones of nothing: they are refused, within a few
//! hundred megabytes.

#[path = "mocks/archive.rs"]
mod archive;
#[path = "common/program.rs"]
mod program;

use std::io::Write;

use archive::archive;
use program::Place;

/// What the program says to a table, within an address space of so many megabytes.
#[track_caller]
fn within(megabytes: u64, place: &Place, table: &str) -> String {
    let limit = format!("ulimit -v {}; exec \"$0\" check \"$1\" --threads 2", megabytes << 10);
    let output = std::process::Command::new("sh")
        .args(["-c", &limit, env!("CARGO_BIN_EXE_irio"), table])
        .env("MALLOC_ARENA_MAX", "2")
        .current_dir(place.path("."))
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code().is_some_and(|code| code == 2), "{:?}: {said}", output.status);
    said
}

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

/// A few codes in two lists are more industries than any memory has room for.
#[test]
fn lists_whose_product_is_enormous() {
    let place = Place::new();
    for (name, letter) in [("regions", "r"), ("sectors", "s")] {
        let codes: String = (0..20_000).map(|at| format!("{letter}{at},,\n")).collect();
        place.write(&format!("table-0/{name}.csv"), format!("code,en,zh\n{codes}"));
    }
    let said = within(1000, &place, "table-0");
    assert!(said.contains("20000 regions and 20000 sectors, but only 6 lines"), "{said}");
    // With a matrix in which nothing else is wrong.
    place.write("table-0/flows.csv", "\"\",,r1\nregion,sector,s1\nr1,s1,1\n");
    let said = within(1000, &place, "table-0");
    assert!(said.contains("20000 regions and 20000 sectors"), "{said}");
}

/// Separators pack to a thousandth, and each is a cell.
#[test]
fn archives_of_separators() {
    let place = Place::new();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for name in ["Z.txt", "Y.txt"] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        (0..300).for_each(|_| zip.write_all(&[b'\t'; 1 << 20]).unwrap());
    }
    let packed = zip.finish().unwrap().into_inner();
    assert!(packed.len() < 700_000);
    place.write("t_2010.zip", packed);
    let said = within(1200, &place, "t_2010.zip");
    assert!(said.contains("Z.txt: unpacks to far more than a table of its size would"), "{said}");
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    (0..300).for_each(|_| gz.write_all(&[b','; 1 << 20]).unwrap());
    place.write("table-0/flows.csv", gz.finish().unwrap());
    let said = within(1200, &place, "table-0");
    assert!(said.contains("flows.csv: unpacks to far more"), "{said}");
}

/// Every cell of a text takes room, and every fault.
#[test]
fn large_texts_of_nothing() {
    let place = Place::new();
    let size = 20 << 20;
    let of = |part: &str| part.repeat(size / part.len());
    for name in ["flows", "final_demand", "regions", "categories", "output", "extensions"] {
        let file = format!("table-0/{name}.csv");
        let kept = place.read(&file);
        for part in [",", "\n", "a,b\n", ",\n", "1,\"\n"] {
            place.write(&file, of(part));
            let said = within(900, &place, "table-0");
            assert!(said.contains(name), "{name} of {part:?}: {said}");
        }
        // The header in order, the lines not.
        let head: String = kept.split_inclusive('\n').take(2).collect();
        place.write(&file, head + &of("a,b\n"));
        let said = within(900, &place, "table-0");
        assert!(said.contains("at least") || said.contains("more than 262144 lines"), "{said}");
        place.write(&file, kept);
    }
}

#[test]
fn large_texts_of_nothing_in_a_system() {
    let place = Place::new();
    let of = |part: &str| part.repeat((20 << 20) / part.len());
    place.write("t_2010/Y.txt", "region\t\tA\ncategory\t\th\nA\tm\t1\n").write("t_2010/Z.txt", "");
    for part in ["\t", "\n", "a\tb\n", "a\tb\t1\n"] {
        place.write("t_2010/Z.txt", of(part));
        let said = within(900, &place, "t_2010");
        assert!(said.contains("Z.txt"), "{part:?}: {said}");
        place.write("t_2010/Z.txt", format!("region\t\tA\nsector\t\tm\n{}", of(part)));
        let said = within(900, &place, "t_2010");
        assert!(said.contains("Z.txt"), "{part:?}: {said}");
    }
}
