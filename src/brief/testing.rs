//! What every brief is held to, over results made for tests.

use serde_json::{Value, json};

use super::content::{Brief, Cell, Grid};
use super::prose::{Inline, Prose};
use super::shapes::{HEADLINE, Limit, TITLE};
use super::template::Template;
use super::{BriefError, gallery, of};
use crate::figure::Width;
use crate::figure::testing::{assert_apart, names};
use crate::numerals::{Cited, Language};
use crate::recorded::{FileEntry, NamedCode, Recorded, RecordedFile};
use crate::tidy::{Column, Tidy};

/// Names of regions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// Provinces of China, at most 31.
    Provinces,
    /// Anything from one to 24 Han or three to 40 Latin characters.
    Any,
}

/// Codes and names of `count` regions.
pub(super) fn regions(count: usize, kind: Names) -> Vec<NamedCode> {
    if kind == Names::Provinces {
        let all = crate::china::PROVINCES.iter().take(count);
        let named = |one: &crate::china::Province| NamedCode {
            zh: one.zh.to_owned(),
            en: one.en.to_owned(),
            ..NamedCode::code(one.code)
        };
        return all.map(named).collect();
    }
    let (han, latin) = (names(count, Language::Chinese), names(count, Language::English));
    let named = |(at, (zh, en)): (usize, (_, _))| {
        let (zh, en): (crate::figure::names::Named, crate::figure::names::Named) = (zh, en);
        // Names are told apart by their number.
        let (zh, en) = (format!("{}{}", zh.full(), at), format!("{} {}", en.full(), at));
        NamedCode { zh, en, ..NamedCode::code(format!("R{at}")) }
    };
    han.into_iter().zip(latin).enumerate().map(named).collect()
}

/// Results as they are read from a folder.
pub(super) fn recorded(
    command: &str,
    regions: &[NamedCode],
    files: Vec<(&str, Tidy)>,
    headline: Value,
) -> Recorded {
    switched(command, regions, files, headline, json!({}))
}

/// The same with switches.
pub(super) fn switched(
    command: &str,
    regions: &[NamedCode],
    files: Vec<(&str, Tidy)>,
    headline: Value,
    switches: Value,
) -> Recorded {
    let entry = |name: &str| FileEntry {
        name: name.to_owned(),
        what: String::new(),
        columns: Some(Vec::new()),
        rows: None,
        shape: None,
        caveats: vec!["source_rule".to_owned()],
        sha256: None,
        bytes: None,
    };
    let sectors = json!([{ "code": "01", "zh": "农业", "en": "Agriculture" }]);
    let summary = json!({
        "schema_version": crate::recorded::SCHEMA_VERSION,
        "irio_version": "0.1.0",
        "command": command,
        "command_line": null,
        "title": "test",
        "switches": switches,
        "seed": null,
        "inputs": [],
        "tables": [{
            "name": "test-2007", "year": 2007, "unit": "10^4 yuan", "prices": "current", "source": "test",
            "imports": "by_product", "tolerance": 1e-4, "regions": regions, "sectors": sectors,
            "discrepancy": null,
        }],
        "labels": {},
        "notes": [{ "code": "source_rule", "message": "a gap is zero" }],
        "residuals": {},
        "headline": headline,
        "files": [],
    });
    let files = files
        .into_iter()
        .map(|(name, tidy)| RecordedFile::of(&entry(name), tidy.to_csv()).unwrap());
    Recorded {
        folder: "results".into(),
        summary: serde_json::from_value(summary).unwrap(),
        files: files.collect(),
    }
}

/// Lines of a file: texts in the order of its columns, and a value.
pub(super) fn tidy(columns: &[Column], rows: impl IntoIterator<Item = (Vec<String>, f64)>) -> Tidy {
    let mut tidy = Tidy::new(columns);
    for (texts, value) in rows {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        tidy.push(&texts, value);
    }
    tidy
}

/// A number of either sign that is another one for every k.
pub(super) fn number(k: usize) -> f64 {
    let size = 5e7 / (1.0 + (k * 13 % 17) as f64) + k as f64;
    if k.is_multiple_of(3) { -size } else { size }
}

/// The brief of results, with every figure, in a language.
///
/// # Panics
/// If there is none.
#[track_caller]
pub(super) fn brief(recorded: &Recorded, language: Language) -> Brief {
    match gallery(recorded, &Template::of(None, None), language) {
        Ok(brief) => brief,
        Err(error) => panic!("{error}"),
    }
}

/// Why there is no brief.
///
/// # Panics
/// If there is one.
#[track_caller]
pub(super) fn refusal(recorded: &Recorded) -> BriefError {
    match of(recorded, &Template::of(None, None), Language::Chinese) {
        Ok(brief) => panic!("a brief: {}", brief.headline.plain()),
        Err(error) => error,
    }
}

