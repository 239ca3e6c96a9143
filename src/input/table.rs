//! Tables from files: irio's own folder, or a table's file (`table.toml`) that says where and in
//! which layout the numbers are.

use std::path::{Path, PathBuf};

use super::document::{Document, Located, Section, parsed};
use super::title::year_in;
use super::{TextFile, extension, folder, sic};
use crate::fault::{Fault, Faults, Location, Note, NoteCode};
use crate::table::purchases::Purchases;
use crate::table::{Meta, RawTable, Table};
use crate::units::{PriceBase, Unit};

/// Version of the folder layout that this program writes and reads.
pub const LAYOUT_VERSION: i64 = 1;

/// Finds the files that a table's file names: beside it, else in a data folder.
#[derive(Debug, Clone)]
pub struct Finder {
    beside: PathBuf,
    data: Option<PathBuf>,
}

impl Finder {
    /// Looks beside `file` first, then in `data`.
    pub fn new(file: &Path, data: Option<&Path>) -> Self {
        let beside = file.parent().map(Path::to_path_buf).unwrap_or_default();
        Finder { beside, data: data.map(Path::to_path_buf) }
    }

    /// The further folder to look in.
    pub fn data(&self) -> Option<&Path> {
        self.data.as_deref()
    }

    /// The path that a text of the table's file means.
    ///
    /// # Errors
    /// If no such file is beside the table's file or in the data folder.
    pub fn find(&self, text: &Located<String>) -> Result<PathBuf, Fault> {
        let first = self.beside.join(&text.value);
        if first.exists() {
            return Ok(first);
        }
        let second = self.data.as_ref().map(|data| data.join(&text.value));
        if let Some(path) = second.as_ref().filter(|path| path.exists()) {
            return Ok(path.clone());
        }
        let help = match second {
            Some(second) => format!("looked for {:?} and {second:?}", first),
            None => format!("looked for {first:?}; --data DIR names another folder to look in"),
        };
        Err(Fault::new(text.at.clone(), "there is no such file").help(help))
    }

    /// Path of a file of irio's own folder.
    pub fn own(&self, name: &str) -> PathBuf {
        self.beside.join(name)
    }
}

/// How a table's numbers are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    Own,
    Sic,
}

const LAYOUTS: &[(&str, Layout)] = &[("irio", Layout::Own), ("sic", Layout::Sic)];

/// Reads a table: a folder with `table.toml`, a table's file, or a bare file in the SIC layout.
///
/// `data` is a further folder in which files named by the table's file are looked for.
///
/// # Errors
/// Everything wrong with it, each with its place.
///
/// # Examples
/// ```
/// use std::path::Path;
/// let table = irio::input::table::read(Path::new("tables/china-2007"), None).unwrap();
/// assert_eq!(table.meta().year, 2007);
/// assert!(table.industries().regions.position("京津").is_ok());
/// ```
pub fn read(path: &Path, data: Option<&Path>) -> Result<Table, Faults> {
    if path.is_dir() {
        let file = path.join("table.toml");
        if !file.is_file() {
            let fault = Fault::new(
                Location::whole(path),
                "this folder is not a table: it has no table.toml",
            );
            return Err(fault.help("`irio init table` writes one to fill in").into());
        }
        return read_described(&file, data);
    }
    if path.extension().is_some_and(|extension| extension == "toml") {
        return read_described(path, data);
    }
    read_bare(path)
}

fn read_described(path: &Path, data: Option<&Path>) -> Result<Table, Faults> {
    let file = TextFile::read(path)?;
    let document = Document::new(&file);
    let root = document.root()?;
    if root.has("irio_scenario") {
        let fault = Fault::new(Location::whole(path), "is a scenario, not a table");
        return Err(fault
            .help("run it with `irio run`; its line table = \"...\" names the table")
            .into());
    }
    let finder = Finder::new(path, data);
    let raw = raw_table(&root, &finder, &file);
    root.finish();
    let faults = document.take_faults();
    let Some(raw) = raw.filter(|_| faults.is_empty()) else {
        return Err(if faults.is_empty() {
            Fault::new(Location::whole(path), "the table could not be read").into()
        } else {
            faults
        });
    };
    checked(raw, path)
}

