//! Duranton–Overman of one industry in process, as one JSON line.
//!
//! `cargo bench --bench duranton_overman -- [PLANTS] [SITES] [DRAWS] [plane|earth] [sizes]`; 5,000 plants of 10,000
//! sites and 1,000 draws unless told otherwise. Places are drawn, around forty towns.

use std::time::Instant;

use irio::concentration::duranton_overman::{
    Bandwidth, GlobalRule, Industry, Metric, Options, Points, Sites, test,
};
use irio::draws::Stream;
use irio::progress::Silent;
use serde_json::json;

fn main() {
    // `cargo bench` adds flags of its own.
    let words: Vec<String> =
        std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let number = |at: usize, default: usize| {
        words.get(at).and_then(|word| word.parse().ok()).unwrap_or(default)
    };
    let (plants, sites, draws) = (number(0, 5000), number(1, 10_000), number(2, 1000));
    let metric =
        if words.iter().any(|word| word == "earth") { Metric::GreatCircle } else { Metric::Plane };
    let sized = words.iter().any(|word| word == "sizes");
    let places: Vec<[f64; 2]> = (0..sites.max(plants) as u32)
        .map(|at| {
            let (own, town) = (Stream::new(1, at, 1), Stream::new(1, at % 40, 2));
            let place = |k: u32| 15.0 * town.uniform(k) + 0.7 * own.normal(k);
            [105.0 + place(0), 22.0 + place(1)]
        })
        .collect();
    let sizes = sized.then(|| (0..plants).map(|k| 1.0 + (k % 100) as f64).collect());
    let industry = Industry { plants: (0..plants).collect(), sizes };
    let sites = Sites::new(metric, &places);
    let began = Instant::now();
    let points = Points::up_to(sites.quantile(0.5).expect("two sites or more"), 100);
    let median = began.elapsed().as_secs_f64();
    let options =
        Options { draws: draws as u32, seed: 1, bandwidth: Bandwidth::Recomputed, level: 0.05 };
    let began = Instant::now();
    let found = test(&sites, &industry, &points, &options, &Silent).expect("a test");
    let seconds = began.elapsed().as_secs_f64();
    let line = json!({
        "plants": plants, "sites": sites.len(), "draws": draws, "metric": metric.word(), "sizes": sized,
        "threads": rayon::current_num_threads(), "median_seconds": median, "test_seconds": seconds,
        "bandwidth": found.curve.bandwidth, "gamma": found.global(GlobalRule::Levels)[0], "rss_mb": peak_mb(),
    });
    println!("{line}");
}

/// Peak memory of the process.
fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    let number = line.split_whitespace().nth(1).and_then(|text| text.parse::<f64>().ok());
    number.unwrap_or(0.0) / 1024.0
}
