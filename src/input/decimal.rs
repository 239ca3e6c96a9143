//! The everyday number of a table in text, `-123.456789`, read eight digits at a time.
//!
//! It takes what it is sure of and leaves the rest (exponents, more than 19 digits, the last bytes of a file,
//! numbers next to the middle between two doubles) to a general parser. What it takes is correctly rounded:
//! with `w` the digits shifted to 64 bits and `T = ⌊2^(63+b) / 5^k⌋`,
//!
//! ```text
//! w T ≤ w 2^(63+b) / 5^k < w T + 2^64
//! ```
//!
//! so the upper 64 bits of the product are right or one too small, and the bits kept for the mantissa and its
//! rounding are right unless all bits below them are ones, or zeros, where a tie may be.
//! Source: Lemire (2021), "Number parsing at a gigabyte per second", *Software: Practice and Experience* 51(8).

/// Most digits whose number fits 64 bits.
const DIGITS: usize = 19;

/// `T` of `5^k`, and `b`.
const POWERS: [(u64, i32); DIGITS + 1] = powers();

/// Powers of ten that are doubles.
const TENS: [f64; DIGITS + 1] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19,
];

/// Powers of ten by which a sum of digits is moved.
const POWERS_OF_TEN: [u64; 17] = {
    let mut found = [1; 17];
    let mut at = 1;
    while at < found.len() {
        found[at] = 10 * found[at - 1];
        at += 1;
    }
    found
};

const fn powers() -> [(u64, i32); DIGITS + 1] {
    let mut found = [(0, 0); DIGITS + 1];
    let (mut k, mut five) = (0, 1u64);
    while k <= DIGITS {
        // 2^(63+b) / 5^k lies between 2^63 and 2^64 with b the bits of 5^k less one, one more if it is not 1.
        let bits = 64 - five.leading_zeros();
        let b = if five == 1 { 0 } else { bits };
        let numerator = 1u128 << (63 + b);
        found[k] = ((numerator / five as u128) as u64, b as i32);
        k += 1;
        if k <= DIGITS {
            five *= 5;
        }
    }
    found
}

/// The number that bytes begin with, and how many of them it takes; none if it takes more than a look.
#[inline]
pub(super) fn parse(bytes: &[u8]) -> Option<(f64, usize)> {
    let negative = bytes.first() == Some(&b'-');
    let start = usize::from(negative);
    let mut digits = Digits { sum: 0, count: 0 };
    // Few stand before the point and many behind it.
    let mut at = digits.read_eight(bytes, start)?;
    let whole = digits.count;
    if whole == 0 {
        return None;
    }
    let mut k = 0;
    if bytes.get(at) == Some(&b'.') {
        at = digits.read_sixteen(bytes, at + 1)?;
        k = digits.count - whole;
        if k == 0 {
            return None;
        }
    }
    let value = rounded(digits.sum, k)?;
    Some((if negative { -value } else { value }, at))
}

/// A run of digits as a number.
struct Digits {
    sum: u64,
    count: usize,
}

impl Digits {
    /// Takes the digits from a place on, eight at a time; where they end. None if there are too many, or
    /// bytes too few to look at.
    #[inline(always)]
    fn read_eight(&mut self, bytes: &[u8], mut at: usize) -> Option<usize> {
        loop {
            let eight = u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?);
            let found = run(eight);
            if found == 0 {
                return Some(at);
            }
            self.take(found, number(eight << (64 - 8 * found)))?;
            at += found;
            if found < 8 {
                return Some(at);
            }
        }
    }

    /// The same sixteen at a time, with no choice between eight and more.
    #[inline(always)]
    fn read_sixteen(&mut self, bytes: &[u8], mut at: usize) -> Option<usize> {
        loop {
            let sixteen = u128::from_le_bytes(*bytes.get(at..)?.first_chunk()?);
            let (first, second) = (run(sixteen as u64), run((sixteen >> 64) as u64));
            let found = first + second * (first / 8);
            if found == 0 {
                return Some(at);
            }
            let aligned = sixteen << (128 - 8 * found);
            let upper = number(aligned as u64) * POWERS_OF_TEN[8];
            self.take(found, upper + number((aligned >> 64) as u64))?;
            at += found;
            if found < 16 {
                return Some(at);
            }
        }
    }

    #[inline(always)]
    fn take(&mut self, found: usize, value: u64) -> Option<()> {
        self.count += found;
        (self.count <= DIGITS).then(|| self.sum = self.sum * POWERS_OF_TEN[found] + value)
    }
}

