//! From a change of output to agglomeration, and from agglomeration to emissions. METHODS D1, D2.
//!
//! ```text
//! Δln IA_r,t = ln Q_r,t / Q^ref_r,t             area is fixed: a density changes as its quantity does
//! δ_t = M Σ_l ε_l Δln IA_t−l                     M = I, or (I − ρW)⁻¹ within each group of regions
//! ec' = ec · exp(δ)                              in the chosen sectors
//! ```
//!
//! The estimated equations explain *total* emissions, so no single coefficient is "the effect on
//! intensity"; what the input-output model says alone is the headline, and each [`Reading`] of the
//! equations stands beside it. None bounds the truth.

#![allow(non_snake_case)]

use crate::elasticities::{Control, Estimate};
use crate::linalg::Dense;
use crate::linalg::factor::Factor;

/// How a coefficient of density is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reading {
    /// The input-output model alone: the headline.
    #[default]
    None,
    /// The regression used consistently: density and controls move as the model moves them.
    Total,
    /// As a change at given scale, the usual verbal reading. Overstates an effect of density that
    /// lowers emissions, because the controls move too.
    Conditional,
    /// The unit elasticity of scale, which the model holds already, taken off: `(ε₀ − 1)`.
    NetOfScale,
    /// The density alone instead of the model; for comparison only.
    Replace,
}

impl Reading {
    /// Every reading, the headline first.
    pub const ALL: [Reading; 5] = [
        Reading::None,
        Reading::Total,
        Reading::Conditional,
        Reading::NetOfScale,
        Reading::Replace,
    ];

    /// The word of files and results.
    pub fn word(self) -> &'static str {
        match self {
            Reading::None => "none",
            Reading::Total => "total",
            Reading::Conditional => "conditional",
            Reading::NetOfScale => "net_of_scale",
            Reading::Replace => "replace",
        }
    }
}

/// Why spatial weights do not serve.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SpilloverError {
    /// `I − ρW` has no inverse, or ρ is beyond what its eigenvalues allow.
    #[error(
        "the spatial coefficient ρ = {rho} is outside what the weights of the group allow ({low:.4} to {high:.4})"
    )]
    OutOfRange {
        /// ρ.
        rho: f64,
        /// Lower bound, 1/ω_min.
        low: f64,
        /// Upper bound, 1/ω_max.
        high: f64,
    },
}

/// Limits within which `I − ρW` has an inverse, for non-negative weights: ρ times the largest row
/// sum stays below 1 in size. For row-normalised weights these are −1 and 1, inside the limits
/// `1/ω_min` and `1/ω_max` of the eigenvalues.
fn limits(W: &Dense) -> (f64, f64) {
    let largest = W.row_sums().into_iter().map(f64::abs).fold(0.0, f64::max);
    if largest == 0.0 {
        (f64::NEG_INFINITY, f64::INFINITY)
    } else {
        (-1.0 / largest, 1.0 / largest)
    }
}

/// `M`: what a change in each region (column) does in each (row) through its neighbours.
///
/// ```text
/// M = blockdiag over groups g of (I − ρ_g W_gg)⁻¹
/// ```
///
/// Weights count within a group only, as they were estimated; a region without a group has itself.
///
/// # Errors
/// If a ρ is outside what the weights allow.
///
/// # Panics
/// If `W` is not regions × regions, or a group has no ρ.
#[track_caller]
pub fn spatial_multiplier(
    W: &Dense,
    groups: &[Option<usize>],
    rho: &[f64],
) -> Result<Dense, SpilloverError> {
    let R = groups.len();
    assert_eq!(W.shape(), (R, R), "weights between all regions expected");
    let mut M = Dense::zeros(R, R);
    (0..R).filter(|r| groups[*r].is_none()).for_each(|r| M[(r, r)] = 1.0);
    for (group, &rho) in rho.iter().enumerate() {
        let members: Vec<usize> = (0..R).filter(|r| groups[*r] == Some(group)).collect();
        let n = members.len();
        let mut block = Dense::zeros(n, n);
        for (a, r) in members.iter().enumerate() {
            for (b, s) in members.iter().enumerate() {
                block[(a, b)] = W[(*r, *s)];
            }
        }
        let (low, high) = limits(&block);
        if !(low < rho && rho < high) {
            return Err(SpilloverError::OutOfRange { rho, low, high });
        }
        block.values_mut().iter_mut().for_each(|w| *w *= -rho);
        (0..n).for_each(|a| block[(a, a)] += 1.0);
        let factor =
            Factor::of(&block).map_err(|_| SpilloverError::OutOfRange { rho, low, high })?;
        let inverse = factor.inverse();
        for (a, r) in members.iter().enumerate() {
            for (b, s) in members.iter().enumerate() {
                M[(*r, *s)] = inverse[(a, b)];
            }
        }
    }
    Ok(M)
}

