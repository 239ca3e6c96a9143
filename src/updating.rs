//! A table brought to newer totals: output, value added, final demand, trade, emissions, whatever is
//! known of them.
//!
//! ```text
//! prior   Z = A⁰ x̂   M, V = coefficients × x   Y = Y⁰ × growth of the region   exports = share of output
//! result  the matrix nearest to the prior in which  Σ row = Σ column  for every industry  and every
//!         control holds
//! ```
//!
//! "Nearest" is that of [`kras`](crate::balance::kras): signs and zeros stay, hard controls are met, soft
//! ones (with a `sigma`) give way where controls contradict each other. What no control is about follows
//! from the prior, and the accounts. Every rule that was used is a note of the result.
//!
//! Inventories and the error column have cells of either sign that change it. They start from their share
//! of output; controls on them are met by a shift in proportion to output, and where there is none they
//! take up, by their size, what other controls leave no room for.
//! Source: Lenzen, Gallego & Wood (2009), *Economic Systems Research* 21(1).

mod growth;
mod joint;
mod rules;

use crate::balance::kras::{KrasError, Options, Reached};
use crate::balance::{Moved, Step, most_moved};
use crate::fault::Note;
use crate::labels::Industries;
use crate::table::{Extension, RawTable, Role, Table};

use growth::Growth;
use joint::Joint;

/// What a control is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// Gross output of industries.
    Output,
    /// Value added of industries, all its rows together.
    ValueAdded,
    /// What industries sell to industries of the table.
    IntermediateSales,
    /// What industries buy from industries of the table.
    IntermediateInputs,
    /// What industries buy from abroad.
    Imports,
    /// What a region consumes and invests of the table's products.
    FinalDemand,
    /// What industries sell abroad.
    Exports,
    /// Change of inventories of industries' products.
    Inventories,
    /// Error column of industries.
    Error,
    /// An extension of industries, by position.
    Stressor(usize),
    /// Direct emissions of households of an extension.
    Households(usize),
}

impl Subject {
    /// The word that files use; extensions have their own code.
    pub fn word(self) -> Option<&'static str> {
        Some(match self {
            Subject::Output => "output",
            Subject::ValueAdded => "value_added",
            Subject::IntermediateSales => "intermediate_sales",
            Subject::IntermediateInputs => "intermediate_inputs",
            Subject::Imports => "imports",
            Subject::FinalDemand => "final_demand",
            Subject::Exports => "exports",
            Subject::Inventories => "inventories",
            Subject::Error => "error",
            Subject::Stressor(_) | Subject::Households(_) => return None,
        })
    }

    /// Every subject that has a word.
    pub const MONEY: [Subject; 9] = [
        Subject::Output,
        Subject::ValueAdded,
        Subject::IntermediateSales,
        Subject::IntermediateInputs,
        Subject::Imports,
        Subject::FinalDemand,
        Subject::Exports,
        Subject::Inventories,
        Subject::Error,
    ];

    /// The role of the columns it sums, if it is one of final demand by producer.
    fn role(self) -> Option<Role> {
        match self {
            Subject::Exports => Some(Role::Export),
            Subject::Inventories => Some(Role::Inventory),
            Subject::Error => Some(Role::Error),
            _ => None,
        }
    }
}

/// One thing that is known of the newer year; what is not named is summed over.
#[derive(Debug, Clone, PartialEq)]
pub struct Control {
    /// What it is about.
    pub subject: Subject,
    /// The region: of the user for final demand, of the industry for all else.
    pub region: Option<usize>,
    /// The sector: the product for final demand, the industry's for all else.
    pub sector: Option<usize>,
    /// The category of final demand.
    pub category: Option<usize>,
    /// Its value, in the table's unit (an extension in its own).
    pub value: f64,
    /// Standard deviation of the value; 0 for one that must be met.
    pub sigma: f64,
}

impl Control {
    /// Whether it is about an industry.
    fn covers(&self, industries: &Industries, industry: usize) -> bool {
        let (region, sector) = industries.split(industry);
        self.region.is_none_or(|r| r == region) && self.sector.is_none_or(|s| s == sector)
    }
}

/// A cell of the joint matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A flow between two industries.
    Flow(usize, usize),
    /// Final demand for an industry's product: industry, column.
    FinalDemand(usize, usize),
    /// Imported inputs: row of the imports, industry.
    Imports(usize, usize),
    /// Value added: its row, industry.
    ValueAdded(usize, usize),
}

/// A cell that balancing moved, against the prior.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MovedCell {
    /// Where it is.
    pub place: Place,
    /// Before and after.
    pub cell: Moved,
}

/// A table brought to newer totals.
#[derive(Debug, Clone)]
pub struct Updated {
    /// Its parts; the rules used are among the notes.
    pub table: RawTable,
    /// Rounds of balancing.
    pub rounds: usize,
    /// Largest gap left between controls or accounts and the matrix, as a share of each.
    pub gap: f64,
    /// How that gap fell.
    pub trace: Vec<Step>,
    /// What became of each control, in the order given.
    pub controls: Vec<Reached>,
    /// The cells that moved most, by amount.
    pub by_amount: Vec<MovedCell>,
    /// The cells that moved most, by ratio.
    pub by_ratio: Vec<MovedCell>,
}

/// Something that takes part in a contradiction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party {
    /// A control, by position.
    Control(usize),
    /// The accounts of an industry: its row sums to its column.
    Accounts(usize),
}

