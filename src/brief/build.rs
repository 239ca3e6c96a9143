//! The brief of a built table: who sells to whom, how good the build is, and what it hangs on.

pub(super) mod columns;
mod figures;

use columns::{Columns, unsplit};

use super::BriefError;
use super::book::{Book, Found, inside};
use super::common::{
    Parts, card, change_cell, figure_measure, head, level_cell, prose_measure, words,
};
use super::content::{Card, Grid, GridRow, MainTable};
use super::prose::{Inline, Prose};
use super::shapes::{HEADLINE, Numbers, briefs, fitting, level_card, list, percent, plain_change};
use super::speech::{Facts, with_unit};
use crate::figure::names::Named;
use crate::numerals::{Cited, Estimate, Measure};
use crate::tidy::Column;

/// File of sums by region.
const SUMS: &str = "sums.csv";
/// Errors against a table that is known.
const COMPARISON: &str = "comparison.csv";
/// What is done otherwise, and the share of trade that then goes elsewhere.
const DRIVERS: &str = "drivers.csv";
/// Net sellers and net buyers that the table names where it cannot name all regions.
const SIDE: usize = 6;

/// A region with its trade.
#[derive(Debug, Clone)]
struct Place {
    code: String,
    name: Named,
    /// What it sells to other regions.
    outflow: Cited,
    /// What it buys from them.
    inflow: Cited,
    /// What it sells less what it buys; the range runs to what its own table states.
    net: Estimate,
    /// The same with countries abroad.
    abroad: Option<Cited>,
    /// The error column as a share of output.
    error: Option<Cited>,
    /// How its own table was read.
    columns: Columns,
    /// Whether its own table leaves open which of its trade is foreign.
    unsplit: bool,
}

/// A build against a table that is known: parts of `comparison.csv`, the build first.
#[derive(Debug, Clone)]
struct Judgement {
    /// Name of the known table.
    with: String,
    parts: Vec<String>,
}

/// A decision and what hangs on it.
#[derive(Debug, Clone)]
struct Driver {
    name: Named,
    moved: Cited,
}

/// What a build's brief is about.
struct Subject<'b> {
    book: &'b Book<'b>,
    year: i32,
    table: String,
    unit: String,
    sectors: usize,
    /// Whether every region is one province.
    provincial: bool,
    /// Regions, the one that sells most on balance first.
    places: Vec<Place>,
    /// All trade between regions.
    trade: Cited,
    /// The error column of all regions as a share of output.
    error: Option<Cited>,
    judgement: Option<Judgement>,
    /// Decisions, the one on which most hangs first.
    drivers: Vec<Driver>,
}

/// The parts of the brief of a build.
pub(super) fn compose(book: &Book<'_>) -> Result<Parts, BriefError> {
    let subject = Subject::of(book)?;
    let facts = subject.facts();
    let say = |key: &str| book.speaker.say(key, &facts);
    Ok(Parts {
        subject: say("build_subject"),
        headline: fitting(book, "build_headline", &facts, HEADLINE),
        deck: say("build_deck"),
        cards: subject.cards(),
        blocks: figures::blocks(&subject),
        dials: None,
        table: Some(subject.table(&facts)),
        method: ["build_method_1", "build_method_2", "build_method_3"].map(say).to_vec(),
    })
}

impl<'b> Subject<'b> {
    fn of(book: &'b Book<'b>) -> Result<Self, BriefError> {
        let missing = |what: &str| BriefError::Missing { what: what.to_owned() };
        let table = book.recorded.summary.tables.first().ok_or_else(|| missing("a table"))?;
        let mut places: Vec<Place> =
            table.regions.iter().filter_map(|label| place(book, &label.code)).collect();
        places.sort_by(|a, b| b.net.value().total_cmp(&a.net.value()));
        let trade = sum(book, "outflow", "all");
        let trade = trade.ok_or_else(|| missing("sums.csv: what regions sell to one another"))?;
        if places.len() < 2 {
            return Err(missing("sums.csv: trade of at least two regions"));
        }
        let provincial = places.iter().all(|place| book.provinces(&place.code).len() == 1);
        Ok(Subject {
            book,
            year: table.year,
            table: table.name.clone(),
            unit: trade.unit.clone(),
            sectors: table.sectors.len(),
            provincial,
            places,
            trade: trade.cited,
            error: sum(book, "error_share_of_output", "all").map(|found| found.cited),
            judgement: judgement(book),
            drivers: drivers(book),
        })
    }

