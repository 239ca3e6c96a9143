//! Numbers from elsewhere: the worked example in exact rational arithmetic
//! (`tests/data/published/worked_example.py` made `worked_example.json`), METHODS A1–B5, B7.

#![allow(non_snake_case)]

mod common;

use common::{close, example_table, gap, matrix, region_codes, vector, worked_example};
use irio::decomposition::pairs::PairKind;
use irio::decomposition::shares::FactorPair;
use irio::decomposition::transfer::{PairDetail, SectorSet, Transfer, TransferOptions, decompose};
use irio::decomposition::{Average, Factor};
use irio::leontief::{Leontief, TechnicalCoefficients};
use irio::progress::Silent;
use irio::rivals::{Measure, Rivals, without_transfer};
use irio::table::prices::{ImportPrices, PriceSource, Prices, deflate};
use irio::table::{Imports, Quantity, Role, Table};
use serde_json::Value;

const CASES: [&str; 3] = ["two_region", "closure", "three_region"];

fn pair(example: &Value, case: &str) -> FactorPair {
    FactorPair::of(&example_table(example, case, 0), &example_table(example, case, 1)).unwrap()
}

fn transfer(example: &Value, case: &str, average: Average) -> Transfer {
    let options = TransferOptions {
        average,
        range: case == "two_region",
        pairs: PairDetail::Industries,
        ..TransferOptions::default()
    };
    decompose(&pair(example, case), options, &Silent).unwrap()
}

/// Letters of the worked example and the factors they stand for; RX is N and O together.
const LETTERS: [(&str, &[Factor]); 8] = [
    ("T", &[Factor::Sourcing]),
    ("TE", &[Factor::ExportOrigin]),
    ("D", &[Factor::ImportShare]),
    ("H", &[Factor::Technology]),
    ("Y", &[Factor::FinalDemand]),
    ("EX", &[Factor::Exports]),
    ("RX", &[Factor::Inventories, Factor::Error]),
    ("c", &[Factor::Intensity]),
];

const QUANTITIES: [(&str, &str); 3] = [("x", "output"), ("va", "value_added"), ("co2", "co2")];

#[test]
fn accounts_and_the_inverse() {
    let example = worked_example();
    for case in CASES {
        for year in 0..2 {
            let table = example_table(&example, case, year);
            let part = |name: &str| &example[case][format!("{name}{year}")];
            close(
                "A",
                TechnicalCoefficients::of(&table).0.to_dense().values(),
                &matrix(part("A")).concat(),
            );
            let leontief = Leontief::of(&table).unwrap();
            close("L", leontief.inverse().unwrap().values(), &matrix(part("L")).concat());
            close("f", &table.total_final_demand(), &vector(part("f")));
            close("x", &leontief.output_for(&table.total_final_demand()), &vector(part("x")));
            close("va", &table.value_added(), &vector(part("va")));
            assert!(gap(&table.discrepancy().rows, &vec![0.0; table.output().len()]) < 1e-6);
            for (letter, quantity) in [("vc", Quantity::ValueAdded), ("ec", Quantity::Stressor(0))]
            {
                // Coefficients of an industry without output are the other year's: a matter of pairs.
                if case != "closure" {
                    close(letter, &table.intensities(quantity), &vector(part(letter)));
                }
            }
        }
    }
}

