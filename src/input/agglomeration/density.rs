//! `[density]`: quantities per area, over chosen sectors and weighted ones.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use super::Files;
use super::activity::{positions, unit_of};
use super::long::{self, Known, Long};
use crate::concentration::density::{Initial, perpetual_inventory, weighted};
use crate::concentration::study::{ActivityStudy, DensitySeries, DensityStudy, per_area};
use crate::fault::{Fault, Faults, Note, NoteCode};
use crate::input::document::{Section, parsed};
use crate::input::sheet::Sheet;
use crate::labels::{Axis, Label, comparable};
use crate::text::exact;
use crate::units::Unit;

/// What every quantity is summed and divided by.
struct Frame<'a> {
    activity: Option<&'a ActivityStudy>,
    regions: Axis,
    areas: Vec<f64>,
    /// 1 for each chosen sector.
    chosen: Option<Vec<f64>>,
    weights: Option<Vec<f64>>,
}

pub(super) fn read(
    section: &Section<'_>,
    activity: Option<&ActivityStudy>,
    files: &mut Files<'_>,
) -> Option<DensityStudy> {
    let document = section.document();
    let area = section.required_text("area");
    let area_unit = match section.text("area_unit") {
        None => Some("km^2".to_owned()),
        Some(text) => document.keep(parsed::<Unit>(&text)).map(|unit| unit.text().to_owned()),
    };
    let names = section.texts("sectors");
    let weights = section.text("weights");
    section.require("quantity");
    let quantities = section.sections("quantity");
    section.finish();
    let areas = area
        .and_then(|text| files.sheet(&text))
        .and_then(|sheet| document.absorb(areas(&sheet, activity.map(|one| &one.regions))));
    for (key, at) in
        [("sectors", names.as_ref().map(|_| ())), ("weights", weights.as_ref().map(|_| ()))]
    {
        if at.is_some() && activity.is_none() {
            let fault = Fault::new(section.at_key(key), format!("{key} without an [activity]"));
            document.push(
                fault.help(
                    "sectors are those of an [activity]; without one, quantities are by region",
                ),
            );
        }
    }
    let mut whole = true;
    let chosen = activity.map(|activity| {
        let at = match &names {
            Some(names) => positions(names, &activity.sectors, section),
            None => Some((0..activity.sectors.len()).collect()),
        };
        // What is wrong with them is told; the rest is read all the same.
        whole &= at.is_some();
        let inside = |i: usize| at.as_ref().is_none_or(|at| at.contains(&i));
        (0..activity.sectors.len()).map(|i| f64::from(u8::from(inside(i)))).collect::<Vec<f64>>()
    });
    let weights = match (weights, activity) {
        (Some(text), Some(activity)) => {
            let found = files.sheet(&text).and_then(|sheet| {
                let (found, note) = document.absorb(sector_weights(&sheet, &activity.sectors))?;
                files.notes.extend(note);
                Some(found)
            });
            whole &= found.is_some();
            found
        }
        _ => None,
    };
    let (regions, areas) = areas?;
    let frame = Frame { activity, regions, areas, chosen, weights };
    let mut read = DensityStudy {
        regions: frame.regions.clone(),
        areas: frame.areas.clone(),
        area_unit: area_unit?,
        sectors: match (activity, &frame.chosen) {
            (Some(activity), Some(chosen)) => (0..chosen.len())
                .filter(|i| chosen[*i] > 0.0)
                .map(|i| activity.sectors.code(i).to_owned())
                .collect(),
            _ => Vec::new(),
        },
        weights: frame.weights.clone(),
        series: Vec::new(),
        sources: Vec::new(),
    };
    for quantity in &quantities {
        let before = read.series.len();
        if one(quantity, &frame, files, &mut read).is_none() {
            whole = false;
            read.series.truncate(before);
        }
    }
    whole.then_some(read)
}

