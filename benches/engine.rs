//! The engine's jobs in process, one a run, as JSON lines: `benches/compare.sh` sets them beside peers.
//!
//! `cargo bench --bench engine -- JOB TABLE [REPEATS]`, where JOB is
//!
//! | job | what is timed |
//! |---|---|
//! | `read_csv` | a labelled text matrix (`TABLE` is a CSV file) |
//! | `multipliers` | `(I − A') m = c` for one stressor; set-up and products apart |
//! | `bandwidth` | the matrix read from end to end by all cores |
//! | `inverse` | `(I − A)⁻¹` in its own memory |
//! | `regional` | as many solves from each side as there are regions |
//! | `shapley` | a decomposition with regional pairs, and its eight factorisations alone |

#![allow(non_snake_case)]

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use irio::decomposition::shares::FactorPair;
use irio::decomposition::transfer::{TransferOptions, decompose};
use irio::input::numbers::{Place, Text};
use irio::input::table::read;
use irio::leontief::{Leontief, TechnicalCoefficients};
use irio::linalg::factor::Factor;
use irio::linalg::system::Method;
use irio::progress::Silent;
use irio::table::{Quantity, Table};
use rayon::prelude::*;
use serde_json::{Value, json};

fn main() {
    // `cargo bench` adds flags of its own.
    let words: Vec<String> =
        std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let (Some(job), Some(path)) = (words.first(), words.get(1)) else {
        println!("engine JOB TABLE [REPEATS]: see the head of benches/engine.rs");
        return;
    };
    let repeats: usize = words.get(2).and_then(|text| text.parse().ok()).unwrap_or(5);
    let mut found = match job.as_str() {
        "read_csv" => read_csv(path, repeats),
        "multipliers" => multipliers(&table(path), repeats),
        "bandwidth" => bandwidth(&table(path), repeats),
        "inverse" => inverse(&table(path), repeats),
        "regional" => regional(&table(path), repeats),
        "shapley" => shapley(&table(path), repeats),
        other => panic!("no job {other:?}"),
    };
    found["job"] = json!(job);
    found["rss_mb"] = json!(peak_mb());
    println!("{found}");
}

fn table(path: &str) -> Table {
    read(Path::new(path), None).unwrap_or_else(|faults| panic!("{faults}"))
}

/// Median wall and processor seconds.
fn timed<T>(repeats: usize, mut run: impl FnMut() -> T) -> (T, Value) {
    let (mut wall, mut cpu) = (Vec::new(), Vec::new());
    let mut last = None;
    for _ in 0..repeats.max(1) {
        drop(last.take());
        let (start, before) = (Instant::now(), processor_seconds());
        last = Some(black_box(run()));
        wall.push(start.elapsed().as_secs_f64());
        cpu.push(processor_seconds() - before);
    }
    let median = |values: &mut Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let figures = json!({ "wall": median(&mut wall), "cpu": median(&mut cpu) });
    (last.unwrap_or_else(|| unreachable!("at least one round")), figures)
}

fn processor_seconds() -> f64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 * 1e-9
}

fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<f64>().ok()).unwrap_or(f64::NAN)
        / 1024.0
}

fn read_csv(path: &str, repeats: usize) -> Value {
    let place = Place::of(Path::new(path));
    let read = || {
        let file = std::fs::File::open(path).expect("a file");
        // SAFETY: nobody writes to it meanwhile. Mapped, as the readers of large files do it.
        let bytes = unsafe { memmap2::Mmap::map(&file) }.expect("a mapped file");
        let text = Text::new(&bytes, &place, b',');
        let (head, start) = text.head(1).expect("a header");
        text.body(start, 2, 1, head[0].len() - 1).expect("numbers").values.bytes()
    };
    timed(repeats, read).1
}

/// As many stressors as a small account has.
const FEW: usize = 4;

/// The last stressor, or value added where there is none.
fn intensities(table: &Table) -> Vec<f64> {
    table.intensities(*table.quantities().last().unwrap_or(&Quantity::ValueAdded))
}

