//! Figures of what moved between which regions and in which sectors, beyond the five of the page.

use super::contested::disputed_in;
use super::{Place, SOURCING, Subject};
use crate::brief::book::inside;
use crate::brief::common::{figure_measure, head, level_cell, words};
use crate::brief::content::{Block, Cell, Grid, GridRow, View};
use crate::brief::prose::Prose;
use crate::brief::sectors::Sectors;
use crate::brief::speech::Facts;
use crate::figure::butterfly::{Butterfly, Flows, Row};
use crate::figure::chord::Chord;
use crate::figure::classes::Kind;
use crate::figure::heatmap::{Heatmap, Matrix};
use crate::figure::names::Named;
use crate::figure::net_bars::Panel;
use crate::figure::sankey::{Colours, Flow, Rest, Sankey};
use crate::figure::{Figure, NAMED};
use crate::numerals::{Cited, Estimate, Measure};
use crate::tidy::Column;

/// Sums by sector.
const SECTORS: &str = "sector_sums.csv";
/// Transfer-in, transfer-out and net by region and sector.
const TRANSFERS: &str = "transfers.csv";
/// Sums of transfers between two regions.
const ROUTES: &str = "routes.csv";
/// So many flows are drawn one by one.
const DRAWN: usize = 12;
/// Up to so many regions stand on a circle.
const CHORD: usize = 8;

