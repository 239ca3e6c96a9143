//! Costs between regions: a CSV of pairs, or of coordinates.
//!
//! ```text
//! from,to,value        a pair told once counts both ways
//! region,lon,lat       degrees; the cost is the distance over the earth in km
//! ```

use std::ops::RangeInclusive;

use super::sheet::Sheet;
use crate::earth::{DEGREES, great_circle};
use crate::fault::{Fault, Faults, Location};
use crate::labels::{Axis, listed};
use crate::linalg::Dense;
use crate::text::exact;

/// Reads costs between the regions of an axis; regions of the file that are not on it are passed over.
///
/// # Errors
/// Wrong columns or numbers, pairs without a positive cost, regions without a place.
pub fn read(sheet: &Sheet, regions: &Axis) -> Result<Dense, Faults> {
    let (lon, lat) = (sheet.column(0, &["lon"]), sheet.column(0, &["lat"]));
    let region = sheet.column(0, &["region"]);
    if let (Some(region), Some(lon), Some(lat)) = (region, lon, lat) {
        return distances(sheet, regions, [region, lon, lat]);
    }
    let columns = (
        sheet.column(0, &["from"]),
        sheet.column(0, &["to"]),
        sheet.column(0, &["value", "km", "cost"]),
    );
    if let (Some(from), Some(to), Some(value)) = columns {
        return pairs(sheet, regions, [from, to, value]);
    }
    let fault = Fault::new(sheet.line(0), "the columns are neither pairs nor coordinates");
    Err(fault.help("the header is from,to,value or region,lon,lat").into())
}

fn distances(
    sheet: &Sheet,
    regions: &Axis,
    [region, lon, lat]: [usize; 3],
) -> Result<Dense, Faults> {
    let mut faults = Faults::default();
    sheet.check_list(&mut faults);
    let mut places: Vec<Option<[f64; 2]>> = vec![None; regions.len()];
    for row in 1..sheet.rows() {
        let Ok(at) = regions.position(sheet.cell(row, region)) else { continue };
        let mut within = |column: usize, degrees: &RangeInclusive<f64>, what: &str| {
            let value = faults.keep(sheet.number(row, column))?;
            if !degrees.contains(&value) {
                let text = format!("{what} {} is no angle on the earth", exact(value));
                let help = format!("degrees between {} and {}", degrees.start(), degrees.end());
                faults.push(Fault::new(sheet.at(row, column), text).help(help));
                return None;
            }
            Some(value)
        };
        let (x, y) = (within(lon, &DEGREES[0], "longitude"), within(lat, &DEGREES[1], "latitude"));
        if let (Some(x), Some(y)) = (x, y)
            && places[at].replace([x, y]).is_some()
        {
            let text = format!("{} stands twice", sheet.cell(row, region));
            faults.push(Fault::new(sheet.at(row, region), text));
        }
    }
    for (at, place) in places.iter().enumerate() {
        if place.is_none() && faults.is_empty() {
            faults.push(missing(sheet, &format!("no place of {}", name(regions, at))));
        }
    }
    let mut found = Dense::zeros(regions.len(), regions.len());
    for (r, a) in places.iter().enumerate() {
        for (s, b) in places.iter().enumerate().filter(|(s, _)| *s != r) {
            let (Some(a), Some(b)) = (a, b) else { continue };
            found[(r, s)] = great_circle(*a, *b);
            if found[(r, s)] <= 0.0 && r < s {
                let text =
                    format!("{} and {} are at one place", name(regions, r), name(regions, s));
                faults.push(missing(sheet, &text));
            }
        }
    }
    faults.into_result(found)
}

fn pairs(sheet: &Sheet, regions: &Axis, [from, to, value]: [usize; 3]) -> Result<Dense, Faults> {
    let mut faults = Faults::default();
    sheet.check_list(&mut faults);
    let mut found = Dense::zeros(regions.len(), regions.len());
    for row in 1..sheet.rows() {
        let (a, b) = (sheet.cell(row, from), sheet.cell(row, to));
        let (Ok(r), Ok(s)) = (regions.position(a), regions.position(b)) else { continue };
        let Some(cost) = faults.keep(sheet.number(row, value)) else { continue };
        if r == s {
            continue;
        }
        if cost <= 0.0 {
            let text = format!("the cost from {a} to {b} is {cost}");
            faults.push(Fault::new(sheet.at(row, value), text).help("a number above 0"));
        } else if found[(r, s)] > 0.0 && found[(r, s)] != cost {
            let text = format!("the cost from {a} to {b} is told twice");
            faults.push(Fault::new(sheet.at(row, value), text));
        }
        found[(r, s)] = cost;
    }
    let told = found.clone();
    let mut open = Vec::new();
    for r in 0..regions.len() {
        for s in (0..regions.len()).filter(|s| *s != r) {
            if told[(r, s)] == 0.0 {
                found[(r, s)] = told[(s, r)];
                if told[(s, r)] == 0.0 && r < s {
                    open.push(format!("{}-{}", regions.code(r), regions.code(s)));
                }
            }
        }
    }
    if !open.is_empty() && faults.is_empty() {
        faults.push(missing(sheet, &format!("no cost between {}", listed(&open, 5))));
    }
    faults.into_result(found)
}

fn name(regions: &Axis, at: usize) -> String {
    let label = &regions.labels()[at];
    if label.name() == label.code {
        label.code.clone()
    } else {
        format!("{} ({})", label.code, label.name())
    }
}

fn missing(sheet: &Sheet, text: &str) -> Fault {
    Fault::new(Location::whole(sheet.path()), text.to_owned())
        .help("every two regions of the tables need a cost above 0")
}
