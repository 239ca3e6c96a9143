//! Whether the measures of transfer agree in sign, region by region, and why where they do not.

use super::beyond_nation;
use super::demand_pull::DemandPull;
use crate::decomposition::Factor;
use crate::decomposition::transfer::{QuantityEffects, SectorSet};
use crate::labels::Industries;

/// A way to measure transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// B2: full effect of the change of sourcing, by the form of decomposition asked for.
    Sourcing,
    /// B2: its direct part, transfer-in less transfer-out.
    NetTransfer,
    /// B3: change of what is made for other regions' demand less what own demand calls for there.
    DemandPull,
    /// B4: sourcing changes, everything else stays as in the base year.
    BaseWeights,
    /// B4: sourcing changes, everything else is as in the target year.
    EndWeights,
    /// B5: growth beyond the nation's.
    ShiftShare,
}

impl Measure {
    /// Every measure; the first is the one that the others are held against.
    pub const ALL: [Measure; 6] = [
        Measure::Sourcing,
        Measure::NetTransfer,
        Measure::DemandPull,
        Measure::BaseWeights,
        Measure::EndWeights,
        Measure::ShiftShare,
    ];

    /// The word results use.
    pub fn word(self) -> &'static str {
        match self {
            Measure::Sourcing => "sourcing",
            Measure::NetTransfer => "net_transfer",
            Measure::DemandPull => "demand_pull",
            Measure::BaseWeights => "base_weights",
            Measure::EndWeights => "end_weights",
            Measure::ShiftShare => "shift_share",
        }
    }
}

/// Why a measure has another sign than the effect of sourcing. Each follows from numbers by a rule.
///
/// For [`Measure::ShiftShare`] the rule is exact: its distance from the effect of sourcing is the sum
/// of what every other factor did to the region beyond its share in the nation (and of the region's
/// share in what sourcing did to the nation); the reason is the largest of these with the sign of the
/// distance. Value added and emissions per unit of output count with technology.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Net transfer only: what the moved sales do to suppliers outweighs the sales themselves. Holds
    /// the upstream part.
    Upstream,
    /// The smallest and largest effect of sourcing over all orders of the factors differ in sign (or,
    /// for base and end weights, reach zero), so the sign of the effect is itself a matter of the
    /// order. Holds the width of the range. Goes before every reason below. Shift–share, where effects
    /// leave an interaction (base and end forms): the interaction.
    OrderOfFactors,
    /// Demand pull: its part that is growth of demand ([`DemandPull::demand_growth`]) has its sign and
    /// is more than half of it. Shift–share: final demand.
    DemandGrowth,
    /// Demand pull: the effect of technology (or domestic inputs) with that of the intensity has its
    /// sign and is more than half of it. Shift–share: the same factors.
    Technology,
    /// Shift–share: the level of national exports by product.
    Exports,
    /// Shift–share: the change of regional origin of exports.
    ExportOrigin,
    /// Shift–share: domestic shares, that is transfer from or to abroad.
    ImportShare,
    /// Shift–share: inventories and the error column.
    InventoriesAndError,
    /// Shift–share: the region's share in what sourcing did to the nation.
    NationalGrowth,
    /// None of the rules holds. The number is the measure itself.
    Mixed,
}

impl Reason {
    /// The word results use.
    pub fn word(self) -> &'static str {
        match self {
            Reason::Upstream => "upstream",
            Reason::OrderOfFactors => "order_of_factors",
            Reason::DemandGrowth => "demand_growth",
            Reason::Technology => "technology",
            Reason::Exports => "exports",
            Reason::ExportOrigin => "export_origin",
            Reason::ImportShare => "import_share",
            Reason::InventoriesAndError => "inventories_and_error",
            Reason::NationalGrowth => "national_growth",
            Reason::Mixed => "mixed",
        }
    }
}

