//! Figures of a location game.

use super::{ADVANTAGE, Cluster, EQUILIBRIA, Number, PATH, Subject};
use crate::brief::book::said;
use crate::brief::common::change_grid;
use crate::brief::content::{Block, View};
use crate::brief::shapes::{self, Numbers, number_grid};
use crate::brief::speech::Facts;
use crate::figure::canvas::{Alt, Drawing};
use crate::figure::fan::{FanChart, Middle, Series, Shows, YearBand};
use crate::figure::names::Named;
use crate::figure::net_bars::{NetBars, Panel, Row};
use crate::figure::scenario_table::{self, ScenarioTable};
use crate::figure::{Figure, Style, Width};
use crate::numerals::{Cited, Estimate};
use crate::tidy::Column;

/// Parts of the net advantage.
const PARTS: [&str; 4] = ["raw_material", "transport", "regional_effect", "together"];
/// What is told of a cluster, and whether it is of one firm.
const OUTCOMES: [(&str, bool); 5] = [
    ("profit", true),
    ("profit_by_leaving", true),
    ("price", false),
    ("consumer_surplus", false),
    ("welfare", false),
];

/// Figures of this game, those that say most of it first.
pub(super) fn blocks(subject: &Subject<'_>, facts: &Facts) -> Vec<Block> {
    let found = [subject.path(facts), subject.parts(facts), subject.outcomes(facts)];
    found.into_iter().flatten().collect()
}

/// Bars of an advantage: their two sides are places that it favours.
#[derive(Debug)]
struct Favours {
    bars: NetBars,
    title: String,
    /// Words for below and above zero.
    sides: [String; 2],
}

impl Favours {
    fn worded(&self, style: &Style) -> Style {
        let mut style = style.clone();
        style.words.gives = format!("← {}", self.sides[0]);
        style.words.receives = format!("{} →", self.sides[1]);
        style
    }
}

impl Figure for Favours {
    fn draw(&self, style: &Style, width: Width) -> Drawing {
        self.bars.draw(&self.worded(style), width)
    }

    fn alt(&self, style: &Style) -> Alt {
        Alt { title: self.title.clone(), ..self.bars.alt(&self.worded(style)) }
    }
}

