//! What the lines of a source reach: industries, households and regions that they leave out would be zero
//! without a word, and a line that stands twice would be counted twice.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Targets;
use crate::fault::{Fault, Faults, Location};
use crate::input::complete::{SHOWN, among};
use crate::input::document::Located;
use crate::labels::{Industries, comparable, listed, suggestion};

/// What industries and households that the source has no line of are taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// Something that was lost.
    Fault,
    /// Zero: the source has no lines of what is nothing.
    Zero,
}

/// Words of the key `missing`.
pub(super) const WORDS: &[(&str, Missing)] = &[("fault", Missing::Fault), ("zero", Missing::Zero)];

/// Places that lines have reached so far.
pub(super) struct Coverage {
    industries: Vec<bool>,
    households: Vec<bool>,
    /// Texts of sectors as they stand, by the text they are compared by.
    sectors: BTreeMap<String, String>,
    /// Row of each line, by what tells it apart.
    lines: HashMap<String, usize>,
}

impl Coverage {
    pub(super) fn of(industries: &Industries) -> Self {
        Coverage {
            industries: among(industries.len(), []),
            households: among(industries.regions.len(), []),
            sectors: BTreeMap::new(),
            lines: HashMap::new(),
        }
    }

    /// Notes a line that goes to sectors (none is households) of a region.
    pub(super) fn reach(
        &mut self,
        industries: &Industries,
        region: usize,
        sectors: &[(Option<usize>, f64)],
    ) {
        for (sector, _) in sectors {
            match sector {
                Some(sector) => self.industries[industries.index(region, *sector)] = true,
                None => self.households[region] = true,
            }
        }
    }

    /// Notes the text of a line's sector.
    pub(super) fn sector(&mut self, text: &str) {
        self.sectors.entry(comparable(text)).or_insert_with(|| text.to_owned());
    }

    /// Says that a line is of the same as one above; `key` is what tells lines apart.
    pub(super) fn once(
        &mut self,
        key: String,
        row: usize,
        at: impl Fn(usize) -> Location,
    ) -> Result<(), Fault> {
        let Some(first) = self.lines.insert(key, row) else { return Ok(()) };
        let line = match at(first) {
            Location::Field { line, .. } => format!("line {line}"),
            Location::Cell { cell, .. } => format!("cell {cell}"),
            other => other.to_string(),
        };
        Err(Fault::new(at(row), format!("this region and sector stand in {line} already")).help(
            "keep one of the two; lines are added up only over columns that `where` or `except` names, as in where = { fuel = [\"coal\", \"oil\"] }",
        ))
    }

    /// Says which industries with output, and households, of regions that have lines have none of their own.
    pub(super) fn left_out(
        &self,
        industries: &Industries,
        output: &[f64],
        at: Location,
    ) -> Result<(), Fault> {
        let sectors = industries.sectors.len();
        let anywhere = self.households.contains(&true);
        let mut missing = Vec::new();
        for region in 0..industries.regions.len() {
            let own = region * sectors..(region + 1) * sectors;
            // A region that has no line at all is told as a whole.
            if !self.households[region] && !self.industries[own.clone()].contains(&true) {
                continue;
            }
            let lacking = own.filter(|&at| output[at] != 0.0 && !self.industries[at]);
            missing.extend(lacking.map(|at| industries.name(at)));
            if anywhere && !self.households[region] {
                missing.push(format!("households of {}", industries.regions.code(region)));
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        let text = format!("has no line of {}", listed(&missing, SHOWN));
        Err(Fault::new(at, text).help(
            "write a line for every industry that has output, and for households, of zero where there is nothing; if the file leaves out what is zero, say missing = \"zero\" under [[extension]]",
        ))
    }

    /// Says which households no line of the source is of.
    pub(super) fn households(
        &self,
        households: &[Located<String>],
        (map, sectors): (Option<&HashMap<String, HashSet<String>>>, &Targets),
        faults: &mut Faults,
    ) {
        for household in households {
            let key = comparable(&household.value);
            let found = match map {
                None => self.sectors.contains_key(&key),
                Some(map) => map
                    .get(&key)
                    .is_some_and(|from| from.iter().any(|from| self.sectors.contains_key(from))),
            };
            if found {
                continue;
            }
            faults.push(match map {
                None => self.nowhere(household, sectors),
                Some(_) => {
                    let text = format!("no line of the file is led to {:?}", household.value);
                    Fault::new(household.at.clone(), text)
                        .help("lead a sector of the file to it in the sector_map, or take it out")
                }
            });
        }
    }

    /// Households that the file has no line of; what goes nowhere, or to others, may be meant.
    fn nowhere(&self, household: &Located<String>, sectors: &Targets) -> Fault {
        let strange = self.sectors.iter().filter(|(key, _)| {
            sectors.get(*key).is_none_or(|to| to.iter().any(|(sector, _)| sector.is_none()))
        });
        let text = format!("no line of the file has the sector {:?}", household.value);
        let fault = Fault::new(household.at.clone(), text);
        fault.help(match suggestion(&household.value, strange.map(|(_, text)| text.as_str())) {
            Some(near) => format!("did you mean {near:?}?"),
            None => "write the name of households as the file does, or take it out".to_owned(),
        })
    }
}
