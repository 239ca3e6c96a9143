//! Variables from columns: formulas evaluated over the rows of a panel.
//!
//! | function | value |
//! |---|---|
//! | `log` or `ln`, `log10`, `log1p`, `exp`, `sqrt`, `abs` | of each row; a logarithm of nothing positive is an error |
//! | `lag(x, k)`, `lead(x, k)`, `diff(x, k)` | of the same unit `k` periods (years) earlier or later, by the period's own number; 1 if left out |
//! | `mean(x)`, `sum(x)`, `sd(x)`; with `(x, by)` | over all rows, or over the rows with the same `by`, absent values left out |
//! | `winsorize(x, p)` | values beyond the `p` and `1 − p` quantiles (type 7) set to them |
//! | `factor(g)`, `factor(g, "base")` | indicators of the levels but the first, or but the base; `x:factor(g)` has all levels |
//! | `group(a, b)` | the pair of both values as one text, for effects and clusters |
//! | `if(test, a, b)`, `min(a, b)`, `max(a, b)`, `missing(x)` | of each row |

mod functions;

use super::formula::{Binary, Formula, FormulaError, Unary, parse};
use super::{ABSENT, Column, Panel};
use crate::labels::suggestion;
use std::ops::Range;
use std::sync::Arc;

/// What a formula comes to.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    Number(f64),
    Text(String),
    Numbers(Vec<f64>),
    Texts { levels: Vec<String>, codes: Vec<u32> },
    Factor { name: String, levels: Vec<String>, codes: Vec<u32>, base: usize },
    Columns(Vec<Variable>),
}

/// A named column of numbers, absent ones `NaN`.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// The formula it comes from, with the level of a factor.
    pub name: String,
    /// A value per row of the panel.
    pub values: Arc<Vec<f64>>,
}

/// Names of the functions.
const FUNCTIONS: [&str; 22] = [
    "log",
    "ln",
    "log10",
    "log1p",
    "exp",
    "sqrt",
    "abs",
    "lag",
    "lead",
    "diff",
    "mean",
    "sum",
    "sd",
    "winsorize",
    "factor",
    "if",
    "min",
    "max",
    "missing",
    "I",
    "square",
    "i",
];

/// The numbers of a column as they are, if the formula is nothing but its name.
fn shared(panel: &Panel, formula: &Formula) -> Option<Arc<Vec<f64>>> {
    let Formula::Name(name, _) = formula else { return None };
    match panel.column(name)? {
        std::borrow::Cow::Borrowed(Column::Numbers(values)) => Some(values.clone()),
        _ => None,
    }
}

/// The columns of a regressor: one, or one per level of a factor.
///
/// # Errors
/// What is wrong with the formula or with the values of a row.
pub fn variables(panel: &Panel, text: &str) -> Result<Vec<Variable>, FormulaError> {
    let whole = 0..text.len();
    let formula = parse(text)?;
    if let Some(values) = shared(panel, &formula) {
        return Ok(vec![Variable { name: text.trim().to_owned(), values }]);
    }
    Ok(match evaluate(panel, &formula, &whole)? {
        Value::Columns(columns) => columns,
        Value::Factor { name, levels, codes, base } => {
            let others = (0..levels.len()).filter(|level| *level != base);
            others.map(|level| indicator(&name, &levels, &codes, level)).collect()
        }
        value => vec![Variable {
            name: text.trim().to_owned(),
            values: numbers(value, panel, &whole)?.into(),
        }],
    })
}

/// A single column of numbers.
///
/// # Errors
/// Those of [`variables`], or a formula that comes to several columns.
pub fn variable(panel: &Panel, text: &str) -> Result<Variable, FormulaError> {
    let whole = 0..text.len();
    let formula = parse(text)?;
    if let Some(values) = shared(panel, &formula) {
        return Ok(Variable { name: text.trim().to_owned(), values });
    }
    let value = evaluate(panel, &formula, &whole)?;
    Ok(Variable { name: text.trim().to_owned(), values: numbers(value, panel, &whole)?.into() })
}

