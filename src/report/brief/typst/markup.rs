//! Sentences as typst's markup: what is text stays text.

use std::collections::BTreeMap;

use crate::brief::content::Caveat;
use crate::brief::prose::{Inline, Prose};
use crate::numerals::{Language, SPACE};
use crate::report::brief::phrases::{STOPS, held, phrases, unit};

/// Numbers of caveats by their codes.
pub(super) type Numbered<'a> = BTreeMap<&'a str, usize>;

/// The numbers of a brief's caveats.
pub(super) fn numbered(caveats: &[Caveat]) -> Numbered<'_> {
    caveats.iter().map(|caveat| (caveat.code.as_str(), caveat.number)).collect()
}

/// A sentence; places where a line may end are kept as spaces without width.
pub(super) fn sentence(prose: &Prose, caveats: &Numbered) -> String {
    let mut markup = Markup::new(caveats);
    markup.inlines(&prose.0);
    markup.out
}

/// Plain words.
pub(super) fn words(text: &str) -> String {
    let none = BTreeMap::new();
    let mut markup = Markup::new(&none);
    markup.text(text);
    markup.out
}

/// A heading. In Chinese it breaks between phrases only: where the template says so, behind punctuation, beside `names`.
pub(super) fn heading(
    prose: &Prose,
    caveats: &Numbered,
    names: &[String],
    language: Language,
) -> String {
    let phrases = phrases(prose, names, language);
    if language == Language::English {
        return phrases.iter().map(|whole| sentence(whole, caveats)).collect();
    }
    let mut out = String::new();
    for phrase in phrases {
        let text = sentence(&phrase, caveats);
        // Marks at the end stay outside, so that they are set as in any line.
        let words = text.trim();
        let bare = words.trim_end_matches(STOPS);
        let stops = &words[bare.len()..];
        if text.starts_with(' ') && !out.is_empty() {
            out.push(' ');
        }
        match bare.is_empty() {
            true => out.push_str(stops),
            false => out.extend(["#phrase[", bare, "]", joiner(stops), stops]),
        }
        if text.ends_with(' ') {
            out.push(' ');
        }
    }
    out.trim_end().to_owned()
}

/// A line may begin with a colon or semicolon behind a box, unless they are joined.
fn joiner(stops: &str) -> &'static str {
    if stops.is_empty() { "" } else { "\u{2060}" }
}

/// A text between quotes in code.
///
/// ```text
/// say "a\b"  →  "say \"a\\b\""
/// ```
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if is_control(c) => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// What would end a line or is no character of a text.
fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Whether the character there stands between two letters or two digits.
fn joins(letters: &[char], at: usize) -> bool {
    let both = |is: fn(&char) -> bool| {
        at > 0 && letters.get(at - 1).is_some_and(is) && letters.get(at + 1).is_some_and(is)
    };
    both(|c| c.is_alphabetic()) || both(|c| c.is_ascii_digit())
}

/// A unit that does not break: its spaces do not, and Chinese characters are joined.
fn whole(unit: &str) -> String {
    let mut out = String::new();
    for c in unit.chars() {
        let han = |c: char| !c.is_ascii() && c != SPACE;
        if out.chars().next_back().is_some_and(|last| han(last) || c == '/' || last == '/') {
            out.push('\u{2060}');
        }
        out.push(if c == ' ' { SPACE } else { c });
    }
    out
}

struct Markup<'a> {
    out: String,
    caveats: &'a Numbered<'a>,
    /// Whether only spaces stand before, so that marks of lists and headings would count.
    start: bool,
    /// Whether a call was written last, which some characters would continue.
    call: bool,
}

impl<'a> Markup<'a> {
    fn new(caveats: &'a Numbered<'a>) -> Self {
        Markup { out: String::new(), caveats, start: true, call: false }
    }

    fn inlines(&mut self, inlines: &[Inline]) {
        let mut number = false;
        for inline in inlines {
            let behind = std::mem::replace(&mut number, matches!(inline, Inline::Number { .. }));
            match inline {
                Inline::Text(text) if behind => {
                    let (unit, rest) = text.split_at(unit(text));
                    self.text(&(whole(unit) + &held(rest)));
                }
                Inline::Text(text) => self.text(&held(text)),
                Inline::Number { shown, .. } => self.text(shown),
                Inline::Strong(inner) => {
                    self.open("#strong[");
                    self.start = true;
                    self.inlines(inner);
                    self.out.push(']');
                    (self.start, self.call) = (false, true);
                }
                Inline::Caveat(code) => {
                    // One that the brief does not list has nothing to lead to.
                    if let Some(number) = self.caveats.get(code.as_str()) {
                        self.open(&format!("#mark({number})"));
                        (self.start, self.call) = (false, true);
                    }
                }
                Inline::Break => self.text("\u{200b}"),
            }
        }
    }

