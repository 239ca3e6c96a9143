//! Periods of a transfer beside each other, for the terminal.

use std::fmt::Write;

use super::{RESULTS_SHOWN, STRESSORS_SHOWN, change, corners, place_names, ratio};
use crate::compare::Measured;
use crate::compare::periods::{Effect, Periods, Persistence, Verdict};
use crate::report::terminal::{Language, grid};

/// Periods beside each other.
pub(super) fn periods(found: &Periods, language: Language) -> String {
    let mut out = format!("{} periods:\n", found.names.len());
    for one in &found.names {
        let _ = writeln!(out, "  {}: {}", one.code, one.title);
    }
    let all = found.quantities.iter().enumerate();
    let money = all.clone().filter(|(_, one)| one.code() == "value_added").map(|(at, _)| at);
    let stressors = all.filter(|(_, one)| one.is_stressor()).map(|(at, _)| at);
    let shown: Vec<usize> = money.chain(stressors.take(STRESSORS_SHOWN)).collect();
    for quantity in &shown {
        let _ = writeln!(out, "\n{}", transfers(found, *quantity, language));
    }
    for quantity in &shown {
        if found.quantities[*quantity].is_stressor() {
            out.push_str(&intensities(found, *quantity, language));
        }
    }
    out.push_str("\nsigns over the periods, in every order of the factors:\n");
    for quantity in &shown {
        out.push_str(&signs(found, *quantity));
    }
    let lines = corners(&found.standings, &found.names, &found.quantities, &found.places);
    let _ = write!(out, "\nwho gains and who pays by the change of sourcing:\n{lines}");
    out
}

fn periods_shown(found: &Periods) -> usize {
    found.names.len().min(RESULTS_SHOWN)
}

/// The transfer a year of one quantity: places in lines, periods in columns, then the first less the last.
fn transfers(found: &Periods, quantity: usize, language: Language) -> String {
    let measured = &found.quantities[quantity];
    let shown = periods_shown(found);
    let mut header =
        vec![format!("{} by sourcing,\n{} per year", measured.code(), measured.unit())];
    header.extend(found.names[..shown].iter().map(|one| one.code.clone()));
    let (first, last) = (0, shown - 1);
    header.push(format!("{}\nless {}", found.names[first].code, found.names[last].code));
    let mut lines = grid(&header);
    for (place, name) in place_names(&found.places, language).into_iter().enumerate() {
        let mut cells = vec![name];
        for period in 0..shown {
            let own = found.effects.iter().find(|one: &&Effect| {
                (one.period, one.quantity, one.place, one.factor)
                    == (period, quantity, place, "sourcing")
            });
            cells.push(
                own.and_then(|own| own.per_year).map_or_else(String::new, |own| change(&own)),
            );
        }
        let apart = found.apart.iter().find(|one| {
            (one.quantity, one.place, one.from, one.to) == (quantity, place, first, last)
        });
        cells.push(apart.map_or_else(String::new, |one| change(&one.per_year)));
        lines.add_row(cells);
    }
    lines.to_string()
}

/// Stressor per value added that places exchanged.
fn intensities(found: &Periods, quantity: usize, language: Language) -> String {
    let own: Vec<_> = found
        .exchanges
        .iter()
        .filter(|one| one.quantity == quantity && one.part == "intensity")
        .collect();
    let Some(first) = own.first() else { return String::new() };
    let shown = periods_shown(found);
    let code = found.quantities[quantity].code();
    let mut header = vec![format!("{code} per value added\nexchanged, {}", first.unit)];
    header.extend(found.names[..shown].iter().map(|one| one.code.clone()));
    let mut lines = grid(&header);
    for (place, name) in place_names(&found.places, language).into_iter().enumerate() {
        let mut cells = vec![name];
        for period in 0..shown {
            let one = own.iter().find(|one| (one.period, one.place) == (period, place));
            cells.push(one.map_or_else(|| "-".to_owned(), |one| ratio(&one.number)));
        }
        lines.add_row(cells);
    }
    format!("\n{lines}\n")
}

/// Which places keep their sign, in a line.
fn signs(found: &Periods, quantity: usize) -> String {
    let own: Vec<&Persistence> =
        found.persistence.iter().filter(|one| one.quantity == quantity).collect();
    let of = |verdict: &Verdict| {
        let codes: Vec<&str> = own
            .iter()
            .filter(|one| one.verdict == *verdict)
            .map(|one| found.places[one.place].code.as_str())
            .collect();
        let [words, _] = verdict.names();
        (!codes.is_empty()).then(|| format!("{words}: {}", codes.join(", ")))
    };
    let parts: Vec<String> = Verdict::ALL.iter().filter_map(of).collect();
    let measured: &Measured = &found.quantities[quantity];
    if parts.is_empty() {
        return String::new();
    }
    format!("{}: {}\n", measured.code(), parts.join("; "))
}
