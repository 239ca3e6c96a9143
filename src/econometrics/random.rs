//! Random effects: components of the variance, and least squares on partly demeaned columns.
//!
//! ```text
//! y_it = a + x_it'b + μ_i (+ λ_t) + ν_it        θ_i = 1 − √(σ_ν² / (σ_ν² + T_i σ_μ²))
//! ```
//!
//! Balanced panels have the degrees of freedom that plm takes; unbalanced ones the unbiased quadratic forms of Baltagi &
//! Chang (1994). Source: Swamy & Arora (1972), Amemiya (1971), Wallace & Hussain (1969), Nerlove (1971); Baltagi
//! (2021), ch. 2, 3 and 9.

use std::sync::Arc;

use super::EstimationError;
use super::design::{Design, Grouping};
use super::instruments::two_stage;
use super::linear::{Columns, Fit};
use crate::linalg::Dense;
use crate::linalg::least_squares::dot;
use crate::linalg::small::product;

/// How the components of the variance are estimated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Method {
    /// Within and between residuals.
    #[default]
    SwamyArora,
    /// Residuals of the within coefficients, effects included.
    Amemiya,
    /// Residuals of least squares.
    WallaceHussain,
    /// Variance of the estimated effects.
    Nerlove,
}

/// Components of the variance.
#[derive(Debug, Clone, PartialEq)]
pub struct Components {
    /// σ_ν²
    pub idiosyncratic: f64,
    /// σ_μ²
    pub unit: f64,
    /// σ_λ², of two-way effects.
    pub time: Option<f64>,
    /// Share of its mean that is taken out of each unit.
    pub theta: Vec<f64>,
    /// Shares of the periods' means and of the mean of all, of two-way effects.
    pub theta_time: Option<(f64, f64)>,
    /// Whether a component came out negative and was set to zero.
    pub floored: bool,
}

fn fit(
    design: &Design,
    make: impl Fn(&Design) -> Result<Columns, EstimationError>,
) -> Result<Fit, EstimationError> {
    if design.endogenous.is_empty() {
        return Fit::of(make(design)?);
    }
    two_stage(make(design)?, make(&design.instrumented())?.x)
}

/// `Σ_i (Σ_t z_it)² / T_i`: the between part of a sum of squares.
fn between_squares(units: &Grouping, z: &[f64]) -> f64 {
    let sizes = units.sizes();
    let mut sums = vec![0.0; units.count()];
    units.codes.iter().zip(z).for_each(|(code, z)| sums[*code as usize] += z);
    sums.iter().zip(sizes).map(|(sum, size)| sum * sum / size as f64).sum()
}

/// Estimates the components.
///
/// # Errors
/// Two-way effects of an unbalanced panel, methods but Swamy–Arora with two-way effects or instruments, or a
/// regression that cannot be estimated.
pub fn components(
    design: &Design,
    method: Method,
    two_way: bool,
) -> Result<Components, EstimationError> {
    if method != Method::SwamyArora && (two_way || !design.endogenous.is_empty()) {
        let text = "two-way random effects and instruments take the components of Swamy and Arora";
        return Err(EstimationError::Other(text.to_owned()));
    }
    if two_way {
        return both_ways(design);
    }
    let (nu, mu) = match method {
        Method::SwamyArora => swamy_arora(design)?,
        Method::Amemiya => amemiya(design)?,
        Method::WallaceHussain => wallace_hussain(design)?,
        Method::Nerlove => nerlove(design)?,
    };
    let unit = mu.max(0.0);
    let theta =
        design.units.sizes().into_iter().map(|t| 1.0 - (nu / (nu + t as f64 * unit)).sqrt());
    Ok(Components {
        idiosyncratic: nu,
        unit,
        time: None,
        theta: theta.collect(),
        theta_time: None,
        floored: mu < 0.0,
    })
}

fn within(design: &Design) -> Result<Fit, EstimationError> {
    fit(design, |design| Columns::within(design, vec![design.units.clone()]))
}