#[test]
fn shares_and_coefficients_of_two_years() {
    let example = worked_example();
    for case in CASES {
        let pair = pair(&example, case);
        let (n, r) = (pair.industries.len(), region_codes(case).len());
        for (year, factors) in pair.years.iter().enumerate() {
            let part = |name: String| matrix(&example[case][name]).concat();
            let block = |dense: &irio::linalg::Dense,
                         rows: std::ops::Range<usize>,
                         columns: std::ops::Range<usize>| {
                rows.flat_map(|row| dense.row(row)[columns.clone()].to_vec()).collect::<Vec<f64>>()
            };
            for (at, region) in region_codes(case).iter().enumerate() {
                let rows = 2 * at..2 * at + 2;
                close(
                    "T",
                    &block(&factors.sourcing, rows.clone(), 0..n),
                    &part(format!("T{year}_from_{region}")),
                );
                close(
                    "TF",
                    &block(&factors.sourcing, rows, n..n + r),
                    &part(format!("TF{year}_from_{region}")),
                );
            }
            close("D", &block(&factors.domestic, 0..2, 0..n), &part(format!("D{year}")));
            close("DF", &block(&factors.domestic, 0..2, n..n + r), &part(format!("DF{year}")));
            close("H", &block(&factors.inputs, 0..2, 0..n), &part(format!("H{year}")));
            close("Y", &block(&factors.inputs, 0..2, n..n + r), &part(format!("Y{year}")));
            close("TE", &factors.export_origin, &part(format!("TE{year}")));
            close("EX", &factors.exports, &vector(&example[case][format!("EX{year}")]));
            close("vc", &factors.intensities[1], &vector(&example[case][format!("vc{year}")]));
            close("ec", &factors.intensities[2], &vector(&example[case][format!("ec{year}")]));
        }
    }
}

#[test]
fn effects_of_every_factor_over_all_orders_and_polar() {
    let example = worked_example();
    for case in CASES {
        for (average, word) in [(Average::Shapley, "shapley"), (Average::Polar, "polar")] {
            let transfer = transfer(&example, case, average);
            for (at, (name, code)) in QUANTITIES.iter().enumerate() {
                let quantity = &transfer.quantities[at];
                assert_eq!(&quantity.code, code);
                close("change", &quantity.change, &vector(&example[case][format!("d{name}")]));
                let expected = &example[case][format!("{word}_{name}")];
                for (letter, factors) in
                    LETTERS.iter().filter(|(letter, _)| expected[*letter].is_array())
                {
                    let mut found = vec![0.0; transfer.industries.len()];
                    for factor in *factors {
                        let effect = &quantity.effect(*factor).unwrap().total;
                        found.iter_mut().zip(effect).for_each(|(sum, e)| *sum += e);
                    }
                    close(
                        &format!("{case} {word} {name} {letter}"),
                        &found,
                        &vector(&expected[*letter]),
                    );
                }
                assert_eq!(expected.as_object().unwrap().len(), if *name == "x" { 7 } else { 8 });
            }
        }
    }
}

#[test]
fn base_and_end_weights_and_the_range_over_orders() {
    let example = worked_example();
    for case in CASES {
        for (average, word) in [(Average::Base, "base"), (Average::End, "end")] {
            let transfer = transfer(&example, case, average);
            let found = &transfer.quantities[0].effect(Factor::Sourcing).unwrap().total;
            close(
                word,
                found,
                &vector(&example[case][format!("counterfactual_T_{word}_weights_x")]),
            );
            let quantity = &transfer.quantities[0];
            let interaction = quantity.interaction.as_ref().unwrap();
            for (j, change) in quantity.change.iter().enumerate() {
                let sum: f64 = quantity.effects.iter().map(|effect| effect.total[j]).sum();
                assert!((sum + interaction[j] - change).abs() < 1e-9);
            }
        }
    }
    let transfer = transfer(&example, "two_region", Average::Shapley);
    let (low, high) =
        transfer.quantities[0].effect(Factor::Sourcing).unwrap().range.clone().unwrap();
    close("min", &low, &vector(&example["two_region"]["T_effect_min_over_all_orders"]));
    close("max", &high, &vector(&example["two_region"]["T_effect_max_over_all_orders"]));
}

#[test]
fn direct_and_upstream_parts_of_the_transfer() {
    let example = worked_example();
    for case in CASES {
        let transfer = transfer(&example, case, Average::Shapley);
        for (at, (name, _)) in QUANTITIES.iter().enumerate() {
            let effect = transfer.quantities[at].effect(Factor::Sourcing).unwrap();
            close(
                "direct",
                effect.direct.as_ref().unwrap(),
                &vector(&example[case][format!("T_direct_{name}")]),
            );
            close(
                "upstream",
                &effect.upstream().unwrap(),
                &vector(&example[case][format!("T_upstream_{name}")]),
            );
        }
    }
}

