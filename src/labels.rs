//! Names of regions, sectors and other lines of a table.
//!
//! A [`Label`] is a stable code with an English and a Chinese name. Files may use any of
//! the three; two labels are the same when their codes are.

pub mod places;
mod sets;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;

pub use sets::{RegionGroup, SectorClasses};

/// A stable code with its English and Chinese names; a name may be empty.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Label {
    /// What files and results refer to; never changes with the language.
    pub code: String,
    /// English name.
    pub en: String,
    /// Chinese name.
    pub zh: String,
}

impl Label {
    /// A label of a code and two names.
    pub fn new(code: impl Into<String>, en: impl Into<String>, zh: impl Into<String>) -> Self {
        Label { code: code.into(), en: en.into(), zh: zh.into() }
    }

    /// A label that has only a code.
    pub fn code(code: impl Into<String>) -> Self {
        Label::new(code, "", "")
    }

    /// The name people read: English, else Chinese, else the code.
    pub fn name(&self) -> &str {
        [&self.en, &self.zh, &self.code].into_iter().find(|text| !text.is_empty()).map_or("", |v| v)
    }
}

impl PartialEq for Label {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Label {}

impl fmt::Display for Label {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&self.code)
    }
}

/// How a text is compared with labels: trimmed, case folded, blanks inside Chinese dropped,
/// leading zeros of a number dropped (spreadsheets drop them too).
pub fn comparable(text: &str) -> String {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        let number = text.trim_start_matches('0');
        return if number.is_empty() { "0".into() } else { number.into() };
    }
    let wide = text.chars().any(|c| ('\u{2e80}'..='\u{9fff}').contains(&c));
    let parts = text.split_whitespace();
    let joined = if wide { parts.collect::<String>() } else { parts.collect::<Vec<_>>().join(" ") };
    joined.to_lowercase()
}

/// Why a text names nothing on an axis.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LookupError {
    /// No label has it as code or name.
    #[error("unknown {kind} {text:?}")]
    Unknown {
        /// What was looked for: region, sector ...
        kind: &'static str,
        /// The text that was looked up.
        text: String,
        /// The closest code or name there is, and the codes to choose from.
        help: String,
    },
    /// It is the name of more than one label.
    #[error("{kind} {text:?} is ambiguous: it names {first} and {second}")]
    Ambiguous {
        /// What was looked for.
        kind: &'static str,
        /// The text that was looked up.
        text: String,
        /// Code of one of them.
        first: String,
        /// Code of another.
        second: String,
    },
}

impl LookupError {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            LookupError::Unknown { help, .. } => help.clone(),
            LookupError::Ambiguous { .. } => "use the code".into(),
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Named {
    One(usize),
    Several(usize, usize),
}

/// Labels in a fixed order: how the rows of every matrix are numbered.
///
/// - no code twice;
/// - a text is looked up as a code first, then as a name.
///
/// Cheap to clone: copies share their labels.
///
/// # Examples
/// ```
/// use irio::labels::{Axis, Label};
/// let regions = Axis::new("region", [Label::new("BJ", "Beijing", "北京"), Label::code("HE")]).unwrap();
/// assert_eq!(regions.position("北京"), Ok(0));
/// assert_eq!(regions.position("he"), Ok(1));
/// assert!(regions.position("Bejing").unwrap_err().help().contains("Beijing"));
/// ```
#[derive(Debug, Clone)]
pub struct Axis(Arc<Labels>);

#[derive(Debug)]
struct Labels {
    kind: &'static str,
    labels: Vec<Label>,
    codes: HashMap<String, usize>,
    names: HashMap<String, Named>,
}

/// Two labels of one axis share a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the {kind} {code:?} stands twice")]
pub struct RepeatedCode {
    /// What the axis holds.
    pub kind: &'static str,
    /// The repeated code.
    pub code: String,
    /// Position of the second one.
    pub position: usize,
}

impl Axis {
    /// An axis of labels; `kind` is the word for one of them.
    ///
    /// # Errors
    /// If a code stands twice.
    pub fn new(
        kind: &'static str,
        labels: impl IntoIterator<Item = Label>,
    ) -> Result<Self, RepeatedCode> {
        let labels: Vec<Label> = labels.into_iter().collect();
        let mut codes = HashMap::new();
        let mut names: HashMap<String, Named> = HashMap::new();
        for (at, label) in labels.iter().enumerate() {
            if codes.insert(comparable(&label.code), at).is_some() {
                return Err(RepeatedCode { kind, code: label.code.clone(), position: at });
            }
            for name in [&label.en, &label.zh].into_iter().filter(|name| !name.trim().is_empty()) {
                names
                    .entry(comparable(name))
                    .and_modify(|named| {
                        if let Named::One(first) = *named
                            && first != at
                        {
                            *named = Named::Several(first, at);
                        }
                    })
                    .or_insert(Named::One(at));
            }
        }
        Ok(Axis(Arc::new(Labels { kind, labels, codes, names })))
    }

    /// An axis without labels.
    pub fn empty(kind: &'static str) -> Self {
        Axis(Arc::new(Labels {
            kind,
            labels: Vec::new(),
            codes: HashMap::new(),
            names: HashMap::new(),
        }))
    }

