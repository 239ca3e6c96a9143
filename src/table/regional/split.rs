//! Which part of a region's out- and inflow is foreign trade.
//!
//! Sources give the two parts by product, but not always, not always adding up, and in some regions
//! with the two columns exchanged. The rule, step by step:
//!
//! 1. A side whose columns are empty, or whose foreign column is zero throughout while there is
//!    trade, has no split: [`Quality::Missing`], [`Quality::AllDomestic`].
//! 2. A region cannot trade more of a product with the world than the nation does. What of the foreign
//!    columns (both sides) is above the nation's exports and imports is impossible. The columns are
//!    **exchanged** where this is at least [`SplitOptions::least_impossible`] of the foreign columns
//!    and exchanging them takes away at least [`SplitOptions::least_gain`] of it.
//! 3. Columns that stand as they were read are **doubtful** where the foreign column is more than
//!    [`SplitOptions::doubtful_share`] of both: told, not changed.
//! 4. The user's word goes before the rule.
//! 5. The foreign part is taken at its level, between nothing and the total of the product; the
//!    domestic part is what is left of the total. So the parts always add up. The level is
//!    trusted, not the share: foreign trade is counted at the border, and where columns do not add up
//!    the domestic one, which nobody counts, is the less known.
//!
//! The rule is an assumption of this project, and every region's verdict is a note.

use super::{RegionalTable, RegionalTables, TradeSplit};
use crate::fault::{Note, NoteCode};
use crate::text::human;

/// Thresholds of the rule, and what the user knows better.
#[derive(Debug, Clone, PartialEq)]
pub struct SplitOptions {
    /// Codes of regions whose columns are exchanged, whatever the rule says.
    pub exchanged: Vec<String>,
    /// Codes of regions whose columns stand as they should, whatever the rule says.
    pub not_exchanged: Vec<String>,
    /// Least impossible share of the foreign columns for an exchange.
    pub least_impossible: f64,
    /// Least share of the impossible that an exchange must take away.
    pub least_gain: f64,
    /// Foreign share of a side above which columns as read are doubtful.
    pub doubtful_share: f64,
}

impl Default for SplitOptions {
    fn default() -> Self {
        SplitOptions {
            exchanged: Vec::new(),
            not_exchanged: Vec::new(),
            least_impossible: 0.02,
            least_gain: 0.75,
            doubtful_share: 0.6,
        }
    }
}

/// A side of a region's trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Exports and sales to other regions.
    Outflow,
    /// Imports and purchases from other regions.
    Inflow,
}

/// What the source has of a side's split.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Quality {
    /// No columns, or empty ones.
    Missing,
    /// All of the trade is in the domestic column.
    AllDomestic,
    /// Both columns have numbers.
    Present {
        /// Sum over products of what the columns miss the total by, as a share of the total.
        gap: f64,
        /// Foreign trade above the total of its product, which is left out, as a share of all of it.
        capped: f64,
    },
}

/// How a region's columns are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Columns {
    /// As their headers say.
    AsRead,
    /// As their headers say, though their level is odd.
    Doubtful,
    /// Foreign and domestic are exchanged.
    Exchanged,
}

/// What the reading of a region's columns rests on: shares between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Evidence {
    /// Part of the foreign columns above the nation's trade, as read.
    pub impossible_as_read: f64,
    /// The same if the columns were exchanged, as a share of what would be foreign then.
    pub impossible_exchanged: f64,
    /// Part of the impossible that an exchange takes away.
    pub gain: f64,
    /// Foreign share of the outflow, as read.
    pub foreign_outflow: f64,
    /// Foreign share of the inflow, as read.
    pub foreign_inflow: f64,
}

/// The trade of a region after the rule; parts have one entry per product and add up to its totals.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled {
    /// Sales to the rest of the world.
    pub exports: Option<Vec<f64>>,
    /// Sales to other regions.
    pub domestic_outflow: Option<Vec<f64>>,
    /// Purchases from the rest of the world.
    pub imports: Option<Vec<f64>>,
    /// Purchases from other regions.
    pub domestic_inflow: Option<Vec<f64>>,
    /// What the source has of the outflow's parts.
    pub outflow: Quality,
    /// What the source has of the inflow's parts.
    pub inflow: Quality,
    /// How the columns were read.
    pub columns: Columns,
    /// Whether the user decided it.
    pub by_user: bool,
    /// What the rule saw.
    pub evidence: Evidence,
}

