//! What a command says about memory before it begins.

use super::{Common, Trouble, complain};
use crate::memory::{self, Bytes};

/// Says on standard error how much memory the work takes beside the tables that are read.
///
/// # Errors
/// If it is more than there is; `instead` says what would do.
pub(super) fn announce(
    common: &Common,
    what: &str,
    needed: u64,
    instead: &str,
) -> Result<(), Trouble> {
    memory::room_for(needed).map_err(|room| {
        Trouble::Question(format!(
            "{what}: about {room}\n  help: {instead}\nnothing was computed or written"
        ))
    })?;
    if needed >= memory::NOTABLE && !common.quiet {
        let free = memory::available();
        let free =
            free.map(|bytes| format!(", {} are available", Bytes(bytes))).unwrap_or_default();
        complain(&format!(
            "{what} takes about {} of memory beside what is read{free}",
            Bytes(needed)
        ));
    }
    Ok(())
}
