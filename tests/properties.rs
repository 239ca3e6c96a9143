//! Properties that the methods' definitions demand, on random tables.

#![allow(non_snake_case)]

mod common;

use std::path::Path;

use common::gap;
use irio::decomposition::shares::FactorPair;
use irio::decomposition::transfer::{PairDetail, SectorSet, TransferOptions, decompose};
use irio::decomposition::{Average, Factor};
use irio::footprint::{Detail, Footprint, impact};
use irio::input::table::read;
use irio::labels::{Axis, Industries, Label};
use irio::leontief::{Leontief, TechnicalCoefficients};
use irio::linalg::factor::Factor as LU;
use irio::linalg::{Dense, Matrix};
use irio::progress::Silent;
use irio::realism::RealismError;
use irio::realism::freight::{PairFlows, regional_demand};
use irio::realism::households::{ClosedModel, Households};
use irio::relocation::{Economy, Move, Relocation, Size, Suppliers, Technology};
use irio::report;
use irio::rivals::{Measure, Rivals, shift_share, without_transfer};
use irio::run::run;
use irio::scenario::{Baseline, PlannedMove, Scenario, SizePath, Trajectory};
use irio::table::aggregate::{aggregate, totals};
use irio::table::concordance::{Concordance, Entry};
use irio::table::prices::{ImportPrices, PriceSource, Prices, deflate};
use irio::table::{
    Category, DemandColumn, Extension, FinalDemand, Imports, Meta, Quantity, RawTable, Role, Table,
    ValueAdded,
};
use proptest::prelude::*;

/// How a random table records imports.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    ByProduct,
    OneRow,
    None,
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![Just(Kind::ByProduct), Just(Kind::OneRow), Just(Kind::None)]
}

/// A stream of numbers in [0, 1), so that one table needs one list.
struct Numbers(std::vec::IntoIter<f64>);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0.next().unwrap_or(0.5)
    }

    /// Between two bounds, exactly the lower one for about one in six.
    fn within(&mut self, low: f64, high: f64) -> f64 {
        let u = self.next();
        if u < 0.16 { low } else { low + u * (high - low) }
    }

    fn matrix(&mut self, rows: usize, columns: usize, low: f64, high: f64) -> Dense {
        let values: Vec<f64> = (0..rows * columns).map(|_| self.within(low, high)).collect();
        Dense::new(rows, columns, values)
    }
}

/// A table whose flows are small against final demand, so that it is productive.
fn table_of(numbers: Vec<f64>, r: usize, s: usize, kind: Kind, gaps: bool) -> Table {
    let mut numbers = Numbers(numbers.into_iter());
    let n = r * s;
    let axis = |kind, letter: &str, count| {
        Axis::new(
            kind,
            (0..count).map(|at| Label::new(format!("{letter}{at}"), "", format!("{letter}名{at}"))),
        )
        .unwrap()
    };
    let industries =
        Industries { regions: axis("region", "r", r), sectors: axis("sector", "s", s) };
    let flows = numbers.matrix(n, n, 0.0, 1.0);
    let size = n as f64;
    let m = 2 * r + 3;
    let mut demand = numbers.matrix(n, m, 0.0, size);
    for row in 0..n {
        demand[(row, 0)] += 1.0;
        demand[(row, m - 3)] = numbers.within(-1.0, 1.0);
        demand[(row, m - 1)] = numbers.within(-0.5, 0.5);
    }
    let imports = match kind {
        Kind::ByProduct => Imports::ByProduct {
            intermediate: numbers.matrix(s, n, 0.0, 0.5),
            final_demand: numbers.matrix(s, m, 0.0, 3.0),
        },
        Kind::OneRow => Imports::OneRow {
            intermediate: numbers.matrix(1, n, 0.0, 0.5).values().to_vec(),
            final_demand: numbers.matrix(1, m, 0.0, 3.0).values().to_vec(),
        },
        Kind::None => Imports::None,
    };
    let mut output: Vec<f64> =
        flows.row_sums().iter().zip(demand.row_sums()).map(|(z, f)| z + f).collect();
    if gaps {
        output[0] += 0.25;
    }
    let bought = imports.intermediate_totals(n);
    let value_added: Vec<f64> =
        output.iter().zip(flows.column_sums()).zip(&bought).map(|((x, z), m)| x - z - m).collect();
    let co2 = Extension {
        label: Label::code("co2"),
        unit: "Mt".parse().unwrap(),
        values: output.iter().map(|x| x * numbers.next()).collect(),
        households: (0..r).map(|_| numbers.next()).collect(),
        inventory: None,
        by_demand: None,
        origin: None,
    };
    let category = |code: &str, role| Category { label: Label::code(code), role };
    let categories = vec![
        category("consumption", Role::Consumption),
        category("investment", Role::Investment),
        category("inventories", Role::Inventory),
        category("exports", Role::Export),
        category("error", Role::Error),
    ];
    let mut columns: Vec<DemandColumn> = (0..r)
        .flat_map(|at| (0..2).map(move |category| DemandColumn { region: Some(at), category }))
        .collect();
    columns.extend((2..5).map(|category| DemandColumn { region: None, category }));
    RawTable {
        meta: Meta::new("random", 2007, "10^8 yuan".parse().unwrap()),
        flows: Matrix::Dense(flows),
        final_demand: FinalDemand { categories, columns, values: Matrix::Dense(demand) },
        imports,
        value_added: ValueAdded {
            rows: vec![Label::code("value_added")],
            values: Dense::from_rows(&[value_added]),
        },
        output,
        population: None,
        extensions: vec![co2],
        industries,
    }
    .check()
    .unwrap()
}

