//! Coordinates of units, and means of a variable, from a CSV.
//!
//! ```text
//! id,lon,lat                    id,year,gdp
//! Beijing,116.4,39.9            Beijing,2000,3277.8
//! Tianjin,117.3,39.4            Beijing,2001,3861.5
//! ```

use std::collections::HashMap;

use super::pairs::MOST;
use crate::fault::{Fault, Faults, Location, Note, NoteCode};
use crate::input::sheet::Sheet;
use crate::text::count;
use crate::weights::WeightsError;
use crate::weights::distance::{Metric, Points};

/// Units of a file, and where each stands in it.
#[derive(Debug, Clone)]
pub struct Units {
    /// Labels in the order of the file.
    pub labels: Vec<String>,
    sheet: Sheet,
    /// Line of each.
    rows: Vec<usize>,
    column: usize,
}

/// Units with their places.
#[derive(Debug, Clone)]
pub struct ReadPoints {
    /// The places.
    pub points: Points,
    /// The units.
    pub units: Units,
    at: Vec<[f64; 2]>,
    metric: Metric,
}

/// Means of a variable, one per unit.
#[derive(Debug, Clone)]
pub struct Means {
    /// The units.
    pub units: Units,
    /// The mean of each over its lines.
    pub values: Vec<f64>,
    /// Lines without a number, which do not count.
    pub empty: usize,
}

/// Reads coordinates, one line a unit; `names` are the columns of the label and of both coordinates.
///
/// # Errors
/// A missing column, lines without a label, units that stand twice, coordinates that are no numbers or no place.
pub fn read(sheet: Sheet, names: &[String; 3], metric: Metric) -> Result<ReadPoints, Faults> {
    let mut faults = Faults::default();
    let help = match metric {
        Metric::Euclidean => {
            "the header is: id,x,y (or name the columns with the keys id, x and y)"
        }
        Metric::GreatCircle => {
            "the header is: id,lon,lat (or name the columns with the keys id, x and y)"
        }
    };
    let names = names.each_ref().map(String::as_str);
    let Some([id, x, y]) = sheet.columns(names, help, &mut faults) else { return Err(faults) };
    let mut units = Units { labels: Vec::new(), sheet, rows: Vec::new(), column: id };
    let mut at = Vec::new();
    for row in 1..units.sheet.rows() {
        if faults.iter().count() >= MOST {
            return Err(faults);
        }
        let label = faults.keep(units.label(row));
        let place = [x, y].map(|column| match units.sheet.cell(row, column) {
            "" if units.sheet.width(row) > column => {
                let fault = Fault::new(units.sheet.at(row, column), "a coordinate is missing");
                faults.push(fault.help("every unit has a place: fill it in, or delete the line"));
                None
            }
            _ => faults.keep(units.sheet.number(row, column)),
        });
        if let (Some(label), [Some(x), Some(y)]) = (label, place) {
            units.labels.push(label);
            units.rows.push(row);
            at.push([x, y]);
        }
    }
    if faults.is_empty() && at.is_empty() {
        faults.push(Fault::new(units.sheet.whole(), "there is no unit in the file"));
    }
    faults.into_result(())?;
    let points = Points::new(units.labels.clone(), at.clone(), metric);
    let points = points.map_err(|errors| units.faults(errors))?;
    Ok(ReadPoints { points, units, at, metric })
}

/// Reads the mean of a variable over the lines of each unit; empty cells do not count.
///
/// # Errors
/// A missing column, lines without a label, cells that hold something else than a number, units without any number.
pub fn means(sheet: Sheet, id: &str, variable: &str) -> Result<Means, Faults> {
    let mut faults = Faults::default();
    let help = "name the columns with the keys id and variable";
    let Some([id, variable]) = sheet.columns([id, variable], help, &mut faults) else {
        return Err(faults);
    };
    let mut units = Units { labels: Vec::new(), sheet, rows: Vec::new(), column: id };
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut sums: Vec<(f64, f64)> = Vec::new();
    let mut empty = 0;
    for row in 1..units.sheet.rows() {
        if faults.iter().count() >= MOST {
            return Err(faults);
        }
        let Some(label) = faults.keep(units.label(row)) else { continue };
        let place = *places.entry(label.clone()).or_insert_with(|| {
            units.labels.push(label);
            units.rows.push(row);
            sums.push((0.0, 0.0));
            sums.len() - 1
        });
        if units.sheet.cell(row, variable).is_empty() {
            empty += 1;
        } else if let Some(value) = faults.keep(units.sheet.number(row, variable)) {
            sums[place].0 += value;
            sums[place].1 += 1.0;
        }
    }
    if faults.is_empty() && sums.is_empty() {
        faults.push(Fault::new(units.sheet.whole(), "there is no unit in the file"));
    }
    faults.into_result(())?;
    let mut faults = Faults::default();
    for (place, (_, number)) in sums.iter().enumerate() {
        if faults.iter().count() < MOST && *number == 0.0 {
            let text = format!("{} has no number", units.labels[place]);
            faults.push(Fault::new(units.sheet.at(units.rows[place], variable), text));
        }
    }
    let values = sums.iter().map(|(sum, number)| sum / number).collect();
    faults.into_result(Means { units, values, empty })
}

