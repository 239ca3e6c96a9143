//! The brief of a check: which accounts of a table close, where they are open, and what a reader should know.

use super::BriefError;
use super::book::{Book, Found, said};
use super::common::{Parts, main_stressor};
use super::content::{Block, Card, MainTable, View};
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
                let name = said(name, language);
                facts.word(&format!("{key}_short"), name.clone()).word(key, name);
                facts.level(&format!("{key}_error"), cited, &percent(cited.value, language));
            }
        }
        for key in ["negative_flows", "negative_value_added", "negative_value_added_cells"] {
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

    /// The largest gap, the error column, value added, and negative cells.
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
        // Cells that are negative; where there is none, that there is none.
        let negative = [("negative_flows", "negative"), ("negative_value_added_cells", "parts")];
        let counts: Vec<(Cited, &str)> = (negative.into_iter())
            .filter_map(|(quantity, key)| Some((self.count(quantity)?, key)))
            .collect();
        let found = counts.iter().find(|(count, _)| count.value > 0.0).or(counts.first());
        if let Some((count, key)) = found {
            let measure = Measure::of_figure("", 1000.0, language);
            let key = format!("check_card_{key}");
            let (label, below) = (say(&key), say(&format!("{key}_below")));
            let unit = self.word("check_cells");
            cards.push(Card { unit, ..level_card(label, count, &measure, below) });
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

    /// What regions come to, and all of them; the largest by value added where not all have room.
    fn table(&self, facts: &Facts) -> MainTable {
        let size = |code: &str| {
            self.sum("value_added", code).map_or(f64::NEG_INFINITY, |found| found.cited.value)
        };
        let mut shown = self.places.clone();
        shown.sort_by(|a, b| size(&b.0).total_cmp(&size(&a.0)));
        shown.truncate(LINES);
        shown.push(("all".to_owned(), self.book.place("all")));
        let codes: Vec<&str> = shown.iter().map(|(code, _)| code.as_str()).collect();
        let mut quantities = vec!["output".to_owned(), "value_added".to_owned()];
        quantities.extend(main_stressor(&self.stressors()));
        quantities.push("error_share_of_output".to_owned());
        let (heads, numbers): (Vec<Numbers>, Vec<_>) =
            quantities.iter().filter_map(|quantity| self.column(quantity, &codes)).unzip();
        let row = |(line, (_, name)): (usize, &(String, Named))| {
            (name.full(), numbers.iter().map(|column| column[line].clone()).collect())
        };
        let rows: Vec<(String, Vec<Option<Cited>>)> = shown.iter().enumerate().map(row).collect();
        let say = |key: &str| self.book.speaker.say(key, facts);
        let caption = say("check_table_caption");
        let mut grid = number_grid(&caption, &self.word("region"), &heads, &rows);
        if let Some(last) = grid.rows.last_mut() {
            last.total = true;
        }
        MainTable {
            title: say("check_table_title"),
            grid,
            note: say("check_table_note"),
            file: SUMS.to_owned(),
        }
    }

    /// A quantity of regions; nothing if it has none of them.
    fn column(&self, quantity: &str, codes: &[&str]) -> Option<(Numbers, Vec<Option<Cited>>)> {
        let found: Vec<Option<Found>> = codes.iter().map(|code| self.sum(quantity, code)).collect();
        let unit = found.iter().flatten().next()?.unit.clone();
        let sizes = found.iter().flatten().map(|one| one.cited.value.abs());
        let largest = sizes.fold(0.0, f64::max);
        let language = self.book.language();
        let (name, measure) = match quantity {
            "error_share_of_output" => {
                (self.word("check_error"), percent(largest, language).with_decimals(1))
            }
            // The unit is that of the sum; regions are smaller and need a digit more.
            _ => {
                let whole = Measure::of_figure(&unit, largest, language);
                let digits = whole.decimals() + usize::from(whole.decimals() > 0);
                (self.book.quantity(quantity).full(), whole.with_decimals(digits))
            }
        };
        let numbers = found.into_iter().map(|one| one.map(|found| found.cited)).collect();
        Some((Numbers::levels(name, measure), numbers))
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