/// A column as a formula makes it: numbers or texts.
///
/// # Errors
/// Those of [`variable`].
pub fn column(panel: &Panel, text: &str) -> Result<Column, FormulaError> {
    let whole = 0..text.len();
    Ok(match evaluate(panel, &parse(text)?, &whole)? {
        Value::Texts { levels, codes } | Value::Factor { levels, codes, .. } => {
            Column::Texts { levels, codes }
        }
        Value::Text(text) => Column::Texts { levels: vec![text], codes: vec![0; panel.rows()] },
        value => Column::Numbers(numbers(value, panel, &whole)?.into()),
    })
}

/// The panel with other numbers in a column, and in all columns that formulas made of it.
///
/// # Errors
/// If a formula cannot have these numbers.
pub fn replaced(panel: &Panel, name: &str, values: Vec<f64>) -> Result<Panel, FormulaError> {
    let mut panel = panel.clone();
    panel.set(name, Column::Numbers(values.into()));
    let made = panel.made.clone();
    for (own, formula) in made.iter().filter(|(own, _)| own != name) {
        let column = column(&panel, formula)?;
        panel.set(own, column);
    }
    Ok(panel)
}

/// For which rows a test holds; a test of something absent does not hold.
///
/// # Errors
/// Those of [`variable`].
pub fn test(panel: &Panel, text: &str) -> Result<Vec<bool>, FormulaError> {
    Ok(variable(panel, text)?.values.iter().map(|value| *value != 0.0 && !value.is_nan()).collect())
}

/// Groups of rows by the values of a column or formula: the group of each row, and the names of the groups.
///
/// # Errors
/// Those of [`column()`].
pub fn groups(panel: &Panel, text: &str) -> Result<(Vec<u32>, Vec<String>), FormulaError> {
    for keys in [panel.units(), panel.periods()] {
        if keys.name == text.trim() {
            return Ok((keys.codes.to_vec(), keys.labels.clone()));
        }
    }
    Ok(levels(column(panel, text)?))
}

/// Levels of a column in natural order and the level of each row.
fn levels(column: Column) -> (Vec<u32>, Vec<String>) {
    match column {
        Column::Texts { levels, codes } => {
            let mut order: Vec<usize> = (0..levels.len()).collect();
            order.sort_by(|a, b| levels[*a].cmp(&levels[*b]));
            let mut place = vec![0; levels.len()];
            for (new, old) in order.iter().enumerate() {
                place[*old] = new as u32;
            }
            let of = |code: u32| if code == ABSENT { ABSENT } else { place[code as usize] };
            let names = order.into_iter().map(|old| levels[old].clone()).collect();
            (codes.into_iter().map(of).collect(), names)
        }
        Column::Numbers(values) => {
            let mut distinct: Vec<f64> =
                values.iter().copied().filter(|value| !value.is_nan()).collect();
            distinct.sort_by(f64::total_cmp);
            distinct.dedup();
            let of = |value: f64| match distinct.binary_search_by(|own| own.total_cmp(&value)) {
                Ok(at) => at as u32,
                Err(_) => ABSENT,
            };
            let codes = values.iter().copied().map(of).collect();
            (codes, distinct.iter().map(f64::to_string).collect())
        }
    }
}

fn indicator(name: &str, levels: &[String], codes: &[u32], level: usize) -> Variable {
    let of = |code: &u32| {
        if *code == ABSENT { f64::NAN } else { f64::from(u8::from(*code as usize == level)) }
    };
    Variable {
        name: format!("{name}{}", levels[level]),
        values: Arc::new(codes.iter().map(of).collect()),
    }
}

fn wrong<T>(message: impl Into<String>, at: &Range<usize>) -> Result<T, FormulaError> {
    Err(FormulaError { message: message.into(), at: at.clone() })
}

fn is_number(text: &str) -> bool {
    text.parse::<f64>().is_ok_and(f64::is_finite)
}

