//! Colours by what they mean, for light and dark pages.
//!
//! A mark names a role; the drawing carries the light colour as an attribute and the role as a class, so a page's
//! style sheet can put the dark colour in its place while a printer or a picture reads the attribute.

use std::fmt::Write;

/// What a colour means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ink {
    /// The ground.
    Paper,
    /// Boxes on the ground.
    Panel,
    /// Text, and the zero line.
    Ink,
    /// Second text.
    Ink2,
    /// Notes, axes.
    Ink3,
    /// Lines behind the data.
    Grid,
    /// Rules between blocks.
    Rule,
    /// What receives.
    In,
    /// What gives.
    Out,
    /// Value added.
    ValueAdded,
    /// Carbon, and other stressors.
    Stressor,
    /// The scenario.
    Scenario,
    /// The baseline.
    Baseline,
    /// Of unknown direction; not for text.
    Unclear,
    /// Bars that are not the subject.
    Context,
    /// Links and the focus ring.
    Link,
    /// Warnings.
    Warn,
    /// The series: the rule at the top, switches that are on; carries text in the colour of the ground.
    Brand,
    /// One of five categories.
    Category(u8),
    /// One of nine classes from giving (0) through nothing (4) to receiving (8).
    Diverging(u8),
    /// One of six classes from little (0) to much (5).
    Sequential(u8),
    /// Text on a diverging class.
    OnDiverging(u8),
    /// Text on a sequential class.
    OnSequential(u8),
}

/// Quantities whose levels have a colour of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// Value added.
    ValueAdded,
    /// Carbon, another stressor, or anything else.
    Stressor,
}

impl Quantity {
    /// Its colour.
    pub fn ink(self) -> Ink {
        match self {
            Quantity::ValueAdded => Ink::ValueAdded,
            Quantity::Stressor => Ink::Stressor,
        }
    }
}

const BASIC: [(Ink, &str); 18] = [
    (Ink::Paper, "paper"),
    (Ink::Panel, "panel"),
    (Ink::Ink, "ink"),
    (Ink::Ink2, "ink2"),
    (Ink::Ink3, "ink3"),
    (Ink::Grid, "grid"),
    (Ink::Rule, "rule"),
    (Ink::In, "in"),
    (Ink::Out, "out"),
    (Ink::ValueAdded, "va"),
    (Ink::Stressor, "co2"),
    (Ink::Scenario, "scn"),
    (Ink::Baseline, "base"),
    (Ink::Unclear, "unc"),
    (Ink::Context, "context"),
    (Ink::Link, "link"),
    (Ink::Warn, "warn"),
    (Ink::Brand, "brand"),
];

impl Ink {
    /// Every role.
    pub fn all() -> impl Iterator<Item = Ink> {
        let classes = (0..5u8).map(Ink::Category);
        let diverging = (0..9u8).flat_map(|class| [Ink::Diverging(class), Ink::OnDiverging(class)]);
        let sequential =
            (0..6u8).flat_map(|class| [Ink::Sequential(class), Ink::OnSequential(class)]);
        BASIC.iter().map(|(ink, _)| *ink).chain(classes).chain(diverging).chain(sequential)
    }

    /// The word for it in class names and templates.
    pub fn word(self) -> String {
        match self {
            Ink::Category(class) => format!("cat{class}"),
            Ink::Diverging(class) => format!("div{class}"),
            Ink::Sequential(class) => format!("seq{class}"),
            Ink::OnDiverging(class) => format!("ondiv{class}"),
            Ink::OnSequential(class) => format!("onseq{class}"),
            basic => BASIC
                .iter()
                .find(|(ink, _)| *ink == basic)
                .map_or(String::new(), |(_, word)| (*word).to_owned()),
        }
    }
}

