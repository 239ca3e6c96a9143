//! What does not fit into memory is refused before anything is computed, with the number.

mod common;

use common::Run;

const BASE: &str = "tests/data/two-region-0";
const TARGET: &str = "tests/data/two-region-1";

