//! Parameters of a game taken from a table, each with how it was made.
//!
//! With `j` the downstream industry of region A, `x` output, `p` the price of a unit of product and
//! `p_m` that of a unit of raw material (both 1 where the game counts in money's worth):
//!
//! ```text
//! μ    = Σ_origins Z_{raw,j}/x_j · p/p_m
//! t_m  = ρ · d_raw/d̄ · p_m,   τ_ℓ = ρ · d_ℓ/d̄ · p,   ρ = Σ_origins Z_{transport,j}/x_j
//! g_A  = (v_B − v_A) · p,   g_B = 0,   v_ℓ = Σ_rows V/x of the industry in ℓ
//! ```
//!
//! `d` are distances and `d̄` the mean haul behind `ρ`. These are assumptions: a coefficient is an
//! average over products and hauls, carries trade margins where trade and transport are one sector,
//! and says nothing of the next plant. Source: METHODS E, link to IO.

use super::{Parameter, Place};
use crate::table::{Imports, Table};

/// What to take from a table; what is none is not filled.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Request {
    /// Regions A and B.
    pub regions: [usize; 2],
    /// The downstream sector.
    pub sector: usize,
    /// Sectors that sell the raw material.
    pub raw: Vec<usize>,
    /// Sectors that carry it and the product.
    pub transport: Vec<usize>,
    /// Rows of value added that differ between the places: wages, taxes.
    pub rows: Vec<usize>,
    /// Distance of the raw material from A to B, in km.
    pub distance_raw: Option<f64>,
    /// Distance of the product from A and from B to the market, in km.
    pub distance_product: [Option<f64>; 2],
    /// Mean haul that the coefficient of transport stands for, in km.
    pub mean_haul: Option<f64>,
    /// Price of a unit of raw material and of product, in the money of the table's coefficients.
    pub prices: [f64; 2],
}

/// A parameter taken from a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Filled {
    /// Which.
    pub parameter: Parameter,
    /// Its value.
    pub value: f64,
    /// How it was made, in words with the industries it is from.
    pub from: String,
    /// The numbers that it is made of, by name.
    pub parts: Vec<(&'static str, f64)>,
}

/// Why a table does not give a parameter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FillError {
    /// The industry produces nothing.
    #[error("{industry} has no output in the table, so there is nothing per unit of it")]
    NoOutput {
        /// Which.
        industry: String,
    },
    /// A coefficient that is a cost or a weight is negative.
    #[error("{what} per unit of {industry} is {value} in the table; it may not be negative")]
    Negative {
        /// What is bought.
        what: String,
        /// By whom.
        industry: String,
        /// The coefficient as text.
        value: String,
    },
}

/// Takes from the table what the request has the numbers for.
///
/// # Errors
/// If an industry has no output or a coefficient is negative.
///
/// # Panics
/// If a position of the request is not in the table.
#[track_caller]
pub fn fill(table: &Table, request: &Request) -> Result<Vec<Filled>, FillError> {
    let mut filled = Vec::new();
    let [raw_price, product_price] = request.prices;
    if !request.raw.is_empty() {
        let (mu, what) = bought(table, request, &request.raw)?;
        filled.push(Filled {
            parameter: Parameter::RawPerUnit,
            value: mu * product_price / raw_price,
            from: format!(
                "{what} per unit of output, all origins, × price of product / of raw material"
            ),
            parts: vec![
                ("coefficient", mu),
                ("price_product", product_price),
                ("price_raw", raw_price),
            ],
        });
    }
    if let Some(haul) = request.mean_haul.filter(|_| !request.transport.is_empty()) {
        let (rho, what) = bought(table, request, &request.transport)?;
        let mut carry = |parameter, distance: Option<f64>, price: f64| {
            let Some(distance) = distance else { return };
            filled.push(Filled {
                parameter,
                value: rho * distance / haul * price,
                from: format!(
                    "{what} per unit of output, × {distance} km / mean haul {haul} km × price"
                ),
                parts: vec![
                    ("coefficient", rho),
                    ("distance", distance),
                    ("mean_haul", haul),
                    ("price", price),
                ],
            });
        };
        carry(Parameter::RawTransport, request.distance_raw, raw_price);
        for place in Place::ALL {
            let distance = request.distance_product[place as usize];
            carry(Parameter::ProductTransport(place), distance, product_price);
        }
    }
    if !request.rows.is_empty() {
        filled.extend(regional(table, request)?);
    }
    Ok(filled)
}

/// What the downstream industry of A buys of some sectors per unit of its output, and its words.
fn bought(table: &Table, request: &Request, sectors: &[usize]) -> Result<(f64, String), FillError> {
    let industries = table.industries();
    let j = industries.index(request.regions[0], request.sector);
    let x = output(table, j)?;
    let regions = industries.regions.len();
    let mut sum: f64 = sectors
        .iter()
        .flat_map(|&sector| (0..regions).map(move |region| (region, sector)))
        .map(|(region, sector)| table.flows().get(industries.index(region, sector), j))
        .sum();
    let mut abroad = "";
    if let Imports::ByProduct { intermediate, .. } = table.imports() {
        sum += sectors.iter().map(|&sector| intermediate[(sector, j)]).sum::<f64>();
        abroad = " and imports";
    }
    let codes: Vec<&str> = sectors.iter().map(|&sector| industries.sectors.code(sector)).collect();
    let what = format!("purchases of {}{abroad} by {}", codes.join(" + "), industries.name(j));
    if sum < 0.0 {
        let value = (sum / x).to_string();
        return Err(FillError::Negative { what, industry: industries.name(j), value });
    }
    Ok((sum / x, what))
}

/// The gap of wages and taxes between the places.
fn regional(table: &Table, request: &Request) -> Result<[Filled; 2], FillError> {
    let (industries, rows) = (table.industries(), table.value_added_rows());
    let mut v = [0.0; 2];
    for (v, region) in v.iter_mut().zip(request.regions) {
        let j = industries.index(region, request.sector);
        let x = output(table, j)?;
        *v = request.rows.iter().map(|&row| rows.values[(row, j)]).sum::<f64>() / x;
    }
    let codes: Vec<&str> = request.rows.iter().map(|&row| rows.rows[row].code.as_str()).collect();
    let [a, b] =
        request.regions.map(|region| industries.name(industries.index(region, request.sector)));
    let price = request.prices[1];
    let parts = vec![("coefficient_A", v[0]), ("coefficient_B", v[1]), ("price", price)];
    let from =
        format!("{} per unit of output of {b} less those of {a}, × price", codes.join(" + "));
    Ok([
        Filled {
            parameter: Parameter::RegionalEffect(Place::A),
            value: (v[1] - v[0]) * price,
            from,
            parts,
        },
        Filled {
            parameter: Parameter::RegionalEffect(Place::B),
            value: 0.0,
            from: "the place that the regional effect of A is measured against".to_owned(),
            parts: Vec::new(),
        },
    ])
}

fn output(table: &Table, j: usize) -> Result<f64, FillError> {
    match table.output()[j] {
        x if x > 0.0 => Ok(x),
        _ => Err(FillError::NoOutput { industry: table.industries().name(j) }),
    }
}
