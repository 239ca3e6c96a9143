//! GAL and GWT, the text formats of GeoDa.
//!
//! ```text
//! GAL                         GWT
//! 0 3 map NAME                0 3 map NAME          flag, number of units, name of the map, variable of the labels
//! A 1                         A B 0.5               unit, neighbour, weight
//! B                           B A 0.5
//! B 2                         B C 1.5
//! A C                         C B 1.5
//! C 1
//! B
//! ```
//!
//! A GAL names every unit with the number of its neighbours and on the next line the neighbours; every weight is 1. A GWT
//! does not name islands. The first line may be the number of units alone. What it claims is held against what follows; no
//! memory is asked for on its word. Labels have no blanks.

use std::collections::HashMap;
use std::ops::Range;

use super::pairs::{MOST, Pairs};
use crate::fault::{Fault, Faults, Location};
use crate::input::TextFile;
use crate::labels::suggestion;
use crate::text::count;
use crate::weights::Weights;

/// The words of one line.
struct Line<'a> {
    text: &'a str,
    /// First byte of the line in the file.
    start: usize,
}

impl<'a> Line<'a> {
    fn words(&self) -> impl Iterator<Item = (&'a str, Range<usize>)> + use<'a> {
        let (text, start) = (self.text, self.start);
        text.split_ascii_whitespace().map(move |word| {
            let at = start + (word.as_ptr() as usize - text.as_ptr() as usize);
            (word, at..at + word.len())
        })
    }

    fn span(&self) -> Range<usize> {
        let lead = self.text.len() - self.text.trim_start().len();
        self.start + lead..self.start + self.text.trim_end().len().max(lead)
    }
}

/// Lines that are not blank.
fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut start = 0;
    text.split_inclusive('\n')
        .map(move |text| {
            let line = Line { text, start };
            start += text.len();
            line
        })
        .filter(|line| !line.text.trim().is_empty())
}

/// Number of units that the first line claims, and its place.
fn header(file: &TextFile, line: Option<&Line<'_>>) -> Result<(u64, Range<usize>), Fault> {
    let Some(line) = line else {
        return Err(Fault::new(Location::whole(&file.path), "the file is empty"));
    };
    let words: Vec<(&str, Range<usize>)> = line.words().take(4).collect();
    let claim = if words.len() == 1 { &words[0] } else { &words[1] };
    let sound = words.len() == 1 || (words.len() == 4 && words[0].0 == "0");
    match claim.0.parse::<u64>() {
        Ok(number) if sound => Ok((number, claim.1.clone())),
        _ => {
            let at = Location::span(&file.path, &file.text, line.span());
            let text = "the first line does not say how many units there are";
            Err(Fault::new(at, text).help("it is: 0 49 MAP VARIABLE, or the number alone: 49"))
        }
    }
}

