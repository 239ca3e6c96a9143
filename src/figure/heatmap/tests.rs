use super::*;
use crate::figure::testing;
use crate::numerals::{Cited, Language, Measure};

fn of_size(rows: usize, columns: usize, matrix: Matrix, language: Language) -> Heatmap {
    let cell = |row: usize, column: usize| {
        let own = matrix == Matrix::Transfers && row == column;
        (!own && (row + column) % 11 != 3).then(|| testing::estimate(row * 7 + column))
    };
    Heatmap {
        matrix,
        kind: Kind::Change,
        panel: Panel {
            head: language.pick("增加值", "Value added").to_owned(),
            measure: Measure::of_figure("10^8 yuan", 5000.0, language),
        },
        rows: testing::names(rows, language),
        columns: testing::names(columns, language),
        cells: (0..rows)
            .map(|row| (0..columns).map(|column| cell(row, column)).collect())
            .collect(),
    }
}

#[test]
fn texts_are_inside_and_apart_for_1_to_40_regions() {
    for count in 1..=40 {
        for language in Language::BOTH {
            let figure = of_size(count % 13 + 1, count, Matrix::Cross, language);
            testing::assert_readable(&figure, language);
            let figure = of_size(count.min(13), count, Matrix::Transfers, language);
            testing::assert_readable(&figure, language);
        }
    }
}

#[test]
fn every_province_with_every_other_has_room() {
    for language in Language::BOTH {
        testing::assert_readable(&of_size(31, 31, Matrix::Transfers, language), language);
    }
}

#[test]
fn columns_without_codes_are_numbered() {
    for language in Language::BOTH {
        let mut figure = of_size(5, 31, Matrix::Cross, language);
        for column in &mut figure.columns {
            *column = Named::new(format!("{} Transportation", column.full()));
        }
        testing::assert_readable(&figure, language);
        let drawing = figure.draw(&Style::of(language), Width::Wide);
        assert!(drawing.texts.iter().filter(|text| text.text == "31").count() == 2);
    }
}

#[test]
fn numbers_of_any_size_stay_readable() {
    for size in [0.0, 1e-9, 1e15, f64::NAN] {
        for kind in [Kind::Change, Kind::Level] {
            let mut figure = of_size(4, 6, Matrix::Cross, Language::English);
            figure.kind = kind;
            let cited = Cited::new(size, "sums.csv", 2);
            figure.cells[1][1] = Some(Estimate::bare(cited.clone()));
            if size == 0.0 {
                let zero = Some(Estimate::bare(cited));
                figure.cells.iter_mut().flatten().for_each(|cell| *cell = zero.clone());
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
fn missing_rows_of_numbers_are_no_data() {
    let mut figure = of_size(3, 3, Matrix::Cross, Language::English);
    figure.cells.truncate(1);
    let drawing = figure.draw(&Style::of(Language::English), Width::Wide);
    assert!(drawing.texts.iter().filter(|text| text.text == "—").count() >= 6);
}

#[test]
fn nothing_and_long_units_have_room() {
    for (rows, columns) in [(0, 0), (3, 0), (0, 3)] {
        let figure = of_size(rows, columns, Matrix::Transfers, Language::English);
        testing::assert_readable(&figure, Language::English);
    }
    let mut figure = of_size(3, 3, Matrix::Cross, Language::English);
    let unit = "kilograms of oxygen of all waste water per year and inhabitant";
    figure.panel.measure = Measure::of_figure(unit, 5000.0, Language::English);
    testing::assert_readable(&figure, Language::English);
}

#[test]
fn a_laptop_shows_every_number_and_a_phone_the_large_ones() {
    let figure = of_size(6, 8, Matrix::Transfers, Language::Chinese);
    let style = Style::of(Language::Chinese);
    let numbers = |width| {
        let svg = figure.draw(&style, width).svg("f", "Arial", &Alt::default());
        svg.matches("data-value").count()
    };
    let known = figure.cells.iter().flatten().flatten().count();
    assert_eq!(numbers(Width::Wide), known);
    assert!(numbers(Width::Narrow) > 0 && numbers(Width::Narrow) < known);
}

#[test]
fn the_drawing_is_as_it_was() {
    let figure = of_size(3, 3, Matrix::Transfers, Language::English);
    let style = Style::of(Language::English);
    let svg = |width| figure.draw(&style, width).svg("f", "sans-serif", &figure.alt(&style));
    insta::assert_snapshot!("wide", svg(Width::Wide));
    insta::assert_snapshot!("narrow", svg(Width::Narrow));
}