/// Effects of one regressor in a spatial lag model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpatialEffects {
    /// Mean effect in the region itself.
    pub direct: f64,
    /// Mean effect on all others.
    pub indirect: f64,
    /// Both.
    pub total: f64,
}

/// Mean effects of a regressor with coefficient `α`: `S = M α`, direct the mean of the diagonal,
/// total the mean of the row sums. Source: LeSage & Pace (2009).
pub fn spatial_effects(M: &Dense, coefficient: f64) -> SpatialEffects {
    let n = M.shape().0;
    let mean = |sum: f64| coefficient * sum / n as f64;
    let direct = mean((0..n).map(|r| M[(r, r)]).sum());
    let total = mean(M.row_sums().into_iter().sum());
    SpatialEffects { direct, indirect: total - direct, total }
}

/// What moves in a year against the reference, by region, in logarithms.
#[derive(Debug, Clone, PartialEq)]
pub struct Exposure {
    /// Δln IA, as far as it is believed.
    pub density: Vec<f64>,
    /// Δln IA as it is: what the model has moved, and what `net_of_scale` takes off.
    pub scale: Vec<f64>,
    /// ΔX of the other regressors; a control that is missing does not move.
    pub controls: Vec<(Control, Vec<f64>)>,
}

/// Emissions of the regions as the input-output model has them.
#[derive(Debug, Clone, Copy)]
pub struct Scale<'a> {
    /// In the reference.
    pub reference: &'a [f64],
    /// In the scenario.
    pub scenario: &'a [f64],
}

/// `δ`: the change of each region's emissions, in logarithms, beyond what the model has.
///
/// ```text
/// none          0
/// conditional   M Σ ε_l Δ_t−l
/// net_of_scale  M [ (ε₀ − 1) Δ_t + ε₁ Δ_t−1 + ε₂ Δ_t−2 ]
/// replace       M Σ ε_l Δ_t−l                         − ln(E / E^ref)
/// total         M [ Σ ε_l Δ_t−l + Σ_k α_k ΔX_k,t ]    − ln(E / E^ref)
/// ```
///
/// `history` holds this year's exposure and those before it, latest first; years that are missing
/// had none. A region without an estimate has δ = 0 in every reading, as has one without emissions.
///
/// # Panics
/// If `history` is empty, or lengths differ from the number of regions.
#[track_caller]
pub fn density_term(
    reading: Reading,
    estimates: &[Option<&Estimate>],
    history: &[Exposure],
    scale: Scale<'_>,
    M: &Dense,
) -> Vec<f64> {
    let R = estimates.len();
    assert_eq!(history[0].density.len(), R, "one density per region expected");
    if reading == Reading::None {
        return vec![0.0; R];
    }
    let own: Vec<f64> = estimates
        .iter()
        .enumerate()
        .map(|(r, estimate)| estimate.map_or(0.0, |estimate| moved(reading, estimate, history, r)))
        .collect();
    let spread: Vec<f64> =
        (0..R).map(|r| M.row(r).iter().zip(&own).map(|(m, own)| m * own).sum()).collect();
    let by_model = |r: usize| (scale.scenario[r] / scale.reference[r]).ln();
    (0..R)
        .map(|r| match reading {
            _ if estimates[r].is_none() => 0.0,
            Reading::Total | Reading::Replace => {
                let gap = spread[r] - by_model(r);
                if gap.is_finite() { gap } else { 0.0 }
            }
            _ => spread[r],
        })
        .collect()
}

/// What a region's own exposure does in a reading, before neighbours.
fn moved(reading: Reading, estimate: &Estimate, history: &[Exposure], r: usize) -> f64 {
    let mut sum = 0.0;
    for (lag, (coefficient, exposure)) in estimate.lags.iter().zip(history).enumerate() {
        sum += coefficient * exposure.density[r];
        if lag == 0 && reading == Reading::NetOfScale {
            sum -= exposure.scale[r];
        }
    }
    if reading == Reading::Total {
        for (control, change) in &history[0].controls {
            sum += estimate.control(*control) * change[r];
        }
    }
    sum
}

/// What a reading of the region's total does to the chosen sectors alone: `1 + (e^δ − 1)/s`, with `s`
/// their share of the region's emissions; none where they would have to emit less than nothing.
pub fn factor_on_sectors(delta: f64, share: f64) -> Option<f64> {
    if delta == 0.0 {
        return Some(1.0);
    }
    let factor = 1.0 + delta.exp_m1() / share;
    (share > 0.0 && factor >= 0.0 && factor.is_finite()).then_some(factor)
}

/// An inverted U: `δ = γ₁ ΔAGG + γ₂ Δ(AGG²)` for a stressor whose quadratic was estimated in the
/// logarithm of a quantity per unit. METHODS D2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InvertedU {
    /// γ₁.
    pub linear: f64,
    /// γ₂.
    pub square: f64,
    /// How much of the quantity is one unit of AGG.
    pub unit: f64,
}

