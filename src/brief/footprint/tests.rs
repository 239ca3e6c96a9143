use serde_json::Value;

use crate::brief::testing::{
    Names, assert_brief, brief, number, recorded, refusal, regions, tidy, uncited,
};
use crate::numerals::Language;
use crate::recorded::{NamedCode, Recorded};
use crate::tidy::{Column, Tidy};

/// Quantities with their units, and the size of their numbers.
const BOTH: [(&str, &str, f64); 2] = [("value_added", "10^4 yuan", 1.0), ("co2", "Mt", 1e-6)];

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// What a test's results have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Has {
    /// Everything.
    All,
    /// No flows and no population.
    Accounts,
    /// Accounts of value added alone, in which all produce more than they consume.
    ValueAdded,
}

fn quantities(has: Has) -> &'static [(&'static str, &'static str, f64)] {
    if has == Has::ValueAdded { &BOTH[..1] } else { &BOTH }
}

fn accounts(regions: &[NamedCode], has: Has, per_person: bool) -> Tidy {
    let mut rows = Vec::new();
    for (of, (quantity, unit, size)) in quantities(has).iter().enumerate() {
        let unit = if per_person { format!("{unit} per person") } else { (*unit).to_owned() };
        let people = if per_person { 1e7 } else { 1.0 };
        let mut add = |region: &str, part: &str, value: f64| {
            rows.push((texts(&[quantity, &unit, region, part]), value * size / people));
        };
        for (k, region) in regions.iter().enumerate() {
            let net = number(k + of);
            let net = if has == Has::ValueAdded { net.abs() } else { net };
            add(&region.code, "production", 2e8 + net);
            add(&region.code, "consumption", 2e8);
            add(&region.code, "net", net);
            if has == Has::All && !per_person {
                add(&region.code, "net_regions", number(k + 3 * of + 1));
            }
        }
        if !per_person {
            add("all", "production", 2e8 * regions.len() as f64);
            add("rest_of_world", "consumption", 1.5e8);
            add("error", "consumption", -2e7);
        }
    }
    tidy(&[Column::Quantity, Column::Unit, Column::Region, Column::Part], rows)
}

fn flows(regions: &[NamedCode], net: bool) -> Tidy {
    let mut rows = Vec::new();
    let codes: Vec<&str> = regions.iter().map(|region| region.code.as_str()).collect();
    for (quantity, unit, size) in BOTH {
        for (i, from) in codes.iter().enumerate() {
            for (j, to) in codes.iter().enumerate() {
                let [there, back] = [i * 31 + j, j * 31 + i].map(|k| number(k).abs() * size);
                if !net {
                    rows.push((texts(&[quantity, unit, from, to]), there));
                } else if there > back {
                    rows.push((texts(&[quantity, unit, from, to, "net"]), there - back));
                }
            }
        }
        if net {
            rows.push((texts(&[quantity, unit, "others", "others", "net"]), 3e8 * size));
            rows.push((texts(&[quantity, "1", "others", "others", "share_of_net"]), 0.4));
        }
    }
    let mut columns = vec![Column::Quantity, Column::Unit, Column::From, Column::To];
    if net {
        columns.push(Column::Part);
    }
    tidy(&columns, rows)
}

fn results(count: usize, names: Names, has: Has) -> Recorded {
    let regions = regions(count, names);
    let mut files = vec![("sums.csv", accounts(&regions, has, false))];
    if has == Has::All {
        files.push(("flows.csv", flows(&regions, false)));
        files.push(("routes.csv", flows(&regions, true)));
        files.push(("per_capita.csv", accounts(&regions, has, true)));
    }
    recorded("footprint", &regions, files, Value::Null)
}

#[test]
fn briefs_of_1_to_40_regions_hold() {
    for count in [1, 2, 3, 7, 12, 13, 21, 40] {
        for has in [Has::All, Has::Accounts, Has::ValueAdded] {
            assert_brief(&results(count, Names::Any, has));
        }
    }
}

#[test]
fn briefs_of_provinces_hold_and_have_a_map() {
    for count in [3, 12, 31] {
        let results = results(count, Names::Provinces, Has::All);
        assert_brief(&results);
        let found = brief(&results, Language::Chinese);
        let ids: Vec<&str> = found.blocks.iter().map(|block| block.id.as_str()).collect();
        assert_eq!(ids, ["map", "accounts", "main-routes", "per-person", "flows"]);
    }
}

#[test]
fn where_all_produce_more_the_headline_is_of_what_flows_between_regions() {
    let headline = |has: Has, count: usize| {
        let regions = regions(count, Names::Provinces);
        let mut sums = accounts(&regions, Has::ValueAdded, false);
        for (k, region) in regions.iter().enumerate().filter(|_| has == Has::All) {
            let line = ["value_added", "10^4 yuan", &region.code, "net_regions"];
            sums.push(&line, number(k + 1));
        }
        let results = recorded("footprint", &regions, vec![("sums.csv", sums)], Value::Null);
        brief(&results, Language::English).headline.plain()
    };
    let with = headline(Has::All, 5);
    assert!(with.starts_with("Value added embodied in trade, 2007: a net "), "{with}");
    let without = headline(Has::Accounts, 5);
    assert!(without.contains("every region produces more than it consumes"), "{without}");
}

#[test]
fn numbers_of_texts_are_cited() {
    let found = brief(&results(12, Names::Provinces, Has::All), Language::Chinese);
    let texts =
        found.blocks.iter().flat_map(|block| &block.text).chain([&found.deck, &found.headline]);
    for text in texts {
        assert!(uncited(text).is_empty(), "{}", text.plain());
    }
}

#[test]
fn results_without_sums_make_no_brief() {
    let regions = regions(3, Names::Any);
    let told = refusal(&recorded("footprint", &regions, Vec::new(), Value::Null)).to_string();
    assert_eq!(told, "the results lack sums.csv: production of all regions");
}
