//! Covariances of least-squares coefficients.
//!
//! ```text
//! V = c · B M B        B = (X'X)⁻¹,  c by the small-sample rule
//! M: s²X'X (classical) · Σ e²xx' (HC) · Σ_g X_g'e_g e_g'X_g (cluster) · kernels over lags, periods or distance
//! ```
//!
//! Source: Cameron & Miller (2015); Driscoll & Kraay (1998); Newey & West (1987); Beck & Katz (1995); Conley (1999).

use std::collections::HashMap;

use rayon::prelude::*;

use super::EstimationError;
use super::design::Grouping;
use super::linear::Fit;
use crate::earth::great_circle;
use crate::linalg::Dense;
use crate::linalg::small::sandwich;

/// Program whose small-sample rule is followed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Rule {
    /// No factor but the degrees of freedom of the classical covariance: plm's `HC0`.
    Plm,
    /// plm's `sss`: `G/(G−1) · (N−1)/(N−k)`, k slopes.
    PlmSss,
    /// fixest and pyfixest: `G/(G−1) · (N−1)/(N−K)`, effects nested in clusters counted as one.
    #[default]
    Fixest,
    /// linearmodels: `N/(N−K)`, all effects counted unless they lie within the clusters.
    Linearmodels,
    /// Stata's `xtreg` and `reghdfe`: as fixest.
    Stata,
    /// spreg's: `e'e / N`, no factor.
    Spreg,
}

/// Leverages by which squared residuals are divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leverage {
    /// `e²`
    Hc0,
    /// `e² N/(N−K)`
    Hc1,
    /// `e²/(1−h)`
    Hc2,
    /// `e²/(1−h)²`
    Hc3,
}

/// Weights of pairs by their distance in space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kernel {
    /// All pairs within the cut-off alike.
    Uniform,
    /// Falling evenly to nothing at the cut-off.
    Bartlett,
}

/// Kind of covariance.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// One variance for all.
    Classical,
    /// Variances of their own.
    White(Leverage),
    /// Any dependence within groups: of one set, or of two.
    Cluster(Vec<Grouping>),
    /// Clusters by leaving each one out (CR3).
    Jackknife(Grouping),
    /// Dependence over time within a unit, up to some periods (Bartlett).
    NeweyWest(usize),
    /// Dependence over space in a period, and over time up to some periods (Bartlett).
    DriscollKraay(usize),
    /// One covariance of units for all periods, or of periods for all units.
    BeckKatz {
        /// Covariance of periods instead of units.
        of_periods: bool,
    },
    /// Dependence up to a distance, in kilometres, within a period.
    Conley {
        /// Longitude and latitude of each observation, in degrees.
        places: Vec<[f64; 2]>,
        /// Distance from which pairs are independent, in km.
        cutoff: f64,
        /// Weights of pairs.
        kernel: Kernel,
    },
}

/// Covariance of coefficients, and what t statistics are compared with.
#[derive(Debug, Clone)]
pub struct Covariance {
    /// k × k.
    pub matrix: Dense,
    /// Degrees of freedom of t statistics.
    pub df: f64,
    /// Groups of each clustering.
    pub clusters: Vec<(String, usize)>,
    /// Whether a negative variance had to be mended.
    pub mended: bool,
}

/// Refits an equation without some of the observations.
pub type Refit<'a> = &'a (dyn Fn(&[bool]) -> Option<Vec<f64>> + Sync);

