//! Sums of a transfer: every number of a place as a whole, with its range over all orders of the factors.

use crate::decomposition::Factor;
use crate::decomposition::exchange::{self, Ranged};
use crate::decomposition::routes::{Gross, Routes};
use crate::decomposition::sums::{FactorSums, PlaceSums};
use crate::decomposition::transfer::{QuantityEffects, Transfer};
use crate::labels::RegionGroup;
use crate::labels::places::{codes, sums};
use crate::report::results::Results;
use crate::tidy::{Column, Tidy};

/// Adds the files of sums; none for a transfer without sums.
pub(super) fn places(results: &mut Results, transfer: &Transfer, groups: &[RegionGroup]) {
    if transfer.quantities.iter().any(|quantity| quantity.sums.is_none()) {
        return;
    }
    let places = Places {
        transfer,
        groups,
        codes: codes(&transfer.industries.regions, groups),
        routes: transfer
            .pairs
            .iter()
            .map(|pairs| (0..transfer.quantities.len()).map(|at| Routes::of(pairs, at)).collect())
            .collect(),
    };
    results.file(
        "sums.csv",
        "each region, group and all: levels of industries in both years, their change, and the effect of each factor with its \
         smallest and largest over all orders of the factors and the share of orders of either sign; of sourcing also the direct \
         and upstream part, and what came over the place's border (in), left over it (out) and net; of_base is a share of the base \
         year's level; direct emissions of households are no part",
        places.sums(),
    );
    results.file(
        "exchange.csv",
        "what sourcing exchanged, by place (part): intensity, the effect on the stressor per unit of effect on value added, only where \
         the latter has one sign in all orders; share_of_gross, the effect over all that regions gained; mismatch, that share less the \
         one of value added; min and max are over all orders",
        places.exchanges(),
    );
    let contrasts = places.contrasts();
    if !contrasts.is_empty() {
        results.file(
            "contrasts.csv",
            "one place over another (from / to) where both keep their sign in all orders (part): their effects, and the emissions per unit \
             of value added that they exchanged; min and max are over all orders",
            contrasts,
        );
    }
    if !transfer.pairs.is_empty() {
        results.file(
            "routes.csv",
            "moves from place to place, all products together (part): direct output moved, and net of what moved back; effect on the \
             place that took over (received), on the one that gave (given), and elsewhere; between a group and the rest also overall, \
             the effect on the group of both ways",
            places.routes(),
        );
    }
    results.file(
        "sector_sums.csv",
        "effects by producing sector for each group and all, total and direct (part), and the output that moved between regions by \
         product (moved); of single regions: effects.csv",
        places.sectors(),
    );
    results.note(exchange::note(transfer, &places.codes));
}

struct Places<'a> {
    transfer: &'a Transfer,
    groups: &'a [RegionGroup],
    codes: Vec<&'a str>,
    /// By factor of the pairs, then quantity.
    routes: Vec<Vec<Routes>>,
}

