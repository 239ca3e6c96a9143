use serde_json::Value;

use crate::brief::testing::{Names, assert_brief, brief, number, recorded, refusal, regions, tidy};
use crate::numerals::Language;
use crate::recorded::{NamedCode, Recorded};
use crate::tidy::{Column, Tidy};

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// Identities of which the first `fail` do not hold; the very first has a gap that is no share.
fn identities(regions: &[NamedCode], fail: usize) -> Tidy {
    let mut rows = Vec::new();
    let place = regions[regions.len() - 1].code.as_str();
    let all = [
        ("output", "rows", "01"),
        ("output", "columns", "01"),
        ("value_added", "gdp", ""),
        ("output", "leontief", "01"),
        ("co2", "emissions", ""),
        ("energy", "emissions", ""),
    ];
    for (at, (quantity, part, sector)) in all.into_iter().enumerate() {
        let gap = if at < fail { 0.07 / (1.0 + at as f64) } else { 3e-13 };
        let line = |statistic: &str| texts(&[quantity, "1", place, sector, part, statistic]);
        if at > 0 || fail == 0 {
            rows.push((line("relative"), gap));
        }
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

fn sums(regions: &[NamedCode], errors: bool) -> Tidy {
    let mut rows = Vec::new();
    let codes = regions.iter().map(|region| region.code.as_str()).chain(["all"]);
    for (k, code) in codes.enumerate() {
        let mut add = |quantity: &str, unit: &str, value: f64| {
            rows.push((texts(&[quantity, unit, code]), value));
        };
        add("output", "10^4 yuan", 3e8 + number(k));
        add("value_added", "10^4 yuan", 1e8 + number(k));
        add("co2", "Mt", 120.0 + k as f64);
        if errors {
            add("error_share_of_output", "1", 0.02 + 0.003 * k as f64);
        }
    }
    tidy(&[Column::Quantity, Column::Unit, Column::Region], rows)
}

fn results(count: usize, names: Names, fail: usize, optional: bool) -> Recorded {
    let regions = regions(count, names);
    let mut files = vec![("identities.csv", identities(&regions, fail))];
    if optional {
        let cells = [(texts(&["negative_flows", "1"]), 25.0)];
        files.push(("cells.csv", tidy(&[Column::Quantity, Column::Unit], cells)));
        files.push(("sums.csv", sums(&regions, true)));
    } else {
        files.push(("sums.csv", sums(&regions, false)));
    }
    recorded("check", &regions, files, Value::Null)
}

#[test]
fn briefs_of_1_to_40_regions_hold() {
    for count in [1, 2, 3, 12, 13, 21, 40] {
        for (fail, optional) in [(0, true), (2, true), (6, false), (0, false)] {
            assert_brief(&results(count, Names::Any, fail, optional));
        }
        assert_brief(&results(count.min(31), Names::Provinces, 3, true));
    }
}

#[test]
fn what_fails_stands_first_and_in_the_headline() {
    let found = brief(&results(4, Names::Provinces, 2, true), Language::English);
    let headline = found.headline.plain();
    assert_eq!(headline, "Input-output table of 2007: 2 of 6 identities do not hold");
    let rows = &found.blocks[0].views[0].grid.rows;
    let texts: Vec<String> = rows[1].cells.iter().map(|cell| cell.main.plain()).collect();
    assert_eq!(&texts[1..], ["fail", "3.5", "Agriculture in Shanxi"]);
    assert_eq!(rows[0].cells[2].main.plain(), "—", "a gap that is no share");
}

#[test]
fn a_table_whose_accounts_agree_is_said_to_have_them() {
    let found = brief(&results(4, Names::Provinces, 0, true), Language::Chinese);
    assert!(found.headline.plain().contains("条恒等式全部成立"), "{}", found.headline.plain());
    assert_eq!(found.cards[0].value.plain(), "0.01");
    let ids: Vec<&str> = found.blocks.iter().map(|block| block.id.as_str()).collect();
    assert_eq!(ids, ["quality", "error-column"]);
}

#[test]
fn results_without_identities_make_no_brief() {
    let regions = regions(3, Names::Any);
    let told = refusal(&recorded("check", &regions, Vec::new(), Value::Null)).to_string();
    assert_eq!(told, "the results lack identities.csv");
}
