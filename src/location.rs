//! Would the firms go there by themselves? The location game of a resource-based cluster.
//!
//! `n` downstream firms choose a place, A (where the raw material is) or B, then quantities
//! (Cournot) for one market with price `P = a − b Q`. With `k` firms at A and `m = n − k` at B
//!
//! ```text
//! c_A(k) = c0 + μ w         + τ_A − g_A − θ_A (k − 1)
//! c_B(m) = c0 + μ (w + t_m) + τ_B − g_B − θ_B (m − 1)
//! π_i    = b q_i² − F,   q_i = [a − (n+1) c_i + Σ_j c_j] / (b (n+1))
//! Δ      = μ t_m − (τ_A − τ_B) + (g_A − g_B)
//! ```
//!
//! `Δ` is the net advantage of A. [`equilibrium`] finds who goes where (by closed form and by
//! comparing payoffs), [`statics`] what would change it, [`entry`] how many firms there would be,
//! [`map`] the same over two parameters, and [`filling`] takes parameters from a table.
//!
//! The closed form holds for interior Cournot only (every firm sells). Where a firm would sell
//! nothing, it stops selling in [`market`], the comparison of payoffs goes on, and the result says so.
//!
//! Source: METHODS E; the idea of the five determinants is the founding paper's (S2), the closed
//! form is this project's, the posted price of an upstream monopolist is of the kind of R17.

pub mod analysis;
pub mod entry;
pub mod equilibrium;
pub mod filling;
pub mod map;
pub mod market;
pub mod statics;

use crate::text::exact;

/// One of the two places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Where the raw material is.
    A,
    /// The other: a cluster here lives without a resource of its own.
    B,
}

impl Place {
    /// Both.
    pub const ALL: [Place; 2] = [Place::A, Place::B];

    /// The other one.
    pub fn other(self) -> Place {
        match self {
            Place::A => Place::B,
            Place::B => Place::A,
        }
    }

    /// Letter of METHODS E.
    pub fn letter(self) -> &'static str {
        match self {
            Place::A => "A",
            Place::B => "B",
        }
    }
}

/// A number of the game.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter {
    /// `n`: downstream firms.
    Firms,
    /// `a`: price at which nothing is sold.
    Intercept,
    /// `b`: fall of the price per unit sold.
    Slope,
    /// `c0`: unit cost that is the same everywhere.
    CommonCost,
    /// `μ`: raw material per unit of product.
    RawPerUnit,
    /// `w`: price of the raw material at A.
    RawPrice,
    /// `t_m`: transport of a unit of raw material from A to B.
    RawTransport,
    /// `τ_A` or `τ_B`: transport of a unit of product to the market.
    ProductTransport(Place),
    /// `g_A` or `g_B`: regional effect, what a place takes off unit cost (endowment, policy, wages).
    RegionalEffect(Place),
    /// `θ_A` or `θ_B`: what each neighbour takes off unit cost; negative where they crowd each other.
    Agglomeration(Place),
    /// `F`: fixed cost of a firm.
    FixedCost,
    /// `c_u`: unit cost of the upstream monopolist.
    UpstreamCost,
}

/// What a parameter is counted in; prices are money per unit of product or of raw material.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// A number of firms.
    Count,
    /// Money.
    Money,
    /// Money per unit of product.
    PerProduct,
    /// Money per unit of product, per unit of product.
    PerProductSquared,
    /// Raw material per unit of product.
    RawPerProduct,
    /// Money per unit of raw material.
    PerRaw,
}

impl Parameter {
    /// Every parameter in the order of METHODS E.
    pub const ALL: [Parameter; 15] = [
        Parameter::Firms,
        Parameter::Intercept,
        Parameter::Slope,
        Parameter::CommonCost,
        Parameter::RawPerUnit,
        Parameter::RawPrice,
        Parameter::RawTransport,
        Parameter::ProductTransport(Place::A),
        Parameter::ProductTransport(Place::B),
        Parameter::RegionalEffect(Place::A),
        Parameter::RegionalEffect(Place::B),
        Parameter::Agglomeration(Place::A),
        Parameter::Agglomeration(Place::B),
        Parameter::FixedCost,
        Parameter::UpstreamCost,
    ];