#[test]
fn pairs_of_regions_and_what_adds_up_from_them() {
    let example = worked_example();
    for case in CASES {
        let transfer = transfer(&example, case, Average::Shapley);
        let pairs = &transfer.pairs[0];
        assert_eq!(pairs.factor, Factor::Sourcing);
        let (regions, expected) = (region_codes(case), &example[case]);
        let key = |from: usize, to: usize, i: usize| {
            format!("{}->{}:{}", regions[from], regions[to], ["M", "S"][i])
        };
        let mut seen = 0;
        for (from, to, i) in pairs.keys() {
            let direct = pairs.direct(from, to, i);
            let Some(known) = expected["transfer_pairs_direct"].get(key(from, to, i)) else {
                assert_eq!(direct, [0.0, 0.0], "{case} {}", key(from, to, i));
                continue;
            };
            seen += 1;
            close("G", &[direct[0], direct[1], direct[0] + direct[1]], &vector(known));
            for (at, (name, _)) in QUANTITIES.iter().enumerate() {
                let known = vector(&expected[format!("transfer_pairs_{name}")][key(from, to, i)]);
                close(
                    &format!("{case} X {name} {}", key(from, to, i)),
                    pairs.effect(at, from, to, i),
                    &known,
                );
            }
        }
        assert_eq!(seen, expected["transfer_pairs_direct"].as_object().unwrap().len());
        let by_region = |values: &[f64]| transfer.industries.by_region(values);
        for (at, (name, _)) in QUANTITIES.iter().enumerate() {
            for (letter, factor) in [("T", Factor::Sourcing), ("TE", Factor::ExportOrigin)] {
                let found = by_region(&transfer.quantities[at].effect(factor).unwrap().total);
                close(letter, &found, &vector(&expected[format!("region_{letter}_effect")][*name]));
            }
        }
        close(
            "in",
            &by_region(&pairs.transfer_in(0)),
            &vector(&expected["region_T_effect"]["transfer_in_direct"]),
        );
        close(
            "out",
            &by_region(&pairs.transfer_out(0)),
            &vector(&expected["region_T_effect"]["transfer_out_direct"]),
        );
        if case == "three_region" {
            for (at, (name, _)) in QUANTITIES.iter().enumerate() {
                for (kind, sum) in pairs.by_kind(at, &[true, true, false]) {
                    if kind != PairKind::Outside {
                        let known = vector(&expected[format!("group_BT_{name}")][kind.word()]);
                        close(kind.word(), &by_region(&sum), &known);
                    }
                }
            }
        }
    }
}

#[test]
fn output_by_whose_demand_calls_for_it() {
    let example = worked_example();
    for case in CASES {
        for year in 0..2 {
            let table = example_table(&example, case, year);
            let leontief = Leontief::of(&table).unwrap();
            let demand = table.final_demand();
            let regions = region_codes(case).len();
            let mut columns: Vec<Vec<f64>> = (0..regions).map(|q| demand.sum_of(&[q])).collect();
            columns.push(demand.sum_of_role(Role::Export));
            columns.push(
                demand
                    .sum_of(&demand.columns_where(|r| matches!(r, Role::Inventory | Role::Error))),
            );
            let solved: Vec<Vec<f64>> = columns.iter().map(|f| leontief.output_for(f)).collect();
            for (name, quantity) in [
                ("x", None),
                ("va", Some(Quantity::ValueAdded)),
                ("co2", Some(Quantity::Stressor(0))),
            ] {
                // An industry without output has no coefficients of its own year; all else is compared.
                let c = quantity.map_or(vec![1.0; table.output().len()], |q| table.intensities(q));
                let found: Vec<f64> = (0..c.len())
                    .flat_map(|k| solved.iter().map(|x| c[k] * x[k]).collect::<Vec<_>>())
                    .collect();
                close(
                    name,
                    &found,
                    &matrix(&example[case][format!("demand_attr_{name}{year}")]).concat(),
                );
            }
        }
    }
}

