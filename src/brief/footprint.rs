//! The brief of a footprint: who produces for whom, and what each consumes, wherever it is produced.

mod figures;

use super::BriefError;
use super::book::{Book, Found, at_start, said_briefly};
use super::common::{Parts, card, main_stressor};
use super::content::{Card, MainTable};
use super::prose::Prose;
use super::shapes::{HEADLINE, Numbers, fitting, level_card, list, number_grid, padded};
use super::speech::Facts;
use crate::figure::dumbbell::Pair;
use crate::figure::names::Named;
use crate::numerals::{Cited, Estimate, Measure, decimals_that_matter};
use crate::tidy::Column;

/// File of sums by region.
const SUMS: &str = "sums.csv";
/// File of numbers per person.
const PER_PERSON: &str = "per_capita.csv";
/// Regions at either end that the table names where it cannot name all of them.
const SIDE: usize = 6;
/// The quantity that every table has.
const VALUE_ADDED: &str = "value_added";

/// A net of at most this share of production is called balanced.
const BALANCED: f64 = 0.01;

/// Accounts of a quantity.
#[derive(Debug, Clone)]
struct Accounts {
    quantity: String,
    unit: String,
    /// By region, in the order of the places.
    pairs: Vec<Option<Pair>>,
    /// What each region produces for the others less what they produce for it; nothing without flows.
    between: Vec<Option<Cited>>,
}

/// What a footprint's brief is about.
struct Subject<'b> {
    book: &'b Book<'b>,
    year: i32,
    /// Regions, the one that produces most beyond what it consumes first.
    places: Vec<(String, Named)>,
    /// Accounts of the quantity that the brief is about, in the order of the places.
    main: Accounts,
    /// Those of value added, if that is another.
    value_added: Option<Accounts>,
    /// What all regions together produce.
    produced: Cited,
    /// Of it, what other countries call for, and what goes with the error column.
    exported: Option<Cited>,
    error: Option<Cited>,
}

/// The parts of the brief of a footprint.
pub(super) fn compose(book: &Book<'_>) -> Result<Parts, BriefError> {
    let subject = Subject::of(book)?;
    let facts = subject.facts();
    let say = |key: &str| book.speaker.say(key, &facts);
    Ok(Parts {
        subject: say("footprint_subject"),
        headline: fitting(book, "footprint_headline", &facts, HEADLINE),
        deck: say("footprint_deck"),
        cards: subject.cards(&facts),
        blocks: figures::blocks(&subject, &facts),
        dials: None,
        table: Some(subject.table(&facts)),
        method: ["footprint_method_1", "footprint_method_2", "footprint_method_3"]
            .map(say)
            .to_vec(),
    })
}

impl<'b> Subject<'b> {
    fn of(book: &'b Book<'b>) -> Result<Self, BriefError> {
        let missing = |what: &str| BriefError::Missing { what: what.to_owned() };
        let table = book.recorded.summary.tables.first().ok_or_else(|| missing("a table"))?;
        let stressor = main_stressor(&book.texts(SUMS, Column::Quantity));
        let quantity = stressor.unwrap_or_else(|| VALUE_ADDED.to_owned());
        let produced = sum(book, &quantity, "all", "production");
        let produced = produced.ok_or_else(|| missing("sums.csv: production of all regions"))?;
        let mut places: Vec<(String, Named)> = (table.regions.iter())
            .map(|label| (label.code.clone(), book.place(&label.code)))
            .collect();
        let net = |code: &str| sum(book, &quantity, code, "net").map(|found| found.cited.value);
        places.retain(|(code, _)| net(code).is_some());
        places.sort_by(|a, b| net(&b.0).unwrap_or(0.0).total_cmp(&net(&a.0).unwrap_or(0.0)));
        if places.is_empty() {
            return Err(missing("sums.csv: what regions produce less what they consume"));
        }
        let value_added = (quantity != VALUE_ADDED)
            .then(|| Accounts::of(book, SUMS, VALUE_ADDED, &places))
            .flatten();
        let main = Accounts::of(book, SUMS, &quantity, &places);
        let user = |code: &str| Some(sum(book, &quantity, code, "consumption")?.cited);
        Ok(Subject {
            book,
            year: table.year,
            main: main.ok_or_else(|| missing("sums.csv: accounts of regions"))?,
            value_added,
            places,
            produced: produced.cited,
            exported: user("rest_of_world"),
            error: user("error").filter(|cited| cited.value != 0.0),
        })
    }

    fn word(&self, key: &str) -> String {
        self.book.speaker.template().word(key, self.book.language())
    }