/// Reads a GAL: units in the order of the file, every weight 1.
///
/// # Errors
/// A first line that is none, units that stand twice, neighbours that are no unit, twice or the unit itself, and numbers of
/// units or neighbours that are not what follows.
pub fn read(file: &TextFile) -> Result<Weights, Faults> {
    let at = |span: Range<usize>| Location::span(&file.path, &file.text, span);
    let mut lines = lines(&file.text);
    let (claimed, place) = header(file, lines.next().as_ref())?;
    let mut faults = Faults::default();
    let mut units: Vec<&str> = Vec::new();
    let mut index: HashMap<&str, u32> = HashMap::new();
    let mut of_units: Vec<Option<Line<'_>>> = Vec::new();
    while let Some(line) = lines.next() {
        let words: Vec<(&str, Range<usize>)> = line.words().take(3).collect();
        let number = match words.as_slice() {
            [_, (number, _)] => number.parse::<u64>().ok(),
            _ => None,
        };
        let Some(number) = number else {
            let text = "expected a unit and the number of its neighbours";
            let fault = Fault::new(at(line.span()), text);
            faults.push(fault.help("for example: A 2, and on the next line the two neighbours"));
            return Err(faults);
        };
        let (label, span) = words[0].clone();
        if index.insert(label, units.len() as u32).is_some() {
            faults.push(Fault::new(at(span), format!("{label} stands twice")));
        }
        units.push(label);
        if number == 0 {
            of_units.push(None);
            continue;
        }
        let Some(next) = lines.next() else {
            let text = format!("{} of {label} expected, and the file ends", neighbours(number));
            faults.push(Fault::new(at(words[1].1.clone()), text));
            return Err(faults);
        };
        let found = next.words().count() as u64;
        if found != number {
            let text = format!("{} of {label} expected, found {found}", neighbours(number));
            faults.push(Fault::new(at(next.span()), text));
            return Err(faults);
        }
        of_units.push(Some(next));
        if faults.iter().count() >= MOST {
            return Err(faults);
        }
    }
    if claimed != units.len() as u64 {
        let text = format!("{claimed} units are announced, and {} follow", units.len());
        faults.push(Fault::new(at(place), text).help("the file may be cut short"));
    }
    faults = faults.into_result(Faults::default())?;
    let (mut starts, mut places) = (vec![0], Vec::new());
    let mut row: Vec<u32> = Vec::new();
    for (unit, line) in of_units.iter().enumerate() {
        row.clear();
        for (label, span) in line.iter().flat_map(Line::words) {
            match index.get(label) {
                None => faults.push(no_unit(label, &units, at(span))),
                Some(own) if *own as usize == unit => {
                    let text = format!("{label} is its own neighbour");
                    let fault = Fault::new(at(span), text);
                    faults.push(fault.help("the diagonal of spatial weights is zero"));
                }
                Some(other) => row.push(*other),
            }
            if faults.iter().count() >= MOST {
                return Err(faults);
            }
        }
        row.sort_unstable();
        if let Some(twice) = row.windows(2).find(|pair| pair[0] == pair[1]) {
            let text =
                format!("{} is a neighbour of {} twice", units[twice[0] as usize], units[unit]);
            let span = line.as_ref().map_or(0..0, Line::span);
            faults.push(Fault::new(at(span), text));
        }
        places.extend_from_slice(&row);
        starts.push(places.len());
    }
    faults.into_result(())?;
    let values = vec![1.0; places.len()];
    let units = units.into_iter().map(str::to_owned).collect();
    Ok(Weights::compressed(units, starts, places, values).expect("every pair was looked at"))
}

/// Reads a GWT: units in the order in which they come, the third number of a line as the weight.
///
/// Some programs write distances there; what is near must then be given by another kind of weights.
///
/// # Errors
/// A first line that is none, lines that are no pair with a weight, units that are their own neighbours, pairs that stand
/// twice, and a number of units that is not that of the units named.
pub fn read_gwt(file: &TextFile) -> Result<Weights, Faults> {
    let at = |span: Range<usize>| Location::span(&file.path, &file.text, span);
    let mut lines = lines(&file.text);
    let (claimed, place) = header(file, lines.next().as_ref())?;
    let mut faults = Faults::default();
    let mut pairs = Pairs::default();
    for line in lines {
        if faults.iter().count() >= MOST {
            return Err(faults);
        }
        let words: Vec<(&str, Range<usize>)> = line.words().take(4).collect();
        let [(of, _), (neighbour, _), (weight, span)] = words.as_slice() else {
            let fault =
                Fault::new(at(line.span()), "expected a unit, its neighbour and the weight");
            faults.push(fault.help("three words a line, for example: A B 0.5"));
            continue;
        };
        let Ok(value) = weight.parse::<f64>() else {
            let text = format!("expected a finite number, found {weight:?}");
            faults.push(Fault::new(at(span.clone()), text));
            continue;
        };
        let both = (pairs.unit(of), pairs.unit(neighbour));
        faults.keep(pairs.add(both, value, || at(line.span())));
    }
    let found = pairs.units().len() as u64;
    if faults.is_empty() && claimed != found {
        let text = format!("{} announced, and {found} named", units_are(claimed));
        let fault = Fault::new(at(place), text);
        faults.push(if claimed > found {
            fault.help("a GWT does not name units without a neighbour: give a GAL, or kind = \"list\" with a line for each")
        } else {
            fault
        });
    }
    pairs.finish(faults, Location::whole(&file.path))
}

fn neighbours(number: u64) -> String {
    format!("{number} neighbour{}", if number == 1 { "" } else { "s" })
}

fn units_are(number: u64) -> String {
    format!("{number} {}", if number == 1 { "unit is" } else { "units are" })
}

fn no_unit(label: &str, units: &[&str], at: Location) -> Fault {
    let fault = Fault::new(at, format!("{label} is no unit of the file"));
    match suggestion(label, units.iter().copied()) {
        Some(near) => fault.help(format!("did you mean {near}?")),
        None => fault.help(format!(
            "the file has {}, each with a line of its own",
            count(units.len(), "unit")
        )),
    }
}