/// Holds the brief of results in both languages to what every brief must be.
///
/// # Panics
/// If something is not said, too long or said in words that may not be used, or a number is not the one of its line.
#[track_caller]
pub(super) fn assert_brief(recorded: &Recorded) {
    for language in Language::BOTH {
        let brief = brief(recorded, language);
        let said = said(&brief);
        for (what, prose) in &said {
            let text = prose.plain();
            assert!(!text.trim().is_empty(), "{language:?}: nothing is said in {what}");
            assert_words(what, &text, language);
        }
        let grids = brief.blocks.iter().flat_map(|block| block.views.iter().map(|v| &v.grid));
        let grids = grids.chain(brief.table.iter().map(|table| &table.grid));
        let cells = grids.flat_map(cells).flat_map(|cell| [&cell.main, &cell.below]);
        for prose in said.iter().map(|(_, prose)| *prose).chain(cells) {
            for (_, cited) in prose.numbers() {
                assert_cited(recorded, cited);
            }
        }
        let marked = brief.marked();
        for caveat in &brief.caveats {
            assert!(marked.contains(caveat.code.as_str()), "no text bears {:?}", caveat.code);
        }
        assert_length("headline", &brief.headline, HEADLINE, language);
        for block in &brief.blocks {
            assert_length(&block.id, &block.title, TITLE, language);
        }
        assert!(brief.cards.len() <= 4, "{} cards", brief.cards.len());
        let table = brief
            .table
            .as_ref()
            .map_or(0, |table| table.grid.rows.iter().filter(|row| !row.total).count());
        assert!(table <= 12, "{table} lines on paper");
        assert_figures(recorded, &brief);
    }
}

/// Every text that must say something.
fn said(brief: &Brief) -> Vec<(String, &Prose)> {
    let mut said = vec![("headline".to_owned(), &brief.headline), ("deck".to_owned(), &brief.deck)];
    for card in &brief.cards {
        said.extend([("card".to_owned(), &card.label), (card.label.plain(), &card.value)]);
    }
    for block in &brief.blocks {
        said.push((format!("title of {}", block.id), &block.title));
        said.extend(block.text.iter().map(|text| (format!("text of {}", block.id), text)));
        said.push((format!("note of {}", block.id), &block.note));
        let drawn = |view| (format!("description of {}", block.id), view);
        said.extend(block.views.iter().map(|view| drawn(&view.description)));
    }
    if let Some(table) = &brief.table {
        said.extend([("table".to_owned(), &table.title), ("table note".to_owned(), &table.note)]);
    }
    said.extend(brief.method.iter().map(|prose| ("method".to_owned(), prose)));
    said
}

fn cells(grid: &Grid) -> impl Iterator<Item = &Cell> {
    let width = grid.heads.len();
    grid.rows.iter().flat_map(move |row| {
        assert_eq!(row.cells.len(), width, "{}", grid.caption);
        &row.cells
    })
}

fn assert_length(what: &str, prose: &Prose, limit: Limit, language: Language) {
    let text = prose.plain();
    assert!(limit.holds(&text, language), "{what} is too long: {text}");
}

/// Punctuation and words of a language.
fn assert_words(what: &str, text: &str, language: Language) {
    for word in ["导致", "拉动", "促进", " causes ", " drives ", "thanks to", "NaN", "inf "] {
        assert!(!text.contains(word), "{word} in {what}: {text}");
    }
    for odd in ["  ", " ,", " .", " ;", "。。", "，，", "，。", "；。"] {
        assert!(!text.contains(odd), "{odd:?} in {what}: {text}");
    }
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let all: Vec<char> = text.chars().collect();
    for three in all.windows(3) {
        let half = matches!(three[1], ',' | ';' | ':' | '(' | ')' | '.');
        assert!(!(half && han(three[0]) && han(three[2])), "half-width in {what}: {text}");
    }
    if language == Language::English {
        let stop = |c: &char| "，。；：".contains(*c);
        assert!(!text.chars().any(|c| stop(&c)), "full-width in {what}: {text}");
    }
}

/// Holds a number to the line that it names.
fn assert_cited(recorded: &Recorded, cited: &Cited) {
    let file = recorded.file(&cited.at.file);
    let file = file.unwrap_or_else(|| panic!("there is no {}", cited.at.file));
    let line = file.text.lines().nth(cited.at.line as usize - 1);
    let value = line.and_then(|line| line.rsplit(',').next()).map(str::parse::<f64>);
    assert_eq!(value, Some(Ok(cited.value)), "{} is not {line:?}", cited.at);
}

/// Figures draw themselves with their texts apart, and the numbers in them are those of their lines.
fn assert_figures(recorded: &Recorded, brief: &Brief) {
    for block in &brief.blocks {
        assert!(!block.views.is_empty(), "{} has no view", block.id);
        for view in &block.views {
            assert!(recorded.file(&view.file).is_some(), "{} is not there", view.file);
            let alt = view.figure.alt(&brief.style);
            for width in Width::BOTH {
                let drawing = view.figure.draw(&brief.style, width);
                assert_apart(&drawing);
                for element in drawing.svg("f", "sans-serif", &alt).split('<') {
                    let attribute =
                        |name: &str| element.split_once(&format!("{name}=\""))?.1.split('"').next();
                    let Some(place) = attribute("data-src") else { continue };
                    let (file, line) = place.rsplit_once(':').unwrap();
                    let value = attribute("data-value").unwrap().parse().unwrap();
                    assert_cited(recorded, &Cited::new(value, file, line.parse().unwrap()));
                }
            }
        }
    }
}

/// Numbers of a text that are not those of a file: digits with a decimal point or a percent sign.
pub(super) fn uncited(prose: &Prose) -> Vec<String> {
    let mut found = Vec::new();
    let mut look = |text: &str| {
        let chars: Vec<char> = text.chars().collect();
        for at in 1..chars.len() {
            let digit = chars[at - 1].is_ascii_digit();
            let decimal = chars[at] == '.' && chars.get(at + 1).is_some_and(char::is_ascii_digit);
            if digit && (decimal || chars[at] == '%') {
                found.push(text.to_owned());
            }
        }
    };
    for inline in &prose.0 {
        match inline {
            Inline::Text(text) => look(text),
            Inline::Strong(inner) => inner.iter().for_each(|inline| {
                if let Inline::Text(text) = inline {
                    look(text);
                }
            }),
            _ => {}
        }
    }
    found
}
