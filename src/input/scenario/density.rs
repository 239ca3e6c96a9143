//! `[density]`: elasticities, groups of regions, sectors, weights and the reading of a scenario.

#![allow(non_snake_case)]

use super::pairs::{self, Kind};
use super::{Classes, Context};
use crate::agglomeration::{InvertedU, Reading};
use crate::elasticities::{Dependent, ElasticityError, Estimate, Measure, Precision};
use crate::fault::{Fault, Location, Note, NoteCode};
use crate::input::document::{Located, Section};
use crate::input::elasticities;
use crate::labels::comparable;
use crate::linalg::Dense;
use crate::scenario::density::{Amount, Density, Scope};
use crate::table::InputFile;
use crate::text::exact;

/// Largest |Δln IA| a year that is believed if nothing else is said. METHODS D2, rule 6.
const CAP: f64 = 0.3;
/// ρ beyond this is too close to the boundary. METHODS D5.
const LARGEST_RHO: f64 = 0.95;

/// Reads `[density]`, and the files it names into `inputs`.
pub(super) fn density(
    section: &Section<'_>,
    context: Option<&Context<'_>>,
    classes: &Classes,
    inputs: &mut Vec<InputFile>,
) -> Option<Density> {
    let document = section.document();
    section.require("measure");
    let measure = section.word("measure", &Measure::ALL.map(|measure| (measure.word(), measure)));
    let file = section.required_text("elasticities");
    let reading = section.word("reading", &Reading::ALL.map(|reading| (reading.word(), reading)));
    let scope = section.word("scope", &[("region", Scope::Region), ("sectors", Scope::Sectors)]);
    let force = section.flag("force").unwrap_or(false);
    let cap = positive(section, "cap").unwrap_or(CAP);
    let lags = lags(section);
    let weights_file = weights_file(section);
    let normalise = section.flag("row_normalise").unwrap_or(true);
    let (sectors, class) = (section.texts("sectors"), section.text("class"));
    let stressor = section.text("stressor");
    let group = section.text("group");
    let groups = section.section("groups");
    let groups = groups.map(|groups| (groups.entries(), groups.at()));
    let amounts = ["labour", "capital", "research", "energy"].map(|key| section.text(key));
    let curves = section.sections("inverted_u");
    let context = context?;
    let read = file.as_ref().and_then(|text| {
        let path = document.keep(context.finder.find(text))?;
        document.absorb(elasticities::read(&path, context.finder.data()))
    });
    let axes = Axes { context, section };
    let sectors = axes.sectors(sectors, class, classes);
    let stressor = axes.stressor(stressor);
    let of_regions = axes.groups(group, groups);
    let within = of_regions.as_ref().map(|(_, groups)| groups.as_slice()).unwrap_or_default();
    let weights = weights_file.and_then(|text| axes.weights(&text, within, normalise, inputs));
    let inverted = curves.iter().filter_map(|curve| axes.curve(curve)).collect();
    let [labour, capital, research, energy] = &amounts;
    let measure = measure?;
    let amount = match measure.value {
        Measure::Output => Some(Amount::Output),
        Measure::Labour => axes.amount(labour, "labour", "employment", Some(&measure)),
        Measure::Capital => axes.amount(capital, "capital", "capital", Some(&measure)),
        Measure::Technology => axes.amount(research, "research", "research", Some(&measure)),
    };
    let control =
        |text: &Option<Located<String>>, key, default| axes.amount(text, key, default, None);
    let (energy, labour) =
        (control(energy, "energy", "energy"), control(labour, "labour", "employment"));
    let (found, files) = read?;
    inputs.extend(files);
    let at = file.map(|text| text.at)?;
    if let Some(covers) = &found.covers {
        let known: Vec<&str> =
            context.table.extensions().iter().map(|own| own.label.code.as_str()).collect();
        if !known.contains(&covers.as_str()) {
            let text =
                format!("these elasticities are of {covers:?}, which the table does not have");
            let help = format!(
                "the table has {}; estimate one of them, or say so in [about] covers",
                known.join(", ")
            );
            document.push(Fault::new(at, text).help(help));
            return None;
        }
    }
    let (names, groups) = of_regions?;
    let mut flags = Vec::new();
    let mut estimates = Vec::new();
    let mut refused = false;
    for name in &names {
        let chosen = found.choose(measure.value, name, force);
        let again = matches!(chosen, Err(ElasticityError::Refused { .. }));
        if again && refused {
            // One refusal of a measure is enough.
            continue;
        }
        refused |= again;
        let chosen = chosen.map_err(|error| {
            let help = match error {
                ElasticityError::Refused { .. } => "take another measure, or force = true if you know why",
                _ => "name a group of the file: group = \"national\", or [density.groups] with regions of each",
            };
            Fault::new(at.clone(), error.to_string()).help(help)
        });
        if let Some(chosen) = document.keep(chosen) {
            let name = |flag| format!("elasticities of {} {name}: {flag}", measure.value.word());
            flags
                .extend(chosen.flags.into_iter().map(|f| Note::new(NoteCode::Elasticity, name(f))));
            estimates.push(shortened(chosen.estimate, lags));
        }
    }
    let left: Vec<&str> = (0..groups.len())
        .filter(|region| groups[*region].is_none())
        .map(|region| context.table.industries().regions.code(region))
        .collect();
    if !left.is_empty() {
        let text = format!(
            "no estimate is named for {}: agglomeration changes nothing there",
            left.join(", ")
        );
        flags.push(Note::new(NoteCode::Elasticity, text));
    }
    refuse_boundary(&estimates, weights.is_some(), section);
    if estimates.iter().any(|estimate| estimate.precision == Precision::StarImplied) {
        flags.push(Note::new(
            NoteCode::StarImplied,
            "only stars are published: standard errors are implied by them, and bands are star-implied, not confidence \
             intervals",
        ));
    }
    if weights.is_some() {
        let text = "the spatial coefficient goes with the weights it was estimated with; the scenario's own weights stand in \
                    for them";
        flags.push(Note::new(NoteCode::Elasticity, text));
    }
    if estimates.iter().any(|e| e.dependent == Dependent::Intensity) && weights.is_some() {
        let text = "an equation of intensities has no neighbours: the weights have no effect";
        flags.push(Note::new(NoteCode::Elasticity, text));
    }
    flags.dedup();
    Some(Density {
        measure: measure.value,
        amount: amount?,
        stressor: stressor?,
        sectors: sectors?,
        reading: reading.map(|reading| reading.value).unwrap_or_default(),
        scope: scope.map(|scope| scope.value).unwrap_or_default(),
        source: found.source.clone(),
        estimates,
        groups,
        weights,
        cap,
        energy,
        labour,
        inverted,
        flags,
    })
}

