//! Levels and changes of an outcome by region.

use super::{Outcome, YearOutcome};
use crate::labels::places::clean;
use crate::table::{Quantity, Table};

impl YearOutcome {
    /// Change of a quantity by region: scenario less baseline; nothing if it is not computed.
    pub fn change(&self, table: &Table, quantity: Quantity) -> Vec<f64> {
        let Some(found) = self.quantities.iter().find(|own| own.quantity == quantity) else {
            return vec![0.0; table.industries().regions.len()];
        };
        let sums = |values: &[f64]| table.industries().by_region(values);
        let (scenario, baseline) = (sums(&found.scenario), sums(&found.baseline));
        let pairs = scenario.iter().zip(&baseline);
        pairs.map(|(s, b)| clean(s - b, s.abs() + b.abs())).collect()
    }

    /// A quantity by region in the baseline and in the scenario, with direct emissions of households;
    /// nothing if it is not computed.
    pub fn levels(&self, table: &Table, quantity: Quantity) -> [Vec<f64>; 2] {
        let industries = table.industries();
        let Some(found) = self.quantities.iter().find(|own| own.quantity == quantity) else {
            return [(); 2].map(|()| vec![0.0; industries.regions.len()]);
        };
        [&found.baseline, &found.scenario].map(|values| {
            let mut sums = industries.by_region(values);
            if let Quantity::Stressor(stressor) = quantity {
                add_households(&mut sums, &self.households[stressor]);
            }
            sums
        })
    }
}

impl Outcome {
    /// A quantity of the table itself by region, with direct emissions of households.
    pub fn base_levels(&self, table: &Table, quantity: Quantity) -> Vec<f64> {
        let industries = table.industries();
        let own = self.base.iter().find(|(other, _)| *other == quantity);
        let mut sums = own.map_or_else(
            || vec![0.0; industries.regions.len()],
            |(_, values)| industries.by_region(values),
        );
        if let Quantity::Stressor(stressor) = quantity {
            add_households(&mut sums, &self.households[stressor]);
        }
        sums
    }
}

fn add_households(sums: &mut [f64], direct: &[f64]) {
    sums.iter_mut().zip(direct).for_each(|(sum, direct)| *sum += direct);
}
