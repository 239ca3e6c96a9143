//! The brief of a check: which accounts of a table close, where they are open, and what a reader should know.

use super::BriefError;
use super::book::{Book, Found};
use super::common::{Parts, head, level_cell, main_stressor, words};
use super::content::{Block, Card, Grid, GridRow, MainTable, View};
use super::prose::Prose;
use super::quality::Quality;
use super::shapes::{HEADLINE, Numbers, TITLE, fitting, level_card, number_grid, percent};
use super::speech::Facts;
use crate::figure::level_bars::{LevelBars, Row};
use crate::figure::names::Named;
use crate::figure::net_bars::Panel;
use crate::figure::quality::Grade;
use crate::numerals::{Cited, Estimate, Measure};
use crate::tidy::Column;

/// Sums by region.
const SUMS: &str = "sums.csv";
/// Counts of cells that deserve a look.
const CELLS: &str = "cells.csv";
/// Lines of the table on paper.
const LINES: usize = 12;

/// What a check's brief is about.
struct Subject<'b> {
    book: &'b Book<'b>,
    table: String,
    year: i32,
    sectors: usize,
    places: Vec<(String, Named)>,
    quality: Quality,
}

/// The parts of the brief of a check.
pub(super) fn compose(book: &Book<'_>) -> Result<Parts, BriefError> {
    let subject = Subject::of(book)?;
    let facts = subject.facts();
    let say = |key: &str| book.speaker.say(key, &facts);
    let head = book.speaker.template().word("check_quality_head", book.language());
    let quality = subject.quality.block(book, "check_quality", &facts, head);
    Ok(Parts {
        subject: say("check_subject"),
        headline: fitting(book, "check_headline", &facts, HEADLINE),
        deck: say("check_deck"),
        cards: subject.cards(&facts),
        blocks: quality.into_iter().chain(subject.errors(&facts)).collect(),
        dials: None,
        table: Some(subject.table(&facts)),
        method: ["check_method_1", "check_method_2", "check_method_3"].map(say).to_vec(),
    })
}

impl<'b> Subject<'b> {
    fn of(book: &'b Book<'b>) -> Result<Self, BriefError> {
        let missing = |what: &str| BriefError::Missing { what: what.to_owned() };
        let table = book.recorded.summary.tables.first().ok_or_else(|| missing("a table"))?;
        let quality = Quality::of(book).ok_or_else(|| missing("identities.csv"))?;
        let place = |code: &String| (code.clone(), book.place(code));
        Ok(Subject {
            book,
            table: table.name.clone(),
            year: table.year,
            sectors: table.sectors.len(),
            places: table.regions.iter().map(|label| place(&label.code)).collect(),
            quality,
        })
    }

    fn word(&self, key: &str) -> String {
        self.book.speaker.template().word(key, self.book.language())
    }

    fn sum(&self, quantity: &str, region: &str) -> Option<Found> {
        self.book.find(SUMS, &[(Column::Quantity, quantity), (Column::Region, region)])
    }

    /// Error shares of the regions that have one, the largest first.
    fn error_shares(&self) -> Vec<(&Named, Cited)> {
        let share = |code: &str| Some(self.sum("error_share_of_output", code)?.cited);
        let mut found: Vec<(&Named, Cited)> =
            (self.places.iter()).filter_map(|(code, name)| Some((name, share(code)?))).collect();
        found.sort_by(|a, b| b.1.value.total_cmp(&a.1.value));
        found
    }

    fn facts(&self) -> Facts {
        let mut facts = Facts::new();
        let language = self.book.language();
        facts
            .word("table", self.table.clone())
            .word("year", self.year.to_string())
            .count("regions", self.places.len() as i64)
            .count("sectors", self.sectors as i64)
            .count("lines", LINES as i64)
            .flag("whole_table", self.places.len() <= LINES);
        self.quality.facts(self.book, &mut facts);
        let all = self.sum("error_share_of_output", "all").map(|found| found.cited);
        facts.flag("with_error", all.is_some());
        if let Some(error) = &all {
            facts.level("error", error, &percent(error.value, language));
        }
        let shares = self.error_shares();
        facts.flag("with_shares", !shares.is_empty()).flag("several", shares.len() > 1);
        for (key, found) in [("most", shares.first()), ("least", shares.last())] {
            if let Some((name, cited)) = found {
                facts.word(key, name.full()).word(&format!("{key}_short"), name.brief());
                facts.level(&format!("{key}_error"), cited, &percent(cited.value, language));
            }
        }
        for key in ["negative_flows", "negative_value_added", "column_sum_above_one"] {
            let found = self.count(key);
            facts.flag(&format!("with_{key}"), found.as_ref().is_some_and(|one| one.value > 0.0));
            if let Some(cited) = found {
                facts.level(key, &cited, &Measure::of_figure("", 1000.0, language));
            }
        }
        facts
    }

    fn count(&self, quantity: &str) -> Option<Cited> {
        self.book.find(CELLS, &[(Column::Quantity, quantity)]).map(|found| found.cited)
    }

