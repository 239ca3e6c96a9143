//! What the pages of a column claim to unpack to, looked at before a decoder makes room for it.
//!
//! A page begins with a struct of thrift's compact protocol: its field 2 is the size unpacked, field 3 the
//! size packed. Nothing else of it is read.

/// Largest ratio that data packed by snappy can have (64 bytes of three), rounded up.
const RATIO: u64 = 22;

/// Room for a page of hardly any bytes.
const SLACK: u64 = 1 << 16;

/// How deep structs may stand inside each other.
const DEEPEST: usize = 8;

/// Whether the pages of a column's bytes are as large as their packed bytes can hold.
///
/// # Errors
/// What is wrong with the first page that is not.
pub(super) fn check(mut bytes: &[u8]) -> Result<(), String> {
    while !bytes.is_empty() {
        let broken = || "a page is not where the file says it is".to_owned();
        let [unpacked, packed] = sizes(&mut bytes).ok_or_else(broken)?;
        let (Ok(unpacked), Ok(packed)) = (u64::try_from(unpacked), usize::try_from(packed)) else {
            return Err(broken());
        };
        if unpacked > RATIO * packed as u64 + SLACK {
            return Err(format!(
                "a page of {packed} bytes claims to unpack to {unpacked}, which such data cannot hold"
            ));
        }
        bytes = bytes.get(packed..).ok_or_else(broken)?;
    }
    Ok(())
}

/// Sizes of a page, unpacked and packed; `bytes` then begin behind its header.
fn sizes(bytes: &mut &[u8]) -> Option<[i64; 2]> {
    let mut found = [None; 2];
    fields(bytes, DEEPEST, &mut |id, kind, bytes| {
        if kind != 5 || !matches!(id, 2 | 3) {
            return None;
        }
        found[id as usize - 2] = Some(signed(varint(bytes)?));
        Some(())
    })?;
    Some([found[0]?, found[1]?])
}

/// Takes a field, of its number and kind, whose value the bytes begin with; none leaves it.
type Take<'t> = dyn FnMut(i64, u8, &mut &[u8]) -> Option<()> + 't;

/// Goes through the fields of a struct; those that `take` does not take are passed over.
fn fields(bytes: &mut &[u8], depth: usize, take: &mut Take<'_>) -> Option<()> {
    let mut id = 0i64;
    loop {
        let head = byte(bytes)?;
        let kind = head & 0x0f;
        if kind == 0 {
            return Some(());
        }
        id = match head >> 4 {
            0 => signed(varint(bytes)?),
            step => id.checked_add(i64::from(step))?,
        };
        if take(id, kind, bytes).is_none() {
            skip(kind, bytes, depth)?;
        }
    }
}

/// Passes over a value.
fn skip(kind: u8, bytes: &mut &[u8], depth: usize) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    match kind {
        // Truth values stand in the head of their field.
        1 | 2 => {}
        3 => drop(byte(bytes)?),
        4..=6 => drop(varint(bytes)?),
        7 => *bytes = bytes.get(8..)?,
        8 => {
            let length = usize::try_from(varint(bytes)?).ok()?;
            *bytes = bytes.get(length..)?;
        }
        9 | 10 => {
            let head = byte(bytes)?;
            let count = if head >> 4 == 15 { varint(bytes)? } else { u64::from(head >> 4) };
            for _ in 0..count {
                // In a list a truth value is a byte.
                match head & 0x0f {
                    1 | 2 => drop(byte(bytes)?),
                    kind => skip(kind, bytes, depth)?,
                }
            }
        }
        12 => fields(bytes, depth, &mut |_, _, _| None)?,
        _ => return None,
    }
    Some(())
}

fn byte(bytes: &mut &[u8]) -> Option<u8> {
    let (first, rest) = bytes.split_first()?;
    *bytes = rest;
    Some(*first)
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut found = 0u64;
    for at in 0..10 {
        let next = byte(bytes)?;
        found |= u64::from(next & 0x7f) << (7 * at);
        if next & 0x80 == 0 {
            return Some(found);
        }
    }
    None
}

/// A number whose sign stands in its lowest bit.
fn signed(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of a dictionary (type 2): sizes, packed bytes.
    fn page(unpacked: u8, packed: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0x15, 4, 0x15, unpacked, 0x15, 2 * packed.len() as u8];
        // Field 7, a struct of one number, a truth value and a list of two truth values.
        bytes.extend([0x4c, 0x15, 6, 0x11, 0x19, 0x21, 1, 2, 0, 0]);
        bytes.extend(packed);
        bytes
    }

    #[test]
    fn pages_are_followed_to_their_end() {
        let whole = [page(20, b"abcdefgh"), page(8, b"abcd")].concat();
        assert_eq!(check(&whole), Ok(()));
        assert!((1..whole.len()).filter(|at| *at != 24).all(|at| check(&whole[..at]).is_err()));
    }

    #[test]
    fn a_page_that_claims_too_much_is_refused() {
        // Two thousand million bytes of four.
        let bytes = [0x15, 4, 0x15, 0xfe, 0xff, 0xff, 0xff, 0x0e, 0x15, 8, 0, 1, 2, 3, 4];
        assert!(check(&bytes).is_err_and(|text| text.contains("which such data cannot hold")));
        // A struct in a struct in a struct, and a number that does not end.
        assert!(check(&[0x1c; 4000]).is_err());
        assert!(check(&[0xff; 40]).is_err());
    }
}
