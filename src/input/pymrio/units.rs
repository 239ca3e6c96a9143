//! Lists of units: one line an industry, or one a stressor. A unit that a list leaves out, or that pandas wrote as missing, is
//! not known and becomes a note; a label that is of nothing, or stands twice, is a fault.

use std::collections::{HashMap, HashSet};

use super::frame::{Frame, Line, List};
use super::system::Places;
use crate::fault::{Fault, Faults};
use crate::labels::{listed, suggestion};
use crate::units::Unit;

/// How many names a note has.
const SHOWN: usize = 5;

/// Text of the unit of a line; none where it is missing, which pandas writes as nothing or as `nan`.
pub(super) fn stated(line: &Line) -> Option<&str> {
    let text = line.texts.last().map_or("", |text| text.trim());
    (!text.is_empty() && !text.eq_ignore_ascii_case("nan")).then_some(text)
}

/// What a list of units leaves out of the industries.
pub(super) fn of_industries(list: &List, places: &Places) -> Result<Option<String>, Faults> {
    // Other programs list units by sector alone.
    if list.header.len() != 3 {
        return Ok(None);
    }
    let mut faults = Faults::default();
    let n = places.industries.len();
    let (mut seen, mut known) = (vec![false; n], vec![false; n]);
    for line in &list.lines {
        let [region, sector, _] = line.texts.as_slice() else { continue };
        let at = list.place.field(line.line, 2);
        let Some(industry) = faults.keep(places.industry(region, sector, at.clone())) else {
            continue;
        };
        if std::mem::replace(&mut seen[industry], true) {
            let text = format!("{} stands twice", places.industries.name(industry));
            faults.push(Fault::new(at, text).help("keep one line of each industry"));
        }
        known[industry] = stated(line).is_some();
    }
    let missing: Vec<String> =
        (0..n).filter(|at| !known[*at]).map(|at| places.industries.name(at)).collect();
    let note = (!missing.is_empty()).then(|| {
        let (file, names) = (list.place.file.display(), listed(&missing, SHOWN));
        format!("{file} states no unit of {names}: that of the others is taken")
    });
    faults.into_result(note)
}

/// Units by the labels in front of them; the last column has the unit. Lists may leave all but the first
/// label of a stressor out.
pub(super) fn of_stressors(
    list: &List,
    frame: &Frame,
) -> Result<HashMap<Vec<String>, Unit>, Faults> {
    let mut faults = Faults::default();
    let lines = frame.index.iter().flat_map(|labels| [labels.as_slice(), &labels[..1]]);
    let known: HashSet<&[String]> = lines.collect();
    let mut first: HashMap<&[String], u64> = HashMap::new();
    let mut found = HashMap::new();
    for line in &list.lines {
        let Some((text, labels)) = line.texts.split_last() else { continue };
        if let Some(above) = first.insert(labels, line.line) {
            let text = format!("{:?} stands in line {above} already", labels.join(", "));
            let fault = Fault::new(list.place.field(line.line, 1), text);
            faults.push(fault.help("keep one line of each stressor"));
        } else if !known.contains(labels) {
            faults.push(unknown(list, line, frame));
        }
        if stated(line).is_none() {
            continue;
        }
        let at = || list.place.field(line.line, line.texts.len());
        let unit = text.trim().parse::<Unit>().map_err(|error| Fault::new(at(), error.to_string()));
        if let Some(unit) = faults.keep(unit) {
            found.insert(labels.to_vec(), unit);
        }
    }
    faults.into_result(found)
}

/// A unit of a stressor that the account does not have.
fn unknown(list: &List, line: &Line, frame: &Frame) -> Fault {
    let name = line.texts[..line.texts.len() - 1].join(", ");
    let names: Vec<String> = frame.index.iter().map(|labels| labels.join(", ")).collect();
    let text = format!("the account's flows have no line {name:?}");
    let fault = Fault::new(list.place.field(line.line, 1), text);
    fault.help(match suggestion(&name, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean {near:?}?"),
        None => "name a stressor as its line of flows does, or delete the line".to_owned(),
    })
}
