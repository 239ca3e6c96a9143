//! Dials of a page over a grid of runs that were computed beforehand.
//!
//! The page shows at each stop what the command line prints there: the numbers go through the columns of the
//! terminal, not through the units of the brief.

use super::book::{Book, inside};
use super::content::{Dial, DialOutput, Dials};
use super::speech::Facts;
use crate::numerals::Measure;
use crate::recorded::grid::{GRID, RecordedDial, RecordedGrid};
use crate::text::column;
use crate::tidy::Column;

/// The dials of a run, if a grid was computed with it. `ends` are the places that moves leave and reach.
pub(super) fn of(book: &Book<'_>, stressor: Option<&str>, ends: &[String]) -> Option<Dials> {
    let grid = book.recorded.summary.grid.as_ref()?;
    let turned: Vec<&RecordedDial> =
        grid.dials.iter().filter(|dial| dial.stops.len() > 1).collect();
    if turned.is_empty() || !book.has(GRID) {
        return None;
    }
    let quantities: Vec<&str> = ["value_added"].into_iter().chain(stressor).collect();
    let places = book.texts(GRID, Column::Region);
    let shown = shown(book, &places, ends);
    let year = grid.year.to_string();
    let points = points(grid);
    let cells = points.iter().map(|point| {
        let printed =
            quantities.iter().map(|quantity| printed(book, &year, quantity, point, &places));
        let printed: Vec<Option<Vec<String>>> = printed.collect();
        let of = |place: &usize| {
            let text = |column: &Option<Vec<String>>| {
                column.as_ref().map_or("—".to_owned(), |texts| texts[*place].clone())
            };
            printed.iter().map(text).collect::<Vec<String>>()
        };
        shown.iter().flat_map(of).collect()
    });
    let mut facts = Facts::new();
    facts.word("year", year.clone()).word("dials", listed(book, &turned));
    Some(Dials {
        title: book.speaker.say("dials_title", &facts).plain(),
        dials: turned.iter().map(|dial| dial_of(book, dial)).collect(),
        outputs: outputs(book, &quantities, &places, &shown),
        cells: cells.collect(),
        start: turned.iter().map(|dial| dial.own).collect(),
        note: book.speaker.say("dials_note", &facts).plain(),
        file: GRID.to_owned(),
    })
}

/// Positions of the places that are told: the ends of the moves, groups, and all.
fn shown(book: &Book<'_>, places: &[&str], ends: &[String]) -> Vec<usize> {
    let kept =
        |place: &str| ends.iter().any(|end| end == place) || book.label("regions", place).is_none();
    (0..places.len()).filter(|at| kept(places[*at])).collect()
}

/// Every combination of the dials that were turned, the last turning fastest.
fn points(grid: &RecordedGrid) -> Vec<String> {
    let count: usize = grid.dials.iter().map(|dial| dial.stops.len()).product();
    let at = |mut number: usize| {
        let mut stops = vec![0; grid.dials.len()];
        for (stop, dial) in stops.iter_mut().zip(&grid.dials).rev() {
            *stop = number % dial.stops.len();
            number /= dial.stops.len();
        }
        grid.point(&stops).unwrap_or_default()
    };
    (0..count).map(at).collect()
}

/// A column of the terminal at a point: one text for each place; nothing where the point has no answer.
fn printed(
    book: &Book<'_>,
    year: &str,
    quantity: &str,
    point: &str,
    places: &[&str],
) -> Option<Vec<String>> {
    let value = |place: &&str| {
        let question = [
            (Column::Year, year),
            (Column::Quantity, quantity),
            (Column::Region, place),
            (Column::Point, point),
            (Column::Statistic, "difference"),
        ];
        Some(book.find(GRID, &question)?.cited.value)
    };
    let values: Vec<f64> = places.iter().map(value).collect::<Option<_>>()?;
    // As the terminal prints them; its hyphens are minus signs on paper.
    Some(column(&values, true).into_iter().map(|text| text.replace('-', "\u{2212}")).collect())
}

fn outputs(
    book: &Book<'_>,
    quantities: &[&str],
    places: &[&str],
    shown: &[usize],
) -> Vec<DialOutput> {
    let tidy = book.tidy(GRID);
    let unit = |quantity: &str| {
        let tidy = tidy?;
        let row = (0..tidy.len()).find(|row| {
            tidy.text(*row, Column::Quantity) == quantity
                && tidy.text(*row, Column::Statistic) == "difference"
        })?;
        Some(tidy.text(row, Column::Unit).to_owned())
    };
    let of = |place: &usize| {
        let name = book.place(places[*place]).full();
        let one = move |quantity: &&str| {
            let mut facts = Facts::new();
            facts.word("who", name.clone()).word("what", book.quantity(quantity).full());
            DialOutput {
                name: book.speaker.say("card_label", &facts).plain(),
                unit: unit(quantity).map_or(String::new(), |unit| same_unit(&unit, book)),
            }
        };
        quantities.iter().map(one).collect::<Vec<DialOutput>>()
    };
    shown.iter().flat_map(of).collect()
}

/// A unit of the table by its name, so that the numbers stay those of the terminal.
fn same_unit(unit: &str, book: &Book<'_>) -> String {
    let measure = Measure::in_unit(unit, unit, 1.0, book.language(), false);
    measure.map_or(unit.to_owned(), |measure| measure.unit().to_owned())
}

/// A dial in words: shares in percent, others by their names.
fn dial_of(book: &Book<'_>, dial: &RecordedDial) -> Dial {
    let word = |code: &str| {
        let share = code.parse::<f64>().ok().filter(|_| dial.dial.code == "share");
        match share {
            // Shares are stated in at most a few decimals; what multiplying adds is not theirs.
            Some(share) => format!("{}%", (1e8 * share).round() / 1e6),
            // The cleaner technology is told with the stressor by which it is: best:co2.
            None => {
                let word = code.split(':').next().unwrap_or(code);
                book.word_of(&["plants", "readings"], word).full()
            }
        }
    };
    Dial {
        name: book.word_of(&["dials"], &dial.dial.code).full(),
        stops: dial.stops.iter().map(|stop| word(&stop.code)).collect(),
    }
}

/// The dials by their names, with the place of each stop.
fn listed(book: &Book<'_>, dials: &[&RecordedDial]) -> String {
    let language = book.language();
    let one = |(at, dial): (usize, &&RecordedDial)| {
        let name = inside(&book.word_of(&["dials"], &dial.dial.code).full(), language);
        format!("{name}{}{{{at}}}", language.pick("为", ": "))
    };
    let all: Vec<String> = dials.iter().enumerate().map(one).collect();
    all.join(language.pick("，", ", "))
}
