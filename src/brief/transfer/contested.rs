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
    /// with their numbers `n_contested_va`, `n_contested_stressor`; those of value added also as a short list,
    /// `contested`, with the mark of the caveat, `contested_mark`; and all regions whose gain or loss of value added
    /// is open, `n_open` and `open`.
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
        let open: Vec<&Place> = self.places.iter().filter(|place| self.open(place)).collect();
        facts.count("n_open", open.len() as i64).prose("open", self.names(&open));
        let contested: Vec<&Place> =
            open.into_iter().filter(|place| !place.value_added.unclear()).collect();
        facts.prose("contested", self.names(&contested));
        let mark = Prose::default().with_caveats(self.noted(CAVEAT).then_some(CAVEAT));
        facts.prose("contested_mark", mark);
    }

    /// Whether nothing is settled about the direction of a region's value added: its range holds zero, or some
    /// measure has the opposite sign.
    fn open(&self, place: &Place) -> bool {
        place.value_added.unclear() || self.contested(place, "value_added")
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
