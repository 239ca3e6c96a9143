//! One equation of a model file; what it does not say is taken from `[defaults]`.

mod covariance;
mod estimator;
mod idle;

use super::super::document::{Document, Located, Section};
use super::Places;
use crate::econometrics::covariance::Rule;
use crate::elasticities::{Control, Dependent, Measure};
use crate::estimation::{Estimator, Export, Model, TestKind};
use crate::fault::Fault;

/// Reads an equation, and where each of its parts stands.
pub fn equation(
    document: &Document<'_>,
    section: &Section<'_>,
    defaults: Option<&Section<'_>>,
) -> (Option<Model>, Places) {
    let mut places = Places::from([(("", 0), section.at())]);
    let name = section.required_text("name");
    for key in KEYS {
        section.at_known(key);
        if let Some(defaults) = defaults {
            defaults.at_known(key);
        }
    }
    let keys = Keys { document, section, defaults };
    let model = name.and_then(|name| keys.model(name.value, &mut places));
    (model, places)
}

/// Draws of a bootstrap where the file does not say how many.
const DRAWS: u32 = 999;

struct Keys<'a, 'd> {
    document: &'a Document<'a>,
    section: &'a Section<'d>,
    defaults: Option<&'a Section<'d>>,
}

/// Every key of an equation, so that a fault of one does not make the others unknown.
const KEYS: [&str; 41] = [
    "name",
    "dependent",
    "regressors",
    "endogenous",
    "instruments",
    "sample",
    "weights",
    "weights_matrix",
    "estimator",
    "effects",
    "constant",
    "components",
    "instrument_method",
    "approach",
    "draws",
    "seed",
    "threshold",
    "regime",
    "trim",
    "grid",
    "thresholds",
    "mediator",
    "covariance",
    "cluster",
    "lags",
    "beck_katz",
    "coordinates",
    "cutoff",
    "kernel",
    "small_sample",
    "tests",
    "quadratic",
    "collinear",
    "singletons",
    "predict",
    "weights_kind",
    "marginal",
    "elasticities",
    "instrument_lags",
    "disturbance",
    "information",
];

