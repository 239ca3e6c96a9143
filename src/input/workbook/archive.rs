//! Sizes in an .xlsx or .xlsb, looked at before it is decoded: the decoder asks for memory by what the
//! parts claim, and a part unpacks to a thousand times its bytes if it is made to.
//!
//! Sheets are a stream of cells and are not unpacked here; their cells are counted as they come.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use zip::ZipArchive;

use super::listing;

/// Bytes that any archive may unpack to, and how many more for each of its own.
const UNPACKED: u64 = 64 << 20;
const UNPACKED_BY_BYTE: u64 = 200;

/// Strings that may be claimed in any case.
const STRINGS: u64 = 1 << 16;

/// Fewest bytes that a string takes: `<si/>`.
const BYTES_OF_STRING: u64 = 5;

/// Largest number of a shared formula.
const FORMULAS: u64 = 1 << 20;

/// Says what is wrong with the sizes of an archive; what cannot be unpacked is left to the decoder.
///
/// # Errors
/// If its parts claim more than it can hold.
pub(super) fn sizes(bytes: &[u8]) -> Result<(), String> {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else { return Ok(()) };
    let most = UNPACKED + UNPACKED_BY_BYTE * bytes.len() as u64;
    let binary =
        archive.file_names().flatten().any(|name| name.to_lowercase().ends_with("workbook.bin"));
    let mut unpacked = 0u64;
    for at in 0..archive.len() {
        let Ok(member) = archive.by_index(at) else { continue };
        unpacked = unpacked.saturating_add(member.size());
        let part = member.name().map(|name| Part::of(&name.to_lowercase(), binary));
        let Ok(part) = part else { continue };
        let mut member = member.take(most + 1);
        match part {
            Part::Strings => strings(BufReader::new(&mut member))?,
            Part::Records => records(BufReader::new(&mut member))?,
            Part::Whole => drain(&mut member),
            Part::Other => continue,
        }
        if unpacked > most || member.limit() == 0 {
            return Err("it unpacks to far more than a workbook of its size".to_owned());
        }
    }
    listing::sizes(&mut archive, most)
}

/// How a part is decoded, by its name.
enum Part {
    /// The texts of an .xlsx, whose number is claimed at their beginning.
    Strings,
    /// Records of an .xlsb, each with its length.
    Records,
    /// Decoded into memory.
    Whole,
    /// A stream of cells, or not decoded.
    Other,
}

impl Part {
    /// The part of that name; in a `binary` workbook a sheet is made of records whatever it is called.
    fn of(name: &str, binary: bool) -> Self {
        let records = ["workbook.bin", "sharedstrings.bin", "styles.bin"];
        let sheet = name.contains("worksheets/") && !name.ends_with(".rels");
        if name.ends_with("sharedstrings.xml") {
            Part::Strings
        } else if records.iter().any(|end| name.ends_with(end))
            || (sheet && (binary || name.ends_with(".bin")))
        {
            Part::Records
        } else if name.ends_with(".rels")
            || (name.ends_with(".xml") && !name.contains("worksheets/"))
        {
            Part::Whole
        } else {
            Part::Other
        }
    }
}

/// Reads to the end; a part that ends badly is the decoder's to tell.
fn drain(from: &mut impl Read) {
    let _ = io::copy(from, &mut io::sink());
}

fn strings(mut from: impl BufRead) -> Result<(), String> {
    let mut head = Vec::new();
    let _ = from.by_ref().take(1 << 16).read_to_end(&mut head);
    let claimed = numbers(&head, b"uniqueCount").max().unwrap_or(0);
    let length = head.len() as u64 + io::copy(&mut from, &mut io::sink()).unwrap_or(0);
    if claimed > STRINGS + length / BYTES_OF_STRING {
        return Err(format!("{length} bytes of texts claim to be {claimed} texts"));
    }
    Ok(())
}

