//! `irio check`: the identities that a table must meet, the gap of each, and where it is.
//!
//! Identities are those of METHODS A2; nothing is repaired here.

use serde::Serialize;

use super::{Imports, Role, Table};
use crate::labels::listed;
use crate::linalg::factor::spectral_radius;
use crate::linalg::scaled::Scaled;
use crate::text::{self, human};

/// How many industries a piece of advice names.
const SHOWN: usize = 5;

/// The largest gap of one identity.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Identity {
    /// Short name, such as `rows`.
    pub name: &'static str,
    /// The identity in words.
    pub statement: &'static str,
    /// Largest absolute gap, in the identity's unit.
    pub absolute: f64,
    /// Largest gap relative to the line's total.
    pub relative: f64,
    /// Line with the largest relative gap.
    pub place: String,
    /// Whether the relative gap is above the table's tolerance.
    pub above_tolerance: bool,
    /// What the line is of, where it is one of the table's own.
    #[serde(skip)]
    pub line: Line,
}

/// Region, sector and extension of a line, by position, as far as it is of one of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Line {
    /// The region.
    pub region: Option<usize>,
    /// The sector.
    pub sector: Option<usize>,
    /// The extension.
    pub extension: Option<usize>,
}

/// Cells that deserve a look.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct OddCells {
    /// Negative intermediate flows.
    pub negative_flows: usize,
    /// Negative cells of consumption, investment or exports.
    pub negative_demand: usize,
    /// Industries with negative value added.
    pub negative_value_added: Vec<String>,
    /// Negative entries of single value-added rows.
    pub negative_value_added_cells: usize,
    /// Industries with negative output.
    pub negative_output: Vec<String>,
    /// Industries without output.
    pub zero_output: Vec<String>,
    /// Industries whose domestic and imported inputs together exceed output.
    pub column_sum_above_one: Vec<String>,
}

/// What `irio check` finds.
#[derive(Debug, Clone, Serialize)]
pub struct CheckReport {
    /// Gaps of each identity.
    pub identities: Vec<Identity>,
    /// Value added by region, in the table's unit, with the region's code.
    pub value_added_by_region: Vec<(String, f64)>,
    /// Sum of the absolute entries of the error column over each region's industries, as a share of its
    /// output; empty where the table has no such column.
    pub error_share_by_region: Vec<(String, f64)>,
    /// GDP as output less inputs and imported inputs.
    pub gdp_production: f64,
    /// GDP as final uses of domestic products less imported inputs.
    pub gdp_expenditure: f64,
    /// GDP as the sum of value added.
    pub gdp_income: f64,
    /// Total output.
    pub output: f64,
    /// Spectral radius of A; below 1 in a productive economy.
    pub spectral_radius: f64,
    /// Share of intermediate flows other than zero.
    pub density: f64,
    /// Cells that deserve a look.
    pub odd_cells: OddCells,
    /// Each extension: code, unit, industries' total, households' total, both by region.
    pub extensions: Vec<ExtensionTotals>,
    /// What to do about what was found.
    pub remedies: Vec<String>,
}

/// Totals of one extension.
#[derive(Debug, Clone, Serialize)]
pub struct ExtensionTotals {
    /// Code of the stressor.
    pub code: String,
    /// Its unit.
    pub unit: String,
    /// Sum over industries.
    pub industries: f64,
    /// Sum over households.
    pub households: f64,
    /// Industries and households of each region.
    pub by_region: Vec<(String, f64)>,
}

struct Gap {
    absolute: f64,
    relative: f64,
    at: usize,
}

fn largest(gaps: &[f64], totals: &[f64]) -> Gap {
    let mut found = Gap { absolute: 0.0, relative: 0.0, at: 0 };
    // Sums of many terms differ in their last digits, which is no gap of an industry without output.
    let rounding = 1e-14 * totals.iter().map(|total| total.abs()).sum::<f64>();
    for (at, (gap, total)) in gaps.iter().zip(totals).enumerate() {
        found.absolute = found.absolute.max(gap.abs());
        let relative = if gap.abs() <= rounding { 0.0 } else { gap.abs() / total.abs() };
        if relative > found.relative {
            (found.relative, found.at) = (relative, at);
        }
    }
    found
}

/// Gaps of rows and columns above the table's tolerance, in words.
pub(super) fn large_gaps(table: &Table) -> Vec<String> {
    let gaps = table.discrepancy();
    let unit = &table.meta().unit;
    [("rows", &gaps.rows), ("columns", &gaps.columns)]
        .into_iter()
        .filter_map(|(lines, values)| {
            let gap = largest(values, table.output());
            (gap.relative > table.meta().tolerance).then(|| {
                let size: f64 = values.iter().map(|gap| gap.abs()).sum();
                format!(
                    "{lines} do not add up to output: {} {unit} in all are booked as discrepancy, most in {} \
                     ({} of its output; the tolerance is {:e})",
                    human(size),
                    table.industries().name(gap.at),
                    text::gap(gap.relative),
                    table.meta().tolerance
                )
            })
        })
        .collect()
}

