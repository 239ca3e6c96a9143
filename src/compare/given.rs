//! What the files of one run say, ready to be looked up.

use std::collections::BTreeSet;

use serde_json::Value;

use super::draws::Draws;
use super::lookup::Lookup;
use super::{Better, CompareError, Compared, Drawn, NAMED, Number, OUTPUT, VALUE_ADDED};
use crate::fault::{Note, NoteCode};
use crate::labels::{Label, listed, places};
use crate::recorded::{NamedCode, Recorded, Summary};
use crate::tidy::{Column, Tidy};

/// A run as its folder has it.
pub(super) struct Given<'a> {
    pub(super) recorded: &'a Recorded,
    pub(super) compared: Compared,
    /// Its years, rising.
    pub(super) years: Vec<i32>,
    pub(super) draws: Draws,
    sums: Lookup<'a>,
    bands: Lookup<'a>,
    grades: Lookup<'a>,
    /// The reading of the headline.
    reading: &'a str,
    /// The stressor that readings are about.
    read: Option<&'a str>,
}

impl<'a> Given<'a> {
    /// Of a folder of `irio run`.
    ///
    /// # Errors
    /// If it has no sums.
    pub(super) fn of(
        index: usize,
        recorded: &'a Recorded,
        compared: Compared,
    ) -> Result<Self, CompareError> {
        use Column::{Factor, Part, Quantity, Region, Scenario, Statistic, Year};
        let missing = || CompareError::Missing { index, file: "sums.csv" };
        let sums = recorded.tidy("sums.csv").ok_or_else(missing)?;
        let density = recorded.summary.switches.get("density").unwrap_or(&Value::Null);
        let bands = recorded.tidy("bands.csv");
        let of_difference = |tidy: &'a Tidy| {
            let columns = [Year, Quantity, Region, Factor, Statistic];
            Lookup::of(tidy, &columns, |row| tidy.text(row, Scenario) == "difference")
        };
        let years: BTreeSet<i32> =
            (0..sums.len()).filter_map(|row| sums.text(row, Year).parse().ok()).collect();
        if years.is_empty() {
            return Err(missing());
        }
        Ok(Given {
            recorded,
            compared,
            years: years.into_iter().collect(),
            draws: Draws::of(recorded.tidy("draws.csv")),
            sums: Lookup::of(sums, &[Year, Quantity, Region, Factor], |_| true),
            bands: bands.map_or_else(|| Lookup::of_some(None, &[]), of_difference),
            grades: Lookup::of_some(
                recorded.tidy("grades.csv"),
                &[Quantity, Region, Factor, Part, Statistic],
            ),
            reading: density["mode"].as_str().unwrap_or("none"),
            read: density["stressor"].as_str(),
        })
    }

    pub(super) fn summary(&self) -> &'a Summary {
        &self.recorded.summary
    }

    /// The reading of its headline.
    pub(super) fn reading(&self) -> &'a str {
        self.reading
    }

    /// Its last year.
    pub(super) fn last(&self) -> i32 {
        self.years.last().copied().unwrap_or_default()
    }

    /// A sum by the word of its factor: `base`, `baseline`, `scenario`, `difference` ...
    pub(super) fn sum(&self, year: i32, quantity: &str, place: &str, factor: &str) -> Option<f64> {
        self.sums.get(&[&year.to_string(), quantity, place, factor])
    }

    /// Scenario less baseline with its draws.
    pub(super) fn difference(&self, year: i32, quantity: &str, place: &str) -> Option<Drawn> {
        let value = self.sum(year, quantity, place, "difference")?;
        let year = year.to_string();
        let at = |name: &str| self.bands.get(&[&year, quantity, place, self.reading, name]);
        let range = OF_DRAWS.map(at);
        let range = match range {
            [Some(low), Some(middle), Some(high)] => Some([low, middle, high]),
            _ => None,
        };
        Some(Drawn { value, range })
    }

    /// Share of draws above and below zero, and how many of all ways agree with the headline, in the run's last
    /// year; none where nothing is drawn.
    pub(super) fn signs(&self, quantity: &str, place: &str) -> (Option<[f64; 2]>, Option<f64>) {
        // What no reading is about has the headline's alone.
        let reading = if Some(quantity) == self.read { self.reading } else { "none" };
        let share =
            |name: &str| self.grades.get(&[quantity, place, reading, "scenario/scenario", name]);
        let drawn = self.summary().switches.get("uncertainty").is_some_and(Value::is_object);
        let shares = share("share_positive").zip(share("share_negative")).filter(|_| drawn);
        let agreement = self.grades.get(&[quantity, place, "all", "all", "agreement"]);
        (shares.map(<[f64; 2]>::from), agreement)
    }

    /// Whether more or less of a quantity is better: of jobs, output and value added more.
    pub(super) fn better(&self, quantity: &str) -> Better {
        let realism = self.summary().switches.get("realism").unwrap_or(&Value::Null);
        let jobs = realism["employment"]["jobs"].as_str();
        if [OUTPUT, VALUE_ADDED].contains(&quantity) || jobs == Some(quantity) {
            Better::More
        } else {
            Better::Less
        }
    }
}

/// Names of the three numbers of a range over draws.
pub(super) const OF_DRAWS: [&str; 3] = ["p05", "p50", "p95"];

/// Names of the two numbers of a range over orders.
pub(super) const OF_ORDERS: [&str; 2] = ["min", "max"];

