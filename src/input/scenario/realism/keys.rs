//! Keys of a switch: numbers within their range, names looked up on the table, files of numbers.

use crate::fault::{Fault, Location};
use crate::input::demand;
use crate::input::document::{Located, Section};
use crate::input::scenario::Context;
use crate::input::scenario::pairs::{self, Kind, Pairs};
use crate::labels::{Axis, comparable};
use crate::realism::RealismError;
use crate::table::{InputFile, Table};
use crate::text::exact;
use crate::units::Unit;

/// What a number may be.
#[derive(Clone, Copy)]
pub(super) enum Range {
    /// From 0 to 1.
    Share,
    /// 0 or more.
    FromZero,
    /// 0 or more, of one thing per another.
    Ratio,
    /// More than 0.
    AboveZero,
    /// A yearly rate, from −1 to 1.
    Rate,
}

impl Range {
    fn holds(self, value: f64) -> bool {
        match self {
            Range::Share => (0.0..=1.0).contains(&value),
            Range::FromZero => value >= 0.0,
            Range::Ratio => (0.0..=1e12).contains(&value),
            Range::AboveZero => value > 0.0,
            Range::Rate => (-1.0..=1.0).contains(&value),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Range::Share => "a share from 0 to 1: 0.3 is 30 %",
            Range::FromZero => "a number from 0",
            Range::Ratio => "a number from 0 to 1e12",
            Range::AboveZero => "a number above 0",
            Range::Rate => "a yearly rate from -1 to 1: 0.05 is 5 % a year",
        }
    }
}

/// The keys of one switch. Each is asked for even where no table is there to look names up on, so
/// that none of them is called unknown.
pub(super) struct Keys<'a> {
    pub(super) section: &'a Section<'a>,
    pub(super) context: Option<&'a Context<'a>>,
}

