//! Whether neighbours are alike: Moran's I, and which units are clusters.

use super::{LEVEL, Subject, probability, whole};
use crate::brief::BriefError;
use crate::brief::common::{Parts, head, level_cell, words};
use crate::brief::content::{Block, Card, Cell, Grid, GridRow, MainTable, View};
use crate::brief::prose::Prose;
use crate::brief::shapes::{TITLE, fitting, headline};
use crate::brief::speech::{Facts, in_sentence};
use crate::figure::ink::Ink;
use crate::figure::moran::{Cluster, MoranScatter, Unit};
use crate::numerals::{Cited, Measure};
use crate::tidy::Column;

/// Measures by period.
const GLOBAL: &str = "autocorrelation.csv";
/// Measures of units.
const LOCAL: &str = "local_autocorrelation.csv";
/// So many periods stand in the table, and so many can be chosen.
const MOST_ROWS: usize = 12;
const MOST_VIEWS: usize = 9;

/// Moran's I of a variable in a period.
#[derive(Debug, Clone)]
struct Moran {
    variable: String,
    period: String,
    statistic: Cited,
    p: Cited,
}

/// The parts of the brief of a file that has no equations.
pub(super) fn compose(subject: &Subject<'_>) -> Result<Parts, BriefError> {
    let all = subject.periods();
    let missing = || BriefError::Missing {
        what: "coefficients of an equation or a measure of neighbours".to_owned(),
    };
    let last = all.last().ok_or_else(missing)?;
    let facts = subject.moran_facts(last);
    Ok(Parts {
        subject: subject.say("neighbours_subject", &facts),
        headline: headline(subject.book, "neighbours_headline", &facts),
        deck: subject.say("neighbours_deck", &facts),
        cards: subject.moran_cards(&all),
        blocks: subject.clusters().into_iter().collect(),
        dials: None,
        table: Some(subject.moran_table(&all)),
        method: ["neighbours_method_1", "neighbours_method_2"]
            .map(|key| subject.say(key, &facts))
            .to_vec(),
    })
}