fn numbers(value: Value, panel: &Panel, at: &Range<usize>) -> Result<Vec<f64>, FormulaError> {
    match value {
        Value::Number(number) => Ok(vec![number; panel.rows()]),
        Value::Numbers(values) => Ok(values),
        Value::Text(text) => wrong(format!("the text {text:?} is no number"), at),
        Value::Texts { levels, codes } => {
            let texts: Vec<&String> = levels.iter().filter(|level| !is_number(level)).collect();
            let example = texts.first().copied().or(levels.first());
            let place = example.and_then(|example| levels.iter().position(|own| own == example));
            let first = place.and_then(|own| codes.iter().position(|code| *code as usize == own));
            let row = first.map_or_else(String::new, |row| format!(" ({})", panel.row_name(row)));
            let example = example.map_or_else(String::new, |level| format!("{level:?}{row}"));
            // A few texts among numbers are slips of the pen.
            let text = if texts.len() * 4 <= levels.len() {
                format!(
                    "not all of the column are numbers: {example} stands in it; what is absent is left empty, or NA"
                )
            } else {
                format!(
                    "a column of texts, such as {example}, where numbers are expected; factor( ) makes indicators of it"
                )
            };
            wrong(text, at)
        }
        Value::Factor { .. } | Value::Columns(_) => {
            wrong("several columns where one is expected", at)
        }
    }
}

fn evaluate(panel: &Panel, formula: &Formula, whole: &Range<usize>) -> Result<Value, FormulaError> {
    match formula {
        Formula::Number(number) => Ok(Value::Number(*number)),
        Formula::Text(text) => Ok(Value::Text(text.clone())),
        Formula::Name(name, at) => match panel.column(name).map(std::borrow::Cow::into_owned) {
            Some(Column::Numbers(values)) => Ok(Value::Numbers(Arc::unwrap_or_clone(values))),
            Some(Column::Texts { levels, codes }) => Ok(Value::Texts { levels, codes }),
            None => {
                let known = panel
                    .names()
                    .chain([panel.units().name.as_str(), panel.periods().name.as_str()]);
                let near = suggestion(name, known).map(|near| format!("; did you mean {near:?}?"));
                wrong(format!("no column {name:?}{}", near.unwrap_or_default()), at)
            }
        },
        Formula::Unary(of, inner) => {
            let inner = evaluate(panel, inner, whole)?;
            each(inner, panel, whole, |value| match of {
                Unary::Minus => -value,
                Unary::Not => {
                    if value.is_nan() {
                        value
                    } else {
                        truth(value == 0.0)
                    }
                }
            })
        }
        Formula::Binary(Binary::Cross, left, right) => {
            let of = |own: &Formula| Ok((evaluate(panel, own, whole)?, own.to_string()));
            crossed(of(left)?, of(right)?, panel, whole)
        }
        Formula::Binary(of, left, right) => {
            let (left, right) = (evaluate(panel, left, whole)?, evaluate(panel, right, whole)?);
            match (&left, &right) {
                (Value::Texts { levels, codes }, Value::Text(text))
                | (Value::Text(text), Value::Texts { levels, codes }) => {
                    compared(*of, levels, codes, text, whole)
                }
                _ => both(left, right, panel, whole, |a, b| arithmetic(*of, a, b)),
            }
        }
        Formula::Call(name, arguments, at) => functions::call(panel, name, arguments, at, whole),
    }
}

fn truth(is: bool) -> f64 {
    f64::from(u8::from(is))
}

fn arithmetic(of: Binary, a: f64, b: f64) -> f64 {
    let test = |holds: bool| if a.is_nan() || b.is_nan() { f64::NAN } else { truth(holds) };
    match of {
        Binary::Plus => a + b,
        Binary::Minus => a - b,
        Binary::Times | Binary::Cross => a * b,
        Binary::Over => a / b,
        Binary::Power if b == 2.0 => a * a,
        Binary::Power => a.powf(b),
        Binary::Less => test(a < b),
        Binary::LessOrEqual => test(a <= b),
        Binary::Greater => test(a > b),
        Binary::GreaterOrEqual => test(a >= b),
        Binary::Equal => test(a == b),
        Binary::NotEqual => test(a != b),
        // What is absent decides nothing where the other side does.
        Binary::And if a == 0.0 || b == 0.0 => 0.0,
        Binary::Or if (a != 0.0 && !a.is_nan()) || (b != 0.0 && !b.is_nan()) => 1.0,
        Binary::And => test(true),
        Binary::Or => test(false),
    }
}

