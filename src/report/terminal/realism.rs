//! Closer realism on the terminal: what the switches add beside the headline, then a line for each
//! number of its own.

use std::fmt::Write;

use super::{Columns, Language, percent, region_lines, with_sum};
use crate::realism::construction::Payback;
use crate::realism::tax::TaxChange;
use crate::run::realism::{Building, CarbonPayback, RealismYear};
use crate::run::{Outcome, YearOutcome};
use crate::scenario::Scenario;
use crate::table::{Quantity, Table};
use crate::text::{human, signed};

/// Everything of the last year, and the building of the plants.
pub(super) fn realism(
    table: &Table,
    scenario: &Scenario,
    outcome: &Outcome,
    language: Language,
) -> String {
    let mut out = String::new();
    let Some(year) = outcome.years.last() else { return out };
    let Some(found) = &year.realism else { return out };
    for quantity in table.quantities().into_iter().filter(|q| *q != Quantity::Output) {
        out.push_str(&added(table, year, found, quantity, language));
    }
    if let Some(building) = &outcome.building {
        out.push_str(&built(table, building));
    }
    out.push_str(&taxes(table, scenario, outcome));
    out.push_str(&power(table, scenario, found, language));
    out.push_str(&limits(scenario, found));
    out.push_str(&tonnes(table, scenario, found));
    out.push_str(&jobs(table, year, found, language));
    out
}

/// The headline of a quantity, what each switch adds to it, and the sum.
fn added(
    table: &Table,
    year: &YearOutcome,
    found: &RealismYear,
    quantity: Quantity,
    language: Language,
) -> String {
    let changes: Vec<_> = found
        .switches
        .iter()
        .filter_map(|outcome| Some((outcome.switch, outcome.change(quantity)?)))
        .collect();
    if changes.is_empty() {
        return String::new();
    }
    let (code, unit) = (table.quantity_code(quantity), table.quantity_unit(quantity));
    let lines = region_lines(table.industries().regions.labels(), language);
    let mut grid = Columns::new(&format!("change of {code},\n{unit}, {}", year.year), lines);
    let headline = year.change(table, quantity);
    grid.add("headline".to_owned(), &with_sum(headline.clone()), true);
    let (summed, beside): (Vec<_>, Vec<_>) =
        changes.into_iter().partition(|(switch, _)| switch.adds_up());
    for (switch, change) in &summed {
        grid.add(switch.word().to_owned(), &with_sum(change.clone()), true);
    }
    if !summed.is_empty() {
        let sum = found.with_switches(quantity, &headline);
        grid.add("with these\nswitches".to_owned(), &with_sum(sum), true);
    }
    for (switch, change) in &beside {
        grid.add(format!("{}\n(not added)", switch.word()), &with_sum(change.clone()), true);
    }
    format!("\n{}\n", grid.grid())
}

/// Building before the plants run, and when it is paid back.
fn built(table: &Table, building: &Building) -> String {
    let mut out = String::new();
    let (Some(first), Some(last)) = (building.years.first(), building.years.last()) else {
        return out;
    };
    let invested: f64 = building.years.iter().flat_map(|year| &year.invested).sum();
    let _ = writeln!(
        out,
        "\nbuilding of the plants, {} to {}: {} {} invested",
        first.year,
        last.year,
        human(invested),
        table.meta().unit
    );
    for payback in &building.paybacks {
        let (code, unit) =
            (table.quantity_code(payback.quantity), table.quantity_unit(payback.quantity));
        let CarbonPayback { headline, with_switches, .. } = payback;
        let [alone, both] = [*headline, *with_switches].map(|found| paid(found, building.first));
        let said = if alone == both {
            alone
        } else {
            format!("{alone} by the headline, {both} with the switches")
        };
        let _ = writeln!(out, "  it adds {} {unit} of {code} in all, {said}", human(payback.owed));
    }
    out
}

fn paid(found: Payback, first: Option<i32>) -> String {
    match (found, first) {
        (Payback::NothingOwed, _) => "which leaves nothing to pay back".to_owned(),
        (Payback::In(year), Some(first)) => {
            let years = i64::from(year) - i64::from(first) + 1;
            let plural = if years == 1 { "" } else { "s" };
            format!("paid back within {years} year{plural} of running")
        }
        _ => "never paid back".to_owned(),
    }
}