/// Numbers of a file in long form with their ranges: texts of some columns, then the lines `value` and those of
/// the range, which follow each other.
pub(super) fn ranged_lines<'a, const K: usize, const N: usize>(
    tidy: &'a Tidy,
    columns: [Column; K],
    range: [&str; N],
) -> Vec<([&'a str; K], Number<N>)> {
    let mut found: Vec<([&str; K], Number<N>)> = Vec::new();
    for row in 0..tidy.len() {
        let texts = columns.map(|column| tidy.text(row, column));
        let (statistic, value) = (tidy.text(row, Column::Statistic), tidy.value(row));
        if statistic == "value" {
            found.push((texts, Number::certain(value)));
        } else if let Some(at) = range.iter().position(|name| *name == statistic)
            && let Some((_, last)) = found.last_mut().filter(|(own, _)| *own == texts)
        {
            last.range.get_or_insert([value; N])[at] = value;
        }
    }
    found
}

/// What results are called: by their own names, by their folders where two have the same or one is taken by the
/// baseline.
pub(super) fn codes(results: &[Recorded], name: impl Fn(&Summary) -> String) -> Vec<String> {
    let own: Vec<String> = results.iter().map(|one| name(&one.summary)).collect();
    let folders: Vec<String> = results
        .iter()
        .map(|one| {
            let last = one.folder.file_name().map(|name| name.to_string_lossy().into_owned());
            last.unwrap_or_else(|| one.folder.display().to_string())
        })
        .collect();
    let alone = |names: &[String], at: usize| {
        let taken = |name: &&String| **name == names[at];
        names[at] != super::BASELINE && names.iter().filter(taken).count() == 1
    };
    let first: Vec<String> = (0..results.len())
        .map(|at| if alone(&own, at) { own[at].clone() } else { folders[at].clone() })
        .collect();
    (0..results.len())
        .map(|at| {
            let path = || results[at].folder.display().to_string();
            if alone(&first, at) { first[at].clone() } else { path() }
        })
        .collect()
}

/// What several results have in common.
pub(super) struct Common {
    /// Regions, groups that all have, then all together.
    pub(super) places: Vec<NamedCode>,
    /// How many of the places are regions.
    pub(super) regions: usize,
    /// Quantities that all have.
    pub(super) quantities: Vec<NamedCode>,
    /// Names of what only some have.
    pub(super) left: Vec<String>,
}

/// What several results have in common.
///
/// # Errors
/// If their regions differ, or the unit of a quantity.
pub(super) fn common_to(summaries: &[&Summary]) -> Result<Common, Vec<CompareError>> {
    let of = |summary: &Summary, kind: &str| -> Vec<NamedCode> {
        summary.labels.get(kind).cloned().unwrap_or_default()
    };
    let codes = |summary: &Summary| -> Vec<String> {
        of(summary, "regions").into_iter().map(|region| region.code).collect()
    };
    let sorted = |mut codes: Vec<String>| {
        codes.sort_unstable();
        codes
    };
    let first = codes(summaries[0]);
    let mut errors = Vec::new();
    for (index, summary) in summaries.iter().enumerate() {
        let own = codes(summary);
        if sorted(own.clone()) != sorted(first.clone()) || own.is_empty() {
            let (found, first) = (listed(&own, NAMED), listed(&first, NAMED));
            errors.push(CompareError::Regions { index, found, first });
        }
    }
    let mut left: Vec<String> = Vec::new();
    // What all have in the same way, in the order of the first.
    let mut shared = |kind: &str, same: &dyn Fn(&NamedCode, &NamedCode) -> bool| {
        let mut found = Vec::new();
        for summary in summaries {
            for one in of(summary, kind) {
                let has = |other: &&Summary| of(other, kind).iter().any(|its| same(its, &one));
                if !summaries.iter().all(has) {
                    left.push(one.code);
                } else if !found.iter().any(|known: &NamedCode| known.code == one.code) {
                    found.push(one);
                }
            }
        }
        found
    };
    let members = |one: &NamedCode| sorted(one.members.clone());
    let groups = shared("groups", &|a, b| a.code == b.code && members(a) == members(b));
    let quantities = shared("quantities", &|a, b| a.code == b.code);
    for (index, summary) in summaries.iter().enumerate().skip(1) {
        for (one, own) in
            quantities.iter().filter_map(|q| Some((q, summary.named("quantities", &q.code)?)))
        {
            if one.unit != own.unit {
                let unit = |of: &NamedCode| of.unit.clone().unwrap_or_default();
                let (quantity, found, first) = (one.code.clone(), unit(own), unit(one));
                errors.push(CompareError::Unit { index, quantity, found, first });
            }
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    left.sort_unstable();
    left.dedup();
    let mut all = of(summaries[0], "regions");
    let regions = all.len();
    all.extend(groups);
    all.push(NamedCode::of(&Label::new(places::ALL, "all regions", "全部地区")));
    Ok(Common { places: all, regions, quantities, left })
}

/// What only some of the results have.
pub(super) fn left_out(left: &[String]) -> Option<Note> {
    (!left.is_empty()).then(|| {
        let names = listed(left, NAMED);
        let text = format!("what not all results have in the same way is left out: {names}");
        Note::new(NoteCode::PartlyCompared, text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_belongs_to_the_value_before_it() {
        let mut tidy = Tidy::new(&[Column::Region, Column::Statistic]);
        for (region, statistic, value) in [
            ("B", "value", 1.0),
            ("B", "p05", 0.5),
            ("B", "p50", 1.1),
            ("B", "p95", 2.0),
            ("H", "value", 3.0),
        ] {
            tidy.push(&[region, statistic], value);
        }
        let found = ranged_lines(&tidy, [Column::Region], OF_DRAWS);
        let b = Drawn { value: 1.0, range: Some([0.5, 1.1, 2.0]) };
        assert_eq!(found, [(["B"], b), (["H"], Drawn::certain(3.0))]);
    }
}
