//! What a reader of a run should know.

use super::ensemble::{Ensemble, Level};
use super::{Runner, YearOutcome};
use crate::agglomeration::Reading;
use crate::elasticities::Dependent;
use crate::fault::{Note, NoteCode};
use crate::scenario::density::Density;
use crate::text::signed;

impl Runner<'_> {
    pub(super) fn notes(&self, years: &[i32]) -> Vec<Note> {
        let mut notes = self.table.notes();
        let (industries, table_year) = (self.table.industries(), self.table.meta().year);
        for mv in &self.moves {
            let origin = industries.index(mv.from, mv.sector);
            if self.table.output()[origin] == 0.0 {
                let text =
                    format!("{} has no output: moving it moves nothing", industries.name(origin));
                notes.push(Note::new(NoteCode::IdleMove, text));
            }
        }
        if self.scenario.horizon.is_some() {
            let text = format!(
                "values of later years are volumes at the prices of the table (prices: {}, year {table_year}): no \
                 price change is in them",
                self.table.meta().prices
            );
            notes.push(Note::new(NoteCode::Volumes, text));
        }
        let households =
            self.table.extensions().iter().any(|e| e.households.iter().any(|v| *v != 0.0));
        let constant = self.scenario.baseline.households.is_empty();
        if self.scenario.horizon.is_some() && households && constant {
            let text = format!(
                "direct emissions of households stay as they were in {table_year} in every year"
            );
            notes.push(Note::new(NoteCode::ConstantHouseholds, text));
        }
        if let Some(text) = self.leontief.unproductive() {
            notes.push(Note::new(NoteCode::NotProductive, text));
        }
        notes.extend(self.scenario.density.iter().flat_map(|density| density.flags.clone()));
        if let Some(last) = years.iter().max().filter(|last| **last > table_year + 10) {
            let text = format!(
                "the table is of {table_year}, the years go to {last}: coefficients more than ten years old are a \
                 standing assumption, not a forecast"
            );
            notes.push(Note::new(NoteCode::OldTable, text));
        }
        notes
    }

    /// Unease about densities, told once.
    pub(super) fn density_notes(&self, density: &Density, outcome: &YearOutcome) -> Vec<Note> {
        let Some(found) = &outcome.density else { return Vec::new() };
        let regions = &self.table.industries().regions;
        let mut notes = Vec::new();
        let largest = (0..regions.len())
            .filter(|r| density.groups[*r].is_some())
            .max_by(|a, b| found.density[*a].abs().total_cmp(&found.density[*b].abs()));
        if let Some(r) = largest.filter(|r| found.density[*r].abs() > density.cap) {
            let text = format!(
                "the density of {} changes by {} in logarithms in {}, beyond the cap of {}: readings are shown with the \
                 cap and without",
                regions.code(r),
                signed(found.density[r]),
                outcome.year,
                density.cap
            );
            notes.push(Note::new(NoteCode::BeyondSample, text));
        }
        let missing: Vec<&str> = Reading::ALL
            .into_iter()
            .filter(|reading| !density.has(*reading))
            .map(Reading::word)
            .collect();
        if !missing.is_empty() {
            let why = match density.dependent() {
                Dependent::Intensity => "an equation of intensities has no scale in it",
                Dependent::Emissions => {
                    "its regression has energy per worker, so it needs energy and labour by industry (energy = \"...\" and \
                     labour = \"...\" in [density])"
                }
            };
            let text = format!("reading {} is not computed: {why}", missing.join(", "));
            notes.push(Note::new(NoteCode::MissingReading, text));
        }
        notes
    }

    /// Unease about bands: too few draws, headlines that lie outside.
    pub(super) fn band_notes(&self, found: &Ensemble) -> Vec<Note> {
        let mut notes = Vec::new();
        if found.draws == 0 {
            return notes;
        }
        if found.draws < 100 {
            let text = format!(
                "{} draws are too few for the ends of a band of 90 %: take a thousand",
                found.draws
            );
            notes.push(Note::new(NoteCode::FewDraws, text));
        }
        let outside: Vec<String> = found
            .grades
            .iter()
            .filter_map(|grade| {
                let band = found.bands.iter().rev().find(|band| {
                    band.level == Level::Difference
                        && (band.quantity, band.place) == (grade.quantity, grade.place)
                        && band.reading == self.reading()
                })?;
                let inside = (band.values[0]..=band.values[2]).contains(&grade.headline);
                let place = self.scenario.place_code(grade.place, &self.table.industries().regions);
                (!inside)
                    .then(|| format!("{} of {place}", self.table.quantity_code(grade.quantity)))
            })
            .collect();
        if !outside.is_empty() {
            let text = format!(
                "the headline lies outside its own band, because what is drawn centres elsewhere than where the scenario \
                 stands (its technology, say): {}",
                outside.join(", ")
            );
            notes.push(Note::new(NoteCode::OutsideBand, text));
        }
        notes
    }

    fn reading(&self) -> Reading {
        self.scenario.density.as_ref().map(|density| density.reading).unwrap_or_default()
    }
}