    /// Whether a region's net is small against what it produces: its sign says nothing.
    fn balanced(&self, at: usize) -> bool {
        let net = self.main.net(self.between(), at);
        let pair = self.main.pairs[at].as_ref();
        net.zip(pair)
            .is_some_and(|(net, pair)| net.value.abs() <= BALANCED * pair.production.value.abs())
    }

    /// Names of regions whose production and consumption a test picks out.
    fn named(&self, picks: impl Fn(usize) -> bool) -> Vec<String> {
        let found = (0..self.places.len()).filter(|at| picks(*at)).map(|at| &self.places[at].1);
        found.map(|name| said_briefly(name, self.book.language())).collect()
    }

    /// Whether flows between regions are known.
    fn between(&self) -> bool {
        self.main.between.iter().any(Option::is_some)
    }

    /// Of the quantity and of value added: what the map shows of a region.
    fn nets(&self, at: usize) -> [Option<&Cited>; 2] {
        let between = self.between();
        let other = self.value_added.as_ref();
        [self.main.net(between, at), other.and_then(|accounts| accounts.net(between, at))]
    }

    /// What the sentences of the whole brief speak of.
    fn facts(&self) -> Facts {
        let mut facts = Facts::new();
        let name = self.book.quantity(&self.main.quantity);
        let count = |sign: f64| {
            let gaps = self.main.pairs.iter().flatten().map(|pair| pair.gap.value);
            gaps.filter(|gap| gap * sign > 0.0).count() as i64
        };
        facts
            .word("year", self.year.to_string())
            .word("what", name.full())
            .word("what_short", padded(&name.brief(), self.book.language()))
            .count("regions", self.places.len() as i64)
            .count("n_more", count(1.0))
            .count("n_less", count(-1.0))
            .count("side", SIDE as i64)
            .flag("whole_table", self.whole())
            .flag("between", self.between())
            .flag("imports_outside", self.noted("imports_outside"))
            .flag("other_quantity", self.value_added.is_some());
        let level = |cited: &Cited| self.prose(cited);
        facts.level("produced", &self.produced, &level(&self.produced));
        for (key, user) in [("exported", &self.exported), ("error", &self.error)] {
            facts.flag(&format!("with_{key}"), user.is_some());
            if let Some(cited) = user {
                facts.level(key, cited, &level(cited));
            }
        }
        self.add(&mut facts, "top", 0, 1.0);
        self.add(&mut facts, "bottom", self.places.len() - 1, -1.0);
        self.add_between(&mut facts);
        let against = |one: f64, other: f64| {
            self.named(|at| {
                let [main, value_added] = self.nets(at);
                main.is_some_and(|net| net.value * one > 0.0 && !self.balanced(at))
                    && value_added.is_some_and(|net| net.value * other > 0.0)
            })
        };
        let balanced = self.named(|at| self.balanced(at));
        facts.count("n_balanced", balanced.len() as i64);
        facts.prose("balanced", list(self.book, &balanced, "list_of_regions"));
        for (key, names) in [("dirty", against(1.0, -1.0)), ("clean", against(-1.0, 1.0))] {
            facts.count(&format!("n_{key}"), names.len() as i64);
            facts.prose(key, list(self.book, &names, "list_of_regions"));
        }
        facts
    }

    fn noted(&self, code: &str) -> bool {
        self.book.recorded.summary.notes.iter().any(|note| note.code == code)
    }

    /// A region under `key`, `key_short`, `key_net`, `key_production`, `key_consumption` and, where flows are known,
    /// `key_between`; it must have a net of a sign.
    fn add(&self, facts: &mut Facts, key: &str, at: usize, sign: f64) {
        let pair = self.main.pairs[at].as_ref().filter(|pair| pair.gap.value * sign > 0.0);
        facts.flag(&format!("with_{key}"), pair.is_some());
        let Some(pair) = pair else { return };
        self.add_name(facts, key, at);
        self.add_change(facts, &format!("{key}_net"), &pair.gap);
        for (part, cited) in [("production", &pair.production), ("consumption", &pair.consumption)]
        {
            facts.level(&format!("{key}_{part}"), cited, &self.prose(cited));
        }
        let between = self.main.between[at].as_ref();
        facts.flag(&format!("{key}_with_between"), between.is_some());
        if let Some(between) = between {
            self.add_change(facts, &format!("{key}_between"), between);
        }
    }

    /// The unit of the figures, with the digits that matter of a number in a sentence.
    fn prose(&self, cited: &Cited) -> Measure {
        let measure = self.main.measure(self.book);
        let size = measure.scaled(cited.value).abs();
        // Of thousands the tens are told too: they stand beside the figures of the table.
        measure.with_decimals(if size >= 10.0 { 0 } else { decimals_that_matter(size) })
    }

