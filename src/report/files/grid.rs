//! The file of a grid of scenarios, and its dials for `summary.json`.

use crate::agglomeration::Reading;
use crate::labels::{Label, places};
use crate::recorded::NamedCode;
use crate::recorded::grid::{GRID, RecordedDial, RecordedGrid, Unanswered};
use crate::relocation::indicators::BREAK_EVEN_TECHNOLOGY;
use crate::relocation::{Suppliers, Technology};
use crate::report::results::Results;
use crate::report::units;
use crate::run::grid::dials::{Dial, Stop, Stops};
use crate::run::grid::{Answer, Grid, Turned};
use crate::scenario::Scenario;
use crate::table::{Quantity, Table};
use crate::tidy::{Column, Tidy, push_number};

/// Indicators that a point has lines of.
const INDICATORS: [&str; 3] =
    ["emission_transfer_ratio", "break_even_intensity", BREAK_EVEN_TECHNOLOGY];

/// Adds the file of a grid and what its dials are, which it also returns.
pub fn grid(
    results: &mut Results,
    table: &Table,
    scenario: &Scenario,
    grid: &Grid,
    found: &Turned,
) -> RecordedGrid {
    let dials: Vec<RecordedDial> = grid.dials.iter().map(|stops| recorded(table, stops)).collect();
    let own = String::new();
    let mut told = RecordedGrid { year: found.year, dials, own, unanswered: Vec::new() };
    let points: Vec<String> =
        (0..grid.points()).map(|point| told.point(&grid.at(point)).unwrap_or_default()).collect();
    told.own = points[grid.own()].clone();
    for (point, answer) in points.iter().zip(&found.points) {
        if let Err(why) = answer {
            told.unanswered.push(Unanswered { point: point.clone(), why: why.clone() });
        }
    }
    results.file(
        GRID,
        "the last year with the dials of the scenario turned (point: dial=stop, listed in summary.json under grid): scenario less \
         baseline by region, group and of all (statistic difference), and of all the emission transfer ratio and break-evens where \
         they are defined; point values, nothing is drawn for them",
        lines(table, scenario, found, &points),
    );
    results.grid = Some(told.clone());
    told
}

fn lines(table: &Table, scenario: &Scenario, found: &Turned, points: &[String]) -> Tidy {
    use Column::{Point, Quantity as QuantityColumn, Region, Statistic, Unit, Year};
    let mut tidy = Tidy::new(&[Year, QuantityColumn, Unit, Region, Point, Statistic]);
    let year = found.year.to_string();
    let regions = &table.industries().regions;
    let codes = scenario.place_codes(regions);
    let answered =
        points.iter().zip(&found.points).filter_map(|(p, a)| Some((p, a.as_ref().ok()?)));
    for (point, Answer { changes, indicators }) in answered {
        for (quantity, changes) in changes {
            let (code, unit) =
                (table.quantity_code(*quantity), table.quantity_unit(*quantity).to_string());
            for (region, change) in codes.iter().zip(changes) {
                tidy.push(&[&year, code, &unit, region, point, "difference"], *change);
            }
        }
        for (quantity, indicators) in indicators {
            let code = table.quantity_code(*quantity);
            let wanted = indicators.iter().filter(|one| INDICATORS.contains(&one.name));
            for (indicator, value) in wanted.filter_map(|one| Some((one, one.value?))) {
                let unit = units::indicator(table, *quantity, indicator.unit);
                tidy.push(&[&year, code, &unit, places::ALL, point, indicator.name], value);
            }
        }
    }
    tidy
}

fn recorded(table: &Table, stops: &Stops) -> RecordedDial {
    RecordedDial {
        dial: named_dial(stops.dial),
        stops: stops.stops.iter().map(|stop| named_stop(table, *stop)).collect(),
        own: stops.own,
    }
}

fn named(code: impl Into<String>, en: &str, zh: &str) -> NamedCode {
    NamedCode::of(&Label::new(code, en, zh))
}

fn named_dial(dial: Dial) -> NamedCode {
    let (en, zh) = match dial {
        Dial::Share => ("Share moved", "转移比例"),
        Dial::Size => ("How much moves, as a multiple", "转移规模（倍数）"),
        Dial::Technology => ("Technology of the new plants", "新厂技术"),
        Dial::Sourcing => ("Suppliers of the new plants", "新厂供应来源"),
        Dial::Reading => ("Reading of agglomeration", "集聚弹性读法"),
    };
    named(dial.word(), en, zh)
}

/// Code and names of a stop.
fn named_stop(table: &Table, stop: Stop) -> NamedCode {
    match stop {
        Stop::Own => named("scenario", "as in the scenario", "同情景文件"),
        Stop::Share(share) => {
            let percent = number(rounded(100.0 * share));
            named(number(share), &format!("{percent} %"), &format!("{percent}%"))
        }
        Stop::Size(factor) => {
            let times = number(factor);
            named(times.as_str(), &format!("{times} times"), &format!("{times} 倍"))
        }
        Stop::Technology(technology) => named_technology(table, technology),
        Stop::Sourcing(suppliers) => match suppliers {
            Suppliers::Destination => {
                named("destination", "those of the receiving region", "承接地供应商")
            }
            Suppliers::Origin => named("origin", "those they had", "原有供应商"),
            Suppliers::Mix(share) => mixture(share),
        },
        Stop::Reading(reading) => {
            let (en, zh) = match reading {
                Reading::None => ("input-output model alone", "仅投入产出模型"),
                Reading::Total => ("whole regression", "完整回归"),
                Reading::Conditional => ("at given scale", "给定规模"),
                Reading::NetOfScale => ("net of scale", "扣除规模"),
                Reading::Replace => ("density alone", "仅密度"),
            };
            named(reading.word(), en, zh)
        }
    }
}

fn named_technology(table: &Table, technology: Technology) -> NamedCode {
    match technology {
        Technology::Destination => named("destination", "as in the receiving region", "同承接地"),
        Technology::Origin => named("origin", "as they were", "保持原有技术"),
        Technology::Mix(share) => mixture(share),
        Technology::Best(stressor) => {
            let code = table.quantity_code(Quantity::Stressor(stressor));
            let en = format!("the one with less {code}");
            named(format!("best:{code}"), &en, &format!("两者中 {code} 较低者"))
        }
    }
}

/// A mixture with a share of the destination's.
fn mixture(share: f64) -> NamedCode {
    let percent = number(rounded(100.0 * share));
    let en = format!("{percent} % as in the receiving region");
    named(format!("mix:{}", number(share)), &en, &format!("{percent}% 同承接地"))
}

fn number(value: f64) -> String {
    let mut text = String::new();
    push_number(&mut text, value);
    text
}

/// A percentage without the dust of binary fractions.
fn rounded(percent: f64) -> f64 {
    format!("{percent:.10}").parse().unwrap_or(percent)
}
