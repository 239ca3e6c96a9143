//! What targets a scenario is held to: the limit, and how many draws of the scenario and of the baseline keep to it.

use serde_json::Value;

use super::Subject;
use crate::brief::book::Found;
use crate::brief::content::Card;
use crate::brief::prose::Prose;
use crate::brief::shapes::level_card;
use crate::brief::speech::Facts;
use crate::figure::fan;
use crate::figure::names::Named;
use crate::numerals::{Cited, Measure};
use crate::tidy::Column;

const FILE: &str = "targets.csv";

/// A target of the stressor.
pub(super) struct Target {
    /// Its name in the scenario's file.
    code: String,
    year: String,
    limit: Found,
    /// Emissions beyond the limit in the main run, of the scenario and of the baseline.
    above: [Option<Cited>; 2],
    /// Share of draws that keep to the limit, of both.
    met: [Option<Cited>; 2],
}

impl Target {
    /// Whether it limits emissions by money, and not all of them.
    fn intensity(&self) -> bool {
        self.limit.unit.contains(" per ")
    }
}

impl Subject<'_> {
    /// Targets of a stressor in the order of the file; limits of all emissions first.
    fn targets(&self, stressor: &str) -> Vec<Target> {
        let Some(tidy) = self.book.tidy(FILE) else { return Vec::new() };
        let rows = (0..tidy.len()).filter(|row| {
            tidy.text(*row, Column::Statistic) == "limit"
                && tidy.text(*row, Column::Quantity) == stressor
        });
        let target = |row: usize| {
            let (code, year) = (tidy.text(row, Column::Factor), tidy.text(row, Column::Year));
            let of = |scenario: &str, statistic: &str| {
                let question = [
                    (Column::Scenario, scenario),
                    (Column::Year, year),
                    (Column::Quantity, stressor),
                    (Column::Factor, code),
                    (Column::Statistic, statistic),
                ];
                self.book.find(FILE, &question).map(|found| found.cited)
            };
            let both = |statistic: &str| ["scenario", "baseline"].map(|which| of(which, statistic));
            Some(Target {
                code: code.to_owned(),
                year: year.to_owned(),
                limit: self.book.row(FILE, row)?,
                above: both("above_limit"),
                met: both("share_of_draws_met"),
            })
        };
        let mut found: Vec<Target> = rows.filter_map(target).collect();
        found.sort_by_key(Target::intensity);
        found
    }

    /// A share of draws: a few thousand draws tell no more than a tenth of a percent.
    fn draws_measure(&self, met: &Cited) -> Measure {
        let measure = Measure::of_figure("share", met.value, self.book.language());
        let decimals = measure.decimals().min(1);
        measure.with_decimals(decimals)
    }

    fn target_facts(&self, target: &Target) -> Facts {
        let mut facts = Facts::new();
        let limit = &target.limit;
        let measure = match target.intensity() {
            true => self.book.prose_measure(&limit.unit, limit.cited.value),
            false => self.book.figure_measure(&limit.unit, limit.cited.value),
        };
        facts
            .word("name", self.book.named("targets", &target.code).full())
            .word("year", target.year.clone())
            .flag("intensity", target.intensity())
            .level("limit", &limit.cited, &measure)
            .flag("drawn", target.met.iter().all(Option::is_some));
        for (key, at) in [("scenario", 0), ("baseline", 1)] {
            if let Some(met) = &target.met[at] {
                facts.level(key, met, &self.draws_measure(met));
            }
            let kept = target.above[at].as_ref().is_some_and(|above| above.value <= 0.0);
            facts.flag(&format!("{key}_meets"), kept);
        }
        facts
    }

    /// A sentence for each target; nothing if there is none.
    pub(super) fn targets_told(&self) -> Vec<Prose> {
        let Some(stressor) = self.stressor.as_deref() else { return Vec::new() };
        let targets = self.targets(stressor);
        let told = |target: &Target| self.say("run_target", &self.target_facts(target));
        targets.iter().map(told).collect()
    }

    /// A key number: how many draws of the scenario keep to the first limit, and how many of the baseline.
    pub(super) fn target_card(&self) -> Option<Card> {
        let targets = self.targets(self.stressor.as_deref()?);
        let target = targets.first()?;
        let met = target.met[0].as_ref()?;
        let facts = self.target_facts(target);
        let measure = self.draws_measure(met);
        let (label, below) =
            (self.say("run_target_card", &facts), self.say("run_target_card_below", &facts));
        Some(level_card(label, met, &measure, below))
    }

    /// Who set a target, by the name that the scenario has for it: that it is only illustrative must not be lost.
    fn target_source(&self, code: &str) -> String {
        let switches = &self.book.recorded.summary.switches;
        let listed = switches.get("targets").and_then(Value::as_array).into_iter().flatten();
        let own = |target: &&Value| target["name"].as_str() == Some(code);
        let source = listed.into_iter().find(own).and_then(|target| target["source"].as_str());
        let source = source.unwrap_or_default();
        self.book.named("sources", source).full()
    }

    /// Limits of all emissions, for the figure of the years: told by the limit alone, since the figure says that it
    /// is a target.
    pub(super) fn target_marks(&self, stressor: &str) -> Vec<fan::Target> {
        let mark = |target: Target| {
            Some(fan::Target {
                year: target.year.parse().ok()?,
                name: Named::new(self.word("target")),
                source: self.target_source(&target.code),
                limit: target.limit.cited,
            })
        };
        let whole = self.targets(stressor).into_iter().filter(|target| !target.intensity());
        whole.filter_map(mark).collect()
    }
}
