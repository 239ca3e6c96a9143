use serde_json::{Value, json};

use crate::brief::testing::{assert_brief, brief, recorded, refusal, tidy, uncited};
use crate::numerals::Language;
use crate::recorded::{FileEntry, Recorded, RecordedFile};
use crate::tidy::{Column, Tidy};

/// A number with its interval: the point and half the width of 95 %, if there is one.
type Number = (f64, Option<f64>);

/// An equation of a test.
#[derive(Clone)]
struct Made {
    name: &'static str,
    dependent: &'static str,
    regressors: Vec<&'static str>,
    first: Number,
    lags: bool,
    spatial: bool,
    mediator: bool,
    /// Probability of the test of a U.
    turning: Option<f64>,
    sample: Option<&'static str>,
}

impl Made {
    fn new(name: &'static str, first: Number) -> Self {
        Made {
            name,
            dependent: "lnCO2",
            regressors: vec!["lnOA", "lnGDP", "IS"],
            first,
            lags: false,
            spatial: false,
            mediator: false,
            turning: None,
            sample: None,
        }
    }

    fn lagged(self) -> Self {
        let regressors = vec!["lnOA", "lag(lnOA, 1)", "lag(lnOA, 2)", "lnGDP"];
        Made { lags: true, regressors, ..self }
    }

    fn spatial(self) -> Self {
        Made { spatial: true, ..self }
    }

    fn mediated(self) -> Self {
        let regressors = vec!["cluster", "size"];
        Made { mediator: true, dependent: "carbon_intensity", regressors, ..self }
    }

    fn turning(self, p: f64) -> Self {
        let regressors = vec!["lnAGG", "lnAGG2", "lnPGDP"];
        Made { turning: Some(p), dependent: "log(waste_water)", regressors, ..self }
    }

    fn about(&self) -> Value {
        json!({
            "name": self.name,
            "dependent": self.dependent,
            "regressors": self.regressors,
            "estimator": if self.spatial { "spatial" } else if self.mediator { "mediation" } else { "within" },
            "equation": if self.spatial { vec!["spatial lag", "transformation"] } else { Vec::new() },
            "effects": ["two_way"],
            "mediator": self.mediator.then_some("digital"),
            "quadratic": self.turning.map(|_| ("lnAGG", "lnAGG2")),
            "sample": self.sample,
            "covariance": "cluster",
            "clusters": ["region"],
        })
    }
}

/// Lines of a number, texts in front.
fn lines(texts: &[&str], (point, half): Number) -> Vec<(Vec<String>, f64)> {
    let mut told = vec![("estimate", point), ("standardized_effect", 3.0 * point)];
    if let Some(half) = half {
        told.extend([("low95", point - half), ("high95", point + half)]);
        told.extend([("low90", point - 0.8 * half), ("high90", point + 0.8 * half)]);
    }
    let line = |(word, value): (&str, f64)| {
        let all = texts.iter().copied().chain([word]).map(str::to_owned).collect();
        (all, value)
    };
    told.into_iter().map(line).collect()
}

const BY_FACTOR: [Column; 3] = [Column::Scenario, Column::Factor, Column::Statistic];
const BY_PART: [Column; 4] = [Column::Scenario, Column::Factor, Column::Part, Column::Statistic];

fn coefficients(all: &[Made]) -> Tidy {
    let of = |one: &Made| {
        let number = |at: usize| match at {
            0 => one.first,
            at => (0.3 / at as f64, one.first.1),
        };
        let own = one.regressors.iter().enumerate();
        own.flat_map(|(at, code)| lines(&[one.name, code], number(at))).collect::<Vec<_>>()
    };
    tidy(&BY_FACTOR, all.iter().flat_map(of))
}

