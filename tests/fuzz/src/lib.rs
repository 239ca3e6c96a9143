//! What the fuzz targets share: files of one input, archives around them, and the rule for memory.

use std::alloc::{GlobalAlloc, Layout, System};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use irio::input::TextFile;
use irio::input::sheet::Sheet;
use irio::input::workbook::Workbook;
use irio::table::Table;

/// Memory that a reader may ask for whatever its input: buffers of the decoders, threads. The largest is that
/// for a record of an .xlsb, which may claim up to 256 MB; it is not touched.
const CONSTANT: usize = 320 << 20;

/// Memory that it may ask for by a byte of its input.
const BY_BYTE: usize = 10;

/// Counts what is asked for, touched or not.
struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

fn more(size: usize) {
    PEAK.fetch_max(NOW.fetch_add(size, Relaxed) + size, Relaxed);
}

// SAFETY: every call is handed to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        more(layout.size());
        unsafe { System.alloc(layout) }
    }
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        more(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }
    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(at, layout) }
    }
    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        more(size);
        NOW.fetch_sub(layout.size(), Relaxed);
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Runs a target, and panics if it asked for more memory than ten times its input and a constant.
pub fn measured(bytes: &[u8], run: impl FnOnce()) {
    let before = NOW.load(Relaxed);
    PEAK.store(before, Relaxed);
    run();
    let asked = PEAK.load(Relaxed).saturating_sub(before);
    let most = CONSTANT + BY_BYTE * bytes.len();
    assert!(asked <= most, "{} bytes of input asked for {asked} bytes of memory", bytes.len());
}

/// Files in one input: each begins with a line `--- NAME`.
pub fn files(bytes: &[u8]) -> Vec<(String, &[u8])> {
    let mark = b"--- ";
    let mut starts: Vec<usize> = (0..bytes.len())
        .filter(|at| bytes[*at..].starts_with(mark) && (*at == 0 || bytes[at - 1] == b'\n'))
        .collect();
    starts.push(bytes.len());
    let one = |pair: &[usize]| {
        let part = &bytes[pair[0] + mark.len()..pair[1]];
        let end = part.iter().position(|byte| *byte == b'\n').unwrap_or(part.len());
        let name = String::from_utf8_lossy(&part[..end]).into_owned();
        (name, part.get(end + 1..).unwrap_or_default())
    };
    starts.windows(2).map(one).collect()
}

/// A folder in memory, gone when dropped.
pub struct Place {
    path: PathBuf,
    first: Option<PathBuf>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

impl Place {
    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The first of its files.
    pub fn first(&self) -> Option<PathBuf> {
        self.first.clone()
    }

    /// Adds a file.
    pub fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path.join(name);
        std::fs::write(&path, bytes).expect("memory can be written");
        path
    }
}

/// Puts the files of an input into a folder; names that would lead out of it are left out. Files named
/// `BOOK.xlsx#SHEET` are sheets of one workbook.
pub fn folder(bytes: &[u8]) -> Place {
    let memory = Path::new("/dev/shm");
    let temporary = std::env::temp_dir();
    let within = if memory.is_dir() { memory } else { &temporary };
    let path = within.join(format!("irio-fuzz-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("memory can be written");
    let mut place = Place { path, first: None };
    let plain = |name: &str| {
        let known = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        name.len() < 64 && name.chars().all(known) && name.chars().any(char::is_alphanumeric)
    };
    let mut books: BTreeMap<String, Vec<(String, &[u8])>> = BTreeMap::new();
    for (name, bytes) in files(bytes) {
        match name.split_once('#') {
            Some((file, sheet)) if plain(file) => {
                books.entry(file.to_owned()).or_default().push((sheet.to_owned(), bytes));
            }
            None if plain(&name) => {
                let path = place.write(&name, bytes);
                place.first.get_or_insert(path);
            }
            _ => {}
        }
    }
    for (file, sheets) in books {
        let path = place.write(&file, &book(&sheets));
        place.first.get_or_insert(path);
    }
    place
}

/// The input as a CSV.
pub fn sheet(bytes: &[u8]) -> Option<Sheet> {
    let place = folder(&[]);
    let file = TextFile::read(&place.write("sheet.csv", bytes)).ok()?;
    Sheet::of(&file).ok()
}

/// Opens a workbook and decodes its sheets.
pub fn open(bytes: &[u8]) {
    let place = folder(&[]);
    let Ok(mut book) = Workbook::open(&place.write("book.xlsx", bytes)) else { return };
    let names: Vec<String> = book.sheets().iter().map(|sheet| sheet.name.clone()).collect();
    for name in names.iter().take(4) {
        let _ = book.sheet(name);
    }
}

/// Folder of the worked example, for files that name a table.
pub fn tables() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../data"))
}

/// The worked example: two regions, two sectors.
pub fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let path = tables().join("two-region-0");
        irio::input::table::read(&path, None).expect("the example is sound")
    })
}

/// An .xls around a stream of records.
pub fn compound(stream: &[u8]) -> Vec<u8> {
    use std::io::{Cursor, Write};
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("memory");
    let mut into = file.create_stream("/Workbook").expect("memory");
    into.write_all(stream).and_then(|()| into.flush()).expect("memory");
    drop(into);
    file.into_inner().into_inner()
}

/// A workbook of sheets that are given as CSV; what is a number becomes one.
pub fn book(sheets: &[(String, &[u8])]) -> Vec<u8> {
    let escaped =
        |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    let mut members: Vec<(String, String)> = Vec::new();
    let (mut list, mut links) = (String::new(), String::new());
    for (at, (name, csv)) in sheets.iter().enumerate() {
        let number = at + 1;
        let name = escaped(name);
        list += &format!(r#"<sheet name="{name}" sheetId="{number}" r:id="r{number}"/>"#);
        links += &format!(
            r#"<Relationship Id="r{number}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{number}.xml"/>"#
        );
        let mut cells = String::new();
        for line in String::from_utf8_lossy(csv).lines() {
            cells += "<row>";
            for cell in line.split(',') {
                cells += &match cell.parse::<f64>() {
                    Ok(_) => format!("<c><v>{cell}</v></c>"),
                    Err(_) if cell.is_empty() => "<c/>".to_owned(),
                    Err(_) => {
                        format!(r#"<c t="inlineStr"><is><t>{}</t></is></c>"#, escaped(cell))
                    }
                };
            }
            cells += "</row>";
        }
        let sheet = format!("<worksheet><sheetData>{cells}</sheetData></worksheet>");
        members.push((format!("xl/worksheets/sheet{number}.xml"), sheet));
    }
    let types = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
    members.insert(0, ("[Content_Types].xml".into(), types.into()));
    members.push((
        "_rels/.rels".into(),
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r0" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#.into(),
    ));
    members.push((
        "xl/workbook.xml".into(),
        format!(r#"<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{list}</sheets></workbook>"#),
    ));
    members.push((
        "xl/_rels/workbook.xml.rels".into(),
        format!(r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>"#),
    ));
    let members: Vec<(String, &[u8])> =
        members.iter().map(|(name, text)| (name.clone(), text.as_bytes())).collect();
    zip(&members)
}

/// A zip archive, its members stored as they are.
pub fn zip(members: &[(String, &[u8])]) -> Vec<u8> {
    let named: Vec<(&str, &[u8])> =
        members.iter().map(|(name, data)| (name.as_str(), *data)).collect();
    archive::archive(&named)
}

#[path = "../../mocks/archive.rs"]
mod archive;
