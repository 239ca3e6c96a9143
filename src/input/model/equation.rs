//! One equation of a model file; what it does not say is taken from `[defaults]`.

use super::super::document::{Document, Located, Section};
use super::Places;
use crate::econometrics::covariance::{Kernel, Leverage, Rule};
use crate::econometrics::random::{Instruments, Method};
use crate::econometrics::spatial::FixedEffects;
use crate::econometrics::spatial::likelihood::Approach;
use crate::econometrics::spatial::random::{Disturbance, Information};
use crate::econometrics::threshold::Options;
use crate::elasticities::{Control, Dependent, Measure};
use crate::estimation::{CovarianceKind, Estimator, Export, Model, SpatialModel, TestKind};
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

struct Keys<'a, 'd> {
    document: &'a Document<'a>,
    section: &'a Section<'d>,
    defaults: Option<&'a Section<'d>>,
}

#[derive(Clone, Copy, PartialEq)]
enum Word {
    Pooled,
    Between,
    FirstDifferences,
    Within,
    Random,
    Threshold,
    Mediation,
    SpatialTwoStage,
    SpatialRegressors,
    Spatial(SpatialModel),
}

#[derive(Clone, Copy)]
enum Covers {
    Classical,
    White(Leverage),
    Cluster,
    Jackknife,
    NeweyWest,
    DriscollKraay,
    BeckKatz,
    Conley,
}

