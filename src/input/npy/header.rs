//! The header of a `.npy` file, read by hand and strictly.
//!
//! ```text
//! \x93NUMPY  major  minor  length of the text  {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }
//! ```

/// Bytes of a file's beginning in which a header must end; numpy's own limit is 10,000.
pub(super) const LONGEST: u64 = 1 << 16;

const MAGIC: &[u8] = b"\x93NUMPY";

/// How numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    /// Eight bytes.
    Double,
    /// Four bytes, widened without loss.
    Single,
}

impl Number {
    /// Bytes of a number.
    pub(super) fn size(self) -> usize {
        match self {
            Number::Double => 8,
            Number::Single => 4,
        }
    }

    /// Calls `see(place, value)` for each number.
    pub(super) fn each(self, bytes: &[u8], mut see: impl FnMut(usize, f64)) {
        match self {
            Number::Double => bytes
                .as_chunks()
                .0
                .iter()
                .enumerate()
                .for_each(|(at, bytes)| see(at, f64::from_le_bytes(*bytes))),
            Number::Single => bytes
                .as_chunks()
                .0
                .iter()
                .enumerate()
                .for_each(|(at, bytes)| see(at, f64::from(f32::from_le_bytes(*bytes)))),
        }
    }
}

/// What a header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// How numbers are stored.
    pub(super) number: Number,
    /// Length of each axis.
    pub(super) shape: Vec<usize>,
    /// First byte of the numbers.
    pub(super) start: u64,
}

/// What is wrong with a header, and what to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Flaw {
    pub(super) found: String,
    pub(super) help: String,
}

const SAVE_AGAIN: &str =
    "save the array again: np.save(FILE, np.ascontiguousarray(a, dtype=\"<f8\"))";

fn flaw(found: impl Into<String>, help: impl Into<String>) -> Flaw {
    Flaw { found: found.into(), help: help.into() }
}

impl Header {
    /// Reads the header at the beginning of a file.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Flaw> {
        let Some(rest) = bytes.strip_prefix(MAGIC) else {
            let text = if bytes.is_empty() {
                "is not a .npy file: it is empty"
            } else {
                "is not a .npy file: its first bytes are not those of one"
            };
            return Err(flaw(text, SAVE_AGAIN));
        };
        let broken = || flaw("the file ends inside its header", SAVE_AGAIN);
        let (&[major, minor], rest) = rest.split_first_chunk().ok_or_else(broken)?;
        if !(1..=3).contains(&major) || minor != 0 {
            let text = format!(
                "is in version {major}.{minor} of the .npy format, expected 1.0, 2.0 or 3.0"
            );
            return Err(flaw(text, SAVE_AGAIN));
        }
        let (length, text) = if major == 1 {
            let (length, text) = rest.split_first_chunk().ok_or_else(broken)?;
            (u32::from(u16::from_le_bytes(*length)), text)
        } else {
            let (length, text) = rest.split_first_chunk().ok_or_else(broken)?;
            (u32::from_le_bytes(*length), text)
        };
        let before = (bytes.len() - text.len()) as u64;
        let start = before + u64::from(length);
        if start > LONGEST {
            let text =
                format!("its header is {length} bytes long, expected at most {}", LONGEST - before);
            return Err(flaw(text, SAVE_AGAIN));
        }
        let text = text.get(..length as usize).ok_or_else(broken)?;
        let text =
            std::str::from_utf8(text).map_err(|_| flaw("its header is not a text", SAVE_AGAIN))?;
        let (number, shape) = Words { text, rest: text }.dictionary()?;
        Ok(Header { number, shape, start })
    }

    /// Whether a file of `size` bytes holds what the header says, no more and no less.
    pub(super) fn fits(&self, size: u64) -> Result<(), Flaw> {
        let cells = self.shape.iter().try_fold(1u64, |cells, axis| cells.checked_mul(*axis as u64));
        let bytes = cells.and_then(|cells| cells.checked_mul(self.number.size() as u64));
        let expected = bytes.and_then(|bytes| bytes.checked_add(self.start));
        if expected == Some(size) {
            return Ok(());
        }
        let expected =
            expected.map_or("more than any file has".to_owned(), |bytes| bytes.to_string());
        let text = format!(
            "has {size} bytes, expected {expected} for the shape {} of its header",
            tuple(&self.shape)
        );
        Err(flaw(text, "the file is damaged or was not written to its end: save the array again"))
    }
}