fn multipliers(table: &Table, repeats: usize) -> Value {
    let (leontief, set_up) =
        timed(repeats, || Leontief::with(table, Method::Iteration).expect("a solution"));
    let c = intensities(table);
    let mut products = 0;
    let (m, mut found) = timed(repeats, || {
        let mut m = c.clone();
        products = leontief.system().solve_transposed_columns(&mut m);
        m
    });
    let f = table.total_final_demand();
    let embodied: f64 = m.iter().zip(&f).map(|(m, f)| m * f).sum();
    let emitted: f64 = c.iter().zip(table.output()).map(|(c, x)| c * x).sum();
    let (x, forward) = timed(repeats, || {
        let mut x = f.clone();
        leontief.system().solve_columns(&mut x);
        x
    });
    let columns: Vec<f64> =
        (0..FEW).flat_map(|k| c.iter().map(move |c| c * (1 + k) as f64)).collect();
    let (_, few) = timed(repeats, || {
        let mut columns = columns.clone();
        leontief.system().solve_transposed_columns(&mut columns)
    });
    let gaps = x.iter().zip(table.output()).filter(|(_, x)| **x != 0.0);
    found["products"] = json!(products);
    found["gap"] = json!((embodied / emitted - 1.0).abs());
    found["bytes"] = json!(table.flows().bytes());
    found["density"] = json!(table.flows().density());
    found["n"] = json!(table.industries().len());
    found["set_up"] = set_up;
    found["few"] = few;
    found["forward"] = forward;
    found["forward"]["gap"] = json!(gaps.map(|(a, b)| (a / b - 1.0).abs()).fold(0.0, f64::max));
    found
}

fn regional(table: &Table, repeats: usize) -> Value {
    let leontief = Leontief::with(table, Method::Iteration).expect("a solution");
    let (f, c) = (table.total_final_demand(), intensities(table));
    let sectors = table.industries().sectors.len();
    let of_regions = |values: &[f64]| -> Vec<f64> {
        let n = values.len();
        (0..n / sectors)
            .flat_map(|region| {
                (0..n).map(move |at| values[at] * if at / sectors == region { 1.0 } else { 0.1 })
            })
            .collect()
    };
    let (plain, adjoint) = (of_regions(&f), of_regions(&c));
    let (_, forward) = timed(repeats, || {
        let mut columns = plain.clone();
        leontief.system().solve_columns(&mut columns)
    });
    let (products, mut found) = timed(repeats, || {
        let mut columns = adjoint.clone();
        leontief.system().solve_transposed_columns(&mut columns)
    });
    found["products"] = json!(products);
    found["forward"] = forward;
    found
}

fn bandwidth(table: &Table, repeats: usize) -> Value {
    // As many bytes as the matrix has, as plain numbers: nothing but reading.
    let numbers = vec![1.0f64; table.flows().bytes() / 8];
    let sum = |piece: &[f64]| {
        let mut sums = [0.0; 32];
        for some in piece.as_chunks::<32>().0 {
            sums = std::array::from_fn(|at| sums[at] + some[at]);
        }
        sums.iter().sum::<f64>()
    };
    let (_, mut found) = timed(repeats, || numbers.par_chunks(1 << 18).map(sum).sum::<f64>());
    let wall = found["wall"].as_f64().unwrap_or(f64::NAN);
    found["gigabytes_a_second"] = json!(table.flows().bytes() as f64 / wall / 1e9);
    found
}

fn inverse(table: &Table, repeats: usize) -> Value {
    let leontief = Leontief::of(table).expect("a solution");
    let before = peak_mb();
    let (L, mut found) = timed(repeats, || leontief.inverse().expect("an inverse"));
    let f = table.total_final_demand();
    let gap = (0..f.len()).map(|row| {
        let x: f64 = L.row(row).iter().zip(&f).map(|(l, f)| l * f).sum();
        let own = table.output()[row];
        if own == 0.0 { 0.0 } else { (x / own - 1.0).abs() }
    });
    found["gap"] = json!(gap.fold(0.0, f64::max));
    found["rss_before_mb"] = json!(before);
    found
}

/// A second year: sales shifted between regions, everything a little larger.
fn later(table: &Table) -> Table {
    let mut parts = table.parts().clone();
    let n = parts.industries.len();
    let grown = |i: usize, j: usize| 1.0 + 0.1 * (((i * 31 + j * 17) % 97) as f64 / 97.0);
    let mut flows = parts.flows.to_dense();
    for i in 0..n {
        flows.row_mut(i).iter_mut().enumerate().for_each(|(j, z)| *z *= grown(i, j));
    }
    let sold = flows.row_sums();
    let demand = parts.final_demand.values.row_sums();
    parts.output = sold.iter().zip(&demand).map(|(z, y)| z + y).collect();
    parts.flows = irio::linalg::Matrix::compact(flows);
    parts.meta.year += 5;
    parts.check().expect("a table")
}

fn shapley(table: &Table, repeats: usize) -> Value {
    let other = later(table);
    let pair = FactorPair::of(table, &other).expect("two years");
    let A = TechnicalCoefficients::of(table).0;
    let (_, eight) = timed(repeats, || {
        (0..8usize)
            .into_par_iter()
            .map(|_| Factor::of_identity_minus(&A).expect("factors").size())
            .sum::<usize>()
    });
    let options = TransferOptions::default();
    let (_, mut found) =
        timed(repeats, || decompose(&pair, options, &Silent).expect("a decomposition"));
    found["eight_factorisations"] = eight;
    found
}
