//! `[activity]`: a quantity by region and sector, from tables or from a long file.

use std::collections::HashSet;

use super::Files;
use super::long::{self, Known};
use crate::concentration::coagglomeration::plant_herfindahl;
use crate::concentration::study::{ActivityStudy, Group};
use crate::concentration::{Activity, ActivityError, Reference};
use crate::fault::{Fault, Faults, Location};
use crate::input::document::{Located, Section, parsed};
use crate::input::sheet::Sheet;
use crate::input::table;
use crate::labels::{Axis, comparable, suggestion};
use crate::table::{Quantity, Table};
use crate::text::exact;
use crate::units::Unit;

/// Numbers by region and sector before sectors are chosen.
struct Source {
    regions: Axis,
    sectors: Axis,
    quantity: String,
    unit: String,
    /// Year, numbers, and where a negative one is to be told.
    years: Vec<(Option<i32>, Vec<f64>, Location)>,
}

pub(super) fn read(
    section: &Section<'_>,
    groups: &[Section<'_>],
    files: &mut Files<'_>,
) -> Option<ActivityStudy> {
    let document = section.document();
    let tables = section.texts("table");
    let file = section.text("file");
    let (quantity, unit) = (section.text("quantity"), section.text("unit"));
    let chosen = section.texts("sectors");
    let reference = section
        .word("reference", &[("aggregate", Reference::Aggregate), ("mean", Reference::Mean)]);
    let plants = section.text("plants");
    section.finish();
    let written: Vec<_> = groups
        .iter()
        .map(|group| {
            let read = (group.required_text("name"), group.texts("sectors"));
            group.require("sectors");
            group.finish();
            read
        })
        .collect();
    let source = match (tables, file) {
        (Some(_), Some(file)) => {
            let fault = Fault::new(file.at, "table and file are both given");
            document.push(fault.help("keep one of them"));
            None
        }
        (Some(tables), None) => {
            if let Some(unit) = &unit {
                let fault = Fault::new(unit.at.clone(), "the unit is that of the table");
                document.push(fault.help("delete the line"));
            }
            of_tables(&tables, quantity.as_ref(), files)
        }
        (None, Some(file)) => of_file(&file, quantity, unit, section, files),
        (None, None) => {
            if !section.has("table") && !section.has("file") {
                let fault = Fault::new(section.at(), "[activity] names no numbers");
                document.push(fault.help("add table = \"FOLDER\", or file = \"FILE.csv\""));
            }
            None
        }
    }?;
    let kept = match chosen {
        Some(names) => positions(&names, &source.sectors, section)?,
        None => (0..source.sectors.len()).collect(),
    };
    let sectors = document.keep(
        Axis::new("sector", kept.iter().map(|at| source.sectors.labels()[*at].clone()))
            .map_err(|error| Fault::new(section.at_key("sectors"), error.to_string())),
    )?;
    let herfindahls = match plants {
        Some(text) => files
            .sheet(&text)
            .and_then(|sheet| document.absorb(herfindahls(&sheet, &sectors, &source.sectors))),
        None => Some(vec![None; sectors.len()]),
    };
    let mut seen = HashSet::new();
    let groups: Vec<Option<Group>> = written
        .into_iter()
        .zip(groups)
        .map(|((name, names), section)| {
            let (name, names) = (name?, names?);
            let code = name.value.trim().to_owned();
            if code.is_empty() {
                document.push(
                    Fault::new(name.at, "the name is empty").help("it stands in the results"),
                );
                return None;
            }
            if !seen.insert(comparable(&code)) {
                let fault = Fault::new(name.at, format!("a group {code} stands twice"));
                document.push(fault.help("results are told apart by the name"));
                return None;
            }
            let sectors = positions(&names, &sectors, section)?;
            if sectors.len() < 2 {
                let fault = Fault::new(section.at_key("sectors"), "one sector is no group");
                document.push(fault.help("name at least two"));
                return None;
            }
            Some(Group { name: code, sectors })
        })
        .collect();
    let mut years = Vec::new();
    for (year, all, at) in source.years {
        let few: Vec<f64> =
            all.chunks(source.sectors.len()).flat_map(|row| kept.iter().map(|i| row[*i])).collect();
        let checked = Activity::new(source.regions.len(), sectors.len(), few);
        if let Some(activity) =
            document.absorb(checked.map_err(|errors| told(&errors, &at, &source.regions, &sectors)))
        {
            years.push((year, activity));
        }
    }
    Some(ActivityStudy {
        regions: source.regions,
        sectors,
        quantity: source.quantity,
        unit: source.unit,
        years,
        reference: reference.map_or(Reference::default(), |found| found.value),
        herfindahls: herfindahls?,
        groups: groups.into_iter().collect::<Option<_>>()?,
    })
}

/// Positions of names on an axis, each once.
pub(super) fn positions(
    names: &[Located<String>],
    axis: &Axis,
    section: &Section<'_>,
) -> Option<Vec<usize>> {
    let document = section.document();
    let mut found = Vec::new();
    let mut whole = true;
    for name in names {
        let at = axis
            .position(&name.value)
            .map_err(|error| Fault::new(name.at.clone(), error.to_string()).help(error.help()));
        match document.keep(at) {
            Some(at) if found.contains(&at) => {
                document.push(Fault::new(name.at.clone(), format!("{} stands twice", name.value)));
                whole = false;
            }
            Some(at) => found.push(at),
            None => whole = false,
        }
    }
    whole.then_some(found)
}

fn told(errors: &[ActivityError], at: &Location, regions: &Axis, sectors: &Axis) -> Faults {
    let mut faults = Faults::default();
    for error in errors {
        let (text, help) = match error {
            ActivityError::Value { region, sector, .. } => (
                format!("{}:{} has {error}", regions.code(*region), sectors.code(*sector)),
                "take another quantity, or leave the sector out by `sectors`",
            ),
            ActivityError::TooFew { .. } => {
                (error.to_string(), "one region has no distribution over regions")
            }
            _ => (error.to_string(), "take another quantity or other sectors"),
        };
        faults.push(Fault::new(at.clone(), text).help(help));
    }
    faults
}

fn of_tables(
    texts: &[Located<String>],
    quantity: Option<&Located<String>>,
    files: &mut Files<'_>,
) -> Option<Source> {
    let document = files.document;
    let mut source: Option<Source> = None;
    let mut whole = true;
    for text in texts {
        let found = files.finder.find(text).map_err(|_| {
            let fault = Fault::new(text.at.clone(), format!("there is no table {:?}", text.value));
            fault.help("paths are relative to this file")
        });
        let read =
            document.keep(found).and_then(|path| document.absorb(table::read(&path, files.data)));
        let Some(read) = read else {
            whole = false;
            continue;
        };
        let Some(measured) = document.keep(chosen(&read, quantity)) else {
            whole = false;
            continue;
        };
        let (axes, year) = (read.industries(), read.meta().year);
        let values = read.totals(measured);
        match &mut source {
            None => {
                source = Some(Source {
                    regions: axes.regions.clone(),
                    sectors: axes.sectors.clone(),
                    quantity: read.quantity_code(measured).to_owned(),
                    unit: read.quantity_unit(measured).to_string(),
                    years: vec![(Some(year), values, text.at.clone())],
                });
            }
            Some(source) => {
                let unit = read.quantity_unit(measured).to_string();
                let why = if axes.regions != source.regions || axes.sectors != source.sectors {
                    Some("has other regions or sectors than the first table".to_owned())
                } else if unit != source.unit {
                    Some(format!("is in {unit}, the first table in {}", source.unit))
                } else if source.years.iter().any(|(other, ..)| *other == Some(year)) {
                    Some(format!("is of {year}, as another one is"))
                } else {
                    None
                };
                match why {
                    Some(why) => {
                        document.push(
                            Fault::new(text.at.clone(), why)
                                .help("make the tables alike by `irio aggregate`"),
                        );
                        whole = false;
                    }
                    None => source.years.push((Some(year), values, text.at.clone())),
                }
            }
        }
        files.tables.push(read);
    }
    let mut source = source.filter(|_| whole)?;
    source.years.sort_by_key(|(year, ..)| *year);
    Some(source)
}

/// The quantity of a table that a text names: output unless it says otherwise.
fn chosen(table: &Table, text: Option<&Located<String>>) -> Result<Quantity, Fault> {
    let Some(text) = text else { return Ok(Quantity::Output) };
    let quantities = table.quantities();
    let codes: Vec<&str> = quantities.iter().map(|one| table.quantity_code(*one)).collect();
    match codes.iter().position(|code| *code == text.value) {
        Some(at) => Ok(quantities[at]),
        None => {
            let fault = Fault::new(
                text.at.clone(),
                format!("{} has no quantity {:?}", table.meta().name, text.value),
            );
            Err(fault.help(match suggestion(&text.value, codes.iter().copied()) {
                Some(near) => format!("did you mean {near:?}?"),
                None => format!("one of {}", codes.join(", ")),
            }))
        }
    }
}

fn of_file(
    file: &Located<String>,
    quantity: Option<Located<String>>,
    unit: Option<Located<String>>,
    section: &Section<'_>,
    files: &mut Files<'_>,
) -> Option<Source> {
    let document = section.document();
    let unit = unit_of(unit, section);
    let sheet = files.sheet(file)?;
    let read = document.absorb(long::read(&sheet, Known::Whatever, Some(Known::Whatever)))?;
    let Some(sectors) = read.sectors.clone() else {
        let fault = Fault::new(sheet.line(0), "no column \"sector\" in the header");
        document.push(
            fault.help("the header is: region,sector,value, and year where years are told apart"),
        );
        return None;
    };
    let years = document.absorb(read.complete(&sheet))?;
    let whole = sheet.whole();
    Some(Source {
        regions: read.regions,
        sectors,
        quantity: quantity.map_or_else(|| "activity".to_owned(), |text| text.value),
        unit: unit?,
        years: years.into_iter().map(|(year, values)| (year, values, whole.clone())).collect(),
    })
}

/// The text of a unit that must be there and be one.
pub(super) fn unit_of(unit: Option<Located<String>>, section: &Section<'_>) -> Option<String> {
    let document = section.document();
    match unit {
        Some(text) => document.keep(parsed::<Unit>(&text)).map(|unit| unit.text().to_owned()),
        None => {
            section.require("unit");
            None
        }
    }
}

/// Herfindahl indices by sector: given as such, or made of the sizes of plants, one a line. Sectors that are
/// not chosen are passed over.
fn herfindahls(sheet: &Sheet, sectors: &Axis, all: &Axis) -> Result<Vec<Option<f64>>, Faults> {
    let mut faults = Faults::default();
    sheet.check_list(&mut faults);
    let sector = sheet.column(0, &["sector", "industry"]);
    let (index, size) =
        (sheet.column(0, &["herfindahl"]), sheet.column(0, &["size", "employment"]));
    let help = "the header is sector,herfindahl, or sector,size with one plant a line";
    let (Some(sector), Some(value)) = (sector, index.or(size)) else {
        let fault =
            Fault::new(sheet.line(0), "the columns are neither indices nor sizes of plants");
        return Err(fault.help(help).into());
    };
    let known = ["sector", "industry", "herfindahl", "size", "employment"];
    sheet.check_known(&known, help, &mut faults);
    let mut given: Vec<Vec<f64>> = vec![Vec::new(); sectors.len()];
    for row in 1..sheet.rows() {
        let text = sheet.cell(row, sector);
        let Ok(at) = sectors.position(text) else {
            if let Err(error) = all.position(text) {
                faults
                    .push(Fault::new(sheet.at(row, sector), error.to_string()).help(error.help()));
            }
            continue;
        };
        let number = if index.is_some() {
            sheet.number(row, value).and_then(|number| {
                if number > 0.0 && number < 1.0 {
                    return Ok(number);
                }
                let text = format!("a plant Herfindahl index of {}", exact(number));
                Err(Fault::new(sheet.at(row, value), text).help("it lies above 0 and below 1"))
            })
        } else {
            long::above_zero(sheet, row, value, "a size")
        };
        let Some(number) = faults.keep(number) else { continue };
        if index.is_some() && !given[at].is_empty() {
            faults.push(Fault::new(sheet.at(row, sector), format!("{text} stands twice")));
        }
        given[at].push(number);
    }
    let found = given.iter().enumerate().map(|(at, given)| match (index, given.len()) {
        (_, 0) => Ok(None),
        (Some(_), _) => Ok(Some(given[0])),
        (None, 1) => {
            let text = format!("{} has one plant", sectors.code(at));
            Err(Fault::new(sheet.whole(), text).help("its place says nothing: delete the line"))
        }
        (None, _) => Ok(plant_herfindahl(given)),
    });
    let found: Vec<Option<f64>> = found.filter_map(|one| faults.keep(one)).collect();
    faults.into_result(found)
}