impl Places<'_> {
    fn sums(&self) -> Tidy {
        use Column::{Factor, Quantity, Region, Statistic, Unit};
        let mut tidy = Tidy::new(&[Quantity, Unit, Region, Factor, Statistic]);
        for (at, quantity) in self.transfer.quantities.iter().enumerate() {
            let Some(found) = &quantity.sums else { continue };
            let unit = quantity.unit.to_string();
            let parts = self.parts(at, quantity);
            for (place, code) in self.codes.iter().enumerate() {
                let mut add = |unit: &str, factor: &str, statistic: &str, value: f64| {
                    tidy.push(&[&quantity.code, unit, code, factor, statistic], value);
                };
                levels(found, place, &unit, &mut add);
                for of in &found.factors {
                    effect(found, of, place, &unit, &mut add);
                    let own = parts.iter().filter(|(factor, _, _)| *factor == of.factor);
                    for (_, statistic, values) in own {
                        add(&unit, of.factor.word(), statistic, values[place]);
                    }
                }
                if let Some(interaction) = &found.interaction {
                    add(&unit, "interaction", "value", interaction[place]);
                }
            }
        }
        tidy
    }

    /// Direct and upstream effects, and gross transfers, of the factors that have them, by place.
    fn parts(
        &self,
        at: usize,
        quantity: &QuantityEffects,
    ) -> Vec<(Factor, &'static str, Vec<f64>)> {
        let by_place =
            |values: &[f64]| sums(self.groups, &self.transfer.industries.by_region(values));
        let mut found = Vec::new();
        for effect in &quantity.effects {
            if let (Some(direct), Some(upstream)) = (&effect.direct, effect.upstream()) {
                found.push((effect.factor, "direct", by_place(direct)));
                found.push((effect.factor, "upstream", by_place(&upstream)));
            }
        }
        for (pairs, routes) in self.transfer.pairs.iter().zip(&self.routes) {
            let gross = routes[at].gross(self.groups);
            let of = |pick: fn(&Gross) -> f64| gross.iter().map(pick).collect();
            found.push((pairs.factor, "in", of(|gross| gross.inward)));
            found.push((pairs.factor, "out", of(|gross| gross.outward)));
            found.push((pairs.factor, "net", of(Gross::net)));
        }
        found
    }

    fn exchanges(&self) -> Tidy {
        use Column::{Factor as FactorColumn, Part, Quantity, Region, Statistic, Unit};
        let mut tidy = Tidy::new(&[Quantity, Unit, Region, FactorColumn, Part, Statistic]);
        let quantities = &self.transfer.quantities;
        let money = quantities.first().map_or(String::new(), |output| output.unit.to_string());
        for found in exchange::exchanges(self.transfer) {
            let quantity = &quantities[found.quantity];
            let per = format!("{} per {money}", quantity.unit);
            for (unit, part, number) in [
                (per.as_str(), "intensity", found.intensity),
                ("1", "share_of_gross", found.share_of_gross),
                ("1", "mismatch", found.mismatch),
            ] {
                let region = self.codes[found.place];
                let factor = Factor::Sourcing.word();
                let texts = [quantity.code.as_str(), unit, region, factor, part];
                ranged(&mut tidy, &texts, number);
            }
        }
        tidy
    }

    fn contrasts(&self) -> Tidy {
        use Column::{Factor as FactorColumn, From, Part, Quantity, Statistic, To, Unit};
        let mut tidy = Tidy::new(&[Quantity, Unit, From, To, FactorColumn, Part, Statistic]);
        for found in exchange::contrasts(self.transfer) {
            let texts = [
                self.transfer.quantities[found.quantity].code.as_str(),
                "1",
                self.codes[found.from],
                self.codes[found.to],
                Factor::Sourcing.word(),
                found.of.word(),
            ];
            ranged(&mut tidy, &texts, Some(found.ratio));
        }
        tidy
    }

    fn routes(&self) -> Tidy {
        use Column::{Factor, From, Part, Quantity, To, Unit};
        let mut tidy = Tidy::new(&[Quantity, Unit, From, To, Factor, Part]);
        for (pairs, by_quantity) in self.transfer.pairs.iter().zip(&self.routes) {
            let of_quantities = self.transfer.quantities.iter().zip(by_quantity).enumerate();
            for (at, (quantity, routes)) in of_quantities {
                let unit = quantity.unit.to_string();
                // Output is the first quantity: what moved is told of it, what that did of the others.
                let mut add = |from: &str, to: &str, part: &str, value: f64| {
                    let factor = pairs.factor.word();
                    tidy.push(&[&quantity.code, &unit, from, to, factor, part], value);
                };
                self.between_regions((&by_quantity[0], routes), at == 0, &mut add);
                for group in self.groups {
                    with_group(routes, group, at == 0, &mut add);
                }
            }
        }
        tidy
    }

    fn between_regions(
        &self,
        (output, routes): (&Routes, &Routes),
        is_output: bool,
        add: &mut dyn FnMut(&str, &str, &str, f64),
    ) {
        let regions = self.transfer.industries.regions.len();
        let pairs = (0..regions).flat_map(|from| (0..regions).map(move |to| (from, to)));
        for (from, to) in pairs.filter(|(from, to)| from != to) {
            let moved = output.between(from, to).direct;
            let (a, b) = (self.codes[from], self.codes[to]);
            if is_output {
                let back = output.between(to, from).direct;
                if moved != 0.0 || back != 0.0 {
                    add(a, b, "direct", moved);
                    add(a, b, "net", moved - back);
                }
            } else if moved != 0.0 {
                let route = routes.between(from, to);
                add(a, b, "received", route.received);
                add(a, b, "given", route.given);
                add(a, b, "elsewhere", route.elsewhere);
            }
        }
    }

    fn sectors(&self) -> Tidy {
        use Column::{Factor, Part, Quantity, Region, Sector, Unit};
        let mut tidy = Tidy::new(&[Quantity, Unit, Region, Sector, Factor, Part]);
        let industries = &self.transfer.industries;
        let (regions, sectors) = (industries.regions.len(), industries.sectors.len());
        for (at, quantity) in self.transfer.quantities.iter().enumerate() {
            let unit = quantity.unit.to_string();
            let mut add = |code: &str, sector: usize, factor: &str, part: &str, value: f64| {
                let sector = industries.sectors.code(sector);
                tidy.push(&[&quantity.code, &unit, code, sector, factor, part], value);
            };
            for effect in quantity.effects.iter().filter(|effect| effect.direct.is_some()) {
                let direct = effect.direct.iter().map(|direct| ("direct", direct));
                for (part, values) in std::iter::once(("total", &effect.total)).chain(direct) {
                    for sector in 0..sectors {
                        let by_region: Vec<f64> =
                            (0..regions).map(|r| values[industries.index(r, sector)]).collect();
                        let found = sums(self.groups, &by_region);
                        for (code, value) in self.codes.iter().zip(found).skip(regions) {
                            add(code, sector, effect.factor.word(), part, value);
                        }
                    }
                }
            }
            let all = self.codes[self.codes.len() - 1];
            for pairs in self.transfer.pairs.iter().filter(|_| at == 0) {
                for (product, value) in pairs.moved().into_iter().enumerate() {
                    add(all, product, pairs.factor.word(), "moved", value);
                }
            }
        }
        tidy
    }
}