fn numbers() -> impl Strategy<Value = Vec<f64>> {
    proptest::collection::vec(0.0..1.0f64, 900)
}

prop_compose! {
    fn table()(r in 2usize..4, s in 1usize..4, kind in kind(), gaps in any::<bool>(), numbers in numbers()) -> Table {
        table_of(numbers, r, s, kind, gaps)
    }
}

prop_compose! {
    fn table_pair()(
        r in 2usize..4, s in 1usize..4, kind in kind(), gaps in any::<bool>(), first in numbers(), second in numbers()
    ) -> (Table, Table) {
        (table_of(first, r, s, kind, gaps), table_of(second, r, s, kind, gaps))
    }
}

fn all_options(average: Average) -> TransferOptions<'static> {
    TransferOptions {
        average,
        range: true,
        pairs: PairDetail::Industries,
        ..TransferOptions::default()
    }
}

/// The table with regions and sectors in reverse order.
fn relabelled(table: &Table) -> Table {
    let reversed = |axis: &Axis| {
        let entries: Vec<Entry> = axis
            .labels()
            .iter()
            .rev()
            .map(|label| Entry { from: label.code.clone(), to: label.clone(), weight: 1.0 })
            .collect();
        Concordance::new(axis, &entries).unwrap()
    };
    let industries = table.industries();
    aggregate(table, &reversed(&industries.regions), &reversed(&industries.sectors))
        .check()
        .unwrap()
}

