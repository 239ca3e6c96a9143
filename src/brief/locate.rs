//! The brief of a location game: whether firms would go there by themselves, and what that hangs on.
//!
//! A and B are the game's two places; `here` is where history has the firms, `there` the other place.

mod figures;
#[cfg(test)]
mod tests;

use super::BriefError;
use super::book::{Book, Found, Question, said};
use super::common::{Parts, card, head, words};
use super::content::{Card, Cell, Grid, GridRow, MainTable};
use super::prose::Prose;
use super::shapes::{HEADLINE, fitting, level_card};
use super::speech::{Facts, with_unit};
use crate::figure::names::Named;
use crate::numerals::{Cited, Estimate};
use crate::tidy::Column;

/// Net advantage, thresholds and what history selects.
const ADVANTAGE: &str = "advantage.csv";
/// Ways of being placed.
const EQUILIBRIA: &str = "equilibria.csv";
/// What ends the present outcome.
const STATICS: &str = "statics.csv";
/// Year by year.
const PATH: &str = "path.csv";
/// Lines of a table on paper.
const MOST_ROWS: usize = 12;

/// A number with its unit.
type Number = (Cited, String);

/// All firms at one of the two places.
#[derive(Debug, Clone)]
struct Cluster {
    name: Named,
    /// Firms at A.
    firms_at_a: String,
    /// Code of the place.
    place: String,
    /// Whether no firm would leave it.
    lasts: bool,
}

/// What a game's brief is about.
struct Subject<'b> {
    book: &'b Book<'b>,
    year: String,
    /// All at A, all at B.
    clusters: [Cluster; 2],
    /// Whether the firms start at A.
    starts_at_a: bool,
    /// Firms at A as history selects them.
    selected: f64,
    /// Net advantage of A.
    advantage: Number,
    /// The advantage at which firms leave the place where they start.
    threshold: Number,
}

/// The parts of the brief of a location game.
pub(super) fn compose(book: &Book<'_>) -> Result<Parts, BriefError> {
    let subject = Subject::of(book)?;
    let facts = subject.facts();
    Ok(Parts {
        subject: subject.say("locate_subject", &facts),
        headline: fitting(book, "locate_headline", &facts, HEADLINE),
        deck: subject.say("locate_deck", &facts),
        cards: subject.cards(&facts),
        blocks: figures::blocks(&subject, &facts),
        dials: None,
        table: subject.table(&facts),
        method: ["locate_method_1", "locate_method_2"].map(|key| subject.say(key, &facts)).to_vec(),
    })
}

impl<'b> Subject<'b> {
    fn of(book: &'b Book<'b>) -> Result<Self, BriefError> {
        let missing = |what: &str| BriefError::Missing { what: what.to_owned() };
        let switches = &book.recorded.summary.switches;
        let text = |key: &str| switches.get(key).and_then(|value| value.as_str());
        let places = switches.get("places").and_then(|places| places.as_array());
        let place = |at: usize| places.and_then(|places| places.get(at)?.as_str());
        let (Some(a), Some(b)) = (place(0), place(1)) else { return Err(missing("two places")) };
        let number = |quantity: &str, part: &str| {
            let found = book.find(ADVANTAGE, &[(Column::Quantity, quantity), (Column::Part, part)]);
            found.map(|Found { cited, unit }| (cited, unit))
        };
        let starts_at_a = text("start") == Some("A");
        let threshold = if starts_at_a { "threshold_A" } else { "threshold_B" };
        let counts = book.texts(EQUILIBRIA, Column::Scenario);
        let whole = |text: &&&str| text.parse::<u32>().unwrap_or(0);
        let most = counts.iter().max_by_key(whole).ok_or_else(|| missing(EQUILIBRIA))?;
        let cluster = |code: &str, firms_at_a: &str| {
            let question = [(Column::Scenario, firms_at_a), (Column::Quantity, "equilibrium")];
            let lasts = book.find(EQUILIBRIA, &question).is_some_and(|own| own.cited.value == 1.0);
            Cluster {
                name: book.place(code),
                firms_at_a: firms_at_a.to_owned(),
                place: code.to_owned(),
                lasts,
            }
        };
        let year = switches.get("year").and_then(serde_json::Value::as_i64);
        Ok(Subject {
            book,
            year: year.map_or(String::new(), |year| year.to_string()),
            clusters: [cluster(a, most), cluster(b, "0")],
            starts_at_a,
            selected: number("firms_at_A", "")
                .ok_or_else(|| missing("advantage.csv: firms_at_A"))?
                .0
                .value,
            advantage: number("advantage", "together")
                .ok_or_else(|| missing("advantage.csv: the net advantage"))?,
            threshold: number(threshold, "").ok_or_else(|| missing("advantage.csv: thresholds"))?,
        })
    }

