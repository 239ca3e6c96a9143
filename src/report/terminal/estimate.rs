//! Estimates for the terminal.

use std::fmt::Write;

use super::{grid, texts};
use crate::econometrics::autocorrelation::Alternative;
use crate::econometrics::autocorrelation::local::Quadrant;
use crate::estimation::{Estimation, Findings, Marginal, MeasuredVariable, TestedVariable};
use crate::panel::Panel;
use crate::report::publication::{LEGEND, Publication, probability, short};

/// `irio estimate`: the models side by side, then effects, turning points and tests; then
/// tests of unit roots and measures of neighbours.
pub fn estimates(panel: &Panel, found: &Findings) -> String {
    let Findings { estimates, unit_roots: tested, autocorrelations } = found;
    let (units, periods) = (panel.units(), panel.periods());
    let mut out = format!(
        "{} rows: {} ({}) × {} ({}){}\n",
        panel.rows(),
        crate::text::count(units.labels.len(), "unit"),
        units.name,
        crate::text::count(periods.labels.len(), "period"),
        periods.name,
        if panel.is_balanced() { "" } else { ", unbalanced" },
    );
    if !estimates.is_empty() {
        side_by_side(&mut out, estimates);
    }
    for own in estimates {
        parts(&mut out, own);
    }
    for own in tested {
        unit_roots(&mut out, own);
    }
    for own in autocorrelations {
        neighbours(&mut out, own);
    }
    out
}

fn side_by_side(out: &mut String, estimates: &[Estimation]) {
    let (head, body, foot) = Publication::of(estimates).lines();
    let joined = (0..head[0].len()).map(|at| {
        let cells: Vec<&str> =
            head.iter().map(|line| line[at].as_str()).filter(|cell| !cell.is_empty()).collect();
        cells.join("\n")
    });
    let mut table = grid(&joined.collect::<Vec<_>>());
    for line in body {
        table.add_row(line);
    }
    table.add_row(vec![String::new(); head[0].len()]);
    for line in foot {
        table.add_row(line);
    }
    let _ = writeln!(out, "\n{table}\n{LEGEND}");
}

fn unit_roots(out: &mut String, own: &TestedVariable) {
    let asked = &own.asked;
    let terms = asked.options.terms.word();
    let head = format!("unit roots, {}: {terms}, {}", asked.name, asked.lags());
    let mut table = grid(&texts(&[&head, "statistic", "p"]));
    for found in &own.tests {
        let test = &found.test;
        let what = format!("{}: {}", test.name, test.about);
        table.add_row(vec![what, short(test.statistic), probability(test.p)]);
    }
    let _ = writeln!(out, "\n{table}");
}

/// Measures by period, and which units lie in clusters at 5 %.
fn neighbours(out: &mut String, own: &MeasuredVariable) {
    let head = format!("neighbours, {}", own.asked.name);
    let mut words = vec![head.as_str(), "Moran's I", "z", "p", "Geary's C", "p"];
    let shuffled = own.asked.shuffles.is_some();
    if shuffled {
        words.insert(4, "p, shuffled\n(one-sided)");
    }
    words.extend(["high among high", "low among low"]);
    let mut table = grid(&texts(&words));
    for one in &own.periods {
        let p = |at: usize| match &one.local_shuffled {
            Some(own) => own[at].p,
            None => one.local[at].moments.p(Alternative::TwoSided),
        };
        let inside = |quadrant| {
            (0..one.units.len())
                .filter(|at| one.local[*at].quadrant == quadrant && p(*at) < 0.05)
                .count()
                .to_string()
        };
        let (moran, geary) = (&one.moran.randomisation, &one.geary.randomisation);
        let mut cells = vec![
            one.period.clone(),
            short(one.moran.statistic),
            short(moran.z),
            probability(moran.p(Alternative::TwoSided)),
            short(one.geary.statistic),
            probability(geary.p(Alternative::TwoSided)),
        ];
        if let Some(shuffled) = &one.shuffled {
            cells.insert(4, probability(shuffled.p));
        }
        cells.extend([inside(Quadrant::HighHigh), inside(Quadrant::LowLow)]);
        table.add_row(cells);
    }
    let _ = writeln!(out, "\n{table}\nUnits in clusters by local Moran's I at 5 %.");
}

