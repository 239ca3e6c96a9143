//! A sheet that is filled line by line and knows how wide its texts are.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use crate::figure::ink::{Ink, Theme};
use crate::figure::text::{Weight, width};

/// Longest text of a cell, in characters.
const LONGEST: usize = 32_767;
/// Widest column, in characters.
const WIDEST: f64 = 64.0;

/// Formats of cells.
pub(super) struct Look {
    pub(super) title: Format,
    pub(super) head: Format,
    pub(super) name: Format,
    pub(super) plain: Format,
    pub(super) right: Format,
    pub(super) wrapped: Format,
    theme: Theme,
}

impl Default for Look {
    fn default() -> Self {
        let plain = Format::new().set_align(FormatAlign::Top);
        let head = plain.clone().set_bold().set_border_bottom(FormatBorder::Medium);
        Look {
            title: plain.clone().set_bold().set_font_size(14),
            head: head.set_align(FormatAlign::Bottom).set_text_wrap(),
            name: plain.clone().set_bold(),
            right: plain.clone().set_align(FormatAlign::Right),
            wrapped: plain.clone().set_text_wrap(),
            plain,
            theme: Theme::light(),
        }
    }
}

impl Look {
    /// A number by its pattern, in the colour of its direction.
    pub(super) fn number(&self, pattern: String, ink: Option<Ink>) -> Format {
        let format = self.plain.clone().set_num_format(pattern);
        let colour = ink.map(|ink| self.theme.colour(ink).trim_start_matches('#'));
        match colour.and_then(|colour| u32::from_str_radix(colour, 16).ok()) {
            Some(colour) => format.set_font_color(Color::RGB(colour)),
            None => format,
        }
    }
}

/// The same format on a line that is a sum, below a rule if it is the first.
pub(super) fn of_total(format: &Format, total: bool, first: bool) -> Format {
    match (total, first) {
        (false, _) => format.clone(),
        (true, false) => format.clone().set_bold(),
        (true, true) => format.clone().set_bold().set_border_top(FormatBorder::Medium),
    }
}

/// Names of sheets, each once.
#[derive(Debug, Default)]
pub(super) struct Tabs(Vec<String>);

impl Tabs {
    /// A new sheet of that name, or of one like it that is free.
    pub(super) fn add<'b>(
        &mut self,
        book: &'b mut Workbook,
        name: &str,
    ) -> Result<Sheet<'b>, XlsxError> {
        let name = self.free(name);
        let sheet = book.add_worksheet();
        sheet.set_name(&name)?;
        sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
        Ok(Sheet { sheet, row: 0, widths: BTreeMap::new() })
    }

    /// Programs take up to 31 characters, and not all of them; capitals do not tell names apart.
    fn free(&mut self, name: &str) -> String {
        let allowed = |c: char| match c {
            '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'' => ' ',
            c if c.is_control() => ' ',
            c => c,
        };
        let cut = |length: usize| {
            let mut units = 0;
            let fits = |c: &char| {
                units += c.len_utf16();
                units <= length
            };
            name.chars().map(allowed).take_while(fits).collect::<String>().trim().to_owned()
        };
        let taken = |name: &str| self.0.iter().any(|other| *other == name.to_lowercase());
        let mut free = cut(31);
        let mut count = 1;
        while free.is_empty() || taken(&free) || free.to_lowercase() == "history" {
            count += 1;
            free = format!("{} ({count})", cut(25)).trim().to_owned();
        }
        self.0.push(free.to_lowercase());
        free
    }
}

/// A sheet and the line that is written next.
pub(super) struct Sheet<'b> {
    sheet: &'b mut Worksheet,
    row: u32,
    widths: BTreeMap<u16, f64>,
}

