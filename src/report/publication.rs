//! Several estimates side by side, as journals print them: Markdown, LaTeX, HTML, CSV, and for the terminal.
//!
//! ```text
//!                 (1)          (2)
//! log(pcap)      -0.0261      -0.0301
//!                (0.0290)     (0.0269)
//! ```
//!
//! Coefficients with stars (*** p < 0.01, ** p < 0.05, * p < 0.1), standard errors in parentheses below, what was estimated
//! and how at the foot.

mod forms;

use crate::econometrics::spatial::moments::Moments;
use crate::estimation::{CovarianceKind, Estimation, Estimator};

/// A coefficient with stars and its standard error in parentheses, if the model has the term.
pub type Cell = Option<(String, String)>;

/// Lines of a table, cell by cell.
pub type Lines = Vec<Vec<String>>;

/// A table of estimates, as texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// Names of the models.
    pub models: Vec<String>,
    /// Name of the response of each.
    pub dependents: Vec<String>,
    /// Terms: name, and for each model coefficient with stars and standard error.
    pub terms: Vec<(String, Vec<Cell>)>,
    /// Lines at the foot: name, and a text for each model.
    pub foot: Vec<(String, Vec<String>)>,
}

/// The sentence below a table.
pub const LEGEND: &str = "Standard errors in parentheses. *** p < 0.01, ** p < 0.05, * p < 0.1.";

/// A number with four significant digits, never in exponents between 0.0001 and a million.
pub fn short(value: f64) -> String {
    let size = value.abs();
    match size {
        _ if value.is_nan() => String::new(),
        0.0 => "0".to_owned(),
        _ if !(1e-4..1e6).contains(&size) => format!("{value:.3e}"),
        _ => {
            let places = (3 - size.log10().floor() as i32).clamp(0, 7);
            format!("{value:.*}", places as usize)
        }
    }
}

/// A probability; the smallest are only said to be small.
pub fn probability(p: f64) -> String {
    match p {
        p if p.is_nan() => String::new(),
        p if p < 1e-4 => "< 0.0001".to_owned(),
        p => format!("{p:.4}"),
    }
}

fn stars(p: f64) -> &'static str {
    match p {
        p if p < 0.01 => "***",
        p if p < 0.05 => "**",
        p if p < 0.1 => "*",
        _ => "",
    }
}

fn covariance_word(own: &Estimation) -> String {
    match &own.model.covariance {
        _ if matches!(own.model.estimator, Estimator::Spatial { .. }) => "information".to_owned(),
        _ if matches!(own.model.estimator, Estimator::SpatialRandom { .. }) => {
            "information".to_owned()
        }
        _ if matches!(own.model.estimator, Estimator::SpatialMoments { .. }) => "GLS".to_owned(),
        CovarianceKind::Cluster(by) => format!("by {}", by.join(" and ")),
        CovarianceKind::Jackknife(by) => format!("CR3 by {by}"),
        kind => kind.word().replace('_', " "),
    }
}

fn effects_word(own: &Estimation) -> String {
    match &own.model.estimator {
        Estimator::Within { effects } | Estimator::Mediation { effects, .. } => effects.join(", "),
        Estimator::Threshold { .. } => "individual".to_owned(),
        Estimator::Random { two_way: true, .. } => "random, two-way".to_owned(),
        Estimator::Random { .. } | Estimator::SpatialRandom { .. } => "random".to_owned(),
        Estimator::SpatialMoments { effects, .. } => effects.word().to_owned(),
        Estimator::Spatial { effects, .. }
        | Estimator::SpatialTwoStage { effects, .. }
        | Estimator::SpatialRegressors { effects, .. } => effects.word().replace('_', "-"),
        _ => "none".to_owned(),
    }
}

fn estimator_word(own: &Estimation) -> String {
    match &own.model.estimator {
        Estimator::Spatial { model, approach, .. } => {
            format!("{}, {}", model.name(), approach.word().replace('_', " "))
        }
        Estimator::SpatialRandom { model, .. } => {
            format!("{}, maximum likelihood", model.name())
        }
        Estimator::SpatialMoments { model, moments, .. } => {
            let by = if *moments == Moments::Weighted { ", weighted" } else { "" };
            format!("{}, moments{by}", model.name())
        }
        Estimator::SpatialTwoStage { .. } => "spatial lag, 2SLS".to_owned(),
        Estimator::SpatialRegressors { .. } => "spatial lags of regressors".to_owned(),
        estimator if own.model.endogenous.is_empty() => estimator.word().replace('_', " "),
        estimator => format!("{}, 2SLS", estimator.word().replace('_', " ")),
    }
}

