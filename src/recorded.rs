//! A results folder as it was recorded: what `summary.json` says, and the files it names.
//!
//! ```text
//! summary.json = { ..., "seal": sha256 of everything before the seal }
//! ```
//!
//! The seal and the hashes of the files tell whether somebody has changed a folder since irio wrote it.
//! Codes of caveats are texts here: a reader may not drop one that it does not know.

pub mod grid;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use self::grid::RecordedGrid;
use crate::fault::Gap;
use crate::labels::Label;
use crate::tidy::{Tidy, TidyError};

/// Version of the results' layout: columns, words and `summary.json`.
pub const SCHEMA_VERSION: u32 = 3;

/// The file that makes a folder one of results.
pub const SUMMARY: &str = "summary.json";

/// What stands between the last key and the seal.
const BEFORE_SEAL: &str = ",\n  \"seal\": \"";

/// What stands after the seal.
const AFTER_SEAL: &str = "\"\n}\n";

/// SHA-256 of bytes, in hexadecimal.
///
/// # Examples
/// ```
/// use irio::recorded::sha256;
/// assert!(sha256(b"abc").starts_with("ba7816bf8f01cfea"));
/// ```
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A JSON object, written over several lines, with its seal as the last key.
///
/// # Examples
/// ```
/// use irio::recorded::{sealed, sha256, unsealed};
/// let text = sealed("{\n  \"a\": 1\n}");
/// assert_eq!(unsealed(&text), Some(("{\n  \"a\": 1", sha256(b"{\n  \"a\": 1").as_str())));
/// ```
pub fn sealed(object: &str) -> String {
    let body = object.trim_end().trim_end_matches('}').trim_end();
    format!("{body}{BEFORE_SEAL}{}{AFTER_SEAL}", sha256(body.as_bytes()))
}

/// What is under a seal, and the seal; none if the text does not end with one.
pub fn unsealed(text: &str) -> Option<(&str, &str)> {
    let (body, seal) = text.rsplit_once(BEFORE_SEAL)?;
    Some((body, seal.strip_suffix(AFTER_SEAL)?))
}

/// What a code of the results stands for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedCode {
    /// What files refer to.
    pub code: String,
    /// English name; may be empty.
    #[serde(default)]
    pub en: String,
    /// Chinese name; may be empty.
    #[serde(default)]
    pub zh: String,
    /// Unit of a quantity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Codes of what a group or class is made of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<String>,
}

impl NamedCode {
    /// A code with the names of its label.
    pub fn of(label: &Label) -> Self {
        NamedCode {
            code: label.code.clone(),
            en: label.en.clone(),
            zh: label.zh.clone(),
            ..NamedCode::default()
        }
    }

    /// A code that is its own name.
    pub fn code(code: impl Into<String>) -> Self {
        NamedCode { code: code.into(), ..NamedCode::default() }
    }

    /// The same in a unit.
    pub fn in_unit(self, unit: impl ToString) -> Self {
        NamedCode { unit: Some(unit.to_string()), ..self }
    }

    /// The same as a set of others.
    pub fn made_of<'a>(self, members: impl IntoIterator<Item = &'a str>) -> Self {
        NamedCode { members: members.into_iter().map(str::to_owned).collect(), ..self }
    }
}

/// A file that went in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RecordedInput {
    /// Path as it was given to the command.
    pub path: PathBuf,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// A table that the results are about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordedTable {
    /// Its short name.
    pub name: String,
    /// Its year.
    pub year: i32,
    /// Its unit of money.
    pub unit: String,
    /// Its price base.
    pub prices: Value,
    /// Where it comes from.
    pub source: String,
    /// How its imports are known.
    pub imports: String,
    /// Gap of a row or column, as a share of output, above which it is worth a warning.
    pub tolerance: f64,
    /// Its regions in order.
    pub regions: Vec<NamedCode>,
    /// Its sectors in order.
    pub sectors: Vec<NamedCode>,
    /// What its rows and columns miss their output by.
    pub discrepancy: Value,
}

/// A caveat, whatever its code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedNote {
    /// The stable code, which may be one that this irio does not know.
    pub code: String,
    /// The caveat in words, with its numbers.
    pub message: String,
    /// What counts as zero for want of data, if that is what it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<Gap>,
}

/// What `summary.json` says of a file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FileEntry {
    /// Its name in the folder.
    pub name: String,
    /// What it holds.
    pub what: String,
    /// Header of a file in long form.
    pub columns: Option<Vec<String>>,
    /// Lines of a file in long form, without its header.
    pub rows: Option<u64>,
    /// Rows and columns of a matrix, without labels.
    pub shape: Option<[u64; 2]>,
    /// Codes of the caveats that concern it.
    pub caveats: Vec<String>,
    /// SHA-256 of its bytes; none for a matrix that was written piece by piece.
    pub sha256: Option<String>,
    /// How many bytes it has; none for a matrix that was written piece by piece.
    pub bytes: Option<u64>,
}