/// Reads one `[[density.quantity]]`.
fn one(
    section: &Section<'_>,
    frame: &Frame<'_>,
    files: &mut Files<'_>,
    read: &mut DensityStudy,
) -> Option<()> {
    let document = section.document();
    let code = section.required_text("code");
    let (file, investment) = (section.text("file"), section.text("investment"));
    let unit = section.text("unit");
    let depreciation = section.number("depreciation");
    let growth = section.number("growth");
    let stock = section.text("stock");
    section.finish();
    let code = code?;
    if read.series.iter().any(|other| other.code == code.value) {
        document.push(Fault::new(code.at, format!("{} stands twice", code.value)));
        return None;
    }
    if investment.is_none() {
        for key in ["depreciation", "growth", "stock"] {
            if section.has(key) {
                let fault = Fault::new(section.at_key(key), format!("{key} without investment"));
                document.push(fault.help("it belongs to capital that is made of investment"));
            }
        }
    }
    let (source, unit, years, by_sector) = match (file, investment) {
        (Some(file), Some(_)) => {
            let fault = Fault::new(file.at, "file and investment are both given");
            document.push(fault.help("keep one of them"));
            return None;
        }
        (Some(file), None) => {
            let unit = unit_of(unit, section);
            let sheet = files.sheet(&file)?;
            let known = frame.activity.map(|activity| Known::On(&activity.sectors));
            let long = document.absorb(long::read(&sheet, Known::On(&frame.regions), known))?;
            let years = document.absorb(long.complete(&sheet))?;
            (file.value, unit?, years, long.sectors.is_some())
        }
        (None, Some(file)) => {
            let unit = unit_of(unit, section);
            let share = match depreciation {
                Some(share) if share.value > 0.0 && share.value <= 1.0 => Some(share.value),
                Some(share) => {
                    let fault = Fault::new(share.at, format!("depreciation is {}", share.value));
                    document.push(fault.help("a share above 0, such as 0.096"));
                    None
                }
                None => {
                    section.require("depreciation");
                    None
                }
            };
            let sheet = files.sheet(&file)?;
            let long = document.absorb(long::read(&sheet, Known::On(&frame.regions), None))?;
            let first = match (stock, growth) {
                (Some(stock), Some(_)) => {
                    let fault = Fault::new(stock.at, "stock and growth are both given");
                    document.push(fault.help("keep one of them"));
                    return None;
                }
                (Some(stock), None) => {
                    let sheet = files.sheet(&stock)?;
                    let found = long::read(&sheet, Known::On(&frame.regions), None);
                    let found = document.absorb(found)?;
                    let found = document.absorb(found.complete(&sheet))?;
                    if found.len() != 1 {
                        let text = "the first stock is of more than one year";
                        document.push(Fault::new(sheet.whole(), text));
                        return None;
                    }
                    First::Stocks(found.into_iter().next()?.1)
                }
                (None, Some(growth)) if growth.value > -1.0 && growth.value <= 1.0 => {
                    First::Rule(Initial::Growth(growth.value))
                }
                (None, Some(growth)) => {
                    let fault = Fault::new(growth.at, format!("growth is {}", growth.value));
                    document
                        .push(fault.help("a share a year, above -1 and at most 1, such as 0.08"));
                    return None;
                }
                (None, None) => First::Rule(Initial::OwnGrowth),
            };
            let years = document.absorb(capital(&long, &sheet, share?, &first))?;
            (file.value, unit?, years, false)
        }
        (None, None) => {
            if section.has("file") || section.has("investment") {
                return None;
            }
            let Some(activity) = frame.activity else {
                let fault = Fault::new(section.at(), "the quantity has no numbers");
                document.push(fault.help("add file = \"FILE.csv\", or an [activity] to take"));
                return None;
            };
            if let Some(unit) = unit {
                let fault = Fault::new(unit.at, "the unit is that of the activity");
                document.push(fault.help("delete the line"));
            }
            let years = activity.years.iter();
            let years = years.map(|(year, one)| (*year, one.values().to_vec())).collect();
            (activity.quantity.clone(), activity.unit.clone(), years, true)
        }
    };
    let mut add = |part: &'static str, weights: &[f64]| {
        let years = years
            .iter()
            .map(|(year, values)| per_area(*year, weighted(values, weights), &frame.areas))
            .collect();
        read.series.push(DensitySeries {
            code: code.value.clone(),
            unit: unit.clone(),
            part,
            years,
        });
    };
    match (&frame.chosen, by_sector) {
        (Some(chosen), true) => {
            add("chosen", chosen);
            if let Some(weights) = &frame.weights {
                add("weighted", weights);
            }
        }
        _ => add("region", &[1.0]),
    }
    read.sources.push((code.value.clone(), source));
    Some(())
}