/// A measure whose sign is not that of the effect of sourcing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Disagreement {
    /// The measure.
    pub measure: Measure,
    /// Why.
    pub reason: Reason,
    /// The number that the reason rests on, in the quantity's unit.
    pub explained: f64,
}

/// The measures of one region and set of sectors side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Position of the set of sectors.
    pub set: usize,
    /// The region.
    pub region: usize,
    /// Values in the order of [`Measure::ALL`], in the quantity's unit.
    pub values: [f64; 6],
    /// Smallest and largest effect of sourcing over all orders of the factors.
    pub range: [f64; 2],
    /// Share of all orders in which the effect of sourcing is positive, and in which it is negative.
    pub signs: [f64; 2],
    /// Every measure whose sign is another one than that of the effect of sourcing.
    pub disagreements: Vec<Disagreement>,
}

impl Line {
    /// Value of a measure.
    pub fn value(&self, measure: Measure) -> f64 {
        self.values[measure as usize]
    }

    /// Share of orders in which the effect of sourcing has the sign of its mean; none where that is zero.
    pub fn orders_agree(&self) -> Option<f64> {
        let mean = self.value(Measure::Sourcing);
        let sign = if mean > 0.0 { self.signs[0] } else { self.signs[1] };
        (mean != 0.0).then_some(sign)
    }

    /// Whether every measure has the sign of the effect of sourcing.
    pub fn agrees(&self) -> bool {
        self.disagreements.is_empty()
    }

    /// How a measure disagrees, if it does.
    pub fn disagreement(&self, measure: Measure) -> Option<&Disagreement> {
        self.disagreements.iter().find(|found| found.measure == measure)
    }
}

/// What reasons are derived from, by region for one set of sectors.
struct Evidence {
    upstream: Vec<f64>,
    demand_growth: Vec<f64>,
    technology: Vec<f64>,
    /// Why shift–share is not sourcing: parts that add up to the distance between the two.
    beyond_nation: Vec<(Reason, Vec<f64>)>,
}

/// A value below this share of the largest industry counts as zero.
const ZERO: f64 = 1e-9;

/// Lines of a quantity: every region of the first set, then of the next.
pub(super) fn lines(
    industries: &Industries,
    sets: &[SectorSet],
    effects: &QuantityEffects,
    observed: &[Vec<f64>; 2],
    pull: &DemandPull,
    shift_share: &[f64],
) -> Vec<Line> {
    let (Some(orders), Some(sourcing)) =
        (&effects.sourcing_orders, effects.effect(Factor::Sourcing))
    else {
        return Vec::new();
    };
    let none = vec![0.0; industries.len()];
    let direct = sourcing.direct.as_ref().unwrap_or(&none);
    let net_change = pull.net_change();
    let measures: [&[f64]; 6] =
        [&sourcing.total, direct, &net_change, &orders.base, &orders.end, shift_share];
    let beyond = distance_parts(industries, effects, &observed[0]);
    let largest = observed.iter().flatten().map(|v| v.abs()).fold(0.0, f64::max);
    let mut lines = Vec::new();
    for (at, set) in sets.iter().enumerate() {
        let sums = |values: &[f64]| set.sums(industries, values);
        let by_region = measures.map(&sums);
        let upstream: Vec<f64> =
            by_region[0].iter().zip(&by_region[1]).map(|(all, direct)| all - direct).collect();
        let evidence = Evidence {
            upstream,
            demand_growth: sums(&pull.demand_growth),
            technology: sums(&technology(effects)),
            beyond_nation: beyond.iter().map(|(reason, part)| (*reason, sums(part))).collect(),
        };
        for region in 0..industries.regions.len() {
            let mut line = Line {
                set: at,
                region,
                values: by_region.each_ref().map(|values| values[region]),
                range: orders.range[at][region],
                signs: orders.signs[at][region],
                disagreements: Vec::new(),
            };
            line.disagreements = disagreements(&line, &evidence, ZERO * largest);
            lines.push(line);
        }
    }
    lines
}

