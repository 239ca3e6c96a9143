//! The brief of a scenario: what moves, who gains and who loses, what it does to emissions, what that hangs on.

mod facts;
mod figures;
mod readings;
mod sides;
mod targets;
mod ways;

use serde_json::Value;

use super::BriefError;
use super::book::{Book, Found, inside};
use super::common::{
    LIKELY, Parts, as_in_figure, card_in, change_cell, figure_measure, head, main_stressor, words,
};
use super::content::{Card, Cell, Grid, GridRow, MainTable};
use super::prose::Prose;
use super::speech::Facts;
use crate::figure::names::Named;
use crate::numerals::{Cited, Estimate, Measure};
use crate::tidy::Column;
use ways::Spread;

/// How many ways have which sign.
const GRADES: &str = "grades.csv";
/// Regions of the table on paper.
const LINES: usize = 12;
/// File of sums by region.
const SUMS: &str = "sums.csv";

/// A region, a group of regions or all of them, with what the scenario changes in the last year.
#[derive(Debug, Clone)]
struct Place {
    code: String,
    name: Named,
    value_added: Option<Change>,
    stressor: Option<Change>,
    /// Whether it stands for several others.
    sum: bool,
}

/// A change and how sure its sign is.
#[derive(Debug, Clone)]
struct Change {
    estimate: Estimate,
    unit: String,
    /// Share of draws, technologies, suppliers and readings that have its sign.
    agreement: Option<Cited>,
    /// From where to where technologies, suppliers and readings reach.
    spread: Option<Spread>,
}

/// Where ranges come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ranges {
    /// 5 to 95 % of the draws.
    Drawn,
    /// There are none.
    None,
}

impl Ranges {
    fn word(self) -> &'static str {
        match self {
            Ranges::Drawn => "drawn",
            Ranges::None => "none",
        }
    }
}

/// A move as the scenario states it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Move {
    sector: String,
    from: String,
    to: String,
}

/// What a scenario's brief is about.
struct Subject<'b> {
    book: &'b Book<'b>,
    /// Years of the run, rising.
    years: Vec<String>,
    /// The last of them.
    year: String,
    stressor: Option<String>,
    reading: String,
    ranges: Ranges,
    moves: Vec<Move>,
    /// Regions and groups in the order of the table.
    places: Vec<Place>,
    all: Place,
}

/// The parts of the brief of a scenario.
pub(super) fn compose(book: &Book<'_>) -> Result<Parts, BriefError> {
    let subject = Subject::of(book)?;
    let facts = subject.facts();
    Ok(Parts {
        subject: subject.say("run_subject", &facts),
        headline: subject.headline(&facts),
        deck: subject.say("run_deck", &facts),
        cards: subject.cards(),
        blocks: figures::blocks(&subject),
        dials: super::dials::of(book, subject.stressor.as_deref(), &subject.move_ends()),
        table: Some(subject.table()),
        method: ["run_method_1", "run_method_2", "run_method_3"]
            .map(|key| subject.say(key, &facts))
            .to_vec(),
    })
}

impl<'b> Subject<'b> {
    fn of(book: &'b Book<'b>) -> Result<Self, BriefError> {
        let missing = |what: &str| BriefError::Missing { what: what.to_owned() };
        let years: Vec<String> = (book.texts("decomposition.csv", Column::Year).into_iter())
            .map(str::to_owned)
            .collect();
        let year = years.last().cloned().ok_or_else(|| missing("years in decomposition.csv"))?;
        let switches = &book.recorded.summary.switches;
        let reading = switches.get("density").and_then(|density| density["mode"].as_str());
        let ranges = if book.has("bands.csv") { Ranges::Drawn } else { Ranges::None };
        let mut subject = Subject {
            book,
            years,
            year,
            stressor: main_stressor(&book.texts(SUMS, Column::Quantity)),
            reading: reading.unwrap_or("none").to_owned(),
            ranges,
            moves: moves(switches.get("relocate")),
            places: Vec::new(),
            all: Place {
                code: "all".to_owned(),
                name: book.place("all"),
                value_added: None,
                stressor: None,
                sum: true,
            },
        };
        let table = book.recorded.summary.tables.first().ok_or_else(|| missing("a table"))?;
        let groups = book.recorded.summary.labels.get("groups").into_iter().flatten();
        let regions = table.regions.iter().map(|label| (label.code.clone(), false));
        let codes: Vec<(String, bool)> =
            regions.chain(groups.map(|group| (group.code.clone(), true))).collect();
        subject.places = codes.iter().map(|(code, sum)| subject.place(code, *sum)).collect();
        subject.all = subject.place("all", true);
        if subject.all.value_added.is_none() {
            return Err(missing("sums.csv: the difference of value added"));
        }
        Ok(subject)
    }

    fn say(&self, key: &str, facts: &Facts) -> Prose {
        self.book.speaker.say(key, facts)
    }

