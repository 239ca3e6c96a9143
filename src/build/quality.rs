//! How good a built table is: against a table of the same year, and by product.
//!
//! ```text
//! error = Σ|built − true| / Σ true          over a set of cells (weighted absolute percentage error)
//! H_i = −Σ p ln p / ln(cells)               entropy of a product's pairs: 1 spread evenly, 0 one pair
//! κ_i = Σ_s u (1 − Σ_r p²) / Σ_s u Σ_r (p − q)² − 1
//! ```
//!
//! `κ` is the concentration of the Dirichlet distribution with mean `p` (built origin shares of product
//! i in region s) under which squared errors as large as those against `q` (true shares) are expected;
//! `u` weighs regions by what they use. Draws of trade shares take it (`[uncertainty] trade_shares`).

#![allow(non_snake_case)]

use crate::linalg::Dense;
use crate::sourcing::TradeShares;
use crate::table::Table;

use super::gravity::absolute_error;

/// A table held against another of the same regions and sectors.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Error of intermediate cells between regions.
    pub between_intermediate: f64,
    /// Error of all cells between regions: intermediate and domestic final use.
    pub between: f64,
    /// Error of product × origin × destination between regions.
    pub routes: f64,
    /// Error of intermediate cells within regions.
    pub within_intermediate: f64,
    /// Error of all cells within regions.
    pub within: f64,
    /// Trade between regions over that of the other table; 0 where that has none.
    pub level: f64,
    /// Error of the routes of each product; none where the other table has no trade.
    pub by_product: Vec<Option<f64>>,
}

/// Sums of gaps and of true values.
#[derive(Default, Clone, Copy)]
struct Sums {
    gap: f64,
    truth: f64,
    built: f64,
}

impl Sums {
    fn add(&mut self, built: f64, truth: f64) {
        self.gap += (built - truth).abs();
        self.truth += truth.abs();
        self.built += built;
    }

    fn error(self) -> f64 {
        if self.truth > 0.0 { self.gap / self.truth } else { 0.0 }
    }
}

/// Use of the products of every region by every region: product × (origin × user), intermediate and
/// domestic final use together.
pub fn routes(table: &Table) -> Vec<Dense> {
    let industries = table.industries();
    let (R, S) = (industries.regions.len(), industries.sectors.len());
    let mut found = vec![Dense::zeros(R, R); S];
    let demand = table.final_demand();
    for row in 0..industries.len() {
        let (r, i) = industries.split(row);
        let into = &mut found[i];
        table.flows().each_in_row(row, |j, z| into[(r, j / S)] += z);
        demand.values.each_in_row(row, |k, y| {
            if let (true, Some(s)) = (demand.role(k).is_domestic(), demand.columns[k].region) {
                into[(r, s)] += y;
            }
        });
    }
    found
}

impl Comparison {
    /// Holds `built` against `truth`.
    ///
    /// # Panics
    /// If the two are not of the same regions and sectors.
    #[track_caller]
    pub fn of(built: &Table, truth: &Table) -> Self {
        let industries = built.industries();
        assert!(industries == truth.industries(), "tables of the same regions and sectors");
        let [mut between, mut between_all, mut within, mut within_all] = [Sums::default(); 4];
        let S = industries.sectors.len();
        let n = industries.len();
        let (mut a, mut b) = (vec![0.0; n], vec![0.0; n]);
        let kinds = shared_kinds(built, truth);
        let (fa, fb) = (by_kind(built, &kinds), by_kind(truth, &kinds));
        for row in 0..n {
            built.flows().row_into(row, &mut a);
            truth.flows().row_into(row, &mut b);
            let r = industries.split(row).0;
            for (j, (x, y)) in a.iter().zip(&b).enumerate() {
                let home = j / S == r;
                let (part, all) = if home {
                    (&mut within, &mut within_all)
                } else {
                    (&mut between, &mut between_all)
                };
                part.add(*x, *y);
                all.add(*x, *y);
            }
            for (s, (x, y)) in fa.row(row).iter().zip(fb.row(row)).enumerate() {
                let all = if s / kinds.len() == r { &mut within_all } else { &mut between_all };
                all.add(*x, *y);
            }
        }
        let (found, known) = (routes(built), routes(truth));
        let mut all = Sums::default();
        let mut by_product = Vec::with_capacity(S);
        for (x, y) in found.iter().zip(&known) {
            let mut any = false;
            for r in 0..x.shape().0 {
                for s in (0..x.shape().1).filter(|s| *s != r) {
                    all.add(x[(r, s)], y[(r, s)]);
                    any |= y[(r, s)] != 0.0;
                }
            }
            by_product.push(any.then(|| absolute_error(x, y)));
        }
        Comparison {
            between_intermediate: between.error(),
            between: between_all.error(),
            routes: all.error(),
            within_intermediate: within.error(),
            within: within_all.error(),
            level: if all.truth > 0.0 { all.built / all.truth } else { 0.0 },
            by_product,
        }
    }
}