impl InvertedU {
    /// δ of a region whose quantity goes from the reference to the scenario's; 0 where it has none.
    pub fn term(&self, reference: f64, scenario: f64) -> f64 {
        let (before, after) = ((reference / self.unit).ln(), (scenario / self.unit).ln());
        let term = self.linear * (after - before) + self.square * (after * after - before * before);
        if term.is_finite() { term } else { 0.0 }
    }

    /// The quantity at which the effect turns: `exp(−γ₁ / 2γ₂)` units.
    pub fn turning_point(&self) -> f64 {
        self.unit * (-self.linear / (2.0 * self.square)).exp()
    }
}

/// δ of each industry from intensity estimates: the density is that of the *other* chosen sectors of
/// the region, so no scale is in it.
///
/// ```text
/// δ_rj = Σ_l ε_l Δln Σ_{k ≠ j} Q_rk,t−l
/// ```
///
/// `history` holds Δln by industry of the other sectors' quantity, latest first.
pub fn intensity_term(
    estimates: &[Option<&Estimate>],
    history: &[Vec<f64>],
    sectors: usize,
) -> Vec<f64> {
    let count = estimates.len() * sectors;
    (0..count)
        .map(|at| {
            estimates[at / sectors].map_or(0.0, |estimate| {
                estimate.lags.iter().zip(history).map(|(e, change)| e * change[at]).sum()
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;
    use crate::elasticities::{Dependent, Measure, Precision};

    fn estimate(lags: &[f64], rho: f64) -> Estimate {
        Estimate {
            group: "national".into(),
            measure: Measure::Output,
            dependent: Dependent::Emissions,
            lags: lags.to_vec(),
            controls: vec![(Control::Income, 0.5)],
            spatial_lag: rho,
            covariance: Dense::zeros(lags.len() + 1, lags.len() + 1),
            precision: Precision::Unknown,
        }
    }

    #[test]
    fn readings_differ_as_their_formulas_do() {
        let one = estimate(&[-0.3, 0.2], 0.0);
        let history = [
            Exposure {
                density: vec![0.1],
                scale: vec![0.1],
                controls: vec![(Control::Income, vec![0.04])],
            },
            Exposure { density: vec![0.05], scale: vec![0.05], controls: vec![] },
        ];
        let scale = Scale { reference: &[100.0], scenario: &[110.0] };
        let M = Dense::new(1, 1, vec![1.0]);
        let term = |reading| density_term(reading, &[Some(&one)], &history, scale, &M)[0];
        assert_eq!(term(Reading::None), 0.0);
        assert_relative_eq!(term(Reading::Conditional), -0.02, epsilon = 1e-15);
        assert_relative_eq!(term(Reading::NetOfScale), -0.12, epsilon = 1e-15);
        assert_relative_eq!(term(Reading::Replace), -0.02 - 1.1f64.ln(), epsilon = 1e-15);
        assert_relative_eq!(term(Reading::Total), -1.1f64.ln(), epsilon = 1e-15);
    }

    #[test]
    fn a_region_without_an_estimate_and_no_change_have_no_term() {
        let one = estimate(&[-0.3], 0.0);
        let still = [Exposure { density: vec![0.0, 0.0], scale: vec![0.0, 0.0], controls: vec![] }];
        let scale = Scale { reference: &[1.0, 1.0], scenario: &[1.0, 1.0] };
        let M = Dense::new(2, 2, vec![1.0, 0.0, 0.0, 1.0]);
        for reading in Reading::ALL {
            assert_eq!(density_term(reading, &[Some(&one), None], &still, scale, &M), [0.0, 0.0]);
        }
    }

    #[test]
    fn neighbours_beyond_the_limits_are_refused() {
        let W = Dense::new(2, 2, vec![0.0, 1.0, 1.0, 0.0]);
        let groups = [Some(0), Some(0)];
        assert!(spatial_multiplier(&W, &groups, &[0.5]).is_ok());
        assert!(spatial_multiplier(&W, &groups, &[-1.0]).is_err());
        let apart = spatial_multiplier(&W, &[Some(0), None], &[0.5]).unwrap();
        assert_eq!(apart.values(), [1.0, 0.0, 0.0, 1.0]);
    }

    #[test]
    fn sectors_carry_the_change_of_the_whole() {
        // A tenth of the emissions grows sevenfold where the whole grows by 60 %.
        assert_relative_eq!(factor_on_sectors(1.6f64.ln(), 0.1).unwrap(), 7.0, epsilon = 1e-12);
        assert_eq!(factor_on_sectors(-0.5, 0.1), None);
        assert_eq!(factor_on_sectors(0.0, 0.0), Some(1.0));
    }

    #[test]
    fn an_inverted_u_turns_at_its_turning_point() {
        let curve = InvertedU { linear: 2.0, square: -0.25, unit: 10.0 };
        let top = curve.turning_point();
        assert_relative_eq!(top, 10.0 * 4f64.exp(), epsilon = 1e-9);
        assert!(curve.term(top, top * 1.1) < 0.0 && curve.term(top, top * 0.9) < 0.0);
    }
}
