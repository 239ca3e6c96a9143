//! From numbers to sentences: a record of what is known, a template's sentence, and the text with its numbers.

use std::cell::RefCell;
use std::collections::BTreeMap;

use minijinja::{Environment, UndefinedBehavior, Value};

use super::prose::{Inline, Marks, Prose};
use super::template::Template;
use crate::labels::suggestion;
use crate::numerals::{Cited, Estimate, Language, Measure};

/// What a range allows to be said of a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grade {
    /// The whole range is on one side of zero.
    Firm,
    /// At least nine draws of ten have the sign, though the range crosses zero.
    Likely,
    /// Less, a range over orders that crosses, or a sign that is disputed.
    Unclear,
    /// A point only.
    Bare,
}

impl Grade {
    /// Grade of an estimate; `share` is the share of draws that have its sign, where things are drawn.
    pub fn of(estimate: &Estimate, share: Option<f64>) -> Grade {
        match (&estimate.range, estimate.unclear()) {
            (None, true) => Grade::Unclear,
            (None, false) => Grade::Bare,
            (Some(_), false) => Grade::Firm,
            (Some(_), true) if share.is_some_and(|share| share >= 0.9) => Grade::Likely,
            (Some(_), true) => Grade::Unclear,
        }
    }

    /// The word that templates ask for.
    pub fn word(self) -> &'static str {
        match self {
            Grade::Firm => "firm",
            Grade::Likely => "likely",
            Grade::Unclear => "unclear",
            Grade::Bare => "bare",
        }
    }
}

/// What a sentence may speak of.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    marks: Marks,
    values: BTreeMap<String, Value>,
}

impl Facts {
    /// Nothing yet.
    pub fn new() -> Self {
        Facts::default()
    }

    /// A name or word.
    pub fn word(&mut self, key: &str, text: impl Into<String>) -> &mut Self {
        self.values.insert(key.to_owned(), Value::from(text.into()));
        self
    }

    /// A number of things, or a year.
    pub fn count(&mut self, key: &str, count: i64) -> &mut Self {
        self.values.insert(key.to_owned(), Value::from(count));
        self
    }

    /// Whether there is something under a path such as `co2.value`.
    fn has_path(&self, path: &str) -> bool {
        let mut parts = path.split('.');
        let first = parts.next().and_then(|name| self.values.get(name)).cloned();
        let found =
            first.and_then(|first| parts.try_fold(first, |at, part| at.get_attr(part).ok()));
        found.is_some_and(|value| !value.is_undefined())
    }

    /// That a sentence asks for what is not here, and what is.
    fn lacking(&self, asked: &[&str]) -> String {
        let known = || self.values.keys().map(String::as_str);
        let one = |name: &&str| match suggestion(name, known()) {
            Some(near) => format!("{name} (did you mean {near}?)"),
            None => (*name).to_owned(),
        };
        let asked: Vec<String> = asked.iter().map(one).collect();
        let known: Vec<&str> = known().collect();
        format!("it asks for {}; it may speak of {}", asked.join(", "), known.join(", "))
    }

    /// Whether something holds.
    pub fn flag(&mut self, key: &str, holds: bool) -> &mut Self {
        self.values.insert(key.to_owned(), Value::from(holds));
        self
    }

    /// Whether something of that name is known.
    pub fn has(&self, key: &str) -> bool {
        self.values.contains_key(key)
    }

    /// A text with numbers of its own.
    pub fn prose(&mut self, key: &str, prose: Prose) -> &mut Self {
        // Nothing is nothing in a sentence too: `{% if key %}` does not hold, and no space is kept for it.
        let mark = if prose.is_empty() { String::new() } else { self.marks.add(prose) };
        self.values.insert(key.to_owned(), Value::from(mark));
        self
    }

    /// A level: `key.value` with its unit, `key.number` without.
    pub fn level(&mut self, key: &str, cited: &Cited, measure: &Measure) -> &mut Self {
        let number = Prose::number(measure.level(cited.value), cited);
        let entry = BTreeMap::from([
            ("value", Value::from(self.marks.add(with_unit(number.clone(), measure)))),
            ("number", Value::from(self.marks.add(number))),
            ("unit", Value::from(measure.unit())),
            ("sign", Value::from(sign(cited.value))),
        ]);
        self.values.insert(key.to_owned(), Value::from(entry));
        self
    }

