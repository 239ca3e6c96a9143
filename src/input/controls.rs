//! What is known of a newer year: a CSV with one control a line.
//!
//! ```text
//! quantity,region,sector,category,value,sigma
//! output,BJ,M,,1250,             output of M made in BJ
//! value_added,BJ,,,900,          value added of all of BJ
//! final_demand,BJ,,investment,300,15    what BJ invests, known within 15
//! exports,,M,,420,               exports of M from all regions together
//! co2,HE,,,130,                  emissions of HE's industries; with the category households, of those
//! ```
//!
//! An empty region, sector or category means the sum over it. `sigma` is the standard deviation of the
//! value: a control with one gives way where controls contradict each other; without, it must be met.

use std::collections::HashMap;

use super::sheet::Sheet;
use crate::fault::{Fault, Faults, Location};
use crate::labels::{Axis, comparable, listed, suggestion};
use crate::table::{Imports, Role, Table};
use crate::text::exact;
use crate::updating::{Control, Party, Subject, UpdateError};

/// Word in the column `category` for direct emissions of households.
pub const HOUSEHOLDS: &str = "households";

const COLUMNS: [&str; 6] = ["quantity", "region", "sector", "category", "value", "sigma"];
const HEADER: &str = "the header is: quantity,region,sector,category,value,sigma";

/// Controls with their places, so that a contradiction can be told line by line.
#[derive(Debug, Clone)]
pub struct ControlsFile {
    /// The controls, one for each line.
    pub controls: Vec<Control>,
    places: Vec<Location>,
    names: Vec<String>,
}

impl ControlsFile {
    /// What a control is about, in the file's words.
    pub fn name(&self, at: usize) -> &str {
        &self.names[at]
    }

    /// Place of a control's line.
    pub fn place(&self, at: usize) -> &Location {
        &self.places[at]
    }

    /// Why a table cannot be brought to the controls, each at its line.
    pub fn locate(&self, error: &UpdateError, table: &Table) -> Faults {
        let mut faults = Faults::default();
        let (parties, text, help): (Vec<Party>, _, _) = match error {
            UpdateError::Unreachable(parties) => (
                parties.clone(),
                "cannot be met: the table's cells for it are all 0, or all of the other sign",
                "signs and zeros of the table stay; correct the value, or leave the line out",
            ),
            UpdateError::Conflict(parties) => (
                parties.clone(),
                "contradicts other controls or the accounts, and none of them may give way",
                "correct one of the lines named here, or give the less certain ones a sigma",
            ),
            UpdateError::NotConverged { party, .. } => (
                vec![*party],
                "is still not met after all rounds",
                "give the less certain controls a sigma, or leave this one out",
            ),
            UpdateError::Number(party) => {
                (vec![*party], "has a number that is not finite", "write numbers of ordinary size")
            }
        };
        let mut accounts = Vec::new();
        for party in parties {
            match party {
                Party::Control(at) => {
                    let value = self.controls[at].value;
                    let message = format!("{} ({}) {text}", self.names[at], exact(value));
                    faults.push(Fault::new(self.places[at].clone(), message).help(help));
                }
                Party::Accounts(industry) => accounts.push(table.industries().name(industry)),
            }
        }
        if let (Some(first), false) = (self.places.first(), accounts.is_empty()) {
            let message =
                format!("the accounts (row = column) of {} cannot close", listed(&accounts, SHOWN));
            faults.push(Fault::new(Location::whole(first.file()), message).help(help));
        }
        faults
    }
}

/// How many industries a fault names.
const SHOWN: usize = 12;

struct Reader<'a> {
    sheet: &'a Sheet,
    table: &'a Table,
    columns: HashMap<&'static str, usize>,
    categories: Axis,
    faults: Faults,
}