/// Absolute errors of each region's rows as a share of its output.
fn error_shares(table: &Table) -> Vec<(String, f64)> {
    let columns = table.final_demand().columns_where(|role| role == Role::Error);
    if columns.is_empty() {
        return Vec::new();
    }
    let industries = table.industries();
    let sizes: Vec<f64> =
        table.final_demand().sum_of(&columns).iter().map(|value| value.abs()).collect();
    let output = industries.by_region(table.output());
    let shares = industries.by_region(&sizes).into_iter().zip(output);
    let shares = shares.map(|(error, x)| if x > 0.0 { error / x } else { 0.0 });
    industries.regions.labels().iter().map(|label| label.code.clone()).zip(shares).collect()
}

impl CheckReport {
    /// Tests every identity of a table.
    pub fn of(table: &Table) -> Self {
        let industries = table.industries();
        let n = industries.len();
        let value_added = table.value_added();
        let imported = table.imports().intermediate_totals(n);
        let inputs = &table.flow_sums().columns;
        let final_uses: f64 = table.final_demand().values.row_sums().iter().sum();
        let output: f64 = table.output().iter().sum();
        let gdp_production = output - inputs.iter().sum::<f64>() - imported.iter().sum::<f64>();
        let gdp_expenditure = final_uses - imported.iter().sum::<f64>();
        let gdp_income = value_added.iter().sum();
        let codes = industries.regions.labels().iter().map(|label| label.code.clone());
        let value_added_by_region: Vec<_> =
            codes.clone().zip(industries.by_region(&value_added)).collect();
        let error_share_by_region = error_shares(table);
        let coefficients = Scaled::with_sums(
            table.flows().clone(),
            reciprocal(table.output()),
            table.flow_sums().clone(),
        );
        let radius = spectral_radius(&coefficients);
        let odd_cells = odd_cells(table, &coefficients.column_sums());
        let extensions = table
            .extensions()
            .iter()
            .map(|extension| ExtensionTotals {
                code: extension.label.code.clone(),
                unit: extension.unit.to_string(),
                industries: extension.values.iter().sum(),
                households: extension.households.iter().sum(),
                by_region: codes
                    .clone()
                    .zip(industries.by_region(&extension.values))
                    .zip(&extension.households)
                    .map(|((code, total), households)| (code, total + households))
                    .collect(),
            })
            .collect();
        let identities = identities(table, [gdp_production, gdp_expenditure, gdp_income]);
        let remedies = remedies(table, &identities, &odd_cells, radius);
        CheckReport {
            identities,
            value_added_by_region,
            error_share_by_region,
            gdp_production,
            gdp_expenditure,
            gdp_income,
            output,
            spectral_radius: radius,
            density: table.flows().density(),
            odd_cells,
            extensions,
            remedies,
        }
    }
}

fn reciprocal(output: &[f64]) -> Vec<f64> {
    output.iter().map(|x| if *x == 0.0 { 0.0 } else { 1.0 / x }).collect()
}

fn identities(table: &Table, [production, expenditure, income]: [f64; 3]) -> Vec<Identity> {
    let (x, tolerance) = (table.output(), table.meta().tolerance);
    let mut found = Vec::new();
    let mut keep = |name, statement, gap: Gap, (place, line): (String, Line)| {
        let above_tolerance = gap.relative > tolerance;
        let open = gap.absolute != 0.0;
        found.push(Identity {
            name,
            statement,
            absolute: gap.absolute,
            relative: gap.relative,
            place: if open { place } else { String::new() },
            above_tolerance,
            line: if open { line } else { Line::default() },
        });
    };
    let industry = |at: usize| {
        let (region, sector) = table.industries().split(at);
        let line = Line { region: Some(region), sector: Some(sector), extension: None };
        (table.industries().name(at), line)
    };
    let gap = largest(&table.discrepancy().rows, x);
    let place = industry(gap.at);
    keep("rows", "flows + final demand = output", gap, place);
    let gap = largest(&table.discrepancy().columns, x);
    let place = industry(gap.at);
    keep("columns", "flows + imports + value added = output", gap, place);
    let differences = [production - income, expenditure - income];
    let gap = largest(&differences, &[income, income]);
    let side = ["production side", "expenditure side"][gap.at].to_owned();
    keep("gdp", "GDP by production = by expenditure = by income", gap, (side, Line::default()));
    // With the discrepancies booked, x = (I − A)⁻¹ f is exact; what is left is rounding.
    let unit_flows = Scaled::new(table.flows().clone(), reciprocal(x));
    let solved = table.total_final_demand();
    let rebuilt: Vec<f64> = unit_flows.times(x).iter().zip(&solved).map(|(z, f)| z + f).collect();
    let gaps: Vec<f64> = rebuilt.iter().zip(x).map(|(a, b)| a - b).collect();
    let gap = largest(&gaps, x);
    let place = industry(gap.at);
    keep("leontief", "A x + final demand + discrepancy = output", gap, place);
    let imported = table.imports().intermediate_totals(x.len());
    let value_added = table.value_added();
    let sums = unit_flows.column_sums();
    let gaps: Vec<f64> =
        (0..x.len())
            .map(|j| {
                if x[j] == 0.0 {
                    0.0
                } else {
                    sums[j] + (imported[j] + value_added[j]) / x[j] - 1.0
                }
            })
            .collect();
    let gap = largest(&gaps, &vec![1.0; x.len()]);
    let place = industry(gap.at);
    keep("coefficients", "input, import and value-added coefficients sum to 1", gap, place);
    for (at, extension) in table.extensions().iter().enumerate() {
        let Some(inventory) = &extension.inventory else { continue };
        let industries = table.industries().by_region(&extension.values);
        let sums = industries.iter().zip(&extension.households).map(|(a, b)| a + b);
        let gaps: Vec<f64> = sums.zip(inventory).map(|(sum, total)| sum - total).collect();
        let gap = largest(&gaps, inventory);
        let place =
            format!("{} of {}", extension.label.code, table.industries().regions.code(gap.at));
        let line = Line { region: Some(gap.at), sector: None, extension: Some(at) };
        keep("emissions", "emissions of industries + households = inventory", gap, (place, line));
    }
    found
}

