//! `irio locate` for the terminal: one question after the other, each with its answer in words.

use std::fmt::Write;

use super::{grid, texts};
use crate::location::analysis::Analysis;
use crate::location::entry::{Entry, Limit};
use crate::location::equilibrium::{Outcome, threshold};
use crate::location::filling::Filled;
use crate::location::map::{Map, Point, Range};
use crate::location::statics::Static;
use crate::location::{Game, Measure, Parameter, Place, Upstream};
use crate::report::units::GameWords;
use crate::text::{human, signed};

/// What a location game says.
pub fn locate(
    words: &GameWords<'_>,
    year: Option<i32>,
    start: Place,
    analysis: &Analysis,
    filled: &[Filled],
) -> String {
    let game = &analysis.game;
    let mut out = format!(
        "{}{}: {} firms choose between {} and {}\n",
        words.name,
        year.map_or(String::new(), |year| format!(" in {year}")),
        game.firms(),
        words.place(Place::A),
        words.place(Place::B)
    );
    out.push_str(match game.upstream() {
        Upstream::Competitive => "",
        Upstream::PostsBefore => {
            "An upstream monopolist posts the price of raw material before they choose.\n"
        }
        Upstream::PostsAfter => {
            "An upstream monopolist sets the price of raw material after they have chosen.\n"
        }
    });
    if !filled.is_empty() {
        out.push_str(&taken(words, filled));
    }
    out.push_str(&advantage(words, game));
    out.push_str(&outcomes(words, analysis));
    out.push_str(&verdict(words, start, analysis));
    if let Some(statics) = &analysis.statics {
        out.push_str(&changes(words, analysis, statics));
    }
    out.push_str("\nIf anybody could enter:\n");
    for entry in &analysis.entry {
        let _ = writeln!(out, "  {}", entered(words, game, entry));
    }
    if !analysis.path.is_empty() {
        out.push_str(&path(words, analysis));
    }
    if let Some(map) = &analysis.map {
        out.push_str(&picture(words, game, map));
    }
    out
}

fn taken(words: &GameWords<'_>, filled: &[Filled]) -> String {
    let mut out =
        "\nTaken from the table (assumptions; a number in [game] overrides each):\n".to_owned();
    for one in filled {
        let unit = words.unit(one.parameter.measure());
        let _ = writeln!(
            out,
            "  {} = {} {unit}: {}",
            one.parameter.letter(),
            human(one.value),
            one.from
        );
    }
    out
}

fn advantage(words: &GameWords<'_>, game: &Game) -> String {
    let unit = words.unit(Measure::PerProduct);
    let mut lines =
        grid(&[format!("net advantage of {}", words.place(Place::A)), "is".into(), unit]);
    let [haul, product, regional] = game.advantage_parts();
    for (what, formula, value) in [
        ("raw material is not hauled to B", "mu t_m", haul),
        ("transport of the product", "tau_B - tau_A", product),
        ("regional effect", "g_A - g_B", regional),
        ("together", "Δ", game.advantage()),
    ] {
        lines.add_row([what.to_owned(), formula.to_owned(), signed(value)]);
    }
    let n = game.value(Parameter::Firms);
    let worth = |place| human(game.value(Parameter::Agglomeration(place)) * (n - 1.0));
    format!(
        "\n{lines}\nBeside it, what {} neighbours are worth to a firm, theta (n - 1): {} at A, {} at B\n",
        game.firms() - 1,
        worth(Place::A),
        worth(Place::B)
    )
}

/// Both clusters, and every split that is an equilibrium.
fn outcomes(words: &GameWords<'_>, analysis: &Analysis) -> String {
    let n = analysis.game.firms();
    let monopoly = analysis.game.upstream() != Upstream::Competitive;
    let mut header = vec![
        "outcome".to_owned(),
        "lasts".to_owned(),
        "if".to_owned(),
        format!("profit of a firm\n{}", words.money),
        "by leaving".to_owned(),
        format!("price\n{}", words.unit(Measure::PerProduct)),
        format!("sales of a firm\n{}", words.product),
    ];
    if monopoly {
        header.push(format!("raw material\n{}", words.unit(Measure::PerRaw)));
    }
    let mut lines = grid(&header);
    let all = &analysis.equilibria.outcomes;
    let splits = all[1..n].iter().filter(|outcome| outcome.is_equilibrium()).take(MOST_SPLITS);
    for outcome in [&all[n], &all[0]].into_iter().chain(splits) {
        let k = outcome.profile.firms_at_a;
        let name = match k {
            0 => format!("all at {}", words.place(Place::B)),
            k if k == n => format!("all at {}", words.place(Place::A)),
            k => format!("{k} at A, {} at B", n - k),
        };
        let lasts = if outcome.is_equilibrium() { "yes" } else { "no" };
        let condition = match &analysis.closed_form {
            Some(_) => condition(&analysis.game, k),
            None => "(by payoffs)".to_owned(),
        };
        let mut cells = vec![
            name,
            lasts.to_owned(),
            condition,
            by_place(outcome, |outcome, place| Some(outcome.profile.group(place)?.profit)),
            by_place(outcome, |outcome, place| outcome.deviation[place as usize]),
            human(outcome.profile.price),
            by_place(outcome, |outcome, place| Some(outcome.profile.group(place)?.quantity)),
        ];
        if monopoly {
            cells.push(human(outcome.profile.raw_price));
        }
        lines.add_row(cells);
    }
    format!("\n{lines}\n")
}