/// Sum of the effects of technology and intensity, which cannot move alone.
fn technology(effects: &QuantityEffects) -> Vec<f64> {
    let mut sum = vec![0.0; effects.change.len()];
    for factor in [Factor::Technology, Factor::DomesticInputs, Factor::Intensity] {
        if let Some(effect) = effects.effect(factor) {
            sum.iter_mut().zip(&effect.total).for_each(|(sum, e)| *sum += e);
        }
    }
    sum
}

/// Parts of the distance between shift–share and the effect of sourcing.
fn distance_parts(
    industries: &Industries,
    effects: &QuantityEffects,
    before: &[f64],
) -> Vec<(Reason, Vec<f64>)> {
    let mut parts: Vec<(Reason, Vec<f64>)> = Vec::new();
    let mut add =
        |reason, values: Vec<f64>| match parts.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, sum)) => sum.iter_mut().zip(&values).for_each(|(sum, v)| *sum += v),
            None => parts.push((reason, values)),
        };
    for effect in &effects.effects {
        let mut beyond = beyond_nation(industries, before, &effect.total);
        if effect.factor == Factor::Sourcing {
            beyond.iter_mut().zip(&effect.total).for_each(|(beyond, e)| *beyond -= e);
        }
        add(reason_of(effect.factor), beyond);
    }
    if let Some(interaction) = &effects.interaction {
        add(Reason::OrderOfFactors, beyond_nation(industries, before, interaction));
    }
    parts
}

fn reason_of(factor: Factor) -> Reason {
    match factor {
        Factor::Sourcing => Reason::NationalGrowth,
        Factor::ExportOrigin => Reason::ExportOrigin,
        Factor::ImportShare => Reason::ImportShare,
        Factor::Technology | Factor::DomesticInputs | Factor::Intensity => Reason::Technology,
        Factor::FinalDemand | Factor::DomesticDemand => Reason::DemandGrowth,
        Factor::Exports => Reason::Exports,
        Factor::Inventories | Factor::Error => Reason::InventoriesAndError,
    }
}

/// −1, 0 or 1; what is no larger than `zero` is 0.
fn sign(value: f64, zero: f64) -> i8 {
    i8::from(value > zero) - i8::from(value < -zero)
}

fn disagreements(line: &Line, evidence: &Evidence, zero: f64) -> Vec<Disagreement> {
    let sourcing = line.value(Measure::Sourcing);
    let apart =
        Measure::ALL.into_iter().filter(|m| sign(line.value(*m), zero) != sign(sourcing, zero));
    apart
        .map(|measure| {
            let (reason, explained) = why(measure, line, evidence, zero);
            Disagreement { measure, reason, explained }
        })
        .collect()
}

