//! Units of money and of physical quantities, as tables state them.

use std::fmt;

use serde::{Serialize, Serializer};

/// A unit: a power-of-ten scale times a base, such as `10^4 yuan` or `Mt`.
///
/// Two units convert into each other when their base is the same.
///
/// # Examples
/// ```
/// use irio::units::Unit;
/// let wan: Unit = "10^4 yuan".parse().unwrap();
/// let yi: Unit = "亿元".parse().unwrap();
/// assert_eq!(wan.factor_to(&yi), Some(1e-4));
/// assert_eq!(wan.factor_to(&"Mt".parse().unwrap()), None);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    text: String,
    scale: f64,
    base: String,
}

/// Spellings of one base; the first is the one kept.
const BASES: &[&[&str]] = &[
    &["yuan", "cny", "rmb", "元", "人民币", "人民币元"],
    &["usd", "us$", "dollar", "dollars", "美元"],
    &["eur", "euro", "euros", "欧元"],
    &["t", "tonne", "tonnes", "ton", "tons", "吨"],
    &["tce", "吨标准煤"],
    &["person", "persons", "people", "人"],
    &["j", "joule", "joules"],
];

/// Words that scale what follows them.
const SCALES: &[(&str, f64)] = &[
    ("thousand", 1e3),
    ("million", 1e6),
    ("mill", 1e6),
    ("mio", 1e6),
    ("billion", 1e9),
    ("trillion", 1e12),
    ("万亿", 1e12),
    ("百万", 1e6),
    ("万", 1e4),
    ("亿", 1e8),
];

/// Prefixes of the tonne and the joule.
const PREFIXES: &[(&str, f64)] =
    &[("k", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12), ("P", 1e15), ("E", 1e18)];

/// Scales that a unit may have.
const SIZES: std::ops::RangeInclusive<f64> = 1e-30..=1e30;

/// Why a text is not a unit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a unit; write it like \"10^8 yuan\", \"亿元\", \"Mt\" or \"person\"")]
pub struct UnitError(String);

impl Unit {
    /// A stand-in for a unit that is not known.
    pub(crate) fn none() -> Self {
        Unit { text: String::new(), scale: 1.0, base: String::new() }
    }

    /// The unit as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it is a unit of money in a currency that is known.
    pub fn is_money(&self) -> bool {
        matches!(self.base.as_str(), "yuan" | "usd" | "eur")
    }

    /// Whether it is a unit of mass.
    pub fn is_mass(&self) -> bool {
        self.base == "t"
    }

    /// What one of this unit is in `other`, if they measure the same thing.
    pub fn factor_to(&self, other: &Unit) -> Option<f64> {
        (self.base == other.base).then(|| {
            let factor = self.scale / other.scale;
            // Scales are powers of ten: the nearest one is exact where the quotient is not.
            let power = factor.log10().round();
            let exact: f64 = format!("1e{power}").parse().unwrap_or(factor);
            if (factor / exact - 1.0).abs() < 1e-12 { exact } else { factor }
        })
    }
}

fn split_number(text: &str) -> (f64, &str) {
    let plain = text.trim_start();
    if let Some(rest) = plain.strip_prefix("10^") {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        if let Ok(power) = rest[..end].parse::<i32>() {
            return (10f64.powi(power), rest[end..].trim_start());
        }
    }
    let end = plain
        .find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',' || c == '_'))
        .unwrap_or(plain.len());
    match plain[..end].replace([',', '_'], "").parse::<f64>() {
        Ok(number) if number > 0.0 => (number, plain[end..].trim_start()),
        _ => (1.0, plain),
    }
}

fn base_of(text: &str) -> Option<&'static str> {
    let low = text.to_lowercase();
    BASES.iter().find(|names| names.contains(&low.as_str())).map(|names| names[0])
}