fn parts(out: &mut String, own: &Estimation) {
    let name = &own.model.name;
    if !own.effects.is_empty() {
        let mut table = grid(&texts(&[&format!("effects, {name}"), "direct", "indirect", "total"]));
        for effect in &own.effects {
            let cell =
                |at: usize| format!("{} ({})", short(effect.values[at]), short(effect.errors[at]));
            table.add_row(vec![effect.name.clone(), cell(0), cell(1), cell(2)]);
        }
        let _ = writeln!(out, "\n{table}");
    }
    if !own.marginal.is_empty() {
        let heads =
            [&format!("marginal effects, {name}"), "average", "p10", "p25", "p50", "p75", "p90"];
        let mut table = grid(&texts(&heads));
        for all in own.marginal.chunk_by(|a, b| a.variable == b.variable) {
            let cell = |one: &Marginal| format!("{} ({})", short(one.value), short(one.error));
            let mut row = vec![all[0].variable.clone()];
            row.extend(all.iter().map(cell));
            table.add_row(row);
        }
        let _ = writeln!(out, "\n{table}");
    }
    if let (Some(found), Some((x, _))) = (&own.turning, &own.model.quadratic) {
        let interval = |own: Option<(f64, f64)>| match own {
            Some((low, high)) => format!("{} to {}", short(low), short(high)),
            None => "unbounded".to_owned(),
        };
        let _ = writeln!(
            out,
            "\n{name}: {x} turns at {} (95 % {}), data from {} to {}: {} (p {})",
            short(found.at),
            interval(found.fieller95),
            short(found.ends.0),
            short(found.ends.1),
            found.verdict(0.05),
            probability(found.p_value()),
        );
    }
    let number = |word: &str| own.statistic(word);
    if let (Some(indirect), Some(error), Some(share)) =
        (number("indirect"), number("indirect_error"), number("indirect_share"))
    {
        let drawn = match (number("indirect_low95"), number("indirect_high95")) {
            (Some(low), Some(high)) => format!(", 95 % of draws {} to {}", short(low), short(high)),
            _ => String::new(),
        };
        let total = number("total").unwrap_or(f64::NAN);
        let _ = writeln!(
            out,
            "\n{name}: total {}, through the mediator {} ({}){drawn}: {:.0} % of it",
            short(total),
            short(indirect),
            short(error),
            100.0 * share,
        );
    }
    if let (Some(at), Some(low), Some(high), Some(f)) = (
        number("threshold"),
        number("threshold_low95"),
        number("threshold_high95"),
        number("threshold_f"),
    ) {
        let _ = writeln!(
            out,
            "\n{name}: threshold {} (95 % {} to {}), F {}",
            short(at),
            short(low),
            short(high),
            short(f)
        );
        if let (Some(one), Some(two), Some(f)) =
            (number("threshold_1_anew"), number("threshold_2"), number("threshold_2_f"))
        {
            let _ = writeln!(
                out,
                "{name}: two thresholds {} and {}, F of the second {}",
                short(one.min(two)),
                short(one.max(two)),
                short(f)
            );
        }
    }
    let first: Vec<_> = own.first_stages.iter().map(|own| &own.test).collect();
    if own.tests.is_empty() && first.is_empty() {
        return;
    }
    let mut table = grid(&texts(&[&format!("tests, {name}"), "statistic", "p"]));
    for test in own.tests.iter().chain(first) {
        let what = format!("{}: {}", test.name, test.about);
        table.add_row(vec![what, short(test.statistic), probability(test.p)]);
    }
    let _ = writeln!(out, "\n{table}");
}
