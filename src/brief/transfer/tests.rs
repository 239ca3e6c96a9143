use serde_json::Value;

use crate::brief::content::Brief;
use crate::brief::prose::{Inline, Prose};
use crate::brief::testing::{Names, assert_brief, brief, recorded, regions, tidy};
use crate::fault::Note;
use crate::numerals::Language;
use crate::recorded::{NamedCode, Recorded, RecordedNote};
use crate::tidy::{Column, Tidy};

const MONEY: &str = "10^4 yuan";
const MARK: &str = "measures_disagree";
const GAP: &str = "source_rule";

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// Effects of sourcing: regions gain and lose in turn, by less and less; all of them by one half in some order.
fn sums(regions: &[NamedCode]) -> Tidy {
    let mut rows = Vec::new();
    let mut add = |region: &str, value_added: f64, co2: f64| {
        for (quantity, unit, value) in [("value_added", MONEY, value_added), ("co2", "Mt", co2)] {
            for (statistic, share) in [("value", 1.0), ("min", 0.5), ("max", 1.5)] {
                rows.push((texts(&[quantity, unit, region, "sourcing", statistic]), share * value));
            }
        }
        for (factor, value) in [("base", 900.0), ("target", 900.0 + co2), ("change", co2)] {
            rows.push((texts(&["co2", "Mt", region, factor, "value"]), value));
        }
    };
    for (k, region) in regions.iter().enumerate() {
        let sign = if k.is_multiple_of(2) { 1.0 } else { -1.0 };
        let size = (regions.len() - k) as f64;
        add(&region.code, sign * size * 1e7, sign * size * 40.0);
    }
    add("all", 3e6, 223.0);
    let columns =
        [Column::Quantity, Column::Unit, Column::Region, Column::Factor, Column::Statistic];
    tidy(&columns, rows)
}

/// Whether all measures agree about each region.
fn agreement(regions: &[NamedCode], disputed: &[usize]) -> Tidy {
    let row = |(k, region): (usize, &NamedCode)| {
        let line = ["value_added", "1", &region.code, "all_sectors", "all_measures", "agrees"];
        (texts(&line), f64::from(u8::from(!disputed.contains(&k))))
    };
    let columns = [
        Column::Quantity,
        Column::Unit,
        Column::Region,
        Column::Sector,
        Column::Part,
        Column::Statistic,
    ];
    tidy(&columns, regions.iter().enumerate().map(row))
}

/// A transfer between two years, with other measures of the opposite sign for some regions.
fn transfer(count: usize, names: Names, disputed: &[usize]) -> Recorded {
    let regions = regions(count, names);
    let files =
        vec![("sums.csv", sums(&regions)), ("agreement.csv", agreement(&regions, disputed))];
    let mut results = recorded("transfer", &regions, files, Value::Null);
    let mut target = results.summary.tables[0].clone();
    target.year = 2012;
    results.summary.tables.push(target);
    if !disputed.is_empty() {
        let note =
            RecordedNote { code: MARK.to_owned(), message: "signs differ".to_owned(), gap: None };
        results.summary.notes.push(note);
    }
    results
}

/// Headline and title of the first figure.
fn claims(found: &Brief) -> [String; 2] {
    [&found.headline, &found.blocks[0].title].map(Prose::plain)
}

fn bears(prose: &Prose, mark: &str) -> bool {
    prose.0.iter().any(|inline| matches!(inline, Inline::Caveat(code) if code == mark))
}

fn marked(prose: &Prose) -> bool {
    bears(prose, MARK)
}

/// The words of the table for a region.
fn verdict(found: &Brief, name: &str) -> String {
    let rows = &found.table.as_ref().unwrap().grid.rows;
    let row = rows.iter().find(|row| row.cells[0].main.plain() == name).unwrap();
    row.cells.last().unwrap().main.plain()
}

#[test]
fn briefs_hold_however_many_regions_are_disputed() {
    for count in [2, 3, 8, 12] {
        let all: Vec<usize> = (0..count).collect();
        for disputed in [&[][..], &all[..1], &all[1..2], &all[..2], &all[1..], &all] {
            assert_brief(&transfer(count, Names::Provinces, disputed));
        }
    }
}

#[test]
fn without_disputes_the_largest_are_named() {
    let results = transfer(8, Names::Provinces, &[]);
    let found = brief(&results, Language::English);
    let [headline, title] = claims(&found);
    assert!(headline.contains("Beijing and 3 other regions gained value added"), "{headline}");
    assert_eq!(title, "4 regions received value added, 4 gave it up");
    assert!(!marked(&found.deck) && !found.deck.plain().contains("measure"));
    assert_eq!(verdict(&found, "Beijing"), "gains value added, gains emissions too");
}

#[test]
fn one_disputed_region_is_named_and_counted_on_no_side() {
    let results = transfer(8, Names::Provinces, &[0]);
    let found = brief(&results, Language::Chinese);
    let [headline, title] = claims(&found);
    assert!(headline.contains("3 地得、4 地失、1 地不明"), "{headline}");
    assert_eq!(title, "河北、内蒙古和吉林转入，天津等 4 个区域转出，北京不明");
    let deck = found.deck.plain();
    assert!(deck.contains("北京另有口径符号相反，增加值得失不明"), "{deck}");
    assert!(deck.contains("，河北增加值 +") && marked(&found.deck), "{deck}");
    assert_eq!(verdict(&found, "北京"), "增加值不明（口径不一），排放增加");
    assert_eq!(verdict(&found, "河北"), "增加值转入，排放也转入");
}

