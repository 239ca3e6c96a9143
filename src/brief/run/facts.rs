//! What the sentences of a scenario's brief speak of.

use serde_json::Value;

use super::readings::Readings;
use super::{Change, LIKELY, Place, Subject};
use crate::brief::book::{Found, inside};
use crate::brief::common::as_in_figure;
use crate::brief::moves;
use crate::brief::prose::Prose;
use crate::brief::shapes::{HEADLINE, list, percent, quoted};
use crate::brief::speech::{Facts, level_range};
use crate::figure::names::Named;
use crate::numerals::{Cited, Estimate, Measure};
use crate::text::sign_grade;
use crate::tidy::Column;

/// How many ways have which sign.
const GRADES: &str = "grades.csv";
/// From this share on a sign is that of all variants, as far as a share is printed.
const ALL: f64 = 0.9995;

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
        let unclear =
            |change: &Option<Change>| change.as_ref().is_some_and(|c| c.estimate.unclear());
        let places = self.places.iter().chain([&self.all]);
        let any = places.clone().any(|p| unclear(&p.value_added) || unclear(&p.stressor));
        facts.flag("any_unclear", any);
        let disagree = self.readings_disagree();
        facts.flag("readings_disagree", disagree).flag("no_density", self.reading == "none");
        let outcome = self.say("run_outcome", &facts);
        facts.prose("outcome", outcome);
        self.tell_moves(&mut facts);
        facts
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
        let moves = self.say("run_headline", facts);
        let fits = HEADLINE.holds(&moves.plain(), self.book.language());
        (!self.mixed() && fits).then_some(moves)
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

    /// How often the sign of the whole holds over draws, technologies, suppliers and readings: `agreement`, `letter`,
    /// and whether it is `shared` by all.
    fn sign_grade(&self, facts: &mut Facts) {
        let main = self.all.stressor.as_ref().or(self.all.value_added.as_ref());
        let agreement = main.and_then(|change| change.agreement.as_ref());
        let readings = self.book.texts(GRADES, Column::Factor);
        let readings = readings.iter().filter(|reading| **reading != "all").count();
        facts.flag("graded", agreement.is_some()).flag("with_readings", readings > 1);
        if let Some(agreement) = agreement {
            facts.level("agreement", agreement, &self.as_share(agreement.value));
            facts.word("letter", sign_grade(agreement.value).to_string());
            facts.flag("shared", agreement.value >= ALL);
            facts.flag("doubtful", agreement.value < LIKELY);
        }
        self.combinations(facts);
    }

    /// What the combinations of technologies, suppliers and readings make of the main quantity of the whole:
    /// `with_combinations`, how many (`n_combinations`), from where to where (`spread`), and in how many it does not
    /// change (`n_nothing`): those have no sign and do not count for the grade.
    fn combinations(&self, facts: &mut Facts) {
        let quantity = self.stressor.as_deref().filter(|_| self.all.stressor.is_some());
        let quantity = quantity.unwrap_or("value_added");
        let of = |statistic: &str| -> Vec<Found> {
            let Some(tidy) = self.book.tidy(GRADES) else { return Vec::new() };
            let wanted = [
                (Column::Quantity, quantity),
                (Column::Region, "all"),
                (Column::Statistic, statistic),
            ];
            tidy.rows_where(&wanted).filter_map(|row| self.book.row(GRADES, row)).collect()
        };
        let medians = of("median");
        let signed = of("share_positive").into_iter().zip(of("share_negative"));
        let nothing = signed.filter(|(up, down)| up.cited.value == 0.0 && down.cited.value == 0.0);
        facts.count("n_nothing", nothing.count() as i64);
        let by = |a: &&Found, b: &&Found| a.cited.value.total_cmp(&b.cited.value);
        let ends = medians.iter().min_by(by).zip(medians.iter().max_by(by));
        let ends = ends.filter(|_| medians.len() > 1);
        facts.flag("with_combinations", ends.is_some());
        let main = self.all.stressor.as_ref().or(self.all.value_added.as_ref());
        let (Some((low, high)), Some(main), Some((_, figure))) =
            (ends, main, self.quantities().into_iter().last())
        else {
            return;
        };
        let measure = as_in_figure(self.book, &main.estimate, &main.unit, &figure);
        let range = Some([low.cited.clone(), high.cited.clone()]);
        let spread = Estimate { point: main.estimate.point.clone(), range, disputed: false };
        facts.count("n_combinations", medians.len() as i64);
        facts.change("spread", &spread, None, &measure);
    }

    /// A share in whole percent; what is not all is not printed as all.
    fn as_share(&self, share: f64) -> Measure {
        let measure = Measure::of_figure("share", share, self.book.language());
        measure.with_decimals(usize::from((0.995..1.0).contains(&share)))
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
        facts.change(key, estimate, change.share(), measure);
        let mut own = Facts::new();
        own.change("it", estimate, change.share(), measure);
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
        }
    }
}