    fn say(&self, key: &str, facts: &Facts) -> Prose {
        self.book.speaker.say(key, facts)
    }

    fn word(&self, key: &str) -> String {
        self.book.speaker.template().word(key, self.book.language())
    }

    /// Where the firms start, and the other place.
    fn sides(&self) -> [&Cluster; 2] {
        let [a, b] = &self.clusters;
        if self.starts_at_a { [a, b] } else { [b, a] }
    }

    fn number(&self, file: &str, question: Question<'_>) -> Option<Number> {
        let Found { cited, unit } = self.book.find(file, question)?;
        Some((cited, self.unit(&unit)))
    }

    /// A unit whose parts have the names that the template gives them, such as tonnes of ore.
    fn unit(&self, unit: &str) -> String {
        let part = |code: &str| match self.book.speaker.template().name("units", code) {
            Some(_) => self.book.word_of(&["units"], code).full(),
            None => code.to_owned(),
        };
        unit.split(" per ").map(part).collect::<Vec<_>>().join(" per ")
    }

    /// What the firms make, where the template knows the game by its name.
    fn industry(&self) -> Option<String> {
        let code = self.book.recorded.summary.switches.get("name")?.as_str()?;
        self.book.speaker.template().name("games", code)?;
        Some(self.book.word_of(&["games"], code).full())
    }

    /// A number of a cluster: of a firm where `of_firm`, else of the market.
    fn of_cluster(&self, cluster: &Cluster, quantity: &str, of_firm: bool) -> Option<Number> {
        let region = if of_firm { cluster.place.as_str() } else { "" };
        let question = [
            (Column::Scenario, cluster.firms_at_a.as_str()),
            (Column::Quantity, quantity),
            (Column::Region, region),
        ];
        self.number(EQUILIBRIA, &question)
    }

    /// The first year in which firms are no longer where they were in the first year of the path.
    fn move_year(&self) -> Option<String> {
        let firms = |year: &str| {
            let question = [(Column::Year, year), (Column::Quantity, "firms_at_A")];
            Some(self.number(PATH, &question)?.0.value)
        };
        let years = self.book.texts(PATH, Column::Year);
        let first = firms(years.first()?)?;
        let moved = years.into_iter().find(|year| firms(year).is_some_and(|own| own != first));
        moved.map(str::to_owned)
    }

    fn facts(&self) -> Facts {
        let mut facts = Facts::new();
        let [here, there] = self.sides();
        let all_at_a =
            self.selected > 0.0 && self.clusters[0].firms_at_a.parse() == Ok(self.selected);
        let outcome = match (all_at_a, self.selected == 0.0) {
            (true, _) if self.starts_at_a => "stay",
            (_, true) if !self.starts_at_a => "stay",
            (true, _) | (_, true) => "move",
            _ => "split",
        };
        let (moved, language) = (self.move_year(), self.book.language());
        facts
            .word("year", self.year.clone())
            .flag("dated", !self.year.is_empty())
            .word("a", said(&self.clusters[0].name, language))
            .word("b", said(&self.clusters[1].name, language))
            .word("here", said(&here.name, language))
            .word("there", said(&there.name, language))
            .word("a_full", self.clusters[0].name.full())
            .word("b_full", self.clusters[1].name.full())
            .flag("here_lasts", here.lasts)
            .flag("there_lasts", there.lasts)
            .flag("starts_at_a", self.starts_at_a)
            .word("outcome", outcome)
            .flag("with_industry", self.industry().is_some())
            .word("industry", self.industry().unwrap_or_default())
            .flag("with_move", moved.is_some())
            .word("move_year", moved.unwrap_or_default())
            .word("firms", self.clusters[0].firms_at_a.clone());
        self.add(&mut facts, "advantage", &self.advantage);
        self.add(&mut facts, "threshold", &self.threshold);
        for part in ["raw_material", "transport", "regional_effect"] {
            let question = [(Column::Quantity, "advantage"), (Column::Part, part)];
            if let Some(number) = self.number(ADVANTAGE, &question) {
                self.add(&mut facts, part, &number);
            }
        }
        for word in ["profit", "welfare"] {
            let of = |cluster| self.of_cluster(cluster, word, word == "profit");
            let both = of(here).zip(of(there));
            facts.flag(&format!("with_{word}"), both.is_some());
            let Some(((here, unit), (there, _))) = both else { continue };
            facts.flag(&format!("more_{word}"), there.value > here.value);
            // Numbers that are held against each other have one unit and the same decimals.
            let measure = self.book.figure_measure(&unit, here.value.abs().max(there.value.abs()));
            for (key, cited) in [("here", here), ("there", there)] {
                let level = with_unit(Prose::number(measure.level(cited.value), &cited), &measure);
                facts.prose(&format!("{key}_{word}"), level);
            }
        }
        facts
    }

