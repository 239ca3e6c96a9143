//! Sentences: their numbers carry value and place, their marks lead to caveats.

use std::fmt::Write;

use super::{Mention, Writer};
use crate::brief::prose::{Inline, Prose};
use crate::figure::canvas::escaped;
use crate::numerals::Cited;
use crate::report::brief::phrases::{held, phrases, unit};
use crate::tidy::push_number;

impl Writer<'_> {
    /// A sentence.
    pub(super) fn prose(&mut self, prose: &Prose) {
        self.inlines(&prose.0);
    }

    /// A heading, whose lines end between phrases only.
    pub(super) fn heading(&mut self, prose: &Prose) {
        let phrases = phrases(prose, &self.names, self.brief.language);
        for (at, phrase) in phrases.iter().enumerate() {
            if at > 0 {
                self.out.push_str("<wbr>");
            }
            self.inlines(&phrase.0);
        }
    }

    /// A sentence in an element, `p class="deck"`; nothing where nothing is said.
    pub(super) fn paragraph(&mut self, element: &str, prose: &Prose) {
        if prose.is_empty() {
            return;
        }
        let name = element.split(' ').next().unwrap_or(element);
        let _ = write!(self.out, "<{element}>");
        self.prose(prose);
        let _ = writeln!(self.out, "</{name}>");
    }

    fn inlines(&mut self, inlines: &[Inline]) {
        let mut pills = false;
        // Bytes of the text that were written with the number before it.
        let mut written = 0;
        for (at, inline) in inlines.iter().enumerate() {
            let pill = matches!(inline, Inline::Caveat(_));
            if pill && !pills {
                // The word joiner keeps marks on the line of the word before them.
                self.out.push_str("\u{2060}<span class=\"pills\">");
            } else if !pill && pills {
                self.out.push_str("</span>");
            }
            pills = pill;
            match inline {
                Inline::Text(text) => {
                    self.out.push_str(&joined(&text[std::mem::take(&mut written)..]));
                }
                Inline::Strong(inner) => {
                    self.out.push_str("<strong>");
                    self.inlines(inner);
                    self.out.push_str("</strong>");
                }
                Inline::Number { shown, cited } => {
                    let behind = match inlines.get(at + 1) {
                        Some(Inline::Text(text)) => text.as_str(),
                        _ => "",
                    };
                    written = unit(behind);
                    if inlines.len() == 1 {
                        // Nothing is beside it that it could be broken from.
                        number(&mut self.out, shown, cited);
                        continue;
                    }
                    self.out.push_str("<span class=\"kept\">");
                    number(&mut self.out, shown, cited);
                    let _ = write!(self.out, "{}</span>", escaped(&behind[..written]));
                }
                Inline::Caveat(code) => self.pill(code),
                Inline::Break => self.out.push_str("<wbr>"),
            }
        }
        if pills {
            self.out.push_str("</span>");
        }
    }

    /// The number of a caveat, which leads to its entry; the code itself where there is no such entry.
    fn pill(&mut self, code: &str) {
        let brief = self.brief;
        let Some(caveat) = brief.caveats.iter().find(|caveat| caveat.code == code) else {
            let _ = write!(self.out, "<span class=\"pill\">{}</span>", escaped(code));
            return;
        };
        let number = caveat.number;
        let id = self.id(&format!("m{}", self.mentions.len() + 1));
        let entry = self.id(&format!("c{number}"));
        let _ = write!(
            self.out,
            "<a class=\"pill\" id=\"{id}\" href=\"#{entry}\" title=\"{}\" aria-label=\"{} {number}\">{number}</a>",
            escaped(&caveat.name),
            escaped(&brief.labels.caveats)
        );
        self.mentions.push(Mention { number, part: self.part.clone(), id });
    }
}

/// A number as it is printed, with the value and the line of the file that it is.
fn number(out: &mut String, shown: &str, cited: &Cited) {
    out.push_str("<data value=\"");
    push_number(out, cited.value);
    let _ =
        write!(out, "\" data-src=\"{}\">{}</data>", escaped(&cited.at.to_string()), escaped(shown));
}

/// Text in which neither a name of two, such as Beijing–Tianjin, nor a span of years is broken at its dash.
fn joined(text: &str) -> String {
    let text = held(text);
    let mut out = String::new();
    let mut written = 0;
    for (at, dash) in text.match_indices(['–', '—']) {
        let end = at + dash.len();
        let (before, after) = (text[..at].chars().next_back(), text[end..].chars().next());
        // Letters are kept with letters, digits with digits, so that a span of years does not take in the words beside it.
        let kind: fn(char) -> bool = match (before, after) {
            (Some(a), Some(b)) if a.is_ascii_digit() && b.is_ascii_digit() => {
                |c| c.is_ascii_digit()
            }
            (Some(a), Some(b)) if dash == "–" && a.is_alphabetic() && b.is_alphabetic() => {
                char::is_alphabetic
            }
            _ => continue,
        };
        // The second dash of a name of three is in what was written.
        if at < written {
            continue;
        }
        let apart = |c: char| !kind(c) && c != '–';
        let start = text[..at]
            .rfind(apart)
            .map_or(0, |at| at + text[at..].chars().next().map_or(0, char::len_utf8))
            .max(written);
        let end = text[end..].find(apart).map_or(text.len(), |length| end + length);
        out.push_str(&escaped(&text[written..start]));
        let _ = write!(out, "<span class=\"kept\">{}</span>", escaped(&text[start..end]));
        written = end;
    }
    out.push_str(&escaped(&text[written..]));
    out
}

/// Text in which an option of a command, `--out`, is not broken behind its hyphens.
pub(super) fn unbroken(text: &str) -> String {
    let word = |word: &str| {
        let option = word.strip_prefix('-').is_some_and(|rest| {
            rest.starts_with(|first: char| first == '-' || first.is_ascii_alphabetic())
        });
        match option {
            true => format!("<span class=\"kept\">{}</span>", escaped(word)),
            false => escaped(word),
        }
    };
    let words: Vec<String> = text.split(' ').map(word).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_two_stay_whole() {
        assert_eq!(
            joined("a < Beijing–Tianjin–Hebei, 2002–2007 and Jing–Jin"),
            "a &lt; <span class=\"kept\">Beijing–Tianjin–Hebei</span>, \
             <span class=\"kept\">2002–2007</span> and <span class=\"kept\">Jing–Jin</span>"
        );
        assert_eq!(joined("–a –"), "–a –");
        assert_eq!(joined("共2002—2007年"), "共<span class=\"kept\">2002—2007</span>年");
    }

    #[test]
    fn options_stay_whole() {
        assert_eq!(
            unbroken("irio run --out a<b - -5 -v"),
            "irio run <span class=\"kept\">--out</span> a&lt;b - -5 <span class=\"kept\">-v</span>"
        );
    }
}
