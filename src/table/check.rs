//! From raw parts to a table: shapes and numbers are checked, what does not add up is booked.

use std::fmt;
use std::sync::Arc;

use super::{Discrepancy, Imports, NATIONAL, RawTable, Table};
use crate::labels::comparable;
use crate::linalg::Sums;
use crate::text::exact;
use crate::units::Unit;

/// What files and results call final demand of no region, and what comes from none of them.
const RESERVED: [&str; 3] = [NATIONAL, "全国", "imports"];

/// Why parts do not make a table.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// A part has the wrong number of rows or columns.
    #[error("{part} has {found} {what}, expected {expected}")]
    Shape {
        /// Which part.
        part: String,
        /// Rows, columns or entries.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// A number is infinite or not a number.
    #[error("{part} of {place} is {}, expected a finite number", exact(*.value))]
    NotFinite {
        /// Which part.
        part: String,
        /// Which line of it.
        place: String,
        /// The value.
        value: f64,
    },
    /// An industry without output buys inputs.
    #[error("{industry} has inputs of {} {unit} but no output", exact(*.inputs))]
    InputsWithoutOutput {
        /// The industry.
        industry: String,
        /// What it buys.
        inputs: f64,
        /// The table's unit.
        unit: Unit,
    },
    /// An extension has a name that results need for something else.
    #[error("an extension may not be called {0:?}: results use that word")]
    ReservedName(String),
    /// A region has a name that files and results need for something else.
    #[error(
        "a region may not be called {0:?}: files use that word for what is of no region, or of none of them"
    )]
    ReservedRegion(String),
    /// Two lines of one part share a code.
    #[error("{part} {code:?} stands twice")]
    Repeated {
        /// Which part.
        part: &'static str,
        /// The code.
        code: String,
    },
}

/// Every reason why parts do not make a table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableErrors(pub Vec<TableError>);

impl fmt::Display for TableErrors {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        write!(out, "{}", lines.join("\n"))
    }
}

impl std::error::Error for TableErrors {}

impl RawTable {
    /// Checks shapes and numbers and books what does not add up as discrepancy.
    ///
    /// # Errors
    /// Every part of a wrong shape, every number that is not finite, every industry with inputs
    /// but no output.
    pub fn check(mut self) -> Result<Table, TableErrors> {
        let mut errors = self.shape_errors();
        if !errors.is_empty() {
            return Err(TableErrors(errors));
        }
        let flow_sums = self.flows.sums();
        errors = self.number_errors(&flow_sums);
        if !errors.is_empty() {
            return Err(TableErrors(errors));
        }
        let n = self.industries.len();
        let sold = add(&flow_sums.rows, &self.final_demand.values.row_sums());
        let mut bought = add(&flow_sums.columns, &self.imports.intermediate_totals(n));
        bought = add(&bought, &self.value_added.values.column_sums());
        let gap = |total: &[f64]| -> Vec<f64> {
            self.output.iter().zip(total).map(|(x, t)| x - t).collect()
        };
        let discrepancy = Discrepancy { rows: gap(&sold), columns: gap(&bought) };
        // Models of the table look at the same flows.
        self.flows.share();
        Ok(Table { parts: self, flow_sums: Arc::new(flow_sums), discrepancy })
    }