    /// Its letter in METHODS E, which is its key in a game file.
    pub fn letter(self) -> &'static str {
        use Place::{A, B};
        match self {
            Parameter::Firms => "n",
            Parameter::Intercept => "a",
            Parameter::Slope => "b",
            Parameter::CommonCost => "c0",
            Parameter::RawPerUnit => "mu",
            Parameter::RawPrice => "w",
            Parameter::RawTransport => "t_m",
            Parameter::ProductTransport(A) => "tau_A",
            Parameter::ProductTransport(B) => "tau_B",
            Parameter::RegionalEffect(A) => "g_A",
            Parameter::RegionalEffect(B) => "g_B",
            Parameter::Agglomeration(A) => "theta_A",
            Parameter::Agglomeration(B) => "theta_B",
            Parameter::FixedCost => "F",
            Parameter::UpstreamCost => "c_u",
        }
    }

    /// What it is, in words.
    pub fn words(self) -> &'static str {
        use Place::{A, B};
        match self {
            Parameter::Firms => "number of firms",
            Parameter::Intercept => "price at which nothing is sold",
            Parameter::Slope => "fall of the price per unit sold",
            Parameter::CommonCost => "unit cost the same everywhere",
            Parameter::RawPerUnit => "raw material per unit of product",
            Parameter::RawPrice => "price of raw material at A",
            Parameter::RawTransport => "transport of raw material A to B",
            Parameter::ProductTransport(A) => "transport of product from A",
            Parameter::ProductTransport(B) => "transport of product from B",
            Parameter::RegionalEffect(A) => "regional effect of A",
            Parameter::RegionalEffect(B) => "regional effect of B",
            Parameter::Agglomeration(A) => "gain per neighbour at A",
            Parameter::Agglomeration(B) => "gain per neighbour at B",
            Parameter::FixedCost => "fixed cost of a firm",
            Parameter::UpstreamCost => "unit cost of the monopolist",
        }
    }

    /// What it is counted in.
    pub fn measure(self) -> Measure {
        match self {
            Parameter::Firms => Measure::Count,
            Parameter::Slope => Measure::PerProductSquared,
            Parameter::RawPerUnit => Measure::RawPerProduct,
            Parameter::RawPrice | Parameter::RawTransport | Parameter::UpstreamCost => {
                Measure::PerRaw
            }
            Parameter::FixedCost => Measure::Money,
            _ => Measure::PerProduct,
        }
    }

    /// Whether it may be below zero: regional and agglomeration effects may, costs may not.
    pub fn may_be_negative(self) -> bool {
        matches!(self, Parameter::RegionalEffect(_) | Parameter::Agglomeration(_))
    }

    /// What a value of it is asked to be, if the value is not that.
    ///
    /// # Errors
    /// The value with what was expected.
    pub fn check(self, value: f64) -> Result<(), GameError> {
        let wrong = |expected| Err(GameError { parameter: self, value, expected });
        match self {
            _ if !value.is_finite() || value.abs() > LARGEST => {
                wrong("a number of at most 1e12 in size")
            }
            Parameter::Firms if value.fract() != 0.0 || !(2.0..=MOST_FIRMS).contains(&value) => {
                wrong("a whole number from 2 to 1000")
            }
            Parameter::Intercept if value <= 0.0 => wrong("more than 0"),
            Parameter::Slope if value < 1.0 / LARGEST => wrong("more than 0 (at least 1e-12)"),
            _ if value < 0.0 && !self.may_be_negative() => wrong("0 or more"),
            _ => Ok(()),
        }
    }

    fn at(self) -> usize {
        Parameter::ALL.iter().position(|other| *other == self).unwrap_or_default()
    }
}

/// Largest size of a parameter: squares of it, times as much again, are still numbers.
const LARGEST: f64 = 1e12;
/// Most firms of a game.
const MOST_FIRMS: f64 = 1000.0;

/// Gaps smaller than this, relative to the numbers they are the difference of, are ties: decimal
/// fractions are not exact in binary, so that `Δ = −θ_A (n−1)²/n` would else depend on rounding.
pub(crate) const TIE: f64 = 1e-12;

