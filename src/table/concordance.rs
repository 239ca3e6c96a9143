//! Concordances: how the labels of one classification map into another, with weights.

use crate::labels::{Axis, Label};

/// One line of a concordance file: a source text, a target label, the share that goes there.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Code or name in the source classification.
    pub from: String,
    /// Target label; equality is by code.
    pub to: Label,
    /// Share of the source that goes to the target.
    pub weight: f64,
}

/// Where each label of a source axis goes.
///
/// - every source label goes somewhere, its weights sum to 1;
/// - targets are in the order of their first mention.
#[derive(Debug, Clone)]
pub struct Concordance {
    targets: Axis,
    rows: Vec<Vec<(usize, f64)>>,
}

/// Why entries do not make a concordance; `entry` counts from 0.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ConcordanceError {
    /// The source text is not on the axis.
    #[error("{message}")]
    UnknownSource {
        /// Which entry.
        entry: usize,
        /// What is wrong with it.
        message: String,
        /// What to do.
        help: String,
    },
    /// A weight is negative or not a number.
    #[error("weight {weight} is not a share between 0 and 1")]
    BadWeight {
        /// Which entry.
        entry: usize,
        /// The weight.
        weight: f64,
    },
    /// The weights of one source label do not sum to 1.
    #[error("the weights of {kind} {code:?} sum to {sum}, expected 1")]
    WeightSum {
        /// Region or sector.
        kind: &'static str,
        /// The source label.
        code: String,
        /// What they sum to.
        sum: f64,
    },
    /// A source label is not mentioned.
    #[error("{kind} {code:?} ({name}) goes nowhere")]
    Missing {
        /// Region or sector.
        kind: &'static str,
        /// The source label.
        code: String,
        /// Its name.
        name: String,
    },
}

impl Concordance {
    /// Each label maps to itself.
    pub fn identity(axis: &Axis) -> Self {
        Concordance {
            targets: axis.clone(),
            rows: (0..axis.len()).map(|at| vec![(at, 1.0)]).collect(),
        }
    }

    /// Makes a concordance of the entries of a file.
    ///
    /// # Errors
    /// Every entry that names nothing or has a bad weight, every source label that goes nowhere
    /// or whose weights do not sum to 1.
    pub fn new(source: &Axis, entries: &[Entry]) -> Result<Self, Vec<ConcordanceError>> {
        let mut errors = Vec::new();
        let mut targets: Vec<Label> = Vec::new();
        let mut rows: Vec<Vec<(usize, f64)>> = vec![Vec::new(); source.len()];
        for (entry, Entry { from, to, weight }) in entries.iter().enumerate() {
            if !(0.0..=1.0).contains(weight) {
                errors.push(ConcordanceError::BadWeight { entry, weight: *weight });
                continue;
            }
            let place = targets.iter().position(|known| known == to).unwrap_or_else(|| {
                targets.push(to.clone());
                targets.len() - 1
            });
            if targets[place].en.is_empty() && targets[place].zh.is_empty() {
                targets[place] = to.clone();
            }
            match source.position(from) {
                Ok(at) => rows[at].push((place, *weight)),
                Err(error) => errors.push(ConcordanceError::UnknownSource {
                    entry,
                    message: error.to_string(),
                    help: error.help(),
                }),
            }
        }
        for (row, label) in rows.iter().zip(source.labels()) {
            let (kind, code) = (source.kind(), label.code.clone());
            let sum: f64 = row.iter().map(|(_, weight)| weight).sum();
            if row.is_empty() {
                errors.push(ConcordanceError::Missing {
                    kind,
                    code,
                    name: label.name().to_owned(),
                });
            } else if (sum - 1.0).abs() > 1e-9 {
                errors.push(ConcordanceError::WeightSum { kind, code, sum });
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        // Targets are distinct by construction, up to spellings such as 1 and 01.
        match Axis::new(source.kind(), targets) {
            Ok(targets) => Ok(Concordance { targets, rows }),
            Err(error) => {
                let (entry, message) = (0, error.to_string());
                let help = "write each target code one way".to_owned();
                Err(vec![ConcordanceError::UnknownSource { entry, message, help }])
            }
        }
    }

    /// The same with its targets numbered as on a given axis.
    ///
    /// # Errors
    /// The code of a target that is not on the axis, or of a label of the axis that nothing goes to.
    pub fn onto(&self, axis: &Axis) -> Result<Concordance, Unmatched> {
        let mut places = Vec::with_capacity(self.targets.len());
        for label in self.targets.labels() {
            let place = axis.position(&label.code).map_err(|error| Unmatched::Unknown {
                message: error.to_string(),
                help: error.help(),
            })?;
            places.push(place);
        }
        if let Some(at) = (0..axis.len()).find(|at| !places.contains(at)) {
            return Err(Unmatched::Unreached { kind: axis.kind(), code: axis.code(at).to_owned() });
        }
        let moved = |row: &Vec<(usize, f64)>| row.iter().map(|(to, w)| (places[*to], *w)).collect();
        Ok(Concordance { targets: axis.clone(), rows: self.rows.iter().map(moved).collect() })
    }

    /// The target labels.
    pub fn targets(&self) -> &Axis {
        &self.targets
    }

    /// Targets of a source position with their weights.
    pub fn of(&self, source: usize) -> &[(usize, f64)] {
        &self.rows[source]
    }
}

/// Why a concordance does not lead onto an axis.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unmatched {
    /// A target is not on it.
    #[error("{message}")]
    Unknown {
        /// What is wrong.
        message: String,
        /// What to do.
        help: String,
    },
    /// Nothing goes to one of its labels.
    #[error("nothing goes to {kind} {code:?}")]
    Unreached {
        /// Region or sector.
        kind: &'static str,
        /// Its code.
        code: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(from: &str, to: &str, weight: f64) -> Entry {
        Entry { from: from.into(), to: Label::code(to), weight }
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let axis = Axis::new("sector", ["a", "b", "c"].map(Label::code)).unwrap();
        let entries = [entry("a", "X", 0.4), entry("b", "X", 1.5), entry("d", "Y", 1.0)];
        let errors = Concordance::new(&axis, &entries).unwrap_err();
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "weight 1.5 is not a share between 0 and 1",
                r#"unknown sector "d""#,
                r#"the weights of sector "a" sum to 0.4, expected 1"#,
                r#"sector "b" (b) goes nowhere"#,
                r#"sector "c" (c) goes nowhere"#,
            ]
        );
    }
}