/// Reads the controls for a table.
///
/// # Errors
/// A header that is not known, every unknown quantity, region, sector or category, every number that is
/// not one, a quantity the table does not have, and every second line about one thing.
pub fn read(sheet: &Sheet, table: &Table) -> Result<ControlsFile, Faults> {
    let labels = table.final_demand().categories.iter().map(|category| category.label.clone());
    let categories = Axis::new("category", labels)
        .map_err(|error| Fault::new(Location::whole(sheet.path()), error.to_string()))?;
    let mut reader =
        Reader { sheet, table, columns: HashMap::new(), categories, faults: Faults::default() };
    reader.header();
    sheet.check_list(&mut reader.faults);
    let mut file = ControlsFile { controls: Vec::new(), places: Vec::new(), names: Vec::new() };
    if reader.faults.is_empty() {
        let mut seen: HashMap<(Subject, [Option<usize>; 3]), usize> = HashMap::new();
        for row in 1..sheet.rows() {
            let Some(control) = reader.line(row) else { continue };
            let key = (control.subject, [control.region, control.sector, control.category]);
            if let Some(before) = seen.insert(key, row) {
                let first = sheet.line(before);
                let text = format!("a second value for {}; the first is {first}", reader.name(row));
                reader.faults.push(Fault::new(sheet.line(row), text).help("keep one of them"));
            }
            file.places.push(sheet.line(row));
            file.names.push(reader.name(row));
            file.controls.push(control);
        }
        if sheet.rows() < 2 {
            reader.faults.push(Fault::new(sheet.line(0), "no line below the header"));
        }
    }
    reader.faults.into_result(file)
}

