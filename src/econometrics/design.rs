//! A response, its regressors, and who was observed when: what every estimator begins with.

use std::sync::Arc;

use super::EstimationError;
use crate::panel::evaluate::Variable;
use crate::panel::{ABSENT, Keys, Panel};

/// Name of the constant.
pub const CONSTANT: &str = "(Intercept)";

/// Groups of observations: the group of each, and their names.
#[derive(Debug, Clone, PartialEq)]
pub struct Grouping {
    /// Name of the column.
    pub name: String,
    /// Group of each observation.
    pub codes: Arc<Vec<u32>>,
    /// Names of the groups that are there.
    pub labels: Vec<String>,
}

impl Grouping {
    /// Number of groups.
    pub fn count(&self) -> usize {
        self.labels.len()
    }

    /// The groups of some of the rows, without groups that none of them has.
    pub fn of_rows(name: &str, codes: &[u32], labels: &[String], rows: &[u32]) -> Self {
        let mut place = vec![ABSENT; labels.len()];
        for row in rows {
            place[codes[*row as usize] as usize] = 0;
        }
        let mut names = Vec::new();
        for (code, place) in place.iter_mut().enumerate() {
            if *place != ABSENT {
                *place = names.len() as u32;
                names.push(labels[code].clone());
            }
        }
        let codes = Arc::new(rows.iter().map(|row| place[codes[*row as usize] as usize]).collect());
        Grouping { name: name.to_owned(), codes, labels: names }
    }

    /// Those of units or periods, of some of the rows of a panel; all rows share its codes.
    fn of_keys(keys: &Keys, rows: &[u32]) -> Self {
        let mut used = vec![false; keys.labels.len()];
        keys.codes.iter().for_each(|code| used[*code as usize] = true);
        if rows.len() < keys.codes.len() || used.contains(&false) {
            return Grouping::of_rows(&keys.name, &keys.codes, &keys.labels, rows);
        }
        let (name, labels) = (keys.name.clone(), keys.labels.clone());
        Grouping { name, codes: keys.codes.clone(), labels }
    }

    /// Observations of each group.
    pub fn sizes(&self) -> Vec<usize> {
        let mut sizes = vec![0; self.count()];
        for code in &*self.codes {
            sizes[*code as usize] += 1;
        }
        sizes
    }

    /// The groups that both groupings tell apart.
    pub fn crossed(&self, other: &Grouping) -> Self {
        let pair = |at: usize| (u64::from(self.codes[at]) << 32) | u64::from(other.codes[at]);
        let mut pairs: Vec<u64> = (0..self.codes.len()).map(pair).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let place = |at: usize| pairs.binary_search(&pair(at)).unwrap_or(0) as u32;
        let name = |pair: &u64| {
            let (a, b) = ((pair >> 32) as usize, (*pair & 0xffff_ffff) as usize);
            format!("{}, {}", self.labels[a], other.labels[b])
        };
        Grouping {
            name: format!("{} × {}", self.name, other.name),
            codes: Arc::new((0..self.codes.len()).map(place).collect()),
            labels: pairs.iter().map(name).collect(),
        }
    }

    /// Whether every group lies within one group of the other.
    pub fn is_nested_in(&self, other: &Grouping) -> bool {
        let mut outer = vec![ABSENT; self.count()];
        self.codes.iter().zip(&*other.codes).all(|(own, outside)| {
            let seen = &mut outer[*own as usize];
            let fits = *seen == ABSENT || *seen == *outside;
            *seen = *outside;
            fits
        })
    }
}

/// Observations without absent values, sorted by unit and period.
#[derive(Debug, Clone)]
pub struct Design {
    /// The response.
    pub response: Variable,
    /// Regressors, without a constant.
    pub regressors: Vec<Variable>,
    /// Which regressors are endogenous, by name.
    pub endogenous: Vec<String>,
    /// Instruments that are no regressors.
    pub instruments: Vec<Variable>,
    /// Units.
    pub units: Grouping,
    /// Periods.
    pub periods: Grouping,
    /// What each period counts as in steps of time.
    pub times: Vec<i64>,
    /// Weights of observations, if they are not alike.
    pub weights: Option<Vec<f64>>,
    /// Whether weights are counts: how often each observation was made.
    pub frequencies: bool,
    /// Row of the panel of each observation.
    pub rows: Vec<u32>,
    /// Rows of the sample that lack a variable.
    pub incomplete: usize,
}

