//! What the readings of agglomeration make of a scenario: how far they move its result, and whether they turn it.

use super::{Place, Subject};
use crate::brief::book::inside;
use crate::brief::prose::{Inline, Prose};
use crate::brief::speech::Facts;
use crate::figure::names::Named;
use crate::figure::tornado::{End, Input};
use crate::numerals::{Cited, Estimate};
use crate::tidy::Column;

/// The result by a reading: the median of its draws with 5 and 95 %.
struct Reading {
    name: Named,
    estimate: Estimate,
}

impl Reading {
    fn median(&self) -> f64 {
        self.estimate.value()
    }
}

/// The results of all readings, the main one among them.
pub(super) struct Readings {
    /// The main reading first.
    rows: Vec<Reading>,
}

impl Readings {
    /// Those of the stressor at a place in the last year; nothing if only one reading was drawn.
    pub fn of(subject: &Subject<'_>, stressor: &str, place: &Place) -> Option<Self> {
        let mut codes = subject.book.texts("bands.csv", Column::Factor);
        // The main reading first: a stable sort keeps the others in the order of the file.
        codes.sort_by_key(|code| *code != subject.reading);
        let one = |code: &str| {
            let question = [
                (Column::Scenario, "difference"),
                (Column::Year, subject.year.as_str()),
                (Column::Quantity, stressor),
                (Column::Region, place.code.as_str()),
                (Column::Factor, code),
            ];
            let (estimate, _) =
                subject.book.estimate("bands.csv", &question, ["p50", "p05", "p95"])?;
            Some(Reading { name: subject.book.word_of(&["readings"], code), estimate })
        };
        let rows: Vec<Reading> = codes.into_iter().filter_map(one).collect();
        (rows.len() > 1).then_some(Readings { rows })
    }

    /// The lowest and the highest median.
    fn ends(&self) -> Option<[&Reading; 2]> {
        let by = |a: &&Reading, b: &&Reading| a.median().total_cmp(&b.median());
        Some([self.rows.iter().min_by(by)?, self.rows.iter().max_by(by)?])
    }

    /// How far apart medians are.
    pub fn width(&self) -> f64 {
        self.ends().map_or(0.0, |[low, high]| high.median() - low.median())
    }

    /// Whether a reading leaves the sign of the main result open, or has the other one.
    pub fn disagree(&self, main: f64) -> bool {
        let open = |reading: &Reading| reading.estimate.unclear() || reading.median() * main < 0.0;
        self.rows.iter().any(open)
    }

    /// From the lowest to the highest median: an input of the figure.
    pub fn input(&self, subject: &Subject<'_>) -> Option<Input> {
        let end = |one: &Reading| End {
            input: one.name.brief(),
            result: Cited::clone(&one.estimate.point),
        };
        let [low, high] = self.ends()?;
        let name = Named::new(subject.word("run_readings"));
        Some(Input { name, low: end(low), high: end(high) })
    }

    /// The same as a line of its data table: the median of the main reading, the lowest and the highest of all.
    pub fn line(&self) -> Option<Estimate> {
        let [low, high] = self.ends()?;
        let mut line = self.rows.first()?.estimate.clone();
        line.range = Some([low.estimate.point.clone(), high.estimate.point.clone()]);
        Some(line)
    }

    /// What sentences say of them: `readings` one after the other, `readings_disagree` on the sign.
    pub fn facts(&self, subject: &Subject<'_>, unit: &str, main: f64, facts: &mut Facts) {
        let language = subject.book.language();
        let measure = subject.stressor_measure(self.rows.iter().map(|one| &one.estimate), unit);
        let mut told = Prose::default();
        for reading in self.rows.iter().skip(1) {
            let mut own = Facts::new();
            own.word("name", inside(&reading.name.full(), language));
            own.change("it", &reading.estimate, None, &measure);
            if !told.is_empty() {
                told.push(Inline::Text(language.pick("；", "; ").to_owned()));
            }
            told.0.extend(subject.say("run_reading", &own).0);
        }
        facts.flag("other_readings", true).flag("readings_disagree", self.disagree(main));
        facts.prose("readings", told);
    }
}
