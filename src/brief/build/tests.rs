use serde_json::{Value, json};

use crate::brief::testing::{
    Names, assert_brief, brief, number, recorded, refusal, regions, tidy, uncited,
};
use crate::numerals::Language;
use crate::recorded::{NamedCode, Recorded};
use crate::tidy::{Column, Tidy};

const UNIT: &str = "10^4 yuan";

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// What regions sell and buy; every fourth one's own table has the opposite sign.
fn sums(regions: &[NamedCode], stated: bool) -> Tidy {
    let mut rows = Vec::new();
    let mut add = |quantity: &str, unit: &str, region: &str, value: f64| {
        rows.push((texts(&[quantity, unit, region]), value));
    };
    for (k, region) in regions.iter().enumerate() {
        let net = number(k);
        let code = region.code.as_str();
        add("outflow", UNIT, code, 2e8 + net);
        add("inflow", UNIT, code, 2e8);
        add("net_outflow", UNIT, code, net);
        if stated {
            let other = if k % 4 == 3 { -0.3 * net } else { 0.6 * net };
            add("net_outflow_stated", UNIT, code, other);
            add("net_exports", UNIT, code, number(k + 1));
            add("error_share_of_output", "1", code, 0.01 + 0.005 * k as f64);
        }
    }
    add("outflow", UNIT, "all", 2e8 * regions.len() as f64);
    if stated {
        add("error_share_of_output", "1", "all", 0.086);
    }
    tidy(&[Column::Quantity, Column::Unit, Column::Region], rows)
}

fn routes(regions: &[NamedCode]) -> Tidy {
    let mut rows = Vec::new();
    let codes: Vec<&str> = regions.iter().map(|region| region.code.as_str()).collect();
    for (i, from) in codes.iter().enumerate() {
        for (j, to) in codes.iter().enumerate().filter(|(j, _)| *j != i) {
            let [there, back] = [i * 31 + j, j * 31 + i].map(|k| number(k).abs());
            rows.push((texts(&["trade", UNIT, from, to]), there));
            rows.push((texts(&["net_trade", UNIT, from, to]), there - back));
        }
    }
    rows.push((texts(&["net_trade", UNIT, "others", "others"]), 3e8));
    rows.push((texts(&["share_of_net_trade", "1", "others", "others"]), 0.72));
    tidy(&[Column::Quantity, Column::Unit, Column::From, Column::To], rows)
}

fn comparison() -> Tidy {
    let mut rows = Vec::new();
    for (at, part) in ["built", "proportional", "pairs of sic-2002"].into_iter().enumerate() {
        let error = 0.513 + 0.1 * at as f64;
        rows.push((texts(&["1", "all", part, "routes"]), error));
        rows.push((texts(&["1", "all", part, "cells_between"]), error + 0.08));
        for product in 0..17 {
            let code = format!("{product:03}");
            rows.push((texts(&["1", &code, part, "routes"]), error + 0.01 * f64::from(product)));
        }
    }
    tidy(&[Column::Unit, Column::Product, Column::Part, Column::Statistic], rows)
}

fn drivers() -> Tidy {
    let changes = ["exponents -0.25", "costs left out", "level of trade: sold"];
    let rows = changes.into_iter().zip([0.048, 0.3015, 0.097]);
    let rows = rows.map(|(change, moved)| (texts(&["1", change, "moved"]), moved));
    tidy(&[Column::Unit, Column::Part, Column::Statistic], rows)
}

fn identities() -> Tidy {
    let mut rows = Vec::new();
    for (quantity, part, gap) in [
        ("traded", "margins", 3e-13),
        ("output", "error_column", 0.086),
        ("output", "national", 0.044),
        ("exports", "national", 0.021),
    ] {
        let line = |statistic: &str| texts(&[quantity, "1", "all", "", part, statistic]);
        rows.push((line("relative"), gap));
        rows.push((line("tolerance"), 1e-4));
        rows.push((line("above"), f64::from(u8::from(gap > 1e-4))));
    }
    let columns = [
        Column::Quantity,
        Column::Unit,
        Column::Region,
        Column::Sector,
        Column::Part,
        Column::Statistic,
    ];
    tidy(&columns, rows)
}

/// A build with every file.
fn whole(count: usize, names: Names) -> Recorded {
    let regions = regions(count, names);
    let files = vec![
        ("sums.csv", sums(&regions, true)),
        ("routes.csv", routes(&regions)),
        ("comparison.csv", comparison()),
        ("drivers.csv", drivers()),
        ("identities.csv", identities()),
    ];
    recorded("build", &regions, files, json!({ "comparison": { "with": "sic-2007" } }))
}

/// A build with nothing but sums.
fn bare(count: usize) -> Recorded {
    let regions = regions(count, Names::Any);
    recorded("build", &regions, vec![("sums.csv", sums(&regions, false))], Value::Null)
}

#[test]
fn briefs_of_2_to_40_regions_hold() {
    for count in [2, 3, 7, 12, 13, 21, 40] {
        assert_brief(&whole(count, Names::Any));
        assert_brief(&bare(count));
    }
}

