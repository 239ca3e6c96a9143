//! Tests of unit roots in panels: whether the series of units wander without a mean to come back to.
//!
//! All but Hadri's begin with a regression of each unit (augmented Dickey–Fuller),
//!
//! ```text
//! Δy_t = ρ y_{t−1} + Σ_{l=1..p} φ_l Δy_{t−l} + c + d t + e_t,      τ = ρ̂ / se(ρ̂),   s² = e'e / n
//! ```
//!
//! without `d` (intercept) or without `c` and `d` (none), on the `n = T − p − 1` periods that have every lag.
//!
//! Source: Levin, Lin & Chu (2002); Im, Pesaran & Shin (2003); Maddala & Wu (1999); Choi (2001); Hadri (2000), with the
//! conventions of plm's `purtest`.

pub mod dickey_fuller;
mod tables;

use super::linear::COLLINEAR;
use super::{Distribution, EstimationError, Test};
use crate::draws::normal_quantile;
use crate::linalg::least_squares::{Basis, dot};

/// Which test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Levin, Lin & Chu: one ρ for all units.
    LevinLin,
    /// Im, Pesaran & Shin: the mean of τ, by the means and variances of their table 3.
    Ips,
    /// Maddala & Wu: `−2 Σ ln p`, which is Choi's P as well.
    MaddalaWu,
    /// Choi's modified P, for many units.
    ChoiPm,
    /// Choi's inverse normal.
    ChoiZ,
    /// Choi's logit.
    ChoiLogit,
    /// Hadri: each unit by its own variance.
    Hadri,
    /// Hadri: one variance for all units.
    HadriPooled,
}

impl Kind {
    /// Words of files, with the tests.
    pub const WORDS: [(&'static str, Kind); 8] = [
        ("levin_lin", Kind::LevinLin),
        ("ips", Kind::Ips),
        ("madwu", Kind::MaddalaWu),
        ("choi_pm", Kind::ChoiPm),
        ("choi_z", Kind::ChoiZ),
        ("choi_logit", Kind::ChoiLogit),
        ("hadri", Kind::Hadri),
        ("hadri_pooled", Kind::HadriPooled),
    ];

    /// The word of files.
    pub fn word(self) -> &'static str {
        Kind::WORDS.iter().find(|(_, own)| *own == self).map_or("", |(word, _)| word)
    }

    /// What is tested, in words.
    pub fn null(self) -> &'static str {
        if self.is_hadri() { "every unit is stationary" } else { "every unit has a unit root" }
    }

    fn is_hadri(self) -> bool {
        matches!(self, Kind::Hadri | Kind::HadriPooled)
    }

    fn is_of_balanced_panels(self) -> bool {
        self.is_hadri() || self == Kind::LevinLin
    }
}

/// What else is in the regression of each unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terms {
    /// Nothing.
    None,
    /// An intercept.
    Intercept,
    /// An intercept and a trend.
    Trend,
}

impl Terms {
    /// Words of files, with the terms.
    pub const WORDS: [(&'static str, Terms); 3] =
        [("none", Terms::None), ("intercept", Terms::Intercept), ("trend", Terms::Trend)];

    /// The word of files.
    pub fn word(self) -> &'static str {
        Terms::WORDS[self.place()].0
    }

    /// Number of the terms, and where tables have them.
    fn place(self) -> usize {
        match self {
            Terms::None => 0,
            Terms::Intercept => 1,
            Terms::Trend => 2,
        }
    }

    fn columns(self, n: usize) -> Vec<Vec<f64>> {
        let trend = (0..n).map(|at| (at + 1) as f64).collect();
        let mut all = vec![vec![1.0; n], trend];
        all.truncate(self.place());
        all
    }
}

/// How a number of lags is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Akaike's criterion, `ln(e'e/n) + 2k/n`.
    Aic,
    /// Schwarz's criterion, `ln(e'e/n) + k ln(n)/n`.
    Sic,
    /// From most to fewest until the last lag has `|t| ≥ 1.96` (Hall 1994).
    Hall,
}

