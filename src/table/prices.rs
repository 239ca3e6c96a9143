//! Prices of another year: a table by double deflation, and the deflators of value added it implies.
//!
//! ```text
//! z' = z / p     f' = f / p     x' = x / p     m' = m / pm     v' = x' − 1'z' − 1'm' − d / p
//! ```
//!
//! `p` is the price of the product of the row's industry, `pm` that of the imported product, both
//! relative to the base year; `d` is the column discrepancy, which stays in sight. Real value added
//! is what is left: it may be far from value added over a deflator of its own, and negative.
//! Extensions are physical and stay. Source: Miller & Blair (2009), ch. 4; METHODS A5.
//!
//! # Assumptions
//! - A product has one price, whoever buys it.
//! - Wages, taxes and surplus have no volume of their own: double deflation knows only their sum, so
//!   one row of real value added stands for them.

use super::{Imports, RawTable, Table, ValueAdded};
use crate::fault::{Note, NoteCode};
use crate::labels::{Industries, Label};
use crate::linalg::Dense;
use crate::text::count;
use crate::units::PriceBase;

/// What the price of an industry's product was taken from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PriceSource {
    /// A price of this product in this region.
    #[default]
    Own,
    /// A price of the product in the whole nation.
    National,
    /// The GDP deflator of the region, the same for all its products.
    Region,
    /// One price level for everything.
    General,
}

/// Prices of imports.
#[derive(Debug, Clone, PartialEq)]
pub enum ImportPrices {
    /// One for each product.
    ByProduct(Vec<f64>),
    /// One for all imports; the only choice where imports are one row.
    One(f64),
    /// None: for a table without imports.
    None,
}

/// Why prices cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PriceError {
    /// A price is zero, negative or not a number.
    #[error("a price of {0}, expected a finite number above 0 (1 is the price of the base year)")]
    NotPositive(f64),
    /// The table is in constant prices already.
    #[error("{table} is in prices of {year} already; only a table in current prices is deflated")]
    AlreadyConstant {
        /// Name of the table.
        table: String,
        /// Year of its prices.
        year: i32,
    },
    /// The table's imports are one row, the prices of imports are by product.
    #[error("{table} has one row of imports, which needs one price, not one for each product")]
    OneImportRow {
        /// Name of the table.
        table: String,
    },
    /// The table has imports, the prices have none for them.
    #[error("{table} has imports, and there is no price for them")]
    NoImportPrice {
        /// Name of the table.
        table: String,
    },
}

/// Prices of a table's year relative to a base year, in which every price is 1.
///
/// Only [`Prices::new`] makes one, so every price is finite and above zero.
#[derive(Debug, Clone, PartialEq)]
pub struct Prices {
    base_year: i32,
    output: Vec<f64>,
    sources: Vec<PriceSource>,
    imports: ImportPrices,
    caveats: Vec<String>,
}

impl Prices {
    /// Prices of each industry's product with what they were taken from, and of imports.
    ///
    /// # Errors
    /// If a price is not a finite number above zero.
    ///
    /// # Panics
    /// If there is not one source for each price.
    #[track_caller]
    pub fn new(
        base_year: i32,
        output: Vec<f64>,
        sources: Vec<PriceSource>,
        imports: ImportPrices,
    ) -> Result<Self, PriceError> {
        assert_eq!(output.len(), sources.len(), "one source for each price expected");
        let foreign = match &imports {
            ImportPrices::ByProduct(prices) => prices.as_slice(),
            ImportPrices::One(price) => std::slice::from_ref(price),
            ImportPrices::None => &[],
        };
        match output.iter().chain(foreign).find(|price| !is_price(**price)) {
            Some(price) => Err(PriceError::NotPositive(*price)),
            None => Ok(Prices { base_year, output, sources, imports, caveats: Vec::new() }),
        }
    }

    /// The same prices, with what should be known of some of them.
    #[must_use]
    pub fn with_caveats(mut self, caveats: Vec<String>) -> Self {
        self.caveats = caveats;
        self
    }

    /// The year whose prices are 1.
    pub fn base_year(&self) -> i32 {
        self.base_year
    }

    /// Price of each industry's product.
    pub fn output(&self) -> &[f64] {
        &self.output
    }

    /// Prices of imports.
    pub fn imports(&self) -> &ImportPrices {
        &self.imports
    }

    /// What a reader of anything deflated by these prices should know.
    fn notes(&self) -> Vec<Note> {
        let of = |wanted| self.sources.iter().filter(|source| **source == wanted).count();
        let mut notes = vec![Note::new(
            NoteCode::ConstantPrices,
            format!(
                "in prices of {} by double deflation; value added is real output less real inputs",
                self.base_year
            ),
        )];
        if let Some(first) = self.caveats.first() {
            let text = format!(
                "{} tenfold the others or a tenth of them, first {first}",
                count(self.caveats.len(), "price")
            );
            notes.push(Note::new(NoteCode::ConstantPrices, text));
        }
        let all = self.sources.len();
        let national = of(PriceSource::National);
        if national > 0 {
            let text = format!(
                "for {national} of {all} industries the price is the national one of their product: where regional prices of \
                 one product part, the difference still shows up as sourcing"
            );
            notes.push(Note::new(NoteCode::NationalPrices, text));
        }
        let general = of(PriceSource::General);
        if general > 0 {
            let text = format!(
                "for {general} of {all} industries the price is one general level: prices of products and regions against each other stay \
                 as they were, so regional prices that part still show up as sourcing"
            );
            notes.push(Note::new(NoteCode::NationalPrices, text));
        }
        let regional = of(PriceSource::Region);
        if regional > 0 {
            let text = format!(
                "for {regional} of {all} industries the price is the GDP deflator of their region: deflators that part between \
                 regions distort sourcing shares, and prices of products against each other stay as they were"
            );
            notes.push(Note::new(NoteCode::RegionalDeflators, text));
        }
        notes
    }
}

