//! `irio transfer`: two tables, the effects of sourcing, and the other measures beside them.

use std::path::Path;

use serde_json::json;

use super::commands::{default_out, deliver, map_file, read_table};
use super::deflate::{base_year, deflated};
use super::memory::announce;
use super::watch::Watch;
use super::{Common, ErrorWord, InventoryWord, TransferArguments, Trouble};
use crate::decomposition::shares::{FactorPair, PairError, align};
use crate::decomposition::transfer::{
    PairDetail, QuantityEffects, SectorSet, TransferError, TransferOptions, between, bytes_needed,
};
use crate::fault::{Fault, Faults, Location, Note, NoteCode};
use crate::labels::places::refused_name;
use crate::labels::{Axis, Label, RegionGroup, SectorClasses};
use crate::report::folder::Kind;
use crate::report::results::Results;
use crate::report::{self, folder, terminal};
use crate::rivals::Rivals;
use crate::table::prices::ImpliedDeflators;
use crate::table::treatment::{self, ErrorColumn, Inventories};
use crate::table::{InputFile, Table};
use crate::text;

fn error_column(word: ErrorWord) -> ErrorColumn {
    match word {
        ErrorWord::Keep => ErrorColumn::Keep,
        ErrorWord::ToFinal => ErrorColumn::ToFinal,
        ErrorWord::ToInventory => ErrorColumn::ToInventory,
        ErrorWord::Drop => ErrorColumn::Drop,
    }
}

fn inventories(word: InventoryWord) -> Inventories {
    match word {
        InventoryWord::Exogenous => Inventories::Exogenous,
        InventoryWord::AsFinal => Inventories::AsFinal,
    }
}

fn treated(table: Table, arguments: &TransferArguments) -> Result<Table, Trouble> {
    let name = table.meta().name.clone();
    let treated = treatment::apply(
        table.into_parts(),
        error_column(arguments.error_column),
        inventories(arguments.inventories),
    )
    .map_err(|error| Trouble::Question(format!("{name}: {error}")))?;
    treated.check().map_err(|errors| Trouble::Question(format!("{name}: {errors}")))
}

/// Takes names that a line gives where none were given before.
fn take_names(known: &mut Label, given: &Label) {
    for (known, given) in [(&mut known.en, &given.en), (&mut known.zh, &given.zh)] {
        if known.is_empty() {
            known.clone_from(given);
        }
    }
}

/// Regions of each group of a file.
fn read_groups(
    path: &Path,
    axis: &Axis,
    inputs: &mut Vec<InputFile>,
) -> Result<Vec<RegionGroup>, Faults> {
    let map = map_file(path, inputs)?;
    let mut faults = Faults::default();
    let mut groups: Vec<RegionGroup> = Vec::new();
    for (at, entry) in map.entries().iter().enumerate() {
        let found = axis.position(&entry.from);
        let found =
            found.map_err(|error| Fault::new(map.at(at), error.to_string()).help(error.help()));
        let Some(region) = faults.keep(found) else { continue };
        let place = groups.iter().position(|group| group.label == entry.to).unwrap_or_else(|| {
            if let Some(why) = refused_name(&entry.to.code, &groups, axis) {
                let fault = Fault::new(map.at_target(at), why);
                faults.push(fault.help("results tell places apart by name: choose another"));
            }
            let label = entry.to.clone();
            groups.push(RegionGroup { label, inside: vec![false; axis.len()] });
            groups.len() - 1
        });
        groups[place].inside[region] = true;
        take_names(&mut groups[place].label, &entry.to);
    }
    faults.into_result(groups)
}

/// Class of each sector; a sector that the file leaves out is in the class `other`.
fn read_classes(
    path: &Path,
    axis: &Axis,
    inputs: &mut Vec<InputFile>,
) -> Result<SectorClasses, Faults> {
    let map = map_file(path, inputs)?;
    let mut faults = Faults::default();
    let mut labels: Vec<Label> = Vec::new();
    let mut of: Vec<Option<usize>> = vec![None; axis.len()];
    for (at, entry) in map.entries().iter().enumerate() {
        let place = labels.iter().position(|label| *label == entry.to).unwrap_or_else(|| {
            labels.push(entry.to.clone());
            labels.len() - 1
        });
        take_names(&mut labels[place], &entry.to);
        let found = axis.position(&entry.from);
        let found =
            found.map_err(|error| Fault::new(map.at(at), error.to_string()).help(error.help()));
        let Some(sector) = faults.keep(found) else { continue };
        if of[sector].is_some_and(|before| before != place) {
            let text = format!("sector {} is in two classes", axis.code(sector));
            faults.push(Fault::new(map.at_target(at), text).help("a sector has one class"));
        }
        of[sector] = Some(place);
    }
    if of.contains(&None) {
        labels.push(Label::new("other", "Other sectors", "其他部门"));
    }
    let last = labels.len().saturating_sub(1);
    faults.into_result(SectorClasses {
        labels,
        of: of.into_iter().map(|class| class.unwrap_or(last)).collect(),
    })
}

