//! Files of a comparison.

use serde_json::{Map, Value, json};

use crate::compare::periods::{Periods, Verdict};
use crate::compare::scenarios::Scenarios;
use crate::compare::{BASELINE, Compared, Comparison, Measured, Number, Quadrant, Standing};
use crate::labels::Label;
use crate::recorded::{NamedCode, Recorded, RecordedNote};
use crate::report::results::Results;
use crate::tidy::{Column, Tidy};

/// Names of the three numbers of a range over draws.
const OF_DRAWS: [&str; 3] = ["p05", "p50", "p95"];

/// Names of the two numbers of a range over orders.
const OF_ORDERS: [&str; 2] = ["min", "max"];

/// Adds every file of a comparison, and what it is made of.
pub fn compare(results: &mut Results, given: &[Recorded], found: &Comparison) {
    match found {
        Comparison::Scenarios(found) => {
            scenarios(results, found);
            moves(results, &found.names, given);
        }
        Comparison::Periods(found) => periods(results, found),
    }
    let (names, quantities, places, regions) = match found {
        Comparison::Scenarios(f) => (&f.names, &f.quantities, &f.places, f.regions),
        Comparison::Periods(f) => (&f.names, &f.quantities, &f.places, f.regions),
    };
    let kind = match found {
        Comparison::Scenarios(_) => "scenarios",
        Comparison::Periods(_) => "periods",
    };
    results.switch("compared", kind).switch("results", described(names, given));
    results.switch("better", better(quantities));
    results.names(kind, names.iter().map(|one| NamedCode::of(&one.label)));
    results.names("quantities", quantities.iter().map(|one| one.named.clone()));
    results.names("regions", places[..regions].iter().cloned());
    results.names("groups", places[regions..places.len() - 1].iter().cloned());
    for one in given {
        results.names("sectors", one.summary.labels.get("sectors").into_iter().flatten().cloned());
        for table in &one.summary.tables {
            let table = json!(table);
            if !results.tables.contains(&table) {
                results.tables.push(table);
            }
        }
    }
    let quadrant = |one: &Quadrant| {
        let [en, zh] = one.names();
        NamedCode::of(&Label::new(one.word(), en, zh))
    };
    results.names("quadrants", Quadrant::ALL.iter().map(quadrant));
    results.carried = carried(names, given);
}

/// What moves in each scenario, as its own results list it.
fn moves(results: &mut Results, names: &[Compared], given: &[Recorded]) {
    use Column::{From, Part, Quantity, Scenario, Sector, Statistic, To, Unit, Year};
    const OWN: [Column; 8] = [Year, Quantity, Unit, Sector, From, To, Part, Statistic];
    let mut tidy = Tidy::new(&[Scenario, Year, Quantity, Unit, Sector, From, To, Part, Statistic]);
    for (name, recorded) in names.iter().zip(given) {
        let Some(own) = recorded.tidy("moves.csv") else { continue };
        for row in 0..own.len() {
            let texts = OWN.map(|column| own.text(row, column));
            let texts: Vec<&str> = std::iter::once(name.code.as_str()).chain(texts).collect();
            tidy.push(&texts, own.value(row));
        }
    }
    if !tidy.is_empty() {
        results.file(
            "moves.csv",
            "what moves in each scenario (part: number of the move): share of what buyers take of the product from where it leaves, and \
             output of the relocated plants (statistic)",
            tidy,
        );
    }
}

/// What is compared, for `summary.json`.
fn described(names: &[Compared], given: &[Recorded]) -> Value {
    let one = |(own, recorded): (&Compared, &Recorded)| {
        let summary = &recorded.summary;
        json!({
            "code": own.code,
            "folder": own.folder,
            "title": own.title,
            "description": own.description,
            "command": summary.command,
            "command_line": summary.command_line,
            "irio_version": summary.irio_version,
            "seed": summary.seed,
            "tables": summary.tables.iter().map(|table| &table.name).collect::<Vec<_>>(),
            "switches": summary.switches,
        })
    };
    names.iter().zip(given).map(one).collect()
}

/// Whether more or less of each quantity is better, for `summary.json`.
fn better(quantities: &[Measured]) -> Value {
    let one = |quantity: &Measured| (quantity.code().to_owned(), json!(quantity.better.word()));
    Value::Object(quantities.iter().map(one).collect())
}

