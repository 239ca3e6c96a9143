//! A brief as one web page that needs nothing else: it opens from a memory stick, prints on A4, reads on a phone.
//!
//! ```text
//! page = head (colours, style sheet) + masthead + one article for each language + files + script
//! ```
//!
//! - Everything is in the page: figures as SVG, each at two widths of which the style sheet shows one; the results
//!   files behind them as `data:` links, each once. A policy in its head forbids every request.
//! - What is printed of the results carries its value and its place: `<data value="300.42" data-src="sums.csv:7">`.
//! - Marks of caveats lead to the entry, and the entry back to the first mark of each part.
//! - The script (`html/page.js`) shows one language and one view, reads marks, sorts, turns dials. It computes
//!   nothing, and without it the page is whole: both languages, all views, everything open that was to be pressed.
//! - The same briefs give the same bytes.

mod back;
mod block;
mod colours;
mod dials;
mod embedded;
mod grid;
mod prose;

use std::collections::BTreeMap;
use std::fmt::Write;

use self::embedded::Embedded;
use crate::brief::content::{Brief, Card};
use crate::figure::canvas::escaped;
use crate::figure::ink::{Ink, Theme};
use crate::numerals::Language;

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// Nothing may be loaded from anywhere; what stands in the page may run.
const POLICY: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; \
                      script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The page of a brief in one or two languages, the first of which is shown at first.
///
/// `files` has the texts of results files by their names; every one of them is put into the page and can be
/// saved from it byte for byte. A file that the brief names and that is not among them is only named.
///
/// No brief gives an empty text; of two in the same language the second is passed over.
pub fn page(
    briefs: &[Brief],
    light: &Theme,
    dark: &Theme,
    files: &BTreeMap<String, String>,
) -> String {
    let mut one_each: Vec<&Brief> = Vec::new();
    for brief in briefs {
        if one_each.iter().all(|other| other.language != brief.language) {
            one_each.push(brief);
        }
    }
    if one_each.is_empty() {
        return String::new();
    }
    let embedded = Embedded::new(files);
    let mut out = String::new();
    head(&mut out, &one_each, light, dark);
    let skip = each(&one_each, "span", |brief| escaped(&brief.labels.skip));
    let _ = writeln!(out, "<body>\n<a class=\"skip\" href=\"#main\">{skip}</a>");
    masthead(&mut out, &one_each);
    out.push_str("<main id=\"main\" tabindex=\"-1\">\n");
    for brief in &one_each {
        out.push_str(&article(brief, &embedded));
    }
    out.push_str("</main>\n");
    embedded.footer(&mut out, &one_each);
    let _ = writeln!(out, "<script>\n{SCRIPT}</script>\n</body></html>");
    out
}

/// Class of what belongs to one language.
fn class_of(language: Language) -> String {
    format!("of-{}", language.word())
}

/// A short text in every language of the page, each in an element of its own.
fn each(briefs: &[&Brief], element: &str, text: impl Fn(&Brief) -> String) -> String {
    let one = |brief: &&Brief| {
        let (class, tag) = (class_of(brief.language), brief.language.tag());
        format!("<{element} class=\"{class}\" lang=\"{tag}\">{}</{element}>", text(brief))
    };
    briefs.iter().map(one).collect()
}

/// A label for all languages at once, where an attribute can have only one.
fn joint(briefs: &[&Brief], text: impl Fn(&Brief) -> &str) -> String {
    let texts: Vec<&str> = briefs.iter().map(|brief| text(brief)).collect();
    escaped(&texts.join(" / "))
}

/// Title of the window: the message, and the series.
fn title(brief: &Brief) -> String {
    let (message, series) = (brief.headline.plain(), &brief.masthead.series);
    let parts = [message.as_str(), series.as_str()];
    let kept: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    escaped(&kept.join(" · "))
}

fn head(out: &mut String, briefs: &[&Brief], light: &Theme, dark: &Theme) {
    let first = briefs[0];
    let (tag, word) = (first.language.tag(), first.language.word());
    let _ = writeln!(
        out,
        "<!doctype html>\n<html lang=\"{tag}\" data-lang=\"{word}\"><head><meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\"><meta name=\"generator\" content=\"irio\">\n\
         <title>{}</title><link rel=\"icon\" href=\"data:,\">\n<style>",
        title(first)
    );
    colours::properties(out, light, dark);
    out.push_str(STYLE);
    for brief in briefs {
        colours::page_margins(out, brief);
    }
    // The class tells the style sheet before the first paint that the script will be there.
    out.push_str("</style>\n<script>document.documentElement.className=\"js\"</script></head>\n");
}

