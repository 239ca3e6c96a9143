//! Inter-regional input-output tables: raw parts are checked once and become a [`Table`].
//!
//! ```text
//! rows     x  = Z·1 + Y·1 + row discrepancy
//! columns  x' = 1'Z + 1'M + 1'V + column discrepancy
//! ```
//!
//! `Z` are intermediate flows (seller in the row, buyer in the column), `Y` final demand with
//! exports, inventories and the error column, `M` imports, `V` value added and `x` output.
//! What a source leaves open becomes the discrepancy: it is never spread, always reported.

pub mod accounts;
pub mod aggregate;
pub mod attribution;
pub mod beside;
pub mod characterisation;
mod check;
pub mod concordance;
pub mod inventory;
pub mod prices;
pub mod regional;
pub mod treatment;

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::fault::{Note, NoteCode};
use crate::labels::{Industries, Label, listed};
use crate::linalg::{Dense, Matrix, Sums};
use crate::units::{PriceBase, Unit};

use check::add;
pub use check::{TableError, TableErrors};

/// How many industries a note names.
const SHOWN: usize = 5;

/// What a column of final demand is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Of households and government.
    Consumption,
    /// Fixed capital formation.
    Investment,
    /// Change of inventories; may be negative.
    Inventory,
    /// Sales to the rest of the world.
    Export,
    /// Statistical error, "others".
    Error,
}

impl Role {
    /// Every role, in the order of the documentation.
    pub const ALL: [Role; 5] =
        [Role::Consumption, Role::Investment, Role::Inventory, Role::Export, Role::Error];

    /// The word files use for it.
    pub fn word(self) -> &'static str {
        match self {
            Role::Consumption => "consumption",
            Role::Investment => "investment",
            Role::Inventory => "inventory",
            Role::Export => "export",
            Role::Error => "error",
        }
    }

    /// Whether it is domestic final demand with sourcing shares of its own (METHODS: C).
    pub fn is_domestic(self) -> bool {
        matches!(self, Role::Consumption | Role::Investment)
    }
}

/// Word that files use for a column of final demand without a region.
pub const NATIONAL: &str = "national";

/// A category of final demand, such as "urban households".
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Category {
    /// Code and names.
    pub label: Label,
    /// What its columns are.
    pub role: Role,
}

/// One column of final demand: a category of a region, or of the nation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DemandColumn {
    /// The region whose demand it is; none for a national column.
    pub region: Option<usize>,
    /// Position of its category.
    pub category: usize,
}

/// Final demand for the products of each industry.
#[derive(Debug, Clone)]
pub struct FinalDemand {
    /// The categories.
    pub categories: Vec<Category>,
    /// The columns.
    pub columns: Vec<DemandColumn>,
    /// Industries × columns, in the table's unit.
    pub values: Matrix,
}

impl FinalDemand {
    /// Role of a column.
    pub fn role(&self, column: usize) -> Role {
        self.categories[self.columns[column].category].role
    }

    /// Columns of a kind, in order.
    pub fn columns_where(&self, kind: impl Fn(Role) -> bool) -> Vec<usize> {
        (0..self.columns.len()).filter(|&column| kind(self.role(column))).collect()
    }

    /// Sum of some columns, one entry per industry.
    pub fn sum_of(&self, columns: &[usize]) -> Vec<f64> {
        let mut chosen = vec![0.0; self.columns.len()];
        columns.iter().for_each(|&column| chosen[column] = 1.0);
        self.values.times(&chosen)
    }

    /// Sum of the columns of a role, one entry per industry.
    pub fn sum_of_role(&self, role: Role) -> Vec<f64> {
        self.sum_of(&self.columns_where(|other| other == role))
    }
}

/// Imports from outside the table's regions.
#[derive(Debug, Clone)]
pub enum Imports {
    /// Known by product.
    ByProduct {
        /// Sectors × industries.
        intermediate: Dense,
        /// Sectors × columns of final demand.
        final_demand: Dense,
    },
    /// One total for each user.
    OneRow {
        /// One entry per industry.
        intermediate: Vec<f64>,
        /// One entry per column of final demand.
        final_demand: Vec<f64>,
    },
    /// The table has none: it covers the world, or nothing is known.
    None,
}

