//! Numbers for a mock of the inter-provincial tables: drawn, but balanced like the real ones.
//!
//! ```text
//! x = A x + f,  A_(q,i),(r,j) = t_i^{qr} a_ij^r,  f = final demand + exports + error
//! ```
//!
//! A draw is a function of its name and index, so the same table comes out everywhere. A part of each
//! draw is the same in every year, the rest the year's own; Hebei sells ever more metal.
#![allow(dead_code, non_snake_case, clippy::needless_range_loop)]

use irio::china::{PROVINCES, Province, SECTORS_2012, SECTORS_2017, Sector};
use irio::draws::{Stream, parameter};

/// What a mock is of.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub year: i32,
    pub regions: Vec<&'static Province>,
    pub sectors: usize,
    pub seed: u64,
}

impl Wanted {
    /// All provinces and sectors.
    pub fn full(year: i32) -> Self {
        Wanted { year, regions: PROVINCES.iter().collect(), sectors: 42, seed: 20_121_517 }
    }

    /// Some provinces, by code, and the first sectors.
    pub fn small(year: i32, codes: &[&str], sectors: usize) -> Self {
        let find =
            |code: &&str| PROVINCES.iter().find(|one| one.code == *code).expect("a province");
        Wanted { regions: codes.iter().map(find).collect(), sectors, ..Wanted::full(year) }
    }

    pub fn sector_names(&self) -> &'static [Sector] {
        if self.year < 2017 { &SECTORS_2012[..self.sectors] } else { &SECTORS_2017[..self.sectors] }
    }
}

/// The blocks of a table; industries are region by region.
pub struct Numbers {
    pub wanted: Wanted,
    /// n × n.
    pub flows: Vec<Vec<f64>>,
    /// n × 5 a region.
    pub demand: Vec<Vec<f64>>,
    pub exports: Vec<f64>,
    pub error: Vec<f64>,
    pub output: Vec<f64>,
    pub imports: Vec<f64>,
    pub imports_of_demand: Vec<f64>,
    /// Labour, taxes, depreciation, surplus.
    pub value_added: [Vec<f64>; 4],
    /// Mt.
    pub carbon: Vec<f64>,
}

/// National final demand, 10^4 yuan: about twice the trillions of GDP would be the output.
fn national(year: i32) -> f64 {
    match year {
        2012 => 5.6e9,
        2015 => 7.1e9,
        _ => 8.6e9,
    }
}

/// About the GDP of the provinces of 2012, in the official order.
const SIZES: [f64; 31] = [
    18.0, 13.0, 27.0, 12.0, 16.0, 25.0, 12.0, 14.0, 20.0, 54.0, 35.0, 17.0, 20.0, 13.0, 50.0, 30.0,
    22.0, 22.0, 57.0, 13.0, 3.0, 11.0, 24.0, 7.0, 10.0, 0.7, 14.0, 6.0, 1.9, 2.3, 7.5,
];

struct Draw {
    seed: u64,
    year: u32,
}

impl Draw {
    /// Between 0 and 1: mostly of no year, partly of this one.
    fn at(&self, name: &str, index: usize) -> f64 {
        let of = |draw| Stream::new(self.seed, draw, parameter(name)).uniform(index as u32);
        0.75 * of(0) + 0.25 * of(self.year)
    }
}

impl Numbers {
    pub fn of(wanted: Wanted) -> Self {
        let draw = Draw { seed: wanted.seed, year: wanted.year as u32 };
        let (r, s) = (wanted.regions.len(), wanted.sectors);
        let n = r * s;
        let size: Vec<f64> = {
            let known = |one: &&'static Province| {
                PROVINCES.iter().position(|p| p.code == one.code).map_or(1.0, |at| SIZES[at])
            };
            let raw: Vec<f64> = wanted.regions.iter().map(known).collect();
            let sum: f64 = raw.iter().sum();
            raw.iter().map(|v| v / sum).collect()
        };
        let origin = origins(&draw, &wanted, &size);
        let coefficients = coefficients(&draw, &wanted, &origin);
        let demand = final_demand(&draw, &wanted, &size, &origin);
        let mut exports = vec![0.0; n];
        let mut error = vec![0.0; n];
        for k in 0..n {
            let total: f64 = demand[k].iter().map(|v| v.abs()).sum();
            exports[k] = total * 0.2 * draw.at("exports", k);
            error[k] = total * 0.04 * (draw.at("error", k) - 0.5) + 0.0;
        }
        let f: Vec<f64> =
            (0..n).map(|k| demand[k].iter().sum::<f64>() + exports[k] + error[k]).collect();
        let mut x = f.clone();
        for _ in 0..200 {
            let next: Vec<f64> = (0..n)
                .map(|k| f[k] + coefficients[k].iter().zip(&x).map(|(a, x)| a * x).sum::<f64>())
                .collect();
            let change = next.iter().zip(&x).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            x = next;
            if change < 1e-6 {
                break;
            }
        }
        let flows: Vec<Vec<f64>> = coefficients
            .iter()
            .map(|row| row.iter().zip(&x).map(|(a, x)| a * x).collect())
            .collect();
        // What is written adds up as written: output is the sum of its row.
        let output: Vec<f64> = (0..n)
            .map(|k| {
                flows[k].iter().sum::<f64>() + demand[k].iter().sum::<f64>() + exports[k] + error[k]
            })
            .collect();
        let mut table = Numbers {
            flows,
            demand,
            exports,
            error,
            imports: (0..n).map(|k| output[k] * (0.01 + 0.05 * draw.at("imports", k))).collect(),
            imports_of_demand: Vec::new(),
            value_added: Default::default(),
            carbon: Vec::new(),
            output,
            wanted,
        };
        table.primary_inputs(&draw);
        table
    }

    fn primary_inputs(&mut self, draw: &Draw) {
        let n = self.output.len();
        let s = self.wanted.sectors;
        self.imports_of_demand = (0..self.demand[0].len())
            .map(|c| 0.04 * self.demand.iter().map(|row| row[c].max(0.0)).sum::<f64>())
            .collect();
        let mut rest: Vec<f64> = (0..n)
            .map(|k| {
                let inputs: f64 = self.flows.iter().map(|row| row[k]).sum();
                self.output[k] - inputs - self.imports[k]
            })
            .collect();
        for (row, name, share) in
            [(0, "labour", 0.5), (1, "taxes", 0.16), (2, "depreciation", 0.14)]
        {
            self.value_added[row] =
                (0..n).map(|k| rest[k] * share * (0.8 + 0.4 * draw.at(name, k))).collect();
        }
        for (k, rest) in rest.iter_mut().enumerate() {
            *rest -= (0..3).map(|row| self.value_added[row][k]).sum::<f64>();
        }
        self.value_added[3] = rest;
        self.carbon = (0..n)
            .map(|k| {
                // Mt per 10^4 yuan: power, cement and metals burn most.
                let heavy = match k % s + 1 {
                    24 | 25 => 9e-6,
                    13 | 14 => 2e-6,
                    11 => 1e-6,
                    _ => 1e-7,
                };
                self.output[k] * heavy * (0.5 + draw.at("carbon", k))
            })
            .collect();
    }
}

