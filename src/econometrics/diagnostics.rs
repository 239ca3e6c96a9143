//! Tests of panel regressions: effects, their correlation with regressors, dependence over time and space.
//!
//! Source: Baltagi (2021), ch. 4 and 5; Breusch & Pagan (1980); Honda (1985); Hausman (1978); Pesaran (2004); Wooldridge
//! (2010), ch. 10.

use super::design::{Design, Grouping};
use super::linear::{COLLINEAR, Columns, Fit};
use super::random::{Components, Instruments, random};
use super::{Distribution, EstimationError, Test};
use crate::linalg::Dense;
use crate::linalg::least_squares::{Basis, dot};
use crate::linalg::small::{form, inverse, part, pseudo_inverse};

/// F of effects: a fit with them against one without.
pub fn poolability(pooled: &Fit, within: &Fit) -> Test {
    let restrictions = pooled.df - within.df;
    let f = (pooled.ssr - within.ssr) / restrictions / within.variance();
    Test::new("poolability", "no fixed effects", f, Distribution::Fisher(restrictions, within.df))
}

/// `√(NT / 2(T−1)) (Σ_i (Σ_t e)² / Σ e² − 1)` of residuals of least squares; unbalanced by Baltagi & Li (1990).
fn honda_statistic(groups: &Grouping, e: &[f64]) -> f64 {
    let mut sums = vec![0.0; groups.count()];
    groups.codes.iter().zip(e).for_each(|(code, e)| sums[*code as usize] += e);
    let ratio = dot(&sums, &sums) / dot(e, e) - 1.0;
    let n = e.len() as f64;
    let squares: f64 = groups.sizes().into_iter().map(|size| (size * size) as f64).sum();
    n * ratio / (2.0 * (squares - n)).sqrt()
}

/// Lagrange multiplier of random effects (Honda): one-sided.
pub fn honda(groups: &Grouping, pooled: &Fit) -> Test {
    let statistic = honda_statistic(groups, &pooled.residuals);
    Test::new(
        "honda",
        &format!("no random effects of {}", groups.name),
        statistic,
        Distribution::UpperNormal,
    )
}

/// Lagrange multiplier of random effects (Breusch & Pagan).
pub fn breusch_pagan(groups: &Grouping, pooled: &Fit) -> Test {
    let statistic = honda_statistic(groups, &pooled.residuals).powi(2);
    let about = format!("no random effects of {}", groups.name);
    Test::new("breusch_pagan", &about, statistic, Distribution::ChiSquared(1.0))
}

/// Hausman's test from two sets of coefficients: those of `consistent` that `efficient` has too.
///
/// ```text
/// H = d' (V_c − V_e)⁻¹ d
/// ```
///
/// # Errors
/// A difference of covariances that is singular, or not positive: `instead` says what to do then.
pub fn hausman(
    consistent: (&[String], &[f64], &Dense),
    efficient: (&[String], &[f64], &Dense),
    instead: &str,
) -> Result<Test, EstimationError> {
    let shared: Vec<(usize, usize)> = consistent
        .0
        .iter()
        .enumerate()
        .filter(|(_, name)| *name != super::design::CONSTANT)
        .filter_map(|(at, name)| Some((at, efficient.0.iter().position(|own| own == name)?)))
        .collect();
    if shared.is_empty() {
        let text = "fixed and random effects have no coefficient in common: no regressor changes within units";
        return Err(EstimationError::Other(text.to_owned()));
    }
    let (rows, others): (Vec<usize>, Vec<usize>) = shared.iter().copied().unzip();
    let difference: Vec<f64> =
        shared.iter().map(|(a, b)| consistent.1[*a] - efficient.1[*b]).collect();
    let mut variance = part(consistent.2, &rows, &rows);
    let other = part(efficient.2, &others, &others);
    variance.values_mut().iter_mut().zip(other.values()).for_each(|(a, b)| *a -= b);
    let inverse = inverse(&variance).map_err(|_| {
        EstimationError::Other(
            "the two covariances do not differ, so Hausman's test cannot be had".to_owned(),
        )
    })?;
    let statistic = form(&inverse, &difference);
    let about = "random and fixed effects estimate the same";
    let degrees = Distribution::ChiSquared(difference.len() as f64);
    let mut found = Test::new("hausman", about, statistic, degrees);
    if statistic < 0.0 {
        found.about = format!("{about}; below zero, so it tells nothing: {instead}");
        found.p = f64::NAN;
    }
    Ok(found)
}

