//! Who sells to whom, where only totals are known: the doubly constrained gravity model.
//!
//! ```text
//! t^{rs} = α_r β_s o^r d^s c_{rs}^{−θ},   t^{rr} = 0,   Σ_s t^{rs} = o^r,   Σ_r t^{rs} = d^s
//! ```
//!
//! `o` are sales to other regions, `d` purchases from other regions, `c` the cost or distance between
//! two regions. Both are what crosses a region's border, so nothing stands on the diagonal: what a
//! region keeps for itself was decided before, by its own table. The factors α, β are found by RAS.
//!
//! θ is one number for all products. Where a table with known pairs exists it is estimated from the
//! pairs alone: the multinomial (Poisson with origin and destination effects) likelihood of the
//! observed pairs, which is what balanced margins leave to explain.
//! Source: Wilson (1967); Fotheringham & O'Kelly (1989), ch. 2; Santos Silva & Tenreyro (2006).

use crate::balance::{BalanceError, Options, ras};
use crate::linalg::Dense;

/// Pairs of one product: sellers in rows, buyers in columns; the diagonal is zero.
#[derive(Debug, Clone)]
pub struct Pairs {
    /// What each region sells to each other.
    pub values: Dense,
    /// What a region both sells and buys beyond what the others can take or give, left out of both.
    pub crossed: Vec<f64>,
    /// Rounds of balancing.
    pub rounds: usize,
}

/// Costs between regions to the power of −θ; zero on the diagonal.
///
/// # Panics
/// If a cost off the diagonal is not positive.
#[track_caller]
pub fn deterrence(costs: &Dense, exponent: f64) -> Dense {
    let (rows, columns) = costs.shape();
    let mut found = Dense::zeros(rows, columns);
    for r in 0..rows {
        for s in (0..columns).filter(|s| *s != r) {
            assert!(costs[(r, s)] > 0.0, "the cost between two regions is positive");
            found[(r, s)] = costs[(r, s)].powf(-exponent);
        }
    }
    found
}

/// Pairs with given sales and purchases of each region; both sums must be equal.
///
/// A region that sells and buys more than all others together can take and give, `o^r + d^r > Σ o`,
/// has no solution with an empty diagonal; the excess is taken off both and told in `crossed`.
///
/// # Errors
/// If balancing finds no solution.
pub fn pairs(deterrence: &Dense, sold: &[f64], bought: &[f64]) -> Result<Pairs, BalanceError> {
    let count = sold.len();
    let total: f64 = sold.iter().sum();
    if let Some(r) = (0..count).find(|&r| sold[r] + bought[r] >= total * (1.0 - 1e-12)) {
        return Ok(all_with(r, sold, bought, total));
    }
    let crossed = vec![0.0; count];
    let mut prior = deterrence.clone();
    for (r, o) in sold.iter().enumerate() {
        prior.row_mut(r).iter_mut().zip(bought).for_each(|(cell, d)| *cell *= o * d);
    }
    let balanced = ras(&prior, sold, bought, &Options::default())?;
    Ok(Pairs { values: balanced.matrix, crossed, rounds: balanced.rounds })
}

/// All trade is with one region, which sells and buys as much as the others can take and give: the
/// margins leave no choice.
fn all_with(r: usize, sold: &[f64], bought: &[f64], total: f64) -> Pairs {
    let count = sold.len();
    let mut values = Dense::zeros(count, count);
    for s in (0..count).filter(|s| *s != r) {
        values[(r, s)] = bought[s];
        values[(s, r)] = sold[s];
    }
    let mut crossed = vec![0.0; count];
    crossed[r] = (sold[r] + bought[r] - total).max(0.0);
    Pairs { values, crossed, rounds: 0 }
}