#[test]
fn relocation_with_three_technologies_and_without_exports() {
    use irio::relocation::indicators::Change;
    use irio::relocation::{Economy, Move, Relocation, Size, Suppliers, Technology};
    let example = worked_example();
    let table = example_table(&example, "two_region", 1);
    let leontief = Leontief::of(&table).unwrap();
    let economy = Economy::of(&table);
    for (case, technology, suppliers, exports) in [
        ("dest_tech", Technology::Destination, Suppliers::Destination, true),
        ("orig_tech_dest_sourcing", Technology::Origin, Suppliers::Destination, true),
        ("orig_tech_orig_sourcing", Technology::Origin, Suppliers::Origin, true),
        ("dest_tech_no_exports", Technology::Destination, Suppliers::Destination, false),
    ] {
        let expected = &example[format!("relocation_{case}")];
        let number = |name: &str| expected[name].as_f64().unwrap();
        let moves = [Move { sector: 0, from: 0, to: 1, technology, suppliers, exports }];
        let relocation = Relocation::of(&table, &leontief, &moves).unwrap();
        let moved = relocation.solve(&economy, &[Size::Share(0.3)]).unwrap();
        let (a, f) = relocation.extended_system(&leontief, &economy, &moved.shares);
        close("A2", a.values(), &matrix(&expected["A2"]).concat());
        close("f2", &f, &vector(&expected["f2"]));
        let x: Vec<f64> = moved.established.iter().chain(&moved.relocated).copied().collect();
        close("x2", &x, &vector(&expected["x2"]));
        let plant = &relocation.plants()[0];
        close("vc", &[plant.value_added], &[number("vc_new")]);
        let mut by_region = Vec::new();
        let mut plant_intensity = Vec::new();
        for (at, quantity) in table.quantities().into_iter().enumerate() {
            let c = if at == 0 { vec![1.0; 4] } else { table.intensities(quantity) };
            let plants = relocation.intensities(quantity, &c);
            let change = relocation.changes(&moved, &economy, &c, &plants);
            let letter = ["dx", "dv", "de"][at];
            // Changes of exactly nothing are told from rounding by the size of the economy.
            let scaled = |values: &[f64]| values.iter().map(|v| v + 1e3).collect::<Vec<f64>>();
            close(letter, &scaled(&change), &scaled(&vector(&expected[letter])));
            let regions = table.industries().by_region(&change);
            close(letter, &regions, &vector(&expected[format!("{letter}_r")]));
            let total: f64 = regions.iter().sum();
            close(letter, &[total + 1e3], &[number(&format!("{letter}_tot")) + 1e3]);
            by_region.push(regions);
            plant_intensity = plants;
        }
        close("ec", &plant_intensity, &[number("ec_new")]);
        let origin_intensity =
            relocation.origin_intensities(&table.intensities(Quantity::Stressor(0)));
        let change = Change {
            stressor: &by_region[2],
            value_added: &by_region[1],
            origins: &[true, false],
            destinations: &[false, true],
            relocated: &moved.relocated,
            plant_intensity: &plant_intensity,
            origin_intensity: &origin_intensity,
        };
        let (indicators, _) = change.indicators();
        for (name, known) in [
            ("emission_transfer_ratio", "leakage_ratio"),
            ("haven_index", "haven"),
            ("relocated_output", "relocated_output"),
            ("change_per_output_moved", "haven_per_output"),
            ("direct", "direct_co2"),
            ("upstream", "upstream_co2"),
            ("carbon_cost_gained", "co2_per_va_gained_dest"),
            ("carbon_cost_lost", "co2_per_va_lost_origin"),
        ] {
            let found =
                indicators.iter().find(|indicator| indicator.name == name).unwrap().value.unwrap();
            close(name, &[found + 1.0], &[number(known) + 1.0]);
        }
        let value_added: f64 = by_region[1].iter().sum();
        let direct =
            moved.relocated[0] * (plant.value_added - table.intensities(Quantity::ValueAdded)[0]);
        close("direct va", &[direct + 1.0], &[number("direct_va") + 1.0]);
        close("upstream va", &[value_added - direct + 1.0], &[number("upstream_va") + 1.0]);
        if case == "dest_tech" {
            // With destination technology the plants are the destination's row: fold them into it.
            let mut edited = matrix(&expected["A2"]);
            let extra = edited.pop().unwrap();
            edited[2].iter_mut().zip(&extra).for_each(|(cell, more)| *cell += more);
            let folded: Vec<f64> = edited.iter().flat_map(|row| row[..4].to_vec()).collect();
            close("A_row_edited", &folded, &matrix(&expected["A_row_edited"]).concat());
            assert_eq!(
                &plant.inputs,
                &(0..4).map(|k| leontief.coefficients().0.get(k, 2)).collect::<Vec<_>>()
            );
        }
    }
}