/// Caveats of the results, each once, with the names of those that have it where not all do.
fn carried(names: &[Compared], given: &[Recorded]) -> Vec<RecordedNote> {
    let mut found: Vec<(RecordedNote, Vec<&str>)> = Vec::new();
    for (name, recorded) in names.iter().zip(given) {
        for note in &recorded.summary.notes {
            match found.iter_mut().find(|(known, _)| known == note) {
                Some((_, of)) if of.contains(&name.code.as_str()) => {}
                Some((_, of)) => of.push(&name.code),
                None => found.push((note.clone(), vec![&name.code])),
            }
        }
    }
    let told = |(note, of): (RecordedNote, Vec<&str>)| {
        if of.len() == names.len() {
            return note;
        }
        let message = format!("{}: {}", of.join(", "), note.message);
        RecordedNote { message, ..note }
    };
    found.into_iter().map(told).collect()
}

/// Lines of a number with its range; the texts are those before the statistic.
fn ranged<const N: usize>(tidy: &mut Tidy, texts: &[&str], number: Number<N>, range: [&str; N]) {
    let values = number.range.into_iter().flatten();
    let lines = std::iter::once(("value", number.value)).chain(range.into_iter().zip(values));
    for (statistic, value) in lines {
        tidy.push(&[texts, &[statistic]].concat(), value);
    }
}

fn scenarios(results: &mut Results, found: &Scenarios) {
    results.file(
        "differences.csv",
        "each scenario against its own baseline, by region, group and of all, in every year that all have: both levels and the \
         difference (factor), with 5, 50 and 95 % of its draws; in a run's last year also the shares of draws above and below zero and how \
         many of all ways agree with its sign (agreement)",
        differences(found),
    );
    results.file(
        "against.csv",
        "one scenario less another (from less to), or less the baseline, which differs by nothing: the range is over the draws that both \
         have in common, and the shares say how often from is better (more value added, less of a stressor), worse, the same; no range \
         and no shares where draws are not the same",
        against(found),
    );
    if !found.ranks.is_empty() {
        results.file(
            "ranking.csv",
            "rank of each scenario and of the baseline in the last common year, 1 being the best (more value added, less of a stressor), with 5, \
             50 and 95 % of its rank and the share of draws in which nothing is better, where all share their draws",
            ranking(found),
        );
    }
    if !found.sides.is_empty() {
        results.file(
            "sides.csv",
            "who gives and who receives (part) in each scenario: output moved, change, change per output moved, stressor per value added that \
             changed (intensity_of_change), share of what all regions gained, and that of the stressor less that of value added (mismatch)",
            sides(found),
        );
    }
    results.file(
        "quadrants.csv",
        "value added against a stressor (factor) by place: which corner it stands in (part), unclear where the range of one of them holds \
         zero, and the two changes",
        quadrants(found),
    );
    if !found.ratios.is_empty() {
        results.file(
            "ratios.csv",
            "ratios of each scenario (factor): emission transfer ratio, stressor per value added gained and lost and the one over the other, \
             change per output moved, intensities of the plants and of those they leave, break-evens; none whose denominator's range holds \
             zero",
            ratios(found),
        );
    }
    if !found.products.is_empty() {
        results.file(
            "products.csv",
            "how much of a stressor a product comes with where it left, where it arrived, and the one over the other (part), per output, and \
             per tonne where the scenario gives a price (factor)",
            products(found),
        );
    }
    let mut headline = Map::new();
    headline.insert("year".to_owned(), json!(found.last()));
    for (at, name) in found.names.iter().enumerate() {
        let all = found.places.len() - 1;
        let own = found
            .differences
            .iter()
            .filter(|one| (one.scenario, one.year, one.place) == (at, found.last(), all));
        let value = |one: &crate::compare::scenarios::Difference| {
            (found.quantities[one.quantity].code().to_owned(), json!(one.difference.value))
        };
        headline.insert(name.code.clone(), Value::Object(own.map(value).collect()));
    }
    results.headline = Value::Object(headline);
}