    fn add_name(&self, facts: &mut Facts, key: &str, at: usize) {
        let name = &self.places[at].1;
        let inside = self.book.spoken_briefly(name);
        facts.word(key, said_briefly(name, self.book.language()));
        facts
            .word(&format!("{key}_start"), at_start(&inside))
            .word(&format!("{key}_short"), inside);
    }

    fn add_change(&self, facts: &mut Facts, key: &str, cited: &Cited) {
        let change = Estimate::bare(cited.clone());
        facts.change(key, &change, None, &self.prose(cited));
    }

    /// The regions with the largest net outflow to the others and the largest net inflow from them: `exporter`,
    /// `importer`.
    fn add_between(&self, facts: &mut Facts) {
        let known =
            || (0..self.places.len()).filter_map(|at| Some((at, self.main.between[at].as_ref()?)));
        let by = |a: &(usize, &Cited), b: &(usize, &Cited)| a.1.value.total_cmp(&b.1.value);
        for (key, found, sign) in
            [("exporter", known().max_by(by), 1.0), ("importer", known().min_by(by), -1.0)]
        {
            let found = found.filter(|(_, cited)| cited.value * sign > 0.0);
            facts.flag(&format!("with_{key}"), found.is_some());
            if let Some((at, cited)) = found {
                self.add_name(facts, key, at);
                self.add_change(facts, &format!("{key}_between"), cited);
            }
        }
    }

    fn cards(&self, facts: &Facts) -> Vec<Card> {
        let say = |key: &str, facts: &Facts| self.book.speaker.say(key, facts);
        let mut cards = Vec::new();
        for (at, net) in self.card_ends() {
            let mut facts = facts.clone();
            facts.word("who", self.book.spoken_briefly(&self.places[at].1));
            let label = say("footprint_card_net", &facts);
            let change = Estimate::bare(net.clone());
            cards.push(Card {
                unit: self.prose(net).unit().to_owned(),
                value: Prose::number(self.prose(net).change(net.value), net),
                ..card(self.book, label, &change, &self.main.unit)
            });
        }
        let level = |cited: &Cited| self.prose(cited);
        if let Some(exported) = &self.exported {
            let label = say("footprint_card_exports", facts);
            let below = say("footprint_card_exports_below", facts);
            cards.push(level_card(label, exported, &level(exported), below));
        } else {
            let label = say("footprint_card_produced", facts);
            cards.push(level_card(label, &self.produced, &level(&self.produced), Prose::default()));
        }
        cards.extend(self.card_of_value_added());
        cards
    }

    /// The regions of the first two key numbers: those of the headline, the largest net outflow and inflow; without
    /// flows the largest surplus and shortfall of production.
    fn card_ends(&self) -> Vec<(usize, &Cited)> {
        let between = self.between();
        let mut known: Vec<(usize, &Cited)> = (0..self.places.len())
            .filter_map(|at| Some((at, self.main.net(between, at)?)))
            .collect();
        known.sort_by(|a, b| b.1.value.total_cmp(&a.1.value));
        let last = known.len().saturating_sub(1);
        let end = |(order, _): &(usize, &(usize, &Cited))| *order == 0 || *order == last;
        known.iter().enumerate().filter(end).map(|(_, one)| *one).collect()
    }

    /// The region that others produce most value added for, beyond what it produces for them.
    fn card_of_value_added(&self) -> Option<Card> {
        let accounts = self.value_added.as_ref()?;
        let known = (0..self.places.len()).filter_map(|at| Some((at, self.nets(at)[1]?)));
        let (at, net) = known.min_by(|a, b| a.1.value.total_cmp(&b.1.value))?;
        let mut facts = Facts::new();
        facts
            .word("who", self.book.spoken_briefly(&self.places[at].1))
            .flag("between", self.between());
        facts.word("what_short", self.book.quantity(VALUE_ADDED).brief());
        let label = self.book.speaker.say("footprint_card_value_added", &facts);
        Some(card(self.book, label, &Estimate::bare(net.clone()), &accounts.unit))
    }

    /// Whether the table names every region.
    fn whole(&self) -> bool {
        self.places.len() <= 2 * SIDE
    }

    /// Places that the table names, by their position.
    fn shown(&self) -> Vec<usize> {
        let count = self.places.len();
        match self.whole() {
            true => (0..count).collect(),
            false => (0..SIDE).chain(count - SIDE..count).collect(),
        }
    }