    fn word(&self, key: &str) -> String {
        self.book.speaker.template().word(key, self.book.language())
    }

    fn place(&self, code: &str, sum: bool) -> Place {
        let of = |quantity: &str| self.change(quantity, code, &self.year);
        Place {
            code: code.to_owned(),
            name: self.book.place(code),
            value_added: of("value_added"),
            stressor: self.stressor.as_deref().and_then(of),
            sum,
        }
    }

    /// What the scenario changes against the baseline: the point of the run, the range of its draws or of its
    /// variants.
    fn change(&self, quantity: &str, code: &str, year: &str) -> Option<Change> {
        let point = self.book.find(
            SUMS,
            &[
                (Column::Year, year),
                (Column::Quantity, quantity),
                (Column::Region, code),
                (Column::Factor, "difference"),
            ],
        )?;
        let range = match self.ranges {
            Ranges::Drawn => self.drawn(quantity, code, year),
            Ranges::None => None,
        };
        let graded = self.book.find(
            GRADES,
            &[
                (Column::Quantity, quantity),
                (Column::Region, code),
                (Column::Factor, "all"),
                (Column::Part, "all"),
                (Column::Statistic, "agreement"),
            ],
        );
        let agreement = graded.filter(|_| year == self.year).map(|found| found.cited);
        // Draws are about one combination of technology and suppliers; others may give another sign.
        let disputed = agreement.as_ref().is_some_and(|share| share.value < LIKELY);
        let spread = self.spread(quantity, code).filter(|_| year == self.year);
        Some(Change {
            estimate: Estimate { point: point.cited, range, disputed },
            unit: point.unit,
            agreement,
            spread,
        })
    }

    fn drawn(&self, quantity: &str, code: &str, year: &str) -> Option<[Cited; 2]> {
        let end = |statistic: &str| Some(self.band(quantity, code, year, statistic)?.cited);
        Some([end("p05")?, end("p95")?])
    }

    /// A number of the draws of a difference by the main reading.
    fn band(&self, quantity: &str, code: &str, year: &str, statistic: &str) -> Option<Found> {
        let question = [
            (Column::Scenario, "difference"),
            (Column::Year, year),
            (Column::Quantity, quantity),
            (Column::Region, code),
            (Column::Factor, self.reading.as_str()),
            (Column::Statistic, statistic),
        ];
        self.book.find("bands.csv", &question)
    }

