//! How much memory there is, so that work that cannot fit is refused before it begins.
//!
//! An estimate is of what the work takes at its peak besides the tables that are read already. It is a
//! matter of sizes alone; whether it is refused, of the machine.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes from which memory is spoken of.
pub const NOTABLE: u64 = 16_000_000;

/// What the user allows this process, if anything.
static ALLOWED: AtomicU64 = AtomicU64::new(u64::MAX);

/// Lets this process take no more than so many bytes in all: what would take more is refused.
pub fn allow(bytes: u64) {
    ALLOWED.store(bytes, Ordering::Relaxed);
}

/// Bytes that this process may still take: the least of what the machine has free, what the process's
/// control group and its limits leave, and what [`allow`] leaves. None where nobody says.
pub fn available() -> Option<u64> {
    [left_by_user(), free(), left_by_group(), left_by_limit()].into_iter().flatten().min()
}

/// What the user's limit leaves, beside what this process has already.
fn left_by_user() -> Option<u64> {
    let allowed = ALLOWED.load(Ordering::Relaxed);
    (allowed != u64::MAX).then(|| allowed.saturating_sub(resident().unwrap_or(0)))
}

/// Says no if work needs more bytes than there are.
///
/// # Errors
/// If so, with both numbers.
pub fn room_for(needed: u64) -> Result<(), NoRoom> {
    let (user, others) =
        (left_by_user(), [free(), left_by_group(), left_by_limit()].into_iter().flatten().min());
    let Some(available) = user.into_iter().chain(others).min() else { return Ok(()) };
    if available >= needed {
        return Ok(());
    }
    let by_user = user.is_some_and(|user| others.is_none_or(|others| user <= others));
    Err(NoRoom { needed, available, by_user })
}

/// The same of what is read, which is not asked about where it is small.
///
/// # Errors
/// As for [`room_for`].
pub fn room_to_read(bytes: u64) -> Result<(), NoRoom> {
    if bytes < NOTABLE { Ok(()) } else { room_for(bytes) }
}

/// Work needs more memory than there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{} of memory are needed beside what is in use, and {} are {}", Bytes(*.needed), Bytes(*.available), left(*.by_user))]
pub struct NoRoom {
    /// Bytes needed.
    pub needed: u64,
    /// Bytes available.
    pub available: u64,
    /// Whether it is the user's limit that leaves no more.
    pub by_user: bool,
}

/// In words, what leaves no more than there is.
fn left(by_user: bool) -> &'static str {
    if by_user { "left by the limit set (--memory)" } else { "available" }
}

/// A number of bytes as people read it, in decimal units.
///
/// ```
/// use irio::memory::Bytes;
/// assert_eq!(Bytes(3_098_419_200).to_string(), "3.1 GB");
/// assert_eq!(Bytes(820_000).to_string(), "1 MB");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bytes(pub u64);

impl fmt::Display for Bytes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.0 as f64;
        if bytes < 1e9 {
            write!(out, "{:.0} MB", (bytes / 1e6).ceil())
        } else if bytes < 1e12 {
            write!(out, "{:.1} GB", bytes / 1e9)
        } else {
            write!(out, "{:.1} TB", bytes / 1e12)
        }
    }
}

impl std::str::FromStr for Bytes {
    type Err = String;

    /// Reads `2GB`, `500 MB`, `1.5 tb`.
    fn from_str(text: &str) -> Result<Self, String> {
        let small = text.trim().to_lowercase();
        let units = [("mb", 1e6), ("gb", 1e9), ("tb", 1e12)];
        let found = units.into_iter().find_map(|(unit, size)| {
            let number = small.strip_suffix(unit)?.trim_end();
            let plain = number.chars().all(|c| c.is_ascii_digit() || c == '.');
            let number: f64 = number.parse().ok()?;
            (plain && number > 0.0).then_some(Bytes((number * size) as u64))
        });
        found.ok_or_else(|| "expected a number with its unit, MB, GB or TB, such as 2GB".to_owned())
    }
}

/// Bytes of `rows × columns` numbers.
pub fn numbers(rows: usize, columns: usize) -> u64 {
    8 * rows as u64 * columns as u64
}

/// The value in bytes of a line `KEY:  123 kB` of one of the kernel's files.
fn kilobytes(path: &str, key: &str) -> Option<u64> {
    let text = std::fs::read_to_string(path).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(key))?;
    line.trim_start_matches(':').split_whitespace().next()?.parse::<u64>().ok().map(|kb| kb * 1024)
}

fn free() -> Option<u64> {
    kilobytes("/proc/meminfo", "MemAvailable")
}

fn resident() -> Option<u64> {
    kilobytes("/proc/self/status", "VmRSS")
}

/// What a limit on addresses (`ulimit -v`) leaves.
fn left_by_limit() -> Option<u64> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max address space"))?;
    let most: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(most.saturating_sub(kilobytes("/proc/self/status", "VmSize")?))
}

/// What the control group (version 2) of this process leaves; its file cache can be given back.
fn left_by_group() -> Option<u64> {
    let groups = std::fs::read_to_string("/proc/self/cgroup").ok()?;
    let own = groups.lines().find_map(|line| line.strip_prefix("0::"))?;
    let folder = format!("/sys/fs/cgroup{own}");
    let read = |name: &str| std::fs::read_to_string(format!("{folder}/{name}")).ok();
    let most: u64 = read("memory.max")?.trim().parse().ok()?;
    let taken: u64 = read("memory.current")?.trim().parse().ok()?;
    let stat = read("memory.stat")?;
    let file = stat.lines().find_map(|line| line.strip_prefix("inactive_file "));
    let file: u64 = file.and_then(|bytes| bytes.parse().ok()).unwrap_or(0);
    Some(most.saturating_sub(taken.saturating_sub(file)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_they_are_written() {
        assert_eq!("2GB".parse(), Ok(Bytes(2_000_000_000)));
        assert_eq!(" 1.5 tb".parse(), Ok(Bytes(1_500_000_000_000)));
        for wrong in ["", "2", "GB", "-1GB", "0MB", "1e3MB", "infGB", "2 GiB"] {
            assert!(wrong.parse::<Bytes>().is_err(), "{wrong}");
        }
        assert_eq!(Bytes(34_000_000_000).to_string(), "34.0 GB");
        assert_eq!(Bytes(1_200_000_000_000).to_string(), "1.2 TB");
    }

    #[test]
    fn no_machine_has_room_for_everything() {
        let error = NoRoom { needed: 5_600_000_000, available: 900_000_000, by_user: false };
        let told = "5.6 GB of memory are needed beside what is in use, and 900 MB are available";
        assert_eq!(error.to_string(), told);
        assert_eq!(room_for(0), Ok(()));
        if available().is_some() {
            assert!(room_for(u64::MAX).is_err());
        }
    }
}
