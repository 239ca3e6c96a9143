//! The sources of a brief: tables, files with their hashes, the command, and how its switches were set.

use std::path::Path;

use serde_json::Value;

use super::book::Book;
use super::content::SourceLine;
use crate::numerals::Measure;
use crate::recorded::{RecordedInput, RecordedTable, Summary};

/// Characters of a file's hash that are printed: enough to tell apart the files of a run.
const HASH: usize = 12;

/// Tables with year and unit, files with hashes, the command, version, seed, switches.
pub(super) fn sources(book: &Book<'_>) -> Vec<SourceLine> {
    let summary = &book.recorded.summary;
    let word = |key: &str| book.speaker.template().word(key, book.language());
    let mut lines = Vec::new();
    let mut add = |key: &str, text: String| {
        lines.push(SourceLine { name: word(key), text, hash: String::new() });
    };
    for text in tables(book, &summary.tables) {
        add("source_table", text);
    }
    for (key, table) in compared(summary) {
        let entry = book.word_of(&["tables"], table);
        add(key, entry.full());
    }
    let between = book.language().pick("；", "; ");
    add("source_file", files(&summary.inputs).join(between));
    add("source_command", summary.again());
    add("source_version", format!("irio {}", summary.irio_version));
    if let Some(seed) = summary.seed {
        add("source_seed", seed.to_string());
    }
    let switches: Vec<String> =
        summary.switches.iter().filter_map(|(name, value)| switch(book, name, value)).collect();
    if !switches.is_empty() {
        add("source_switch", switches.join(between));
    }
    lines
}

/// Tables that a build is held against or takes from, which are none of the results' own.
fn compared(summary: &Summary) -> impl Iterator<Item = (&'static str, &str)> {
    let known = summary.headline["comparison"]["with"].as_str();
    let earlier =
        summary.switches.get("exponents").and_then(|from| from["estimated_from"].as_str());
    [("source_known", known), ("source_earlier", earlier)]
        .into_iter()
        .filter_map(|(key, table)| Some((key, table?)))
}

/// Tables, those of one source and unit together: `sic-2002, sic-2007 (2002, 2007; 10⁴ yuan): where they come from`.
fn tables(book: &Book<'_>, tables: &[RecordedTable]) -> Vec<String> {
    let language = book.language();
    let mut groups: Vec<Vec<&RecordedTable>> = Vec::new();
    for table in tables {
        let alike = |group: &&mut Vec<&RecordedTable>| {
            group[0].unit == table.unit && group[0].source == table.source
        };
        match groups.iter_mut().find(alike) {
            Some(group) => group.push(table),
            None => groups.push(vec![table]),
        }
    }
    let told = |group: &Vec<&RecordedTable>| {
        let and = language.pick("、", ", ");
        let names: Vec<&str> = group.iter().map(|table| table.name.as_str()).collect();
        let mut years: Vec<String> = group.iter().map(|table| table.year.to_string()).collect();
        years.dedup();
        let (names, years) = (names.join(and), years.join(and));
        let unit = unit(book, &group[0].unit);
        let source = &group[0].source;
        let source = named(book, "origins", source).unwrap_or_else(|| source.replace("CO2", "CO₂"));
        language.pick(
            format!("{names}（{years} 年，{unit}）：{source}"),
            format!("{names} ({years}; {unit}): {source}"),
        )
    };
    groups.iter().map(told).collect()
}

/// Files with the beginnings of their hashes, each once; with its folder where two have the same name.
fn files(inputs: &[RecordedInput]) -> Vec<String> {
    let mut once: Vec<&RecordedInput> = Vec::new();
    for input in inputs {
        let same = |other: &&RecordedInput| {
            last(&other.path) == last(&input.path) && other.sha256 == input.sha256
        };
        if !once.iter().any(same) {
            once.push(input);
        }
    }
    let told = |input: &&RecordedInput| {
        let name = last(&input.path);
        let shared = once.iter().filter(|other| last(&other.path) == name).count() > 1;
        let folder = input.path.parent().map(last).filter(|folder| shared && !folder.is_empty());
        let folder = folder.map_or(String::new(), |folder| format!("{folder}/"));
        let hash: String = input.sha256.chars().take(HASH).collect();
        format!("{folder}{name} {hash}")
    };
    once.iter().map(told).collect()
}

/// The last part of a path.
fn last(path: &Path) -> String {
    path.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned())
}

/// A switch in words; nothing for one that has parts or is too long to be read here: it is in the folder.
fn switch(book: &Book<'_>, name: &str, value: &Value) -> Option<String> {
    const LONGEST: usize = 60;
    let text = match value {
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
        Value::String(text) => text.clone(),
        value => value.to_string(),
    };
    if text.chars().count() > LONGEST {
        return None;
    }
    let own = named(book, "choices", &format!("{name}={text}"));
    let text = match own.or_else(|| named(book, "choices", &text)) {
        Some(word) => word,
        None if name.ends_with("unit") => unit(book, &text),
        // Where a table was written tells nothing to others.
        None if Path::new(&text).is_absolute() => return None,
        None => text,
    };
    let name = named(book, "settings", name).unwrap_or_else(|| name.to_owned());
    let is = book.language().pick("：", ": ");
    Some(format!("{name}{is}{text}"))
}

/// What the template calls something, if it has a word for it.
fn named(book: &Book<'_>, kind: &str, code: &str) -> Option<String> {
    let entry = book.speaker.template().name(kind, code)?;
    let word = book.language().pick(&entry.zh, &entry.en);
    (!word.is_empty()).then(|| word.clone())
}

/// The name of a unit as it stands: `10^4 yuan` is 万元, `km^2` is km².
fn unit(book: &Book<'_>, unit: &str) -> String {
    match Measure::in_unit(unit, unit, 1.0, book.language(), false) {
        Some(measure) => measure.unit().to_owned(),
        None => unit.replace("^2", "²").replace("^3", "³"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(path: &str, hash: &str) -> RecordedInput {
        serde_json::from_value(serde_json::json!({ "path": path, "sha256": hash })).unwrap()
    }

    #[test]
    fn files_stand_once_and_with_their_folder_where_names_are_the_same() {
        let inputs = [
            input("a/flows.csv", "0123456789ab"),
            input("b/flows.csv", "0123456789ab"),
            input("one/summary.json", "aaaaaaaaaaaa"),
            input("two/summary.json", "bbbbbbbbbbbb"),
        ];
        assert_eq!(
            files(&inputs),
            [
                "flows.csv 0123456789ab",
                "one/summary.json aaaaaaaaaaaa",
                "two/summary.json bbbbbbbbbbbb"
            ]
        );
    }
}
