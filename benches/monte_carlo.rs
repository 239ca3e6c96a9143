//! How estimates of drawn panels lie about their truth: bias, spread, and how often 95 % intervals hold it.
//!
//! `cargo bench --bench monte_carlo -- [DRAWS] [RHO]`; 2,000 draws and 0.4 unless told otherwise. Thirty units on a map of
//! squares over seventeen periods, two regressors of which the first goes with the effects of its unit:
//!
//! ```text
//! y_it = x₁ − ½ x₂ + μ_i + δ_t + e_it        FE; SLM: (I − ρW)⁻¹ of all of it; SEM: of e_t alone
//! ```
//!
//! Regressors and effects are the same in every draw, errors are standard normal, by counter from one seed. Models are read
//! from the text of a model file and estimated as `irio estimate` does. Prints the table of docs/monte_carlo.md.

use std::fmt::Write;

use irio::draws::{Stream, parameter};
use irio::econometrics::spatial::determinant::multiplier;
use irio::econometrics::synthetic::map_weights;
use irio::estimation::{Estimation, estimate};
use irio::input::TextFile;
use irio::input::model::{ReadModels, read_text};
use irio::linalg::Dense;
use irio::linalg::small::times;
use irio::panel::Column;
use rayon::prelude::*;

const PERIODS: usize = 17;
const SEED: u64 = 2026;
const SLOPES: [f64; 2] = [1.0, -0.5];

/// What a model is called, its lines, and which panel it is of.
const MODELS: [(&str, &str, &str, Data); 13] = [
    ("FE", "two-way, classical", "estimator = 'within'\neffects = 'two_way'", Data::Plain),
    (
        "FE",
        "two-way, by unit",
        "estimator = 'within'\neffects = 'two_way'\ncovariance = 'cluster'",
        Data::Plain,
    ),
    (
        "FE",
        "two-way, CR3",
        "estimator = 'within'\neffects = 'two_way'\ncovariance = 'CR3'",
        Data::Plain,
    ),
    (
        "SLM",
        "individual, direct",
        "estimator = 'spatial_lag'\neffects = 'individual'",
        Data::LagUnits,
    ),
    (
        "SLM",
        "individual, transformation",
        "estimator = 'spatial_lag'\neffects = 'individual'\napproach = 'transformation'",
        Data::LagUnits,
    ),
    ("SLM", "two-way, direct", "estimator = 'spatial_lag'\neffects = 'two_way'", Data::Lag),
    (
        "SLM",
        "two-way, transformation",
        "estimator = 'spatial_lag'\neffects = 'two_way'\napproach = 'transformation'",
        Data::Lag,
    ),
    (
        "SLM",
        "two-way, bias-corrected",
        "estimator = 'spatial_lag'\neffects = 'two_way'\napproach = 'bias_corrected'",
        Data::Lag,
    ),
    (
        "SEM",
        "individual, direct",
        "estimator = 'spatial_error'\neffects = 'individual'",
        Data::ErrorUnits,
    ),
    (
        "SEM",
        "individual, transformation",
        "estimator = 'spatial_error'\neffects = 'individual'\napproach = 'transformation'",
        Data::ErrorUnits,
    ),
    ("SEM", "two-way, direct", "estimator = 'spatial_error'\neffects = 'two_way'", Data::Error),
    (
        "SEM",
        "two-way, transformation",
        "estimator = 'spatial_error'\neffects = 'two_way'\napproach = 'transformation'",
        Data::Error,
    ),
    (
        "SEM",
        "two-way, bias-corrected",
        "estimator = 'spatial_error'\neffects = 'two_way'\napproach = 'bias_corrected'",
        Data::Error,
    ),
];

/// Which response a model is of: with a lag, spatial errors or neither, and with effects of periods or without.
#[derive(Clone, Copy)]
enum Data {
    Plain,
    Lag,
    LagUnits,
    Error,
    ErrorUnits,
}

