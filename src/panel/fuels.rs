//! CO2 from fuels: `Σ_k E_k η_k`. METHODS A6.
//!
//! ```text
//! η = NCV · CC · OX · 44/12        TJ per unit, tC per TJ, oxidised share
//! ```

/// Tonnes of CO2 in a tonne of carbon.
const CO2_OF_CARBON: f64 = 44.0 / 12.0;

/// What burning a unit of a fuel emits.
#[derive(Debug, Clone, PartialEq)]
pub struct Factor {
    /// The fuel.
    pub fuel: String,
    /// Unit of the fuel.
    pub unit: String,
    /// Tonnes of CO2 per unit.
    pub co2: f64,
    /// Half the width of a 95 % interval, as a share of the factor.
    pub uncertainty: f64,
}

/// A factor from a net calorific value in kJ/kg, carbon in tC/TJ and the oxidised share: tonnes of CO2 per tonne.
///
/// # Examples
/// ```
/// let coal = irio::panel::fuels::factor(20_908.0, 26.37, 0.94);
/// assert!((coal - 1.9003).abs() < 5e-5);
/// ```
pub fn factor(kj_per_kg: f64, carbon: f64, oxidation: f64) -> f64 {
    // A thousand kg to the tonne, 10⁹ kJ to the TJ.
    kj_per_kg * 1e-6 * carbon * oxidation * CO2_OF_CARBON
}

/// Emissions of each row, absent where a fuel is; and how uncertain their sum is, as a share, if factors err
/// independently of each other.
///
/// # Panics
/// If the fuels do not have as many rows each.
#[track_caller]
pub fn emissions(fuels: &[(&Factor, &[f64])]) -> (Vec<f64>, f64) {
    let rows = fuels.first().map_or(0, |(_, values)| values.len());
    assert!(
        fuels.iter().all(|(_, values)| values.len() == rows),
        "as many rows of every fuel expected"
    );
    let sum = |row: usize| fuels.iter().map(|(factor, values)| factor.co2 * values[row]).sum();
    let of_fuel = |(factor, values): &(&Factor, &[f64])| {
        factor.co2 * values.iter().filter(|value| !value.is_nan()).sum::<f64>()
    };
    let all: f64 = fuels.iter().map(of_fuel).sum();
    let spread: f64 = fuels.iter().map(|own| (own.0.uncertainty * of_fuel(own)).powi(2)).sum();
    ((0..rows).map(sum).collect(), if all > 0.0 { spread.sqrt() / all } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(co2: f64, uncertainty: f64) -> Factor {
        Factor { fuel: String::new(), unit: "t".to_owned(), co2, uncertainty }
    }

    #[test]
    fn fuels_sum_and_their_uncertainties_partly_cancel() {
        let (coal, gas) = (of(2.0, 0.2), of(3.0, 0.1));
        let found = emissions(&[(&coal, &[10.0, 5.0, f64::NAN]), (&gas, &[0.0, 10.0, 1.0])]);
        assert_eq!(found.0[..2], [20.0, 40.0]);
        assert!(found.0[2].is_nan());
        // 30 of coal ± 6, 33 of gas ± 3.3
        assert!((found.1 - 6f64.hypot(3.3) / 63.0).abs() < 1e-15);
        assert_eq!(emissions(&[]), (Vec::new(), 0.0));
    }
}
