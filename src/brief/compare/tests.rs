use serde_json::{Value, json};

use crate::brief::content::GridRow;
use crate::brief::prose::Prose;
use crate::brief::testing::{
    Names, assert_brief, brief, number, refusal, regions, switched, tidy, uncited,
};
use crate::numerals::Language;
use crate::recorded::{NamedCode, Recorded};
use crate::tidy::{Column, Tidy};

const QUANTITIES: [(&str, &str, f64); 2] =
    [("value_added", "10^8 yuan", 1e-6), ("co2", "Mt", 1e-7)];

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn code(scenario: usize) -> String {
    format!("move-{scenario}")
}

/// The change of a quantity of all regions in a scenario: the first has least.
fn all(scenario: usize, quantity: usize) -> f64 {
    [40.0, 8.0][quantity] * (1.0 + scenario as f64)
}

/// A number with a range of so many times its size, where one is wanted.
fn ranged(rows: &mut Vec<(Vec<String>, f64)>, line: &[&str], value: f64, wide: Option<f64>) {
    let mut add = |statistic: &str, value: f64| {
        rows.push((texts(&[line, &[statistic]].concat()), value));
    };
    add("value", value);
    if let Some(wide) = wide {
        add("p05", value - wide * value.abs());
        add("p95", value + wide * value.abs());
    }
}

fn differences(regions: &[NamedCode], scenarios: usize, wide: Option<f64>) -> Tidy {
    let mut rows = Vec::new();
    for scenario in 0..scenarios {
        let own = code(scenario);
        for (at, (quantity, unit, size)) in QUANTITIES.into_iter().enumerate() {
            let mut add = |place: &str, value: f64| {
                let line = [own.as_str(), "2030", quantity, unit, place, "difference"];
                ranged(&mut rows, &line, value, wide);
            };
            for (k, region) in regions.iter().enumerate() {
                add(&region.code, number(k + scenario + at) * size);
            }
            add("all", all(scenario, at));
        }
    }
    let columns = [
        Column::Scenario,
        Column::Year,
        Column::Quantity,
        Column::Unit,
        Column::Region,
        Column::Factor,
        Column::Statistic,
    ];
    tidy(&columns, rows)
}

fn against(scenarios: usize, wide: Option<f64>, better: f64) -> Tidy {
    let mut rows = Vec::new();
    for (at, (quantity, unit, _)) in QUANTITIES.into_iter().enumerate() {
        for from in 0..scenarios {
            let others = (from + 1..scenarios).map(|to| (code(to), all(to, at)));
            for (to, other) in others.chain([("baseline".to_owned(), 0.0)]) {
                let own = code(from);
                let line = ["2030", quantity, unit, "all", &own, &to];
                ranged(&mut rows, &line, all(from, at) - other, wide);
                if wide.is_some() {
                    let line = |what: &str| texts(&["2030", quantity, "1", "all", &own, &to, what]);
                    rows.push((line("share_better"), better));
                    rows.push((line("share_worse"), 1.0 - better));
                }
            }
        }
    }
    let columns = [
        Column::Year,
        Column::Quantity,
        Column::Unit,
        Column::Region,
        Column::From,
        Column::To,
        Column::Statistic,
    ];
    tidy(&columns, rows)
}

fn sides(scenarios: usize) -> Tidy {
    let mut rows = Vec::new();
    for scenario in 0..scenarios {
        let own = code(scenario);
        for (at, (quantity, unit, _)) in QUANTITIES.into_iter().enumerate() {
            for (side, sign) in [("giving", -2.0), ("receiving", 3.0)] {
                let line = [own.as_str(), "2030", quantity, unit, "all", "change", side];
                ranged(&mut rows, &line, sign * all(scenario, at), Some(0.4));
            }
        }
    }
    let columns = [
        Column::Scenario,
        Column::Year,
        Column::Quantity,
        Column::Unit,
        Column::Region,
        Column::Factor,
        Column::Part,
        Column::Statistic,
    ];
    tidy(&columns, rows)
}

fn ratios(scenarios: usize) -> Tidy {
    let mut rows = Vec::new();
    for scenario in 0..scenarios {
        let own = code(scenario);
        for (name, unit, value) in [
            ("emission_transfer_ratio", "1", 1.4),
            ("break_even_intensity", "Mt per 10^8 yuan", 0.012),
        ] {
            let line = [own.as_str(), "2030", "co2", unit, name];
            ranged(&mut rows, &line, value + 0.01 * scenario as f64, None);
        }
    }
    let columns = [
        Column::Scenario,
        Column::Year,
        Column::Quantity,
        Column::Unit,
        Column::Factor,
        Column::Statistic,
    ];
    tidy(&columns, rows)
}