/// A table in prices that are `p` and `pm` times its own.
fn inflated(table: &Table, p: &[f64], pm: &[f64], value_added: &[f64]) -> Table {
    let mut parts = table.parts().clone();
    let inverse: Vec<f64> = p.iter().map(|p| 1.0 / p).collect();
    parts.flows = parts.flows.divide_rows(&inverse);
    parts.final_demand.values = parts.final_demand.values.divide_rows(&inverse);
    parts.output.iter_mut().zip(p).for_each(|(x, p)| *x *= p);
    if let Imports::ByProduct { intermediate, final_demand } = &mut parts.imports {
        for (product, price) in pm.iter().enumerate() {
            let cells = intermediate.row_mut(product).iter_mut();
            cells.chain(final_demand.row_mut(product)).for_each(|value| *value *= price);
        }
    }
    parts.value_added.values.values_mut().copy_from_slice(value_added);
    parts.check().unwrap()
}

/// METHODS A5: the year-1 table in current prices is brought back to constant ones.
#[test]
fn double_deflation_and_the_deflators_it_implies() {
    let example = worked_example();
    let part = |name: &str| vector(&example["deflation"][name]);
    let (p, pm) = (part("p"), part("pm"));
    let real = example_table(&example, "two_region", 1);
    let nominal = inflated(&real, &p, &pm, &part("va_nominal"));
    close("x", nominal.output(), &part("x_nominal"));
    let gaps = &nominal.discrepancy().columns;
    assert!(gap(gaps, &[0.0; 4]) < 1e-6, "the nominal columns add up");
    let sources = vec![PriceSource::Own; 4];
    let prices = Prices::new(2000, p, sources, ImportPrices::ByProduct(pm)).unwrap();
    let (raw, deflators) = deflate(&nominal, &prices).unwrap();
    close("va real", &deflators.real, &part("va_real"));
    close("va nominal", &deflators.nominal, &part("va_nominal"));
    let implied: Vec<f64> = deflators.by_industry().into_iter().map(Option::unwrap).collect();
    close("deflators", &implied, &part("va_deflator_implicit"));
    let table = raw.check().unwrap();
    close("x", table.output(), real.output());
    close("va", &table.value_added(), &real.value_added());
    close("Z", table.flows().to_dense().values(), real.flows().to_dense().values());
    let demand = |table: &Table| table.final_demand().values.to_dense();
    close("f", demand(&table).values(), demand(&real).values());
    close("M", &table.imports().intermediate_totals(4), &real.imports().intermediate_totals(4));
    assert_eq!(table.extensions()[0].values, real.extensions()[0].values, "tonnes stay tonnes");
    assert_eq!(table.meta().prices.to_string(), "2000");
}

/// All sectors, then each.
fn sets() -> Vec<SectorSet> {
    let set = |name: &str, sectors: &[usize]| SectorSet {
        name: name.to_owned(),
        sectors: sectors.to_vec(),
    };
    vec![set("all", &[0, 1]), set("M", &[0]), set("S", &[1])]
}

fn rivals(example: &Value, case: &str) -> (Transfer, Rivals) {
    let [base, target] = [0, 1].map(|year| example_table(example, case, year));
    let (pair, sets) = (FactorPair::of(&base, &target).unwrap(), sets());
    let options = TransferOptions { sourcing_orders: Some(&sets), ..TransferOptions::default() };
    let transfer = decompose(&pair, options, &Silent).unwrap();
    let rivals = Rivals::of(&base, &target, &pair, &transfer, &sets).unwrap();
    (transfer, rivals)
}

