//! How far the answer hangs on whose technology and suppliers the new plants have: what the scenario sets, what it is
//! drawn over, and what every combination gives.

use serde_json::Value;

use super::{Change, GRADES, Ranges, Subject};
use crate::brief::book::{Found, inside};
use crate::brief::common::LIKELY;
use crate::brief::common::as_in_figure;
use crate::brief::prose::{Inline, Prose};
use crate::brief::speech::Facts;
use crate::numerals::{Cited, Estimate, Measure};
use crate::text::sign_grade;
use crate::tidy::Column;

/// From this share on a sign is that of all variants, as far as a share is printed.
const ALL: f64 = 0.9995;
/// A point in this part of a band at either of its ends is not in its middle.
const OUTER: f64 = 0.25;
/// What is drawn: switch of `uncertainty`, and its name among the parameters.
const DRAWN: [(&str, &str); 5] = [
    ("emission_factors", "emission factors"),
    ("trade_shares", "trade shares"),
    ("technology", "technology of the plants"),
    ("growth", "growth of demand"),
    ("elasticities", "elasticities"),
];

/// A combination of technology, suppliers and reading of agglomeration.
struct Way {
    technology: String,
    sourcing: String,
    reading: String,
    /// The change, or the median of its draws.
    median: Cited,
    /// Whether it changes nothing, so that there is no sign.
    nothing: bool,
}

/// From where to where the combinations reach.
#[derive(Debug, Clone)]
pub(super) struct Spread {
    /// How many there are.
    pub ways: usize,
    /// The lowest and the highest.
    pub ends: [Cited; 2],
}

impl Spread {
    /// The spread about a point, as a range.
    fn about(&self, point: &Cited) -> Estimate {
        Estimate { point: point.clone(), range: Some(self.ends.clone()), disputed: false }
    }
}

/// Whose technology, or whose suppliers, all plants of the scenario have.
///
/// Result: `destination`, `origin`, `best` (the cleaner of the two), `half`, `mix` (another share), or `several` where
/// moves differ; empty where the folder does not say.
fn setting(moves: Option<&Value>, key: &str) -> &'static str {
    let word = |setting: &Value| match setting {
        Value::String(text) if text == "destination" => "destination",
        Value::String(text) if text == "origin" => "origin",
        Value::Object(own) if own.contains_key("best") => "best",
        Value::Object(own) => match own.get("mix").and_then(Value::as_f64) {
            Some(0.5) => "half",
            Some(_) => "mix",
            None => "",
        },
        _ => "",
    };
    let mut found =
        moves.and_then(Value::as_array).into_iter().flatten().map(|one| word(&one[key]));
    let Some(first) = found.next() else { return "" };
    if found.all(|other| other == first) { first } else { "several" }
}