impl Data {
    const ALL: [(Data, &'static str); 5] = [
        (Data::Plain, "plain"),
        (Data::Lag, "lag"),
        (Data::LagUnits, "lag_units"),
        (Data::Error, "error"),
        (Data::ErrorUnits, "error_units"),
    ];

    fn name(self) -> &'static str {
        Data::ALL[self as usize].1
    }
}

/// What is the same in every draw.
struct Truth {
    read: ReadModels,
    x: [Vec<f64>; 2],
    of_units: Vec<f64>,
    of_periods: Vec<f64>,
    multiplier: Dense,
}

fn main() {
    // `cargo bench` adds flags of its own.
    let words: Vec<String> =
        std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let draws: u32 = words.first().and_then(|word| word.parse().ok()).unwrap_or(2000);
    let rho: f64 = words.get(1).and_then(|word| word.parse().ok()).unwrap_or(0.4);
    let truth = truth(rho);
    let found: Vec<Vec<Option<Estimation>>> =
        (1..=draws).into_par_iter().map(|draw| truth.drawn(draw)).collect();
    println!("{draws} draws of seed {SEED}, spatial coefficient {rho}\n");
    print!("{}", table(&found, rho));
}

/// Normal numbers by what they are of.
fn numbers(draw: u32, what: &str, count: usize) -> Vec<f64> {
    let stream = Stream::new(SEED, draw, parameter(what));
    (0..count).map(|at| stream.normal(at as u32)).collect()
}

fn truth(rho: f64) -> Truth {
    let weights = map_weights();
    let n = weights.len();
    let of_units = numbers(0, "effects of units", n);
    let of_periods = numbers(0, "effects of periods", PERIODS);
    let mut x = ["first", "second"].map(|what| numbers(0, what, n * PERIODS));
    for (at, x) in x[0].iter_mut().enumerate() {
        *x += 0.5 * of_units[at / PERIODS];
    }
    let place = tempfile::tempdir().expect("a folder");
    let mut panel = String::from("id,t,x1,x2,plain,lag,lag_units,error,error_units\n");
    for (at, (first, second)) in x[0].iter().zip(&x[1]).enumerate() {
        let (unit, period) = (&weights.units()[at / PERIODS], at % PERIODS);
        let _ = writeln!(panel, "{unit},{period},{first:?},{second:?},0,0,0,0,0");
    }
    let mut pairs = String::from("id,neighbour\n");
    for (unit, name) in weights.units().iter().enumerate() {
        for (other, _) in weights.row(unit) {
            let _ = writeln!(pairs, "{name},{}", weights.units()[other]);
        }
    }
    let mut text = String::from(
        "irio_model = 1\nname = 'drawn'\n[panel]\nfile = 'p.csv'\nid = 'id'\ntime = 't'\n\
         [[weights]]\nname = 'W'\nfile = 'w.csv'\nkind = 'list'\nstandardize = 'row'\n\
         [defaults]\nregressors = ['x1', 'x2']\nweights_matrix = 'W'\n",
    );
    for (at, (_, _, lines, data)) in MODELS.iter().enumerate() {
        let _ = writeln!(text, "[[model]]\nname = 'm{at}'\ndependent = '{}'\n{lines}", data.name());
    }
    std::fs::write(place.path().join("p.csv"), panel).expect("a panel");
    std::fs::write(place.path().join("w.csv"), pairs).expect("neighbours");
    let file = TextFile { path: place.path().join("m.toml"), text, sha256: String::new() };
    let read = read_text(&file, None).unwrap_or_else(|faults| panic!("{faults}"));
    let multiplier = multiplier(&weights, rho).expect("a spatial coefficient below one");
    Truth { read, x, of_units, of_periods, multiplier }
}

impl Truth {
    /// Every model of a draw; none where it has no estimate.
    fn drawn(&self, draw: u32) -> Vec<Option<Estimation>> {
        let mut panel = self.read.panel.clone();
        for (data, name) in Data::ALL {
            panel.set(name, Column::Numbers(self.response(draw, data).into()));
        }
        let models = self.read.models.iter();
        models.map(|model| estimate(&panel, &self.read.weights, model).ok()).collect()
    }

