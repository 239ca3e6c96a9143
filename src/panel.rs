//! Panels: observations of units over periods, by variable.
//!
//! Rows are sorted by unit and then by period, each pair once; a panel may be unbalanced, and a period may be missing
//! between two others. A number that is absent is `NaN`. Variables are made of columns by small formulas ([`formula`]).

pub mod evaluate;
pub mod fill;
pub mod formula;
pub mod fuels;
pub mod statistics;

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

/// Code of a text that is absent.
pub const ABSENT: u32 = u32::MAX;

/// One variable as it was read: a value per row.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Numbers; absent ones are `NaN`.
    Numbers(Arc<Vec<f64>>),
    /// Texts: levels in order of their first row, and the level of each row, [`ABSENT`] where there is none.
    Texts {
        /// Distinct texts.
        levels: Vec<String>,
        /// Place of each row's text among the levels.
        codes: Vec<u32>,
    },
}

impl Column {
    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Column::Numbers(values) => values.len(),
            Column::Texts { codes, .. } => codes.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn pick(&self, rows: &[u32]) -> Column {
        match self {
            Column::Numbers(values) => {
                Column::Numbers(Arc::new(rows.iter().map(|row| values[*row as usize]).collect()))
            }
            Column::Texts { levels, codes } => Column::Texts {
                levels: levels.clone(),
                codes: rows.iter().map(|row| codes[*row as usize]).collect(),
            },
        }
    }
}

/// Who or when: distinct labels and the label of each row.
#[derive(Debug, Clone, PartialEq)]
pub struct Keys {
    /// Name of the column.
    pub name: String,
    /// Distinct labels.
    pub labels: Vec<String>,
    /// Place of each row's label.
    pub codes: Arc<Vec<u32>>,
}

impl Keys {
    /// The same keys with labels in natural order, without those that no row has.
    fn sorted(self) -> Keys {
        let mut used = vec![false; self.labels.len()];
        for code in self.codes.iter() {
            used[*code as usize] = true;
        }
        let mut order: Vec<usize> = (0..self.labels.len()).filter(|at| used[*at]).collect();
        let whole: Option<Vec<f64>> =
            self.labels.iter().map(|label| label.trim().parse().ok()).collect();
        match &whole {
            Some(numbers) => order.sort_by(|a, b| numbers[*a].total_cmp(&numbers[*b])),
            None => order.sort_by(|a, b| self.labels[*a].cmp(&self.labels[*b])),
        }
        let mut place = vec![0; self.labels.len()];
        for (new, old) in order.iter().enumerate() {
            place[*old] = new as u32;
        }
        Keys {
            name: self.name,
            labels: order.iter().map(|old| self.labels[*old].clone()).collect(),
            codes: Arc::new(self.codes.iter().map(|code| place[*code as usize]).collect()),
        }
    }
}

/// Observations of units over periods.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    units: Keys,
    periods: Keys,
    /// What a step of one period is counted in: years where labels are whole numbers, else places.
    times: Vec<i64>,
    columns: Vec<(String, Column)>,
    /// Columns that formulas made of others, in order.
    made: Vec<(String, String)>,
}

/// A unit and a period that stand in more than one row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{unit}, {period} stands in more than one row")]
pub struct Twice {
    /// The unit.
    pub unit: String,
    /// The period.
    pub period: String,
    /// The rows, as they were given.
    pub rows: (usize, usize),
}

/// A period between two others that a unit does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The unit.
    pub unit: String,
    /// Labels of the periods that are missing.
    pub periods: Vec<String>,
}