/// How many of eight characters, the first in the lowest byte, are digits before one that is none.
#[inline(always)]
fn run(eight: u64) -> usize {
    let high = eight & 0xF0F0_F0F0_F0F0_F0F0;
    // A character above '9' whose upper half is that of a digit carries into it when 6 is added.
    let carried = eight.wrapping_add(0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0;
    let other = (high ^ 0x3030_3030_3030_3030) | (carried ^ 0x3030_3030_3030_3030);
    (other.trailing_zeros() / 8) as usize
}

/// The number that eight digits, the first in the lowest byte, make; a byte of zero counts as '0'.
#[inline(always)]
fn number(eight: u64) -> u64 {
    let ones = (eight & 0x0F0F_0F0F_0F0F_0F0F).wrapping_mul(2561) >> 8;
    let pairs = (ones & 0x00FF_00FF_00FF_00FF).wrapping_mul(6_553_601) >> 16;
    (pairs & 0x0000_FFFF_0000_FFFF).wrapping_mul(42_949_672_960_001) >> 32
}

/// The double nearest to `digits / 10^k`; none if that is not certain.
#[inline(always)]
fn rounded(digits: u64, k: usize) -> Option<f64> {
    if digits == 0 {
        return Some(0.0);
    }
    let (power, b) = POWERS[k];
    let zeros = digits.leading_zeros();
    let product = u128::from(digits << zeros) * u128::from(power);
    let high = (product >> 64) as u64;
    // 54 bits: the mantissa and the one that decides its rounding.
    let shift = if high >> 63 == 1 { 10 } else { 9 };
    let below = high & ((1 << shift) - 1);
    if below == 0 || below == (1 << shift) - 1 {
        // Two doubles, whose quotient is rounded once.
        return (digits <= 1 << 53).then(|| digits as f64 / TENS[k]);
    }
    let mantissa = ((high >> shift) + 1) >> 1;
    let exponent = 65 + shift - zeros as i32 - 63 - b - k as i32;
    Some(mantissa as f64 * f64::from_bits(((exponent + 1023) as u64) << 52))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read of a text with something behind it.
    fn read(text: &str) -> Option<(f64, usize)> {
        parse(format!("{text},1,2,3,4,5,6,7,8,9,10").as_bytes())
    }

    /// Whether a text is taken; if so, it has to be as the standard library reads it, to its end.
    fn agrees(text: &str) -> bool {
        let Some((value, length)) = read(text) else { return false };
        let bits = text.parse::<f64>().unwrap().to_bits();
        assert_eq!((value.to_bits(), length), (bits, text.len()), "{text}");
        true
    }

    #[test]
    fn what_is_taken_is_what_the_standard_library_reads() {
        let mut state = 1u64;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        let mut taken = 0;
        for _ in 0..200_000 {
            let whole = next() % 10u64.pow((next() % 13) as u32 + 1);
            let places = (next() % 18) as usize;
            let part = next() % 10u64.pow(places as u32 + 1);
            let text = format!("{whole}.{part:0width$}", width = places + 1);
            taken += usize::from(agrees(&text));
            // Doubles as Python prints them.
            let text = format!("{}", f64::from_bits((next() >> 12) | ((1013 + next() % 30) << 52)));
            taken += usize::from(agrees(&text));
        }
        assert!(taken > 250_000, "{taken}");
    }

    #[test]
    fn numbers_near_the_middle_of_two_doubles_are_left_or_right() {
        // 2^53 + 1 is in the middle; so are multiples of it by powers of two, and tenths of them are near.
        for whole in [9_007_199_254_740_993u64, 18_014_398_509_481_986, 9_007_199_254_740_995] {
            for text in [
                format!("{whole}"),
                format!("{whole}.0"),
                format!("{whole}.1"),
                format!("{whole}.00"),
            ] {
                if let Some((value, _)) = read(&text) {
                    assert_eq!(value, text.parse::<f64>().unwrap(), "{text}");
                }
            }
        }
    }

    #[test]
    fn only_the_everyday_number_is_taken() {
        assert_eq!(read("0.5"), Some((0.5, 3)));
        assert_eq!(read("-12"), Some((-12.0, 3)));
        assert_eq!(read("1234567890123456789"), Some((1_234_567_890_123_456_789.0, 19)));
        assert_eq!(read("1.5e3"), Some((1.5, 3)), "who asks sees that it does not end there");
        assert_eq!(read("007.250"), Some((7.25, 7)));
        for text in ["", "-", ".5", "5.", "+1", "x", "12345678901234567890", "nan", "-inf"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(parse(b"1.5,2"), None, "too near to the end");
    }
}
