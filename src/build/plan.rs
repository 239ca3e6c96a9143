//! A build from beginning to end: exponents, trade, table, and what is known of its quality.

use super::gravity::{Observed, Pairs, mean};
use super::margins::{Foreign, Rules};
use super::quality::{self, Comparison};
use super::{BuildError, Method, Pattern, Trade, build, moved, trade, with_pairs_of};
use crate::labels::Axis;
use crate::linalg::Dense;
use crate::table::aggregate::{aggregate, in_unit};
use crate::table::concordance::Concordance;
use crate::table::regional::RegionalTables;
use crate::table::regional::split::Settled;
use crate::table::{Extension, RawTable, Table, TableErrors};

/// Where exponents of the costs come from.
#[derive(Debug, Clone)]
pub enum Exponents {
    /// One for each product, given.
    Given(Vec<f64>),
    /// One for all, from a table whose pairs are known.
    Estimated(Box<Known>),
}

/// A table whose pairs are known, over regions that ours make up.
#[derive(Debug, Clone)]
pub struct Known {
    /// The table.
    pub table: Table,
    /// Regions of ours that make up each of its regions.
    pub members: Vec<Vec<usize>>,
}

/// A table of the same year that the build is held against.
#[derive(Debug, Clone)]
pub struct Reference {
    /// The table.
    pub table: Table,
    /// From our regions onto its.
    pub regions: Concordance,
    /// From our sectors onto its.
    pub sectors: Concordance,
    /// An earlier table on its regions and sectors, whose pairs are another way to guess ours.
    pub earlier: Option<Table>,
    /// Foreign trade with columns read as that table read them, where it read them otherwise.
    pub foreign: Option<Foreign>,
}

/// Everything that a build needs.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The single-region tables.
    pub tables: RegionalTables,
    /// How each region's foreign and domestic columns were read.
    pub settled: Vec<Settled>,
    /// Foreign trade of each region, where it is known.
    pub foreign: Foreign,
    /// The same with columns as they were read, to see what the reading changes; none if nothing.
    pub foreign_as_read: Option<Foreign>,
    /// Cost or distance between regions.
    pub costs: Dense,
    /// Exponents of the costs.
    pub exponents: Exponents,
    /// How trade between regions is told from trade abroad.
    pub rules: Rules,
    /// Known flows that pairs are bent towards.
    pub patterns: Vec<Pattern>,
    /// Physical accounts, on regions × sectors of the tables.
    pub extensions: Vec<Extension>,
    /// What the build is held against.
    pub reference: Option<Reference>,
}

/// The exponent from known pairs.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// Name of the table.
    pub table: String,
    /// Exponent for all products.
    pub exponent: f64,
    /// Its standard error by the jackknife over products: `√((n−1)/n Σ (θ_(i) − θ̄)²)`; 0 for one product.
    pub standard_error: f64,
    /// Products of that table.
    pub products: Axis,
    /// For each of them the exponent from all others, and the error of its pairs under it.
    pub left_out: Vec<Option<(f64, f64)>>,
}

/// The build held against another table.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// Name of the table.
    pub table: String,
    /// Its products.
    pub products: Axis,
    /// The build.
    pub built: Comparison,
    /// The build with foreign and domestic columns read as the other table read them, where it read them
    /// otherwise.
    pub on_like_columns: Option<Comparison>,
    /// The same with costs left out: pairs in proportion to sales and purchases.
    pub proportional: Comparison,
    /// The same sales and purchases with the pairs of an earlier table.
    pub earlier: Option<Earlier>,
    /// Concentration of draws of trade shares, for each of its products; measured on like columns where
    /// those differ.
    pub concentrations: Vec<Option<f64>>,
    /// The same for each of our products: that of the product it goes to (the least sure of several).
    pub own_concentrations: Vec<Option<f64>>,
}

/// Our sales and purchases with the pairs of an earlier table.
#[derive(Debug, Clone, PartialEq)]
pub struct Earlier {
    /// Name of that table.
    pub table: String,
    /// How that does.
    pub comparison: Comparison,
    /// Products whose sales and purchases its pairs cannot meet, with the share of pairs in proportion to
    /// both that lets them.
    pub mixed: Vec<(usize, f64)>,
}

