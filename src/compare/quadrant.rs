//! Value added against a stressor: which of the four corners a place stands in.

use super::{Number, Sign};

/// What became of a place's value added and of one of its stressors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quadrant {
    /// More value added, more of the stressor.
    GainsEmitsMore,
    /// More value added, less of the stressor.
    GainsEmitsLess,
    /// Less value added, more of the stressor: it pays twice.
    LosesEmitsMore,
    /// Less value added, less of the stressor.
    LosesEmitsLess,
    /// Only one of the two changes.
    OneChanges,
    /// Neither changes.
    Unchanged,
    /// The range of one of them holds zero.
    Unclear,
}

impl Quadrant {
    /// Every one.
    pub const ALL: [Quadrant; 7] = [
        Quadrant::GainsEmitsLess,
        Quadrant::GainsEmitsMore,
        Quadrant::LosesEmitsLess,
        Quadrant::LosesEmitsMore,
        Quadrant::OneChanges,
        Quadrant::Unclear,
        Quadrant::Unchanged,
    ];

    /// The quadrant of two numbers.
    pub fn of<const N: usize>(value_added: &Number<N>, stressor: &Number<N>) -> Self {
        use Sign::{Negative, Positive, Unclear, Zero};
        match (value_added.sign(), stressor.sign()) {
            (Unclear, _) | (_, Unclear) => Quadrant::Unclear,
            (Zero, Zero) => Quadrant::Unchanged,
            (Zero, _) | (_, Zero) => Quadrant::OneChanges,
            (Positive, Positive) => Quadrant::GainsEmitsMore,
            (Positive, Negative) => Quadrant::GainsEmitsLess,
            (Negative, Positive) => Quadrant::LosesEmitsMore,
            (Negative, Negative) => Quadrant::LosesEmitsLess,
        }
    }

    /// The word of results.
    pub fn word(self) -> &'static str {
        match self {
            Quadrant::GainsEmitsMore => "gains_emits_more",
            Quadrant::GainsEmitsLess => "gains_emits_less",
            Quadrant::LosesEmitsMore => "loses_emits_more",
            Quadrant::LosesEmitsLess => "loses_emits_less",
            Quadrant::OneChanges => "one_changes",
            Quadrant::Unchanged => "unchanged",
            Quadrant::Unclear => "unclear",
        }
    }

    /// In words, in English and Chinese.
    pub fn names(self) -> [&'static str; 2] {
        match self {
            Quadrant::GainsEmitsMore => ["gains value added, emits more", "增加值增、排放增"],
            Quadrant::GainsEmitsLess => ["gains value added, emits less", "增加值增、排放减"],
            Quadrant::LosesEmitsMore => ["loses value added, emits more", "增加值减、排放增"],
            Quadrant::LosesEmitsLess => ["loses value added, emits less", "增加值减、排放减"],
            Quadrant::OneChanges => ["only one of the two changes", "仅一项变化"],
            Quadrant::Unchanged => ["unchanged", "不变"],
            Quadrant::Unclear => ["unclear", "方向不明"],
        }
    }
}

/// Where a place stands with one stressor.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing<const N: usize> {
    /// Position of the result.
    pub result: usize,
    /// Position of the stressor.
    pub stressor: usize,
    /// Position of the place.
    pub place: usize,
    /// Its quadrant.
    pub quadrant: Quadrant,
    /// Change of its value added.
    pub value_added: Number<N>,
    /// Change of the stressor.
    pub change: Number<N>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Drawn;

    #[test]
    fn a_quadrant_is_told_only_where_both_signs_are() {
        let number = |value: f64, spread: f64| Drawn {
            value,
            range: Some([value - spread, value, value + spread]),
        };
        let of = |a: Drawn, b: Drawn| Quadrant::of(&a, &b);
        assert_eq!(of(number(3.0, 1.0), number(-2.0, 1.0)), Quadrant::GainsEmitsLess);
        assert_eq!(of(number(-3.0, 1.0), number(2.0, 1.0)), Quadrant::LosesEmitsMore);
        assert_eq!(of(number(-3.0, 1.0), number(2.0, 3.0)), Quadrant::Unclear);
        assert_eq!(of(Drawn::certain(0.0), Drawn::certain(0.0)), Quadrant::Unchanged);
        assert_eq!(of(Drawn::certain(0.0), Drawn::certain(2.0)), Quadrant::OneChanges);
    }
}
