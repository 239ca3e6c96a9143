//! How clean the moved sectors are, region by region: what a plant leaves and what it joins.
//!
//! ```text
//! e_rj / x_rj   per unit of output        e_rj / va_rj   per unit of value added
//! ```
//!
//! Both are of the table's year, before anything moves. Output per product differs less in price than
//! value added does, so gaps per output are the nearer to technology.

use super::Move;
use crate::table::{Quantity, Table};

/// A region's part in the moves of a sector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Plants leave it.
    Giving,
    /// Plants arrive.
    Receiving,
    /// Both.
    Both,
    /// Neither.
    Other,
}

impl Side {
    /// The word of results.
    pub fn word(self) -> &'static str {
        match self {
            Side::Giving => "giving",
            Side::Receiving => "receiving",
            Side::Both => "giving_and_receiving",
            Side::Other => "other",
        }
    }
}

/// Intensities of a moved sector in every region.
#[derive(Debug, Clone, PartialEq)]
pub struct SectorIntensity {
    /// The sector.
    pub sector: usize,
    /// The stressor.
    pub quantity: Quantity,
    /// Each region's part in the moves.
    pub sides: Vec<Side>,
    /// Per unit of output, by region; none without output.
    pub per_output: Vec<Option<f64>>,
    /// Per unit of value added, by region; none where there is none to divide by.
    pub per_value_added: Vec<Option<f64>>,
}

/// Intensities of every stressor in every moved sector, in the order of sectors.
pub fn of_moves(table: &Table, moves: &[Move]) -> Vec<SectorIntensity> {
    let industries = table.industries();
    let mut sectors: Vec<usize> = moves.iter().map(|mv| mv.sector).collect();
    sectors.sort_unstable();
    sectors.dedup();
    let stressors: Vec<Quantity> = table
        .quantities()
        .into_iter()
        .filter(|quantity| matches!(quantity, Quantity::Stressor(_)))
        .collect();
    let (output, added) = (table.output(), table.value_added());
    let mut found = Vec::new();
    for quantity in stressors {
        let totals = table.totals(quantity);
        for &sector in &sectors {
            let at = |region: usize| industries.index(region, sector);
            let ratio = |of: &[f64], region: usize| {
                let whole = of[at(region)];
                (whole > 0.0).then(|| totals[at(region)] / whole)
            };
            let regions = 0..industries.regions.len();
            let side = |region: usize| {
                let of_sector = || moves.iter().filter(|mv| mv.sector == sector);
                let gives = of_sector().any(|mv| mv.from == region);
                match (gives, of_sector().any(|mv| mv.to == region)) {
                    (true, true) => Side::Both,
                    (true, false) => Side::Giving,
                    (false, true) => Side::Receiving,
                    (false, false) => Side::Other,
                }
            };
            found.push(SectorIntensity {
                sector,
                quantity,
                sides: regions.clone().map(side).collect(),
                per_output: regions.clone().map(|region| ratio(output, region)).collect(),
                per_value_added: regions.map(|region| ratio(&added, region)).collect(),
            });
        }
    }
    found
}