    fn word(&self, key: &str) -> String {
        self.book.speaker.template().word(key, self.book.language())
    }

    /// The region of an end of the order whose sign is the same in its own table, if there is one: of those whose
    /// tables were read as they stand, or, where there is none, of all.
    fn end(&self, sign: f64) -> Option<&Place> {
        let firm = |place: &&&Place| place.net.value() * sign > 0.0 && !place.net.unclear();
        let mut order: Vec<&Place> = self.places.iter().collect();
        if sign < 0.0 {
            order.reverse();
        }
        let sure = order.iter().filter(firm).find(|place| place.columns == Columns::Sure);
        sure.or_else(|| order.iter().find(firm)).copied()
    }

    /// Regions whose own table has another sign; those with exchanged columns are told apart.
    fn unclear(&self) -> Vec<&Place> {
        self.places.iter().filter(|place| place.net.unclear() && !place.exchanged()).collect()
    }

    /// The region whose own table and the build are farthest apart.
    fn widest(&self) -> Option<&Place> {
        let width = |place: &Place| {
            let [low, high] = place.net.span();
            high - low
        };
        let sure = |place: &&Place| place.columns == Columns::Sure && !place.unsplit;
        let own = self.places.iter().filter(sure);
        let widest = own.max_by(|a, b| width(a).total_cmp(&width(b)))?;
        Some(widest).filter(|place| width(place) > 0.0)
    }

    /// The error of one part by one measure, for all products.
    fn measured(&self, part: &str, statistic: &str) -> Option<Cited> {
        let question =
            [(Column::Product, "all"), (Column::Part, part), (Column::Statistic, statistic)];
        self.book.find(COMPARISON, &question).map(|found| found.cited)
    }

    /// What the sentences of the whole brief speak of.
    fn facts(&self) -> Facts {
        let mut facts = Facts::new();
        let language = self.book.language();
        let count = |sign: f64| {
            let firm = |place: &&Place| {
                place.net.value() * sign > 0.0 && !place.net.unclear() && !place.exchanged()
            };
            self.places.iter().filter(firm).count() as i64
        };
        let unclear = self.unclear();
        let names = briefs(unclear.iter().map(|place| &place.name));
        facts
            .word("year", self.year.to_string())
            .word("table", self.table.clone())
            .count("regions", self.places.len() as i64)
            .count("sectors", self.sectors as i64)
            .flag("provincial", self.provincial)
            .count("n_sell", count(1.0))
            .count("n_buy", count(-1.0))
            .count("n_unclear", unclear.len() as i64)
            .prose("unclear", list(self.book, &names, "build_list"))
            .flag("any_unclear", self.places.iter().any(|place| place.net.unclear()))
            .flag("ranged", self.places.iter().any(|place| place.net.range.is_some()))
            .flag("dotted", self.places.len() > crate::figure::net_bars::BARS)
            .count("side", SIDE as i64)
            .flag("whole_table", self.whole());
        let measure = Measure::of_prose(&self.unit, self.trade.value, language);
        facts.level("trade", &self.trade, &measure);
        for (key, place) in
            [("top", self.end(1.0)), ("bottom", self.end(-1.0)), ("widest", self.widest())]
        {
            facts.flag(&format!("with_{key}"), place.is_some());
            if let Some(place) = place {
                self.add(&mut facts, key, place);
            }
        }
        self.add_columns(&mut facts);
        self.add_errors(&mut facts);
        self.add_judgement(&mut facts);
        facts.flag("with_driver", !self.drivers.is_empty());
        for (key, driver) in ["driver", "next_driver"].into_iter().zip(&self.drivers) {
            let name = driver.name.full();
            facts.word(&format!("{key}_in"), inside(&name, language)).word(key, name);
            facts.level(
                &format!("{key}_moved"),
                &driver.moved,
                &percent(driver.moved.value, language),
            );
        }
        facts.count("n_drivers", self.drivers.len() as i64);
        facts
    }

