//! The brief of an estimate: how strong the relation is that the equations are about, how sure it is, whether it lasts or
//! turns, what neighbours have to do with it.
//!
//! An equation is about its first regressor. Its number is the total effect of a spatial model or a mediation, the sum over
//! all lags where the regressor has some, the turning point where its square is beside it, else the coefficient.

mod cards;
mod equations;
mod facts;
mod figures;
mod neighbours;
mod table;
#[cfg(test)]
mod tests;

use self::equations::{About, Equation, Reading};
use super::BriefError;
use super::book::{Book, Question};
use super::common::{Parts, figure_measure};
use super::prose::{Inline, Prose};
use super::shapes::headline;
use super::speech::{Facts, with_unit};
use crate::figure::names::Named;
use crate::numerals::{Cited, Estimate, Language, Measure};
use crate::tidy::Column;

/// Estimated numbers.
const COEFFICIENTS: &str = "coefficients.csv";
/// Direct, indirect and total effects.
const EFFECTS: &str = "effects.csv";
/// Sums over lags.
const SUMS: &str = "lag_sums.csv";
/// Turning points.
const TURNING: &str = "turning.csv";
/// Numbers of equations as a whole.
const STATISTICS: &str = "statistics.csv";
/// Statistics of an estimate and of its interval of 95 %.
const CONFIDENCE: [&str; 3] = ["estimate", "low95", "high95"];
/// Probability below which a test finds something.
const LEVEL: f64 = 0.05;

/// An estimated number.
#[derive(Debug, Clone)]
struct Number {
    /// The number with its interval of 95 %.
    estimate: Estimate,
    /// Its interval of 90 %, for figures.
    ninety: Option<[f64; 2]>,
    /// The file it stands in.
    file: &'static str,
}

/// What an equation says of its first regressor.
#[derive(Debug, Clone)]
struct Told {
    /// Place among the equations.
    at: usize,
    /// Name of the equation.
    name: Named,
    /// How its numbers are read.
    reading: Reading,
    /// Their unit.
    unit: String,
    /// The effect in the same period, where there are others beside it.
    now: Option<Number>,
    /// The effect one period later, where it is one of several.
    before: Option<Number>,
    /// The effect as a whole.
    all: Number,
    /// Periods that are added up in it.
    periods: usize,
    /// Where the curve turns.
    turning: Option<Turning>,
    /// Whether its coefficient is that of a part only.
    crossed: bool,
}

/// A turning point with the test of a U, in levels.
#[derive(Debug, Clone)]
struct Turning {
    /// Where, with its interval of 95 % if that has ends.
    at: Estimate,
    /// Least and largest of the data.
    ends: [Cited; 2],
    /// Probability of such data if nothing turned.
    p: Cited,
    /// Whether the curve rises first.
    inverse: bool,
    /// Unit of x.
    unit: String,
}

impl Turning {
    /// Whether the curve turns inside the data, surely or not.
    fn inside(&self) -> bool {
        let [least, largest] = &self.ends;
        (least.value..=largest.value).contains(&self.at.value())
    }

    /// Whether the test finds a turn inside the data.
    fn holds(&self) -> bool {
        self.p.value < LEVEL
    }
}

/// What an estimate's brief is about.
struct Subject<'b> {
    book: &'b Book<'b>,
    about: About,
    /// What each equation says, in their order.
    told: Vec<Told>,
}

/// The parts of the brief of an estimate.
pub(super) fn compose(book: &Book<'_>) -> Result<Parts, BriefError> {
    let text = book.recorded.file("estimate.json").map_or("", |file| file.text.as_str());
    let mut subject = Subject { book, about: About::of(text), told: Vec::new() };
    let equations = subject.about.models.iter().enumerate();
    subject.told = equations.filter_map(|(at, one)| subject.tell(at, one)).collect();
    let Some(main) = subject.told.first() else { return neighbours::compose(&subject) };
    let facts = subject.facts(main);
    Ok(Parts {
        subject: subject.say("estimate_subject", &facts),
        headline: headline(book, "estimate_headline", &facts),
        deck: subject.say("estimate_deck", &facts),
        cards: subject.cards(),
        blocks: subject.blocks(),
        dials: None,
        table: Some(subject.table()),
        method: ["estimate_method_1", "estimate_method_2", "estimate_method_3"]
            .map(|key| subject.say(key, &facts))
            .to_vec(),
    })
}

impl<'b> Subject<'b> {
    fn say(&self, key: &str, facts: &Facts) -> Prose {
        self.book.speaker.say(key, facts)
    }

    fn word(&self, key: &str) -> String {
        self.book.speaker.template().word(key, self.book.language())
    }

    fn equation(&self, told: &Told) -> &Equation {
        &self.about.models[told.at]
    }

