//! The brief of scenarios beside each other.

mod figures;
mod regions;

use super::{AGAINST, LINES, VALUE_ADDED, missing, regions, results};
use crate::brief::BriefError;
use crate::brief::book::{Book, inside};
use crate::brief::common::{
    LIKELY, Parts, as_in_figure, card_in, change_cell, figure_measure, head, main_stressor,
    prose_measure, ratio_cell, words,
};
use crate::brief::content::{Card, Grid, GridRow, MainTable};
use crate::brief::prose::Prose;
use crate::brief::shapes::{HEADLINE, fitting, level_card, padded, percent, quoted};
use crate::brief::speech::{Facts, Grade};
use crate::figure::names::Named;
use crate::numerals::{Cited, Estimate, Measure};
use crate::tidy::Column;

/// Each scenario less its baseline.
const DIFFERENCES: &str = "differences.csv";
/// Who gives and who receives.
const SIDES: &str = "sides.csv";
/// Ratios of each scenario.
const RATIOS: &str = "ratios.csv";
/// Those that are told.
const RATIO_NAMES: [&str; 2] = ["emission_transfer_ratio", "break_even_intensity"];
/// A point with 5 and 95 % of its draws.
const DRAWN: [&str; 3] = ["value", "p05", "p95"];
/// What results call the baseline.
const BASELINE: &str = "baseline";

/// One scenario less another.
#[derive(Debug, Clone)]
struct Against {
    difference: Estimate,
    /// Shares of the common draws in which the one is better, and worse.
    shares: Option<[Cited; 2]>,
}

/// A number with its range, and its unit.
type Change = (Estimate, String);

/// What a comparison of scenarios is about.
struct Subject<'b> {
    book: &'b Book<'b>,
    year: String,
    scenarios: Vec<(String, Named)>,
    regions: Vec<(String, Named)>,
    /// The quantity by which scenarios are ranked: the stressor, or value added.
    main: String,
    stressor: Option<String>,
    /// Positions of the scenarios, the one that does best by the main quantity first.
    order: Vec<usize>,
    /// Whether something is drawn.
    drawn: bool,
}

/// The parts of the brief of scenarios.
pub(super) fn compose(book: &Book<'_>) -> Result<Parts, BriefError> {
    let subject = Subject::of(book)?;
    let facts = subject.facts();
    let say = |key: &str| book.speaker.say(key, &facts);
    Ok(Parts {
        subject: say("compare_subject"),
        headline: subject.headline(&facts),
        deck: say("compare_deck"),
        cards: subject.cards(),
        blocks: figures::blocks(&subject, &facts),
        dials: None,
        table: Some(subject.table(&facts)),
        method: subject.method(&facts),
    })
}

impl<'b> Subject<'b> {
    fn of(book: &'b Book<'b>) -> Result<Self, BriefError> {
        let years = book.texts(DIFFERENCES, Column::Year);
        let year = years.last().ok_or_else(|| missing("differences.csv: a year"))?;
        let stressor = main_stressor(&book.texts(DIFFERENCES, Column::Quantity));
        let mut subject = Subject {
            book,
            year: (*year).to_owned(),
            scenarios: results(book, DIFFERENCES),
            regions: regions(book, DIFFERENCES),
            main: stressor.clone().unwrap_or_else(|| VALUE_ADDED.to_owned()),
            stressor,
            order: Vec::new(),
            drawn: book.texts(DIFFERENCES, Column::Statistic).contains(&"p05"),
        };
        let known = |at: &usize| subject.change(*at, &subject.main, "all").is_some();
        let mut order: Vec<usize> = (0..subject.scenarios.len()).filter(known).collect();
        let size =
            |at: usize| subject.change(at, &subject.main, "all").map_or(0.0, |c| c.0.value());
        let sign = subject.sign(&subject.main);
        order.sort_by(|a, b| (sign * size(*b)).total_cmp(&(sign * size(*a))));
        if order.is_empty() {
            return Err(missing("differences.csv: the difference of all regions together"));
        }
        subject.order = order;
        Ok(subject)
    }

    /// The headline with both names, with less around them, or without.
    fn headline(&self, facts: &Facts) -> Prose {
        let whole = self.book.speaker.say("compare_headline", facts);
        let named = self.order.len() > 1 && self.firmly_best(&self.main).is_some();
        let fits = |prose: &Prose| HEADLINE.holds(&prose.plain(), self.book.language());
        if named && !fits(&whole) {
            let less = self.book.speaker.say("compare_headline_middle", facts);
            if fits(&less) {
                return less;
            }
        }
        fitting(self.book, "compare_headline", facts, HEADLINE)
    }

