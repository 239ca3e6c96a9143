//! The brief of periods of a transfer beside each other: whose sign lasts, whose turns.

use super::{LINES, MOST_VIEWS, VALUE_ADDED, missing, regions, results};
use crate::brief::BriefError;
use crate::brief::book::{Book, inside};
use crate::brief::common::{
    Parts, as_in_figure, card_in, change_cell, change_grid, figure_measure, head, main_stressor,
    prose_measure, words,
};
use crate::brief::content::{Block, Card, Grid, GridRow, MainTable, View};
use crate::brief::prose::Prose;
use crate::brief::shapes::{HEADLINE, Limit, TITLE, fitting, list, padded};
use crate::brief::speech::Facts;
use crate::figure::Figure;
use crate::figure::names::Named;
use crate::figure::net_bars::{NetBars, Panel, Row};
use crate::figure::quadrant::{Point, Quadrant};
use crate::figure::scenario_table::{self, ScenarioTable};
use crate::numerals::{Estimate, Measure, decimals_that_matter};
use crate::tidy::Column;

/// What the change of sourcing did in each period.
const PERIODS: &str = "periods.csv";
/// Whether signs last.
const PERSISTENCE: &str = "persistence.csv";
/// A point with its smallest and largest over orders: of a period, and a year of it.
const WHOLE: [&str; 3] = ["value", "min", "max"];
const YEARLY: [&str; 3] = ["value_per_year", "min_per_year", "max_per_year"];

/// A number with its range, and its unit.
type Change = (Estimate, String);

/// What a comparison of periods is about.
struct Subject<'b> {
    book: &'b Book<'b>,
    periods: Vec<(String, Named)>,
    /// Regions, the one that gained most in the last period first.
    regions: Vec<(String, Named)>,
    stressor: Option<String>,
}

/// The parts of the brief of periods.
pub(super) fn compose(book: &Book<'_>) -> Result<Parts, BriefError> {
    let subject = Subject::of(book)?;
    let facts = subject.facts();
    let say = |key: &str| book.speaker.say(key, &facts);
    let blocks = [subject.yearly(&facts), subject.bars(&facts), subject.quadrant(&facts)];
    Ok(Parts {
        subject: say("periods_subject"),
        headline: subject.fitting("periods_headline", HEADLINE),
        deck: say("periods_deck"),
        cards: subject.cards(),
        blocks: blocks.into_iter().flatten().collect(),
        dials: None,
        table: Some(subject.table(&facts)),
        method: ["periods_method_1", "periods_method_2", "periods_method_3"].map(say).to_vec(),
    })
}

impl<'b> Subject<'b> {
    fn of(book: &'b Book<'b>) -> Result<Self, BriefError> {
        // The years of a period are joined by a hyphen in files, by a dash in print.
        let dash = |(code, _): (String, Named)| {
            let name = Named::new(code.replace('-', book.language().pick("—", "–")));
            (code, name)
        };
        let mut subject = Subject {
            book,
            periods: results(book, PERIODS).into_iter().map(dash).collect(),
            regions: regions(book, PERIODS),
            stressor: main_stressor(&book.texts(PERIODS, Column::Quantity)),
        };
        let last = subject.periods.len().checked_sub(1).ok_or_else(|| missing("periods.csv"))?;
        let size = |code: &str| {
            subject
                .effect(last, VALUE_ADDED, code, WHOLE)
                .map_or(f64::NEG_INFINITY, |c| c.0.value())
        };
        let mut order = subject.regions.clone();
        order.retain(|(code, _)| size(code).is_finite());
        order.sort_by(|a, b| size(&b.0).total_cmp(&size(&a.0)));
        if order.is_empty() {
            return Err(missing("periods.csv: sourcing of value added"));
        }
        subject.regions = order;
        Ok(subject)
    }

    fn word(&self, key: &str) -> String {
        self.book.speaker.template().word(key, self.book.language())
    }

