//! What a scenario came to in sentences, for the README of its results: readable without a manual.

use crate::report::files::ensemble::letter;
use crate::run::ensemble::{Level, SignGrade};
use crate::run::{Outcome, STEPS};
use crate::scenario::Scenario;
use crate::scenario::place::Place;
use crate::table::{Quantity, Table};
use crate::text::{human, signed};

/// The answer first, then what its words mean.
pub(super) fn lead(table: &Table, scenario: &Scenario, outcome: &Outcome) -> Vec<String> {
    let mut lines = Vec::new();
    let Some(last) = outcome.years.last() else { return lines };
    if !scenario.description.is_empty() {
        lines.push(scenario.description.clone());
    }
    let moved: f64 = last.relocated.iter().sum();
    let unit = table.quantity_unit(Quantity::Output);
    lines.push(match scenario.moves.len() {
        0 => "Nothing moves: the scenario is its baseline.".to_owned(),
        count => format!(
            "In {} output of {} {unit} is made elsewhere than in the baseline, by {count} move{}.",
            last.year,
            human(moved),
            if count == 1 { "" } else { "s" }
        ),
    });
    for quantity in table.quantities().into_iter().filter(|q| *q != Quantity::Output) {
        lines.extend(change(table, scenario, outcome, quantity));
    }
    for (quantity, indicators) in &last.indicators {
        let found = indicators.iter().find(|i| i.name == "break_even_intensity");
        if found.and_then(|i| i.value).is_some_and(|value| value < 0.0) {
            lines.push(format!(
                "No plant, however clean, would keep {} as a whole from rising: the rise at its suppliers alone is larger \
                 than what the old plants emitted (the break-even intensity is negative).",
                table.quantity_code(*quantity)
            ));
        }
    }
    lines.extend(readings(table, scenario, outcome));
    if let Some(realism) = &last.realism {
        let limits = scenario.realism.capacity.iter().zip(&realism.headroom);
        let over: Vec<&str> =
            limits.filter(|(_, h)| h.exceeded).map(|(named, _)| named.name.as_str()).collect();
        if !over.is_empty() {
            lines.push(format!("**Limits exceeded** in {}: {}.", last.year, over.join("; ")));
        }
        for quantity in table.quantities().into_iter().filter(|q| *q != Quantity::Output) {
            let headline = last.change(table, quantity);
            let with = realism.with_switches(quantity, &headline);
            lines.push(format!(
                "With the switches of [realism], to first order: **{}** in {} {} {} in all instead of {}.",
                table.quantity_code(quantity),
                last.year,
                signed(with.iter().sum()),
                table.quantity_unit(quantity),
                signed(headline.iter().sum())
            ));
        }
    }
    for found in &outcome.targets {
        let target = &scenario.targets[found.target];
        let word = |value: f64| if value <= found.limit { "met" } else { "missed" };
        let draws = found.met.map_or(String::new(), |[_, scenario]| {
            format!(" (met in {:.0} % of draws)", 100.0 * scenario)
        });
        lines.push(format!(
            "Target {:?} for {}: {} with the scenario{draws}, {} without; limit {}, scenario {}. Source: {}.",
            target.name.code,
            target.year,
            word(found.scenario),
            word(found.baseline),
            human(found.limit),
            human(found.scenario),
            target.source.code
        ));
    }
    lines
}

/// One sentence on a quantity: the whole, those who give, those who receive, and how sure it is.
fn change(
    table: &Table,
    scenario: &Scenario,
    outcome: &Outcome,
    quantity: Quantity,
) -> Option<String> {
    let last = outcome.years.last()?;
    let found = last.quantities.iter().find(|other| other.quantity == quantity)?;
    let change: Vec<f64> = found.scenario.iter().zip(&found.baseline).map(|(s, b)| s - b).collect();
    let by_region = table.industries().by_region(&change);
    let (code, unit) = (table.quantity_code(quantity), table.quantity_unit(quantity));
    let places = |pick: &dyn Fn(usize) -> bool| -> Vec<String> {
        let regions = &table.industries().regions;
        let own = (0..by_region.len()).filter(|r| pick(*r));
        own.map(|r| format!("{} {}", regions.labels()[r].name(), signed(by_region[r]))).collect()
    };
    let gives = |r: usize| scenario.moves.iter().any(|planned| planned.mv.from == r);
    let receives = |r: usize| scenario.moves.iter().any(|planned| planned.mv.to == r);
    let mut text = format!(
        "**{code}** in {}, scenario less baseline: {} {unit} in all",
        last.year,
        signed(by_region.iter().sum())
    );
    for (word, list) in [
        ("where industry leaves", places(&gives)),
        ("where it arrives", places(&|r| receives(r) && !gives(r))),
        ("elsewhere", places(&|r| !receives(r) && !gives(r))),
    ] {
        if !list.is_empty() {
            text.push_str(&format!("; {word}: {}", list.join(", ")));
        }
    }
    let regions = &table.industries().regions;
    for (at, group) in scenario.groups.iter().enumerate() {
        let sum = signed(scenario.sum_at(Place::Group(at), &by_region));
        text.push_str(&format!("; {} together: {sum}", group.spelled(regions)));
    }
    if let Some(sure) = how_sure(outcome, quantity, Place::All) {
        text.push_str(&format!(". Of the whole, {sure}"));
    }
    for (at, group) in scenario.groups.iter().enumerate() {
        if let Some(sure) = how_sure(outcome, quantity, Place::Group(at)) {
            text.push_str(&format!(". Of {}, {sure}", group.label.code));
        }
    }
    text.push('.');
    Some(text)
}

