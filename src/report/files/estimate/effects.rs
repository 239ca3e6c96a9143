//! Effects of regressors, and of variables with all their lags.

use super::{push, told};
use crate::econometrics::spatial::effects::{Effect, WORDS};
use crate::estimation::{Coefficient, Estimation, Estimator};
use crate::tidy::{Column, Tidy};

/// Columns of both files.
const COLUMNS: [Column; 4] = [Column::Scenario, Column::Factor, Column::Part, Column::Statistic];

/// Direct, indirect and total effects: of the regressors of spatial models, and of what a mediation is about.
pub fn effects(estimates: &[Estimation]) -> Tidy {
    let mut tidy = Tidy::new(&COLUMNS);
    for own in estimates {
        for effect in &own.effects {
            of_effect(&mut tidy, &own.model.name, effect);
        }
        if matches!(own.model.estimator, Estimator::Mediation { .. }) {
            mediated(&mut tidy, own);
        }
    }
    tidy
}

/// What variables and their lags come to together: the sums of their coefficients, and of their effects.
pub fn lag_sums(estimates: &[Estimation]) -> Tidy {
    let mut tidy = Tidy::new(&COLUMNS);
    for own in estimates {
        for sum in &own.sums {
            let texts = [own.model.name.as_str(), &sum.variable, "coefficients"];
            push(&mut tidy, &[&texts[..], &["terms"]].concat(), sum.terms.len() as f64);
            number(&mut tidy, texts, &sum.sum);
            if let Some(effect) = &sum.effect {
                of_effect(&mut tidy, &own.model.name, effect);
            }
        }
    }
    tidy
}

fn number(tidy: &mut Tidy, texts: [&str; 3], one: &Coefficient) {
    for (word, value) in told(one) {
        push(tidy, &[&texts[..], &[word]].concat(), value);
    }
}

/// By the normal distribution, as the delta method has it.
fn of_effect(tidy: &mut Tidy, model: &str, effect: &Effect) {
    for (at, part) in WORDS.into_iter().enumerate() {
        let (value, error) = (effect.values[at], effect.errors[at]);
        let one = Coefficient::of(&effect.name, value, error, f64::INFINITY);
        number(tidy, [model, &effect.name, part], &one);
    }
}

/// Direct and total effect by t; the one through the mediator with the interval of its draws, if there are any.
fn mediated(tidy: &mut Tidy, own: &Estimation) {
    let Some(x) = own.model.regressors.first() else { return };
    let pair = |part: &str| {
        let value = own.statistic(part)?;
        Some((value, own.statistic(&format!("{part}_error"))?))
    };
    for part in ["direct", "total"] {
        let Some((value, error)) = pair(part) else { continue };
        number(tidy, [&own.model.name, x, part], &Coefficient::of(x, value, error, own.df));
    }
    let Some((value, error)) = pair("indirect") else { return };
    let drawn = |end: &str| own.statistic(&format!("indirect_{end}")).unwrap_or(f64::NAN);
    for (word, value) in [
        ("estimate", value),
        ("std_error", error),
        ("low95", drawn("low95")),
        ("high95", drawn("high95")),
        ("low90", drawn("low90")),
        ("high90", drawn("high90")),
    ] {
        push(tidy, &[&own.model.name, x, "indirect", word], value);
    }
}