/// Something that could have been decided otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Driver {
    /// What is done otherwise.
    pub change: String,
    /// Share of trade between regions that then goes elsewhere.
    pub moved: f64,
}

/// What a build comes to.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The table.
    pub table: Table,
    /// Trade between its regions.
    pub trade: Trade,
    /// The exponents used, one for each product.
    pub exponents: Vec<f64>,
    /// Where they were estimated.
    pub estimate: Option<Estimate>,
    /// How the table does against another.
    pub judgement: Option<Judgement>,
    /// What drives who trades with whom.
    pub drivers: Vec<Driver>,
    /// For each product, share of trade that goes elsewhere without costs: what distance decides.
    pub distance_effect: Vec<f64>,
}

/// Runs a build.
///
/// # Errors
/// If a product's trade has no solution, or what comes of it is no table.
pub fn run(plan: &Plan) -> Result<Outcome, BuildError> {
    let products = plan.tables.sectors.len();
    let (exponents, estimate) = match &plan.exponents {
        Exponents::Given(values) => (values.clone(), None),
        Exponents::Estimated(known) => {
            let estimate = estimate(known, &plan.costs)?;
            (vec![estimate.exponent; products], Some(estimate))
        }
    };
    let method = Method {
        costs: plan.costs.clone(),
        exponents,
        rules: plan.rules,
        patterns: plan.patterns.clone(),
    };
    let (raw, trade) = build(&plan.tables, &plan.foreign, &method)?;
    let table = finished(raw, &plan.extensions)?;
    let proportional =
        Method { exponents: vec![0.0; products], patterns: Vec::new(), ..method.clone() };
    let (flat, flat_trade) = build(&plan.tables, &plan.foreign, &proportional)?;
    let judgement = match &plan.reference {
        Some(reference) => {
            let like = match &reference.foreign {
                Some(foreign) => Some(finished(build(&plan.tables, foreign, &method)?.0, &[])?),
                None => None,
            };
            Some(judge([&table, &finished(flat, &[])?], like.as_ref(), reference)?)
        }
        None => None,
    };
    let drivers = drivers(plan, &method, &trade, &flat_trade)?;
    let distance_effect = trade.pairs.iter().zip(&flat_trade.pairs).map(shifted).collect();
    Ok(Outcome {
        table,
        trade,
        exponents: method.exponents,
        estimate,
        judgement,
        drivers,
        distance_effect,
    })
}

fn finished(mut raw: RawTable, extensions: &[Extension]) -> Result<Table, BuildError> {
    raw.extensions = extensions.to_vec();
    raw.check().map_err(BuildError::from)
}

impl From<TableErrors> for BuildError {
    fn from(errors: TableErrors) -> Self {
        BuildError::Table(errors)
    }
}

fn estimate(known: &Known, costs: &Dense) -> Result<Estimate, BuildError> {
    let routes = quality::routes(&known.table);
    let observed = Observed { products: &routes, costs, members: &known.members };
    let products = known.table.industries().sectors.clone();
    let failed = |error| BuildError::Balance { product: known.table.meta().name.clone(), error };
    let left_out = observed.leave_one_out().map_err(failed)?;
    Ok(Estimate {
        table: known.table.meta().name.clone(),
        exponent: observed.exponent(&observed.traded()).map_err(failed)?,
        standard_error: jackknife(&left_out),
        left_out,
        products,
    })
}

/// Standard error of an exponent from those without one product each.
fn jackknife(left_out: &[Option<(f64, f64)>]) -> f64 {
    let values: Vec<f64> = left_out.iter().flatten().map(|(exponent, _)| *exponent).collect();
    let (count, mean) = (values.len() as f64, mean(&values));
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    if values.is_empty() { 0.0 } else { ((count - 1.0) / count * squares).sqrt() }
}

/// The table on the regions, sectors and unit of another.
fn on_axes_of(table: &Table, reference: &Reference) -> Result<Table, BuildError> {
    let raw = aggregate(table, &reference.regions, &reference.sectors);
    let raw = in_unit(raw, &reference.table.meta().unit)
        .map_err(|error| BuildError::Units(error.to_string()))?;
    raw.check().map_err(BuildError::from)
}

