//! The table of a transfer's brief.

use super::{ORDERS, Place, SOURCING, SUMS, Subject};
use crate::brief::common::{change_cell, figure_measure, head, ratio_cell, words};
use crate::brief::content::{Cell, Grid, GridRow, MainTable};
use crate::brief::prose::Prose;
use crate::brief::speech::Facts;
use crate::numerals::{Estimate, Measure};
use crate::tidy::Column;

/// Code of the caveat about ratios that are left out.
const RATIOS: &str = "tiny_denominator";

impl Subject<'_> {
    /// Regions with both quantities, what came with a unit of value added, and the exchange in words.
    pub(super) fn table(&self) -> MainTable {
        let quantities = self.quantities();
        let mut heads = vec![head(self.word("region"), "", false)];
        heads.extend(quantities.iter().map(|(name, m)| head(name.clone(), m.unit(), true)));
        let mut rows: Vec<GridRow> = Vec::new();
        let groups = self.book.recorded.summary.labels.get("groups");
        let groups = groups
            .into_iter()
            .flatten()
            .filter_map(|group| Place::of(self.book, &group.code, self.stressor.as_deref()));
        let totals: Vec<Place> = groups.chain(std::iter::once(self.all.clone())).collect();
        let intensity = self.stressor.as_ref().map(|_| self.intensities(&totals));
        if let Some((measure, _)) = &intensity {
            heads.push(head(
                self.say("transfer_per_value_added", &self.figure_facts()).plain(),
                measure.unit(),
                true,
            ));
        }
        heads.push(head(self.word("verdict"), "", false));
        for (at, place) in self.places.iter().chain(&totals).enumerate() {
            let mut cells = vec![words(place.name.full())];
            let values = self.values(place);
            cells.extend(
                values
                    .iter()
                    .zip(&quantities)
                    .map(|(v, (_, m))| change_cell(self.book, v.as_ref(), m)),
            );
            if let Some((measure, found)) = &intensity {
                cells.push(match &found[at] {
                    Some((value, _)) => ratio_cell(self.book, value, measure),
                    None => words("—"),
                });
            }
            cells.push(Cell { main: self.verdict(place), ..Cell::default() });
            rows.push(GridRow { cells, total: at >= self.places.len() });
        }
        let mut facts = self.figure_facts();
        self.add_gap(&mut facts, &self.all);
        self.add_gap_places(&mut facts);
        let ratios = Prose::default().with_caveats(self.noted(RATIOS).then_some(RATIOS));
        facts.prose("ratio_mark", ratios);
        let caption = self.say("transfer_table_caption", &facts).plain();
        MainTable {
            title: self.say("transfer_table_title", &facts),
            grid: Grid { caption, heads, rows },
            note: self.say("transfer_table_note", &facts),
            file: SUMS.to_owned(),
        }
    }

    /// Intensities of what moved for every line of the table, and their unit; disputed where one of their two parts is.
    fn intensities(&self, totals: &[Place]) -> (Measure, Vec<Option<(Estimate, String)>>) {
        let stressor = self.stressor.as_deref().unwrap_or_default();
        let found: Vec<Option<(Estimate, String)>> = (self.places.iter().chain(totals))
            .map(|place| {
                let question = [
                    (Column::Quantity, stressor),
                    (Column::Region, place.code.as_str()),
                    (Column::Factor, SOURCING),
                    (Column::Part, "intensity"),
                ];
                let (mut found, unit) = self.book.estimate("exchange.csv", &question, ORDERS)?;
                found.disputed = place.unclear();
                Some((found, unit))
            })
            .collect();
        let unit = found.iter().flatten().next().map_or(String::new(), |found| found.1.clone());
        let estimates = found.iter().flatten().map(|(estimate, _)| estimate);
        let measure = figure_measure(self.book, estimates, &unit).with_decimals(1);
        (measure, found)
    }

    /// The exchange of a region in words.
    fn verdict(&self, place: &Place) -> Prose {
        let mut facts = Facts::new();
        self.add(&mut facts, "it", place, None);
        facts.flag("with_stressor", place.stressor.is_some());
        self.say("verdict", &facts)
    }
}
