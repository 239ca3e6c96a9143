//! Industrial transfer in process: the shipped tables, and a synthetic pair of 8 × 17 without files.
//!
//! `cargo bench --bench transfer`; `benches/compare.sh` sets it beside the numpy script.

use std::path::Path;

use irio::decomposition::transfer::{TransferOptions, between};
use irio::input::table::read;
use irio::progress::Silent;

fn main() {
    divan::main();
}

/// The real pair named by `IRIO_BENCH_BASE` and `IRIO_BENCH_TARGET` (with `IRIO_BENCH_DATA` as data
/// folder), else the shipped aggregates.
fn tables() -> [irio::table::Table; 2] {
    let path =
        |name: &str, default: &str| std::env::var(name).unwrap_or_else(|_| default.to_owned());
    let data = std::env::var("IRIO_BENCH_DATA").ok();
    [path("IRIO_BENCH_BASE", "tables/china-2002"), path("IRIO_BENCH_TARGET", "tables/china-2007")]
        .map(|table| {
            read(Path::new(&table), data.as_deref().map(Path::new)).expect("a table to decompose")
        })
}

/// Shares, all factorisations, effects of every factor and pairs of regions for all quantities.
#[divan::bench]
fn effects_and_pairs(bencher: divan::Bencher<'_, '_>) {
    let [base, target] = tables();
    let options = TransferOptions::default();
    bencher.bench(|| between(&base, &target, options, &Silent).expect("a decomposition"));
}

/// The same with the smallest and largest effect over all orders.
#[divan::bench]
fn effects_pairs_and_range(bencher: divan::Bencher<'_, '_>) {
    let [base, target] = tables();
    let options = TransferOptions { range: true, ..TransferOptions::default() };
    bencher.bench(|| between(&base, &target, options, &Silent).expect("a decomposition"));
}
