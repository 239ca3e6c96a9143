//! Dials over runs that were computed before: every combination of stops is one cell of texts in the page.

use std::fmt::Write;

use super::Writer;
use super::prose::unbroken;
use crate::brief::content::{Dial, Dials};
use crate::figure::canvas::escaped;

/// What stands where no run was computed.
const NOTHING: &str = "—";

impl Writer<'_> {
    /// Sliders over the stops, and the numbers that follow them.
    pub(super) fn dials(&mut self, dials: &Dials) {
        let (id, head) = (self.id("dials"), self.id("dials_h"));
        let _ = writeln!(
            self.out,
            "<section class=\"block dials\" id=\"{id}\" aria-labelledby=\"{head}\">\n\
             <div class=\"say\"><h2 id=\"{head}\">{}</h2>",
            escaped(&dials.title)
        );
        self.command(dials);
        self.out.push_str("</div>\n<div class=\"show\">");
        let ids: Vec<String> =
            (0..dials.dials.len()).map(|at| self.id(&format!("dial{at}"))).collect();
        for (at, dial) in dials.dials.iter().enumerate() {
            self.dial(&ids[at], at, dial, start(dials, at));
        }
        self.outputs(dials, &ids.join(" "));
        let texts = serde_json::to_string(&dials.cells).unwrap_or_default();
        let _ = writeln!(
            self.out,
            "<script type=\"application/json\" class=\"cells\">{}</script>",
            // Nothing in it may end the element.
            texts.replace('<', "\\u003c")
        );
        self.out.push_str("<div class=\"behind\">");
        self.files(&[&dials.file]);
        self.out.push_str("</div></div></section>\n");
    }

    fn dial(&mut self, id: &str, at: usize, dial: &Dial, start: usize) {
        let word = escaped(dial.stops.get(start).map_or(NOTHING, String::as_str));
        let stops = escaped(&serde_json::to_string(&dial.stops).unwrap_or_default());
        let last = dial.stops.len().saturating_sub(1);
        let _ = writeln!(
            self.out,
            "<div class=\"dial\"><p><label for=\"{id}\">{}</label> <b data-dial=\"{at}\">{word}</b></p>\n\
             <input type=\"range\" id=\"{id}\" min=\"0\" max=\"{last}\" step=\"1\" value=\"{start}\" \
             aria-valuetext=\"{word}\" data-stops=\"{stops}\" autocomplete=\"off\">",
            escaped(&dial.name)
        );
        if let (Some(first), Some(last)) = (dial.stops.first(), dial.stops.last()) {
            let _ = write!(
                self.out,
                "<p class=\"ends\" aria-hidden=\"true\"><span>{}</span><span>{}</span></p>",
                escaped(first),
                escaped(last)
            );
        }
        self.out.push_str("</div>\n");
    }

    fn outputs(&mut self, dials: &Dials, ids: &str) {
        let texts = dials.cells.get(index(dials));
        self.out.push_str("<dl class=\"keys\">\n");
        for (at, output) in dials.outputs.iter().enumerate() {
            let text = texts.and_then(|texts| texts.get(at)).map_or(NOTHING, String::as_str);
            let _ = write!(
                self.out,
                "<div><dt>{}</dt><dd class=\"big\"><output for=\"{ids}\" data-src=\"{}\">{}</output>",
                escaped(&output.name),
                escaped(&dials.file),
                escaped(text)
            );
            if !output.unit.is_empty() {
                let _ = write!(self.out, " <small>{}</small>", escaped(&output.unit));
            }
            self.out.push_str("</dd></div>\n");
        }
        self.out.push_str("</dl>\n");
    }

    /// The command that prints the combination: `{0}` of the note follows the first dial.
    fn command(&mut self, dials: &Dials) {
        if dials.note.is_empty() {
            return;
        }
        let mut text = unbroken(&dials.note);
        for (at, dial) in dials.dials.iter().enumerate() {
            let stop = dial.stops.get(start(dials, at)).map_or(NOTHING, String::as_str);
            let place = format!("<span data-dial=\"{at}\">{}</span>", escaped(stop));
            text = text.replace(&format!("{{{at}}}"), &place);
        }
        // What stands between backticks is to be typed.
        for (at, part) in text.split('`').enumerate() {
            let _ = match at % 2 {
                0 if at == 0 => write!(self.out, "<p class=\"note\">{part}"),
                0 => write!(self.out, "</code>{part}"),
                _ => write!(self.out, "<code>{part}"),
            };
        }
        let open = text.matches('`').count() % 2 == 1;
        self.out.push_str(if open { "</code></p>\n" } else { "</p>\n" });
    }
}

/// The stop at which a dial stands at first.
fn start(dials: &Dials, dial: usize) -> usize {
    dials.start.get(dial).copied().unwrap_or(0)
}

/// The cell of the combination at which all dials stand at first; the last dial turns fastest.
fn index(dials: &Dials) -> usize {
    dials.dials.iter().enumerate().fold(0, |index, (at, dial)| {
        index.saturating_mul(dial.stops.len()).saturating_add(start(dials, at))
    })
}