/// Costs between groups of regions: the mean of `c^{−θ}` over the pairs of their members, back to a
/// cost. Groups of one member keep their costs.
pub fn grouped_deterrence(costs: &Dense, members: &[Vec<usize>], exponent: f64) -> Dense {
    let mut found = Dense::zeros(members.len(), members.len());
    for (a, from) in members.iter().enumerate() {
        for (b, to) in members.iter().enumerate().filter(|(b, _)| *b != a) {
            let sum: f64 = from
                .iter()
                .flat_map(|r| to.iter().map(move |s| costs[(*r, *s)].powf(-exponent)))
                .sum();
            found[(a, b)] = sum / (from.len() * to.len()).max(1) as f64;
        }
    }
    found
}

/// Pairs of a product that are known: sellers in rows, buyers in columns, whatever on the diagonal.
#[derive(Debug, Clone)]
pub struct Observed<'a> {
    /// The pairs by product.
    pub products: &'a [Dense],
    /// Costs between the regions that make up the observed ones.
    pub costs: &'a Dense,
    /// Members of each observed region.
    pub members: &'a [Vec<usize>],
}

/// Largest exponent that is looked for.
const STEEPEST: f64 = 6.0;

impl Observed<'_> {
    /// What the model makes of an observed product's margins.
    fn predicted(&self, product: usize, exponent: f64) -> Result<Dense, BalanceError> {
        let deterrence = grouped_deterrence(self.costs, self.members, exponent);
        let observed = without_diagonal(&self.products[product]);
        Ok(pairs(&deterrence, &observed.row_sums(), &observed.column_sums())?.values)
    }

    /// Minus the log-likelihood of some products' pairs, up to a constant.
    fn deviance(&self, products: &[usize], exponent: f64) -> Result<f64, BalanceError> {
        let mut sum = 0.0;
        for &product in products {
            let observed = without_diagonal(&self.products[product]);
            let model = self.predicted(product, exponent)?;
            for (y, m) in observed.values().iter().zip(model.values()) {
                if *y > 0.0 && *m > 0.0 {
                    sum -= y * m.ln();
                }
            }
        }
        Ok(sum)
    }

    /// Exponent under which the pairs of these products are likeliest, between 0 and 6.
    ///
    /// # Errors
    /// If balancing finds no solution.
    pub fn exponent(&self, products: &[usize]) -> Result<f64, BalanceError> {
        golden(|theta| self.deviance(products, theta), 0.0, STEEPEST)
    }

    /// Products that are traded at all.
    pub fn traded(&self) -> Vec<usize> {
        (0..self.products.len())
            .filter(|i| without_diagonal(&self.products[*i]).values().iter().any(|v| *v > 0.0))
            .collect()
    }

    /// For each product: the exponent from all other products, and the error of its pairs under it,
    /// `Σ|model − observed| / Σ observed`; none where nothing is traded.
    ///
    /// # Errors
    /// If balancing finds no solution.
    pub fn leave_one_out(&self) -> Result<Vec<Option<(f64, f64)>>, BalanceError> {
        let traded = self.traded();
        let one = |product: usize| -> Result<Option<(f64, f64)>, BalanceError> {
            if !traded.contains(&product) {
                return Ok(None);
            }
            let others: Vec<usize> = traded.iter().copied().filter(|i| *i != product).collect();
            let exponent = self.exponent(&others)?;
            let model = self.predicted(product, exponent)?;
            Ok(Some((exponent, absolute_error(&model, &self.products[product]))))
        };
        use rayon::prelude::*;
        (0..self.products.len()).into_par_iter().map(one).collect()
    }
}

/// `Σ|model − truth| / Σ truth` off the diagonal; 0 where nothing is true.
pub fn absolute_error(model: &Dense, truth: &Dense) -> f64 {
    let (mut gap, mut sum) = (0.0, 0.0);
    for r in 0..truth.shape().0 {
        for s in (0..truth.shape().1).filter(|s| *s != r) {
            gap += (model[(r, s)] - truth[(r, s)]).abs();
            sum += truth[(r, s)];
        }
    }
    if sum > 0.0 { gap / sum } else { 0.0 }
}