    fn add(&self, facts: &mut Facts, key: &str, (cited, unit): &Number) {
        let measure = self.book.prose_measure(unit, cited.value);
        facts.change(key, &Estimate::bare(cited.clone()), None, &measure);
        facts.prose(
            &format!("{key}_level"),
            with_unit(Prose::number(measure.level(cited.value), cited), &measure),
        );
    }

    /// Key numbers: advantage, the threshold that it is held against, and what a firm earns in both clusters.
    fn cards(&self, facts: &Facts) -> Vec<Card> {
        let say = |key: &str| self.say(key, facts);
        let (advantage, unit) = &self.advantage;
        let mut first =
            card(self.book, say("locate_card_advantage"), &Estimate::bare(advantage.clone()), unit);
        first.range = say("locate_card_advantage_below");
        let mut cards = vec![first];
        let (threshold, unit) = &self.threshold;
        let measure = self.book.prose_measure(unit, threshold.value);
        let below = say("locate_card_threshold_below");
        cards.push(level_card(say("locate_card_threshold"), threshold, &measure, below));
        for (key, cluster) in ["there", "here"].into_iter().zip(self.sides().into_iter().rev()) {
            let Some((profit, unit)) = self.of_cluster(cluster, "profit", true) else { continue };
            let measure = self.book.prose_measure(&unit, profit.value);
            let below = say(&format!("locate_card_{key}_below"));
            cards.push(level_card(say(&format!("locate_card_{key}")), &profit, &measure, below));
        }
        cards
    }

    /// What would end the present outcome, parameter by parameter; nothing where the closed form is not about the game.
    fn table(&self, facts: &Facts) -> Option<MainTable> {
        let letters = self.book.texts(STATICS, Column::Factor);
        let of = |letter: &str, statistic: &str| {
            self.number(STATICS, &[(Column::Factor, letter), (Column::Statistic, statistic)])
        };
        let mut lines: Vec<(&str, Number, [Option<Number>; 2])> = (letters.into_iter())
            .filter_map(|letter| {
                Some((
                    letter,
                    of(letter, "value")?,
                    [of(letter, "lasts_from"), of(letter, "lasts_to")],
                ))
            })
            .collect();
        // What can end it comes first; the order of the game stays.
        lines.sort_by_key(|(_, _, ends)| ends.iter().all(Option::is_none));
        lines.first()?;
        let heads =
            ["locate_parameter", "locate_symbol", "locate_value", "locate_below", "locate_above"];
        let heads = heads.iter().enumerate().map(|(at, key)| head(self.word(key), "", at > 1));
        let row = |(letter, value, ends): &(&str, Number, [Option<Number>; 2])| {
            let name = self.book.word_of(&["game_parameters"], letter).full();
            let mut cells = vec![words(name), words(symbol(letter))];
            cells.push(self.with_unit_cell(value));
            cells.extend(ends.iter().map(|end| match end {
                Some(end) => self.with_unit_cell(end),
                None => words("—"),
            }));
            GridRow { cells, total: false }
        };
        let title = self.say("locate_table_title", facts);
        Some(MainTable {
            grid: Grid {
                caption: title.plain(),
                heads: heads.collect(),
                rows: lines.iter().take(MOST_ROWS).map(row).collect(),
            },
            title,
            note: self.say("locate_table_note", facts),
            file: STATICS.to_owned(),
        })
    }

    /// A level with its unit, where units change from line to line; a count of firms says so by its name.
    fn with_unit_cell(&self, (cited, unit): &Number) -> Cell {
        let unit = if unit == "firms" { "1" } else { unit };
        let measure = self.book.prose_measure(unit, cited.value);
        let whole = measure.scaled(cited.value).fract() == 0.0;
        let measure = if whole { measure.with_decimals(0) } else { measure };
        Cell {
            main: with_unit(Prose::number(measure.level(cited.value), cited), &measure),
            sort: Some(cited.value),
            ..Cell::default()
        }
    }
}

/// A parameter's letter as it is printed: Greek by its letter, what is behind `_` behind it.
fn symbol(code: &str) -> String {
    let (letter, index) = code.split_once('_').unwrap_or((code, ""));
    let letter = match letter {
        "theta" => "θ",
        "tau" => "τ",
        "mu" => "μ",
        other => other,
    };
    if index.is_empty() { letter.to_owned() } else { format!("{letter}({index})") }
}