fn compared(kind: &str, regions: &[NamedCode], files: Vec<(&str, Tidy)>) -> Recorded {
    let switches = json!({ "compared": kind, "better": { "value_added": "more", "co2": "less" } });
    switched("compare", regions, files, Value::Null, switches)
}

/// Scenarios whose differences are so wide, with every file.
fn scenarios(count: usize, scenarios: usize, wide: Option<f64>) -> Recorded {
    let regions = regions(count, Names::Any);
    let files = vec![
        ("differences.csv", differences(&regions, scenarios, wide)),
        ("against.csv", against(scenarios, wide, 0.93)),
        ("sides.csv", sides(scenarios)),
        ("ratios.csv", ratios(scenarios)),
    ];
    compared("scenarios", &regions, files)
}

#[test]
fn briefs_of_1_to_14_scenarios_hold() {
    for (regions, count) in [(2, 1), (3, 2), (8, 3), (31, 6), (40, 14)] {
        for wide in [None, Some(0.3), Some(1.5)] {
            assert_brief(&scenarios(regions, count, wide));
        }
    }
    // Nothing beside the differences.
    let regions = regions(5, Names::Any);
    let bare = vec![("differences.csv", differences(&regions, 3, None))];
    assert_brief(&compared("scenarios", &regions, bare));
}

#[test]
fn the_best_is_named_where_the_draws_tell_it_from_the_others() {
    let headline = |wide| brief(&scenarios(3, 3, wide), Language::English).headline.plain();
    let firm = headline(Some(0.3));
    assert_eq!(
        firm,
        "Of 3 scenarios, move-0 has the least CO₂ in 2030, about 8.0\u{a0}Mt less than move-1"
    );
    assert_eq!(headline(Some(1.5)), "Of 3 scenarios, which has less CO₂ in 2030 is unclear");
    let bare = brief(&scenarios(3, 3, None), Language::English);
    assert!(bare.deck.plain().ends_with("(No range computed.)"), "{}", bare.deck.plain());
    assert!(bare.blocks.iter().all(|block| block.id != "ranking"));
}

#[test]
fn one_is_as_often_better_as_the_other_is_worse() {
    let found = brief(&scenarios(3, 2, Some(0.3)), Language::English);
    let ranking = found.blocks.iter().find(|block| block.id == "ranking").unwrap();
    let rows = &ranking.views[0].grid.rows;
    let cell = |row: usize, column: usize| rows[row].cells[column + 1].main.plain();
    // The better one stands first; the file has it against the other, which is turned for the other.
    assert_eq!([cell(0, 1), cell(1, 0)], ["93", "7"]);
    // The baseline stands last.
    assert_eq!([cell(0, 2), cell(2, 0)], ["93", "7"]);
}

#[test]
fn one_scenario_alone_has_no_rank_and_is_called_no_comparison() {
    for language in Language::BOTH {
        let found = brief(&scenarios(4, 1, Some(0.3)), language);
        let ids: Vec<&str> = found.blocks.iter().map(|block| block.id.as_str()).collect();
        assert_eq!(ids, ["scenarios", "sides", "quadrant", "regions"]);
        assert_eq!(found.blocks[3].views.len(), 1);
        let said = [&found.method[0], &found.table.unwrap().note].map(Prose::plain).concat();
        assert!(!said.contains("各情景") && !said.contains("each other"), "{said}");
    }
}

#[test]
fn regions_that_turn_between_scenarios_are_drawn_in_all_of_them() {
    let found = brief(&scenarios(3, 3, Some(0.3)), Language::English);
    let block = found.blocks.iter().find(|block| block.id == "regions").unwrap();
    // The first view, which is the one on paper, has every scenario: a number and two ends of its range.
    let grid = &block.views[0].grid;
    assert_eq!(grid.heads.len(), 1 + 3 * 3);
    let turns = |row: &&GridRow| {
        let signs =
            || row.cells[1..].iter().step_by(3).filter_map(|cell| cell.sort).map(f64::signum);
        signs().any(|sign| sign > 0.0) && signs().any(|sign| sign < 0.0)
    };
    let turning: Vec<String> =
        grid.rows.iter().filter(turns).map(|row| row.cells[0].main.plain()).collect();
    assert!(!turning.is_empty());
    let first: Vec<String> = grid.rows.iter().map(|row| row.cells[0].main.plain()).collect();
    assert_eq!(turning, first[..turning.len()]);
    let title = block.title.plain();
    let named = turning.iter().all(|name| title.contains(name.as_str()));
    assert!(named || title.contains(&format!("In {} region", turning.len())), "{title}");
    // Nothing is hollow where no range holds zero, and nothing is said of it.
    assert!(!block.views[0].description.plain().contains("hollow"));
    let wide = brief(&scenarios(3, 3, Some(1.5)), Language::English);
    let block = wide.blocks.iter().find(|block| block.id == "regions").unwrap();
    assert!(block.views[0].description.plain().ends_with("hollow: direction unclear"));
}