fn swamy_arora(design: &Design) -> Result<(f64, f64), EstimationError> {
    let nu = within(design)?.variance();
    if design.is_balanced() {
        let t = design.periods.count() as f64;
        let between = fit(design, |design| Ok(Columns::between(design)))?;
        return Ok((nu, between.variance() - nu / t));
    }
    // Means weighted by the roots of the numbers of observations.
    let sizes: Vec<f64> = design.units.sizes().into_iter().map(|size| size as f64).collect();
    let weighted = |design: &Design| {
        let mut columns = Columns::between(design);
        for column in columns.x.iter_mut().chain(std::iter::once(&mut columns.y)) {
            column.iter_mut().zip(&sizes).for_each(|(value, size)| *value *= size.sqrt());
        }
        Ok(columns)
    };
    let between = fit(design, weighted)?;
    let n = design.len() as f64;
    // tr((Z'PZ)⁻¹ Σ T_i² z̄_i z̄_i')
    let x = between.scores();
    let k = x.len();
    let mut meat = Dense::zeros(k, k);
    for i in 0..k {
        for j in 0..k {
            meat.row_mut(i)[j] = (0..sizes.len()).map(|at| sizes[at] * x[i][at] * x[j][at]).sum();
        }
    }
    let trace = trace(&product(&between.bread, &meat));
    Ok((nu, (between.ssr - between.df * nu) / (n - trace)))
}

fn trace(matrix: &Dense) -> f64 {
    (0..matrix.shape().0).map(|at| matrix[(at, at)]).sum()
}

/// Residuals of the within coefficients with one constant for all.
fn within_residuals(design: &Design, fit: &Fit) -> Vec<f64> {
    let mut e = design.response.values.to_vec();
    for (name, b) in fit.columns.names.iter().zip(&fit.coefficients) {
        if let Some(x) = design.regressors.iter().find(|own| own.name == *name) {
            e.iter_mut().zip(&*x.values).for_each(|(e, x)| *e -= b * x);
        }
    }
    let mean = e.iter().sum::<f64>() / e.len() as f64;
    e.iter_mut().for_each(|e| *e -= mean);
    e
}

fn amemiya(design: &Design) -> Result<(f64, f64), EstimationError> {
    let fit = within(design)?;
    let e = within_residuals(design, &fit);
    let n = design.units.count() as f64;
    let all = design.len() as f64;
    let between = between_squares(&design.units, &e);
    if design.is_balanced() {
        let t = design.periods.count() as f64;
        let nu = fit.ssr / (all - n);
        return Ok((nu, (between / n - nu) / t));
    }
    let nu = fit.variance();
    let squares: f64 = design.units.sizes().into_iter().map(|size| (size * size) as f64).sum();
    // tr((X'WX)⁻¹ X'(B − 11'/N)X)
    let names = &fit.columns.names;
    let x: Vec<&[f64]> = names
        .iter()
        .filter_map(|name| {
            design.regressors.iter().find(|own| own.name == *name).map(|own| own.values.as_slice())
        })
        .collect();
    let means = |z: &[f64]| -> Vec<f64> {
        let mean = z.iter().sum::<f64>() / all;
        let mut sums = vec![0.0; design.units.count()];
        design.units.codes.iter().zip(z).for_each(|(code, z)| sums[*code as usize] += z - mean);
        sums.iter()
            .zip(design.units.sizes())
            .map(|(sum, size)| sum / (size as f64).sqrt())
            .collect()
    };
    let sums: Vec<Vec<f64>> = x.iter().map(|x| means(x)).collect();
    let mut meat = Dense::zeros(x.len(), x.len());
    for i in 0..x.len() {
        for j in 0..x.len() {
            meat.row_mut(i)[j] = dot(&sums[i], &sums[j]);
        }
    }
    let trace = trace(&product(&fit.bread, &meat));
    Ok((nu, (between - (n - 1.0 + trace) * nu) / (all - squares / all)))
}