/// Codes of the categories of domestic final demand that both tables have; one for all if there are
/// none.
fn shared_kinds(a: &Table, b: &Table) -> Vec<Option<String>> {
    let codes = |table: &Table| -> Vec<String> {
        let categories = table.final_demand().categories.iter();
        categories.filter(|c| c.role.is_domestic()).map(|c| c.label.code.clone()).collect()
    };
    let (a, b) = (codes(a), codes(b));
    if a.iter().all(|code| b.contains(code)) && b.iter().all(|code| a.contains(code)) {
        return a.into_iter().map(Some).collect();
    }
    vec![None]
}

/// Domestic final demand: industries × (region, kind).
fn by_kind(table: &Table, kinds: &[Option<String>]) -> Dense {
    let (demand, industries) = (table.final_demand(), table.industries());
    let mut found = Dense::zeros(industries.len(), industries.regions.len() * kinds.len());
    let place = |k: usize| {
        let region = demand.columns[k].region?;
        let category = &demand.categories[demand.columns[k].category];
        let kind = kinds
            .iter()
            .position(|kind| kind.as_ref().is_none_or(|code| *code == category.label.code))?;
        category.role.is_domestic().then_some(region * kinds.len() + kind)
    };
    let places: Vec<Option<usize>> = (0..demand.columns.len()).map(place).collect();
    for row in 0..industries.len() {
        let into = found.row_mut(row);
        demand.values.each_in_row(row, |k, value| {
            if let Some(column) = places[k] {
                into[column] += value;
            }
        });
    }
    found
}

/// Evenness of a product's pairs off the diagonal: 1 if all are alike, 0 if there is only one; none
/// where nothing is traded.
pub fn entropy(pairs: &Dense) -> Option<f64> {
    let count = pairs.shape().0;
    let cells = (count * count.saturating_sub(1)) as f64;
    let total: f64 = pairs.values().iter().sum();
    if total <= 0.0 || cells < 2.0 {
        return None;
    }
    let sum: f64 =
        pairs.values().iter().filter(|v| **v > 0.0).map(|v| -(v / total) * (v / total).ln()).sum();
    Some(sum / cells.ln())
}

/// Mean cost over a product's pairs, weighted by their trade; none where nothing is traded.
pub fn mean_cost(pairs: &Dense, costs: &Dense) -> Option<f64> {
    let total: f64 = pairs.values().iter().sum();
    let sum: f64 = pairs.values().iter().zip(costs.values()).map(|(t, c)| t * c).sum();
    (total > 0.0).then(|| sum / total)
}

/// Concentration of Dirichlet draws by product under which origin shares err as those of `built` err
/// against `truth`; none where either has no use of the product, or where they agree.
///
/// # Panics
/// If the two are not of the same regions and sectors.
#[track_caller]
pub fn concentrations(built: &Table, truth: &Table) -> Vec<Option<f64>> {
    let industries = built.industries();
    assert!(industries == truth.industries(), "tables of the same regions and sectors");
    let [ours, theirs] = [built, truth].map(TradeShares::of);
    let used = routes(truth);
    let one = |product: usize| concentration(product, &used[product], [&ours, &theirs]);
    (0..industries.sectors.len()).map(one).collect()
}

fn concentration(product: usize, used: &Dense, [ours, theirs]: [&TradeShares; 2]) -> Option<f64> {
    let (mut spread, mut errors) = (0.0, 0.0);
    for (s, weight) in used.column_sums().into_iter().enumerate() {
        let (p, q) = (ours.of_use(product, s), theirs.of_use(product, s));
        if weight <= 0.0 || p.iter().sum::<f64>() <= 0.0 || q.iter().sum::<f64>() <= 0.0 {
            continue;
        }
        spread += weight * (1.0 - p.iter().map(|p| p * p).sum::<f64>());
        errors += weight * p.iter().zip(q).map(|(p, q)| (p - q) * (p - q)).sum::<f64>();
    }
    (spread > 0.0 && errors > 0.0).then(|| (spread / errors - 1.0).max(1.0))
}
