//! Tables from files: irio's own folder, or a table's file (`table.toml`) that says where and in
//! which layout the numbers are.

use std::path::{Path, PathBuf};

use super::document::{Document, Located, Section, parsed};
use super::kind::Kind;
use super::sheet::Sheet;
use super::title::year_in;
use super::workbook::{Reference, Workbook, is_workbook};
use super::{
    TextFile, cache, ceads, ceads_emissions, extension, folder, provincial, pymrio, sic, witness,
};
use crate::fault::{Fault, Faults, Location, Note, NoteCode};
use crate::table::attribution::Purchases;
use crate::table::{Lineage, Meta, RawTable, Table};
use crate::text::exact;
use crate::units::{PriceBase, Unit};

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
        // Of a workbook's sheet, FILE.xlsx#SHEET, the file is looked for.
        let exists = |path: &PathBuf| witness::exists(&Reference::of(path).file);
        let first = self.beside.join(&text.value);
        if exists(&first) {
            return Ok(first);
        }
        let second = self.data.as_ref().map(|data| data.join(&text.value));
        if let Some(path) = second.as_ref().filter(|path| exists(path)) {
            return Ok(path.clone());
        }
        let help = match second {
            Some(_) if self.data.as_deref().is_some_and(|data| same(&self.beside, data)) => {
                format!("looked for {first:?}; --data names the same folder")
            }
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

/// Whether two paths are one folder.
fn same(a: &Path, b: &Path) -> bool {
    let place = |path: &Path| {
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        path.canonicalize().ok()
    };
    place(a).is_some_and(|a| place(b) == Some(a))
}

/// How a table's numbers are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    Own,
    Sic,
    CeadsMrio,
    Pymrio,
}

const LAYOUTS: &[(&str, Layout)] = &[
    ("irio", Layout::Own),
    ("sic", Layout::Sic),
    ("ceads_mrio", Layout::CeadsMrio),
    ("pymrio", Layout::Pymrio),
];

/// Reads a table: a folder with `table.toml`, a table's file, a bare CSV in the SIC layout, or a
/// workbook in the layout of SIC or of the inter-provincial tables of CEADs, with its sheet behind a `#`
/// where it has several (`FILE.xls#2007-17`).
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
    cache::read(path, data, read_fresh)
}

