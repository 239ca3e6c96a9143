//! What variables of an equation are: logarithms or levels, of what, and how many periods before.

use crate::panel::Panel;
use crate::panel::formula::{Formula, Unary, parse};

/// What a variable is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// The variable without its lag, as it is written.
    pub of: String,
    /// What it is a logarithm of, or itself, as it is written.
    pub level: String,
    /// Whether it is a natural logarithm.
    pub logged: bool,
    /// So many periods before; of later ones less than zero.
    pub lag: i64,
}

/// Names of names beyond which nobody follows.
const DEEPEST: usize = 16;

impl Form {
    /// What a variable of an equation is, by the formulas of the panel.
    pub fn of(panel: &Panel, name: &str) -> Self {
        let whole = || Form { of: name.to_owned(), level: name.to_owned(), logged: false, lag: 0 };
        let Ok(formula) = parse(name) else { return whole() };
        let (inner, lag) = unlagged(&formula, 0);
        let of = if lag == 0 { name.trim().to_owned() } else { inner.to_string() };
        let level = logarithm(panel, inner, 0);
        Form { logged: level.is_some(), level: level.unwrap_or_else(|| of.clone()), of, lag }
    }
}

/// What a lag is of, and how many periods it goes back.
pub(super) fn unlagged(formula: &Formula, lag: i64) -> (&Formula, i64) {
    let Formula::Call(function, arguments, _) = formula else { return (formula, lag) };
    let sign = match function.as_str() {
        "lag" => 1,
        "lead" => -1,
        _ => return (formula, lag),
    };
    match arguments.as_slice() {
        [of] => unlagged(of, lag + sign),
        [of, steps] => match whole(steps) {
            Some(steps) => unlagged(of, lag + sign * steps),
            None => (formula, lag),
        },
        _ => (formula, lag),
    }
}

fn whole(formula: &Formula) -> Option<i64> {
    match formula {
        Formula::Number(number) if number.fract() == 0.0 && number.abs() < 1e6 => {
            Some(*number as i64)
        }
        Formula::Unary(Unary::Minus, inner) => whole(inner).map(|number| -number),
        _ => None,
    }
}

/// What a formula is the natural logarithm of; names stand for the formulas that made them.
fn logarithm(panel: &Panel, formula: &Formula, depth: usize) -> Option<String> {
    match formula {
        Formula::Call(function, arguments, _) if matches!(function.as_str(), "log" | "ln") => {
            arguments.first().map(Formula::to_string)
        }
        Formula::Name(name, _) if depth < DEEPEST => {
            let made = parse(panel.formula_of(name)?).ok()?;
            let (inner, lag) = unlagged(&made, 0);
            // A lag that a name hides is part of what the name means.
            if lag == 0 { logarithm(panel, inner, depth + 1) } else { None }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panel::Column;

    #[test]
    fn logarithms_are_seen_through_names_and_lags() {
        let values = |values: &[f64]| Column::Numbers(values.to_vec().into());
        let mut panel = Panel::cross_section(vec![
            ("output".to_owned(), values(&[1.0, 2.0])),
            ("area".to_owned(), values(&[3.0, 4.0])),
        ]);
        panel.make("lnOA", "log(output / area)").unwrap();
        panel.make("again", "lnOA").unwrap();
        panel.make("square", "lnOA^2").unwrap();
        let form = |name: &str| Form::of(&panel, name);
        let of = |of: &str, level: &str, logged, lag| Form {
            of: of.to_owned(),
            level: level.to_owned(),
            logged,
            lag,
        };
        assert_eq!(form("lnOA"), of("lnOA", "output / area", true, 0));
        assert_eq!(form("lag(lnOA, 2)"), of("lnOA", "output / area", true, 2));
        assert_eq!(form("lead(again)"), of("again", "output / area", true, -1));
        assert_eq!(form("log(output)"), of("log(output)", "output", true, 0));
        assert_eq!(form("square"), of("square", "square", false, 0));
        assert_eq!(form("(Intercept)"), of("(Intercept)", "(Intercept)", false, 0));
        assert_eq!(form("no formula("), of("no formula(", "no formula(", false, 0));
    }
}
