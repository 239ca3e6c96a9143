//! Turning points and the curves that turn there.
//!
//! What was estimated in logarithms is told in levels as well (`..._level`), by their exponential.

use super::push;
use crate::estimation::{Estimation, Form};
use crate::panel::Panel;
use crate::tidy::{Column, Tidy};

/// A number, and beside it its level if it is a logarithm.
fn both(tidy: &mut Tidy, texts: &[&str], word: &str, value: f64, logged: bool) {
    push(tidy, &[texts, &[word]].concat(), value);
    if logged {
        push(tidy, &[texts, &[&format!("{word}_level")]].concat(), value.exp());
    }
}

/// Turning points, and the test of a U.
pub fn turning(panel: &Panel, estimates: &[Estimation]) -> Tidy {
    let mut tidy = Tidy::new(&[Column::Scenario, Column::Factor, Column::Statistic]);
    for own in estimates {
        let (Some(found), Some((x, _))) = (&own.turning, &own.model.quadratic) else { continue };
        let texts = [own.model.name.as_str(), x.as_str()];
        let logged = Form::of(panel, x).logged;
        let bound = |interval: Option<(f64, f64)>, high: bool| {
            interval.map_or(f64::NAN, |own| if high { own.1 } else { own.0 })
        };
        both(&mut tidy, &texts, "turning_point", found.at, logged);
        push(&mut tidy, &[texts[0], texts[1], "std_error"], found.error);
        both(&mut tidy, &texts, "least", found.ends.0, logged);
        both(&mut tidy, &texts, "largest", found.ends.1, logged);
        for (word, value) in [
            ("slope_at_least", found.slopes.0),
            ("slope_at_largest", found.slopes.1),
            ("t_at_least", found.t.0),
            ("t_at_largest", found.t.1),
            ("p_at_least", found.p.0),
            ("p_at_largest", found.p.1),
            ("utest_p", found.p_value()),
        ] {
            push(&mut tidy, &[texts[0], texts[1], word], value);
        }
        for (word, interval) in [("fieller90", found.fieller90), ("fieller95", found.fieller95)] {
            both(&mut tidy, &texts, &format!("{word}_low"), bound(interval, false), logged);
            both(&mut tidy, &texts, &format!("{word}_high"), bound(interval, true), logged);
        }
    }
    tidy
}

/// Fitted curves with their bands, and where the data lie.
pub fn curves(panel: &Panel, estimates: &[Estimation]) -> Tidy {
    use Column::{Factor, Part, Point, Scenario, Statistic};
    let mut tidy = Tidy::new(&[Scenario, Factor, Point, Part, Statistic]);
    for own in estimates {
        let (Some(curve), Some((x, _))) = (&own.curve, &own.model.quadratic) else { continue };
        let logged = [x, &own.model.dependent].map(|name| Form::of(panel, name).logged);
        for (at, one) in curve.points.iter().enumerate() {
            let point = (at + 1).to_string();
            let texts = [own.model.name.as_str(), x, &point, "fitted"];
            both(&mut tidy, &texts, "x", one.x, logged[0]);
            both(&mut tidy, &texts, "estimate", one.fitted, logged[1]);
            both(&mut tidy, &texts, "low95", one.interval.0, logged[1]);
            both(&mut tidy, &texts, "high95", one.interval.1, logged[1]);
        }
        for (percent, value) in curve.observed.iter().enumerate() {
            let texts = [own.model.name.as_str(), x, &percent.to_string(), "observed"];
            both(&mut tidy, &texts, "x", *value, logged[0]);
        }
    }
    tidy
}