/// Covariance of the coefficients of a fit.
///
/// # Errors
/// Leverages with several sets of effects, or a jackknife that cannot be refitted.
pub fn covariance(
    fit: &Fit,
    kind: &Kind,
    rule: Rule,
    refit: Refit<'_>,
) -> Result<Covariance, EstimationError> {
    let columns = &fit.columns;
    let n = columns.count;
    let mut out =
        Covariance { matrix: Dense::zeros(0, 0), df: fit.df, clusters: Vec::new(), mended: false };
    let periods = columns.periods.count() as f64;
    let (matrix, factor) = match kind {
        Kind::Classical if rule == Rule::Spreg => (scaled(&fit.bread, fit.ssr / n), 1.0),
        Kind::Classical => (scaled(&fit.bread, fit.variance()), 1.0),
        Kind::White(leverage) => {
            (sandwich(&fit.bread, &white(fit, *leverage)?), whites(fit, *leverage, rule))
        }
        Kind::Cluster(by) => {
            out.clusters = by.iter().map(|own| (own.name.clone(), own.count())).collect();
            let least = by.iter().map(Grouping::count).min().unwrap_or(1) as f64;
            if matches!(rule, Rule::Fixest | Rule::Stata) {
                out.df = least - 1.0;
            }
            let factor = clusters(fit, by, rule, least);
            let mut matrix = sandwich(&fit.bread, &clustered(fit, &by[0]));
            if let [one, other] = &by[..] {
                add(&mut matrix, 1.0, &sandwich(&fit.bread, &clustered(fit, other)));
                add(&mut matrix, -1.0, &sandwich(&fit.bread, &clustered(fit, &one.crossed(other))));
            }
            (matrix, factor)
        }
        Kind::Jackknife(by) => {
            out.clusters = vec![(by.name.clone(), by.count())];
            out.df = by.count() as f64 - 1.0;
            let groups = by.count() as f64;
            let factor = match rule {
                Rule::Fixest => clusters(fit, std::slice::from_ref(by), rule, groups),
                _ => (groups - 1.0) / groups,
            };
            (jackknife(fit, by, refit)?, factor)
        }
        Kind::NeweyWest(lags) => {
            (sandwich(&fit.bread, &newey_west(fit, *lags)), kernels(fit, rule, periods))
        }
        Kind::DriscollKraay(lags) => {
            if matches!(rule, Rule::Fixest | Rule::Stata) {
                out.df = periods - 1.0;
            }
            (sandwich(&fit.bread, &driscoll_kraay(fit, *lags)), kernels(fit, rule, periods))
        }
        Kind::BeckKatz { of_periods } => (sandwich(&fit.bread, &beck_katz(fit, *of_periods)), 1.0),
        Kind::Conley { places, cutoff, kernel } => {
            let factor = if matches!(rule, Rule::Plm | Rule::Spreg) { 1.0 } else { n / fit.df };
            (sandwich(&fit.bread, &conley(fit, places, *cutoff, *kernel)), factor)
        }
    };
    out.matrix = scaled(&matrix, factor);
    let k = out.matrix.shape().0;
    for at in 0..k {
        // Two-way clusters may come to less than nothing.
        if out.matrix[(at, at)] < 0.0 {
            out.mended = true;
            out.matrix.row_mut(at)[at] = f64::NAN;
        }
    }
    Ok(out)
}

fn scaled(matrix: &Dense, factor: f64) -> Dense {
    let (rows, columns) = matrix.shape();
    Dense::new(
        rows,
        columns,
        matrix.values().iter().map(|value| factor * value).collect::<Vec<f64>>(),
    )
}

fn add(matrix: &mut Dense, factor: f64, other: &Dense) {
    matrix.values_mut().iter_mut().zip(other.values()).for_each(|(a, b)| *a += factor * b);
}

/// Coefficients and effects, those within the clusters counted as one: fixest's K.
fn counted(fit: &Fit, by: &[Grouping]) -> f64 {
    let columns = &fit.columns;
    let k = fit.coefficients.len();
    if columns.absorbed.is_empty() {
        return k as f64;
    }
    let nested = |own: &&Grouping| by.iter().any(|by| own.is_nested_in(by));
    let free: Vec<&Grouping> = columns.absorbed.iter().filter(|own| !nested(own)).collect();
    if free.len() == columns.absorbed.len() {
        return (k + columns.absorbed_parameters) as f64;
    }
    (k + 1 + free.iter().map(|own| own.count() - 1).sum::<usize>()) as f64
}

fn whites(fit: &Fit, leverage: Leverage, rule: Rule) -> f64 {
    let n = fit.columns.count;
    match (leverage, rule) {
        (Leverage::Hc0, Rule::PlmSss) => n / (n - fit.coefficients.len() as f64),
        (_, Rule::Spreg) => 1.0,
        (Leverage::Hc1, _) => n / fit.df,
        _ => 1.0,
    }
}

fn clusters(fit: &Fit, by: &[Grouping], rule: Rule, least: f64) -> f64 {
    let n = fit.columns.count;
    let k = fit.coefficients.len() as f64;
    match rule {
        Rule::Plm | Rule::Spreg => 1.0,
        Rule::PlmSss => least / (least - 1.0) * (n - 1.0) / (n - k),
        Rule::Fixest | Rule::Stata => least / (least - 1.0) * (n - 1.0) / (n - counted(fit, by)),
        Rule::Linearmodels => {
            let nested = |own: &Grouping| by.iter().all(|by| own.is_nested_in(by));
            let within = fit.columns.absorbed.iter().all(nested);
            n / (n - if within { k } else { k + fit.columns.absorbed_parameters as f64 })
        }
    }
}

