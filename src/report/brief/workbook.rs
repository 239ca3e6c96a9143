//! A brief as a workbook: its numbers as native numbers, in the printed unit and as the results have them, each
//! with the line of the file where it stands.
//!
//! One sheet for the texts and key numbers, one for each view of a figure, one each for the table, the caveats, the
//! sources, the dials and all printed numbers. Texts are strings whatever they begin with; there are no formulas
//! and no time, so equal briefs give equal bytes.

mod grid;
mod number;
mod sheet;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use self::sheet::{Look, Sheet, Tabs};
use super::numbers;
use crate::brief::content::{Brief, Dials};
use crate::brief::prose::Prose;
use crate::figure::ink::Ink;
use crate::numerals::{Cited, Language, Source};

/// Why a workbook was not made.
#[derive(Debug, thiserror::Error)]
#[error("the workbook cannot be written: {0}")]
pub struct WorkbookError(#[from] XlsxError);

/// The workbook of one brief, or of several in their order.
///
/// # Errors
/// If a brief has more rows or columns than a sheet.
pub fn bytes(briefs: &[Brief]) -> Result<Vec<u8>, WorkbookError> {
    let mut book = Workbook::new();
    // The time of writing would make every file another one.
    let fixed = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let title = briefs.first().map(|brief| brief.headline.plain()).unwrap_or_default();
    book.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&fixed));
    let mut tabs = Tabs::default();
    for brief in briefs {
        Pages { brief, words: Words::of(brief.language), look: Look::default() }
            .write(&mut book, &mut tabs)?;
    }
    if briefs.is_empty() {
        book.add_worksheet();
    }
    Ok(book.save_to_buffer()?)
}

/// Words that only a workbook needs.
struct Words {
    brief: &'static str,
    key_numbers: &'static str,
    numbers: &'static str,
    dials: &'static str,
    part: &'static str,
    text: &'static str,
    name: &'static str,
    weight: &'static str,
    code: &'static str,
    own_words: &'static str,
    number: &'static str,
    unit: &'static str,
    low: &'static str,
    high: &'static str,
    range: &'static str,
    remark: &'static str,
    in_file: &'static str,
    place: &'static str,
    printed: &'static str,
}

impl Words {
    fn of(language: Language) -> Self {
        let own = |zh, en| language.pick(zh, en);
        Words {
            brief: own("简报", "Brief"),
            key_numbers: own("关键数字", "Key numbers"),
            numbers: own("数字出处", "Numbers"),
            dials: own("各种设定", "Settings"),
            part: own("部分", "Part"),
            text: own("文字", "Text"),
            name: own("名称", "Name"),
            weight: own("轻重", "Weight"),
            code: own("代码", "Code"),
            own_words: own("运行原话", "In the run’s own words"),
            number: own("数", "Number"),
            unit: own("单位", "Unit"),
            low: own("下限", "low"),
            high: own("上限", "high"),
            range: own("区间", "range"),
            remark: own("备注", "remark"),
            in_file: own("文件中的数", "in the file"),
            place: own("文件:行", "file:line"),
            printed: own("印出的数", "As printed"),
        }
    }
}

/// The sheets of a brief while they are written.
struct Pages<'a> {
    brief: &'a Brief,
    words: Words,
    look: Look,
}

