//! Sentences whose numbers know where they come from.
//!
//! Templates see a number as a mark, so that they can put it anywhere but cannot change it; reading the text
//! back turns marks into [`Inline`]s. `**` encloses what is strong, `<wbr>` is a place where a heading may break.

use crate::numerals::{Cited, Language};

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq)]
pub enum Inline {
    /// Words.
    Text(String),
    /// What is stressed.
    Strong(Vec<Inline>),
    /// A number as it is printed, and the number of the results that it is.
    Number {
        /// What is printed, without the unit.
        shown: String,
        /// Value and place.
        cited: Cited,
    },
    /// The mark of a caveat, by its code.
    Caveat(String),
    /// A place where a line may end.
    Break,
}

/// A text made of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Prose(pub Vec<Inline>);

impl Prose {
    /// Plain words.
    pub fn text(text: impl Into<String>) -> Self {
        Prose(vec![Inline::Text(text.into())])
    }

    /// A number by itself.
    pub fn number(shown: impl Into<String>, cited: &Cited) -> Self {
        Prose(vec![Inline::Number { shown: shown.into(), cited: cited.clone() }])
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds more.
    pub fn push(&mut self, inline: Inline) -> &mut Self {
        self.0.push(inline);
        self
    }

    /// Codes of the caveats whose marks it bears.
    pub fn marks(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|inline| match inline {
            Inline::Caveat(code) => Some(code.as_str()),
            _ => None,
        })
    }

    /// Adds the marks of caveats behind it.
    pub fn with_caveats<'a>(mut self, codes: impl IntoIterator<Item = &'a str>) -> Self {
        self.0.extend(codes.into_iter().map(|code| Inline::Caveat(code.to_owned())));
        self
    }

    /// The same as a heading breaks: in Chinese also behind particles and within lists, in English not at a dash inside
    /// a name.
    pub fn as_heading(&self, language: Language) -> Self {
        /// Behind these a phrase ends.
        const ENDS: [char; 3] = ['的', '和', '、'];
        let mut out = Prose::default();
        for inline in &self.0 {
            match (inline, language) {
                (Inline::Text(text), Language::Chinese) => {
                    for piece in text.split_inclusive(ENDS) {
                        out.push(Inline::Text(piece.to_owned()));
                        if piece.ends_with(ENDS) {
                            out.push(Inline::Break);
                        }
                    }
                }
                (Inline::Text(text), Language::English) => {
                    // A unit of two words stays whole.
                    out.push(Inline::Text(unbroken(text).replace(" yuan", "\u{a0}yuan")));
                }
                (other, _) => {
                    out.push(other.clone());
                }
            }
        }
        out
    }

    /// The same with a capital where a sentence begins with the article of a name.
    pub fn sentences(mut self, language: Language) -> Self {
        const STOP: &str = ". ";
        let mut begins = language == Language::English;
        for inline in &mut self.0 {
            if let Inline::Text(text) = inline {
                if begins && text.starts_with("the ") {
                    text.replace_range(..1, "T");
                }
                if language == Language::English {
                    *text = text.replace(". the ", ". The ");
                    begins = text.ends_with(STOP);
                }
            } else {
                begins = false;
            }
        }
        self
    }

    /// The words and numbers without marks.
    pub fn plain(&self) -> String {
        let mut out = String::new();
        plain(&self.0, &mut out);
        out
    }

    /// Every number in it.
    pub fn numbers(&self) -> Vec<(&str, &Cited)> {
        let mut found = Vec::new();
        numbers(&self.0, &mut found);
        found
    }
}

/// A text whose dashes between letters keep both sides on one line.
fn unbroken(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut out = String::new();
    for (at, c) in letters.iter().enumerate() {
        let letter = |at: Option<usize>| {
            at.and_then(|at| letters.get(at)).is_some_and(|c| c.is_alphabetic())
        };
        match *c == '–' && letter(at.checked_sub(1)) && letter(Some(at + 1)) {
            true => out.push_str("\u{2060}–\u{2060}"),
            false => out.push(*c),
        }
    }
    out
}

fn plain(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(text) => out.push_str(text),
            Inline::Strong(inner) => plain(inner, out),
            Inline::Number { shown, .. } => out.push_str(shown),
            Inline::Caveat(_) | Inline::Break => {}
        }
    }
}

fn numbers<'a>(inlines: &'a [Inline], found: &mut Vec<(&'a str, &'a Cited)>) {
    for inline in inlines {
        match inline {
            Inline::Strong(inner) => numbers(inner, found),
            Inline::Number { shown, cited } => found.push((shown, cited)),
            Inline::Text(_) | Inline::Caveat(_) | Inline::Break => {}
        }
    }
}

/// What marks stand for: the k-th mark of a text is the k-th entry.
#[derive(Debug, Clone, Default)]
pub struct Marks(Vec<Prose>);