impl Imports {
    /// Imported inputs of each of `n` industries, all products together.
    pub fn intermediate_totals(&self, n: usize) -> Vec<f64> {
        match self {
            Imports::ByProduct { intermediate, .. } => intermediate.column_sums(),
            Imports::OneRow { intermediate, .. } => intermediate.clone(),
            Imports::None => vec![0.0; n],
        }
    }

    /// The word files use for the kind.
    pub fn word(&self) -> &'static str {
        match self {
            Imports::ByProduct { .. } => "by_product",
            Imports::OneRow { .. } => "one_row",
            Imports::None => "none",
        }
    }
}

/// Primary inputs of each industry.
#[derive(Debug, Clone)]
pub struct ValueAdded {
    /// Names of the rows, such as "compensation of employees".
    pub rows: Vec<Label>,
    /// Rows × industries, in the table's unit.
    pub values: Dense,
}

/// A physical account beside the table: emissions, employment, energy ...
#[derive(Debug, Clone)]
pub struct Extension {
    /// Code and names of the stressor.
    pub label: Label,
    /// Its unit.
    pub unit: Unit,
    /// One entry per industry.
    pub values: Vec<f64>,
    /// Direct emissions of households, one entry per region; outside production.
    pub households: Vec<f64>,
    /// Total of each region as the inventory has it before it is brought to the table's sectors,
    /// where that is known.
    pub inventory: Option<Vec<f64>>,
    /// Direct emissions by column of final demand, one entry per column, where a source has them so;
    /// `households` are their sums by region.
    pub by_demand: Option<Vec<f64>>,
    /// Which account of its source it is a line of, where the source has accounts.
    pub origin: Option<Origin>,
}

/// A stressor's place in a source that groups stressors into accounts, such as `satellite`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Origin {
    /// Short name of the account: that of its folder.
    pub account: String,
    /// What its source calls it, which may be the same.
    pub name: String,
    /// Names and texts of the columns that its lines are labelled by, such as stressor and compartment.
    pub levels: Vec<(String, String)>,
}

/// Intermediate flows: seller in the row, buyer in the column, in the table's unit.
#[derive(Debug, Clone)]
pub struct Flows(pub Matrix);

/// A file that went into a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InputFile {
    /// Path as it was given.
    pub path: PathBuf,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// What a program that kept a table before noted of it, in its own words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lineage {
    /// System of accounts, such as `pxp` for product by product.
    pub system: Option<String>,
    /// Version of the database.
    pub version: Option<String>,
    /// What was done with it, the last first.
    pub history: Vec<String>,
}

impl Lineage {
    /// Whether nothing was noted.
    pub fn is_empty(&self) -> bool {
        *self == Lineage::default()
    }
}

/// What a table is about.
#[derive(Debug, Clone)]
pub struct Meta {
    /// Short name for results.
    pub name: String,
    /// Year of the table.
    pub year: i32,
    /// Unit of money.
    pub unit: Unit,
    /// Price base.
    pub prices: PriceBase,
    /// Where it comes from.
    pub source: String,
    /// What the program that it comes from noted of it.
    pub lineage: Lineage,
    /// Gap of a row or column, as a share of output, above which it is worth a warning.
    pub tolerance: f64,
    /// Whether its inter-regional trade was estimated by a model.
    pub estimated_trade: bool,
    /// The files it was read from.
    pub inputs: Vec<InputFile>,
    /// Rules the reader applied to the source.
    pub notes: Vec<Note>,
}