fn wallace_hussain(design: &Design) -> Result<(f64, f64), EstimationError> {
    let fit = Fit::of(Columns::pooled(design, true))?;
    let n = design.units.count() as f64;
    let all = design.len() as f64;
    let between = between_squares(&design.units, &fit.residuals);
    let within = fit.ssr - between;
    if design.is_balanced() {
        let t = design.periods.count() as f64;
        let nu = within / (all - n);
        return Ok((nu, (between / n - nu) / t));
    }
    // E[u'M A M u] for A = W and A = B, with V(u) = σ_ν² I + σ_μ² ZZ'.
    let x = &fit.columns.x;
    let k = x.len();
    let sizes: Vec<f64> = design.units.sizes().into_iter().map(|size| size as f64).collect();
    let sums: Vec<Vec<f64>> = x
        .iter()
        .map(|x| {
            let mut sums = vec![0.0; sizes.len()];
            design.units.codes.iter().zip(x).for_each(|(code, x)| sums[*code as usize] += x);
            sums
        })
        .collect();
    let form = |power: i32| {
        let mut out = Dense::zeros(k, k);
        for i in 0..k {
            for j in 0..k {
                out.row_mut(i)[j] = (0..sizes.len())
                    .map(|at| sums[i][at] * sums[j][at] * sizes[at].powi(power))
                    .sum();
            }
        }
        out
    };
    let b_own = product(&fit.bread, &form(-1)); // (X'X)⁻¹ X'BX
    let b_z = product(&fit.bread, &form(0)); // (X'X)⁻¹ X'ZZ'X
    // MBM: tr = n − tr(b_own); tr(MBM ZZ') = N − 2 tr(b_z) + tr(b_own b_z).
    let b_nu = n - trace(&b_own);
    let b_mu = all - 2.0 * trace(&b_z) + trace(&product(&b_own, &b_z));
    // M itself: tr(M) = N − k; tr(M ZZ') = N − tr(b_z); W = I − B.
    let w_nu = all - k as f64 - b_nu;
    let w_mu = all - trace(&b_z) - b_mu;
    let determinant = w_nu * b_mu - w_mu * b_nu;
    Ok((
        (within * b_mu - between * w_mu) / determinant,
        (between * w_nu - within * b_nu) / determinant,
    ))
}

fn nerlove(design: &Design) -> Result<(f64, f64), EstimationError> {
    let fit = within(design)?;
    let e = within_residuals(design, &fit);
    let sizes = design.units.sizes();
    let mut effects = vec![0.0; sizes.len()];
    design.units.codes.iter().zip(&e).for_each(|(code, e)| effects[*code as usize] += e);
    effects.iter_mut().zip(&sizes).for_each(|(effect, size)| *effect /= *size as f64);
    let all = design.len() as f64;
    // Weighted by observations, as plm takes it for unbalanced panels.
    let mean =
        effects.iter().zip(&sizes).map(|(effect, size)| effect * *size as f64).sum::<f64>() / all;
    let spread =
        effects.iter().zip(&sizes).map(|(effect, size)| (effect - mean).powi(2) * *size as f64);
    let n = sizes.len() as f64;
    Ok((fit.ssr / all, spread.sum::<f64>() / all * n / (n - 1.0)))
}

fn both_ways(design: &Design) -> Result<Components, EstimationError> {
    let (n, t) = design.balanced("a two-way random effect")?;
    let (n, t) = (n as f64, t as f64);
    let both = |design: &Design| {
        Columns::within(design, vec![design.units.clone(), design.periods.clone()])
    };
    let nu = fit(design, both)?.variance();
    let unit = fit(design, |design| Ok(Columns::between(design)))?.variance() - nu / t;
    let time = fit(&turned(design), |design| Ok(Columns::between(design)))?.variance() - nu / n;
    let floored = unit < 0.0 || time < 0.0;
    let (unit, time) = (unit.max(0.0), time.max(0.0));
    let of_unit = 1.0 - (nu / (nu + t * unit)).sqrt();
    let of_time = 1.0 - (nu / (nu + n * time)).sqrt();
    let total = of_unit + of_time + (nu / (nu + t * unit + n * time)).sqrt() - 1.0;
    Ok(Components {
        idiosyncratic: nu,
        unit,
        time: Some(time),
        theta: vec![of_unit; design.units.count()],
        theta_time: Some((of_time, total)),
        floored,
    })
}

