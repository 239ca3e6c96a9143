//! Totals of an emission inventory by province, beside what its sheets state.

use super::InputFile;
use crate::fault::Note;
use crate::labels::Label;
use crate::units::Unit;

/// An inventory, by province.
#[derive(Debug, Clone, PartialEq)]
pub struct Inventory {
    /// Name of its file.
    pub name: String,
    /// Unit of all amounts.
    pub unit: Unit,
    /// Its file.
    pub input: InputFile,
    /// The provinces that have numbers, in the order of the file.
    pub provinces: Vec<Province>,
    /// What to know about it.
    pub notes: Vec<Note>,
}

/// What one province emits.
#[derive(Debug, Clone, PartialEq)]
pub struct Province {
    /// The province.
    pub label: Label,
    /// Total that its sheet states.
    pub stated: f64,
    /// Sum of its sectors.
    pub sectors: f64,
    /// Direct emissions of its households.
    pub households: f64,
}

impl Province {
    /// How far sectors and households are from the total.
    pub fn gap(&self) -> f64 {
        self.sectors + self.households - self.stated
    }
}

impl Inventory {
    /// An inventory without provinces.
    pub fn new(name: String, unit: Unit, input: InputFile) -> Self {
        Inventory { name, unit, input, provinces: Vec::new(), notes: Vec::new() }
    }
}