impl Choice {
    /// Words of files, with the criteria.
    pub const WORDS: [(&'static str, Choice); 3] =
        [("AIC", Choice::Aic), ("SIC", Choice::Sic), ("Hall", Choice::Hall)];

    /// The word of files.
    pub fn word(self) -> &'static str {
        Choice::WORDS.iter().find(|(_, own)| *own == self).map_or("", |(word, _)| word)
    }
}

/// Lags of the differences in the regression of each unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lags {
    /// As many for every unit.
    Fixed(usize),
    /// Chosen for each unit, all candidates on the same periods.
    Chosen {
        /// How.
        by: Choice,
        /// At most so many; the smaller of 10 and a quarter of the periods if nothing is said.
        most: Option<usize>,
    },
}

/// What a test is made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Intercept, trend.
    pub terms: Terms,
    /// Lags.
    pub lags: Lags,
    /// Lags of the long-run variance of Levin, Lin & Chu; `3.21 T^(1/3)`, rounded, if nothing is said.
    pub bandwidth: Option<usize>,
    /// Variances by degrees of freedom instead of by observations.
    pub by_degrees_of_freedom: bool,
}

/// The values of a unit in consecutive periods.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Name of the unit.
    pub unit: String,
    /// Values in order of time.
    pub values: Vec<f64>,
}

/// What the regression of a unit comes to; of Hadri's test its own Lagrange multiplier.
#[derive(Debug, Clone, PartialEq)]
pub struct OfUnit {
    /// Name of the unit.
    pub unit: String,
    /// Number of lags.
    pub lags: usize,
    /// Periods of the regression.
    pub observations: usize,
    /// ρ̂; nothing of Hadri's test.
    pub rho: Option<f64>,
    /// τ, or the multiplier of Hadri.
    pub statistic: f64,
    /// Probability of a τ as small if there is a unit root; nothing of Hadri's test.
    pub p: Option<f64>,
}

/// A test of unit roots.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitRoots {
    /// The test of all units.
    pub test: Test,
    /// What it is made of.
    pub units: Vec<OfUnit>,
    /// What should be known beside the number.
    pub remarks: Vec<String>,
}

fn refuse<T>(text: String) -> Result<T, EstimationError> {
    Err(EstimationError::Other(text))
}

/// Tests series of units for unit roots.
///
/// # Errors
/// No series, series that do not change or that the terms and lags explain without a rest, too few periods for the
/// regressions or the tables, series of different lengths where the test does not take them, terms that it does not take.
pub fn test(
    series: &[Series],
    kind: Kind,
    options: &Options,
) -> Result<UnitRoots, EstimationError> {
    let Some(first) = series.first() else { return Err(EstimationError::NoObservations) };
    if let Some(other) = series.iter().find(|own| own.values.len() != first.values.len())
        && kind.is_of_balanced_panels()
    {
        return refuse(format!(
            "{} needs as many periods of every unit; {} has {}, {} has {}",
            kind.word(),
            first.unit,
            first.values.len(),
            other.unit,
            other.values.len()
        ));
    }
    if options.terms == Terms::None && (kind == Kind::Ips || kind.is_hadri()) {
        return refuse(format!("{} needs an intercept, or an intercept and a trend", kind.word()));
    }
    for own in series {
        if own.values.iter().all(|value| *value == own.values[0]) {
            return refuse(format!(
                "{} does not change, so it cannot be tested for a unit root",
                own.unit
            ));
        }
    }
    if kind.is_hadri() {
        return hadri(series, kind, options);
    }
    let regressions =
        series.iter().map(|own| Regression::of(own, options)).collect::<Result<Vec<_>, _>>()?;
    let mut remarks = Vec::new();
    let test = match kind {
        Kind::LevinLin => levin_lin(series, &regressions, options, &mut remarks),
        Kind::Ips => ips(&regressions, options, &mut remarks)?,
        _ => fisher(kind, &regressions),
    };
    let units = regressions.into_iter().map(|own| own.of_unit).collect();
    Ok(UnitRoots { test, units, remarks })
}

/// Least squares of a unit.
struct Least {
    coefficients: Vec<f64>,
    errors: Vec<f64>,
    residuals: Vec<f64>,
    ssr: f64,
}