fn split_base(text: &str) -> (f64, String) {
    if let Some(base) = base_of(text) {
        return (1.0, base.to_owned());
    }
    for (prefix, scale) in PREFIXES {
        if let Some(rest) = text.strip_prefix(prefix)
            && let Some(base @ ("t" | "j" | "tce")) = base_of(rest)
        {
            return (*scale, base.to_owned());
        }
    }
    // EXIOBASE writes millions as M.EUR, M.hr.
    if let Some(rest) = text.strip_prefix("M.").filter(|rest| !rest.trim().is_empty()) {
        let (inner, base) = split_base(rest.trim());
        return (1e6 * inner, base);
    }
    for (word, scale) in SCALES {
        let rest = if word.is_ascii() {
            let low = text.to_lowercase();
            low.strip_prefix(word)
                .filter(|rest| rest.starts_with([' ', '.']))
                .map(|rest| text[text.len() - rest.len()..].trim_start_matches(['.', ' ']))
        } else {
            text.strip_prefix(word)
        };
        if let Some(rest) = rest.filter(|rest| !rest.is_empty()) {
            let (inner, base) = split_base(rest.trim());
            return (scale * inner, base);
        }
    }
    (1.0, text.split_whitespace().collect::<Vec<_>>().join(" "))
}

impl std::str::FromStr for Unit {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
        let mut plain = String::new();
        let mut raised = false;
        for c in text.trim().chars() {
            match RAISED.iter().position(|r| *r == c) {
                Some(digit) if plain.ends_with("10") || raised => {
                    if !raised {
                        plain.push('^');
                    }
                    raised = true;
                    plain.push(char::from(b'0' + digit as u8));
                }
                _ => {
                    raised = false;
                    plain.push(c);
                }
            }
        }
        let (number, rest) = split_number(&plain);
        let (scale, base) = split_base(rest.trim());
        let scale = number * scale;
        let is_number = |word: &str| {
            word.parse::<f64>().is_ok()
                || word.starts_with(['^', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
        };
        // What is left of a number that is none of a unit: "0 yuan", "-1 yuan", "10^-4 yuan", "1e5 yuan".
        let left = base.split_whitespace().next().is_some_and(is_number)
            || plain
                .split_whitespace()
                .next()
                .is_some_and(|word| word.contains(['e', 'E']) && word.parse::<f64>().is_ok());
        if left || !SIZES.contains(&scale) || base.is_empty() || base.chars().any(char::is_control)
        {
            return Err(UnitError(text.to_owned()));
        }
        Ok(Unit { text: text.trim().to_owned(), scale, base })
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&self.text)
    }
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.text)
    }
}

/// The prices a table is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PriceBase {
    /// Prices of the table's own year.
    Current,
    /// Constant prices of a year.
    Constant(i32),
}

impl PriceBase {
    /// The year whose prices a table of a year is in.
    pub fn year(&self, of_table: i32) -> i32 {
        match self {
            PriceBase::Current => of_table,
            PriceBase::Constant(year) => *year,
        }
    }
}

impl fmt::Display for PriceBase {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PriceBase::Current => write!(out, "current"),
            PriceBase::Constant(year) => write!(out, "{year}"),
        }
    }
}

impl Serialize for PriceBase {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_is_none_is_no_unit() {
        for text in [
            "0 yuan",
            "-1 yuan",
            "nan yuan",
            "inf yuan",
            "10^400 yuan",
            "10^-4 yuan",
            "1e5 yuan",
            "1e400",
        ] {
            assert!(text.parse::<Unit>().is_err(), "{text}");
        }
        for text in
            ["10^8 yuan", "1000 t", "EUR", "M.EUR", "km2", "1000 p", "EJ", "%", "10⁸元", "e-waste"]
        {
            assert!(text.parse::<Unit>().is_ok(), "{text}");
        }
    }

    fn unit(text: &str) -> Unit {
        text.parse().unwrap()
    }

    #[test]
    fn spellings_of_one_unit_agree() {
        for text in
            ["10^8 yuan", "10⁸ yuan", "亿元", "100000000 CNY", "100 million RMB", "100,000,000 元"]
        {
            assert_eq!(unit(text).factor_to(&unit("yuan")), Some(1e8), "{text}");
        }
        assert_eq!(unit("Mt").factor_to(&unit("万吨")), Some(100.0));
        assert_eq!(unit("10^4 t").factor_to(&unit("Mt")), Some(0.01));
        assert_eq!(unit("M.EUR").factor_to(&unit("million EUR")), Some(1.0));
        assert_eq!(unit("billion USD").factor_to(&unit("million USD")), Some(1e3));
    }

    #[test]
    fn unlike_units_do_not_convert() {
        assert_eq!(unit("Mt").factor_to(&unit("yuan")), None);
        assert_eq!(unit("Mt CO2").factor_to(&unit("Mt")), None);
        assert!("".parse::<Unit>().is_err());
        assert!("10^4".parse::<Unit>().is_err());
    }
}