impl Panel {
    /// Sorts rows by unit and period.
    ///
    /// # Errors
    /// Pairs of unit and period that stand twice.
    ///
    /// # Panics
    /// If keys and columns do not all have the same number of rows.
    #[track_caller]
    pub fn new(
        units: Keys,
        periods: Keys,
        columns: Vec<(String, Column)>,
    ) -> Result<Self, Vec<Twice>> {
        let rows = units.codes.len();
        assert_eq!(periods.codes.len(), rows, "one period per row expected");
        for (name, column) in &columns {
            assert_eq!(column.len(), rows, "one value of {name} per row expected");
        }
        let (units, periods) = (units.sorted(), periods.sorted());
        let key = |row: usize| (u64::from(units.codes[row]) << 32) | u64::from(periods.codes[row]);
        let mut order: Vec<u32> = (0..rows as u32).collect();
        let is_sorted = (1..rows).all(|row| key(row - 1) < key(row));
        if !is_sorted {
            order.sort_by_key(|row| key(*row as usize));
        }
        let mut twice = Vec::new();
        for pair in order.windows(2) {
            let (a, b) = (pair[0] as usize, pair[1] as usize);
            if key(a) == key(b) {
                twice.push(Twice {
                    unit: units.labels[units.codes[a] as usize].clone(),
                    period: periods.labels[periods.codes[a] as usize].clone(),
                    rows: (a, b),
                });
            }
        }
        if !twice.is_empty() {
            return Err(twice);
        }
        let whole: Option<Vec<i64>> =
            periods.labels.iter().map(|label| label.trim().parse().ok()).collect();
        let times = whole.unwrap_or_else(|| (0..periods.labels.len() as i64).collect());
        let panel = Panel { units, periods, times, columns, made: Vec::new() };
        Ok(if is_sorted { panel } else { panel.pick(&order) })
    }

    /// Rows that are not ordered in time: every row is a unit of its own, in one period.
    pub fn cross_section(columns: Vec<(String, Column)>) -> Self {
        let rows = columns.first().map_or(0, |(_, column)| column.len());
        let units = Keys {
            name: "row".to_owned(),
            labels: (1..=rows).map(|row| row.to_string()).collect(),
            codes: Arc::new((0..rows as u32).collect()),
        };
        let periods = Keys {
            name: "period".to_owned(),
            labels: vec!["1".to_owned()],
            codes: vec![0; rows].into(),
        };
        Self::new(units, periods, columns).expect("every row is a unit of its own")
    }

    fn pick(&self, rows: &[u32]) -> Self {
        let keys = |keys: &Keys| Keys {
            name: keys.name.clone(),
            labels: keys.labels.clone(),
            codes: Arc::new(rows.iter().map(|row| keys.codes[*row as usize]).collect()),
        };
        Panel {
            units: keys(&self.units),
            periods: keys(&self.periods),
            times: self.times.clone(),
            columns: self
                .columns
                .iter()
                .map(|(name, own)| (name.clone(), own.pick(rows)))
                .collect(),
            made: self.made.clone(),
        }
    }

    /// The rows for which `keep` is true, with the units and periods that they have.
    ///
    /// # Panics
    /// If there is not one answer per row.
    #[track_caller]
    pub fn filter(&self, keep: &[bool]) -> Self {
        assert_eq!(keep.len(), self.rows(), "one answer per row expected");
        let rows: Vec<u32> = (0..self.rows() as u32).filter(|row| keep[*row as usize]).collect();
        let panel = self.pick(&rows);
        Self::new(panel.units, panel.periods, panel.columns).expect("a part of a checked panel")
    }