fn masthead(out: &mut String, briefs: &[&Brief]) {
    out.push_str("<header class=\"mast\"><div class=\"wrap\">");
    let logo = briefs.iter().find_map(|brief| brief.masthead.logo.as_deref());
    // Any other address would be a request.
    if let Some(logo) = logo.filter(|address| address.starts_with("data:image/")) {
        let _ = write!(out, "<img src=\"{}\" alt=\"\">", escaped(logo));
    }
    for brief in briefs {
        let (class, tag) = (class_of(brief.language), brief.language.tag());
        let mast = &brief.masthead;
        let _ = write!(
            out,
            "<div class=\"names {class}\" lang=\"{tag}\"><b>{}</b>",
            escaped(&mast.series)
        );
        for part in [&mast.subject, &mast.institution, &mast.issue] {
            if !part.is_empty() {
                let _ = write!(out, "<span>{}</span>", escaped(part));
            }
        }
        out.push_str("</div>");
    }
    if briefs.len() > 1 {
        let label = joint(briefs, |brief| &brief.labels.language);
        let _ = write!(out, "\n<div class=\"seg\" role=\"group\" aria-label=\"{label}\">");
        for (at, brief) in briefs.iter().enumerate() {
            let (word, tag) = (brief.language.word(), brief.language.tag());
            let name = brief.language.pick("中文", "English");
            let _ = write!(
                out,
                "<button type=\"button\" data-set=\"lang\" data-to=\"{word}\" aria-pressed=\"{}\" \
                 lang=\"{tag}\">{name}</button>",
                at == 0
            );
        }
        out.push_str("</div>");
    }
    let label = joint(briefs, |brief| &brief.labels.theme);
    let _ = write!(out, "\n<div class=\"seg\" role=\"group\" aria-label=\"{label}\">");
    for word in ["light", "dark"] {
        let name = each(briefs, "span", |brief| {
            let labels = &brief.labels;
            escaped(if word == "light" { &labels.light } else { &labels.dark })
        });
        let _ = write!(
            out,
            "<button type=\"button\" data-set=\"theme\" data-to=\"{word}\" aria-pressed=\"{}\">{name}</button>",
            word == "light"
        );
    }
    out.push_str("</div></div></header>\n");
}

/// One language of the page.
fn article(brief: &Brief, files: &Embedded) -> String {
    let mut writer = Writer::new(brief, files);
    let (language, tag) = (brief.language, brief.language.tag());
    let _ = writeln!(
        writer.out,
        "<article class=\"{}\" lang=\"{tag}\" data-word=\"{}\" data-title=\"{}\"><div class=\"wrap\">",
        class_of(language),
        language.word(),
        title(brief)
    );
    writer.message();
    for (at, block) in brief.blocks.iter().enumerate() {
        writer.block(at + 1, block);
    }
    if let Some(dials) = &brief.dials {
        writer.dials(dials);
    }
    if let Some(table) = &brief.table {
        writer.main_table(table);
    }
    writer.back();
    writer.out.push_str("</div></article>\n");
    writer.out
}

/// A mark of a caveat that was written: where an entry leads back to.
#[derive(Debug)]
struct Mention {
    /// Number of the caveat.
    number: usize,
    /// Part of the brief: the summary, a figure, the table.
    part: String,
    /// Address of the mark.
    id: String,
}

/// Writes a brief from its first line to its last, so that the caveats at the end know what led to them.
struct Writer<'a> {
    brief: &'a Brief,
    files: &'a Embedded<'a>,
    out: String,
    /// The part that is being written.
    part: String,
    mentions: Vec<Mention>,
    /// Names at which headings may break.
    names: Vec<String>,
}

impl<'a> Writer<'a> {
    fn new(brief: &'a Brief, files: &'a Embedded<'a>) -> Self {
        let part = brief.labels.summary.clone();
        let names = super::phrases::names(brief);
        Writer { brief, files, out: String::new(), part, mentions: Vec::new(), names }
    }

    /// An address in the page. What briefs name themselves has no underscore, so the two never meet.
    fn id(&self, name: &str) -> String {
        format!("{}_{name}", self.brief.language.word())
    }

    /// Headline, deck, key numbers.
    fn message(&mut self) {
        let brief = self.brief;
        self.out.push_str("<header class=\"top\"><h1>");
        self.heading(&brief.headline);
        self.out.push_str("</h1>\n");
        self.paragraph("p class=\"deck\"", &brief.deck);
        if !brief.cards.is_empty() {
            self.out.push_str("<dl class=\"keys\">\n");
            for card in &brief.cards {
                self.card(card);
            }
            self.out.push_str("</dl>");
        }
        self.out.push_str("</header>\n");
    }

    fn card(&mut self, card: &Card) {
        self.out.push_str("<div><dt>");
        self.heading(&card.label);
        let word = if card.unit.is_empty() && card.ink == Ink::Ink2 { " word" } else { "" };
        let _ = write!(self.out, "</dt><dd class=\"big{word} c-{}\">", card.ink.word());
        self.prose(&card.value);
        if !card.unit.is_empty() {
            let _ = write!(self.out, " <small>{}</small>", escaped(&card.unit));
        }
        self.out.push_str("</dd>");
        self.paragraph("dd class=\"range\"", &card.range);
        self.out.push_str("</div>\n");
    }
}

#[cfg(test)]
mod tests;
