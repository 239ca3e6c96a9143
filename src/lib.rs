#![doc = ""]
pub mod decomposition;
pub mod fault;
pub mod labels;
pub mod leontief;
pub mod linalg;
pub mod table;
pub mod units;
