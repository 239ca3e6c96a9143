//! The table of agglomeration: sectors, the most concentrated first; without them industries, or regions by density.

use super::{Activity, DENSITIES, Density, Industry, PLANTS, SECTORS, Sector, Subject, index};
use crate::brief::common::{head, level_cell, words};
use crate::brief::content::{Cell, Grid, GridRow, Head, MainTable};
use crate::brief::speech::Facts;
use crate::figure::names::Named;
use crate::numerals::Cited;

/// Lines on paper.
const MOST_ROWS: usize = 12;

/// Heads, lines and the file of a table.
type Lines = (Vec<Head>, Vec<Vec<Cell>>, &'static str);

fn named(name: &Named) -> Cell {
    words(name.full())
}

impl Subject<'_> {
    /// The table of the first part that the study has.
    pub(super) fn table(&self, facts: &Facts) -> Option<MainTable> {
        let (heads, rows, file) = match (&self.activity, self.densities.first()) {
            (Some(activity), _) => self.by_sector(activity),
            (None, _) if !self.industries.is_empty() => self.by_industry(),
            (None, Some(density)) => self.by_region(density)?,
            (None, None) => return None,
        };
        let mut facts = facts.clone();
        facts.count("left_out", rows.len().saturating_sub(MOST_ROWS) as i64);
        let rows = rows.into_iter().take(MOST_ROWS).map(|cells| GridRow { cells, total: false });
        let title = self.say("agglomeration_table_title", &facts);
        Some(MainTable {
            grid: Grid { caption: title.plain(), heads, rows: rows.collect() },
            title,
            note: self.say("agglomeration_table_note", &facts),
            file: file.to_owned(),
        })
    }

    fn by_sector(&self, activity: &Activity) -> Lines {
        let index = index(self.book);
        let fine = index.with_decimals(3);
        let heads = vec![
            head(self.word("sector"), "", false),
            head(self.word("agglomeration_gini"), "", true),
            head(self.word("agglomeration_gamma"), "", true),
            head(self.word("agglomeration_home"), "", false),
            head(self.word("agglomeration_lq"), "", true),
        ];
        let row = |own: &Sector| {
            let home = own.home.as_ref();
            vec![
                named(&own.name),
                level_cell(Some(&own.gini), &index),
                level_cell(own.gamma.as_ref(), &fine),
                home.map_or_else(|| words("—"), |(name, _)| named(name)),
                level_cell(home.map(|(_, quotient)| quotient), &index),
            ]
        };
        (heads, activity.sectors.iter().map(row).collect(), SECTORS)
    }

    fn by_industry(&self) -> Lines {
        let index = index(self.book);
        let heads = vec![
            head(self.word("agglomeration_industry"), "", false),
            head(self.word("agglomeration_closer"), "", true),
            head(self.word("agglomeration_apart"), "", true),
        ];
        let row = |own: &Industry| {
            vec![
                named(&own.name),
                level_cell(Some(&own.localised), &index),
                level_cell(Some(&own.dispersed), &index),
            ]
        };
        (heads, self.industries.iter().map(row).collect(), PLANTS)
    }

    fn by_region(&self, density: &Density) -> Option<Lines> {
        let (_, _, largest) = density.regions.first()?;
        let measure = self.book.figure_measure(&density.unit, largest.value);
        let heads = vec![
            head(self.word("region"), "", false),
            head(self.density_name(density).full(), measure.unit(), true),
        ];
        let row = |(_, name, value): &(String, Named, Cited)| {
            vec![named(name), level_cell(Some(value), &measure)]
        };
        Some((heads, density.regions.iter().map(row).collect(), DENSITIES))
    }
}
