//! Printed numbers as native ones.

use crate::numerals::{Language, MINUS};

/// A printed number: its value, and how it was printed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Number {
    /// The value, in the printed unit.
    pub(super) value: f64,
    decimals: usize,
    signed: bool,
    percent: bool,
}

/// Reads what [`crate::numerals::number`] prints, with or without `%`; nothing for any other text.
pub(super) fn read(shown: &str) -> Option<Number> {
    let shown = shown.trim();
    let (bare, percent) = match shown.strip_suffix('%') {
        Some(bare) => (bare, true),
        None => (shown, false),
    };
    let (negative, signed, digits) = match bare.chars().next()? {
        MINUS | '-' => (true, false, &bare[bare.chars().next()?.len_utf8()..]),
        '+' => (false, true, &bare[1..]),
        _ => (false, false, bare),
    };
    let digits: String =
        digits.chars().filter(|c| !matches!(c, ',' | '\u{a0}' | '\u{202f}')).collect();
    let plain = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.');
    let size = digits.parse::<f64>().ok().filter(|size| plain && size.is_finite())?;
    let decimals = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let value = if negative { -size } else { size };
    let value = if percent { value / 100.0 } else { value };
    Some(Number { value, decimals, signed, percent })
}

impl Number {
    /// The same with a sign before what is positive, as all changes of a column have it.
    pub(super) fn signed(self, signed: bool) -> Self {
        Number { signed: self.signed || signed, ..self }
    }

    /// Whether it was printed with a plus.
    pub(super) fn has_plus(self) -> bool {
        self.signed
    }

    /// The format of a cell in which it looks as it was printed.
    pub(super) fn pattern(self, language: Language) -> String {
        let whole = language.pick("0", "#,##0");
        let fraction = match self.decimals {
            0 => String::new(),
            decimals => format!(".{}", "0".repeat(decimals)),
        };
        let percent = if self.percent { "%" } else { "" };
        let digits = format!("{whole}{fraction}{percent}");
        let plus = if self.signed { "+" } else { "" };
        format!("{plus}{digits};\"{MINUS}\"{digits};0{percent}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_read() {
        let value = |text: &str| read(text).map(|number| number.value);
        for (text, number) in [
            ("+4551", 4551.0),
            ("−14\u{a0}133", -14133.0),
            ("1,437.5", 1437.5),
            ("0", 0.0),
            ("-2", -2.0),
            ("74%", 0.74),
        ] {
            assert_eq!(value(text), Some(number), "{text}");
        }
        for text in
            ["", "—", "不明", "+55 unclear", "1e5", "=1+1", "+", "1.2.3", "inf", "2002–2007"]
        {
            assert_eq!(value(text), None, "{text}");
        }
    }

    #[test]
    fn cells_look_as_it_was_printed() {
        let pattern = |text: &str, language| read(text).unwrap().pattern(language);
        assert_eq!(pattern("+4551", Language::Chinese), "+0;\"−\"0;0");
        assert_eq!(pattern("1,437.50", Language::English), "#,##0.00;\"−\"#,##0.00;0");
        assert_eq!(pattern("74%", Language::Chinese), "0%;\"−\"0%;0%");
    }
}
