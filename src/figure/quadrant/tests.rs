use std::collections::BTreeSet;

use super::*;
use crate::figure::testing;
use crate::numerals::Language;

fn panel(head: &str, unit: &str, language: Language) -> Panel {
    Panel { head: head.to_owned(), measure: Measure::of_figure(unit, 5000.0, language) }
}

fn of_points(count: usize, language: Language) -> Quadrant {
    let names = testing::names(count, language);
    let point =
        |(k, name)| Point { name, x: testing::estimate(k), y: testing::estimate(k * 3 + 1) };
    Quadrant {
        x: panel(
            language.pick("增加值净转移", "Net transfer of value added"),
            "10^8 yuan",
            language,
        ),
        y: panel(language.pick("二氧化碳净转移", "Net transfer of carbon dioxide"), "Mt", language),
        points: names.into_iter().enumerate().map(point).collect(),
        ray: Some(Ray {
            label: language.pick("转出区域平均", "mean of those that give").to_owned(),
            slope: Cited::new(0.031, "intensity.csv", 4),
            measure: Measure::of_prose("Mt per 10^8 yuan", 0.031, language),
        }),
    }
}

fn bare(value: f64) -> Estimate {
    Estimate::bare(Cited::new(value, "sums.csv", 2))
}

#[test]
fn texts_are_inside_and_apart_for_2_to_40_regions() {
    for count in 0..=40 {
        for language in Language::BOTH {
            testing::assert_readable(&of_points(count, language), language);
        }
    }
}

#[test]
fn of_many_points_twelve_are_named() {
    let figure = of_points(40, Language::English);
    for width in Width::BOTH {
        let drawing = figure.draw(&Style::of(Language::English), width);
        let dropped: BTreeSet<&String> = drawing.dropped.iter().collect();
        let kept: BTreeSet<String> = figure.points.iter().map(|point| point.name.brief()).collect();
        assert!(kept.len() - dropped.len() <= 12, "{dropped:?}");
    }
}

#[test]
fn numbers_of_any_size_stay_readable() {
    for size in [0.0, 1e-9, 1e15, f64::NAN] {
        for sign in [1.0, -1.0] {
            let mut figure = of_points(8, Language::English);
            figure.points[3].x = bare(size * sign);
            figure.points[4].y = bare(size);
            if size == 0.0 {
                figure.points.iter_mut().for_each(|one| (one.x, one.y) = (bare(0.0), bare(0.0)));
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
fn a_dot_is_hollow_where_either_direction_is_unclear() {
    let mut figure = of_points(1, Language::English);
    let cited = |value| Cited::new(value, "sums.csv", 2);
    figure.points[0].x = bare(40.0);
    figure.points[0].y =
        Estimate { point: cited(5.0), range: Some([cited(-1.0), cited(9.0)]), disputed: false };
    let svg = |figure: &Quadrant| {
        figure.draw(&Style::of(Language::English), Width::Wide).svg("f", "Arial", &Alt::default())
    };
    assert!(svg(&figure).contains("r=\"6\" class=\"f-paper s-unc\""));
    figure.points[0].y = bare(5.0);
    assert!(svg(&figure).contains("r=\"6\" class=\"f-in s-paper\""));
}

#[test]
fn the_drawing_is_as_it_was() {
    let figure = of_points(7, Language::Chinese);
    let style = Style::of(Language::Chinese);
    let svg = |width| figure.draw(&style, width).svg("f", "sans-serif", &figure.alt(&style));
    insta::assert_snapshot!("wide", svg(Width::Wide));
    insta::assert_snapshot!("narrow", svg(Width::Narrow));
}
