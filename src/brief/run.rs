//! The brief of a scenario: what moves, who gains and who loses, what it does to emissions, what that hangs on.

mod figures;
mod readings;
mod targets;

use serde_json::Value;

use super::BriefError;
use super::book::{Book, inside, said};
use super::common::{
    Parts, card, change_cell, figure_measure, head, main_stressor, prose_measure, words,
};
use super::content::{Card, Cell, Grid, GridRow, MainTable};
use super::prose::Prose;
use super::speech::{Facts, Grade};
use crate::figure::names::Named;
use crate::numerals::{Cited, Estimate, Measure};
use crate::text::sign_grade;
use crate::tidy::Column;

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
}

impl Change {
    /// The share that has its sign, by itself.
    fn share(&self) -> Option<f64> {
        self.agreement.as_ref().map(|cited| cited.value)
    }
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
        headline: subject.say("run_headline", &facts),
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
        let agreement = self.book.find(
            "grades.csv",
            &[
                (Column::Quantity, quantity),
                (Column::Region, code),
                (Column::Factor, "all"),
                (Column::Part, "all"),
                (Column::Statistic, "agreement"),
            ],
        );
        Some(Change {
            estimate: Estimate { point: point.cited, range },
            unit: point.unit,
            agreement: agreement.filter(|_| year == self.year).map(|found| found.cited),
        })
    }

    fn drawn(&self, quantity: &str, code: &str, year: &str) -> Option<[Cited; 2]> {
        let end = |statistic: &str| {
            let question = [
                (Column::Scenario, "difference"),
                (Column::Year, year),
                (Column::Quantity, quantity),
                (Column::Region, code),
                (Column::Factor, self.reading.as_str()),
                (Column::Statistic, statistic),
            ];
            Some(self.book.find("bands.csv", &question)?.cited)
        };
        Some([end("p05")?, end("p95")?])
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

    fn list(&self, codes: &[String], name: impl Fn(&str) -> String, key: &str) -> Prose {
        let names: Vec<String> = codes.iter().map(|code| name(code)).collect();
        let mut facts = Facts::new();
        facts.count("n", names.len() as i64);
        for (at, word) in ["first", "second", "third"].into_iter().enumerate() {
            facts.word(word, names.get(at).cloned().unwrap_or_default());
        }
        self.say(key, &facts)
    }

    /// What the sentences of the whole brief speak of.
    fn facts(&self) -> Facts {
        let mut facts = Facts::new();
        let (from, to) = (self.ends(|one| &one.from), self.ends(|one| &one.to));
        let sectors = self.ends(|one| &one.sector);
        let text = |key: &str| {
            let switches = &self.book.recorded.summary.switches;
            switches.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        facts
            .word("name", text("scenario"))
            .word("table", text("table"))
            .word("year", self.year.clone())
            .word("ranges", self.ranges.word())
            .count("n_moves", self.moves.len() as i64)
            .count("n_years", self.years.len() as i64)
            .prose(
                "from",
                self.list(
                    &from,
                    |code| said(&self.book.place(code), self.book.language()),
                    "list_of_regions",
                ),
            )
            .prose(
                "to",
                self.list(
                    &to,
                    |code| said(&self.book.place(code), self.book.language()),
                    "list_of_regions",
                ),
            )
            .prose(
                "sectors",
                self.list(
                    &sectors,
                    |code| inside(&self.book.sector(code).brief(), self.book.language()),
                    "list_of_sectors",
                ),
            )
            .word("all_regions", inside(&self.all.name.full(), self.book.language()))
            .word("stressor", self.stressor_name().full())
            .word("stressor_short", self.stressor_name().brief())
            .flag("with_stressor", self.all.stressor.is_some());
        self.add(&mut facts, "all", &self.all);
        for (key, codes) in [("origin", &from), ("destination", &to)] {
            let place = codes.first().and_then(|code| self.places.iter().find(|p| p.code == *code));
            facts.flag(&format!("with_{key}"), place.is_some());
            if let Some(place) = place {
                self.add(&mut facts, key, place);
            }
        }
        self.indicators(&mut facts);
        self.sign_grade(&mut facts);
        facts
    }

    /// How often the sign of the whole holds over draws, technologies, suppliers and readings: `agreement`, `letter`.
    fn sign_grade(&self, facts: &mut Facts) {
        let main = self.all.stressor.as_ref().or(self.all.value_added.as_ref());
        let agreement = main.and_then(|change| change.agreement.as_ref());
        facts.flag("graded", agreement.is_some());
        if let Some(agreement) = agreement {
            let measure = Measure::of_figure("share", agreement.value, self.book.language());
            facts.level("agreement", agreement, &measure);
            facts.word("letter", sign_grade(agreement.value).to_string());
        }
    }

    fn stressor_name(&self) -> Named {
        self.book.quantity(self.stressor.as_deref().unwrap_or("co2"))
    }

    /// A place in the middle of a sentence: only the name of all regions is no proper name.
    fn within(&self, place: &Place) -> String {
        let (name, language) = (said(&place.name, self.book.language()), self.book.language());
        if place.code == self.all.code { inside(&name, language) } else { name }
    }

    /// A place under `key`, `key_in` in the middle of a sentence, `key_va` and `key_stressor`.
    fn add(&self, facts: &mut Facts, key: &str, place: &Place) {
        facts.word(key, said(&place.name, self.book.language()));
        facts.word(&format!("{key}_in"), self.within(place));
        for (part, change) in [("va", &place.value_added), ("stressor", &place.stressor)] {
            if let Some(change) = change {
                let measure = prose_measure(self.book, &change.estimate, &change.unit);
                let key = format!("{key}_{part}");
                facts.change(&key, &change.estimate, change.share(), &measure);
            }
        }
    }

    /// Emission transfer ratio and break-even intensity of the last year, where they are defined.
    fn indicators(&self, facts: &mut Facts) {
        let of = |statistic: &str| {
            let stressor = self.stressor.as_deref()?;
            let question = [
                (Column::Year, self.year.as_str()),
                (Column::Quantity, stressor),
                (Column::Statistic, statistic),
            ];
            self.book.find("indicators.csv", &question)
        };
        for name in ["emission_transfer_ratio", "break_even_intensity", "plant_intensity"] {
            let found = of(name);
            facts.flag(&format!("with_{name}"), found.is_some());
            if let Some(found) = found {
                let measure = self.book.prose_measure(&found.unit, found.cited.value);
                facts.level(name, &found.cited, &measure);
            }
        }
    }

    fn cards(&self) -> Vec<Card> {
        let mut cards = Vec::new();
        let mut add = |place: &Place, change: Option<&Change>, quantity: &str| {
            if let Some(change) = change {
                let mut facts = Facts::new();
                let what = self.book.quantity(quantity).full();
                facts.word("who", place.name.full()).word("what", what);
                let label = self.say("card_label", &facts);
                cards.push(card(self.book, label, &change.estimate, &change.unit));
            }
        };
        let stressor = self.stressor.as_deref().unwrap_or_default();
        for code in
            [self.ends(|one| &one.from), self.ends(|one| &one.to)].iter().flat_map(|c| c.first())
        {
            if let Some(place) = self.places.iter().find(|place| place.code == *code) {
                add(place, place.value_added.as_ref(), "value_added");
            }
        }
        add(&self.all, self.all.stressor.as_ref(), stressor);
        match self.target_card() {
            Some(target) => cards.push(target),
            None => add(&self.all, self.all.value_added.as_ref(), "value_added"),
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
            let stressor = measure(&|place| place.stressor.as_ref());
            found.push((self.stressor_name().full(), stressor));
        }
        found
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
        let facts = self.facts();
        MainTable {
            title: self.say("run_table_title", &facts),
            grid: Grid {
                caption: self.say("run_table_caption", &facts).plain(),
                heads,
                rows: self.regions().into_iter().chain(sums).map(row).collect(),
            },
            note: self.say("run_table_note", &facts),
            file: SUMS.to_owned(),
        }
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
        self.say(if nothing { "verdict_nothing" } else { "verdict" }, &facts)
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

/// Whether a change may be spoken of as having a direction.
fn firm(change: &Change) -> bool {
    !matches!(Grade::of(&change.estimate, change.share()), Grade::Unclear)
}
