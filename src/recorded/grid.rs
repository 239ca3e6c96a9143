//! What `summary.json` says of a grid of scenarios: enough to turn its dials over the lines of `grid.csv`.
//!
//! ```text
//! point = DIAL=STOP/DIAL=STOP/...   every dial once, in the order of the list
//! ```

use serde::{Deserialize, Serialize};

use super::NamedCode;

/// The file with the points of a grid.
pub const GRID: &str = "grid.csv";

/// A dial with its stops.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedDial {
    /// Its word and names.
    pub dial: NamedCode,
    /// Where it can stand, numbers rising. The code of a number is the number.
    pub stops: Vec<NamedCode>,
    /// Position of the scenario's own stop.
    pub own: usize,
}

/// A point that has no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unanswered {
    /// The point.
    pub point: String,
    /// Why it has none.
    pub why: String,
}

/// A grid of scenarios around that of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedGrid {
    /// The year of its numbers, the last of the run.
    pub year: i32,
    /// Its dials; those with one stop were not turned.
    pub dials: Vec<RecordedDial>,
    /// The point of the scenario itself.
    pub own: String,
    /// Points that `grid.csv` has no lines of.
    pub unanswered: Vec<Unanswered>,
}

impl RecordedGrid {
    /// The point at which each dial stands at one of its stops, as `grid.csv` calls it; none if there is not one
    /// stop for each dial.
    ///
    /// # Examples
    /// ```
    /// use irio::recorded::NamedCode;
    /// use irio::recorded::grid::{RecordedDial, RecordedGrid};
    /// let dial = |word: &str, stops: [&str; 2]| RecordedDial {
    ///     dial: NamedCode::code(word),
    ///     stops: stops.map(NamedCode::code).to_vec(),
    ///     own: 0,
    /// };
    /// let dials = vec![dial("share", ["0.1", "0.2"]), dial("technology", ["destination", "origin"])];
    /// let own = "share=0.1/technology=destination".to_owned();
    /// let grid = RecordedGrid { year: 2007, dials, own, unanswered: Vec::new() };
    /// assert_eq!(grid.point(&[1, 0]).unwrap(), "share=0.2/technology=destination");
    /// assert_eq!(grid.point(&[0, 0]).unwrap(), grid.own);
    /// assert_eq!(grid.point(&[2, 0]), None);
    /// ```
    pub fn point(&self, stops: &[usize]) -> Option<String> {
        if stops.len() != self.dials.len() {
            return None;
        }
        let at = |(dial, at): (&RecordedDial, &usize)| {
            Some(format!("{}={}", dial.dial.code, dial.stops.get(*at)?.code))
        };
        let parts: Option<Vec<String>> = self.dials.iter().zip(stops).map(at).collect();
        Some(parts?.join("/"))
    }
}