fn positive(section: &Section<'_>, key: &'static str) -> Option<f64> {
    let number = section.number(key)?;
    if number.value <= 0.0 {
        let fault =
            Fault::new(number.at, format!("{key} is {}; it must be positive", exact(number.value)));
        section.document().push(fault);
        return None;
    }
    Some(number.value)
}

fn lags(section: &Section<'_>) -> usize {
    match section.integer("lags") {
        None => 2,
        Some(lags) if (0..=2).contains(&lags.value) => lags.value as usize,
        Some(lags) => {
            let fault = Fault::new(lags.at, format!("lags is {}", lags.value));
            section.document().push(fault.help("0, 1 or 2 years"));
            2
        }
    }
}

/// The file of weights, where neighbours count.
fn weights_file(section: &Section<'_>) -> Option<Located<String>> {
    let document = section.document();
    let spillover = section.word("spillover", &[("none", false), ("full", true)]);
    let weights = section.text("weights");
    match (spillover, weights) {
        (Some(Located { value: true, .. }), Some(weights)) => Some(weights),
        (Some(Located { value: true, at }), None) if !section.has("weights") => {
            let fault = Fault::new(at, "spillover = \"full\" needs weights between regions");
            document.push(fault.help("weights = \"FILE.csv\" with columns from,to,weight"));
            None
        }
        (None | Some(Located { value: false, .. }), Some(weights)) => {
            let fault =
                Fault::new(weights.at, "weights without spillover = \"full\" have no effect");
            document.push(fault.help("write spillover = \"full\", or delete the line"));
            None
        }
        _ => None,
    }
}