/// A shape as Python writes it.
pub(super) fn tuple(shape: &[usize]) -> String {
    match shape {
        [one] => format!("({one},)"),
        several => {
            let axes: Vec<String> = several.iter().map(ToString::to_string).collect();
            format!("({})", axes.join(", "))
        }
    }
}

/// The text of a header, taken word by word.
struct Words<'a> {
    text: &'a str,
    rest: &'a str,
}

impl<'a> Words<'a> {
    fn dictionary(mut self) -> Result<(Number, Vec<usize>), Flaw> {
        let (mut number, mut by_columns, mut shape) = (None, None, None);
        self.expect("{")?;
        while !self.take("}") {
            let key = self.quoted()?;
            self.expect(":")?;
            let again = match key {
                "descr" => number.replace(self.number()?).is_some(),
                "fortran_order" => by_columns.replace(self.truth()?).is_some(),
                "shape" => shape.replace(self.shape()?).is_some(),
                _ => {
                    return Err(flaw(format!("its header has an unknown key {key:?}"), SAVE_AGAIN));
                }
            };
            if again {
                return Err(flaw(format!("its header has the key {key:?} twice"), SAVE_AGAIN));
            }
            if !self.take(",") {
                self.expect("}")?;
                break;
            }
        }
        if !self.rest.trim().is_empty() {
            return Err(self.unexpected("nothing"));
        }
        let missing = |key: &str| flaw(format!("its header has no key {key:?}"), SAVE_AGAIN);
        let number = number.ok_or_else(|| missing("descr"))?;
        let by_columns = by_columns.ok_or_else(|| missing("fortran_order"))?;
        let shape = shape.ok_or_else(|| missing("shape"))?;
        if !(1..=2).contains(&shape.len()) {
            let text = format!("its shape is {}, expected one or two axes", tuple(&shape));
            return Err(flaw(text, "flatten it: np.save(FILE, a.reshape(rows, columns))"));
        }
        // An array without numbers fits any file, whatever its other axis claims.
        if shape.contains(&0) {
            let text = format!("its shape is {}: it holds no numbers", tuple(&shape));
            return Err(flaw(text, SAVE_AGAIN));
        }
        if by_columns && shape.iter().filter(|axis| **axis > 1).count() > 1 {
            let text = "is stored by columns (fortran_order), expected by rows";
            return Err(flaw(text, SAVE_AGAIN));
        }
        Ok((number, shape))
    }

    fn take(&mut self, word: &str) -> bool {
        self.rest = self.rest.trim_start();
        let rest = self.rest.strip_prefix(word);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, word: &str) -> Result<(), Flaw> {
        if self.take(word) { Ok(()) } else { Err(self.unexpected(&format!("{word:?}"))) }
    }

    fn unexpected(&self, expected: &str) -> Flaw {
        let at = self.text.len() - self.rest.len();
        let found: String = self.rest.chars().take(12).collect();
        flaw(
            format!("its header, character {}: expected {expected}, found {found:?}", at + 1),
            SAVE_AGAIN,
        )
    }

