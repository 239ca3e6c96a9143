//! irio: an inter-regional input-output simulator.
//!
//! It reads multi-regional input-output tables, decomposes the change between two years into
//! industrial-transfer effects on output, value added and emissions, and computes what a relocation
//! of industry does to both sides and to the whole. `ARCHITECTURE.md` says how the parts lie.
//!
//! ```
//! use std::path::Path;
//!
//! use irio::decomposition::Factor;
//! use irio::decomposition::shares::FactorPair;
//! use irio::decomposition::transfer::{TransferOptions, decompose};
//! use irio::input::table;
//! use irio::progress::Silent;
//!
//! let base = table::read(Path::new("tables/china-2002"), None)?;
//! let target = table::read(Path::new("tables/china-2007"), None)?;
//! let transfer = decompose(&FactorPair::of(&base, &target)?, TransferOptions::default(), &Silent)?;
//!
//! let co2 = transfer.quantities.iter().find(|quantity| quantity.code == "co2").expect("carbon is in the tables");
//! let sourcing = co2.effect(Factor::Sourcing).expect("sourcing is a factor of every decomposition");
//! let capital = base.industries().regions.position("京津")?;
//! let moved = base.industries().by_region(&sourcing.total)[capital];
//! assert!(moved > 0.0, "Beijing-Tianjin took over emissions, in Mt");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![warn(missing_docs)]

// The floors, from the top; a module imports only from floors below its own.
pub mod cli;

pub mod input;
pub mod report;

pub mod brief;
pub mod estimation;
pub mod run;
pub mod scenario;

pub mod agglomeration;
pub mod backcast;
pub mod build;
pub mod compare;
pub mod concentration;
pub mod decomposition;
pub mod econometrics;
pub mod footprint;
pub mod leontief;
pub mod location;
pub mod multipliers;
pub mod realism;
pub mod relocation;
pub mod rivals;
pub mod sourcing;
pub mod updating;

pub mod balance;
pub mod elasticities;
pub mod figure;
pub mod panel;
pub mod recorded;
pub mod table;
pub mod weights;

pub mod linalg;
pub mod numerals;
pub mod tidy;

pub mod china;
pub mod draws;
pub mod earth;
pub mod fault;
mod fresh;
pub mod labels;
pub mod memory;
pub mod progress;
pub mod text;
pub mod units;
