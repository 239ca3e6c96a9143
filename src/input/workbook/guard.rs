//! Sizes of an .xls file, looked at before it is decoded: the decoder asks for memory by what the file
//! claims, and a claim of a damaged file may be larger than any memory.

use std::io::{Cursor, Read, Seek, SeekFrom, Write};

use super::listing;

/// Most cells that a sheet may claim; more than the whole of an .xls sheet (65,536 × 256).
const MOST_CLAIMED: u64 = 1 << 25;

/// Most cells between the first and last that a sheet really has.
const MOST_SPANNED: u64 = 1 << 22;

const DIMENSIONS: u16 = 0x0200;
const BOUND_SHEET: u16 = 0x0085;
const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;
/// Records that begin with the row and column of a cell.
const CELLS: [u16; 8] = [0x0203, 0x0204, 0x00D6, 0x0205, 0x027E, 0x00FD, 0x00BD, 0x0006];

/// Cells that all sheets may span together for each byte of the file, besides the most of one.
const SPANNED_BY_BYTE: u64 = 16;

/// Most sheets, in every format that is read.
pub(super) const MOST_SHEETS: usize = 1 << 10;

/// Cells that a sheet may claim without having them.
const IDLE: u64 = 1 << 20;

/// The file, whose sheets claim no more room than they need: the decoder makes room for a claim, and
/// asks nothing else of it.
///
/// # Errors
/// If it is no compound file, has no stream of a workbook, or claims too much.
pub(super) fn sizes(bytes: Vec<u8>) -> Result<Vec<u8>, String> {
    let length = bytes.len();
    let mut file =
        cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    let mut stream = Vec::new();
    let name = ["/Workbook", "/Book"].into_iter().find(|name| file.is_stream(name));
    let Some(name) = name else {
        let locked = ["/EncryptedPackage", "/EncryptionInfo"].iter().any(|name| file.exists(name));
        return Err(if locked {
            "it is locked by a password".to_owned()
        } else {
            "there is no table of cells in it".to_owned()
        });
    };
    // No stream is longer than the file that holds it, whatever its length says.
    let read =
        file.open_stream(name).and_then(|from| from.take(length as u64).read_to_end(&mut stream));
    read.map_err(|error| error.to_string())?;
    let mut starts = vec![0];
    scan(&stream, 0, |kind, data| {
        if kind == BOUND_SHEET && data.len() >= 4 {
            starts.push(u32::from_le_bytes([data[0], data[1], data[2], data[3]]) as usize);
        }
        Ok(())
    })?;
    listing::too_many(starts.len() - 1)?;
    let mut idle = Vec::new();
    // The decoder keeps every sheet, and several may be the same stretch of the file.
    let (mut spanned, most) = (0, MOST_SPANNED + SPANNED_BY_BYTE * length as u64);
    for start in starts {
        spanned += sheet(&stream, start)?;
        if spanned > most {
            return Err(format!("its sheets span {spanned} cells together"));
        }
        let mut at = start;
        scan(&stream, start, |kind, data| {
            if kind == DIMENSIONS && claimed(data)? > IDLE {
                idle.push((at + 4, data.len()));
            }
            at += 4 + data.len();
            Ok(())
        })?;
    }
    if !idle.is_empty() {
        let mut into = file.open_stream(name).map_err(|error| error.to_string())?;
        for (at, length) in idle {
            let nothing = vec![0; length];
            into.seek(SeekFrom::Start(at as u64))
                .and_then(|_| into.write_all(&nothing))
                .map_err(|error| error.to_string())?;
        }
        into.flush().map_err(|error| error.to_string())?;
    }
    Ok(file.into_inner().into_inner())
}

fn u16_at(data: &[u8], at: usize) -> Option<u64> {
    Some(u64::from(u16::from_le_bytes([*data.get(at)?, *data.get(at + 1)?])))
}

fn u32_at(data: &[u8], at: usize) -> Option<u64> {
    Some(u16_at(data, at)? + (u16_at(data, at + 2)? << 16))
}

/// Calls `see` for every record from a place on.
fn scan(
    stream: &[u8],
    start: usize,
    mut see: impl FnMut(u16, &[u8]) -> Result<(), String>,
) -> Result<(), String> {
    let mut at = start;
    while let (Some(kind), Some(length)) = (u16_at(stream, at), u16_at(stream, at + 2)) {
        let Some(data) = stream.get(at + 4..at + 4 + length as usize) else { break };
        see(kind as u16, data)?;
        at += 4 + length as usize;
    }
    Ok(())
}

/// Cells between the first and last of the sheet that starts at a place.
fn sheet(stream: &[u8], start: usize) -> Result<u64, String> {
    let (mut rows, mut columns) = (0, 0);
    let (mut depth, mut own) = (0, None);
    scan(stream, start, |kind, data| {
        if kind == DIMENSIONS {
            claimed(data)?;
        } else if kind == BEGIN {
            depth += 1;
        } else if kind == END {
            depth -= 1;
            if depth <= 0 {
                own.get_or_insert(rows * columns);
            }
            (rows, columns) = (0, 0);
        } else if CELLS.contains(&kind)
            && let (Some(row), Some(column)) = (u16_at(data, 0), u16_at(data, 2))
        {
            (rows, columns) = (rows.max(row + 1), columns.max(column + 1));
            // A row of numbers has one record, whose cells follow each other.
            if kind == 0x00BD {
                columns = columns.max(column + data.len() as u64 / 6);
            }
            if rows * columns > MOST_SPANNED {
                return Err(format!("a sheet spans {rows} rows and {columns} columns"));
            }
        }
        Ok(())
    })?;
    Ok(own.unwrap_or(rows * columns))
}

/// How many cells a sheet claims.
fn claimed(data: &[u8]) -> Result<u64, String> {
    let place = |long: bool, at: usize| if long { u32_at(data, at) } else { u16_at(data, at) };
    let long = data.len() >= 14;
    let (rows, columns) = if long { ([0, 4], [8, 10]) } else { ([0, 2], [4, 6]) };
    let (Some(first), Some(last)) = (place(long, rows[0]), place(long, rows[1])) else {
        return Ok(0);
    };
    let (Some(left), Some(right)) = (u16_at(data, columns[0]), u16_at(data, columns[1])) else {
        return Ok(0);
    };
    // One past the last row and column; nothing at all is written as zero.
    let backwards = last > 0 && right > 0 && last <= first;
    let height = last.saturating_sub(first);
    let cells = height.saturating_mul(right.max(left));
    if backwards || cells > MOST_CLAIMED {
        return Err(format!("a sheet claims rows {first} to {last} and columns {left} to {right}"));
    }
    Ok(cells)
}
