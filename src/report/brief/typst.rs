//! A brief for print: readable typst source, and its figures as SVG files in a folder beside it.
//!
//! The source may be edited: it begins with how things look, as functions with comments (`typst/preamble.typ`), and
//! goes on with the texts. `typst compile --pdf-standard ua-1 brief.typ` makes a tagged PDF of it (typst 0.14 or
//! later): A4, four pages for a usual brief, no date, so that equal sources give equal bytes. Two briefs become one
//! document, each with pages of its own.

mod markup;
pub(super) mod table;

use std::fmt::Write;

use self::markup::{Numbered, heading, numbered, quoted, sentence, words};
use super::phrases;
use super::pictures::{self, Picture};
use crate::brief::content::{Block, Brief, Card, Caveat, MainTable, Masthead, SourceLine, Tag};
use crate::brief::prose::{Inline, Prose};
use crate::figure::ink::{Ink, Theme};
use crate::numerals::Language;

/// Font families that are looked for, the first that is there is used: Noto Sans for Simplified Chinese, regular and
/// bold, Latin included (SIL Open Font License 1.1), as Debian and Google name it. Debian's comes first because it
/// never is a variable font, which typst before 0.15 shows in its thinnest weight.
pub const FONTS: [&str; 2] = ["Noto Sans CJK SC", "Noto Sans SC"];

/// What the looks of a print may differ in.
#[derive(Debug, Clone)]
pub struct Print<'a> {
    /// Colours of texts; those for paper are the light ones.
    pub theme: &'a Theme,
    /// Colour of the series, `#RRGGBB`.
    pub brand: &'a str,
    /// Name of the folder of pictures beside the source: `brief-figures`.
    pub folder: &'a str,
}

/// Source and pictures of a print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypstDocument {
    /// The source, `brief.typ`.
    pub main: String,
    /// Pictures, to be put into the folder that the source names.
    pub pictures: Vec<Picture>,
    /// That folder.
    pub folder: String,
}

/// The source of a print of one brief, or of several in their order.
pub fn source(briefs: &[Brief], print: &Print) -> TypstDocument {
    let mut main = head(briefs, print);
    let mut pictures: Vec<Picture> = Vec::new();
    for brief in briefs {
        let (caveats, names) = (numbered(&brief.caveats), phrases::names(brief));
        let page = Page { brief, caveats, names };
        page.write(&mut main, &mut pictures);
    }
    TypstDocument { main, pictures, folder: print.folder.to_owned() }
}

/// What stands before the texts: how to compile, the fonts, the colours, the functions.
fn head(briefs: &[Brief], print: &Print) -> String {
    let author = briefs.first().map_or("", |brief| brief.masthead.institution.as_str());
    let fonts: Vec<String> = FONTS.iter().map(|font| quoted(font)).collect();
    let mut out = format!(
        "// Compile with typst 0.14 or later: typst compile --pdf-standard ua-1 THIS_FILE\n\
         // The pictures are in the folder below, the fonts under the SIL Open Font License 1.1; the first that is there is used.\n\n\
         #let figures = {}\n#let fonts = ({})\n\n#let colours = (\n",
        quoted(&format!("{}/", print.folder)),
        fonts.join(", ")
    );
    let _ = writeln!(out, "  \"brand\": rgb({}),", quoted(print.brand));
    for ink in inks(briefs) {
        let _ =
            writeln!(out, "  {}: rgb({}),", quoted(&ink.word()), quoted(print.theme.colour(ink)));
    }
    let _ = write!(
        out,
        ")\n#let ink(name) = colours.at(name)\n\n#set document(title: {}, author: {}, date: none)\n\n{}",
        quoted(&title(briefs)),
        quoted(author),
        include_str!("typst/preamble.typ")
    );
    out
}

