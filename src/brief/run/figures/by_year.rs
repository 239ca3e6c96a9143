//! What makes the difference to the baseline year by year.

use super::super::{Place, SUMS, Subject};
use super::{MOST_VIEWS, STEPS};
use crate::brief::book::inside;
use crate::brief::common::{change_cell, head, words};
use crate::brief::content::{Block, Grid, GridRow, View};
use crate::brief::prose::Prose;
use crate::brief::speech::Facts;
use crate::figure::names::Named;
use crate::figure::stacked::{Factor, Net, Stacked};
use crate::numerals::{Cited, Estimate, Measure};

/// What a step, or all of them, adds by year.
type ByYear = Vec<Option<Cited>>;

impl Subject<'_> {
    /// The steps of every year stacked, if the run has more years than one: for all regions, then for each.
    pub(super) fn by_year(&self) -> Option<Block> {
        let stressor = self.stressor.as_deref()?;
        if self.years.len() < 2 {
            return None;
        }
        let groups = self.places.iter().filter(|place| place.sum);
        let places = [&self.all].into_iter().chain(groups).chain(self.regions()).take(MOST_VIEWS);
        let views: Vec<(View, Facts)> =
            places.filter_map(|place| self.by_year_of(stressor, place)).collect();
        let facts = views.first()?.1.clone();
        let views = views.into_iter().map(|(view, _)| view).collect();
        Some(self.block("decomposition-by-year", "by_year", &facts, views))
    }

    fn by_year_of(&self, stressor: &str, place: &Place) -> Option<(View, Facts)> {
        let of = |factor: &str| -> ByYear {
            let one = |year: &String| Some(self.level(stressor, &place.code, year, factor)?.cited);
            self.years.iter().map(one).collect()
        };
        let moves = |values: &ByYear| values.iter().flatten().any(|cited| cited.value != 0.0);
        let steps: Vec<(&str, ByYear)> = (STEPS.into_iter())
            .filter(|step| *step != "trend")
            .map(|step| (step, of(step)))
            .filter(|(_, values)| moves(values))
            .collect();
        if steps.is_empty() {
            return None;
        }
        let bare = |cited: &Option<Cited>| cited.clone().map(Estimate::bare);
        let mut whole: Vec<Option<Estimate>> = of("difference").iter().map(bare).collect();
        // Grades are of the last year.
        if let Some(last) = whole.last_mut().and_then(Option::as_mut) {
            last.disputed = place.stressor.as_ref().is_some_and(|c| c.estimate.unclear());
        }
        let unit = self.level(stressor, &place.code, &self.year, "difference")?.unit;
        let parts: Vec<Estimate> =
            steps.iter().flat_map(|(_, values)| values.iter().filter_map(bare)).collect();
        let measure = self.stressor_measure(parts.iter().chain(whole.iter().flatten()), &unit);
        let facts = self.by_year_facts(place, &steps, &measure);
        let description = self.say("run_by_year_drawn", &facts);
        let name = |step: &str| self.book.word_of(&["steps"], step);
        let factor = |(step, values): (&str, ByYear)| Factor { name: name(step), values };
        let factors: Vec<Factor> = steps.into_iter().map(factor).collect();
        let net = Net { name: Named::new(self.word("difference")), values: whole };
        let grid = self.by_year_grid(&description, &factors, &net, &measure);
        let figure = Stacked {
            head: self.stressor_name().full(),
            measure,
            years: self.years.iter().filter_map(|year| year.parse().ok()).collect(),
            factors,
            other: None,
            net,
        };
        let view = View {
            choice: place.name.brief(),
            description,
            figure: Box::new(figure),
            grid,
            file: SUMS.to_owned(),
        };
        Some((view, facts))
    }

    /// The step that is largest in the last year, and what it was in the first.
    fn by_year_facts(&self, place: &Place, steps: &[(&str, ByYear)], measure: &Measure) -> Facts {
        let mut facts = self.facts();
        self.add(&mut facts, "who", place);
        facts.word("first_year", self.years[0].clone());
        let last = |values: &ByYear| values.last().cloned().flatten();
        let size = |values: &ByYear| last(values).map_or(0.0, |cited| cited.value.abs());
        let largest = steps.iter().max_by(|a, b| size(&a.1).total_cmp(&size(&b.1)));
        if let Some((step, Some(now))) = largest.map(|(step, values)| (step, last(values))) {
            let name = self.book.word_of(&["steps"], step).full();
            facts.word("largest", inside(&name, self.book.language()));
            facts.change("largest_effect", &Estimate::bare(now), None, measure);
        }
        facts
    }

    fn by_year_grid(
        &self,
        caption: &Prose,
        factors: &[Factor],
        net: &Net,
        measure: &Measure,
    ) -> Grid {
        let mut heads = vec![head(self.word("year_head"), "", false)];
        let names = factors.iter().map(|factor| &factor.name).chain([&net.name]);
        heads.extend(names.map(|name| head(name.full(), measure.unit(), true)));
        let row = |(at, year): (usize, &String)| {
            let part = |factor: &Factor| factor.values[at].clone().map(Estimate::bare);
            let values = factors.iter().map(part).chain([net.values[at].clone()]);
            let mut cells = vec![words(year.clone())];
            cells.extend(values.map(|value| change_cell(self.book, value.as_ref(), measure)));
            GridRow { cells, total: false }
        };
        let rows = self.years.iter().enumerate().map(row).collect();
        Grid { caption: caption.plain(), heads, rows }
    }
}
