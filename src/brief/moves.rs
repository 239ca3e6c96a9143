//! What a scenario moves, in words: moves of one share to one destination as one item of a list.

use super::book::{Book, inside};
use super::prose::{Inline, Prose};
use super::shapes::{list, percent};
use super::speech::Facts;
use crate::numerals::Cited;
use crate::tidy::Column;

/// Moves as they begin and end.
const MOVES: &str = "moves.csv";
/// So many items are told, the rest is counted.
const ITEMS: usize = 4;
/// So many sectors are named where there are more than one above it.
const SECTORS: usize = 3;
/// Shares that differ by less are one.
const SAME: f64 = 1e-9;

/// Moves of every one of some sectors, from every one of some regions, in one share to one destination.
#[derive(Debug, Clone)]
struct Item {
    share: Cited,
    sectors: Vec<String>,
    from: Vec<String>,
    to: String,
    /// The output that moves and its unit, where the item is one move.
    output: Option<(Cited, String)>,
}

impl Item {
    fn moves(&self) -> usize {
        self.sectors.len() * self.from.len()
    }
}

/// What is said of the moves of a result.
#[derive(Debug, Clone)]
pub(super) struct Told {
    /// The list.
    pub text: Prose,
    /// Its items.
    pub items: usize,
    /// Moves of all items.
    pub moves: usize,
}

/// The moves of a year by sector, origin, destination and share: of a run, or of one scenario of a comparison. Nothing
/// where the folder has no such file or nothing moves in that year.
pub(super) fn told(book: &Book<'_>, scenario: Option<&str>, year: &str) -> Option<Told> {
    let items = joined(of_year(book, scenario, year)?);
    let single = items.iter().all(|item| item.moves() == 1);
    let mut text = Prose::default();
    for item in items.iter().take(ITEMS) {
        if !text.is_empty() {
            text.push(Inline::Text(book.language().pick("；", "; ").to_owned()));
        }
        text.0.extend(said(book, item, single).0);
    }
    let mut facts = Facts::new();
    let rest: usize = items.iter().skip(ITEMS).map(Item::moves).sum();
    facts.prose("items", text).count("rest", rest as i64);
    let text = book.speaker.say("moves_told", &facts);
    (!items.is_empty()).then(|| Told {
        text,
        items: items.len(),
        moves: items.iter().map(Item::moves).sum(),
    })
}

/// Every move of a year that moves something, in the order of the scenario.
fn of_year(book: &Book<'_>, scenario: Option<&str>, year: &str) -> Option<Vec<Item>> {
    let tidy = book.tidy(MOVES)?;
    let own = |row: &usize| {
        scenario.is_none_or(|code| tidy.text(*row, Column::Scenario) == code)
            && tidy.text(*row, Column::Year) == year
            && tidy.text(*row, Column::Statistic) == "share"
            && tidy.value(*row) > 0.0
    };
    let one = |row: usize| {
        let text = |column: Column| tidy.text(row, column);
        let mut question: Vec<(Column, &str)> = [
            Column::Year,
            Column::Quantity,
            Column::Sector,
            Column::From,
            Column::To,
            Column::Part,
        ]
        .map(|column| (column, text(column)))
        .to_vec();
        question.push((Column::Statistic, "moved_output"));
        question.extend(scenario.map(|code| (Column::Scenario, code)));
        let output = book.find(MOVES, &question);
        Some(Item {
            share: book.row(MOVES, row)?.cited,
            sectors: vec![text(Column::Sector).to_owned()],
            from: vec![text(Column::From).to_owned()],
            to: text(Column::To).to_owned(),
            output: output.map(|found| (found.cited, found.unit)),
        })
    };
    Some((0..tidy.len()).filter(own).filter_map(one).collect())
}

/// Moves put together: first the sectors of one origin, then origins whose sectors are the same, so that an item never
/// says more than the scenario does.
fn joined(moves: Vec<Item>) -> Vec<Item> {
    let alike = |a: &Item, b: &Item| a.to == b.to && (a.share.value - b.share.value).abs() < SAME;
    let mut by_origin: Vec<Item> = Vec::new();
    for one in moves {
        let fits = |item: &&mut Item| {
            alike(item, &one) && item.from == one.from && !item.sectors.contains(&one.sectors[0])
        };
        match by_origin.iter_mut().find(fits) {
            Some(item) => item.sectors.extend(one.sectors),
            None => by_origin.push(one),
        }
    }
    let mut items: Vec<Item> = Vec::new();
    for one in by_origin {
        let fits = |item: &&mut Item| {
            let same = item.sectors.iter().all(|sector| one.sectors.contains(sector));
            alike(item, &one) && same && item.sectors.len() == one.sectors.len()
        };
        match items.iter_mut().find(fits) {
            Some(item) => item.from.extend(one.from),
            None => items.push(one),
        }
    }
    items
}

fn said(book: &Book<'_>, item: &Item, with_output: bool) -> Prose {
    let language = book.language();
    let sector = |code: &String| inside(&book.sector(code).brief(), language);
    let region = |code: &String| book.spoken(&book.place(code));
    let from: Vec<String> = item.from.iter().map(region).collect();
    let mut facts = Facts::new();
    facts
        .level("share", &item.share, &percent(item.share.value, language))
        .prose("sectors", named(book, item.sectors.iter().map(sector).collect()))
        .prose("from", list(book, &from, "list_of_regions"))
        .word("to", region(&item.to))
        .count("n", item.moves() as i64);
    let output = item.output.as_ref().filter(|_| with_output);
    facts.flag("with_output", output.is_some());
    if let Some((cited, unit)) = output {
        facts.level("output", cited, &book.prose_measure(unit, cited.value));
    }
    book.speaker.say("moves_item", &facts)
}

/// Sectors by name: all where they are few, else the first of them and how many more there are.
fn named(book: &Book<'_>, mut names: Vec<String>) -> Prose {
    let count = names.len();
    // One more is named as shortly as it is counted.
    let more = count > SECTORS + 1;
    names.truncate(if more { SECTORS } else { count });
    let mut facts = Facts::new();
    let last = (!more && count > 1).then(|| names.pop()).flatten();
    facts.word("names", names.join(book.language().pick("、", ", ")));
    facts.word("last", last.unwrap_or_default());
    facts.count("n", count as i64).count("rest", if more { (count - SECTORS) as i64 } else { 0 });
    book.speaker.say("moves_sectors", &facts)
}

#[cfg(test)]
mod tests;
