//! Results of each method as tidy files.

mod agglomeration;
mod autocorrelation;
pub(super) mod build;
mod check;
mod compare;
pub(super) mod ensemble;
mod estimate;
mod footprint;
mod grid;
mod groups;
mod intensity;
mod lead;
mod location;
mod named;
mod net_flows;
mod prices;
mod realism;
mod rivals;
mod run;
mod sectors;
mod transfer;

use serde_json::{Map, Value, json};

use super::results::Results;
use crate::backcast::Backcast;
use crate::footprint::QuantityImpact;
use crate::labels::Industries;
use crate::table::Table;
use crate::tidy::{Column, Tidy};

pub use agglomeration::agglomeration;
pub(super) use agglomeration::verdict;
pub use build::{build, build_switches};
pub use check::check;
pub use compare::compare;
pub use ensemble::uncertainty;
pub use estimate::{estimate_headline, estimates};
pub use footprint::footprint;
pub use grid::grid;
pub use groups::group_switches;
pub use location::location;
pub use prices::deflators;
pub use realism::realism_switches;
pub use rivals::rivals;
pub use run::{baseline, density, moves, run, target_switches, trajectory};
pub use transfer::transfer;

fn by_region(industries: &Industries, values: &[f64]) -> Value {
    let sums = industries.by_region(values);
    let codes = industries.regions.labels().iter().map(|label| label.code.clone());
    Value::Object(codes.zip(sums).map(|(code, sum)| (code, json!(sum))).collect())
}

/// What an earlier table would have foretold, as JSON.
pub fn backcast(table: &Table, foretold: &[Backcast]) -> Value {
    let codes: Vec<&str> =
        table.industries().regions.labels().iter().map(|label| label.code.as_str()).collect();
    let named = |values: &[f64]| -> Map<String, Value> {
        codes.iter().zip(values).map(|(code, value)| ((*code).to_owned(), json!(value))).collect()
    };
    let one = |found: &Backcast| {
        let predictions = found.predictions.iter().map(|prediction| {
            let value = json!({
                "error": prediction.error,
                "error_to_total": prediction.error_to_total,
                "by_region": named(&prediction.by_region),
            });
            (prediction.knowledge.word().to_owned(), value)
        });
        let predictions: Map<String, Value> = predictions.collect();
        let value =
            json!({ "unit": found.unit, "true": named(&found.truth), "foretold": predictions });
        (found.code.clone(), value)
    };
    Value::Object(foretold.iter().map(one).collect())
}

/// Adds the file of a demand shock.
pub fn impact(results: &mut Results, table: &Table, impacts: &[QuantityImpact]) {
    use Column::{Part, Quantity, Region, Sector, Unit};
    let mut tidy = Tidy::new(&[Quantity, Unit, Region, Sector, Part]);
    let industries = table.industries();
    let mut headline = Map::new();
    for impact in impacts {
        let (code, unit) = (
            table.quantity_code(impact.quantity),
            table.quantity_unit(impact.quantity).to_string(),
        );
        for at in 0..industries.len() {
            let (region, sector) = industries.split(at);
            let (region, sector) =
                (industries.regions.code(region), industries.sectors.code(sector));
            let (direct, total) = (impact.direct[at], impact.total[at]);
            for (part, value) in [("direct", direct), ("indirect", total - direct)] {
                tidy.push(&[code, &unit, region, sector, part], value);
            }
        }
        headline.insert(code.to_owned(), by_region(industries, &impact.total));
    }
    results.headline = Value::Object(headline);
    results.file(
        "impact.csv",
        "what the shock does in the industries whose products are bought (direct) and in their suppliers (indirect)",
        tidy,
    );
}
