//! Numbers that are to be the same, with what differs said in one line each.

use serde_json::Value;

/// What was found against what is expected.
#[derive(Default)]
pub struct Report {
    gaps: Vec<String>,
    compared: usize,
}

impl Report {
    /// A number, within a tolerance relative to the expected one or to `scale` where that is larger.
    pub fn near(
        &mut self,
        name: &str,
        found: Option<f64>,
        expected: &Value,
        tolerance: f64,
        scale: f64,
    ) {
        let Some(expected) = expected.as_f64() else {
            self.gaps.push(format!("{name}: the case has no number"));
            return;
        };
        self.compared += 1;
        let Some(found) = found else {
            self.gaps.push(format!("{name}: not estimated, expected {expected}"));
            return;
        };
        let gap = (found - expected).abs() / expected.abs().max(scale).max(1e-300);
        if gap.is_nan() || gap > tolerance {
            self.gaps.push(format!("{name}: found {found}, expected {expected}, gap {gap:.1e}"));
        }
    }

    /// Says that something is wrong.
    pub fn wrong(&mut self, text: String) {
        self.gaps.push(text);
    }

    /// Nothing, or every gap.
    pub fn finish(self) -> Result<(), String> {
        match (self.compared, self.gaps.is_empty()) {
            (0, true) => Err("nothing was compared".to_owned()),
            (_, true) => Ok(()),
            _ => Err(self.gaps.join("\n")),
        }
    }
}