/// METHODS B3: columns demand of each region, RoW, and other (N and O together).
#[test]
fn production_by_whose_demand_calls_for_it() {
    let example = worked_example();
    for case in CASES {
        let (_, rivals) = rivals(&example, case);
        let users: Vec<&str> = rivals.users.iter().map(|user| user.label.code.as_str()).collect();
        let outside = ["rest_of_world", "inventories", "error"];
        assert_eq!(users, [region_codes(case), &outside].concat());
        let regions = region_codes(case).len();
        for (quantity, (name, code)) in rivals.quantities.iter().zip(QUANTITIES) {
            assert_eq!(quantity.code, code);
            for year in 0..2 {
                let known = matrix(&example[case][format!("demand_attr_{name}{year}")]);
                let embodied = &quantity.demand_pull.embodied[year];
                let at = |user: usize, k: usize| embodied[user][k];
                let found: Vec<f64> = (0..known.len())
                    .flat_map(|k| {
                        let mut row: Vec<f64> = (0..=regions).map(|user| at(user, k)).collect();
                        row.push(at(regions + 1, k) + at(regions + 2, k));
                        row
                    })
                    .collect();
                close(&format!("{case} {name}{year}"), &found, &known.concat());
                // In, out and net from the printed columns.
                let industry = |s: usize, i: usize| 2 * s + i;
                let mut inward = vec![0.0; known.len()];
                let mut outward = vec![0.0; known.len()];
                for (s, q) in (0..regions).flat_map(|s| (0..regions).map(move |q| (s, q))) {
                    for i in (0..2).filter(|_| s != q) {
                        inward[industry(s, i)] += known[industry(s, i)][q];
                        outward[industry(s, i)] += known[industry(q, i)][s];
                    }
                    let sum = |s: usize, q: usize| known[2 * s][q] + known[2 * s + 1][q];
                    let balance = quantity.demand_pull.balance(year, s, q);
                    assert!((balance - (sum(s, q) - sum(q, s))).abs() < 1e-9 * sum(s, s).max(1.0));
                }
                close("in", &quantity.demand_pull.transfer_in(year), &inward);
                close("out", &quantity.demand_pull.transfer_out(year), &outward);
            }
        }
    }
}

/// METHODS B4 and B5.
#[test]
fn sourcing_at_base_and_end_weights_and_shift_share() {
    let example = worked_example();
    for case in CASES {
        let (transfer, rivals) = rivals(&example, case);
        let orders = transfer.quantities[0].sourcing_orders.as_ref().unwrap();
        for (word, found) in [("base", &orders.base), ("end", &orders.end)] {
            let known = &example[case][format!("counterfactual_T_{word}_weights_x")];
            close(word, found, &vector(known));
        }
        for (average, [effect, interaction]) in [
            (Average::Base, [&orders.base, &orders.base_interaction]),
            (Average::End, [&orders.end, &orders.end_interaction]),
        ] {
            let alone = self::transfer(&example, case, average);
            assert_eq!(&alone.quantities[0].effect(Factor::Sourcing).unwrap().total, effect);
            assert_eq!(alone.quantities[0].interaction.as_ref().unwrap(), interaction);
        }
        if let Some(known) = example[case].get("shift_share_x") {
            close("shift-share", &rivals.quantities[0].shift_share, &vector(known));
        }
        if case == "two_region" {
            // Of a single industry the range is that over all 5040 orders.
            for (set, statistic) in [(1, "min"), (2, "min"), (1, "max"), (2, "max")] {
                let known = vector(&example[case][format!("T_effect_{statistic}_over_all_orders")]);
                let bound = usize::from(statistic == "max");
                let found: Vec<f64> = orders.range[set].iter().map(|range| range[bound]).collect();
                close(statistic, &found, &[known[set - 1], known[set + 1]]);
            }
        }
    }
}