/// What capital there was at first.
enum First {
    Rule(Initial),
    Stocks(Vec<f64>),
}

/// Capital by region and year from investment.
fn capital(
    long: &Long,
    sheet: &Sheet,
    depreciation: f64,
    first: &First,
) -> Result<long::ByYear, Faults> {
    let years = long.complete(sheet)?;
    let mut faults = Faults::default();
    let numbers: Vec<i32> = years.iter().filter_map(|(year, _)| *year).collect();
    if numbers.len() < years.len() {
        let fault = Fault::new(sheet.line(0), "no column \"year\" in the header");
        return Err(fault.help("capital is made of investment year by year").into());
    }
    for pair in numbers.windows(2).filter(|pair| pair[1] != pair[0] + 1) {
        let text = format!("no investment between {} and {}", pair[0], pair[1]);
        faults.push(Fault::new(sheet.whole(), text).help("every year between needs its lines"));
    }
    let mut found: BTreeMap<Option<i32>, Vec<f64>> = BTreeMap::new();
    for r in 0..long.regions.len() {
        let investment: Vec<f64> = years.iter().map(|(_, values)| values[r]).collect();
        let initial = match first {
            First::Rule(rule) => *rule,
            First::Stocks(stocks) => Initial::Stock(stocks[r]),
        };
        match perpetual_inventory(&investment, depreciation, initial) {
            Ok(stocks) => {
                for ((year, _), stock) in years.iter().zip(stocks) {
                    found.entry(*year).or_default().push(stock);
                }
            }
            Err(error) => {
                let text = format!("{}: {error}", long.regions.code(r));
                faults.push(
                    Fault::new(sheet.whole(), text)
                        .help("stock = \"FILE.csv\" gives one by region"),
                );
            }
        }
    }
    faults.into_result(found.into_iter().collect())
}