impl Subject<'_> {
    fn block(&self, id: &str, key: &str, facts: &Facts, view: View) -> Block {
        shapes::block(self.book, id, ("locate", key), facts, vec![view])
    }

    /// Net advantage against the threshold, year by year.
    fn path(&self, facts: &Facts) -> Option<Block> {
        let years = self.book.texts(PATH, Column::Year);
        let threshold = if self.starts_at_a { "threshold_A" } else { "threshold_B" };
        let number = |year: &str, quantity: &str| {
            self.number(PATH, &[(Column::Year, year), (Column::Quantity, quantity)])
        };
        let line = |quantity: &str| -> Vec<YearBand> {
            let one = |year: &&str| {
                let median = number(year, quantity)?.0;
                Some(YearBand { year: year.parse().ok()?, median, outer: None, inner: None })
            };
            years.iter().filter_map(one).collect()
        };
        let (advantage, limit) = (line("advantage"), line(threshold));
        if advantage.len() < 2 {
            return None;
        }
        let unit = number(years.first()?, "advantage")?.1;
        let all = advantage.iter().chain(&limit).map(|one| one.median.value.abs());
        let measure = self.book.figure_measure(&unit, all.fold(0.0, f64::max));
        let drawn = self.say("locate_path_drawn", facts);
        let columns = [
            Numbers::changes(self.word("locate_advantage"), measure.clone()),
            Numbers::changes(self.word("locate_threshold"), measure.clone()),
        ];
        let rows: Vec<(String, Vec<Option<Cited>>)> = (years.iter())
            .map(|year| {
                let of = |quantity| number(year, quantity).map(|(cited, _)| cited);
                ((*year).to_owned(), vec![of("advantage"), of(threshold)])
            })
            .collect();
        let grid = number_grid(&drawn, &self.word("year_head"), &columns, &rows);
        let series = |key: &str, line| Series::line(Named::new(self.word(key)), line);
        let figure = FanChart {
            head: self.say("locate_path_head", facts).plain(),
            measure,
            shows: Shows::Levels,
            middle: Middle::MainRun,
            scenario: series("locate_advantage", advantage),
            baseline: Some(series("locate_threshold", limit)),
            history: Vec::new(),
            data_end: None,
            targets: Vec::new(),
        };
        let view = View {
            choice: String::new(),
            description: drawn,
            figure: Box::new(figure),
            grid,
            file: PATH.to_owned(),
        };
        Some(self.block("years", "path", facts, view))
    }

    /// What the net advantage is made of.
    fn parts(&self, facts: &Facts) -> Option<Block> {
        let found = |part: &&str| {
            let question = [(Column::Quantity, "advantage"), (Column::Part, *part)];
            let name = self.book.word_of(&["advantages"], part);
            Some((name, self.number(ADVANTAGE, &question)?))
        };
        let lines: Vec<(Named, Number)> = PARTS.iter().filter_map(found).collect();
        let unit = lines.first()?.1.1.clone();
        let largest = lines.iter().map(|(_, (cited, _))| cited.value.abs()).fold(0.0, f64::max);
        let measure = self.book.figure_measure(&unit, largest);
        let value = |(cited, _): &Number| Some(Estimate::bare(cited.clone()));
        let head = self.say("locate_parts_head", facts).plain();
        let bars = NetBars {
            panels: vec![Panel { head: head.clone(), measure: measure.clone() }],
            rows: (lines.iter())
                .map(|(name, number)| Row { name: name.clone(), values: vec![value(number)] })
                .collect(),
        };
        let favours = |cluster: &Cluster| {
            let mut facts = Facts::new();
            facts.word("place", said(&cluster.name, self.book.language()));
            self.say("locate_favours", &facts).plain()
        };
        let [a, b] = &self.clusters;
        let figure = Favours { bars, title: head.clone(), sides: [favours(b), favours(a)] };
        let rows: Vec<(String, Vec<Option<Estimate>>)> =
            lines.iter().map(|(name, number)| (name.full(), vec![value(number)])).collect();
        let drawn = self.say("locate_parts_drawn", facts);
        let part = self.word("locate_part");
        let view = View {
            choice: String::new(),
            grid: change_grid(self.book, drawn.plain(), &part, &[(head, measure)], &rows),
            description: drawn,
            figure: Box::new(figure),
            file: ADVANTAGE.to_owned(),
        };
        Some(self.block("advantage", "parts", facts, view))
    }

    /// What firms and buyers have of all firms here and of all firms there.
    fn outcomes(&self, facts: &Facts) -> Option<Block> {
        let sides = self.sides();
        let of = |cluster: &Cluster, (quantity, of_firm): (&str, bool)| {
            self.of_cluster(cluster, quantity, of_firm)
        };
        let measured = |(quantity, of_firm): (&'static str, bool)| {
            let numbers: Vec<Number> =
                sides.iter().filter_map(|cluster| of(cluster, (quantity, of_firm))).collect();
            let (_, unit) = numbers.first()?;
            let largest = numbers.iter().map(|(cited, _)| cited.value.abs()).fold(0.0, f64::max);
            let measure = self.book.figure_measure(unit, largest);
            Some((quantity, of_firm, self.book.word_of(&["outcomes"], quantity).full(), measure))
        };
        let columns: Vec<_> = OUTCOMES.into_iter().filter_map(measured).collect();
        columns.first()?;
        let cells = |cluster: &&Cluster| -> Vec<Option<Cited>> {
            let one = |(quantity, of_firm, ..): &(&str, bool, _, _)| {
                of(cluster, (quantity, *of_firm)).map(|(cited, _)| cited)
            };
            columns.iter().map(one).collect()
        };
        let name = |cluster: &Cluster| {
            let mut facts = Facts::new();
            facts
                .word("place", said(&cluster.name, self.book.language()))
                .flag("lasts", cluster.lasts);
            Named::new(self.say("locate_all_at", &facts).plain()).short(cluster.name.brief())
        };
        let rows: Vec<(Named, Vec<Option<Cited>>)> =
            sides.iter().map(|cluster| (name(cluster), cells(cluster))).collect();
        let column = |(_, _, head, measure): &(_, _, String, _)| scenario_table::Column {
            head: head.clone(),
            measure: Clone::clone(measure),
            change: false,
            best: None,
        };
        let row = |(name, cells): &(Named, Vec<Option<Cited>>)| {
            let cells = cells.iter().cloned().map(|cell| cell.map(Estimate::bare)).collect();
            scenario_table::Row { name: name.clone(), baseline: false, cells }
        };
        let figure = ScenarioTable {
            columns: columns.iter().map(column).collect(),
            rows: rows.iter().map(row).collect(),
        };
        let numbers: Vec<Numbers> = (columns.into_iter())
            .map(|(_, _, head, measure)| Numbers::levels(head, measure))
            .collect();
        let lines: Vec<(String, Vec<Option<Cited>>)> =
            rows.into_iter().map(|(name, cells)| (name.full(), cells)).collect();
        let drawn = self.say("locate_outcomes_drawn", facts);
        let view = View {
            choice: String::new(),
            grid: number_grid(&drawn, &self.word("locate_outcome"), &numbers, &lines),
            description: drawn,
            figure: Box::new(figure),
            file: EQUILIBRIA.to_owned(),
        };
        Some(self.block("outcomes", "outcomes", facts, view))
    }
}
