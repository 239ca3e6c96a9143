//! `[realism]`: what a bare relocation leaves out, one switch for each; off unless its table is there.
//!
//! None of them changes the headline of a run: what they add stands beside it.

use crate::realism::backfill::Backfill;
use crate::realism::capacity::Limit;
use crate::realism::construction::Construction;
use crate::realism::electricity::Electricity;
use crate::realism::employment::Productivity;
use crate::realism::freight::Freight;
use crate::realism::households::Households;
use crate::realism::households::followers::Follow;
use crate::realism::plausibility::PricedProduct;
use crate::realism::tax::TaxSharing;
use crate::realism::vintage::Vintage;

/// Households that spend their wages, and those who follow their plants.
#[derive(Debug, Clone, PartialEq)]
pub struct Wages {
    /// How wages are earned and spent.
    pub households: Households,
    /// Who follows, if anyone.
    pub follow: Option<Follow>,
}

/// Freight and what it emits.
#[derive(Debug, Clone, PartialEq)]
pub struct Hauling {
    /// The method's parameters; the factor is in the stressor's unit of the table.
    pub freight: Freight,
    /// Position of the stressor.
    pub stressor: usize,
}

/// The physical account of electricity and what it emits.
#[derive(Debug, Clone, PartialEq)]
pub struct Power {
    /// The method's parameters; the factors are in the stressor's unit of the table.
    pub electricity: Electricity,
    /// Position of the stressor.
    pub stressor: usize,
}

/// Which intensity the old equipment of relocated plants has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Old {
    /// That of the technology the scenario gives them: nothing replaced is the headline.
    #[default]
    Technology,
    /// That of the industry they left, whatever their technology.
    Origin,
}

/// Age of the equipment of relocated plants.
#[derive(Debug, Clone, PartialEq)]
pub struct Equipment {
    /// The method's parameters.
    pub vintage: Vintage,
    /// Position of the stressor.
    pub stressor: usize,
    /// What the old equipment emits.
    pub old: Old,
}

/// What jobs are counted by.
#[derive(Debug, Clone, PartialEq)]
pub enum JobsOf {
    /// An extension of the table, by position.
    Extension(usize),
    /// A row of value added divided by the yearly pay of a job in each region, in the table's money.
    Pay {
        /// Position of the row.
        row: usize,
        /// Pay by region.
        pay: Vec<f64>,
    },
}

/// Jobs and how productivity drifts.
#[derive(Debug, Clone, PartialEq)]
pub struct Work {
    /// What they are counted by.
    pub jobs: JobsOf,
    /// The drift.
    pub productivity: Productivity,
}

/// A limit with its name and the unit of its numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedLimit {
    /// Name for results.
    pub name: String,
    /// Unit of the limit and of what is used of it.
    pub unit: String,
    /// The limit.
    pub limit: Limit,
}

/// A product with a price, and what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Product {
    /// The method's parameters.
    pub priced: PricedProduct,
    /// Tonnes that all regions make in the table's year by other statistics, to hold the price against.
    pub known_tonnes: Option<f64>,
}

/// A checked `[realism]`; the default has every switch off.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Realism {
    /// What fills the place that each move leaves, one entry per move; empty if nothing does.
    pub backfill: Vec<Option<Backfill>>,
    /// Spending of wages.
    pub households: Option<Wages>,
    /// Tax sharing.
    pub tax: Option<TaxSharing>,
    /// Building of the plants.
    pub construction: Option<Construction>,
    /// Hauling.
    pub freight: Option<Hauling>,
    /// Electricity by its physical account.
    pub electricity: Option<Power>,
    /// Limits to be told.
    pub capacity: Vec<NamedLimit>,
    /// Products whose tonnes are told.
    pub products: Vec<Product>,
    /// Age of equipment.
    pub vintage: Option<Equipment>,
    /// Jobs.
    pub employment: Option<Work>,
}

impl Realism {
    /// Whether every switch is off.
    pub fn is_off(&self) -> bool {
        *self == Realism::default()
    }

    /// Whether jobs are counted by an extension.
    pub fn counts_jobs_in(&self, extension: usize) -> bool {
        self.employment.as_ref().is_some_and(|work| work.jobs == JobsOf::Extension(extension))
    }
}