/// Areas of the regions: of those known, or of whatever the file names.
fn areas(sheet: &Sheet, known: Option<&Axis>) -> Result<(Axis, Vec<f64>), Faults> {
    let mut faults = Faults::default();
    let help = "the header is: region,area";
    let Some([region, area]) = sheet.columns(["region", "area"], help, &mut faults) else {
        return Err(faults);
    };
    sheet.check_known(&["region", "area"], help, &mut faults);
    let mut found: Vec<(String, f64)> = Vec::new();
    let mut places = HashMap::new();
    for row in 1..sheet.rows() {
        let text = sheet.cell(row, region);
        let value = faults.keep(long::above_zero(sheet, row, area, "an area"));
        let at = match known {
            Some(axis) => match axis.position(text) {
                Ok(at) => axis.code(at).to_owned(),
                Err(error) => {
                    let fault = Fault::new(sheet.at(row, region), error.to_string());
                    faults.push(fault.help(error.help()));
                    continue;
                }
            },
            None => text.to_owned(),
        };
        if at.is_empty() {
            faults.push(Fault::new(sheet.at(row, region), "a line without a region"));
        } else if let Entry::Vacant(place) = places.entry(comparable(&at)) {
            place.insert(found.len());
            found.push((at, value.unwrap_or(1.0)));
        } else {
            faults.push(Fault::new(sheet.at(row, region), format!("{text} stands twice")));
        }
    }
    let axis = match known {
        Some(axis) => axis.clone(),
        None => {
            let labels = found.iter().map(|(code, _)| Label::code(code.clone()));
            let axis = Axis::new("region", labels)
                .map_err(|error| Fault::new(sheet.line(error.position + 1), error.to_string()));
            match faults.keep(axis) {
                Some(axis) => axis,
                None => return Err(faults),
            }
        }
    };
    let area_of = |code: &str| places.get(&comparable(code)).map(|at| found[*at].1);
    let areas: Vec<Option<f64>> = axis.labels().iter().map(|label| area_of(&label.code)).collect();
    let missing: Vec<&str> =
        (0..axis.len()).filter(|at| areas[*at].is_none()).map(|at| axis.code(at)).collect();
    if !missing.is_empty() {
        let text = format!("no area of {}", missing.join(", "));
        faults.push(Fault::new(sheet.whole(), text).help("add a line for each"));
    }
    if axis.is_empty() {
        faults.push(Fault::new(sheet.line(0), "no line below the header"));
    }
    faults.into_result((axis, areas.into_iter().flatten().collect()))
}

/// Weights of sectors, 0 for those that the file does not name; those that it marks as partial are told.
fn sector_weights(sheet: &Sheet, sectors: &Axis) -> Result<(Vec<f64>, Option<Note>), Faults> {
    let mut faults = Faults::default();
    let help = "the header is: sector,weight, and partial where only part of a sector is meant";
    let Some([sector, weight]) = sheet.columns(["sector", "weight"], help, &mut faults) else {
        return Err(faults);
    };
    sheet.check_known(&["sector", "weight", "partial"], help, &mut faults);
    let partial = sheet.column(0, &["partial"]);
    let mut found: Vec<Option<f64>> = vec![None; sectors.len()];
    let mut partly = Vec::new();
    for row in 1..sheet.rows() {
        let at = sectors.position(sheet.cell(row, sector)).map_err(|error| {
            Fault::new(sheet.at(row, sector), error.to_string()).help(error.help())
        });
        let value = sheet.number(row, weight).and_then(|value| {
            if (0.0..=1.0).contains(&value) {
                return Ok(value);
            }
            let fault = Fault::new(sheet.at(row, weight), format!("a weight of {}", exact(value)));
            Err(fault.help("a share from 0 to 1"))
        });
        let (Some(at), Some(value)) = (faults.keep(at), faults.keep(value)) else { continue };
        if found[at].replace(value).is_some() {
            let text = format!("{} stands twice", sectors.code(at));
            faults.push(Fault::new(sheet.at(row, sector), text));
        }
        match partial.map_or("", |column| sheet.cell(row, column)) {
            "" | "0" | "no" => {}
            "1" | "yes" => partly.push(sectors.code(at)),
            other => {
                let fault = Fault::new(
                    sheet.at(row, partial.unwrap_or(weight)),
                    format!("{other:?} is neither yes nor no"),
                );
                faults.push(fault.help("write yes, no, 1, 0 or nothing"));
            }
        }
    }
    if found.iter().flatten().all(|weight| *weight == 0.0) && faults.is_empty() {
        let fault = Fault::new(sheet.whole(), "no sector has a weight above 0");
        faults.push(fault.help("leave weights out, or name the sectors that are meant"));
    }
    let note = (!partly.is_empty()).then(|| {
        let text = format!(
            "{}: only part of the sector is meant, but it counts by its weight as a whole",
            partly.join(", ")
        );
        Note::new(NoteCode::PartialWeights, text)
    });
    faults.into_result((found.into_iter().map(|weight| weight.unwrap_or(0.0)).collect(), note))
}
