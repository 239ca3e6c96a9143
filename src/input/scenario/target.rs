//! `[[target]]` and paths of households' direct emissions.

use super::Context;
use crate::fault::Fault;
use crate::input::document::Section;
use crate::labels::Label;
use crate::scenario::target::{Goal, Target};
use crate::scenario::{Growth, Horizon, HouseholdPath, Trajectory};
use crate::table::Table;
use crate::text::exact;

/// Keys of which a target has one.
const GOALS: [&str; 4] = ["level", "intensity", "cut", "intensity_cut"];

/// Reads one `[[target]]`.
pub(super) fn target(
    section: &Section<'_>,
    context: Option<&Context<'_>>,
    horizon: Option<Horizon>,
) -> Option<Target> {
    let document = section.document();
    let (name, source) = (section.required_text("name"), section.required_text("source"));
    section.require("year");
    let (year, stressor, regions) =
        (section.year("year"), section.text("stressor"), section.texts("region"));
    let [level, intensity, cut, intensity_cut, of] =
        [GOALS[0], GOALS[1], GOALS[2], GOALS[3], "of"].map(|key| section.number(key));
    let sinks = section.path("sinks").map(|path| path.value);
    let given = GOALS.iter().filter(|key| section.has(key)).count();
    if given != 1 {
        let fault =
            Fault::new(section.at(), "a target needs one of level, intensity, cut, intensity_cut");
        document.push(fault.help("cut = 0.2 is 20 % below the table's year, or below \"of\""));
        return None;
    }
    if let Some(of) = of.as_ref().filter(|_| cut.is_none() && intensity_cut.is_none()) {
        let fault = Fault::new(of.at.clone(), "\"of\" without a cut has no effect");
        document.push(fault.help("it is the level or intensity that cut and intensity_cut are of"));
    }
    for share in [&cut, &intensity_cut].into_iter().flatten() {
        if !(0.0..=1.0).contains(&share.value) {
            let fault = Fault::new(share.at.clone(), format!("a cut of {}", exact(share.value)));
            document.push(fault.help("a share from 0 to 1: 0.65 is 65 %"));
        }
    }
    if let Some(of) = of.as_ref().filter(|of| of.value < 0.0) {
        let fault = Fault::new(of.at.clone(), format!("a cut of {}", exact(of.value)));
        document.push(fault.help("the level or intensity that it is of, from zero up"));
    }
    let taken = sinks.iter().flat_map(Trajectory::numbers).find(|taken| *taken < 0.0);
    if let Some(taken) = taken {
        let fault = Fault::new(section.at_key("sinks"), format!("sinks of {}", exact(taken)));
        document
            .push(fault.help("what is taken up, from zero up; it is subtracted from emissions"));
    }
    let negative = [&level, &intensity].into_iter().flatten().find(|number| number.value < 0.0);
    let negative = negative.cloned().filter(|_| !section.has("sinks"));
    let of = of.map(|of| of.value);
    let goal = match (level, intensity, cut, intensity_cut) {
        (Some(level), ..) => Goal::Level(level.value),
        (_, Some(intensity), ..) => Goal::Intensity(intensity.value),
        (_, _, Some(cut), _) => Goal::Cut(cut.value, of),
        // A number that is none has been told.
        (.., cut) => Goal::IntensityCut(cut?.value, of),
    };
    let year = year?;
    let context = context?;
    let inside = match horizon {
        Some(horizon) => (horizon.start..=horizon.end).contains(&year.value),
        None => year.value == context.table.meta().year,
    };
    if !inside {
        let fault = Fault::new(year.at, format!("the run does not reach the year {}", year.value));
        document.push(fault.help("put it inside [horizon]"));
    }
    let stressor = match stressor {
        Some(text) => context.position(&context.stressors(), &text, section)?,
        None => {
            let found = context.stressors().position("co2").map_err(|_| {
                Fault::new(
                    section.at(),
                    "the target names no stressor, and the table has no \"co2\"",
                )
                .help("stressor = \"...\"")
            });
            document.keep(found)?
        }
    };
    if let Some(number) = negative.filter(|_| never_negative(context.table, stressor)) {
        let fault = Fault::new(number.at, format!("a target of {}", exact(number.value)));
        document.push(
            fault.help("no cell of the stressor is negative; what takes it up is sinks = AMOUNT"),
        );
    }
    let regions = context.positions(&context.table.industries().regions, regions, section);
    let (name, source) = (Label::code(name?.value), Label::code(source?.value));
    Some(Target { name, source, stressor, regions, year: year.value, goal, sinks })
}

/// Whether neither industries nor households take up a stressor.
fn never_negative(table: &Table, stressor: usize) -> bool {
    let found = &table.extensions()[stressor];
    found.values.iter().chain(&found.households).all(|value| *value >= 0.0)
}

/// Reads one `[[baseline.households]]`.
pub(super) fn households(
    section: &Section<'_>,
    context: Option<&Context<'_>>,
    growth: Option<Growth>,
) -> Option<HouseholdPath> {
    let (stressors, regions) = (section.texts("stressor"), section.texts("region"));
    let context = context?;
    Some(HouseholdPath {
        stressors: context.positions(&context.stressors(), stressors, section),
        regions: context.positions(&context.table.industries().regions, regions, section),
        growth: growth?,
    })
}