/// Why there is no verdict.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SplitError {
    /// A code of the options is no region.
    #[error("{region:?} is no region of these tables")]
    UnknownRegion {
        /// The code.
        region: String,
    },
    /// A region is said to be both.
    #[error("{region:?} is said to be exchanged and not exchanged")]
    Contradiction {
        /// The code.
        region: String,
    },
}

/// Settles the foreign and domestic part of every region's trade, in the order of the regions.
///
/// Without a national table nothing is impossible, so nothing is found to be exchanged.
///
/// # Errors
/// If the options name a region that is not there, or one twice.
pub fn settle(tables: &RegionalTables, options: &SplitOptions) -> Result<Vec<Settled>, SplitError> {
    let known = |code: &&String| !tables.regions.iter().any(|table| table.region.code == **code);
    if let Some(region) = options.exchanged.iter().chain(&options.not_exchanged).find(known) {
        return Err(SplitError::UnknownRegion { region: region.clone() });
    }
    if let Some(region) = options.exchanged.iter().find(|r| options.not_exchanged.contains(r)) {
        return Err(SplitError::Contradiction { region: region.clone() });
    }
    let nation = tables.national.as_ref().map(|nation| &nation.trade);
    let limits = nation.map(|trade| (trade.outflow.as_slice(), trade.inflow.as_slice()));
    Ok(tables.regions.iter().map(|table| settle_one(table, limits, options)).collect())
}

fn settle_one(
    table: &RegionalTable,
    limits: Option<(&[f64], &[f64])>,
    options: &SplitOptions,
) -> Settled {
    let trade = &table.trade;
    let (out, inn) = (usable(&trade.outflow_split), usable(&trade.inflow_split));
    let evidence = evidence(out, inn, limits);
    let code = &table.region.code;
    let said = |codes: &[String]| codes.contains(code);
    let by_user = said(&options.exchanged) || said(&options.not_exchanged);
    let found = evidence.impossible_as_read >= options.least_impossible
        && evidence.gain >= options.least_gain;
    let odd = evidence.foreign_outflow.max(evidence.foreign_inflow) > options.doubtful_share;
    let columns = match (by_user, found) {
        (true, _) if said(&options.exchanged) => Columns::Exchanged,
        (true, _) => Columns::AsRead,
        (false, true) => Columns::Exchanged,
        (false, false) if odd => Columns::Doubtful,
        (false, false) => Columns::AsRead,
    };
    let exchanged = columns == Columns::Exchanged;
    let (outflow, exports) = parts(&trade.outflow, trade.outflow_split.as_ref(), exchanged);
    let (inflow, imports) = parts(&trade.inflow, trade.inflow_split.as_ref(), exchanged);
    let (exports, domestic_outflow) = exports.unzip();
    let (imports, domestic_inflow) = imports.unzip();
    Settled {
        exports,
        domestic_outflow,
        imports,
        domestic_inflow,
        outflow,
        inflow,
        columns,
        by_user,
        evidence,
    }
}

/// A split with numbers in both columns.
fn usable(split: &Option<TradeSplit>) -> Option<&TradeSplit> {
    split.as_ref().filter(|split| {
        split.foreign.iter().any(|v| *v != 0.0) && split.domestic.iter().any(|v| *v != 0.0)
    })
}

