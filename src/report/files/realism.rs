//! Files of closer realism, and its switches in words.

use serde_json::{Map, Value, json};

use crate::realism::capacity::{Headroom, Limit, Resource};
use crate::realism::construction::{Construction, Goods, Payback};
use crate::realism::electricity::PowerSupply;
use crate::realism::households::followers::Direct;
use crate::realism::tax::TaxSharing;
use crate::realism::vintage::NewBuild;
use crate::report::results::Results;
use crate::run::realism::{Building, RealismYear};
use crate::run::{Outcome, YearOutcome};
use crate::scenario::Scenario;
use crate::scenario::realism::{
    Equipment, Hauling, JobsOf, NamedLimit, Old, Power, Product, Realism, Wages, Work,
};
use crate::table::{Quantity, Table};
use crate::tidy::{Column, Tidy};

/// Adds every file of closer realism, if any switch is on.
pub(super) fn realism(
    results: &mut Results,
    table: &Table,
    scenario: &Scenario,
    outcome: &Outcome,
) {
    if scenario.realism.is_off() {
        return;
    }
    results.file(
        "realism.csv",
        "what each switch of [realism] (factor) adds by region, to first order, beside the headline and not in it: \
         changes of industries and of households directly (part); factor headline is the change of the scenario, \
         with_switches its sum with all that may be added to it, which freight may not; then taxes, scopes 1 and 2, \
         limits, tonnes, jobs and payback",
        lines(table, scenario, outcome),
    );
    if outcome.years.iter().any(|year| year.realism.as_ref().is_some_and(|r| r.freight.is_some())) {
        results.file(
            "freight.csv",
            "change of hauling by region of origin (from) and of use (to); beside the table's emissions, never added",
            freight(table, scenario, outcome),
        );
    }
}

/// Lines of `realism.csv`, which repeat what most of them share.
struct Lines<'a> {
    table: &'a Table,
    tidy: Tidy,
    year: String,
    factor: &'static str,
}

impl Lines<'_> {
    /// A number of one region (or all) and one sector (or all).
    fn add(
        &mut self,
        (quantity, unit): (&str, &str),
        (region, sector): (Option<usize>, Option<usize>),
        part: &str,
        statistic: &str,
        value: f64,
    ) {
        let industries = self.table.industries();
        let region = region.map_or("all", |region| industries.regions.code(region));
        let sector = sector.map_or("all", |sector| industries.sectors.code(sector));
        let texts = [&self.year, quantity, unit, region, sector, self.factor, part, statistic];
        self.tidy.push(&texts, value);
    }

    /// Numbers by region.
    fn regions(&mut self, what: (&str, &str), part: &str, statistic: &str, values: &[f64]) {
        for (region, value) in values.iter().enumerate() {
            self.add(what, (Some(region), None), part, statistic, *value);
        }
    }

    fn changes(&mut self, part: &str, changes: &[(Quantity, Vec<f64>)]) {
        for (quantity, values) in changes {
            let (code, unit) = names(self.table, *quantity);
            self.regions((code, &unit), part, "change", values);
        }
    }
}

fn names(table: &Table, quantity: Quantity) -> (&str, String) {
    (table.quantity_code(quantity), table.quantity_unit(quantity).to_string())
}

fn lines(table: &Table, scenario: &Scenario, outcome: &Outcome) -> Tidy {
    use Column::{Factor, Part, Quantity as Of, Region, Sector, Statistic, Unit, Year};
    let tidy = Tidy::new(&[Year, Of, Unit, Region, Sector, Factor, Part, Statistic]);
    let mut lines = Lines { table, tidy, year: String::new(), factor: "" };
    if let Some(building) = &outcome.building {
        self::building(&mut lines, building);
    }
    for year in &outcome.years {
        let Some(found) = &year.realism else { continue };
        lines.year = year.year.to_string();
        added(&mut lines, year, found);
        told(&mut lines, scenario, found);
    }
    lines.tidy
}

/// What the switches add, with the headline and the sum.
fn added(lines: &mut Lines<'_>, year: &YearOutcome, found: &RealismYear) {
    let table = lines.table;
    if found.switches.is_empty() {
        return;
    }
    let headline: Vec<(Quantity, Vec<f64>)> = table
        .quantities()
        .into_iter()
        .map(|quantity| (quantity, year.change(table, quantity)))
        .collect();
    lines.factor = "headline";
    lines.changes("industries", &headline);
    for outcome in &found.switches {
        lines.factor = outcome.switch.word();
        // Building is told by its own years, those that the run does not compute included.
        if outcome.switch.word() != "construction" {
            lines.changes("industries", &outcome.industries);
        }
        for (at, direct) in outcome.direct.iter().enumerate() {
            lines.changes("households", &[(Quantity::Stressor(at), direct.clone())]);
        }
    }
    lines.factor = "with_switches";
    for (quantity, change) in &headline {
        lines.changes("all", &[(*quantity, found.with_switches(*quantity, change))]);
    }
}