/// Effects of sourcing by period; the first region gains always, the second turns, the last loses always.
fn periods(regions: &[NamedCode], count: usize, stressor: bool) -> Recorded {
    let (mut rows, mut lasting) = (Vec::new(), Vec::new());
    let quantities = if stressor { &QUANTITIES[..] } else { &QUANTITIES[..1] };
    for period in 0..count {
        let years = format!("{}-{}", 2002 + 5 * period, 2007 + 5 * period);
        for (quantity, unit, size) in quantities {
            let mut add = |place: &str, unit: &str, ends: [(&str, f64); 3]| {
                for (statistic, value) in ends {
                    rows.push((
                        texts(&[&years, quantity, unit, place, "sourcing", statistic]),
                        value,
                    ));
                }
            };
            let places = regions.iter().map(|region| region.code.as_str()).chain(["all"]);
            for (k, place) in places.enumerate() {
                let sign = if k == 1 && period % 2 == 1 { -1.0 } else { 1.0 };
                let last = if k + 1 == regions.len() { -1.0 } else { sign };
                let value = last * 5e8 * size / (1.0 + k as f64);
                let [low, high] = [value - 0.4 * value.abs(), value + 0.4 * value.abs()];
                add(place, unit, [("value", value), ("min", low), ("max", high)]);
                let yearly = format!("{unit} per year");
                let per = |value: f64| value / 5.0;
                let ends = [
                    ("value_per_year", per(value)),
                    ("min_per_year", per(low)),
                    ("max_per_year", per(high)),
                ];
                add(place, &yearly, ends);
            }
        }
    }
    for (k, region) in regions.iter().enumerate() {
        let verdict = match k {
            k if k + 1 == regions.len() => "always_loses",
            1 if count > 1 => "turns",
            _ => "always_gains",
        };
        lasting.push((texts(&["value_added", &region.code, verdict, "gaining"]), count as f64));
    }
    let columns = [
        Column::Scenario,
        Column::Quantity,
        Column::Unit,
        Column::Region,
        Column::Factor,
        Column::Statistic,
    ];
    let persistence = [Column::Quantity, Column::Region, Column::Part, Column::Statistic];
    let files = vec![
        ("periods.csv", tidy(&columns, rows)),
        ("persistence.csv", tidy(&persistence, lasting)),
    ];
    compared("periods", regions, files)
}

#[test]
fn briefs_of_periods_hold() {
    for count in [2, 3, 13, 31, 40] {
        for stressor in [true, false] {
            assert_brief(&periods(&regions(count, Names::Any), 3, stressor));
        }
        assert_brief(&periods(&regions(count.min(31), Names::Provinces), 2, true));
    }
}

#[test]
fn whose_sign_lasts_stands_in_the_headline_and_whose_turns_in_the_first_title() {
    let found = brief(&periods(&regions(3, Names::Provinces), 2, true), Language::Chinese);
    let headline = found.headline.plain();
    assert!(headline.ends_with("北京一直净转入，河北一直净转出"), "{headline}");
    assert_eq!(found.blocks[0].title.plain(), "天津由一方转为另一方");
    assert_eq!(found.style.words.receives, "转入 →");
}

#[test]
fn numbers_of_texts_are_cited() {
    for results in [scenarios(6, 3, Some(0.3)), periods(&regions(6, Names::Any), 3, true)] {
        let found = brief(&results, Language::English);
        let texts = found.blocks.iter().flat_map(|block| &block.text);
        for text in texts.chain([&found.deck, &found.headline]) {
            assert!(uncited(text).is_empty(), "{}", text.plain());
        }
    }
}

#[test]
fn results_without_differences_make_no_brief() {
    let regions = regions(3, Names::Any);
    let told = |kind: &str| refusal(&compared(kind, &regions, Vec::new())).to_string();
    assert_eq!(told("scenarios"), "the results lack differences.csv: a year");
    assert_eq!(told("periods"), "the results lack periods.csv");
}
