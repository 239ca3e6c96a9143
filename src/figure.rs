//! Figures as SVG: the same numbers give the same bytes.
//!
//! A figure is plain data in one language (names, numbers with the lines of the files where they stand, a
//! [`Measure`](crate::numerals::Measure) for each quantity), and draws itself at two widths. Colours are roles
//! ([`ink`]), texts are measured without fonts ([`text`]), labels placed by a fixed order ([`place`]), and what
//! has no room is told, never cut. Every text's box is kept, so tests hold them inside and apart.
//!
//! # Examples
//! ```
//! use irio::figure::names::Named;
//! use irio::figure::net_bars::{NetBars, Panel, Row};
//! use irio::figure::{Figure, Style, Width};
//! use irio::numerals::{Cited, Estimate, Language, Measure};
//!
//! let estimate = |value: f64, line| Estimate::bare(Cited::new(value, "sums.csv", line));
//! let figure = NetBars {
//!     panels: vec![Panel {
//!         head: "增加值".to_owned(),
//!         measure: Measure::of_figure("10^8 yuan", 5988.0, Language::Chinese),
//!     }],
//!     rows: vec![
//!         Row { name: Named::new("西北"), values: vec![Some(estimate(4551.0, 2))] },
//!         Row { name: Named::new("东部沿海"), values: vec![Some(estimate(-5988.0, 3))] },
//!     ],
//! };
//! let drawing = figure.draw(&Style::of(Language::Chinese), Width::Wide);
//! let svg = drawing.svg("f1", "sans-serif", &figure.alt(&Style::of(Language::Chinese)));
//! assert!(svg.contains("+4551"));
//! ```

pub mod axis;
pub mod butterfly;
pub mod canvas;
pub mod chord;
pub mod choropleth;
pub mod classes;
pub mod coefficients;
pub mod concentration;
pub mod dumbbell;
pub mod fan;
pub mod head;
pub mod heatmap;
pub mod ink;
pub mod key;
pub mod level_bars;
pub mod moran;
pub mod names;
pub mod net_bars;
pub mod numbered;
pub mod phrase;
pub mod place;
pub mod quadrant;
pub mod quality;
pub mod ranking;
pub mod rows;
pub mod sankey;
pub mod scale;
pub mod scenario_table;
pub mod stacked;
pub mod text;
pub mod tile_map;
pub mod tornado;
pub mod turning_point;
pub mod waterfall;
pub mod words;

use self::canvas::{Alt, Drawing};
use self::words::Words;
use crate::numerals::Language;

/// For which room a figure is drawn; each has its own layout, none is scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Width {
    /// 744 px: laptops and paper.
    Wide,
    /// 350 px: phones.
    Narrow,
}

impl Width {
    /// Both.
    pub const BOTH: [Width; 2] = [Width::Wide, Width::Narrow];

    /// In px.
    pub fn px(self) -> f64 {
        match self {
            Width::Wide => 744.0,
            Width::Narrow => 350.0,
        }
    }

    /// One of two values.
    pub fn pick<T>(self, wide: T, narrow: T) -> T {
        match self {
            Width::Wide => wide,
            Width::Narrow => narrow,
        }
    }
}

/// What every figure of a page shares.
#[derive(Debug, Clone)]
pub struct Style {
    /// Language of the words that figures add.
    pub language: Language,
    /// They.
    pub words: Words,
}

impl Style {
    /// The default words of a language.
    pub fn of(language: Language) -> Self {
        Style { language, words: Words::of(language) }
    }
}

/// Something that draws itself.
pub trait Figure: std::fmt::Debug {
    /// The drawing at a width.
    fn draw(&self, style: &Style, width: Width) -> Drawing;

    /// What it is and shows in words: type, quantity, largest and smallest with values, what is unclear.
    fn alt(&self, style: &Style) -> Alt;
}

#[cfg(test)]
pub(crate) mod testing;

/// At most so many categories are named; the rest is one, "other".
pub const NAMED: usize = 12;
