//! A brief as GitHub-flavoured Markdown: readable as it stands, figures as links to SVG files.
//!
//! Caveats are marked `[1]` in the text and listed with that number, each mark a link. The numbers behind the
//! figures and the place of every number in the results stand at the end.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::numbers;
use super::pictures::{self, Picture};
use crate::brief::content::{Block, Brief, Cell, Grid, Head, MainTable};
use crate::brief::prose::{Inline, Prose};
use crate::tidy::push_number;

/// Fonts of the figures: what a browser has.
const FONTS: &str = "\"Segoe UI\", -apple-system, Roboto, \"Helvetica Neue\", Arial, \"PingFang SC\", \
                     \"Microsoft YaHei\", \"Noto Sans CJK SC\", \"Noto Sans SC\", sans-serif";

/// A text and its pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkdownDocument {
    /// The text, `brief.md`.
    pub main: String,
    /// Pictures, to be put into the folder that the text names.
    pub pictures: Vec<Picture>,
    /// That folder.
    pub folder: String,
}

/// The text of one brief, or of several in their order with a rule between; `folder` is the name of the folder of
/// pictures beside it, `brief-figures`.
pub fn text(briefs: &[Brief], folder: &str) -> MarkdownDocument {
    let (mut main, mut pictures) = (String::new(), Vec::new());
    for (at, brief) in briefs.iter().enumerate() {
        if at > 0 {
            main.push_str("\n---\n\n");
        }
        let caveats = brief.caveats.iter().map(|one| (one.code.as_str(), one.number)).collect();
        let page = Page { brief, caveats, folder };
        page.write(&mut main, &mut pictures);
    }
    MarkdownDocument { main, pictures, folder: folder.to_owned() }
}

/// A brief while it is written.
struct Page<'a> {
    brief: &'a Brief,
    caveats: BTreeMap<&'a str, usize>,
    folder: &'a str,
}