    /// How it was computed; what is only said of several is left out of one alone.
    fn method(&self, facts: &Facts) -> Vec<Prose> {
        let say = |key: &str| self.book.speaker.say(key, facts);
        let keys = ["compare_method_1", "compare_method_2", "compare_method_3"];
        let paragraphs = keys.into_iter().map(say);
        paragraphs.filter(|one| !one.is_empty()).collect()
    }

    fn word(&self, key: &str) -> String {
        self.book.speaker.template().word(key, self.book.language())
    }

    /// 1 where more of a quantity is better, −1 where less is.
    fn sign(&self, quantity: &str) -> f64 {
        let better = self.book.recorded.summary.switches.get("better");
        let word = better.and_then(|better| better.get(quantity)?.as_str());
        if word.unwrap_or(if quantity == VALUE_ADDED { "more" } else { "less" }) == "more" {
            1.0
        } else {
            -1.0
        }
    }

    /// Scenario less baseline in the last year; disputed where too few combinations of technology and suppliers
    /// have its sign.
    fn change(&self, scenario: usize, quantity: &str, place: &str) -> Option<Change> {
        let question = [
            (Column::Scenario, self.scenarios[scenario].0.as_str()),
            (Column::Year, self.year.as_str()),
            (Column::Quantity, quantity),
            (Column::Region, place),
            (Column::Factor, "difference"),
        ];
        let (estimate, unit) = self.book.estimate(DIFFERENCES, &question, DRAWN)?;
        let mut question = question.to_vec();
        question.push((Column::Statistic, "agreement"));
        let agreement = self.book.find(DIFFERENCES, &question);
        let disputed = agreement.is_some_and(|share| share.cited.value < LIKELY);
        Some((Estimate { disputed, ..estimate }, unit))
    }

    /// One scenario less another, or less the baseline, in the last year, as the file has it.
    fn against(&self, from: &str, to: &str, quantity: &str) -> Option<Against> {
        let question = [
            (Column::Year, self.year.as_str()),
            (Column::Quantity, quantity),
            (Column::Region, "all"),
            (Column::From, from),
            (Column::To, to),
        ];
        let share = |statistic: &str| {
            let mut question = question.to_vec();
            question.push((Column::Statistic, statistic));
            Some(self.book.find(AGAINST, &question)?.cited)
        };
        let (difference, _) = self.book.estimate(AGAINST, &question, DRAWN)?;
        let shares = share("share_better").zip(share("share_worse"));
        Some(Against { difference, shares: shares.map(|(better, worse)| [better, worse]) })
    }

    /// How two scenarios differ, whichever of them the file has first, and whether that is the second.
    fn between(&self, one: usize, other: usize, quantity: &str) -> Option<(Against, bool)> {
        let (a, b) = (&self.scenarios[one].0, &self.scenarios[other].0);
        let found = self.against(a, b, quantity).map(|found| (found, false));
        found.or_else(|| Some((self.against(b, a, quantity)?, true)))
    }

    /// In what share of the common draws one is better than the other.
    fn better(&self, one: usize, other: usize, quantity: &str) -> Option<Cited> {
        let (found, turned) = self.between(one, other, quantity)?;
        let [better, worse] = found.shares?;
        Some(if turned { worse } else { better })
    }

    /// The scenario that does best by a quantity, if that is firm against every other one.
    fn firmly_best(&self, quantity: &str) -> Option<usize> {
        let sign = self.sign(quantity);
        let beats = |one: usize, other: usize| {
            self.between(one, other, quantity).is_some_and(|(found, turned)| {
                let turn = if turned { -sign } else { sign };
                Grade::of(&found.difference, None) == Grade::Firm
                    && found.difference.value() * turn > 0.0
            })
        };
        let mut all = self.order.iter().copied();
        let others = || self.order.iter().copied();
        all.find(|one| {
            self.order.len() > 1 && others().all(|other| other == *one || beats(*one, other))
        })
    }