    /// A number with its intervals.
    fn number(&self, file: &'static str, question: Question<'_>) -> Option<Number> {
        let (estimate, _) = self.book.estimate(file, question, CONFIDENCE)?;
        let end = |statistic| {
            let mut all = question.to_vec();
            all.push((Column::Statistic, statistic));
            Some(self.book.find(file, &all)?.cited.value)
        };
        let ninety = end("low90").zip(end("high90")).map(|(low, high)| [low, high]);
        Some(Number { estimate, ninety, file })
    }

    /// An effect of a factor of an equation, by part.
    fn effect(&self, file: &'static str, model: &str, factor: &str, part: &str) -> Option<Number> {
        let question = [(Column::Scenario, model), (Column::Factor, factor), (Column::Part, part)];
        self.number(file, &question)
    }

    fn coefficient(&self, model: &str, factor: &str) -> Option<Number> {
        self.number(COEFFICIENTS, &[(Column::Scenario, model), (Column::Factor, factor)])
    }

    /// The total effect of a regressor where there are effects, else its coefficient.
    fn of_regressor(&self, model: &str, regressor: &str) -> Option<Number> {
        self.effect(EFFECTS, model, regressor, "total")
            .or_else(|| self.coefficient(model, regressor))
    }

    /// The same of a variable with all its lags.
    fn of_sum(&self, model: &str, variable: &str) -> Option<Number> {
        self.effect(SUMS, model, variable, "total")
            .or_else(|| self.effect(SUMS, model, variable, "coefficients"))
    }

    fn statistic(&self, model: &str, word: &str) -> Option<Cited> {
        let question = [(Column::Scenario, model), (Column::Statistic, word)];
        Some(self.book.find(STATISTICS, &question)?.cited)
    }

    fn tell(&self, at: usize, equation: &Equation) -> Option<Told> {
        let (model, first) = (equation.name.as_str(), equation.first());
        let periods = equation.periods(&self.about);
        let sum = if periods.len() > 1 {
            self.of_sum(model, &self.about.variable(first).of)
        } else {
            None
        };
        let at_lag = |lag: i64| {
            let found = periods.iter().find(|(own, _)| *own == lag).filter(|_| sum.is_some());
            found.and_then(|(_, own)| self.of_regressor(model, own))
        };
        let (now, before) = (at_lag(0), at_lag(1));
        let reading = self.about.reading(equation, first);
        Some(Told {
            at,
            name: self.book.word_of(&["models"], model),
            reading,
            unit: self.about.unit(equation, reading),
            now,
            before,
            periods: if sum.is_some() { periods.len() } else { 1 },
            all: sum.or_else(|| self.of_regressor(model, first))?,
            turning: self.turning(equation),
            crossed: equation.crosses(&self.about),
        })
    }

    fn turning(&self, equation: &Equation) -> Option<Turning> {
        let (x, _) = equation.quadratic.as_ref().filter(|(x, _)| x == equation.first())?;
        let variable = self.about.variable(x);
        let of = |word: &str| {
            let question = [
                (Column::Scenario, equation.name.as_str()),
                (Column::Factor, x.as_str()),
                (Column::Statistic, word),
            ];
            Some(self.book.find(TURNING, &question)?.cited)
        };
        let level = |word: &str| match variable.logarithm {
            true => of(&format!("{word}_level")),
            false => of(word),
        };
        let range = level("fieller95_low").zip(level("fieller95_high"));
        Some(Turning {
            at: Estimate {
                point: level("turning_point")?,
                range: range.map(|(low, high)| [low, high]),
                disputed: false,
            },
            ends: [level("least")?, level("largest")?],
            p: of("utest_p")?,
            inverse: of("slope_at_least")?.value > 0.0,
            unit: variable.unit.unwrap_or_else(|| "1".to_owned()),
        })
    }

    /// Name of a variable: its own, or that of what it is a logarithm or lag of.
    fn variable(&self, code: &str) -> Named {
        let template = self.book.speaker.template();
        let known = |kind: &str, code: &str| template.name(kind, code).is_some();
        let variable = self.about.variable(code);
        if known("variables", code) {
            return self.book.word_of(&["variables"], code);
        }
        let base = [("variables", &variable.of), ("variables", &variable.level)]
            .into_iter()
            .chain([("quantities", &variable.level)])
            .find(|(kind, code)| known(kind, code))
            .map(|(kind, code)| self.book.word_of(&[kind], code));
        let plain = || {
            let text = if variable.lag == 0 { variable.level.as_str() } else { &variable.of };
            Named::new(text.replace('_', " "))
        };
        let base = base.unwrap_or_else(plain);
        if variable.lag == 0 {
            return base.code(code);
        }
        let mut facts = Facts::new();
        facts.word("x", base.full()).count("lag", variable.lag);
        facts.flag("yearly", self.about.panel.is_yearly());
        Named::new(self.say("estimate_lagged", &facts).plain()).code(code)
    }