/// Why a table cannot be brought to controls.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum UpdateError {
    /// The cells of a control are all zero in the table, or all of the other sign.
    #[error("the cells of a control are all 0, or all of the other sign")]
    Unreachable(Vec<Party>),
    /// Controls contradict each other or the accounts, and none may give way.
    #[error("controls contradict each other or the accounts, and none may give way")]
    Conflict(Vec<Party>),
    /// Balancing did not end.
    #[error("balancing did not end: after {rounds} rounds a gap of {gap:e} of its size is left")]
    NotConverged {
        /// Rounds there were.
        rounds: usize,
        /// Largest gap left.
        gap: f64,
        /// Whose it is.
        party: Party,
    },
    /// A number is not finite, or a `sigma` negative.
    #[error("a number of a control is not finite, or its sigma negative")]
    Number(Party),
}

impl UpdateError {
    /// An error of balancing, with its controls under their own names.
    fn of(error: KrasError, party: &dyn Fn(usize) -> Vec<Party>) -> UpdateError {
        let first = |control: usize| party(control).first().copied().unwrap_or(Party::Control(0));
        let parties = |controls: Vec<usize>| -> Vec<Party> {
            let mut named: Vec<Party> = Vec::new();
            for found in controls.into_iter().flat_map(party) {
                if !named.contains(&found) {
                    named.push(found);
                }
            }
            named
        };
        match error {
            KrasError::Unreachable(controls) => UpdateError::Unreachable(parties(controls)),
            KrasError::Conflict(controls) => UpdateError::Conflict(parties(controls)),
            KrasError::NotConverged { rounds, gap, control } => {
                UpdateError::NotConverged { rounds, gap, party: first(control) }
            }
            KrasError::Number { control, .. } | KrasError::Outside { control, .. } => {
                UpdateError::Number(first(control))
            }
            KrasError::CellNotFinite { column, .. } => UpdateError::Number(Party::Accounts(column)),
        }
    }
}

/// How many of the most-moved cells are kept.
const MOVED: usize = 5;

/// Brings a table to what is known of a newer year.
///
/// The result is in the table's unit and prices, has the same labels and [`RawTable::check`] finds its
/// accounts closed as far as those of the table were: what they left open grows with output.
///
/// # Errors
/// Controls that the table's cells cannot meet, or that contradict each other or the accounts where
/// none may give way.
///
/// # Examples
/// ```
/// use std::path::Path;
/// use irio::input::table::read;
/// use irio::updating::{Control, Subject, update};
///
/// let table = read(Path::new("tables/china-2002"), None).unwrap();
/// let x = table.output().iter().sum::<f64>();
/// // All that is known is that the economy doubled.
/// let control = Control {
///     subject: Subject::Output, region: None, sector: None, category: None, value: 2.0 * x, sigma: 0.0,
/// };
/// let newer = update(&table, &[control], 2007).unwrap().table.check().unwrap();
/// assert!((newer.output()[0] / table.output()[0] - 2.0).abs() < 1e-6);
/// ```
pub fn update(table: &Table, controls: &[Control], year: i32) -> Result<Updated, UpdateError> {
    let growth = Growth::of(table, controls)?;
    let joint = Joint::prior(table, controls, &growth);
    let balanced = joint.balance(controls)?;
    let mut parts = joint.parts(&balanced.matrix);
    let (extensions, of_extensions) = extensions(table, &parts, controls)?;
    parts.extensions = extensions;
    parts.meta.year = year;
    parts.meta.estimated_trade = true;
    let apart = if parts.meta.source.is_empty() { "" } else { "; " };
    parts.meta.source.push_str(apart);
    parts.meta.source.push_str(&rules::origin(table, controls, year));
    let reached = (0..controls.len())
        .map(|at| of_extensions[at].unwrap_or_else(|| joint.reached(&controls[at], &parts)))
        .collect();
    let name = table.meta().name.clone();
    let note =
        |text: String| Note::new(crate::fault::NoteCode::SourceRule, format!("{name}: {text}"));
    parts
        .meta
        .notes
        .extend(rules::used(table, controls, year, &growth, &joint).into_iter().map(note));
    let moved = most_moved(&joint.shown(&joint.prior), &joint.shown(&balanced.matrix), MOVED);
    let placed = |cells: Vec<Moved>| {
        cells.into_iter().map(|cell| MovedCell { place: joint.place(&cell), cell }).collect()
    };
    Ok(Updated {
        rounds: balanced.rounds,
        gap: balanced.gap,
        trace: balanced.trace,
        controls: reached,
        by_amount: placed(moved.by_amount),
        by_ratio: placed(moved.by_ratio),
        table: parts,
    })
}

/// Extensions by the table's intensities, then brought to their own controls; what became of those.
fn extensions(
    table: &Table,
    parts: &RawTable,
    controls: &[Control],
) -> Result<(Vec<Extension>, Vec<Option<Reached>>), UpdateError> {
    let mut reached = vec![None; controls.len()];
    let consumption = growth::of_consumption(table, parts);
    let mut extensions = table.extensions().to_vec();
    for (at, extension) in extensions.iter_mut().enumerate() {
        for (i, value) in extension.values.iter_mut().enumerate() {
            *value *= growth::ratio(parts.output[i], table.output()[i]);
        }
        let households = extension.households.iter_mut().zip(&consumption);
        households.for_each(|(value, growth)| *value *= growth);
        // Neither is known of another year.
        (extension.inventory, extension.by_demand) = (None, None);
        let options = Options::default();
        for subject in [Subject::Stressor(at), Subject::Households(at)] {
            let (values, sectors) = match subject {
                Subject::Stressor(_) => (&mut extension.values, table.industries().sectors.len()),
                _ => (&mut extension.households, 1),
            };
            let found = growth::meet(values, sectors, controls, subject, &options)?;
            found.into_iter().for_each(|(control, became)| reached[control] = Some(became));
        }
    }
    Ok((extensions, reached))
}
