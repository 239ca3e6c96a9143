use serde_json::{Value, json};

use super::*;
use crate::brief::speech::Speaker;
use crate::brief::template::Template;
use crate::brief::testing::{Names, regions, switched, tidy, uncited};
use crate::numerals::Language;
use crate::recorded::Recorded;
use crate::tidy::Tidy;

/// A move: sector, origin, destination, share.
type Line<'t> = (&'t str, &'t str, &'t str, f64);

fn file(scenario: Option<&str>, moves: &[Line<'_>]) -> Tidy {
    let mut rows = Vec::new();
    for (at, (sector, from, to, share)) in moves.iter().enumerate() {
        let part = (at + 1).to_string();
        for (unit, statistic, value) in
            [("1", "share", *share), ("10^8 yuan", "moved_output", 100.0 * share)]
        {
            let line = ["2007", "output", unit, *sector, *from, *to, part.as_str(), statistic];
            let line = scenario.into_iter().chain(line).map(str::to_owned);
            rows.push((line.collect::<Vec<String>>(), value));
        }
    }
    let mut columns = vec![
        Column::Year,
        Column::Quantity,
        Column::Unit,
        Column::Sector,
        Column::From,
        Column::To,
        Column::Part,
        Column::Statistic,
    ];
    if scenario.is_some() {
        columns.insert(0, Column::Scenario);
    }
    tidy(&columns, rows)
}

/// What is said of moves in a language, each of its numbers with its line.
fn text(scenario: Option<&str>, moves: &[Line<'_>], language: Language) -> Option<String> {
    let regions = regions(8, Names::Provinces);
    let files = vec![("moves.csv", file(scenario, moves))];
    let recorded: Recorded = switched("run", &regions, files, Value::Null, json!({}));
    let template = Template::of(None, None);
    let speaker = Speaker::new(&template, language);
    let told = told(&Book::new(&recorded, &speaker), scenario, "2007").map(|told| told.text);
    assert!(speaker.finish().is_empty());
    let told = told?;
    assert_eq!(uncited(&told), Vec::<String>::new(), "{}", told.plain());
    Some(told.plain().replace('\u{a0}', " "))
}

#[test]
fn moves_of_one_share_and_destination_are_one_item() {
    let heavy = |from| ["a", "b", "c"].map(|sector| (sector, from, "HE", 0.3));
    let mut moves = heavy("BJ").to_vec();
    moves.extend(heavy("TJ"));
    moves.push(("d", "HE", "BJ", 0.1));
    let said = |language| text(None, &moves, language).unwrap();
    assert_eq!(
        said(Language::English),
        "30% of a, b and c of Beijing and Tianjin to Hebei; 10% of d of Hebei to Beijing"
    );
    assert_eq!(said(Language::Chinese), "北京和天津的a、b和c各 30% 迁往河北；河北的d 10% 迁往北京");
}

#[test]
fn an_item_says_no_more_than_the_scenario() {
    let moves = [("a", "BJ", "HE", 0.3), ("b", "BJ", "HE", 0.3), ("a", "TJ", "HE", 0.3)];
    assert_eq!(
        text(None, &moves, Language::English).unwrap(),
        "30% of a and b of Beijing to Hebei; 30% of a of Tianjin to Hebei"
    );
}

#[test]
fn single_moves_have_their_output_and_nothing_is_left_out_unsaid() {
    let sectors = ["a", "b", "c", "d", "e", "f"];
    let shares = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
    let apart: Vec<Line<'_>> =
        sectors.iter().zip(shares).map(|(sector, share)| (*sector, "BJ", "HE", share)).collect();
    let said = text(Some("x"), &apart, Language::English).unwrap();
    let opening = "10% of a of Beijing to Hebei (1.00 billion yuan of output); ";
    assert!(said.starts_with(opening), "{said}");
    assert!(said.ends_with("; and 2 more moves"), "{said}");
    let together = sectors.map(|sector| (sector, "BJ", "HE", 0.2));
    let said = text(None, &together, Language::English).unwrap();
    assert_eq!(said, "20% of a, b, c and 3 other sectors of Beijing to Hebei");
}

#[test]
fn what_does_not_move_is_not_told() {
    assert_eq!(text(None, &[("a", "BJ", "HE", 0.0)], Language::Chinese), None);
}
