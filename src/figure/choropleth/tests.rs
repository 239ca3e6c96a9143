use super::*;
use crate::figure::testing;
use crate::numerals::{Cited, Language, Measure};

/// Squares in rows of six, each a degree wide.
fn of_regions(count: usize, language: Language) -> Choropleth {
    let panel = |head: &str, unit| Panel {
        head: head.to_owned(),
        measure: Measure::of_figure(unit, 5000.0, language),
    };
    let shape = |(k, name)| {
        let (x, y) = (110.0 + (k % 6) as f64, 35.0 - (k / 6) as f64);
        // Some are slivers, in which no label has room.
        let wide = if k % 3 == 2 { 0.2 } else { 1.0 };
        Shape {
            name,
            rings: vec![vec![(x, y), (x + wide, y), (x + wide, y + 1.0), (x, y + 1.0)]],
            values: vec![Some(testing::estimate(k)), (k % 4 > 0).then(|| testing::estimate(k + 1))],
        }
    };
    Choropleth {
        kind: Kind::Change,
        panels: vec![
            panel(language.pick("增加值", "Value added"), "10^8 yuan"),
            panel("CO₂", "Mt"),
        ],
        regions: testing::names(count, language).into_iter().enumerate().map(shape).collect(),
    }
}

#[test]
fn texts_are_inside_and_apart_for_2_to_40_regions() {
    for count in 1..=40 {
        for language in Language::BOTH {
            let mut figure = of_regions(count, language);
            testing::assert_readable(&figure, language);
            figure.panels.truncate(1);
            testing::assert_readable(&figure, language);
        }
    }
}

#[test]
fn a_fine_coast_stays_a_small_drawing() {
    let mut figure = of_regions(3, Language::English);
    let coast = |k: u32| {
        let angle = f64::from(k) / 20_000.0 * std::f64::consts::TAU;
        let radius = 4.0 + 0.3 * (f64::from(k) * 0.7).sin();
        (100.0 + radius * angle.cos(), 30.0 + radius * angle.sin())
    };
    figure.regions[0].rings = vec![(0..20_000).map(coast).collect()];
    let style = Style::of(Language::English);
    for width in Width::BOTH {
        let svg = figure.draw(&style, width).svg("f", "Arial", &figure.alt(&style));
        assert!(svg.len() < 120_000, "{}", svg.len());
        assert!(svg.len() > 10_000, "{}", svg.len());
    }
}

#[test]
fn odd_numbers_and_shapes_do_no_harm() {
    let style = Style::of(Language::English);
    for size in [0.0, 1e-9, 1e15, f64::NAN] {
        for kind in [Kind::Change, Kind::Level] {
            let mut figure = of_regions(4, Language::English);
            figure.kind = kind;
            figure.regions[0].values[0] = Some(Estimate::bare(Cited::new(size, "sums.csv", 2)));
            figure.regions[1].rings = vec![vec![(f64::NAN, 3.0), (1e300, 4.0)], vec![]];
            figure.regions[2].rings[0].push((f64::INFINITY, 30.0));
            testing::assert_readable(&figure, Language::English);
            for width in Width::BOTH {
                let svg = figure.draw(&style, width).svg("f", "Arial", &figure.alt(&style));
                assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
            }
        }
    }
    let mut figure = of_regions(1, Language::English);
    figure.panels[0].head = "Net transfer of value added at constant prices of 2007".to_owned();
    testing::assert_readable(&figure, Language::English);
    figure.regions.clear();
    testing::assert_readable(&figure, Language::English);
    figure.panels.clear();
    testing::assert_readable(&figure, Language::English);
}

#[test]
fn the_drawing_is_as_it_was() {
    let figure = of_regions(4, Language::Chinese);
    let style = Style::of(Language::Chinese);
    let svg = |width| figure.draw(&style, width).svg("f", "sans-serif", &figure.alt(&style));
    insta::assert_snapshot!("wide", svg(Width::Wide));
    insta::assert_snapshot!("narrow", svg(Width::Narrow));
}