/// Least squares of the differences of a unit on its level, lags of the differences and the terms, from a row on.
fn least(
    own: &Series,
    lags: usize,
    from: usize,
    options: &Options,
) -> Result<Least, EstimationError> {
    // Told before any column is made, because there may be many lags.
    let (n, k) = (own.values.len().saturating_sub(from + 1), 1 + lags + options.terms.place());
    if n <= k {
        return refuse(format!(
            "{} has {} periods: with {from} lags {n} are left for a regression of {k} coefficients",
            own.unit,
            own.values.len()
        ));
    }
    let (y, x) = columns(own, lags, from, options.terms);
    let scales: Vec<f64> = x.iter().map(|x| dot(x, x).sqrt()).collect();
    let basis = Basis::of(&x, &scales, COLLINEAR);
    let (coefficients, residuals) = basis.solve(&y);
    let ssr = dot(&residuals, &residuals);
    // Trends and ratios of numbers with few digits leave rounding only, which would pass for a τ.
    if !basis.dropped().is_empty() || ssr.sqrt() <= 1e-12 * dot(&y, &y).sqrt().max(scales[0]) {
        return refuse(format!(
            "{}: its own past and the terms explain every value, so nothing can be said of a unit root",
            own.unit
        ));
    }
    let s2 = ssr / (if options.by_degrees_of_freedom { n - k } else { n }) as f64;
    let bread = basis.bread();
    let errors = (0..k).map(|at| (s2 * bread[(at, at)]).sqrt()).collect();
    Ok(Least { coefficients, errors, residuals, ssr })
}

/// Differences from a place on, at least as many as there are lags, and beside them the level before, lagged differences
/// and terms.
fn columns(own: &Series, lags: usize, from: usize, terms: Terms) -> (Vec<f64>, Vec<Vec<f64>>) {
    let y = &own.values;
    let differences: Vec<f64> = y.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let response = differences[from..].to_vec();
    let mut x = vec![y[from..y.len() - 1].to_vec()];
    x.extend((1..=lags).map(|lag| differences[from - lag..][..response.len()].to_vec()));
    x.extend(terms.columns(response.len()));
    (response, x)
}

/// The augmented Dickey–Fuller regression of a unit.
struct Regression {
    of_unit: OfUnit,
    least: Least,
}

impl Regression {
    fn of(own: &Series, options: &Options) -> Result<Self, EstimationError> {
        let lags = match options.lags {
            Lags::Fixed(lags) => lags,
            Lags::Chosen { by, most } => {
                chosen(own, by, most.unwrap_or((own.values.len() / 4).min(10)), options)?
            }
        };
        let least = least(own, lags, lags, options)?;
        let statistic = least.coefficients[0] / least.errors[0];
        let of_unit = OfUnit {
            unit: own.unit.clone(),
            lags,
            observations: least.residuals.len(),
            rho: Some(least.coefficients[0]),
            statistic,
            p: Some(dickey_fuller::probability(statistic, options.terms)),
        };
        Ok(Regression { of_unit, least })
    }

    /// p, away from 0 and 1, where logarithms have no end.
    fn p(&self) -> f64 {
        self.of_unit.p.unwrap_or(f64::NAN).clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0)
    }
}

/// Number of lags of a unit by a criterion, all candidates on the same periods.
fn chosen(
    own: &Series,
    by: Choice,
    most: usize,
    options: &Options,
) -> Result<usize, EstimationError> {
    let mut best = (f64::INFINITY, 0);
    for lags in (0..=most).rev() {
        let least = least(own, lags, most, options)?;
        let (n, k) = (least.residuals.len() as f64, least.coefficients.len() as f64);
        let penalty = match by {
            Choice::Aic => 2.0 * k / n,
            Choice::Sic => k * n.ln() / n,
            Choice::Hall if lags == 0 => return Ok(0),
            Choice::Hall => {
                if (least.coefficients[lags] / least.errors[lags]).abs() >= 1.96 {
                    return Ok(lags);
                }
                continue;
            }
        };
        let criterion = (least.ssr / n).ln() + penalty;
        if criterion < best.0 {
            best = (criterion, lags);
        }
    }
    Ok(best.1)
}

