//! Frames as pandas writes them in text: cells parted by tabs, rows formatted on all cores.

use rayon::prelude::*;

use super::frame::{Body, Frame};
use crate::tidy::push_number;

/// Cells that one thread formats at a time.
const BLOCK: usize = 1 << 16;

/// Text of a frame.
pub(super) fn of(frame: &Frame<'_>) -> String {
    let mut out = String::new();
    header(frame, &mut out);
    let block = (BLOCK / frame.width().max(1)).max(1);
    let starts: Vec<usize> = (0..frame.rows).step_by(block).collect();
    // A few blocks at a time, so that a large matrix is not held twice.
    for group in starts.chunks(4 * rayon::current_num_threads()) {
        let texts: Vec<String> = group
            .par_iter()
            .map(|&start| {
                let mut out = String::with_capacity(block * frame.width() * 12);
                (start..(start + block).min(frame.rows)).for_each(|at| row(frame, at, &mut out));
                out
            })
            .collect();
        texts.iter().for_each(|text| out.push_str(text));
    }
    out
}

fn push_text(out: &mut String, text: &str) {
    if text.contains(['\t', '"', '\n', '\r']) {
        out.push('"');
        out.push_str(&text.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(text);
    }
}

/// Texts parted by tabs.
fn cells<'t>(texts: impl Iterator<Item = &'t str>, out: &mut String) {
    for (at, text) in texts.enumerate() {
        if at > 0 {
            out.push('\t');
        }
        push_text(out, text);
    }
}

/// One line of labels has the names of the index in front; below two, these have a line of their own.
fn header(frame: &Frame<'_>, out: &mut String) {
    let names = || frame.index.iter().copied();
    if let [head] = frame.heads.as_slice() {
        cells(names().chain(head.texts.iter().copied()), out);
        out.push('\n');
        return;
    }
    let blank = || std::iter::repeat_n("", frame.index.len().saturating_sub(1));
    for head in &frame.heads {
        let name = std::iter::once(head.name.unwrap_or_default());
        cells(name.chain(blank()).chain(head.texts.iter().copied()), out);
        out.push('\n');
    }
    cells(names().chain(std::iter::repeat_n("", frame.width())), out);
    out.push('\n');
}

fn row(frame: &Frame<'_>, at: usize, out: &mut String) {
    cells((frame.labels)(at).into_iter(), out);
    match &frame.body {
        Body::Texts(text) => {
            out.push('\t');
            push_text(out, text(at));
        }
        Body::Numbers(numbers) => {
            let mut next = 0;
            numbers(at, &mut |column, value| {
                (next..column).for_each(|_| out.push_str("\t0"));
                out.push('\t');
                push_number(out, value);
                next = column + 1;
            });
            (next..frame.width()).for_each(|_| out.push_str("\t0"));
        }
    }
    out.push('\n');
}