    /// Net sales or net purchases by their size, with a unit: from the smaller to the larger of what the region's own
    /// table and this one have, or the one number where there is no other.
    fn span(&self, place: &Place, measure: &Measure) -> Prose {
        let size = |cited: &Cited| measure.level(cited.value.abs());
        let mut ends: Vec<&Cited> = match &place.net.range {
            Some(ends) => ends.iter().collect(),
            None => vec![&place.net.point],
        };
        ends.sort_by(|a, b| a.value.abs().total_cmp(&b.value.abs()));
        ends.dedup_by(|a, b| size(a) == size(b));
        let joint = self.book.language().pick("\u{2060}～\u{2060}", " to ");
        let mut span = Prose::default();
        for (at, end) in ends.into_iter().enumerate() {
            if at > 0 {
                span.push(Inline::Text(joint.to_owned()));
            }
            span.push(Inline::Number { shown: size(end), cited: end.clone() });
        }
        with_unit(span, measure)
    }

    /// A region under `key`, `key_short`, `key_net`, `key_span`, `key_out`, `key_in` and, where it is known, `key_abroad`.
    fn add(&self, facts: &mut Facts, key: &str, place: &Place) {
        facts.word(key, place.name.full()).word(&format!("{key}_short"), place.name.brief());
        let measure = prose_measure(self.book, &place.net, &self.unit);
        facts.change(&format!("{key}_net"), &place.net, None, &measure);
        facts.prose(&format!("{key}_span"), self.span(place, &measure));
        for (part, cited) in [("out", &place.outflow), ("in", &place.inflow)] {
            let measure = Measure::of_prose(&self.unit, cited.value, self.book.language());
            facts.level(&format!("{key}_{part}"), cited, &measure);
        }
        facts.flag(&format!("{key}_with_abroad"), place.abroad.is_some());
        if let Some(abroad) = &place.abroad {
            let abroad = Estimate::bare(abroad.clone());
            let measure = prose_measure(self.book, &abroad, &self.unit);
            facts.change(&format!("{key}_abroad"), &abroad, None, &measure);
        }
    }

    /// The error column as a share of output: of all, and where it is largest.
    fn add_errors(&self, facts: &mut Facts) {
        let language = self.book.language();
        facts.flag("with_error", self.error.is_some());
        if let Some(error) = &self.error {
            facts.level("error", error, &percent(error.value, language));
        }
        let found = self.places.iter().filter_map(|place| Some((place, place.error.as_ref()?)));
        let worst = found.max_by(|a, b| a.1.value.total_cmp(&b.1.value));
        facts.flag("with_worst_error", worst.is_some());
        if let Some((place, error)) = worst {
            facts.word("worst_error_place", place.name.full());
            facts.level("worst_error", error, &percent(error.value, language));
        }
    }

