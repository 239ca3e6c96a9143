//! How an equation is estimated.

use super::{Keys, Places};
use crate::econometrics::random::{Instruments, Method};
use crate::econometrics::spatial::FixedEffects;
use crate::econometrics::spatial::likelihood::Approach;
use crate::econometrics::spatial::moments::{self, Moments};
use crate::econometrics::spatial::random::{Disturbance, Information};
use crate::econometrics::threshold::Options;
use crate::estimation::{Estimator, SpatialModel};

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

/// How a spatial model is estimated.
#[derive(Clone, Copy)]
enum Way {
    Likelihood(Approach),
    Moments(Moments),
}

impl Keys<'_, '_> {
    /// Draws and their seed.
    pub(super) fn draws(&self) -> Option<(u32, u64)> {
        let draws = self.of("draws").integer("draws").map_or(0, |own| own.value);
        let seed = self.of("seed").integer("seed").map_or(1, |own| own.value);
        if !(0..=10_000_000).contains(&draws) || seed < 0 {
            let help = "draws = 1000, seed = 1";
            return self.wrong("draws", "draws and seed are whole numbers from 0", help);
        }
        Some((draws as u32, seed as u64))
    }

    pub(super) fn estimator(
        &self,
        places: &mut Places,
        matrix: Option<&String>,
    ) -> Option<Estimator> {
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
            ("direct", Way::Likelihood(Approach::Direct)),
            ("transformation", Way::Likelihood(Approach::Transformed)),
            ("bias_corrected", Way::Likelihood(Approach::Corrected)),
            ("gm", Way::Moments(Moments::Alike)),
            ("gm_weighted", Way::Moments(Moments::Weighted)),
        ];
        let way = self.word("approach", &approaches).map(|own| own.value);
        let Some(word) = word else {
            self.of("estimator").require("estimator");
            return None;
        };
        let (draws, seed) = self.draws()?;
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
                if let (Word::Spatial(model), Some(Way::Moments(moments))) = (word.value, way) {
                    return self.moments(model, weights, &effects, moments);
                }
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
                        let approach = match way {
                            Some(Way::Likelihood(own)) => own,
                            _ => Approach::default(),
                        };
                        Estimator::Spatial { model, weights, effects, approach, draws, seed }
                    }
                    Word::SpatialRegressors => Estimator::SpatialRegressors { weights, effects },
                    _ => Estimator::SpatialTwoStage { weights, effects, powers },
                }
            }
        })
    }

    /// A spatial error by moments.
    fn moments(
        &self,
        model: SpatialModel,
        weights: String,
        effects: &[String],
        moments: Moments,
    ) -> Option<Estimator> {
        if !matches!(model, SpatialModel::Error | SpatialModel::DurbinError) {
            return self.wrong(
                "approach",
                "moments tell a spatial error; a lag has instruments",
                "estimator = \"spatial_error\", or \"spatial_2sls\" for a lag",
            );
        }
        let effects = match standard(effects) {
            Some(FixedEffects::None) => moments::Effects::None,
            Some(FixedEffects::Individual) => moments::Effects::Individual,
            _ if *effects == ["random".to_owned()] => moments::Effects::Random,
            _ => {
                return self.wrong(
                    "effects",
                    "moments know effects of units only; add those of periods by factor(year)",
                    "effects = \"none\", \"individual\" or \"random\"",
                );
            }
        };
        if moments == Moments::Weighted && effects != moments::Effects::Random {
            return self.wrong(
                "approach",
                "weights of moments are those of random effects",
                "approach = \"gm\", or effects = \"random\"",
            );
        }
        Some(Estimator::SpatialMoments { model, weights, effects, moments })
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
