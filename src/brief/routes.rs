//! Flows between regions: the largest of them, the sum of the others, and a matrix of the regions that trade most.

use super::book::{Book, Found, at_start};
use super::common::{figure_measure, head, level_cell, words};
use super::content::{Grid, GridRow};
use super::prose::Prose;
use super::speech::Facts;
use crate::figure::NAMED;
use crate::figure::classes::Kind;
use crate::figure::heatmap::{Heatmap, Matrix};
use crate::figure::names::Named;
use crate::figure::net_bars::Panel;
use crate::figure::sankey::{Colours, Flow, Rest, Sankey};
use crate::numerals::{Cited, Estimate, Measure, decimals_that_matter};

/// Code of everything that is not named.
pub(super) const OTHERS: &str = "others";

/// Numbers by the region that they come from and the one that they go to.
pub(super) struct Routes {
    places: Vec<Named>,
    /// By from and to; nothing for a region with itself.
    cells: Vec<Vec<Option<Cited>>>,
    unit: String,
}

impl Routes {
    /// Those of places; `find` has the number between two of them. Nothing if there is none.
    pub fn of(
        places: &[(String, Named)],
        find: impl Fn(&str, &str) -> Option<Found>,
    ) -> Option<Self> {
        let mut unit = None;
        let mut cells = Vec::new();
        for (from, _) in places {
            let row = places.iter().map(|(to, _)| {
                let found = find(from, to).filter(|_| from != to)?;
                unit.get_or_insert(found.unit);
                Some(found.cited)
            });
            cells.push(row.collect());
        }
        let places = places.iter().map(|(_, name)| name.clone()).collect();
        Some(Routes { places, cells, unit: unit? })
    }

    /// Flows of more than nothing, the largest first.
    fn flows(&self) -> Vec<Flow> {
        let mut flows = Vec::new();
        for (from, row) in self.cells.iter().enumerate() {
            let positive = |cell: &Option<Cited>| cell.clone().filter(|cited| cited.value > 0.0);
            let found = row.iter().enumerate().filter_map(|(to, cell)| {
                Some(Flow { from, to, value: Estimate::bare(positive(cell)?) })
            });
            flows.extend(found);
        }
        flows.sort_by(|a, b| b.value.value().total_cmp(&a.value.value()));
        flows
    }

    /// The largest flows and the sum of all others with its share, if the file has both; `giver`, `receiver` and
    /// `flow` tell of the largest, `n_rest` and `rest_share` of the others. Nothing if nothing flows.
    pub fn sankey(
        &self,
        book: &Book<'_>,
        head: String,
        rest: Option<[Found; 2]>,
        facts: &mut Facts,
    ) -> Option<Sankey> {
        let mut flows = self.flows();
        let measure = figure_measure(book, flows.iter().map(|flow| &flow.value), &self.unit);
        let first = flows.first()?;
        for (key, at) in [("giver", first.from), ("receiver", first.to)] {
            let name = book.spoken_briefly(&self.places[at]);
            facts.word(&format!("{key}_short"), name.clone()).word(key, name);
        }
        facts.level("flow", &first.value.point, &self.prose(&measure, &first.value));
        let count = flows.len().saturating_sub(NAMED);
        let rest = rest.filter(|_| count > 0).map(|[sum, share]| Rest {
            count,
            value: sum.cited,
            share: share.cited,
        });
        facts.count("n_drawn", flows.len().min(NAMED) as i64).count("n_rest", count as i64);
        facts.flag("with_rest", rest.is_some());
        if let Some(rest) = &rest {
            let share = Measure::of_prose("share", rest.share.value, book.language());
            facts.level("rest_share", &rest.share, &share);
        }
        flows.truncate(NAMED);
        let panel = Panel { head, measure };
        let regions = self.places.clone();
        Some(Sankey { panel, regions, flows, rest, colours: Colours::Largest })
    }

    /// The unit of a figure, with the digits that matter of a number in a sentence beside it.
    fn prose(&self, measure: &Measure, value: &Estimate) -> Measure {
        measure.with_decimals(decimals_that_matter(measure.scaled(value.value())))
    }

