//! Where measures of transfer disagree: regions for which another measure, or another order, has the opposite sign.

use super::{Place, Subject};
use crate::brief::book::Book;
use crate::brief::content::Card;
use crate::brief::prose::{Inline, Prose};
use crate::brief::shapes::all_names;
use crate::brief::speech::Facts;
use crate::numerals::Estimate;
use crate::tidy::Column;

/// File of measures beside each other.
const AGREEMENT: &str = "agreement.csv";
/// Code of the caveat about it.
const CAVEAT: &str = "measures_disagree";

/// Whether some measure of what moved of a quantity has another sign than that of sourcing, over all sectors of a place.
pub(super) fn disputed(book: &Book<'_>, code: &str, quantity: &str) -> bool {
    disputed_in(book, code, "all_sectors", quantity)
}

/// The same in one sector of it.
pub(super) fn disputed_in(book: &Book<'_>, code: &str, sector: &str, quantity: &str) -> bool {
    let question = [
        (Column::Quantity, quantity),
        (Column::Region, code),
        (Column::Sector, sector),
        (Column::Part, "all_measures"),
        (Column::Statistic, "agrees"),
    ];
    book.find(AGREEMENT, &question).is_some_and(|found| found.cited.value == 0.0)
}

/// Whether measures alone leave a direction open: where the range holds zero nothing is claimed that they could contest.
pub(super) fn contested(estimate: &Estimate) -> bool {
    estimate.disputed && !estimate.holds_zero()
}

impl Subject<'_> {
    /// Names of the regions for which measures disagree about each quantity: `contested_va`, `contested_stressor`,
    /// with their numbers `n_contested_va`, `n_contested_stressor`; those of value added also as a short list,
    /// `contested`, with the mark of the caveat, `contested_mark`; and all regions whose gain or loss of value added
    /// is open, `n_open` and `open`.
    pub(super) fn add_contested(&self, facts: &mut Facts) {
        for key in ["va", "stressor"] {
            let own = |place: &&Place| match key {
                "va" => contested(&place.value_added),
                _ => place.stressor.as_ref().is_some_and(contested),
            };
            let names: Vec<String> = (self.places.iter().filter(own))
                .map(|place| self.book.place_inside(&place.code))
                .collect();
            facts.count(&format!("n_contested_{key}"), names.len() as i64);
            let joined = all_names(&names, self.book.language());
            facts.word(&format!("contested_{key}"), joined);
        }
        let open: Vec<&Place> =
            self.places.iter().filter(|place| place.value_added.unclear()).collect();
        facts.count("n_open", open.len() as i64).prose("open", self.names(&open));
        let contested: Vec<&Place> =
            open.into_iter().filter(|place| contested(&place.value_added)).collect();
        facts.prose("contested", self.names(&contested));
        let mark = Prose::default().with_caveats(self.noted(CAVEAT).then_some(CAVEAT));
        facts.prose("contested_mark", mark);
    }

    /// A key number about which measures disagree says so and bears the mark of the caveat.
    pub(super) fn marked(&self, card: Card, estimate: &Estimate) -> Card {
        if !estimate.disputed {
            return card;
        }
        let Card { label, mut range, .. } = card;
        if !range.is_empty() {
            let joint = self.book.language().pick("；", "; ");
            range.push(Inline::Text(joint.to_owned()));
        }
        range.0.extend(self.book.speaker.phrase("transfer_contested").0);
        let label: Prose = match self.noted(CAVEAT) {
            true => label.with_caveats([CAVEAT]),
            false => label,
        };
        Card { label, range, ..card }
    }
}
