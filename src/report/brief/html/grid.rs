//! Tables: heads with units, names at the left, ranges below their numbers, totals below a rule.

use std::fmt::Write;

use super::Writer;
use crate::brief::content::{Cell, Grid, GridRow, Head, MainTable};
use crate::brief::prose::Inline;
use crate::figure::canvas::escaped;
use crate::report::brief::typst::table::{has_room_beside, widest_range};
use crate::tidy::push_number;

impl Writer<'_> {
    /// Table 1.
    pub(super) fn main_table(&mut self, table: &MainTable) {
        let brief = self.brief;
        let heading = format!("{} 1", brief.labels.table);
        self.part.clone_from(&heading);
        let (id, head) = (self.id("table"), self.id("table_h"));
        let _ = write!(
            self.out,
            "<section class=\"sheet\" id=\"{id}\" aria-labelledby=\"{head}\"><p class=\"number\">{}</p>\
             <h2 id=\"{head}\">",
            escaped(&heading)
        );
        self.heading(&table.title);
        self.out.push_str("</h2>\n");
        self.grid(&table.grid, &heading, false);
        self.paragraph("p class=\"note\"", &table.note);
        let _ = writeln!(self.out, "<p class=\"note\">{}</p>", escaped(&brief.labels.rounding));
        self.out.push_str("<div class=\"behind\">");
        self.files(&table.files());
        self.out.push_str("</div></section>\n");
    }

    /// A table in a region of its own that can be moved sideways; `label` names the region. Where it is wider than the
    /// page, the script shows the line above it that says so.
    pub(super) fn grid(&mut self, grid: &Grid, label: &str, caption: bool) {
        let sort = escaped(&self.brief.labels.sort_by);
        let hidden = if caption { "" } else { " class=\"hidden\"" };
        let beside = if has_room_beside(grid) { " class=\"beside\"" } else { "" };
        let widest: Vec<f64> = (0..grid.heads.len()).map(|at| widest_range(grid, at)).collect();
        let _ = write!(
            self.out,
            "<p class=\"cue\" hidden=\"\">{}</p><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">\
             <table{beside} data-sort=\"{sort}\"><caption{hidden}>{}</caption>\n<thead><tr>",
            escaped(&self.brief.labels.swipe),
            escaped(label),
            escaped(&grid.caption)
        );
        for head in &grid.heads {
            let class = if head.numeric { " class=\"num\"" } else { "" };
            let _ =
                write!(self.out, "<th scope=\"col\"{class}><span>{}</span>", escaped(&head.text));
            if !head.unit.is_empty() {
                let _ = write!(self.out, " <span class=\"unit\">{}</span>", escaped(&head.unit));
            }
            self.out.push_str("</th>");
        }
        self.out.push_str("</tr></thead>\n");
        // Totals are bodies of their own, so that sorting leaves them where they are.
        for rows in grid.rows.chunk_by(|one, next| one.total == next.total) {
            let total = rows.first().is_some_and(|row| row.total);
            self.out.push_str(if total { "<tbody class=\"total\">\n" } else { "<tbody>\n" });
            for row in rows {
                self.row(&grid.heads, &widest, row);
            }
            self.out.push_str("</tbody>\n");
        }
        self.out.push_str("</table></div>\n");
    }

    fn row(&mut self, heads: &[Head], widest: &[f64], row: &GridRow) {
        self.out.push_str("<tr>");
        for (at, cell) in row.cells.iter().enumerate() {
            if at == 0 {
                self.out.push_str("<th scope=\"row\">");
                self.prose(&cell.main);
                self.out.push_str("</th>");
            } else {
                let numeric = heads.get(at).is_some_and(|head| head.numeric);
                self.cell(cell, numeric, widest.get(at).copied().unwrap_or(0.0));
            }
        }
        self.out.push_str("</tr>\n");
    }

    /// A cell; `widest` is the width of the widest range of its column, in em, which paper keeps free beside points.
    fn cell(&mut self, cell: &Cell, numeric: bool, widest: f64) {
        self.out.push_str(if numeric { "<td class=\"num\"" } else { "<td" });
        // A cell that is a number is sorted by it.
        let own = match cell.main.0.as_slice() {
            [Inline::Number { cited, .. }] => Some(cited.value),
            _ => None,
        };
        if let Some(value) = cell.sort.filter(|value| value.is_finite() && Some(*value) != own) {
            self.out.push_str(" data-sort=\"");
            push_number(&mut self.out, value);
            self.out.push('"');
        }
        self.out.push('>');
        match cell.ink {
            Some(ink) => {
                let _ = write!(self.out, "<span class=\"inked c-{}\">", ink.word());
                self.prose(&cell.main);
                self.out.push_str("</span>");
            }
            None => self.prose(&cell.main),
        }
        if numeric && widest > 0.0 {
            let _ = write!(self.out, " <small style=\"--widest:{widest:.2}em\">");
            self.prose(&cell.below);
            self.out.push_str("</small>");
        } else if !cell.below.is_empty() {
            self.out.push_str(" <small>");
            self.prose(&cell.below);
            self.out.push_str("</small>");
        }
        self.out.push_str("</td>");
    }
}