impl Keys<'_> {
    /// The table, where it could be read.
    pub(super) fn table(&self) -> Option<&Table> {
        self.context.map(|context| context.table)
    }

    /// Sets a fault aside.
    pub(super) fn fault(&self, at: Location, text: impl Into<String>, help: &str) {
        self.section.document().push(Fault::new(at, text).help(help));
    }

    /// Sets aside what a method says of its parameters.
    pub(super) fn check(&self, result: Result<(), RealismError>) -> Option<()> {
        let fault = |error: RealismError| Fault::new(self.section.at(), error.to_string());
        self.section.document().keep(result.map_err(fault))
    }

    /// A number within a range.
    pub(super) fn number(&self, key: &'static str, range: Range) -> Option<f64> {
        let number = self.section.number(key)?;
        self.within(key, number, range)
    }

    /// A number within a range that must be there.
    pub(super) fn required(&self, key: &'static str, range: Range) -> Option<f64> {
        self.section.require(key);
        self.number(key, range)
    }

    fn within(&self, key: &str, number: Located<f64>, range: Range) -> Option<f64> {
        if range.holds(number.value) {
            return Some(number.value);
        }
        self.fault(number.at, format!("{key} is {}", exact(number.value)), range.words());
        None
    }

    /// A whole number of years.
    pub(super) fn years(&self, key: &'static str, least: i64) -> Option<u32> {
        self.section.require(key);
        let number = self.section.integer(key)?;
        if (least..=100).contains(&number.value) {
            return u32::try_from(number.value).ok();
        }
        let help = format!("a whole number of years from {least} to 100");
        self.fault(number.at, format!("{key} is {}", number.value), &help);
        None
    }

    /// A name of an axis that must be there.
    pub(super) fn position(
        &self,
        key: &'static str,
        axis: impl Fn(&Context<'_>) -> Axis,
    ) -> Option<usize> {
        let text = self.section.required_text(key);
        let context = self.context?;
        context.position(&axis(context), &text?, self.section)
    }

    /// Names of an axis, at least one.
    pub(super) fn positions(
        &self,
        key: &'static str,
        axis: impl Fn(&Context<'_>) -> Axis,
    ) -> Option<Vec<usize>> {
        self.section.require(key);
        let texts = self.section.texts(key);
        let context = self.context?;
        context.positions(&axis(context), texts, self.section).filter(|found| !found.is_empty())
    }

    /// A stressor: the one named, or `co2`.
    pub(super) fn stressor(&self) -> Option<usize> {
        let text = self.section.text("stressor");
        let context = self.context?;
        let stressors = context.stressors();
        match text {
            Some(text) => context.position(&stressors, &text, self.section),
            None if self.section.has("stressor") => None,
            None => {
                let found = stressors.position("co2");
                if found.is_err() {
                    let text = "names no stressor, and the table has no \"co2\"";
                    self.fault(self.section.at(), text, "stressor = \"...\"");
                }
                found.ok()
            }
        }
    }

    /// What a number in the unit of the key `unit` is in the stressor's: 1 where no unit is given.
    pub(super) fn unit_factor(&self, stressor: Option<usize>) -> Option<f64> {
        let Some(text) = self.section.text("unit") else {
            return (!self.section.has("unit")).then_some(1.0);
        };
        let unit: Unit = self.section.document().keep(crate::input::document::parsed(&text))?;
        let own = &self.table()?.extensions()[stressor?].unit;
        let factor = unit.factor_to(own);
        if factor.is_none() {
            let help = format!(
                "the stressor is counted in {own}: leave unit out, or name one of its kind"
            );
            self.fault(text.at, format!("{unit} does not convert into {own}"), &help);
        }
        factor
    }

    /// One number for all of an axis, or numbers by name with `others` for the rest; none for what
    /// is not named.
    pub(super) fn by_name(
        &self,
        key: &'static str,
        axis: impl Fn(&Context<'_>) -> Axis,
        range: Range,
    ) -> Option<Vec<Option<f64>>> {
        self.section.require(key);
        if !self.section.is_table(key) {
            let number = self.number(key, range);
            return Some(vec![Some(number?); axis(self.context?).len()]);
        }
        let inner = self.section.section(key)?;
        let (named, context) = (inner.named_numbers(), self.context?);
        let axis = axis(context);
        let (mut found, mut others, mut sound) = (vec![None; axis.len()], None, true);
        for (name, value) in named {
            let at = name.at.clone();
            let value = self.within(&format!("{key}.{}", name.value), Located { value, at }, range);
            if comparable(&name.value) == "others" && axis.position(&name.value).is_err() {
                others = value;
            } else if let Some(place) = context.position(&axis, &name, self.section) {
                found[place] = value;
            } else {
                sound = false;
            }
            sound &= value.is_some();
        }
        let filled = found.into_iter().map(|value| value.or(others)).collect();
        sound.then_some(filled)
    }

    /// The same, where every name of the axis needs its number.
    pub(super) fn all_by_name(
        &self,
        key: &'static str,
        axis: impl Fn(&Context<'_>) -> Axis + Copy,
        range: Range,
    ) -> Option<Vec<f64>> {
        let found = self.by_name(key, axis, range)?;
        let axis = axis(self.context?);
        let missing: Vec<&str> =
            (0..found.len()).filter(|at| found[*at].is_none()).map(|at| axis.code(at)).collect();
        if !missing.is_empty() {
            let text = format!("{key} lacks {}", missing.join(", "));
            self.fault(
                self.section.at_key(key),
                text,
                "name each, or add others = NUMBER for the rest",
            );
        }
        found.into_iter().collect()
    }

    /// Numbers between regions, from a file.
    pub(super) fn pairs(
        &self,
        key: &'static str,
        one: &'static str,
        inputs: &mut Vec<InputFile>,
    ) -> Option<Pairs> {
        let text = self.section.text(key)?;
        let context = self.context?;
        let sheet = pairs::sheet(&text, context, self.section, inputs)?;
        let kind = Kind { value: "value", one, within: true };
        let found = pairs::pairs(&sheet, &context.table.industries().regions, kind);
        self.section.document().absorb(found)
    }

    /// Numbers by industry, from a file with columns region, sector, value; 0 for what has no line.
    pub(super) fn industries(
        &self,
        key: &'static str,
        inputs: &mut Vec<InputFile>,
    ) -> Option<Vec<f64>> {
        let text = self.section.text(key)?;
        let context = self.context?;
        let sheet = pairs::sheet(&text, context, self.section, inputs)?;
        self.section.document().absorb(demand::read(&sheet, context.table.industries()))
    }
}

/// Regions of the table.
pub(super) fn regions(context: &Context<'_>) -> Axis {
    context.table.industries().regions.clone()
}

/// Sectors of the table.
pub(super) fn sectors(context: &Context<'_>) -> Axis {
    context.table.industries().sectors.clone()
}

/// Rows of value added of the table.
pub(super) fn rows(context: &Context<'_>) -> Axis {
    let rows = context.table.value_added_rows().rows.clone();
    crate::input::scenario::axis("value-added row", rows)
}
