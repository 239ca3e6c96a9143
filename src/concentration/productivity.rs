//! Total factor productivity by Solow residual. METHODS C1.
//!
//! ```text
//! ln TFP = ln Y − α ln K − (1 − α) ln L
//! ```
//!
//! α, the share of capital, is given, or estimated under the same constant returns by least squares with an effect of
//! each unit:
//!
//! ```text
//! ln(Y/L)_it = α ln(K/L)_it + μ_i + ε_it
//! ```

/// Output, capital and labour of one unit in one year, all of them positive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Inputs {
    /// Position of the unit.
    pub unit: usize,
    /// Output, in money of one year.
    pub output: f64,
    /// Capital, in money of one year.
    pub capital: f64,
    /// Labour.
    pub labour: f64,
}

/// A share of capital estimated from a panel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CapitalShare {
    /// α.
    pub share: f64,
    /// Its classical standard error.
    pub error: f64,
    /// Observations.
    pub observations: usize,
    /// Units with an effect of their own.
    pub units: usize,
}

/// Why the share of capital cannot be estimated.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ShareError {
    /// Too few years of too few units.
    #[error(
        "{observations} observations of {units} units leave nothing to estimate the share from"
    )]
    TooFew {
        /// Observations.
        observations: usize,
        /// Units.
        units: usize,
    },
    /// Capital per worker of every unit stays what it is.
    #[error("capital per worker of no unit changes over time")]
    NoVariation,
}

/// `ln TFP = ln Y − α ln K − (1 − α) ln L`.
///
/// # Examples
/// ```
/// use irio::concentration::productivity::{Inputs, log_tfp};
/// let inputs = Inputs { unit: 0, output: 8.0, capital: 4.0, labour: 1.0 };
/// assert!((log_tfp(&inputs, 0.5) - 4f64.ln()).abs() < 1e-12);
/// ```
pub fn log_tfp(inputs: &Inputs, share: f64) -> f64 {
    inputs.output.ln() - share * inputs.capital.ln() - (1.0 - share) * inputs.labour.ln()
}

/// The share of capital by least squares with an effect of each unit.
///
/// # Errors
/// If there are no more observations than units and one, or capital per worker never changes.
pub fn capital_share(panel: &[Inputs]) -> Result<CapitalShare, ShareError> {
    let units = panel.iter().map(|one| one.unit + 1).max().unwrap_or(0);
    let logs: Vec<[f64; 2]> = panel
        .iter()
        .map(|one| [one.capital.ln() - one.labour.ln(), one.output.ln() - one.labour.ln()])
        .collect();
    let (mut sums, mut counts) = (vec![[0.0; 2]; units], vec![0usize; units]);
    for (one, [x, y]) in panel.iter().zip(&logs) {
        sums[one.unit][0] += x;
        sums[one.unit][1] += y;
        counts[one.unit] += 1;
    }
    let present = counts.iter().filter(|count| **count > 0).count();
    let observations = panel.len();
    if observations < present + 2 {
        return Err(ShareError::TooFew { observations, units: present });
    }
    let within: Vec<[f64; 2]> = panel
        .iter()
        .zip(&logs)
        .map(|(one, log)| {
            let (sum, count) = (sums[one.unit], counts[one.unit] as f64);
            [log[0] - sum[0] / count, log[1] - sum[1] / count]
        })
        .collect();
    let xx: f64 = within.iter().map(|[x, _]| x * x).sum();
    let xy: f64 = within.iter().map(|[x, y]| x * y).sum();
    let scale: f64 = logs.iter().map(|[x, _]| x * x).sum();
    if xx <= 1e-20 * scale.max(1e-300) {
        return Err(ShareError::NoVariation);
    }
    let share = xy / xx;
    let rss: f64 = within.iter().map(|[x, y]| (y - share * x).powi(2)).sum();
    let error = (rss / (observations - present - 1) as f64 / xx).sqrt();
    Ok(CapitalShare { share, error, observations, units: present })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panel(noise: f64) -> Vec<Inputs> {
        (0..24u32)
            .map(|at| {
                let (unit, t) = ((at / 6) as usize, f64::from(at % 6));
                let labour = 10.0 + f64::from(at % 5);
                let capital = labour * (1.0 + 0.3 * t + unit as f64);
                let effect = 0.2 * unit as f64 + noise * f64::from((at * 13) % 7);
                let output = labour * (effect + 0.35 * (capital / labour).ln()).exp();
                Inputs { unit, output, capital, labour }
            })
            .collect()
    }

    #[test]
    fn the_share_that_made_the_panel_is_found() {
        let found = capital_share(&panel(0.0)).unwrap();
        assert!((found.share - 0.35).abs() < 1e-12 && found.error < 1e-12);
        assert_eq!((found.observations, found.units), (24, 4));
        for one in panel(0.0) {
            assert!((log_tfp(&one, found.share) - 0.2 * one.unit as f64).abs() < 1e-10);
        }
    }

    /// The within estimator is least squares with a dummy for each unit: normal equations by hand.
    #[test]
    fn residuals_are_orthogonal_to_effects_and_capital() {
        let panel = panel(0.02);
        let found = capital_share(&panel).unwrap();
        let tfp: Vec<f64> = panel.iter().map(|one| log_tfp(one, found.share)).collect();
        let mut product = 0.0;
        for unit in 0..4 {
            let of: Vec<usize> = (0..24).filter(|at| panel[*at].unit == unit).collect();
            let mean = of.iter().map(|at| tfp[*at]).sum::<f64>() / of.len() as f64;
            for at in of {
                product += (tfp[at] - mean) * (panel[at].capital / panel[at].labour).ln();
            }
        }
        assert!(product.abs() < 1e-12 && found.error > 0.0);
    }

    #[test]
    fn a_panel_without_change_tells_nothing() {
        let one = Inputs { unit: 0, output: 2.0, capital: 3.0, labour: 1.0 };
        assert_eq!(capital_share(&[one; 5]), Err(ShareError::NoVariation));
        assert!(matches!(capital_share(&[one]), Err(ShareError::TooFew { .. })));
        assert!(matches!(capital_share(&[]), Err(ShareError::TooFew { .. })));
    }
}