    /// The largest gap, the error column, value added, and negative flows.
    fn cards(&self, facts: &Facts) -> Vec<Card> {
        let language = self.book.language();
        let say = |key: &str| self.book.speaker.say(key, facts);
        let mut cards = Vec::new();
        let gap = self.quality.worst().filter(|_| self.quality.count(Grade::Fail) > 0);
        // What passes has no gap that is worth a number.
        let (key, first) = match gap {
            Some(gap) => ("check_card_gap", gap),
            None => ("check_card_tolerance", self.quality.tolerance()),
        };
        let below = say(&format!("{key}_below"));
        cards.push(level_card(say(key), first, &percent(first.value, language), below));
        if let Some(error) = self.sum("error_share_of_output", "all") {
            let (label, below) = (say("check_card_error"), say("check_card_error_below"));
            let measure = percent(error.cited.value, language);
            cards.push(level_card(label, &error.cited, &measure, below));
        }
        for quantity in ["value_added", "output"] {
            if let Some(found) = self.sum(quantity, "all").filter(|_| cards.len() < 3) {
                let measure = Measure::of_prose(&found.unit, found.cited.value, language);
                let label = Prose::text(self.book.quantity(quantity).full());
                cards.push(level_card(label, &found.cited, &measure, say("check_card_all")));
            }
        }
        if let Some(count) = self.count("negative_flows") {
            let measure = Measure::of_figure("", 1000.0, language);
            let (label, below) = (say("check_card_negative"), say("check_card_negative_below"));
            let unit = self.word("check_cells");
            cards.push(Card { unit, ..level_card(label, &count, &measure, below) });
        }
        cards
    }

    /// The error column by region, as a share of output.
    fn errors(&self, facts: &Facts) -> Option<Block> {
        let shares = self.error_shares();
        let measure = percent(shares.first()?.1.value, self.book.language()).with_decimals(1);
        let row = |(at, (name, cited)): (usize, &(&Named, Cited))| Row {
            name: Named::clone(name),
            value: Some(Estimate::bare(cited.clone())),
            marked: at == 0,
        };
        let say = |part: &str| self.book.speaker.say(&format!("check_errors_{part}"), facts);
        let name = self.word("check_error");
        let figure = LevelBars {
            panel: Panel { head: name.clone(), measure: measure.clone() },
            rows: shares.iter().enumerate().map(row).collect(),
        };
        let rows: Vec<(String, Vec<Option<Cited>>)> =
            shares.iter().map(|(name, cited)| (name.full(), vec![Some(cited.clone())])).collect();
        let description = say("drawn");
        let columns = [Numbers::levels(name, measure)];
        let view = View {
            choice: String::new(),
            grid: number_grid(&description, &self.word("region"), &columns, &rows),
            description,
            figure: Box::new(figure),
            file: SUMS.to_owned(),
        };
        Some(Block {
            id: "error-column".to_owned(),
            title: fitting(self.book, "check_errors_title", facts, TITLE),
            text: vec![say("text")],
            views: vec![view],
            note: say("note"),
        })
    }

    /// What regions come to; the largest by value added where not all have room.
    fn table(&self, facts: &Facts) -> MainTable {
        let stressor = main_stressor(&self.stressors());
        let mut columns: Vec<(String, String)> = ["output", "value_added"]
            .map(|code| (code.to_owned(), self.book.quantity(code).full()))
            .to_vec();
        columns.extend(stressor.map(|code| (code.clone(), self.book.quantity(&code).full())));
        columns.push(("error_share_of_output".to_owned(), self.word("check_error")));
        let size = |code: &str| {
            self.sum("value_added", code).map_or(f64::NEG_INFINITY, |found| found.cited.value)
        };
        let mut order: Vec<&(String, Named)> = self.places.iter().collect();
        order.sort_by(|a, b| size(&b.0).total_cmp(&size(&a.0)));
        order.truncate(LINES);
        let all = ("all".to_owned(), self.book.place("all"));
        let known = |code: &str| {
            let regions = order.iter().map(|place| place.0.as_str()).chain(["all"]);
            regions.filter_map(|region| self.sum(code, region)).collect::<Vec<Found>>()
        };
        let mut heads = vec![head(self.word("region"), "", false)];
        let mut measures = Vec::new();
        columns.retain(|(code, _)| !known(code).is_empty());
        for (code, name) in &columns {
            let found = known(code);
            let largest = found.iter().map(|one| one.cited.value.abs()).fold(0.0, f64::max);
            let measure = match code.as_str() {
                "error_share_of_output" => percent(largest, self.book.language()).with_decimals(1),
                // The unit is that of the sum; regions are smaller and need a digit more.
                _ => {
                    let whole = Measure::of_figure(&found[0].unit, largest, self.book.language());
                    whole.with_decimals(whole.decimals() + usize::from(whole.decimals() > 0))
                }
            };
            heads.push(head(name.clone(), measure.unit(), true));
            measures.push(measure);
        }
        let row = |(code, name): &(String, Named), total: bool| {
            let cell = |((quantity, _), measure): (&(String, String), &Measure)| {
                level_cell(self.sum(quantity, code).map(|found| found.cited).as_ref(), measure)
            };
            let numbers = columns.iter().zip(&measures).map(cell);
            let cells = std::iter::once(words(name.full())).chain(numbers).collect();
            GridRow { cells, total }
        };
        let mut rows: Vec<GridRow> = order.iter().map(|place| row(place, false)).collect();
        rows.push(row(&all, true));
        let say = |key: &str| self.book.speaker.say(key, facts);
        MainTable {
            title: say("check_table_title"),
            grid: Grid { caption: say("check_table_caption").plain(), heads, rows },
            note: say("check_table_note"),
            file: SUMS.to_owned(),
        }
    }

    /// Quantities of the sums that are neither money nor shares.
    fn stressors(&self) -> Vec<&'b str> {
        let own = ["error_share_of_output", "gdp_production", "gdp_expenditure", "gdp_income"];
        let mut found = self.book.texts(SUMS, Column::Quantity);
        found.retain(|code| !own.contains(code));
        found
    }
}

#[cfg(test)]
mod tests;