/// Most splits that are listed; `equilibria.csv` has all.
const MOST_SPLITS: usize = 10;

fn condition(game: &Game, k: usize) -> String {
    let n = game.firms();
    match k {
        0 => format!("Δ ≤ {}", human(threshold(game, 1))),
        k if k == n => format!("Δ ≥ {}", human(threshold(game, n))),
        k => format!("{} ≤ Δ ≤ {}", human(threshold(game, k)), human(threshold(game, k + 1))),
    }
}

/// A number of the firms at A and at B, where there are any.
fn by_place(outcome: &Outcome, pick: impl Fn(&Outcome, Place) -> Option<f64>) -> String {
    let found: Vec<String> =
        Place::ALL.into_iter().filter_map(|place| pick(outcome, place)).map(human).collect();
    found.join(" / ")
}

fn placed(words: &GameWords<'_>, k: usize, n: usize) -> String {
    match k {
        0 => format!("all at {}", words.place(Place::B)),
        k if k == n => format!("all at {}", words.place(Place::A)),
        k => format!("{k} at {} and {} at {}", words.place(Place::A), n - k, words.place(Place::B)),
    }
}

fn verdict(words: &GameWords<'_>, start: Place, analysis: &Analysis) -> String {
    let (n, found) = (analysis.game.firms(), analysis.equilibria.firms_at_a());
    let here = placed(words, analysis.selected, n);
    let mut out = match found.len() {
        1 => format!("Only one outcome lasts: {here}.\n"),
        count => format!(
            "{count} outcomes last, so history or policy selects: firms that started at {} are {here}.\n",
            words.place(start)
        ),
    };
    let Some(dominance) = analysis.dominance else { return out };
    let both = |place: Option<Place>, better: &str, same: &str| match place {
        Some(place) => format!("{better} {}", words.place(place)),
        None => same.to_owned(),
    };
    let value = |place| analysis.game.value(Parameter::Agglomeration(place));
    let gap = (value(Place::B) - value(Place::A)) * (n as f64 - 1.0);
    let delta = analysis.game.advantage();
    let sign = match dominance.payoff {
        Some(Place::A) => ">",
        Some(Place::B) => "<",
        None => "=",
    };
    let said = both(
        dominance.payoff,
        "Firms earn more with all at",
        "Firms earn the same in either cluster",
    );
    // Where nobody sells, profits are equal for another reason than the formula's.
    let holds = match dominance.payoff {
        Some(Place::A) => delta > gap,
        Some(Place::B) => delta < gap,
        None => (delta - gap).abs() <= 1e-9 * (delta.abs() + gap.abs()),
    };
    let _ = if holds {
        writeln!(
            out,
            "{said} (Δ = {} {sign} (theta_B - theta_A)(n - 1) = {}).",
            human(delta),
            human(gap)
        )
    } else {
        writeln!(out, "{said}.")
    };
    let _ = writeln!(
        out,
        "{} (a firm that leaves loses {} at A, {} at B).",
        both(
            dominance.risk,
            "The safer cluster, dearer to leave, is",
            "Either cluster is as dear to leave"
        ),
        human(dominance.losses[0]),
        human(dominance.losses[1])
    );
    out
}

fn changes(words: &GameWords<'_>, analysis: &Analysis, statics: &[Static]) -> String {
    let here = placed(words, analysis.selected, analysis.game.firms());
    let mut lines = grid(&texts(&["parameter", "unit", "is", "Δ gains\nper unit", "ends it"]));
    let mut idle = Vec::new();
    for one in statics {
        let letter = one.parameter.letter();
        let unit = words.unit(one.parameter.measure());
        if one.advantage == 0.0 && one.thresholds == [0.0; 2] {
            let unused = one.parameter == Parameter::UpstreamCost;
            let set = one.parameter == Parameter::RawPrice;
            let monopoly = analysis.game.upstream() != Upstream::Competitive;
            if !(unused && !monopoly || set && monopoly) {
                idle.push(letter);
            }
            continue;
        }
        let mut ends = Vec::new();
        let whole = one.parameter == Parameter::Firms;
        let [low, high] = one.lasts;
        ends.extend(low.map(|low| format!("below {}", number(low, whole))));
        ends.extend(high.map(|high| format!("above {}", number(high, whole))));
        let split = (1..analysis.game.firms()).contains(&analysis.selected);
        let ends = match ends.is_empty() {
            // With another number of firms it would be another split.
            true if whole && split => "(another split)".to_owned(),
            true => "nothing".to_owned(),
            false => ends.join(", "),
        };
        lines.add_row([
            format!("{letter}: {}", one.parameter.words()),
            unit,
            number(one.value, whole),
            if one.advantage == 0.0 { String::new() } else { signed(one.advantage) },
            ends,
        ]);
    }
    format!(
        "\nWhat would end it ({here}), one parameter at a time\n{lines}\n{} do not count, but for the number of firms they make room for.\n",
        idle.join(", ")
    )
}