fn parts(all: &[Made], sums: bool) -> Tidy {
    let of = |one: &Made| {
        let (point, half) = one.first;
        let scale = if sums { 0.25 } else { 1.0 };
        let words: &[&str] = match (sums, one.spatial || one.mediator) {
            (false, true) | (true, true) => &["direct", "indirect", "total"],
            (true, false) => &["coefficients"],
            (false, false) => &[],
        };
        let part = |(at, part): (usize, &&str)| {
            let share = if words.len() > 1 { [0.75, 0.25, 1.0][at] } else { 1.0 } * scale;
            lines(
                &[one.name, one.regressors[0], part],
                (share * point, half.map(|own| share * own)),
            )
        };
        words.iter().enumerate().flat_map(part).collect::<Vec<_>>()
    };
    let told = all.iter().filter(|one| if sums { one.lags } else { one.spatial || one.mediator });
    tidy(&BY_PART, told.flat_map(of))
}

fn statistics(all: &[Made]) -> Tidy {
    let of = |one: &Made| {
        let told =
            [("observations", 510.0), ("units", 30.0), ("periods", 17.0), ("r2_within", 0.42)];
        let share = one.mediator.then_some(("indirect_share", 0.25));
        told.into_iter()
            .chain(share)
            .map(|(word, value)| (vec![one.name.to_owned(), word.to_owned()], value))
            .collect::<Vec<_>>()
    };
    tidy(&[Column::Scenario, Column::Statistic], all.iter().flat_map(of))
}

fn turning(all: &[Made]) -> Tidy {
    let of = |one: &Made| {
        let bounded = one.first.1.is_some();
        let told = one.turning.map(|p| {
            let mut told = vec![
                // Where nothing turns, the vertex lies beyond the data.
                ("turning_point_level", if p < 0.5 { 401.5 } else { 9000.0 }),
                ("least_level", 33.0),
                ("largest_level", 1854.0),
                ("slope_at_least", 0.7),
                ("utest_p", p),
            ];
            if bounded {
                told.extend([("fieller95_low_level", 340.0), ("fieller95_high_level", 484.0)]);
            }
            told
        });
        let texts = |word: &str| vec![one.name.to_owned(), "lnAGG".to_owned(), word.to_owned()];
        told.into_iter().flatten().map(|(word, value)| (texts(word), value)).collect::<Vec<_>>()
    };
    tidy(&BY_FACTOR, all.iter().flat_map(of))
}

fn curve(all: &[Made]) -> Tidy {
    use Column::{Factor, Part, Point, Scenario, Statistic};
    let columns = [Scenario, Factor, Point, Part, Statistic];
    let of = |one: &Made| {
        let point = |at: i32| {
            let x = 30.0 * 1.6_f64.powi(at);
            let y = 220.0 - 20.0 * (x / 401.5).ln().powi(2);
            [
                ("x_level", x),
                ("estimate_level", y),
                ("low95_level", 0.9 * y),
                ("high95_level", 1.1 * y),
            ]
            .map(|(word, value)| (at.to_string(), "fitted", word, value))
        };
        let rug = (0..=100)
            .map(|at| (at.to_string(), "observed", "x_level", 33.0 + 18.0 * f64::from(at)));
        let all: Vec<(String, &str, &str, f64)> = (1..=9).flat_map(point).chain(rug).collect();
        let line = |(at, part, word, value): (String, &str, &str, f64)| {
            let texts = [one.name, "lnAGG", at.as_str(), part, word].map(str::to_owned);
            (texts.to_vec(), value)
        };
        all.into_iter().map(line).collect::<Vec<_>>()
    };
    tidy(&columns, all.iter().filter(|one| one.turning.is_some()).flat_map(of))
}

/// What variables are.
fn variables() -> Value {
    let logarithm = |of: &str, lag: i64, unit: Option<&str>| json!({ "of": of, "level": of.trim_start_matches("ln"), "logarithm": true, "lag": lag, "unit": unit });
    json!({
        "lnCO2": logarithm("lnCO2", 0, None),
        "lnOA": logarithm("lnOA", 0, None),
        "lag(lnOA, 1)": logarithm("lnOA", 1, None),
        "lag(lnOA, 2)": logarithm("lnOA", 2, None),
        "lnAGG": logarithm("lnAGG", 0, Some("10^4 yuan per km2")),
        "log(waste_water)": logarithm("log(waste_water)", 0, Some("10^4 t")),
        "lnGDP": logarithm("lnGDP", 0, None),
        "IS": { "of": "IS", "level": "IS", "logarithm": false, "lag": 0, "unit": "share" },
    })
}