/// Numbers of their own.
fn told(lines: &mut Lines<'_>, scenario: &Scenario, found: &RealismYear) {
    let (table, realism) = (lines.table, &scenario.realism);
    let money = table.meta().unit.to_string();
    if let Some(tax) = &found.tax {
        lines.factor = "tax";
        let what = ("taxes", money.as_str());
        lines.regions(what, "unshared", "change", &tax.unshared);
        lines.regions(what, "shared", "change", &tax.shared);
        for (planned, paid) in scenario.moves.iter().zip(&tax.paid_back) {
            let (region, sector) = (Some(planned.mv.to), Some(planned.mv.sector));
            let part = format!("to_{}", table.industries().regions.code(planned.mv.from));
            lines.add(what, (region, sector), &part, "paid_back", *paid);
        }
        for (region, share) in tax.break_even.iter().enumerate() {
            if let Some(share) = share {
                let place = (Some(region), None);
                lines.add(("taxes", "1"), place, "shared", "break_even_share", *share);
            }
        }
    }
    if let (Some(scopes), Some(power)) = (&found.scopes, &realism.electricity) {
        lines.factor = "electricity";
        let (code, unit) = names(table, Quantity::Stressor(power.stressor));
        let difference = scopes.difference();
        for (part, values) in [
            ("scope_1", &scopes.scope_1),
            ("scope_2", &scopes.scope_2),
            ("generation", &scopes.generation),
            ("monetary", &scopes.monetary),
            ("generation_less_monetary", &difference),
        ] {
            lines.regions((code, &unit), part, "change", values);
        }
        lines.regions(("electricity", "MWh"), "use", "change", &scopes.electricity);
    }
    lines.factor = "capacity";
    for (named, headroom) in realism.capacity.iter().zip(&found.headroom) {
        limit(lines, named, headroom);
    }
    lines.factor = "products";
    for found in &found.physical {
        let mv = &scenario.moves[found.index].mv;
        let place = (Some(mv.from), Some(mv.sector));
        let part = format!("to_{}", table.industries().regions.code(mv.to));
        let mut add = |unit: &str, statistic: &str, value: f64| {
            lines.add(("output", unit), place, &part, statistic, value);
        };
        add("t", "tonnes", found.tonnes);
        add("t", "tonnes_of_all_regions", found.national_tonnes);
        if let Some(plants) = found.plants {
            add("1", "plants", plants);
        }
        if let Some(share) = found.national_share {
            add("1", "share_of_all_regions", share);
        }
    }
    if let Some(jobs) = &found.jobs {
        lines.factor = "employment";
        for (statistic, jobs) in [("baseline", &jobs.baseline), ("change", &jobs.change)] {
            lines.regions(("jobs", "person"), "with_drift", statistic, &jobs.drifted);
            lines.regions(("jobs", "person"), "without_drift", statistic, &jobs.constant);
        }
    }
}

fn limit(lines: &mut Lines<'_>, named: &NamedLimit, found: &Headroom) {
    let code = match &named.limit {
        Limit::Growth { .. } => "output",
        Limit::Quota { resource: Resource::Stressor(at), .. } => {
            lines.table.quantity_code(Quantity::Stressor(*at))
        }
        Limit::Quota { .. } => "resource",
        Limit::Intensity { stressor, .. } => {
            lines.table.quantity_code(Quantity::Stressor(*stressor))
        }
    };
    let place = match named.limit {
        Limit::Growth { region, sector, .. } => (Some(region), Some(sector)),
        Limit::Quota { region, .. } | Limit::Intensity { region, .. } => (Some(region), None),
    };
    let numbers = [
        ("limit", Some(found.limit)),
        ("without_moves", found.before),
        ("used", found.used),
        ("left", found.left),
    ];
    for (statistic, value) in numbers {
        if let Some(value) = value {
            lines.add((code, &named.unit), place, &named.name, statistic, value);
        }
    }
    let exceeded = f64::from(u8::from(found.exceeded));
    lines.add((code, "1"), place, &named.name, "exceeded", exceeded);
}