fn evidence(
    out: Option<&TradeSplit>,
    inn: Option<&TradeSplit>,
    limits: Option<(&[f64], &[f64])>,
) -> Evidence {
    let size = |column: &[f64]| column.iter().map(|v| v.max(0.0)).sum::<f64>();
    let share = |split: Option<&TradeSplit>| {
        split.map_or(0.0, |split| {
            let (foreign, domestic) = (size(&split.foreign), size(&split.domestic));
            ratio(foreign, foreign + domestic)
        })
    };
    let above = |column: &[f64], limit: &[f64]| {
        column.iter().zip(limit).map(|(v, limit)| (v - limit.max(0.0)).max(0.0)).sum::<f64>()
    };
    let (foreign_outflow, foreign_inflow) = (share(out), share(inn));
    let Some((exports, imports)) = limits else {
        return Evidence { foreign_outflow, foreign_inflow, ..Evidence::default() };
    };
    let (mut read, mut all_read, mut turned, mut all_turned) = (0.0, 0.0, 0.0, 0.0);
    for (split, limit) in [(out, exports), (inn, imports)] {
        let Some(split) = split else { continue };
        read += above(&split.foreign, limit);
        all_read += size(&split.foreign);
        turned += above(&split.domestic, limit);
        all_turned += size(&split.domestic);
    }
    Evidence {
        impossible_as_read: ratio(read, all_read),
        impossible_exchanged: ratio(turned, all_turned),
        gain: ratio(read - turned, read),
        foreign_outflow,
        foreign_inflow,
    }
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// Foreign and domestic part of a side.
type Parts = (Vec<f64>, Vec<f64>);

/// What a side's source has, and its parts.
fn parts(total: &[f64], split: Option<&TradeSplit>, exchanged: bool) -> (Quality, Option<Parts>) {
    let Some(split) = split else { return (Quality::Missing, None) };
    let all_zero = |column: &[f64]| column.iter().all(|v| *v == 0.0);
    let (foreign, domestic) = if exchanged {
        (&split.domestic, &split.foreign)
    } else {
        (&split.foreign, &split.domestic)
    };
    let traded = total.iter().any(|v| *v != 0.0);
    match (all_zero(foreign), all_zero(domestic)) {
        (true, true) if traded => return (Quality::Missing, None),
        (true, false) if traded => return (Quality::AllDomestic, None),
        _ => {}
    }
    let gap: f64 =
        foreign.iter().zip(domestic).zip(total).map(|((f, d), t)| (f + d - t).abs()).sum();
    let taken: Vec<f64> =
        foreign.iter().zip(total).map(|(f, t)| f.clamp(0.0, t.max(0.0))).collect();
    let over: f64 = foreign.iter().zip(&taken).map(|(f, t)| (f - t).max(0.0)).sum();
    let rest = total.iter().zip(&taken).map(|(t, f)| t - f).collect();
    let quality = Quality::Present {
        gap: ratio(gap, total.iter().sum()),
        capped: ratio(over, foreign.iter().map(|v| v.max(0.0)).sum()),
    };
    (quality, Some((taken, rest)))
}

/// What all verdicts come to, one sentence for each kind, with the regions it is said of.
pub fn summary(tables: &RegionalTables, settled: &[Settled]) -> Vec<String> {
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let named = |which: &dyn Fn(&Settled) -> Option<String>| -> Vec<String> {
        let one = |(table, settled): (&RegionalTable, &Settled)| {
            let detail = which(settled)?;
            let code = &table.region.code;
            Some(if detail.is_empty() { code.clone() } else { format!("{code} ({detail})") })
        };
        tables.regions.iter().zip(settled).filter_map(one).collect()
    };
    let plain = |yes: bool| yes.then(String::new);
    let gap = |settled: &Settled| {
        let of = |quality| match quality {
            Quality::Present { gap, .. } => gap,
            _ => 0.0,
        };
        of(settled.outflow).max(of(settled.inflow))
    };
    let kinds: [(&str, Vec<String>); 6] = [
        (
            "foreign and domestic columns are exchanged (share of the foreign ones above the nation's trade, as read)",
            named(&|one| {
                let exchanged = one.columns == Columns::Exchanged && !one.by_user;
                exchanged.then(|| percent(one.evidence.impossible_as_read))
            }),
        ),
        (
            "columns are exchanged because you say so",
            named(&|one| plain(one.columns == Columns::Exchanged && one.by_user)),
        ),
        (
            "columns are read as they stand though most of the outflow is foreign then",
            named(&|one| {
                let doubtful = one.columns == Columns::Doubtful;
                doubtful.then(|| percent(one.evidence.foreign_outflow))
            }),
        ),
        ("there are no columns", named(&|one| plain(one.outflow == Quality::Missing))),
        (
            "all trade is in the domestic column, which is no split",
            named(&|one| plain(one.outflow == Quality::AllDomestic)),
        ),
        (
            "the parts miss their total by more than 1 % of it (the larger side)",
            named(&|one| (gap(one) > 0.01).then(|| percent(gap(one)))),
        ),
    ];
    let mut kinds = kinds.to_vec();
    let odd: Vec<String> = tables
        .regions
        .iter()
        .filter_map(|table| {
            let odd = odd_trade(table);
            let count = (0..tables.sectors.len())
                .filter(|product| odd.iter().any(|one| one.product == *product))
                .count();
            (count > 0).then(|| format!("{} ({count})", table.region.code))
        })
        .collect();
    kinds.push(("more outflow than output or more inflow than use (number of products)", odd));
    let filled = kinds.into_iter().filter(|(_, regions)| !regions.is_empty());
    filled.map(|(what, regions)| format!("{what}: {}", regions.join(", "))).collect()
}

/// A note for every region whose split is not simply what its headers say.
pub fn notes(tables: &RegionalTables, settled: &[Settled]) -> Vec<Note> {
    let one = |(table, settled): (&RegionalTable, &Settled)| {
        let mut told = told(settled);
        told.extend(odd_in_words(tables, table));
        (!told.is_empty()).then(|| {
            let text =
                format!("{} ({}), trade: {}", table.region.name(), table.sheet, told.join("; "));
            Note::new(NoteCode::SourceRule, text)
        })
    };
    tables.regions.iter().zip(settled).filter_map(one).collect()
}

fn told(settled: &Settled) -> Vec<String> {
    let evidence = &settled.evidence;
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let mut told = Vec::new();
    match (settled.columns, settled.by_user) {
        (Columns::Exchanged, true) => told.push("the columns are exchanged, as you say".to_owned()),
        (Columns::Exchanged, false) => told.push(format!(
            "the columns are exchanged: {} of the foreign ones is more than the nation trades, {} if exchanged",
            percent(evidence.impossible_as_read),
            percent(evidence.impossible_exchanged)
        )),
        (Columns::Doubtful, _) => told.push(format!(
            "read as the headers say, though {} of the outflow and {} of the inflow is foreign then",
            percent(evidence.foreign_outflow),
            percent(evidence.foreign_inflow)
        )),
        (Columns::AsRead, true) => told.push("read as the headers say, as you say".to_owned()),
        (Columns::AsRead, false) => {}
    }
    for (side, quality) in [("outflow", settled.outflow), ("inflow", settled.inflow)] {
        match quality {
            Quality::Missing => told.push(format!("the {side} has no parts")),
            Quality::AllDomestic => {
                told.push(format!("the {side} is all in the domestic column, which is no split"));
            }
            Quality::Present { gap, capped } if gap > 1e-3 || capped > 1e-3 => told.push(format!(
                "the parts of the {side} miss its total by {} of it, {} of the foreign part is above it; the total counts",
                percent(gap),
                percent(capped)
            )),
            Quality::Present { .. } => {}
        }
    }
    told
}

/// A cell of trade that cannot be, or hardly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OddTrade {
    /// Position of the product.
    pub product: usize,
    /// The side.
    pub side: Side,
    /// The trade.
    pub value: f64,
    /// What it should not exceed: output for the outflow, use within the region for the inflow.
    pub limit: f64,
}

