//! What every figure is held to.

use super::canvas::{Drawing, Rect};
use super::names::Named;
use super::{Figure, Style, Width};
use crate::numerals::{Cited, Estimate, Language};

/// Draws a figure at both widths in a language and holds every text inside the drawing and apart from the others.
///
/// # Panics
/// If a text leaves the drawing or covers another, a place is no number, or the description of the figure is empty or
/// too long.
#[track_caller]
pub(crate) fn assert_readable(figure: &dyn Figure, language: Language) {
    let style = Style::of(language);
    let alt = figure.alt(&style);
    for width in Width::BOTH {
        let drawing = figure.draw(&style, width);
        assert_apart(&drawing);
        let svg = drawing.svg("f", "sans-serif", &alt);
        for word in ["NaN", "\"inf\"", "\"-inf\"", ",inf", "inf,", ">inf<", ">-inf<"] {
            assert!(!svg.contains(word), "{width:?}: {word} in {svg}");
        }
    }
    assert!(!alt.title.is_empty() && !alt.text.is_empty());
    assert!(alt.text.chars().count() <= 500, "{}", alt.text);
}

/// # Panics
/// If a text leaves the drawing or covers another.
#[track_caller]
pub(crate) fn assert_apart(drawing: &Drawing) {
    let width = drawing.width;
    let all = Rect::new(0.0, 0.0, drawing.width, drawing.height);
    for (at, one) in drawing.texts.iter().enumerate() {
        assert!(all.holds(&one.rect), "{width}: {one:?} leaves {all:?}");
        for other in &drawing.texts[..at] {
            assert!(!other.rect.overlaps(&one.rect), "{width}: {one:?} covers {other:?}");
        }
    }
}

/// Names of `count` regions or sectors, the k-th of a length that runs from one to 24 Han or three to 40 Latin
/// characters.
pub(crate) fn names(count: usize, language: Language) -> Vec<Named> {
    let han: Vec<char> =
        "金属冶炼及压延加工业交通运输仓储邮政业批发零售贸易住宿餐饮".chars().collect();
    let latin = "Transportation, storage, post and telecommunications services of all kinds";
    let one = |k: usize| {
        let name = match language {
            Language::Chinese => {
                (0..1 + (k * 7) % 24).map(|at| han[(k + at) % han.len()]).collect()
            }
            Language::English => {
                latin.chars().skip(k % 7).take(3 + (k * 11) % 38).collect::<String>()
            }
        };
        let short: String = name.trim().chars().take(language.pick(4, 9)).collect();
        Named::new(name.trim()).short(short.trim()).code(format!("R{k}"))
    };
    (0..count).map(one).collect()
}

/// A number of either sign for the k-th of a list, with a range that crosses zero for some.
pub(crate) fn estimate(k: usize) -> Estimate {
    let size = 5000.0 / (1.0 + (k * 13 % 17) as f64);
    let value = if k.is_multiple_of(3) { -size } else { size };
    let wide = if k % 5 == 4 { 1.4 } else { 0.6 };
    let cited = |value: f64, line: usize| Cited::new(value, "sums.csv", line as u64 + 2);
    Estimate {
        point: cited(value, 3 * k),
        range: Some([cited(value - wide * size, 3 * k + 1), cited(value + wide * size, 3 * k + 2)]),
        disputed: false,
    }
}

/// Draws a figure at both widths and holds it to be free of what is no number.
///
/// # Panics
/// If the drawing holds `NaN` or `inf` or leaves its own height undefined.
#[track_caller]
pub(crate) fn assert_numbers(figure: &dyn Figure, language: Language) {
    let style = Style::of(language);
    for width in Width::BOTH {
        let drawing = figure.draw(&style, width);
        let svg = drawing.svg("f", "sans-serif", &figure.alt(&style));
        assert!(drawing.height.is_finite() && drawing.height > 0.0);
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }
}

/// A drawing as text with one element a line, for snapshots whose differences can be read.
pub(crate) fn lines(figure: &dyn Figure, language: Language, width: Width) -> String {
    let style = Style::of(language);
    let svg = figure.draw(&style, width).svg("f", "sans-serif", &figure.alt(&style));
    svg.replace("><", ">\n<")
}