fn building(lines: &mut Lines<'_>, building: &Building) {
    let money = lines.table.meta().unit.to_string();
    lines.factor = "construction";
    for built in &building.years {
        lines.year = built.year.to_string();
        lines.regions(("investment", &money), "all", "invested", &built.invested);
        lines.changes("industries", &built.changes);
    }
    let Some(first) = building.first else { return };
    lines.year = first.to_string();
    for payback in &building.paybacks {
        let (code, unit) = names(lines.table, payback.quantity);
        lines.add((code, &unit), (None, None), "all", "owed", payback.owed);
        for (part, found) in
            [("headline", payback.headline), ("with_switches", payback.with_switches)]
        {
            let place = (None, None);
            let ever = f64::from(u8::from(found != Payback::Never));
            lines.add((code, "1"), place, part, "pays_back", ever);
            if let Some(year) = found.year() {
                let years = f64::from(year) - f64::from(first) + 1.0;
                lines.add((code, "year"), place, part, "years_of_running", years);
            }
        }
    }
}

fn freight(table: &Table, scenario: &Scenario, outcome: &Outcome) -> Tidy {
    use Column::{From, Quantity as Of, Statistic, To, Unit, Year};
    let mut tidy = Tidy::new(&[Year, Of, Unit, From, To, Statistic]);
    let Some(hauling) = &scenario.realism.freight else { return tidy };
    let (code, unit) = names(table, Quantity::Stressor(hauling.stressor));
    let regions = &table.industries().regions;
    for year in &outcome.years {
        let Some(found) = year.realism.as_ref().and_then(|realism| realism.freight.as_ref()) else {
            continue;
        };
        let when = year.year.to_string();
        for from in 0..regions.len() {
            for to in 0..regions.len() {
                let place = (regions.code(from), regions.code(to));
                let mut add = |quantity: &str, unit: &str, value: f64| {
                    tidy.push(&[&when, quantity, unit, place.0, place.1, "change"], value);
                };
                add("haulage", "tonne-kilometre", found.tonne_kilometres[(from, to)]);
                add(code, &unit, found.emissions[(from, to)]);
            }
        }
    }
    tidy
}

/// Sums of the last year with all switches, for `summary.json`: quantity → region → change.
pub(super) fn headline(table: &Table, outcome: &Outcome) -> Option<Value> {
    let last = outcome.years.last()?;
    let realism = last.realism.as_ref().filter(|realism| !realism.switches.is_empty())?;
    let regions = table.industries().regions.labels();
    let one = |quantity: Quantity| {
        let sums = realism.with_switches(quantity, &last.change(table, quantity));
        let by_region =
            regions.iter().zip(sums).map(|(label, sum)| (label.code.clone(), json!(sum)));
        (table.quantity_code(quantity).to_owned(), Value::Object(by_region.collect()))
    };
    Some(Value::Object(table.quantities().into_iter().map(one).collect()))
}

/// The switches of `[realism]` in words, for `summary.json`.
pub fn realism_switches(table: &Table, realism: &Realism) -> Value {
    if realism.is_off() {
        return json!("none");
    }
    let words = Words { table };
    let fill = realism.backfill.iter().flatten().next();
    let fill = fill.map(|own| json!({ "sector": words.sector(own.sector), "share": own.share }));
    let several = |all: Vec<Value>| (!all.is_empty()).then_some(Value::Array(all));
    let limits = realism.capacity.iter().map(|named| words.limit(named)).collect();
    let products = realism.products.iter().map(|product| words.product(product)).collect();
    let all = [
        ("backfill", fill),
        ("households", realism.households.as_ref().map(|own| words.wages(own))),
        ("tax", realism.tax.as_ref().map(|own| words.tax(own))),
        ("construction", realism.construction.as_ref().map(|own| words.construction(own))),
        ("freight", realism.freight.as_ref().map(|own| words.freight(own))),
        ("electricity", realism.electricity.as_ref().map(|own| words.power(own))),
        ("capacity", several(limits)),
        ("products", several(products)),
        ("vintage", realism.vintage.as_ref().map(|own| words.equipment(own))),
        ("employment", realism.employment.as_ref().map(|own| words.work(own))),
    ];
    let on = all.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    Value::Object(on.collect())
}

/// Switches with the table's codes for positions.
struct Words<'a> {
    table: &'a Table,
}