#[test]
fn several_disputed_regions_are_counted() {
    let results = transfer(8, Names::Provinces, &[0, 1, 4]);
    let found = brief(&results, Language::English);
    let [headline, title] = claims(&found);
    assert!(headline.contains("2 regions gained value added, 3 lost, 3 unclear"), "{headline}");
    assert_eq!(title, "2 regions received value added, 3 gave it up, 3 are unclear");
    let deck = found.deck.plain();
    assert!(deck.contains("For Beijing, Inner Mongolia and Tianjin another"), "{deck}");
    assert!(marked(&found.deck));
    assert_eq!(
        verdict(&found, "Tianjin"),
        "value added unclear: measures disagree; lower emissions"
    );
}

#[test]
fn where_all_are_disputed_nobody_gains_or_loses() {
    let results = transfer(4, Names::Provinces, &[0, 1, 2, 3]);
    for (language, told, titled) in [
        (Language::Chinese, "各地得失不明", "各区域增加值得失随口径而异"),
        (
            Language::English,
            "who gained value added is unclear",
            "Who gained value added depends on the measure",
        ),
    ] {
        let found = brief(&results, language);
        let [headline, title] = claims(&found);
        assert!(headline.contains(told), "{headline}");
        assert_eq!(title, titled);
        assert!(marked(&found.deck));
        let bars = found.blocks.iter().find(|block| block.id == "net-transfer").unwrap();
        assert_eq!(
            bars.title.plain(),
            language.pick("增加值得失的先后不明", "Who gained most is unclear")
        );
    }
}

#[test]
fn a_quantity_has_one_unit_in_text_cards_and_table() {
    let results = transfer(8, Names::Provinces, &[]);
    let found = brief(&results, Language::Chinese);
    let card = found.cards.iter().find(|card| card.label.plain() == "全国二氧化碳").unwrap();
    let head = &found.table.as_ref().unwrap().grid.heads[2];
    assert_eq!((card.unit.as_str(), head.unit.as_str()), ("百万吨", "百万吨"));
    for text in [&found.headline, &found.deck] {
        assert!(!text.plain().contains("亿吨"), "{}", text.plain());
    }
}

#[test]
fn what_is_missing_is_told_with_its_year_and_the_way_it_errs() {
    for (name, word) in [("a-table", "overstate"), ("z-table", "understate")] {
        let mut results = transfer(8, Names::Provinces, &[]);
        results.summary.tables[0].name = "a-table".to_owned();
        results.summary.tables[1].name = "z-table".to_owned();
        let year = results.summary.tables[usize::from(name == "z-table")].year;
        let note = Note::without_data("co2", "a.csv", vec!["Beijing".to_owned()]);
        let Note { message, gap, .. } = note.named(name).of_table(name, year);
        results.summary.notes.push(RecordedNote { code: GAP.to_owned(), message, gap });
        assert_brief(&results);
        let found = brief(&results, Language::English);
        let caveat = &found.caveats.iter().find(|caveat| caveat.code == GAP).unwrap().text;
        let place = format!("Beijing (carbon dioxide, {year})");
        assert!(caveat.plain().contains(&place), "{}", caveat.plain());
        let rise = format!("a recorded rise of these places and their totals is {word}d");
        assert!(caveat.plain().contains(&rise), "{}", caveat.plain());
        let block = |id: &str| found.blocks.iter().find(|block| block.id == id).unwrap();
        let why = block("decomposition").text[0].plain();
        assert!(why.starts_with(&format!("CO₂ of Beijing in {year} is missing")), "{why}");
        assert!(why.contains(&format!("{word}s the rise")), "{why}");
        for id in ["net-transfer", "quadrant", "decomposition"] {
            assert!(bears(&block(id).text[0], GAP), "{id}");
        }
        let card = found.cards.iter().find(|card| card.label.plain().contains("dioxide")).unwrap();
        assert!(bears(&card.label, GAP));
    }
}

#[test]
fn disputed_places_are_unclear_in_figures_and_table() {
    let found = brief(&transfer(8, Names::Provinces, &[0]), Language::English);
    let rows = &found.table.as_ref().unwrap().grid.rows;
    let cell = |name: &str| {
        rows.iter().find(|row| row.cells[0].main.plain() == name).unwrap().cells[1].main.plain()
    };
    assert!(cell("Beijing").starts_with("unclear "), "{}", cell("Beijing"));
    assert!(!cell("Hebei").contains("unclear"));
    let bars = found.blocks.iter().find(|block| block.id == "net-transfer").unwrap();
    let alt = bars.views[0].figure.alt(&found.style);
    assert!(alt.text.contains("direction unclear: Beijing"), "{}", alt.text);
    assert!(bars.note.plain().contains("another measure has the opposite sign"));
    // Key numbers are of places whose direction is settled.
    assert!(found.cards.iter().all(|card| !card.label.plain().contains("Beijing")));
}