/// Band or range of a change and the grade of its sign.
fn how_sure(outcome: &Outcome, quantity: Quantity, place: Place) -> Option<String> {
    let (ensemble, last) = (outcome.ensemble.as_ref()?, outcome.years.last()?);
    let own = |grade: &&SignGrade| (grade.quantity, grade.place) == (quantity, place);
    let grade = ensemble.grades.iter().find(own)?;
    let band = ensemble.bands.iter().find(|band| {
        (band.level, band.year) == (Level::Difference, last.year)
            && (band.quantity, band.place) == (quantity, place)
    });
    let [low, high] = band.map_or(grade.range(), |band| [band.values[0], band.values[2]]);
    let (low, high, letter) = (signed(low), signed(high), letter(grade));
    let mut text = match band {
        Some(_) => format!(
            "90 % of draws lie between {low} and {high}; over all technologies, suppliers and readings its sign has \
             grade {letter}"
        ),
        None => format!(
            "from {low} to {high} over technologies, suppliers and readings; its sign has grade {letter}"
        ),
    };
    if band.is_some_and(|band| band.values[0] < 0.0 && band.values[2] > 0.0) {
        text.push_str(" and is unclear: the band crosses zero");
    }
    Some(text)
}

/// What agglomeration might change, where the scenario asks.
fn readings(table: &Table, scenario: &Scenario, outcome: &Outcome) -> Option<String> {
    let density = scenario.density.as_ref()?;
    let found = outcome.years.last()?.density.as_ref()?;
    let longest = found.readings.iter().filter_map(|reading| reading.after).max();
    let shown = found.readings.iter().filter(|r| r.capped && r.after == longest);
    let words: Vec<String> = shown
        .map(|reading| {
            let changes = reading.emissions.iter().zip(&found.baseline);
            let sum: Option<f64> = changes.map(|(e, b)| Some((*e)? - b)).sum();
            let sum = sum.map_or("not possible".to_owned(), signed);
            format!("{} {sum}", reading.reading.word())
        })
        .collect();
    let stressor = Quantity::Stressor(density.stressor);
    Some(format!(
        "Agglomeration: the change of {} ({}) in all under each reading of the elasticities of {} density is {}. No \
         reading bounds the truth; the headline takes {:?}.",
        table.quantity_code(stressor),
        table.quantity_unit(stressor),
        density.measure.word(),
        words.join(", "),
        density.reading.word()
    ))
}

/// What the words of these results mean.
pub(super) fn words(scenario: &Scenario, outcome: &Outcome) -> Vec<String> {
    let mut lines = vec![
        "*Baseline* is what happens anyway (growth, efficiency); *scenario* is that with the moves. Every difference is \
         scenario less baseline of the same year."
            .to_owned(),
        format!(
            "*Steps* ({}) lead from the table's year to the scenario and add up exactly.",
            STEPS.join(", ").replace('_', " ")
        ),
        "*Grade of a sign*: the share of all ways to compute a difference that agree with its sign: technologies and \
         suppliers of the new plants, readings of agglomeration, draws; a way in which nothing changes has no sign and is \
         left out. A from 95 %, B from 80 %, C from 60 %, D below."
            .to_owned(),
        "*Emission transfer ratio*: the rise elsewhere over the fall where industry leaves; above 1 the whole rises."
            .to_owned(),
    ];
    if scenario.density.is_some() {
        lines.push(
            "*Readings*: none, the input-output model alone; conditional, a coefficient of density as a change at given \
             output; net_of_scale, the same without the unit elasticity of scale that the model holds already; total, \
             the whole regression moved as the model moves it; replace, the regression's density instead of the model."
                .to_owned(),
        );
    }
    if outcome.ensemble.as_ref().is_some_and(|found| found.draws > 0) {
        lines.push(
            "*Bands*: 5, 50 and 95 % of the draws. Draw i is the same in every scenario with this seed, so differences \
             between scenarios may be compared draw by draw."
                .to_owned(),
        );
    }
    lines
}
