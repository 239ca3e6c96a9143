//! `irio agglomeration`: how concentrated are industries, and where?

use std::path::{Path, PathBuf};

use serde_json::json;

use super::commands::{default_out, deliver, refuse_open};
use super::memory::announce;
use super::watch::Watch;
use super::{Common, Trouble};
use crate::concentration::duranton_overman::Bandwidth;
use crate::concentration::study::{Findings, MOST_PAIRED, PlantStudy, Study};
use crate::fault::{Note, NoteCode};
use crate::input::agglomeration::{self, ReadAgglomeration};
use crate::report::folder::Kind;
use crate::report::results::Results;
use crate::report::{self, folder, terminal};
use crate::text::human;

/// Reads a file of measures, computes them, and writes their folder.
pub fn agglomeration(
    common: &Common,
    path: &Path,
    out: Option<PathBuf>,
) -> Result<String, Trouble> {
    let read = agglomeration::read(path, common.data.as_deref())?;
    if common.strict {
        for table in &read.tables {
            refuse_open(table, path)?;
        }
    }
    let out = default_out(out, &format!("agglomeration-{}", read.name));
    folder::refuse_foreign(&out, Kind::Results)?;
    let instead = "measure fewer sectors or years, or take fewer draws";
    announce(
        common,
        &format!("agglomeration of {}", read.name),
        read.study.bytes_needed(),
        instead,
    )?;
    let watch = Watch::stoppable(common.quiet);
    let findings =
        read.study.measure(&watch).map_err(|error| Trouble::Question(error.to_string()))?;
    drop(watch);
    let mut results = Results::new("agglomeration", format!("Agglomeration: {}", read.name));
    results.inputs = read.inputs.clone();
    for table in &read.tables {
        results.table(table);
    }
    switches(&mut results, &read);
    results.note(read.notes.clone()).note(notes(&read.study, &findings));
    report::files::agglomeration(&mut results, &read.study, &findings);
    let shown = terminal::agglomeration(&read.name, &read.study, &findings, common.language());
    deliver(common, results, &out, &shown)
}

fn switches(results: &mut Results, read: &ReadAgglomeration) {
    results.switch("name", &read.name).switch("description", &read.description);
    let study = &read.study;
    if let Some(activity) = &study.activity {
        results
            .switch("activity.quantity", &activity.quantity)
            .switch("activity.unit", &activity.unit)
            .switch("activity.reference", activity.reference.word())
            .switch(
                "activity.sectors",
                activity.sectors.labels().iter().map(|one| &one.code).collect::<Vec<_>>(),
            );
        let codes = |sectors: &[usize]| -> Vec<String> {
            sectors.iter().map(|i| activity.sectors.code(*i).to_owned()).collect()
        };
        let groups = activity.groups.iter();
        let groups: serde_json::Map<_, _> =
            groups.map(|group| (group.name.clone(), json!(codes(&group.sectors)))).collect();
        results.switch("groups", groups);
    }
    if let Some(density) = &study.density {
        results
            .switch("density.area_unit", &density.area_unit)
            .switch("density.sectors", &density.sectors)
            .switch("density.weights", weights(study))
            .switch("density.quantities", &density.sources);
    }
    if let Some(productivity) = &study.productivity {
        results.switch("productivity.alpha", productivity.alpha);
    }
    if let Some(plants) = &study.plants {
        plant_switches(results, plants);
    }
}

/// Weights above 0 by sector.
fn weights(study: &Study) -> Option<serde_json::Map<String, serde_json::Value>> {
    let (activity, density) = (study.activity.as_ref()?, study.density.as_ref()?);
    let weights = density.weights.as_ref()?.iter().zip(activity.sectors.labels());
    let above = weights.filter(|(weight, _)| **weight > 0.0);
    Some(above.map(|(weight, label)| (label.code.clone(), json!(weight))).collect())
}

fn plant_switches(results: &mut Results, plants: &PlantStudy) {
    let bandwidth = match plants.options.bandwidth {
        Bandwidth::Recomputed => "recomputed",
        Bandwidth::Kept => "kept",
    };
    let names: Vec<&str> = plants.industries.iter().map(|one| one.name.as_str()).collect();
    results.seed = Some(plants.options.seed);
    results
        .switch("plants.industries", names)
        .switch("plants.metric", plants.sites.metric().word())
        .switch("plants.unit", &plants.unit)
        .switch("plants.weighted", plants.weighted)
        .switch("plants.draws", plants.options.draws)
        .switch("plants.level", plants.options.level)
        .switch("plants.steps", plants.steps)
        .switch("plants.bandwidth", bandwidth)
        .switch("plants.band", plants.rule.word())
        .switch("plants.fewest", plants.fewest);
}

/// What has no value, and what took another's bandwidth.
fn notes(study: &Study, findings: &Findings) -> Vec<Note> {
    let mut notes = Vec::new();
    if let Some(activity) = &study.activity {
        let idle = |i: &usize| activity.years.iter().any(|(_, one)| one.of_sector(*i) == 0.0);
        let empty = |r: &usize| activity.years.iter().any(|(_, one)| one.of_region(*r) == 0.0);
        let sectors = (0..activity.sectors.len()).filter(idle).map(|i| activity.sectors.code(i));
        let regions = (0..activity.regions.len()).filter(empty).map(|r| activity.regions.code(r));
        for (kind, names) in
            [("sector", sectors.collect::<Vec<_>>()), ("region", regions.collect::<Vec<_>>())]
        {
            if !names.is_empty() {
                let text = format!(
                    "without activity in a year, so without measures there: {kind} {}",
                    names.join(", ")
                );
                notes.push(Note::new(NoteCode::NoMeasure, text));
            }
        }
    }
    if let Some(found) = &findings.productivity
        && !(found.alpha > 0.0 && found.alpha < 1.0)
    {
        let text = format!(
            "the estimated share of capital is {}, outside 0 to 1: the panel does not bear out constant returns",
            human(found.alpha)
        );
        notes.push(Note::new(NoteCode::OddShare, text));
    }
    if study.activity.as_ref().is_some_and(|one| one.sectors.len() > MOST_PAIRED) {
        let text = format!("pairs of more than {MOST_PAIRED} sectors are left out");
        notes.push(Note::new(NoteCode::NoMeasure, text));
    }
    if let Some(density) = &study.density {
        let zero = density.series.iter().filter(|one| {
            one.years.iter().any(|year| year.densities.iter().any(|density| *density <= 0.0))
        });
        let zero: Vec<&str> = zero.map(|one| one.code.as_str()).collect();
        if !zero.is_empty() {
            let text =
                format!("densities of 0 have no logarithm and no line of it: {}", zero.join(", "));
            notes.push(Note::new(NoteCode::NoMeasure, text));
        }
    }
    let Some(plants) = &study.plants else { return notes };
    for (one, found) in plants.industries.iter().zip(&findings.localisation) {
        let text = match found {
            None => {
                format!("not tested: all distances between the plants of {} are the same", one.name)
            }
            Some(found) if found.without_bandwidth > 0 => format!(
                "{} of {} draws for {} had plants at one distance only and took the industry's bandwidth",
                found.without_bandwidth, plants.options.draws, one.name
            ),
            Some(_) => continue,
        };
        notes.push(Note::new(NoteCode::FewPlants, text));
    }
    notes
}