impl Meta {
    /// The least a table needs: a name, a year and a unit; current prices, tolerance 10⁻⁴.
    pub fn new(name: impl Into<String>, year: i32, unit: Unit) -> Self {
        Meta {
            name: name.into(),
            year,
            unit,
            prices: PriceBase::Current,
            source: String::new(),
            lineage: Lineage::default(),
            tolerance: 1e-4,
            estimated_trade: false,
            inputs: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Gives a table that was made of another its own name; what was noted of the other says so.
    pub fn rename(&mut self, name: impl Into<String>) {
        let name = name.into();
        let old = std::mem::replace(&mut self.name, name.clone());
        if old == name {
            return;
        }
        for note in &mut self.notes {
            let text = note.message.strip_prefix(&format!("{old}: ")).unwrap_or(&note.message);
            note.message = if text.starts_with("from ") {
                format!("{name}: {text}")
            } else {
                format!("{name}: from {old}: {text}")
            };
        }
    }

    /// Whether two tables are in prices of one year, so that a change between them is a volume.
    pub fn same_prices(&self, other: &Meta) -> bool {
        self.prices.year(self.year) == other.prices.year(other.year)
    }
}

/// Parts of a table as a source gives them: nothing has been checked.
#[derive(Debug, Clone)]
pub struct RawTable {
    /// What it is about.
    pub meta: Meta,
    /// Regions and sectors.
    pub industries: Industries,
    /// Intermediate flows, industries × industries.
    pub flows: Matrix,
    /// Final demand.
    pub final_demand: FinalDemand,
    /// Imports.
    pub imports: Imports,
    /// Value added.
    pub value_added: ValueAdded,
    /// Gross output, one entry per industry.
    pub output: Vec<f64>,
    /// Physical accounts.
    pub extensions: Vec<Extension>,
    /// Population of each region, where it is known.
    pub population: Option<Vec<f64>>,
}

/// What the rows and columns of the source leave open, in the table's unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Discrepancy {
    /// Output less the row's flows and final demand, one entry per industry.
    pub rows: Vec<f64>,
    /// Output less the column's flows, imports and value added, one entry per industry.
    pub columns: Vec<f64>,
}

/// What a method measures: output, value added, or an extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Quantity {
    /// Gross output.
    Output,
    /// Value added.
    ValueAdded,
    /// The extension at a position.
    Stressor(usize),
}

/// An inter-regional table whose accounts close.
///
/// - every cell is finite, every label known once;
/// - rows: flows + final demand + row discrepancy = output;
/// - columns: flows + imports + value added + column discrepancy = output;
/// - an industry without output has no inputs.
///
/// Only [`RawTable::check`] makes one, so a method that takes `&Table` has nothing to check.
#[derive(Debug, Clone)]
pub struct Table {
    parts: RawTable,
    flow_sums: Arc<Sums>,
    discrepancy: Discrepancy,
}

impl Table {
    /// What it is about.
    pub fn meta(&self) -> &Meta {
        &self.parts.meta
    }

    /// Regions and sectors.
    pub fn industries(&self) -> &Industries {
        &self.parts.industries
    }

    /// Intermediate flows.
    pub fn flows(&self) -> &Matrix {
        &self.parts.flows
    }

    /// Sums of the rows and columns of the intermediate flows.
    pub fn flow_sums(&self) -> &Arc<Sums> {
        &self.flow_sums
    }

    /// Final demand.
    pub fn final_demand(&self) -> &FinalDemand {
        &self.parts.final_demand
    }

    /// Imports.
    pub fn imports(&self) -> &Imports {
        &self.parts.imports
    }

    /// Rows of value added.
    pub fn value_added_rows(&self) -> &ValueAdded {
        &self.parts.value_added
    }

    /// Gross output, one entry per industry.
    pub fn output(&self) -> &[f64] {
        &self.parts.output
    }

    /// Value added, one entry per industry: the sum of its rows.
    pub fn value_added(&self) -> Vec<f64> {
        self.parts.value_added.values.column_sums()
    }

    /// Physical accounts.
    pub fn extensions(&self) -> &[Extension] {
        &self.parts.extensions
    }

    /// Population of each region, where it is known.
    pub fn population(&self) -> Option<&[f64]> {
        self.parts.population.as_deref()
    }

    /// What the source leaves open.
    pub fn discrepancy(&self) -> &Discrepancy {
        &self.discrepancy
    }

