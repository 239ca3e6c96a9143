use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use super::*;
use crate::brief::content::Cell;
use crate::brief::sample;

type Book = Xlsx<Cursor<Vec<u8>>>;

fn open(briefs: &[Brief]) -> Book {
    Xlsx::new(Cursor::new(bytes(briefs).unwrap())).unwrap()
}

fn cells(book: &mut Book, sheet: &str) -> Vec<Vec<Data>> {
    book.worksheet_range(sheet).unwrap().rows().map(<[Data]>::to_vec).collect()
}

fn has(cells: &[Vec<Data>], wanted: impl Fn(&Data) -> bool) -> bool {
    cells.iter().flatten().any(wanted)
}

#[test]
fn sheets_follow_the_brief() {
    let mut book = open(&sample::briefs());
    let names = book.sheet_names();
    let chinese =
        ["简报", "图 1", "图 2", "图 2 (2)", "表 1", "读数须知", "来源", "各种设定", "数字出处"];
    assert_eq!(names[..9], chinese);
    let english = [
        "Brief",
        "Figure 1",
        "Figure 2",
        "Figure 2 (2)",
        "Table 1",
        "Read with care",
        "Sources",
        "Settings",
        "Numbers",
    ];
    assert_eq!(names[9..], english);
    // Two dials of three stops, under a title, a file, an empty line and heads.
    assert_eq!(cells(&mut book, "Settings").len(), 4 + 9);
}

#[test]
fn every_number_is_there_as_printed_and_as_the_file_has_it() {
    for language in Language::BOTH {
        let brief = sample::brief(language);
        let mut book = open(std::slice::from_ref(&brief));
        let places = cells(&mut book, language.pick("数字出处", "Numbers"));
        let parts = numbers::by_part(&brief);
        assert!(parts.len() >= 4);
        for number in parts.iter().flat_map(|part| &part.numbers) {
            let line = [
                Data::String(number.shown.to_owned()),
                Data::Float(number.cited.value),
                Data::String(number.cited.at.to_string()),
            ];
            assert!(places.iter().any(|row| row[1..] == line), "{number:?}");
        }
    }
}

#[test]
fn a_line_of_a_figure_has_points_ranges_exact_values_and_places() {
    let mut book = open(&[sample::brief(Language::English)]);
    let rows = cells(&mut book, "Figure 1");
    let line = |first: &str| {
        rows.iter().find(|row| row[0] == Data::String(first.to_owned())).unwrap().clone()
    };
    let text = |text: &str| Data::String(text.to_owned());
    let head = line("Region");
    assert_eq!(
        head[..9],
        [
            text("Region"),
            text("Value added (billion yuan)"),
            text("Value added low (billion yuan)"),
            text("Value added high (billion yuan)"),
            text("CO₂ (Mt)"),
            text("CO₂ low (Mt)"),
            text("CO₂ high (Mt)"),
            text("CO₂ remark"),
            text("Reading"),
        ]
    );
    let coast = line("North Coast");
    let printed = [405.0, 165.0, 774.0, 55.0, -7.0, 175.0].map(Data::Float);
    assert_eq!(coast[1..7], printed);
    assert_eq!(coast[7..9], [text("unclear"), text("receives")]);
    assert_eq!(coast[9..12], [4045.443, 1654.07, 7737.326].map(Data::Float));
    assert_eq!(coast[12], text("net_transfer.csv:14, 15, 16"));
    assert_eq!(coast[13..16], [54.915, -7.314, 174.586].map(Data::Float));
    assert_eq!(head.len(), 17);
}

#[test]
fn texts_that_look_like_formulas_are_texts() {
    let mut brief = sample::brief(Language::English);
    let hostile = "=HYPERLINK(\"http://example.org\")";
    brief.headline = Prose::text(hostile);
    brief.caveats[0].own_words = vec!["+1+1".to_owned(), "@SUM(A1)".to_owned()];
    brief.labels.sources = "=[a]*b?".to_owned();
    let grid = &mut brief.table.as_mut().unwrap().grid;
    grid.rows[0].cells[0] = Cell { main: Prose::text(hostile), ..Cell::default() };
    grid.rows[0].cells[1] = Cell { main: Prose::text("\u{1}—"), ..Cell::default() };
    let mut book = open(&[brief]);
    let text = |text: &str| Data::String(text.to_owned());
    assert!(has(&cells(&mut book, "Brief"), |cell| *cell == text(hostile)));
    assert!(has(&cells(&mut book, "Table 1"), |cell| *cell == text(hostile)));
    assert!(has(&cells(&mut book, "Read with care"), |cell| *cell == text("+1+1\n@SUM(A1)")));
    assert!(book.sheet_names().contains(&"= a  b".to_owned()), "{:?}", book.sheet_names());
    for sheet in book.sheet_names() {
        let formulas = book.worksheet_formula(&sheet).unwrap();
        assert!(formulas.used_cells().next().is_none(), "{sheet}");
    }
}

#[test]
fn no_number_is_a_text_and_none_is_lost() {
    let mut brief = sample::brief(Language::Chinese);
    let table = brief.table.as_mut().unwrap();
    table.grid.rows[0].cells[1] = Cell { main: Prose::text("无数据"), ..Cell::default() };
    table.grid.rows[1].cells.truncate(1);
    let mut book = open(&[brief]);
    let rows = cells(&mut book, "表 1");
    assert!(has(&rows, |cell| *cell == Data::String("无数据".to_owned())));
    let capital = rows.iter().find(|row| row[0] == Data::String("京津".to_owned())).unwrap();
    assert!(capital[1..].iter().all(|cell| *cell == Data::Empty));
}

#[test]
fn key_numbers_are_numbers_and_what_is_unclear_a_word() {
    let mut book = open(&[sample::brief(Language::English)]);
    let rows = cells(&mut book, "Brief");
    let text = |text: &str| Data::String(text.to_owned());
    let line = |first: &str| rows.iter().find(|row| row[0] == text(first)).unwrap();
    let clear = line("Value added, northern regions");
    assert_eq!(clear[1], text("range +0.8 to +2.4"));
    assert_eq!(clear[2..4], [Data::Float(1.4), text("trillion yuan")]);
    assert_eq!(clear[4], Data::Float(14366.186));
    assert_eq!(clear[5], text("net_transfer.csv:50, 51, 52"));
    let unclear = line("Value added, national net change");
    assert_eq!(unclear[2..5], [text("unclear"), Data::Empty, Data::Empty]);
}

#[test]
fn equal_briefs_give_equal_bytes() {
    let one = bytes(&sample::briefs()).unwrap();
    assert_eq!(one, bytes(&sample::briefs()).unwrap());
    assert!(bytes(&[]).is_ok());
}
