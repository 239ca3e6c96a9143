//! Stacks, gaps and labels.

use super::*;
use crate::figure::testing;
use crate::numerals::Language;

fn cited(value: f64, line: usize) -> Option<Cited> {
    Some(Cited::new(value, "decomposition.csv", line as u64 + 2))
}

/// Parts by year, `values[part][year]`; the last part is the sum of the others if there are more than five.
fn of_values(years: &[i32], values: &[Vec<f64>], language: Language) -> Stacked {
    let largest = values.iter().flatten().fold(0.0_f64, |most, value| most.max(value.abs()));
    let names = testing::names(values.len(), language);
    let row = |k: usize, own: &[f64]| -> Vec<Option<Cited>> {
        own.iter().enumerate().map(|(at, value)| cited(*value, 10 * k + at)).collect()
    };
    let (named, rest) = values.split_at(values.len().min(5));
    let net = |year: usize| {
        let sum: f64 = values.iter().map(|own| own[year]).sum();
        let range =
            Some([sum - 0.2 * largest, sum + 0.3 * largest].map(|end| cited(end, 2).unwrap()));
        Some(Estimate { point: cited(sum, 90 + year).unwrap(), range, disputed: false })
    };
    Stacked {
        head: language.pick("二氧化碳排放变化", "Change of carbon dioxide emissions").to_owned(),
        measure: Measure::of_figure("Mt", largest, language),
        years: years.to_vec(),
        factors: (named.iter().zip(names).enumerate())
            .map(|(k, (own, name))| Factor { name, values: row(k, own) })
            .collect(),
        other: rest.first().map(|own| Other { count: 4, values: row(6, own) }),
        net: Net {
            name: Named::new(language.pick("合计", "All factors together")),
            values: (0..years.len()).map(net).collect(),
        },
    }
}

fn small() -> Stacked {
    let mut figure = of_values(
        &[2002, 2007, 2012, 2030],
        &[vec![40.0, 300.0, 120.0, 90.0], vec![-10.0, -222.0, -160.0, -130.0]],
        Language::English,
    );
    figure.factors[0].name = Named::new("Sourcing");
    figure.factors[1].name = Named::new("Emission intensity");
    figure.net.name = Named::new("Net");
    figure
}

#[test]
fn texts_are_inside_and_apart_for_any_years_and_parts() {
    for parts in 1..=6 {
        for years in 1..=24 {
            let spans: Vec<i32> = (0..years).map(|at| 2000 + at * (1 + parts % 3)).collect();
            let values: Vec<Vec<f64>> = (0..parts as usize)
                .map(|part| {
                    (0..spans.len()).map(|at| testing::estimate(3 * part + at).value()).collect()
                })
                .collect();
            for language in Language::BOTH {
                testing::assert_readable(&of_values(&spans, &values, language), language);
            }
        }
    }
}

#[test]
fn parts_are_stacked_away_from_zero_on_either_side() {
    let figure =
        of_values(&[2007], &[vec![3.0], vec![-2.0], vec![4.0], vec![-5.0]], Language::English);
    let ends: Vec<[f64; 2]> = figure.segments().iter().map(|segment| segment.ends).collect();
    assert_eq!(ends, [[0.0, 3.0], [0.0, -2.0], [3.0, 7.0], [-2.0, -7.0]]);
}

/// From 2012 to 2030 there are no years: the line stops, and the distance is that of the years.
#[test]
fn a_gap_in_years_is_a_gap_in_the_drawing() {
    let figure = small();
    let plot = figure.plot(Rect::new(0.0, 0.0, 600.0, 300.0), [-1.0, 1.0]);
    let places = [2002.0, 2007.0, 2012.0, 2030.0].map(|year| plot.years.at(year));
    let ratio = (places[3] - places[2]) / (places[1] - places[0]);
    assert!((ratio - 18.0 / 5.0).abs() < 1e-9);
    let svg = testing::lines(&figure, Language::English, Width::Wide);
    let lines = svg.matches("class=\"s-ink\" fill=\"none\" stroke=\"#15202B\" stroke-width=\"2\"");
    // Two stretches of the line, and the sample beside its name.
    assert_eq!(lines.count(), 3);
}

#[test]
fn drawings_stay_as_they_are() {
    let figure = small();
    for (name, width) in [("stacked_wide", Width::Wide), ("stacked_narrow", Width::Narrow)] {
        insta::assert_snapshot!(name, testing::lines(&figure, Language::English, width));
    }
}

#[test]
fn extreme_numbers_and_missing_ones_are_drawn() {
    let years = [2002, 2007];
    for values in [
        vec![],
        vec![vec![0.0, 0.0]],
        vec![vec![1e-9, -2e-9], vec![3e-9, 0.0]],
        vec![vec![1e15, -3.0]],
        vec![vec![f64::NAN, 1.0], vec![f64::INFINITY, f64::NEG_INFINITY]],
    ] {
        let mut figure = of_values(&years, &values, Language::Chinese);
        testing::assert_numbers(&figure, Language::Chinese);
        figure.net.values = vec![None];
        for factor in &mut figure.factors {
            factor.values.truncate(1);
        }
        testing::assert_numbers(&figure, Language::Chinese);
        figure.years.clear();
        testing::assert_numbers(&figure, Language::Chinese);
    }
}
