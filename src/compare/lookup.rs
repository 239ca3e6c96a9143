//! Numbers of a file by what stands in its columns.

use std::collections::HashMap;

use crate::tidy::{Column, Tidy};

/// Numbers of some lines of a file, by the texts of some columns.
pub(super) struct Lookup<'a>(HashMap<Vec<&'a str>, f64>);

impl<'a> Lookup<'a> {
    /// By the texts of some columns, of the lines that `keep` says.
    pub(super) fn of(tidy: &'a Tidy, columns: &[Column], keep: impl Fn(usize) -> bool) -> Self {
        let key = |row: usize| columns.iter().map(|column| tidy.text(row, *column)).collect();
        let rows = (0..tidy.len()).filter(|row| keep(*row));
        Lookup(rows.map(|row| (key(row), tidy.value(row))).collect())
    }

    /// Of a file that need not be there.
    pub(super) fn of_some(tidy: Option<&'a Tidy>, columns: &[Column]) -> Self {
        match tidy {
            Some(tidy) => Lookup::of(tidy, columns, |_| true),
            None => Lookup(HashMap::new()),
        }
    }

    /// The number whose columns have these texts.
    pub(super) fn get(&self, texts: &[&str]) -> Option<f64> {
        self.0.get(texts).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_by_its_texts() {
        let mut tidy = Tidy::new(&[Column::Year, Column::Region]);
        tidy.push(&["2007", "B"], 1.5);
        tidy.push(&["2008", "B"], 2.5);
        let found = Lookup::of(&tidy, &[Column::Region, Column::Year], |row| row > 0);
        assert_eq!(found.get(&["B", "2008"]), Some(2.5));
        assert_eq!(found.get(&["B", "2007"]), None);
    }
}
