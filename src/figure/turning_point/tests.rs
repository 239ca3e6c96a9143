use super::*;
use crate::figure::testing;
use crate::numerals::Language;

fn cited(value: f64) -> Cited {
    Cited::new(value, "turning.csv", 2)
}

/// An inverse U of logarithms, with names of the k-th length.
fn inverse_u(k: usize, language: Language) -> TurningPointCurve {
    let names = testing::names(40, language);
    let dimension = |at: usize, unit, kept| Dimension {
        name: names[(k + at) % 40].full(),
        measure: Measure::of_figure(unit, 500.0, language),
        kept,
    };
    TurningPointCurve {
        head: names[(k + 9) % 40].full(),
        x: dimension(0, "10^4 yuan per km2", Kept::Logarithms),
        y: dimension(5, "1", [Kept::Logarithms, Kept::Levels][k % 2]),
        curve: quadratic([0.9, -0.078], [0.02, -0.0017, 0.00015], [2.4, 9.4], 5.6, 1.96, 60),
        sample: [3.2, 8.2],
        rug: (0..k).map(|at| 3.2 + 5.0 * at as f64 / k as f64).collect(),
        verdict: match k % 4 {
            0 => Verdict::Monotone { p: Some(cited(0.0004)) },
            1 => Verdict::Turns { at: cited(5.77), interval: None },
            _ => Verdict::Turns { at: cited(5.77), interval: Some([cited(1.3), cited(6.5)]) },
        },
    }
}

#[test]
fn texts_are_inside_and_apart() {
    for k in 0..40 {
        for language in Language::BOTH {
            testing::assert_readable(&inverse_u(k, language), language);
        }
    }
}

#[test]
fn any_numbers_are_drawn() {
    for size in [0.0, 1e-9, 1e15, -1e15, f64::NAN, f64::INFINITY] {
        for k in 0..4 {
            let mut figure = inverse_u(k, Language::English);
            for point in figure.curve.iter_mut().step_by(3) {
                point.y *= size;
                point.band = Some([-size, size]);
            }
            figure.curve[1].x = size;
            figure.rug.push(size);
            testing::assert_readable(&figure, Language::English);
            figure.sample = [size, 2.0 * size];
            figure.verdict =
                Verdict::Turns { at: cited(size), interval: Some([cited(-size), cited(size)]) };
            testing::assert_readable(&figure, Language::English);
            figure.curve.truncate(k);
            testing::assert_readable(&figure, Language::English);
        }
    }
}

#[test]
fn logarithms_are_shown_as_levels_and_cited_as_they_stand() {
    let mut figure = inverse_u(2, Language::English);
    figure.verdict = Verdict::Turns { at: cited(5.0), interval: Some([cited(4.0), cited(6.0)]) };
    let style = Style::of(Language::English);
    let svg = figure.draw(&style, Width::Wide).svg("f", "Arial", &figure.alt(&style));
    assert!(svg.contains("data-value=\"5\" data-src=\"turning.csv:2\">1.48</tspan>"), "{svg}");
    assert!(svg.contains(">0.55</tspan> to <tspan") && svg.contains(">4.03</tspan>"), "{svg}");
}

#[test]
fn no_point_is_marked_where_the_curve_does_not_turn() {
    let mut figure = inverse_u(3, Language::Chinese);
    let style = Style::of(Language::Chinese);
    let dots = |figure: &TurningPointCurve| {
        let svg = figure.draw(&style, Width::Wide).svg("f", "Arial", &figure.alt(&style));
        (svg.matches("<circle").count(), svg.contains("样本内单调"))
    };
    assert_eq!(dots(&figure), (1, false));
    figure.verdict = Verdict::Monotone { p: None };
    assert_eq!(dots(&figure), (0, true));
}

#[test]
fn a_quadratic_has_no_band_at_its_reference() {
    let points = quadratic([2.0, -0.5], [0.04, 0.0, 0.01], [0.0, 4.0], 1.0, 2.0, 5);
    assert_eq!(points[1], CurvePoint { x: 1.0, y: 0.0, band: Some([0.0, 0.0]) });
    // y(2) = 2 · 1 − 0.5 · 3, s² = 0.04 + 9 · 0.01.
    let half = 2.0 * 0.13_f64.sqrt();
    assert_eq!(points[2], CurvePoint { x: 2.0, y: 0.5, band: Some([0.5 - half, 0.5 + half]) });
}

#[test]
fn drawings_stay_as_they_were() {
    for (language, width, name) in [
        (Language::Chinese, Width::Narrow, "turning_point_narrow"),
        (Language::English, Width::Wide, "turning_point_wide"),
    ] {
        let mut figure = inverse_u(6, language);
        figure.curve = figure.curve.into_iter().step_by(6).collect();
        let style = Style::of(language);
        let drawing = figure.draw(&style, width);
        insta::assert_snapshot!(name, drawing.svg("f", "sans-serif", &figure.alt(&style)));
    }
}

#[test]
fn levels_spaced_by_logarithms_lie_where_the_logarithms_lie() {
    let logarithms = inverse_u(2, Language::English);
    let levels = TurningPointCurve {
        x: Dimension { kept: Kept::Spaced, ..logarithms.x.clone() },
        y: Dimension { kept: Kept::Spaced, ..logarithms.y.clone() },
        curve: (logarithms.curve.iter())
            .map(|one| CurvePoint {
                x: one.x.exp(),
                y: one.y.exp(),
                band: one.band.map(|band| band.map(f64::exp)),
            })
            .collect(),
        sample: logarithms.sample.map(f64::exp),
        rug: logarithms.rug.iter().map(|value| value.exp()).collect(),
        verdict: Verdict::Turns {
            at: cited(5.77_f64.exp()),
            interval: Some([cited(1.3_f64.exp()), cited(6.5_f64.exp())]),
        },
        ..logarithms.clone()
    };
    let style = Style::of(Language::English);
    let without_data = |figure: &TurningPointCurve| {
        let svg = figure.draw(&style, Width::Wide).svg("f", "Arial", &Alt::default());
        let parts =
            svg.split(" data-value=\"").map(|part| part.split_once('>').unwrap_or(("", part)).1);
        parts.collect::<Vec<_>>().join(">")
    };
    assert_eq!(without_data(&levels), without_data(&logarithms));
    testing::assert_readable(&levels, Language::English);
    let svg = levels.draw(&style, Width::Wide).svg("f", "Arial", &Alt::default());
    assert!(svg.contains("data-value=\"320.53"), "the level is cited: {svg}");
}
