//! `[[unit_root]]` of a model file.

use super::super::document::{Document, Located, Section};
use super::Places;
use crate::econometrics::unit_roots::{Choice, Kind, Lags, Options, Terms};
use crate::estimation::UnitRoot;
use crate::fault::Fault;

/// Most lags that can be asked for; longer series than that are none of panels.
const MOST_LAGS: i64 = 1000;

/// Reads what is to be tested, and where each of its parts stands.
pub fn unit_root(document: &Document<'_>, section: &Section<'_>) -> Option<(UnitRoot, Places)> {
    let mut places = Places::from([(("", 0), section.at())]);
    let variable = section.required_text("variable");
    let name = section.text("name");
    let sample = section.text("sample");
    let terms = section.word("terms", &Terms::WORDS);
    let tests = tests(document, section, &mut places);
    let lags = lags(document, section);
    let bandwidth = count(document, section, "bandwidth");
    let variance = section.word("variance", &[("n", false), ("df", true)]);
    section.finish();
    let variable = variable?;
    places.insert(("variable", 0), variable.at);
    if let Some(sample) = &sample {
        places.insert(("sample", 0), sample.at.clone());
    }
    let options = Options {
        terms: terms.map_or(Terms::Intercept, |own| own.value),
        lags: lags?,
        bandwidth,
        by_degrees_of_freedom: variance.is_some_and(|own| own.value),
    };
    let asked = UnitRoot {
        name: name.map_or_else(|| variable.value.clone(), |own| own.value),
        variable: variable.value,
        sample: sample.map(|own| own.value),
        tests,
        options,
    };
    Some((asked, places))
}

fn tests(document: &Document<'_>, section: &Section<'_>, places: &mut Places) -> Vec<Kind> {
    section.require("test");
    let mut kinds = Vec::new();
    for text in section.texts("test").unwrap_or_default() {
        places.entry(("test", 0)).or_insert_with(|| text.at.clone());
        let words = Kind::WORDS.map(|(word, _)| word);
        match Kind::WORDS.iter().find(|(word, _)| *word == text.value) {
            Some((_, kind)) if kinds.contains(kind) => {}
            Some((_, kind)) => kinds.push(*kind),
            None => {
                let fault =
                    Fault::new(text.at, format!("there is no test of unit roots {:?}", text.value));
                document.push(match crate::labels::suggestion(&text.value, words.into_iter()) {
                    Some(near) => fault.help(format!("did you mean {near:?}?")),
                    None => fault.help(format!("tests are {}", words.join(", "))),
                });
            }
        }
    }
    kinds
}

/// A number of lags, or how it is chosen: by Schwarz's criterion if nothing is said.
fn lags(document: &Document<'_>, section: &Section<'_>) -> Option<Lags> {
    let most = count(document, section, "most_lags");
    if !section.has("lags") {
        return Some(Lags::Chosen { by: Choice::Sic, most });
    }
    if section.is_text("lags") {
        return Some(Lags::Chosen { by: section.word("lags", &Choice::WORDS)?.value, most });
    }
    if most.is_some() {
        let fault =
            Fault::new(section.at_key("most_lags"), "most_lags is for lags that are chosen");
        document.push(fault.help("lags = \"SIC\", \"AIC\" or \"Hall\""));
        return None;
    }
    Some(Lags::Fixed(count(document, section, "lags")?))
}

fn count(document: &Document<'_>, section: &Section<'_>, key: &'static str) -> Option<usize> {
    let Located { value, at } = section.integer(key)?;
    if !(0..=MOST_LAGS).contains(&value) {
        let text = format!("{key} is {value}, not a whole number from 0 to {MOST_LAGS}");
        document.push(Fault::new(at, text));
        return None;
    }
    Some(value as usize)
}