    /// Columns of the table with their numbers, one for each region that it names.
    fn columns(&self) -> Vec<(Numbers, Vec<Option<Cited>>)> {
        let shown = self.shown();
        let of = |pick: &dyn Fn(usize) -> Option<Cited>| -> Vec<Option<Cited>> {
            shown.iter().map(|at| pick(*at)).collect()
        };
        let pair = |accounts: &Accounts, at: usize, part: fn(&Pair) -> &Cited| {
            accounts.pairs[at].as_ref().map(part).cloned()
        };
        let (main, measure) = (&self.main, self.main.measure(self.book));
        let level = |key: &str| Numbers::levels(self.word(key), measure.clone());
        let change = |key: &str| Numbers::changes(self.word(key), measure.clone());
        let mut columns = vec![
            (level("footprint_production"), of(&|at| pair(main, at, |pair| &pair.production))),
            (level("footprint_consumption"), of(&|at| pair(main, at, |pair| &pair.consumption))),
            (change("footprint_net"), of(&|at| pair(main, at, |pair| &pair.gap))),
        ];
        let between = self.between();
        if between {
            let numbers = of(&|at| main.net(true, at).cloned());
            columns.push((change("footprint_between"), numbers));
        }
        if let Some(own) = &self.value_added {
            let key = match between {
                true => "footprint_between_value_added",
                false => "footprint_net_value_added",
            };
            let head = Numbers::changes(self.word(key), own.measure(self.book));
            columns.push((head, of(&|at| own.net(between, at).cloned())));
        }
        let people = Accounts::of(self.book, PER_PERSON, &main.quantity, &self.places);
        if let Some(people) = &people {
            let head =
                Numbers::levels(self.word("footprint_per_person"), people.measure(self.book));
            columns.push((head, of(&|at| pair(people, at, |pair| &pair.consumption))));
        }
        columns
    }

    fn table(&self, facts: &Facts) -> MainTable {
        let say = |key: &str| self.book.speaker.say(key, facts);
        let (heads, numbers): (Vec<Numbers>, Vec<_>) = self.columns().into_iter().unzip();
        let row = |(line, at): (usize, usize)| {
            let cells = numbers.iter().map(|column| column[line].clone()).collect();
            (self.places[at].1.full(), cells)
        };
        let rows: Vec<(String, Vec<Option<Cited>>)> =
            self.shown().into_iter().enumerate().map(row).collect();
        MainTable {
            title: say("footprint_table_title"),
            grid: number_grid(&say("footprint_table_caption"), &self.word("region"), &heads, &rows),
            note: say("footprint_table_note"),
            file: SUMS.to_owned(),
        }
    }
}

impl Accounts {
    /// Accounts of a file for places; nothing if it has none of them.
    fn of(book: &Book<'_>, file: &str, quantity: &str, places: &[(String, Named)]) -> Option<Self> {
        let mut unit = None;
        let (mut pairs, mut between) = (Vec::new(), Vec::new());
        for (code, _) in places {
            let of = |part: &str| {
                let question = [
                    (Column::Quantity, quantity),
                    (Column::Region, code.as_str()),
                    (Column::Part, part),
                ];
                book.find(file, &question)
            };
            between.push(of("net_regions").map(|found| found.cited));
            let [production, consumption, gap] = ["production", "consumption", "net"].map(of);
            pairs.push(production.zip(consumption).zip(gap).map(|((production, other), gap)| {
                unit.get_or_insert(production.unit);
                Pair { production: production.cited, consumption: other.cited, gap: gap.cited }
            }));
        }
        Some(Accounts { quantity: quantity.to_owned(), unit: unit?, pairs, between })
    }

    /// The net of a region: with the other regions, or of all that it produces and consumes.
    fn net(&self, between: bool, at: usize) -> Option<&Cited> {
        match between {
            true => self.between[at].as_ref(),
            false => self.pairs[at].as_ref().map(|pair| &pair.gap),
        }
    }

    /// The unit of its figures.
    fn measure(&self, book: &Book<'_>) -> Measure {
        let levels = self.pairs.iter().flatten();
        let levels = levels.flat_map(|pair| [pair.production.value, pair.consumption.value]);
        let largest = levels.map(f64::abs).fold(0.0, f64::max);
        Measure::of_figure(&self.unit, largest, book.language())
    }
}

fn sum(book: &Book<'_>, quantity: &str, region: &str, part: &str) -> Option<Found> {
    let question = [(Column::Quantity, quantity), (Column::Region, region), (Column::Part, part)];
    book.find(SUMS, &question)
}

#[cfg(test)]
mod tests;