    /// A level with what is known of it: `key.value` with its unit, `key.number`, `key.range`, `key.grade`,
    /// `key.unit`.
    pub fn ranged_level(&mut self, key: &str, estimate: &Estimate, measure: &Measure) -> &mut Self {
        let number = Prose::number(measure.level(estimate.value()), &estimate.point);
        let ends = estimate.range.as_ref();
        let ends = ends.map_or(Prose::default(), |ends| level_range(ends, measure));
        let entry = BTreeMap::from([
            ("value", Value::from(self.marks.add(with_unit(number.clone(), measure)))),
            ("number", Value::from(self.marks.add(number))),
            ("range", Value::from(self.marks.add(ends))),
            ("grade", Value::from(Grade::of(estimate, None).word())),
            ("unit", Value::from(measure.unit())),
        ]);
        self.values.insert(key.to_owned(), Value::from(entry));
        self
    }

    /// A change with what is known of it: `key.value` signed and with its unit, `key.size` without a sign,
    /// `key.number` without a unit, `key.range`, `key.grade`, `key.sign` (1, −1 or 0), `key.unit`.
    pub fn change(
        &mut self,
        key: &str,
        estimate: &Estimate,
        share: Option<f64>,
        measure: &Measure,
    ) -> &mut Self {
        let point = &estimate.point;
        let number = Prose::number(measure.change(point.value), point);
        let size = Prose::number(measure.level(point.value.abs()), point);
        let range = estimate.range.as_ref().map_or(Prose::default(), |ends| range(ends, measure));
        let entry = BTreeMap::from([
            ("value", Value::from(self.marks.add(with_unit(number.clone(), measure)))),
            ("number", Value::from(self.marks.add(number))),
            ("size", Value::from(self.marks.add(with_unit(size, measure)))),
            ("range", Value::from(self.marks.add(range))),
            ("grade", Value::from(Grade::of(estimate, share).word())),
            ("sign", Value::from(sign(point.value))),
            ("unit", Value::from(measure.unit())),
        ]);
        self.values.insert(key.to_owned(), Value::from(entry));
        self
    }
}

fn sign(value: f64) -> i64 {
    match value {
        value if value > 0.0 => 1,
        value if value < 0.0 => -1,
        _ => 0,
    }
}

/// A number with its unit behind it.
pub fn with_unit(mut number: Prose, measure: &Measure) -> Prose {
    let unit = measure.with_unit("");
    if !unit.is_empty() {
        number.push(Inline::Text(unit));
    }
    number
}

/// Both ends of a range of changes.
pub fn range(ends: &[Cited; 2], measure: &Measure) -> Prose {
    joined(ends, measure, Measure::change)
}

/// Both ends of a range of levels.
pub fn level_range(ends: &[Cited; 2], measure: &Measure) -> Prose {
    joined(ends, measure, Measure::level)
}

fn joined(ends: &[Cited; 2], measure: &Measure, shown: fn(&Measure, f64) -> String) -> Prose {
    let [low, high] = ends;
    let joint = measure.language().pick("\u{2060}～\u{2060}", " to ");
    let end =
        |cited: &Cited| Prose::number(shown(&measure.showing(cited.value), cited.value), cited);
    let mut prose = end(low);
    prose.push(Inline::Text(joint.to_owned()));
    prose.0.extend(end(high).0);
    prose
}

/// A name in the middle of a sentence: in English without its capital, unless that is one of an abbreviation.
pub fn in_sentence(name: &str, language: Language) -> String {
    let mut rest = name.chars();
    match (language, rest.next(), rest.clone().next()) {
        (Language::English, Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(rest).collect()
        }
        _ => name.to_owned(),
    }
}

/// A sentence that could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("say.{key}.{language}, line {line} of the sentence: {message}")]
pub struct SpeechError {
    /// Key of the sentence.
    pub key: String,
    /// `zh` or `en`.
    pub language: &'static str,
    /// Line of the sentence.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// Says things in one language by the sentences of a template.
pub struct Speaker<'t> {
    template: &'t Template,
    language: Language,
    environment: Environment<'t>,
    errors: RefCell<Vec<SpeechError>>,
}

/// A user's template may loop, but not for ever.
const FUEL: u64 = 100_000;

impl<'t> Speaker<'t> {
    /// A speaker of a language.
    pub fn new(template: &'t Template, language: Language) -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_fuel(Some(FUEL));
        Speaker { template, language, environment, errors: RefCell::default() }
    }

