//! Synthetic panels with a known truth, to try models on: no numbers of any country.
//!
//! ```text
//! ln CO2_t = ρ W ln CO2_t − 0.26 ln OA_t + 0.23 ln OA_{t−1} + 0.4 ln EE + 0.28 ln GDP − 0.02 ln FDI + 0.37 ln IS + μ + λ + e
//! ln waste = 1.8 ln OA − 0.15 (ln OA)² + …            an inverted U that turns at 6
//! CI = −0.20 cluster − 0.30 digital + …               digital = 0.5 cluster + …
//! ```
//!
//! Every number is drawn by counter from one seed, so a file is the same bits wherever it is made.

use std::fmt::Write;

use super::spatial::determinant::multiplier;
use crate::draws::{Stream, parameter};
use crate::linalg::small::times;
use crate::weights::Weights;

/// Regions of the provincial panel: rows and columns of a map of squares.
const MAP: (usize, usize) = (5, 6);
/// Years of the provincial panel.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2018;
/// ρ of the provincial panel.
pub const RHO: f64 = 0.25;
/// Coefficients of ln OA in the same year and the years before.
pub const LAGS: [f64; 3] = [-0.26, 0.23, 0.0];
/// Coefficients of lnEE, lnGDP, lnFDI, lnIS.
pub const CONTROLS: [f64; 4] = [0.4, 0.28, -0.02, 0.37];
/// Coefficients of ln OA and its square in the equations of waste.
pub const QUADRATIC: (f64, f64) = (1.8, -0.15);
/// Direct effect of clusters on firms' carbon intensity, effect of clusters on digitalisation, and of that on intensity.
pub const FIRMS: (f64, f64, f64) = (-0.20, 0.50, -0.30);
/// Effect of the density of other industry on a sector's intensity.
pub const INTENSITY: f64 = -0.15;

/// Normal numbers by name and place.
struct Dice(u64);

impl Dice {
    fn normal(&self, what: &str, unit: usize, time: usize) -> f64 {
        Stream::new(self.0, unit as u32, parameter(what)).normal(time as u32)
    }

    /// A series that forgets slowly, one value a year.
    fn series(&self, what: &str, unit: usize, years: usize, spread: f64) -> Vec<f64> {
        let mut value = spread * self.normal(what, unit, 0) / (1.0_f64 - 0.49).sqrt();
        (1..=years)
            .map(|year| {
                value = 0.7 * value + spread * self.normal(what, unit, year);
                value
            })
            .collect()
    }
}

/// A number with eight significant digits, as short as they allow.
fn short(value: f64) -> f64 {
    format!("{value:.7e}").parse().unwrap_or(value)
}

/// Names of the regions, `R01` and so on.
fn names() -> Vec<String> {
    (1..=MAP.0 * MAP.1).map(|at| format!("R{at:02}")).collect()
}

/// Neighbours on the map of squares, rows that sum to one.
pub fn map_weights() -> Weights {
    let (rows, columns) = MAP;
    let place = |r: usize, c: usize| r * columns + c;
    let lists = (0..rows * columns).map(|at| {
        let (r, c) = (at / columns, at % columns);
        let mut own = Vec::new();
        if r > 0 {
            own.push((place(r - 1, c), 1.0));
        }
        if c > 0 {
            own.push((place(r, c - 1), 1.0));
        }
        if c + 1 < columns {
            own.push((place(r, c + 1), 1.0));
        }
        if r + 1 < rows {
            own.push((place(r + 1, c), 1.0));
        }
        own
    });
    Weights::new(names(), lists.collect()).expect("a map of squares").row_standardized()
}

/// The neighbours of the map as a CSV: `region,neighbour`.
pub fn neighbours() -> String {
    let weights = map_weights();
    let mut out = String::from("region,neighbour\n");
    for (at, name) in weights.units().iter().enumerate() {
        for (other, _) in weights.row(at) {
            let _ = writeln!(out, "{name},{}", weights.units()[other]);
        }
    }
    out
}