fn odd_cells(table: &Table, column_sums: &[f64]) -> OddCells {
    let (n, demand) = (table.industries().len(), table.final_demand());
    let mut odd =
        OddCells { negative_flows: table.flows().count(|value| value < 0.0), ..Default::default() };
    for row in 0..n {
        demand.values.each_in_row(row, |column, value| {
            let regular = !matches!(demand.role(column), Role::Inventory | Role::Error);
            odd.negative_demand += usize::from(regular && value < 0.0);
        });
    }
    let (value_added, x) = (table.value_added(), table.output());
    let imported = table.imports().intermediate_totals(n);
    odd.negative_value_added_cells =
        table.value_added_rows().values.values().iter().filter(|v| **v < 0.0).count();
    let names = |test: &dyn Fn(usize) -> bool| -> Vec<String> {
        (0..n).filter(|&at| test(at)).map(|at| table.industries().name(at)).collect()
    };
    odd.negative_value_added = names(&|at| value_added[at] < 0.0);
    odd.negative_output = names(&|at| x[at] < 0.0);
    odd.zero_output = names(&|at| x[at] == 0.0);
    odd.column_sum_above_one =
        names(&|at| x[at] != 0.0 && column_sums[at] + imported[at] / x[at] > 1.0);
    odd
}

fn remedies(table: &Table, identities: &[Identity], odd: &OddCells, radius: f64) -> Vec<String> {
    let mut advice = Vec::new();
    for identity in identities.iter().filter(|identity| identity.above_tolerance) {
        advice.push(match identity.name {
            "rows" => format!(
                "rows: compare {} with the source; if the source has a column of errors or others, give it the role \
                 \"error\"; results carry the gap as discrepancy",
                identity.place
            ),
            "columns" => format!(
                "columns: compare {} with the source; look for an import or value-added row that was not read",
                identity.place
            ),
            "gdp" => "gdp: follows from the gaps of rows and columns".to_owned(),
            other => format!("{other}: see {}", identity.place),
        });
    }
    if radius >= 1.0 {
        advice.push(format!(
            "spectral radius {}: the economy of this table uses up more than it makes; look at columns whose \
             inputs exceed output",
            text::near_one(radius, 4)
        ));
    }
    if !odd.column_sum_above_one.is_empty() {
        advice.push(format!(
            "inputs exceed output in {}: legal (negative surplus), but check for a shifted column",
            odd.column_sum_above_one.join(", ")
        ));
    }
    if !odd.negative_output.is_empty() {
        advice.push(format!(
            "output is negative in {}: their coefficients have the wrong sign; mend the table, or aggregate them with others",
            listed(&odd.negative_output, SHOWN)
        ));
    }
    if odd.negative_flows + odd.negative_demand > 0 {
        advice.push(
            "negative flows or demand have no origin shares: `transfer` moves those cells with technology or demand"
                .to_owned(),
        );
    }
    if table.extensions().is_empty() {
        advice.push(
            "no extension: add [[extension]] to the table's file to follow carbon".to_owned(),
        );
    }
    if matches!(table.imports(), Imports::OneRow { .. }) {
        advice.push(
            "imports are one row: effects of technology and import substitution stay together"
                .to_owned(),
        );
    }
    advice
}