fn differences(found: &Scenarios) -> Tidy {
    use Column::{Factor, Quantity, Region, Scenario, Statistic, Unit, Year};
    let mut tidy = Tidy::new(&[Scenario, Year, Quantity, Unit, Region, Factor, Statistic]);
    for own in &found.differences {
        let (year, quantity) = (own.year.to_string(), &found.quantities[own.quantity]);
        let (scenario, region) = (&found.names[own.scenario].code, &found.places[own.place].code);
        let mut add = |unit: &str, factor: &str, statistic: &str, value: f64| {
            let texts = [scenario, year.as_str(), quantity.code(), unit, region, factor, statistic];
            tidy.push(&texts, value);
        };
        add(quantity.unit(), BASELINE, "value", own.baseline);
        add(quantity.unit(), "scenario", "value", own.with_moves);
        add(quantity.unit(), "difference", "value", own.difference.value);
        for (name, value) in OF_DRAWS.iter().zip(own.difference.range.into_iter().flatten()) {
            add(quantity.unit(), "difference", name, value);
        }
        let [positive, negative] = own.signs.map_or([None; 2], |signs| signs.map(Some));
        for (name, value) in [
            ("of_baseline", own.of_baseline),
            ("share_positive", positive),
            ("share_negative", negative),
            ("agreement", own.agreement),
        ] {
            value.into_iter().for_each(|value| add("1", "difference", name, value));
        }
    }
    tidy
}

fn against(found: &Scenarios) -> Tidy {
    use Column::{From, Quantity, Region, Statistic, To, Unit, Year};
    let mut tidy = Tidy::new(&[Year, Quantity, Unit, Region, From, To, Statistic]);
    for own in &found.against {
        let (year, quantity) = (own.year.to_string(), &found.quantities[own.quantity]);
        let region = &found.places[own.place].code;
        let (from, to) = (found.code(Some(own.from)), found.code(own.to));
        let texts = [&year, quantity.code(), quantity.unit(), region, from, to];
        ranged(&mut tidy, &texts, own.difference, OF_DRAWS);
        let Some(shares) = own.shares else { continue };
        for (name, value) in [
            ("share_better", shares.better),
            ("share_worse", shares.worse),
            ("share_equal", shares.equal),
            ("draws", shares.draws as f64),
        ] {
            tidy.push(&[&year, quantity.code(), "1", region, from, to, name], value);
        }
    }
    tidy
}

fn ranking(found: &Scenarios) -> Tidy {
    use Column::{Quantity, Region, Scenario, Statistic, Year};
    let mut tidy = Tidy::new(&[Scenario, Year, Quantity, Region, Statistic]);
    let year = found.last().to_string();
    for own in &found.ranks {
        let (quantity, region) =
            (found.quantities[own.quantity].code(), &found.places[own.place].code);
        let texts = [found.code(own.scenario), &year, quantity, region];
        ranged(&mut tidy, &texts, own.rank, OF_DRAWS);
        if let Some(first) = own.first {
            tidy.push(&[&texts[..], &["share_first"]].concat(), first);
        }
    }
    tidy
}

fn sides(found: &Scenarios) -> Tidy {
    use Column::{Factor, Part, Quantity, Region, Scenario, Statistic, Unit, Year};
    let mut tidy = Tidy::new(&[Scenario, Year, Quantity, Unit, Region, Factor, Part, Statistic]);
    let year = found.last().to_string();
    for own in &found.sides {
        let scenario = &found.names[own.scenario].code;
        let texts =
            [scenario, &year, &own.quantity, &own.unit, &own.place, &own.measure, &own.side];
        ranged(&mut tidy, &texts.map(String::as_str), own.number, OF_DRAWS);
    }
    tidy
}

fn quadrants(found: &Scenarios) -> Tidy {
    use Column::{Factor, Part, Quantity, Region, Scenario, Statistic, Unit, Year};
    let mut tidy = Tidy::new(&[Scenario, Year, Quantity, Unit, Region, Factor, Part, Statistic]);
    let year = found.last().to_string();
    let names = Names { results: &found.names, quantities: &found.quantities };
    for own in &found.standings {
        let place = &found.places[own.place].code;
        for (quantity, number) in names.of(own) {
            let [scenario, code, unit] = quantity;
            let [stressor, quadrant] = names.corner(own);
            let texts = [scenario, &year, code, unit, place, stressor, quadrant];
            ranged(&mut tidy, &texts, number, OF_DRAWS);
        }
    }
    tidy
}

/// Texts of the lines of a place's quadrant.
struct Names<'a> {
    results: &'a [Compared],
    quantities: &'a [Measured],
}