    /// Its language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Its template.
    pub fn template(&self) -> &'t Template {
        self.template
    }

    /// The sentence of a key about facts; nothing where the template says nothing. What goes wrong is kept
    /// for [`Speaker::finish`].
    pub fn say(&self, key: &str, facts: &Facts) -> Prose {
        let told = |line: usize, message: String| {
            let (key, language) = (key.to_owned(), self.language.word());
            self.errors.borrow_mut().push(SpeechError { key, language, line, message });
            Prose::default()
        };
        let Some(both) = self.template.file.say.get(key) else {
            return told(1, "the template has no such sentence".to_owned());
        };
        let sentence = match self.environment.template_from_str(both.of(self.language)) {
            Ok(sentence) => sentence,
            Err(error) => return told(error.line().unwrap_or(1), described(&error)),
        };
        match sentence.render(&facts.values) {
            Ok(text) => facts.marks.read(&tidied(&text)),
            Err(error) => {
                let asked = sentence.undeclared_variables(true);
                let functions: Vec<&str> =
                    self.environment.globals().map(|(name, _)| name).collect();
                let mut unknown: Vec<&str> = (asked.iter().map(String::as_str))
                    .filter(|path| !functions.contains(path) && !facts.has_path(path))
                    .collect();
                unknown.sort_unstable();
                let message = match unknown.as_slice() {
                    [] => described(&error),
                    unknown => facts.lacking(unknown),
                };
                told(error.line().unwrap_or(1), message)
            }
        }
    }

    /// A sentence without facts.
    pub fn phrase(&self, key: &str) -> Prose {
        self.say(key, &Facts::new())
    }

    /// What went wrong in all of its sentences.
    pub fn finish(self) -> Vec<SpeechError> {
        self.errors.into_inner()
    }
}

/// An error of a template with its cause, without its place, which stands before it.
fn described(error: &minijinja::Error) -> String {
    let mut text = error.detail().map_or(error.kind().to_string(), str::to_owned);
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text += &format!(": {inner}");
        cause = inner.source();
    }
    text
}

/// Line ends and runs of spaces of a template are one space; none stands beside Han punctuation.
fn tidied(text: &str) -> String {
    let mut out = String::new();
    for part in text.split(['\n', '\r', '\t', ' ']).filter(|part| !part.is_empty()) {
        let joins = |c: Option<char>| c.is_none_or(|c| "，。；：（）、".contains(c));
        let broken = out.ends_with("<wbr>");
        if !broken && !joins(out.chars().next_back()) && !joins(part.chars().next()) {
            out.push(' ');
        }
        out.push_str(part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brief::template::{Both, TemplateFile};

    fn template(zh: &str) -> Template {
        let mut file = TemplateFile::default();
        file.say.insert("a".to_owned(), Both { zh: zh.to_owned(), en: String::new() });
        Template { file, ..Template::of(None, None) }
    }

    fn facts(low: f64) -> Facts {
        let cited = |value, line| Cited::new(value, "sums.csv", line);
        let range = Some([cited(low, 3), cited(639.0, 4)]);
        let estimate = Estimate { point: cited(300.4, 2), range, disputed: false };
        let mut facts = Facts::new();
        let measure = Measure::of_figure("Mt", 639.0, Language::Chinese);
        facts.word("who", "西北").change("co2", &estimate, None, &measure);
        facts
    }

    #[test]
    fn a_sentence_follows_the_grade() {
        let template = template(
            "{% if co2.grade == 'unclear' %}{{ who }}排放是增是减，**方向不明**{% else %}{{ who }}排放 {{ co2.value }}{% endif %}（{{ co2.range }}）",
        );
        let speaker = Speaker::new(&template, Language::Chinese);
        assert_eq!(
            speaker.say("a", &facts(105.0)).plain(),
            "西北排放 +300\u{a0}百万吨（+105\u{2060}～\u{2060}+639）"
        );
        assert_eq!(
            speaker.say("a", &facts(-7.0)).plain(),
            "西北排放是增是减，方向不明（−7\u{2060}～\u{2060}+639）"
        );
        assert_eq!(speaker.say("a", &facts(105.0)).numbers().len(), 3);
        assert!(speaker.finish().is_empty());
    }

    #[test]
    fn a_name_in_a_sentence_keeps_the_capitals_of_abbreviations() {
        let of = |name: &str| in_sentence(name, Language::English);
        let names = ["Output density", "GDP per head", "CO₂ emissions", "X", ""];
        assert_eq!(names.map(of), ["output density", "GDP per head", "CO₂ emissions", "X", ""]);
        assert_eq!(in_sentence("Hebei", Language::Chinese), "Hebei");
    }

    #[test]
    fn what_a_sentence_asks_for_and_nobody_knows_is_told() {
        let template = template("{{ whom }}\n{{ co2.valu }}{{ co2.value }}");
        let speaker = Speaker::new(&template, Language::Chinese);
        assert!(speaker.say("a", &facts(1.0)).is_empty());
        speaker.say("b", &facts(1.0));
        let told: Vec<String> = speaker.finish().iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "say.a.zh, line 1 of the sentence: it asks for co2.valu, whom (did you mean who?); \
                 it may speak of co2, who",
                "say.b.zh, line 1 of the sentence: the template has no such sentence"
            ]
        );
    }
}