    /// A response, unit by unit.
    fn response(&self, draw: u32, data: Data) -> Vec<f64> {
        let n = self.of_units.len();
        let e = numbers(draw, data.name(), n * PERIODS);
        let mut out = vec![0.0; n * PERIODS];
        for t in 0..PERIODS {
            let of = |unit: usize| unit * PERIODS + t;
            let period = match data {
                Data::LagUnits | Data::ErrorUnits => 0.0,
                _ => self.of_periods[t],
            };
            let mean = |unit: usize| {
                let x = SLOPES[0] * self.x[0][of(unit)] + SLOPES[1] * self.x[1][of(unit)];
                x + self.of_units[unit] + period
            };
            let e: Vec<f64> = (0..n).map(|unit| e[of(unit)]).collect();
            let y: Vec<f64> = match data {
                Data::Plain => (0..n).map(|unit| mean(unit) + e[unit]).collect(),
                Data::Lag | Data::LagUnits => {
                    let all: Vec<f64> = (0..n).map(|unit| mean(unit) + e[unit]).collect();
                    times(&self.multiplier, &all)
                }
                Data::Error | Data::ErrorUnits => {
                    let u = times(&self.multiplier, &e);
                    (0..n).map(|unit| mean(unit) + u[unit]).collect()
                }
            };
            (0..n).for_each(|unit| out[of(unit)] = y[unit]);
        }
        out
    }
}

/// Bias, root of the mean square, and share of intervals that hold the truth.
fn about(found: &[(f64, (f64, f64))], truth: f64) -> [f64; 3] {
    let count = found.len() as f64;
    let gaps = || found.iter().map(|(value, _)| value - truth);
    let held = found.iter().filter(|(_, (low, high))| *low <= truth && truth <= *high).count();
    [
        gaps().sum::<f64>() / count,
        (gaps().map(|gap| gap * gap).sum::<f64>() / count).sqrt(),
        held as f64 / count,
    ]
}

fn table(found: &[Vec<Option<Estimation>>], rho: f64) -> String {
    let mut out = String::from(
        "| model | effects, errors | b bias | b RMSE | b covered | ρ or λ bias | RMSE | covered | σ² bias | no estimate |\n\
         |---|---|---|---|---|---|---|---|---|---|\n",
    );
    for (at, (model, how, _, _)) in MODELS.iter().enumerate() {
        let own: Vec<&Estimation> = found.iter().filter_map(|draw| draw[at].as_ref()).collect();
        let of = |name: &str| -> Vec<(f64, (f64, f64))> {
            let one = |own: &&Estimation| own.coefficient(name).map(|c| (c.value, c.interval));
            own.iter().filter_map(one).collect()
        };
        let slope = about(&of("x1"), SLOPES[0]);
        let spatial: Vec<_> = ["rho", "lambda"].iter().flat_map(|name| of(name)).collect();
        let variance: Vec<f64> = match spatial.is_empty() {
            true => own.iter().filter_map(|own| Some(own.statistic("sigma")?.powi(2))).collect(),
            false => of("sigma2").into_iter().map(|(value, _)| value).collect(),
        };
        let variance = variance.iter().map(|own| own - 1.0).sum::<f64>() / variance.len() as f64;
        let [bias, spread, covered] = slope;
        let _ =
            write!(out, "| {model} | {how} | {bias:.4} | {spread:.4} | {:.1} % |", 100.0 * covered);
        let _ = match spatial.is_empty() {
            true => write!(out, " | | |"),
            false => {
                let [bias, spread, covered] = about(&spatial, rho);
                write!(out, " {bias:.4} | {spread:.4} | {:.1} % |", 100.0 * covered)
            }
        };
        let _ = writeln!(out, " {variance:.4} | {} |", found.len() - own.len());
    }
    out
}
