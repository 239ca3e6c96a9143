//! The end of a brief: caveats with what they touch, method, sources.

use std::fmt::Write;

use super::Writer;
use super::prose::unbroken;
use crate::brief::content::{Caveat, Tag};
use crate::figure::canvas::escaped;

/// From more caveats than this on, those that do not change results are folded on a screen.
const UNFOLDED: usize = 9;

impl Writer<'_> {
    /// Caveats at the left, method and sources at the right.
    ///
    /// The right side is written first: its marks of caveats are among those that entries lead back to.
    pub(super) fn back(&mut self) {
        let before = std::mem::take(&mut self.out);
        self.method();
        self.sources();
        let right = std::mem::replace(&mut self.out, before);
        self.out.push_str("<div class=\"back\">\n");
        self.caveats();
        let _ = writeln!(self.out, "<div>{right}</div></div>");
    }

    fn caveats(&mut self) {
        let brief = self.brief;
        if brief.caveats.is_empty() {
            self.out.push_str("<div></div>");
            return;
        }
        self.part.clone_from(&brief.labels.caveats);
        self.section("", "caveats", &brief.labels.caveats);
        let fold = brief.caveats.len() > UNFOLDED;
        let (folded, plain): (Vec<&Caveat>, Vec<&Caveat>) =
            brief.caveats.iter().partition(|caveat| fold && caveat.tag >= Tag::Limits);
        self.list(&plain);
        if !folded.is_empty() {
            let (words, count) = (escaped(&brief.labels.more_caveats), folded.len());
            let _ =
                writeln!(self.out, "<details class=\"more\"><summary>{words} ({count})</summary>");
            self.list(&folded);
            self.out.push_str("</details>\n");
        }
        self.out.push_str("</section>\n");
    }

    fn list(&mut self, caveats: &[&Caveat]) {
        if caveats.is_empty() {
            return;
        }
        self.out.push_str("<ol>\n");
        for caveat in caveats {
            self.caveat(caveat);
        }
        self.out.push_str("</ol>\n");
    }

    fn caveat(&mut self, caveat: &Caveat) {
        let (id, number) = (self.id(&format!("c{}", caveat.number)), caveat.number);
        let warn = if caveat.tag == Tag::MayChange { " warn" } else { "" };
        let _ = writeln!(
            self.out,
            "<li class=\"caveat\" id=\"{id}\" value=\"{number}\" tabindex=\"-1\"><span class=\"digit\" \
             aria-hidden=\"true\">{number}</span><div><p><b title=\"{}\">{}</b> \
             <span class=\"tag{warn}\">{}</span></p>",
            escaped(&caveat.code),
            escaped(&caveat.name),
            escaped(&caveat.tag_word)
        );
        self.paragraph("p", &caveat.text);
        self.trail(caveat);
        self.out.push_str("</div></li>\n");
    }

    /// Links to the first mark in each part, and the run's own words.
    fn trail(&mut self, caveat: &Caveat) {
        let labels = &self.brief.labels;
        let mut parts: Vec<(&str, &str)> = Vec::new();
        for mention in self.mentions.iter().filter(|mention| mention.number == caveat.number) {
            if parts.iter().all(|(part, _)| *part != mention.part) {
                parts.push((&mention.part, &mention.id));
            }
        }
        if parts.is_empty() && caveat.own_words.is_empty() {
            return;
        }
        let mut out = String::from("<div class=\"trail\">");
        if !parts.is_empty() {
            let _ = write!(out, "<span>{}", escaped(&labels.back));
            for (part, id) in &parts {
                let _ = write!(out, " <a href=\"#{id}\">{}</a>", escaped(part));
            }
            out.push_str("</span>");
        }
        if !caveat.own_words.is_empty() {
            let (words, code) = (escaped(&labels.own_words), escaped(&caveat.code));
            let _ = write!(
                out,
                "<details><summary>{words}</summary><code>{code}</code><ul lang=\"en\">"
            );
            for words in &caveat.own_words {
                let _ = write!(out, "<li>{}</li>", escaped(words));
            }
            out.push_str("</ul></details>");
        }
        out.push_str("</div>");
        self.out.push_str(&out);
    }

    fn method(&mut self) {
        let brief = self.brief;
        if brief.method.is_empty() {
            return;
        }
        self.part.clone_from(&brief.labels.method);
        self.section("box", "method", &brief.labels.method);
        for paragraph in &brief.method {
            self.paragraph("p", paragraph);
        }
        self.out.push_str("</section>\n");
    }

    fn sources(&mut self) {
        let brief = self.brief;
        if brief.sources.is_empty() {
            return;
        }
        self.section("sources", "sources", &brief.labels.sources);
        self.out.push_str("<dl>\n");
        for line in &brief.sources {
            let _ = write!(
                self.out,
                "<div><dt>{}</dt> <dd>{}",
                escaped(&line.name),
                unbroken(&line.text)
            );
            if !line.hash.is_empty() {
                let _ = write!(self.out, " <code>sha256 {}</code>", escaped(&line.hash));
            }
            self.out.push_str("</dd></div>\n");
        }
        self.out.push_str("</dl>");
        if brief.table.is_none() {
            let _ = write!(self.out, "<p>{}</p>", escaped(&brief.labels.rounding));
        }
        self.out.push_str("</section>\n");
    }

    /// Opens a section with its heading.
    fn section(&mut self, class: &str, name: &str, heading: &str) {
        let (id, head) = (self.id(name), self.id(&format!("{name}_h")));
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        let _ = writeln!(
            self.out,
            "<section{class} id=\"{id}\" aria-labelledby=\"{head}\"><h2 id=\"{head}\">{}</h2>",
            escaped(heading)
        );
    }
}