impl Subject<'_> {
    fn ways(&self, quantity: &str, code: &str) -> Vec<Way> {
        let Some(tidy) = self.book.tidy(GRADES) else { return Vec::new() };
        let of = |statistic: &str| -> Vec<usize> {
            let wanted = [
                (Column::Quantity, quantity),
                (Column::Region, code),
                (Column::Statistic, statistic),
            ];
            tidy.rows_where(&wanted).collect()
        };
        let signs = of("share_positive").into_iter().zip(of("share_negative"));
        let way = |(row, (up, down)): (usize, (usize, usize))| {
            let (technology, sourcing) = tidy.text(row, Column::Part).split_once('/')?;
            Some(Way {
                technology: technology.to_owned(),
                sourcing: sourcing.to_owned(),
                reading: tidy.text(row, Column::Factor).to_owned(),
                median: self.book.row(GRADES, row)?.cited,
                nothing: tidy.value(up) == 0.0 && tidy.value(down) == 0.0,
            })
        };
        of("median").into_iter().zip(signs).filter_map(way).collect()
    }

    /// From where to where the combinations reach at a place, if there is more than one.
    pub(super) fn spread(&self, quantity: &str, code: &str) -> Option<Spread> {
        let medians: Vec<Cited> =
            self.ways(quantity, code).into_iter().map(|way| way.median).collect();
        let by = |a: &&Cited, b: &&Cited| a.value.total_cmp(&b.value);
        let (low, high) = medians.iter().min_by(by).zip(medians.iter().max_by(by))?;
        let ends = [low.clone(), high.clone()];
        (medians.len() > 1).then_some(Spread { ways: medians.len(), ends })
    }

    /// The main quantity of the whole: its code and its change.
    fn main(&self) -> Option<(&str, &Change)> {
        let stressor = self.stressor.as_deref().zip(self.all.stressor.as_ref());
        stressor.or_else(|| Some(("value_added", self.all.value_added.as_ref()?)))
    }

    /// How often the sign of the whole holds over draws, technologies, suppliers and readings: `agreement`, `letter`,
    /// and whether it is `shared` by all; what the combinations give.
    pub(super) fn sign_grade(&self, facts: &mut Facts) {
        let main = self.main();
        let agreement = main.and_then(|(_, change)| change.agreement.as_ref());
        let readings = self.book.texts(GRADES, Column::Factor);
        let readings = readings.iter().filter(|reading| **reading != "all").count();
        facts.flag("graded", agreement.is_some()).flag("with_readings", readings > 1);
        if let Some(agreement) = agreement {
            facts.level("agreement", agreement, &self.as_share(agreement.value));
            facts.word("letter", sign_grade(agreement.value).to_string());
            facts.flag("shared", agreement.value >= ALL);
            facts.flag("doubtful", agreement.value < LIKELY);
        }
        self.combinations(facts);
    }

    /// What the combinations of technologies, suppliers and readings make of the main quantity of the whole:
    /// `with_combinations`, how many (`n_combinations`), from where to where (`spread`), whether the main result is
    /// their `highest` or `lowest`, in how many it does not change (`n_nothing`; those have no sign and do not count
    /// for the grade), and each of the main reading by name (`combinations`).
    fn combinations(&self, facts: &mut Facts) {
        let found = self.main().zip(self.quantities().into_iter().last());
        let spread = found.as_ref().and_then(|((_, change), _)| change.spread.clone());
        facts.flag("with_combinations", spread.is_some()).count("n_nothing", 0);
        let (Some(((quantity, change), (_, figure))), Some(spread)) = (found, spread) else {
            return;
        };
        let point = &change.estimate.point;
        let measure = as_in_figure(self.book, &change.estimate, &change.unit, &figure);
        let ways = self.ways(quantity, "all");
        let nothing = ways.iter().filter(|way| way.nothing).count();
        facts.count("n_combinations", spread.ways as i64).count("n_nothing", nothing as i64);
        facts.change("spread", &spread.about(point), None, &measure);
        let [low, high] = &spread.ends;
        let close = |end: &Cited| (end.value - point.value).abs() <= 1e-9 * point.value.abs();
        let drawn = self.ranges == Ranges::Drawn;
        facts.flag("highest", close(high) && !drawn).flag("lowest", close(low) && !drawn);
        let mut told = Prose::default();
        for way in ways.iter().filter(|way| way.reading == self.reading) {
            let mut own = Facts::new();
            own.word("technology", way.technology.clone()).word("sourcing", way.sourcing.clone());
            own.change("it", &Estimate::bare(way.median.clone()), None, &measure);
            own.flag("drawn", drawn);
            if !told.is_empty() {
                told.push(Inline::Text(self.book.language().pick("；", "; ").to_owned()));
            }
            told.0.extend(self.say("run_way", &own).0);
        }
        facts.prose("combinations", told);
    }

    /// A share in whole percent; what is not all is not printed as all.
    pub(super) fn as_share(&self, share: f64) -> Measure {
        let measure = Measure::of_figure("share", share, self.book.language());
        measure.with_decimals(usize::from((0.995..1.0).contains(&share)))
    }

    /// Below a key number: the range of its draws, or how far combinations of technology and suppliers reach.
    pub(super) fn below_card(&self, change: &Change, measure: &Measure) -> Prose {
        let estimate = &change.estimate;
        let mut facts = Facts::new();
        facts.change("it", estimate, None, measure);
        facts.flag("ranged", estimate.range.is_some());
        facts.flag("disputed", estimate.disputed && change.agreement.is_some());
        let readings = self.book.texts(GRADES, Column::Factor);
        let readings = readings.iter().filter(|reading| **reading != "all").count();
        facts.flag("with_readings", readings > 1).flag("with_spread", change.spread.is_some());
        if let Some(share) = &change.agreement {
            facts.level("share", share, &self.as_share(share.value));
        }
        if let Some(spread) = &change.spread {
            facts.count("n_combinations", spread.ways as i64);
            facts.change("spread", &spread.about(&estimate.point), None, measure);
        }
        self.say("run_card_below", &facts)
    }

    /// What the scenario sets, `settings` in words, and what its draws vary, `varied` by name.
    pub(super) fn settings(&self, facts: &mut Facts) {
        let switches = &self.book.recorded.summary.switches;
        let moves = switches.get("relocate");
        let (technology, sourcing) = (setting(moves, "technology"), setting(moves, "sourcing"));
        let mut own = Facts::new();
        own.word("technology", technology).word("sourcing", sourcing);
        let known = !technology.is_empty() && !sourcing.is_empty();
        let settings = if known { self.say("run_settings", &own) } else { Prose::default() };
        facts.prose("settings", settings).word("technology", technology);
        let uncertainty = switches.get("uncertainty");
        let drawn = |key: &&(&str, &str)| {
            let own = uncertainty.and_then(|all| all.get(key.0));
            own.is_some_and(|own| !own.is_null() && own.as_bool() != Some(false))
        };
        let language = self.book.language();
        let name = |(_, word): &(&str, &str)| inside(&self.book.parameter(word).full(), language);
        let mut names: Vec<String> = DRAWN.iter().filter(drawn).map(name).collect();
        facts.count("n_varied", names.len() as i64);
        let last = (names.len() > 1).then(|| names.pop()).flatten();
        let first = names.join(language.pick("、", ", "));
        let varied = match last {
            Some(last) => format!("{first}{}{last}", language.pick("和", " and ")),
            None => first,
        };
        facts.word("varied", varied);
        self.drawn_technology(uncertainty, technology, facts);
    }

    /// Whether technology is drawn (`technology_drawn`), over all from origin to destination (`technology_whole`), and
    /// whether the scenario's own stands at an end of that or beyond (`technology_at_end`).
    fn drawn_technology(&self, uncertainty: Option<&Value>, own: &str, facts: &mut Facts) {
        let ends = uncertainty.and_then(|all| all["technology"].as_array());
        let ends: Vec<f64> = ends.into_iter().flatten().filter_map(Value::as_f64).collect();
        let at_end = match (own, ends.as_slice()) {
            ("destination", [_, high]) => *high <= 1.0,
            ("origin", [low, _]) => *low >= 0.0,
            ("half", [low, high]) => *low >= 0.5 || *high <= 0.5,
            _ => false,
        };
        facts.flag("technology_drawn", ends.len() == 2).flag("technology_at_end", at_end);
        facts.flag("technology_whole", ends == [0.0, 1.0]);
    }

    /// The median of the draws of a change, where the point lies outside the band or near an end of it.
    pub(super) fn apart_median(&self, quantity: &str, code: &str) -> Option<Found> {
        let [low, high] = self.drawn(quantity, code, &self.year)?;
        let point = self.change(quantity, code, &self.year)?.estimate.value();
        let edge = OUTER * (high.value - low.value);
        let middle = low.value + edge..=high.value - edge;
        let found = self.band(quantity, code, &self.year, "p50");
        found.filter(|_| !middle.contains(&point))
    }
}
