//! How much memory an estimation takes beside its panel.

use std::collections::BTreeMap;

use super::{Estimator, Model};
use crate::econometrics::spatial::determinant::Determinant;
use crate::memory::numbers;
use crate::panel::Panel;
use crate::weights::Weights;

/// Bytes that a model takes at its peak: its columns, what is left of them without effects, and an orthogonal basis; the
/// determinant of a spatial one; fitted values with their lines in the results.
pub fn bytes_needed(panel: &Panel, weights: &BTreeMap<String, Weights>, model: &Model) -> u64 {
    let columns = 2 + model.regressors.len() + model.instruments.len();
    let spatial = match &model.estimator {
        Estimator::Spatial { weights, .. }
        | Estimator::SpatialRandom { weights, .. }
        | Estimator::SpatialMoments { weights, .. }
        | Estimator::SpatialTwoStage { weights, .. }
        | Estimator::SpatialRegressors { weights, .. } => Some(weights),
        _ => None,
    };
    let matrix = spatial.and_then(|name| weights.get(name)).map_or(0, Determinant::bytes_needed);
    numbers(panel.rows(), 3 * columns + 6) + matrix
}
