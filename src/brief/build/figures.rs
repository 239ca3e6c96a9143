//! Figures of a built table.

use super::{COMPARISON, DRIVERS, Driver, Place, SUMS, Subject};
use crate::brief::common::change_grid;
use crate::brief::content::{Block, Grid, View};
use crate::brief::maps::{Mapped, map};
use crate::brief::prose::Prose;
use crate::brief::quality::Quality;
use crate::brief::routes::{OTHERS, Routes, flow_grid, matrix_grid};
use crate::brief::shapes::{self, Numbers, number_grid, percent};
use crate::brief::speech::Facts;
use crate::figure::classes::Kind;
use crate::figure::heatmap::{Heatmap, Matrix};
use crate::figure::level_bars::{self, LevelBars};
use crate::figure::names::Named;
use crate::figure::net_bars::{NetBars, Panel, Row};
use crate::figure::{Figure, NAMED};
use crate::numerals::{Cited, Estimate, Measure};
use crate::tidy::Column;

/// Trade between two regions over all products.
const ROUTES: &str = "routes.csv";

/// Figures of this build, those that say most of it first.
pub(super) fn blocks(subject: &Subject<'_>) -> Vec<Block> {
    let facts = subject.facts();
    let found = [
        subject.map(&facts),
        // A tall figure and a low one fill a page: bars of all regions with errors, flows with checks.
        subject.bars(&facts),
        subject.errors(&facts),
        subject.sankey(&facts),
        subject.quality(&facts),
        subject.drivers(&facts),
        subject.matrix(&facts),
    ];
    found.into_iter().flatten().collect()
}

