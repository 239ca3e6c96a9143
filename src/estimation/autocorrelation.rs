//! Whether neighbours are alike, as a model file asks: Moran's I, Geary's C and local Moran, period by period.

use std::collections::BTreeMap;

use super::{ModelError, spatial};
use crate::econometrics::autocorrelation::local::{Convention, Local, local_moran};
use crate::econometrics::autocorrelation::permutation::{
    LocalShuffled, Shuffled, Shuffles, shuffle_local_moran, shuffle_moran,
};
use crate::econometrics::autocorrelation::{Global, geary, moran};
use crate::panel::{Panel, evaluate};
use crate::weights::Weights;

/// What is to be measured, as it was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Autocorrelation {
    /// Short name, unique in its file.
    pub name: String,
    /// Formula of the variable.
    pub variable: String,
    /// Which rows, as a test.
    pub sample: Option<String>,
    /// Name of the weights.
    pub weights: String,
    /// Squares of local Moran as in spdep or in esda.
    pub convention: Convention,
    /// Shuffles for pseudo p-values; none where the moments are enough.
    pub shuffles: Option<Shuffles>,
}

/// Measures of one period.
#[derive(Debug, Clone, PartialEq)]
pub struct PeriodMeasures {
    /// The period.
    pub period: String,
    /// Units with a value in it, in the order of the local measures.
    pub units: Vec<String>,
    /// Moran's I.
    pub moran: Global,
    /// Geary's C.
    pub geary: Global,
    /// Moran's I among shuffles.
    pub shuffled: Option<Shuffled>,
    /// Local Moran's I.
    pub local: Vec<Local>,
    /// The same among shuffles.
    pub local_shuffled: Option<Vec<LocalShuffled>>,
}

/// A variable, measured.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasuredVariable {
    /// What was asked for.
    pub asked: Autocorrelation,
    /// Period by period.
    pub periods: Vec<PeriodMeasures>,
    /// What should be known beside the numbers.
    pub remarks: Vec<String>,
}

/// Measures a variable.
///
/// # Errors
/// Formulas that cannot be evaluated, weights that do not know the units, periods with too few of them or without any
/// difference between them.
pub fn autocorrelation(
    panel: &Panel,
    weights: &BTreeMap<String, Weights>,
    asked: &Autocorrelation,
) -> Result<MeasuredVariable, Vec<ModelError>> {
    let of = |key: &'static str| move |error| vec![ModelError::of_formula((key, 0), error)];
    let variable = evaluate::variable(panel, &asked.variable).map_err(of("variable"))?;
    let keep = asked.sample.as_ref().map(|text| evaluate::test(panel, text));
    let keep = keep.transpose().map_err(of("sample"))?;
    let (units, periods) = (panel.units(), panel.periods());
    let mut by_period: Vec<Vec<(u32, f64)>> = vec![Vec::new(); periods.labels.len()];
    let mut absent = 0;
    for (row, value) in variable.values.iter().enumerate() {
        if keep.as_ref().is_some_and(|keep| !keep[row]) {
            continue;
        }
        if value.is_finite() {
            by_period[periods.codes[row] as usize].push((units.codes[row], *value));
        } else {
            absent += 1;
        }
    }
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    for (period, own) in periods.labels.iter().zip(&by_period).filter(|(_, own)| !own.is_empty()) {
        let names: Vec<String> =
            own.iter().map(|(unit, _)| units.labels[*unit as usize].clone()).collect();
        let values: Vec<f64> = own.iter().map(|(_, value)| *value).collect();
        match measured(weights, asked, period, (names, &values)) {
            Ok(own) => found.push(own),
            Err(own) => errors.extend(own),
        }
    }
    if found.is_empty() && errors.is_empty() {
        errors.push(ModelError::whole("variable", "no row of the sample has a value"));
    }
    if !errors.is_empty() {
        // The same is mostly wrong with every period.
        errors.truncate(3);
        return Err(errors);
    }
    let told = format!("{absent} rows of the sample lack {} and are left out", asked.variable);
    let remarks = (absent > 0).then_some(told).into_iter().collect();
    Ok(MeasuredVariable { asked: asked.clone(), periods: found, remarks })
}

fn measured(
    weights: &BTreeMap<String, Weights>,
    asked: &Autocorrelation,
    period: &str,
    (units, values): (Vec<String>, &[f64]),
) -> Result<PeriodMeasures, Vec<ModelError>> {
    let key = "weights_matrix";
    let weights = spatial::weights_of_units(weights, key, Some(&asked.weights), &units)?;
    let wrong = |error: crate::econometrics::autocorrelation::AutocorrelationError| {
        vec![ModelError::whole("variable", format!("{period}: {error}"))]
    };
    let shuffled = asked.shuffles.map(|own| shuffle_moran(&weights, values, own));
    let local_shuffled = asked.shuffles.map(|own| shuffle_local_moran(&weights, values, own));
    Ok(PeriodMeasures {
        period: period.to_owned(),
        moran: moran(&weights, values).map_err(wrong)?,
        geary: geary(&weights, values).map_err(wrong)?,
        shuffled: shuffled.transpose().map_err(wrong)?,
        local: local_moran(&weights, values, asked.convention).map_err(wrong)?,
        local_shuffled: local_shuffled.transpose().map_err(wrong)?,
        units,
    })
}