impl Subject<'_> {
    /// In which sectors: sectors by regions, for each quantity.
    pub(super) fn sectors(&self) -> Option<Block> {
        // The quantity that the title is about is the one that paper shows.
        let mut quantities: Vec<String> = self.stressor.iter().cloned().collect();
        quantities.push("value_added".to_owned());
        let views: Vec<(View, Facts)> =
            quantities.iter().filter_map(|quantity| self.sectors_of(quantity)).collect();
        let facts = views.first()?.1.clone();
        let mut block = self.block("sectors", "sectors", &facts, Vec::new());
        // Of the other quantity nothing is said: paper shows the first view alone.
        block.text = ["text", "unranged"]
            .map(|part| self.say(&format!("transfer_sectors_{part}"), &facts))
            .to_vec();
        if let Some(text) = block.text.first_mut().filter(|_| self.stressor.is_some()) {
            text.0.extend(self.gap_mark(&self.all).0);
        }
        block.views = views.into_iter().map(|(view, _)| view).collect();
        Some(block)
    }

    fn sectors_of(&self, quantity: &str) -> Option<(View, Facts)> {
        let places: Vec<(String, Named)> =
            self.places.iter().map(|place| (place.code.clone(), place.name.clone())).collect();
        let of = |region: &str, sector: &str| {
            self.book.find(
                SECTORS,
                &[
                    (Column::Quantity, quantity),
                    (Column::Region, region),
                    (Column::Sector, sector),
                    (Column::Factor, SOURCING),
                    (Column::Part, "total"),
                ],
            )
        };
        let sectors = Sectors::of(self.book, &places, of)?;
        let mut facts = self.figure_facts();
        let what = self.book.quantity(quantity).full();
        let short = self.book.quantity(quantity).brief();
        facts
            .word("what", what.clone())
            .word("what_in", inside(&short, self.book.language()))
            .flag("of_stressor", quantity != "value_added");
        let unclear = |place: &&Place| match quantity {
            "value_added" => place.value_added.unclear(),
            _ => place.stressor.as_ref().is_some_and(Estimate::unclear),
        };
        let open: Vec<&Place> = self.places.iter().filter(unclear).collect();
        facts.count("n_open_sums", open.len() as i64).prose("open_sums", self.names(&open));
        sectors.largest(self.book, &mut facts, Some(&sectors.measure));
        for (key, sign) in [("gain", 1.0), ("loss", -1.0)] {
            let open = sectors
                .end(sign)
                .is_some_and(|[place, sector]| disputed_in(self.book, place, sector, quantity));
            facts.flag(&format!("{key}_contested"), open);
        }
        let stressor = |place: &Place| place.stressor.as_ref().map(Estimate::value);
        let most = self.places.iter().filter(|place| place.stressor.is_some());
        let most = most.max_by(|a, b| {
            let of = |place| stressor(place).unwrap_or_default();
            of(a).total_cmp(&of(b))
        });
        facts.word("stressor_top", "");
        if let Some((place, value)) = most.and_then(|own| Some((own, own.stressor.as_ref()?))) {
            facts.word("stressor_top", self.book.place_inside(&place.code));
            facts.change("stressor_top_sum", value, None, &self.measures()[1]);
        }
        let description = self.say("transfer_sectors_drawn", &facts);
        let view = View {
            choice: what.clone(),
            grid: sectors.grid(self.book, description.plain()),
            description,
            figure: Box::new(sectors.figure(self.book, what)),
            file: SECTORS.to_owned(),
        };
        Some((view, facts))
    }

    /// What went out and came in by sector, for the region that gave most and the one that received most.
    pub(super) fn butterfly(&self) -> Option<Block> {
        let views: Vec<View> = (self.places.iter().take(super::MOST_VIEWS))
            .filter_map(|place| self.butterfly_of(&place.code, &place.name))
            .collect();
        let facts = self.figure_facts();
        (!views.is_empty()).then(|| self.block("in-and-out", "butterfly", &facts, views))
    }

    fn butterfly_of(&self, region: &str, name: &Named) -> Option<View> {
        let table = self.book.recorded.summary.tables.first()?;
        let of = |sector: &str, part: &str| {
            let question = [
                (Column::Quantity, "output"),
                (Column::Region, region),
                (Column::Sector, sector),
                (Column::Factor, SOURCING),
                (Column::Part, part),
            ];
            self.book.find(TRANSFERS, &question)
        };
        let mut rows: Vec<(String, Flows)> = Vec::new();
        let mut unit = String::new();
        for label in &table.sectors {
            let found =
                of(&label.code, "in").zip(of(&label.code, "out")).zip(of(&label.code, "net"));
            let Some(((inward, outward), net)) = found else { continue };
            unit = inward.unit.clone();
            let net = Estimate::bare(net.cited);
            rows.push((
                label.code.clone(),
                Flows { inward: inward.cited, outward: outward.cited, net },
            ));
        }
        let size = |flows: &Flows| flows.inward.value.abs().max(flows.outward.value.abs());
        rows.sort_by(|a, b| size(&b.1).total_cmp(&size(&a.1)));
        let largest = size(&rows.first()?.1);
        let measure = self.book.figure_measure(&unit, largest);
        let mut facts = self.figure_facts();
        facts.word("who", self.book.place_inside(region));
        let description = self.say("transfer_butterfly_drawn", &facts);
        let grid = self.butterfly_grid(description.plain(), &rows, &measure);
        let named = rows.into_iter().take(NAMED);
        let rows = named.map(|(sector, flows)| Row { name: self.book.sector(&sector), flows });
        let head = self.book.quantity("output").full();
        let figure = Butterfly { head, measure, rows: rows.collect(), other: None };
        Some(View {
            choice: name.brief(),
            description,
            figure: Box::new(figure),
            grid,
            file: TRANSFERS.to_owned(),
        })
    }

    fn butterfly_grid(&self, caption: String, rows: &[(String, Flows)], measure: &Measure) -> Grid {
        let mut heads = vec![head(self.word("sector"), "", false)];
        for key in ["inward", "outward", "net"] {
            heads.push(head(self.word(key), measure.unit(), true));
        }
        let row = |(sector, flows): &(String, Flows)| GridRow {
            cells: vec![
                words(self.book.sector(sector).full()),
                level_cell(Some(&flows.inward), measure),
                level_cell(Some(&flows.outward), measure),
                change(&flows.net.point, measure),
            ],
            total: false,
        };
        Grid { caption, heads, rows: rows.iter().map(row).collect() }
    }

    /// Who gave to whom: output by pair of regions.
    pub(super) fn routes(&self) -> Option<Block> {
        let of = |from: &str, to: &str| {
            let question = [
                (Column::Quantity, "output"),
                (Column::From, from),
                (Column::To, to),
                (Column::Factor, SOURCING),
                (Column::Part, "direct"),
            ];
            self.book.find(ROUTES, &question)
        };
        let mut unit = String::new();
        let mut cells: Vec<Vec<Option<Estimate>>> = Vec::new();
        for from in &self.places {
            let row = self.places.iter().map(|to| {
                let found = of(&from.code, &to.code).filter(|_| from.code != to.code)?;
                unit = found.unit;
                Some(Estimate::bare(found.cited))
            });
            cells.push(row.collect());
        }
        if unit.is_empty() {
            return None;
        }
        let measure = figure_measure(self.book, cells.iter().flatten().flatten(), &unit);
        let facts = self.figure_facts();
        let description = self.say("transfer_routes_drawn", &facts);
        let names: Vec<Named> = self.places.iter().map(|place| place.name.clone()).collect();
        let grid = self.routes_grid(description.plain(), &names, &cells, &measure);
        let figure = Heatmap {
            matrix: Matrix::Transfers,
            kind: Kind::Level,
            panel: Panel { head: self.book.quantity("output").full(), measure },
            rows: names.clone(),
            columns: names,
            cells,
        };
        let view = View {
            choice: String::new(),
            description,
            figure: Box::new(figure),
            grid,
            file: ROUTES.to_owned(),
        };
        Some(self.block("routes", "routes", &facts, vec![view]))
    }

    /// The largest net flows between regions: from left to right, and as ribbons of a circle.
    pub(super) fn main_routes(&self) -> Vec<Block> {
        let Some((sankey, facts)) = self.sankey() else { return Vec::new() };
        let description = self.say("transfer_sankey_drawn", &facts);
        let grid = self.sankey_grid(description.plain(), &sankey);
        let few = sankey.regions.len() <= CHORD;
        let figures: [(&str, Option<Box<dyn Figure>>); 2] = [
            ("main-routes", Some(Box::new(sankey.clone()))),
            ("chord", few.then(|| Box::new(Chord { flows: sankey }) as Box<dyn Figure>)),
        ];
        let block = |(id, figure): (&str, Option<Box<dyn Figure>>)| {
            let view = View {
                choice: String::new(),
                description: description.clone(),
                figure: figure?,
                grid: grid.clone(),
                file: ROUTES.to_owned(),
            };
            Some(self.block(id, "sankey", &facts, vec![view]))
        };
        figures.into_iter().filter_map(block).collect()
    }

    fn sankey(&self) -> Option<(Sankey, Facts)> {
        let of = |from: &str, to: &str, part: &str| {
            let question = [
                (Column::Quantity, "output"),
                (Column::From, from),
                (Column::To, to),
                (Column::Factor, SOURCING),
                (Column::Part, part),
            ];
            self.book.find(ROUTES, &question)
        };
        let mut unit = String::new();
        let mut flows: Vec<Flow> = Vec::new();
        for (from, giver) in self.places.iter().enumerate() {
            for (to, receiver) in self.places.iter().enumerate() {
                let net = of(&giver.code, &receiver.code, "net");
                let Some(net) = net.filter(|net| net.cited.value > 0.0) else { continue };
                unit = net.unit;
                flows.push(Flow { from, to, value: Estimate::bare(net.cited) });
            }
        }
        flows.sort_by(|a, b| b.value.value().total_cmp(&a.value.value()));
        let first = flows.first()?;
        let measure = figure_measure(self.book, flows.iter().map(|flow| &flow.value), &unit);
        let mut facts = self.figure_facts();
        facts.word("giver", self.book.place_inside(&self.places[first.from].code));
        facts.word("receiver", self.book.place_inside(&self.places[first.to].code));
        facts.change("flow", &first.value, None, &measure);
        let count = flows.len().saturating_sub(DRAWN);
        let rest = of("others", "others", "net").zip(of("others", "others", "share_of_net"));
        let rest = rest.filter(|_| count > 0).map(|(sum, share)| Rest {
            count,
            value: sum.cited,
            share: share.cited,
        });
        let figure = Sankey {
            panel: Panel { head: self.book.quantity("output").full(), measure },
            regions: self.places.iter().map(|place| place.name.clone()).collect(),
            flows,
            rest,
            colours: Colours::Largest,
        };
        Some((figure, facts))
    }

    fn sankey_grid(&self, caption: String, sankey: &Sankey) -> Grid {
        let measure = &sankey.panel.measure;
        let heads = vec![
            head(self.word("giver"), "", false),
            head(self.word("receiver"), "", false),
            head(self.word("net"), measure.unit(), true),
        ];
        let row = |flow: &Flow| GridRow {
            cells: vec![
                words(sankey.regions[flow.from].full()),
                words(sankey.regions[flow.to].full()),
                level_cell(Some(&flow.value.point), measure),
            ],
            total: false,
        };
        Grid { caption, heads, rows: sankey.flows.iter().map(row).collect() }
    }

    fn routes_grid(
        &self,
        caption: String,
        names: &[Named],
        cells: &[Vec<Option<Estimate>>],
        measure: &Measure,
    ) -> Grid {
        let mut heads = vec![head(self.word("from"), "", false)];
        heads.extend(names.iter().map(|name| head(name.brief(), measure.unit(), true)));
        let row = |(name, cells): (&Named, &Vec<Option<Estimate>>)| {
            let numbers =
                cells.iter().map(|cell| level_cell(cell.as_ref().map(|e| &e.point), measure));
            let cells = std::iter::once(words(name.full())).chain(numbers).collect();
            GridRow { cells, total: false }
        };
        Grid { caption, heads, rows: names.iter().zip(cells).map(row).collect() }
    }
}

/// A change in a cell.
fn change(cited: &Cited, measure: &Measure) -> Cell {
    Cell {
        main: Prose::number(measure.change(cited.value), cited),
        sort: Some(cited.value),
        ..Cell::default()
    }
}