/// Every measure of M in region B is a printed number, or follows from printed ones.
#[test]
fn measures_side_by_side() {
    let example = worked_example();
    let (transfer, rivals) = rivals(&example, "two_region");
    let pull = |year: usize| {
        let known = matrix(&example["two_region"][format!("demand_attr_x{year}")]);
        known[0][1] - known[2][0]
    };
    let lines = &rivals.quantities[0].lines;
    let (set, region) = (1, 0);
    let line = lines.iter().find(|line| (line.set, line.region) == (set, region)).unwrap();
    let part = |name: &str| vector(&example["two_region"][name])[0];
    let sourcing = &transfer.quantities[0].effect(Factor::Sourcing).unwrap().total;
    for (measure, known) in [
        (Measure::Sourcing, sourcing[0]),
        (Measure::NetTransfer, part("T_direct_x")),
        (Measure::DemandPull, pull(1) - pull(0)),
        (Measure::BaseWeights, part("counterfactual_T_base_weights_x")),
        (Measure::EndWeights, part("counterfactual_T_end_weights_x")),
        (Measure::ShiftShare, part("shift_share_x")),
    ] {
        close(measure.word(), &[line.value(measure)], &[known]);
    }
    assert_eq!(lines.len(), 3 * 2, "every region of every set");
    for line in lines {
        assert!(line.agrees(), "in the worked example all measures agree on output: {line:?}");
    }
}

/// Without transfer between the two regions each is an economy of its own, solved here by Cramer's rule.
#[test]
fn output_without_transfer_between_regions() {
    let example = worked_example();
    for year in 0..2 {
        let table = example_table(&example, "two_region", year);
        close("nobody", &without_transfer(&table, &[false, false]).unwrap(), table.output());
        close("one alone", &without_transfer(&table, &[true, false]).unwrap(), table.output());
        let A = matrix(&example["two_region"][format!("A{year}")]);
        let C = matrix(&example["two_region"][format!("C{year}")]);
        let part = |name: &str| vector(&example["two_region"][format!("{name}{year}")]);
        let (n, e, o) = (part("N"), part("E"), part("O"));
        let expected: Vec<f64> = (0..2)
            .flat_map(|s| {
                let a = |i: usize, j: usize| A[i][2 * s + j] + A[2 + i][2 * s + j];
                let f =
                    |i: usize| C[i][s] + C[2 + i][s] + n[2 * s + i] + e[2 * s + i] + o[2 * s + i];
                let det = (1.0 - a(0, 0)) * (1.0 - a(1, 1)) - a(0, 1) * a(1, 0);
                let first = (f(0) * (1.0 - a(1, 1)) + f(1) * a(0, 1)) / det;
                let second = (f(1) * (1.0 - a(0, 0)) + f(0) * a(1, 0)) / det;
                [first, second]
            })
            .collect();
        close("both", &without_transfer(&table, &[true, true]).unwrap(), &expected);
    }
}

/// Where an effect has one sign over all 5040 orders, every order counts for it; elsewhere some do not.
#[test]
fn shares_of_orders_follow_the_range_over_them() {
    let example = worked_example();
    let sets: Vec<SectorSet> = (0..2)
        .map(|sector| SectorSet { name: format!("{sector}"), sectors: vec![sector] })
        .collect();
    let options = TransferOptions { sourcing_orders: Some(&sets), ..TransferOptions::default() };
    for case in CASES {
        let found = decompose(&pair(&example, case), options, &Silent).unwrap();
        for quantity in &found.quantities {
            let orders = quantity.sourcing_orders.as_ref().unwrap();
            let lines = orders.range.iter().flatten().zip(orders.signs.iter().flatten());
            for ([low, high], [positive, negative]) in lines {
                assert!(positive + negative <= 1.0 + 1e-12);
                if *low > 0.0 {
                    assert!((positive - 1.0).abs() < 1e-12, "{case} {}", quantity.code);
                }
                if *high < 0.0 {
                    assert!((negative - 1.0).abs() < 1e-12, "{case} {}", quantity.code);
                }
                assert_eq!((*low < 0.0, *high > 0.0), (*negative > 0.0, *positive > 0.0));
            }
        }
    }
}
