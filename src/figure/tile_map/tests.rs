use super::*;
use crate::china::PROVINCES;
use crate::figure::testing;
use crate::numerals::{Language, Measure};

fn panels(language: Language) -> Vec<Panel> {
    let panel = |head: &str, unit| Panel {
        head: head.to_owned(),
        measure: Measure::of_figure(unit, 5988.0, language),
    };
    vec![panel(language.pick("增加值", "Value added"), "10^8 yuan"), panel("CO₂", "Mt")]
}

/// A map of `count` regions, whose provinces lie beside each other or apart.
fn of_regions(count: usize, apart: bool, language: Language) -> TileMap {
    let regions = testing::names(count, language).into_iter().enumerate().map(|(k, name)| {
        let mine = |at: usize| if apart { at % count == k } else { at * count / 34 == k };
        let provinces = TILES.iter().enumerate().filter(|(at, _)| mine(*at));
        Region {
            name,
            provinces: provinces.map(|(_, tile)| tile.code.to_owned()).collect(),
            values: vec![Some(testing::estimate(k)), (k % 4 > 0).then(|| testing::estimate(k + 1))],
        }
    });
    TileMap { kind: Kind::Change, panels: panels(language), regions: regions.collect() }
}

fn bare(value: f64) -> Option<Estimate> {
    Some(Estimate::bare(Cited::new(value, "sums.csv", 2)))
}

#[test]
fn every_province_has_a_tile_of_its_own() {
    let codes: BTreeSet<&str> = TILES.iter().map(|tile| tile.code).collect();
    let places: BTreeSet<(u8, u8)> = TILES.iter().map(|tile| (tile.column, tile.row)).collect();
    assert_eq!((codes.len(), places.len()), (34, 34));
    assert!(PROVINCES.iter().all(|province| codes.contains(province.code)));
    assert!(["HK", "MO", "TW"].iter().all(|code| codes.contains(code)));
}

#[test]
fn texts_are_inside_and_apart_for_2_to_40_regions() {
    for count in 2..=40 {
        for language in Language::BOTH {
            for apart in [false, true] {
                testing::assert_readable(&of_regions(count, apart, language), language);
            }
        }
    }
}

#[test]
fn numbers_of_any_size_stay_readable() {
    for values in [[0.0, 0.0], [1e-9, -1e-9], [1e15, -1.0], [f64::NAN, 3.0]] {
        for kind in [Kind::Change, Kind::Level] {
            let mut figure = of_regions(2, false, Language::English);
            figure.kind = kind;
            for (region, value) in figure.regions.iter_mut().zip(values) {
                region.values = vec![bare(value), None];
            }
            testing::assert_readable(&figure, Language::English);
            let style = Style::of(Language::English);
            for width in Width::BOTH {
                let svg = figure.draw(&style, width).svg("f", "Arial", &figure.alt(&style));
                assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
            }
        }
    }
}

#[test]
fn nothing_and_long_heads_have_room() {
    let mut figure = of_regions(8, false, Language::English);
    figure.panels[1].head = "Net transfer of carbon dioxide from energy and processes".to_owned();
    testing::assert_readable(&figure, Language::English);
    figure.regions.clear();
    testing::assert_readable(&figure, Language::English);
    figure.panels.clear();
    testing::assert_readable(&figure, Language::English);
}

#[test]
fn provinces_of_no_region_and_unknown_codes_do_no_harm() {
    let region = Region {
        name: Named::new("Nowhere"),
        provinces: vec!["XX".to_owned()],
        values: vec![bare(3.0)],
    };
    let figure =
        TileMap { kind: Kind::Change, panels: panels(Language::English), regions: vec![region] };
    assert_eq!(figure.off_map(), ["XX"]);
    let drawing = figure.draw(&Style::of(Language::English), Width::Wide);
    for tile in TILES {
        assert_eq!(drawing.texts.iter().filter(|text| text.text == tile.code).count(), 2);
    }
}

/// North and south, one of unclear direction.
fn two_regions(language: Language) -> TileMap {
    let region = |name: &str, provinces: &[&str], value: f64, low: f64, high: f64| {
        let cited = |value| Cited::new(value, "sums.csv", 2);
        Region {
            name: Named::new(name),
            provinces: provinces.iter().map(|code| (*code).to_owned()).collect(),
            values: vec![Some(Estimate {
                point: cited(value),
                range: Some([cited(low), cited(high)]),
                disputed: false,
            })],
        }
    };
    TileMap {
        kind: Kind::Change,
        panels: panels(language)[..1].to_vec(),
        regions: vec![
            region("东北", &["HL", "JL", "LN"], 1541.0, 715.0, 2890.0),
            region("北部沿海", &["HE", "SD"], 55.0, -7.0, 175.0),
        ],
    }
}

#[test]
fn no_region_of_the_eight_falls_back_to_its_code() {
    let eight: [(&str, &str, &[&str]); 8] = [
        ("A", "Northeast", &["LN", "JL", "HL"]),
        ("B", "Beijing–|Tianjin", &["BJ", "TJ"]),
        ("C", "North Coast", &["HE", "SD"]),
        ("D", "East Coast", &["SH", "JS", "ZJ"]),
        ("E", "South Coast", &["FJ", "GD", "HI"]),
        ("F", "Central China", &["SX", "HA", "AH", "HB", "HN", "JX"]),
        ("G", "Northwest", &["NM", "SN", "NX", "GS", "QH", "XJ"]),
        ("H", "Southwest", &["SC", "CQ", "GX", "YN", "GZ", "XZ"]),
    ];
    let regions = eight.map(|(code, name, provinces)| Region {
        name: Named::new(name).code(code),
        provinces: provinces.iter().map(|code| (*code).to_owned()).collect(),
        values: vec![bare(4228.0), bare(142.0)],
    });
    let panels = panels(Language::English);
    let map = TileMap { kind: Kind::Change, panels, regions: regions.to_vec() };
    let style = Style::of(Language::English);
    for width in [Width::Wide, Width::Narrow] {
        let svg = map.draw(&style, width).svg("f", "sans-serif", &map.alt(&style));
        for (code, ..) in eight {
            assert!(!svg.contains(&format!(">{code}</text>")), "{code}, {width:?}");
        }
    }
}

#[test]
fn the_drawing_is_as_it_was() {
    let figure = two_regions(Language::Chinese);
    let style = Style::of(Language::Chinese);
    let svg = |width| figure.draw(&style, width).svg("f", "sans-serif", &figure.alt(&style));
    insta::assert_snapshot!("wide", svg(Width::Wide));
    insta::assert_snapshot!("narrow", svg(Width::Narrow));
}
