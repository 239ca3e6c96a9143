//! What left and what arrived of the same product: how much of a stressor a unit of it comes with on either side.
//!
//! ```text
//! left = F_a / x_a        arrived = λ F_b / x_b + (1 − λ) F_a / x_a
//! ```
//!
//! `a` is the industry that is left, `b` that of the receiving region, both in the baseline of the year, and λ the
//! receiving region's part in the technology of the new plants. A price turns output into tonnes.

use std::collections::HashSet;

use serde_json::Value;

use super::given::Given;
use super::lookup::Lookup;
use super::scenarios::Scenarios;
use crate::tidy::{Column, Tidy};
use crate::units::Unit;

/// What an intensity is per.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Output in money.
    Output,
    /// A tonne, by the price that the scenario gives.
    Tonne,
}

impl Basis {
    /// The word of results.
    pub fn word(self) -> &'static str {
        match self {
            Basis::Output => "per_output",
            Basis::Tonne => "per_tonne",
        }
    }
}

/// A product that moves from a region to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Product {
    /// Position of the scenario.
    pub scenario: usize,
    /// Position of the stressor.
    pub stressor: usize,
    /// Code of the product's sector.
    pub sector: String,
    /// Code of the giving region.
    pub from: String,
    /// Code of the receiving region.
    pub to: String,
    /// What the numbers are per.
    pub basis: Basis,
    /// Their unit.
    pub unit: String,
    /// Intensity of the industry that is left.
    pub left: f64,
    /// Intensity of the plants that arrive.
    pub arrived: f64,
}

impl Product {
    /// Intensity of what arrived over that of what left; none where nothing is emitted there.
    pub fn ratio(&self) -> Option<f64> {
        (self.left > 0.0).then(|| self.arrived / self.left)
    }
}

/// A move as `summary.json` has it.
struct Moved<'a> {
    sector: &'a str,
    from: &'a str,
    to: &'a str,
    technology: &'a Value,
    /// Output of its plants in the last year.
    output: f64,
}