/// What the document is called: a tagged PDF must have a title.
fn title(briefs: &[Brief]) -> String {
    let Some(brief) = briefs.first() else { return "irio".to_owned() };
    let headline = brief.headline.plain();
    let names = [headline.as_str(), &brief.masthead.subject, &brief.masthead.series, "irio"];
    names.into_iter().find(|name| !name.trim().is_empty()).unwrap_or("irio").to_owned()
}

/// Colours that the functions name, and those of numbers.
fn inks(briefs: &[Brief]) -> Vec<Ink> {
    const NAMED: [Ink; 7] =
        [Ink::Panel, Ink::Ink, Ink::Ink2, Ink::Ink3, Ink::Rule, Ink::Unclear, Ink::Warn];
    let mut used = NAMED.to_vec();
    for brief in briefs {
        used.extend(brief.cards.iter().map(|card| card.ink));
        let rows = brief.table.iter().flat_map(|table| &table.grid.rows);
        used.extend(rows.flat_map(|row| &row.cells).filter_map(|cell| cell.ink));
    }
    Ink::all().filter(|ink| used.contains(ink)).collect()
}

/// A brief while it is written.
struct Page<'a> {
    brief: &'a Brief,
    caveats: Numbered<'a>,
    /// Names at which headings may break.
    names: Vec<String>,
}