/// The same observations with units and periods in each other's place, sorted anew.
pub fn turned(design: &Design) -> Design {
    let mut order: Vec<u32> = (0..design.len() as u32).collect();
    let key = |at: &u32| (design.periods.codes[*at as usize], design.units.codes[*at as usize]);
    order.sort_by_key(key);
    let pick = |own: &[f64]| order.iter().map(|at| own[*at as usize]).collect::<Vec<f64>>();
    let variable = |own: &crate::panel::evaluate::Variable| crate::panel::evaluate::Variable {
        name: own.name.clone(),
        values: pick(&own.values).into(),
    };
    let keys = |own: &Grouping| Grouping {
        codes: Arc::new(order.iter().map(|at| own.codes[*at as usize]).collect()),
        ..own.clone()
    };
    Design {
        response: variable(&design.response),
        regressors: design.regressors.iter().map(variable).collect(),
        endogenous: design.endogenous.clone(),
        instruments: design.instruments.iter().map(variable).collect(),
        units: keys(&design.periods),
        periods: keys(&design.units),
        times: (0..design.units.count() as i64).collect(),
        weights: design.weights.as_deref().map(pick),
        frequencies: design.frequencies,
        rows: order.iter().map(|at| design.rows[*at as usize]).collect(),
        incomplete: design.incomplete,
    }
}

/// Takes the shares of the means out of a column.
fn partly(design: &Design, components: &Components, z: &[f64]) -> Vec<f64> {
    let means = |own: &Grouping| -> Vec<f64> {
        let mut sums = vec![0.0; own.count()];
        own.codes.iter().zip(z).for_each(|(code, z)| sums[*code as usize] += z);
        sums.iter().zip(own.sizes()).map(|(sum, size)| sum / size as f64).collect()
    };
    let of_units = means(&design.units);
    let own = |at: usize| {
        let unit = design.units.codes[at] as usize;
        z[at] - components.theta[unit] * of_units[unit]
    };
    let mut out: Vec<f64> = (0..z.len()).map(own).collect();
    if let Some((share, total)) = components.theta_time {
        let (of_periods, mean) = (means(&design.periods), z.iter().sum::<f64>() / z.len() as f64);
        for (value, period) in out.iter_mut().zip(&*design.periods.codes) {
            *value += total * mean - share * of_periods[*period as usize];
        }
    }
    out
}

/// Which instruments a random-effects regression takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Instruments {
    /// Partly demeaned (G2SLS: Balestra & Varadharajan-Krishnakumar 1987).
    #[default]
    Generalized,
    /// Within and between parts of each (EC2SLS: Baltagi 1981).
    ErrorComponents,
}

/// Partly demeaned columns.
pub fn columns(design: &Design, components: &Components) -> Columns {
    Columns::partly_demeaned(design, |z| partly(design, components, z))
}

/// Least squares (or two-stage least squares) on partly demeaned columns.
///
/// # Errors
/// Those of the fit.
pub fn random(
    design: &Design,
    components: &Components,
    instruments: Instruments,
) -> Result<Fit, EstimationError> {
    let demean = |z: &[f64]| partly(design, components, z);
    let columns = Columns::partly_demeaned(design, demean);
    if design.endogenous.is_empty() {
        return Fit::of(columns);
    }
    let own = design.instrumented();
    let z = match instruments {
        Instruments::Generalized => Columns::partly_demeaned(&own, demean).x,
        Instruments::ErrorComponents => {
            let mut within = Columns::within(&own, vec![design.units.clone()])?.x;
            let plain = Columns::pooled(&own, true).x;
            for column in plain {
                let mut demeaned = column.clone();
                let once = [design.units.clone()];
                super::absorb::Effects::new(&once, None)
                    .take_out(std::slice::from_mut(&mut demeaned))
                    .map_err(|error| EstimationError::Other(error.to_string()))?;
                within.push(column.iter().zip(&demeaned).map(|(z, d)| z - d).collect());
            }
            within
        }
    };
    two_stage(columns, z)
}
