//! Numbers that are to be the same, with what differs said in one line each.

use serde_json::Value;

/// What was found against what is expected.
pub struct Report {
    gaps: Vec<String>,
    compared: usize,
    /// Beginnings of the names that are known to differ, and by how much.
    known: Vec<(String, f64)>,
}

/// Numbers of a case that the table of differences names, with the tolerance that is left to them (`within`; none for
/// numbers that are not compared); `all` is every number.
pub fn known(case: &str) -> Vec<(String, f64)> {
    let table = include_str!("../econometrics_differences.md");
    let rows = table.lines().filter(|line| line.starts_with("| `"));
    let mut found = Vec::new();
    for row in rows {
        let cells: Vec<&str> = row.split(" | ").collect();
        let ticks = |cell: &str| -> Vec<String> {
            cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
        };
        let fits = |pattern: &str| {
            let mut rest = case;
            let parts: Vec<&str> = pattern.split('*').collect();
            let whole = parts.len() > 1 || pattern == case;
            whole
                && parts.iter().enumerate().all(|(at, part)| match rest.find(part) {
                    Some(place) if at > 0 || place == 0 => {
                        rest = &rest[place + part.len()..];
                        true
                    }
                    _ => false,
                })
                && (pattern.ends_with('*') || rest.is_empty())
        };
        if ticks(cells[0]).iter().any(|pattern| fits(pattern)) {
            for part in cells[1].split(", ") {
                let tolerance = part.split_once(" within ").map_or(f64::INFINITY, |(_, text)| {
                    text.trim().parse().expect("a tolerance of the table is a number")
                });
                found.extend(ticks(part).into_iter().map(|name| (name, tolerance)));
            }
        }
    }
    found
}

impl Report {
    /// A report of a case.
    pub fn of(case: &str) -> Self {
        Report { gaps: Vec::new(), compared: 0, known: known(case) }
    }

    /// A number, within a tolerance relative to the expected one or to `scale` where that is larger.
    pub fn near(
        &mut self,
        name: &str,
        found: Option<f64>,
        expected: &Value,
        tolerance: f64,
        scale: f64,
    ) {
        let known = self.known.iter().find(|(known, _)| name.starts_with(known.as_str()));
        if known.is_some_and(|(_, tolerance)| tolerance.is_infinite()) {
            self.compared += 1;
            return;
        }
        let tolerance = known.map_or(tolerance, |(_, own)| *own);
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
