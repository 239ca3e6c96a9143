use serde_json::json;

use crate::brief::testing::{
    Names, assert_brief, brief, recorded, refusal, regions, tidy, uncited,
};
use crate::numerals::Language;
use crate::recorded::{NamedCode, Recorded};
use crate::tidy::{Column, Tidy};

/// What a study of a test has.
#[derive(Clone, Copy)]
struct Study {
    regions: usize,
    sectors: usize,
    names: Names,
    /// Industries whose plants were tested: above the band, below it, neither.
    industries: [usize; 3],
    densities: usize,
    dated: bool,
}

const NONE: Study = Study {
    regions: 6,
    sectors: 0,
    names: Names::Provinces,
    industries: [0; 3],
    densities: 0,
    dated: true,
};

impl Study {
    fn year(self) -> &'static str {
        if self.dated { "2007" } else { "" }
    }

    fn sector(at: usize) -> String {
        format!("sector {at}")
    }
}

fn line(texts: &[&str], value: f64) -> (Vec<String>, f64) {
    (texts.iter().map(|text| (*text).to_owned()).collect(), value)
}

fn sectors(study: Study) -> Tidy {
    let of = |at: usize| {
        let code = Study::sector(at);
        let gini = 0.9 / (1.0 + at as f64);
        let gamma = at
            .is_multiple_of(2)
            .then(|| line(&[study.year(), "output", &code, "gamma"], gini - 0.2));
        [line(&[study.year(), "output", &code, "gini"], gini)].into_iter().chain(gamma)
    };
    use Column::{Quantity, Sector, Statistic, Year};
    tidy(&[Year, Quantity, Sector, Statistic], (0..study.sectors).flat_map(of))
}

fn quotients(study: Study, regions: &[NamedCode]) -> Tidy {
    use Column::{Quantity, Region, Sector, Year};
    let of = |(r, region): (usize, &NamedCode)| {
        let cell = |at: usize| {
            let value = 0.2 + ((r * 7 + at * 3) % 11) as f64 / 5.0;
            line(&[study.year(), "output", &region.code, &Study::sector(at)], value)
        };
        (0..study.sectors).map(cell).collect::<Vec<_>>()
    };
    tidy(&[Year, Quantity, Region, Sector], regions.iter().enumerate().flat_map(of))
}

fn krugman(study: Study, regions: &[NamedCode]) -> Tidy {
    use Column::{Quantity, Region, Statistic, Year};
    let of = |(r, region): (usize, &NamedCode)| {
        line(&[study.year(), "output", &region.code, "krugman"], 0.1 + r as f64 / 40.0)
    };
    tidy(&[Year, Quantity, Region, Statistic], regions.iter().enumerate().map(of))
}

fn densities(study: Study, regions: &[NamedCode]) -> Tidy {
    use Column::{Part, Quantity, Region, Statistic, Unit, Year};
    let of = |code: &'static str| {
        let one = move |(r, region): (usize, &NamedCode)| {
            let texts = [study.year(), code, "10^8 yuan/km^2", &region.code, "region", "density"];
            line(&texts, 0.8 / (1.0 + r as f64))
        };
        regions.iter().enumerate().map(one).collect::<Vec<_>>()
    };
    let codes = ["OA", "LA", "CA", "TA"].into_iter().take(study.densities);
    tidy(&[Year, Quantity, Unit, Region, Part, Statistic], codes.flat_map(of))
}

/// Names of industries: those above the band, below it, neither.
fn industries(study: Study) -> Vec<(String, [f64; 2])> {
    let kinds = [("closer", [0.4, 0.0]), ("apart", [0.0, 0.1]), ("neither", [0.0, 0.0])];
    let of = |((word, indices), count): ((&str, [f64; 2]), usize)| {
        (0..count).map(|at| (format!("{word} {at}"), indices)).collect::<Vec<_>>()
    };
    kinds.into_iter().zip(study.industries).flat_map(of).collect()
}