impl Page<'_> {
    fn write(&self, out: &mut String, pictures: &mut Vec<Picture>) {
        let brief = self.brief;
        self.masthead(out, pictures);
        if !brief.headline.is_empty() {
            let _ = write!(out, "# {}\n\n", self.sentence(&brief.headline));
        }
        self.paragraph(out, &brief.deck);
        self.cards(out);
        for (at, block) in brief.blocks.iter().enumerate() {
            self.figure(out, at, block, pictures);
        }
        if let Some(table) = &brief.table {
            self.table(out, table);
        }
        self.caveats(out);
        self.method_and_sources(out);
        self.data(out);
        self.places(out);
    }

    fn masthead(&self, out: &mut String, pictures: &mut Vec<Picture>) {
        let masthead = &self.brief.masthead;
        if let Some(logo) = masthead.logo.as_deref().and_then(pictures::logo) {
            let alt = words(&masthead.institution);
            let name = pictures::keep(pictures, logo, self.brief.language);
            let _ = write!(out, "![{alt}]({})\n\n", self.address(&name));
        }
        let parts = [&masthead.series, &masthead.subject, &masthead.institution, &masthead.issue];
        let parts: Vec<String> =
            parts.into_iter().filter(|part| !part.is_empty()).map(|part| words(part)).collect();
        if !parts.is_empty() {
            let _ = write!(out, "{}\n\n", parts.join(" · "));
        }
    }

    /// Key numbers, one a line.
    fn cards(&self, out: &mut String) {
        for card in &self.brief.cards {
            let unit = match card.unit.is_empty() {
                true => String::new(),
                false => format!("\u{a0}{}", words(&card.unit)),
            };
            let brackets = &self.brief.style.words;
            let range = match card.range.is_empty() {
                true => String::new(),
                false => brackets.bracketed(&self.sentence(&card.range)),
            };
            let _ = writeln!(
                out,
                "- {}{}**{}{unit}**{range}",
                self.sentence(&card.label),
                brackets.colon,
                self.sentence(&card.value)
            );
        }
        if !self.brief.cards.is_empty() {
            out.push('\n');
        }
    }

    fn figure(&self, out: &mut String, at: usize, block: &Block, pictures: &mut Vec<Picture>) {
        let name = format!("{} {}", words(&self.brief.labels.figure), at + 1);
        let colon = &self.brief.style.words.colon;
        let _ = write!(out, "## {name}{colon}{}\n\n", self.sentence(&block.title));
        for text in &block.text {
            self.paragraph(out, text);
        }
        if let Some(view) = block.views.first() {
            self.paragraph(out, &view.description);
        }
        if let Some(drawn) = pictures::draw(self.brief, at, FONTS) {
            let stop = &self.brief.style.words.stop;
            let alt = words(&format!("{}{stop}{}", drawn.alt.title, drawn.alt.text));
            let _ = write!(out, "![{alt}]({})\n\n", self.address(&drawn.picture.name));
            pictures.push(drawn.picture);
        }
        self.paragraph(out, &block.note);
    }

    fn table(&self, out: &mut String, table: &MainTable) {
        let labels = &self.brief.labels;
        let colon = &self.brief.style.words.colon;
        let title = self.sentence(&table.title);
        let _ = write!(out, "## {} 1{colon}{title}\n\n", words(&labels.table));
        self.grid(out, &table.grid);
        self.paragraph(out, &table.note);
        let _ = write!(out, "{}\n\n", words(&labels.rounding));
    }

    fn caveats(&self, out: &mut String) {
        if self.brief.caveats.is_empty() {
            return;
        }
        let _ = write!(out, "## {}\n\n", words(&self.brief.labels.caveats));
        for caveat in &self.brief.caveats {
            let text = match caveat.text.is_empty() {
                true => words(&caveat.own_words.join(" ")),
                false => self.sentence(&caveat.text),
            };
            let _ = write!(
                out,
                "<a id=\"{}\"></a>**\\[{}\\] {}**{} {text}\n\n",
                self.anchor(caveat.number),
                caveat.number,
                words(&caveat.name),
                self.brief.style.words.bracketed(&words(&caveat.tag_word))
            );
        }
    }

    fn method_and_sources(&self, out: &mut String) {
        let (brief, labels) = (self.brief, &self.brief.labels);
        if !brief.method.is_empty() {
            let _ = write!(out, "## {}\n\n", words(&labels.method));
            for text in &brief.method {
                self.paragraph(out, text);
            }
        }
        if !brief.sources.is_empty() {
            let _ = write!(out, "## {}\n\n", words(&labels.sources));
            for source in &brief.sources {
                let hash = match source.hash.is_empty() {
                    true => String::new(),
                    false => format!(" {}", code(&format!("sha256 {}", source.hash))),
                };
                let colon = &brief.style.words.colon;
                let (name, text) = (words(&source.name), words(&source.text));
                let _ = writeln!(out, "- {name}{colon}{text}{hash}");
            }
            out.push('\n');
        }
    }

    /// Tables behind the figures, those of every view.
    fn data(&self, out: &mut String) {
        let language = self.brief.language;
        if self.brief.blocks.iter().all(|block| block.views.is_empty()) {
            return;
        }
        let _ = write!(out, "## {}\n\n", language.pick("图中的数", "Numbers of the figures"));
        for (at, block) in self.brief.blocks.iter().enumerate() {
            for view in &block.views {
                let mut head = format!("{} {}", words(&self.brief.labels.figure), at + 1);
                for part in [&view.choice, &view.grid.caption].into_iter().filter(|p| !p.is_empty())
                {
                    let _ = write!(head, " · {}", words(part));
                }
                let _ = write!(out, "### {head}\n\n");
                self.grid(out, &view.grid);
            }
        }
    }

    /// Where every number stands in the results.
    fn places(&self, out: &mut String) {
        let parts = numbers::by_part(self.brief);
        if parts.is_empty() {
            return;
        }
        let language = self.brief.language;
        let _ = write!(
            out,
            "## {}\n\n| {} | {} | {} | {} |\n| --- | ---: | ---: | --- |\n",
            language.pick("数字出处", "Where the numbers stand"),
            language.pick("位置", "Part"),
            language.pick("印出的数", "As printed"),
            language.pick("文件中的数", "In the file"),
            language.pick("文件:行", "File:line")
        );
        for part in &parts {
            for number in &part.numbers {
                let mut value = String::new();
                push_number(&mut value, number.cited.value);
                let _ = writeln!(
                    out,
                    "| {} | {} | {value} | {} |",
                    words(&part.name),
                    words(number.shown),
                    code(&number.cited.at.to_string())
                );
            }
        }
        out.push('\n');
    }

    fn grid(&self, out: &mut String, grid: &Grid) {
        if grid.heads.is_empty() {
            return;
        }
        let head = |head: &Head| match head.unit.is_empty() {
            true => words(&head.text),
            false => words(&head.text) + &self.brief.style.words.bracketed(&words(&head.unit)),
        };
        let heads: Vec<String> = grid.heads.iter().map(head).collect();
        let side = |head: &Head| if head.numeric { "---:" } else { "---" };
        let sides: Vec<&str> = grid.heads.iter().map(side).collect();
        let _ = writeln!(out, "| {} |\n| {} |", heads.join(" | "), sides.join(" | "));
        for row in &grid.rows {
            let cells: Vec<String> =
                row.cells.iter().map(|cell| self.cell(cell, row.total)).collect();
            let _ = writeln!(out, "| {} |", cells.join(" | "));
        }
        out.push('\n');
    }

    fn cell(&self, cell: &Cell, total: bool) -> String {
        let main = self.sentence(&cell.main);
        let main = if total && !main.is_empty() { format!("**{main}**") } else { main };
        match cell.below.is_empty() {
            true => main,
            false => main + &self.brief.style.words.bracketed(&self.sentence(&cell.below)),
        }
    }

    fn paragraph(&self, out: &mut String, prose: &Prose) {
        if !prose.is_empty() {
            let _ = write!(out, "{}\n\n", self.sentence(prose));
        }
    }

    fn sentence(&self, prose: &Prose) -> String {
        let mut out = String::new();
        self.inlines(&prose.0, &mut out);
        out
    }

    fn inlines(&self, inlines: &[Inline], out: &mut String) {
        for inline in inlines {
            match inline {
                Inline::Text(text) => push_words(text, out),
                Inline::Number { shown, .. } => push_words(shown, out),
                Inline::Strong(inner) => {
                    let mut strong = String::new();
                    self.inlines(inner, &mut strong);
                    // Stars inside of which a mark stands would not be read as what they are.
                    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                    let (open, close) =
                        match letter(strong.chars().next()) && letter(strong.chars().next_back()) {
                            true => ("**", "**"),
                            false => ("<b>", "</b>"),
                        };
                    out.extend([open, &strong, close]);
                }
                Inline::Caveat(code) => {
                    if let Some(number) = self.caveats.get(code.as_str()) {
                        let _ = write!(out, "[\\[{number}\\]](#{})", self.anchor(*number));
                    }
                }
                Inline::Break => {}
            }
        }
    }

    fn anchor(&self, caveat: usize) -> String {
        format!("{}-caveat-{caveat}", self.brief.language.word())
    }

    /// Address of a picture, between angle brackets where its folder has a space.
    fn address(&self, name: &str) -> String {
        let plain = self.folder.replace(['<', '>', '\n', '\r'], "");
        match plain.contains([' ', '(', ')']) {
            true => format!("<{plain}/{name}>"),
            false => format!("{plain}/{name}"),
        }
    }
}