/// Levin, Lin & Chu: ρ of all units from what terms and lags leave of differences and levels, each by its `s_i`.
///
/// ```text
/// z = (t_ρ − N T̃ S̄ se(ρ̂) μ / σ̂²) / σ,    T̃ = T − p̄ − 1,   S̄ = mean of σ_long,i / s_i
/// ```
fn levin_lin(
    series: &[Series],
    regressions: &[Regression],
    options: &Options,
    remarks: &mut Vec<String>,
) -> Test {
    let periods = series[0].values.len();
    let (mut differences, mut levels) = (Vec::new(), Vec::new());
    let mut ratios = 0.0;
    for (own, regression) in series.iter().zip(regressions) {
        let (n, lags) = (regression.least.residuals.len(), regression.of_unit.lags);
        let k = regression.least.coefficients.len();
        let divisor = if options.by_degrees_of_freedom { n - k } else { n };
        let s = (regression.least.ssr / divisor as f64).sqrt();
        let (y, mut x) = columns(own, lags, lags, options.terms);
        let level = x.remove(0);
        let scales: Vec<f64> = x.iter().map(|x| dot(x, x).sqrt()).collect();
        let basis = Basis::of(&x, &scales, COLLINEAR);
        differences.extend(basis.residual(&y).into_iter().map(|value| value / s));
        levels.extend(basis.residual(&level).into_iter().map(|value| value / s));
        ratios += long_run_variance(&own.values, options).sqrt() / s;
    }
    let units = series.len() as f64;
    let squares = dot(&levels, &levels);
    let rho = dot(&levels, &differences) / squares;
    let ssr: f64 = differences.iter().zip(&levels).map(|(y, x)| (y - rho * x).powi(2)).sum();
    let n = levels.len() as f64;
    let divisor = if options.by_degrees_of_freedom { n - 1.0 } else { n };
    let error = (ssr / divisor / squares).sqrt();
    let lags = regressions.iter().map(|own| own.of_unit.lags as f64).sum::<f64>() / units;
    let observations = units * (periods as f64 - lags - 1.0);
    let (mean, deviation, outside) = tables::levin_lin(periods, options.terms.place());
    remarks.extend(
        outside.map(|text| {
            format!("{periods} periods are {text} of Levin, Lin & Chu, which is taken")
        }),
    );
    let shift = observations * (ratios / units) / (ssr / observations) * error * mean;
    let z = (rho / error - shift) / deviation;
    Test::new("levin_lin", Kind::LevinLin.null(), z, Distribution::LowerNormal)
}

/// Long-run variance of the differences, what the terms explain taken out: Bartlett's weights.
///
/// ```text
/// (1/(T−1)) [Σ d_t² + 2 Σ_{l=1..q} (1 − l/(q+1)) Σ d_t d_{t+l}]
/// ```
fn long_run_variance(values: &[f64], options: &Options) -> f64 {
    let d: Vec<f64> = values.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let x = options.terms.columns(d.len());
    let scales: Vec<f64> = x.iter().map(|x| dot(x, x).sqrt()).collect();
    let d = Basis::of(&x, &scales, COLLINEAR).residual(&d);
    let usual = || (3.21 * (values.len() as f64).cbrt()).round() as usize;
    let q = options.bandwidth.unwrap_or_else(usual);
    // Products further apart than the series is long are nothing; q still sets the weights.
    let of_lag =
        |lag: usize| (1.0 - lag as f64 / (q + 1) as f64) * dot(&d[lag..], &d[..d.len() - lag]);
    let later: f64 = (1..=q.min(d.len() - 1)).map(of_lag).sum();
    (dot(&d, &d) + 2.0 * later) / d.len() as f64
}

/// Im, Pesaran & Shin: `W = √N (mean τ − mean E) / √(mean V)`, E and V by periods and lags of each unit.
fn ips(
    regressions: &[Regression],
    options: &Options,
    remarks: &mut Vec<String>,
) -> Result<Test, EstimationError> {
    let (mut mean, mut variance, mut tau) = (0.0, 0.0, 0.0);
    let mut outside: Option<(usize, &str)> = None;
    for Regression { of_unit: own, .. } in regressions {
        let Some(found) = tables::ips(own.observations, own.lags, options.terms == Terms::Trend)
        else {
            return refuse(format!(
                "{}: the table of Im, Pesaran & Shin has nothing for {} lags and {} periods after them",
                own.unit, own.lags, own.observations
            ));
        };
        mean += found.mean;
        variance += found.variance;
        tau += own.statistic;
        outside = outside.or(found.outside.map(|text| (own.observations, text)));
    }
    if let Some((periods, text)) = outside {
        remarks.push(format!(
            "{periods} periods after lags are {text} of Im, Pesaran & Shin, which is taken"
        ));
    }
    let w = (tau - mean) / variance.sqrt();
    Ok(Test::new("ips", Kind::Ips.null(), w, Distribution::LowerNormal))
}

