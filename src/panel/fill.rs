//! What is missing for one period, filled by its neighbours in time.

use std::sync::Arc;

use super::{ABSENT, Column, Keys, Panel};

/// Column that marks rows with something filled in: 1, others 0.
pub const MARK: &str = "filled";

/// What was filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
    /// Rows that were made, by unit and period.
    pub rows: Vec<String>,
    /// Cells of rows that were there: their row and column.
    pub cells: Vec<(String, String)>,
}

/// A row of the filled panel: one that was there, or the two that it is made of.
#[derive(Clone, Copy)]
enum Row {
    There(usize),
    Between(usize, usize),
}

impl Panel {
    /// Fills what is missing for a single period by the mean of the periods before and after it, within each unit:
    ///
    /// ```text
    /// x_t = (x_{t−1} + x_{t+1}) / 2
    /// ```
    ///
    /// Rows that are not there are made, and numbers that are absent in rows that are; both neighbours have to have been
    /// observed, so longer gaps and the ends of a unit stay as they are. A step is the shortest between two periods of the
    /// panel. Texts are taken where both neighbours have the same. The column [`MARK`] has 1 in rows with something filled.
    pub fn filled(&self) -> (Panel, Filled) {
        let step = self.times.windows(2).map(|pair| pair[1] - pair[0]).min().unwrap_or(1);
        let time = |row: usize| self.times[self.periods.codes[row] as usize];
        let mut rows: Vec<Row> = Vec::with_capacity(self.rows());
        for row in 0..self.rows() {
            let follows = row > 0 && self.units.codes[row] == self.units.codes[row - 1];
            if follows && time(row) - time(row - 1) == 2 * step {
                rows.push(Row::Between(row - 1, row));
            }
            rows.push(Row::There(row));
        }
        let (units, periods, named) = self.keys_of(&rows, step);
        let mut told = Filled::default();
        let mut marks = vec![0.0; rows.len()];
        for (at, row) in rows.iter().enumerate() {
            if let Row::Between(..) = row {
                told.rows.push(named(at));
                marks[at] = 1.0;
            }
        }
        let mut columns: Vec<(String, Column)> = Vec::with_capacity(self.columns.len() + 1);
        for (name, column) in &self.columns {
            let (column, cells) = match column {
                Column::Numbers(values) => self.numbers(values, &rows, step),
                Column::Texts { levels, codes } => (texts(levels, codes, &rows), Vec::new()),
            };
            for at in cells {
                marks[at] = 1.0;
                told.cells.push((named(at), name.clone()));
            }
            columns.push((name.clone(), column));
        }
        columns.push((MARK.to_owned(), Column::Numbers(Arc::new(marks))));
        let panel = Panel::new(units, periods, columns).expect("rows between those of a panel");
        (panel, told)
    }

    /// Unit and period of each row, and what a row is called.
    fn keys_of(&self, rows: &[Row], step: i64) -> (Keys, Keys, impl Fn(usize) -> String + use<>) {
        let (mut units, mut periods) = (self.units.clone(), self.periods.clone());
        let unit_of = |row: &Row| match row {
            Row::There(at) | Row::Between(at, _) => self.units.codes[*at],
        };
        units.codes = Arc::new(rows.iter().map(unit_of).collect());
        let mut codes = Vec::with_capacity(rows.len());
        for row in rows {
            codes.push(match *row {
                Row::There(at) => self.periods.codes[at],
                Row::Between(before, _) => {
                    let code = self.periods.codes[before] as usize;
                    let wanted = self.times[code] + step;
                    match self.times.binary_search(&wanted) {
                        Ok(known) => known as u32,
                        // A period that no unit has; its label is its number, or it would be a period of the panel.
                        Err(_) => {
                            let label = wanted.to_string();
                            let known = periods.labels.iter().position(|own| *own == label);
                            known.unwrap_or_else(|| {
                                periods.labels.push(label);
                                periods.labels.len() - 1
                            }) as u32
                        }
                    }
                }
            });
        }
        periods.codes = Arc::new(codes);
        let (own_units, own_periods) = (units.clone(), periods.clone());
        let named = move |at: usize| {
            let unit = &own_units.labels[own_units.codes[at] as usize];
            format!("{unit} {}", own_periods.labels[own_periods.codes[at] as usize])
        };
        (units, periods, named)
    }