    fn shape_errors(&self) -> Vec<TableError> {
        let (n, s, r) =
            (self.industries.len(), self.industries.sectors.len(), self.industries.regions.len());
        let m = self.final_demand.columns.len();
        let mut errors = Vec::new();
        let mut expect = |part: &str, what, found: usize, expected: usize| {
            if found != expected {
                errors.push(TableError::Shape { part: part.to_owned(), what, found, expected });
            }
        };
        let mut matrix = |part: &str, (rows, columns): (usize, usize), (r, c): (usize, usize)| {
            expect(part, "rows", rows, r);
            expect(part, "columns", columns, c);
        };
        matrix("flows", self.flows.shape(), (n, n));
        matrix("final demand", self.final_demand.values.shape(), (n, m));
        matrix("value added", self.value_added.values.shape(), (self.value_added.rows.len(), n));
        match &self.imports {
            Imports::ByProduct { intermediate, final_demand } => {
                matrix("imports", intermediate.shape(), (s, n));
                matrix("imports of final demand", final_demand.shape(), (s, m));
            }
            Imports::OneRow { intermediate, final_demand } => {
                expect("imports", "entries", intermediate.len(), n);
                expect("imports of final demand", "entries", final_demand.len(), m);
            }
            Imports::None => {}
        }
        expect("output", "entries", self.output.len(), n);
        for extension in &self.extensions {
            let code = &extension.label.code;
            expect(&format!("extension {code}"), "entries", extension.values.len(), n);
            expect(&format!("households of {code}"), "entries", extension.households.len(), r);
            if let Some(by_demand) = &extension.by_demand {
                expect(&format!("final demand of {code}"), "entries", by_demand.len(), m);
            }
        }
        if let Some(population) = &self.population {
            expect("population", "entries", population.len(), r);
        }
        for region in self.industries.regions.labels() {
            let texts = [&region.code, &region.en, &region.zh];
            if let Some(text) =
                texts.into_iter().find(|text| RESERVED.contains(&comparable(text).as_str()))
            {
                errors.push(TableError::ReservedRegion(text.clone()));
            }
        }
        let mut seen = Vec::new();
        for extension in &self.extensions {
            let code = &extension.label.code;
            if matches!(code.as_str(), "output" | "value_added") {
                errors.push(TableError::ReservedName(code.clone()));
            }
            if seen.contains(&code) {
                errors.push(TableError::Repeated { part: "extension", code: code.clone() });
            }
            seen.push(code);
        }
        errors
    }

    fn number_errors(&self, flow_sums: &Sums) -> Vec<TableError> {
        let mut errors = Vec::new();
        let industry = |at: usize| self.industries.name(at);
        let mut finite = |part: &str, place: &dyn Fn() -> String, value: f64| {
            if !value.is_finite() {
                errors.push(TableError::NotFinite { part: part.to_owned(), place: place(), value });
            }
        };
        for row in 0..self.industries.len() {
            // A sum with anything that is not finite is not finite; as it may overflow, it is a first look.
            if !flow_sums.rows[row].is_finite() {
                self.flows.each_in_row(row, |j, v| {
                    finite("flow", &|| format!("{} to {}", industry(row), industry(j)), v)
                });
            }
            self.final_demand.values.each_in_row(row, |k, v| {
                finite("final demand", &|| format!("{}, column {}", industry(row), k + 1), v)
            });
            finite("output", &|| industry(row), self.output[row]);
            for k in 0..self.value_added.rows.len() {
                finite("value added", &|| industry(row), self.value_added.values[(k, row)]);
            }
            for extension in &self.extensions {
                finite(&extension.label.code, &|| industry(row), extension.values[row]);
            }
        }
        for extension in &self.extensions {
            for (region, value) in extension.households.iter().enumerate() {
                let place = || self.industries.regions.code(region).to_owned();
                finite(&format!("households' {}", extension.label.code), &place, *value);
            }
        }
        match &self.imports {
            Imports::ByProduct { intermediate, final_demand } => {
                for value in intermediate.values().iter().chain(final_demand.values()) {
                    finite("imports", &|| "a product".to_owned(), *value);
                }
            }
            Imports::OneRow { intermediate, final_demand } => {
                for value in intermediate.iter().chain(final_demand) {
                    finite("imports", &|| "the import row".to_owned(), *value);
                }
            }
            Imports::None => {}
        }
        // Only an industry without output may not have inputs.
        let idle = self.output.contains(&0.0);
        let inputs = if idle {
            let imported = self.imports.intermediate_totals(self.output.len());
            add(&self.flows.column_sums(), &imported)
        } else {
            Vec::new()
        };
        for (at, inputs) in inputs.into_iter().enumerate() {
            if self.output[at] == 0.0 && inputs != 0.0 {
                let unit = self.meta.unit.clone();
                errors.push(TableError::InputsWithoutOutput {
                    industry: industry(at),
                    inputs,
                    unit,
                });
            }
        }
        errors
    }
}

pub(super) fn add(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}