/// Hausman's test as a regression of partly demeaned columns on themselves and within columns; `robust` clusters by unit.
pub fn hausman_auxiliary(
    design: &Design,
    components: &Components,
    robust: bool,
) -> Result<Test, EstimationError> {
    let fit = random(design, components, Instruments::default())?;
    let within = Columns::within(design, vec![design.units.clone()])?;
    let mut columns = fit.columns.clone();
    let from = columns.x.len();
    for ((name, x), scale) in within.names.iter().zip(&within.x).zip(&within.scales) {
        columns.names.push(format!("within {name}"));
        columns.x.push(x.clone());
        columns.scales.push(*scale);
    }
    let both = Fit::of(columns)?;
    let more: Vec<usize> = (0..both.columns.names.len())
        .filter(|at| both.columns.names[*at].starts_with("within "))
        .collect();
    if more.is_empty() || from == 0 {
        return Err(EstimationError::Other("no regressor changes within units".to_owned()));
    }
    let covariance = if robust {
        let kind = super::covariance::Kind::Cluster(vec![design.units.clone()]);
        super::covariance::covariance(&both, &kind, super::covariance::Rule::Plm, &|_| None)?.matrix
    } else {
        let mut out = both.bread.clone();
        let s2 = both.variance();
        out.values_mut().iter_mut().for_each(|value| *value *= s2);
        out
    };
    let b: Vec<f64> = more.iter().map(|at| both.coefficients[*at]).collect();
    let (inverse, rank) = pseudo_inverse(&part(&covariance, &more, &more));
    let name = if robust { "hausman_robust" } else { "hausman_auxiliary" };
    let about = "random and fixed effects estimate the same";
    Ok(Test::new(name, about, form(&inverse, &b), Distribution::ChiSquared(rank as f64)))
}

/// `CD = √(2 / n(n−1)) Σ_{i<j} √T_ij ρ̂_ij` of residuals.
pub fn pesaran(design: &Columns, residuals: &[f64]) -> Result<Test, EstimationError> {
    let n = design.units.count();
    let mut of_unit: Vec<Vec<(u32, f64)>> = vec![Vec::new(); n];
    for ((unit, period), e) in design.units.codes.iter().zip(&*design.periods.codes).zip(residuals)
    {
        of_unit[*unit as usize].push((*period, *e));
    }
    let mut sum = 0.0;
    let mut pairs = 0usize;
    for i in 0..n {
        for j in 0..i {
            let (mut a, mut b) = (0, 0);
            let mut both: Vec<(f64, f64)> = Vec::new();
            while a < of_unit[i].len() && b < of_unit[j].len() {
                let (p, q) = (of_unit[i][a], of_unit[j][b]);
                match p.0.cmp(&q.0) {
                    std::cmp::Ordering::Less => a += 1,
                    std::cmp::Ordering::Greater => b += 1,
                    std::cmp::Ordering::Equal => {
                        both.push((p.1, q.1));
                        (a, b) = (a + 1, b + 1);
                    }
                }
            }
            if both.len() < 3 {
                continue;
            }
            let t = both.len() as f64;
            let (x, y) = (
                both.iter().map(|p| p.0).sum::<f64>() / t,
                both.iter().map(|p| p.1).sum::<f64>() / t,
            );
            let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
            for (p, q) in &both {
                xy += (p - x) * (q - y);
                xx += (p - x) * (p - x);
                yy += (q - y) * (q - y);
            }
            sum += t.sqrt() * xy / (xx * yy).sqrt();
            pairs += 1;
        }
    }
    if pairs == 0 {
        return Err(EstimationError::Other("no two units share three periods".to_owned()));
    }
    Ok(Test::new(
        "pesaran_cd",
        "units do not depend on each other",
        sum / (pairs as f64).sqrt(),
        Distribution::Normal,
    ))
}