impl Words<'_> {
    fn sector(&self, at: usize) -> &str {
        self.table.industries().sectors.code(at)
    }

    fn stressor(&self, at: usize) -> &str {
        self.table.quantity_code(Quantity::Stressor(at))
    }

    fn row(&self, at: usize) -> &str {
        &self.table.value_added_rows().rows[at].code
    }

    fn regions(&self, values: &[f64]) -> Value {
        named(values, &|at| self.table.industries().regions.code(at).to_owned())
    }

    fn industries(&self, values: &[f64]) -> Value {
        named(values, &|at| self.table.industries().name(at))
    }

    fn wages(&self, wages: &Wages) -> Value {
        let own = &wages.households;
        let categories = &self.table.final_demand().categories;
        let categories: Vec<&str> =
            own.categories.iter().map(|at| categories[*at].label.code.as_str()).collect();
        let follow = wages.follow.as_ref().map(|follow| {
            let direct = match follow.direct {
                Direct::PerIncome => "income",
                Direct::PerWorker(at) => self.stressor(at),
            };
            json!({ "shares": follow.shares, "direct_by": direct })
        });
        json!({
            "compensation": self.row(own.compensation),
            "spent": self.regions(&own.propensity),
            "categories": categories,
            "residence": own.residence,
            "follow": follow,
        })
    }

    fn tax(&self, own: &TaxSharing) -> Value {
        let rows: Vec<&str> = own.rows.iter().map(|at| self.row(*at)).collect();
        json!({ "rows": rows, "share": own.share, "years": own.years })
    }

    fn construction(&self, own: &Construction) -> Value {
        let goods = match &own.goods {
            Goods::InvestmentOfDestination => json!("investment of the destination"),
            Goods::Given(goods) => self.industries(goods),
        };
        json!({ "capital_per_output": own.capital_per_output, "years": own.years, "goods": goods })
    }

    fn freight(&self, own: &Hauling) -> Value {
        let goods = own.freight.goods.iter();
        let goods: Map<String, Value> = goods
            .map(|good| (self.sector(good.sector).to_owned(), json!(good.tonnes_per_money)))
            .collect();
        json!({
            "stressor": self.stressor(own.stressor),
            "factor": own.freight.factor,
            "tonnes_per_money": goods,
            "distances": own.freight.distances,
        })
    }

    fn power(&self, own: &Power) -> Value {
        let supply = match &own.electricity.supply {
            PowerSupply::Grid => json!("grid"),
            PowerSupply::Flow(flow) => json!({ "flow": flow }),
        };
        json!({
            "stressor": self.stressor(own.stressor),
            "sector": self.sector(own.electricity.sector),
            "mwh_per_money": self.regions(&own.electricity.energy_per_money),
            "factors": self.regions(&own.electricity.factors),
            "supply": supply,
        })
    }

    fn limit(&self, named: &NamedLimit) -> Value {
        let (kind, most) = match &named.limit {
            Limit::Growth { most, .. } => ("growth", most),
            Limit::Quota { most, .. } => ("quota", most),
            Limit::Intensity { most, .. } => ("intensity", most),
        };
        let coefficients = match &named.limit {
            Limit::Quota { resource: Resource::Coefficients(values), .. } => {
                Some(self.industries(values))
            }
            _ => None,
        };
        json!({ "name": named.name, "unit": named.unit, kind: most, "coefficients": coefficients })
    }

    fn product(&self, product: &Product) -> Value {
        json!({
            "sector": self.sector(product.priced.sector),
            "price": product.priced.price,
            "plant_size": product.priced.plant_size,
            "known_tonnes": product.known_tonnes,
        })
    }

    fn equipment(&self, own: &Equipment) -> Value {
        let new_build = match own.vintage.new_build {
            NewBuild::Intensity(intensity) => json!({ "intensity": intensity }),
            NewBuild::BestTimes(factor) => json!({ "best_times": factor }),
        };
        json!({
            "stressor": self.stressor(own.stressor),
            "new_build": new_build,
            "replaced_at_move": own.vintage.replaced_at_move,
            "replaced_yearly": own.vintage.replaced_yearly,
            "old": match own.old { Old::Technology => "technology", Old::Origin => "origin" },
        })
    }

    fn work(&self, work: &Work) -> Value {
        let jobs = match &work.jobs {
            JobsOf::Extension(at) => json!(self.stressor(*at)),
            JobsOf::Pay { row, pay } => {
                json!({ "value_added": self.row(*row), "pay": self.regions(pay) })
            }
        };
        json!({ "jobs": jobs, "drift": self.industries(&work.productivity.drift) })
    }
}

fn named(values: &[f64], name: &dyn Fn(usize) -> String) -> Value {
    Value::Object(values.iter().enumerate().map(|(at, v)| (name(at), json!(v))).collect())
}