/// The same with zeros on the diagonal.
pub fn without_diagonal(pairs: &Dense) -> Dense {
    let mut found = pairs.clone();
    for r in 0..found.shape().0 {
        found[(r, r)] = 0.0;
    }
    found
}

/// Arithmetic mean; 0 of nothing.
pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// Smallest value of a function with one valley, by golden section.
fn golden<E>(f: impl Fn(f64) -> Result<f64, E>, low: f64, high: f64) -> Result<f64, E> {
    let ratio = (5f64.sqrt() - 1.0) / 2.0;
    let (mut a, mut b) = (low, high);
    let (mut c, mut d) = (b - ratio * (b - a), a + ratio * (b - a));
    let (mut at_c, mut at_d) = (f(c)?, f(d)?);
    while b - a > 1e-7 {
        if at_c <= at_d {
            (b, d, at_d) = (d, c, at_c);
            c = b - ratio * (b - a);
            at_c = f(c)?;
        } else {
            (a, c, at_c) = (c, d, at_d);
            d = a + ratio * (b - a);
            at_d = f(d)?;
        }
    }
    Ok((a + b) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(count: usize) -> Dense {
        let mut costs = Dense::zeros(count, count);
        for r in 0..count {
            for s in 0..count {
                costs[(r, s)] = 100.0 * (r as f64 - s as f64).abs();
            }
        }
        costs
    }

    #[test]
    fn pairs_meet_their_margins_and_keep_their_odds() {
        let (sold, bought) = ([40.0, 30.0, 20.0, 10.0], [10.0, 20.0, 30.0, 40.0]);
        let found = pairs(&deterrence(&line(4), 1.5), &sold, &bought).unwrap().values;
        for r in 0..4 {
            assert!((found.row_sums()[r] - sold[r]).abs() < 1e-9);
            assert!((found.column_sums()[r] - bought[r]).abs() < 1e-9);
            assert_eq!(found[(r, r)], 0.0);
        }
        // Odds ratios are those of the costs, whatever the margins: (d02 d13 / d03 d12)^-1.5.
        let odds = found[(0, 2)] * found[(1, 3)] / (found[(0, 3)] * found[(1, 2)]);
        let costs = (200.0f64 * 200.0 / (300.0 * 100.0)).powf(-1.5);
        assert!((odds / costs - 1.0).abs() < 1e-8, "{odds} against {costs}");
    }

    #[test]
    fn a_region_larger_than_all_others_keeps_the_excess() {
        let found = pairs(&deterrence(&line(3), 1.0), &[90.0, 5.0, 5.0], &[60.0, 20.0, 20.0]);
        let found = found.unwrap();
        // It sells 90 and buys 60 of 100: 50 can go nowhere else.
        assert_eq!(found.crossed, [50.0, 0.0, 0.0]);
        assert!((found.values.row_sums()[0] - 40.0).abs() < 1e-9);
        assert!((found.values.column_sums()[0] - 10.0).abs() < 1e-9);
    }

    #[test]
    fn the_exponent_that_made_the_pairs_is_found() {
        let costs = line(5);
        let sold = [[50.0, 40.0, 30.0, 20.0, 10.0], [5.0, 15.0, 10.0, 25.0, 20.0]];
        let bought = [[20.0, 20.0, 40.0, 40.0, 30.0], [25.0, 10.0, 10.0, 10.0, 20.0]];
        let products: Vec<Dense> = (0..2)
            .map(|i| pairs(&deterrence(&costs, 1.3), &sold[i], &bought[i]).unwrap().values)
            .collect();
        let members: Vec<Vec<usize>> = (0..5).map(|r| vec![r]).collect();
        let observed = Observed { products: &products, costs: &costs, members: &members };
        assert!((observed.exponent(&[0, 1]).unwrap() - 1.3).abs() < 1e-5);
        for found in observed.leave_one_out().unwrap() {
            let (exponent, error) = found.unwrap();
            assert!((exponent - 1.3).abs() < 1e-5 && error < 1e-5, "{exponent}, {error}");
        }
    }
}