fn shortened(mut estimate: Estimate, lags: usize) -> Estimate {
    let (before, keep) = (estimate.lags.len(), estimate.lags.len().min(lags + 1));
    estimate.lags.truncate(keep);
    // ρ stays the last line of the covariance.
    let places: Vec<usize> = (0..keep).chain([before]).collect();
    let mut covariance = Dense::zeros(keep + 1, keep + 1);
    for (a, from) in places.iter().enumerate() {
        for (b, to) in places.iter().enumerate() {
            covariance[(a, b)] = estimate.covariance[(*from, *to)];
        }
    }
    estimate.covariance = covariance;
    estimate
}

fn refuse_boundary(estimates: &[Estimate], spillover: bool, section: &Section<'_>) {
    for estimate in estimates.iter().filter(|e| spillover && e.spatial_lag.abs() > LARGEST_RHO) {
        let text = format!(
            "the spatial coefficient of {} {} is {}, at the boundary of what can be estimated",
            estimate.measure.word(),
            estimate.group,
            exact(estimate.spatial_lag)
        );
        let fault = Fault::new(section.at(), text);
        section.document().push(fault.help("use spillover = \"none\", or another estimate"));
    }
}

/// A group of regions as written: its name and its regions.
type Group = (Located<String>, Vec<Located<String>>);

/// Texts of the section looked up on the table.
struct Axes<'a> {
    context: &'a Context<'a>,
    section: &'a Section<'a>,
}

