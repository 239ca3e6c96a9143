//! Transfer beside its rivals: other measures of the same pair of tables, and whether they agree.
//!
//! | measure | says | METHODS |
//! |---|---|---|
//! | sourcing, net transfer | what the change of regional sourcing did (`decomposition::transfer`) | B2 |
//! | [`DemandPull`] | whose demand calls for production where, and how that changed | B3 |
//! | base, end weights | sourcing alone at its new (old) value (`SourcingOrders`) | B4 |
//! | [`shift_share`] | growth beyond the nation's, without any table | B5 |
//!
//! They answer different questions; [`Line`] holds their signs side by side and says where they part
//! and why.

mod agreement;
mod demand_pull;

pub use agreement::{Disagreement, Line, Measure, Reason};
pub use demand_pull::{DemandPull, without_transfer};

use crate::decomposition::shares::FactorPair;
use crate::decomposition::transfer::{SectorSet, Transfer};
use crate::fault::{Note, NoteCode};
use crate::footprint::User;
use crate::labels::Industries;
use crate::leontief::LeontiefError;
use crate::table::Table;
use crate::units::Unit;

/// The other measures of one quantity.
#[derive(Debug, Clone)]
pub struct QuantityRivals {
    /// `output`, `value_added` or the code of a stressor.
    pub code: String,
    /// Its unit, that of the base table.
    pub unit: Unit,
    /// Whose demand calls for it, in both years (B3).
    pub demand_pull: DemandPull,
    /// Change beyond the nation's growth of the sector, one entry per industry (B5).
    pub shift_share: Vec<f64>,
    /// Every region of the first set of sectors, then of the next; empty if the transfer was computed
    /// without [`SourcingOrders`](crate::decomposition::transfer::SourcingOrders).
    pub lines: Vec<Line>,
}

/// The other measures of a transfer.
#[derive(Debug, Clone)]
pub struct Rivals {
    /// Regions and sectors.
    pub industries: Industries,
    /// Whose demand there is: the regions in order, then the rest of the world and others.
    pub users: Vec<User>,
    /// The sets of sectors that the lines are about.
    pub sets: Vec<SectorSet>,
    /// Each quantity of the transfer, in its order.
    pub quantities: Vec<QuantityRivals>,
}

impl Rivals {
    /// Measures every quantity of a transfer in the other ways.
    ///
    /// `target` must be on the base's axes (`decomposition::shares::align`), `pair` made of the two,
    /// and `sets` those that the transfer was computed for.
    ///
    /// # Errors
    /// If one of the two tables has no Leontief solution.
    pub fn of(
        base: &Table,
        target: &Table,
        pair: &FactorPair,
        transfer: &Transfer,
        sets: &[SectorSet],
    ) -> Result<Self, LeontiefError> {
        let pull = demand_pull::Pull::of(base, target)?;
        let industries = &pair.industries;
        let measured = pair.quantities.iter().zip(&transfer.quantities).enumerate();
        let quantities = measured
            .map(|(at, (measured, effects))| {
                let intensities = [0, 1].map(|year| pair.years[year].intensities[at].as_slice());
                let demand_pull = pull.quantity(industries, intensities);
                let [before, after] = &measured.observed;
                let shift_share = shift_share(industries, before, after);
                let lines = agreement::lines(
                    industries,
                    sets,
                    effects,
                    &measured.observed,
                    &demand_pull,
                    &shift_share,
                );
                QuantityRivals {
                    code: measured.code.clone(),
                    unit: measured.unit.clone(),
                    demand_pull,
                    shift_share,
                    lines,
                }
            })
            .collect();
        Ok(Rivals {
            industries: industries.clone(),
            users: pull.users,
            sets: sets.to_vec(),
            quantities,
        })
    }

    /// Where the measures part for each quantity and the first set of sectors, if they do.
    pub fn note(&self) -> Option<Note> {
        let regions = &self.industries.regions;
        let of = |quantity: &QuantityRivals| {
            let parts = |line: &&Line| {
                line.set == 0 && (!line.agrees() || line.range[0] < 0.0 && line.range[1] > 0.0)
            };
            let lines = quantity.lines.iter().filter(parts);
            let apart: Vec<&str> = lines.map(|line| regions.code(line.region)).collect();
            (!apart.is_empty()).then(|| format!("{} in {}", quantity.code, apart.join(", ")))
        };
        let apart: Vec<String> = self.quantities.iter().filter_map(of).collect();
        (!apart.is_empty()).then(|| {
            let text = format!(
                "other measures of transfer, or orders of the factors, have another sign than sourcing ({}): they answer \
                 other questions, so say which one is meant; agreement.csv has the reason for each",
                apart.join("; ")
            );
            Note::new(NoteCode::MeasuresDisagree, text)
        })
    }
}

/// Change of each industry beyond what the nation's growth of its sector would have brought.
///
/// ```text
/// y_i^r(1) − y_i^r(0) · Y_i(1) / Y_i(0),   Y_i = Σ_r y_i^r
/// ```
///
/// In the quantity's unit; sums to zero over regions. Where the nation had nothing of a sector in the
/// base year its growth is not defined and the entry is 0. METHODS B5.
pub fn shift_share(industries: &Industries, before: &[f64], after: &[f64]) -> Vec<f64> {
    let change: Vec<f64> = after.iter().zip(before).map(|(a, b)| a - b).collect();
    beyond_nation(industries, before, &change)
}

/// A part of a change less the region's share, by the base year, of that part in the nation.
///
/// ```text
/// e_i^r − y_i^r(0) / Y_i(0) · Σ_r e_i^r
/// ```
///
/// Linear in the part, so that the parts of parts that add up to the change add up to the shift–share.
fn beyond_nation(industries: &Industries, before: &[f64], part: &[f64]) -> Vec<f64> {
    let sectors = industries.sectors.len();
    let nation = |values: &[f64]| -> Vec<f64> {
        (0..sectors).map(|i| values.iter().skip(i).step_by(sectors).sum()).collect()
    };
    let (before_all, part_all) = (nation(before), nation(part));
    let one = |(at, part): (usize, &f64)| match before_all[at % sectors] {
        0.0 => 0.0,
        all => part - before[at] / all * part_all[at % sectors],
    };
    part.iter().enumerate().map(one).collect()
}