/// Share of each origin in a region's use of a product: `[sector][origin][user]`.
fn origins(draw: &Draw, wanted: &Wanted, size: &[f64]) -> Vec<Vec<Vec<f64>>> {
    let (r, s) = (wanted.regions.len(), wanted.sectors);
    let mut shares = vec![vec![vec![0.0; r]; r]; s];
    for (i, of_sector) in shares.iter_mut().enumerate() {
        for user in 0..r {
            let weight = |origin: usize| {
                let mut weight =
                    size[origin] * (0.3 + 1.4 * draw.at("supplier", (i * r + origin) * r + user));
                // Coal is not found in Tibet; metal comes from Hebei, more every year.
                match (wanted.regions[origin].code, i) {
                    ("XZ", 2) => weight = 0.0,
                    ("HE", 13) => weight *= 1.0 + f64::from(wanted.year - 2010) * 0.15,
                    _ => {}
                }
                if origin == user {
                    weight + 0.6 * f64::from(u8::from(weight > 0.0))
                } else {
                    weight
                }
            };
            let weights: Vec<f64> = (0..r).map(weight).collect();
            let sum: f64 = weights.iter().sum();
            for origin in 0..r {
                of_sector[origin][user] = weights[origin] / sum;
            }
        }
    }
    shares
}

fn coefficients(draw: &Draw, wanted: &Wanted, origin: &[Vec<Vec<f64>>]) -> Vec<Vec<f64>> {
    let (r, s) = (wanted.regions.len(), wanted.sectors);
    let mut A = vec![vec![0.0; r * s]; r * s];
    for user in 0..r {
        for j in 0..s {
            let weights: Vec<f64> = (0..s)
                .map(|i| {
                    let own = if i == j { 4.0 } else { 0.0 };
                    own + draw.at("input", i * s + j).powi(4) * 8.0
                })
                .collect();
            let sum: f64 = weights.iter().sum();
            let share = 0.45 + 0.25 * draw.at("inputs", user * s + j);
            for (i, weight) in weights.iter().enumerate() {
                for q in 0..r {
                    A[q * s + i][user * s + j] = share * weight / sum * origin[i][q][user];
                }
            }
        }
    }
    A
}

fn final_demand(
    draw: &Draw,
    wanted: &Wanted,
    size: &[f64],
    origin: &[Vec<Vec<f64>>],
) -> Vec<Vec<f64>> {
    let (r, s) = (wanted.regions.len(), wanted.sectors);
    let shares = [0.09, 0.27, 0.14, 0.47, 0.03];
    let mut demand = vec![vec![0.0; r * 5]; r * s];
    for user in 0..r {
        for (k, share) in shares.iter().enumerate() {
            let weights: Vec<f64> =
                (0..s).map(|i| draw.at("basket", i * 5 + k).powi(3) + 1e-3).collect();
            let sum: f64 = weights.iter().sum();
            for (i, weight) in weights.iter().enumerate() {
                let mut total = national(wanted.year) * size[user] * share * weight / sum;
                if k == 4 && draw.at("stocks", user * s + i) < 0.4 {
                    total *= -0.3;
                }
                for q in 0..r {
                    // A workbook knows no negative zero.
                    demand[q * s + i][user * 5 + k] = total * origin[i][q][user] + 0.0;
                }
            }
        }
    }
    demand
}