/// `summary.json`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Summary {
    /// Version of the layout.
    pub schema_version: u32,
    /// Version of the irio that wrote it.
    pub irio_version: String,
    /// The subcommand.
    pub command: String,
    /// The command as it was given, without what leaves results as they are.
    pub command_line: Option<String>,
    /// What was asked, in a line.
    pub title: String,
    /// Every switch with the value used.
    pub switches: Map<String, Value>,
    /// Seed of random draws.
    pub seed: Option<u64>,
    /// Files that went in.
    pub inputs: Vec<RecordedInput>,
    /// The tables.
    pub tables: Vec<RecordedTable>,
    /// What codes stand for, by kind: `regions`, `sectors`, `quantities`, `groups` ...
    pub labels: BTreeMap<String, Vec<NamedCode>>,
    /// Caveats.
    pub notes: Vec<RecordedNote>,
    /// Checks made at run time, by name.
    pub residuals: Map<String, Value>,
    /// Headline numbers; those that are printed stand in the files.
    pub headline: Value,
    /// The grid of scenarios of a run, where one was asked for.
    #[serde(default)]
    pub grid: Option<RecordedGrid>,
    /// The files.
    pub files: Vec<FileEntry>,
}

impl Summary {
    /// What a code of a kind stands for.
    pub fn named(&self, kind: &str, code: &str) -> Option<&NamedCode> {
        self.labels.get(kind)?.iter().find(|one| one.code == code)
    }

    /// The command to give again, as far as it is known.
    pub fn again(&self) -> String {
        self.command_line.clone().unwrap_or_else(|| format!("irio {} ...", self.command))
    }
}

/// A file of the folder as it was read.
#[derive(Debug, Clone)]
pub struct RecordedFile {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub what: String,
    /// SHA-256 of its bytes; none for a matrix that was written piece by piece.
    pub sha256: Option<String>,
    /// Codes of the caveats that concern it.
    pub caveats: Vec<String>,
    /// Its lines, if it is in long form.
    pub tidy: Option<Tidy>,
    /// Its text; empty for a matrix that was written piece by piece, which is not read.
    pub text: String,
    /// Line of the text that each row begins in; empty where row `k` is line `k + 2`.
    lines: Vec<u64>,
}

impl RecordedFile {
    /// A file of an entry and its text.
    ///
    /// # Errors
    /// If the entry has columns and the text is not in long form.
    pub fn of(entry: &FileEntry, text: String) -> Result<Self, TidyError> {
        let (mut tidy, mut lines) = (None, Vec::new());
        if entry.columns.is_some() {
            let (found, at) = Tidy::from_csv_with_lines(&text)?;
            tidy = Some(found);
            if at.iter().zip(2..).any(|(line, plain)| *line != plain) {
                lines = at;
            }
        }
        Ok(RecordedFile {
            name: entry.name.clone(),
            what: entry.what.clone(),
            sha256: entry.sha256.clone(),
            caveats: entry.caveats.clone(),
            tidy,
            text,
            lines,
        })
    }

    /// Line of the text, counted from 1, that a row of its lines begins in; the header is line 1.
    pub fn line(&self, row: usize) -> u64 {
        self.lines.get(row).copied().unwrap_or(row as u64 + 2)
    }
}

/// A results folder that is as irio wrote it.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The folder.
    pub folder: PathBuf,
    /// Its `summary.json`.
    pub summary: Summary,
    /// Its files, in the order of the summary.
    pub files: Vec<RecordedFile>,
}

impl Recorded {
    /// The file of a name.
    pub fn file(&self, name: &str) -> Option<&RecordedFile> {
        self.files.iter().find(|file| file.name == name)
    }

    /// Lines of the file of a name, if it is there and in long form.
    pub fn tidy(&self, name: &str) -> Option<&Tidy> {
        self.file(name)?.tidy.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(columns: Option<Vec<String>>) -> FileEntry {
        FileEntry {
            name: "a.csv".to_owned(),
            what: String::new(),
            columns,
            rows: None,
            shape: None,
            caveats: Vec::new(),
            sha256: None,
            bytes: None,
        }
    }

    #[test]
    fn a_seal_is_of_all_that_stands_before_it() {
        let text = sealed("{\n  \"a\": {\n    \"b\": 1\n  }\n}\n");
        serde_json::from_str::<Value>(&text).unwrap();
        let (body, seal) = unsealed(&text).unwrap();
        assert_eq!(body, "{\n  \"a\": {\n    \"b\": 1\n  }");
        assert_eq!(sha256(body.as_bytes()), seal);
        assert_eq!(unsealed(text.trim_end()), None, "half of it");
    }

    #[test]
    fn a_row_knows_its_line_where_texts_have_more_than_one() {
        let columns = Some(vec!["quantity".to_owned(), "value".to_owned()]);
        let file = RecordedFile::of(
            &entry(columns.clone()),
            "quantity,value\n\"a\nb\",1\nc,2\n".to_owned(),
        );
        let file = file.unwrap();
        assert_eq!([file.line(0), file.line(1)], [2, 4]);
        let plain = RecordedFile::of(&entry(columns), "quantity,value\na,1\nc,2\n".to_owned());
        assert_eq!(plain.unwrap().line(1), 3);
        let text = RecordedFile::of(&entry(None), "no numbers".to_owned()).unwrap();
        assert!(text.tidy.is_none());
    }
}
