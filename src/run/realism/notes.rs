//! What a reader of closer realism should know.

use super::{Building, RealismYear, Switches};
use crate::fault::{Note, NoteCode};
use crate::realism::capacity::Headroom;
use crate::run::YearOutcome;
use crate::scenario::realism::{JobsOf, NamedLimit};
use crate::text::human;

/// How many times too much or too little a known quantity may be before it is odd.
const ODD: f64 = 2.0;

impl Switches<'_, '_> {
    /// Unease about the switches, told once for the run.
    pub(in crate::run) fn notes(
        &self,
        outcomes: &[YearOutcome],
        building: Option<&Building>,
    ) -> Vec<Note> {
        let realism = self.realism;
        let mut notes = Vec::new();
        let adds = !realism.backfill.is_empty()
            || realism.households.is_some()
            || realism.construction.is_some()
            || realism.vintage.is_some();
        if adds {
            let text = "what the switches of [realism] add is first-order: demand that they make is met by the table's \
                        coefficients and buys nothing from relocated plants; it stands beside the headline and is in \
                        none of its numbers, bands and grades; jobs, taxes, limits and tonnes are of the moves alone, without \
                        what the other switches add";
            notes.push(Note::new(NoteCode::FirstOrder, text));
        }
        if realism.freight.is_some() {
            let text = "freight is beside the table's emissions and in no sum: the transport sectors of the table emit in \
                        part for the same hauls, and are not netted out";
            notes.push(Note::new(NoteCode::FreightBeside, text));
        }
        if realism.electricity.is_some() {
            let text = "Scope 2 takes the place of what the table says of the power sector's emissions: it is the same \
                        emissions by another account and is never added to them or to the upstream part";
            notes.push(Note::new(NoteCode::ScopeTwoBeside, text));
        }
        if let Some(work) = &realism.employment
            && let JobsOf::Pay { row, .. } = &work.jobs
        {
            let row = &self.runner.table.value_added_rows().rows[*row];
            let text = format!(
                "jobs are {} divided by the pay given, one pay for all sectors of a region: a stand-in for workers \
                 counted by industry, whose shares of sectors it distorts",
                row.name()
            );
            notes.push(Note::new(NoteCode::JobsFromPay, text));
        }
        notes.extend(building.and_then(|building| outside(building, outcomes)));
        let years = outcomes.iter().filter_map(|one| Some((one.year, one.realism.as_ref()?)));
        let years: Vec<(i32, &RealismYear)> = years.collect();
        for (at, named) in realism.capacity.iter().enumerate() {
            notes.extend(exceeded(named, years.iter().map(|(year, of)| (*year, &of.headroom[at]))));
        }
        if let Some((year, last)) = years.last() {
            notes.extend(self.implausible(*year, last));
        }
        notes
    }

    /// Moves of the last year that are odd in plants, and products that are odd in tonnes.
    fn implausible(&self, year: i32, realism: &RealismYear) -> Vec<Note> {
        let (table, mut notes) = (self.runner.table, Vec::new());
        let industries = table.industries();
        for found in &realism.physical {
            let mv = &self.runner.moves[found.index];
            let name = industries.name(industries.index(mv.from, mv.sector));
            if let Some(plants) = found.plants.filter(|plants| *plants > 0.0 && *plants < 1.0) {
                let text = format!(
                    "{name} moves {} t in {year}, {} of a plant of the size given: less than one plant can move",
                    human(found.tonnes),
                    human(plants)
                );
                notes.push(Note::new(NoteCode::Implausible, text));
            }
        }
        for product in &self.realism.products {
            let sector = product.priced.sector;
            // The statistics are of the table's year, whatever has grown since.
            let all: f64 = (0..industries.regions.len())
                .map(|r| table.output()[industries.index(r, sector)])
                .sum();
            let implied = all / product.priced.price;
            let odd = |known: &f64| !(known / ODD..=known * ODD).contains(&implied);
            if let Some(known) = product.known_tonnes.filter(odd) {
                let text = format!(
                    "at the price given all regions make {} t of {}, where {} t are known: the sector makes more than this \
                     product, or the price is not its own, and tonnes that move are off by the same factor",
                    human(implied),
                    industries.sectors.code(sector),
                    human(known)
                );
                notes.push(Note::new(NoteCode::Implausible, text));
            }
        }
        notes
    }
}

/// Building in years that the run does not compute.
fn outside(building: &Building, outcomes: &[YearOutcome]) -> Option<Note> {
    let computed = |year: i32| outcomes.iter().any(|outcome| outcome.year == year);
    let before: Vec<String> = building
        .years
        .iter()
        .filter(|built| !computed(built.year))
        .map(|built| built.year.to_string())
        .collect();
    let text = format!(
        "plants are built in {}, which the run does not compute: what building adds there is told by year in \
         realism.csv and counts in the payback, not in the sums of a computed year",
        before.join(", ")
    );
    (!before.is_empty()).then(|| Note::new(NoteCode::BuildingOutside, text))
}

/// The first year in which the moves take a limit that would be met without them; else the last
/// year, where it is exceeded with and without them.
fn exceeded<'a>(
    named: &NamedLimit,
    years: impl Iterator<Item = (i32, &'a Headroom)>,
) -> Option<Note> {
    let years: Vec<_> = years.filter(|(_, found)| found.exceeded).collect();
    let by_moves = years.iter().find(|(_, found)| !found.was_exceeded());
    let (year, found) = by_moves.or(years.last())?;
    let since = if found.was_exceeded() { ", with the moves and without" } else { "" };
    let number = |value: Option<f64>| value.map_or("no ratio".to_owned(), human);
    let text = format!(
        "limit exceeded in {year}{since}: {}, {} where {} {} are allowed (without the moves {}); told, not enforced",
        named.name,
        number(found.used),
        human(found.limit),
        named.unit,
        number(found.before)
    );
    Some(Note::new(NoteCode::LimitExceeded, text))
}
