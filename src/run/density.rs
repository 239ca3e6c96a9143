//! Agglomeration in a run: densities from the model, every reading of the elasticities, and what the
//! chosen one does to the scenario. METHODS D1, D2.

#![allow(non_snake_case)]

use super::{QuantityYear, RunError};
use crate::agglomeration::{
    Exposure, InvertedU, Reading, Scale, SpilloverError, density_term, factor_on_sectors,
    intensity_term, spatial_multiplier,
};
use crate::elasticities::{Control, Dependent};
use crate::labels::Industries;
use crate::linalg::Dense;
use crate::scenario::density::{Density, Scope};

/// One reading of the elasticities in one year.
#[derive(Debug, Clone)]
pub struct ReadingYear {
    /// Which.
    pub reading: Reading,
    /// Years since a lasting step, where the run has no calendar; else the lags of the calendar.
    pub after: Option<usize>,
    /// Whether Δln IA was held within the cap.
    pub capped: bool,
    /// δ by region, neighbours included.
    pub delta: Vec<f64>,
    /// Emissions by region, households included; none where the chosen sectors would have to emit
    /// less than nothing.
    pub emissions: Vec<Option<f64>>,
}

/// Agglomeration in one year.
#[derive(Debug, Clone)]
pub struct DensityYear {
    /// Δln IA by region, as it is.
    pub density: Vec<f64>,
    /// Share of the chosen sectors in the region's emissions.
    pub share: Vec<f64>,
    /// Emissions by region of the baseline, households included.
    pub baseline: Vec<f64>,
    /// The elasticity, summed over lags and without neighbours, at which the region's emissions would
    /// not change: `−ln(E / E^ref) / Δln IA`; none where its density does not move.
    pub break_even: Vec<Option<f64>>,
    /// Every reading that can be computed.
    pub readings: Vec<ReadingYear>,
    /// Inverted U's: stressor by position, and δ of the chosen sectors by region.
    pub inverted: Vec<(usize, Vec<f64>)>,
}

/// A quantity by industry in the baseline and with the moves.
#[derive(Debug, Clone)]
pub(crate) struct Both {
    pub(crate) baseline: Vec<f64>,
    pub(crate) scenario: Vec<f64>,
}

/// What a year has to say about densities and controls.
pub(crate) struct Seen<'a> {
    pub(crate) density: &'a Both,
    pub(crate) value_added: &'a Both,
    pub(crate) energy: Option<&'a Both>,
    pub(crate) labour: Option<&'a Both>,
    pub(crate) emissions: &'a Both,
    pub(crate) households: &'a [f64],
}

/// How much of a year is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Every reading after every number of years, with the cap and without.
    Full,
    /// Every reading after the longest lag, with the cap.
    Last,
    /// The chosen reading alone.
    Chosen,
}

/// The exposures of the years so far, latest first, and the spatial multiplier.
pub(crate) struct Agglomeration<'a> {
    density: &'a Density,
    industries: &'a Industries,
    M: Dense,
    identity: Dense,
    history: Vec<Exposure>,
    by_industry: Vec<Vec<f64>>,
    /// Whether the run has no calendar, so that a move is a lasting step.
    lasting: bool,
}

/// What the chosen reading does to the scenario's emissions by industry.
pub(crate) struct Applied {
    /// Factor on each industry with M = I, and with neighbours.
    pub(crate) own: Vec<f64>,
    pub(crate) full: Vec<f64>,
}

impl<'a> Agglomeration<'a> {
    pub(crate) fn of(
        density: &'a Density,
        industries: &'a Industries,
        lasting: bool,
    ) -> Result<Self, SpilloverError> {
        let R = industries.regions.len();
        let mut identity = Dense::zeros(R, R);
        (0..R).for_each(|r| identity[(r, r)] = 1.0);
        let rho: Vec<f64> = density.estimates.iter().map(|e| e.spatial_lag).collect();
        let M = match &density.weights {
            Some(W) => spatial_multiplier(W, &density.groups, &rho)?,
            None => identity.clone(),
        };
        let (history, by_industry) = (Vec::new(), Vec::new());
        Ok(Agglomeration { density, industries, M, identity, history, by_industry, lasting })
    }

    fn sum(&self, values: &[f64], chosen: bool) -> Vec<f64> {
        let S = self.industries.sectors.len();
        let counts = |at: usize| !chosen || self.density.sectors[at % S];
        values
            .chunks_exact(S)
            .map(|of_region| (0..S).filter(|at| counts(*at)).map(|at| of_region[at]).sum())
            .collect()
    }

