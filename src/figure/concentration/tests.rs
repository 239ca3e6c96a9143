use super::*;
use crate::figure::testing;
use crate::numerals::Language;

fn cited(value: f64) -> Cited {
    Cited::new(value, "localisation.csv", 2)
}

fn point(distance: f64, density: f64) -> Point {
    Point { distance, density, local: Some([1.5, 2.5]), global: Some([1.0, 3.0]) }
}

/// So many industries with curves of a size.
fn of_industries(count: usize, size: f64, language: Language) -> ConcentrationCurves {
    let panel = |(k, name): (usize, Named)| {
        let at = |i: usize| {
            let density = 2.0 + 1.6 * ((i + k) as f64 / 3.0).cos();
            let scaled = |band: Option<[f64; 2]>| band.map(|ends| ends.map(|end| end * size));
            let one = point(20.0 * i as f64, density);
            Point {
                density: density * size,
                local: scaled(one.local),
                global: scaled(one.global),
                ..one
            }
        };
        let index = match k % 3 {
            0 => Index::Localised(cited(size)),
            1 => Index::Dispersed(cited(size)),
            _ => Index::Neither,
        };
        Panel { name, points: (0..16).map(at).collect(), index }
    };
    ConcentrationCurves {
        head: language.pick("企业间距的密度", "Distances between plants").to_owned(),
        distance: Measure::of_figure("km", 300.0, language),
        density: Measure::of_figure("1 per km", 4.0 * size, language),
        index: Measure::of_figure("1", size, language),
        share: 0.95,
        panels: testing::names(count, language).into_iter().enumerate().map(panel).collect(),
    }
}

#[test]
fn texts_are_inside_and_apart_for_0_to_40_industries() {
    for count in 0..=40 {
        for language in Language::BOTH {
            testing::assert_readable(&of_industries(count, 0.001, language), language);
        }
    }
}

#[test]
fn any_numbers_are_drawn() {
    for size in [0.0, 1e-9, 1e15, f64::NAN, f64::INFINITY] {
        for count in [1, 2, 5] {
            for language in Language::BOTH {
                testing::assert_readable(&of_industries(count, size, language), language);
            }
        }
    }
    let mut figure = of_industries(2, 1.0, Language::English);
    figure.panels[0].points.truncate(1);
    figure.panels[1].points[3].global = None;
    figure.panels[1].points[5].distance = f64::NAN;
    testing::assert_readable(&figure, Language::English);
}

#[test]
fn stretches_end_where_the_curve_passes_the_band() {
    let panel = Panel {
        name: Named::new("Textiles"),
        points: [(0.0, 5.0), (10.0, 1.0), (20.0, 0.0), (30.0, 4.0)]
            .map(|(d, k)| point(d, k))
            .into(),
        index: Index::Neither,
    };
    // From 5 to 1 over 10 km the border at 3 is passed halfway; from 0 to 4 after a quarter and three quarters.
    assert_eq!(
        panel.beyond(true),
        [vec![(0.0, 5.0, 3.0), (5.0, 3.0, 3.0)], vec![(27.5, 3.0, 3.0), (30.0, 4.0, 3.0)]]
    );
    assert_eq!(panel.beyond(false), [vec![(10.0, 1.0, 1.0), (20.0, 0.0, 1.0), (22.5, 1.0, 1.0)]]);
}

#[test]
fn at_most_twelve_are_drawn_and_the_rest_is_told() {
    let figure = of_industries(14, 0.001, Language::English);
    let style = Style::of(Language::English);
    let drawing = figure.draw(&style, Width::Wide);
    assert_eq!(drawing.dropped, [figure.panels[12].name.full(), figure.panels[13].name.full()]);
    assert!(figure.alt(&style).text.ends_with("other 2"), "{}", figure.alt(&style).text);
}

#[test]
fn drawings_stay_as_they_were() {
    for (language, width, count, name) in [
        (Language::Chinese, Width::Narrow, 3, "concentration_narrow"),
        (Language::English, Width::Wide, 1, "concentration_wide"),
    ] {
        let figure = of_industries(count, 0.001, language);
        let style = Style::of(language);
        let drawing = figure.draw(&style, width);
        insta::assert_snapshot!(name, drawing.svg("f", "sans-serif", &figure.alt(&style)));
    }
}
