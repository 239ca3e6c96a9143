//! The plants of a scenario's moves in the ways that a run holds against each other.

use std::sync::Arc;

use crate::leontief::Leontief;
use crate::relocation::{Move, MoveError, Relocation, Suppliers, Technology};
use crate::table::Table;

/// Moves with the plants as they were, as the scenario has them, and at the two ends of technology. None of it
/// depends on how much moves.
#[derive(Clone)]
pub(super) struct Plants<'a> {
    /// With the origin's technology and suppliers.
    pub(super) plain: Arc<Relocation<'a>>,
    /// As the moves say.
    pub(super) full: Arc<Relocation<'a>>,
    /// With the destination's technology and with the origin's, where both can be had.
    pub(super) ends: Option<Arc<[Relocation<'a>; 2]>>,
}

impl<'a> Plants<'a> {
    /// Of some moves.
    ///
    /// # Errors
    /// If a destination whose technology shall be used has none.
    pub(super) fn of(
        table: &'a Table,
        leontief: &Leontief,
        moves: &[Move],
    ) -> Result<Self, Vec<MoveError>> {
        let as_they_were: Vec<Move> = moves
            .iter()
            .map(|mv| Move { technology: Technology::Origin, suppliers: Suppliers::Origin, ..*mv })
            .collect();
        let plain = Arc::new(Relocation::of(table, leontief, &as_they_were)?);
        Plants::beside(plain, table, leontief, moves)
    }

    /// Of the same moves as other plants, in another way.
    ///
    /// # Errors
    /// As [`Plants::of`].
    pub(super) fn beside(
        plain: Arc<Relocation<'a>>,
        table: &'a Table,
        leontief: &Leontief,
        moves: &[Move],
    ) -> Result<Self, Vec<MoveError>> {
        let full = Arc::new(Relocation::of(table, leontief, moves)?);
        let end = |technology| {
            let own: Vec<Move> = moves.iter().map(|mv| Move { technology, ..*mv }).collect();
            Relocation::of(table, leontief, &own).ok()
        };
        let ends = end(Technology::Destination).zip(end(Technology::Origin));
        Ok(Plants { plain, full, ends: ends.map(|(a, b)| Arc::new([a, b])) })
    }
}
