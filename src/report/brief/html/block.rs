//! A figure with what it says: text at its left, views and tables at its right.

use std::fmt::Write;

use super::Writer;
use crate::brief::content::{Block, View};
use crate::figure::Width;
use crate::figure::canvas::escaped;

/// Up to so many views are buttons beside each other; more are a list to choose from.
const BUTTONS: usize = 5;

impl Writer<'_> {
    /// The block of the `number`-th figure.
    pub(super) fn block(&mut self, number: usize, block: &Block) {
        let brief = self.brief;
        let heading = format!("{} {number}", brief.labels.figure);
        self.part.clone_from(&heading);
        let (id, head) = (self.id_of_block(block), self.id(&format!("h{number}")));
        let _ = write!(
            self.out,
            "<section class=\"block\" id=\"{id}\" aria-labelledby=\"{head}\" data-block=\"{number}\">\n\
             <div class=\"say\"><p class=\"number\">{}</p><h2 id=\"{head}\">",
            escaped(&heading)
        );
        self.heading(&block.title);
        self.out.push_str("</h2>\n");
        for text in &block.text {
            self.paragraph("p", text);
        }
        let _ = write!(self.out, "</div>\n<div class=\"show\"><figure aria-labelledby=\"{head}\">");
        self.choices(&block.views);
        for (at, view) in block.views.iter().enumerate() {
            self.view(&heading, number, at, view);
        }
        self.paragraph("figcaption", &block.note);
        self.out.push_str("</figure>\n<div class=\"behind\">");
        for (at, view) in block.views.iter().enumerate() {
            self.behind(&heading, at, view);
        }
        self.out.push_str("</div></div></section>\n");
    }

    /// The block's word with the language before it; only what an address may have.
    fn id_of_block(&self, block: &Block) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        let word: String = block.id.chars().map(plain).collect();
        format!("{}-{word}", self.brief.language.word())
    }

    /// Buttons or a list, where there is something to choose.
    fn choices(&mut self, views: &[View]) {
        if views.len() < 2 {
            return;
        }
        let label = escaped(&self.brief.labels.choose);
        if views.len() <= BUTTONS {
            let _ =
                write!(self.out, "<div class=\"seg views\" role=\"group\" aria-label=\"{label}\">");
            for (at, view) in views.iter().enumerate() {
                let _ = write!(
                    self.out,
                    "<button type=\"button\" data-choose=\"{at}\" aria-pressed=\"{}\">{}</button>",
                    at == 0,
                    escaped(&view.choice)
                );
            }
            self.out.push_str("</div>\n");
        } else {
            let _ =
                write!(self.out, "<p class=\"choose\"><label>{label}<select autocomplete=\"off\">");
            for (at, view) in views.iter().enumerate() {
                let _ =
                    write!(self.out, "<option value=\"{at}\">{}</option>", escaped(&view.choice));
            }
            self.out.push_str("</select></label></p>\n");
        }
    }

    /// What is drawn, the line for reading marks, the drawing at both widths.
    fn view(&mut self, heading: &str, number: usize, at: usize, view: &View) {
        let brief = self.brief;
        let _ = write!(self.out, "<div class=\"{}\" data-view=\"{at}\">", view_class(at));
        if !view.choice.is_empty() {
            let _ = write!(self.out, "<p class=\"choice\">{}</p>", escaped(&view.choice));
        }
        self.paragraph("p class=\"what\"", &view.description);
        let read = escaped(&format!("{heading} · {}", brief.labels.read_marks));
        let _ = write!(
            self.out,
            "<p class=\"readout\" aria-live=\"polite\"></p>\n<div class=\"plot\" data-label=\"{read}\">"
        );
        let alt = view.figure.alt(&brief.style);
        for (width, word) in Width::BOTH.into_iter().zip(["wide", "narrow"]) {
            let drawing = view.figure.draw(&brief.style, width);
            let id = self.id(&format!("f{number}_{at}_{word}"));
            // The style sheet gives the page's own fonts; the family is for who copies the drawing.
            let svg = drawing.svg(&id, "sans-serif", &alt);
            let _ = writeln!(self.out, "<div class=\"{word}\">{svg}</div>");
        }
        self.out.push_str("</div></div>\n");
    }

    /// The numbers of a view, folded, and the file that has them all.
    fn behind(&mut self, heading: &str, at: usize, view: &View) {
        let brief = self.brief;
        let _ = write!(self.out, "<div class=\"{}\" data-view=\"{at}\">", view_class(at));
        if !view.grid.heads.is_empty() {
            let _ = write!(self.out, "<details><summary>{}", escaped(&brief.labels.show_data));
            if !view.choice.is_empty() {
                let choice = escaped(&view.choice);
                let _ = write!(self.out, "<span class=\"choice\"> · {choice}</span>");
            }
            self.out.push_str("</summary>");
            let label = format!("{heading} · {}", brief.labels.show_data);
            self.grid(&view.grid, &label, true);
            self.out.push_str("</details>\n");
        }
        self.files(&view.files());
        self.out.push_str("</div>\n");
    }

    /// The line that leads to results files.
    pub(super) fn files(&mut self, names: &[&str]) {
        let words = &self.brief.labels.download;
        let links: Vec<String> = names.iter().map(|name| self.files.link(name, words)).collect();
        if !links.is_empty() {
            let _ = writeln!(self.out, "<p class=\"files\">{}</p>", links.join(" "));
        }
    }
}

/// The first view is the one that is shown.
fn view_class(at: usize) -> &'static str {
    if at == 0 { "view on" } else { "view" }
}