impl Reader<'_> {
    fn header(&mut self) {
        for column in 0..self.sheet.width(0) {
            let text = self.sheet.cell(0, column);
            match COLUMNS.into_iter().find(|known| comparable(known) == comparable(text)) {
                Some(known) => {
                    self.columns.insert(known, column);
                }
                None => {
                    let at = self.sheet.at(0, column);
                    let fault = Fault::new(at, format!("column {text:?} is not known"));
                    let near = suggestion(text, COLUMNS.into_iter());
                    self.faults.push(match near {
                        Some(near) => fault.help(format!("did you mean {near:?}? {HEADER}")),
                        None => fault.help(HEADER),
                    });
                }
            }
        }
        for needed in ["quantity", "value"] {
            if !self.columns.contains_key(needed) {
                let text = format!("no column {needed:?} in the header");
                self.faults.push(Fault::new(self.sheet.line(0), text).help(HEADER));
            }
        }
    }

    /// Text of a column; empty where the file does not have it.
    fn text(&self, row: usize, column: &'static str) -> &str {
        self.columns.get(column).map_or("", |column| self.sheet.cell(row, *column))
    }

    fn at(&self, row: usize, column: &'static str) -> Location {
        self.columns
            .get(column)
            .map_or_else(|| self.sheet.line(row), |column| self.sheet.at(row, *column))
    }

    /// What a line is about, in its own words.
    fn name(&self, row: usize) -> String {
        let words = ["region", "sector", "category"].map(|column| self.text(row, column));
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        let quantity = self.text(row, "quantity");
        if words.is_empty() {
            return format!("{quantity} of all");
        }
        format!("{quantity} of {}", words.join(" "))
    }

    fn line(&mut self, row: usize) -> Option<Control> {
        let subject = self.subject(row);
        let industries = self.table.industries().clone();
        let (region, sector) = (
            self.label(row, "region", &industries.regions),
            self.label(row, "sector", &industries.sectors),
        );
        let category = self.category(row, subject);
        let value = self.value(row, subject);
        let sigma = self.sigma(row);
        Some(Control {
            subject: subject?,
            region: region?,
            sector: sector?,
            category: category?,
            value: value?,
            sigma: sigma?,
        })
    }

    fn subject(&mut self, row: usize) -> Option<Subject> {
        let text = self.text(row, "quantity").to_owned();
        let same = |word: &str| comparable(word) == comparable(&text);
        let money = Subject::MONEY.into_iter().find(|s| s.word().is_some_and(same));
        let extensions = self.table.extensions();
        let stressor = extensions.iter().position(|extension| same(&extension.label.code));
        let households = comparable(self.text(row, "category")) == HOUSEHOLDS;
        let found = money.or(stressor.map(|at| match households {
            true => Subject::Households(at),
            false => Subject::Stressor(at),
        }));
        let at = self.at(row, "quantity");
        let Some(found) = found else {
            let words =
                Subject::MONEY.into_iter().filter_map(|subject| -> Option<&str> { subject.word() });
            let known: Vec<&str> = words
                .chain(extensions.iter().map(|extension| extension.label.code.as_str()))
                .collect();
            let help = suggestion(&text, known.iter().copied()).map_or_else(
                || format!("the quantities are {}", known.join(", ")),
                |near| format!("did you mean {near:?}?"),
            );
            self.faults.push(Fault::new(at, format!("unknown quantity {text:?}")).help(help));
            return None;
        };
        if let Some(lacking) = lacking(found, self.table) {
            let text = format!("{} has no {lacking}", self.table.meta().name);
            self.faults.push(Fault::new(at, text).help("leave the line out"));
            return None;
        }
        Some(found)
    }

    /// Position of a label; `Some(None)` where the cell is empty.
    fn label(&mut self, row: usize, column: &'static str, axis: &Axis) -> Option<Option<usize>> {
        let text = self.text(row, column);
        if text.is_empty() {
            return Some(None);
        }
        let found = axis.position(text).map_err(|error| {
            Fault::new(self.at(row, column), error.to_string()).help(error.help())
        });
        self.faults.keep(found).map(Some)
    }

    fn category(&mut self, row: usize, subject: Option<Subject>) -> Option<Option<usize>> {
        let text = self.text(row, "category").to_owned();
        match subject {
            _ if text.is_empty() => Some(None),
            Some(Subject::FinalDemand) => {
                let axis = self.categories.clone();
                let found = self.label(row, "category", &axis)?;
                let role = found.map(|at| self.table.final_demand().categories[at].role);
                if let Some(role) = role.filter(|role| !role.is_domestic()) {
                    let text = format!("{text:?} is not consumption or investment");
                    let fault = Fault::new(self.at(row, "category"), text);
                    self.faults.push(fault.help(match role {
                        Role::Export => "the quantity exports is for it",
                        Role::Inventory => "the quantity inventories is for it",
                        _ => "the quantity error is for it",
                    }));
                    return None;
                }
                Some(found)
            }
            Some(Subject::Households(_)) => {
                if !self.text(row, "sector").is_empty() {
                    let text = "emissions of households have no sector";
                    self.faults.push(
                        Fault::new(self.at(row, "sector"), text).help("leave the cell empty"),
                    );
                    return None;
                }
                Some(None)
            }
            Some(_) => {
                let fault = Fault::new(
                    self.at(row, "category"),
                    format!("{} has no category, found {text:?}", self.text(row, "quantity")),
                );
                self.faults.push(fault.help(
                    "leave the cell empty; only final_demand has categories, and emissions have households",
                ));
                None
            }
            None => None,
        }
    }

    fn value(&mut self, row: usize, subject: Option<Subject>) -> Option<f64> {
        let column = self.columns.get("value").copied()?;
        let value = self.sheet.number(row, column);
        let value = self.faults.keep(value)?;
        let signed =
            matches!(subject, Some(Subject::Inventories | Subject::Error | Subject::ValueAdded));
        if value < 0.0 && !signed && subject.is_some() {
            let text = format!(
                "{} is {}; it may not be negative",
                self.text(row, "quantity"),
                exact(value)
            );
            let fault = Fault::new(self.at(row, "value"), text);
            self.faults.push(fault.help("write a number of 0 or more"));
            return None;
        }
        Some(value)
    }

    fn sigma(&mut self, row: usize) -> Option<f64> {
        if self.text(row, "sigma").is_empty() {
            return Some(0.0);
        }
        let column = self.columns.get("sigma").copied()?;
        let sigma = self.sheet.number(row, column);
        let sigma = self.faults.keep(sigma)?;
        if sigma < 0.0 {
            let text = format!("a sigma of {}; it may not be negative", exact(sigma));
            let fault = Fault::new(self.at(row, "sigma"), text);
            self.faults
                .push(fault.help("a standard deviation, or nothing for a value that must be met"));
            return None;
        }
        Some(sigma)
    }
}

/// What a table lacks for a control to be about anything.
fn lacking(subject: Subject, table: &Table) -> Option<&'static str> {
    let without = |role: Role| table.final_demand().columns_where(|other| other == role).is_empty();
    match subject {
        Subject::Exports if without(Role::Export) => Some("column of exports"),
        Subject::Inventories if without(Role::Inventory) => Some("column of inventories"),
        Subject::Error if without(Role::Error) => Some("error column"),
        Subject::Imports if matches!(table.imports(), Imports::None) => Some("imports"),
        _ => None,
    }
}