fn raw_table(root: &Section<'_>, finder: &Finder, file: &TextFile) -> Option<RawTable> {
    let document = root.document();
    if let Some(version) = root.integer("irio_table")
        && version.value != LAYOUT_VERSION
    {
        let text = format!(
            "this table is in layout version {}, this irio reads {LAYOUT_VERSION}",
            version.value
        );
        document.push(Fault::new(version.at, text));
    }
    let layout = root.word("layout", LAYOUTS).map_or(Layout::Own, |word| word.value);
    let meta = meta(root, file);
    // Without a description the numbers are still read, so that all faults are told together.
    let described = meta.is_some();
    let meta = meta.unwrap_or_else(|| Meta::new("", 0, Unit::none()));
    let mut raw = match layout {
        Layout::Own => folder::read(root, finder, meta),
        Layout::Sic => {
            let text = root.required_text("file");
            let source = text
                .and_then(|text| document.keep(finder.find(&text)))
                .and_then(|path| document.keep(TextFile::read(&path)));
            source.and_then(|source| document.absorb(sic::read(&source, meta)))
        }
    };
    let sections = root.sections("extension");
    if let Some(raw) = &mut raw {
        let purchases = Purchases::of(raw);
        for section in sections {
            if let Some(read) = extension::read(&section, finder, &raw.industries, &purchases) {
                raw.extensions.push(read.extension);
                raw.meta.inputs.extend(read.inputs);
                let name = &raw.meta.name;
                let named = |note: Note| Note::new(note.code, format!("{name}: {}", note.message));
                raw.meta.notes.extend(read.notes.into_iter().map(named));
            }
        }
    }
    raw.filter(|_| described)
}

fn meta(root: &Section<'_>, file: &TextFile) -> Option<Meta> {
    let document = root.document();
    let name = root.required_text("name");
    root.require("year");
    let year = root.year("year");
    let unit: Option<Unit> =
        root.required_text("unit").and_then(|text| document.keep(parsed(&text)));
    let prices = if !root.has("prices") {
        Some(PriceBase::Current)
    } else if root.is_text("prices") {
        match root.text("prices") {
            Some(text) if text.value != "current" => {
                let fault = Fault::new(text.at, format!("prices is {:?}", text.value));
                document.push(
                    fault.help("write \"current\", or the year of constant prices without quotes"),
                );
                None
            }
            text => text.map(|_| PriceBase::Current),
        }
    } else {
        root.year("prices").map(|year| PriceBase::Constant(year.value))
    };
    let tolerance = root.number("tolerance");
    if let Some(Located { value, at }) = &tolerance
        && *value < 0.0
    {
        document
            .push(Fault::new(at.clone(), format!("tolerance is {value}; it may not be negative")));
    }
    let estimated_trade = root.flag("estimated_trade").unwrap_or(false);
    let source = root.text("source").map(|text| text.value).unwrap_or_default();
    let notes = root.any_texts("notes").unwrap_or_default();
    let mut meta = Meta::new(name?.value, year?.value, unit?);
    meta.prices = prices?;
    meta.tolerance = tolerance.map_or(meta.tolerance, |tolerance| tolerance.value);
    meta.estimated_trade = estimated_trade;
    meta.source = source;
    meta.notes.extend(notes.into_iter().map(|note| {
        let text = format!("{}: {}", meta.name, note.value);
        Note::new(NoteCode::SourceRule, text)
    }));
    meta.inputs.push(file.record());
    Some(meta)
}

/// A bare file in the SIC layout: its unit and prices are those of the publication, its year the
/// one in the file's name.
fn read_bare(path: &Path) -> Result<Table, Faults> {
    let file = TextFile::read(path)?;
    if !path
        .extension()
        .is_some_and(|extension| ["csv", "gz", "txt"].iter().any(|known| extension == *known))
    {
        let fault = Fault::new(
            Location::whole(path),
            "is not a table: a table is a folder, a .toml file or a CSV",
        );
        return Err(fault.help("`irio init table` writes a folder to fill in").into());
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let Some(year) = year_in(&name) else {
        let fault = Fault::new(Location::whole(path), "no year is known for this table");
        return Err(fault
            .help("put the year into the file's name, or write a table's file: `irio init table --layout sic`")
            .into());
    };
    let unit: Unit = "10^4 yuan"
        .parse()
        .map_err(|error| Fault::new(Location::whole(path), format!("{error}")))?;
    let stem = name.split('.').next().unwrap_or("table").to_owned();
    let raw = sic::read(&file, Meta::new(stem, year, unit))?;
    checked(raw, path)
}

fn checked(raw: RawTable, path: &Path) -> Result<Table, Faults> {
    raw.check().map_err(|errors| {
        let mut faults = Faults::default();
        for error in errors.0 {
            faults.push(Fault::new(Location::whole(path), error.to_string()));
        }
        faults
    })
}
