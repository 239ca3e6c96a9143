//! The equations side by side.

use super::{Number, Subject, Told, telling, whole};
use crate::brief::common::{change_cell, head, level_cell, words};
use crate::brief::content::{Cell, Grid, GridRow, MainTable};
use crate::brief::prose::Prose;
use crate::brief::speech::range;
use crate::numerals::{Cited, Measure};

/// Equations that a page has room for.
const MOST_COLUMNS: usize = 5;
/// Coefficients that it has room for, above the lines at the foot.
const MOST_ROWS: usize = 9;
/// Decimals of a coefficient, unless it were printed as zero.
const MOST_DECIMALS: usize = 3;
/// Lines at the foot: numbers of observations and units, and how much is explained, the first that there is.
const COUNTS: [&str; 2] = ["observations", "units"];
const EXPLAINED: [&str; 3] = ["r2_within", "r2", "log_likelihood"];

impl Subject<'_> {
    /// Coefficients with their intervals: what the equations are about first, then what most of them have.
    pub(super) fn table(&self) -> MainTable {
        let shown: Vec<&Told> = self.told.iter().take(MOST_COLUMNS).collect();
        let codes = self.ranked(&shown);
        let mut heads = vec![head(self.word("estimate_variable"), "", false)];
        heads.extend(shown.iter().map(|told| head(told.name.full(), "", true)));
        let left_out = codes.len().saturating_sub(MOST_ROWS) as i64;
        let rows = codes.iter().take(MOST_ROWS);
        let decimals = self.column_decimals(&shown, rows.clone());
        let mut rows: Vec<GridRow> = rows.map(|code| self.line(&shown, code, decimals)).collect();
        rows.extend(COUNTS.iter().filter_map(|word| {
            let whole = whole(self.book.language());
            self.foot(&shown, word, |_| whole.clone())
        }));
        let explained = |cited: &Cited| Measure::of_figure("1", cited.value, self.book.language());
        rows.extend(EXPLAINED.iter().find_map(|word| {
            self.foot(&shown, word, |cited| match *word {
                "log_likelihood" => explained(cited).with_decimals(1),
                _ => explained(cited).with_decimals(3),
            })
        }));
        let mut facts = self.told.first().map(|told| self.facts(told)).unwrap_or_default();
        facts
            .count("left_out", left_out)
            .count("equations_left_out", self.told.len() as i64 - shown.len() as i64);
        let caption = self.say("estimate_table_caption", &facts).plain();
        MainTable {
            title: self.say("estimate_table_title", &facts),
            grid: Grid { caption, heads, rows },
            note: self.say("estimate_table_note", &facts),
            file: super::COEFFICIENTS.to_owned(),
        }
    }

    /// Coefficients by what they are to the reader: first regressors, then those of most equations.
    fn ranked(&self, shown: &[&Told]) -> Vec<String> {
        let mut found: Vec<(String, usize, bool)> = Vec::new();
        for told in shown {
            let equation = self.equation(told);
            let square = equation.quadratic.as_ref().map(|(_, square)| square.as_str());
            for code in self.terms(equation) {
                let first = code == equation.first() || Some(code.as_str()) == square;
                match found.iter_mut().find(|(own, ..)| *own == code) {
                    Some((_, count, main)) => {
                        *count += 1;
                        *main |= first;
                    }
                    None => found.push((code, 1, first)),
                }
            }
        }
        // The order of the equations stays where nothing else decides.
        found
            .sort_by_key(|(_, count, first)| (!first, if *first { 0 } else { usize::MAX - count }));
        found.into_iter().map(|(code, ..)| code).collect()
    }

    /// Decimals that all coefficients share: those of the one that needs most, up to a bound, since they stand below and
    /// beside each other.
    fn column_decimals<'c>(
        &self,
        shown: &[&Told],
        codes: impl Iterator<Item = &'c String>,
    ) -> usize {
        let numbers = codes.flat_map(|code| {
            let of = move |told: &&Told| self.coefficient(&self.equation(told).name, code);
            shown.iter().filter_map(of)
        });
        let decimals =
            numbers.map(|number| self.book.prose_measure("1", number.estimate.value()).decimals());
        decimals.max().unwrap_or_default().min(MOST_DECIMALS)
    }

    fn line(&self, shown: &[&Told], code: &str, decimals: usize) -> GridRow {
        let of = |told: &&Told| self.coefficient(&self.equation(told).name, code);
        let numbers: Vec<Option<Number>> = shown.iter().map(of).collect();
        let measure = Measure::of_figure("1", 1.0, self.book.language()).with_decimals(decimals);
        let name = self.variable(code).full();
        let symbol = if name == code { Prose::default() } else { Prose::text(code) };
        let mut cells = vec![Cell { below: symbol, ..words(name) }];
        for number in &numbers {
            let estimate = number.as_ref().map(|number| &number.estimate);
            let measure = telling(measure.clone(), estimate);
            let mut cell = change_cell(self.book, estimate, &measure);
            // Signs of coefficients are no directions of a transfer.
            cell.ink = None;
            if let Some(ends) = estimate.and_then(|estimate| estimate.range.as_ref()) {
                cell.below = range(ends, &measure);
            }
            cells.push(cell);
        }
        GridRow { cells, total: false }
    }

    /// A number of the equations as a whole; nothing if none has it.
    fn foot(
        &self,
        shown: &[&Told],
        word: &str,
        measure: impl Fn(&Cited) -> Measure,
    ) -> Option<GridRow> {
        let numbers: Vec<Option<Cited>> =
            shown.iter().map(|told| self.statistic(&self.equation(told).name, word)).collect();
        numbers.iter().flatten().next()?;
        let mut cells = vec![words(self.book.word_of(&["statistics"], word).full())];
        cells.extend(numbers.iter().map(|cited| match cited {
            Some(cited) => level_cell(Some(cited), &measure(cited)),
            None => words("—"),
        }));
        Some(GridRow { cells, total: true })
    }
}