    /// Errors of the build, of pairs without distance and of an earlier table's pairs.
    fn add_judgement(&self, facts: &mut Facts) {
        facts.flag("judged", self.judgement.is_some());
        let Some(judgement) = &self.judgement else { return };
        let language = self.book.language();
        let table = |name: &str| self.book.word_of(&["tables"], name).brief();
        facts.word("known", table(&judgement.with));
        let mut values = Vec::new();
        let earlier = judgement.parts.iter().find(|part| part.starts_with(EARLIER));
        let parts = [
            ("built", Some("built")),
            ("flat", Some("proportional")),
            ("earlier", earlier.map(String::as_str)),
        ];
        for (key, part) in parts {
            let found = part.and_then(|part| self.measured(part, "routes"));
            facts.flag(&format!("with_{key}"), found.is_some());
            if let Some(cited) = found {
                facts.level(key, &cited, &percent(cited.value, language));
                values.push((key, cited.value));
            }
        }
        let of = |key: &str| values.iter().find(|(own, _)| *own == key).map(|(_, value)| *value);
        let better = of("built").zip(of("flat")).is_some_and(|(built, flat)| built < flat);
        facts.flag("better", better);
        if let Some(part) = earlier {
            facts.word("earlier_table", table(part.trim_start_matches(EARLIER)));
        }
    }

    fn cards(&self) -> Vec<Card> {
        let say = |key: &str, facts: &Facts| self.book.speaker.say(key, facts);
        let facts = self.facts();
        let mut cards = Vec::new();
        for place in [self.end(1.0), self.end(-1.0)].into_iter().flatten() {
            cards.push(self.net_card(place));
        }
        if let Some(error) = self.measured("built", "routes").filter(|_| self.judgement.is_some()) {
            let measure = percent(error.value, self.book.language());
            let below = say("build_card_routes_below", &facts);
            cards.push(level_card(say("build_card_routes", &facts), &error, &measure, below));
        }
        if let Some(error) = &self.error {
            let measure = percent(error.value, self.book.language());
            let below = say("build_card_error_below", &facts);
            cards.push(level_card(say("build_card_error", &facts), error, &measure, below));
        }
        if cards.len() < 4 {
            let measure = Measure::of_prose(&self.unit, self.trade.value, self.book.language());
            let label = say("build_card_trade", &facts);
            cards.push(level_card(label, &self.trade, &measure, Prose::default()));
        }
        cards
    }

    /// Net sales or net purchases of a region by their size, with what its own table states.
    fn net_card(&self, place: &Place) -> Card {
        let point = &place.net.point;
        let measure = prose_measure(self.book, &place.net, &self.unit);
        let stated = place.net.range.iter().flatten().find(|end| end.value != point.value);
        let mut facts = Facts::new();
        facts
            .word("who", place.name.brief())
            .flag("provincial", self.provincial)
            .flag("sells", point.value > 0.0)
            .flag("ranged", place.net.range.is_some())
            .flag("apart", stated.is_some());
        if let Some(stated) = stated {
            facts.change("own", &Estimate::bare(stated.clone()), None, &measure);
        }
        let say = |key: &str| self.book.speaker.say(key, &facts);
        Card {
            value: Prose::number(measure.level(point.value.abs()), point),
            range: say("build_card_net_below"),
            ..card(self.book, say("build_card_net"), &place.net, &self.unit)
        }
    }

    /// Whether the table names every region.
    fn whole(&self) -> bool {
        self.places.len() <= 2 * SIDE
    }

    /// Units of the figures: of net trade, and of trade.
    fn measures(&self) -> [Measure; 2] {
        let net = self.places.iter().map(|place| &place.net);
        let gross: Vec<Estimate> = (self.places.iter())
            .flat_map(|place| [&place.outflow, &place.inflow])
            .map(|cited| Estimate::bare(cited.clone()))
            .collect();
        [figure_measure(self.book, net, &self.unit), figure_measure(self.book, &gross, &self.unit)]
    }

