//! Mediation: how much of what x does to y goes through m.
//!
//! ```text
//! y = c x + …        m = a x + …        y = c' x + b m + …        indirect = a b
//! Sobel  √(a²s_b² + b²s_a²)      Aroian + s_a²s_b²      Goodman − s_a²s_b²
//! ```
//!
//! Source: Baron & Kenny (1986), Sobel (1982), Aroian (1947), Goodman (1960).

/// The three equations' numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paths {
    /// c and its error.
    pub total: (f64, f64),
    /// a and its error.
    pub first: (f64, f64),
    /// b and its error.
    pub second: (f64, f64),
    /// c' and its error.
    pub direct: (f64, f64),
}

impl Paths {
    /// a b
    pub fn indirect(&self) -> f64 {
        self.first.0 * self.second.0
    }

    fn squares(&self) -> (f64, f64) {
        let ((a, sa), (b, sb)) = (self.first, self.second);
        (a * a * sb * sb + b * b * sa * sa, sa * sa * sb * sb)
    }

    /// Standard error of the indirect effect (Sobel).
    pub fn error(&self) -> f64 {
        self.squares().0.sqrt()
    }

    /// z of the indirect effect: Sobel, Aroian, Goodman (none where its variance is negative).
    pub fn z(&self) -> [f64; 3] {
        let (first, second) = self.squares();
        [first, first + second, first - second].map(|variance| self.indirect() / variance.sqrt())
    }

    /// Part of the total effect that goes through the mediator.
    pub fn share(&self) -> f64 {
        self.indirect() / self.total.0
    }
}