/// Levels of a place and their change.
fn levels(found: &PlaceSums, place: usize, unit: &str, add: &mut dyn FnMut(&str, &str, &str, f64)) {
    let [base, target] = found.observed.each_ref().map(|values| values[place]);
    let change = found.change[place];
    add(unit, "base", "value", base);
    add(unit, "target", "value", target);
    add(unit, "change", "value", change);
    if base != 0.0 {
        add("1", "change", "of_base", change / base);
    }
}

/// Effect of a factor on a place, its range and signs over orders, and its size beside the base year.
fn effect(
    found: &PlaceSums,
    of: &FactorSums,
    place: usize,
    unit: &str,
    add: &mut dyn FnMut(&str, &str, &str, f64),
) {
    let word = of.factor.word();
    let ([low, high], [positive, negative]) = (of.range(place), of.orders.signs(place));
    add(unit, word, "value", of.value[place]);
    add(unit, word, "min", low);
    add(unit, word, "max", high);
    add("1", word, "share_positive", positive);
    add("1", word, "share_negative", negative);
    let base = found.observed[0][place];
    if base != 0.0 {
        add("1", word, "of_base", of.value[place] / base);
    }
}

/// Moves into a group, out of it, inside and outside.
fn with_group(
    routes: &Routes,
    group: &RegionGroup,
    is_output: bool,
    add: &mut dyn FnMut(&str, &str, &str, f64),
) {
    let own = group.label.code.as_str();
    let rest = format!("not_{own}");
    let (inside, outside) =
        (|region: usize| group.inside[region], |region: usize| !group.inside[region]);
    let inward = routes.sum(outside, inside);
    let outward = routes.sum(inside, outside);
    for (from, to, route, back) in
        [(&*rest, own, &inward, &outward), (own, &rest, &outward, &inward)]
    {
        if is_output {
            add(from, to, "direct", route.direct);
            add(from, to, "net", route.direct - back.direct);
        } else {
            add(from, to, "received", route.received);
            add(from, to, "given", route.given);
        }
    }
    for (code, route) in [(own, routes.sum(inside, inside)), (&rest, routes.sum(outside, outside))]
    {
        if is_output {
            add(code, code, "direct", route.direct);
        } else {
            add(code, code, "received", route.received);
            add(code, code, "elsewhere", route.elsewhere);
        }
    }
    if !is_output {
        add(&rest, own, "overall", inward.received + outward.given);
    }
}

/// Lines of a number with its range.
fn ranged(tidy: &mut Tidy, texts: &[&str], number: Option<Ranged>) {
    let Some(Ranged { value, range: [low, high] }) = number else { return };
    for (statistic, value) in [("value", value), ("min", low), ("max", high)] {
        tidy.push(&[texts, &[statistic]].concat(), value);
    }
}