fn plants(study: Study) -> [Tidy; 2] {
    use Column::{Part, Point, Quantity, Sector, Statistic, Unit};
    let index = |(name, [gamma, psi]): &(String, [f64; 2])| {
        [("gamma_area", *gamma), ("psi_area", *psi)]
            .map(|(word, value)| line(&["1", name, "levels", word], value))
    };
    let curve = |(name, [gamma, _]): &(String, [f64; 2])| {
        let point = |at: usize| {
            let (point, value) = (at.to_string(), 0.001 * (1.0 + gamma * at as f64));
            let number = |quantity: &str, unit: &str, part: &str, statistic: &str, value: f64| {
                line(&[quantity, unit, name, &point, part, statistic], value)
            };
            vec![
                number("distance", "km", "", "", 8.0 * at as f64),
                number("density", "1/km", "", "", value),
                number("band", "1/km", "local", "lower", 0.0008),
                number("band", "1/km", "local", "upper", 0.0012),
                number("band", "1/km", "levels", "lower", 0.0007),
                number("band", "1/km", "levels", "upper", 0.0013),
            ]
        };
        (1..20).flat_map(point).collect::<Vec<_>>()
    };
    let all = industries(study);
    [
        tidy(&[Unit, Sector, Part, Statistic], all.iter().flat_map(index)),
        tidy(&[Quantity, Unit, Sector, Point, Part, Statistic], all.iter().flat_map(curve)),
    ]
}

/// Results of a study.
fn made(study: Study) -> Recorded {
    let regions = regions(study.regions, study.names);
    let [indices, curves] = plants(study);
    let files = vec![
        ("sectors.csv", sectors(study)),
        ("quotients.csv", quotients(study, &regions)),
        ("regions.csv", if study.sectors > 0 { krugman(study, &regions) } else { Tidy::new(&[]) }),
        ("densities.csv", densities(study, &regions)),
        ("localisation.csv", indices),
        ("curves.csv", curves),
    ];
    let files = files.into_iter().filter(|(_, tidy)| !tidy.is_empty()).collect();
    let mut recorded = recorded("agglomeration", &regions, files, json!({}));
    recorded.summary.switches.insert("plants.band".to_owned(), json!("levels"));
    recorded.summary.switches.insert("plants.level".to_owned(), json!(0.05));
    recorded
}

#[test]
fn briefs_hold_for_every_part_that_a_study_may_have() {
    let activity = Study { sectors: 11, ..NONE };
    for study in [
        activity,
        Study { sectors: 2, regions: 2, dated: false, ..NONE },
        Study { sectors: 42, regions: 31, names: Names::Any, ..NONE },
        Study { densities: 1, ..NONE },
        Study { densities: 4, dated: false, regions: 31, ..NONE },
        Study { industries: [1, 1, 1], ..NONE },
        Study { industries: [0, 2, 0], ..NONE },
        Study { industries: [0, 0, 1], ..NONE },
        Study { industries: [9, 8, 7], densities: 2, ..activity },
    ] {
        let recorded = made(study);
        assert_brief(&recorded);
        for language in Language::BOTH {
            let brief = brief(&recorded, language);
            for prose in [&brief.headline, &brief.deck].into_iter().chain(&brief.method) {
                assert_eq!(uncited(prose), Vec::<String>::new());
            }
            assert!((1..=5).contains(&brief.blocks.len()) && brief.table.is_some());
        }
    }
}

#[test]
fn clusters_are_claimed_only_of_industries_beyond_the_band() {
    let of = |industries| brief(&made(Study { industries, ..NONE }), Language::English);
    let some = of([1, 0, 1]).headline.plain();
    assert_eq!(some, "Plants of closer 0 lie closer together than at random");
    let none = of([0, 0, 2]);
    assert_eq!(
        none.headline.plain(),
        "Plants of none of 2 industries lie closer together than at random"
    );
    assert_eq!(none.cards[0].value.plain(), "No clustering");
}

#[test]
fn productivity_alone_makes_no_brief() {
    let told = refusal(&made(NONE)).to_string();
    assert!(told.contains("a measure of sectors"), "{told}");
}