impl Page<'_> {
    fn write(&self, out: &mut String, pictures: &mut Vec<Picture>) {
        let (brief, labels) = (self.brief, &self.brief.labels);
        let language = brief.language.word();
        let _ = write!(
            out,
            "\n\n// {0}\n\n#brief(lang: {1}, footer: [{2}], page-words: {3})[\n\n",
            brief.language.pick("正文", "The texts"),
            quoted(language),
            words(&brief.masthead.series),
            quoted(&labels.page)
        );
        self.masthead(out, &brief.masthead, pictures);
        if !brief.headline.is_empty() {
            self.cite(out, [&brief.headline]);
            let _ = write!(out, "= {}\n\n", self.heading(&brief.headline));
        }
        if !brief.deck.is_empty() {
            self.cite(out, [&brief.deck]);
            let _ = write!(out, "#deck[\n  {}\n]\n\n", self.sentence(&brief.deck));
        }
        self.cards(out, &brief.cards);
        for (at, block) in brief.blocks.iter().enumerate() {
            self.figure(out, at, block, pictures);
        }
        if let Some(table) = &brief.table {
            self.table(out, table);
        }
        self.closing(out);
        out.push_str("]\n");
    }

    fn sentence(&self, prose: &Prose) -> String {
        sentence(prose, &self.caveats)
    }

    fn heading(&self, prose: &Prose) -> String {
        heading(prose, &self.caveats, &self.names, self.brief.language)
    }

    fn masthead(&self, out: &mut String, masthead: &Masthead, pictures: &mut Vec<Picture>) {
        let logo = masthead.logo.as_deref().and_then(pictures::logo);
        let parts = [
            ("series", &masthead.series),
            ("subject", &masthead.subject),
            ("institution", &masthead.institution),
            ("issue", &masthead.issue),
        ];
        out.push_str("#masthead(\n");
        for (name, text) in parts.into_iter().filter(|(_, text)| !text.is_empty()) {
            let _ = writeln!(out, "  {name}: [{}],", words(text));
        }
        if let Some(logo) = logo {
            let alt = [&masthead.institution, &masthead.series];
            let alt = alt.into_iter().find(|text| !text.is_empty());
            let alt = quoted(alt.map_or("logo", String::as_str));
            let name = pictures::keep(pictures, logo, self.brief.language);
            let _ = writeln!(out, "  logo: {},\n  logo-alt: {alt},", quoted(&name));
        }
        out.push_str(")\n\n");
    }

    fn cards(&self, out: &mut String, cards: &[Card]) {
        if cards.is_empty() {
            return;
        }
        self.cite(out, cards.iter().flat_map(|card| [&card.label, &card.value, &card.range]));
        out.push_str("#cards(\n");
        for card in cards {
            let _ = write!(
                out,
                "  card(\n    label: [{}],\n    value: [{}],\n    unit: [{}],\n    range: [{}],\n    tone: {},\n  ),\n",
                self.sentence(&card.label),
                self.sentence(&card.value),
                words(&card.unit),
                self.sentence(&card.range),
                quoted(&card.ink.word())
            );
        }
        out.push_str(")\n\n");
    }

    fn figure(&self, out: &mut String, at: usize, block: &Block, pictures: &mut Vec<Picture>) {
        let drawn = block.views.first().map(|view| &view.description);
        let texts = std::iter::once(&block.title).chain(&block.text).chain(drawn);
        self.cite(out, texts.chain([&block.note]));
        let numbered = format!("{} {}", self.brief.labels.figure, at + 1);
        let _ = write!(
            out,
            "#figure-part(\n  no: [{}],\n  title: [{}],\n",
            words(&numbered),
            self.heading(&block.title)
        );
        if let Some(view) = block.views.first() {
            let _ = writeln!(out, "  description: [{}],", self.sentence(&view.description));
        }
        if let Some(mut drawn) = pictures::draw(self.brief, at, &FONTS.join(", ")) {
            let text = String::from_utf8_lossy(&drawn.picture.bytes);
            drawn.picture.bytes = pictures::printable(&text, self.brief.language).into_bytes();
            let _ = writeln!(out, "  picture: {},", quoted(&drawn.picture.name));
            if let Some(share) = share_of_width(drawn.size) {
                let _ = writeln!(out, "  width: {share:.0}%,");
            }
            let alt =
                format!("{}{}{}", drawn.alt.title, self.brief.style.words.stop, drawn.alt.text);
            let _ = writeln!(out, "  alt: {},", quoted(&alt));
            pictures.push(drawn.picture);
        }
        let _ = write!(out, "  note: [{}],\n)[\n", self.sentence(&block.note));
        // Lines without an empty one between them are one paragraph: paper has less room than a screen.
        for paragraph in &block.text {
            let _ = writeln!(out, "  {}", self.sentence(paragraph));
        }
        out.push_str("]\n\n");
    }

    fn table(&self, out: &mut String, main: &MainTable) {
        let setting = table::setting(&main.grid);
        let cells = main.grid.rows.iter().flat_map(|row| &row.cells);
        let cells = cells.flat_map(|cell| [&cell.main, &cell.below]);
        self.cite(out, std::iter::once(&main.title).chain(cells).chain([&main.note]));
        let _ = write!(
            out,
            "#table-part(\n  no: [{} 1],\n  title: [{}],\n  description: [{}],\n  note: [{}],\n{})[\n",
            words(&self.brief.labels.table),
            self.heading(&main.title),
            words(&main.grid.caption),
            self.sentence(&self.noted(main)),
            [(setting.long, "  breakable: true,\n"), (setting.tight, "  size: 7pt,\n")]
                .map(|(holds, argument)| if holds { argument } else { "" })
                .concat()
        );
        table::write(out, &main.grid, &self.brief.style.words.range, &self.caveats);
        out.push_str("]\n\n");
    }

    /// The note of the table, and that numbers were rounded one by one.
    fn noted(&self, table: &MainTable) -> Prose {
        let mut note = table.note.clone();
        let space =
            if note.is_empty() || self.brief.language == Language::Chinese { "" } else { " " };
        note.push(Inline::Text(format!("{space}{}", self.brief.labels.rounding)));
        note
    }

    fn closing(&self, out: &mut String) {
        let (brief, labels) = (self.brief, &self.brief.labels);
        if brief.caveats.is_empty() && brief.method.is_empty() && brief.sources.is_empty() {
            return;
        }
        self.cite(out, brief.caveats.iter().map(|caveat| &caveat.text).chain(&brief.method));
        let _ = writeln!(out, "#closing([{}], (", words(&labels.caveats));
        for caveat in &brief.caveats {
            let _ = writeln!(out, "  {},", self.caveat(caveat));
        }
        out.push(')');
        if !brief.method.is_empty() {
            let _ = writeln!(out, ", method: method([{}])[", words(&labels.method));
            self.paragraphs(out, &brief.method);
            out.push(']');
        }
        if !brief.sources.is_empty() {
            let _ = writeln!(out, ", sources: sources([{}],", words(&labels.sources));
            for line in &brief.sources {
                let _ = writeln!(out, "  {},", source_line(line));
            }
            out.push(')');
        }
        out.push_str(")\n");
    }

    fn caveat(&self, caveat: &Caveat) -> String {
        // A caveat that nothing is known of but its code is told in the run's own words.
        let text = match caveat.text.is_empty() {
            true => words(&caveat.own_words.join(" ")),
            false => self.sentence(&caveat.text),
        };
        let warns = if caveat.tag == Tag::MayChange { ", warns: true" } else { "" };
        format!(
            "caveat({}, name: [{}], tag: [{}]{warns})[{text}]",
            caveat.number,
            words(&caveat.name),
            words(&caveat.tag_word)
        )
    }

    fn paragraphs(&self, out: &mut String, text: &[Prose]) {
        for (at, paragraph) in text.iter().enumerate() {
            let between = if at > 0 { "\n" } else { "" };
            let _ = writeln!(out, "{between}  {}", self.sentence(paragraph));
        }
    }

    /// A comment that tells where the numbers of a part stand.
    fn cite<'p>(&self, out: &mut String, texts: impl IntoIterator<Item = &'p Prose>) {
        let mut told: Vec<String> = Vec::new();
        for (shown, cited) in texts.into_iter().flat_map(Prose::numbers) {
            let one = format!("{shown} = {}", cited.at);
            if !told.contains(&one) {
                told.push(one);
            }
        }
        for line in told.chunks(6) {
            let plain = line.join("; ").replace(|c: char| c.is_control(), " ");
            let _ = writeln!(out, "// {plain}");
        }
    }
}