    /// Takes a year in: Δln IA and the controls by region, Δln of the other industry by industry.
    fn expose(&mut self, seen: &Seen<'_>) {
        let change = |after: &[f64], before: &[f64]| -> Vec<f64> {
            after.iter().zip(before).map(|(a, b)| log_change(*a, *b)).collect()
        };
        let sums = |both: &Both, chosen: bool| {
            [self.sum(&both.scenario, chosen), self.sum(&both.baseline, chosen)]
        };
        let [now, then] = sums(seen.density, true);
        let density = change(&now, &then);
        let [income, income_before] = sums(seen.value_added, false);
        let [industry, industry_before] = sums(seen.value_added, true);
        let ratio =
            |a: &[f64], b: &[f64]| -> Vec<f64> { a.iter().zip(b).map(|(a, b)| a / b).collect() };
        let mut controls = vec![
            (Control::Income, change(&income, &income_before)),
            (
                Control::Structure,
                change(&ratio(&industry, &income), &ratio(&industry_before, &income_before)),
            ),
        ];
        if let (Some(energy), Some(labour)) = (seen.energy, seen.labour) {
            let ([energy, energy_before], [labour, labour_before]) =
                (sums(energy, false), sums(labour, false));
            let per_worker =
                change(&ratio(&energy, &labour), &ratio(&energy_before, &labour_before));
            controls.push((Control::Energy, per_worker));
        }
        let S = self.industries.sectors.len();
        let of_others = (0..now.len() * S)
            .map(|at| {
                let (r, own) = (at / S, self.density.sectors[at % S]);
                let less =
                    |total: f64, values: &[f64]| if own { total - values[at] } else { total };
                log_change(
                    less(now[r], &seen.density.scenario),
                    less(then[r], &seen.density.baseline),
                )
            })
            .collect();
        self.history.insert(0, Exposure { scale: density.clone(), density, controls });
        self.by_industry.insert(0, of_others);
        let keep = self.density.longest_lag() + 1;
        self.history.truncate(keep);
        self.by_industry.truncate(keep);
    }

    /// The history that a reading looks at: the calendar's, or a step that has lasted `after` years.
    fn looked_at(&self, after: Option<usize>, cap: f64) -> Vec<Exposure> {
        let capped = |exposure: &Exposure| Exposure {
            density: exposure.density.iter().map(|change| change.clamp(-cap, cap)).collect(),
            scale: exposure.scale.clone(),
            controls: exposure.controls.clone(),
        };
        match after {
            Some(years) => vec![capped(&self.history[0]); years + 1],
            None => self.history.iter().map(capped).collect(),
        }
    }

    /// Factors on every industry's emissions of a reading; none for a region where there is none.
    fn factors(
        &self,
        reading: Reading,
        history: &[Exposure],
        by_industry: &[Vec<f64>],
        M: &Dense,
        scale: Scale<'_>,
        share: &[f64],
    ) -> (Vec<f64>, Vec<Option<f64>>) {
        let (S, estimates) = (self.industries.sectors.len(), self.density.of_regions());
        let own = |at: usize| self.density.sectors[at % S];
        if self.density.dependent() == Dependent::Intensity && reading != Reading::None {
            let delta = intensity_term(&estimates, by_industry, S);
            let factor = (0..delta.len())
                .map(|at| Some(if own(at) { delta[at].exp() } else { 1.0 }))
                .collect();
            return (vec![0.0; estimates.len()], factor);
        }
        let delta = density_term(reading, &estimates, history, scale, M);
        let factor = (0..delta.len() * S)
            .map(|at| match self.density.scope {
                _ if !own(at) => Some(1.0),
                Scope::Region => factor_on_sectors(delta[at / S], share[at / S]),
                Scope::Sectors => Some(delta[at / S].exp()),
            })
            .collect();
        (delta, factor)
    }