    /// The rows of the given units, each as often as it stands there and under a name of its own.
    pub fn of_units(&self, chosen: &[u32]) -> Self {
        let mut starts = vec![0; self.units.labels.len() + 1];
        for code in self.units.codes.iter() {
            starts[*code as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut rows: Vec<u32> = Vec::new();
        let mut codes: Vec<u32> = Vec::new();
        for (copy, unit) in chosen.iter().enumerate() {
            let own = starts[*unit as usize]..starts[*unit as usize + 1];
            codes.extend(std::iter::repeat_n(copy as u32, own.len()));
            rows.extend(own.map(|row: usize| row as u32));
        }
        let mut panel = self.pick(&rows);
        panel.units = Keys {
            name: self.units.name.clone(),
            labels: (1..=chosen.len()).map(|copy| copy.to_string()).collect(),
            codes: codes.into(),
        };
        panel
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.units.codes.len()
    }

    /// Units: names in order, and the unit of each row.
    pub fn units(&self) -> &Keys {
        &self.units
    }

    /// Periods: names in order, and the period of each row.
    pub fn periods(&self) -> &Keys {
        &self.periods
    }

    /// What each period counts as: its number where all labels are whole numbers, else its place.
    pub fn times(&self) -> &[i64] {
        &self.times
    }

    /// Names of the columns, in order of the file.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    /// A column by name; unit and period are columns too.
    pub fn column(&self, name: &str) -> Option<std::borrow::Cow<'_, Column>> {
        use std::borrow::Cow;
        if let Some((_, column)) = self.columns.iter().find(|(own, _)| own == name) {
            return Some(Cow::Borrowed(column));
        }
        let keys = [&self.units, &self.periods].into_iter().find(|keys| keys.name == name)?;
        let numbers: Option<Vec<f64>> =
            keys.labels.iter().map(|label| label.trim().parse().ok()).collect();
        Some(Cow::Owned(match numbers {
            Some(numbers) => Column::Numbers(Arc::new(
                keys.codes.iter().map(|code| numbers[*code as usize]).collect(),
            )),
            None => Column::Texts { levels: keys.labels.clone(), codes: keys.codes.to_vec() },
        }))
    }

    /// Adds a column, or takes the place of one of that name.
    ///
    /// # Panics
    /// If it does not have one value per row.
    #[track_caller]
    pub fn set(&mut self, name: &str, column: Column) {
        assert_eq!(column.len(), self.rows(), "one value per row expected");
        match self.columns.iter_mut().find(|(own, _)| own == name) {
            Some((_, own)) => *own = column,
            None => self.columns.push((name.to_owned(), column)),
        }
    }

    /// Adds a column that a formula makes of those that are there ([`evaluate::column`]).
    ///
    /// # Errors
    /// Those of the formula.
    pub fn make(&mut self, name: &str, formula: &str) -> Result<(), formula::FormulaError> {
        let column = evaluate::column(self, formula)?;
        self.set(name, column);
        self.made.push((name.to_owned(), formula.to_owned()));
        Ok(())
    }

    /// The formula that made a column, if one did; of several the last.
    pub fn formula_of(&self, name: &str) -> Option<&str> {
        self.made.iter().rev().find(|(own, _)| own == name).map(|(_, formula)| formula.as_str())
    }

    /// What a row is called: its unit and its period.
    pub fn row_name(&self, row: usize) -> String {
        let unit = &self.units.labels[self.units.codes[row] as usize];
        if self.periods.labels.len() == 1 {
            return unit.clone();
        }
        format!("{unit}, {}", self.periods.labels[self.periods.codes[row] as usize])
    }

    /// Row of the same unit `steps` periods earlier (later if negative), if there is one.
    pub fn row_before(&self, row: usize, steps: i64) -> Option<usize> {
        let wanted = self.times[self.periods.codes[row] as usize] - steps;
        let unit = self.units.codes[row];
        let mut at = row;
        loop {
            let found = self.times[self.periods.codes[at] as usize];
            match found.cmp(&wanted) {
                Ordering::Equal => return Some(at),
                Ordering::Greater if steps > 0 && at > 0 => at -= 1,
                Ordering::Less if steps < 0 && at + 1 < self.rows() => at += 1,
                _ => return None,
            }
            if self.units.codes[at] != unit {
                return None;
            }
        }
    }

    /// Whether every unit has every period.
    pub fn is_balanced(&self) -> bool {
        self.rows() == self.units.labels.len() * self.periods.labels.len()
    }

    /// Periods that a unit lacks between its first and its last.
    pub fn gaps(&self) -> Vec<Gap> {
        let mut gaps = Vec::new();
        for row in 1..self.rows() {
            if self.units.codes[row] != self.units.codes[row - 1] {
                continue;
            }
            let (from, to) = (self.periods.codes[row - 1] + 1, self.periods.codes[row]);
            if from < to {
                let unit = self.units.labels[self.units.codes[row] as usize].clone();
                let missing = (from..to).map(|at| self.periods.labels[at as usize].clone());
                gaps.push(Gap { unit, periods: missing.collect() });
            }
        }
        gaps
    }

    /// Looks texts of a column up in another file: for each row the place of its text in `keys`.
    pub fn positions(&self, name: &str, keys: &[String]) -> Option<Vec<Option<usize>>> {
        let at: HashMap<&str, usize> =
            keys.iter().enumerate().map(|(at, key)| (key.as_str(), at)).collect();
        let texts = |codes: &[u32], levels: &[String]| {
            let own: Vec<Option<usize>> =
                levels.iter().map(|level| at.get(level.as_str()).copied()).collect();
            codes.iter().map(|code| own.get(*code as usize).copied().flatten()).collect()
        };
        if let Some(keys) = [&self.units, &self.periods].into_iter().find(|keys| keys.name == name)
        {
            return Some(texts(&keys.codes, &keys.labels));
        }
        Some(match self.column(name)?.as_ref() {
            Column::Texts { levels, codes } => texts(codes, levels),
            Column::Numbers(values) => {
                values.iter().map(|value| at.get(value.to_string().as_str()).copied()).collect()
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys of rows with these labels.
    pub(super) fn keys(name: &str, of: &[&str]) -> Keys {
        let mut labels: Vec<String> = Vec::new();
        let codes = of.iter().map(|label| {
            labels.iter().position(|own| own == label).unwrap_or_else(|| {
                labels.push((*label).to_owned());
                labels.len() - 1
            }) as u32
        });
        let codes = codes.collect();
        Keys { name: name.into(), labels, codes: Arc::new(codes) }
    }

    fn panel() -> Panel {
        let units = keys("id", &["b", "a", "a", "b", "a"]);
        let periods = keys("year", &["2001", "2003", "2000", "2000", "2001"]);
        let numbers = Column::Numbers(vec![1.0, 2.0, 3.0, 4.0, 5.0].into());
        Panel::new(units, periods, vec![("x".into(), numbers)]).unwrap()
    }

    #[test]
    fn rows_are_sorted_by_unit_and_period() {
        let panel = panel();
        assert_eq!(panel.units().labels, ["a", "b"]);
        assert_eq!(
            *panel.column("x").unwrap(),
            Column::Numbers(vec![3.0, 5.0, 2.0, 4.0, 1.0].into())
        );
        assert_eq!(panel.row_name(2), "a, 2003");
        assert!(!panel.is_balanced());
    }

    #[test]
    fn lags_go_by_the_year_and_not_by_the_row() {
        let panel = panel();
        assert_eq!(panel.row_before(1, 1), Some(0));
        assert_eq!(panel.row_before(2, 1), None, "2002 is missing");
        assert_eq!(panel.row_before(2, 2), Some(1));
        assert_eq!(panel.row_before(3, 1), None, "another unit");
        assert_eq!(panel.row_before(0, -1), Some(1));
        assert!(panel.gaps().is_empty(), "no unit has 2002, so it is no period of the panel");
    }

    #[test]
    fn a_period_that_one_unit_lacks_is_a_gap() {
        let units = keys("id", &["a", "a", "b", "b", "b"]);
        let periods = keys("year", &["1", "3", "1", "2", "3"]);
        let panel = Panel::new(units, periods, Vec::new()).unwrap();
        assert_eq!(panel.gaps(), [Gap { unit: "a".into(), periods: vec!["2".into()] }]);
    }

    #[test]
    fn a_row_that_stands_twice_is_named() {
        let twice = Panel::new(keys("id", &["a", "a"]), keys("year", &["1", "1"]), Vec::new());
        assert_eq!(twice.unwrap_err()[0].to_string(), "a, 1 stands in more than one row");
    }
}