/// Colours of one theme, as `#RRGGBB`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    basic: [String; 18],
    categories: [String; 5],
    diverging: [String; 9],
    sequential: [String; 6],
    /// Text on classes: the darker and the lighter of the two.
    on: [String; 2],
    /// Whether a diverging or sequential class carries the lighter text.
    light_on: ([bool; 9], [bool; 6]),
}

fn owned<const N: usize>(texts: [&str; N]) -> [String; N] {
    texts.map(str::to_owned)
}

impl Theme {
    /// The default colours on white.
    pub fn light() -> Self {
        Theme {
            basic: owned([
                "#FFFFFF", "#F4F6F8", "#15202B", "#45525E", "#5D6A76", "#E1E6EA", "#CFD6DC",
                "#1B66B0", "#B8500F", "#00776E", "#3F474F", "#6A4A9C", "#6B7782", "#7A858F",
                "#9AA6B1", "#1D5A9E", "#8A5A00", "#12365C",
            ]),
            categories: owned(["#1B66B0", "#B8500F", "#0A9B98", "#262063", "#6A1A16"]),
            diverging: owned([
                "#8A3A06", "#D0743A", "#EDA877", "#F8DCC6", "#EEF0F2", "#CFE0F2", "#8FBCE6",
                "#4A90D1", "#0F4C8A",
            ]),
            sequential: owned(["#EEF1F3", "#CFD8DE", "#A5B4BF", "#768998", "#4C5F6F", "#253644"]),
            on: owned(["#15202B", "#FFFFFF"]),
            light_on: (
                [true, false, false, false, false, false, false, false, true],
                [false, false, false, false, true, true],
            ),
        }
    }

    /// The default colours on near-black.
    pub fn dark() -> Self {
        Theme {
            basic: owned([
                "#11171D", "#1A222A", "#E8EDF2", "#B9C3CC", "#97A3AE", "#2C3640", "#36414C",
                "#6DB1F2", "#F2955A", "#45C2B5", "#D3D8DD", "#B79CE6", "#95A1AC", "#8994A0",
                "#64717D", "#8FC0F2", "#E3B341", "#8FC0F2",
            ]),
            categories: owned(["#6DB1F2", "#F2955A", "#5BE3DB", "#4C6FB5", "#EEE27C"]),
            diverging: owned([
                "#F7B588", "#D97B3C", "#9A5527", "#573522", "#2A333C", "#22405E", "#2A628F",
                "#4C93D0", "#A5D0F7",
            ]),
            sequential: owned(["#1F2830", "#33414D", "#4F6271", "#778C9B", "#A9BAC6", "#DCE6EC"]),
            on: owned(["#11171D", "#E8EDF2"]),
            light_on: (
                [false, false, true, true, true, true, true, false, false],
                [true, true, true, false, false, false],
            ),
        }
    }

    /// Colour of a role.
    pub fn colour(&self, ink: Ink) -> &str {
        let on = |light: bool| &self.on[usize::from(light)];
        match ink {
            Ink::Category(class) => &self.categories[usize::from(class).min(4)],
            Ink::Diverging(class) => &self.diverging[usize::from(class).min(8)],
            Ink::Sequential(class) => &self.sequential[usize::from(class).min(5)],
            Ink::OnDiverging(class) => on(self.light_on.0[usize::from(class).min(8)]),
            Ink::OnSequential(class) => on(self.light_on.1[usize::from(class).min(5)]),
            basic => {
                let at = BASIC.iter().position(|(ink, _)| *ink == basic).unwrap_or(2);
                &self.basic[at]
            }
        }
    }

    /// Puts another colour, `#RRGGBB`, in the place of a role that has one of its own.
    pub fn set(&mut self, ink: Ink, colour: &str) {
        let place = match ink {
            Ink::Category(class) => self.categories.get_mut(usize::from(class)),
            Ink::Diverging(class) => self.diverging.get_mut(usize::from(class)),
            Ink::Sequential(class) => self.sequential.get_mut(usize::from(class)),
            Ink::OnDiverging(_) | Ink::OnSequential(_) => None,
            basic => BASIC
                .iter()
                .position(|(ink, _)| *ink == basic)
                .and_then(|at| self.basic.get_mut(at)),
        };
        if let Some(place) = place {
            colour.clone_into(place);
        }
    }

