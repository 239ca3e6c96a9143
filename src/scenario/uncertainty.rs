//! `[uncertainty]`: what is drawn, how widely, and from which seed.

use serde::Serialize;

/// Whose emission factors err together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Together {
    /// Every industry's.
    All,
    /// Those of one sector in every region: the factor of its fuels.
    #[default]
    Sector,
    /// No two.
    Industry,
}

impl Together {
    /// The word of files.
    pub fn word(self) -> &'static str {
        match self {
            Together::All => "all",
            Together::Sector => "sector",
            Together::Industry => "industry",
        }
    }
}

/// Concentration κ of the Dirichlet distribution of trade shares: the larger, the surer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Concentration {
    /// The same for every product.
    Uniform(f64),
    /// One for each product, such as `irio build` measures them.
    ByProduct(Vec<f64>),
}

impl Concentration {
    /// One for each of `count` products.
    pub fn by_product(&self, count: usize) -> Vec<f64> {
        match self {
            Concentration::Uniform(value) => vec![*value; count],
            Concentration::ByProduct(values) => values.clone(),
        }
    }
}

/// A checked `[uncertainty]`; what is not drawn stays as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Uncertainty {
    /// How many draws.
    pub draws: u32,
    /// The seed; scenarios that share it share their draws.
    pub seed: u64,
    /// Whether elasticities and ρ are drawn from N(b, V).
    pub elasticities: bool,
    /// Correlation between the lags of one equation where only stars are known: lags of a series with a
    /// trend are strongly negatively correlated, so independent draws overstate the spread of their sum.
    pub lag_correlation: f64,
    /// Relative standard deviation of emission factors (lognormal, median 1), and whose err together.
    /// Extensions that a density or jobs are counted by are not drawn.
    pub emission_factors: Option<(f64, Together)>,
    /// How sure trade shares are.
    pub trade_shares: Option<Concentration>,
    /// Range of the destination's share in the technology of relocated plants, uniform.
    pub technology: Option<[f64; 2]>,
    /// Standard deviation of the yearly growth of demand, the same for every path.
    pub growth: Option<f64>,
}

impl Uncertainty {
    /// Draws if nothing else is said.
    pub const DRAWS: u32 = 1000;
    /// Seed if nothing else is said.
    pub const SEED: u64 = 1;

    /// Nothing is drawn: one way of computing, as the scenario says.
    pub fn none() -> Self {
        Uncertainty {
            draws: 1,
            seed: Uncertainty::SEED,
            elasticities: false,
            lag_correlation: 0.0,
            emission_factors: None,
            trade_shares: None,
            technology: None,
            growth: None,
        }
    }
}