/// Tests that combine the p of units.
///
/// ```text
/// P = −2 Σ ln p ~ χ²(2N),   Pm = −Σ (ln p + 1) / √N,   Z = Σ Φ⁻¹(p) / √N,
/// L* = √k Σ ln(p/(1−p)) ~ t(5N+4),   k = 3 (5N+4) / (π² N (5N+2))
/// ```
fn fisher(kind: Kind, regressions: &[Regression]) -> Test {
    let n = regressions.len() as f64;
    let sum = |of: &dyn Fn(f64) -> f64| regressions.iter().map(|own| of(own.p())).sum::<f64>();
    let (statistic, distribution) = match kind {
        Kind::ChoiPm => (-sum(&|p| p.ln() + 1.0) / n.sqrt(), Distribution::UpperNormal),
        Kind::ChoiZ => (sum(&normal_quantile) / n.sqrt(), Distribution::LowerNormal),
        Kind::ChoiLogit => {
            let df = 5.0 * n + 4.0;
            let k = 3.0 * df / (std::f64::consts::PI.powi(2) * n * (5.0 * n + 2.0));
            let logits = sum(&|p| (p / (1.0 - p)).ln());
            (k.sqrt() * logits, Distribution::LowerStudent(df))
        }
        _ => (-2.0 * sum(&f64::ln), Distribution::ChiSquared(2.0 * n)),
    };
    Test::new(kind.word(), kind.null(), statistic, distribution)
}

/// Hadri: the mean of `LM_i = Σ_t S_it² / (T² σ²)`, `S` sums of what the terms leave, by its asymptotic moments.
fn hadri(series: &[Series], kind: Kind, options: &Options) -> Result<UnitRoots, EstimationError> {
    let t = series[0].values.len();
    let x = options.terms.columns(t);
    if t <= x.len() + 1 {
        return refuse(format!("{t} periods are too few for Hadri's test"));
    }
    let scales: Vec<f64> = x.iter().map(|x| dot(x, x).sqrt()).collect();
    let basis = Basis::of(&x, &scales, COLLINEAR);
    let divisor = if options.by_degrees_of_freedom { t - x.len() } else { t } as f64;
    let (mut sums, mut variances) = (Vec::new(), Vec::new());
    for own in series {
        let e = basis.residual(&own.values);
        let squares = dot(&e, &e);
        if squares.sqrt() <= 1e-12 * dot(&own.values, &own.values).sqrt() {
            return refuse(format!(
                "{}: the terms explain every value, so nothing can be said of a unit root",
                own.unit
            ));
        }
        let mut sum = 0.0;
        let all = e.iter().map(|e| {
            sum += e;
            sum * sum
        });
        sums.push(all.sum::<f64>() / (t * t) as f64);
        variances.push(squares / divisor);
    }
    let n = series.len() as f64;
    if kind == Kind::HadriPooled {
        variances = vec![variances.iter().sum::<f64>() / n; series.len()];
    }
    let multipliers: Vec<f64> = sums.iter().zip(&variances).map(|(s, v)| s / v).collect();
    let (mean, variance) = match options.terms {
        Terms::Trend => (1.0 / 15.0, 11.0 / 6300.0),
        _ => (1.0 / 6.0, 1.0 / 45.0),
    };
    let z = n.sqrt() * (multipliers.iter().sum::<f64>() / n - mean) / f64::sqrt(variance);
    let units = series.iter().zip(&multipliers).map(|(own, multiplier)| OfUnit {
        unit: own.unit.clone(),
        lags: 0,
        observations: t,
        rho: None,
        statistic: *multiplier,
        p: None,
    });
    Ok(UnitRoots {
        test: Test::new(kind.word(), kind.null(), z, Distribution::UpperNormal),
        units: units.collect(),
        remarks: Vec::new(),
    })
}

#[cfg(test)]
mod tests;