    fn quoted(&mut self) -> Result<&'a str, Flaw> {
        for quote in ["'", "\""] {
            if self.take(quote)
                && let Some((word, rest)) = self.rest.split_once(quote)
            {
                self.rest = rest;
                return Ok(word);
            }
        }
        Err(self.unexpected("a text in quotes"))
    }

    fn number(&mut self) -> Result<Number, Flaw> {
        if self.rest.trim_start().starts_with('[') {
            let text = "holds records of several fields, expected plain numbers (float64)";
            return Err(flaw(text, "save one field of it: np.save(FILE, a[\"field\"])"));
        }
        match self.quoted()? {
            "<f8" => Ok(Number::Double),
            "<f4" => Ok(Number::Single),
            other => {
                let text = format!(
                    "holds numbers of type {other:?}, expected \"<f8\" (float64, little-endian) or \"<f4\""
                );
                Err(flaw(text, "save it as floats: np.save(FILE, a.astype(\"<f8\"))"))
            }
        }
    }

    fn truth(&mut self) -> Result<bool, Flaw> {
        if self.take("False") {
            Ok(false)
        } else if self.take("True") {
            Ok(true)
        } else {
            Err(self.unexpected("True or False"))
        }
    }

    fn shape(&mut self) -> Result<Vec<usize>, Flaw> {
        self.expect("(")?;
        let mut axes = Vec::new();
        while !self.take(")") {
            self.rest = self.rest.trim_start();
            let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
            let Ok(axis) = self.rest[..end].parse() else {
                return Err(self.unexpected("the length of an axis"));
            };
            self.rest = &self.rest[end..];
            axes.push(axis);
            // More axes than numpy knows are refused below; here they must not fill memory.
            if axes.len() > 32 || !self.take(",") {
                self.expect(")")?;
                break;
            }
        }
        Ok(axes)
    }
}

/// The header that `numpy.save` writes for an array of float64.
#[cfg(test)]
pub(super) fn text_of(shape: &[usize]) -> Vec<u8> {
    let text = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': {}, }}", tuple(shape));
    let length = (10 + text.len() + 1).next_multiple_of(64) - 10;
    let mut bytes = MAGIC.to_vec();
    bytes.extend([1, 0]);
    bytes.extend((length as u16).to_le_bytes());
    bytes.extend(format!("{text:<width$}\n", width = length - 1).into_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Header, String> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend([2, 0]);
        bytes.extend((text.len() as u32).to_le_bytes());
        bytes.extend(text.as_bytes());
        Header::parse(&bytes).map_err(|flaw| flaw.found)
    }

    #[test]
    fn keys_stand_in_any_order_and_either_quotes() {
        let text = "{\"shape\": (3,), 'fortran_order': True,'descr':'<f4'}  \n";
        let header = parse(text).unwrap();
        assert_eq!((header.number, header.shape.as_slice()), (Number::Single, &[3][..]));
        assert_eq!(header.start, 12 + text.len() as u64);
    }

    #[test]
    fn a_written_header_reads_back() {
        let bytes = text_of(&[12, 19680]);
        assert_eq!(bytes.len() % 64, 0);
        let header = Header::parse(&bytes).unwrap();
        assert_eq!((header.shape.as_slice(), header.start), (&[12, 19680][..], bytes.len() as u64));
    }

    #[test]
    fn what_is_odd_in_a_header_is_refused() {
        let odd = [
            ("", "character 1: expected \"{\""),
            ("{}", "no key \"descr\""),
            ("{'descr': '<f8', 'descr': '<f8'}", "\"descr\" twice"),
            ("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2)} x", "expected nothing"),
            ("{'descr': '<f8', 'fortran_order': 0, 'shape': (2, 2)}", "expected True or False"),
            ("{'descr': '<f8', 'fortran_order': True, 'shape': (2, 2)}", "by columns"),
            ("{'descr': '<f8', 'fortran_order': False, 'shape': (-2, 2)}", "length of an axis"),
            ("{'descr': '<f8', 'fortran_order': False, 'shape': ()}", "one or two axes"),
            ("{'descr': '>f8'", "\">f8\""),
            ("{'descr': [('a', '<f8')]", "records"),
            ("{'weight': 1}", "unknown key"),
        ];
        for (text, expected) in odd {
            let found = parse(text).unwrap_err();
            assert!(found.contains(expected), "{text}: {found}");
        }
    }
}
