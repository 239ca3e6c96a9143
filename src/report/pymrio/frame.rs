//! Frames as pandas writes them: cells parted by tabs, rows formatted on all cores.

use rayon::prelude::*;

use crate::tidy::push_number;

/// Cells that one thread formats at a time.
const BLOCK: usize = 1 << 16;

fn push_text(out: &mut String, text: &str) {
    if text.contains(['\t', '"', '\n', '\r']) {
        out.push('"');
        out.push_str(&text.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(text);
    }
}

/// Lines of texts and numbers below a header.
pub(super) struct Lines(String);

impl Lines {
    pub(super) fn new(header: &[&str]) -> Self {
        let mut lines = Lines(String::new());
        // An empty first cell is an index without a name.
        if header.first() == Some(&"") {
            lines.0.push('\t');
        }
        header.iter().filter(|text| !text.is_empty()).for_each(|text| {
            lines.text(text);
        });
        lines.end();
        lines
    }

    fn gap(&mut self) {
        if !self.0.is_empty() && !self.0.ends_with(['\n', '\t']) {
            self.0.push('\t');
        }
    }

    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.gap();
        push_text(&mut self.0, text);
        self
    }

    pub(super) fn number(&mut self, value: f64) -> &mut Self {
        self.gap();
        push_number(&mut self.0, value);
        self
    }

    pub(super) fn end(&mut self) {
        self.0.push('\n');
    }

    pub(super) fn into_text(self) -> String {
        self.0
    }
}

/// Calls `see` for every number that is not zero.
pub(super) fn each(values: &[f64], see: &mut dyn FnMut(usize, f64)) {
    values
        .iter()
        .enumerate()
        .filter(|(_, value)| **value != 0.0)
        .for_each(|(at, value)| see(at, *value));
}

/// A matrix with two header lines and columns of labels.
pub(super) struct Frame {
    out: String,
    width: usize,
}

impl Frame {
    /// Begins a frame: names of the header lines, what they say, names of the columns of labels.
    pub(super) fn new(levels: [&str; 2], heads: &[(&str, &str)], index: &[String]) -> Self {
        let mut out = String::new();
        let tabs = "\t".repeat(index.len() - 1);
        for (level, name) in levels.into_iter().enumerate() {
            out.push_str(name);
            out.push_str(&tabs);
            for head in heads {
                out.push('\t');
                push_text(&mut out, if level == 0 { head.0 } else { head.1 });
            }
            out.push('\n');
        }
        for (at, name) in index.iter().enumerate() {
            if at > 0 {
                out.push('\t');
            }
            push_text(&mut out, name);
        }
        out.push_str(&"\t".repeat(heads.len()));
        out.push('\n');
        Frame { out, width: heads.len() }
    }

    /// Adds rows: `label` names one, `cells` shows its stored cells in order of columns.
    pub(super) fn rows<'l>(
        &mut self,
        count: usize,
        label: &(impl Fn(usize) -> Vec<&'l str> + Sync),
        cells: impl Fn(usize, &mut dyn FnMut(usize, f64)) + Sync,
    ) {
        let width = self.width;
        let row = |at: usize, out: &mut String| {
            for (level, text) in label(at).into_iter().enumerate() {
                if level > 0 {
                    out.push('\t');
                }
                push_text(out, text);
            }
            let mut next = 0;
            cells(at, &mut |column, value| {
                (next..column).for_each(|_| out.push_str("\t0"));
                out.push('\t');
                push_number(out, value);
                next = column + 1;
            });
            (next..width).for_each(|_| out.push_str("\t0"));
            out.push('\n');
        };
        let block = (BLOCK / width.max(1)).max(1);
        let starts: Vec<usize> = (0..count).step_by(block).collect();
        // A few blocks at a time, so that a large matrix is not held twice.
        for group in starts.chunks(4 * rayon::current_num_threads()) {
            let texts: Vec<String> = group
                .par_iter()
                .map(|&start| {
                    let mut out = String::with_capacity(block * width * 12);
                    (start..(start + block).min(count)).for_each(|at| row(at, &mut out));
                    out
                })
                .collect();
            texts.iter().for_each(|text| self.out.push_str(text));
        }
    }

    pub(super) fn into_text(self) -> String {
        self.out
    }
}