    /// Position of the label that `text` is the code or a name of.
    ///
    /// # Errors
    /// If there is none, or more than one.
    pub fn position(&self, text: &str) -> Result<usize, LookupError> {
        let key = comparable(text);
        if let Some(&at) = self.0.codes.get(&key) {
            return Ok(at);
        }
        match self.0.names.get(&key) {
            Some(&Named::One(at)) => Ok(at),
            Some(&Named::Several(first, second)) => Err(LookupError::Ambiguous {
                kind: self.0.kind,
                text: text.to_owned(),
                first: self.0.labels[first].code.clone(),
                second: self.0.labels[second].code.clone(),
            }),
            None => Err(LookupError::Unknown {
                kind: self.0.kind,
                text: text.to_owned(),
                help: self.nearest(text),
            }),
        }
    }

    fn nearest(&self, text: &str) -> String {
        let texts =
            self.0.labels.iter().flat_map(|l| [&l.code, &l.en, &l.zh]).filter(|t| !t.is_empty());
        suggestion(text, texts.map(String::as_str)).map_or_else(
            || {
                let codes: Vec<&str> =
                    self.0.labels.iter().take(12).map(|l| l.code.as_str()).collect();
                let more = if self.0.labels.len() > 12 { ", ..." } else { "" };
                let kinds = match self.0.kind.strip_suffix('y') {
                    Some(stem) => format!("{stem}ies"),
                    None => format!("{}s", self.0.kind),
                };
                format!("the {kinds} are {}{more}", codes.join(", "))
            },
            |near| format!("did you mean {near:?}?"),
        )
    }

    /// The labels in order.
    pub fn labels(&self) -> &[Label] {
        &self.0.labels
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.labels.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.labels.is_empty()
    }

    /// The word for one of them.
    pub fn kind(&self) -> &'static str {
        self.0.kind
    }

    /// Code of the label at a position.
    #[track_caller]
    pub fn code(&self, at: usize) -> &str {
        &self.0.labels[at].code
    }
}

/// Same codes in the same order.
impl PartialEq for Axis {
    fn eq(&self, other: &Self) -> bool {
        self.0.labels == other.0.labels
    }
}

/// The candidate closest to `text`, if one is close enough to be a slip of the pen.
pub fn suggestion<'a>(text: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let key = comparable(text);
    let candidates: Vec<&str> = candidates.collect();
    // The beginning of one name alone is that name, cut short.
    let mut longer =
        candidates.iter().filter(|one| key.len() >= 3 && comparable(one).starts_with(&key));
    if let (Some(only), None) = (longer.next(), longer.next()) {
        return Some(only);
    }
    candidates
        .into_iter()
        .map(|candidate| {
            (strsim::normalized_damerau_levenshtein(&key, &comparable(candidate)), candidate)
        })
        .filter(|(likeness, _)| *likeness >= 0.5)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// Names in one line, of which the first few are shown and the rest counted.
///
/// ```
/// use irio::labels::listed;
/// assert_eq!(listed(&["a", "b", "c"], 2), "a, b and 1 more");
/// assert_eq!(listed(&["a", "b"], 2), "a, b");
/// ```
pub fn listed<T: AsRef<str>>(names: &[T], shown: usize) -> String {
    let first: Vec<&str> = names.iter().take(shown).map(AsRef::as_ref).collect();
    match names.len().saturating_sub(shown) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

/// Every pair of a region and a sector, numbered `region × sectors + sector`.
#[derive(Debug, Clone, PartialEq)]
pub struct Industries {
    /// The regions.
    pub regions: Axis,
    /// The sectors (products).
    pub sectors: Axis,
}

impl Industries {
    /// How many industries there are: regions × sectors.
    pub fn len(&self) -> usize {
        self.regions.len() * self.sectors.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of the industry of a region and a sector.
    pub fn index(&self, region: usize, sector: usize) -> usize {
        region * self.sectors.len() + sector
    }

    /// Region and sector of an industry.
    pub fn split(&self, industry: usize) -> (usize, usize) {
        (industry / self.sectors.len(), industry % self.sectors.len())
    }

    /// Codes of an industry, as `region:sector`.
    pub fn name(&self, industry: usize) -> String {
        let (region, sector) = self.split(industry);
        format!("{}:{}", self.regions.code(region), self.sectors.code(sector))
    }

    /// Adds up a vector over industries within each region.
    pub fn by_region(&self, values: &[f64]) -> Vec<f64> {
        values.chunks(self.sectors.len()).map(|part| part.iter().sum()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_by_code_name_or_number() {
        let axis = Axis::new(
            "sector",
            [Label::new("001", "Agriculture", "农业"), Label::new("010", "Machinery", "机械 工业")],
        )
        .unwrap();
        for (text, at) in [("1", 0), ("001", 0), (" agriculture ", 0), ("机械工业", 1), ("10", 1)]
        {
            assert_eq!(axis.position(text), Ok(at), "{text}");
        }
    }

    #[test]
    fn a_name_of_two_labels_is_refused() {
        let axis = Axis::new(
            "region",
            [Label::new("SN", "Shanxi", "陕西"), Label::new("SX", "Shanxi", "山西")],
        );
        let error = axis.unwrap().position("Shanxi").unwrap_err();
        assert_eq!(error.to_string(), r#"region "Shanxi" is ambiguous: it names SN and SX"#);
    }

    #[test]
    fn a_code_stands_once() {
        let error = Axis::new("region", [Label::code("1"), Label::code("01")]).unwrap_err();
        assert_eq!(error.to_string(), r#"the region "01" stands twice"#);
    }
}