fn number(value: f64, whole: bool) -> String {
    if whole { format!("{value:.0}") } else { human(value) }
}

fn entered(words: &GameWords<'_>, game: &Game, entry: &Entry) -> String {
    let place = words.place(entry.place);
    let Some(firms) = entry.firms else {
        return match entry.limit {
            Limit::Cost => format!("{place}: none; the unit cost would be zero or less"),
            _ => format!("{place}: none; not even one firm would earn its fixed cost"),
        };
    };
    let fixed = human(game.value(Parameter::FixedCost));
    let end = match entry.limit {
        Limit::Profit => {
            format!("one more would not earn the fixed cost of {fixed} {}", words.money)
        }
        Limit::Cost => "with one more the unit cost would be zero or less".to_owned(),
        Limit::Cap => "stopped there by the cap".to_owned(),
    };
    let range = entry.thresholds.map_or(String::new(), |[low, high]| {
        format!("; then A lasts if Δ ≥ {}, B if Δ ≤ {}", human(low), human(high))
    });
    format!("{place}: {firms} firms, {end}{range}")
}

/// More years than this and only those in which something changes are shown.
const MOST_YEARS: usize = 30;

fn path(words: &GameWords<'_>, analysis: &Analysis) -> String {
    let unit = words.unit(Measure::PerProduct);
    let mut lines = grid(&[
        "year".to_owned(),
        format!("Δ\n{unit}"),
        "A lasts if\nΔ ≥".to_owned(),
        "B lasts if\nΔ ≤".to_owned(),
        "firms\nat A".to_owned(),
        "firms\nat B".to_owned(),
        String::new(),
    ]);
    let (n, last) = (analysis.game.firms(), analysis.path.len() - 1);
    for (at, year) in analysis.path.iter().enumerate() {
        let changed = at > 0 && analysis.path[at - 1].firms_at_a != year.firms_at_a;
        if analysis.path.len() > MOST_YEARS && !changed && at != 0 && at != last {
            continue;
        }
        lines.add_row([
            year.year.to_string(),
            human(year.advantage),
            human(year.thresholds[0]),
            human(year.thresholds[1]),
            year.firms_at_a.to_string(),
            (n - year.firms_at_a).to_string(),
            if changed { "they move".to_owned() } else { String::new() },
        ]);
    }
    format!("\nYear by year: firms stay while their outcome lasts\n{lines}\n")
}

/// A map wider or higher than this is thinned out.
const WIDEST: [usize; 2] = [60, 24];

fn picture(words: &GameWords<'_>, game: &Game, map: &Map) -> String {
    let (xs, ys) = (map.x.values(), map.y.values());
    let thin = |count: usize, most: usize| count.div_ceil(most).max(1);
    let (dx, dy) = (thin(xs.len(), WIDEST[0]), thin(ys.len(), WIDEST[1]));
    let here = [nearest(game, &map.x, dx), nearest(game, &map.y, dy)];
    let name = |range: &Range| {
        format!("{} ({})", range.parameter.letter(), words.unit(range.parameter.measure()))
    };
    let mut out = format!("\n{} upwards, {} across:\n", name(&map.y), name(&map.x));
    let labels: Vec<String> = ys.iter().map(|y| human(*y)).collect();
    let margin = labels.iter().map(|label| label.chars().count()).max().unwrap_or_default();
    for row in (0..ys.len()).step_by(dy).rev() {
        let line: String = (0..xs.len())
            .step_by(dx)
            .map(|column| match here {
                [Some(x), Some(y)] if (x, y) == (column, row) => '*',
                _ => Point::sign(&map.points[row * xs.len() + column]),
            })
            .collect();
        let _ = writeln!(out, "  {:>margin$} {line}", labels[row]);
    }
    let (first, last) = (human(map.x.from), human(map.x.to));
    let room = (xs.len().div_ceil(dx)).saturating_sub(first.chars().count());
    let _ = writeln!(out, "  {:margin$} {first}{last:>room$}", "");
    out.push_str("  A, B: only that cluster lasts; +: either does; s: only splits last; *: the game as it is\n");
    out
}

/// The step of a range, of those shown, that the game is closest to; none if it lies outside.
fn nearest(game: &Game, range: &Range, stride: usize) -> Option<usize> {
    let (value, values) = (game.value(range.parameter), range.values());
    let inside = value >= range.from.min(range.to) && value <= range.from.max(range.to);
    let shown = (0..values.len()).step_by(stride);
    shown
        .filter(|_| inside)
        .min_by(|a, b| (values[*a] - value).abs().total_cmp(&(values[*b] - value).abs()))
}