fn kernels(fit: &Fit, rule: Rule, periods: f64) -> f64 {
    let n = fit.columns.count;
    match rule {
        Rule::Plm | Rule::Spreg => 1.0,
        Rule::PlmSss => periods / (periods - 1.0) * (n - 1.0) / (n - fit.coefficients.len() as f64),
        Rule::Fixest | Rule::Stata => periods / (periods - 1.0) * (n - 1.0) / fit.df,
        Rule::Linearmodels => n / fit.df,
    }
}

/// `x e` of each observation, by coefficient.
pub fn scores(fit: &Fit) -> Vec<Vec<f64>> {
    let times = |column: &Vec<f64>| column.iter().zip(&fit.residuals).map(|(x, e)| x * e).collect();
    fit.scores().iter().map(times).collect()
}

/// `Σ_g s_g s_g'` of sums by group.
fn outer(sums: &[Vec<f64>]) -> Dense {
    let k = sums.len();
    let mut out = Dense::zeros(k, k);
    for i in 0..k {
        for j in 0..=i {
            let value = crate::linalg::least_squares::dot(&sums[i], &sums[j]);
            out.row_mut(i)[j] = value;
            out.row_mut(j)[i] = value;
        }
    }
    out
}

/// Sums of `x e` by group, coefficient by coefficient.
fn summed(fit: &Fit, by: &Grouping) -> Vec<Vec<f64>> {
    let sum = |column: &Vec<f64>| {
        let mut sums = vec![0.0; by.count()];
        let scores = column.iter().zip(&fit.residuals).map(|(x, e)| x * e);
        scores.zip(&*by.codes).for_each(|(value, code)| sums[*code as usize] += value);
        sums
    };
    fit.scores().par_iter().map(sum).collect()
}

fn clustered(fit: &Fit, by: &Grouping) -> Dense {
    outer(&summed(fit, by))
}

/// `h` of each observation: how far it draws the fit to itself, effects included.
///
/// # Errors
/// With several sets of effects.
pub fn leverages(fit: &Fit) -> Result<Vec<f64>, EstimationError> {
    let x = fit.scores();
    let k = x.len();
    let mut h = vec![0.0; fit.columns.len()];
    for i in 0..k {
        for j in 0..k {
            let b = fit.bread[(i, j)];
            h.iter_mut().enumerate().for_each(|(at, h)| *h += b * x[i][at] * x[j][at]);
        }
    }
    match &fit.columns.absorbed[..] {
        [] => {}
        [effects] if fit.columns.roots.is_none() => {
            let sizes = effects.sizes();
            h.iter_mut()
                .zip(&*effects.codes)
                .for_each(|(h, code)| *h += 1.0 / sizes[*code as usize] as f64);
        }
        _ => {
            let text = "HC2 and HC3 need leverages, which are not computed for several or weighted sets of effects: take HC1";
            return Err(EstimationError::Other(text.to_owned()));
        }
    }
    Ok(h)
}

fn white(fit: &Fit, leverage: Leverage) -> Result<Dense, EstimationError> {
    let mut scores = scores(fit);
    // Each of some repeated observations has the square of its own residual.
    if let (Some(roots), true) = (&fit.columns.roots, fit.columns.frequencies) {
        for column in &mut scores {
            column.iter_mut().zip(roots).for_each(|(score, root)| *score /= root);
        }
    }
    let h = match leverage {
        Leverage::Hc0 | Leverage::Hc1 => return Ok(outer(&scores)),
        Leverage::Hc2 | Leverage::Hc3 => leverages(fit)?,
    };
    for column in &mut scores {
        for (score, h) in column.iter_mut().zip(&h) {
            *score /= if leverage == Leverage::Hc2 { (1.0 - h).sqrt() } else { 1.0 - h };
        }
    }
    Ok(outer(&scores))
}

fn jackknife(fit: &Fit, by: &Grouping, refit: Refit<'_>) -> Result<Dense, EstimationError> {
    let without = |group: usize| {
        let keep: Vec<bool> = by.codes.iter().map(|code| *code as usize != group).collect();
        refit(&keep)
    };
    let found: Vec<Option<Vec<f64>>> = (0..by.count()).into_par_iter().map(without).collect();
    let k = fit.coefficients.len();
    let mut moved = vec![Vec::with_capacity(by.count()); k];
    for (group, coefficients) in found.into_iter().enumerate() {
        let Some(coefficients) = coefficients.filter(|own| own.len() == k) else {
            let label = &by.labels[group];
            let text = format!(
                "without {} {label} not all coefficients can be estimated, so CR3 cannot be had",
                by.name
            );
            return Err(EstimationError::Other(text));
        };
        for (at, moved) in moved.iter_mut().enumerate() {
            moved.push(coefficients[at] - fit.coefficients[at]);
        }
    }
    Ok(outer(&moved))
}