/// Whole numbers that an attribute is given in a stretch of XML; one too large for any is the largest.
fn numbers<'a>(xml: &'a [u8], name: &'a [u8]) -> impl Iterator<Item = u64> + 'a {
    let blank = |byte: &u8| byte.is_ascii_whitespace();
    let skip = move |text: &'a [u8]| &text[text.iter().take_while(|byte| blank(byte)).count()..];
    xml.windows(name.len()).enumerate().filter(move |(_, part)| *part == name).filter_map(
        move |(at, _)| {
            let text = skip(skip(&xml[at + name.len()..]).strip_prefix(b"=")?);
            let text = text.strip_prefix(b"\"").or_else(|| text.strip_prefix(b"'"))?;
            let digits = text.iter().take_while(|byte| byte.is_ascii_digit());
            Some(digits.fold(0u64, |sum, digit| {
                sum.saturating_mul(10).saturating_add(u64::from(digit - b'0'))
            }))
        },
    )
}

/// Walks records: kind (1 or 2 bytes), length (up to 4 bytes of 7 bits), that many bytes.
fn records(mut from: impl BufRead) -> Result<(), String> {
    let mut sheets = 0;
    while let Some(kind) = byte(&mut from) {
        let mut whole = u16::from(kind & 0x7F);
        if kind & 0x80 != 0 {
            whole += u16::from(byte(&mut from).unwrap_or(0) & 0x7F) << 7;
        }
        sheets += usize::from(whole == listing::LISTED);
        let mut length = 0;
        for place in 0..4 {
            let part = byte(&mut from).unwrap_or(0);
            length += u64::from(part & 0x7F) << (7 * place);
            if part & 0x80 == 0 {
                break;
            }
        }
        let found = io::copy(&mut from.by_ref().take(length), &mut io::sink()).unwrap_or(0);
        if found < length {
            return Err(format!("a record claims {length} bytes and has {found}"));
        }
    }
    listing::too_many(sheets)
}

fn byte(from: &mut impl Read) -> Option<u8> {
    let mut one = [0];
    from.read_exact(&mut one).ok().map(|()| one[0])
}

/// Says what is wrong with the numbers of shared formulas, which the decoder makes room for.
///
/// # Errors
/// If one is far larger than there can be formulas.
pub(super) fn formulas(bytes: &[u8]) -> Result<(), String> {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else { return Ok(()) };
    for at in 0..archive.len() {
        let Ok(mut member) = archive.by_index(at) else { continue };
        let mut text = vec![0; 1 << 16];
        // An attribute may stand across two stretches: the end of one begins the next.
        let mut kept = 0;
        while let Ok(read @ 1..) = member.read(&mut text[kept..]) {
            let end = kept + read;
            if numbers(&text[..end], b"si").any(|number| number > FORMULAS) {
                return Err("the number of a shared formula is far too large".to_owned());
            }
            kept = end.min(64);
            text.copy_within(end - kept..end, 0);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_an_attribute_are_found_however_it_is_written() {
        let of = |xml: &'static [u8]| numbers(xml, b"si").collect::<Vec<_>>();
        assert_eq!(of(b"<f si=\"3\"/><f si = '12' /><f si='x'>si</f>"), [3, 12, 0]);
        assert_eq!(of(b"si=\"99999999999999999999999\""), [u64::MAX]);
    }

    #[test]
    fn records_may_not_be_longer_than_what_holds_them() {
        assert!(records(&[0x81, 0x01, 2, 7, 7, 5, 0][..]).is_ok());
        assert!(records(&[5, 0xff, 0xff, 0xff, 0x7f, 1][..]).is_err());
        assert!(records(&[5][..]).is_ok());
    }

    #[test]
    fn every_sheet_of_a_binary_workbook_is_walked_whatever_it_is_called() {
        let walked = |name, binary| matches!(Part::of(name, binary), Part::Records);
        assert!(walked("xl/worksheets/sheet1.xml", true) && walked("xl/worksheets/a.bin", false));
        assert!(!walked("xl/worksheets/sheet1.xml", false));
        assert!(!walked("xl/worksheets/_rels/sheet1.bin.rels", true));
    }

    #[test]
    fn texts_may_not_claim_to_be_more_than_they_have_bytes_for() {
        assert!(strings(&b"<sst uniqueCount=\"2\"><si/><si/></sst>"[..]).is_ok());
        assert!(strings(&b"<sst uniqueCount=\"100000000000\"></sst>"[..]).is_err());
    }
}
