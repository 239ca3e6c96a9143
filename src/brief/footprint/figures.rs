//! Figures of a footprint.

use super::{Accounts, PER_PERSON, SUMS, Subject};
use crate::brief::common::change_grid;
use crate::brief::content::{Block, Grid, View};
use crate::brief::maps::{Mapped, map};
use crate::brief::prose::Prose;
use crate::brief::routes::{OTHERS, Routes, flow_grid, matrix_grid};
use crate::brief::shapes::{self, Numbers, number_grid};
use crate::brief::speech::Facts;
use crate::figure::classes::Kind;
use crate::figure::dumbbell::{Dumbbell, Row};
use crate::figure::ink::Quantity;
use crate::figure::net_bars::Panel;
use crate::numerals::{Cited, Estimate, Measure};
use crate::tidy::Column;

/// Embodied flows between regions.
const FLOWS: &str = "flows.csv";
/// What flows from one region to another less what flows back.
const ROUTES: &str = "routes.csv";

/// Figures of this footprint, those that say most of it first.
pub(super) fn blocks(subject: &Subject<'_>, facts: &Facts) -> Vec<Block> {
    let found = [
        subject.map(facts),
        subject.dumbbell(facts),
        subject.sankey(facts),
        subject.per_person(facts),
        subject.matrix(facts),
    ];
    found.into_iter().flatten().collect()
}

