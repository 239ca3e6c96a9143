use super::*;
use crate::figure::testing;
use crate::numerals::Language;

fn cited(value: f64) -> Cited {
    Cited::new(value, "coefficients.csv", 2)
}

fn coefficient(value: f64, error: f64) -> Option<Coefficient> {
    let ends = |t: f64| [value - t * error, value + t * error];
    Some(Coefficient {
        point: cited(value),
        ninety_five: Some(ends(1.96).map(cited)),
        ninety: Some(ends(1.645)),
    })
}

/// So many coefficients in three groups, some without an estimate.
fn of_rows(count: usize, size: f64, language: Language) -> CoefficientPlot {
    let names = testing::names(count, language);
    let row = |(k, name): (usize, Named)| {
        let value = testing::estimate(k).value() / 5000.0 * size;
        let published =
            Published { value: cited(value * 0.9), implied: Some([value * 0.6, value * 1.2]) };
        Row {
            name,
            symbol: ["ln OA", "", "a symbol that is far too long", "ρ"][k % 4].to_owned(),
            value: if k % 6 == 5 {
                None
            } else {
                coefficient(value, 0.3 * size / (1 + k % 4) as f64)
            },
            published: (k % 3 == 0).then_some(published),
            decimals: (k % 5 == 0).then_some(1),
        }
    };
    let mut rows: Vec<Row> = names.clone().into_iter().enumerate().map(row).collect();
    let rest = rows.split_off(count / 2);
    let head = |at: usize| names[at % count].full();
    CoefficientPlot {
        head: language
            .pick("排放强度对各因素的弹性", "Elasticity of emission intensity")
            .to_owned(),
        measure: Measure::of_figure("1", size, language).with_decimals(if size > 1e3 {
            0
        } else {
            3
        }),
        groups: vec![
            Group { head: head(3), rows },
            Group { head: String::new(), rows: Vec::new() },
            Group { head: head(10), rows: rest },
        ],
    }
}

#[test]
fn texts_are_inside_and_apart_for_1_to_40_rows() {
    for count in 1..=40 {
        for language in Language::BOTH {
            testing::assert_readable(&of_rows(count, 1.0, language), language);
        }
    }
}

#[test]
fn any_size_is_drawn() {
    for size in [0.0, 1e-9, 1e15] {
        for language in Language::BOTH {
            testing::assert_readable(&of_rows(7, size, language), language);
        }
    }
    let mut figure = of_rows(7, 1.0, Language::English);
    figure.groups.clear();
    testing::assert_readable(&figure, Language::English);
}

#[test]
fn what_is_no_number_is_left_out() {
    let mut figure = of_rows(8, 1.0, Language::Chinese);
    let rows = &mut figure.groups[0].rows;
    rows[0].value = coefficient(f64::NAN, 1.0);
    rows[1].value = coefficient(0.5, f64::NAN);
    rows[2].value = coefficient(0.5, f64::INFINITY);
    rows[3].published = Some(Published { value: cited(f64::NAN), implied: None });
    testing::assert_readable(&figure, Language::Chinese);
}

#[test]
fn an_interval_that_holds_zero_is_hollow_and_called_unclear() {
    let row = |value, error| Row {
        name: Named::new("Output density"),
        symbol: "ln OA".to_owned(),
        value: coefficient(value, error),
        published: None,
        decimals: None,
    };
    let figure = CoefficientPlot {
        head: "Elasticity".to_owned(),
        measure: Measure::of_figure("1", 1.0, Language::English),
        groups: vec![Group { head: String::new(), rows: vec![row(0.5, 0.1), row(0.1, 0.1)] }],
    };
    let style = Style::of(Language::English);
    let svg = figure.draw(&style, Width::Wide).svg("f", "Arial", &figure.alt(&style));
    assert_eq!(svg.matches("] unclear</text>").count(), 1, "{svg}");
    assert!(svg.contains("estimate +0.10 (95% interval −0.10 to +0.30), direction unclear"));
    assert!(
        svg.contains("Output density (ln OA): estimate +0.50 (95% interval +0.30 to +0.70)\">")
    );
}

#[test]
fn drawings_stay_as_they_were() {
    for (language, width, name) in [
        (Language::Chinese, Width::Narrow, "coefficients_narrow"),
        (Language::English, Width::Wide, "coefficients_wide"),
    ] {
        let figure = of_rows(6, 1.0, language);
        let style = Style::of(language);
        let drawing = figure.draw(&style, width);
        insta::assert_snapshot!(name, drawing.svg("f", "sans-serif", &figure.alt(&style)));
    }
}