impl Subject<'_> {
    /// Moran's I in every period of the first variable that was measured.
    fn periods(&self) -> Vec<Moran> {
        let variables = self.book.texts(GLOBAL, Column::Scenario);
        let Some(variable) = variables.first() else { return Vec::new() };
        let one = |period: &&str| {
            let of = |statistic: &str| self.global(variable, period, statistic);
            Some(Moran {
                variable: (*variable).to_owned(),
                period: (*period).to_owned(),
                statistic: of("value")?,
                p: of("p_shuffled").or_else(|| of("p"))?,
            })
        };
        self.book.texts(GLOBAL, Column::Year).iter().filter_map(one).collect()
    }

    fn global(&self, variable: &str, period: &str, statistic: &str) -> Option<Cited> {
        let question = [
            (Column::Scenario, variable),
            (Column::Year, period),
            (Column::Factor, "moran"),
            (Column::Statistic, statistic),
        ];
        Some(self.book.find(GLOBAL, &question)?.cited)
    }

    fn moran_facts(&self, moran: &Moran) -> Facts {
        let language = self.book.language();
        let mut facts = Facts::new();
        let name = self.variable(&moran.variable).full();
        facts
            .word("y_in", in_sentence(&name, language))
            .word("y", name)
            .word("period", moran.period.clone())
            .word("unit_word", self.units())
            .flag("yearly", self.about.panel.is_yearly())
            .flag("shuffled", self.global(&moran.variable, &moran.period, "p_shuffled").is_some())
            .flag("firm", moran.p.value < LEVEL)
            .flag("alike", moran.statistic.value > 0.0);
        facts.prose("moran", index(&moran.statistic, language));
        facts.prose("p", probability(&moran.p, language));
        let found = self.local(moran);
        for (cluster, key) in Cluster::ALL.into_iter().zip(["hh", "ll", "hl", "lh"]) {
            let names: Vec<String> = (found.iter())
                .filter(|unit| unit.cluster == Some(cluster))
                .map(|unit| unit.name.full())
                .collect();
            facts.count(&format!("n_{key}"), names.len() as i64);
            let style = crate::figure::Style::of(language);
            facts.word(key, style.words.list(&names));
        }
        facts
    }

    /// Units with their local measures; clusters are those whose measure is significant.
    fn local(&self, moran: &Moran) -> Vec<Unit> {
        let one = |region: &&str| {
            let of = |statistic: &str| {
                let question = [
                    (Column::Scenario, moran.variable.as_str()),
                    (Column::Year, moran.period.as_str()),
                    (Column::Region, region),
                    (Column::Statistic, statistic),
                ];
                Some(self.book.find(LOCAL, &question)?.cited)
            };
            let p = of("p_shuffled").or_else(|| of("p"));
            let quadrant = match of("quadrant")?.value {
                1.0 => Cluster::HighHigh,
                2.0 => Cluster::LowHigh,
                3.0 => Cluster::LowLow,
                _ => Cluster::HighLow,
            };
            let firm = p.as_ref().is_some_and(|p| p.value < LEVEL);
            Some(Unit {
                name: self.book.place(region),
                value: of("deviation")?.value,
                lag: of("lag")?.value,
                local: of("value"),
                p,
                cluster: firm.then_some(quadrant),
            })
        };
        self.book.texts(LOCAL, Column::Region).iter().filter_map(one).collect()
    }

    /// Each unit against its neighbours, by period.
    pub(super) fn clusters(&self) -> Option<Block> {
        let all = self.periods();
        let facts = self.moran_facts(all.last()?);
        let views: Vec<View> =
            all.iter().rev().take(MOST_VIEWS).filter_map(|one| self.scatter(one)).collect();
        (!views.is_empty()).then(|| Block {
            id: "neighbours".to_owned(),
            title: fitting(self.book, "neighbours_title", &facts, TITLE),
            text: vec![self.say("neighbours_text", &facts)],
            views,
            note: self.say("neighbours_note", &facts),
        })
    }

    fn scatter(&self, moran: &Moran) -> Option<View> {
        let facts = self.moran_facts(moran);
        let units = self.local(moran);
        if units.is_empty() {
            return None;
        }
        let description = self.say("neighbours_drawn", &facts);
        let name = self.variable(&moran.variable).full();
        let grid = self.local_grid(&units, description.plain());
        let figure = MoranScatter {
            head: self.say("neighbours_head", &facts).plain(),
            variable: name,
            statistic: moran.statistic.clone(),
            p: Some(moran.p.clone()),
            units,
        };
        let (choice, file) = (moran.period.clone(), LOCAL.to_owned());
        Some(View { choice, description, figure: Box::new(figure), grid, file })
    }

    /// Local measures with the words for clusters.
    fn local_grid(&self, units: &[Unit], caption: String) -> Grid {
        let language = self.book.language();
        let style = crate::figure::Style::of(language);
        let heads = vec![
            head(self.units(), "", false),
            head(self.book.word_of(&["statistics"], "local_moran").full(), "", true),
            head(self.book.word_of(&["statistics"], "p").full(), "", true),
            head(self.word("estimate_cluster"), "", false),
        ];
        let measure = Measure::of_figure("1", 1.0, language);
        let row = |unit: &Unit| {
            let cluster = unit.cluster.map_or("—", |cluster| cluster.words(&style));
            let p = unit.p.as_ref();
            let cells = vec![
                words(unit.name.full()),
                level_cell(unit.local.as_ref(), &measure),
                p.map_or_else(|| words("—"), |p| p_cell(p, language)),
                words(cluster),
            ];
            GridRow { cells, total: false }
        };
        Grid { caption, heads, rows: units.iter().map(row).collect() }
    }

    fn moran_cards(&self, all: &[Moran]) -> Vec<Card> {
        let (Some(first), Some(last)) = (all.first(), all.last()) else { return Vec::new() };
        let language = self.book.language();
        let card = |moran: &Moran| {
            let facts = self.moran_facts(moran);
            Card {
                label: self.say("neighbours_card", &facts),
                value: index(&moran.statistic, language),
                unit: String::new(),
                range: self.say("neighbours_card_range", &facts),
                ink: if moran.p.value < LEVEL { Ink::Ink } else { Ink::Ink2 },
            }
        };
        let mut cards = vec![card(last)];
        if all.len() > 1 {
            cards.push(card(first));
        }
        let question = [
            (Column::Scenario, last.variable.as_str()),
            (Column::Year, last.period.as_str()),
            (Column::Statistic, "units"),
        ];
        if let Some(units) = self.book.find(GLOBAL, &question) {
            let mut facts = self.moran_facts(last);
            facts.flag("count", true);
            cards.push(Card {
                label: self.say("neighbours_card_units", &facts),
                value: Prose::number(whole(language).level(units.cited.value), &units.cited),
                unit: String::new(),
                range: Prose::default(),
                ink: Ink::Ink,
            });
        }
        cards
    }

    /// Moran's I by period, the latest periods.
    fn moran_table(&self, all: &[Moran]) -> MainTable {
        let language = self.book.language();
        let facts = all.last().map(|last| self.moran_facts(last)).unwrap_or_default();
        let heads = vec![
            head(self.word("estimate_time"), "", false),
            head(self.book.word_of(&["statistics"], "moran").full(), "", true),
            head(self.book.word_of(&["statistics"], "p").full(), "", true),
        ];
        let row = |one: &Moran| {
            let value = Cell {
                main: index(&one.statistic, language),
                sort: Some(one.statistic.value),
                ..Cell::default()
            };
            let cells = vec![words(one.period.clone()), value, p_cell(&one.p, language)];
            GridRow { cells, total: false }
        };
        let latest = &all[all.len().saturating_sub(MOST_ROWS)..];
        let caption = self.say("neighbours_table_title", &facts).plain();
        MainTable {
            title: self.say("neighbours_table_title", &facts),
            grid: Grid { caption, heads, rows: latest.iter().map(row).collect() },
            note: self.say("neighbours_table_note", &facts),
            file: GLOBAL.to_owned(),
        }
    }
}

/// Moran's I with its sign.
fn index(cited: &Cited, language: crate::numerals::Language) -> Prose {
    Prose::number(crate::numerals::number(cited.value, 2, true, language), cited)
}

fn p_cell(p: &Cited, language: crate::numerals::Language) -> Cell {
    Cell { main: probability(p, language), sort: Some(p.value), ..Cell::default() }
}