/// Cells of a region where more flows out than is made, or more flows in than is used: goods pass
/// through, or the source is wrong.
pub fn odd_trade(table: &RegionalTable) -> Vec<OddTrade> {
    let used = table.use_by_product();
    let mut found = Vec::new();
    for (product, used) in used.into_iter().enumerate() {
        let sides = [
            (Side::Outflow, table.trade.outflow[product], table.output[product]),
            (Side::Inflow, table.trade.inflow[product], used),
        ];
        for (side, value, limit) in sides {
            if value > limit + 1e-6 * limit.abs().max(1.0) {
                found.push(OddTrade { product, side, value, limit });
            }
        }
    }
    found
}

/// The odd cells of a region in words, one line for each side that has any.
fn odd_in_words(tables: &RegionalTables, table: &RegionalTable) -> Vec<String> {
    let odd = odd_trade(table);
    let one = |side: Side| {
        let of: Vec<&OddTrade> = odd.iter().filter(|one| one.side == side).collect();
        let excess = |one: &OddTrade| one.value - one.limit;
        let largest = of.iter().max_by(|a, b| excess(a).total_cmp(&excess(b)))?;
        let (flow, limit) = match side {
            Side::Outflow => ("outflow", "output"),
            Side::Inflow => ("inflow", "use"),
        };
        let label = &tables.sectors.labels()[largest.product];
        let plural = if of.len() == 1 { "product has" } else { "products have" };
        Some(format!(
            "{} {plural} more {flow} than {limit}, most {} {} ({} of {}): goods that pass through, or a wrong cell",
            of.len(),
            label.code,
            label.name(),
            human(largest.value),
            human(largest.limit)
        ))
    };
    [Side::Outflow, Side::Inflow].into_iter().filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::{Axis, Label};
    use crate::linalg::Dense;
    use crate::table::Meta;
    use crate::table::regional::OpenTrade;

    fn table(code: &str, out: [f64; 2], split: Option<[[f64; 2]; 2]>) -> RegionalTable {
        let split = |on: bool| {
            split.filter(|_| on).map(|[foreign, domestic]| TradeSplit {
                foreign: foreign.to_vec(),
                domestic: domestic.to_vec(),
            })
        };
        RegionalTable {
            region: Label::code(code),
            sheet: code.to_owned(),
            flows: Dense::zeros(2, 2),
            final_demand: Dense::zeros(2, 0),
            trade: OpenTrade {
                outflow: out.to_vec(),
                inflow: vec![0.0; 2],
                outflow_split: split(true),
                inflow_split: None,
            },
            error: vec![0.0; 2],
            value_added: Dense::zeros(0, 2),
            output: vec![100.0; 2],
        }
    }

    fn tables(regions: Vec<RegionalTable>) -> RegionalTables {
        RegionalTables {
            meta: Meta::new("t", 2007, "yuan".parse().unwrap()),
            sectors: Axis::new("sector", ["1", "2"].map(Label::code)).unwrap(),
            categories: Vec::new(),
            value_added: Vec::new(),
            regions,
            national: Some(table("CN", [20.0, 0.0], None)),
        }
    }

    fn settled(split: Option<[[f64; 2]; 2]>, options: &SplitOptions) -> Settled {
        let tables = tables(vec![table("A", [50.0, 30.0], split)]);
        settle(&tables, options).unwrap().remove(0)
    }

    #[test]
    fn columns_are_exchanged_where_the_foreign_one_is_impossible() {
        // Product 2 is not exported at all, so 30 of it abroad cannot be.
        let one = settled(Some([[35.0, 30.0], [15.0, 0.0]]), &SplitOptions::default());
        assert_eq!(one.columns, Columns::Exchanged);
        assert_eq!(one.exports, Some(vec![15.0, 0.0]));
        assert_eq!(one.domestic_outflow, Some(vec![35.0, 30.0]));
        assert_eq!(one.evidence.gain, 1.0);
    }

    #[test]
    fn the_user_goes_before_the_rule() {
        let options = SplitOptions { not_exchanged: vec!["A".into()], ..SplitOptions::default() };
        let one = settled(Some([[35.0, 30.0], [15.0, 0.0]]), &options);
        assert_eq!((one.columns, one.by_user), (Columns::AsRead, true));
        assert_eq!(one.exports, Some(vec![35.0, 30.0]));
        let unknown = SplitOptions { exchanged: vec!["Z".into()], ..SplitOptions::default() };
        let tables = tables(vec![table("A", [0.0; 2], None)]);
        assert_eq!(
            settle(&tables, &unknown),
            Err(SplitError::UnknownRegion { region: "Z".into() })
        );
    }

    #[test]
    fn an_exchange_that_does_not_help_is_not_made() {
        let one = settled(Some([[25.0, 5.0], [25.0, 25.0]]), &SplitOptions::default());
        assert_eq!(one.columns, Columns::AsRead);
        assert!(one.evidence.impossible_as_read > 0.02 && one.evidence.gain < 0.0);
    }

    #[test]
    fn parts_add_up_to_the_total_whatever_the_columns_do() {
        let one = settled(Some([[20.0, -1.0], [90.0, 2.0]]), &SplitOptions::default());
        let (exports, domestic) = (one.exports.unwrap(), one.domestic_outflow.unwrap());
        assert_eq!((exports, domestic), (vec![20.0, 0.0], vec![30.0, 30.0]));
        assert!(
            matches!(one.outflow, Quality::Present { gap, .. } if (gap - 89.0 / 80.0).abs() < 1e-12)
        );
    }

    #[test]
    fn no_split_is_none() {
        assert_eq!(settled(None, &SplitOptions::default()).outflow, Quality::Missing);
        let zero = settled(Some([[0.0; 2], [50.0, 30.0]]), &SplitOptions::default());
        assert_eq!((zero.outflow, zero.exports), (Quality::AllDomestic, None));
        let empty = settled(Some([[0.0; 2]; 2]), &SplitOptions::default());
        assert_eq!(empty.outflow, Quality::Missing);
    }
}