fn newey_west(fit: &Fit, lags: usize) -> Dense {
    let scores = scores(fit);
    let columns = &fit.columns;
    let k = scores.len();
    let mut meat = outer(&scores);
    let time = |at: usize| columns.times[columns.periods.codes[at] as usize];
    for at in 0..columns.len() {
        let mut earlier = at;
        while earlier > 0 && columns.units.codes[earlier - 1] == columns.units.codes[at] {
            earlier -= 1;
            let steps = (time(at) - time(earlier)) as usize;
            if steps > lags {
                break;
            }
            let weight = 1.0 - steps as f64 / (lags as f64 + 1.0);
            for i in 0..k {
                for j in 0..k {
                    let both =
                        scores[i][at] * scores[j][earlier] + scores[i][earlier] * scores[j][at];
                    meat.row_mut(i)[j] += weight * both;
                }
            }
        }
    }
    meat
}

fn driscoll_kraay(fit: &Fit, lags: usize) -> Dense {
    let sums = summed(fit, &fit.columns.periods);
    let times = &fit.columns.times;
    let k = sums.len();
    let mut meat = outer(&sums);
    for late in 0..times.len() {
        for early in (0..late).rev() {
            let steps = (times[late] - times[early]) as usize;
            if steps > lags {
                break;
            }
            let weight = 1.0 - steps as f64 / (lags as f64 + 1.0);
            for i in 0..k {
                for j in 0..k {
                    let both = sums[i][late] * sums[j][early] + sums[i][early] * sums[j][late];
                    meat.row_mut(i)[j] += weight * both;
                }
            }
        }
    }
    meat
}

/// `Σ_t X_t' Ω X_t` with `ω_ij` the mean of `e_it e_jt` over the periods that both have.
fn beck_katz(fit: &Fit, of_periods: bool) -> Dense {
    let columns = &fit.columns;
    let (own, other) = if of_periods {
        (&columns.periods, &columns.units)
    } else {
        (&columns.units, &columns.periods)
    };
    let n = own.count();
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); other.count()];
    for (at, code) in other.codes.iter().enumerate() {
        members[*code as usize].push(at);
    }
    let (mut omega, mut counts) = (Dense::zeros(n, n), Dense::zeros(n, n));
    for group in &members {
        for a in group {
            for b in group {
                let (i, j) = (own.codes[*a] as usize, own.codes[*b] as usize);
                omega.row_mut(i)[j] += fit.residuals[*a] * fit.residuals[*b];
                counts.row_mut(i)[j] += 1.0;
            }
        }
    }
    let x = fit.scores();
    let k = x.len();
    let mut meat = Dense::zeros(k, k);
    for group in &members {
        for a in group {
            for b in group {
                let (i, j) = (own.codes[*a] as usize, own.codes[*b] as usize);
                let w = omega[(i, j)] / counts[(i, j)];
                for p in 0..k {
                    for q in 0..k {
                        meat.row_mut(p)[q] += w * x[p][*a] * x[q][*b];
                    }
                }
            }
        }
    }
    meat
}

fn conley(fit: &Fit, places: &[[f64; 2]], cutoff: f64, kernel: Kernel) -> Dense {
    let scores = scores(fit);
    let k = scores.len();
    let mut members: HashMap<u32, Vec<usize>> = HashMap::new();
    for (at, code) in fit.columns.periods.codes.iter().enumerate() {
        members.entry(*code).or_default().push(at);
    }
    let mut meat = Dense::zeros(k, k);
    for period in 0..fit.columns.periods.count() as u32 {
        let Some(group) = members.get(&period) else { continue };
        for a in group {
            for b in group {
                let distance = great_circle(places[*a], places[*b]);
                let weight = match kernel {
                    _ if distance > cutoff => continue,
                    Kernel::Uniform => 1.0,
                    Kernel::Bartlett => 1.0 - distance / cutoff,
                };
                for i in 0..k {
                    for j in 0..k {
                        meat.row_mut(i)[j] += weight * scores[i][*a] * scores[j][*b];
                    }
                }
            }
        }
    }
    meat
}
