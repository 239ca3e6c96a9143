//! Units of derived numbers, spelled with a table's own.

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