impl<'d> Keys<'_, 'd> {
    /// The section that says something of a key: the equation's own before the defaults.
    fn of(&self, key: &'static str) -> &Section<'d> {
        match self.defaults {
            // Both are asked, so that neither counts the key as unknown.
            Some(defaults) if defaults.has(key) && !self.section.has(key) => defaults,
            _ => {
                self.section.at_known(key);
                self.section
            }
        }
    }

    fn text(&self, key: &'static str, places: &mut Places) -> Option<String> {
        let own = self.of(key).text(key)?;
        places.insert((key, 0), own.at);
        Some(own.value)
    }

    fn texts(&self, key: &'static str, places: &mut Places) -> Vec<String> {
        self.stated(key, places).unwrap_or_default()
    }

    /// Texts of a key; none where it is not there or is no list of texts.
    fn stated(&self, key: &'static str, places: &mut Places) -> Option<Vec<String>> {
        let own = self.of(key).any_texts(key)?.into_iter().enumerate();
        let placed = own.map(|(at, text)| {
            places.insert((key, at), text.at);
            text.value
        });
        Some(placed.collect())
    }

    fn word<T: Copy>(&self, key: &'static str, words: &[(&str, T)]) -> Option<Located<T>> {
        self.of(key).word(key, words)
    }

    fn wrong<T>(&self, key: &'static str, text: &str, help: &str) -> Option<T> {
        self.document.push(Fault::new(self.of(key).at_key(key), text).help(help));
        None
    }

    fn model(&self, name: String, places: &mut Places) -> Option<Model> {
        let dependent = self.text("dependent", places);
        if dependent.is_none() {
            self.of("dependent").require("dependent");
        }
        let stated = self.stated("regressors", places);
        if stated.is_none() {
            self.of("regressors").require("regressors");
        }
        let regressors = stated.clone().unwrap_or_default();
        let endogenous = self.texts("endogenous", places);
        let instruments = self.texts("instruments", places);
        if endogenous.is_empty() != instruments.is_empty() {
            return self.wrong(
                "endogenous",
                "endogenous regressors and instruments go together",
                "name both, or neither",
            );
        }
        let sample = self.text("sample", places);
        let weights = self.text("weights", places);
        let counts = self.word("weights_kind", &[("analytic", false), ("frequency", true)]);
        let test_weights = self.text("weights_matrix", places);
        let estimator = self.estimator(places, test_weights.as_ref());
        let covariance = self.covariance(places);
        let rules = [
            ("plm", Rule::Plm),
            ("plm-sss", Rule::PlmSss),
            ("fixest", Rule::Fixest),
            ("linearmodels", Rule::Linearmodels),
            ("stata", Rule::Stata),
            ("spreg", Rule::Spreg),
        ];
        let rule = self.word("small_sample", &rules).map_or(Rule::default(), |own| own.value);
        let tests = self.tests(places);
        let (draws, seed) = self.draws()?;
        let quadratic = self.texts("quadratic", places);
        let quadratic = match <[String; 2]>::try_from(quadratic) {
            Ok([x, square]) => {
                let unknown = [&x, &square].into_iter().find(|own| !regressors.contains(own));
                if let Some(unknown) = unknown.filter(|_| !regressors.is_empty()) {
                    let text =
                        format!("quadratic names {unknown:?}, which is none of the regressors");
                    let help = format!("regressors are {}", regressors.join(", "));
                    return self.wrong("quadratic", &text, &help);
                }
                Some((x, square))
            }
            Err(none) if none.is_empty() => None,
            Err(_) => {
                return self.wrong(
                    "quadratic",
                    "quadratic names a regressor and its square",
                    "quadratic = [\"x\", \"x^2\"]",
                );
            }
        };
        let refuse = self.word("collinear", &[("drop", false), ("refuse", true)]);
        let singletons = self.word("singletons", &[("keep", false), ("drop", true)]);
        let marginal = self.texts("marginal", places);
        let predict = self.of("predict").flag("predict");
        let export = match self.section.section("elasticities") {
            Some(own) => Some(self.export(&own, &regressors)?),
            None => None,
        };
        let (dependent, estimator, covariance) = (dependent?, estimator?, covariance?);
        if regressors.is_empty() && !matches!(estimator, Estimator::Threshold { .. }) {
            let text = "there are no regressors";
            return stated.and_then(|_| self.wrong("regressors", text, "regressors = [\"x\"]"));
        }
        self.refuse_idle(&estimator, &covariance, &tests)?;
        let frequencies = counts.is_some_and(|own| own.value);
        if frequencies {
            self.counts_fit(&estimator, &covariance, &tests, weights.is_some())?;
        }
        Some(Model {
            name,
            dependent,
            regressors,
            endogenous,
            instruments,
            sample,
            weights,
            frequencies,
            estimator,
            covariance,
            rule,
            tests,
            bootstrap: (if draws == 0 { DRAWS } else { draws }, seed),
            test_weights,
            quadratic,
            marginal,
            refuse_collinear: refuse.is_some_and(|own| own.value),
            drop_singletons: singletons.is_some_and(|own| own.value),
            predict: predict.unwrap_or(true),
            export,
        })
    }

    /// Which regressors are a density and its lags, and which are controls.
    fn export(&self, section: &Section<'d>, regressors: &[String]) -> Option<Export> {
        let words = Measure::ALL.map(|measure| (measure.word(), measure));
        section.require("measure");
        let measure = section.word("measure", &words);
        let group = section.text("group").map_or_else(|| "national".to_owned(), |own| own.value);
        section.require("lags");
        let lags = section.texts("lags").unwrap_or_default();
        let mut controls = Vec::new();
        for control in Control::ALL {
            if let Some(text) = section.text(control.word()) {
                controls.push((control, text));
            }
        }
        let dependents = [("emissions", Dependent::Emissions), ("intensity", Dependent::Intensity)];
        let dependent =
            section.word("dependent", &dependents).map_or(Dependent::default(), |own| own.value);
        section.finish();
        let mut whole = true;
        for text in lags.iter().chain(controls.iter().map(|(_, text)| text)) {
            // Where there are none, that is told, and this would only repeat it.
            if !regressors.is_empty() && !regressors.contains(&text.value) {
                let fault = Fault::new(
                    text.at.clone(),
                    format!("{:?} is none of the regressors", text.value),
                );
                self.document.push(fault.help(format!("regressors are {}", regressors.join(", "))));
                whole = false;
            }
        }
        if lags.len() > 3 {
            self.document
                .push(Fault::new(lags[3].at.clone(), "scenarios take lags of 0, 1 and 2 years"));
            whole = false;
        }
        (whole && !lags.is_empty()).then_some(())?;
        Some(Export {
            measure: measure?.value,
            group,
            lags: lags.into_iter().map(|own| own.value).collect(),
            controls: controls.into_iter().map(|(control, own)| (control, own.value)).collect(),
            dependent,
        })
    }

    fn tests(&self, places: &mut Places) -> Vec<TestKind> {
        let own = self.of("tests").any_texts("tests").unwrap_or_default();
        let mut tests = Vec::new();
        for text in own {
            places.insert(("tests", 0), text.at.clone());
            match TestKind::WORDS.iter().find(|(word, _)| *word == text.value) {
                Some((_, kind)) => tests.push(*kind),
                None => {
                    let words = TestKind::WORDS.map(|(word, _)| word);
                    let fault = Fault::new(text.at, format!("there is no test {:?}", text.value));
                    self.document.push(
                        match crate::labels::suggestion(&text.value, words.into_iter()) {
                            Some(near) => fault.help(format!("did you mean {near:?}?")),
                            None => fault.help(format!("tests are {}", words.join(", "))),
                        },
                    );
                }
            }
        }
        tests
    }
}
