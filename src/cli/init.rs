//! x
use super::{Common, Init, Trouble};
/// x
pub fn run(_: &Common, _: &Init) -> Result<String, Trouble> { Ok(String::new()) }