    /// What the change of sourcing did to a quantity of a place in a period.
    fn effect(&self, period: usize, quantity: &str, place: &str, of: [&str; 3]) -> Option<Change> {
        let question = [
            (Column::Scenario, self.periods[period].0.as_str()),
            (Column::Quantity, quantity),
            (Column::Region, place),
            (Column::Factor, "sourcing"),
        ];
        self.book.estimate(PERIODS, &question, of)
    }

    /// Whether the sign of a region's value added lasts, as a word of results.
    fn verdict(&self, region: &str) -> Option<&'b str> {
        let tidy = self.book.tidy(PERSISTENCE)?;
        let wanted = [(Column::Quantity, VALUE_ADDED), (Column::Region, region)];
        let row = tidy.rows_where(&wanted).next()?;
        Some(tidy.text(row, Column::Part))
    }

    fn verdict_name(&self, word: &str) -> String {
        let label = self.book.label("verdicts", word);
        let of = |own: &crate::recorded::NamedCode| {
            self.book.language().pick(own.zh.clone(), own.en.clone())
        };
        label.map_or_else(|| word.replace('_', " "), of)
    }

    /// Whether some period has more years than another, as far as their names tell.
    fn lengths_differ(&self) -> bool {
        let length = |code: &str| {
            let (from, to) = code.split_once('-')?;
            Some(to.parse::<i32>().ok()?.abs_diff(from.parse().ok()?))
        };
        let mut lengths = self.periods.iter().map(|(code, _)| length(code));
        let first = lengths.next().flatten();
        lengths.any(|length| length != first)
    }

    /// A sentence with the names of the text, with short ones where these are too long, or the short sentence.
    fn fitting(&self, key: &str, limit: Limit) -> Prose {
        let whole = self.book.speaker.say(key, &self.facts());
        if limit.holds(&whole.plain(), self.book.language()) {
            return whole;
        }
        fitting(self.book, key, &self.facts_by(&Named::brief), limit)
    }

    /// What sentences speak of, with names as the text has them.
    fn facts(&self) -> Facts {
        self.facts_by(&|name: &Named| self.book.spoken(name))
    }

    fn facts_by(&self, called: &dyn Fn(&Named) -> String) -> Facts {
        let mut facts = Facts::new();
        let (first, last) = (&self.periods[0].1, &self.periods[self.periods.len() - 1].1);
        facts
            .count("n", self.periods.len() as i64)
            .word("first", first.full())
            .word("last", last.full())
            .count("regions", self.regions.len() as i64)
            .count("lines", LINES as i64)
            .flag("whole_table", self.regions.len() <= LINES)
            .flag("lengths_differ", self.lengths_differ())
            .flag("with_stressor", self.stressor.is_some());
        for verdict in ["always_gains", "always_loses", "turns", "unclear"] {
            let of = self.regions.iter().filter(|(code, _)| self.verdict(code) == Some(verdict));
            let names: Vec<String> = of.map(|(_, name)| called(name)).collect();
            facts.count(&format!("n_{verdict}"), names.len() as i64);
            facts.prose(verdict, list(self.book, &names, "list_of_regions"));
        }
        self.add_latest(&mut facts);
        for (key, at) in [("top", 0), ("bottom", self.regions.len() - 1)] {
            let (code, name) = &self.regions[at];
            facts.word(key, called(name));
            for (when, period) in [("first", 0), ("last", self.periods.len() - 1)] {
                let found = self.effect(period, VALUE_ADDED, code, YEARLY);
                facts.flag(&format!("with_{key}_{when}"), found.is_some());
                if let Some((change, unit)) = found {
                    let measure = prose_measure(self.book, &change, &unit);
                    facts.change(&format!("{key}_{when}"), &change, None, &measure);
                }
            }
        }
        facts
    }

    /// How many regions gain or lose in the latest period, by value added and by both quantities: its drawings are those
    /// on paper.
    fn add_latest(&self, facts: &mut Facts) {
        let sign = |value: &Option<Estimate>| match value {
            Some(value) if !value.unclear() && value.value() != 0.0 => value.value().signum(),
            _ => 0.0,
        };
        let signs: Vec<[f64; 2]> = (self.changes(self.periods.len() - 1).iter())
            .map(|(_, values)| [0, 1].map(|at| values.get(at).map_or(0.0, sign)))
            .collect();
        let both = |wanted: f64| signs.iter().filter(|own| **own == [wanted; 2]).count() as i64;
        let money = |wanted: f64| signs.iter().filter(|own| own[0] == wanted).count() as i64;
        let open = signs.iter().filter(|own| own.contains(&0.0)).count() as i64;
        facts
            .count("n_both_up", both(1.0))
            .count("n_both_down", both(-1.0))
            .count("n_open_both", open)
            .count("n_up", money(1.0))
            .count("n_down", money(-1.0))
            .count("n_open", money(0.0));
    }

    /// Both ends of the last period, and all regions together in it.
    fn cards(&self) -> Vec<Card> {
        let last = self.periods.len() - 1;
        let all = ("all".to_owned(), self.book.place("all"));
        let mut asked = vec![(&self.regions[0], VALUE_ADDED)];
        if self.regions.len() > 1 {
            asked.push((&self.regions[self.regions.len() - 1], VALUE_ADDED));
        }
        asked.extend(self.stressor.as_deref().map(|stressor| (&all, stressor)));
        asked.push((&all, VALUE_ADDED));
        let panels = self.measures();
        let card = |((code, _), quantity): (&(String, Named), &str)| {
            let (change, unit) = self.effect(last, quantity, code, WHOLE)?;
            let mut facts = Facts::new();
            let what = self.book.quantity(quantity).brief();
            facts
                .word("who", self.book.place_inside(code))
                .word("what", padded(&what, self.book.language()));
            facts.word("period", self.periods[last].1.full());
            let label = self.book.speaker.say("periods_card", &facts);
            let panel = panels.iter().find(|(code, ..)| *code == quantity);
            let measure = match panel {
                Some((_, _, figure)) => as_in_figure(self.book, &change, &unit, figure),
                None => prose_measure(self.book, &change, &unit),
            };
            Some(card_in(self.book, label, &change, &measure))
        };
        asked.into_iter().filter_map(card).collect()
    }

    fn block(&self, id: &str, key: &str, facts: &Facts, views: Vec<View>) -> Option<Block> {
        let key = |part: &str| format!("periods_{key}_{part}");
        (!views.is_empty()).then(|| Block {
            id: id.to_owned(),
            title: self.fitting(&key("title"), TITLE),
            text: vec![self.book.speaker.say(&key("text"), facts)],
            views,
            note: self.book.speaker.say(&key("note"), facts),
        })
    }

    /// The same quantity in every period, a year: region by region.
    fn yearly(&self, facts: &Facts) -> Option<Block> {
        let codes = std::iter::once(VALUE_ADDED).chain(self.stressor.as_deref());
        let views = codes.filter_map(|quantity| self.yearly_of(quantity, facts)).collect();
        self.block("periods", "yearly", facts, views)
    }

    fn yearly_of(&self, quantity: &str, facts: &Facts) -> Option<View> {
        let found = |code: &str| -> Vec<Option<Change>> {
            let periods = 0..self.periods.len();
            periods.map(|period| self.effect(period, quantity, code, YEARLY)).collect()
        };
        let rows: Vec<(&Named, Vec<Option<Change>>)> =
            self.regions.iter().map(|(code, name)| (name, found(code))).collect();
        let known = || rows.iter().flat_map(|(_, cells)| cells.iter().flatten());
        let unit = known().next()?.1.clone();
        let measure = self.yearly_measure(quantity, known().map(|found| &found.0), &unit);
        let column = |(_, name): &(String, Named)| scenario_table::Column {
            head: name.full(),
            measure: measure.clone(),
            change: true,
            best: None,
        };
        let cells = |cells: &[Option<Change>]| -> Vec<Option<Estimate>> {
            cells.iter().map(|cell| cell.as_ref().map(|found| found.0.clone())).collect()
        };
        let figure = ScenarioTable {
            columns: self.periods.iter().map(column).collect(),
            rows: (rows.iter())
                .map(|(name, own)| scenario_table::Row {
                    name: Named::clone(name),
                    baseline: false,
                    cells: cells(own),
                })
                .collect(),
        };
        let name = self.book.quantity(quantity);
        let mut facts = facts.clone();
        facts.word("what", name.full());
        facts.word("what_inside", inside(&name.full(), self.book.language()));
        facts.flag("hollow", known().any(|found| found.0.unclear()));
        let drawn = self.book.speaker.say("periods_yearly_drawn", &facts);
        let heads: Vec<(String, Measure)> =
            self.periods.iter().map(|(_, name)| (name.full(), measure.clone())).collect();
        let lines: Vec<(String, Vec<Option<Estimate>>)> =
            rows.iter().map(|(name, own)| (name.full(), cells(own))).collect();
        let grid = change_grid(self.book, drawn.plain(), &self.word("region"), &heads, &lines);
        Some(view(name.brief(), drawn, Box::new(figure), grid))
    }

    /// The unit of yearly numbers: that of whole periods, so that one brief has one of each kind.
    fn yearly_measure<'e>(
        &self,
        quantity: &str,
        yearly: impl Iterator<Item = &'e Estimate>,
        unit: &str,
    ) -> Measure {
        let whole = self.regions.iter().flat_map(|(place, _)| {
            let periods = 0..self.periods.len();
            periods.filter_map(move |period| self.effect(period, quantity, place, WHOLE))
        });
        let largest = whole.map(|change| change.0.value().abs()).fold(0.0, f64::max);
        let measure = self.book.figure_measure(unit, largest);
        let size = yearly.map(|change| change.value().abs()).fold(0.0, f64::max);
        let decimals = decimals_that_matter(measure.scaled(size));
        measure.with_decimals(decimals)
    }

    /// Regions of a period with value added and the stressor.
    fn changes(&self, period: usize) -> Vec<(Named, Vec<Option<Estimate>>)> {
        let codes: Vec<&str> =
            std::iter::once(VALUE_ADDED).chain(self.stressor.as_deref()).collect();
        let of = |place: &str, code: &str| Some(self.effect(period, code, place, WHOLE)?.0);
        let row = |(place, name): &(String, Named)| {
            (name.clone(), codes.iter().map(|code| of(place, code)).collect())
        };
        self.regions.iter().map(row).collect()
    }

    /// Names of both quantities, and units that hold all periods.
    fn panels(&self) -> Vec<(String, Measure)> {
        self.measures().into_iter().map(|(_, name, measure)| (name, measure)).collect()
    }

    /// Code and name of both quantities, and the unit that holds all periods.
    fn measures(&self) -> Vec<(&str, String, Measure)> {
        let codes = std::iter::once(VALUE_ADDED).chain(self.stressor.as_deref());
        let measure = |code| {
            let places = self.regions.iter().flat_map(|(place, _)| {
                (0..self.periods.len()).filter_map(move |p| self.effect(p, code, place, WHOLE))
            });
            let all: Vec<Change> = places.collect();
            let unit = all.first().map_or("", |found| found.1.as_str());
            let measure = figure_measure(self.book, all.iter().map(|found| &found.0), unit);
            (code, self.book.quantity(code).full(), measure)
        };
        codes.map(measure).collect()
    }

    /// One view a period, the last first.
    fn by_period(
        &self,
        key: &str,
        facts: &Facts,
        figure: impl Fn(Vec<(Named, Vec<Option<Estimate>>)>) -> Option<Box<dyn Figure>>,
    ) -> Vec<View> {
        let one = |period: usize| {
            let name = &self.periods[period].1;
            let mut facts = facts.clone();
            let rows = self.changes(period);
            let mut known = rows.iter().flat_map(|(_, values)| values.iter().flatten());
            facts.word("period", name.full()).flag("hollow", known.any(Estimate::unclear));
            let drawn = self.book.speaker.say(&format!("periods_{key}_drawn"), &facts);
            let lines: Vec<(String, Vec<Option<Estimate>>)> =
                rows.iter().map(|(name, values)| (name.full(), values.clone())).collect();
            let head = self.word("region");
            let grid = change_grid(self.book, drawn.plain(), &head, &self.panels(), &lines);
            Some(view(name.full(), drawn, figure(rows)?, grid))
        };
        (0..self.periods.len()).rev().take(MOST_VIEWS).filter_map(one).collect()
    }

    fn bars(&self, facts: &Facts) -> Option<Block> {
        let views = self.by_period("bars", facts, |rows| {
            let panel = |(head, measure)| Panel { head, measure };
            Some(Box::new(NetBars {
                panels: self.panels().into_iter().map(panel).collect(),
                rows: rows.into_iter().map(|(name, values)| Row { name, values }).collect(),
            }))
        });
        self.block("net-transfer", "bars", facts, views)
    }

    fn quadrant(&self, facts: &Facts) -> Option<Block> {
        self.stressor.as_ref()?;
        let views = self.by_period("quadrant", facts, |rows| {
            let mut panels =
                self.panels().into_iter().map(|(head, measure)| Panel { head, measure });
            let (x, y) = (panels.next()?, panels.next()?);
            let points = rows.into_iter().filter_map(|(name, values)| {
                let [x, y] = [values.first()?.clone()?, values.get(1)?.clone()?];
                Some(Point { name, x, y })
            });
            Some(Box::new(Quadrant { x, y, points: points.collect(), ray: None }))
        });
        self.block("quadrant", "quadrant", facts, views)
    }

    /// Regions with every period, and whether their sign lasts.
    fn table(&self, facts: &Facts) -> MainTable {
        let measure = self.panels().into_iter().next().map(|panel| panel.1);
        let measure = measure.unwrap_or_else(|| Measure::of_figure("", 1.0, self.book.language()));
        let mut heads = vec![head(self.word("region"), "", false)];
        heads.extend(self.periods.iter().map(|(_, name)| head(name.full(), measure.unit(), true)));
        heads.push(head(self.word("verdict"), "", false));
        let row = |(code, name): &(String, Named)| {
            let mut cells = vec![words(name.full())];
            for period in 0..self.periods.len() {
                let found = self.effect(period, VALUE_ADDED, code, WHOLE).map(|found| found.0);
                cells.push(change_cell(self.book, found.as_ref(), &measure));
            }
            cells.push(words(self.verdict(code).map_or("—".to_owned(), |w| self.verdict_name(w))));
            GridRow { cells, total: false }
        };
        let mut shown: Vec<&(String, Named)> = self.regions.iter().collect();
        if shown.len() > LINES {
            // Both ends.
            shown.drain(LINES / 2..shown.len() - LINES / 2);
        }
        let say = |key: &str| self.book.speaker.say(key, facts);
        MainTable {
            title: say("periods_table_title"),
            grid: Grid {
                caption: say("periods_table_caption").plain(),
                heads,
                rows: shown.into_iter().map(row).collect(),
            },
            note: say("periods_table_note"),
            file: PERIODS.to_owned(),
        }
    }
}

fn view(choice: String, description: Prose, figure: Box<dyn Figure>, grid: Grid) -> View {
    View { choice, description, figure, grid, file: PERIODS.to_owned() }
}