/// What `irio transfer` reads: both tables on one price base, groups, classes.
struct Question {
    base: Table,
    target: Table,
    /// Of the target, where prices were given.
    deflators: Option<ImpliedDeflators>,
    groups: Vec<RegionGroup>,
    classes: Option<SectorClasses>,
    /// Files beside those of the tables.
    inputs: Vec<InputFile>,
}

fn read_question(common: &Common, arguments: &TransferArguments) -> Result<Question, Trouble> {
    let mut faults = Faults::default();
    let (base, target) = rayon::join(
        || read_table(common, &arguments.base),
        || read_table(common, &arguments.target),
    );
    let mut keep = |read: Result<Table, Trouble>| match read {
        Ok(table) => Ok(Some(table)),
        Err(Trouble::Files(found)) => {
            faults.absorb::<()>(Err(found));
            Ok(None)
        }
        Err(trouble) => Err(trouble),
    };
    let (base, mut target) = (keep(base)?, keep(target)?);
    let mut inputs = Vec::new();
    let (mut groups, mut classes, mut deflators) = (Vec::new(), None, None);
    if let Some(base) = &base {
        let axes = base.industries();
        if let Some(path) = &arguments.groups {
            groups =
                faults.absorb(read_groups(path, &axes.regions, &mut inputs)).unwrap_or_default();
        }
        if let Some(path) = &arguments.classes {
            classes = faults.absorb(read_classes(path, &axes.sectors, &mut inputs));
        }
        if let (Some(path), Some(found)) = (&arguments.prices, &target) {
            let made = faults.absorb(deflated(
                (found, &arguments.target),
                path,
                base_year(base),
                &mut inputs,
            ));
            if let Some((table, implied)) = made {
                (target, deflators) = (Some(table), Some(implied));
            }
        }
    }
    faults.into_result(())?;
    let (Some(base), Some(target)) = (base, target) else {
        return Err(Trouble::Question("the tables could not be read".to_owned()));
    };
    let (base, target) = (treated(base, arguments)?, treated(target, arguments)?);
    Ok(Question { base, target, deflators, groups, classes, inputs })
}

/// Runs `irio transfer`.
pub(super) fn transfer(common: &Common, arguments: TransferArguments) -> Result<String, Trouble> {
    let question = read_question(common, &arguments)?;
    let (base, target, classes) = (&question.base, &question.target, question.classes.as_ref());
    let name = format!("transfer-{}-{}", base.meta().name, target.meta().name);
    let out = default_out(arguments.out.clone(), &name);
    folder::refuse_foreign(&out, Kind::Results)?;
    let sets = sector_sets(base, classes);
    let options = TransferOptions {
        average: arguments.average.average(),
        range: arguments.range,
        pairs: classes.map_or(PairDetail::Regions, |classes| PairDetail::Classes(&classes.of)),
        sourcing_orders: (!arguments.sourcing_only).then_some(&sets),
        sums: Some(&question.groups),
    };
    let on_axes = align(base, target).map_err(|error| pair_trouble(&error, &arguments))?;
    let needed = bytes_needed(base.industries().len());
    let what = format!("transfer from {} to {}", base.meta().name, target.meta().name);
    announce(common, &what, needed, "aggregate the two tables: irio aggregate")?;
    let watch = Watch::new(common.quiet);
    let (pair, result) = between(base, &on_axes, options, &watch).map_err(|error| match error {
        TransferError::Pair(error) => pair_trouble(&error, &arguments),
        error => Trouble::Question(error.to_string()),
    })?;
    drop(watch);
    let title = format!("Industrial transfer from {} to {}", base.meta().name, target.meta().name);
    let mut results = Results::new("transfer", title);
    // The other measures on one core, the lines of this one on the other.
    let (rivals, ()) = rayon::join(
        || (!arguments.sourcing_only).then(|| Rivals::of(base, &on_axes, &pair, &result, &sets)),
        || report::files::transfer(&mut results, &result, &question.groups, classes),
    );
    let rivals = rivals.transpose().map_err(|error| Trouble::Question(error.to_string()))?;
    record_switches(&mut results, &arguments);
    results
        .table(base)
        .table(target)
        .note(price_note(&question, &arguments))
        .note(transfer_notes(&pair, &result.quantities))
        .note(rivals.iter().filter_map(Rivals::note));
    results.inputs.extend(question.inputs.iter().cloned());
    for quantity in &result.quantities {
        let name = format!("{}: effects less observed change, per largest change", quantity.code);
        results.residuals.insert(name, json!(quantity.residual));
    }
    if let Some(rivals) = &rivals {
        report::files::rivals(&mut results, rivals, &result);
    }
    if let Some(deflators) = &question.deflators {
        report::files::deflators(&mut results, target, deflators);
    }
    let mut shown = terminal::transfer(
        base,
        target,
        &result,
        common.language(),
        arguments.include_export_origin,
    );
    shown += &terminal::groups(
        &result,
        &question.groups,
        classes,
        common.language(),
        arguments.include_export_origin,
    );
    if let Some(rivals) = &rivals {
        shown += &terminal::rivals(rivals, common.language());
    }
    deliver(common, results, &out, &shown)
}