#[test]
fn briefs_of_provinces_hold_and_have_a_map() {
    for count in [3, 12, 30, 31] {
        let results = whole(count, Names::Provinces);
        assert_brief(&results);
        let found = brief(&results, Language::English);
        assert_eq!(found.blocks[0].id, "map");
        assert!(found.headline.plain().starts_with("Trade between provinces, 2007: "));
    }
}

#[test]
fn a_region_whose_own_table_has_another_sign_is_unclear() {
    let found = brief(&whole(8, Names::Provinces), Language::Chinese);
    let row = |name: &str| {
        let rows = &found.table.as_ref().unwrap().grid.rows;
        rows.iter().find(|row| row.cells[0].main.plain() == name).unwrap().cells[1].clone()
    };
    // The fourth and the eighth.
    for name in ["山西", "黑龙江"] {
        assert!(row(name).main.plain().starts_with("不明"), "{name}");
    }
    assert!(!row("天津").main.plain().contains("不明"));
    assert!(
        found.deck.plain().contains("黑龙江和山西两数符号相反，方向不明"),
        "{}",
        found.deck.plain()
    );
}

#[test]
fn numbers_of_texts_are_cited() {
    let found = brief(&whole(30, Names::Provinces), Language::English);
    let texts =
        found.blocks.iter().flat_map(|block| &block.text).chain([&found.deck, &found.headline]);
    for text in texts {
        assert!(uncited(text).is_empty(), "{}", text.plain());
    }
}

#[test]
fn results_without_trade_make_no_brief() {
    let regions = regions(3, Names::Any);
    let told = refusal(&recorded("build", &regions, Vec::new(), Value::Null)).to_string();
    assert_eq!(told, "the results lack sums.csv: what regions sell to one another");
}

/// A build in which the columns of a region's table were exchanged.
fn exchanged(code: &str) -> Recorded {
    let regions = regions(8, Names::Provinces);
    let row = |region: &NamedCode| {
        let columns = if region.code == code { 3.0 } else { 1.0 };
        (texts(&[region.code.as_str(), "both", "columns"]), columns)
    };
    let splits = [Column::Region, Column::Part, Column::Statistic];
    let files = vec![
        ("sums.csv", sums(&regions, true)),
        ("routes.csv", routes(&regions)),
        ("splits.csv", tidy(&splits, regions.iter().map(row))),
    ];
    recorded("build", &regions, files, Value::Null)
}

#[test]
fn a_table_that_does_not_tell_foreign_trade_is_told() {
    let regions = regions(8, Names::Provinces);
    let row = |region: &NamedCode, part: &str| {
        let quality = if region.code == regions[0].code { 1.0 } else { 2.0 };
        (texts(&[region.code.as_str(), part, "quality"]), quality)
    };
    let parts = ["outflow", "inflow"];
    let rows = regions.iter().flat_map(|region| parts.map(|part| row(region, part)));
    let splits = [Column::Region, Column::Part, Column::Statistic];
    let files = vec![
        ("sums.csv", sums(&regions, true)),
        ("routes.csv", routes(&regions)),
        ("splits.csv", tidy(&splits, rows)),
    ];
    let results = recorded("build", &regions, files, Value::Null);
    assert_brief(&results);
    for (language, said) in [
        (Language::Chinese, format!("{}的表没有分开国内、国外贸易", regions[0].zh)),
        (Language::English, format!("The tables of {} do not tell domestic", regions[0].en)),
    ] {
        let found = brief(&results, language);
        let caveat = &found.caveats[0].text.plain();
        assert!(caveat.contains(&said), "{caveat}");
        let deck = found.deck.plain();
        assert!(deck.contains(language.pick("（1 地的表", "(for 1 of them")), "{deck}");
        assert!(found.deck.marks().any(|mark| mark == found.caveats[0].code));
    }
}

#[test]
fn a_region_whose_columns_were_exchanged_is_no_headline_and_is_named() {
    let results = whole(8, Names::Provinces);
    for language in Language::BOTH {
        for at in [0, 1] {
            // The region that the headline names as seller, then as buyer.
            let told = brief(&results, language).cards[at].label.plain();
            let table = &results.summary.tables[0];
            let own = table
                .regions
                .iter()
                .find(|label| told.contains(language.pick(label.zh.as_str(), label.en.as_str())));
            let own = own.unwrap();
            let results = exchanged(&own.code);
            assert_brief(&results);
            let found = brief(&results, language);
            let name = language.pick(own.zh.as_str(), own.en.as_str());
            assert!(!found.headline.plain().contains(name), "{}", found.headline.plain());
            assert!(found.cards.iter().all(|card| !card.label.plain().contains(name)));
            let said = language.pick(format!("{name}不在其内"), format!("{name} is not counted"));
            assert!(found.deck.plain().contains(&said), "{}", found.deck.plain());
            let caveat = &found.caveats[0].text.plain();
            assert!(caveat.contains(name), "{caveat}");
        }
    }
}