/// Whether and when an upstream monopolist posts the price of the raw material.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Upstream {
    /// The price is given: upstream is competitive.
    #[default]
    Competitive,
    /// A monopolist posts its price before the firms choose their places, and keeps to it.
    PostsBefore,
    /// A monopolist sets its price once the firms are in place: it answers a firm that leaves.
    PostsAfter,
}

impl Upstream {
    /// The word of a game file.
    pub fn word(self) -> &'static str {
        match self {
            Upstream::Competitive => "competitive",
            Upstream::PostsBefore => "before",
            Upstream::PostsAfter => "after",
        }
    }
}

/// Why numbers are not a game.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{} ({}) is {}, expected {expected}", .parameter.letter(), .parameter.words(), exact(*.value))]
pub struct GameError {
    /// Which parameter.
    pub parameter: Parameter,
    /// Its value.
    pub value: f64,
    /// What it should be.
    pub expected: &'static str,
}

/// A location game.
///
/// - every parameter is within the bounds of [`Parameter::check`];
/// - with an upstream monopolist `μ > 0`, and `w` is what the monopolist makes it.
///
/// # Examples
/// ```
/// use irio::location::equilibrium::Equilibria;
/// use irio::location::{Game, Parameter, Upstream};
///
/// let number = |parameter: Parameter| match parameter.letter() {
///     "n" => 4.0, "a" => 100.0, "b" => 1.0, "c0" => 20.0, "mu" => 2.0, "w" => 5.0, "t_m" => 1.5,
///     "tau_A" => 4.0, "tau_B" => 0.5, "g_A" => 1.0, "theta_A" => 0.8, "theta_B" => 1.2, _ => 0.0,
/// };
/// let game = Game::new(number, Upstream::Competitive).unwrap();
/// assert_eq!(game.advantage(), 0.5);
/// assert_eq!(Equilibria::of(&game).firms_at_a(), [0, 4], "history selects");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Game {
    values: [f64; Parameter::ALL.len()],
    upstream: Upstream,
}

impl Game {
    /// A game of the numbers that `value` gives.
    ///
    /// # Errors
    /// Every parameter that is out of bounds.
    pub fn new(
        value: impl Fn(Parameter) -> f64,
        upstream: Upstream,
    ) -> Result<Self, Vec<GameError>> {
        let values = Parameter::ALL.map(value);
        let checks = Parameter::ALL.iter().zip(values);
        let mut errors: Vec<GameError> =
            checks.filter_map(|(parameter, value)| parameter.check(value).err()).collect();
        if upstream != Upstream::Competitive && values[Parameter::RawPerUnit.at()] == 0.0 {
            let expected = "more than 0 with a monopolist upstream";
            errors.push(GameError { parameter: Parameter::RawPerUnit, value: 0.0, expected });
        }
        if errors.is_empty() { Ok(Game { values, upstream }) } else { Err(errors) }
    }

    /// Value of a parameter.
    pub fn value(&self, parameter: Parameter) -> f64 {
        self.values[parameter.at()]
    }

    /// The same game with another value of one parameter.
    ///
    /// # Errors
    /// If the value is out of bounds.
    pub fn with(&self, parameter: Parameter, value: f64) -> Result<Self, Vec<GameError>> {
        let changed = |other| if other == parameter { value } else { self.value(other) };
        Game::new(changed, self.upstream)
    }

    /// Who sets the price of the raw material.
    pub fn upstream(&self) -> Upstream {
        self.upstream
    }

    /// Number of firms `n`.
    pub fn firms(&self) -> usize {
        self.value(Parameter::Firms) as usize
    }

    /// Unit cost at a place with a number of firms there, without the raw material at mill price.
    ///
    /// ```text
    /// A: c0 + τ_A − g_A − θ_A (k − 1),   B: c0 + μ t_m + τ_B − g_B − θ_B (m − 1)
    /// ```
    ///
    /// Money per unit of product.
    pub fn own_cost(&self, place: Place, firms: usize) -> f64 {
        let haul = match place {
            Place::A => 0.0,
            Place::B => self.value(Parameter::RawPerUnit) * self.value(Parameter::RawTransport),
        };
        self.value(Parameter::CommonCost) + haul + self.value(Parameter::ProductTransport(place))
            - self.value(Parameter::RegionalEffect(place))
            - self.value(Parameter::Agglomeration(place)) * (firms as f64 - 1.0)
    }

