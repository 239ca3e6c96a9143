//! Numbers as people print them, in Chinese and in English: the unit of a figure, grouped digits, signs, ranges.
//!
//! A [`Measure`] is one unit of one figure: every number, tick and range of the figure goes through it, so a
//! quantity is rounded once. Money climbs 万元, 亿元, 万亿元 (million, billion, trillion yuan), mass 吨, 万吨,
//! 百万吨 (t, Mt), people 人, 万人 (persons, thousand persons).

mod measure;

pub use measure::Measure;

/// Language of a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// Both, in the order of a bilingual page.
    pub const BOTH: [Language; 2] = [Language::Chinese, Language::English];

    /// The tag of the language in a web page.
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Chinese => "zh-Hans",
        }
    }

    /// The short word for it: `en`, `zh`.
    pub fn word(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Chinese => "zh",
        }
    }

    /// One of two texts.
    pub fn pick<T>(self, zh: T, en: T) -> T {
        match self {
            Language::English => en,
            Language::Chinese => zh,
        }
    }
}

/// The place of a number in a results folder: a file, and a line counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Source {
    /// Name of the file in the folder.
    pub file: String,
    /// The line.
    pub line: u64,
}

impl std::fmt::Display for Source {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}:{}", self.file, self.line)
    }
}

/// A number of a results folder: its value as it stands there, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Cited {
    /// The value, in the file's unit.
    pub value: f64,
    /// Where it stands.
    pub at: Source,
}

impl Cited {
    /// A number of a file.
    pub fn new(value: f64, file: &str, line: u64) -> Self {
        Cited { value, at: Source { file: file.to_owned(), line } }
    }

    /// The number, or nothing if it is infinite or not a number.
    pub fn known(&self) -> Option<&Cited> {
        Some(self).filter(|cited| cited.value.is_finite())
    }
}

/// A number with its range, if one was computed.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// The point.
    pub point: Cited,
    /// Its lowest and highest value.
    pub range: Option<[Cited; 2]>,
    /// Whether other ways to compute it, such as other suppliers of new plants, give it another sign.
    pub disputed: bool,
}

impl Estimate {
    /// A point without a range.
    pub fn bare(point: Cited) -> Self {
        Estimate { point, range: None, disputed: false }
    }

    /// The value of the point.
    pub fn value(&self) -> f64 {
        self.point.value
    }

    /// What of it is a number: nothing if the point is none, the point alone if an end of the range is none.
    ///
    /// # Examples
    /// ```
    /// use irio::numerals::{Cited, Estimate};
    /// let cited = |value| Cited::new(value, "sums.csv", 2);
    /// let range = Some([cited(1.0), cited(f64::INFINITY)]);
    /// let open = Estimate { point: cited(3.0), range, disputed: false };
    /// assert_eq!(open.known(), Some(Estimate::bare(cited(3.0))));
    /// assert_eq!(Estimate::bare(cited(f64::NAN)).known(), None);
    /// ```
    pub fn known(&self) -> Option<Estimate> {
        let point = self.point.known()?.clone();
        let whole = |ends: &&[Cited; 2]| ends.iter().all(|end| end.known().is_some());
        let range = self.range.as_ref().filter(whole).cloned();
        Some(Estimate { point, range, ..self.clone() })
    }

    /// Lowest and highest value that it stands for; the point itself where there is no range.
    pub fn span(&self) -> [f64; 2] {
        match &self.range {
            Some([low, high]) => [low.value.min(self.value()), high.value.max(self.value())],
            None => [self.value(); 2],
        }
    }

    /// Whether the point lies outside its own range, as where draws centre on other settings than the point's.
    pub fn outside(&self) -> bool {
        let out = |[low, high]: &[Cited; 2]| !(low.value..=high.value).contains(&self.point.value);
        self.range.as_ref().is_some_and(out)
    }

    /// Whether the range holds zero or the sign is disputed, so that the direction is not known.
    pub fn unclear(&self) -> bool {
        self.disputed || self.holds_zero()
    }

    /// Whether the range holds zero.
    pub fn holds_zero(&self) -> bool {
        // A range that is zero alone is no change, and clear.
        let nothing = |[low, high]: &[Cited; 2]| low.value == 0.0 && high.value == 0.0;
        let crosses =
            |ends: &[Cited; 2]| ends[0].value <= 0.0 && ends[1].value >= 0.0 && !nothing(ends);
        self.range.as_ref().is_some_and(crosses)
    }
}

/// U+2212.
pub const MINUS: char = '\u{2212}';
/// U+00A0, between groups of digits and between a number and its unit.
pub const SPACE: char = '\u{a0}';

/// Digits in groups of three: in English from four digits on with commas, in Chinese from five on with spaces.
///
/// # Examples
/// ```
/// use irio::numerals::{Language, grouped};
/// assert_eq!(grouped("4551", Language::Chinese), "4551");
/// assert_eq!(grouped("14366.5", Language::Chinese), "14\u{a0}366.5");
/// assert_eq!(grouped("4551", Language::English), "4,551");
/// ```
pub fn grouped(digits: &str, language: Language) -> String {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mark = language.pick(SPACE, ',');
    let group = whole.len() > language.pick(4, 3);
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if group && at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(mark);
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// A number with so many decimals; a change shows its sign. What is rounded away is a plain 0.
///
/// # Examples
/// ```
/// use irio::numerals::{Language, number};
/// assert_eq!(number(-1234.56, 0, true, Language::English), "−1,235");
/// assert_eq!(number(0.04, 1, true, Language::English), "0");
/// assert_eq!(number(2.5, 1, true, Language::Chinese), "+2.5");
/// ```
pub fn number(value: f64, decimals: usize, change: bool, language: Language) -> String {
    let digits = format!("{:.decimals$}", value.abs());
    if digits.chars().all(|digit| matches!(digit, '0' | '.')) {
        return "0".to_owned();
    }
    let sign = match value < 0.0 {
        true => MINUS.to_string(),
        false if change => "+".to_owned(),
        false => String::new(),
    };
    sign + &grouped(&digits, language)
}

/// Two ends of a range in words: `+105～+639`, `+105 to +639`.
pub fn range(low: &str, high: &str, language: Language) -> String {
    // The word joiners keep a line from breaking beside the tilde.
    language.pick(format!("{low}\u{2060}～\u{2060}{high}"), format!("{low} to {high}"))
}

/// Two to three digits that matter: three where the first is a 1.
///
/// # Examples
/// ```
/// use irio::numerals::decimals_that_matter;
/// assert_eq!(decimals_that_matter(1.4366), 2);
/// assert_eq!(decimals_that_matter(6.55), 1);
/// assert_eq!(decimals_that_matter(233.0), 0);
/// assert_eq!(decimals_that_matter(0.0123), 4);
/// ```
pub fn decimals_that_matter(value: f64) -> usize {
    let size = value.abs();
    if size == 0.0 || !size.is_finite() {
        return 0;
    }
    let power = size.log10().floor();
    let leading = size / 10f64.powf(power);
    let digits = if leading < 2.0 { 3.0 } else { 2.0 };
    (digits - 1.0 - power).clamp(0.0, 12.0) as usize
}
