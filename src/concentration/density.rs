//! Activity per area, and capital where only investment is known. METHODS A7, C1.
//!
//! ```text
//! OA, LA, CA, TA = Σ_j h_j q_rj / K_r       q output, workers, capital, R&D; K_r area; h_j weight of sector j
//! K_t = (1 − δ) K_{t−1} + I_t
//! ```
//!
//! Area is fixed, so a change of the logarithm of a density is that of its quantity.
//! Source: Tang, Peng & Yang (2022), §2.2.2; weights of heavily polluting industries are this project's (METHODS A7).

/// A quantity by region per area, weighted over sectors.
///
/// ```text
/// Σ_j h_j q_rj / K_r
/// ```
///
/// `values` has one entry for each region and within it each sector, `areas` one for each region; the result is in the
/// quantity's unit per unit of area.
///
/// # Panics
/// If the lengths do not fit.
#[track_caller]
pub fn density(values: &[f64], weights: &[f64], areas: &[f64]) -> Vec<f64> {
    let quantities = weighted(values, weights);
    assert_eq!(quantities.len(), areas.len(), "one area for each region");
    quantities.iter().zip(areas).map(|(quantity, area)| quantity / area).collect()
}

/// A quantity by region, weighted over sectors: `Σ_j h_j q_rj`.
///
/// # Panics
/// If there is not one weight for each sector.
#[track_caller]
pub fn weighted(values: &[f64], weights: &[f64]) -> Vec<f64> {
    assert!(
        !weights.is_empty() && values.len().is_multiple_of(weights.len()),
        "one weight for each sector"
    );
    let one = |row: &[f64]| row.iter().zip(weights).map(|(q, h)| h * q).sum();
    values.chunks(weights.len()).map(one).collect()
}

/// What capital there was in the first year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Initial {
    /// A known stock at the end of the first year.
    Stock(f64),
    /// `I_0 / (g + δ)` with a yearly growth `g` of investment before it (Hall & Jones 1999).
    Growth(f64),
    /// The same with the mean yearly growth of the investment that is known.
    OwnGrowth,
}

/// Why investment makes no capital.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CapitalError {
    /// Depreciation is no share.
    #[error("depreciation is {0}: it lies above 0 and at most at 1")]
    Depreciation(f64),
    /// Growth and depreciation leave no steady state.
    #[error("growth {growth} and depreciation {depreciation} have no steady state: give a stock")]
    NoSteadyState {
        /// Growth of investment.
        growth: f64,
        /// Depreciation.
        depreciation: f64,
    },
    /// Growth cannot be measured on it.
    #[error("growth of investment needs two years, the first and the last with some: give a stock")]
    NoGrowth,
}

/// Capital stock of every year by perpetual inventory; investment is of consecutive years, at one year's prices.
///
/// ```text
/// K_t = (1 − δ) K_{t−1} + I_t
/// ```
///
/// # Errors
/// If depreciation is no share, or the first stock cannot be told.
pub fn perpetual_inventory(
    investment: &[f64],
    depreciation: f64,
    initial: Initial,
) -> Result<Vec<f64>, CapitalError> {
    if !(depreciation > 0.0 && depreciation <= 1.0) {
        return Err(CapitalError::Depreciation(depreciation));
    }
    let (Some(&first), Some(&last)) = (investment.first(), investment.last()) else {
        return Ok(Vec::new());
    };
    let steady = |growth: f64| {
        // Less than this is a stock of a billion years' investment.
        if growth + depreciation > 1e-9 {
            Ok(first / (growth + depreciation))
        } else {
            Err(CapitalError::NoSteadyState { growth, depreciation })
        }
    };
    let mut stock = match initial {
        Initial::Stock(stock) => stock,
        Initial::Growth(growth) => steady(growth)?,
        Initial::OwnGrowth if investment.len() > 1 && first > 0.0 && last > 0.0 => {
            steady((last / first).powf(1.0 / (investment.len() - 1) as f64) - 1.0)?
        }
        Initial::OwnGrowth => return Err(CapitalError::NoGrowth),
    };
    let mut stocks = vec![stock];
    for added in &investment[1..] {
        stock = (1.0 - depreciation) * stock + added;
        stocks.push(stock);
    }
    Ok(stocks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn densities_weigh_sectors_and_divide_by_area() {
        let values = [10.0, 20.0, 4.0, 6.0, 8.0, 1.0];
        assert_eq!(density(&values, &[1.0, 1.0, 1.0], &[2.0, 5.0]), [17.0, 3.0]);
        assert_eq!(density(&values, &[1.0, 0.5, 0.0], &[2.0, 5.0]), [10.0, 2.0]);
    }

    #[test]
    fn capital_is_what_is_left_and_what_is_added() {
        let found = perpetual_inventory(&[10.0, 12.0, 15.0], 0.1, Initial::Stock(100.0)).unwrap();
        assert_eq!(found, [100.0, 102.0, 106.8]);
        let found = perpetual_inventory(&[10.0, 12.0], 0.1, Initial::Growth(0.15)).unwrap();
        assert!((found[0] - 40.0).abs() < 1e-12 && (found[1] - 48.0).abs() < 1e-12);
        // Growth of 20 % a year.
        let found = perpetual_inventory(&[10.0, 9.0, 14.4], 0.05, Initial::OwnGrowth).unwrap();
        assert!((found[0] - 40.0).abs() < 1e-9);
    }

    #[test]
    fn a_first_stock_that_cannot_be_told_is_refused() {
        let told = |initial| perpetual_inventory(&[10.0, 0.0], 0.1, initial).unwrap_err();
        assert_eq!(told(Initial::OwnGrowth), CapitalError::NoGrowth);
        assert!(matches!(told(Initial::Growth(-0.2)), CapitalError::NoSteadyState { .. }));
        assert_eq!(
            perpetual_inventory(&[1.0], 0.0, Initial::Stock(1.0)),
            Err(CapitalError::Depreciation(0.0))
        );
    }
}