    /// A column of numbers, and rows that were there in which one was filled in.
    fn numbers(&self, values: &[f64], rows: &[Row], step: i64) -> (Column, Vec<usize>) {
        let mean = |before: usize, after: usize| f64::midpoint(values[before], values[after]);
        let time = |row: usize| self.times[self.periods.codes[row] as usize];
        let next_to = |row: usize, other: usize| {
            self.units.codes[row] == self.units.codes[other] && time(other) - time(row) == step
        };
        let mut cells = Vec::new();
        let of = |(at, row): (usize, &Row)| match *row {
            Row::Between(before, after) => mean(before, after),
            Row::There(row) if values[row].is_nan() && row > 0 && row + 1 < values.len() => {
                if !(next_to(row - 1, row) && next_to(row, row + 1)) {
                    return f64::NAN;
                }
                let found = mean(row - 1, row + 1);
                if !found.is_nan() {
                    cells.push(at);
                }
                found
            }
            Row::There(row) => values[row],
        };
        let filled: Vec<f64> = rows.iter().enumerate().map(of).collect();
        (Column::Numbers(Arc::new(filled)), cells)
    }
}

fn texts(levels: &[String], codes: &[u32], rows: &[Row]) -> Column {
    let of = |row: &Row| match *row {
        Row::There(row) => codes[row],
        Row::Between(before, after) if codes[before] == codes[after] => codes[before],
        Row::Between(..) => ABSENT,
    };
    Column::Texts { levels: levels.to_vec(), codes: rows.iter().map(of).collect() }
}

#[cfg(test)]
mod tests {
    use super::super::tests::keys;
    use super::*;

    fn panel(rows: &[(&str, &str, f64, &str)]) -> Panel {
        let zones = keys("zone", &rows.iter().map(|row| row.3).collect::<Vec<_>>());
        let columns = vec![
            ("x".to_owned(), Column::Numbers(Arc::new(rows.iter().map(|row| row.2).collect()))),
            (
                "zone".to_owned(),
                Column::Texts { levels: zones.labels, codes: zones.codes.to_vec() },
            ),
        ];
        let units = keys("id", &rows.iter().map(|row| row.0).collect::<Vec<_>>());
        Panel::new(units, keys("year", &rows.iter().map(|row| row.1).collect::<Vec<_>>()), columns)
            .unwrap()
    }

    fn numbers(panel: &Panel, name: &str) -> Vec<f64> {
        match panel.column(name).unwrap().into_owned() {
            Column::Numbers(values) => values.to_vec(),
            Column::Texts { .. } => panic!("{name} is of texts"),
        }
    }

    #[test]
    fn one_missing_period_is_the_mean_of_its_neighbours() {
        // 2002 is missing for both, 2004 to 2005 for a; b lacks a number in 2001 and at its end.
        let rows = [
            ("a", "2000", 1.0, "east"),
            ("a", "2001", 2.0, "east"),
            ("a", "2003", 5.0, "east"),
            ("a", "2006", 9.0, "west"),
            ("b", "2000", 4.0, "west"),
            ("b", "2001", f64::NAN, "west"),
            ("b", "2003", 6.0, "east"),
            ("b", "2004", 8.0, "east"),
            ("b", "2005", f64::NAN, "east"),
        ];
        let (filled, told) = panel(&rows).filled();
        assert_eq!(told.rows, ["a 2002", "b 2002"]);
        assert!(told.cells.is_empty(), "2002 of b was not observed, so 2001 has no two neighbours");
        assert_eq!(filled.periods().labels[2], "2002");
        let x = numbers(&filled, "x");
        assert_eq!(x[..5], [1.0, 2.0, 3.5, 5.0, 9.0]);
        assert!(x[6].is_nan() && x[7].is_nan(), "a mean with something absent is absent");
        assert_eq!(numbers(&filled, MARK), [0., 0., 1., 0., 0., 0., 0., 1., 0., 0., 0.]);
        assert_eq!(filled.gaps().len(), 1, "the longer gap stays");
    }

    #[test]
    fn absent_numbers_between_two_others_are_filled() {
        let rows = [
            ("a", "1", 1.0, "e"),
            ("a", "2", f64::NAN, "e"),
            ("a", "3", 2.0, "e"),
            ("b", "1", f64::NAN, "e"),
            ("b", "2", 3.0, "e"),
            ("b", "3", f64::NAN, "e"),
        ];
        let (filled, told) = panel(&rows).filled();
        assert_eq!(told.cells, [("a 2".to_owned(), "x".to_owned())]);
        assert_eq!(numbers(&filled, "x")[1], 1.5);
        assert_eq!(numbers(&filled, MARK), [0., 1., 0., 0., 0., 0.]);
    }

    #[test]
    fn every_other_year_is_no_gap() {
        let rows = [("a", "2000", 1.0, "e"), ("a", "2002", 2.0, "e"), ("a", "2004", 3.0, "e")];
        let (filled, told) = panel(&rows).filled();
        assert_eq!((filled.rows(), told), (3, Filled::default()));
    }
}