fn in_reverse(values: &[f64]) -> Vec<f64> {
    values.iter().rev().copied().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn output_is_inputs_and_final_demand(table in table()) {
        let A = TechnicalCoefficients::of(&table);
        let f = table.total_final_demand();
        let rebuilt: Vec<f64> = A.0.times(table.output()).iter().zip(&f).map(|(z, f)| z + f).collect();
        prop_assert!(gap(&rebuilt, table.output()) < 1e-12);
        prop_assert!(gap(&Leontief::of(&table).unwrap().output_for(&f), table.output()) < 1e-12);
    }

    #[test]
    fn effects_leave_nothing_unexplained(pair in table_pair()) {
        let pair = FactorPair::of(&pair.0, &pair.1).unwrap();
        for average in [Average::Shapley, Average::Polar] {
            let transfer = decompose(&pair, all_options(average), &Silent).unwrap();
            for (at, quantity) in transfer.quantities.iter().enumerate() {
                let n = quantity.change.len();
                let sum: Vec<f64> = (0..n).map(|k| quantity.effects.iter().map(|e| e.total[k]).sum()).collect();
                prop_assert!(gap(&sum, &quantity.change) < 1e-9);
                for pairs in &transfer.pairs {
                    let effect = quantity.effect(pairs.factor).unwrap();
                    let mut from_pairs = vec![0.0; n];
                    for (from, to, i) in pairs.keys() {
                        from_pairs.iter_mut().zip(pairs.effect(at, from, to, i)).for_each(|(s, e)| *s += e);
                    }
                    // A change of next to nothing is told from rounding by the size of the quantity.
                    let shift = |values: &[f64]| values.iter().map(|v| v + 1.0).collect::<Vec<f64>>();
                    prop_assert!(gap(&shift(&from_pairs), &shift(&effect.total)) < 1e-9);
                    let net: Vec<f64> =
                        pairs.transfer_in(at).iter().zip(pairs.transfer_out(at)).map(|(i, o)| i - o).collect();
                    prop_assert!(gap(&shift(&net), &shift(effect.direct.as_ref().unwrap())) < 1e-9);
                }
                for effect in &quantity.effects {
                    let (low, high) = effect.range.as_ref().unwrap();
                    let inside = |k: usize| {
                        let slack = 1e-9 * (1.0 + effect.total[k].abs());
                        low[k] - slack <= effect.total[k] && effect.total[k] <= high[k] + slack
                    };
                    prop_assert!((0..n).all(inside), "{:?} outside its range", effect.factor);
                }
            }
        }
    }

    #[test]
    fn what_one_region_loses_others_win(pair in table_pair()) {
        let pair = FactorPair::of(&pair.0, &pair.1).unwrap();
        let transfer = decompose(&pair, TransferOptions::default(), &Silent).unwrap();
        let sectors = transfer.industries.sectors.len();
        for factor in [Factor::Sourcing, Factor::ExportOrigin] {
            let direct = transfer.quantities[0].effect(factor).unwrap().direct.clone().unwrap();
            for i in 0..sectors {
                let sum: f64 = direct.iter().skip(i).step_by(sectors).sum();
                prop_assert!(sum.abs() < 1e-9);
            }
        }
    }

    #[test]
    fn relabelling_permutes_results(pair in table_pair()) {
        let turned = (relabelled(&pair.0), relabelled(&pair.1));
        let one = decompose(&FactorPair::of(&pair.0, &pair.1).unwrap(), all_options(Average::Shapley), &Silent).unwrap();
        let two = decompose(&FactorPair::of(&turned.0, &turned.1).unwrap(), all_options(Average::Shapley), &Silent).unwrap();
        // The target in another order than the base is put into the base's order.
        let mixed = decompose(&FactorPair::of(&pair.0, &turned.1).unwrap(), all_options(Average::Shapley), &Silent).unwrap();
        for ((one, two), mixed) in one.quantities.iter().zip(&two.quantities).zip(&mixed.quantities) {
            for ((a, b), c) in one.effects.iter().zip(&two.effects).zip(&mixed.effects) {
                let shift = |values: &[f64]| values.iter().map(|v| v + 1.0).collect::<Vec<f64>>();
                prop_assert!(gap(&shift(&in_reverse(&b.total)), &shift(&a.total)) < 1e-9);
                prop_assert!(gap(&shift(&c.total), &shift(&a.total)) < 1e-9);
            }
        }
    }

    #[test]
    fn a_table_against_itself_has_no_effects(table in table()) {
        let pair = FactorPair::of(&table, &table).unwrap();
        let transfer = decompose(&pair, all_options(Average::Shapley), &Silent).unwrap();
        for quantity in &transfer.quantities {
            prop_assert!(quantity.change.iter().all(|v| *v == 0.0));
            prop_assert!(quantity.effects.iter().flat_map(|e| &e.total).all(|v| v.abs() < 1e-12));
        }
        prop_assert!(transfer.pairs.iter().all(|p| p.keys().all(|(from, to, i)| p.direct(from, to, i) == [0.0, 0.0])));
    }

    #[test]
    fn footprints_sum_to_territorial_totals(table in table()) {
        let leontief = Leontief::of(&table).unwrap();
        let footprint = Footprint::of(&table, &leontief, &table.quantities(), Detail::Imports);
        for account in &footprint.quantities {
            let n = account.production.len();
            let users = footprint.users.len();
            let embodied: Vec<Vec<f64>> =
                (0..users).map(|user| footprint.embodied(account, user).unwrap()).collect();
            let sum: Vec<f64> = (0..n).map(|k| embodied.iter().map(|e| e[k]).sum()).collect();
            prop_assert!(gap(&sum, &account.production) < 1e-12);
            prop_assert_eq!(&account.production, &table.totals(account.quantity));
            for (embodied, by_product) in embodied.iter().zip(&account.consumption) {
                let (a, b): (f64, f64) = (embodied.iter().sum(), by_product.iter().sum());
                prop_assert!((a - b).abs() < 1e-9 * (1.0 + a.abs()));
            }
        }
    }

    #[test]
    fn the_impact_of_all_final_demand_is_the_economy(table in table()) {
        let leontief = Leontief::of(&table).unwrap();
        for found in impact(&table, &leontief, &table.total_final_demand()) {
            prop_assert!(gap(&found.total, &table.totals(found.quantity)) < 1e-12);
        }
    }

    #[test]
    fn a_relocation_of_share_zero_changes_nothing(table in table(), technology in 0..3usize) {
        let leontief = Leontief::of(&table).unwrap();
        let technology = [Technology::Destination, Technology::Origin, Technology::Best(0)][technology];
        let mv = Move { sector: 0, from: 0, to: 1, technology, suppliers: Suppliers::Mix(0.5), exports: true };
        let economy = Economy::of(&table);
        for size in [Size::Share(0.0), Size::Amount(0.0)] {
            let relocation = Relocation::of(&table, &leontief, &[mv]).unwrap();
            let moved = relocation.solve(&economy, &[size]).unwrap();
            prop_assert_eq!(&moved.established, &economy.output);
            prop_assert_eq!(&moved.relocated, &vec![0.0]);
        }
    }

    #[test]
    fn the_low_rank_solution_is_the_general_one(
        table in table(), shares in proptest::collection::vec(0.0..0.45f64, 3), mixes in proptest::collection::vec(0.0..1.0f64, 2),
        exports in any::<bool>()
    ) {
        let (r, s) = (table.industries().regions.len(), table.industries().sectors.len());
        let leontief = Leontief::of(&table).unwrap();
        // Two moves out of one row at once, and a chain: what arrives does not move on.
        let moves = [
            Move { sector: 0, from: 0, to: 1, technology: Technology::Mix(mixes[0]), suppliers: Suppliers::Mix(mixes[1]), exports },
            Move { sector: 0, from: 0, to: r - 1, technology: Technology::Origin, suppliers: Suppliers::Destination, exports: true },
            Move { sector: s - 1, from: 1, to: 0, technology: Technology::Destination, suppliers: Suppliers::Origin, exports },
        ];
        let relocation = Relocation::of(&table, &leontief, &moves).unwrap();
        let economy = Economy::of(&table);
        let sizes: Vec<Size> = shares.iter().map(|share| Size::Share(*share)).collect();
        let moved = relocation.solve(&economy, &sizes).unwrap();
        let (a, f) = relocation.extended_system(&leontief, &economy, &moved.shares);
        let general = LU::of_identity_minus(&Matrix::Dense(a).into()).unwrap().solve(&f);
        let found: Vec<f64> = moved.established.iter().chain(&moved.relocated).copied().collect();
        prop_assert!(gap(&found, &general) < 1e-10);
        // An amount is the same move, told by its outcome.
        let amounts: Vec<Size> = moved.relocated.iter().map(|g| Size::Amount(*g)).collect();
        let again = relocation.solve(&economy, &amounts).unwrap();
        prop_assert!(gap(&again.established, &moved.established) < 1e-10);
        prop_assert!(gap(&again.shares, &shares) < 1e-8);
    }

    #[test]
    fn one_move_with_destination_technology_has_a_closed_form(table in table(), share in 0.0..1.0f64) {
        let leontief = Leontief::of(&table).unwrap();
        let (L, economy) = (leontief.inverse().unwrap(), Economy::of(&table));
        let (a, b) = (0, table.industries().sectors.len());
        let mv = Move { sector: 0, from: 0, to: 1, technology: Technology::Destination, suppliers: Suppliers::Destination, exports: true };
        let relocation = Relocation::of(&table, &leontief, &[mv]).unwrap();
        let moved = relocation.solve(&economy, &[Size::Share(share)]).unwrap();
        let bought = economy.output[a] - economy.demand[a] + economy.domestic[a] + economy.exports[a];
        let g = share * bought / (1.0 - share * (L[(a, b)] - L[(a, a)] + 1.0));
        prop_assert!((g - moved.relocated[0]).abs() <= 1e-9 * (1.0 + g.abs()));
        let n = economy.output.len();
        let expected: Vec<f64> = (0..n).map(|k| economy.output[k] + g * (L[(k, b)] - L[(k, a)])).collect();
        let mut found = moved.established.clone();
        found[b] += moved.relocated[0];
        prop_assert!(gap(&found, &expected) < 1e-9);
    }

    #[test]
    fn the_closed_model_is_the_full_system_with_households(
        table in table(), spent in proptest::collection::vec(0.0..0.9f64, 3), away in 0.0..1.0f64
    ) {
        let (industries, leontief) = (table.industries(), Leontief::of(&table).unwrap());
        let (n, r) = (industries.len(), industries.regions.len());
        let mut residence = vec![vec![0.0; r]; r];
        for home in 0..r {
            residence[home][home] = 1.0 - away;
            residence[home][(home + 1) % r] = away;
        }
        let households = Households {
            compensation: 0, residence: Some(residence.clone()), propensity: spent[..r].to_vec(), categories: vec![0],
        };
        let closed = match ClosedModel::of(&table, &leontief, &households) {
            Ok(closed) => closed,
            // A random table may pay negative wages of any size, or have a region that consumes nothing.
            Err(RealismError::NoSolution { .. } | RealismError::NoStructure { .. }) => return Ok(()),
            Err(error) => panic!("{error}"),
        };
        let mut full = leontief.coefficients().0.to_dense();
        let demand = table.final_demand().values.to_dense();
        let w = households.labour_income(&table);
        for q in 0..r {
            let column = 2 * q;
            let imported: f64 = match table.imports() {
                Imports::ByProduct { final_demand, .. } => final_demand.column_sums()[column],
                Imports::OneRow { final_demand, .. } => final_demand[column],
                Imports::None => 0.0,
            };
            let all = demand.column_sums()[column] + imported;
            for i in 0..n {
                for j in 0..n {
                    full[(i, j)] += demand[(i, column)] / all * spent[q] * residence[industries.split(j).0][q] * w[j];
                }
            }
        }
        let full = LU::of_identity_minus(&Matrix::Dense(full).into()).unwrap();
        let (f, c) = (table.total_final_demand(), table.intensities(Quantity::Stressor(0)));
        prop_assert!(gap(&closed.output_for(&leontief, &f), &full.solve(&f)) < 1e-9);
        prop_assert!(gap(&closed.multipliers(&leontief, &c), &full.solve_transposed(&c)) < 1e-9);
    }

    #[test]
    fn flows_by_pair_add_up_to_output(table in table(), shares in proptest::collection::vec(0.0..0.45f64, 2)) {
        let (industries, leontief) = (table.industries(), Leontief::of(&table).unwrap());
        let (r, s) = (industries.regions.len(), industries.sectors.len());
        let to = |sector, from, to| {
            Move { sector, from, to, technology: Technology::Mix(0.5), suppliers: Suppliers::Destination, exports: false }
        };
        // A chain: what region 1 takes over of a sector does not move on from it.
        let moves = [to(0, 0, 1), to(0, 1, r - 1 - usize::from(r == 2))];
        let (economy, demand) = (Economy::of(&table), regional_demand(&table));
        let relocation = Relocation::of(&table, &leontief, &moves).unwrap();
        let sizes: Vec<Size> = shares.iter().map(|share| Size::Share(*share)).collect();
        let moved = relocation.solve(&economy, &sizes).unwrap();
        let sectors: Vec<usize> = (0..s).collect();
        let before = PairFlows::of(industries, &leontief, &sectors, &economy.output, &demand);
        let after = PairFlows::after(industries, &leontief, &sectors, &moves, relocation.plants(), &moved, &demand);
        let mut output = moved.established.clone();
        moves.iter().zip(&moved.relocated).for_each(|(mv, g)| output[industries.index(mv.to, mv.sector)] += g);
        for (flows, output) in [(&before, &economy.output), (&after, &output)] {
            for (at, x) in output.iter().enumerate() {
                let (from, sector) = industries.split(at);
                let hauled: f64 = (0..r).map(|to| flows.value(sector, from, to)).sum();
                let rest = economy.demand[at] - economy.domestic[at];
                prop_assert!((hauled + rest - x).abs() < 1e-9 * (1.0 + x.abs()));
            }
        }
    }

    #[test]
    fn an_empty_scenario_is_its_baseline_and_steps_add_up(table in table(), share in 0.0..0.9f64) {
        let mv = Move { sector: 0, from: 0, to: 1, technology: Technology::Mix(0.3), suppliers: Suppliers::Destination, exports: true };
        let planned = PlannedMove { mv, size: SizePath::Share(Trajectory::ByYear(vec![(2008, 0.0), (2010, share)])) };
        let scenario = |moves| Scenario {
            name: "s".into(), moves,
            horizon: Some(irio::scenario::Horizon { start: 2007, end: 2010 }),
            baseline: Baseline {
                demand: vec![irio::scenario::DemandPath { regions: None, categories: None, growth: irio::scenario::Growth::Rate(0.05) }],
                efficiency: vec![irio::scenario::EfficiencyPath { stressors: None, regions: None, sectors: None, growth: irio::scenario::Growth::Rate(0.02) }],
                ..Baseline::default()
            },
            ..Scenario::default()
        };
        let empty = run(&table, &scenario(vec![]), &Silent).unwrap();
        for quantity in empty.years.iter().flat_map(|year| &year.quantities) {
            prop_assert_eq!(&quantity.baseline, &quantity.scenario);
        }
        for quantity in &empty.years[0].quantities {
            prop_assert_eq!(&quantity.baseline, &table.totals(quantity.quantity));
        }
        let moved = run(&table, &scenario(vec![planned]), &Silent).unwrap();
        for quantity in moved.years.iter().flat_map(|year| &year.quantities) {
            let base = table.industries().by_region(&table.totals(quantity.quantity));
            let end = table.industries().by_region(&quantity.scenario);
            for r in 0..base.len() {
                let steps: f64 = quantity.steps.iter().map(|step| step[r]).sum();
                prop_assert!((end[r] - base[r] - steps).abs() < 1e-9 * (1.0 + end[r].abs()));
            }
        }
    }

    #[test]
    fn sparse_storage_changes_no_result(pair in table_pair()) {
        let sparse = |table: &Table| {
            let mut parts = table.parts().clone();
            parts.flows = Matrix::sparse(&parts.flows.to_dense());
            parts.final_demand.values = Matrix::sparse(&parts.final_demand.values.to_dense());
            parts.check().unwrap()
        };
        let (a, b) = (sparse(&pair.0), sparse(&pair.1));
        let one = decompose(&FactorPair::of(&pair.0, &pair.1).unwrap(), all_options(Average::Shapley), &Silent).unwrap();
        let two = decompose(&FactorPair::of(&a, &b).unwrap(), all_options(Average::Shapley), &Silent).unwrap();
        for (one, two) in one.quantities.iter().zip(&two.quantities) {
            for (a, b) in one.effects.iter().zip(&two.effects) {
                prop_assert_eq!(&a.total, &b.total);
            }
        }
    }

    #[test]
    fn aggregation_keeps_totals_and_a_folder_reads_back(table in table()) {
        let all = |axis: &Axis| {
            let entries: Vec<Entry> = axis
                .labels()
                .iter()
                .flat_map(|label| [("a", 0.25), ("b", 0.75)].map(|(to, weight)| Entry { from: label.code.clone(), to: Label::code(to), weight }))
                .collect();
            Concordance::new(axis, &entries).unwrap()
        };
        let small = aggregate(&table, &Concordance::identity(&table.industries().regions), &all(&table.industries().sectors));
        for ((name, before), (_, after)) in totals(table.parts()).into_iter().zip(totals(&small)) {
            prop_assert!((before - after).abs() < 1e-10 * (1.0 + before.abs()), "{}", name);
        }
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("table");
        let toml = report::table::toml(table.parts(), "a test");
        report::folder::write(&folder, report::folder::Kind::Table, &report::table::files(table.parts(), &toml)).unwrap();
        let again = read(Path::new(&folder), None).unwrap();
        let (found, expected) = (again.flows().to_dense(), table.flows().to_dense());
        prop_assert_eq!(found.values(), expected.values());
        prop_assert_eq!(again.output(), table.output());
        prop_assert_eq!(again.discrepancy(), table.discrepancy());
        prop_assert_eq!(again.industries(), table.industries());
        prop_assert_eq!(&again.extensions()[0].values, &table.extensions()[0].values);
        prop_assert_eq!(&again.extensions()[0].households, &table.extensions()[0].households);
        prop_assert_eq!(again.imports().intermediate_totals(table.output().len()), table.imports().intermediate_totals(table.output().len()));
        prop_assert_eq!(again.industries().regions.labels()[0].zh.clone(), table.industries().regions.labels()[0].zh.clone());
    }
}