/// Regions over years: emissions, industry, its workers, capital and research, energy, product, investment, waste.
pub fn provinces(seed: u64) -> String {
    let dice = Dice(seed);
    let names = names();
    let years: Vec<i32> = YEARS.collect();
    let (n, t) = (names.len(), years.len());
    let series = |what: &str, spread: f64| -> Vec<Vec<f64>> {
        (0..n).map(|unit| dice.series(what, unit, t, spread)).collect()
    };
    let level = |what: &str, unit: usize, spread: f64| spread * dice.normal(what, unit, 0);
    let density = series("density", 0.12);
    let ln_oa = |unit: usize, year: usize| {
        5.2 + level("oa", unit, 0.6) + 0.06 * year as f64 + density[unit][year]
    };
    let others: Vec<Vec<Vec<f64>>> =
        ["workers", "capital", "research"].iter().map(|what| series(what, 0.1)).collect();
    let ln_other = |which: usize, unit: usize, year: usize| {
        let (base, trend) = [(3.4, 0.01), (5.5, 0.08), (1.9, 0.1)][which];
        let own = level(["la", "ca", "ta"][which], unit, 0.5) + others[which][unit][year];
        base + trend * year as f64 + own + 0.4 * density[unit][year]
    };
    let controls: Vec<Vec<Vec<f64>>> = ["ee", "gdp", "fdi", "is"]
        .iter()
        .zip([0.1, 0.08, 0.3, 0.05])
        .map(|(what, spread)| series(what, spread))
        .collect();
    let ln_control = |which: usize, unit: usize, year: usize| {
        let (base, spread, trend) =
            [(3.0, 0.3, 0.01), (9.5, 0.4, 0.08), (0.5, 0.6, 0.0), (-0.8, 0.1, 0.0)][which];
        base + level(["ee0", "gdp0", "fdi0", "is0"][which], unit, spread)
            + trend * year as f64
            + controls[which][unit][year]
    };
    let weights = map_weights();
    let spill = multiplier(&weights, RHO).expect("a coefficient inside its range");
    let mut co2 = vec![Vec::with_capacity(t); n];
    for year in 0..t {
        let pushed: Vec<f64> = (0..n)
            .map(|unit| {
                let lags = LAGS
                    .iter()
                    .enumerate()
                    .map(|(lag, b)| b * ln_oa(unit, year.saturating_sub(lag)));
                let own = CONTROLS.iter().enumerate().map(|(at, b)| b * ln_control(at, unit, year));
                let effects = 5.0 + level("mu", unit, 0.4) + 0.1 * dice.normal("lambda", 0, year);
                lags.sum::<f64>()
                    + own.sum::<f64>()
                    + effects
                    + 0.04 * dice.normal("co2", unit, year)
            })
            .collect();
        for (own, value) in co2.iter_mut().zip(times(&spill, &pushed)) {
            own.push(value.exp());
        }
    }
    let waste = |what: &str, unit: usize, year: usize| {
        let x = ln_oa(unit, year);
        let own = QUADRATIC.0 * x + QUADRATIC.1 * x * x + 0.2 * ln_control(1, unit, year);
        let effects = level(what, unit, 0.5) + 0.1 * dice.normal(what, n, year);
        (own + effects - 2.0 + 0.08 * dice.normal(what, n + 1 + unit, year)).exp()
    };
    let mut out = String::from(
        "region,zone,year,area,output,workers,capital,research,co2,energy_per_worker,gdp_per_head,fdi_share,industry_share,\
         waste_water,waste_gas,solid_waste\n",
    );
    for (unit, name) in names.iter().enumerate() {
        let zone = ["west", "central", "east"][(unit % MAP.1) / 2];
        let area = (10.0 + 0.5 * dice.normal("area", unit, 0)).exp();
        for (year, label) in years.iter().enumerate() {
            let quantity = |ln: f64| ln.exp() * area;
            let _ = write!(out, "{name},{zone},{label},{area:.1}");
            for value in [
                quantity(ln_oa(unit, year)),
                quantity(ln_other(0, unit, year)),
                quantity(ln_other(1, unit, year)),
                quantity(ln_other(2, unit, year)),
                co2[unit][year],
            ]
            .into_iter()
            .chain((0..4).map(|at| ln_control(at, unit, year).exp()))
            .chain(["water", "gas", "solid"].iter().map(|what| waste(what, unit, year)))
            {
                let _ = write!(out, ",{}", short(value));
            }
            out.push('\n');
        }
    }
    out
}

/// Firms over years: carbon intensity, strength of the cluster of their city ten years before, digitalisation.
pub fn firms(seed: u64) -> String {
    let dice = Dice(seed);
    let (firms, cities, years) = (150, 40, 13);
    let clusters: Vec<Vec<f64>> =
        (0..cities).map(|city| dice.series("cluster", city, years, 0.2)).collect();
    let mut out =
        String::from("firm,city,year,pollution,carbon_intensity,cluster,digital,size,leverage\n");
    for firm in 0..firms {
        let city = (dice.normal("city", firm, 0).abs() * 1e6) as usize % cities;
        let size = dice.series("size", firm, years, 0.3);
        let leverage = dice.series("leverage", firm, years, 0.1);
        let level = |what: &str, spread: f64| spread * dice.normal(what, firm, 0);
        for year in 0..years {
            let cluster = 1.0 + clusters[city][year];
            let digital = FIRMS.1 * cluster
                + level("digital", 0.4)
                + 0.05 * year as f64
                + 0.2 * dice.normal("digital e", firm, year);
            let intensity = FIRMS.0 * cluster + FIRMS.2 * digital - 0.1 * size[year]
                + level("intensity", 0.8)
                + 0.1 * dice.normal("intensity year", 0, year)
                + 0.25 * dice.normal("intensity e", firm, year);
            let pollution = if firm % 3 == 0 { "high" } else { "low" };
            let _ = writeln!(
                out,
                "F{:03},C{:02},{},{pollution},{:.6},{:.6},{:.6},{:.6},{:.6}",
                firm + 1,
                city + 1,
                2008 + year,
                intensity + 4.0,
                cluster,
                digital,
                size[year] + 3.0,
                leverage[year] + 0.4,
            );
        }
    }
    out
}

/// Sectors of regions over years: emissions and output, and the density of the other industry of the region.
pub fn sectors(seed: u64) -> String {
    let dice = Dice(seed);
    let names = names();
    let words = ["metals", "chemicals", "minerals", "machinery", "textiles"];
    let years = 12;
    let mut out = String::from("id,region,sector,year,emissions,output,other_density\n");
    for (unit, name) in names.iter().enumerate() {
        for (at, word) in words.iter().enumerate() {
            let own = unit * words.len() + at;
            // The year before the first is needed for the lag.
            let density = dice.series("other", own, years + 1, 0.2);
            for year in 1..=years {
                let output = (5.0
                    + dice.normal("size", own, 0)
                    + 0.05 * year as f64
                    + 0.1 * dice.normal("output", own, year))
                .exp();
                let intensity = INTENSITY * density[year - 1]
                    + 0.5 * dice.normal("of sector and region", own, 0)
                    + 0.1 * dice.normal("of sector and year", at, year)
                    + 0.05 * dice.normal("intensity", own, year);
                let _ = writeln!(
                    out,
                    "{name}-{word},{name},{word},{},{},{},{}",
                    2006 + year,
                    short(output * intensity.exp()),
                    short(output),
                    short((5.0 + density[year]).exp()),
                );
            }
        }
    }
    out
}
