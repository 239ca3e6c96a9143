//! Plausibility: what a move is in tonnes and plants, for products with a price.
//!
//! ```text
//! tonnes = g / p     plants = tonnes / size     share = g / Σ_r x_rj
//! ```
//!
//! **Assumption**: one price for all that the sector makes, in the prices of the table; a typical
//! plant runs at the capacity given. METHODS B7.

use super::{RealismError, Shift, positive};

/// A product with a price.
#[derive(Debug, Clone, PartialEq)]
pub struct PricedProduct {
    /// Its sector.
    pub sector: usize,
    /// Price p, in the table's money per tonne.
    pub price: f64,
    /// Tonnes that a typical plant makes in a year, where that is known.
    pub plant_size: Option<f64>,
}

/// What one move is in physical terms.
#[derive(Debug, Clone, PartialEq)]
pub struct PhysicalMove {
    /// Which move, counted from 0.
    pub index: usize,
    /// Tonnes a year that move.
    pub tonnes: f64,
    /// Tonnes a year that all regions make without the move.
    pub national_tonnes: f64,
    /// Typical plants that it takes; not rounded.
    pub plants: Option<f64>,
    /// Share of what all regions make; none where they make nothing.
    pub national_share: Option<f64>,
}

impl PricedProduct {
    /// Whether price and size make sense.
    ///
    /// # Errors
    /// If one of them is not above 0.
    pub fn check(&self) -> Result<(), RealismError> {
        positive("the price per tonne", self.price)?;
        self.plant_size.map_or(Ok(()), |size| positive("the size of a plant", size))
    }
}

/// Every move of a product with a price, in the order of the moves.
///
/// **Assumption**: as in the module's text. A product is looked for in its order: the first of a
/// sector counts.
pub fn physical_moves(shift: &Shift, products: &[PricedProduct]) -> Vec<PhysicalMove> {
    let industries = shift.industries();
    let national = |sector: usize| -> f64 {
        (0..industries.regions.len()).map(|r| shift.before()[industries.index(r, sector)]).sum()
    };
    let mut found = Vec::new();
    for (index, (mv, g)) in shift.plants().enumerate() {
        let Some(product) = products.iter().find(|product| product.sector == mv.sector) else {
            continue;
        };
        let (tonnes, all) = (g / product.price, national(mv.sector));
        found.push(PhysicalMove {
            index,
            tonnes,
            national_tonnes: all / product.price,
            plants: product.plant_size.map(|size| tonnes / size),
            national_share: (all > 0.0).then(|| g / all),
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::example::{A_TO_B, two_by_two};
    use super::*;

    fn product(plant_size: Option<f64>) -> PricedProduct {
        PricedProduct { sector: 0, price: 0.25, plant_size }
    }

    fn found(products: &[PricedProduct], relocated: f64) -> Vec<PhysicalMove> {
        let table = two_by_two();
        let relocated = [relocated];
        let output = table.output();
        let shift = Shift::new(table.industries(), output, output, &A_TO_B, &relocated);
        physical_moves(&shift, products)
    }

    /// 8 of money at 1/4 a tonne are 32 tonnes, two plants of 16; both regions make 64, 256 tonnes.
    #[test]
    fn a_move_in_tonnes_and_plants() {
        let expected = PhysicalMove {
            index: 0,
            tonnes: 32.0,
            national_tonnes: 256.0,
            plants: Some(2.0),
            national_share: Some(0.125),
        };
        assert_eq!(found(&[product(Some(16.0))], 8.0), [expected]);
    }

    #[test]
    fn off_or_still_is_exactly_nothing() {
        assert_eq!(found(&[], 8.0), []);
        assert_eq!(found(&[PricedProduct { sector: 1, ..product(None) }], 8.0), []);
        let still = &found(&[product(None)], 0.0)[0];
        assert_eq!((still.tonnes, still.plants, still.national_share), (0.0, None, Some(0.0)));
    }

    #[test]
    fn faulty_products_are_refused() {
        assert!(product(Some(1.0)).check().is_ok());
        assert!(PricedProduct { price: 0.0, ..product(None) }.check().is_err());
        assert!(product(Some(-1.0)).check().is_err());
    }
}