    /// Unit cost `c_A(k)` or `c_B(m)` at a price `w` of the raw material; money per unit of product.
    pub fn unit_cost(&self, place: Place, firms: usize, raw_price: f64) -> f64 {
        self.own_cost(place, firms) + self.value(Parameter::RawPerUnit) * raw_price
    }

    /// The three parts of [`Game::advantage`]: raw-material transport saved, product transport,
    /// regional effect; money per unit of product.
    pub fn advantage_parts(&self) -> [f64; 3] {
        let of =
            |part: fn(Place) -> Parameter| [self.value(part(Place::A)), self.value(part(Place::B))];
        let [tau_a, tau_b] = of(Parameter::ProductTransport);
        let [g_a, g_b] = of(Parameter::RegionalEffect);
        let haul = self.value(Parameter::RawPerUnit) * self.value(Parameter::RawTransport);
        [haul, tau_b - tau_a, g_a - g_b]
    }

    /// Net advantage of A for a firm on its own; money per unit of product.
    ///
    /// ```text
    /// Δ = C_B − C_A = μ t_m − (τ_A − τ_B) + (g_A − g_B)
    /// ```
    pub fn advantage(&self) -> f64 {
        self.advantage_parts().iter().sum()
    }

    /// Size of the numbers that a unit cost is the sum of, against which gaps are ties.
    pub(crate) fn cost_size(&self, raw_price: f64) -> f64 {
        let of = |part: fn(Place) -> Parameter| {
            Place::ALL.map(|place| self.value(part(place)).abs()).into_iter().fold(0.0, f64::max)
        };
        self.value(Parameter::CommonCost)
            + self.value(Parameter::RawPerUnit)
                * (raw_price.abs() + self.value(Parameter::RawTransport))
            + of(Parameter::ProductTransport)
            + of(Parameter::RegionalEffect)
            + of(Parameter::Agglomeration) * self.value(Parameter::Firms)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The base case of METHODS E with some values replaced, by letter.
    pub(crate) fn game(changes: &[(&str, f64)], upstream: Upstream) -> Game {
        let value = |parameter: Parameter| {
            let letter = parameter.letter();
            let changed = changes.iter().find(|(other, _)| *other == letter).map(|(_, v)| *v);
            changed.unwrap_or(match letter {
                "n" => 4.0,
                "a" => 100.0,
                "b" => 1.0,
                "c0" => 20.0,
                "mu" => 2.0,
                "w" => 5.0,
                "t_m" => 1.5,
                "tau_A" => 4.0,
                "tau_B" => 0.5,
                "g_A" => 1.0,
                "theta_A" => 0.8,
                "theta_B" => 1.2,
                _ => 0.0,
            })
        };
        Game::new(value, upstream).unwrap()
    }

    #[test]
    fn parameters_out_of_bounds_are_all_told() {
        let errors = Game::new(|_| -1.0, Upstream::Competitive).unwrap_err();
        let told: Vec<&str> = errors.iter().map(|error| error.parameter.letter()).collect();
        assert_eq!(told, ["n", "a", "b", "c0", "mu", "w", "t_m", "tau_A", "tau_B", "F", "c_u"]);
        assert_eq!(
            errors[0].to_string(),
            "n (number of firms) is -1, expected a whole number from 2 to 1000"
        );
        assert!(game(&[], Upstream::Competitive).with(Parameter::Firms, 2.5).is_err());
        assert!(game(&[], Upstream::PostsAfter).with(Parameter::RawPerUnit, 0.0).is_err());
        assert!(game(&[], Upstream::Competitive).with(Parameter::Intercept, f64::NAN).is_err());
    }

    #[test]
    fn the_advantage_is_the_gap_of_unit_costs() {
        let game = game(&[], Upstream::Competitive);
        assert_eq!(
            [game.unit_cost(Place::A, 1, 5.0), game.unit_cost(Place::B, 1, 5.0)],
            [33.0, 33.5]
        );
        assert_eq!(game.advantage(), 0.5);
        assert_eq!(game.advantage_parts(), [3.0, -3.5, 1.0]);
    }
}