/// Whether a number can be a price: finite and above zero.
pub fn is_price(value: f64) -> bool {
    value.is_finite() && value > 0.0
}

/// What double deflation says about the prices of value added.
#[derive(Debug, Clone, PartialEq)]
pub struct ImpliedDeflators {
    /// Value added in current prices, one entry per industry, in the table's unit.
    pub nominal: Vec<f64>,
    /// Value added in prices of the base year, one entry per industry.
    pub real: Vec<f64>,
}

impl ImpliedDeflators {
    /// Nominal over real value added of each industry; none where one of them is not positive,
    /// because a ratio of such numbers is no price.
    pub fn by_industry(&self) -> Vec<Option<f64>> {
        self.nominal.iter().zip(&self.real).map(|(v, real)| deflator(*v, *real)).collect()
    }

    /// The same for the sum of each region.
    pub fn by_region(&self, industries: &Industries) -> Vec<Option<f64>> {
        let sums = [&self.nominal, &self.real].map(|values| industries.by_region(values));
        sums[0].iter().zip(&sums[1]).map(|(v, real)| deflator(*v, *real)).collect()
    }

    /// The same for the sum of all industries: the implied deflator of GDP.
    pub fn total(&self) -> Option<f64> {
        deflator(self.nominal.iter().sum(), self.real.iter().sum())
    }
}

fn deflator(nominal: f64, real: f64) -> Option<f64> {
    (nominal > 0.0 && real > 0.0).then(|| nominal / real)
}

/// The parts of a table in prices of another year, with the deflators of value added they imply.
///
/// Notes on the prices are added to those of the table. Rows and columns are open by as much as
/// before: the gap of a row or column is divided by the price of its industry's product.
///
/// # Errors
/// If the table is in constant prices already, or its imports have no fitting price.
///
/// # Panics
/// If the prices are for another number of industries or products.
#[track_caller]
pub fn deflate(table: &Table, prices: &Prices) -> Result<(RawTable, ImpliedDeflators), PriceError> {
    let name = table.meta().name.clone();
    if let PriceBase::Constant(year) = table.meta().prices {
        return Err(PriceError::AlreadyConstant { table: name, year });
    }
    let p = &prices.output;
    assert_eq!(p.len(), table.output().len(), "one price per industry expected");
    let over = |values: &[f64]| -> Vec<f64> { values.iter().zip(p).map(|(v, p)| v / p).collect() };
    let mut parts = table.parts().clone();
    parts.flows = parts.flows.divide_rows(p);
    parts.final_demand.values = parts.final_demand.values.divide_rows(p);
    parts.output = over(&parts.output);
    deflate_imports(&mut parts.imports, &prices.imports, &name)?;
    let inputs = parts.flows.column_sums();
    let imported = parts.imports.intermediate_totals(p.len());
    let gaps = over(&table.discrepancy().columns);
    let real: Vec<f64> =
        (0..p.len()).map(|j| parts.output[j] - inputs[j] - imported[j] - gaps[j]).collect();
    let label = match parts.value_added.rows.as_slice() {
        [only] => only.clone(),
        _ => Label::new("value_added", "Value added", "增加值"),
    };
    parts.value_added =
        ValueAdded { rows: vec![label], values: Dense::new(1, p.len(), real.clone()) };
    parts.meta.prices = PriceBase::Constant(prices.base_year);
    let named = |note: Note| note.named(&name);
    parts.meta.notes.extend(prices.notes().into_iter().map(named));
    Ok((parts, ImpliedDeflators { nominal: table.value_added(), real }))
}

#[track_caller]
fn deflate_imports(
    imports: &mut Imports,
    prices: &ImportPrices,
    table: &str,
) -> Result<(), PriceError> {
    match (imports, prices) {
        (Imports::None, _) => {}
        (_, ImportPrices::None) => {
            return Err(PriceError::NoImportPrice { table: table.to_owned() });
        }
        (Imports::OneRow { .. }, ImportPrices::ByProduct(_)) => {
            return Err(PriceError::OneImportRow { table: table.to_owned() });
        }
        (Imports::OneRow { intermediate, final_demand }, ImportPrices::One(price)) => {
            intermediate.iter_mut().chain(final_demand).for_each(|value| *value /= price);
        }
        (Imports::ByProduct { intermediate, final_demand }, prices) => {
            for part in [intermediate, final_demand] {
                let products = part.shape().0;
                for product in 0..products {
                    let price = match prices {
                        ImportPrices::ByProduct(prices) => {
                            assert_eq!(prices.len(), products, "one price per product expected");
                            prices[product]
                        }
                        ImportPrices::One(price) => *price,
                        ImportPrices::None => 1.0,
                    };
                    part.row_mut(product).iter_mut().for_each(|value| *value /= price);
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_finite_and_above_zero() {
        for wrong in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let made =
                Prices::new(2002, vec![1.0, wrong], vec![PriceSource::Own; 2], ImportPrices::None);
            assert!(matches!(made, Err(PriceError::NotPositive(_))), "{wrong}");
            let made = Prices::new(2002, vec![], vec![], ImportPrices::One(wrong));
            assert!(made.is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_ratio_of_what_is_not_positive_is_no_deflator() {
        let deflators =
            ImpliedDeflators { nominal: vec![2.0, -1.0, 1.0], real: vec![1.0, -1.0, 0.0] };
        assert_eq!(deflators.by_industry(), [Some(2.0), None, None]);
        assert_eq!(deflators.total(), None, "nothing is left of real value added");
    }
}