impl ReadPoints {
    /// A fault where the unit of an error stands.
    pub(super) fn fault(&self, error: WeightsError) -> Fault {
        self.units.fault(&error)
    }

    /// Faults where the units of the errors stand.
    pub(super) fn faults(&self, errors: Vec<WeightsError>) -> Faults {
        self.units.faults(errors)
    }

    /// Whether memory holds weights between all pairs.
    pub(super) fn room(&self) -> Result<(), Fault> {
        self.units.room()
    }
}

impl Means {
    /// That lines without a number do not count, where there are any.
    pub(super) fn note(&self, variable: &str) -> Option<Note> {
        let text =
            format!("{} without {variable} do not count in its means", count(self.empty, "line"));
        (self.empty > 0).then(|| Note::new(NoteCode::SourceRule, text))
    }
}

impl Units {
    fn label(&self, row: usize) -> Result<String, Fault> {
        match self.sheet.cell(row, self.column) {
            "" => Err(Fault::new(self.sheet.at(row, self.column), "a line without a unit")),
            label => Ok(label.to_owned()),
        }
    }

    /// Where a unit stands.
    fn at(&self, label: &str) -> Location {
        self.of(self.labels.iter().position(|own| own == label))
    }

    fn of(&self, place: Option<usize>) -> Location {
        match place {
            Some(place) => self.sheet.at(self.rows[place], self.column),
            None => self.sheet.whole(),
        }
    }

    fn fault(&self, error: &WeightsError) -> Fault {
        let (at, help) = match error {
            WeightsError::Twice(unit) => {
                let last = self.labels.iter().rposition(|own| own == unit);
                (self.of(last), "one line a unit")
            }
            WeightsError::NoPlace { unit, .. } => {
                (self.at(unit), "metric = \"euclidean\" takes coordinates of a plane")
            }
            WeightsError::SamePlace(_, unit) => {
                (self.at(unit), "move one of them a little, or make them one unit")
            }
            WeightsError::SameMean(_, unit) => {
                (self.at(unit), "choose another variable, or make them one unit")
            }
            WeightsError::NoMean { unit, .. } => (self.at(unit), "a smaller unit of the variable"),
            WeightsError::OutOfRange(_, unit) => (self.at(unit), "a smaller power"),
            _ => return Fault::new(self.sheet.whole(), error.to_string()),
        };
        Fault::new(at, error.to_string()).help(help)
    }

    pub(super) fn faults(&self, errors: Vec<WeightsError>) -> Faults {
        let mut faults = Faults::default();
        for error in errors.iter().take(MOST) {
            faults.push(self.fault(error));
        }
        faults
    }

    pub(super) fn room(&self) -> Result<(), Fault> {
        super::room(self.labels.len(), self.sheet.whole())
    }

    /// Places of these units among others.
    pub(super) fn places_of(&self, read: &ReadPoints) -> Result<Points, Faults> {
        let mut faults = Faults::default();
        let of: HashMap<&str, [f64; 2]> =
            read.units.labels.iter().map(String::as_str).zip(read.at.iter().copied()).collect();
        let mut at = Vec::new();
        for label in &self.labels {
            match of.get(label.as_str()) {
                Some(place) => at.push(*place),
                None if faults.iter().count() < MOST => {
                    let text = format!(
                        "there are no coordinates of {label} in {}",
                        read.units.sheet.path().display()
                    );
                    faults.push(Fault::new(self.at(label), text));
                }
                None => {}
            }
        }
        faults.into_result(())?;
        let points = Points::new(self.labels.clone(), at, read.metric);
        points.map_err(|errors| self.faults(errors))
    }
}
