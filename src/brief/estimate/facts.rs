//! What the sentences of an estimate's brief may speak of.

use super::{EFFECTS, Equation, Number, Subject, Told, level, levels, probability, telling, whole};
use crate::brief::prose::{Inline, Prose};
use crate::brief::speech::{Facts, Grade, in_sentence};

impl Subject<'_> {
    /// Adds names of an equation's two sides, and how its numbers are read.
    pub(super) fn add_names(&self, facts: &mut Facts, told: &Told) {
        let equation = self.equation(told);
        let language = self.book.language();
        let (x, y) = (self.first(equation), self.variable(&equation.dependent));
        facts
            .word("x", x.full())
            .word("x_in", in_sentence(&x.full(), language))
            .word("y", y.full())
            .word("y_in", in_sentence(&y.full(), language))
            .word("x_short", x.brief())
            .word("x_brief", in_sentence(&x.brief(), language))
            .word("y_brief", in_sentence(&y.brief(), language))
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
    pub(super) fn facts(&self, told: &Told) -> Facts {
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
        if let Some(before) = &told.before {
            self.add_change(&mut facts, "before", told, before);
        }
        let both = told.now.as_ref().zip(told.before.as_ref());
        facts
            .flag("fades", told.now.as_ref().is_some_and(|now| fades(now, &told.all)))
            .flag("offset", both.is_some_and(|(now, before)| offset(now, before)))
            .count("lost", self.lost(equation));
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
    pub(super) fn add_change(&self, facts: &mut Facts, key: &str, told: &Told, number: &Number) {
        let measure = telling(self.measure(&told.unit), [&number.estimate]);
        facts.change(key, &number.estimate, None, &measure);
        let mut own = Facts::new();
        own.change("it", &number.estimate, None, &measure);
        for word in ["moved", "known"] {
            facts.prose(&format!("{key}_{word}"), self.say(&format!("estimate_{word}"), &own));
        }
    }

    /// `at`, `at_range`, `inverse`, `p` of a turning point.
    pub(super) fn add_turning(&self, facts: &mut Facts, told: &Told) {
        let Some(turning) = &told.turning else { return };
        let measure = self.book.prose_measure(&turning.unit, turning.at.value());
        facts.flag("inverse", turning.inverse).flag("bounded", turning.at.range.is_some());
        facts.flag("inside", turning.inside()).flag("holds", turning.holds());
        facts.prose("at", level(&turning.at.point, &measure));
        let range = turning.at.range.as_ref();
        facts.prose("at_range", range.map_or(Prose::default(), |ends| levels(ends, &measure)));
        let [least, largest] = &turning.ends;
        let mut ends = levels(&[least.clone(), largest.clone()], &measure);
        ends.push(Inline::Text(measure.with_unit("")));
        facts.prose("sample_range", ends);
        // Only equations with the same main variable are counted together.
        let first = self.first(self.equation(told));
        let alike = |one: &&Told| self.first(self.equation(one)) == first;
        let curves = || self.told.iter().filter(alike).filter_map(|one| one.turning.as_ref());
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
    pub(super) fn add_tally(
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
            .flag("all_logs", self.all_logs())
            .flag("has_lags", self.told.iter().any(|own| own.periods > 1))
            .flag("has_turning", self.told.iter().any(|own| own.turning.is_some()))
            .flag("two_way", self.told.iter().any(|own| self.has_two_way(own)));
    }

    /// Whether every variable of every equation is a logarithm and none has its square beside it.
    fn all_logs(&self) -> bool {
        let logs = |told: &Told| {
            let equation = self.equation(told);
            let names = equation.regressors.iter().chain([&equation.dependent]);
            told.turning.is_none()
                && names.into_iter().all(|name| self.about.variable(name).logarithm)
        };
        self.told.iter().all(logs)
    }

    /// Periods at the start of the panel that the lags of an equation take up.
    fn lost(&self, equation: &Equation) -> i64 {
        let lags = equation.regressors.iter().map(|name| self.about.variable(name).lag);
        lags.max().unwrap_or_default().max(0)
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

/// Whether the period after the first surely takes back at least half of it.
fn offset(now: &Number, before: &Number) -> bool {
    let (now, before) = (&now.estimate, &before.estimate);
    let least = before.span().map(f64::abs).into_iter().fold(f64::INFINITY, f64::min);
    let ranged = now.range.is_some() && before.range.is_some();
    let clear = !now.unclear() && !before.unclear() && now.value() * before.value() < 0.0;
    ranged && clear && least >= 0.5 * now.value().abs()
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
