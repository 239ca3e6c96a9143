//! Numbers for people: grouped digits, four or so that matter.

/// A number with grouped thousands, rounded to what a reader can use.
///
/// # Examples
/// ```
/// use irio::report::text::human;
/// assert_eq!(human(1234567.8), "1,234,568");
/// assert_eq!(human(-12.3456), "-12.35");
/// assert_eq!(human(0.00012345), "1.234e-4");
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
        size if size >= 0.01 => 4,
        _ => return format!("{value:.3e}"),
    };
    let text = format!("{size:.places$}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign = if value < 0.0 { "-" } else { "" };
    if fraction.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped}.{fraction}") }
}

/// A change, with its sign always shown.
pub fn signed(value: f64) -> String {
    if value > 0.0 { format!("+{}", human(value)) } else { human(value) }
}

/// A gap or residual in two digits.
pub fn gap(value: f64) -> String {
    if value == 0.0 { "0".to_owned() } else { format!("{value:.1e}") }
}
