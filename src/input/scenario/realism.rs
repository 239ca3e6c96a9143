//! `[realism]`: one table for each switch, off where it is not there.

mod keys;
mod physical;

use keys::{Keys, Range, regions, rows, sectors};

use super::Context;
use super::pairs::Pairs;
use crate::fault::Fault;
use crate::input::document::Section;
use crate::labels::Industries;
use crate::realism::backfill::Backfill;
use crate::realism::construction::{Construction, Goods};
use crate::realism::employment::Productivity;
use crate::realism::households::Households;
use crate::realism::households::followers::{Direct, Follow};
use crate::realism::tax::TaxSharing;
use crate::realism::vintage::{NewBuild, Vintage};
use crate::relocation::Move;
use crate::scenario::realism::{Equipment, JobsOf, Old, Realism, Wages, Work};
use crate::table::InputFile;

/// Reads `[realism]`, and the files it names into `inputs`; `moves` are those of the scenario.
pub(super) fn realism(
    section: &Section<'_>,
    context: Option<&Context<'_>>,
    moves: &[Move],
    inputs: &mut Vec<InputFile>,
) -> Realism {
    let mut found = Realism::default();
    let of = |key: &'static str| section.section(key);
    if let Some(section) = of("backfill") {
        found.backfill = backfill(&Keys { section: &section, context }, moves).unwrap_or_default();
        section.finish();
    }
    if let Some(section) = of("households") {
        found.households = households(&Keys { section: &section, context }, moves, inputs);
        section.finish();
    }
    if let Some(section) = of("tax") {
        found.tax = tax(&Keys { section: &section, context });
        section.finish();
    }
    if let Some(section) = of("construction") {
        found.construction = construction(&Keys { section: &section, context }, inputs);
        section.finish();
    }
    if let Some(section) = of("freight") {
        found.freight = physical::freight(&Keys { section: &section, context }, inputs);
        section.finish();
    }
    if let Some(section) = of("electricity") {
        let keys = Keys { section: &section, context };
        found.electricity = physical::electricity(&keys, moves, inputs);
        section.finish();
    }
    for section in section.sections("capacity") {
        let keys = Keys { section: &section, context };
        found.capacity.extend(physical::capacity(&keys, inputs).unwrap_or_default());
        section.finish();
    }
    for section in section.sections("products") {
        let product = physical::product(&Keys { section: &section, context });
        if let (Some(product), Some(context)) = (&product, context) {
            let sector = product.priced.sector;
            let code = context.table.industries().sectors.code(sector);
            let twice = found.products.iter().any(|other| other.priced.sector == sector);
            let told = match (twice, moves.iter().any(|mv| mv.sector == sector)) {
                (true, _) => {
                    Some((format!("{code} has two prices"), "one [[realism.products]] per sector"))
                }
                (_, false) => Some((format!("no move is of {code}"), "price a sector that moves")),
                _ => None,
            };
            if let Some((text, help)) = told {
                section.document().push(Fault::new(section.at_key("sector"), text).help(help));
            }
        }
        found.products.extend(product);
        section.finish();
    }
    if let Some(section) = of("vintage") {
        found.vintage = vintage(&Keys { section: &section, context });
        section.finish();
    }
    if let Some(section) = of("employment") {
        found.employment = employment(&Keys { section: &section, context });
        section.finish();
    }
    section.finish();
    found
}

fn backfill(keys: &Keys<'_>, moves: &[Move]) -> Option<Vec<Option<Backfill>>> {
    let sector = keys.position("sector", sectors);
    let share = keys.required("share", Range::Share);
    let fill = Backfill { sector: sector?, share: share? };
    moves.iter().enumerate().try_for_each(|(at, mv)| keys.check(fill.check(at, mv)))?;
    Some(vec![Some(fill); moves.len()])
}

fn households(keys: &Keys<'_>, moves: &[Move], inputs: &mut Vec<InputFile>) -> Option<Wages> {
    let compensation = keys.position("compensation", rows);
    let propensity = keys.all_by_name("spent", regions, Range::Share);
    let categories = keys.positions("categories", |context| context.categories());
    let residence = keys.pairs("residence", "share", inputs);
    let share = keys.number("follow", Range::Share);
    let workers = keys.section.text("direct_by");
    let direct = match (&workers, keys.context) {
        (None, _) => Some(Direct::PerIncome),
        (Some(text), _) if text.value == "income" => Some(Direct::PerIncome),
        (Some(text), Some(context)) => {
            context.position(&context.stressors(), text, keys.section).map(Direct::PerWorker)
        }
        _ => None,
    };
    if let (Some(text), false) = (&workers, keys.section.has("follow")) {
        let help = "write follow = SHARE, or delete the line";
        keys.fault(text.at.clone(), "direct_by without follow has no effect", help);
    }
    let industries = keys.table()?.industries();
    let filled = |pairs: Pairs| {
        let of_row = |row: Vec<Option<f64>>| row.into_iter().map(|v| v.unwrap_or(0.0)).collect();
        pairs.into_iter().map(of_row).collect::<Vec<Vec<f64>>>()
    };
    let households = Households {
        compensation: compensation?,
        propensity: propensity?,
        categories: categories?,
        residence: match keys.section.has("residence") {
            true => Some(filled(residence?)),
            false => None,
        },
    };
    keys.check(households.check(industries))?;
    let follow = match keys.section.has("follow") {
        true => Some(Follow { shares: vec![share?; moves.len()], direct: direct? }),
        false => None,
    };
    Some(Wages { households, follow })
}

