//! `irio check`: what a table's accounts miss, and where.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::commands::{deliver, read_table, refuse_open};
use super::{Common, Trouble, regional};
use crate::backcast::{self, Backcast};
use crate::fault::{Fault, Location};
use crate::input;
use crate::report::folder::{self, Kind};
use crate::report::results::Results;
use crate::report::{files, terminal};
use crate::table::Table;
use crate::table::accounts::CheckReport;

#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    /// A table: a folder, a table's .toml file, a CSV in the SIC layout, a workbook (FILE.xlsx, or one
    /// sheet of it, FILE.xlsx#SHEET), or tables of single regions: a workbook, or a folder of them; or an
    /// emission inventory of CEADs.
    table: PathBuf,
    /// An earlier table of the same regions and sectors: how well would it have foretold this one?
    #[arg(long, value_name = "EARLIER")]
    backcast: Option<PathBuf>,
    /// Folder for what was found, as files; of a table only.
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// What was found of a table.
struct Checked {
    table: Table,
    earlier: Option<Table>,
    report: CheckReport,
    foretold: Vec<Backcast>,
}

/// Runs `irio check`.
pub(super) fn check(common: &Common, arguments: &CheckArguments) -> Result<String, Trouble> {
    let path = &arguments.table;
    let single = input::provincial::is_here(path);
    if single || input::ceads_emissions::is_here(path) {
        if arguments.out.is_some() {
            let what = if single { "tables of single regions" } else { "an emission inventory" };
            let fault = Fault::new(Location::whole(path), format!("is {what}"));
            return Err(fault.help("--out is for inter-regional tables; leave it out here").into());
        }
        return match single {
            true => regional::check(common, path),
            false => regional::check_inventory(common, path),
        };
    }
    if let Some(out) = &arguments.out {
        folder::refuse_foreign(out, Kind::Results)?;
    }
    let found = checked(common, path, arguments.backcast.as_deref())?;
    match &arguments.out {
        Some(out) => write(common, &found, out),
        None => Ok(told(common, &found)),
    }
}

fn checked(common: &Common, path: &Path, earlier: Option<&Path>) -> Result<Checked, Trouble> {
    let table = input::table::read(path, common.data.as_deref())?;
    let earlier = earlier.map(|path| read_table(common, path)).transpose()?;
    let report = CheckReport::of(&table);
    if common.strict {
        refuse_open(&table, path)?;
    }
    let foretold = match &earlier {
        Some(earlier) => backcast::backcast(earlier, &table)
            .map_err(|error| Trouble::Question(error.to_string()))?,
        None => Vec::new(),
    };
    Ok(Checked { table, earlier, report, foretold })
}

/// What stands in a terminal.
fn shown(common: &Common, found: &Checked) -> String {
    let mut shown = terminal::check(&found.table, &found.report, common.language());
    if let Some(earlier) = &found.earlier {
        shown += &terminal::backcast(earlier, &found.table, &found.foretold, common.language());
    }
    shown
}

fn told(common: &Common, found: &Checked) -> String {
    if common.quiet {
        return String::new();
    }
    if common.json {
        let mut results = results(found);
        results.table(&found.table);
        let mut summary = results.summary();
        summary["check"] = json!(found.report);
        if found.earlier.is_some() {
            summary["backcast"] = files::backcast(&found.table, &found.foretold);
        }
        return serde_json::to_string_pretty(&summary).unwrap_or_default() + "\n";
    }
    let mut notes = found.table.notes();
    notes.extend(found.earlier.iter().flat_map(Table::notes));
    shown(common, found) + &terminal::notes(&notes)
}

fn results(found: &Checked) -> Results {
    Results::new("check", format!("Check of {}", found.table.meta().name))
}

/// Writes what was found as a folder of results.
fn write(common: &Common, found: &Checked, out: &Path) -> Result<String, Trouble> {
    let mut results = results(found);
    results.table(&found.table);
    if let Some(earlier) = &found.earlier {
        results.table(earlier);
        results.switch("backcast", &earlier.meta().name);
    }
    files::check(&mut results, &found.table, &found.report);
    results.headline = match found.earlier {
        Some(_) => json!({
            "check": found.report,
            "backcast": files::backcast(&found.table, &found.foretold),
        }),
        None => json!({ "check": found.report }),
    };
    deliver(common, results, out, &shown(common, found))
}