    /// Rules of a style sheet that paint every class of a drawing in this theme's colours, each selector
    /// behind `scope`.
    pub fn css(&self, scope: &str) -> String {
        let mut out = String::new();
        for ink in Ink::all() {
            let (word, colour) = (ink.word(), self.colour(ink));
            let _ =
                write!(out, "{scope}.f-{word}{{fill:{colour}}}{scope}.s-{word}{{stroke:{colour}}}");
        }
        out
    }
}

/// Contrast of two colours `#RRGGBB` by WCAG 2.2: from 1 to 21. Nothing if one is no colour.
///
/// # Examples
/// ```
/// use irio::figure::ink::contrast;
/// assert_eq!(contrast("#FFFFFF", "#000000").unwrap().round(), 21.0);
/// assert!((contrast("#1B66B0", "#FFFFFF").unwrap() - 5.9).abs() < 0.05);
/// ```
pub fn contrast(one: &str, other: &str) -> Option<f64> {
    let (a, b) = (luminance(one)?, luminance(other)?);
    Some((a.max(b) + 0.05) / (a.min(b) + 0.05))
}

fn luminance(colour: &str) -> Option<f64> {
    let digits = colour.strip_prefix('#').filter(|text| text.len() == 6 && text.is_ascii())?;
    let part = |at: usize| {
        let value = f64::from(u8::from_str_radix(&digits[at..at + 2], 16).ok()?) / 255.0;
        Some(match value <= 0.04045 {
            true => value / 12.92,
            false => ((value + 0.055) / 1.055).powf(2.4),
        })
    };
    Some(0.2126 * part(0)? + 0.7152 * part(2)? + 0.0722 * part(4)?)
}

/// What stands on a ground, and the contrast that it needs there: text 4.5, marks 3 (WCAG 2.2, 1.4.3 and 1.4.11).
pub const LEAST_CONTRASTS: [(Ink, f64); 13] = [
    (Ink::Ink, 4.5),
    (Ink::Ink2, 4.5),
    (Ink::Ink3, 4.5),
    (Ink::In, 4.5),
    (Ink::Out, 4.5),
    (Ink::ValueAdded, 4.5),
    (Ink::Stressor, 4.5),
    (Ink::Scenario, 4.5),
    (Ink::Link, 4.5),
    (Ink::Warn, 4.5),
    (Ink::Brand, 4.5),
    (Ink::Baseline, 3.0),
    (Ink::Unclear, 3.0),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Text reads at 4.5, marks at 3 on the ground and on boxes, in both themes.
    #[test]
    fn every_text_and_mark_stands_out() {
        for theme in [Theme::light(), Theme::dark()] {
            for (ink, least) in LEAST_CONTRASTS {
                for ground in [Ink::Paper, Ink::Panel] {
                    let found = contrast(theme.colour(ink), theme.colour(ground)).unwrap();
                    assert!(found >= least, "{ink:?} on {ground:?}: {found}");
                }
            }
            for class in 0..9 {
                let (ground, text) = (Ink::Diverging(class), Ink::OnDiverging(class));
                assert!(contrast(theme.colour(ground), theme.colour(text)).unwrap() >= 4.5);
            }
            for class in 0..6 {
                let (ground, text) = (Ink::Sequential(class), Ink::OnSequential(class));
                assert!(contrast(theme.colour(ground), theme.colour(text)).unwrap() >= 4.5);
            }
        }
    }

    #[test]
    fn a_role_can_be_given_another_colour() {
        let mut theme = Theme::light();
        theme.set(Ink::In, "#003366");
        assert_eq!(theme.colour(Ink::In), "#003366");
        assert!(theme.css("").contains(".f-in{fill:#003366}"));
    }
}
