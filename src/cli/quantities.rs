//! Which quantities a command tells of, and those that files add to a table's own.

use std::path::Path;

use super::Trouble;
use crate::fault::{Fault, Faults, Location};
use crate::input;
use crate::input::workbook::read_sheet;
use crate::labels::suggestion;
use crate::table::characterisation::characterise;
use crate::table::{InputFile, Quantity, Table};

/// What the command line adds to a table, and what it asks for.
pub struct Added<'a> {
    /// Impacts that stressors are weighed into.
    pub characterise: Option<&'a Path>,
    /// Inhabitants of the regions.
    pub population: Option<&'a Path>,
    /// Quantities without a stressor that the command can tell of.
    pub own: &'a [&'a str],
    /// Codes of the quantities that are wanted; none means all.
    pub quantities: &'a [String],
}

impl Added<'_> {
    /// The table, read from `path`, with impacts and population added, and the files they came from.
    pub fn to(&self, table: Table, path: &Path) -> Result<(Table, Vec<InputFile>), Trouble> {
        let mut faults = Faults::default();
        let mut inputs = Vec::new();
        let mut impacts = Vec::new();
        if let Some(path) = self.characterise
            && let Some((sheet, record)) = faults.keep(read_sheet(path))
        {
            inputs.push(record);
            impacts =
                faults.absorb(input::characterisation::read(&sheet, &table)).unwrap_or_default();
        }
        let mut population = None;
        if let Some(path) = self.population
            && let Some((sheet, record)) = faults.keep(read_sheet(path))
        {
            inputs.push(record);
            let regions = &table.industries().regions;
            population = faults.absorb(input::population::read(&sheet, regions));
        }
        for wanted in self.quantities {
            let own = table.parts().extensions.iter().map(|extension| &extension.label.code);
            let known =
                own.chain(impacts.iter().map(|impact| &impact.label.code)).map(String::as_str);
            if !self.own.contains(&wanted.as_str()) && !known.clone().any(|code| code == wanted) {
                let text = format!("the table has no quantity {wanted:?}");
                let fault = Fault::new(Location::whole("--quantities"), text);
                let near = suggestion(wanted, known.clone().chain(self.own.iter().copied()));
                faults.push(match near {
                    Some(near) => fault.help(format!("did you mean {near:?}?")),
                    None => fault.help(format!(
                        "it has {}{}",
                        self.own.join(", "),
                        known.map(|code| format!(", {code}")).collect::<String>()
                    )),
                });
            }
        }
        faults.into_result(())?;
        if impacts.is_empty() && population.is_none() {
            return Ok((table, inputs));
        }
        let mut parts = table.into_parts();
        let found: Vec<_> =
            impacts.iter().map(|impact| characterise(&parts.extensions, impact)).collect();
        parts.extensions.extend(found);
        parts.population = population.or(parts.population);
        let checked = parts.check().map_err(|errors| {
            let mut faults = Faults::default();
            for error in errors.0 {
                faults.push(Fault::new(Location::whole(path), error.to_string()));
            }
            faults
        })?;
        Ok((checked, inputs))
    }

    /// Those of `known` that are asked for.
    pub fn wanted(&self, table: &Table, known: Vec<Quantity>) -> Vec<Quantity> {
        let mut known = known;
        known.retain(|quantity| {
            self.quantities.is_empty()
                || self.quantities.iter().any(|code| code == table.quantity_code(*quantity))
        });
        known
    }
}
