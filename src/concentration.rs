//! How concentrated industries are, and where: measures on regions, densities, and distances between plants.
//! METHODS A7, C1.
//!
//! Measures on regions start from an [`Activity`], a quantity by region and sector:
//!
//! ```text
//! s_ri = x_ri / Σ_r x_ri     share of region r in sector i
//! w_r  = Σ_i x_ri / Σ x      share of r in all activity
//! b_ir = x_ri / Σ_i x_ri     share of i in region r, b_i that in the nation
//! ```
//!
//! Measures on plants ([`duranton_overman`]) need coordinates and know no regions.

pub mod activity;
pub mod coagglomeration;
pub mod density;
pub mod duranton_overman;
pub mod productivity;
pub mod study;

pub use activity::{Activity, ActivityError, Reference, measurable};