impl Publication {
    /// Lays estimates side by side; terms in the order in which they first appear, spatial coefficients last.
    pub fn of(estimates: &[Estimation]) -> Self {
        let last = |name: &str| matches!(name, "rho" | "lambda" | "phi");
        let mut names: Vec<&str> = Vec::new();
        for own in estimates.iter().flat_map(|own| &own.coefficients) {
            if own.name != "sigma2" && !names.contains(&own.name.as_str()) {
                names.push(&own.name);
            }
        }
        names.sort_by_key(|name| (last(name), *name == crate::econometrics::design::CONSTANT));
        let cell = |own: &Estimation, name: &str| {
            let own = own.coefficient(name)?;
            // What has no error has none in parentheses.
            let error = Some(short(own.error)).filter(|text| !text.is_empty());
            Some((
                format!("{}{}", short(own.value), stars(own.p)),
                error.map_or(String::new(), |text| format!("({text})")),
            ))
        };
        let terms = names.iter().map(|name| {
            ((*name).to_owned(), estimates.iter().map(|own| cell(own, name)).collect())
        });
        let terms = terms.collect();
        let mut foot: Vec<(String, Vec<String>)> = vec![
            ("Estimator".to_owned(), estimates.iter().map(estimator_word).collect()),
            ("Effects".to_owned(), estimates.iter().map(effects_word).collect()),
            ("Standard errors".to_owned(), estimates.iter().map(covariance_word).collect()),
        ];
        for (word, name) in [
            ("observations", "Observations"),
            ("units", "Units"),
            ("periods", "Periods"),
            ("r2", "R²"),
            ("r2_within", "R² within"),
            ("sigma2", "σ²"),
            ("log_likelihood", "Log-likelihood"),
        ] {
            let own = |own: &Estimation| {
                let value = match word {
                    "sigma2" => own.coefficient(word)?.value,
                    word => own.statistic(word)?,
                };
                Some(if value.fract() == 0.0 && value.abs() < 1e15 {
                    format!("{value:.0}")
                } else {
                    short(value)
                })
            };
            let values: Vec<String> =
                estimates.iter().map(|estimate| own(estimate).unwrap_or_default()).collect();
            if values.iter().any(|value| !value.is_empty()) {
                foot.push((name.to_owned(), values));
            }
        }
        Publication {
            models: estimates.iter().map(|own| own.model.name.clone()).collect(),
            dependents: estimates.iter().map(|own| own.model.dependent.clone()).collect(),
            terms,
            foot,
        }
    }

    /// Head, terms with their errors, foot: every line as texts, the first cell its name.
    pub fn lines(&self) -> (Lines, Lines, Lines) {
        let line = |name: &str, cells: Vec<String>| {
            std::iter::once(name.to_owned()).chain(cells).collect::<Vec<_>>()
        };
        let numbers = (1..=self.models.len()).map(|at| format!("({at})")).collect();
        let head = vec![
            line("", numbers),
            line("", self.models.clone()),
            line("Dependent", self.dependents.clone()),
        ];
        let mut body = Vec::new();
        for (name, cells) in &self.terms {
            let part = |which: fn(&(String, String)) -> &String| {
                cells
                    .iter()
                    .map(|cell| cell.as_ref().map(which).cloned().unwrap_or_default())
                    .collect()
            };
            body.push(line(name, part(|cell| &cell.0)));
            body.push(line("", part(|cell| &cell.1)));
        }
        let foot = self.foot.iter().map(|(name, cells)| line(name, cells.clone())).collect();
        (head, body, foot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_four_digits() {
        for (value, text) in [
            (0.292006925, "0.2920"),
            (-0.0052977, "-0.005298"),
            (1234.5678, "1235"),
            (12.345, "12.35"),
            (3.2e-9, "3.200e-9"),
            (0.0, "0"),
            (f64::NAN, ""),
        ] {
            assert_eq!(short(value), text);
        }
    }
}
