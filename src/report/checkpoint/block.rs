//! Blocks of a checkpoint: bytes with their length and checksum, and the draws in them.

use std::collections::BTreeMap;
use std::io::Read;

use sha2::{Digest, Sha256};

use crate::progress::Finished;

/// Bytes before those of a block: its length and its checksum.
const HEAD: u64 = 16;

fn checksum(bytes: &[u8]) -> [u8; 8] {
    let digest = Sha256::digest(bytes);
    std::array::from_fn(|at| digest[at])
}

/// Appends a block.
pub(super) fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend((bytes.len() as u64).to_le_bytes());
    out.extend(checksum(bytes));
    out.extend(bytes);
}

/// Bytes of draws of a part, from its draw `first` on.
pub(super) fn of_draws(part: u32, first: u32, finished: &Finished) -> Vec<u8> {
    let mut out = Vec::new();
    for number in [part, first, finished.draws.len() as u32] {
        out.extend(number.to_le_bytes());
    }
    out.extend(finished.factorised.to_le_bytes());
    for draw in &finished.draws {
        match draw {
            // No draw has as many numbers as stand for one without an answer.
            None => out.extend(u32::MAX.to_le_bytes()),
            Some(values) => {
                out.extend((values.len() as u32).to_le_bytes());
                values.iter().for_each(|value| out.extend(value.to_bits().to_le_bytes()));
            }
        }
    }
    out
}

/// Takes a number off the front.
fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (own, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*own)
}

/// Part, first draw and draws of a block.
fn draws_of(mut bytes: &[u8]) -> Option<(u32, u32, Finished)> {
    let bytes = &mut bytes;
    let part = u32::from_le_bytes(take(bytes)?);
    let first = u32::from_le_bytes(take(bytes)?);
    let count = u32::from_le_bytes(take(bytes)?);
    let factorised = u64::from_le_bytes(take(bytes)?);
    let mut draws = Vec::new();
    for _ in 0..count {
        let numbers = u32::from_le_bytes(take(bytes)?);
        if numbers == u32::MAX {
            draws.push(None);
            continue;
        }
        let (own, rest) = bytes.split_at_checked((numbers as usize).checked_mul(8)?)?;
        *bytes = rest;
        let values = own.as_chunks::<8>().0.iter();
        draws.push(Some(values.map(|bits| f64::from_bits(u64::from_le_bytes(*bits))).collect()));
    }
    bytes.is_empty().then_some((part, first, Finished { draws, factorised }))
}

/// The blocks of a file, up to the first that is not whole.
pub(super) struct Blocks<R> {
    from: R,
    /// Bytes that the file still has: no block is longer, whatever its length says.
    left: u64,
    /// Bytes of the blocks so far.
    read: u64,
}

impl<R: Read> Blocks<R> {
    pub(super) fn new(from: R, left: u64) -> Self {
        Blocks { from, left, read: 0 }
    }

    pub(super) fn next(&mut self) -> Option<Vec<u8>> {
        let mut head = [[0; 8]; 2];
        head.iter_mut().try_for_each(|part| self.from.read_exact(part)).ok()?;
        self.left = self.left.checked_sub(HEAD)?;
        let length = u64::from_le_bytes(head[0]);
        if length > self.left {
            return None;
        }
        let mut bytes = vec![0; usize::try_from(length).ok()?];
        self.from.read_exact(&mut bytes).ok()?;
        if checksum(&bytes) != head[1] {
            return None;
        }
        self.left -= length;
        self.read += HEAD + length;
        Some(bytes)
    }

    /// All draws by part, and the bytes of all blocks that are whole.
    pub(super) fn draws(mut self) -> (BTreeMap<u32, Finished>, u64) {
        let mut found: BTreeMap<u32, Finished> = BTreeMap::new();
        loop {
            let whole = self.read;
            let Some((part, first, mut more)) = self.next().and_then(|bytes| draws_of(&bytes))
            else {
                return (found, whole);
            };
            let own = found.entry(part).or_default();
            if own.draws.len() as u64 != u64::from(first) {
                return (found, whole);
            }
            own.draws.append(&mut more.draws);
            own.factorised += more.factorised;
        }
    }
}
