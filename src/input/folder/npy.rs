//! Matrices of a folder as `.npy` files: rows and columns in the order of the table's own labels.
//!
//! | file | rows | columns | listed in |
//! |---|---|---|---|
//! | `flows.npy` | industries | industries | |
//! | `final_demand.npy` | industries | columns of final demand | `final_demand_columns.csv`: `region,category` |
//! | `value_added.npy` | rows of value added | industries | `value_added_rows.csv`: `code,en,zh` |
//! | `output.npy` | industries | one | |
//! | `imports.npy` | sectors, or one | industries | |
//! | `imports_final_demand.npy` | sectors, or one | columns of final demand | |
//! | `extensions.npy` | stressors | industries | `extensions_rows.csv`: `code,en,zh,unit` |
//!
//! Industries are regions × sectors in the order of `regions.csv` and `sectors.csv`, the sector running faster.
//! Without `final_demand_columns.csv` the columns are regions × categories, the category running faster.

use super::{Files, NpyFile};
use crate::input::sheet::Sheet;
use crate::labels::{Axis, Industries};
use crate::linalg::{Dense, Matrix};
use crate::table::{Category, DemandColumn, Extension, FinalDemand, ValueAdded};

impl Files<'_> {
    fn matrix(&mut self, file: &NpyFile, shape: (usize, usize), what: &str) -> Option<Matrix> {
        let (matrix, record) = self.faults.keep(file.matrix(shape, what))?;
        self.inputs.push(record);
        Some(matrix)
    }

    fn dense(&mut self, file: &NpyFile, shape: (usize, usize), what: &str) -> Option<Dense> {
        let (dense, record) = self.faults.keep(file.dense(shape, what))?;
        self.inputs.push(record);
        Some(dense)
    }

    pub(super) fn flows_npy(&mut self, file: &NpyFile, n: usize) -> Option<Matrix> {
        self.matrix(file, (n, n), "industries × industries")
    }

    pub(super) fn output_npy(&mut self, file: &NpyFile, n: usize) -> Option<Vec<f64>> {
        self.dense(file, (n, 1), "industries × 1").map(|output| output.values().to_vec())
    }

    pub(super) fn imports_npy(&mut self, file: &NpyFile, shape: (usize, usize)) -> Option<Dense> {
        self.dense(file, shape, "products (1 if imports = \"one_row\") × users")
    }

    pub(super) fn final_demand_npy(
        &mut self,
        file: &NpyFile,
        industries: &Industries,
        axis: &Axis,
        categories: Vec<Category>,
    ) -> Option<FinalDemand> {
        let columns = match self.optional("final_demand_columns.csv") {
            Some(sheet) => self.listed_columns(&sheet, &industries.regions, axis)?,
            None => every_column(industries.regions.len(), axis.len()),
        };
        let shape = (industries.len(), columns.len());
        let what = "industries × columns of final demand (final_demand_columns.csv, else regions × categories)";
        let values = self.matrix(file, shape, what)?;
        Some(FinalDemand { categories, columns, values })
    }

    fn listed_columns(
        &mut self,
        sheet: &Sheet,
        regions: &Axis,
        categories: &Axis,
    ) -> Option<Vec<DemandColumn>> {
        let [region, category] = self.heads(sheet, ["region", "category"])?;
        let cells = (1..sheet.rows()).map(|row| ((row, region), (row, category)));
        self.demand_columns(sheet, (regions, categories), cells).into_iter().collect()
    }

    pub(super) fn value_added_npy(&mut self, file: &NpyFile, n: usize) -> Option<ValueAdded> {
        let rows = self.axis("value_added_rows.csv", "value-added row")?.labels().to_vec();
        let what = "rows of value_added_rows.csv × industries";
        let values = self.dense(file, (rows.len(), n), what)?;
        Some(ValueAdded { rows, values })
    }

    pub(super) fn extensions_npy(
        &mut self,
        file: &NpyFile,
        industries: &Industries,
    ) -> Option<Vec<Extension>> {
        let sheet = self.sheet("extensions_rows.csv")?;
        let places = self.heads(&sheet, ["code", "en", "zh", "unit"])?;
        let found: Vec<Option<Extension>> =
            (1..sheet.rows()).map(|row| self.extension(&sheet, row, places, industries)).collect();
        let what = "rows of extensions_rows.csv × industries";
        let values = self.dense(file, (found.len(), industries.len()), what)?;
        let with_values = |(row, extension): (usize, Option<Extension>)| {
            extension.map(|extension| Extension { values: values.row(row).to_vec(), ..extension })
        };
        Some(found.into_iter().enumerate().filter_map(with_values).collect())
    }

    /// Where the columns of a list stand.
    fn heads<const N: usize>(&mut self, sheet: &Sheet, names: [&str; N]) -> Option<[usize; N]> {
        let help = format!("the header is: {}", names.join(","));
        sheet.columns(names, &help, &mut self.faults)
    }
}

/// Regions × categories, the category running faster.
fn every_column(regions: usize, categories: usize) -> Vec<DemandColumn> {
    (0..regions)
        .flat_map(|region| {
            (0..categories).map(move |category| DemandColumn { region: Some(region), category })
        })
        .collect()
}
