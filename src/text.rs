//! Numbers for people: grouped digits, four or so that matter.

/// A number with grouped thousands, rounded to what a reader can use.
///
/// # Examples
/// ```
/// use irio::text::human;
/// assert_eq!(human(1234567.8), "1,234,568");
/// assert_eq!(human(-12.3456), "-12.35");
/// assert_eq!(human(0.0087841), "0.008784");
/// assert_eq!(human(0.000012345), "1.234e-5");
/// assert_eq!(human(0.0), "0");
/// ```
pub fn human(value: f64) -> String {
    let size = value.abs();
    let places = match size {
        _ if value == 0.0 => return "0".to_owned(),
        _ if !value.is_finite() => return value.to_string(),
        size if size >= 1e15 => return format!("{value:.3e}"),
        size if size >= 1000.0 => 0,
        size if size >= 100.0 => 1,
        size if size >= 1.0 => 2,
        // Four digits that matter, down to what is better written with an exponent.
        size if size >= 1e-4 => (3 - size.log10().floor() as i32).unsigned_abs() as usize,
        _ => return format!("{value:.3e}"),
    };
    let sign = if value < 0.0 { "-" } else { "" };
    format!("{sign}{}", grouped(&format!("{size:.places$}")))
}

/// A number as it is, all its digits and no more; with an exponent where it would take a line of zeros.
///
/// # Examples
/// ```
/// use irio::text::exact;
/// assert_eq!(exact(-1234567.25), "-1234567.25");
/// assert_eq!(exact(1e300), "1e300");
/// assert_eq!(exact(2.5e-9), "2.5e-9");
/// assert_eq!(exact(f64::INFINITY), "inf");
/// ```
pub fn exact(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 || !value.is_finite() || (1e-5..1e15).contains(&size) {
        value.to_string()
    } else {
        format!("{value:e}")
    }
}

/// A measure around 1, with so many decimals; what is far beyond as people read it.
///
/// # Examples
/// ```
/// use irio::text::near_one;
/// assert_eq!(near_one(0.51234567, 6), "0.512346");
/// assert_eq!(near_one(1e308, 6), "1.000e308");
/// ```
pub fn near_one(value: f64, places: usize) -> String {
    if value.abs() < 1000.0 { format!("{value:.places$}") } else { human(value) }
}

/// A number of things, in the singular where it is one.
///
/// # Examples
/// ```
/// use irio::text::count;
/// assert_eq!(count(1, "round"), "1 round");
/// assert_eq!(count(30, "single region"), "30 single regions");
/// ```
pub fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// Numbers of one column, all with the decimals that suit the largest; changes show their sign.
///
/// # Examples
/// ```
/// use irio::text::column;
/// assert_eq!(column(&[1234.56, -0.5], false), ["1,235", "-0"]);
/// assert_eq!(column(&[157.6, -5.69, 0.0], true), ["+157.6", "-5.7", "0"]);
/// ```
pub fn column(values: &[f64], changes: bool) -> Vec<String> {
    let largest = values.iter().map(|value| value.abs()).fold(0.0, f64::max);
    if !(1e-2..1e15).contains(&largest) {
        return values
            .iter()
            .map(|value| if changes { signed(*value) } else { human(*value) })
            .collect();
    }
    let places = if largest >= 1000.0 {
        0
    } else if largest >= 100.0 {
        1
    } else if largest >= 1.0 {
        2
    } else {
        4
    };
    let one = |value: &f64| {
        // What is lost in the rounding of the largest is a zero.
        if value.abs() < 1e-12 * largest {
            return "0".to_owned();
        }
        let sign = if *value < 0.0 {
            "-"
        } else if changes {
            "+"
        } else {
            ""
        };
        format!("{sign}{}", grouped(&format!("{:.places$}", value.abs())))
    };
    values.iter().map(one).collect()
}

fn grouped(text: &str) -> String {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if fraction.is_empty() { out } else { format!("{out}.{fraction}") }
}

/// A change, with its sign always shown.
pub fn signed(value: f64) -> String {
    if value > 0.0 { format!("+{}", human(value)) } else { human(value) }
}

/// Grade of a sign: A from 95 % of the ways that agree with it, B from 80 %, C from 60 %, D below.
pub fn sign_grade(agreement: f64) -> char {
    match agreement {
        share if share >= 0.95 => 'A',
        share if share >= 0.80 => 'B',
        share if share >= 0.60 => 'C',
        _ => 'D',
    }
}

/// A gap or residual in two digits.
pub fn gap(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        size if size >= 0.01 => human(value),
        _ => format!("{value:.1e}"),
    }
}