    /// Regions with what they sell and buy: all of them, or those at both ends.
    fn table(&self, facts: &Facts) -> MainTable {
        let [net, gross] = self.measures();
        let shown: Vec<&Place> = match self.whole() {
            true => self.places.iter().collect(),
            false => {
                let bottom = self.places.len() - SIDE;
                self.places[..SIDE].iter().chain(&self.places[bottom..]).collect()
            }
        };
        let share = shown.iter().filter_map(|place| place.error.as_ref());
        let share =
            percent(share.map(|cited| cited.value).fold(0.0, f64::max), self.book.language());
        let heads = vec![
            head(self.word("region"), "", false),
            head(self.word("build_net"), net.unit(), true),
            head(self.word("build_sells"), gross.unit(), true),
            head(self.word("build_buys"), gross.unit(), true),
            head(self.word("build_abroad"), net.unit(), true),
            head(self.word("build_error"), "%", true),
        ];
        let bears = |place: &Place| place.exchanged() || place.unsplit;
        let marked = shown.iter().any(|place| bears(place));
        let name = |place: &Place| {
            let mut cell = words(place.name.full());
            if bears(place) {
                cell.main.0.extend(self.columns_mark().0);
            }
            cell
        };
        let row = |place: &&Place| GridRow {
            cells: vec![
                name(place),
                change_cell(self.book, Some(&place.net), &net),
                level_cell(Some(&place.outflow), &gross),
                level_cell(Some(&place.inflow), &gross),
                place.abroad.as_ref().map_or_else(|| words("—"), |cited| plain_change(cited, &net)),
                level_cell(place.error.as_ref(), &share.with_decimals(1)),
            ],
            total: false,
        };
        let mut facts = facts.clone();
        facts.flag("marked", marked && !self.columns_mark().is_empty());
        let say = |key: &str| self.book.speaker.say(key, &facts);
        let caption = say("build_table_caption").plain();
        MainTable {
            title: say("build_table_title"),
            grid: Grid { caption, heads, rows: shown.iter().map(row).collect() },
            note: say("build_table_note"),
            file: SUMS.to_owned(),
        }
    }

    /// The measures of a comparison as columns.
    fn error_columns(&self) -> Vec<(&'static str, Numbers)> {
        let share = percent(0.5, self.book.language());
        let name = |code: &str| self.book.word_of(&["errors"], code).full();
        ["routes", "cells_between"]
            .map(|code| (code, Numbers::levels(name(code), share.clone())))
            .to_vec()
    }
}

/// What stands before the name of the earlier table whose pairs were tried.
const EARLIER: &str = "pairs of ";

fn sum(book: &Book<'_>, quantity: &str, region: &str) -> Option<Found> {
    book.find(SUMS, &[(Column::Quantity, quantity), (Column::Region, region)])
}

fn place(book: &Book<'_>, code: &str) -> Option<Place> {
    let of = |quantity: &str| Some(sum(book, quantity, code)?.cited);
    let net = of("net_outflow")?;
    let stated = of("net_outflow_stated");
    let range = stated.map(|stated| match stated.value <= net.value {
        true => [stated, net.clone()],
        false => [net.clone(), stated],
    });
    Some(Place {
        code: code.to_owned(),
        name: book.place(code),
        outflow: of("outflow")?,
        inflow: of("inflow")?,
        net: Estimate { point: net, range, disputed: false },
        abroad: of("net_exports"),
        error: of("error_share_of_output"),
        columns: Columns::of(book, code),
        unsplit: unsplit(book, code),
    })
}

fn judgement(book: &Book<'_>) -> Option<Judgement> {
    let parts = book.texts(COMPARISON, Column::Part);
    let with = book.recorded.summary.headline["comparison"]["with"].as_str()?;
    let parts: Vec<String> = parts.into_iter().map(str::to_owned).collect();
    (!parts.is_empty()).then(|| Judgement { with: with.to_owned(), parts })
}

fn drivers(book: &Book<'_>) -> Vec<Driver> {
    let Some(tidy) = book.tidy(DRIVERS) else { return Vec::new() };
    let driver = |row: usize| {
        let name = book.word_of(&["drivers"], tidy.text(row, Column::Part));
        Some(Driver { name, moved: book.row(DRIVERS, row)?.cited })
    };
    let mut found: Vec<Driver> =
        tidy.rows_where(&[(Column::Statistic, "moved")]).filter_map(driver).collect();
    found.sort_by(|a, b| b.moved.value.total_cmp(&a.moved.value));
    found
}

#[cfg(test)]
mod tests;
