//! What agglomeration looks at in a year of a run, and what it does there.

use super::density::{Agglomeration, Both, Detail, Seen};
use super::{RunError, Runner, YearOutcome};
use crate::agglomeration::Reading;
use crate::relocation::Relocation;
use crate::scenario::density::{Amount, Density};
use crate::table::Quantity;

impl Runner<'_> {
    /// A quantity of the year without and with the moves.
    fn both(&self, amount: Amount, outcome: &YearOutcome) -> Both {
        let of = |wanted: Quantity| {
            let found = outcome.quantities.iter().find(|quantity| quantity.quantity == wanted);
            found.map_or_else(
                || Both { baseline: Vec::new(), scenario: Vec::new() },
                |found| Both { baseline: found.baseline.clone(), scenario: found.scenario.clone() },
            )
        };
        match amount {
            Amount::Output => of(Quantity::Output),
            Amount::Extension(at) => of(Quantity::Stressor(at)),
            Amount::ValueAddedRow(row) => {
                self.value_added_row(row, &self.full, &of(Quantity::Output), &outcome.relocated)
            }
        }
    }

    /// A row of value added; relocated plants have the coefficient of their technology.
    pub(super) fn value_added_row(
        &self,
        row: usize,
        relocation: &Relocation<'_>,
        output: &Both,
        relocated: &[f64],
    ) -> Both {
        let per_unit: Vec<f64> = self
            .table
            .value_added_rows()
            .values
            .row(row)
            .iter()
            .zip(self.table.output())
            .map(|(v, x)| if *x == 0.0 { 0.0 } else { v / x })
            .collect();
        let times =
            |x: &[f64]| -> Vec<f64> { x.iter().zip(&per_unit).map(|(x, c)| x * c).collect() };
        let (baseline, mut scenario) = (times(&output.baseline), times(&output.scenario));
        let industries = self.table.industries();
        let plants = relocation.mixed(&per_unit);
        for ((mv, g), plant) in self.moves.iter().zip(relocated).zip(plants) {
            let b = industries.index(mv.to, mv.sector);
            scenario[b] += g * (plant - per_unit[b]);
        }
        Both { baseline, scenario }
    }

    /// Takes a year in, and lets the chosen reading and the curves into its stressors.
    pub(super) fn agglomerate(
        &self,
        agglomeration: &mut Agglomeration<'_>,
        density: &Density,
        outcome: &mut YearOutcome,
        detail: Detail,
    ) -> Result<(), RunError> {
        let one = |amount: Amount| self.both(amount, outcome);
        let (dense, emissions) = (one(density.amount), one(Amount::Extension(density.stressor)));
        let (energy, labour) = (density.energy.map(one), density.labour.map(one));
        let value_added = outcome
            .quantities
            .iter()
            .find(|quantity| quantity.quantity == Quantity::ValueAdded)
            .map(|q| Both { baseline: q.baseline.clone(), scenario: q.scenario.clone() })
            .unwrap_or_else(|| dense.clone());
        let seen = Seen {
            density: &dense,
            value_added: &value_added,
            energy: energy.as_ref(),
            labour: labour.as_ref(),
            emissions: &emissions,
            households: &outcome.households[density.stressor],
        };
        let (found, applied) = agglomeration.year(outcome.year, &seen, detail)?;
        let stressor = Quantity::Stressor(density.stressor);
        if let Some(quantity) = outcome.quantities.iter_mut().find(|q| q.quantity == stressor) {
            applied.apply(self.table.industries(), quantity);
        }
        // A curve is a reading of its stressor: the headline leaves it out.
        for (at, delta) in found.inverted.iter().filter(|_| density.reading != Reading::None) {
            let stressor = Quantity::Stressor(*at);
            if let Some(quantity) = outcome.quantities.iter_mut().find(|q| q.quantity == stressor) {
                agglomeration.of_curve(delta).apply(self.table.industries(), quantity);
            }
        }
        outcome.density = Some(found);
        Ok(())
    }
}
