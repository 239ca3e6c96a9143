//! `[[fuels]]` of a model file: a column of the panel made of fuels and a file of factors.
//!
//! ```toml
//! [[fuels]]
//! name = "co2"                       # tonnes of CO2
//! factors = "fuels-china.csv"        # fuel,unit,factor,ncv,carbon,oxidation,uncertainty,source
//! [fuels.columns]
//! coal_t = "raw coal"                # column of the panel = fuel of the file
//! ```

use super::super::document::{Document, Section};
use super::super::sheet::Sheet;
use crate::fault::{Fault, Faults, Note, NoteCode};
use crate::labels::{comparable, suggestion};
use crate::panel::fuels::{Factor, emissions, factor};
use crate::panel::{Panel, evaluate};
use crate::text::exact;

/// Reads factors by fuel.
///
/// # Errors
/// Missing columns, fuels that stand twice or have no factor, numbers that are none or out of range.
pub fn factors(sheet: &Sheet) -> Result<Vec<Factor>, Faults> {
    let mut faults = Faults::default();
    let help = "the header is: fuel,unit,factor,ncv,carbon,oxidation,uncertainty,source";
    let Some([fuel, unit, uncertainty]) =
        sheet.columns(["fuel", "unit", "uncertainty"], help, &mut faults)
    else {
        return Err(faults);
    };
    let given = ["factor", "ncv", "carbon", "oxidation"].map(|name| sheet.column(0, &[name]));
    let mut found: Vec<Factor> = Vec::new();
    for row in 1..sheet.rows() {
        let mut number = |column: usize, low: f64, high: f64| {
            let value = faults.keep(sheet.number(row, column))?;
            if value >= low && value <= high {
                return Some(value);
            }
            let fault =
                Fault::new(sheet.at(row, column), format!("{} is out of range", exact(value)));
            faults.push(fault.help(format!("a number from {low} to {high}")));
            None
        };
        let filled = |column: Option<usize>| column.filter(|at| !sheet.cell(row, *at).is_empty());
        let [own, ncv, carbon, oxidation] = given.map(filled);
        let co2 = match (own, ncv, carbon, oxidation) {
            (Some(own), ..) => number(own, 0.0, 1e3),
            (None, Some(ncv), Some(carbon), Some(oxidation)) => {
                let parts =
                    (number(ncv, 0.0, 1e6), number(carbon, 0.0, 1e3), number(oxidation, 0.0, 1.0));
                match parts {
                    (Some(ncv), Some(carbon), Some(oxidation)) => {
                        Some(factor(ncv, carbon, oxidation))
                    }
                    _ => None,
                }
            }
            _ => {
                let text = format!("{} has no factor", sheet.cell(row, fuel));
                let help = "give factor (t CO2 per unit), or ncv (kJ/kg), carbon (tC/TJ) and oxidation (a share)";
                faults.push(Fault::new(sheet.line(row), text).help(help));
                None
            }
        };
        let mut number = |column: usize| faults.keep(sheet.number(row, column));
        let spread = number(uncertainty);
        let name = sheet.cell(row, fuel).to_owned();
        if name.is_empty() {
            faults.push(Fault::new(sheet.at(row, fuel), "a line without a fuel"));
        } else if found.iter().any(|other| comparable(&other.fuel) == comparable(&name)) {
            faults.push(Fault::new(sheet.at(row, fuel), format!("{name} stands twice")));
        }
        if let Some(spread) = spread.filter(|own| !(0.0..=1.0).contains(own)) {
            let fault =
                Fault::new(sheet.at(row, uncertainty), format!("an uncertainty of {spread}"));
            faults.push(fault.help("half the width of a 95 % interval as a share, such as 0.05"));
        }
        let (Some(co2), Some(uncertainty)) = (co2, spread) else { continue };
        found.push(Factor { fuel: name, unit: sheet.cell(row, unit).to_owned(), co2, uncertainty });
    }
    faults.into_result(found)
}

/// Adds the column that a section makes; `known` are the factors of its file.
pub fn add(
    document: &Document<'_>,
    section: &Section<'_>,
    name: &str,
    known: &[Factor],
    panel: &mut Panel,
) -> Option<Note> {
    section.require("columns");
    let columns = section.section("columns")?;
    let (mut fuels, mut whole) = (Vec::new(), true);
    for (column, texts) in columns.entries() {
        let Some(text) = texts.first() else { continue };
        let fuel = known.iter().find(|own| comparable(&own.fuel) == comparable(&text.value));
        if fuel.is_none() {
            let names = known.iter().map(|own| own.fuel.as_str());
            let fault =
                Fault::new(text.at.clone(), format!("there is no factor of {:?}", text.value));
            document.push(match suggestion(&text.value, names.clone()) {
                Some(near) => fault.help(format!("did you mean {near:?}?")),
                None => fault.help(format!("fuels are {}", names.collect::<Vec<_>>().join(", "))),
            });
        }
        let quoted = format!("`{}`", column.value);
        let values = evaluate::variable(panel, &quoted)
            .map_err(|error| document.push(Fault::new(column.at.clone(), error.to_string())));
        match (fuel, values) {
            (Some(fuel), Ok(values)) => fuels.push((fuel, values.values)),
            _ => whole = false,
        }
    }
    if fuels.is_empty() && whole {
        let fault = Fault::new(section.at_key("columns"), "no column of a fuel");
        document.push(fault.help("[fuels.columns] with lines such as coal_t = \"raw coal\""));
    }
    if fuels.is_empty() || !whole {
        return None;
    }
    let burnt: Vec<(&Factor, &[f64])> =
        fuels.iter().map(|(fuel, values)| (*fuel, values.as_slice())).collect();
    let (co2, uncertainty) = emissions(&burnt);
    panel.set(name, crate::panel::Column::Numbers(co2.into()));
    let names: Vec<String> =
        burnt.iter().map(|(fuel, _)| format!("{} ({})", fuel.fuel, fuel.unit)).collect();
    let text = format!(
        "{name}: tonnes of CO2 from {}; its sum is uncertain by ±{:.1} % if factors err independently",
        names.join(", "),
        100.0 * uncertainty
    );
    Some(Note::new(NoteCode::Estimation, text))
}
