//! `irio footprint`: accounts of production and consumption.

use super::commands::{default_out, deliver, imports_outside, leontief, productivity, read_table};
use super::memory::announce;
use super::quantities::Added;
use super::{Common, FootprintArguments, Trouble};
use crate::footprint::Footprint;
use crate::report::folder::{self, Kind};
use crate::report::results::Results;
use crate::report::{files, terminal};

pub(super) fn footprint_of(
    common: &Common,
    arguments: FootprintArguments,
) -> Result<String, Trouble> {
    let table = read_table(common, &arguments.table)?;
    let out = default_out(arguments.out.clone(), &format!("footprint-{}", table.meta().name));
    folder::refuse_foreign(&out, Kind::Results)?;
    let added = Added {
        characterise: arguments.characterise.as_deref(),
        population: arguments.population.as_deref(),
        own: &["value_added"],
        quantities: &arguments.quantities,
    };
    let (table, inputs) = added.to(table, &arguments.table)?;
    let wanted = added.wanted(&table, table.quantities());
    let detail = arguments.detail.detail();
    let needed = Footprint::bytes_needed(&table, wanted.len(), detail);
    let instead = "ask for less with --detail consumption or --quantities, or aggregate the table";
    announce(common, &format!("footprint of {}", table.meta().name), needed, instead)?;
    let leontief = leontief(&table)?;
    let footprint = Footprint::of(&table, &leontief, &wanted, detail);
    let mut results = Results::new("footprint", format!("Footprints of {}", table.meta().name));
    results.table(&table).note([imports_outside(&table)]).note(productivity(&table, &leontief));
    results.inputs.extend(inputs);
    results.switch("detail", detail);
    if !arguments.quantities.is_empty() {
        results.switch("quantities", &arguments.quantities);
    }
    files::footprint(&mut results, &table, &footprint);
    let shown = terminal::footprint(&table, &footprint, common.language());
    deliver(common, results, &out, &shown)
}