/// A text of the results that is no table.
fn text(name: &str, text: String) -> RecordedFile {
    let entry = FileEntry {
        name: name.to_owned(),
        what: String::new(),
        columns: None,
        rows: None,
        shape: None,
        caveats: Vec::new(),
        sha256: None,
        bytes: None,
    };
    RecordedFile::of(&entry, text).unwrap()
}

/// Results of equations.
fn made(all: &[Made]) -> Recorded {
    let about = json!({
        "panel": { "id": "region", "time": "year", "first": "2000", "last": "2018" },
        "variables": variables(),
        "models": all.iter().map(Made::about).collect::<Vec<_>>(),
    });
    let files = [
        ("coefficients.csv", coefficients(all)),
        ("statistics.csv", statistics(all)),
        ("effects.csv", parts(all, false)),
        ("lag_sums.csv", parts(all, true)),
        ("turning.csv", turning(all)),
        ("curve.csv", curve(all)),
    ];
    let there = files.into_iter().filter(|(_, tidy)| !tidy.is_empty()).collect();
    let mut recorded = recorded("estimate", &[], there, json!({}));
    recorded.files.push(text("estimate.json", about.to_string()));
    recorded
}

/// Every kind of equation, sure, unsure and without intervals.
fn cases() -> Vec<Vec<Made>> {
    let mut found = Vec::new();
    for half in [Some(0.05), Some(2.0), None] {
        let one = |name| Made::new(name, (-0.34, half));
        found.extend([
            vec![one("OA")],
            vec![one("OA").lagged()],
            vec![one("OA").spatial()],
            vec![one("OA").lagged().spatial(), one("LA").lagged().spatial()],
            vec![one("channel").mediated(), one("all").mediated()],
            vec![one("water").turning(0.001), one("gas").turning(0.4)],
            vec![one("water").turning(0.4)],
            vec![one("water").turning(0.6)],
            (0..7).map(|at| one(["a", "b", "c", "d", "e", "f", "g"][at])).collect(),
        ]);
    }
    let parts = [("OA-east", "zone == 'east'"), ("OA-west", "zone == 'west'")];
    let part = |(name, sample)| Made {
        sample: Some(sample),
        ..Made::new(name, (0.2, Some(0.1))).lagged().spatial()
    };
    found.push(parts.into_iter().map(part).collect());
    found
}

#[test]
fn briefs_say_what_the_numbers_carry() {
    for case in cases() {
        let recorded = made(&case);
        assert_brief(&recorded);
        for language in Language::BOTH {
            let brief = brief(&recorded, language);
            for prose in [&brief.headline, &brief.deck].into_iter().chain(&brief.method) {
                // What a number is held against is no number of the results.
                let told = uncited(prose).into_iter().filter(|text| {
                    !["1%", "95%", "5%", "0.001"].iter().any(|known| text.contains(known))
                });
                assert_eq!(told.collect::<Vec<_>>(), Vec::<String>::new());
            }
            assert!(brief.blocks.len() <= 5 && !brief.blocks.is_empty());
        }
    }
}

#[test]
fn a_change_that_is_taken_back_is_told_as_a_whole() {
    let brief = brief(&made(&[Made::new("OA", (-0.34, Some(0.05))).lagged()]), Language::English);
    assert_eq!(
        brief.headline.plain(),
        "1% higher output density goes with CO₂ emissions 0.340% lower the same year, 0.085% lower by year 3"
    );
    assert!(brief.deck.plain().contains("most of the first change is offset later"));
    let titles: Vec<String> = brief.blocks.iter().map(|block| block.title.plain()).collect();
    assert!(titles.contains(&"Most of the same-year effect is offset a year later".to_owned()));
}