fn tax(keys: &Keys<'_>) -> Option<TaxSharing> {
    let rows = keys.positions("rows", rows);
    let share = keys.required("share", Range::Share);
    let years = keys.years("years", 0);
    let sharing = TaxSharing { rows: rows?, share: share?, years: years? };
    keys.check(sharing.check())?;
    Some(sharing)
}

fn construction(keys: &Keys<'_>, inputs: &mut Vec<InputFile>) -> Option<Construction> {
    let capital_per_output = keys.required("capital_per_output", Range::Ratio);
    let years = keys.years("years", 1);
    let given = keys.industries("goods", inputs);
    let goods = match keys.section.has("goods") {
        true => Goods::Given(given?),
        false => Goods::InvestmentOfDestination,
    };
    let found = Construction { capital_per_output: capital_per_output?, years: years?, goods };
    keys.check(found.check(keys.table()?.industries().len()))?;
    Some(found)
}

fn vintage(keys: &Keys<'_>) -> Option<Equipment> {
    let stressor = keys.stressor();
    let intensity = keys.number("new_build", Range::FromZero);
    let best = keys.number("best_times", Range::FromZero);
    let replaced_at_move = keys.required("replaced_at_move", Range::Share);
    let replaced_yearly = keys.required("replaced_yearly", Range::Share);
    let old = keys.section.word("old", &[("technology", Old::Technology), ("origin", Old::Origin)]);
    if keys.section.has("new_build") == keys.section.has("best_times") {
        let text = "needs either \"new_build\" or \"best_times\"";
        let help = "what a new plant emits: new_build = INTENSITY per unit of money, or best_times = 0.8, that many \
                    times the lowest intensity of the sector in any region";
        keys.fault(keys.section.at(), text, help);
        return None;
    }
    let new_build = match keys.section.has("new_build") {
        true => NewBuild::Intensity(intensity?),
        false => NewBuild::BestTimes(best?),
    };
    let vintage = Vintage {
        new_build,
        replaced_at_move: replaced_at_move?,
        replaced_yearly: replaced_yearly?,
    };
    keys.check(vintage.check())?;
    let old = old.map(|word| word.value).unwrap_or_default();
    Some(Equipment { vintage, stressor: stressor?, old })
}

fn employment(keys: &Keys<'_>) -> Option<Work> {
    let jobs = keys.section.required_text("jobs");
    let drift = keys.all_by_name("drift", sectors, Range::Rate);
    let by_pay = jobs.as_ref().is_some_and(|jobs| jobs.value.starts_with("value_added:"));
    let pay = (by_pay || keys.section.has("pay"))
        .then(|| keys.all_by_name("pay", regions, Range::AboveZero));
    if let (Some(jobs), false, true) = (&jobs, by_pay, keys.section.has("pay")) {
        let help = "jobs = \"value_added:CODE\" is what pay divides; delete one of the two";
        let text = format!("pay has no effect on the extension {:?}", jobs.value);
        keys.fault(keys.section.at_key("pay"), text, help);
    }
    let (context, jobs) = (keys.context?, jobs?);
    let jobs = match jobs.value.strip_prefix("value_added:") {
        Some(code) => {
            let row = crate::input::document::Located { value: code.to_owned(), at: jobs.at };
            let row = context.position(&rows(context), &row, keys.section);
            JobsOf::Pay { row: row?, pay: pay.flatten()? }
        }
        None => JobsOf::Extension(context.position(&context.stressors(), &jobs, keys.section)?),
    };
    let industries = context.table.industries();
    let productivity = Productivity { drift: by_industry(industries, &drift?) };
    keys.check(productivity.check(industries))?;
    Some(Work { jobs, productivity })
}

/// A number of each sector for all of its industries.
fn by_industry(industries: &Industries, of_sectors: &[f64]) -> Vec<f64> {
    (0..industries.len()).map(|j| of_sectors[industries.split(j).1]).collect()
}