/// Taxes of origin and destination in the last year in which they are shared, and the share at which
/// nobody loses.
fn taxes(table: &Table, scenario: &Scenario, outcome: &Outcome) -> String {
    let mut out = String::new();
    let Some(sharing) = &scenario.realism.tax else { return out };
    let of = |year: &YearOutcome| Some((year.year, year.realism.as_ref()?.tax.clone()?));
    let years: Vec<(i32, TaxChange)> = outcome.years.iter().filter_map(of).collect();
    let paid = |tax: &TaxChange| tax.paid_back.iter().sum::<f64>();
    let shared = years.iter().rev().find(|(_, tax)| paid(tax) != 0.0);
    let Some((year, tax)) = shared.or(years.last()) else { return out };
    let all: f64 = years.iter().map(|(_, tax)| paid(tax)).sum();
    let (regions, unit) = (&table.industries().regions, &table.meta().unit);
    let _ = writeln!(
        out,
        "\ntaxes in {year}, {unit}, with {} of those of the relocated plants paid back ({} in all years):",
        percent(sharing.share),
        human(all)
    );
    let concerned =
        |r: usize| scenario.moves.iter().any(|planned| planned.mv.from == r || planned.mv.to == r);
    for r in (0..regions.len()).filter(|r| concerned(*r)) {
        let even = match tax.break_even[r] {
            Some(0.0) => "loses nothing unshared".to_owned(),
            Some(share) if share <= 1.0 => format!("breaks even at a share of {}", percent(share)),
            Some(share) => format!(
                "not even all of them make up for its loss (it would take {} of them)",
                percent(share)
            ),
            None => "loses, and no share of these taxes makes up for it".to_owned(),
        };
        let _ = writeln!(
            out,
            "  {}: {} unshared, {} shared; {even}",
            regions.code(r),
            signed(tax.unshared[r]),
            signed(tax.shared[r])
        );
    }
    out
}

/// Scope 1 and Scope 2 with the table's own account beside them.
fn power(table: &Table, scenario: &Scenario, found: &RealismYear, language: Language) -> String {
    let (Some(scopes), Some(power)) = (&found.scopes, &scenario.realism.electricity) else {
        return String::new();
    };
    let quantity = Quantity::Stressor(power.stressor);
    let (code, unit) = (table.quantity_code(quantity), table.quantity_unit(quantity));
    let lines = region_lines(table.industries().regions.labels(), language);
    let mut grid = Columns::new(&format!("electricity apart:\nchange of {code}, {unit}"), lines);
    for (header, values) in [
        ("Scope 1", &scopes.scope_1),
        ("Scope 2,\nwhere used", &scopes.scope_2),
        ("the same,\nwhere generated", &scopes.generation),
        ("by the table's\npower sector", &scopes.monetary),
    ] {
        grid.add(header.to_owned(), &with_sum(values.clone()), true);
    }
    format!("\n{}\n", grid.grid())
}

/// Limits with what is used of them, those exceeded first.
fn limits(scenario: &Scenario, found: &RealismYear) -> String {
    let mut out = String::new();
    let mut all: Vec<_> = scenario.realism.capacity.iter().zip(&found.headroom).collect();
    // Stable: within each half the order of the scenario.
    all.sort_by_key(|(_, headroom)| !headroom.exceeded);
    if !all.is_empty() {
        out.push_str("\nlimits:\n");
    }
    for (named, headroom) in all {
        let word = match headroom.exceeded {
            true if headroom.was_exceeded() => "EXCEEDED, and already without the moves",
            true => "EXCEEDED",
            false => "met",
        };
        let number = |value: Option<f64>| value.map_or("not defined".to_owned(), human);
        let share =
            headroom.share_used().map_or(String::new(), |share| format!(" ({})", percent(share)));
        let _ = writeln!(
            out,
            "  {word}: {}: {} of {} {}{share}, without the moves {}",
            named.name,
            number(headroom.used),
            human(headroom.limit),
            named.unit,
            number(headroom.before)
        );
    }
    out
}

/// Moves in tonnes and plants.
fn tonnes(table: &Table, scenario: &Scenario, found: &RealismYear) -> String {
    let mut out = String::new();
    if !found.physical.is_empty() {
        out.push_str("\nmoves in tonnes:\n");
    }
    let industries = table.industries();
    for physical in &found.physical {
        let mv = &scenario.moves[physical.index].mv;
        let plants = physical.plants.map_or(String::new(), |n| format!(", {} plants", human(n)));
        let share = physical
            .national_share
            .map_or(String::new(), |share| format!(", {} of all regions'", percent(share)));
        let _ = writeln!(
            out,
            "  {} to {}: {} t a year{plants}{share}",
            industries.name(industries.index(mv.from, mv.sector)),
            industries.regions.code(mv.to),
            human(physical.tonnes)
        );
    }
    out
}

/// Jobs at the productivity of the year and of the table.
fn jobs(table: &Table, year: &YearOutcome, found: &RealismYear, language: Language) -> String {
    let Some(jobs) = &found.jobs else { return String::new() };
    let lines = region_lines(table.industries().regions.labels(), language);
    let mut grid = Columns::new(&format!("jobs, {}", year.year), lines);
    grid.add("without\nthe moves".to_owned(), &with_sum(jobs.baseline.drifted.clone()), false);
    grid.add("change".to_owned(), &with_sum(jobs.change.drifted.clone()), true);
    if year.year != table.meta().year {
        let constant = with_sum(jobs.change.constant.clone());
        grid.add("change at the\ntable's productivity".to_owned(), &constant, true);
    }
    format!("\n{}\n", grid.grid())
}
