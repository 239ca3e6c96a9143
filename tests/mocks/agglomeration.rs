//! Writes the synthetic files of `tables/agglomeration`: `cargo run --example agglomeration_mock -- DIR`.
//!
//! Nothing of it is measured; what is true of it is known. Plants of `steel` lie around one town, those of `cement` keep
//! their distance from each other, those of `food` and of everything else are anywhere; the panel is made with a share of
//! capital of 0.4.

use std::fmt::Write;
use std::path::Path;

use irio::draws::{Stream, parameter};

const REGIONS: [&str; 6] = ["NE", "BT", "NC", "SE", "CE", "WE"];
/// Areas of about the size of the regions, in round numbers.
const AREAS: [f64; 6] = [790_000.0, 28_000.0, 345_000.0, 700_000.0, 1_030_000.0, 5_000_000.0];
const SEED: u64 = 2007;

fn main() {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "tables/agglomeration".to_owned());
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder).expect("a folder to write to");
    for (name, text) in [
        ("plants.csv", plants()),
        ("areas.csv", areas()),
        ("workers.csv", workers()),
        ("investment.csv", investment()),
        ("research.csv", research()),
        ("panel.csv", panel()),
    ] {
        std::fs::write(folder.join(name), text).expect("a file to write");
    }
}

fn stream(name: &str, at: usize) -> Stream {
    Stream::new(SEED, at as u32, parameter(name))
}

fn plants() -> String {
    let mut out = "id,industry,lon,lat,employment\n".to_owned();
    let mut id = 0;
    let mut add = |industry: &str, lon: f64, lat: f64, draw: &Stream| {
        id += 1;
        let jobs = (20.0 * (1.2 * draw.normal(9)).exp()).ceil();
        let _ = writeln!(out, "P{id:03},{industry},{lon:.3},{lat:.3},{jobs}");
    };
    for at in 0..40 {
        let draw = stream("steel", at);
        add("steel", 118.2 + 0.8 * draw.normal(0), 39.6 + 0.6 * draw.normal(1), &draw);
    }
    for at in 0..36 {
        // One in each of 6 × 6 fields, never far from its middle.
        let draw = stream("cement", at);
        let place = |cell: usize, k: u32| 2.5 * (cell as f64 + 0.4 + 0.2 * draw.uniform(k));
        add("cement", 105.0 + place(at % 6, 0), 25.0 + place(at / 6, 1), &draw);
    }
    for (industry, count) in [("food", 50), ("other", 180)] {
        for at in 0..count {
            let draw = stream(industry, at);
            add(industry, 105.0 + 15.0 * draw.uniform(0), 25.0 + 15.0 * draw.uniform(1), &draw);
        }
    }
    out
}

fn areas() -> String {
    let mut out = "region,area\n".to_owned();
    for (region, area) in REGIONS.iter().zip(AREAS) {
        let _ = writeln!(out, "{region},{area}");
    }
    out
}

fn workers() -> String {
    let mut out = "region,year,value\n".to_owned();
    for (r, region) in REGIONS.iter().enumerate() {
        for year in 2005..=2007 {
            let level = 1e6 * (2.0 + stream("workers", r).normal(0)).abs() + 1e5;
            let workers = level * 1.03f64.powi(year - 2005);
            let _ = writeln!(out, "{region},{year},{workers:.0}");
        }
    }
    out
}

fn research() -> String {
    let mut out = "region,year,value\n".to_owned();
    for (r, region) in REGIONS.iter().enumerate() {
        for year in 2005..=2007 {
            let spent = 2.0 * (r + 1) as f64 * (1.0 + 0.3 * stream("research", r).uniform(0));
            let _ = writeln!(out, "{region},{year},{:.2}", spent * 1.15f64.powi(year - 2005));
        }
    }
    out
}

fn investment() -> String {
    let mut out = "region,year,value\n".to_owned();
    for (r, region) in REGIONS.iter().enumerate() {
        for year in 2000..=2007 {
            let draw = stream("investment", r * 100 + year as usize - 2000);
            let value =
                500.0 * (r + 1) as f64 * 1.1f64.powi(year - 2000) * (0.05 * draw.normal(0)).exp();
            let _ = writeln!(out, "{region},{year},{value:.1}");
        }
    }
    out
}

fn panel() -> String {
    let mut out = "region,year,output,capital,labour\n".to_owned();
    for (r, region) in REGIONS.iter().enumerate() {
        for year in 2000..=2007 {
            let t = f64::from(year - 2000);
            let draw = stream("panel", r * 100 + t as usize);
            let capital = 1000.0 * (r + 1) as f64 * (0.1 * t + 0.2 * draw.normal(0)).exp();
            let labour = 200.0 * (r + 2) as f64 * (0.02 * t).exp();
            let tfp = 0.3 * r as f64 + 0.01 * draw.normal(1);
            let output = tfp.exp() * capital.powf(0.4) * labour.powf(0.6);
            let _ = writeln!(out, "{region},{year},{output:.3},{capital:.3},{labour:.3}");
        }
    }
    out
}
