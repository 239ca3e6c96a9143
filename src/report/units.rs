//! Units of derived numbers, spelled with a table's own.

use crate::location::{Measure, Place};
use crate::relocation::indicators::IndicatorUnit;
use crate::table::{Quantity, Table};

/// Spells the unit of an indicator of a quantity.
pub fn indicator(table: &Table, quantity: Quantity, unit: IndicatorUnit) -> String {
    let (stressor, money) = (table.quantity_unit(quantity), &table.meta().unit);
    match unit {
        IndicatorUnit::One => "1".to_owned(),
        IndicatorUnit::Stressor => stressor.to_string(),
        IndicatorUnit::Money => money.to_string(),
        IndicatorUnit::StressorPerMoney => format!("{stressor} per {money}"),
        IndicatorUnit::MoneyPerStressor => format!("{money} per {stressor}"),
    }
}

/// Names that a location game gives its places and units.
#[derive(Debug, Clone, Copy)]
pub struct GameWords<'a> {
    /// What the game is called.
    pub name: &'a str,
    /// What A and B are.
    pub places: [&'a str; 2],
    /// Money.
    pub money: &'a str,
    /// A unit of product.
    pub product: &'a str,
    /// A unit of raw material.
    pub raw: &'a str,
}

impl GameWords<'_> {
    /// Spells what a parameter is counted in.
    pub fn unit(&self, measure: Measure) -> String {
        let GameWords { money, product, raw, .. } = self;
        match measure {
            Measure::Count => "firms".to_owned(),
            Measure::Money => (*money).to_owned(),
            Measure::PerProduct => format!("{money} per {product}"),
            Measure::PerProductSquared => format!("{money} per {product} per {product}"),
            Measure::RawPerProduct => format!("{raw} per {product}"),
            Measure::PerRaw => format!("{money} per {raw}"),
        }
    }

    /// A place with its letter: `A (NC)`.
    pub fn place(&self, place: Place) -> String {
        let (letter, name) = (place.letter(), self.places[place as usize]);
        if name == letter { letter.to_owned() } else { format!("{letter} ({name})") }
    }
}