impl Pages<'_> {
    fn write(&self, book: &mut Workbook, tabs: &mut Tabs) -> Result<(), XlsxError> {
        let (brief, labels) = (self.brief, &self.brief.labels);
        self.texts(&mut tabs.add(book, self.words.brief)?)?;
        for (at, block) in brief.blocks.iter().enumerate() {
            let name = format!("{} {}", labels.figure, at + 1);
            for view in &block.views {
                let mut sheet = tabs.add(book, &name)?;
                let title = format!("{name}{}{}", self.colon(), block.title.plain());
                let mut about = view.description.plain();
                if !view.choice.is_empty() {
                    about = format!("{}{}{about}", view.choice, self.colon());
                }
                self.heading(&mut sheet, &title, &[&about, &view.files().join(", ")])?;
                grid::write(&mut sheet, &view.grid, self)?;
                sheet.skip();
                sheet.text(0, &block.note.plain(), &self.look.plain)?;
                sheet.finish()?;
            }
        }
        if let Some(table) = &brief.table {
            let name = format!("{} 1", labels.table);
            let mut sheet = tabs.add(book, &name)?;
            let title = format!("{name}{}{}", self.colon(), table.title.plain());
            self.heading(&mut sheet, &title, &[&table.grid.caption, &table.files().join(", ")])?;
            grid::write(&mut sheet, &table.grid, self)?;
            sheet.skip();
            for note in [&table.note.plain(), &labels.rounding] {
                sheet.text(0, note, &self.look.plain)?;
                sheet.next();
            }
            sheet.finish()?;
        }
        self.caveats(&mut tabs.add(book, &labels.caveats)?)?;
        self.sources(&mut tabs.add(book, &labels.sources)?)?;
        if let Some(dials) = &brief.dials {
            self.dials(&mut tabs.add(book, self.words.dials)?, dials)?;
        }
        self.numbers(&mut tabs.add(book, self.words.numbers)?)
    }

    fn colon(&self) -> &str {
        &self.brief.style.words.colon
    }

    fn bracketed(&self, inner: &str) -> String {
        self.brief.style.words.bracketed(inner)
    }

    /// Title and what is told, above a table.
    fn heading(&self, sheet: &mut Sheet, title: &str, about: &[&str]) -> Result<(), XlsxError> {
        sheet.text(0, title, &self.look.title)?;
        sheet.next();
        for text in about.iter().filter(|text| !text.is_empty()) {
            sheet.text(0, text, &self.look.plain)?;
            sheet.next();
        }
        sheet.skip();
        Ok(())
    }

    /// Sentences of the brief, and key numbers.
    fn texts(&self, sheet: &mut Sheet) -> Result<(), XlsxError> {
        let (brief, labels) = (self.brief, &self.brief.labels);
        let masthead = &brief.masthead;
        let top = [&masthead.series, &masthead.subject, &masthead.institution, &masthead.issue];
        let top: Vec<&str> =
            top.into_iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
        sheet.text(0, &brief.headline.plain(), &self.look.title)?;
        sheet.next();
        sheet.text(0, &top.join(" · "), &self.look.plain)?;
        sheet.skip();
        sheet.next();
        self.cards(sheet)?;
        sheet.head(&[self.words.part, self.words.text], &self.look)?;
        let mut line = |name: &str, prose: &Prose| -> Result<(), XlsxError> {
            if prose.is_empty() {
                return Ok(());
            }
            sheet.name(0, name, &self.look.name)?;
            sheet.wrapped(1, &prose.plain(), &self.look.wrapped)?;
            sheet.next();
            Ok(())
        };
        line(self.words.brief, &brief.deck)?;
        for (at, block) in brief.blocks.iter().enumerate() {
            let name = format!("{} {}", labels.figure, at + 1);
            for text in std::iter::once(&block.title).chain(&block.text).chain([&block.note]) {
                line(&name, text)?;
            }
        }
        for text in &brief.method {
            line(&labels.method, text)?;
        }
        sheet.finish()
    }

    fn cards(&self, sheet: &mut Sheet) -> Result<(), XlsxError> {
        if self.brief.cards.is_empty() {
            return Ok(());
        }
        let words = &self.words;
        let heads =
            [words.key_numbers, words.range, words.number, words.unit, words.in_file, words.place];
        sheet.head(&heads, &self.look)?;
        for card in &self.brief.cards {
            sheet.name(0, &card.label.plain(), &self.look.name)?;
            sheet.text(1, &card.range.plain(), &self.look.plain)?;
            self.printed(sheet, 2, &card.value, Some(card.ink))?;
            sheet.text(3, &card.unit, &self.look.plain)?;
            let (point, range) = (card.value.numbers(), card.range.numbers());
            if let Some((_, point)) = point.first() {
                sheet.number(4, point.value, &self.look.plain)?;
            }
            let cited: Vec<_> = point.iter().chain(&range).map(|(_, cited)| *cited).collect();
            sheet.text(5, &places(&cited), &self.look.plain)?;
            sheet.next();
        }
        sheet.skip();
        Ok(())
    }

    /// A text as a native number if it is one, else as words.
    fn printed(
        &self,
        sheet: &mut Sheet,
        column: u16,
        prose: &Prose,
        ink: Option<Ink>,
    ) -> Result<(), XlsxError> {
        let text = prose.plain();
        match number::read(&text) {
            Some(number) => {
                let format = self.look.number(number.pattern(self.brief.language), ink);
                sheet.number(column, number.value, &format)
            }
            None => sheet.text(column, &text, &self.look.plain),
        }
    }

    fn caveats(&self, sheet: &mut Sheet) -> Result<(), XlsxError> {
        let (words, labels) = (&self.words, &self.brief.labels);
        self.heading(sheet, &labels.caveats, &[])?;
        let heads = ["#", words.name, words.weight, words.text, words.code, words.own_words];
        sheet.head(&heads, &self.look)?;
        sheet.freeze(1)?;
        for caveat in &self.brief.caveats {
            sheet.number(0, caveat.number as f64, &self.look.plain)?;
            sheet.name(1, &caveat.name, &self.look.name)?;
            sheet.text(2, &caveat.tag_word, &self.look.plain)?;
            sheet.wrapped(3, &caveat.text.plain(), &self.look.wrapped)?;
            sheet.text(4, &caveat.code, &self.look.plain)?;
            sheet.wrapped(5, &caveat.own_words.join("\n"), &self.look.wrapped)?;
            sheet.next();
        }
        sheet.finish()
    }

    fn sources(&self, sheet: &mut Sheet) -> Result<(), XlsxError> {
        self.heading(sheet, &self.brief.labels.sources, &[])?;
        sheet.head(&[self.words.name, self.words.text, "sha256"], &self.look)?;
        sheet.freeze(1)?;
        for source in &self.brief.sources {
            sheet.name(0, &source.name, &self.look.name)?;
            sheet.wrapped(1, &source.text, &self.look.wrapped)?;
            sheet.text(2, &source.hash, &self.look.plain)?;
            sheet.next();
        }
        sheet.finish()
    }

    /// What every combination of the dials tells.
    fn dials(&self, sheet: &mut Sheet, dials: &Dials) -> Result<(), XlsxError> {
        self.heading(sheet, &dials.title, &[&dials.file])?;
        let outputs = dials.outputs.iter().map(|output| match output.unit.is_empty() {
            true => output.name.clone(),
            false => format!("{}{}", output.name, self.bracketed(&output.unit)),
        });
        let heads: Vec<String> =
            dials.dials.iter().map(|dial| dial.name.clone()).chain(outputs).collect();
        sheet.head(&heads.iter().map(String::as_str).collect::<Vec<_>>(), &self.look)?;
        sheet.freeze(dials.dials.len() as u16)?;
        for (at, cells) in dials.cells.iter().enumerate() {
            for (column, stop) in stops(dials, at).into_iter().enumerate() {
                sheet.text(column as u16, stop, &self.look.plain)?;
            }
            for (output, text) in cells.iter().enumerate() {
                let column = (dials.dials.len() + output) as u16;
                self.printed(sheet, column, &Prose::text(text.as_str()), None)?;
            }
            sheet.next();
        }
        sheet.finish()
    }

    /// Every printed number and its place.
    fn numbers(&self, sheet: &mut Sheet) -> Result<(), XlsxError> {
        let words = &self.words;
        self.heading(sheet, words.numbers, &[])?;
        sheet.head(&[words.part, words.printed, words.in_file, words.place], &self.look)?;
        sheet.freeze(1)?;
        for part in numbers::by_part(self.brief) {
            for number in &part.numbers {
                sheet.text(0, &part.name, &self.look.plain)?;
                sheet.text(1, number.shown, &self.look.right)?;
                sheet.number(2, number.cited.value, &self.look.plain)?;
                sheet.text(3, &number.cited.at.to_string(), &self.look.plain)?;
                sheet.next();
            }
        }
        sheet.finish()
    }
}

/// Stops of the dials in a combination; the last turns fastest.
fn stops(dials: &Dials, combination: usize) -> Vec<&str> {
    let mut rest = combination;
    let mut stops: Vec<&str> = Vec::new();
    for dial in dials.dials.iter().rev() {
        let count = dial.stops.len().max(1);
        stops.push(dial.stops.get(rest % count).map_or("", String::as_str));
        rest /= count;
    }
    stops.reverse();
    stops
}

/// Places of numbers, each once: `sums.csv:2, 3; other.csv:7`.
fn places(cited: &[&Cited]) -> String {
    let mut files: Vec<(&str, Vec<u64>)> = Vec::new();
    for Source { file, line } in cited.iter().map(|one| &one.at) {
        match files.iter_mut().find(|(known, _)| known == file) {
            Some((_, lines)) if lines.contains(line) => {}
            Some((_, lines)) => lines.push(*line),
            None => files.push((file, vec![*line])),
        }
    }
    let place = |(file, lines): &(&str, Vec<u64>)| {
        let lines: Vec<String> = lines.iter().map(u64::to_string).collect();
        format!("{file}:{}", lines.join(", "))
    };
    files.iter().map(place).collect::<Vec<String>>().join("; ")
}

#[cfg(test)]
mod tests;