    /// What the sentences of the whole brief speak of.
    fn facts(&self) -> Facts {
        let mut facts = Facts::new();
        let name = self.book.quantity(&self.main);
        let language = self.book.language();
        facts
            .word("year", self.year.clone())
            .count("n", self.order.len() as i64)
            .word("what", name.full())
            .word("what_short", padded(&name.brief(), language))
            .word("what_inside", inside(&name.full(), language))
            .word("all_regions", inside(&self.book.place("all").full(), language))
            .flag("less", self.sign(&self.main) < 0.0)
            .flag("with_stressor", self.stressor.is_some())
            .flag("drawn", self.drawn)
            .count("lines", LINES as i64)
            .flag("whole_table", self.order.len() <= LINES)
            .flag("any_unclear", self.any_unclear());
        for name in RATIO_NAMES {
            let any = self.order.iter().any(|at| self.ratio(*at, name).is_some());
            facts.flag(&format!("with_{name}"), any);
        }
        self.add(&mut facts, "best", self.order[0]);
        let firm = self.firmly_best(&self.main).is_some();
        facts.flag("several", self.order.len() > 1);
        if let [best, second, ..] = self.order[..] {
            self.add(&mut facts, "second", second);
            self.add(&mut facts, "last", self.order[self.order.len() - 1]);
            let found = self.between(best, second, &self.main);
            facts.flag("with_gap", found.is_some());
            if let Some((against, _)) = found {
                let unit = self.change(best, &self.main, "all").map_or(String::new(), |c| c.1);
                let measure = self.measure(&against.difference, &unit, &self.main);
                facts.change("gap", &against.difference, None, &measure);
            }
            let (share, other) =
                (self.better(best, second, &self.main), self.better(second, best, &self.main));
            let never = |share: &Option<Cited>| share.as_ref().is_some_and(|one| one.value == 0.0);
            facts.flag("with_share", share.is_some()).flag("same", never(&share) && never(&other));
            if let Some(share) = share {
                facts.level("share", &share, &percent(share.value, language));
            }
        }
        let sizes = ["best", "last"].map(|key| facts.has(&format!("{key}_moved")));
        facts.flag("with_sizes", sizes == [true, true] && self.sizes_differ());
        // Without draws a difference is a point, and said to be one.
        facts.word(
            "grade",
            match (self.drawn, firm) {
                (false, _) => "bare",
                (true, true) => "firm",
                (true, false) => "unclear",
            },
        );
        facts
    }

    /// A scenario under `key` and `key_short`, with `key_va` and `key_main`.
    fn add(&self, facts: &mut Facts, key: &str, scenario: usize) {
        let (name, language) = (&self.scenarios[scenario].1, self.book.language());
        facts.word(key, quoted(&name.full(), language));
        facts.word(&format!("{key}_short"), quoted(&name.brief(), language));
        for (part, quantity) in [("va", VALUE_ADDED), ("main", self.main.as_str())] {
            if let Some((change, unit)) = self.change(scenario, quantity, "all") {
                let measure = self.measure(&change, &unit, quantity);
                facts.change(&format!("{key}_{part}"), &change, None, &measure);
            }
        }
        if let Some((moved, unit)) = self.moved(scenario) {
            let measure = prose_measure(self.book, &moved, &unit);
            facts.level(&format!("{key}_moved"), &moved.point, &measure);
        }
    }

    /// The unit of a change in a sentence: that of its quantity in the figures.
    fn measure(&self, change: &Estimate, unit: &str, quantity: &str) -> Measure {
        let figures = self.quantities();
        match figures.iter().find(|(code, _)| code == quantity) {
            Some((_, figure)) => as_in_figure(self.book, change, unit, figure),
            None => prose_measure(self.book, change, unit),
        }
    }

    /// The output that a scenario moves in all.
    fn moved(&self, scenario: usize) -> Option<Change> {
        let question = [
            (Column::Scenario, self.scenarios[scenario].0.as_str()),
            (Column::Year, self.year.as_str()),
            (Column::Quantity, "output"),
            (Column::Region, "all"),
            (Column::Factor, "moved_output"),
            (Column::Part, "all"),
        ];
        self.book.estimate(SIDES, &question, DRAWN)
    }

