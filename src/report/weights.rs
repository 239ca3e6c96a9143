//! Spatial weights as GAL and GWT, the text formats of GeoDa, which `input::weights::gal` reads.

use std::fmt::Write;

use crate::weights::Weights;

/// Why weights have no place in a format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// Labels are words there.
    #[error("the label {0:?} is empty or has a blank, which GAL and GWT cannot hold")]
    Blank(String),
    /// A GWT does not name islands.
    #[error("{0} has no neighbour, and a GWT cannot name it: write a GAL")]
    Island(String),
    /// A GAL has no weights.
    #[error(
        "the weight of {of} with {neighbour} is {value}; a GAL holds neighbours of weight 1 only: write a GWT"
    )]
    Weight {
        /// The unit of the row.
        of: String,
        /// The unit of the column.
        neighbour: String,
        /// The weight.
        value: String,
    },
}

/// Neighbours as a GAL.
///
/// # Errors
/// Labels with blanks, weights other than 1.
pub fn gal(weights: &Weights) -> Result<String, FormatError> {
    let units = words(weights)?;
    let mut out = format!("0 {} unknown unknown\n", units.len());
    for (unit, label) in units.iter().enumerate() {
        let mut names = Vec::new();
        for (place, value) in weights.row(unit) {
            if value != 1.0 {
                let (of, neighbour) = (label.clone(), units[place].clone());
                return Err(FormatError::Weight { of, neighbour, value: value.to_string() });
            }
            names.push(units[place].as_str());
        }
        let _ = writeln!(out, "{label} {}\n{}", names.len(), names.join(" "));
    }
    Ok(out)
}

/// Weights as a GWT, with as many digits as it takes to read the same bits back.
///
/// # Errors
/// Labels with blanks, islands.
pub fn gwt(weights: &Weights) -> Result<String, FormatError> {
    let units = words(weights)?;
    if let Some(island) = weights.islands().first() {
        return Err(FormatError::Island((*island).to_owned()));
    }
    let mut out = format!("0 {} unknown unknown\n", units.len());
    for (unit, label) in units.iter().enumerate() {
        for (place, value) in weights.row(unit) {
            let _ = writeln!(out, "{label} {} {value}", units[place]);
        }
    }
    Ok(out)
}

fn words(weights: &Weights) -> Result<&[String], FormatError> {
    let no_word = |label: &&String| label.is_empty() || label.contains(char::is_whitespace);
    match weights.units().iter().find(no_word) {
        Some(label) => Err(FormatError::Blank(label.clone())),
        None => Ok(weights.units()),
    }
}
