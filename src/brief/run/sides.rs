//! Who gives and who receives in a scenario: one region, or a side as a whole.

use super::{Change, Place, Ranges, Subject};
use crate::figure::names::Named;
use crate::numerals::Estimate;
use crate::tidy::Column;

/// File of giving and receiving regions together.
const FILE: &str = "sides.csv";

/// A side of the moves.
pub(super) struct Side {
    /// A region, or all of the side.
    pub(super) place: Place,
    /// Codes of its regions.
    pub(super) codes: Vec<String>,
}

impl Subject<'_> {
    /// Whether some region both gives and receives.
    pub(super) fn mixed(&self) -> bool {
        let (from, to) = (self.ends(|one| &one.from), self.ends(|one| &one.to));
        from.iter().any(|code| to.contains(code))
    }

    /// Who gives and who receives. A side of several regions is told as a whole where the folder has its sum, else by
    /// the region that changes most; where regions both give and receive, the one that loses and the one that gains
    /// most stand for the sides.
    pub(super) fn sides(&self) -> [Option<Side>; 2] {
        let (from, to) = (self.ends(|one| &one.from), self.ends(|one| &one.to));
        if self.mixed() {
            let all = self.move_ends();
            return [-1.0, 1.0].map(|sign| self.most(&all, sign));
        }
        let side = |codes: Vec<String>, part: &str, sign: f64| match codes.len() {
            0 => None,
            1 => self.most(&codes, sign),
            _ => self.together(&codes, part).or_else(|| self.most(&codes, sign)),
        };
        [side(from, "giving", -1.0), side(to, "receiving", 1.0)]
    }

    /// Where regions both give and receive, the one of them whose stressor rises most, if it is not told already.
    pub(super) fn third(&self) -> Option<&Place> {
        let ends = self.move_ends();
        let size = |place: &Place| place.stressor.as_ref().map(|c| c.estimate.value());
        let known = self.places.iter().filter(|place| !place.sum && ends.contains(&place.code));
        let rises = known.filter(|place| size(place).is_some_and(|value| value > 0.0));
        let most =
            rises.reduce(|best, place| if size(place) > size(best) { place } else { best })?;
        let told = |side: &Side| side.codes.contains(&most.code);
        Some(most).filter(|_| self.mixed() && !self.sides().iter().flatten().any(told))
    }

    /// The region among some whose value added changes most in a direction.
    fn most(&self, codes: &[String], sign: f64) -> Option<Side> {
        let size = |place: &Place| {
            place.value_added.as_ref().map_or(f64::NEG_INFINITY, |c| sign * c.estimate.value())
        };
        let known = self.places.iter().filter(|place| !place.sum && codes.contains(&place.code));
        // Of equal ones the first.
        let most =
            known.reduce(|best, place| if size(place) > size(best) { place } else { best })?;
        Some(Side { place: most.clone(), codes: vec![most.code.clone()] })
    }

    /// A side as a whole.
    fn together(&self, codes: &[String], part: &str) -> Option<Side> {
        let regions = self.places.iter().filter(|place| !place.sum && codes.contains(&place.code));
        // No combination is told of a side: where it is disputed in each of its regions, it is here.
        let disputed = |own: fn(&Place) -> &Option<Change>| {
            let mut changes = regions.clone().filter_map(|place| own(place).as_ref()).peekable();
            changes.peek().is_some() && changes.all(|change| change.estimate.disputed)
        };
        let open = [disputed(|place| &place.value_added), disputed(|place| &place.stressor)];
        let of = |quantity: &str| {
            let mut change = self.side_change(quantity, part)?;
            change.estimate.disputed = open[usize::from(quantity != "value_added")];
            Some(change)
        };
        Some(Side {
            place: Place {
                code: part.to_owned(),
                name: Named::new(self.word(&format!("{part}_side"))),
                value_added: Some(of("value_added")?),
                stressor: self.stressor.as_deref().and_then(of),
                sum: true,
            },
            codes: codes.to_vec(),
        })
    }

    fn side_change(&self, quantity: &str, part: &str) -> Option<Change> {
        let question = [
            (Column::Year, self.year.as_str()),
            (Column::Quantity, quantity),
            (Column::Region, "all"),
            (Column::Factor, "change"),
            (Column::Part, part),
        ];
        let (found, unit) = self.book.estimate(FILE, &question, ["value", "p05", "p95"])?;
        let range = found.range.filter(|_| self.ranges == Ranges::Drawn);
        Some(Change { estimate: Estimate { range, ..found }, unit, agreement: None, spread: None })
    }
}