/// Breusch–Godfrey of the transformed regression: `n R²` of residuals on regressors and earlier residuals, over the
/// observations as they lie (plm's `pbgtest`).
pub fn breusch_godfrey(fit: &Fit, order: usize) -> Test {
    let e = &fit.residuals;
    let mut x = fit.columns.x.clone();
    for lag in 1..=order {
        let mut earlier = vec![0.0; e.len()];
        earlier[lag..].copy_from_slice(&e[..e.len() - lag]);
        x.push(earlier);
    }
    let scales: Vec<f64> = x.iter().map(|x| dot(x, x).sqrt()).collect();
    let rest = Basis::of(&x, &scales, COLLINEAR).residual(e);
    let statistic = e.len() as f64 * (1.0 - dot(&rest, &rest) / dot(e, e));
    Test::new(
        "breusch_godfrey",
        "no serial correlation",
        statistic,
        Distribution::ChiSquared(order as f64),
    )
}

/// Wooldridge's test in first differences: errors of levels are not serially correlated (`fixed`), or those of
/// differences are not.
///
/// # Errors
/// Fewer than three periods.
pub fn wooldridge(design: &Design, fixed: bool) -> Result<Test, EstimationError> {
    let fit = Fit::of(Columns::first_differences(design, true))?;
    let codes = &fit.columns.units.codes;
    let later: Vec<usize> = (1..codes.len()).filter(|at| codes[*at] == codes[at - 1]).collect();
    let too_few =
        || EstimationError::Other("Wooldridge's test needs three periods of some unit".to_owned());
    if later.len() < 3 {
        return Err(too_few());
    }
    let rows: Vec<u32> = later.iter().map(|at| *at as u32).collect();
    let pick = |own: &Grouping| Grouping::of_rows(&own.name, &own.codes, &own.labels, &rows);
    let n = later.len();
    let columns = Columns {
        y: later.iter().map(|at| fit.residuals[*at]).collect(),
        x: vec![vec![1.0; n], later.iter().map(|at| fit.residuals[at - 1]).collect()],
        names: vec![super::design::CONSTANT.to_owned(), "lag".to_owned()],
        scales: vec![(n as f64).sqrt(), dot(&fit.residuals, &fit.residuals).sqrt()],
        units: pick(&fit.columns.units),
        periods: pick(&fit.columns.periods),
        has_constant: true,
        count: n as f64,
        ..fit.columns.clone()
    };
    let units = columns.units.clone();
    let second = Fit::of(columns)?;
    let kind = super::covariance::Kind::Cluster(vec![units]);
    let covariance =
        super::covariance::covariance(&second, &kind, super::covariance::Rule::Plm, &|_| None)?;
    let expected = if fixed { -0.5 } else { 0.0 };
    let at = second.coefficients.len() - 1;
    let f = (second.coefficients[at] - expected).powi(2) / covariance.matrix[(at, at)];
    let about = if fixed {
        "no serial correlation of errors"
    } else {
        "no serial correlation of differenced errors"
    };
    Ok(Test::new("wooldridge", about, f, Distribution::Fisher(1.0, second.df)))
}

/// Wald's test that some coefficients are zero.
pub fn wald(
    name: &str,
    about: &str,
    b: &[f64],
    covariance: &Dense,
    which: &[usize],
    df: Option<f64>,
) -> Test {
    let own: Vec<f64> = which.iter().map(|at| b[*at]).collect();
    let (inverse, rank) = pseudo_inverse(&part(covariance, which, which));
    let statistic = form(&inverse, &own);
    let rank = rank as f64;
    match df {
        Some(df) => Test::new(name, about, statistic / rank, Distribution::Fisher(rank, df)),
        None => Test::new(name, about, statistic, Distribution::ChiSquared(rank)),
    }
}
