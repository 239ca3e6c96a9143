//! Tables in the format of pymrio 0.7 (`IOSystem.save_all`), which EXIOBASE 3 uses too, in a folder or
//! a zip archive.
//!
//! | file | rows | columns |
//! |---|---|---|
//! | `Z.txt` (or `A.txt`) | region, sector | region, sector |
//! | `Y.txt` | region, sector | region, category |
//! | `x.txt` (optional) | region, sector | one number |
//! | `unit.txt` | region, sector | the unit of money |
//! | `population.txt` (optional) | one | region |
//! | `ACCOUNT/F.txt` | stressor, and what else tells its lines apart | region, sector |
//! | `ACCOUNT/F_Y.txt`, or `F_hh.txt` (optional) | as `F.txt` | region, category |
//! | `ACCOUNT/S.txt`, `ACCOUNT/S_Y.txt` (in place of `F` and `F_Y`) | the same per unit of output, of final demand | |
//! | `ACCOUNT/unit.txt` (optional) | as `F.txt` | the unit |
//!
//! With the cargo feature `parquet` each may be `.parquet` instead of `.txt`. Cells are parted by tabs; `file_parameters.json` may give files other names. How it becomes a table:
//!
//! - Regions, sectors and categories stand in the order in which they first appear. An industry that
//!   has no line has no output.
//! - Name and year are those of the table's file (`layout = "pymrio"`), else the name in `metadata.json`
//!   and a year in that name, the description, or the name of the folder or archive. The unit of money
//!   is that of `unit.txt`, which must be one.
//! - Output is `x.txt`, else the sums of the rows of Z and Y. From `A.txt`: `Z = A x̂` with the `x` of
//!   `x.txt`, else `x = (I − A)⁻¹ Y 1`.
//! - Every stressor of every account becomes an extension; its code is the stressor, with its other
//!   labels behind ` | `, and with `ACCOUNT/` in front where another account has the same.
//! - Without `F` it is `S x̂`, without `F_Y` it is `S_Y ŷ`, as pymrio's `calc_all` has it. An account that has
//!   neither `F` nor `S` is passed over, and a note says which and what it has instead.
//! - The `name` in an account's `file_parameters.json`, and `system`, `version` and `history` of
//!   `metadata.json`, are kept and written again.
//! - `F_Y` are direct emissions by column of final demand; those of households are their sums by region.
//! - The role of a category of final demand is read from its name, or stands in `[roles]` of the table's
//!   file; one that cannot be told is consumption.
//! - Rows of the account `factor_inputs`, `factor_input`, `value_added` or `primary_inputs` are value
//!   added too; `value_added = ["ACCOUNT", "ACCOUNT/STRESSOR"]` in the table's file names others.
//! - There are no imports: such a table covers the world.
//!
//! What irio itself wrote carries more: see [`crate::table::beside`].

mod accounts;
mod frame;
mod labels;
mod own;
#[cfg(feature = "parquet")]
mod parquet;
mod roles;
pub(super) mod source;
mod system;
mod units;

use std::path::Path;

use super::TextFile;
use super::document::{Located, Section, parsed};
use super::table::{Finder, manners};
use crate::fault::{Fault, Faults, Location};
use crate::table::{Meta, RawTable, Role};
use crate::units::Unit;
use source::Source;

/// Whether a path is a system of accounts: a folder with its marks, or a zip archive.
pub(super) fn is_here(path: &Path) -> bool {
    if path.is_dir() {
        return source::is_system(path);
    }
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"))
}

/// Name of the table that irio wrote at a path; none where something else stands.
pub fn written_as(path: &Path) -> Option<String> {
    let mut source = Source::open(path).ok()?;
    let metadata = labels::json(&mut source, "metadata.json").ok()?;
    labels::beside(&metadata, &source).ok()?.map(|beside| beside.name)
}

/// What a table's file says of a system.
#[derive(Default)]
struct Wishes {
    name: Option<String>,
    year: Option<i32>,
    unit: Option<Unit>,
    roles: Vec<(Located<String>, Role)>,
    value_added: Option<Vec<Located<String>>>,
}

/// Reads a system that no table's file describes.
pub(super) fn read(path: &Path) -> Result<RawTable, Faults> {
    system::read(&mut Source::open(path)?, &Wishes::default())
}

/// Reads the system that a table's file names.
pub(super) fn described(root: &Section<'_>, finder: &Finder, file: &TextFile) -> Option<RawTable> {
    let document = root.document();
    let path = root.required_text("file");
    let unit = root.text("unit").map(|text| document.keep(parsed::<Unit>(&text)));
    let wishes = Wishes {
        name: root.text("name").map(|text| text.value),
        year: root.year("year").map(|year| year.value),
        unit: unit.flatten(),
        roles: roles(root),
        value_added: root.texts("value_added"),
    };
    let path = path.and_then(|text| document.keep(finder.find(&text)))?;
    let source = document.keep(Source::open(&path));
    let mut raw =
        source.and_then(|mut source| document.absorb(system::read(&mut source, &wishes)))?;
    let meta = std::mem::replace(&mut raw.meta, Meta::new("", 0, Unit::none()));
    raw.meta = manners(root, file, meta)?;
    Some(raw)
}

fn roles(root: &Section<'_>) -> Vec<(Located<String>, Role)> {
    let Some(section) = root.section("roles") else { return Vec::new() };
    let mut found = Vec::new();
    for (name, texts) in section.entries() {
        let Some(text) = texts.into_iter().next() else { continue };
        match Role::ALL.into_iter().find(|role| role.word() == text.value) {
            Some(role) => found.push((name, role)),
            None => {
                let words = Role::ALL.map(Role::word).join(", ");
                let text = format!("{:?} is not a role of final demand", text.value);
                let fault = Fault::new(name.at, text).help(format!("one of {words}"));
                root.document().push(fault);
            }
        }
    }
    found
}

/// The fault of something that only a table's file can tell.
fn lacking(source: &Source, what: &str, line: &str) -> Fault {
    let text = format!("no {what} is known for this table");
    let name = source.path().file_name().map(|name| name.to_string_lossy().into_owned());
    Fault::new(Location::whole(source.path()), text).help(format!(
        "write a table's file beside it: layout = \"pymrio\", file = {:?}, {line}",
        name.unwrap_or_default()
    ))
}
