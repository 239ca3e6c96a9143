//! Where a stressor was counted as zero for want of data, so that its sums and changes are not what they seem.

use super::{Place, Subject};
use crate::brief::missing::Missing;
use crate::brief::prose::Prose;
use crate::brief::speech::Facts;

impl Subject<'_> {
    /// What of the stressor is missing in a place.
    fn gaps(&self, place: &Place) -> Vec<Missing> {
        let stressor = self.stressor.as_deref().unwrap_or_default();
        let own = Missing::of(self.book).into_iter().filter(|gap| gap.quantity == stressor);
        match place.code.as_str() {
            "all" => own.collect(),
            code => {
                let provinces = self.book.provinces(code);
                own.filter_map(|gap| gap.within(&provinces)).collect()
            }
        }
    }

    /// What is missing in a place, as `gap`, empty where nothing is; whether that is known to be in the first year or
    /// in the last, as `gap_start` and `gap_end`; and the mark of the caveat, `gap_mark`.
    pub(super) fn add_gap(&self, facts: &mut Facts, place: &Place) {
        let language = self.book.language();
        let gaps = self.gaps(place);
        let told = gaps.iter().map(|gap| match gap.year {
            Some(year) => {
                let mut facts = Facts::new();
                facts.word("names", gap.names(language)).word("year", year.to_string());
                self.say("transfer_gap", &facts).plain()
            }
            None => gap.names(language),
        });
        let told: Vec<String> = told.collect();
        facts.word("gap", told.join(language.pick("、", "; ")));
        let [start, end] = match gaps.as_slice() {
            [one] => one.ends(self.book),
            _ => [false; 2],
        };
        facts.flag("gap_start", start).flag("gap_end", end).prose("gap_mark", self.gap_mark(place));
    }

    /// The regions in which something is missing, as `gap_places`.
    pub(super) fn add_gap_places(&self, facts: &mut Facts) {
        let places: Vec<&Place> =
            self.places.iter().filter(|place| !self.gaps(place).is_empty()).collect();
        facts.prose("gap_places", self.names(&places));
        facts.word("all_in", self.book.place_inside("all"));
    }

    /// The mark of the caveat about what is missing in a place; nothing where nothing is.
    pub(super) fn gap_mark(&self, place: &Place) -> Prose {
        let gaps = self.gaps(place);
        Prose::default().with_caveats(gaps.first().map(|gap| gap.code.as_str()))
    }
}