fn compared(
    of: Binary,
    levels: &[String],
    codes: &[u32],
    text: &str,
    at: &Range<usize>,
) -> Result<Value, FormulaError> {
    if !matches!(of, Binary::Equal | Binary::NotEqual) {
        return wrong("texts can be compared with == and != only", at);
    }
    if !levels.iter().any(|level| level == text) {
        let near = suggestion(text, levels.iter().map(String::as_str));
        if let Some(near) = near {
            return wrong(format!("no row has the text {text:?}; did you mean {near:?}?"), at);
        }
    }
    let is = |code: &u32| match *code {
        ABSENT => f64::NAN,
        code => truth((levels[code as usize] == text) == (of == Binary::Equal)),
    };
    Ok(Value::Numbers(codes.iter().map(is).collect()))
}

fn each(
    value: Value,
    panel: &Panel,
    at: &Range<usize>,
    of: impl Fn(f64) -> f64,
) -> Result<Value, FormulaError> {
    if let Value::Number(number) = value {
        return Ok(Value::Number(of(number)));
    }
    let mut values = numbers(value, panel, at)?;
    for value in &mut values {
        *value = of(*value);
    }
    Ok(Value::Numbers(values))
}

fn both(
    a: Value,
    b: Value,
    panel: &Panel,
    at: &Range<usize>,
    of: impl Fn(f64, f64) -> f64,
) -> Result<Value, FormulaError> {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => Ok(Value::Number(of(a, b))),
        (Value::Number(a), b) => each(b, panel, at, |b| of(a, b)),
        (a, Value::Number(b)) => each(a, panel, at, |a| of(a, b)),
        (a, b) => {
            let (mut a, b) = (numbers(a, panel, at)?, numbers(b, panel, at)?);
            for (a, b) in a.iter_mut().zip(b) {
                *a = of(*a, b);
            }
            Ok(Value::Numbers(a))
        }
    }
}

/// `x:z`, `x:factor(g)`, `factor(g):factor(h)`.
fn crossed(
    (a, of_a): (Value, String),
    (b, of_b): (Value, String),
    panel: &Panel,
    at: &Range<usize>,
) -> Result<Value, FormulaError> {
    let columns = |value: Value, name: String| -> Result<Option<Vec<Variable>>, FormulaError> {
        Ok(match value {
            Value::Factor { name, levels, codes, .. } => Some(
                (0..levels.len()).map(|level| indicator(&name, &levels, &codes, level)).collect(),
            ),
            Value::Columns(columns) => Some(columns),
            Value::Number(_) | Value::Numbers(_) => {
                Some(vec![Variable { name, values: numbers(value, panel, at)?.into() }])
            }
            value => numbers(value, panel, at).map(|_| None)?,
        })
    };
    let plain = |value: &Value| matches!(value, Value::Number(_) | Value::Numbers(_));
    if plain(&a) && plain(&b) {
        return both(a, b, panel, at, |a, b| a * b);
    }
    let (a, b) = (columns(a, of_a)?.unwrap_or_default(), columns(b, of_b)?.unwrap_or_default());
    let mut crossed = Vec::new();
    for left in &a {
        for right in &b {
            crossed.push(Variable {
                name: format!("{}:{}", left.name, right.name),
                values: Arc::new(
                    left.values.iter().zip(&*right.values).map(|(a, b)| a * b).collect(),
                ),
            });
        }
    }
    Ok(Value::Columns(crossed))
}

#[cfg(test)]
mod tests {
    use super::super::Keys;
    use super::*;

    fn panel() -> Panel {
        let units = Keys {
            name: "id".into(),
            labels: vec!["a".into(), "b".into()],
            codes: vec![0, 0, 0, 1, 1].into(),
        };
        let labels = ["2000", "2001", "2003"].map(String::from).to_vec();
        let periods = Keys { name: "year".into(), labels, codes: vec![0, 1, 2, 0, 1].into() };
        let region = Column::Texts {
            levels: vec!["west".into(), "east".into()],
            codes: vec![0, 0, 0, 1, ABSENT],
        };
        let x = Column::Numbers(vec![1.0, 2.0, 4.0, 8.0, f64::NAN].into());
        Panel::new(units, periods, vec![("x".into(), x), ("region".into(), region)]).unwrap()
    }

    fn values(text: &str) -> Vec<f64> {
        variable(&panel(), text).unwrap().values.to_vec()
    }