    /// Whether scenarios move more or less than each other, by more than rounding.
    fn sizes_differ(&self) -> bool {
        let sizes = self.order.iter().filter_map(|at| Some(self.moved(*at)?.0.value()));
        let (low, high) = sizes.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), size| {
            (low.min(size), high.max(size))
        });
        high - low > 1e-6 * high.abs()
    }

    /// Whether a direction that the first figure shows is unclear.
    fn any_unclear(&self) -> bool {
        let codes = [VALUE_ADDED, self.main.as_str()];
        let unclear = |at: &usize, code: &str| {
            self.change(*at, code, "all").is_some_and(|change| change.0.unclear())
        };
        self.order.iter().any(|at| codes.iter().any(|code| unclear(at, code)))
    }

    /// The best and the last by the main quantity, value added of the best, and how often it is better than the next.
    fn cards(&self) -> Vec<Card> {
        let mut cards = Vec::new();
        let mut add = |scenario: usize, quantity: &str| {
            let Some((change, unit)) = self.change(scenario, quantity, "all") else { return };
            let mut facts = Facts::new();
            facts.word("who", quoted(&self.scenarios[scenario].1.brief(), self.book.language()));
            facts.word("what", self.book.quantity(quantity).brief());
            let label = self.book.speaker.say("compare_card", &facts);
            let measure = self.measure(&change, &unit, quantity);
            cards.push(card_in(self.book, label, &change, &measure));
        };
        let (best, last) = (self.order[0], self.order[self.order.len() - 1]);
        add(best, &self.main);
        if last != best {
            add(last, &self.main);
        }
        if self.stressor.is_some() {
            add(best, VALUE_ADDED);
        }
        let facts = self.facts();
        if let [best, second, ..] = self.order[..]
            && let Some(share) = self.better(best, second, &self.main)
            && cards.len() < 4
        {
            let say = |key: &str| self.book.speaker.say(key, &facts);
            let measure = percent(share.value, self.book.language());
            let label = say("compare_card_share");
            cards.push(level_card(label, &share, &measure, say("compare_card_share_below")));
        }
        cards
    }

    /// Quantities that are told, with the units of figures.
    fn quantities(&self) -> Vec<(String, Measure)> {
        let codes = std::iter::once(VALUE_ADDED).chain(self.stressor.as_deref());
        codes
            .map(|code| {
                let all: Vec<Change> =
                    self.order.iter().filter_map(|at| self.change(*at, code, "all")).collect();
                let unit = all.first().map_or("", |found| found.1.as_str());
                let measure = figure_measure(self.book, all.iter().map(|found| &found.0), unit);
                (code.to_owned(), measure)
            })
            .collect()
    }

    /// A ratio of a scenario; that of emissions elsewhere to those at the origin is disputed where it is not clear
    /// whether the whole emits more, since it says no less.
    fn ratio(&self, scenario: usize, name: &str) -> Option<Change> {
        let question = [
            (Column::Scenario, self.scenarios[scenario].0.as_str()),
            (Column::Year, self.year.as_str()),
            (Column::Quantity, self.stressor.as_deref()?),
            (Column::Factor, name),
        ];
        let (estimate, unit) = self.book.estimate(RATIOS, &question, DRAWN)?;
        let whole = self.change(scenario, self.stressor.as_deref()?, "all");
        let open = whole.is_some_and(|(change, _)| change.unclear());
        let disputed = estimate.disputed || (open && name == RATIO_NAMES[0]);
        Some((Estimate { disputed, ..estimate }, unit))
    }

    /// Ratios that some scenario has, with their units.
    fn ratios(&self) -> Vec<(&'static str, Measure)> {
        let with_unit = |name: &'static str| {
            let all: Vec<Change> =
                self.order.iter().filter_map(|at| self.ratio(*at, name)).collect();
            let unit = all.first()?.1.as_str();
            let measure = figure_measure(self.book, all.iter().map(|found| &found.0), unit);
            Some((name, measure))
        };
        RATIO_NAMES.into_iter().filter_map(with_unit).collect()
    }

    /// Scenarios with what they change and their ratios, the best first.
    fn table(&self, facts: &Facts) -> MainTable {
        let (quantities, ratios) = (self.quantities(), self.ratios());
        let mut heads = vec![head(self.word("scenario"), "", false)];
        for (code, measure) in &quantities {
            heads.push(head(self.book.quantity(code).full(), measure.unit(), true));
        }
        for (name, measure) in &ratios {
            let name = self.book.word_of(&["indicators"], name).full();
            heads.push(head(name, measure.unit(), true));
        }
        heads.push(head(self.word("verdict"), "", false));
        let row = |at: &usize| {
            let mut cells = vec![words(self.scenarios[*at].1.full())];
            for (code, measure) in &quantities {
                let change = self.change(*at, code, "all").map(|found| found.0);
                cells.push(change_cell(self.book, change.as_ref(), measure));
            }
            for (name, measure) in &ratios {
                cells.push(match self.ratio(*at, name) {
                    Some((ratio, _)) => ratio_cell(self.book, &ratio, measure),
                    None => words("—"),
                });
            }
            cells.push(crate::brief::content::Cell {
                main: self.verdict(*at),
                ..Default::default()
            });
            GridRow { cells, total: false }
        };
        let say = |key: &str| self.book.speaker.say(key, facts);
        MainTable {
            title: say("compare_table_title"),
            grid: Grid {
                caption: say("compare_table_caption").plain(),
                heads,
                rows: self.order.iter().take(LINES).map(row).collect(),
            },
            note: say("compare_table_note"),
            file: DIFFERENCES.to_owned(),
        }
    }

    /// What a scenario does to value added and to the stressor, in words.
    fn verdict(&self, scenario: usize) -> Prose {
        let mut facts = Facts::new();
        for (key, quantity) in
            [("it_va", Some(VALUE_ADDED)), ("it_stressor", self.stressor.as_deref())]
        {
            let found = quantity.and_then(|quantity| self.change(scenario, quantity, "all"));
            if let Some((change, unit)) = &found {
                facts.change(key, change, None, &prose_measure(self.book, change, unit));
            }
            facts.flag(&format!("with_{key}"), found.is_some());
        }
        self.book.speaker.say("compare_verdict", &facts)
    }
}