fn source_line(source: &SourceLine) -> String {
    let hash = match source.hash.is_empty() {
        true => String::new(),
        false => format!(", hash: [{}]", words(&source.hash)),
    };
    format!("source([{}]{hash})[{}]", words(&source.name), unbroken_options(&source.text))
}

/// Words; options of a command, such as `--out`, are not broken, long names of files are.
fn unbroken_options(text: &str) -> String {
    let word = |one: &str| match one.starts_with('-') && one.len() < LONG_NAME {
        true => format!("#box[{}]", words(one)),
        false => words(&breakable(one)),
    };
    text.split(' ').map(word).collect::<Vec<String>>().join(" ")
}

/// Characters from which on a word must be broken where it can be.
const LONG_NAME: usize = 24;

/// A word with places behind `/ _ - .` where a line may end, if it is long.
fn breakable(word: &str) -> String {
    if word.chars().count() < LONG_NAME {
        return word.to_owned();
    }
    let mut out = String::with_capacity(word.len() + 12);
    for c in word.chars() {
        out.push(c);
        if matches!(c, '/' | '_' | '-' | '.') {
            out.push('\u{200b}');
        }
    }
    out
}

/// Text width of the page and the room that a picture may take of its height, in pt.
const PAGE: [f64; 2] = [510.2, 545.0];
/// Share of the text width that pictures have.
const SHARE: f64 = 0.85;

/// Share of the text width, in %, of a picture that would leave no room for its text; nothing for others.
fn share_of_width([width, height]: [f64; 2]) -> Option<f64> {
    let natural = PAGE[0] * SHARE * height / width;
    (natural > PAGE[1]).then(|| (100.0 * SHARE * PAGE[1] / natural).floor().max(1.0))
}

#[cfg(test)]
mod tests;