    /// Equal, absent values being equal to each other.
    fn same(text: &str, expected: &[f64]) {
        let found = values(text);
        let equal = |(a, b): (&f64, &f64)| a == b || (a.is_nan() && b.is_nan());
        assert!(
            found.len() == expected.len() && found.iter().zip(expected).all(equal),
            "{text}: {found:?}"
        );
    }

    #[test]
    fn arithmetic_and_functions() {
        let gone = f64::NAN;
        same("2 * x - 1", &[1.0, 3.0, 7.0, 15.0, gone]);
        same("log(x) / log(2)", &[0.0, 1.0, 2.0, 3.0, gone]);
        same("x^2", &[1.0, 4.0, 16.0, 64.0, gone]);
        same("lag(x)", &[gone, 1.0, gone, gone, 8.0]);
        same("lag(x, 2)", &[gone, gone, 2.0, gone, gone]);
        same("lead(x)", &[2.0, gone, gone, gone, gone]);
        same("diff(x)", &[gone, 1.0, gone, gone, gone]);
        same("mean(x)", &[3.75; 5]);
        same("sum(x, id)", &[7.0, 7.0, 7.0, 8.0, 8.0]);
        same("year - 2000", &[0.0, 1.0, 3.0, 0.0, 1.0]);
        same("if(missing(x), 0, x)", &[1.0, 2.0, 4.0, 8.0, 0.0]);
        same("max(x, 2)", &[2.0, 2.0, 4.0, 8.0, gone]);
        same("region == 'west'", &[1.0, 1.0, 1.0, 0.0, gone]);
        same("x > 1 and year < 2003", &[0.0, 1.0, 0.0, 1.0, gone]);
    }

    #[test]
    fn factors_are_indicators_and_cross_with_numbers() {
        let names = |text: &str| -> Vec<String> {
            variables(&panel(), text).unwrap().into_iter().map(|own| own.name).collect()
        };
        assert_eq!(
            names("factor(region)"),
            ["factor(region)west"],
            "east comes first and is the base"
        );
        assert_eq!(names("factor(region, 'west')"), ["factor(region)east"]);
        assert_eq!(names("factor(year)"), ["factor(year)2001", "factor(year)2003"]);
        assert_eq!(names("x:factor(region)"), ["x:factor(region)east", "x:factor(region)west"]);
        assert_eq!(
            variables(&panel(), "x:factor(region)").unwrap()[1].values[..4],
            [1.0, 2.0, 4.0, 0.0]
        );
        assert_eq!(variables(&panel(), "x:x").unwrap()[0].values[..2], [1.0, 4.0]);
    }

    #[test]
    fn tests_pick_rows() {
        assert_eq!(test(&panel(), "region != 'west'").unwrap(), [false, false, false, true, false]);
        let (pairs, names) = groups(&panel(), "group(region, year)").unwrap();
        assert_eq!((pairs[0], names[0].as_str(), pairs[4]), (1, "east, 2000", ABSENT));
        assert_eq!(groups(&panel(), "year").unwrap().1, ["2000", "2001", "2003"]);
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, message) in [
            ("log(x - 1)", "log of 0 (a, 2000); it needs values above 0"),
            ("log(x - 4)", "log of -3 (a, 2000) and of 2 other rows; it needs values above 0"),
            (
                "region + 1",
                "a column of texts, such as \"west\" (a, 2000), where numbers are expected; factor( ) makes indicators of it",
            ),
            ("y", "no column \"y\""),
            ("reginn == 'a'", "no column \"reginn\"; did you mean \"region\"?"),
            ("lagg(x)", "no function \"lagg\"; did you mean \"lag\"?"),
            ("lag(x, 0.5)", "lag goes by whole periods, found 0.5"),
            ("lag(x, 1, 2)", "lag takes 1 to 2 arguments, found 3"),
            ("region == 'wets'", "no row has the text \"wets\"; did you mean \"west\"?"),
            ("factor(region, 'north')", "no level \"north\"; levels are east, west"),
            ("winsorize(x, 2)", "winsorize takes a share from 0 to 0.5, found 2"),
        ] {
            assert_eq!(variable(&panel(), text).unwrap_err().message, message, "{text}");
        }
    }
}