    /// Every reading of a year, and what the chosen one does.
    pub(crate) fn year(
        &mut self,
        year: i32,
        seen: &Seen<'_>,
        detail: Detail,
    ) -> Result<(DensityYear, Applied), RunError> {
        self.expose(seen);
        let with_households = |values: Vec<f64>| -> Vec<f64> {
            values.iter().zip(seen.households).map(|(value, direct)| value + direct).collect()
        };
        let reference = with_households(self.sum(&seen.emissions.baseline, false));
        let scenario = with_households(self.sum(&seen.emissions.scenario, false));
        let set = self.sum(&seen.emissions.scenario, true);
        let share: Vec<f64> = set
            .iter()
            .zip(&scenario)
            .map(|(set, all)| if *all == 0.0 { 0.0 } else { set / all })
            .collect();
        let scale = Scale { reference: &reference, scenario: &scenario };
        let S = self.industries.sectors.len();
        let longest = self.density.longest_lag();
        let afters: Vec<Option<usize>> =
            if self.lasting { (0..=longest).map(Some).collect() } else { vec![None] };
        let others = |after: Option<usize>| match after {
            Some(years) => vec![self.by_industry[0].clone(); years + 1],
            None => self.by_industry.clone(),
        };
        let mut readings = Vec::new();
        for reading in Reading::ALL.into_iter().filter(|reading| self.density.has(*reading)) {
            let first = match detail {
                Detail::Full => 0,
                Detail::Last => afters.len() - 1,
                Detail::Chosen => afters.len(),
            };
            let caps = [(true, self.density.cap), (false, f64::INFINITY)];
            let caps = if detail == Detail::Full { &caps[..] } else { &caps[..1] };
            for after in &afters[first..] {
                for (capped, cap) in caps.iter().copied() {
                    let history = self.looked_at(*after, cap);
                    let (delta, factors) =
                        self.factors(reading, &history, &others(*after), &self.M, scale, &share);
                    let emissions = (0..share.len())
                        .map(|r| {
                            let own = r * S..(r + 1) * S;
                            let parts =
                                seen.emissions.scenario[own.clone()].iter().zip(&factors[own]);
                            let sum: Option<f64> =
                                parts.map(|(e, factor)| Some(e * (*factor)?)).sum();
                            Some(sum? + seen.households[r])
                        })
                        .collect();
                    readings.push(ReadingYear { reading, after: *after, capped, delta, emissions });
                }
            }
        }
        let last = afters.last().copied().flatten();
        let history = self.looked_at(last, self.density.cap);
        let chosen = |M: &Dense| -> Result<Vec<f64>, RunError> {
            let reading = self.density.reading;
            let (_, factors) = self.factors(reading, &history, &others(last), M, scale, &share);
            let missing = factors.iter().position(Option::is_none);
            if let Some(at) = missing {
                let region = self.industries.regions.code(at / S).to_owned();
                return Err(RunError::NegativeEmissions { reading: reading.word(), region, year });
            }
            Ok(factors.into_iter().flatten().collect())
        };
        let applied = Applied { own: chosen(&self.identity)?, full: chosen(&self.M)? };
        let density = self.history[0].density.clone();
        let (now, then) =
            (self.sum(&seen.density.scenario, true), self.sum(&seen.density.baseline, true));
        let term =
            |curve: &InvertedU| then.iter().zip(&now).map(|(a, b)| curve.term(*a, *b)).collect();
        let inverted = self.density.inverted.iter().map(|(at, curve)| (*at, term(curve))).collect();
        let break_even = (0..density.len())
            .map(|r| {
                let found = -log_change(scenario[r], reference[r]) / density[r];
                // A density that moves by a rounding error has no elasticity.
                (found.is_finite() && density[r].abs() > 1e-9).then_some(found)
            })
            .collect();
        let found =
            DensityYear { density, share, baseline: reference, break_even, readings, inverted };
        Ok((found, applied))
    }

    /// What an inverted U does to its stressor in the chosen sectors.
    pub(crate) fn of_curve(&self, delta: &[f64]) -> Applied {
        let S = self.industries.sectors.len();
        let factor =
            |at: usize| if self.density.sectors[at % S] { delta[at / S].exp() } else { 1.0 };
        let factors: Vec<f64> = (0..delta.len() * S).map(factor).collect();
        Applied { own: factors.clone(), full: factors }
    }
}

/// `ln(after / before)`; 0 where either is not positive, so that there is nothing to compare.
fn log_change(after: f64, before: f64) -> f64 {
    if after > 0.0 && before > 0.0 && after.is_finite() { (after / before).ln() } else { 0.0 }
}

impl Applied {
    /// Multiplies a stressor's values by industry.
    pub(crate) fn apply_to(&self, values: &mut [f64]) {
        values.iter_mut().zip(&self.full).for_each(|(value, factor)| *value *= factor);
    }

    /// Writes the effect into a stressor's scenario and into the steps after `technology`.
    pub(crate) fn apply(&self, industries: &Industries, quantity: &mut QuantityYear) {
        let mut added = [vec![0.0; self.own.len()], vec![0.0; self.own.len()]];
        for (at, value) in quantity.scenario.iter_mut().enumerate() {
            let (own, full) = (*value * self.own[at], *value * self.full[at]);
            added[0][at] = own - *value;
            added[1][at] = full - own;
            *value = full;
        }
        for (step, values) in quantity.steps[4..].iter_mut().zip(&added) {
            let by_region = industries.by_region(values);
            step.iter_mut().zip(by_region).for_each(|(sum, value)| *sum += value);
        }
    }
}