fn record_switches(results: &mut Results, arguments: &TransferArguments) {
    results
        .switch("measure", "sda")
        .switch("average", arguments.average.average().word())
        .switch("range", arguments.range)
        .switch("include_export_origin", arguments.include_export_origin)
        .switch("share_level", "cell")
        .switch("pair_split", "proportional")
        .switch("groups", &arguments.groups)
        .switch("classes", &arguments.classes)
        .switch("prices", &arguments.prices)
        .switch("error_column", error_column(arguments.error_column))
        .switch("inventories", inventories(arguments.inventories));
}

/// Below this number of industries the measures are set side by side for each sector too.
const BY_SECTOR: usize = 200;

/// All sectors, then each class, or each sector where there are no classes and not many industries.
fn sector_sets(table: &Table, classes: Option<&SectorClasses>) -> Vec<SectorSet> {
    let axis = &table.industries().sectors;
    let mut sets =
        vec![SectorSet { name: "all_sectors".to_owned(), sectors: (0..axis.len()).collect() }];
    match classes {
        Some(classes) => sets.extend(classes.labels.iter().enumerate().map(|(class, label)| {
            let sectors = (0..axis.len()).filter(|at| classes.of[*at] == class).collect();
            SectorSet { name: label.code.clone(), sectors }
        })),
        None if table.industries().len() <= BY_SECTOR => sets.extend(
            (0..axis.len())
                .map(|at| SectorSet { name: axis.code(at).to_owned(), sectors: vec![at] }),
        ),
        None => {}
    }
    sets
}

/// What the change in money is a change of.
fn price_note(question: &Question, arguments: &TransferArguments) -> Option<Note> {
    let (base, target) = (question.base.meta(), question.target.meta());
    if let Some(path) = &arguments.prices {
        let text = format!(
            "changes in money are volumes in prices of {}: {} was deflated by {}",
            base.prices.year(base.year),
            target.name,
            path.display()
        );
        return Some(Note::new(NoteCode::ConstantPrices, text));
    }
    let text = "both tables are in current prices: every change in money is nominal, and regional price changes of one \
                product show up as sourcing";
    (!base.same_prices(target)).then(|| Note::new(NoteCode::NominalChange, text))
}

fn pair_trouble(error: &PairError, arguments: &TransferArguments) -> Trouble {
    let at = Location::whole(&arguments.target);
    let fault = Fault::new(at, error.to_string());
    Trouble::from(match error {
        PairError::Prices { .. } => fault.help(
            "`irio deflate` brings a table in current prices to those of another year; --prices does so here with the \
             target",
        ),
        _ => fault,
    })
}

fn transfer_notes(pair: &FactorPair, quantities: &[QuantityEffects]) -> Vec<Note> {
    let left_out = pair.left_out.iter().map(|one| Note::new(NoteCode::LeftOut, one.to_string()));
    let mut notes: Vec<Note> = left_out.collect();
    let gross = "transfer-in and transfer-out are gross and grow with the detail of the table; only their net compares \
                 between tables";
    notes.push(Note::new(NoteCode::GrossTransfer, gross));
    let detail = "sourcing is measured by product: a finer list of sectors moves some technology into sourcing, and \
                  results are not additive under aggregation";
    notes.push(Note::new(NoteCode::DependsOnDetail, detail));
    if !pair.excluded.is_empty() {
        let text = format!(
            "{} use cells have negative entries and no origin shares; they move with technology or demand",
            pair.excluded.len()
        );
        notes.push(Note::new(NoteCode::ExcludedCells, text));
    }
    if let Some(value_added) = quantities.iter().find(|quantity| quantity.code == "value_added") {
        use crate::decomposition::Factor::{DomesticInputs, Intensity, Technology};
        let sum: f64 = [DomesticInputs, Technology, Intensity]
            .iter()
            .filter_map(|factor| value_added.effect(*factor))
            .flat_map(|effect| &effect.total)
            .sum();
        let text = format!(
            "input coefficients and value-added coefficients cannot move alone: of the change of value added read \
             technology (or domestic_inputs) and intensity as one effect, {} {} over all regions",
            text::signed(sum),
            value_added.unit
        );
        notes.push(Note::new(NoteCode::DependentFactors, text));
    }
    notes
}