#[test]
fn an_interval_that_holds_zero_is_unclear_everywhere() {
    let brief = brief(&made(&[Made::new("OA", (-0.34, Some(2.0)))]), Language::Chinese);
    assert!(brief.headline.plain().contains("方向不明"), "{}", brief.headline.plain());
    assert_eq!(brief.cards[0].value.plain(), "方向不明");
    assert!(!brief.headline.plain().contains("约低"));
    let table = &brief.table.as_ref().unwrap().grid.rows[0].cells[1];
    assert!(table.main.plain().starts_with("不明"), "{}", table.main.plain());
}

#[test]
fn no_turn_is_claimed_that_the_test_does_not_find() {
    let of =
        |p| brief(&made(&[Made::new("water", (-0.3, Some(0.1))).turning(p)]), Language::English);
    assert!(of(0.001).headline.plain().starts_with("Waste water peaks where"));
    let unsure = of(0.4);
    assert_eq!(
        unsure.headline.plain(),
        "The turn of waste water with density of industry is not significant (p\u{a0}=\u{a0}0.400)"
    );
    assert!(unsure.cards[0].range.plain().starts_with("turn not significant"));
    let none = of(0.6);
    assert!(none.headline.plain().contains("no turn is found"), "{}", none.headline.plain());
    assert_eq!(none.cards[0].value.plain(), "Not found");
}

#[test]
fn an_interval_is_called_one_of_confidence_only_where_there_is_one() {
    let deck =
        |half| brief(&made(&[Made::new("OA", (-0.34, half))]), Language::English).deck.plain();
    assert!(deck(Some(0.1)).contains("95% confidence interval"));
    let bare = deck(None);
    assert!(bare.contains("no interval computed") && !bare.contains("confidence"), "{bare}");
}

/// Moran's I of two periods and four units.
fn neighbours(p: f64) -> Vec<(&'static str, Tidy)> {
    use Column::{Factor, Region, Scenario, Statistic, Year};
    let mut global = Tidy::new(&[Scenario, Year, Factor, Statistic]);
    let mut local = Tidy::new(&[Scenario, Year, Region, Statistic]);
    for (year, value) in [("2000", 0.31), ("2018", 0.44)] {
        global.push(&["lnCO2", year, "moran", "value"], value);
        global.push(&["lnCO2", year, "moran", "p"], p);
        global.push(&["lnCO2", year, "", "units"], 4.0);
        for (at, unit) in ["河北", "山西", "河南", "山东"].into_iter().enumerate() {
            let side = if at < 2 { 1.0 } else { -1.0 };
            for (word, value) in [
                ("value", 0.9),
                ("p", p * (1.0 + at as f64)),
                ("quadrant", 2.0 - side),
                ("deviation", side * (1.0 + at as f64 / 10.0)),
                ("lag", side * 0.6),
            ] {
                local.push(&["lnCO2", year, unit, word], value);
            }
        }
    }
    vec![("autocorrelation.csv", global), ("local_autocorrelation.csv", local)]
}

#[test]
fn neighbours_make_a_brief_of_their_own() {
    for p in [0.0001, 0.02, 0.3] {
        let mut recorded = recorded("estimate", &[], neighbours(p), json!({}));
        assert_brief(&recorded);
        let of = |recorded: &Recorded| brief(recorded, Language::English).headline.plain();
        assert_eq!(of(&recorded).contains("unclear"), p > 0.05, "{}", of(&recorded));
        // Beside equations they are one figure more.
        let equations = made(&[Made::new("OA", (-0.34, Some(0.05)))]);
        recorded.files.extend(equations.files);
        assert_brief(&recorded);
        let brief = brief(&recorded, Language::Chinese);
        assert_eq!(brief.blocks.last().unwrap().id, "neighbours");
    }
}

#[test]
fn tests_of_unit_roots_alone_make_no_brief() {
    let told = refusal(&recorded("estimate", &[], Vec::new(), json!({}))).to_string();
    assert!(told.contains("coefficients of an equation"), "{told}");
}