fn judge(
    [table, flat]: [&Table; 2],
    like: Option<&Table>,
    reference: &Reference,
) -> Result<Judgement, BuildError> {
    let truth = &reference.table;
    let [built, flat] = [on_axes_of(table, reference)?, on_axes_of(flat, reference)?];
    let like = like.map(|like| on_axes_of(like, reference)).transpose()?;
    let earlier = match &reference.earlier {
        Some(earlier) => {
            let (raw, mixed) = with_pairs_of(&built, earlier);
            let comparison = Comparison::of(&raw.check()?, truth);
            Some(Earlier { table: earlier.meta().name.clone(), comparison, mixed })
        }
        None => None,
    };
    let concentrations = quality::concentrations(like.as_ref().unwrap_or(&built), truth);
    let own = (0..table.industries().sectors.len()).map(|product| {
        let targets = reference.sectors.of(product).iter();
        targets.filter_map(|(to, _)| concentrations[*to]).min_by(f64::total_cmp)
    });
    Ok(Judgement {
        own_concentrations: own.collect(),
        table: truth.meta().name.clone(),
        products: truth.industries().sectors.clone(),
        built: Comparison::of(&built, truth),
        on_like_columns: like.map(|like| Comparison::of(&like, truth)),
        proportional: Comparison::of(&flat, truth),
        earlier,
        concentrations,
    })
}

/// Share of one product's trade that goes elsewhere.
fn shifted((a, b): (&Pairs, &Pairs)) -> f64 {
    let (x, y) = (a.values.values(), b.values.values());
    let gap: f64 = x.iter().zip(y).map(|(x, y)| (x - y).abs()).sum();
    let all: f64 = x.iter().chain(y).sum();
    if all > 0.0 { gap / all } else { 0.0 }
}

/// Every decision taken otherwise, one at a time.
fn drivers(
    plan: &Plan,
    method: &Method,
    base: &Trade,
    flat: &Trade,
) -> Result<Vec<Driver>, BuildError> {
    use super::margins::Level;
    let mut found = Vec::new();
    let mut add = |change: String, other: &Trade| {
        found.push(Driver { change, moved: moved(base, other) });
    };
    add("costs left out".to_owned(), flat);
    let steeper = |by: f64| Method {
        exponents: method.exponents.iter().map(|theta| (theta + by).max(0.0)).collect(),
        ..method.clone()
    };
    for by in [-0.25, 0.25] {
        add(format!("exponents {by:+}"), &trade(&plan.tables, &plan.foreign, &steeper(by))?);
    }
    let mean = mean(&method.exponents);
    if method.exponents.iter().any(|theta| (theta - mean).abs() > 1e-12) {
        let same = Method { exponents: vec![mean; method.exponents.len()], ..method.clone() };
        add(
            "one exponent for all products".to_owned(),
            &trade(&plan.tables, &plan.foreign, &same)?,
        );
    }
    for level in [Level::Output, Level::Mean, Level::Sold, Level::Bought] {
        if level != plan.rules.level {
            let rules = Rules { level, ..plan.rules };
            let other = trade(&plan.tables, &plan.foreign, &Method { rules, ..method.clone() })?;
            add(format!("level of trade: {}", level.word()), &other);
        }
    }
    for weight in [0.0, 1.0] {
        if plan.tables.national.is_some() && weight != plan.rules.national_weight {
            let rules = Rules { national_weight: weight, ..plan.rules };
            let other = trade(&plan.tables, &plan.foreign, &Method { rules, ..method.clone() })?;
            add(format!("weight of national exports and imports {weight}"), &other);
        }
    }
    if let Some(as_read) = &plan.foreign_as_read {
        add(
            "foreign and domestic columns as read".to_owned(),
            &trade(&plan.tables, as_read, method)?,
        );
    }
    if !plan.patterns.is_empty() {
        let plain = Method { patterns: Vec::new(), ..method.clone() };
        add("known flows left out".to_owned(), &trade(&plan.tables, &plan.foreign, &plain)?);
    }
    Ok(found)
}
