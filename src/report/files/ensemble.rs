//! Files of the draws: bands, grades of signs, peaks, and one uncertainty at a time.

use serde_json::{Map, Value, json};

use crate::report::results::Results;
use crate::run::ensemble::{BAND, Ensemble, Level, Peak, SignGrade};
use crate::scenario::Scenario;
use crate::scenario::place::Place;
use crate::scenario::uncertainty::Uncertainty;
use crate::table::{Quantity, Table};
use crate::tidy::{Column, Tidy};

/// Names of the three numbers of a band.
pub(super) const NAMES: [&str; 3] = ["p05", "p50", "p95"];

/// Adds every file of the draws.
pub(super) fn ensemble(
    results: &mut Results,
    table: &Table,
    scenario: &Scenario,
    found: &Ensemble,
) {
    debug_assert_eq!(BAND, [0.05, 0.5, 0.95]);
    results.file(
        "grades.csv",
        "how often each difference of the last year is above and below zero, by reading (factor) and by technology / \
         sourcing of the plants (part), with the median; agreement is the share of all that has the sign of the headline",
        grades(table, scenario, found),
    );
    if found.draws == 0 {
        return;
    }
    results.file(
        "bands.csv",
        "5, 25, 50, 75 and 95 % of the draws (statistic) of baseline, scenario and their difference by region, by group, and of \"all\" \
         together; factor is the reading of agglomeration",
        bands(table, scenario, found),
    );
    results.file(
        "tornado.csv",
        "5, 50 and 95 % of the difference of the last year with one thing alone drawn (factor), by reading (part)",
        tornado(table, scenario, found),
    );
    results.residuals.insert("draws".to_owned(), json!(found.draws));
    results.residuals.insert("draws without an answer".to_owned(), json!(found.failed));
    results
        .residuals
        .insert("systems factored while drawing".to_owned(), json!(found.factorisations));
}

/// Code of a region, name of a group, or `all`.
fn place_code<'a>(table: &'a Table, scenario: &'a Scenario, place: Place) -> &'a str {
    scenario.place_code(place, &table.industries().regions)
}

fn bands(table: &Table, scenario: &Scenario, found: &Ensemble) -> Tidy {
    use Column::{Factor, Quantity, Region, Scenario, Statistic, Unit, Year};
    let mut tidy = Tidy::new(&[Scenario, Year, Quantity, Unit, Region, Factor, Statistic]);
    for band in &found.bands {
        let (code, unit) =
            (table.quantity_code(band.quantity), table.quantity_unit(band.quantity).to_string());
        let ([low, mid, high], [first, third]) = (band.values, band.half);
        let lines = [("p05", low), ("p25", first), ("p50", mid), ("p75", third), ("p95", high)];
        for (name, value) in lines {
            tidy.push(
                &[
                    band.level.word(),
                    &band.year.to_string(),
                    code,
                    &unit,
                    place_code(table, scenario, band.place),
                    band.reading.word(),
                    name,
                ],
                value,
            );
        }
    }
    tidy
}

fn grades(table: &Table, scenario: &Scenario, found: &Ensemble) -> Tidy {
    use Column::{Factor, Part, Quantity, Region, Statistic};
    let mut tidy = Tidy::new(&[Quantity, Region, Factor, Part, Statistic]);
    for grade in &found.grades {
        let (code, region) =
            (table.quantity_code(grade.quantity), place_code(table, scenario, grade.place));
        tidy.push(&[code, region, "all", "all", "agreement"], grade.agreement);
        for cell in &grade.cells {
            let part = format!("{}/{}", cell.variant.technology, cell.variant.sourcing);
            let numbers = [
                ("share_positive", cell.positive),
                ("share_negative", cell.negative),
                ("median", cell.median),
            ];
            for (name, value) in numbers {
                tidy.push(&[code, region, cell.reading.word(), &part, name], value);
            }
        }
    }
    tidy
}

/// Peaks, by draws or certain.
pub(super) fn peaks(table: &Table, scenario: &Scenario, found: &[Peak]) -> Tidy {
    use Column::{Quantity, Region, Scenario, Statistic, Year};
    let mut tidy = Tidy::new(&[Scenario, Year, Quantity, Region, Statistic]);
    for peak in found {
        let (code, region) =
            (table.quantity_code(peak.quantity), place_code(table, scenario, peak.place));
        for (year, share) in &peak.years {
            let year = year.to_string();
            tidy.push(&[peak.level.word(), &year, code, region, "share_of_draws"], *share);
        }
        tidy.push(&[peak.level.word(), "none", code, region, "share_of_draws"], peak.none);
    }
    tidy
}

fn tornado(table: &Table, scenario: &Scenario, found: &Ensemble) -> Tidy {
    use Column::{Factor, Part, Quantity, Region, Statistic, Unit};
    let mut tidy = Tidy::new(&[Quantity, Unit, Region, Factor, Part, Statistic]);
    for bar in &found.tornado {
        let (code, unit) =
            (table.quantity_code(bar.quantity), table.quantity_unit(bar.quantity).to_string());
        for (name, value) in NAMES.iter().zip(bar.values) {
            tidy.push(
                &[
                    code,
                    &unit,
                    place_code(table, scenario, bar.place),
                    &bar.parameter,
                    bar.reading.word(),
                    name,
                ],
                value,
            );
        }
    }
    tidy
}

/// Bands and grades of the headline, for `summary.json`: quantity → region → numbers.
pub(super) fn headline(table: &Table, scenario: &Scenario, found: &Ensemble, year: i32) -> Value {
    let reading = scenario.density.as_ref().map(|density| density.reading).unwrap_or_default();
    let mut all = Map::new();
    for grade in &found.grades {
        let of = |level| {
            found.bands.iter().find(|band| {
                band.level == level
                    && band.year == year
                    && band.quantity == grade.quantity
                    && band.place == grade.place
            })
        };
        let entry = all
            .entry(table.quantity_code(grade.quantity).to_owned())
            .or_insert_with(|| Value::Object(Map::new()));
        let band = of(Level::Difference);
        if let Value::Object(regions) = entry {
            regions.insert(
                place_code(table, scenario, grade.place).to_owned(),
                json!({
                    "difference": grade.headline,
                    "reading": reading.word(),
                    "band": band.map(|band| band.values),
                    "range": grade.range(),
                    "sign_grade": letter(grade),
                    "agreement": grade.agreement,
                }),
            );
        }
    }
    Value::Object(all)
}

/// Letter of a grade; a dash where the headline is zero.
pub(in crate::report) fn letter(grade: &SignGrade) -> String {
    grade.letter().map_or("-".to_owned(), |letter| letter.to_string())
}

/// The switches of `[uncertainty]` in words, for `summary.json`.
pub fn uncertainty(found: Option<&Uncertainty>) -> Value {
    let Some(found) = found else { return json!("none") };
    json!({
        "draws": found.draws,
        "seed": found.seed,
        "elasticities": found.elasticities,
        "lag_correlation": found.lag_correlation,
        "emission_factors": found.emission_factors.map(|(spread, together)| {
            json!({ "relative_spread": spread, "together": together.word() })
        }),
        "trade_shares": found.trade_shares,
        "technology": found.technology,
        "growth": found.growth,
    })
}

/// Whether a quantity is a stressor.
pub(in crate::report) fn is_stressor(quantity: Quantity) -> bool {
    matches!(quantity, Quantity::Stressor(_))
}