/// Every key of an equation, so that a fault of one does not make the others unknown.
const KEYS: [&str; 38] = [
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
        let quadratic = self.texts("quadratic", places);
        let quadratic = match <[String; 2]>::try_from(quadratic) {
            Ok([x, square]) => Some((x, square)),
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
        let export = match self.section.section("elasticities") {
            Some(own) => Some(self.export(&own, &regressors)?),
            None => None,
        };
        let (dependent, estimator, covariance) = (dependent?, estimator?, covariance?);
        if regressors.is_empty() && !matches!(estimator, Estimator::Threshold { .. }) {
            let text = "there are no regressors";
            return stated.and_then(|_| self.wrong("regressors", text, "regressors = [\"x\"]"));
        }
        Some(Model {
            name,
            dependent,
            regressors,
            endogenous,
            instruments,
            sample,
            weights,
            estimator,
            covariance,
            rule,
            tests,
            test_weights,
            quadratic,
            refuse_collinear: refuse.is_some_and(|own| own.value),
            drop_singletons: singletons.is_some_and(|own| own.value),
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
            if !regressors.contains(&text.value) {
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

    fn estimator(&self, places: &mut Places, matrix: Option<&String>) -> Option<Estimator> {
        let words = [
            ("pooled", Word::Pooled),
            ("between", Word::Between),
            ("first_differences", Word::FirstDifferences),
            ("within", Word::Within),
            ("random", Word::Random),
            ("threshold", Word::Threshold),
            ("mediation", Word::Mediation),
            ("spatial_2sls", Word::SpatialTwoStage),
            ("spatial_slx", Word::SpatialRegressors),
            ("spatial_lag", Word::Spatial(SpatialModel::Lag)),
            ("spatial_durbin", Word::Spatial(SpatialModel::Durbin)),
            ("spatial_error", Word::Spatial(SpatialModel::Error)),
            ("spatial_durbin_error", Word::Spatial(SpatialModel::DurbinError)),
            ("spatial_sarar", Word::Spatial(SpatialModel::Both)),
        ];
        let word = self.word("estimator", &words);
        places.insert(("estimator", 0), self.of("estimator").at_key("estimator"));
        let effects = self.texts("effects", places);
        let constant = self.of("constant").flag("constant").unwrap_or(true);
        let methods = [
            ("swamy_arora", Method::SwamyArora),
            ("amemiya", Method::Amemiya),
            ("wallace_hussain", Method::WallaceHussain),
            ("nerlove", Method::Nerlove),
        ];
        let method = self.word("components", &methods).map_or(Method::default(), |own| own.value);
        let instruments =
            [("G2SLS", Instruments::Generalized), ("EC2SLS", Instruments::ErrorComponents)];
        let instruments = self.word("instrument_method", &instruments);
        let approaches = [
            ("direct", Approach::Direct),
            ("transformation", Approach::Transformed),
            ("bias_corrected", Approach::Corrected),
        ];
        let approach =
            self.word("approach", &approaches).map_or(Approach::default(), |own| own.value);
        let draws = self.of("draws").integer("draws").map_or(0, |own| own.value);
        let seed = self.of("seed").integer("seed").map_or(1, |own| own.value);
        if !(0..=10_000_000).contains(&draws) || seed < 0 {
            return self.wrong(
                "effects_draws",
                "draws and seed are whole numbers from 0",
                "effects_draws = 1000, seed = 1",
            );
        }
        let Some(word) = word else {
            self.of("estimator").require("estimator");
            return None;
        };
        let (draws, seed) = (draws as u32, seed as u64);
        let threshold = self.text("threshold", places);
        let regime = self.texts("regime", places);
        let trim = self.of("trim").number("trim").map_or(0.05, |own| own.value);
        let grid = self.of("grid").integer("grid").map(|own| own.value);
        let double = self
            .word("thresholds", &[("single", false), ("double", true)])
            .is_some_and(|own| own.value);
        let powers =
            self.of("instrument_lags").integer("instrument_lags").map_or(2, |own| own.value);
        if !(1..=5).contains(&powers) {
            return self.wrong(
                "instrument_lags",
                "instruments are the regressors times W, up to its power 1 to 5",
                "instrument_lags = 2",
            );
        }
        let powers = powers as usize;
        let mediator = self.text("mediator", places);
        let standard = standard(&effects);
        Some(match word.value {
            Word::Pooled => Estimator::Pooled { constant },
            Word::Between => Estimator::Between,
            Word::FirstDifferences => Estimator::FirstDifferences { constant },
            Word::Within => {
                let effects: Vec<String> = match &effects[..] {
                    [] => {
                        return self.wrong(
                            "effects",
                            "a within estimator needs effects",
                            "effects = \"individual\", \"time\", \"two_way\", or a list of columns",
                        );
                    }
                    [one] if one == "two_way" => vec!["individual".to_owned(), "time".to_owned()],
                    _ => effects,
                };
                Estimator::Within { effects }
            }
            Word::Threshold => {
                let (Some(variable), false) = (threshold, regime.is_empty()) else {
                    return self.wrong(
                        "threshold",
                        "a threshold needs its variable and the regressors whose slopes change",
                        "threshold = \"q\", regime = [\"x\"]",
                    );
                };
                if !(0.0..0.5).contains(&trim)
                    || grid.is_some_and(|grid| !(3..=100_000).contains(&grid))
                {
                    return self.wrong(
                        "trim",
                        "trim is a share from 0 to 0.5, grid a number of candidates from 3",
                        "trim = 0.05, grid = 400",
                    );
                }
                let grid = grid.map(|grid| grid as usize);
                Estimator::Threshold {
                    variable,
                    regime,
                    options: Options { trim, grid, double, draws, seed },
                }
            }
            Word::Mediation => {
                let Some(mediator) = mediator else {
                    return self.wrong(
                        "mediator",
                        "a mediation needs its mediator",
                        "mediator = \"m\"; the first regressor is what it mediates",
                    );
                };
                let effects = if effects == ["two_way"] {
                    vec!["individual".to_owned(), "time".to_owned()]
                } else {
                    effects
                };
                Estimator::Mediation { mediator, effects, draws, seed }
            }
            Word::Random => {
                let Some(FixedEffects::Individual | FixedEffects::TwoWay | FixedEffects::None) =
                    standard
                else {
                    return self.wrong(
                        "effects",
                        "random effects are of units, or of units and periods",
                        "effects = \"individual\" or \"two_way\"",
                    );
                };
                let two_way = standard == Some(FixedEffects::TwoWay);
                Estimator::Random {
                    method,
                    two_way,
                    instruments: instruments.map_or(Instruments::default(), |own| own.value),
                }
            }
            Word::Spatial(_) | Word::SpatialTwoStage | Word::SpatialRegressors => {
                let Some(matrix) = matrix else {
                    return self.wrong(
                        "weights_matrix",
                        "a spatial model needs weights",
                        "weights_matrix = \"NAME\" of a [[weights]]",
                    );
                };
                let weights = matrix.clone();
                if let (Word::Spatial(model), [one]) = (word.value, &effects[..])
                    && one == "random"
                {
                    return self.spatial_random(model, weights, (draws, seed));
                }
                let Some(effects) = standard else {
                    return self.wrong(
                        "effects",
                        "a spatial model has effects of units and periods",
                        "effects = \"none\", \"individual\", \"time\", \"two_way\", or \"random\" by maximum likelihood",
                    );
                };
                match word.value {
                    Word::Spatial(model) => {
                        Estimator::Spatial { model, weights, effects, approach, draws, seed }
                    }
                    Word::SpatialRegressors => Estimator::SpatialRegressors { weights, effects },
                    _ => Estimator::SpatialTwoStage { weights, effects, powers },
                }
            }
        })
    }

    /// A spatial model with random effects of units.
    fn spatial_random(
        &self,
        model: SpatialModel,
        weights: String,
        (draws, seed): (u32, u64),
    ) -> Option<Estimator> {
        if model == SpatialModel::Both {
            return self.wrong(
                "effects",
                "spatial_sarar has fixed effects; random ones go with a lag or an error",
                "estimator = \"spatial_lag\" or \"spatial_error\", or effects = \"individual\"",
            );
        }
        let disturbance = self.word("disturbance", &Disturbance::WORDS);
        let information = self.word("information", &Information::WORDS);
        Some(Estimator::SpatialRandom {
            model,
            weights,
            disturbance: disturbance.map_or(Disturbance::default(), |own| own.value),
            information: information.map_or(Information::default(), |own| own.value),
            draws,
            seed,
        })
    }

    fn covariance(&self, places: &mut Places) -> Option<CovarianceKind> {
        let words = [
            ("classical", Covers::Classical),
            ("HC0", Covers::White(Leverage::Hc0)),
            ("HC1", Covers::White(Leverage::Hc1)),
            ("HC2", Covers::White(Leverage::Hc2)),
            ("HC3", Covers::White(Leverage::Hc3)),
            ("cluster", Covers::Cluster),
            ("CR3", Covers::Jackknife),
            ("newey_west", Covers::NeweyWest),
            ("driscoll_kraay", Covers::DriscollKraay),
            ("beck_katz", Covers::BeckKatz),
            ("conley", Covers::Conley),
        ];
        let word = self.word("covariance", &words).map_or(Covers::Classical, |own| own.value);
        places.insert(("covariance", 0), self.of("covariance").at_key("covariance"));
        let mut cluster = self.texts("cluster", places);
        let lags = self.of("lags").integer("lags").map(|own| own.value);
        if lags.is_some_and(|lags| !(0..=10_000).contains(&lags)) {
            return self.wrong("lags", "lags are a whole number from 0", "lags = 2");
        }
        let lags = lags.map(|lags| lags as usize);
        let of_periods = self.word("beck_katz", &[("units", false), ("periods", true)]);
        let places_of = self.texts("coordinates", places);
        let cutoff = self.of("cutoff").number("cutoff").map(|own| own.value);
        let kernel =
            self.word("kernel", &[("uniform", Kernel::Uniform), ("bartlett", Kernel::Bartlett)]);
        Some(match word {
            Covers::Classical => CovarianceKind::Classical,
            Covers::White(leverage) => CovarianceKind::White(leverage),
            Covers::Cluster => {
                if cluster.is_empty() {
                    cluster.push("individual".to_owned());
                }
                if cluster.len() > 2 {
                    return self.wrong(
                        "cluster",
                        "clusters of at most two columns",
                        "cluster = [\"id\", \"year\"]",
                    );
                }
                CovarianceKind::Cluster(cluster)
            }
            Covers::Jackknife => CovarianceKind::Jackknife(
                cluster.into_iter().next().unwrap_or_else(|| "individual".to_owned()),
            ),
            Covers::NeweyWest => CovarianceKind::NeweyWest(lags),
            Covers::DriscollKraay => CovarianceKind::DriscollKraay(lags),
            Covers::BeckKatz => {
                CovarianceKind::BeckKatz { of_periods: of_periods.is_some_and(|own| own.value) }
            }
            Covers::Conley => {
                let Ok(places) = <[String; 2]>::try_from(places_of) else {
                    return self.wrong(
                        "coordinates",
                        "Conley's covariance needs two coordinates",
                        "coordinates = [\"lon\", \"lat\"]",
                    );
                };
                let Some(cutoff) = cutoff.filter(|own| *own > 0.0) else {
                    return self.wrong(
                        "cutoff",
                        "Conley's covariance needs a distance above 0",
                        "cutoff = 500, in km",
                    );
                };
                CovarianceKind::Conley {
                    places,
                    cutoff,
                    kernel: kernel.map_or(Kernel::Bartlett, |own| own.value),
                }
            }
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

/// Effects of units and periods by their words; nothing if they are others.
fn standard(effects: &[String]) -> Option<FixedEffects> {
    match effects.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] | ["none"] => Some(FixedEffects::None),
        ["individual"] => Some(FixedEffects::Individual),
        ["time"] => Some(FixedEffects::Time),
        ["two_way"] | ["individual", "time"] | ["time", "individual"] => Some(FixedEffects::TwoWay),
        _ => None,
    }
}