impl<'a> Names<'a> {
    /// Result, quantity and unit of the two changes.
    fn of<const N: usize>(&self, own: &Standing<N>) -> [([&'a str; 3], Number<N>); 2] {
        let money = self.quantities.iter().find(|one| one.code() == "value_added");
        let stressor = &self.quantities[own.stressor];
        let result = self.results[own.result].code.as_str();
        let (code, unit) = money.map_or(("value_added", ""), |one| (one.code(), one.unit()));
        [
            ([result, code, unit], own.value_added),
            ([result, stressor.code(), stressor.unit()], own.change),
        ]
    }

    /// Stressor and quadrant.
    fn corner<const N: usize>(&self, own: &Standing<N>) -> [&'a str; 2] {
        [self.quantities[own.stressor].code(), own.quadrant.word()]
    }
}

fn ratios(found: &Scenarios) -> Tidy {
    use Column::{Factor, Quantity, Scenario, Statistic, Unit, Year};
    let mut tidy = Tidy::new(&[Scenario, Year, Quantity, Unit, Factor, Statistic]);
    let year = found.last().to_string();
    for own in &found.ratios {
        let (scenario, quantity) =
            (&found.names[own.scenario].code, &found.quantities[own.quantity]);
        let texts = [scenario, &year, quantity.code(), &own.unit, own.name];
        ranged(&mut tidy, &texts, own.number, OF_DRAWS);
    }
    tidy
}

fn products(found: &Scenarios) -> Tidy {
    use Column::{Factor, From, Part, Quantity, Scenario, Sector, To, Unit, Year};
    let columns = [Scenario, Year, Quantity, Unit, Sector, From, To, Factor, Part];
    let mut tidy = Tidy::new(&columns);
    let year = found.last().to_string();
    for own in &found.products {
        let (scenario, stressor) =
            (&found.names[own.scenario].code, &found.quantities[own.stressor]);
        let mut add = |unit: &str, part: &str, value: f64| {
            let (from, to, sector) = (&own.from, &own.to, &own.sector);
            let texts =
                [scenario, &year, stressor.code(), unit, sector, from, to, own.basis.word(), part];
            tidy.push(&texts, value);
        };
        add(&own.unit, "left", own.left);
        add(&own.unit, "arrived", own.arrived);
        if let Some(ratio) = own.ratio() {
            add("1", "arrived_over_left", ratio);
        }
    }
    tidy
}

fn periods(results: &mut Results, found: &Periods) {
    let verdict = |one: &Verdict| {
        let [en, zh] = one.names();
        NamedCode::of(&Label::new(one.word(), en, zh))
    };
    results.names("verdicts", Verdict::ALL.iter().map(verdict));
    results.file(
        "periods.csv",
        "what happened in each period (scenario) by region, group and of all: the change in all, the effect of sourcing, that of the origin \
         of exports (factor), with smallest and largest over all orders of the factors, and the same a year; of_base is a share of the base \
         year's level; in, out and net: output that came, left, and both less each other",
        effects(found),
    );
    results.file(
        "exchange.csv",
        "what places exchanged by the change of sourcing in each period (part): stressor per value added (intensity), share of what all regions \
         gained, and that of the stressor less that of value added (mismatch)",
        exchanges(found),
    );
    if !found.contrasts.is_empty() {
        results.file(
            "contrasts.csv",
            "one place over another in the same period (from / to), order by order, where both keep their sign (part): their effects, and \
             their intensities",
            contrasts(found),
        );
    }
    results.file(
        "against.csv",
        "the effect of sourcing a year in one period less that in another (from less to), from the smallest less the largest to the largest less \
         the smallest",
        apart(found),
    );
    results.file(
        "quadrants.csv",
        "value added against a stressor (factor) by place and period: which corner it stands in (part), unclear where the range of one of \
         them holds zero, and the two effects of sourcing",
        period_quadrants(found),
    );
    results.file(
        "persistence.csv",
        "whether the sign of sourcing lasts (part): in how many periods it is above zero in every order (gaining), below (losing), or \
         depends on the order (unclear)",
        persistence(found),
    );
}

fn effects(found: &Periods) -> Tidy {
    use Column::{Factor, Quantity, Region, Scenario, Statistic, Unit};
    let mut tidy = Tidy::new(&[Scenario, Quantity, Unit, Region, Factor, Statistic]);
    for own in &found.effects {
        let (period, quantity) = (&found.names[own.period].code, &found.quantities[own.quantity]);
        let region = &found.places[own.place].code;
        let (code, unit) = (quantity.code(), quantity.unit());
        ranged(&mut tidy, &[period, code, unit, region, own.factor], own.whole, OF_ORDERS);
        if let Some(number) = own.per_year {
            let unit = format!("{unit} per year");
            let values = number.range.into_iter().flatten();
            let names = ["value_per_year", "min_per_year", "max_per_year"];
            let values = std::iter::once(number.value).chain(values);
            for (name, value) in names.into_iter().zip(values) {
                tidy.push(&[period, code, &unit, region, own.factor, name], value);
            }
        }
        if let Some(share) = own.of_base {
            tidy.push(&[period, code, "1", region, own.factor, "of_base"], share);
        }
    }
    for own in &found.gross {
        let (period, quantity) = (&found.names[own.period].code, &found.quantities[own.quantity]);
        let region = &found.places[own.place].code;
        let texts = [period, quantity.code(), quantity.unit(), region, "sourcing", own.way];
        tidy.push(&texts, own.value);
    }
    tidy
}

fn exchanges(found: &Periods) -> Tidy {
    use Column::{Part, Quantity, Region, Scenario, Statistic, Unit};
    let mut tidy = Tidy::new(&[Scenario, Quantity, Unit, Region, Part, Statistic]);
    for own in &found.exchanges {
        let (period, quantity) = (&found.names[own.period].code, &found.quantities[own.quantity]);
        let region = &found.places[own.place].code;
        let texts = [period, quantity.code(), &own.unit, region, own.part.as_str()];
        ranged(&mut tidy, &texts, own.number, OF_ORDERS);
    }
    tidy
}

fn contrasts(found: &Periods) -> Tidy {
    use Column::{From, Part, Quantity, Scenario, Statistic, To, Unit};
    let mut tidy = Tidy::new(&[Scenario, Quantity, Unit, From, To, Part, Statistic]);
    for own in &found.contrasts {
        let (period, quantity) = (&found.names[own.period].code, &found.quantities[own.quantity]);
        let (from, to) = (&found.places[own.from].code, &found.places[own.to].code);
        let texts = [period, quantity.code(), "1", from, to, own.part.as_str()];
        ranged(&mut tidy, &texts, own.number, OF_ORDERS);
    }
    tidy
}

fn apart(found: &Periods) -> Tidy {
    use Column::{From, Quantity, Region, Statistic, To, Unit};
    let mut tidy = Tidy::new(&[Quantity, Unit, Region, From, To, Statistic]);
    for own in &found.apart {
        let quantity = &found.quantities[own.quantity];
        let unit = format!("{} per year", quantity.unit());
        let region = &found.places[own.place].code;
        let (from, to) = (&found.names[own.from].code, &found.names[own.to].code);
        let texts = [quantity.code(), &unit, region, from, to];
        ranged(&mut tidy, &texts, own.per_year, OF_ORDERS);
    }
    tidy
}

fn period_quadrants(found: &Periods) -> Tidy {
    use Column::{Factor, Part, Quantity, Region, Scenario, Statistic, Unit};
    let mut tidy = Tidy::new(&[Scenario, Quantity, Unit, Region, Factor, Part, Statistic]);
    let names = Names { results: &found.names, quantities: &found.quantities };
    for own in &found.standings {
        let place = &found.places[own.place].code;
        for ([period, code, unit], number) in names.of(own) {
            let [stressor, quadrant] = names.corner(own);
            let texts = [period, code, unit, place, stressor, quadrant];
            ranged(&mut tidy, &texts, number, OF_ORDERS);
        }
    }
    tidy
}

fn persistence(found: &Periods) -> Tidy {
    use Column::{Part, Quantity, Region, Statistic};
    let mut tidy = Tidy::new(&[Quantity, Region, Part, Statistic]);
    for own in &found.persistence {
        let (quantity, region) =
            (found.quantities[own.quantity].code(), &found.places[own.place].code);
        for (name, count) in
            [("gaining", own.gaining), ("losing", own.losing), ("unclear", own.unclear)]
        {
            tidy.push(&[quantity, region, own.verdict.word(), name], count as f64);
        }
    }
    tidy
}