/// Before and behind the number of a mark, in the private use area.
const OPEN: char = '\u{E000}';
const CLOSE: char = '\u{E001}';
/// The digits of a mark's number, also there: what a template does with digits changes no mark.
const ZERO: u32 = 0xE010;

impl Marks {
    /// A mark for something that a template may place but not change.
    pub fn add(&mut self, what: Prose) -> String {
        self.0.push(what);
        let digits = (self.0.len() - 1).to_string();
        let own = |digit: char| char::from_u32(ZERO + digit.to_digit(10)?);
        let digits: String = digits.chars().filter_map(own).collect();
        format!("{OPEN}{digits}{CLOSE}")
    }

    /// Reads a rendered text: marks become what they stand for.
    pub fn read(&self, text: &str) -> Prose {
        let mut strong = false;
        let mut out: Vec<Inline> = Vec::new();
        let mut inner: Vec<Inline> = Vec::new();
        for (at, part) in text.split("**").enumerate() {
            if at > 0 {
                strong = !strong;
                if !strong {
                    out.push(Inline::Strong(std::mem::take(&mut inner)));
                }
            }
            self.read_plain(part, if strong { &mut inner } else { &mut out });
        }
        // An opening mark without its end is only words.
        out.append(&mut inner);
        Prose(out)
    }

    fn read_plain(&self, text: &str, into: &mut Vec<Inline>) {
        let mut rest = text;
        while let Some(start) = rest.find([OPEN, '<']) {
            let (before, from) = rest.split_at(start);
            words(before, into);
            if let Some(behind) = from.strip_prefix("<wbr>") {
                into.push(Inline::Break);
                rest = behind;
            } else if let Some((what, behind)) = self.mark(from) {
                into.extend(what.0.iter().cloned());
                rest = behind;
            } else {
                let first = from.chars().next().map_or(0, char::len_utf8);
                words(&from[..first], into);
                rest = &from[first..];
            }
        }
        words(rest, into);
    }

    /// What the mark that a text begins with stands for, and the rest of the text.
    fn mark<'t>(&self, text: &'t str) -> Option<(&Prose, &'t str)> {
        let (number, behind) = text.strip_prefix(OPEN)?.split_once(CLOSE)?;
        let digit = |own: char| char::from_digit((own as u32).checked_sub(ZERO)?, 10);
        let number: Option<String> = number.chars().map(digit).collect();
        Some((self.0.get(number?.parse::<usize>().ok()?)?, behind))
    }
}

fn words(text: &str, into: &mut Vec<Inline>) {
    if text.is_empty() {
        return;
    }
    match into.last_mut() {
        Some(Inline::Text(last)) => last.push_str(text),
        _ => into.push(Inline::Text(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_numbers_wherever_they_stand() {
        let mut marks = Marks::default();
        let cited = Cited::new(4551.25, "sums.csv", 7);
        let mark = marks.add(Prose::number("+4551", &cited));
        let prose = marks.read(&format!("西北**多得 {mark} 亿元**，<wbr>a < b"));
        assert_eq!(prose.plain(), "西北多得 +4551 亿元，a < b");
        assert_eq!(prose.numbers(), [("+4551", &cited)]);
        assert!(matches!(&prose.0[1], Inline::Strong(inner) if inner.len() == 3));
        assert!(prose.0.contains(&Inline::Break));
        // What a template does to digits does not reach the number of a mark.
        assert!(!mark.chars().any(|c| c.is_ascii_digit()));
        assert_eq!(marks.read(&mark.replace('0', "7")).plain(), "+4551");
    }

    #[test]
    fn a_sentence_begins_with_a_capital() {
        let mut prose = Prose::text("the North Coast gains. ");
        prose.push(Inline::Text("the South Coast loses to the North Coast".to_owned()));
        let said = prose.sentences(Language::English).plain();
        assert_eq!(said, "The North Coast gains. The South Coast loses to the North Coast");
    }

    #[test]
    fn headings_break_between_phrases_and_not_in_names() {
        let chinese = Prose::text("北京和天津让出的增加值").as_heading(Language::Chinese);
        let breaks = chinese.0.iter().filter(|inline| **inline == Inline::Break).count();
        assert_eq!((chinese.plain().as_str(), breaks), ("北京和天津让出的增加值", 2));
        let english = Prose::text("Beijing–Tianjin, 2002–2007").as_heading(Language::English);
        assert_eq!(english.plain(), "Beijing\u{2060}–\u{2060}Tianjin, 2002–2007");
    }

    #[test]
    fn what_is_no_mark_stays_text() {
        let marks = Marks::default();
        assert_eq!(marks.read("\u{E000}7\u{E001} ** b").plain(), "\u{E000}7\u{E001}  b");
    }
}
