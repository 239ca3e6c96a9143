//! The brief of an estimate: how strong the relation is that the equations are about, how sure it is, whether it lasts or
//! turns, what neighbours have to do with it.
//!
//! An equation is about its first regressor. Its number is the total effect of a spatial model or a mediation, the sum over
//! all lags where the regressor has some, the turning point where its square is beside it, else the coefficient.

mod equations;
mod figures;
mod neighbours;
mod table;

use self::equations::{About, Equation, Reading};
use super::BriefError;
use super::book::{Book, Question};
use super::common::{Parts, card};
use super::content::Card;
use super::prose::{Inline, Prose};
use super::speech::{Facts, Grade, with_unit};
use crate::figure::ink::Ink;
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
        headline: subject.say("estimate_headline", &facts),
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
        let same = periods.iter().find(|(lag, _)| *lag == 0);
        let now = same.filter(|_| sum.is_some()).and_then(|(_, own)| self.of_regressor(model, own));
        let reading = self.about.reading(equation, first);
        Some(Told {
            at,
            name: self.book.word_of(&["models"], model),
            reading,
            unit: self.about.unit(equation, reading),
            now,
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

    /// Adds names of an equation's two sides, and how its numbers are read.
    fn add_names(&self, facts: &mut Facts, told: &Told) {
        let equation = self.equation(told);
        let language = self.book.language();
        let (x, y) = (self.first(equation), self.variable(&equation.dependent));
        facts
            .word("x", x.full())
            .word("x_in", in_sentence(&x.full(), language))
            .word("y", y.full())
            .word("y_in", in_sentence(&y.full(), language))
            .word("reading", told.reading.word())
            .count("lag", self.about.variable(equation.first()).lag)
            .flag("yearly", self.about.panel.is_yearly());
        let when = self.say("estimate_when", facts);
        facts.prose("when", when);
        let what = self.say("estimate_what", facts);
        facts.prose("what", what);
        let after = self.say("estimate_after", facts);
        facts.prose("after", after);
        let step = self.say("estimate_step", facts);
        facts.prose("step", step);
        facts.word("what_start", y.full());
        let main = self.told.first().map(|main| self.first(self.equation(main)));
        facts.flag("same_x", main.is_none_or(|main| main == x));
    }

    /// What the sentences of the whole brief speak of, an equation before all others.
    fn facts(&self, told: &Told) -> Facts {
        let mut facts = Facts::new();
        self.add_names(&mut facts, told);
        let equation = self.equation(told);
        let partial = equation.sample.is_some() && self.told.len() > 1;
        facts
            .word("equation", told.name.full())
            .word("equation_short", told.name.brief())
            .flag("partial", partial)
            .word("kind", kind(told))
            .count("equations", self.told.len() as i64)
            .count("periods", told.periods as i64)
            .word("unit_word", self.units())
            .word("first", self.about.panel.first.clone().unwrap_or_default())
            .word("last", self.about.panel.last.clone().unwrap_or_default());
        let whose = if partial { self.say("estimate_whose", &facts) } else { Prose::default() };
        facts.prose("whose", whose);
        self.add_change(&mut facts, "all", told, &told.all);
        if let Some(now) = &told.now {
            self.add_change(&mut facts, "now", told, now);
        }
        facts.flag("fades", told.now.as_ref().is_some_and(|now| fades(now, &told.all)));
        let about = self.compared_variable();
        facts.word("about_in", in_sentence(&about, self.book.language())).word("about", about);
        self.add_turning(&mut facts, told);
        self.add_channel(&mut facts, told);
        self.add_parts(&mut facts, told);
        for word in ["observations", "units", "periods"] {
            let key = format!("count_{word}");
            if let Some(count) = self.statistic(&equation.name, word) {
                facts.level(&key, &count, &whole(self.book.language()));
            }
        }
        let counted = ["observations", "units"];
        let counted = counted.iter().all(|word| self.statistic(&equation.name, word).is_some());
        facts.flag("counted", counted);
        self.add_estimators(&mut facts);
        self.add_tally(&mut facts, "tally", |one| Some(&one.all));
        facts
    }

    /// A change in the unit of an equation; `KEY_moved` are words for its direction and size, `KEY_known` is its value or that
    /// it is unclear.
    fn add_change(&self, facts: &mut Facts, key: &str, told: &Told, number: &Number) {
        let measure = self.book.prose_measure(&told.unit, number.estimate.value());
        let measure = telling(measure, [&number.estimate]);
        facts.change(key, &number.estimate, None, &measure);
        let mut own = Facts::new();
        own.change("it", &number.estimate, None, &measure);
        for word in ["moved", "known"] {
            facts.prose(&format!("{key}_{word}"), self.say(&format!("estimate_{word}"), &own));
        }
    }

    /// `at`, `at_range`, `inverse`, `p` of a turning point.
    fn add_turning(&self, facts: &mut Facts, told: &Told) {
        let Some(turning) = &told.turning else { return };
        let measure = self.book.prose_measure(&turning.unit, turning.at.value());
        facts.flag("inverse", turning.inverse).flag("bounded", turning.at.range.is_some());
        facts.prose("at", level(&turning.at.point, &measure));
        let range = turning.at.range.as_ref();
        facts.prose("at_range", range.map_or(Prose::default(), |ends| levels(ends, &measure)));
        let [least, largest] = &turning.ends;
        let mut ends = levels(&[least.clone(), largest.clone()], &measure);
        ends.push(Inline::Text(measure.with_unit("")));
        facts.prose("sample_range", ends);
        let curves = || self.told.iter().filter_map(|told| told.turning.as_ref());
        let turns = curves().filter(|one| one.holds()).count();
        facts.count("n_curves", curves().count() as i64).count("n_turning", turns as i64);
        facts.prose("p", probability(&turning.p, self.book.language()));
    }

    /// The share that goes through a mediator, of this equation or of the first that has one.
    fn add_channel(&self, facts: &mut Facts, told: &Told) {
        let with = |one: &&Told| self.equation(one).mediator.is_some();
        let found = Some(told).filter(with).or_else(|| self.told.iter().find(with));
        let of = |one: &Told| {
            let equation = self.equation(one);
            let mediator = self.variable(equation.mediator.as_deref()?);
            let share = self.statistic(&equation.name, "indirect_share")?;
            let indirect = self.effect(EFFECTS, &equation.name, equation.first(), "indirect")?;
            // A share of something whose sign is not known says nothing.
            let known = |number: &Number| Grade::of(&number.estimate, None) == Grade::Firm;
            Some((mediator, share, known(&indirect) && known(&one.all)))
        };
        let channel = found.and_then(of);
        facts.flag("channel", channel.as_ref().is_some_and(|(.., known)| *known));
        if let Some((mediator, share, _)) = channel {
            let language = self.book.language();
            facts.word("mediator", in_sentence(&mediator.full(), language));
            facts.level("share", &share, &self.book.prose_measure("share", share.value));
        }
    }

    /// `direct` and `indirect` of a spatial equation.
    fn add_parts(&self, facts: &mut Facts, told: &Told) {
        let equation = self.equation(told);
        let (model, first) = (equation.name.as_str(), equation.first());
        let part = |part: &str| self.effect(EFFECTS, model, first, part);
        let both = part("direct").zip(part("indirect"));
        facts.flag("spatial", both.is_some() && equation.mediator.is_none());
        if let Some((direct, indirect)) = both {
            self.add_change(facts, "direct", told, &direct);
            self.add_change(facts, "indirect", told, &indirect);
        }
    }

    /// How many equations have which sign: `KEY_negative`, `KEY_positive`, `KEY_unclear`, `KEY_all`.
    fn add_tally(
        &self,
        facts: &mut Facts,
        key: &str,
        of: impl for<'t> Fn(&'t Told) -> Option<&'t Number>,
    ) {
        let mut counts = [0; 3];
        for number in self.compared().into_iter().filter_map(of) {
            let at = match (number.estimate.unclear(), number.estimate.value() < 0.0) {
                (true, _) => 2,
                (false, true) => 0,
                (false, false) => 1,
            };
            counts[at] += 1;
        }
        for (word, count) in ["negative", "positive", "unclear"].into_iter().zip(counts) {
            facts.count(&format!("{key}_{word}"), count);
        }
        facts.count(&format!("{key}_all"), counts.iter().sum());
        let kinds = counts.iter().filter(|count| **count > 0).count();
        facts.flag(&format!("{key}_uniform"), kinds < 2);
        let mut own = Facts::new();
        for (word, count) in ["negative", "positive", "unclear"].into_iter().zip(counts) {
            own.count(word, count);
        }
        facts.prose(key, self.say("estimate_tally", &own));
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

    /// What the compared equations are about: their first regressor if it is the same in all.
    fn compared_variable(&self) -> String {
        let mut names: Vec<String> = (self.compared().into_iter())
            .map(|told| self.first(self.equation(told)).full())
            .collect();
        names.dedup();
        match names.as_slice() {
            [one] => one.clone(),
            _ => self.word("estimate_main_variables"),
        }
    }

    /// How the equations were estimated, each way once, with kinds of errors and fixed effects.
    fn add_estimators(&self, facts: &mut Facts) {
        let mut names: Vec<String> = Vec::new();
        let mut errors: Vec<String> = Vec::new();
        let push = |into: &mut Vec<String>, name: String| {
            if !into.contains(&name) {
                into.push(name);
            }
        };
        for told in &self.told {
            let equation = self.equation(told);
            let word = equation.equation.first().unwrap_or(&equation.estimator);
            push(&mut names, self.book.word_of(&["estimators"], word).full());
            if !equation.estimator.starts_with("spatial") {
                push(&mut errors, self.errors(equation));
            }
        }
        let language = self.book.language();
        let list = |texts: &[String]| {
            let texts: Vec<String> = texts.iter().map(|text| in_sentence(text, language)).collect();
            texts.join(language.pick("、", ", "))
        };
        facts.word("estimators", list(&names)).word("errors", list(&errors));
        let any = |words: &[&str]| {
            let own = |told: &Told| words.iter().any(|word| self.equation(told).estimator == *word);
            self.told.iter().any(own)
        };
        facts
            .flag("is_within", any(&["within", "mediation", "threshold"]))
            .flag(
                "is_spatial",
                self.told.iter().any(|own| {
                    let estimator = &self.equation(own).estimator;
                    estimator.starts_with("spatial")
                }),
            )
            .flag("is_mediation", any(&["mediation"]))
            .flag("has_lags", self.told.iter().any(|own| own.periods > 1))
            .flag("has_turning", self.told.iter().any(|own| own.turning.is_some()))
            .flag("two_way", self.told.iter().any(|own| self.has_two_way(own)));
    }

    fn has_two_way(&self, told: &Told) -> bool {
        let effects = &self.equation(told).effects;
        effects.len() > 1 || effects.iter().any(|own| own == "two_way")
    }

    /// Kind of standard errors, with the columns of clusters.
    fn errors(&self, equation: &Equation) -> String {
        let name = self.book.word_of(&["estimators"], &equation.covariance).full();
        if equation.clusters.is_empty() {
            return name;
        }
        let template = self.book.speaker.template();
        let column = |code: &String| match template.name("panels", code) {
            Some(_) => self.book.word_of(&["panels"], code).full(),
            None => code.replace('_', " "),
        };
        let mut facts = Facts::new();
        let columns: Vec<String> = equation.clusters.iter().map(column).collect();
        facts.word("name", name).word("columns", columns.join(", "));
        self.say("estimate_clusters", &facts).plain()
    }

    /// Key numbers: the main one, what lasts of it, what goes through neighbours or a mediator, other equations; last how
    /// many observations there are.
    fn cards(&self) -> Vec<Card> {
        let mut cards: Vec<Card> = Vec::new();
        let Some(main) = self.told.first() else { return cards };
        let label = |told: &Told, key: &str| {
            let mut facts = Facts::new();
            self.add_names(&mut facts, told);
            facts.count("periods", told.periods as i64).word("equation", told.name.brief());
            facts.flag("several", self.told.len() > 1);
            self.say(key, &facts)
        };
        match (&main.turning, &main.now) {
            (Some(turning), _) => cards.push(self.turning_card(main, turning)),
            (None, Some(now)) => {
                cards.push(self.card(label(main, "estimate_card_now"), main, now));
                cards.push(self.card(label(main, "estimate_card_all"), main, &main.all));
            }
            (None, None) => {
                cards.push(self.card(label(main, "estimate_card_main"), main, &main.all));
            }
        }
        let equation = self.equation(main);
        if equation.mediator.is_none()
            && let Some(indirect) =
                self.effect(EFFECTS, &equation.name, equation.first(), "indirect")
        {
            cards.push(self.card(label(main, "estimate_card_indirect"), main, &indirect));
        }
        for told in &self.told[1..] {
            match &told.turning {
                Some(turning) => cards.push(self.turning_card(told, turning)),
                None if !told.crossed => {
                    cards.push(self.card(label(told, "estimate_card_other"), told, &told.all));
                }
                None => {}
            }
        }
        cards.truncate(3);
        cards.extend(self.observations());
        cards
    }

    fn card(&self, label: Prose, told: &Told, number: &Number) -> Card {
        let mut found = card(self.book, label, &number.estimate, &told.unit);
        // The interval is one of confidence, and called so.
        let measure = self.book.prose_measure(&told.unit, number.estimate.value());
        let measure = telling(measure, [&number.estimate]);
        let mut facts = Facts::new();
        facts.change("it", &number.estimate, None, &measure);
        found.range = self.say("estimate_card_range", &facts);
        found
    }

    fn turning_card(&self, told: &Told, turning: &Turning) -> Card {
        let mut facts = self.named(told);
        self.add_turning(&mut facts, told);
        facts.flag("holds", turning.holds());
        let label = self.say("estimate_card_turning", &facts);
        let range = self.say("estimate_card_turning_range", &facts);
        if !turning.holds() {
            let value = self.book.speaker.phrase("estimate_no_turn");
            return Card { label, value, unit: String::new(), range, ink: Ink::Ink2 };
        }
        let measure = self.book.prose_measure(&turning.unit, turning.at.value());
        let point = &turning.at.point;
        let value = Prose::number(measure.level(point.value), point);
        Card { label, value, unit: measure.unit().to_owned(), range, ink: Ink::Ink }
    }

    /// Names of an equation.
    fn named(&self, told: &Told) -> Facts {
        let mut facts = Facts::new();
        self.add_names(&mut facts, told);
        facts.word("equation", told.name.full());
        facts
    }

    fn observations(&self) -> Option<Card> {
        let main = self.told.first()?;
        let count = self.statistic(&self.equation(main).name, "observations")?;
        let facts = self.facts(main);
        Some(Card {
            label: self.say("estimate_card_observations", &facts),
            value: Prose::number(whole(self.book.language()).level(count.value), &count),
            unit: String::new(),
            range: self.say("estimate_card_sample", &facts),
            ink: Ink::Ink,
        })
    }
}

/// Whether a change is partly taken back: as a whole it has the sign of the first period and is surely smaller.
fn fades(now: &Number, all: &Number) -> bool {
    let ([low, high], [all_low, all_high]) = (now.estimate.span(), all.estimate.span());
    let ranged = now.estimate.range.is_some() && all.estimate.range.is_some();
    let clear = !now.estimate.unclear() && !all.estimate.unclear();
    let smaller = match now.estimate.value() < 0.0 {
        true => high < all_low && all_high < 0.0,
        false => all_high < low && all_low > 0.0,
    };
    ranged && clear && smaller
}

/// What is to be said of an equation first.
fn kind(told: &Told) -> &'static str {
    match (&told.turning, &told.now) {
        (Some(turning), _) if turning.holds() => "turn",
        (Some(_), _) => "monotone",
        (None, Some(_)) => "lags",
        (None, None) => "one",
    }
}

/// A name in the middle of a sentence: in English without its capital, unless that is one of an abbreviation.
fn in_sentence(name: &str, language: Language) -> String {
    let mut rest = name.chars();
    match (language, rest.next(), rest.clone().next()) {
        (Language::English, Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(rest).collect()
        }
        _ => name.to_owned(),
    }
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
    let hidden = |decimals: usize| ends.iter().any(|end| *end < 0.5 * 0.1_f64.powi(decimals as i32));
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
        return Prose::text("p < 0.001");
    }
    let mut prose = Prose::text("p = ");
    prose.0.extend(Prose::number(crate::numerals::number(p.value, 3, false, language), p).0);
    prose
}