    fn open(&mut self, call: &str) {
        self.out.push_str(call);
        self.call = false;
    }

    fn text(&mut self, text: &str) {
        let letters: Vec<char> =
            text.chars().map(|c| if is_control(c) { ' ' } else { c }).collect();
        // Digits before a full stop begin a numbered list.
        let mut counts = self.start;
        for (at, &c) in letters.iter().enumerate() {
            let next = letters.get(at + 1).copied();
            if self.call && matches!(c, '(' | '[' | '.' | ';') {
                self.out.push(';');
            }
            self.call = false;
            let space = next.is_none_or(char::is_whitespace);
            let escape = match c {
                '\\' | '`' | '*' | '_' | '#' | '$' | '@' | '<' | '>' | '[' | ']' | '~' => true,
                '=' => self.start,
                '+' => self.start && space,
                '-' => {
                    self.start && space
                        || next.is_some_and(|n| matches!(n, '-' | '?') || n.is_ascii_digit())
                }
                '/' => self.start && space || matches!(next, Some('/' | '*')),
                '.' => counts && !self.start && space || next == Some('.'),
                _ => false,
            };
            if escape {
                self.out.push('\\');
            }
            match c {
                '\u{a0}' => self.out.push('~'),
                // A name of two does not break at its dash, nor do years.
                '–' | '—' if joins(&letters, at) => {
                    self.out.extend(['\u{2060}', c, '\u{2060}'])
                }
                c => self.out.push(c),
            }
            if c.is_whitespace() && self.start {
                continue;
            }
            self.start = false;
            counts &= c.is_ascii_digit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerals::Cited;

    #[test]
    fn marks_of_typst_in_a_text_are_only_text() {
        for (text, markup) in [
            (
                r"#a *b* _c_ [d] $e$ @f \g <h> `i` ~",
                r"\#a \*b\* \_c\_ \[d\] \$e\$ \@f \\g \<h\> \`i\` \~",
            ),
            ("= head", "\\= head"),
            ("== head", "\\== head"),
            (" - item", " \\- item"),
            ("+ item", "\\+ item"),
            ("/ term: it", "\\/ term: it"),
            ("12. item", "12\\. item"),
            ("+455 a + b = c / d - e", "+455 a + b = c / d - e"),
            ("12.5 and 12. of", "12.5 and 12. of"),
            ("a--b -1 x-ray...", "a\\--b \\-1 x-ray\\.\\.."),
            ("https://a.org /* c */ // d", "https:\\//a.org \\/\\* c \\*/ \\// d"),
            ("a\u{a0}b\nc\u{2028}d", "a~b c d"),
        ] {
            assert_eq!(words(text), markup);
        }
    }

    #[test]
    fn a_call_ends_where_its_brackets_do() {
        let none = BTreeMap::new();
        let mut prose = Prose(vec![Inline::Strong(vec![Inline::Text("- a".into())])]);
        prose.push(Inline::Text("(b)".into()));
        assert_eq!(sentence(&prose, &none), "#strong[\\- a];(b)");
        let caveats = BTreeMap::from([("code", 3)]);
        let marked = Prose::text("a").with_caveats(["code", "unheard"]);
        assert_eq!(sentence(&marked, &caveats), "a#mark(3)");
    }

    #[test]
    fn chinese_headings_break_between_phrases() {
        let caveats = BTreeMap::from([("code", 1)]);
        let mut prose = Prose::text("北移：得");
        prose.push(Inline::Break);
        prose.push(Inline::Number { shown: "2.2".into(), cited: Cited::new(2.2, "a.csv", 2) });
        prose.push(Inline::Text(" CO₂ ".into()));
        prose.push(Inline::Break);
        prose.push(Inline::Text("多。".into()));
        let prose = prose.with_caveats(["code"]);
        assert_eq!(
            heading(&prose, &caveats, &[], Language::Chinese),
            "#phrase[北移]\u{2060}：#phrase[得]#phrase[2.2~CO₂] #phrase[多]\u{2060}。#phrase[#mark(1)]"
        );
        assert_eq!(
            heading(&prose, &caveats, &[], Language::English),
            "北移：得2.2~CO₂ 多。#mark(1)"
        );
    }

    #[test]
    fn strings_end_where_they_end() {
        assert_eq!(quoted("say \"a\\b\"\n"), "\"say \\\"a\\\\b\\\" \"");
    }
}