impl Subject<'_> {
    fn block(&self, id: &str, key: &str, facts: &Facts, views: Vec<View>) -> Block {
        shapes::block(self.book, id, ("build", key), facts, views)
    }

    fn view(&self, description: Prose, figure: Box<dyn Figure>, grid: Grid, file: &str) -> View {
        View { choice: String::new(), description, figure, grid, file: file.to_owned() }
    }

    fn drawn(&self, key: &str, facts: &Facts) -> Prose {
        self.book.speaker.say(&format!("build_{key}_drawn"), facts)
    }

    /// Net sales to other regions and abroad.
    fn both(&self, place: &Place) -> Vec<Option<Estimate>> {
        vec![Some(place.net.clone()), place.abroad.clone().map(Estimate::bare)]
    }

    /// Names and units of both.
    fn quantities(&self) -> Vec<(String, Measure)> {
        let abroad = self.places.iter().filter_map(|place| place.abroad.clone());
        let abroad: Vec<Estimate> = abroad.map(Estimate::bare).collect();
        let all = self.places.iter().map(|place| &place.net).chain(&abroad);
        // One unit, so that both can be compared.
        let measure = crate::brief::common::figure_measure(self.book, all, &self.unit);
        let mut found = vec![(self.word("build_net"), measure.clone())];
        if !abroad.is_empty() {
            found.push((self.word("build_abroad"), measure));
        }
        found
    }

    /// Where: a map of tiles, if the regions are made of provinces of China.
    fn map(&self, facts: &Facts) -> Option<Block> {
        let quantities = self.quantities();
        let values = |place: &Place| {
            let mut values = self.both(place);
            values.truncate(quantities.len());
            values
        };
        let region = |place: &Place| Mapped {
            code: place.code.clone(),
            name: place.name.clone(),
            values: values(place),
        };
        let regions: Vec<Mapped> = self.places.iter().map(region).collect();
        let panel =
            |(head, m): &(String, Measure)| Panel { head: head.clone(), measure: m.clone() };
        let panels: Vec<Panel> = quantities.iter().map(panel).collect();
        let map = map(self.book, Kind::Change, &panels, &regions)?;
        let mut facts = facts.clone();
        map.tell(&mut facts);
        let rows: Vec<(String, Vec<Option<Estimate>>)> =
            self.places.iter().map(|place| (place.name.full(), values(place))).collect();
        let drawn = self.drawn("map", &facts);
        let grid = change_grid(self.book, drawn.plain(), &self.word("region"), &quantities, &rows);
        let view = self.view(drawn, map.figure, grid, SUMS);
        Some(self.block("map", "map", &facts, vec![view]))
    }

    /// Who: net sales with the range to what the regions' own tables state.
    fn bars(&self, facts: &Facts) -> Option<Block> {
        let measure = self.measures()[0].clone();
        let quantity = vec![(self.word("build_net"), measure)];
        let rows: Vec<(String, Vec<Option<Estimate>>)> = (self.places.iter())
            .map(|place| (place.name.full(), vec![Some(place.net.clone())]))
            .collect();
        let row =
            |place: &Place| Row { name: place.name.clone(), values: vec![Some(place.net.clone())] };
        let panel = |(head, measure): &(String, Measure)| Panel {
            head: head.clone(),
            measure: measure.clone(),
        };
        let figure = NetBars {
            panels: quantity.iter().map(panel).collect(),
            rows: self.places.iter().map(row).collect(),
        };
        let drawn = self.drawn("bars", facts);
        let grid = change_grid(self.book, drawn.plain(), &self.word("region"), &quantity, &rows);
        let view = self.view(drawn, Box::new(figure), grid, SUMS);
        Some(self.block("net-sales", "bars", facts, vec![view]))
    }

    fn names(&self) -> Vec<(String, Named)> {
        self.places.iter().map(|place| (place.code.clone(), place.name.clone())).collect()
    }

    fn routes_of(&self, quantity: &str) -> Option<Routes> {
        Routes::of(&self.names(), |from, to| {
            let question = [(Column::Quantity, quantity), (Column::From, from), (Column::To, to)];
            self.book.find(ROUTES, &question)
        })
    }

    /// The largest net flows from region to region.
    fn sankey(&self, facts: &Facts) -> Option<Block> {
        let others = |quantity: &str| {
            let question =
                [(Column::Quantity, quantity), (Column::From, OTHERS), (Column::To, OTHERS)];
            self.book.find(ROUTES, &question)
        };
        let rest = others("net_trade").zip(others("share_of_net_trade"));
        let mut facts = facts.clone();
        let routes = self.routes_of("net_trade")?;
        let rest = rest.map(|(sum, share)| [sum, share]);
        let figure = routes.sankey(self.book, self.word("build_net_trade"), rest, &mut facts)?;
        if let Some(first) = figure.flows.first() {
            self.add_ends(&mut facts, [first.from, first.to]);
        }
        let drawn = self.drawn("sankey", &facts);
        let grid = flow_grid(self.book, &drawn, &figure);
        let view = self.view(drawn, Box::new(figure), grid, ROUTES);
        Some(self.block("main-routes", "sankey", &facts, vec![view]))
    }

    /// Who sells to whom: the regions that trade most.
    fn matrix(&self, facts: &Facts) -> Option<Block> {
        let figure = self.routes_of("trade")?.heatmap(self.book, self.word("build_trade"));
        let mut facts = facts.clone();
        facts.count("n_shown", figure.rows.len() as i64);
        let drawn = self.drawn("matrix", &facts);
        let grid = matrix_grid(self.book, &drawn, &figure);
        let view = self.view(drawn, Box::new(figure), grid, ROUTES);
        Some(self.block("routes", "matrix", &facts, vec![view]))
    }

    /// How good: errors against a known table, in all and by product.
    fn errors(&self, facts: &Facts) -> Option<Block> {
        let judgement = self.judgement.as_ref()?;
        let drawn = self.drawn("errors", facts);
        let columns = self.error_columns();
        let rows: Vec<(Named, Vec<Option<Cited>>)> = (judgement.parts.iter())
            .map(|part| {
                let cells = columns.iter().map(|(code, _)| self.measured(part, code));
                (self.part(part), cells.collect())
            })
            .collect();
        let bar = |(at, (name, cells)): (usize, &(Named, Vec<Option<Cited>>))| level_bars::Row {
            name: name.clone(),
            value: cells.first().cloned().flatten().map(Estimate::bare),
            marked: at == 0,
        };
        let (head, measure) = match columns.first() {
            Some((_, numbers)) => (numbers.name.clone(), numbers.measure.clone()),
            None => return None,
        };
        // Bars begin at zero; errors of other cells stand in the table.
        let figure = LevelBars {
            panel: Panel { head, measure },
            rows: rows.iter().enumerate().map(bar).collect(),
        };
        let numbers: Vec<Numbers> = columns.into_iter().map(|(_, numbers)| numbers).collect();
        let lines: Vec<(String, Vec<Option<Cited>>)> =
            rows.into_iter().map(|(name, cells)| (name.full(), cells)).collect();
        let grid = number_grid(&drawn, &self.word("build_pairs"), &numbers, &lines);
        let mut views = vec![View {
            choice: self.word("build_all_products"),
            ..self.view(drawn, Box::new(figure), grid, COMPARISON)
        }];
        views.extend(self.errors_by_product(facts, &judgement.parts));
        Some(self.block("errors", "errors", facts, views))
    }

    /// What is held against the known table, by name.
    fn part(&self, part: &str) -> Named {
        match part.strip_prefix(super::EARLIER) {
            Some(table) => {
                let mut facts = Facts::new();
                facts.word("table", table);
                Named::new(self.book.speaker.say("build_pairs_of", &facts).plain())
            }
            None => self.book.word_of(&["builds"], part),
        }
    }

    /// Errors of the products in which the build does worst.
    fn errors_by_product(&self, facts: &Facts, parts: &[String]) -> Option<View> {
        let of = |product: &str, part: &str| {
            let question =
                [(Column::Product, product), (Column::Part, part), (Column::Statistic, "routes")];
            Some(Estimate::bare(self.book.find(COMPARISON, &question)?.cited))
        };
        let products = self.book.texts(COMPARISON, Column::Product).into_iter();
        let mut rows: Vec<(Named, Vec<Option<Estimate>>)> = products
            .filter(|product| *product != "all")
            .map(|product| {
                let cells = parts.iter().map(|part| of(product, part)).collect();
                (self.book.product(product), cells)
            })
            .collect();
        let size = |cells: &[Option<Estimate>]| {
            cells.first().and_then(Option::as_ref).map_or(0.0, Estimate::value)
        };
        rows.sort_by(|a, b| size(&b.1).total_cmp(&size(&a.1)));
        let measure = percent(size(&rows.first()?.1), self.book.language()).with_decimals(0);
        let mut facts = facts.clone();
        facts.count("n_products", rows.len() as i64);
        facts.count("n_shown", rows.len().min(NAMED) as i64);
        let drawn = self.drawn("products", &facts);
        let columns: Vec<Numbers> = (parts.iter())
            .map(|part| Numbers::levels(self.part(part).full(), measure.clone()))
            .collect();
        let points = |cells: &[Option<Estimate>]| -> Vec<Option<Cited>> {
            cells.iter().map(|cell| cell.as_ref().map(|value| value.point.clone())).collect()
        };
        let lines: Vec<(String, Vec<Option<Cited>>)> =
            rows.iter().map(|(name, cells)| (name.full(), points(cells))).collect();
        let grid = number_grid(&drawn, &self.word("product"), &columns, &lines);
        rows.truncate(NAMED);
        let (names, cells) = rows.into_iter().unzip();
        let figure = Heatmap {
            matrix: Matrix::Cross,
            kind: Kind::Level,
            panel: Panel { head: self.word("build_error_of_pairs"), measure },
            rows: names,
            columns: parts.iter().map(|part| self.part(part)).collect(),
            cells,
        };
        let choice = self.word("build_by_product");
        Some(View { choice, ..self.view(drawn, Box::new(figure), grid, COMPARISON) })
    }

    /// What the flows hang on: the share of trade that goes elsewhere if something is done otherwise.
    fn drivers(&self, facts: &Facts) -> Option<Block> {
        let largest = self.drivers.first()?.moved.value;
        let measure = percent(largest, self.book.language()).with_decimals(1);
        let shown = &self.drivers[..self.drivers.len().min(NAMED)];
        let row = |(at, driver): (usize, &Driver)| level_bars::Row {
            name: driver.name.clone(),
            value: Some(Estimate::bare(driver.moved.clone())),
            marked: at == 0,
        };
        let figure = LevelBars {
            panel: Panel { head: self.word("build_moved"), measure: measure.clone() },
            rows: shown.iter().enumerate().map(row).collect(),
        };
        let drawn = self.drawn("drivers", facts);
        let lines: Vec<(String, Vec<Option<Cited>>)> = (self.drivers.iter())
            .map(|driver| (driver.name.full(), vec![Some(driver.moved.clone())]))
            .collect();
        let numbers = [Numbers::levels(self.word("build_moved"), measure)];
        let grid = number_grid(&drawn, &self.word("build_otherwise"), &numbers, &lines);
        let view = self.view(drawn, Box::new(figure), grid, DRIVERS);
        Some(self.block("drivers", "drivers", facts, vec![view]))
    }

    /// What the table leaves open: sums of the regions against the country's own table, and the error column.
    fn quality(&self, facts: &Facts) -> Option<Block> {
        let head = self.word("build_quality_head");
        Quality::of(self.book)?.block(self.book, "build_quality", facts, head)
    }
}
