//! Thresholds and mediation of a model file: several regressions that make one answer.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{
    Estimation, Estimator, Model, ModelError, Sample, covariance_kind, estimate, failed, gather,
};
use crate::draws::{Stream, parameter, quantile};
use crate::econometrics::covariance;
use crate::econometrics::linear::{Columns, Fit};
use crate::econometrics::mediation::Paths;
use crate::econometrics::{Distribution, Test, threshold};
use crate::panel::Panel;
use crate::panel::evaluate::{self, Variable};
use crate::weights::Weights;

/// Estimates thresholds, and the slopes between them.
pub fn thresholds(panel: &Panel, model: &Model) -> Result<Estimation, Vec<ModelError>> {
    let Estimator::Threshold { variable, regime, options } = &model.estimator else {
        return Err(Vec::new());
    };
    // Regressors, then those whose slopes change, then the threshold variable: all of the same observations.
    let mut all = model.clone();
    all.regressors.extend(regime.iter().cloned());
    all.regressors.push(variable.clone());
    let Sample { mut design, mut remarks } = Sample::of(panel, &all)?;
    // A formula with factors makes several columns.
    let columns = |text: &String| evaluate::variables(panel, text).map_or(0, |found| found.len());
    if columns(variable) != 1 {
        let text =
            format!("{variable} makes {} variables, a threshold is of one", columns(variable));
        return Err(vec![ModelError::whole("threshold", text)]);
    }
    let q = design.regressors.pop().map(|own| own.values).unwrap_or_default();
    let changing: usize = regime.iter().map(columns).sum();
    let changing = design.regressors.split_off(design.regressors.len().saturating_sub(changing));
    let found = threshold::find(&design, &changing, &q, options).map_err(failed("threshold"))?;
    let mut cuts = vec![found.single.at];
    if let Some((second, _, anew)) = &found.double {
        cuts = vec![anew.at, second.at];
        cuts.sort_by(f64::total_cmp);
    }
    let x: Vec<&[f64]> = changing.iter().map(|own| own.values.as_slice()).collect();
    let mut at_cuts = |cuts: &[f64]| {
        let mut own = design.clone();
        for (at, values) in threshold::regimes(&x, &q, cuts).into_iter().enumerate() {
            let name = format!("{}:regime{}", changing[at % x.len()].name, at / x.len() + 1);
            own.regressors.push(Variable { name, values: values.into() });
        }
        let fit = Fit::of(Columns::within(&own, vec![own.units.clone()])?)?;
        if !fit.dropped.is_empty() {
            remarks.push(format!(
                "dropped, because the others or the effects make them up: {}",
                fit.dropped.join(", ")
            ));
        }
        Ok((own, fit))
    };
    let (own, fit) = at_cuts(&cuts).map_err(failed("threshold"))?;
    let kind = covariance_kind::of(panel, &own, &fit, model)?;
    let covariance =
        covariance::covariance(&fit, &kind, model.rule, &|_| None).map_err(failed("covariance"))?;
    let effects = [own.units.clone()];
    let mut gathered = gather::linear(model, &own, &fit, &covariance, &effects, None);
    let (n, t) = (own.units.count() as f64, own.periods.count() as f64);
    let convention = |linear: f64, ssr: f64| (linear - ssr) / (ssr / (n * t - t));
    gathered.statistics.extend([
        ("linear_ssr", found.linear_ssr),
        ("threshold", found.single.at),
        ("threshold_low95", found.single.interval.0),
        ("threshold_high95", found.single.interval.1),
        ("threshold_ssr", found.single.ssr),
        ("threshold_f", found.f),
        ("threshold_f_xthreg", convention(found.linear_ssr, found.single.ssr)),
        ("candidates", found.candidates as f64),
    ]);
    if let Some((second, f, anew)) = &found.double {
        gathered.statistics.extend([
            ("threshold_2", second.at),
            ("threshold_2_low95", second.interval.0),
            ("threshold_2_high95", second.interval.1),
            ("threshold_2_ssr", second.ssr),
            ("threshold_2_f", *f),
            ("threshold_2_f_xthreg", convention(found.single.ssr, second.ssr)),
            ("threshold_1_anew", anew.at),
            ("threshold_1_anew_low95", anew.interval.0),
            ("threshold_1_anew_high95", anew.interval.1),
            ("threshold_1_anew_ssr", anew.ssr),
        ]);
    }
    if let Some((test, levels)) = found.drawn {
        gathered.tests.push(test);
        gathered.statistics.extend([
            ("threshold_f_10", levels[0]),
            ("threshold_f_5", levels[1]),
            ("threshold_f_1", levels[2]),
        ]);
    }
    gathered.remarks.splice(0..0, remarks);
    Ok(gathered)
}

