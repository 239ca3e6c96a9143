//! What the sentences of a scenario's brief speak of.

use serde_json::Value;

use super::readings::Readings;
use super::{Change, Place, Subject};
use crate::brief::book::{Found, inside};
use crate::brief::common::as_in_figure;
use crate::brief::moves;
use crate::brief::prose::Prose;
use crate::brief::shapes::{HEADLINE, list, percent, quoted};
use crate::brief::speech::{Facts, level_range};
use crate::figure::names::Named;
use crate::numerals::{Cited, Estimate, Measure};
use crate::tidy::Column;

impl Subject<'_> {
    /// What the sentences of the whole brief speak of.
    pub(super) fn facts(&self) -> Facts {
        let mut facts = Facts::new();
        let (from, to) = (self.ends(|one| &one.from), self.ends(|one| &one.to));
        let sectors = self.ends(|one| &one.sector);
        let text = |key: &str| {
            let switches = &self.book.recorded.summary.switches;
            switches.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let scenario = text("scenario");
        let named = self
            .book
            .label("scenarios", &scenario)
            .is_some_and(|label| !label.zh.is_empty() || !label.en.is_empty());
        let sector = |code: &String| inside(&self.book.sector(code).brief(), self.book.language());
        let sectors: Vec<String> = sectors.iter().map(sector).collect();
        facts
            .word("name", self.book.scenario(&scenario).full())
            .word(
                "quoted_name",
                quoted(&self.book.scenario(&scenario).full(), self.book.language()),
            )
            .flag("named", named)
            .word("table", text("table"))
            .word("year", self.year.clone())
            .word("ranges", self.ranges.word())
            .count("n_moves", self.moves.len() as i64)
            .count("n_years", self.years.len() as i64)
            .prose("from", self.regions_in_words(&from))
            .prose("to", self.regions_in_words(&to))
            .prose("sectors", list(self.book, &sectors, "list_of_sectors"))
            .word("all_regions", inside(&self.all.name.full(), self.book.language()))
            .word("stressor", inside(&self.stressor_name().full(), self.book.language()))
            .word("stressor_full", self.stressor_name().full())
            .word("stressor_short", self.stressor_name().brief())
            .flag("with_stressor", self.all.stressor.is_some());
        self.add(&mut facts, "all", &self.all);
        for (key, side) in ["origin", "destination"].into_iter().zip(self.sides()) {
            facts.flag(&format!("with_{key}"), side.is_some());
            let Some(side) = side else { continue };
            self.add(&mut facts, key, &side.place);
            facts.flag(&format!("{key}_many"), side.codes.len() > 1);
            facts.prose(key, self.regions_in_words(&side.codes));
        }
        let third = self.third();
        facts.flag("with_third", third.is_some());
        if let Some(third) = third {
            self.add(&mut facts, "third", third);
        }
        let group = self.places.iter().find(|place| place.sum);
        facts.flag("with_group", group.is_some());
        if let Some(group) = group {
            self.add(&mut facts, "group", group);
        }
        self.size_of_moves(&mut facts);
        self.indicators(&mut facts);
        self.sign_grade(&mut facts);
        self.settings(&mut facts);
        let ways = self.say("run_ways", &facts);
        facts.prose("ways_said", ways);
        self.medians(&mut facts);
        self.why_unclear(&mut facts);
        let disagree = self.readings_disagree();
        facts.flag("readings_disagree", disagree).flag("no_density", self.reading == "none");
        let outcome = self.say("run_outcome", &facts);
        facts.prose("outcome", outcome);
        self.tell_moves(&mut facts);
        facts
    }

    /// Whether a direction of some place is unclear, `any_unclear`, and why in words, `why_unclear`: its range holds
    /// zero, or combinations of technology and suppliers dispute it.
    fn why_unclear(&self, facts: &mut Facts) {
        let places = self.places.iter().chain([&self.all]);
        let changes = places.flat_map(|place| [&place.value_added, &place.stressor]);
        let estimates: Vec<&Estimate> = changes.flatten().map(|change| &change.estimate).collect();
        let any = estimates.iter().any(|one| one.unclear());
        let disputed = estimates.iter().any(|one| one.disputed);
        let crossing = |one: &&Estimate| Estimate { disputed: false, ..(*one).clone() }.unclear();
        let mut own = facts.clone();
        own.flag("disputed", disputed).flag("crossing", estimates.iter().any(crossing));
        facts.flag("any_unclear", any);
        let why = if any { self.say("run_why_unclear", &own) } else { Prose::default() };
        facts.prose("why_unclear", why);
    }

    /// Medians of the draws of the whole where the main result is not in the middle of its band: `with_medians`,
    /// `with_va_median`, `va_median`, `with_stressor_median`, `stressor_median`.
    fn medians(&self, facts: &mut Facts) {
        let of = |quantity: &str| self.apart_median(quantity, "all");
        let found = [
            ("va", &self.all.value_added, of("value_added")),
            ("stressor", &self.all.stressor, self.stressor.as_deref().and_then(of)),
        ];
        let any = found.iter().any(|(_, _, median)| median.is_some());
        facts.flag("with_medians", any);
        for ((key, change, median), (_, figure)) in found.into_iter().zip(self.quantities()) {
            facts.flag(&format!("with_{key}_median"), median.is_some());
            let Some((change, median)) = change.as_ref().zip(median) else { continue };
            let measure = as_in_figure(self.book, &change.estimate, &change.unit, &figure);
            let median = Estimate::bare(median.cited);
            facts.change(&format!("{key}_median"), &median, None, &measure);
        }
    }

    /// Whether readings of agglomeration disagree on the sign of the stressor of all regions.
    fn readings_disagree(&self) -> bool {
        let found = self.stressor.as_deref().zip(self.all.stressor.as_ref());
        found.is_some_and(|(stressor, change)| {
            let readings = Readings::of(self, stressor, &self.all);
            readings.is_some_and(|readings| readings.disagree(change.estimate.value()))
        })
    }

    /// The headline: who moves what to whom, where that is short and sides are apart; else the scenario's name; else
    /// that something moves.
    pub(super) fn headline(&self, facts: &Facts) -> Prose {
        if let Some(moves) = self.headline_of_moves(facts) {
            return moves;
        }
        let named = self.say("run_headline_named", facts);
        let fits = HEADLINE.holds(&named.plain(), self.book.language());
        if fits { named } else { self.say("run_headline_short", facts) }
    }

    /// The headline that says who moves what to whom, where it can.
    fn headline_of_moves(&self, facts: &Facts) -> Option<Prose> {
        // With the share that moves, or without it where that would be too long.
        let said = |sized: bool| {
            let mut facts = facts.clone();
            facts.flag("sized", sized);
            self.say("run_headline", &facts)
        };
        let fits = |said: &Prose| HEADLINE.holds(&said.plain(), self.book.language());
        let sized = self.share().is_some().then(|| said(true));
        let moves = sized.into_iter().chain([said(false)]).find(fits);
        moves.filter(|_| !self.mixed())
    }

    fn regions_in_words(&self, codes: &[String]) -> Prose {
        let name = |code: &String| self.book.spoken(&self.book.place(code));
        let names: Vec<String> = codes.iter().map(name).collect();
        list(self.book, &names, "list_of_regions")
    }

    /// Share of sales that moves, if it is one for all moves of the last year, and the output that moves with it:
    /// `with_share`, `share`; `with_moved`, `moved`.
    fn size_of_moves(&self, facts: &mut Facts) {
        let share = self.share();
        facts.flag("with_share", share.is_some());
        if let Some(share) = share {
            facts.level("share", &share, &percent(share.value, self.book.language()));
        }
        let moved = self.moved();
        facts.flag("with_moved", moved.is_some());
        if let Some(moved) = moved {
            let measure = self.book.prose_measure(&moved.unit, moved.cited.value);
            facts.level("moved", &moved.cited, &measure);
        }
    }

    /// What moves from where to where: with the first figure where the headline does not say it and it is short, else
    /// with the method; `moves_told`, `moves_in_figure`, `moves_in_method`.
    fn tell_moves(&self, facts: &mut Facts) {
        /// So many items are short.
        const FEW: usize = 3;
        let told = moves::told(self.book, None, &self.year);
        let in_figure = told
            .as_ref()
            .is_some_and(|told| told.items <= FEW && self.headline_of_moves(facts).is_none());
        facts.flag("moves_in_figure", in_figure);
        facts.flag("moves_in_method", told.is_some() && !in_figure);
        if let Some(told) = told {
            let mut own = facts.clone();
            own.prose("moves", told.text);
            facts.prose("moves_told", self.say("run_moves", &own));
        }
    }

    fn share(&self) -> Option<Cited> {
        const FILE: &str = "moves.csv";
        let tidy = self.book.tidy(FILE)?;
        let of_shares = |row: &usize| {
            tidy.text(*row, Column::Year) == self.year
                && tidy.text(*row, Column::Statistic) == "share"
        };
        let mut rows = (0..tidy.len()).filter(of_shares);
        let first = self.book.row(FILE, rows.next()?)?.cited;
        rows.all(|row| (tidy.value(row) - first.value).abs() < 1e-9).then_some(first)
    }

    /// The output that all moves take along.
    fn moved(&self) -> Option<Found> {
        let sides = [
            (Column::Year, self.year.as_str()),
            (Column::Quantity, "output"),
            (Column::Region, "all"),
            (Column::Factor, "moved_output"),
            (Column::Part, "all"),
            (Column::Statistic, "value"),
        ];
        let indicators = [
            (Column::Year, self.year.as_str()),
            (Column::Quantity, "output"),
            (Column::Statistic, "relocated_output"),
        ];
        let found = self.book.find("sides.csv", &sides);
        found.or_else(|| self.book.find("indicators.csv", &indicators))
    }

    /// A place under `key`, `key_va` and `key_stressor`; how many variants share a sign, where it is disputed, under
    /// `key_va_share` and `key_stressor_share`.
    pub(super) fn add(&self, facts: &mut Facts, key: &str, place: &Place) {
        facts.word(key, self.in_words(&place.code, &place.name));
        let figures = self.quantities();
        let changes = [("va", &place.value_added), ("stressor", &place.stressor)];
        for ((part, change), (_, figure)) in changes.into_iter().zip(&figures) {
            let Some(change) = change else { continue };
            let key = format!("{key}_{part}");
            let (estimate, unit) = (&change.estimate, &change.unit);
            let measure = as_in_figure(self.book, estimate, unit, figure);
            self.add_change(facts, &key, change, &measure);
            facts.flag(&format!("{key}_disputed"), estimate.disputed);
            if let Some(share) = change.agreement.as_ref().filter(|_| estimate.disputed) {
                facts.level(&format!("{key}_share"), share, &self.as_share(share.value));
            }
        }
    }

    /// A change in a unit, under `key`; with the word for an unclear one under `key_said`, and stressed under
    /// `key_strong`.
    pub(super) fn add_change(
        &self,
        facts: &mut Facts,
        key: &str,
        change: &Change,
        measure: &Measure,
    ) {
        let estimate = &change.estimate;
        facts.change(key, estimate, None, measure);
        let mut own = Facts::new();
        own.change("it", estimate, None, measure);
        facts.prose(&format!("{key}_said"), self.say("run_change", &own));
        facts.prose(&format!("{key}_strong"), self.say("run_change_strong", &own));
    }

    /// A place in the middle of a sentence.
    pub(super) fn in_words(&self, code: &str, name: &Named) -> String {
        let language = self.book.language();
        if code == "all" { inside(&name.full(), language) } else { self.book.spoken(name) }
    }

    /// Emission transfer ratio and break-even intensity of the last year, where they are defined.
    fn indicators(&self, facts: &mut Facts) {
        for name in ["emission_transfer_ratio", "break_even_intensity", "plant_intensity"] {
            let found = self.ratio(name);
            facts.flag(&format!("with_{name}"), found.is_some());
            if let Some(found) = found {
                let measure = self.book.prose_measure(&found.unit, found.cited.value);
                facts.level(name, &found.cited, &measure);
            }
        }
        self.ratio_range(facts);
    }

    /// An indicator of the stressor in the last year.
    fn ratio(&self, statistic: &str) -> Option<Found> {
        let question = [
            (Column::Year, self.year.as_str()),
            (Column::Quantity, self.stressor.as_deref()?),
            (Column::Statistic, statistic),
        ];
        self.book.find("indicators.csv", &question)
    }

    /// 5 and 95 % of the draws of the emission transfer ratio.
    fn ratio_range(&self, facts: &mut Facts) {
        let end = |statistic: &str| {
            let question = [
                (Column::Year, self.year.as_str()),
                (Column::Quantity, self.stressor.as_deref()?),
                (Column::Region, "all"),
                (Column::Factor, "transfer_ratio"),
                (Column::Part, "giving"),
                (Column::Statistic, statistic),
            ];
            self.book.find("sides.csv", &question)
        };
        let ends = end("p05").zip(end("p95"));
        facts.flag("with_ratio_range", ends.is_some());
        if let Some((low, high)) = ends {
            let point = self.ratio("emission_transfer_ratio").map(|found| found.cited.value);
            let outside = point.is_some_and(|at| at < low.cited.value || at > high.cited.value);
            facts.flag("ratio_outside", outside);
            let measure = self.book.prose_measure(&low.unit, high.cited.value);
            facts.prose("ratio_range", level_range(&[low.cited, high.cited], &measure));
            let median = end("p50").filter(|_| outside);
            facts.flag("with_ratio_median", median.is_some());
            if let Some(median) = median {
                let measure = self.book.prose_measure(&median.unit, median.cited.value);
                facts.level("ratio_median", &median.cited, &measure);
            }
        }
    }
}