impl Design {
    /// Takes the rows of a panel that are asked for and have all variables.
    ///
    /// # Errors
    /// If there are none.
    ///
    /// # Panics
    /// If variables or `keep` do not have one value per row of the panel.
    #[track_caller]
    pub fn of(
        panel: &Panel,
        response: &Variable,
        regressors: &[Variable],
        instruments: &[Variable],
        weights: Option<&Variable>,
        keep: &[bool],
    ) -> Result<Self, EstimationError> {
        let all = || {
            let own = std::iter::once(response).chain(regressors);
            own.chain(instruments).chain(weights)
        };
        for variable in all() {
            assert_eq!(
                variable.values.len(),
                panel.rows(),
                "one value of {} per row expected",
                variable.name
            );
        }
        let mut incomplete = 0;
        let rows: Vec<u32> = (0..panel.rows() as u32)
            .filter(|row| {
                let row = *row as usize;
                let whole = keep[row] && all().all(|own| own.values[row].is_finite());
                incomplete += usize::from(keep[row] && !whole);
                whole && weights.is_none_or(|weights| weights.values[row] > 0.0)
            })
            .collect();
        if rows.is_empty() {
            return Err(EstimationError::NoObservations);
        }
        // All rows in their order are the column itself.
        let taken = |values: &Arc<Vec<f64>>| match rows.len() == values.len() {
            true => values.clone(),
            false => Arc::new(rows.iter().map(|row| values[*row as usize]).collect()),
        };
        let pick = |variable: &Variable| Variable {
            name: variable.name.clone(),
            values: taken(&variable.values),
        };
        let (units, periods) = (panel.units(), panel.periods());
        let of_periods = Grouping::of_keys(periods, &rows);
        let times = of_periods.labels.iter().filter_map(|label| {
            let at = periods.labels.iter().position(|own| own == label)?;
            Some(panel.times()[at])
        });
        Ok(Design {
            response: pick(response),
            regressors: regressors.iter().map(pick).collect(),
            endogenous: Vec::new(),
            instruments: instruments.iter().map(pick).collect(),
            units: Grouping::of_keys(units, &rows),
            times: times.collect(),
            periods: of_periods,
            weights: weights.map(|own| pick(own).values.to_vec()),
            frequencies: false,
            rows,
            incomplete,
        })
    }

    /// Number of observations.
    pub fn len(&self) -> usize {
        self.response.values.len()
    }

    /// Whether there are no observations.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether every unit is observed in every period.
    pub fn is_balanced(&self) -> bool {
        self.len() == self.units.count() * self.periods.count()
    }

    /// Refuses a panel that is not balanced.
    ///
    /// # Errors
    /// If an observation is missing.
    pub fn balanced(&self, what: &str) -> Result<(usize, usize), EstimationError> {
        let (n, t) = (self.units.count(), self.periods.count());
        if self.is_balanced() {
            return Ok((n, t));
        }
        let mut there = vec![false; n * t];
        for (unit, period) in self.units.codes.iter().zip(&*self.periods.codes) {
            there[*unit as usize * t + *period as usize] = true;
        }
        let gap = there.iter().position(|there| !there).unwrap_or(0);
        Err(EstimationError::Unbalanced {
            what: what.to_owned(),
            missing: n * t - self.len(),
            all: n * t,
            first: format!("{} {}", self.units.labels[gap / t], self.periods.labels[gap % t]),
        })
    }

    /// The same observations with exogenous regressors and instruments in place of the regressors.
    pub fn instrumented(&self) -> Self {
        let exogenous = self.regressors.iter().filter(|own| !self.endogenous.contains(&own.name));
        Design {
            regressors: exogenous.chain(&self.instruments).cloned().collect(),
            endogenous: Vec::new(),
            instruments: Vec::new(),
            ..self.clone()
        }
    }

    /// The observations for which `keep` is true.
    ///
    /// # Panics
    /// If there is not one answer per observation.
    #[track_caller]
    pub fn filtered(&self, keep: &[bool]) -> Self {
        assert_eq!(keep.len(), self.len(), "one answer per observation expected");
        let rows: Vec<u32> = (0..self.len() as u32).filter(|at| keep[*at as usize]).collect();
        let pick = |own: &[f64]| rows.iter().map(|at| own[*at as usize]).collect::<Vec<f64>>();
        let variable =
            |own: &Variable| Variable { name: own.name.clone(), values: pick(&own.values).into() };
        let keys = |own: &Grouping| Grouping::of_rows(&own.name, &own.codes, &own.labels, &rows);
        let periods = keys(&self.periods);
        let times = periods.labels.iter().filter_map(|label| {
            let at = self.periods.labels.iter().position(|own| own == label)?;
            Some(self.times[at])
        });
        Design {
            response: variable(&self.response),
            regressors: self.regressors.iter().map(variable).collect(),
            endogenous: self.endogenous.clone(),
            instruments: self.instruments.iter().map(variable).collect(),
            units: keys(&self.units),
            times: times.collect(),
            periods,
            weights: self.weights.as_deref().map(pick),
            frequencies: self.frequencies,
            rows: rows.iter().map(|at| self.rows[*at as usize]).collect(),
            incomplete: self.incomplete,
        }
    }

    /// Names of the regressors.
    pub fn names(&self) -> Vec<String> {
        self.regressors.iter().map(|own| own.name.clone()).collect()
    }

    /// Stretches of observations of one unit, in order.
    pub fn stretches(&self) -> Vec<std::ops::Range<usize>> {
        let mut stretches = Vec::with_capacity(self.units.count());
        let mut start = 0;
        for at in 1..=self.len() {
            if at == self.len() || self.units.codes[at] != self.units.codes[start] {
                stretches.push(start..at);
                start = at;
            }
        }
        stretches
    }
}
