//! Properties of the tests, and what they refuse.

use super::*;
use crate::draws::{Stream, parameter};

const OPTIONS: Options = Options {
    terms: Terms::Intercept,
    lags: Lags::Fixed(1),
    bandwidth: None,
    by_degrees_of_freedom: false,
};

/// Units whose values are `keep` times the one before and a normal number.
fn panel(units: usize, periods: usize, keep: f64) -> Vec<Series> {
    let one = |unit: usize| {
        let stream = Stream::new(7, unit as u32, parameter("unit roots"));
        let mut value = 0.0;
        let next = |at: usize| {
            value = keep * value + stream.normal(at as u32);
            value
        };
        Series { unit: format!("u{unit}"), values: (0..periods).map(next).collect() }
    };
    (0..units).map(one).collect()
}

fn of(series: &[Series], kind: Kind) -> Test {
    test(series, kind, &OPTIONS).unwrap().test
}

#[test]
fn walks_have_unit_roots_and_noise_has_none() {
    let (walks, noise) = (panel(20, 60, 1.0), panel(20, 60, 0.2));
    for (_, kind) in Kind::WORDS {
        let (p_walks, p_noise) = (of(&walks, kind).p, of(&noise, kind).p);
        if kind.is_hadri() {
            assert!(p_walks < 1e-6, "{kind:?} {p_walks}");
        } else {
            assert!(p_walks > 0.01 && p_noise < 1e-10, "{kind:?} {p_walks} {p_noise}");
        }
    }
}

/// With a trend nothing depends on the level, the slope or the scale of each unit.
#[test]
fn trends_and_scales_do_not_matter() {
    let walks = panel(6, 30, 0.9);
    let options = Options { terms: Terms::Trend, ..OPTIONS };
    let mut other = walks.clone();
    for (at, own) in other.iter_mut().enumerate() {
        let scale = 1.0 + at as f64;
        let line = |(t, x): (usize, &f64)| scale * x + 5.0 * scale - 0.3 * t as f64;
        own.values = own.values.iter().enumerate().map(line).collect();
    }
    for (_, kind) in Kind::WORDS.into_iter().filter(|(_, kind)| *kind != Kind::HadriPooled) {
        let one = test(&walks, kind, &options).unwrap().test.statistic;
        let two = test(&other, kind, &options).unwrap().test.statistic;
        assert!((one - two).abs() < 1e-8 * one.abs().max(1.0), "{kind:?} {one} {two}");
    }
}

/// Choi's tests and Maddala & Wu's are sums over the p of units.
#[test]
fn combined_tests_are_sums_of_p() {
    let series = panel(5, 25, 0.8);
    let found = test(&series, Kind::MaddalaWu, &OPTIONS).unwrap();
    let sum: f64 = found.units.iter().map(|own| own.p.unwrap().ln()).sum();
    assert!((found.test.statistic + 2.0 * sum).abs() < 1e-10);
    let modified = of(&series, Kind::ChoiPm).statistic;
    assert!((modified + (sum + 5.0) / 5f64.sqrt()).abs() < 1e-10);
}

/// A lag that the series does not have is not chosen; one that it has is.
#[test]
fn lags_are_chosen_where_they_are() {
    let mut series = panel(1, 200, 0.0);
    let choose = |series: &Series, by| chosen(series, by, 4, &OPTIONS).unwrap();
    let noise = series[0].values.clone();
    for at in 2..200 {
        let own = &mut series[0].values;
        own[at] = own[at - 1] + 0.8 * (own[at - 1] - own[at - 2]) + noise[at];
    }
    for by in [Choice::Sic, Choice::Aic, Choice::Hall] {
        assert!(choose(&series[0], by) >= 1, "{by:?}");
    }
    assert_eq!(choose(&series[0], Choice::Sic), 1);
}

#[test]
fn degrees_of_freedom_shorten_tau_by_their_root() {
    let series = panel(1, 30, 0.7);
    let (n, k) = (28.0_f64, 3.0_f64);
    let by = |by_degrees_of_freedom| {
        let options = Options { by_degrees_of_freedom, ..OPTIONS };
        test(&series, Kind::MaddalaWu, &options).unwrap().units[0].statistic
    };
    assert!((by(true) - by(false) * ((n - k) / n).sqrt()).abs() < 1e-10);
}

#[test]
fn what_cannot_be_tested_is_told() {
    let refused = |series: &[Series], kind| test(series, kind, &OPTIONS).unwrap_err().to_string();
    let short = panel(2, 4, 1.0);
    assert!(refused(&short, Kind::Ips).contains("4 periods"));
    assert!(test(&[], Kind::Hadri, &OPTIONS).is_err());
    let line = |slope: f64| Series {
        unit: "line".to_owned(),
        values: (0..20).map(|t| 1.0 + slope * f64::from(t)).collect(),
    };
    assert!(refused(&[line(0.0)], Kind::Hadri).contains("does not change"));
    assert!(refused(&[line(0.1)], Kind::Ips).contains("explain every value"));
    let empty = Series { unit: "none".to_owned(), values: Vec::new() };
    assert!(test(&[empty], Kind::MaddalaWu, &OPTIONS).is_err());
    let options = Options { lags: Lags::Fixed(7), ..OPTIONS };
    let told = test(&panel(2, 22, 1.0), Kind::Ips, &options).unwrap_err().to_string();
    assert!(told.contains("nothing for 7 lags"), "{told}");
}