impl Subject<'_> {
    fn block(&self, id: &str, key: &str, facts: &Facts, views: Vec<View>) -> Block {
        shapes::block(self.book, id, ("footprint", key), facts, views)
    }

    fn drawn(&self, key: &str, facts: &Facts) -> Prose {
        self.book.speaker.say(&format!("footprint_{key}_drawn"), facts)
    }

    /// Accounts of the quantity and of value added.
    fn both(&self) -> Vec<&Accounts> {
        std::iter::once(&self.main).chain(&self.value_added).collect()
    }

    /// Production against consumption, for each quantity.
    fn dumbbell(&self, facts: &Facts) -> Option<Block> {
        let views = self.both().into_iter().map(|accounts| {
            let drawn = self.described("dumbbell", facts, accounts);
            self.dumbbell_of(accounts, drawn, SUMS)
        });
        Some(self.block("accounts", "dumbbell", facts, views.collect()))
    }

    /// The description of a figure of one quantity.
    fn described(&self, key: &str, facts: &Facts, accounts: &Accounts) -> Prose {
        let mut facts = facts.clone();
        facts.word("what", self.book.quantity(&accounts.quantity).full());
        self.drawn(key, &facts)
    }

    fn dumbbell_of(&self, accounts: &Accounts, drawn: Prose, file: &str) -> View {
        let name = self.book.quantity(&accounts.quantity);
        let measure = accounts.measure(self.book);
        let row = |((_, name), pair): (&(String, _), &Option<_>)| Row {
            name: Clone::clone(name),
            pairs: vec![Clone::clone(pair)],
        };
        let figure = Dumbbell {
            head: name.full(),
            measure: measure.clone(),
            quantity: match accounts.quantity.as_str() {
                super::VALUE_ADDED => Quantity::ValueAdded,
                _ => Quantity::Stressor,
            },
            gap: self.word("footprint_gap"),
            years: vec![String::new()],
            rows: self.places.iter().zip(&accounts.pairs).map(row).collect(),
        };
        View {
            choice: name.brief(),
            grid: self.grid(accounts, &drawn, &measure),
            description: drawn,
            figure: Box::new(figure),
            file: file.to_owned(),
        }
    }

    fn grid(&self, accounts: &Accounts, caption: &Prose, measure: &Measure) -> Grid {
        let columns = [
            Numbers::levels(self.word("footprint_production"), measure.clone()),
            Numbers::levels(self.word("footprint_consumption"), measure.clone()),
            Numbers::changes(self.word("footprint_net"), measure.clone()),
        ];
        let rows: Vec<(String, Vec<Option<Cited>>)> = (self.places.iter().zip(&accounts.pairs))
            .map(|((_, name), pair)| {
                let of = |part: fn(&super::Pair) -> &Cited| pair.as_ref().map(part).cloned();
                let cells = vec![
                    of(|pair| &pair.production),
                    of(|pair| &pair.consumption),
                    of(|pair| &pair.gap),
                ];
                (name.full(), cells)
            })
            .collect();
        number_grid(caption, &self.word("region"), &columns, &rows)
    }

    /// What the map shows of a region, of both quantities.
    fn nets_of(&self, at: usize) -> Vec<Option<Estimate>> {
        let net =
            |accounts: &&Accounts| Some(Estimate::bare(accounts.net(self.between(), at)?.clone()));
        self.both().iter().map(net).collect()
    }

    /// Where: a map of tiles, if the regions are made of provinces of China.
    fn map(&self, facts: &Facts) -> Option<Block> {
        let quantities: Vec<(String, Measure)> = (self.both().into_iter())
            .map(|accounts| {
                let nets = (0..self.places.len())
                    .filter_map(|at| Some(accounts.net(self.between(), at)?.value.abs()));
                let largest = nets.fold(0.0, f64::max);
                let measure = Measure::of_figure(&accounts.unit, largest, self.book.language());
                (self.book.quantity(&accounts.quantity).full(), measure)
            })
            .collect();
        let region = |(at, (code, name)): (usize, &(String, _))| Mapped {
            code: Clone::clone(code),
            name: Clone::clone(name),
            values: self.nets_of(at),
        };
        let regions: Vec<Mapped> = self.places.iter().enumerate().map(region).collect();
        let panel =
            |(head, m): &(String, Measure)| Panel { head: head.clone(), measure: m.clone() };
        let panels: Vec<Panel> = quantities.iter().map(panel).collect();
        let map = map(self.book, Kind::Change, &panels, &regions)?;
        let mut facts = facts.clone();
        map.tell(&mut facts);
        let rows: Vec<(String, Vec<Option<Estimate>>)> = (self.places.iter().enumerate())
            .map(|(at, (_, name))| (name.full(), self.nets_of(at)))
            .collect();
        let drawn = self.drawn("map", &facts);
        let grid = change_grid(self.book, drawn.plain(), &self.word("region"), &quantities, &rows);
        let view = View {
            choice: String::new(),
            description: drawn,
            figure: map.figure,
            grid,
            file: SUMS.to_owned(),
        };
        Some(self.block("map", "map", &facts, vec![view]))
    }

    /// The largest net flows embodied in what regions buy from one another.
    fn sankey(&self, facts: &Facts) -> Option<Block> {
        let mut first = None;
        let mut views = Vec::new();
        for accounts in self.both() {
            let mut facts = facts.clone();
            let Some(view) = self.sankey_of(accounts, &mut facts) else { continue };
            views.push(view);
            first.get_or_insert(facts);
        }
        Some(self.block("main-routes", "sankey", &first?, views))
    }

    fn sankey_of(&self, accounts: &Accounts, facts: &mut Facts) -> Option<View> {
        let name = self.book.quantity(&accounts.quantity);
        let of = |from: &str, to: &str, part: &str| {
            let question = [
                (Column::Quantity, accounts.quantity.as_str()),
                (Column::From, from),
                (Column::To, to),
                (Column::Part, part),
            ];
            self.book.find(ROUTES, &question)
        };
        let routes = Routes::of(&self.places, |from, to| of(from, to, "net"))?;
        let rest = of(OTHERS, OTHERS, "net").zip(of(OTHERS, OTHERS, "share_of_net"));
        let rest = rest.map(|(sum, share)| [sum, share]);
        facts.word("what", name.full());
        let figure = routes.sankey(self.book, name.full(), rest, facts)?;
        let drawn = self.drawn("sankey", facts);
        Some(View {
            choice: name.brief(),
            grid: flow_grid(self.book, &drawn, &figure),
            description: drawn,
            figure: Box::new(figure),
            file: ROUTES.to_owned(),
        })
    }

    /// Who produces for whom: regions between which most flows.
    fn matrix(&self, facts: &Facts) -> Option<Block> {
        let name = self.book.quantity(&self.main.quantity);
        let routes = Routes::of(&self.places, |from, to| {
            let question = [
                (Column::Quantity, self.main.quantity.as_str()),
                (Column::From, from),
                (Column::To, to),
            ];
            self.book.find(FLOWS, &question)
        })?;
        let figure = routes.heatmap(self.book, name.full());
        let mut facts = facts.clone();
        facts.count("n_shown", figure.rows.len() as i64);
        routes.largest(self.book, &figure.panel.measure, &mut facts);
        let drawn = self.drawn("matrix", &facts);
        let view = View {
            choice: String::new(),
            grid: matrix_grid(self.book, &drawn, &figure),
            description: drawn,
            figure: Box::new(figure),
            file: FLOWS.to_owned(),
        };
        Some(self.block("flows", "matrix", &facts, vec![view]))
    }

    /// The same per person, if the table knows how many there are.
    fn per_person(&self, facts: &Facts) -> Option<Block> {
        let all: Vec<Accounts> = (self.both().into_iter())
            .filter_map(|own| Accounts::of(self.book, PER_PERSON, &own.quantity, &self.places))
            .collect();
        let main = all.first()?;
        let mut facts = facts.clone();
        let consumed = |pair: &Option<super::Pair>| Some(pair.as_ref()?.consumption.clone());
        let mut known: Vec<(usize, Cited)> = (main.pairs.iter().enumerate())
            .filter_map(|(at, pair)| Some((at, consumed(pair)?)))
            .collect();
        known.sort_by(|a, b| b.1.value.total_cmp(&a.1.value));
        facts.flag("several", known.len() > 1);
        for (key, found) in [("most", known.first()), ("least", known.last())] {
            let (at, cited) = found?;
            self.add_name(&mut facts, key, *at);
            let measure = Measure::of_prose(&main.unit, cited.value, self.book.language());
            facts.level(&format!("{key}_value"), cited, &measure);
        }
        let views = all.iter().map(|accounts| {
            let drawn = self.described("person", &facts, accounts);
            self.dumbbell_of(accounts, drawn, PER_PERSON)
        });
        Some(self.block("per-person", "person", &facts, views.collect()))
    }
}