/// Every product and pair of regions of the scenarios that end in the last common year.
pub(super) fn products(given: &[Given<'_>], found: &Scenarios) -> Vec<Product> {
    let mut all = Vec::new();
    for (scenario, own) in given.iter().enumerate().filter(|(_, own)| own.last() == found.last()) {
        let Some(years) = own.recorded.tidy("years.csv") else { continue };
        let moves = moves(own);
        let levels = levels(years, &moves, found.last());
        let mut pairs: Vec<(&str, &str, &str)> = Vec::new();
        for one in &moves {
            let pair = (one.sector, one.from, one.to);
            if !pairs.contains(&pair) {
                pairs.push(pair);
            }
        }
        for (sector, from, to) in pairs {
            let same: Vec<&Moved<'_>> = moves
                .iter()
                .filter(|one| (one.sector, one.from, one.to) == (sector, from, to))
                .collect();
            for (stressor, measured) in
                found.quantities.iter().enumerate().filter(|(_, one)| one.is_stressor())
            {
                let of = Pair { levels: &levels, stressor: measured.code(), sector, from, to };
                let Some((left, arrived)) = of.left_and_arrived(&same) else { continue };
                let money = found.quantities.iter().find(|one| one.code() == super::OUTPUT);
                let money = money.map_or("", |one| one.unit());
                for (basis, unit, factor) in bases(measured.unit(), money, price(own, sector)) {
                    all.push(Product {
                        scenario,
                        stressor,
                        sector: sector.to_owned(),
                        from: from.to_owned(),
                        to: to.to_owned(),
                        basis,
                        unit,
                        left: left * factor,
                        arrived: arrived * factor,
                    });
                }
            }
        }
    }
    all
}

/// The moves of a run with the output of their plants.
fn moves<'a>(own: &'a Given<'_>) -> Vec<Moved<'a>> {
    let summary = own.summary();
    let outputs = summary.headline["relocated_output"].as_array();
    let listed = summary.switches.get("relocate").and_then(Value::as_array);
    let one = |(at, found): (usize, &'a Value)| {
        let text = |key: &str| found[key].as_str();
        let output = outputs.and_then(|outputs| outputs.get(at)?.as_f64()).unwrap_or(0.0);
        let technology = &found["technology"];
        let (sector, from, to) = (text("sector")?, text("from")?, text("to")?);
        Some(Moved { sector, from, to, technology, output })
    };
    listed.into_iter().flatten().enumerate().filter_map(one).collect()
}

/// Levels of moved sectors by scenario (the baseline of the year, or the table's base), quantity, region and sector.
fn levels<'a>(years: &'a Tidy, moves: &[Moved<'_>], last: i32) -> Lookup<'a> {
    use Column::{Quantity, Region, Scenario, Sector, Year};
    let last = last.to_string();
    let sectors: HashSet<&str> = moves.iter().map(|one| one.sector).collect();
    Lookup::of(years, &[Scenario, Quantity, Region, Sector], |row| {
        let baseline = years.text(row, Scenario) == "baseline" && years.text(row, Year) == last;
        (baseline || years.text(row, Scenario) == "base")
            && sectors.contains(years.text(row, Sector))
    })
}

/// A stressor of a product that moves between two regions.
struct Pair<'a, 'l> {
    levels: &'a Lookup<'l>,
    stressor: &'a str,
    sector: &'a str,
    from: &'a str,
    to: &'a str,
}

impl Pair<'_, '_> {
    /// Stressor per output of the sector in a region; none without output.
    fn intensity(&self, scenario: &str, region: &str) -> Option<f64> {
        let level = |quantity: &str| self.levels.get(&[scenario, quantity, region, self.sector]);
        let output = level(super::OUTPUT).filter(|output| *output != 0.0)?;
        Some(level(self.stressor)? / output)
    }

    /// The receiving region's part in the technology of a move's plants.
    fn part(&self, technology: &Value) -> f64 {
        match technology.as_str() {
            Some("destination") => 1.0,
            Some(_) => 0.0,
            None => match technology["mix"].as_f64() {
                Some(share) => share,
                None => {
                    // The better of the two is chosen by the table itself, for one stressor.
                    let best = technology["best"].as_str().unwrap_or(self.stressor);
                    let of = Pair { stressor: best, ..*self };
                    let both = of.intensity("base", self.to).zip(of.intensity("base", self.from));
                    both.map_or(0.0, |(to, from)| f64::from(u8::from(to < from)))
                }
            },
        }
    }

    /// Intensity of the industry that is left, and of the plants of all moves between the two, by their output.
    fn left_and_arrived(&self, moves: &[&Moved<'_>]) -> Option<(f64, f64)> {
        let left = self.intensity("baseline", self.from)?;
        let there = self.intensity("baseline", self.to);
        let plants = |one: &&&Moved<'_>| {
            let part = self.part(one.technology);
            let there = if part == 0.0 { Some(0.0) } else { there };
            Some((one.output, part * there? + (1.0 - part) * left))
        };
        let plants = moves.iter().map(|one| plants(&one)).collect::<Option<Vec<(f64, f64)>>>()?;
        let output: f64 = plants.iter().map(|(output, _)| output).sum();
        let weight =
            |own: f64| if output == 0.0 { 1.0 / plants.len() as f64 } else { own / output };
        Some((left, plants.iter().map(|(output, c)| weight(*output) * c).sum()))
    }
}

/// The price of a tonne in the table's money, where the scenario gives one for a sector.
fn price(own: &Given<'_>, sector: &str) -> Option<f64> {
    let products = &own.summary().switches.get("realism")?["products"];
    products.as_array()?.iter().find(|one| one["sector"].as_str() == Some(sector))?["price"]
        .as_f64()
}

/// What intensities are per, their unit, and the factor from stressor per output in a table's units.
fn bases(stressor: &str, money: &str, price: Option<f64>) -> Vec<(Basis, String, f64)> {
    let (of_stressor, stressor) = in_unit(stressor, &["t", "tce", "person", "j"]);
    let (of_money, money) = in_unit(money, &["10^4 yuan"]);
    let mut bases =
        vec![(Basis::Output, format!("{stressor} per {money}"), of_stressor / of_money)];
    if let Some(price) = price {
        bases.push((Basis::Tonne, format!("{stressor} per t"), of_stressor * price));
    }
    bases
}

/// What one of a unit is in the first of some others that measures the same, and that one; itself if none does.
fn in_unit(text: &str, others: &[&str]) -> (f64, String) {
    let found = text.parse::<Unit>().ok().and_then(|own| {
        others.iter().find_map(|other| Some((own.factor_to(&other.parse().ok()?)?, *other)))
    });
    found.map_or_else(|| (1.0, text.to_owned()), |(factor, unit)| (factor, unit.to_owned()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn intensities_are_in_tonnes_per_ten_thousand_yuan_and_per_tonne() {
        let found = bases("Mt", "10^8 yuan", Some(4e-5));
        // 0.01 Mt per 10^8 yuan are one tonne per 10^4 yuan; at 4,000 yuan a tonne that is 0.4 tonnes.
        assert_eq!(found[0].1, "t per 10^4 yuan");
        assert!((0.01 * found[0].2 - 1.0).abs() < 1e-12);
        assert_eq!(found[1].1, "t per t");
        assert!((0.01 * found[1].2 - 0.4).abs() < 1e-12);
        assert_eq!(
            bases("points", "10^6 usd", None),
            [(Basis::Output, "points per 10^6 usd".to_owned(), 1.0)]
        );
    }

    #[test]
    fn plants_have_the_intensity_of_their_technology() {
        use Column::{Quantity, Region, Scenario, Sector, Year};
        let mut tidy = Tidy::new(&[Scenario, Year, Quantity, Region, Sector]);
        for scenario in ["base", "baseline"] {
            for (quantity, from, to) in [("output", 10.0, 20.0), ("co2", 5.0, 40.0)] {
                tidy.push(&[scenario, "2007", quantity, "B", "M"], from);
                tidy.push(&[scenario, "2007", quantity, "H", "M"], to);
            }
        }
        let levels = Lookup::of(&tidy, &[Scenario, Quantity, Region, Sector], |_| true);
        let pair = Pair { levels: &levels, stressor: "co2", sector: "M", from: "B", to: "H" };
        let arrived = |technology: Value| {
            let own =
                Moved { sector: "M", from: "B", to: "H", technology: &technology, output: 3.0 };
            pair.left_and_arrived(&[&own]).unwrap()
        };
        assert_eq!(arrived(json!("origin")), (0.5, 0.5));
        assert_eq!(arrived(json!("destination")), (0.5, 2.0));
        assert_eq!(arrived(json!({ "mix": 0.5 })), (0.5, 1.25));
        assert_eq!(arrived(json!({ "best": "co2" })), (0.5, 0.5));
        let (old, new) = (json!("origin"), json!("destination"));
        let with =
            |technology, output| Moved { sector: "M", from: "B", to: "H", technology, output };
        let both = [with(&old, 1.0), with(&new, 3.0)];
        let found = pair.left_and_arrived(&[&both[0], &both[1]]).unwrap();
        assert_eq!(found, (0.5, 0.25 * 0.5 + 0.75 * 2.0));
    }
}