    /// The first regressor of an equation without its lag.
    fn first(&self, equation: &Equation) -> Named {
        self.variable(&self.about.variable(equation.first()).of)
    }

    /// What units of the panel are called.
    fn units(&self) -> String {
        let template = self.book.speaker.template();
        match template.name("panels", &self.about.panel.id) {
            Some(_) => self.book.word_of(&["panels"], &self.about.panel.id).full(),
            None => self.word("estimate_units"),
        }
    }

    /// Equations whose numbers can stand beside each other: read alike, and not those of a part.
    fn compared(&self) -> Vec<&Told> {
        let Some(first) = self.told.first() else { return Vec::new() };
        let alike = |one: &&Told| {
            one.reading == first.reading
                && one.unit == first.unit
                && !one.crossed
                && one.turning.is_none()
        };
        self.told.iter().filter(alike).collect()
    }

    /// The unit of effects and their decimals, the same in sentences, cards and plots.
    fn measure(&self, unit: &str) -> Measure {
        let told = || self.told.iter().filter(|told| told.unit == unit);
        let mut numbers: Vec<Estimate> = told()
            .flat_map(|told| [Some(&told.all), told.now.as_ref(), told.before.as_ref()])
            .flatten()
            .map(|number| number.estimate.clone())
            .collect();
        for sums in [false, true] {
            let parts = told().flat_map(|told| self.parts_of(told, sums));
            numbers.extend(parts.map(|(.., number)| number.estimate));
        }
        common_measure(self.book, unit, &numbers.iter().collect::<Vec<_>>())
    }
}

/// The unit of numbers that stand beside each other, with the decimals of the one that needs most while the largest
/// has at most four digits; a number of which that would hide an end goes through [`telling`].
fn common_measure(book: &Book<'_>, unit: &str, numbers: &[&Estimate]) -> Measure {
    const DIGITS: usize = 4;
    let measure = figure_measure(book, numbers.iter().copied(), unit);
    let scaled = numbers.iter().map(|number| measure.scaled(number.value()).abs());
    let largest = scaled.fold(1.0, f64::max);
    let before = if largest.is_finite() { largest.log10().floor() as usize + 1 } else { DIGITS };
    let own = |number: &&Estimate| {
        let own = book.prose_measure(unit, number.value());
        (own.unit() == measure.unit()).then(|| own.decimals())
    };
    let own = numbers.iter().filter_map(own).max().unwrap_or_default();
    measure.with_decimals(measure.decimals().max(own.min(DIGITS.saturating_sub(before))))
}

/// The same unit with as many decimals, up to four, as keep an end of an interval beside zero from being printed as zero.
fn telling<'e>(measure: Measure, numbers: impl IntoIterator<Item = &'e Estimate>) -> Measure {
    const MOST: usize = 4;
    let ends: Vec<f64> = (numbers.into_iter())
        .filter(|number| !number.unclear())
        .flat_map(|number| number.span())
        .map(|end| measure.scaled(end).abs())
        .filter(|end| *end > 0.0)
        .collect();
    let hidden =
        |decimals: usize| ends.iter().any(|end| *end < 0.5 * 0.1_f64.powi(decimals as i32));
    let mut decimals = measure.decimals();
    while decimals < MOST && hidden(decimals) {
        decimals += 1;
    }
    measure.with_decimals(decimals)
}

/// Whole numbers.
fn whole(language: Language) -> Measure {
    Measure::of_figure("1", 100.0, language).with_decimals(0)
}

/// A level with its unit.
fn level(cited: &Cited, measure: &Measure) -> Prose {
    with_unit(Prose::number(measure.level(cited.value), cited), measure)
}

/// Both ends of a range of levels.
fn levels(ends: &[Cited; 2], measure: &Measure) -> Prose {
    let number = |end: &Cited| Prose::number(measure.level(end.value), end);
    let mut prose = number(&ends[0]);
    let joint = crate::numerals::range("", "", measure.language());
    prose.push(Inline::Text(joint));
    prose.0.extend(number(&ends[1]).0);
    prose
}

/// A probability with three decimals; of the smallest only that they are small.
fn probability(p: &Cited, language: Language) -> Prose {
    if p.value < 0.001 {
        return Prose::text("p\u{a0}<\u{a0}0.001");
    }
    let mut prose = Prose::text("p\u{a0}=\u{a0}");
    prose.0.extend(Prose::number(crate::numerals::number(p.value, 3, false, language), p).0);
    prose
}
