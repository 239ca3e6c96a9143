//! `irio estimate`: equations of a model file, from its panel.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde_json::json;

use super::commands::{default_out, deliver};
use super::memory::announce;
use super::{Common, Trouble};
use crate::estimation::{Findings, autocorrelation, bytes_needed, estimate, unit_roots};
use crate::fault::{Faults, Note, NoteCode};
use crate::input::model::{self, ReadModels};
use crate::panel::evaluate;
use crate::panel::statistics::{Description, describe};
use crate::report::folder::Kind;
use crate::report::results::Results;
use crate::report::{files, folder, terminal};

/// Reads a model file, estimates its equations, writes them side by side.
pub fn estimate_models(
    common: &Common,
    path: &Path,
    out: Option<PathBuf>,
) -> Result<String, Trouble> {
    let read = model::read(path, common.data.as_deref())?;
    let out = default_out(out, &read.name);
    folder::refuse_foreign(&out, Kind::Results)?;
    let needed = |model| bytes_needed(&read.panel, &read.weights, model);
    // As many as there are cores are estimated at once.
    let mut each: Vec<u64> = read.models.iter().map(needed).collect();
    each.sort_unstable_by(|a, b| b.cmp(a));
    let needed = each.iter().take(rayon::current_num_threads()).sum();
    let instead = match rayon::current_num_threads() {
        1 => "take weights with fewer neighbours, or fewer rows and regressors",
        _ => "estimate one model at a time (--threads 1), or take weights with fewer neighbours",
    };
    announce(common, &format!("estimates of {}", read.name), needed, instead)?;
    let found = all(&read)?;
    let mut results = Results::new("estimate", format!("Estimates {}", read.name));
    results.inputs.clone_from(&read.inputs);
    results
        .switch("name", &read.name)
        .switch("description", &read.description)
        .switch("rows_of_the_file", read.rows_read)
        .switch("rows", read.panel.rows());
    let models: Vec<String> = read.models.iter().map(|model| format!("{model:?}")).collect();
    results.switch("models", models);
    if !read.unit_roots.is_empty() {
        let asked: Vec<String> = read.unit_roots.iter().map(|own| format!("{own:?}")).collect();
        results.switch("unit_roots", asked);
    }
    results.note(read.notes.clone()).note(gaps(&read));
    let about = json!({ "unit": read.about.unit, "covers": read.about.covers, "prices": read.about.prices });
    if !read.autocorrelations.is_empty() {
        let asked = read.autocorrelations.iter().map(|own| format!("{own:?}"));
        results.switch("autocorrelations", asked.collect::<Vec<_>>());
    }
    let described = described(&read);
    files::estimates(&mut results, &read.panel, &found, &described, (&read.units, &about));
    results.headline = files::estimate_headline(&found.estimates);
    let shown = terminal::estimates(&read.panel, &found);
    // What was estimated from is large, and so is what is about to be written.
    drop((read, found));
    deliver(common, results, &out, &shown)
}

/// Every equation and every test of unit roots; what is wrong with any is told.
fn all(read: &ReadModels) -> Result<Findings, Trouble> {
    let found: Vec<_> =
        read.models.par_iter().map(|model| estimate(&read.panel, &read.weights, model)).collect();
    let mut faults = Faults::default();
    let mut estimates = Vec::new();
    for (at, own) in found.into_iter().enumerate() {
        match own {
            Ok(own) => estimates.push(own),
            Err(errors) => {
                read.locate(at, &errors).iter().for_each(|fault| faults.push(fault.clone()));
            }
        }
    }
    let found: Vec<_> =
        read.unit_roots.par_iter().map(|own| unit_roots(&read.panel, own)).collect();
    let mut tested = Vec::new();
    for (at, own) in found.into_iter().enumerate() {
        match own {
            Ok(own) => tested.push(own),
            Err(errors) => {
                let located = read.locate_unit_root(at, &errors);
                located.iter().for_each(|fault| faults.push(fault.clone()));
            }
        }
    }
    let mut autocorrelations = Vec::new();
    for (at, asked) in read.autocorrelations.iter().enumerate() {
        match autocorrelation(&read.panel, &read.weights, asked) {
            Ok(own) => autocorrelations.push(own),
            Err(errors) => {
                let located = read.locate_autocorrelation(at, &errors);
                located.iter().for_each(|fault| faults.push(fault.clone()));
            }
        }
    }
    Ok(faults.into_result(Findings { estimates, unit_roots: tested, autocorrelations })?)
}

/// Every variable of the equations and tests, described over the whole panel.
fn described(read: &ReadModels) -> Vec<(String, Description)> {
    let mut names: Vec<&String> = Vec::new();
    let of_models = read.models.iter().flat_map(|model| {
        let own = std::iter::once(&model.dependent).chain(&model.regressors);
        own.chain(&model.instruments)
    });
    for name in of_models
        .chain(read.unit_roots.iter().map(|own| &own.variable))
        .chain(read.autocorrelations.iter().map(|own| &own.variable))
    {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let kept = vec![true; read.panel.rows()];
    names
        .into_par_iter()
        .flat_map_iter(|name| evaluate::variables(&read.panel, name).unwrap_or_default())
        .map(|own| (own.name, describe(&read.panel, &own.values, &kept)))
        .collect()
}

/// Periods that units lack between their first and their last.
fn gaps(read: &ReadModels) -> Option<Note> {
    const SHOWN: usize = 5;
    let gaps = read.panel.gaps();
    let named: Vec<String> = gaps
        .iter()
        .take(SHOWN)
        .map(|gap| format!("{} {}", gap.unit, gap.periods.join(", ")))
        .collect();
    let more = if gaps.len() > SHOWN {
        format!(" and {} other gaps", gaps.len() - SHOWN)
    } else {
        String::new()
    };
    (!gaps.is_empty()).then(|| {
        let text = format!("periods are missing within units: {}{more}", named.join("; "));
        Note::new(NoteCode::Estimation, text)
    })
}
