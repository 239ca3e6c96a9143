//! Where measures of transfer disagree: regions for which another measure, or another order, has the opposite sign.

use super::{Place, Subject};
use crate::brief::content::Card;
use crate::brief::prose::{Inline, Prose};
use crate::brief::speech::Facts;
use crate::tidy::Column;

/// File of measures beside each other.
const AGREEMENT: &str = "agreement.csv";
/// Code of the caveat about it.
const CAVEAT: &str = "measures_disagree";

impl Subject<'_> {
    /// Whether some measure of what moved of a quantity has another sign than that of sourcing.
    pub(super) fn contested(&self, place: &Place, quantity: &str) -> bool {
        let question = [
            (Column::Quantity, quantity),
            (Column::Region, place.code.as_str()),
            (Column::Sector, "all_sectors"),
            (Column::Part, "all_measures"),
            (Column::Statistic, "agrees"),
        ];
        self.book.find(AGREEMENT, &question).is_some_and(|found| found.cited.value == 0.0)
    }

    /// Names of the regions for which measures disagree about each quantity: `contested_va`, `contested_stressor`,
    /// with their numbers `n_contested_va`, `n_contested_stressor`; and whether the ends of the order are among them.
    pub(super) fn add_contested(&self, facts: &mut Facts) {
        let stressor = self.stressor.as_deref().unwrap_or_default();
        for (key, quantity) in [("va", "value_added"), ("stressor", stressor)] {
            // Where the range holds zero nothing is claimed that could be contested.
            let clear = |place: &&Place| match key {
                "va" => !place.value_added.unclear(),
                _ => place.stressor.as_ref().is_some_and(|value| !value.unclear()),
            };
            let places = self.places.iter().filter(clear);
            let names: Vec<String> = places
                .filter(|place| self.contested(place, quantity))
                .map(|place| self.book.place_inside(&place.code))
                .collect();
            facts.count(&format!("n_contested_{key}"), names.len() as i64);
            let joined = match (names.split_last(), self.book.language()) {
                (Some((last, rest)), crate::numerals::Language::English) if !rest.is_empty() => {
                    format!("{} and {last}", rest.join(", "))
                }
                _ => names.join("、"),
            };
            facts.word(&format!("contested_{key}"), joined);
        }
        for (key, place) in [("top", self.places.first()), ("bottom", self.places.last())] {
            let contested = place.is_some_and(|place| self.contested(place, "value_added"));
            facts.flag(&format!("{key}_contested"), contested);
        }
    }

    /// A key number of a region for which measures disagree says so and bears the mark of the caveat.
    pub(super) fn marked(&self, card: Card, place: &Place, quantity: &str) -> Card {
        if !self.contested(place, quantity) {
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
