use serde_json::{Value, json};

use crate::brief::content::Card;
use crate::brief::testing::{
    Names, assert_brief, brief, number, refusal, regions, switched, tidy, uncited,
};
use crate::numerals::Language;
use crate::recorded::{NamedCode, Recorded};
use crate::tidy::{Column, Tidy};

const QUANTITIES: [(&str, &str, f64); 2] =
    [("value_added", "10^8 yuan", 1e-6), ("co2", "Mt", 1e-7)];

/// A scenario of a test.
#[derive(Clone, Copy)]
struct Case {
    regions: usize,
    /// Moves by the positions of their regions.
    moves: &'static [(usize, usize)],
    /// Whether things are drawn.
    drawn: bool,
    /// How many variants have the sign of the main result.
    agreement: f64,
    /// Whether the folder has the combinations of technology and suppliers.
    combinations: bool,
    /// Shares of the moves, where the folder has them.
    shares: Option<[f64; 2]>,
}

const ONE: Case = Case {
    regions: 6,
    moves: &[(0, 1)],
    drawn: true,
    agreement: 1.0,
    combinations: true,
    shares: Some([0.3, 0.3]),
};

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

impl Case {
    /// The change of a place: the first region loses, the second gains.
    fn change(self, place: usize, quantity: usize) -> f64 {
        let (_, _, size) = QUANTITIES[quantity];
        let value = match place {
            0 => -6e7,
            1 => 9e7,
            place => number(place) / 10.0,
        };
        value * size
    }

    fn places(self, regions: &[NamedCode]) -> Vec<String> {
        let codes = regions.iter().map(|region| region.code.clone());
        codes.chain(["all".to_owned()]).collect()
    }

    fn sums(self, places: &[String]) -> Tidy {
        let mut rows = Vec::new();
        for (at, (quantity, unit, _)) in QUANTITIES.into_iter().enumerate() {
            for (place, code) in places.iter().enumerate() {
                let value = self.change(place, at);
                let steps = [("difference", value), ("supply_chain", value), ("base", 1e3)];
                for (factor, value) in steps {
                    rows.push((texts(&["2007", quantity, unit, code, factor]), value));
                }
            }
        }
        let columns =
            [Column::Year, Column::Quantity, Column::Unit, Column::Region, Column::Factor];
        tidy(&columns, rows)
    }