    /// Places of a role in the moves, each once.
    fn ends(&self, of: impl Fn(&Move) -> &str) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for one in &self.moves {
            let code = of(one).to_owned();
            if !found.contains(&code) {
                found.push(code);
            }
        }
        found
    }

    /// Places that moves leave and reach.
    fn move_ends(&self) -> Vec<String> {
        let mut found = self.ends(|one| &one.from);
        found.extend(self.ends(|one| &one.to));
        found
    }

    fn stressor_name(&self) -> Named {
        self.book.quantity(self.stressor.as_deref().unwrap_or("co2"))
    }

    fn cards(&self) -> Vec<Card> {
        let mut cards = Vec::new();
        let quantities = self.quantities();
        let mut add = |place: &Place, at: usize| {
            let change = if at == 0 { &place.value_added } else { &place.stressor };
            let (Some(change), Some((what, figure))) = (change, quantities.get(at)) else { return };
            let mut facts = Facts::new();
            // Sides are called by words, regions by names.
            let side = place.sum && place.code != "all";
            let who = place.name.full();
            let who = if side { inside(&who, self.book.language()) } else { who };
            facts.word("who", who).word("what", what.clone());
            facts.flag("nationwide", place.code == "all");
            let label = self.say("run_card_label", &facts);
            let measure = as_in_figure(self.book, &change.estimate, &change.unit, figure);
            let card = card_in(self.book, label, &change.estimate, &measure);
            cards.push(Card { range: self.below_card(change, &measure), ..card });
        };
        let sides = self.sides();
        for side in sides.iter().flatten() {
            add(&side.place, 0);
        }
        add(&self.all, 1);
        match self.target_card() {
            Some(target) => cards.push(target),
            None => add(&self.all, 0),
        }
        cards
    }

    /// Places of a figure: regions in the order of value added, those of sums behind.
    fn regions(&self) -> Vec<&Place> {
        let mut found: Vec<&Place> = self.places.iter().filter(|place| !place.sum).collect();
        let size = |place: &Place| place.value_added.as_ref().map_or(0.0, |c| c.estimate.value());
        found.sort_by(|a, b| size(b).total_cmp(&size(a)));
        found
    }

    fn estimates(&self, place: &Place) -> Vec<Option<Estimate>> {
        let of = |change: &Option<Change>| change.as_ref().map(|change| change.estimate.clone());
        let mut values = vec![of(&place.value_added)];
        if self.stressor.is_some() {
            values.push(of(&place.stressor));
        }
        values
    }

    /// Names and units of both quantities.
    fn quantities(&self) -> Vec<(String, Measure)> {
        let all = || self.places.iter().chain([&self.all]);
        let measure = |of: &dyn Fn(&Place) -> Option<&Change>| {
            let unit = all().find_map(|place| Some(of(place)?.unit.clone())).unwrap_or_default();
            let estimates = all().filter_map(|place| Some(&of(place)?.estimate));
            figure_measure(self.book, estimates, &unit)
        };
        let value_added = measure(&|place| place.value_added.as_ref());
        let mut found = vec![(self.book.quantity("value_added").full(), value_added)];
        if self.stressor.is_some() {
            let changes = all().filter_map(|place| place.stressor.as_ref());
            let estimates = changes.clone().map(|change| &change.estimate);
            let unit = changes.clone().next().map_or("", |change| &change.unit);
            let stressor = self.stressor_measure(estimates, unit);
            found.push((self.stressor_name().full(), stressor));
        }
        found
    }

    /// The unit of changes of the stressor, by the largest: that of its levels over the years where a figure shows
    /// those, so that one quantity has one unit.
    fn stressor_measure<'e>(
        &self,
        estimates: impl IntoIterator<Item = &'e Estimate>,
        unit: &str,
    ) -> Measure {
        let sizes = estimates.into_iter().map(|estimate| estimate.value().abs());
        let largest = sizes.fold(0.0, f64::max);
        match self.levels_measure() {
            Some(levels) => levels.for_figure(largest),
            None => self.book.figure_measure(unit, largest),
        }
    }

    /// The unit of the levels of the stressor in the figure of the years, if there is one.
    fn levels_measure(&self) -> Option<Measure> {
        let stressor = self.stressor.as_deref().filter(|_| self.years.len() > 1)?;
        let level = |year: &String| self.level(stressor, "all", year, "scenario");
        let levels: Vec<Found> = self.years.iter().filter_map(level).collect();
        let sizes = levels.iter().map(|found| found.cited.value.abs());
        Some(self.book.figure_measure(&levels.first()?.unit, sizes.fold(0.0, f64::max)))
    }

    fn table(&self) -> MainTable {
        let quantities = self.quantities();
        let mut heads = vec![head(self.word("region"), "", false)];
        heads.extend(quantities.iter().map(|(name, m)| head(name.clone(), m.unit(), true)));
        heads.push(head(self.word("verdict"), "", false));
        let sums = self.places.iter().filter(|place| place.sum).chain([&self.all]);
        let row = |place: &Place| {
            let values = self.estimates(place);
            let numbers = values.iter().zip(&quantities);
            let mut cells = vec![words(place.name.full())];
            cells.extend(numbers.map(|(v, (_, m))| change_cell(self.book, v.as_ref(), m)));
            cells.push(Cell { main: self.verdict(place), ..Cell::default() });
            GridRow { cells, total: place.sum }
        };
        let mut facts = self.facts();
        let whole = self.regions().len() <= LINES;
        facts.flag("whole_table", whole).count("lines", LINES as i64);
        MainTable {
            title: self.say("run_table_title", &facts),
            grid: Grid {
                caption: self.say("run_table_caption", &facts).plain(),
                heads,
                rows: self.both_ends().into_iter().chain(sums).map(row).collect(),
            },
            note: self.say("run_table_note", &facts),
            file: SUMS.to_owned(),
        }
    }

    /// Regions that gain and that lose most, as many as a table on paper has lines.
    fn both_ends(&self) -> Vec<&Place> {
        let mut regions = self.regions();
        if regions.len() > LINES {
            regions.drain(LINES / 2..regions.len() - LINES / 2);
        }
        regions
    }

    fn verdict(&self, place: &Place) -> Prose {
        let mut facts = Facts::new();
        let Some(value_added) = &place.value_added else { return Prose::text("—") };
        // What is smaller than a millionth of the largest is nothing.
        let largest = self.places.iter().filter_map(|p| p.value_added.as_ref());
        let largest = largest.map(|c| c.estimate.value().abs()).fold(0.0, f64::max);
        let nothing = value_added.estimate.value().abs() <= 1e-6 * largest;
        self.add(&mut facts, "it", place);
        facts.flag("with_stressor", place.stressor.is_some()).flag("nothing", nothing);
        self.say(if nothing { "verdict_nothing" } else { "run_verdict" }, &facts)
    }
}

/// Moves as `summary.json` lists them.
fn moves(value: Option<&Value>) -> Vec<Move> {
    let text = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let one = |one: &Value| Move {
        sector: text(one, "sector"),
        from: text(one, "from"),
        to: text(one, "to"),
    };
    value.and_then(Value::as_array).map(|all| all.iter().map(one).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