impl Sheet<'_> {
    /// Goes to the next line.
    pub(super) fn next(&mut self) {
        self.row += 1;
    }

    /// Leaves a line empty; the line that is written is left by [`Sheet::next`].
    pub(super) fn skip(&mut self) {
        self.row += 1;
    }

    /// A text that may run over its neighbours.
    pub(super) fn text(
        &mut self,
        column: u16,
        text: &str,
        format: &Format,
    ) -> Result<(), XlsxError> {
        if text.is_empty() {
            return Ok(());
        }
        // Joiners keep lines of print together; here they are of no use.
        let text: String = text.chars().filter(|c| *c != '\u{2060}').take(LONGEST).collect();
        // Only texts of tables say how wide a column is: those above and below have the line to themselves.
        if column > 0 {
            self.widen(column, &text);
        }
        self.sheet.write_string_with_format(self.row, column, text, format)?;
        Ok(())
    }

    /// A text that its column has room for.
    pub(super) fn name(
        &mut self,
        column: u16,
        text: &str,
        format: &Format,
    ) -> Result<(), XlsxError> {
        self.widen(column, text);
        self.text(column, text, format)
    }

    /// A text that is broken into lines where it is wider than a column gets.
    pub(super) fn wrapped(
        &mut self,
        column: u16,
        text: &str,
        format: &Format,
    ) -> Result<(), XlsxError> {
        self.text(column, text, format)
    }

    /// A number; one that no cell can hold is left out.
    pub(super) fn number(
        &mut self,
        column: u16,
        value: f64,
        format: &Format,
    ) -> Result<(), XlsxError> {
        if value.is_finite() {
            self.sheet.write_number_with_format(self.row, column, value, format)?;
            self.widen(column, &format!("{value:.3}"));
        }
        Ok(())
    }

    /// A line of heads.
    pub(super) fn head(&mut self, heads: &[&str], look: &Look) -> Result<(), XlsxError> {
        for (column, head) in heads.iter().enumerate() {
            self.head_cell(column as u16, head, look)?;
        }
        self.next();
        Ok(())
    }

    /// One head; long ones are broken.
    pub(super) fn head_cell(
        &mut self,
        column: u16,
        head: &str,
        look: &Look,
    ) -> Result<(), XlsxError> {
        let half: String = head.chars().take(head.chars().count().div_ceil(2).max(8)).collect();
        self.widen(column, &half);
        let head: String = head.chars().take(LONGEST).collect();
        self.sheet.write_string_with_format(self.row, column, head, &look.head)?;
        Ok(())
    }

    /// Keeps the lines above and so many columns in sight.
    pub(super) fn freeze(&mut self, columns: u16) -> Result<(), XlsxError> {
        self.sheet.set_freeze_panes(self.row, columns)?;
        self.sheet.set_repeat_rows(self.row.saturating_sub(1), self.row.saturating_sub(1))?;
        Ok(())
    }

    /// Columns of names get some room; those that nothing was said of keep theirs.
    pub(super) fn finish(&mut self) -> Result<(), XlsxError> {
        for (column, width) in &self.widths {
            self.sheet.set_column_width(*column, width.clamp(6.0, WIDEST))?;
        }
        Ok(())
    }

    /// Width of the widest line in digits, Han characters and all.
    fn widen(&mut self, column: u16, text: &str) {
        let digit = width("0", 1.0, Weight::Regular);
        let widest = text.lines().map(|line| width(line, 1.0, Weight::Bold) / digit);
        let needed = widest.fold(0.0, f64::max) + 2.0;
        let known = self.widths.entry(column).or_insert(0.0);
        *known = known.max(needed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_have_names_that_programs_take() {
        let mut tabs = Tabs::default();
        let mut free = |name: &str| tabs.free(name);
        assert_eq!(free("图 1"), "图 1");
        assert_eq!(free("图 1"), "图 1 (2)");
        assert_eq!(free("a/b:c"), "a b c");
        assert_eq!(free("A B C"), "A B C (2)");
        assert_eq!(free(""), "(2)");
        assert_eq!(free("History"), "History (2)");
        let long = "Read with care, and then once more";
        assert_eq!(free(long), "Read with care, and then once m");
        assert_eq!(free(long), "Read with care, and then (2)");
    }
}