    fn bands(self, places: &[String]) -> Tidy {
        let mut rows = Vec::new();
        for (at, (quantity, unit, _)) in QUANTITIES.into_iter().enumerate() {
            for (place, code) in places.iter().enumerate() {
                let value = self.change(place, at);
                // The main result is nearer to the upper end.
                for (statistic, wide) in [("p05", -0.6), ("p50", -0.2), ("p95", 0.1)] {
                    let line = ["difference", "2007", quantity, unit, code, "none", statistic];
                    rows.push((texts(&line), value + wide * value.abs()));
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
            Column::Statistic,
        ];
        tidy(&columns, rows)
    }

    /// Four combinations: all of the change, a part of it, less, and none.
    fn grades(self, places: &[String]) -> Tidy {
        let mut rows = Vec::new();
        let ways = [("scenario/scenario", 1.0), ("destination/origin", 0.5)];
        let ways = [ways, [("origin/destination", 0.25), ("origin/origin", 0.0)]].concat();
        for (at, (quantity, ..)) in QUANTITIES.into_iter().enumerate() {
            for (place, code) in places.iter().enumerate() {
                let agreement = texts(&[quantity, code, "all", "all", "agreement"]);
                rows.push((agreement, self.agreement));
                for (part, share) in ways.iter().filter(|_| self.combinations) {
                    let value = share * self.change(place, at);
                    let sign = |holds: bool| f64::from(u8::from(holds));
                    let numbers = [
                        ("share_positive", sign(value > 0.0)),
                        ("share_negative", sign(value < 0.0)),
                        ("median", value),
                    ];
                    for (statistic, number) in numbers {
                        rows.push((texts(&[quantity, code, "none", part, statistic]), number));
                    }
                }
            }
        }
        let columns =
            [Column::Quantity, Column::Region, Column::Factor, Column::Part, Column::Statistic];
        tidy(&columns, rows)
    }

    fn shares(self, regions: &[NamedCode]) -> Option<Tidy> {
        let shares = self.shares?;
        let row = |(at, (from, to)): (usize, &(usize, usize))| {
            let (from, to) = (&regions[*from].code, &regions[*to].code);
            let number = (at + 1).to_string();
            let line = ["2007", "output", "1", "01", from, to, &number, "share"];
            (texts(&line), shares[at % 2])
        };
        let columns = [
            Column::Year,
            Column::Quantity,
            Column::Unit,
            Column::Sector,
            Column::From,
            Column::To,
            Column::Part,
            Column::Statistic,
        ];
        Some(tidy(&columns, self.moves.iter().enumerate().map(row)))
    }

    fn sides(self) -> Tidy {
        let mut rows = vec![(
            texts(&["2007", "output", "10^8 yuan", "all", "moved_output", "all", "value"]),
            1949.6,
        )];
        for (quantity, unit, size) in QUANTITIES {
            for (part, value) in [("giving", -7e7), ("receiving", 9.5e7)] {
                for (statistic, wide) in [("value", 0.0), ("p05", -0.2), ("p95", 0.2)] {
                    let line = ["2007", quantity, unit, "all", "change", part, statistic];
                    rows.push((texts(&line), size * (value + wide * f64::abs(value))));
                }
            }
        }
        let columns = [
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

    fn tornado(self) -> Tidy {
        let mut rows = Vec::new();
        for (factor, wide) in [("trade shares", 0.4), ("technology", 0.1)] {
            for (statistic, value) in [("p50", 1.1), ("p05", 1.1 - wide), ("p95", 1.1 + wide)] {
                let line = ["co2", "Mt", "all", factor, "none", statistic];
                rows.push((texts(&line), value));
            }
        }
        let columns = [
            Column::Quantity,
            Column::Unit,
            Column::Region,
            Column::Factor,
            Column::Part,
            Column::Statistic,
        ];
        tidy(&columns, rows)
    }

    fn uncertainty(self) -> Value {
        match self.drawn {
            true => {
                json!({ "technology": [0.0, 1.0], "trade_shares": [20.0], "growth": null, "elasticities": false })
            }
            false => json!("none"),
        }
    }

    fn recorded(self) -> Recorded {
        let regions = regions(self.regions, Names::Provinces);
        let places = self.places(&regions);
        let one = |(from, to): &(usize, usize)| {
            json!({
                "sector": "01", "from": regions[*from].code, "to": regions[*to].code,
                "technology": "destination", "sourcing": "destination",
            })
        };
        let moves: Vec<Value> = self.moves.iter().map(one).collect();
        let switches = json!({ "relocate": moves, "scenario": "a-move", "table": "test-2007", "uncertainty": self.uncertainty() });
        let years = texts(&["2007"]);
        let mut files = vec![
            ("sums.csv", self.sums(&places)),
            ("decomposition.csv", tidy(&[Column::Year], [(years, 0.0)])),
            ("grades.csv", self.grades(&places)),
            ("sides.csv", self.sides()),
        ];
        files.extend(self.shares(&regions).map(|shares| ("moves.csv", shares)));
        if self.drawn {
            files.push(("bands.csv", self.bands(&places)));
            files.push(("tornado.csv", self.tornado()));
        }
        switched("run", &regions, files, Value::Null, switches)
    }
}

#[test]
fn briefs_of_scenarios_hold() {
    for regions in [2, 8, 31] {
        for drawn in [true, false] {
            for agreement in [1.0, 0.95, 0.6] {
                let case = Case { regions, drawn, agreement, ..ONE };
                assert_brief(&case.recorded());
                assert_brief(&Case { shares: None, ..case }.recorded());
                assert_brief(&Case { combinations: false, ..case }.recorded());
                assert_brief(&Case { moves: &[(0, 1), (1, 0)], ..case }.recorded());
            }
        }
    }
    assert_brief(&Case { moves: &[(0, 1), (2, 1), (3, 4), (5, 4)], ..ONE }.recorded());
}

#[test]
fn the_deck_tells_how_much_moves_where_one_share_moves() {
    let deck = |case: Case| brief(&case.recorded(), Language::English).deck.plain();
    let two = Case { moves: &[(0, 1), (2, 1)], ..ONE };
    let opening =
        "Each move takes 30% of the sector's sales, 195\u{a0}billion yuan of output in all; ";
    assert!(deck(two).starts_with(opening), "{}", deck(two));
    let apart = Case { shares: Some([0.3, 0.4]), ..two };
    let without = Case { shares: None, ..two };
    for case in [apart, without] {
        let opening = "195\u{a0}billion yuan of output moves in all; ";
        assert!(deck(case).starts_with(opening), "{}", deck(case));
    }
    assert!(uncited(&brief(&two.recorded(), Language::Chinese).deck).is_empty());
}

#[test]
fn several_givers_are_told_as_a_side() {
    let case = Case { moves: &[(0, 1), (2, 1)], ..ONE };
    let title = brief(&case.recorded(), Language::Chinese).blocks[0].title.plain();
    assert_eq!(title, "北京和河北让出增加值 70.0\u{a0}亿元，天津多得 90.0\u{a0}亿元");
}

#[test]
fn where_regions_give_and_receive_the_name_of_the_scenario_is_the_headline() {
    let mut recorded = Case { moves: &[(0, 1), (1, 0)], ..ONE }.recorded();
    let headline = |recorded: &Recorded| brief(recorded, Language::Chinese).headline.plain();
    assert!(headline(&recorded).starts_with("2 项搬迁合计："), "{}", headline(&recorded));
    let named =
        NamedCode { zh: "互换".to_owned(), en: "Swap".to_owned(), ..NamedCode::code("a-move") };
    recorded.summary.labels.insert("scenarios".to_owned(), vec![named]);
    assert!(headline(&recorded).starts_with("互换："), "{}", headline(&recorded));
}

#[test]
fn a_sign_that_variants_do_not_share_is_unclear() {
    for drawn in [true, false] {
        let found =
            |agreement| brief(&Case { drawn, agreement, ..ONE }.recorded(), Language::Chinese);
        let unclear = found(0.84);
        assert!(unclear.headline.plain().ends_with("全国二氧化碳增减方向不明"));
        let stressor = |card: &&Card| card.label.plain() == "全国二氧化碳";
        let card = unclear.cards.iter().find(stressor).unwrap();
        assert_eq!(card.value.plain(), "方向不明");
        assert!(unclear.deck.plain().contains("二氧化碳只有 84%"), "{}", unclear.deck.plain());
        let rows = &unclear.table.as_ref().unwrap().grid.rows;
        assert!(rows.iter().all(|row| row.cells.last().unwrap().main.plain() == "方向不明"));
        let clear = found(0.9);
        assert!(clear.cards.iter().all(|card| card.value.plain() != "方向不明"));
        assert!(!clear.deck.plain().contains("方向不明"), "{}", clear.deck.plain());
        let texts = clear.blocks.iter().flat_map(|block| &block.text).chain([&clear.deck]);
        for text in texts.filter(|_| !drawn) {
            assert!(!text.plain().contains("抽样"), "{}", text.plain());
        }
    }
}

#[test]
fn without_draws_the_span_over_combinations_stands_beside_the_number() {
    let case = Case { drawn: false, ..ONE };
    let said = brief(&case.recorded(), Language::English);
    let deck = said.deck.plain();
    let span = "Over 4 combinations of technology and suppliers, CO₂ nationwide changes by";
    assert!(deck.contains(span) && !deck.contains("No range"), "{deck}");
    let below = |card: &Card| card.range.plain().contains("over 4 combinations");
    assert_eq!(said.cards.iter().filter(|card| below(card)).count(), 4);
    // Each of them can be read on paper.
    let text = said.blocks[0].text.last().unwrap();
    assert!(text.plain().contains("technology of the origin, suppliers of the destination"));
    let cited = text.numbers().iter().filter(|(_, cited)| cited.at.file == "grades.csv").count();
    assert!(cited >= 6, "{}", text.plain());
    let bare = brief(&Case { combinations: false, ..case }.recorded(), Language::English);
    assert!(bare.deck.plain().ends_with("(No range computed.)"), "{}", bare.deck.plain());
}

#[test]
fn settings_and_what_is_drawn_are_told() {
    let said = brief(&ONE.recorded(), Language::English);
    let settings = "technology and suppliers of the new plants are those of the destination";
    let table = said.table.as_ref().unwrap().note.plain();
    for text in [said.deck.plain(), said.method[0].plain(), table] {
        assert!(text.contains(settings), "{text}");
    }
    let drawn = said.method[2].plain();
    assert!(drawn.contains("shares of suppliers and technology of plants"), "{drawn}");
    assert!(drawn.contains("with the main result at one end"), "{drawn}");
    // The main result is near an end of its band, so the median stands beside it.
    let medians = said.deck.numbers().into_iter().filter(|(_, cited)| cited.at.file == "bands.csv");
    assert_eq!(medians.count(), 2, "{}", said.deck.plain());
    let mut recorded = ONE.recorded();
    let half = json!([{ "sector": "01", "from": "BJ", "to": "TJ", "technology": { "mix": 0.5 }, "sourcing": "origin" }]);
    recorded.summary.switches.insert("relocate".to_owned(), half);
    let deck = brief(&recorded, Language::English).deck.plain();
    let settings = "a technology halfway between origin and destination; their suppliers are those of the origin";
    assert!(deck.contains(settings), "{deck}");
}

#[test]
fn results_without_years_make_no_brief() {
    let regions = regions(3, Names::Any);
    let bare = switched("run", &regions, Vec::new(), Value::Null, json!({}));
    let told = refusal(&bare).to_string();
    assert_eq!(told, "the results lack years in decomposition.csv");
}
