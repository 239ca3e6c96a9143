//! Pairs of products become cells: every user of a region buys a product from the same origins.
//!
//! ```text
//! u_i^s = Σ_j z*_ij^s + Σ_k y*_ik^s + max(stock_i^s, 0)
//! m_i^s = imports / u,   h_i^{rs} = t_i^{rs} / u,   h_i^{ss} = 1 − m_i^s − Σ_{r≠s} h_i^{rs}
//! z_ij^{rs} = h_i^{rs} z*_ij^s,   MI_ij^s = m_i^s z*_ij^s
//! error_i^r = x_i^r − all other entries of the row
//! ```
//!
//! The regional tables are competitive (starred cells hold what is used, wherever it was made); imports
//! and purchases from other regions are assumed proportional over users (METHODS A3; Chenery 1953,
//! Moses 1955). Inventories that are drawn down are the region's own. Output, value added and every
//! column's inputs stay what the region's own table says.

use super::gravity::Pairs;
use super::margins::Margins;
use crate::labels::{Industries, Label, RepeatedCode};
use crate::linalg::{Dense, Matrix};
use crate::table::regional::RegionalTables;
use crate::table::{Category, DemandColumn, FinalDemand, Imports, RawTable, Role, ValueAdded};

/// Origin of a region's uses of one product.
struct Origins {
    /// Share from each region, its own included.
    regions: Vec<f64>,
    /// Share from abroad.
    abroad: f64,
}

fn origins(margins: &Margins, pairs: &[Pairs], product: usize, user: usize) -> Origins {
    let used = margins.uses[(product, user)];
    let count = margins.uses.shape().1;
    let mut regions = vec![0.0; count];
    if used <= 0.0 {
        regions[user] = 1.0;
        return Origins { regions, abroad: 0.0 };
    }
    let abroad = (margins.bought.foreign[(product, user)] / used).min(1.0);
    for (r, share) in regions.iter_mut().enumerate() {
        *share = pairs[product].values[(r, user)] / used;
    }
    regions[user] = (1.0 - abroad - regions.iter().sum::<f64>()).max(0.0);
    Origins { regions, abroad }
}

/// The inter-regional table of regional tables and pairs.
///
/// # Errors
/// If two regions share a code.
pub fn table(
    tables: &RegionalTables,
    margins: &Margins,
    pairs: &[Pairs],
) -> Result<RawTable, RepeatedCode> {
    let industries = Industries { regions: tables.region_axis()?, sectors: tables.sectors.clone() };
    let (count, products, n) = (industries.regions.len(), tables.sectors.len(), industries.len());
    let kinds = tables.categories.len();
    let mut columns: Vec<DemandColumn> = (0..count)
        .flat_map(|r| (0..kinds).map(move |category| DemandColumn { region: Some(r), category }))
        .collect();
    let national = [kinds, kinds + 1].map(|category| DemandColumn { region: None, category });
    columns.extend(national);
    let (exports, error) = (count * kinds, count * kinds + 1);
    let mut flows = Dense::zeros(n, n);
    let mut demand = Dense::zeros(n, columns.len());
    let mut imported = Dense::zeros(products, n);
    let mut imported_demand = Dense::zeros(products, columns.len());
    for (s, table) in tables.regions.iter().enumerate() {
        for i in 0..products {
            let from = origins(margins, pairs, i, s);
            for (r, share) in from.regions.iter().enumerate().filter(|(_, share)| **share != 0.0) {
                let into = &mut flows.row_mut(industries.index(r, i))[s * products..][..products];
                into.iter_mut().zip(table.flows.row(i)).for_each(|(cell, z)| *cell = share * z);
            }
            let into = &mut imported.row_mut(i)[s * products..][..products];
            into.iter_mut().zip(table.flows.row(i)).for_each(|(cell, z)| *cell = from.abroad * z);
            for (k, category) in tables.categories.iter().enumerate() {
                let (value, column) = (table.final_demand[(i, k)], s * kinds + k);
                if category.role == Role::Inventory && value < 0.0 {
                    demand[(industries.index(s, i), column)] = value;
                    continue;
                }
                for (r, share) in from.regions.iter().enumerate() {
                    demand[(industries.index(r, i), column)] = share * value;
                }
                imported_demand[(i, column)] = from.abroad * value;
            }
            demand[(industries.index(s, i), exports)] = margins.sold.foreign[(i, s)];
        }
    }
    let output: Vec<f64> = tables.regions.iter().flat_map(|table| table.output.clone()).collect();
    let sold = flows.row_sums();
    let used = demand.row_sums();
    for (at, x) in output.iter().enumerate() {
        demand[(at, error)] = x - sold[at] - used[at];
    }
    Ok(RawTable {
        meta: tables.meta.clone(),
        flows: Matrix::compact(flows),
        final_demand: FinalDemand {
            categories: categories(tables),
            columns,
            values: Matrix::compact(demand),
        },
        imports: Imports::ByProduct { intermediate: imported, final_demand: imported_demand },
        value_added: value_added(tables, n),
        output,
        population: None,
        extensions: Vec::new(),
        industries,
    })
}

fn categories(tables: &RegionalTables) -> Vec<Category> {
    let mut found = tables.categories.clone();
    let more = [
        ("exports", "Exports", "出口", Role::Export),
        ("error", "Statistical error and trade gaps", "误差及贸易差额", Role::Error),
    ];
    found.extend(
        more.map(|(code, en, zh, role)| Category { label: Label::new(code, en, zh), role }),
    );
    found
}

fn value_added(tables: &RegionalTables, n: usize) -> ValueAdded {
    let rows = tables.value_added.len();
    let mut values = Dense::zeros(rows, n);
    let products = tables.sectors.len();
    for (r, table) in tables.regions.iter().enumerate() {
        for row in 0..rows {
            values.row_mut(row)[r * products..][..products]
                .copy_from_slice(table.value_added.row(row));
        }
    }
    ValueAdded { rows: tables.value_added.clone(), values }
}