fn why(measure: Measure, line: &Line, evidence: &Evidence, zero: f64) -> (Reason, f64) {
    let region = line.region;
    let [low, high] = line.range;
    let turns = sign(low, zero) * sign(high, zero) < 0;
    match measure {
        Measure::NetTransfer => (Reason::Upstream, evidence.upstream[region]),
        Measure::Sourcing | Measure::BaseWeights | Measure::EndWeights => {
            (Reason::OrderOfFactors, high - low)
        }
        _ if turns => (Reason::OrderOfFactors, high - low),
        Measure::DemandPull => {
            let pull = line.value(measure);
            let most = |part: f64| part * pull > 0.0 && part.abs() > 0.5 * pull.abs();
            let rules = [
                (Reason::DemandGrowth, evidence.demand_growth[region]),
                (Reason::Technology, evidence.technology[region]),
            ];
            rules.into_iter().find(|(_, part)| most(*part)).unwrap_or((Reason::Mixed, pull))
        }
        Measure::ShiftShare => {
            let distance = line.value(measure) - line.value(Measure::Sourcing);
            let parts = evidence.beyond_nation.iter().map(|(reason, part)| (*reason, part[region]));
            parts
                .filter(|(_, part)| part * distance > 0.0)
                .max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))
                .unwrap_or((Reason::Mixed, line.value(measure)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line whose measures agree on +10, but for one.
    fn line(measure: Measure, value: f64, range: [f64; 2]) -> Line {
        let mut values = [10.0; 6];
        values[measure as usize] = value;
        Line { set: 0, region: 0, values, range, signs: [1.0, 0.0], disagreements: Vec::new() }
    }

    fn evidence(demand_growth: f64, technology: f64, beyond: &[(Reason, f64)]) -> Evidence {
        Evidence {
            upstream: vec![12.0],
            demand_growth: vec![demand_growth],
            technology: vec![technology],
            beyond_nation: beyond.iter().map(|(reason, part)| (*reason, vec![*part])).collect(),
        }
    }

    fn told(line: &Line, evidence: &Evidence) -> Vec<(Measure, Reason, f64)> {
        let found = disagreements(line, evidence, 1e-6);
        found.iter().map(|d| (d.measure, d.reason, d.explained)).collect()
    }

    #[test]
    fn measures_of_one_sign_agree() {
        let one = line(Measure::ShiftShare, 0.5, [4.0, 20.0]);
        assert_eq!(told(&one, &evidence(0.0, 0.0, &[])), []);
    }

    #[test]
    fn demand_pull_disagrees_by_demand_growth_then_technology() {
        let one = line(Measure::DemandPull, -8.0, [4.0, 20.0]);
        let reason = |demand, technology| told(&one, &evidence(demand, technology, &[]));
        let of = |reason, value| vec![(Measure::DemandPull, reason, value)];
        assert_eq!(reason(-5.0, -7.0), of(Reason::DemandGrowth, -5.0), "the first rule that holds");
        assert_eq!(reason(-4.0, -7.0), of(Reason::Technology, -7.0), "half is not more than half");
        assert_eq!(reason(9.0, 9.0), of(Reason::Mixed, -8.0), "neither has the sign");
    }

    #[test]
    fn shift_share_disagrees_by_the_largest_part_of_its_distance() {
        let one = line(Measure::ShiftShare, -2.0, [4.0, 20.0]);
        let parts =
            [(Reason::Exports, -9.0), (Reason::DemandGrowth, 11.0), (Reason::Technology, -14.0)];
        let found = told(&one, &evidence(0.0, 0.0, &parts));
        assert_eq!(found, [(Measure::ShiftShare, Reason::Technology, -14.0)]);
    }

    #[test]
    fn a_range_over_zero_goes_before_other_reasons() {
        let one = line(Measure::DemandPull, -8.0, [-3.0, 20.0]);
        let found = told(&one, &evidence(-8.0, 0.0, &[]));
        assert_eq!(found, [(Measure::DemandPull, Reason::OrderOfFactors, 23.0)]);
        let one = line(Measure::BaseWeights, -3.0, [-3.0, 20.0]);
        let found = told(&one, &evidence(0.0, 0.0, &[]));
        assert_eq!(found, [(Measure::BaseWeights, Reason::OrderOfFactors, 23.0)]);
        let one = line(Measure::NetTransfer, -2.0, [4.0, 20.0]);
        assert_eq!(
            told(&one, &evidence(0.0, 0.0, &[])),
            [(Measure::NetTransfer, Reason::Upstream, 12.0)]
        );
    }

    #[test]
    fn no_transfer_and_some_disagree() {
        let mut one = line(Measure::DemandPull, 5.0, [0.0, 0.0]);
        one.values = [1e-9, 0.0, 5.0, 0.0, 0.0, 0.0];
        let found = told(&one, &evidence(5.0, 0.0, &[]));
        assert_eq!(found, [(Measure::DemandPull, Reason::DemandGrowth, 5.0)]);
    }
}