impl Axes<'_> {
    fn sectors(
        &self,
        texts: Option<Vec<Located<String>>>,
        class: Option<Located<String>>,
        classes: &Classes,
    ) -> Option<Vec<bool>> {
        let (section, axis) = (self.section, &self.context.table.industries().sectors);
        let found = match (texts, class) {
            (Some(texts), None) => self.context.positions(axis, Some(texts), section)?,
            (None, Some(class)) => match classes.get(&comparable(&class.value)) {
                Some((_, sectors)) => sectors.clone(),
                None => {
                    let fault = Fault::new(class.at, format!("unknown class {:?}", class.value));
                    let names: Vec<&str> =
                        classes.values().map(|(name, _)| name.as_str()).collect();
                    section
                        .document()
                        .push(fault.help(format!("classes are {}", names.join(", "))));
                    return None;
                }
            },
            _ if section.has("sectors") && !section.has("class") => return None,
            _ => {
                let fault =
                    Fault::new(section.at(), "[density] needs either \"sectors\" or \"class\"");
                section.document().push(fault.help(
                    "the industry whose density is meant: sectors = [\"...\"], or class = \"...\" of [classes]",
                ));
                return None;
            }
        };
        Some((0..axis.len()).map(|sector| found.contains(&sector)).collect())
    }

    fn stressor(&self, text: Option<Located<String>>) -> Option<usize> {
        let stressors = self.context.stressors();
        match text {
            Some(text) => self.context.position(&stressors, &text, self.section),
            None if stressors.position("co2").is_ok() => stressors.position("co2").ok(),
            None => {
                let fault = Fault::new(self.section.at(), "the table has no extension \"co2\"");
                self.section
                    .document()
                    .push(fault.help("name the one that was explained: stressor = \"...\""));
                None
            }
        }
    }

    /// Names of the groups, and which each region is in.
    fn groups(
        &self,
        one: Option<Located<String>>,
        several: Option<(Vec<Group>, Location)>,
    ) -> Option<(Vec<String>, Vec<Option<usize>>)> {
        let axis = &self.context.table.industries().regions;
        let document = self.section.document();
        let Some((several, at)) = several else {
            let name = one.map_or_else(|| "national".to_owned(), |text| comparable(&text.value));
            return Some((vec![name], vec![Some(0); axis.len()]));
        };
        if let Some(one) = one {
            let fault = Fault::new(one.at, "both \"group\" and [density.groups] are given");
            document.push(fault.help("group is for all regions; delete one of them"));
        }
        if several.is_empty() {
            document.push(Fault::new(at, "[density.groups] names no group"));
        }
        let (mut names, mut of) = (Vec::new(), vec![None; axis.len()]);
        for (group, (name, regions)) in several.into_iter().enumerate() {
            names.push(comparable(&name.value));
            for text in regions {
                let Some(region) = self.context.position(axis, &text, self.section) else {
                    continue;
                };
                if of[region].is_some() {
                    let fault = Fault::new(
                        text.at,
                        format!("region {} is in two groups", axis.code(region)),
                    );
                    document.push(fault.help("a region has one estimate"));
                }
                of[region] = Some(group);
            }
        }
        Some((names, of))
    }

    /// The quantity behind a density or control: an extension by code, or a row of value added.
    fn amount(
        &self,
        text: &Option<Located<String>>,
        key: &'static str,
        default: &str,
        wanted: Option<&Located<Measure>>,
    ) -> Option<Amount> {
        let (table, document) = (self.context.table, self.section.document());
        if let Some(text) = text {
            if let Some(row) = text.value.strip_prefix("value_added:") {
                let rows = super::axis("value-added row", table.value_added_rows().rows.clone());
                let row = Located { value: row.to_owned(), at: text.at.clone() };
                return self.context.position(&rows, &row, self.section).map(Amount::ValueAddedRow);
            }
            let found = self.context.position(&self.context.stressors(), text, self.section);
            return found.map(Amount::Extension);
        }
        if let Ok(found) = self.context.stressors().position(default) {
            return Some(Amount::Extension(found));
        }
        let wanted = wanted?;
        let has: Vec<&str> = table.extensions().iter().map(|e| e.label.code.as_str()).collect();
        let text = format!(
            "measure {} needs {key} by industry: the table has no extension {default:?} (it has {})",
            wanted.value.word(),
            if has.is_empty() { "none".to_owned() } else { has.join(", ") }
        );
        let help = match wanted.value {
            Measure::Labour => {
                "name another: labour = \"...\"; labour = \"value_added:CODE\" lets compensation of employees stand in"
                    .to_owned()
            }
            _ => format!("add it to the table, or name another: {key} = \"...\""),
        };
        document.push(Fault::new(wanted.at.clone(), text).help(help));
        None
    }

    /// Weights between regions of one group, as they were estimated, rows made to sum to 1.
    fn weights(
        &self,
        text: &Located<String>,
        groups: &[Option<usize>],
        normalise: bool,
        inputs: &mut Vec<InputFile>,
    ) -> Option<Dense> {
        let document = self.section.document();
        let sheet = pairs::sheet(text, self.context, self.section, inputs)?;
        let kind = Kind { value: "weight", one: "weight", within: false };
        let found = pairs::pairs(&sheet, &self.context.table.industries().regions, kind);
        let rows = document.absorb(found)?;
        if rows.iter().flatten().flatten().all(|weight| *weight == 0.0) {
            let fault = Fault::new(sheet.whole(), "no weight above 0 between two regions");
            document.push(
                fault.help("add lines from,to,weight; without neighbours, spillover = \"none\""),
            );
            return None;
        }
        let of_row = |row: &Vec<Option<f64>>| row.iter().map(|w| w.unwrap_or(0.0)).collect();
        let mut W = Dense::from_rows(&rows.iter().map(of_row).collect::<Vec<Vec<f64>>>());
        for (r, group) in groups.iter().enumerate() {
            let outside = groups.iter().map(|other| other != group);
            W.row_mut(r)
                .iter_mut()
                .zip(outside)
                .filter(|(_, out)| *out)
                .for_each(|(w, _)| *w = 0.0);
        }
        if normalise {
            for r in 0..W.shape().0 {
                let sum: f64 = W.row(r).iter().sum();
                if sum > 0.0 {
                    W.row_mut(r).iter_mut().for_each(|w| *w /= sum);
                }
            }
        }
        Some(W)
    }

    fn curve(&self, curve: &Section<'_>) -> Option<(usize, InvertedU)> {
        ["stressor", "linear", "square", "unit"].into_iter().for_each(|key| curve.require(key));
        let stressor = curve.text("stressor");
        let (linear, square) = (curve.number("linear"), curve.number("square"));
        let unit = positive(curve, "unit");
        curve.finish();
        let stressor = self.context.position(&self.context.stressors(), &stressor?, curve)?;
        Some((stressor, InvertedU { linear: linear?.value, square: square?.value, unit: unit? }))
    }
}