/// Estimates the three equations of a mediation.
pub fn mediation(
    panel: &Panel,
    weights: &BTreeMap<String, Weights>,
    model: &Model,
) -> Result<Estimation, Vec<ModelError>> {
    let Estimator::Mediation { mediator, effects, draws, seed } = &model.estimator else {
        return Err(Vec::new());
    };
    let estimator = match effects.is_empty() {
        true => Estimator::Pooled { constant: true },
        false => Estimator::Within { effects: effects.clone() },
    };
    let plain = Model { estimator, ..model.clone() };
    // All three on the observations that have everything.
    let mut both = plain.clone();
    both.regressors.push(mediator.clone());
    let whole = Sample::of(panel, &both)?;
    let mut kept = vec![false; panel.rows()];
    whole.design.rows.iter().for_each(|row| kept[*row as usize] = true);
    let panel = &panel.filter(&kept);
    let plain = Model { sample: None, ..plain };
    let both = Model { sample: None, ..both };
    let through = Model { dependent: mediator.clone(), ..plain.clone() };
    let three = |panel: &Panel| -> Result<(Estimation, Paths), Vec<ModelError>> {
        let total = estimate(panel, weights, &plain)?;
        let first = estimate(panel, weights, &through)?;
        let last = estimate(panel, weights, &both)?;
        let of = |own: &Estimation, name: &str| {
            let found = own.coefficient(name.trim());
            found.map(|own| (own.value, own.error)).ok_or_else(|| {
                vec![ModelError {
                    key: ("regressors", 0),
                    message: format!("{name} is made up by the others or the effects"),
                    at: None,
                }]
            })
        };
        let x = &model.regressors[0];
        let paths = Paths {
            total: of(&total, x)?,
            first: of(&first, x)?,
            second: of(&last, mediator)?,
            direct: of(&last, x)?,
        };
        Ok((last, paths))
    };
    let (mut gathered, paths) = three(panel)?;
    gathered.model = model.clone();
    gathered.statistics.extend([
        ("total", paths.total.0),
        ("total_error", paths.total.1),
        ("first", paths.first.0),
        ("first_error", paths.first.1),
        ("second", paths.second.0),
        ("second_error", paths.second.1),
        ("direct", paths.direct.0),
        ("direct_error", paths.direct.1),
        ("indirect", paths.indirect()),
        ("indirect_error", paths.error()),
        ("indirect_share", paths.share()),
    ]);
    for (name, z) in ["sobel", "aroian", "goodman"].into_iter().zip(paths.z()) {
        gathered.tests.push(Test::new(
            name,
            "nothing goes through the mediator",
            z,
            Distribution::Normal,
        ));
    }
    if *draws > 0 {
        let [low95, high95, low90, high90] =
            drawn(panel, *draws, *seed, &|own| Some(three(own).ok()?.1.indirect()));
        gathered.statistics.extend([
            ("indirect_low95", low95),
            ("indirect_high95", high95),
            ("indirect_low90", low90),
            ("indirect_high90", high90),
        ]);
    }
    Ok(gathered)
}

/// Ends of the 95 % and of the 90 % interval of a number over draws of whole units with replacement.
fn drawn(
    panel: &Panel,
    draws: u32,
    seed: u64,
    of: &(dyn Fn(&Panel) -> Option<f64> + Sync),
) -> [f64; 4] {
    let units = panel.units().labels.len();
    let one = |draw: u32| {
        let stream = Stream::new(seed, draw, parameter("mediation"));
        let chosen: Vec<u32> = (0..units as u32)
            .map(|at| ((stream.uniform(at) * units as f64) as u32).min(units as u32 - 1))
            .collect();
        of(&panel.of_units(&chosen))
    };
    let mut all: Vec<f64> =
        (0..draws).into_par_iter().filter_map(one).filter(|own| own.is_finite()).collect();
    if all.is_empty() {
        return [f64::NAN; 4];
    }
    all.sort_by(f64::total_cmp);
    [0.025, 0.975, 0.05, 0.95].map(|share| quantile(&all, share))
}