/// Prices of a random table: `p` for products, `pm` for imports in the way it records them.
fn prices_for(table: &Table, p: &[f64], pm: &[f64]) -> Prices {
    let (n, s) = (table.output().len(), table.industries().sectors.len());
    let imports = match table.imports() {
        Imports::ByProduct { .. } => ImportPrices::ByProduct(pm[..s].to_vec()),
        Imports::OneRow { .. } => ImportPrices::One(pm[0]),
        Imports::None => ImportPrices::None,
    };
    Prices::new(2002, p[..n].to_vec(), vec![PriceSource::Own; n], imports).unwrap()
}

fn some_prices() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    (proptest::collection::vec(0.5..2.0f64, 9), proptest::collection::vec(0.5..2.0f64, 3))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn deflating_by_one_changes_nothing(table in table()) {
        let (raw, deflators) = deflate(&table, &prices_for(&table, &[1.0; 9], &[1.0; 3])).unwrap();
        let same = raw.check().unwrap();
        prop_assert_eq!(same.output(), table.output());
        let (found, known) = (same.flows().to_dense(), table.flows().to_dense());
        prop_assert_eq!(found.values(), known.values());
        prop_assert!(gap(&same.value_added(), &table.value_added()) < 1e-12);
        prop_assert!(gap(&deflators.real, &deflators.nominal) < 1e-12);
    }

    #[test]
    fn a_deflated_table_is_open_only_where_its_source_was((p, pm) in some_prices(), table in table()) {
        let (raw, _) = deflate(&table, &prices_for(&table, &p, &pm)).unwrap();
        let real = raw.check().unwrap();
        for (found, known) in [
            (&real.discrepancy().rows, &table.discrepancy().rows), (&real.discrepancy().columns, &table.discrepancy().columns)
        ] {
            for ((found, known), p) in found.iter().zip(known).zip(&p) {
                prop_assert!((found - known / p).abs() < 1e-10);
            }
        }
        let gdp: f64 = real.value_added().iter().sum();
        let made: f64 = real.output().iter().sum::<f64>() - real.flows().row_sums().iter().sum::<f64>()
            - real.imports().intermediate_totals(real.output().len()).iter().sum::<f64>()
            - real.discrepancy().columns.iter().sum::<f64>();
        prop_assert!((gdp - made).abs() < 1e-9 * (1.0 + made.abs()));
    }

    #[test]
    fn twice_the_prices_are_half_the_volumes((p, pm) in some_prices(), table in table(), factor in 0.25..4.0f64) {
        let times = |prices: &[f64]| prices.iter().map(|price| price * factor).collect::<Vec<f64>>();
        let [(one, implied), (two, scaled)] = [
            deflate(&table, &prices_for(&table, &p, &pm)).unwrap(),
            deflate(&table, &prices_for(&table, &times(&p), &times(&pm))).unwrap(),
        ];
        prop_assert!(gap(&times(&two.output), &one.output) < 1e-12);
        prop_assert!(gap(&times(two.flows.to_dense().values()), one.flows.to_dense().values()) < 1e-12);
        prop_assert!(gap(&times(&scaled.real), &implied.real) < 1e-10);
    }

    #[test]
    fn measures_beside_the_transfer_keep_their_sums(pair in table_pair()) {
        let (base, target) = (&pair.0, &pair.1);
        let sectors = base.industries().sectors.len();
        let sets: Vec<SectorSet> = std::iter::once((0..sectors).collect())
            .chain((0..sectors).map(|at| vec![at]))
            .map(|sectors| SectorSet { name: String::new(), sectors })
            .collect();
        let factors = FactorPair::of(base, target).unwrap();
        let options = TransferOptions { sourcing_orders: Some(&sets), ..TransferOptions::default() };
        let transfer = decompose(&factors, options, &Silent).unwrap();
        let rivals = Rivals::of(base, target, &factors, &transfer, &sets).unwrap();
        let zero_over_regions = |values: &[f64]| {
            (0..sectors).all(|i| values.iter().skip(i).step_by(sectors).sum::<f64>().abs() < 1e-8)
        };
        for (at, quantity) in rivals.quantities.iter().enumerate() {
            let observed = &factors.quantities[at].observed;
            for (year, known) in observed.iter().enumerate() {
                let users = &quantity.demand_pull.embodied[year];
                let sum: Vec<f64> = (0..known.len()).map(|k| users.iter().map(|u| u[k]).sum()).collect();
                prop_assert!(gap(&sum, known) < 1e-9);
                prop_assert!(zero_over_regions(&quantity.demand_pull.net(year)));
            }
            prop_assert!(zero_over_regions(&quantity.demand_pull.demand_growth));
            prop_assert!(zero_over_regions(&quantity.shift_share));
            // Parts of the change add up to the shift–share: what the reasons of a disagreement rest on.
            let mut parts = vec![0.0; observed[0].len()];
            for effect in &transfer.quantities[at].effects {
                let with: Vec<f64> = observed[0].iter().zip(&effect.total).map(|(y, e)| y + e).collect();
                let beyond = shift_share(base.industries(), &observed[0], &with);
                parts.iter_mut().zip(beyond).for_each(|(sum, part)| *sum += part);
            }
            let shift = |values: &[f64]| values.iter().map(|v| v + 1.0).collect::<Vec<f64>>();
            prop_assert!(gap(&shift(&parts), &shift(&quantity.shift_share)) < 1e-8);
            prop_assert_eq!(quantity.lines.len(), sets.len() * base.industries().regions.len());
            for line in &quantity.lines {
                let [low, high] = line.range;
                for measure in [Measure::Sourcing, Measure::BaseWeights, Measure::EndWeights] {
                    let (value, slack) = (line.value(measure), 1e-9 * (1.0 + high.abs().max(low.abs())));
                    prop_assert!(low - slack <= value && value <= high + slack, "{measure:?} {line:?}");
                }
                for found in &line.disagreements {
                    let product = line.value(Measure::Sourcing) * line.value(found.measure);
                    prop_assert!(product < 1e-6, "{line:?}");
                }
            }
        }
        let nobody = vec![false; base.industries().regions.len()];
        prop_assert!(gap(&without_transfer(base, &nobody).unwrap(), base.output()) < 1e-12);
    }
}

/// Results are the same bits whatever the number of threads.
#[test]
fn threads_change_no_bit() {
    let numbers = |seed: u64| -> Vec<f64> {
        (0..90_000u64).map(|i| ((i + 1) * (seed * 2 + 1) % 7919) as f64 / 7919.0).collect()
    };
    // Large enough for the parallel paths.
    let (a, b) = (
        table_of(numbers(3), 8, 32, Kind::ByProduct, false),
        table_of(numbers(11), 8, 32, Kind::ByProduct, false),
    );
    let pair = FactorPair::of(&a, &b).unwrap();
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| decompose(&pair, TransferOptions::default(), &Silent).unwrap())
    };
    let one = with(1);
    for threads in [2, 8] {
        let other = with(threads);
        for (x, y) in one.quantities.iter().zip(&other.quantities) {
            for (x, y) in x.effects.iter().zip(&y.effects) {
                assert_eq!(x.total, y.total);
                assert_eq!(x.direct, y.direct);
            }
        }
        for (x, y) in one.pairs.iter().zip(&other.pairs) {
            for (from, to, i) in x.keys() {
                assert_eq!(x.effect(2, from, to, i), y.effect(2, from, to, i));
            }
        }
    }
}