/// Reads a table from its own files.
fn read_fresh(path: &Path, data: Option<&Path>) -> Result<Table, Faults> {
    if path.is_dir() {
        let file = path.join("table.toml");
        if !file.is_file() && pymrio::is_here(path) {
            return checked(pymrio::read(path)?, path);
        }
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
    if pymrio::is_here(path) {
        return checked(pymrio::read(path)?, path);
    }
    read_bare(path)
}

fn read_described(path: &Path, data: Option<&Path>) -> Result<Table, Faults> {
    let file = TextFile::read(path)?;
    let document = Document::new(&file);
    let root = document.root()?;
    Kind::Table.expect_if_said(&root)?;
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
    let layout = root.word("layout", LAYOUTS).map_or(Layout::Own, |word| word.value);
    let meta = match layout {
        // Such a system may say itself what it is about.
        Layout::Pymrio => Some(Meta::new("", 0, Unit::none())),
        _ => meta(root, file),
    };
    // Without a description the numbers are still read, so that all faults are told together.
    let described = meta.is_some();
    let meta = meta.unwrap_or_else(|| Meta::new("", 0, Unit::none()));
    let mut raw = match layout {
        Layout::Own => folder::read(root, finder, meta),
        Layout::Pymrio => pymrio::described(root, finder, file),
        Layout::Sic | Layout::CeadsMrio => {
            let file = root.required_text("file");
            let sheet = root.text("sheet");
            let path = file.and_then(|text| document.keep(finder.find(&text)));
            let sheet = sheet.map(|sheet| sheet.value);
            path.and_then(|path| document.absorb(one_file(&path, sheet, layout, meta)))
        }
    };
    let sections = root.sections("extension");
    // Purchases by product are as large as all imports: added up only if an account asks for them.
    if let Some(raw) = raw.as_mut().filter(|_| !sections.is_empty()) {
        let purchases = Purchases::of(raw);
        for section in sections {
            if let Some(read) = extension::read(&section, finder, &raw.industries, &purchases) {
                raw.extensions.push(read.extension);
                raw.meta.inputs.extend(read.inputs);
                let name = &raw.meta.name;
                raw.meta.notes.extend(read.notes.into_iter().map(|note| note.named(name)));
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
    let described = name.is_some() && year.is_some() && unit.is_some();
    let meta = Meta::new(
        name.map_or_else(String::new, |name| name.value),
        year.map_or(0, |year| year.value),
        unit.unwrap_or_else(Unit::none),
    );
    // What else is wrong is told too.
    manners(root, file, meta).filter(|_| described)
}

/// What a table's file may say besides name, year and unit; what it does not say stays as it is.
pub(super) fn manners(root: &Section<'_>, file: &TextFile, mut meta: Meta) -> Option<Meta> {
    let document = root.document();
    let prices = if !root.has("prices") {
        Some(meta.prices.clone())
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
        document.push(Fault::new(
            at.clone(),
            format!("tolerance is {}; it may not be negative", exact(*value)),
        ));
    }
    let estimated_trade = root.flag("estimated_trade").unwrap_or(meta.estimated_trade);
    let source = root.text("source").map_or_else(|| meta.source.clone(), |text| text.value);
    let notes = root.any_texts("notes").unwrap_or_default();
    meta.prices = prices?;
    meta.tolerance = tolerance.map_or(meta.tolerance, |tolerance| tolerance.value);
    meta.estimated_trade = estimated_trade;
    meta.source = source;
    if let Some(section) = root.section("lineage") {
        meta.lineage = lineage(&section);
    }
    meta.notes.extend(notes.into_iter().map(|note| {
        let text = format!("{}: {}", meta.name, note.value);
        Note::new(NoteCode::SourceRule, text)
    }));
    let gaps = root.sections("gaps").into_iter().filter_map(|section| gap(&section));
    let gaps: Vec<Note> = gaps.map(|note| note.named(&meta.name)).collect();
    meta.notes.extend(gaps);
    meta.inputs.insert(0, file.record());
    Some(meta)
}

/// What a source of the table had no data for.
fn gap(section: &Section<'_>) -> Option<Note> {
    let (quantity, file) = (section.required_text("quantity"), section.required_text("file"));
    section.require("regions");
    let regions = section.texts("regions");
    section.finish();
    let regions = regions?.into_iter().map(|region| region.value).collect();
    Some(Note::without_data(&quantity?.value, &file?.value, regions))
}

/// What another program noted of the table.
fn lineage(section: &Section<'_>) -> Lineage {
    let text = |key: &'static str| section.text(key).map(|text| text.value);
    let (system, version) = (text("system"), text("version"));
    let history = section.any_texts("history").unwrap_or_default();
    Lineage { system, version, history: history.into_iter().map(|line| line.value).collect() }
}

/// The table of a file of another layout; the sheet may be named beside the file or behind a `#`.
fn one_file(
    path: &Path,
    sheet: Option<String>,
    layout: Layout,
    mut meta: Meta,
) -> Result<RawTable, Faults> {
    let reference = Reference::of(path);
    let sheet = sheet.or(reference.sheet);
    if layout == Layout::CeadsMrio {
        return ceads::read(&mut Workbook::open(&reference.file)?, sheet.as_deref(), meta);
    }
    if !is_workbook(&reference.file) {
        let file = TextFile::read(&reference.file)?;
        meta.inputs.push(file.record());
        return sic::read(&Sheet::of(&file)?, meta);
    }
    let mut book = Workbook::open(&reference.file)?;
    meta.inputs.push(book.record());
    let sheet = match sheet {
        Some(name) => book.sheet(&name)?,
        None => one_that_fits(&mut book, sic::fits)?,
    };
    sic::read(&sheet, meta)
}

/// The only visible sheet that looks like a table; the fault lists them if there are several.
fn one_that_fits(book: &mut Workbook, fits: fn(&Sheet) -> bool) -> Result<Sheet, Fault> {
    let mut found = Vec::new();
    for name in book.visible() {
        let sheet = book.sheet(&name)?;
        if fits(&sheet) {
            found.push(sheet);
        }
    }
    if found.len() == 1
        && let Some(sheet) = found.pop()
    {
        return Ok(sheet);
    }
    let names: Vec<String> =
        found.iter().map(|sheet| sheet.name().unwrap_or("").to_owned()).collect();
    if names.is_empty() {
        let visible = book.visible();
        return Err(match (book.hidden_help(), visible.first().cloned()) {
            _ if ceads_emissions::is_inventory(book) => inventory(Location::whole(book.path())),
            (Some(help), _) => {
                let text = "no sheet that can be seen is an inter-regional table";
                Fault::new(Location::whole(book.path()), text).help(help)
            }
            (None, Some(first)) => no_layout(&book.sheet(&first)?),
            (None, None) => book.choose(&visible),
        });
    }
    Err(book.choose(&names))
}

/// A bare file in the SIC layout, or a workbook: unit and prices are those of the publication, the
/// year is in the name of the file or of the sheet.
fn read_bare(path: &Path) -> Result<Table, Faults> {
    let reference = Reference::of(path);
    if is_workbook(&reference.file) {
        return read_workbook(path, &reference);
    }
    let file = TextFile::read(path)?;
    if !path
        .extension()
        .is_some_and(|extension| ["csv", "gz", "txt"].iter().any(|known| extension == *known))
    {
        let fault = Fault::new(
            Location::whole(path),
            "is not a table: a table is a folder, a .toml file, a CSV or a workbook",
        );
        return Err(fault.help("`irio init table` writes a folder to fill in").into());
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut meta = bare_meta(path, year_in(&name))?;
    meta.inputs.push(file.record());
    checked(sic::read(&Sheet::of(&file)?, meta)?, path)
}

/// A workbook in a layout that can be told by its codes.
fn read_workbook(path: &Path, reference: &Reference) -> Result<Table, Faults> {
    let mut book = Workbook::open(&reference.file)?;
    let fits = |sheet: &Sheet| sic::fits(sheet) || ceads::fits(sheet);
    let sheet = match &reference.sheet {
        Some(name) => book.sheet(name)?,
        None => unnamed(&mut book)?,
    };
    if !fits(&sheet) {
        return Err(no_layout(&sheet).into());
    }
    let is_ceads = ceads::fits(&sheet);
    let named = sheet.name().and_then(year_in);
    let stem = reference.file.file_name().map(|name| name.to_string_lossy().into_owned());
    let year =
        if is_ceads { ceads::year(&sheet) } else { named.or(year_in(&stem.unwrap_or_default())) };
    let mut meta = bare_meta(&reference.file, year)?;
    if is_ceads {
        meta.unit = ceads::unit(&sheet)?;
        meta.estimated_trade = true;
    }
    meta.inputs.push(book.record());
    let raw = if is_ceads {
        ceads::read_sheet(&mut book, &sheet, meta)?
    } else {
        sic::read(&sheet, meta)?
    };
    checked(raw, path)
}

/// The sheet that is meant where none is named.
fn unnamed(book: &mut Workbook) -> Result<Sheet, Faults> {
    if book.visible().iter().any(|name| name.to_lowercase().starts_with("table")) {
        return ceads::only_table(book);
    }
    Ok(one_that_fits(book, |sheet| sic::fits(sheet) || ceads::fits(sheet))?)
}

fn inventory(at: Location) -> Fault {
    Fault::new(at, "is an emission inventory of CEADs, not an inter-regional table").help(
        "a table takes it as an extension: [[extension]] with layout = \"ceads_emissions\"; `irio check` of the whole workbook prints it",
    )
}

fn no_layout(sheet: &Sheet) -> Fault {
    if ceads_emissions::fits(sheet) {
        return inventory(sheet.whole());
    }
    let text = "no line and column of codes of a known inter-regional table were found";
    let fault = Fault::new(sheet.whole(), text);
    if provincial::fits(sheet) {
        return fault.help(
            "this is the table of a single region; an inter-regional table has to be built of several",
        );
    }
    fault.help("known are the layouts of SIC (A001, FA001, XX) and CEADs (01, FU101, GO); others go through `irio init table`")
}

fn bare_meta(path: &Path, year: Option<i32>) -> Result<Meta, Fault> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let Some(year) = year else {
        let fault = Fault::new(Location::whole(path), "no year is known for this table");
        return Err(fault
            .help("put the year into the file's name, or write a table's file: `irio init table --layout sic`"));
    };
    let unit: Unit = "10^4 yuan"
        .parse()
        .map_err(|error| Fault::new(Location::whole(path), format!("{error}")))?;
    Ok(Meta::new(name.split('.').next().unwrap_or("table"), year, unit))
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