    /// The largest flow under `producer`, `consumer` and `largest`, in a unit; nothing flows where `with_largest` is
    /// false.
    pub fn largest(&self, book: &Book<'_>, measure: &Measure, facts: &mut Facts) {
        let flows = self.flows();
        facts.flag("with_largest", !flows.is_empty());
        let Some(first) = flows.first() else { return };
        for (key, at) in [("producer", first.from), ("consumer", first.to)] {
            let name = book.spoken_briefly(&self.places[at]);
            facts.word(&format!("{key}_start"), at_start(&name)).word(key, name);
        }
        facts.level("largest", &first.value.point, &self.prose(measure, &first.value));
    }

    /// The regions between which most flows, at most twelve of them, each with each.
    pub fn heatmap(&self, book: &Book<'_>, head: String) -> Heatmap {
        let count = self.places.len();
        let size = |at: usize| -> f64 {
            let ends =
                (0..count).flat_map(|other| [&self.cells[at][other], &self.cells[other][at]]);
            ends.flatten().map(|cited| cited.value.abs()).sum()
        };
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by(|a, b| size(*b).total_cmp(&size(*a)));
        order.truncate(NAMED);
        let estimate = |from: usize, to: usize| self.cells[from][to].clone().map(Estimate::bare);
        let cells: Vec<Vec<Option<Estimate>>> = order
            .iter()
            .map(|from| order.iter().map(|to| estimate(*from, *to)).collect())
            .collect();
        let measure = figure_measure(book, cells.iter().flatten().flatten(), &self.unit);
        let names: Vec<Named> = order.iter().map(|at| self.places[*at].clone()).collect();
        Heatmap {
            matrix: Matrix::Transfers,
            kind: Kind::Level,
            panel: Panel { head, measure },
            rows: names.clone(),
            columns: names,
            cells,
        }
    }
}

/// The numbers of a Sankey: from, to, how much.
pub(super) fn flow_grid(book: &Book<'_>, caption: &Prose, sankey: &Sankey) -> Grid {
    let word = |key: &str| book.speaker.template().word(key, book.language());
    let measure = &sankey.panel.measure;
    let heads = vec![
        head(word("flow_from"), "", false),
        head(word("flow_to"), "", false),
        head(sankey.panel.head.clone(), measure.unit(), true),
    ];
    let line = |from: String, to: String, cited: &Cited| GridRow {
        cells: vec![words(from), words(to), level_cell(Some(cited), measure)],
        total: false,
    };
    let name = |at: usize| sankey.regions[at].full();
    let mut rows: Vec<GridRow> = (sankey.flows.iter())
        .map(|flow| line(name(flow.from), name(flow.to), &flow.value.point))
        .collect();
    if let Some(rest) = &sankey.rest {
        let mut facts = Facts::new();
        facts.count("n", rest.count as i64);
        let others = book.speaker.say("other_flows", &facts).plain();
        rows.push(GridRow { total: true, ..line(others, String::new(), &rest.value) });
    }
    Grid { caption: caption.plain(), heads, rows }
}

/// The numbers of a heatmap of regions.
pub(super) fn matrix_grid(book: &Book<'_>, caption: &Prose, heatmap: &Heatmap) -> Grid {
    let measure = &heatmap.panel.measure;
    let corner = book.speaker.template().word("from", book.language());
    let mut heads = vec![head(corner, "", false)];
    heads.extend(heatmap.columns.iter().map(|name| head(name.brief(), measure.unit(), true)));
    let row = |(name, cells): (&Named, &Vec<Option<Estimate>>)| {
        let number = |cell: &Option<Estimate>| level_cell(cell.as_ref().map(|e| &e.point), measure);
        let cells = std::iter::once(words(name.full())).chain(cells.iter().map(number)).collect();
        GridRow { cells, total: false }
    };
    let rows = heatmap.rows.iter().zip(&heatmap.cells).map(row).collect();
    Grid { caption: caption.plain(), heads, rows }
}