    /// All final demand with the row discrepancy: `f = x − Z·1`, one entry per industry.
    pub fn total_final_demand(&self) -> Vec<f64> {
        add(&self.parts.final_demand.values.row_sums(), &self.discrepancy.rows)
    }

    /// The parts, to make another table of.
    pub fn into_parts(self) -> RawTable {
        self.parts
    }

    /// The parts.
    pub fn parts(&self) -> &RawTable {
        &self.parts
    }

    /// Output, value added and every extension.
    pub fn quantities(&self) -> Vec<Quantity> {
        let stressors = (0..self.parts.extensions.len()).map(Quantity::Stressor);
        [Quantity::Output, Quantity::ValueAdded].into_iter().chain(stressors).collect()
    }

    /// The word results use for a quantity.
    pub fn quantity_code(&self, quantity: Quantity) -> &str {
        match quantity {
            Quantity::Output => "output",
            Quantity::ValueAdded => "value_added",
            Quantity::Stressor(at) => &self.parts.extensions[at].label.code,
        }
    }

    /// The unit of a quantity.
    pub fn quantity_unit(&self, quantity: Quantity) -> &Unit {
        match quantity {
            Quantity::Output | Quantity::ValueAdded => &self.parts.meta.unit,
            Quantity::Stressor(at) => &self.parts.extensions[at].unit,
        }
    }

    /// A quantity by industry.
    pub fn totals(&self, quantity: Quantity) -> Vec<f64> {
        match quantity {
            Quantity::Output => self.parts.output.clone(),
            Quantity::ValueAdded => self.value_added(),
            Quantity::Stressor(at) => self.parts.extensions[at].values.clone(),
        }
    }

    /// A quantity per unit of output, one entry per industry; 0 where there is no output.
    pub fn intensities(&self, quantity: Quantity) -> Vec<f64> {
        self.totals(quantity)
            .iter()
            .zip(&self.parts.output)
            .map(|(v, x)| if *x == 0.0 { 0.0 } else { v / x })
            .collect()
    }

    /// What a reader of any result on this table should know.
    pub fn notes(&self) -> Vec<Note> {
        let meta = &self.parts.meta;
        let name = &meta.name;
        let own = meta.notes.iter().cloned();
        let mut notes: Vec<Note> = own.map(|note| note.of_table(name, meta.year)).collect();
        let mut note = |code, text: String| notes.push(Note::new(code, format!("{name}: {text}")));
        for gap in accounts::large_gaps(self) {
            note(NoteCode::Discrepancy, gap);
        }
        let negative = self.flows().count(|value| value < 0.0);
        if negative > 0 {
            note(
                NoteCode::NegativeCell,
                format!("{negative} intermediate flows are negative and kept as they are"),
            );
        }
        let x = self.output();
        let below: Vec<String> =
            (0..x.len()).filter(|&at| x[at] < 0.0).map(|at| self.industries().name(at)).collect();
        if !below.is_empty() {
            let names = listed(&below, SHOWN);
            let text =
                format!("output is negative in {names}: their coefficients have the wrong sign");
            note(NoteCode::NegativeOutput, text);
        }
        let value_added = self.value_added();
        let below: Vec<String> = (0..self.industries().len())
            .filter(|&at| value_added[at] < 0.0)
            .map(|at| self.industries().name(at))
            .collect();
        if !below.is_empty() {
            note(
                NoteCode::NegativeValueAdded,
                format!("value added is negative in {}", below.join(", ")),
            );
        }
        match self.imports() {
            Imports::OneRow { .. } => note(
                NoteCode::OneImportRow,
                "imports are one row, so import substitution by product cannot be told from technology".into(),
            ),
            Imports::None => note(
                NoteCode::NoImportRows,
                "there are no import rows, so a change of foreign sourcing is part of \"sourcing\" if the table \
                 covers the world, and of the input coefficients if it does not"
                    .into(),
            ),
            Imports::ByProduct { .. } => {}
        }
        if self.parts.meta.estimated_trade {
            let text = "its inter-regional trade is an estimate, so a change of sourcing is partly a change of that estimate";
            note(NoteCode::EstimatedTrade, text.into());
        }
        notes
    }
}