/// Words whose marks are only text, on one line.
fn words(text: &str) -> String {
    let mut out = String::new();
    push_words(text, &mut out);
    out
}

fn push_words(text: &str, out: &mut String) {
    // Joiners keep lines of print together; here they are of no use.
    let letters: Vec<char> = (text.chars().filter(|c| *c != '\u{2060}'))
        .map(|c| if c.is_control() || c == '\u{2028}' { ' ' } else { c })
        .collect();
    // What begins a list, a heading or a rule does so only at the start of a line.
    let mut start = out.is_empty();
    let mut counts = start;
    for (at, &c) in letters.iter().enumerate() {
        let next = letters.get(at + 1).copied();
        let space = next.is_none_or(char::is_whitespace);
        let escape = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '$' | '&' | '@' => {
                true
            }
            '+' | '-' => start && (space || next == Some(c)),
            '=' => start,
            '.' | ')' => counts && !start && space,
            _ => false,
        };
        if escape {
            out.push('\\');
        }
        out.push(c);
        if c.is_whitespace() && start {
            continue;
        }
        start = false;
        counts &= c.is_ascii_digit();
    }
}

/// A piece of code, with as many quotes around it as it needs, fit for a table.
fn code(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let quotes = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{quotes}{space}{}{space}{quotes}", text.replace('|', "\\|"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brief::sample;
    use crate::numerals::{Cited, Language};

    #[test]
    fn every_number_stands_in_the_text_with_its_line() {
        for language in Language::BOTH {
            let brief = sample::brief(language);
            let document = text(std::slice::from_ref(&brief), "brief-figures");
            let (reading, places) = document
                .main
                .split_once(language.pick("## 数字出处", "## Where the numbers"))
                .unwrap();
            let parts = numbers::by_part(&brief);
            assert!(parts.len() >= 4, "{parts:?}");
            for number in parts.iter().flat_map(|part| &part.numbers) {
                assert!(reading.contains(number.shown), "{number:?}");
                let mut line = format!("| {} | ", number.shown);
                push_number(&mut line, number.cited.value);
                let _ = write!(line, " | `{}` |", number.cited.at);
                assert!(places.contains(&line), "{line}");
            }
        }
    }

    #[test]
    fn marks_of_markdown_are_only_text() {
        for (plain, markdown) in [
            (
                "# a *b* _c_ [d](e) <f> `g` h|i ~j~ $k$ &lt; @l \\",
                "\\# a \\*b\\* \\_c\\_ \\[d\\](e) \\<f\\> \\`g\\` h\\|i \\~j\\~ \\$k\\$ \\&lt; \\@l \\\\",
            ),
            ("- a - b", "\\- a - b"),
            ("--- a", "\\--- a"),
            ("+ a", "\\+ a"),
            ("+455 a", "+455 a"),
            ("=== a", "\\=== a"),
            ("1. a 2. b", "1\\. a 2. b"),
            ("1) a", "1\\) a"),
            ("1.5 a", "1.5 a"),
            ("a\nb\u{2028}c", "a b c"),
        ] {
            assert_eq!(words(plain), markdown);
        }
        assert_eq!(code("a|`b`"), "`` a\\|`b` ``");
    }

    #[test]
    fn tables_have_as_many_cells_in_every_line() {
        let mut brief = sample::brief(Language::English);
        let grid = &mut brief.table.as_mut().unwrap().grid;
        grid.heads[0].text = "a | b\nc".to_owned();
        grid.rows[0].cells[0].main = Prose::text("d | e");
        let document = text(&[brief], "brief-figures");
        let rows: Vec<&str> = document.main.lines().filter(|line| line.starts_with('|')).collect();
        assert!(
            rows.len() > 40 && rows[0].starts_with("| a \\| b c | Value added (billion yuan) |")
        );
        for row in rows {
            let bars = row.replace("\\|", "").matches('|').count();
            assert!([4, 5].contains(&bars), "{row}");
        }
    }

    #[test]
    fn caveats_are_marked_by_numbers_that_lead_to_them() {
        let mut brief = sample::brief(Language::English);
        brief.deck = Prose::text("a").with_caveats(["unheard.of", "sectors.coarse"]);
        let document = text(std::slice::from_ref(&brief), "brief-figures");
        assert!(document.main.contains("\na[\\[2\\]](#en-caveat-2)\n"));
        for caveat in &brief.caveats {
            let entry = format!(
                "<a id=\"en-caveat-{0}\"></a>**\\[{0}\\] {1}** ({2}) ",
                caveat.number, caveat.name, caveat.tag_word
            );
            assert!(document.main.contains(&entry), "{entry}");
        }
    }

    #[test]
    fn strong_words_and_numbers_keep_their_marks_apart() {
        let cited = Cited::new(2.0, "a.csv", 2);
        let mut brief = sample::brief(Language::Chinese);
        brief.deck = Prose(vec![
            Inline::Text("由".into()),
            Inline::Strong(vec![Inline::Number { shown: "2".into(), cited }]),
            Inline::Text("个*由".into()),
            Inline::Strong(vec![Inline::Text("“转”".into())]),
        ]);
        let document = text(&[brief], "my figures (1)");
        assert!(document.main.contains("由**2**个\\*由<b>“转”</b>"));
        assert!(document.main.contains("(<my figures (1)/fig1-net-transfer-zh.svg>)"));
        assert_eq!(document.pictures.len(), 2);
    }

    #[test]
    fn both_languages_stand_in_one_text() {
        let briefs = sample::briefs();
        let document = text(&briefs, "brief-figures");
        assert_eq!(document, text(&briefs, "brief-figures"));
        assert_eq!(document.main.matches("\n---\n").count(), 1);
        assert!(document.main.find("# 产业") < document.main.find("# Industry"));
        assert_eq!(document.pictures.len(), 4);
        assert_eq!(text(&[], "x").main, "");
    }
}
