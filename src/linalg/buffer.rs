//! Numbers in memory or mapped from a file, read alike.

use std::fs::File;
use std::ops::Deref;
use std::sync::Arc;

use memmap2::Mmap;

/// Plain numbers of a fixed layout, which any bytes are a valid value of.
pub trait Plain: Copy + private::Sealed {}

mod private {
    pub trait Sealed {}
}

macro_rules! plain {
    ($($number:ty),*) => { $(impl private::Sealed for $number {} impl Plain for $number {})* };
}
plain!(f64, u16, u32, u64);

/// A run of numbers, owned or mapped from a file without being copied.
///
/// # Examples
/// ```
/// use irio::linalg::Buffer;
/// let buffer: Buffer<f64> = vec![1.0, 2.0].into();
/// assert_eq!(buffer[1], 2.0);
/// ```
#[derive(Debug, Clone)]
pub enum Buffer<T: Plain> {
    /// In memory of this process.
    Owned(Vec<T>),
    /// In memory of this process, and of every clone: see [`Buffer::share`].
    Shared(Arc<Vec<T>>),
    /// In a file; the pages are read when they are looked at.
    Mapped(MappedRange<T>),
}

/// A checked range of numbers in a mapped file.
#[derive(Debug, Clone)]
pub struct MappedRange<T> {
    map: Arc<Mmap>,
    offset: usize,
    length: usize,
    number: std::marker::PhantomData<T>,
}

/// Why a range of a file cannot be read as numbers.
#[derive(Debug, thiserror::Error)]
pub enum MapError {
    /// The file could not be mapped.
    #[error("cannot map the file: {0}")]
    Io(#[from] std::io::Error),
    /// The range is not inside the file, or does not start on a multiple of the number's size.
    #[error("{length} numbers at byte {offset} do not fit a file of {size} bytes")]
    Range {
        /// First byte.
        offset: usize,
        /// How many numbers.
        length: usize,
        /// Bytes the file has.
        size: usize,
    },
}

/// A file mapped once, for many buffers.
#[derive(Debug, Clone)]
pub struct MappedFile(Arc<Mmap>);

impl MappedFile {
    /// Maps a file.
    ///
    /// The file must not be changed by others while the map or a buffer of it lives.
    ///
    /// # Errors
    /// If it cannot be mapped.
    pub fn of(file: &File) -> Result<Self, MapError> {
        // SAFETY: the map is read only; that nobody truncates the file meanwhile is the caller's part,
        // as the documentation says (irio maps only its own cache files, which it replaces by renaming).
        Ok(MappedFile(Arc::new(unsafe { Mmap::map(file)? })))
    }

    /// All its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// `length` numbers (native byte order) from byte `offset` on.
    ///
    /// # Errors
    /// If the range does not fit the file.
    pub fn numbers<T: Plain>(&self, offset: usize, length: usize) -> Result<Buffer<T>, MapError> {
        let size = self.0.len();
        let bytes = length.checked_mul(size_of::<T>()).and_then(|bytes| bytes.checked_add(offset));
        if !offset.is_multiple_of(align_of::<T>()) || bytes.is_none_or(|end| end > size) {
            return Err(MapError::Range { offset, length, size });
        }
        let map = Arc::clone(&self.0);
        Ok(Buffer::Mapped(MappedRange { map, offset, length, number: std::marker::PhantomData }))
    }
}

impl<T: Plain> Buffer<T> {
    /// Maps `length` numbers (native byte order) from byte `offset` of a file.
    ///
    /// The file must not be changed by others while the buffer lives.
    ///
    /// # Errors
    /// If the file cannot be mapped or the range does not fit it.
    pub fn map(file: &File, offset: usize, length: usize) -> Result<Self, MapError> {
        MappedFile::of(file)?.numbers(offset, length)
    }

    /// The numbers to write in; a mapped buffer, or one that others see too, is copied into memory first.
    pub fn to_mut(&mut self) -> &mut Vec<T> {
        if !matches!(self, Buffer::Owned(_)) {
            *self = Buffer::Owned(self.to_vec());
        }
        match self {
            Buffer::Owned(values) => values,
            _ => unreachable!("replaced by an owned buffer above"),
        }
    }

    /// Lets every later clone see the same memory instead of copying it.
    pub fn share(&mut self) {
        if let Buffer::Owned(values) = self {
            *self = Buffer::Shared(Arc::new(std::mem::take(values)));
        }
    }
}

impl<T: Plain> Deref for Buffer<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            Buffer::Owned(values) => values,
            Buffer::Shared(values) => values,
            Buffer::Mapped(range) => {
                let start = range.map[range.offset..].as_ptr().cast::<T>();
                // SAFETY: `map` checked range and alignment (pages are aligned for every number type);
                // T is Plain, so any bytes are a value; the map lives as long as `self`.
                unsafe { std::slice::from_raw_parts(start, range.length) }
            }
        }
    }
}

impl<T: Plain> From<Vec<T>> for Buffer<T> {
    fn from(values: Vec<T>) -> Self {
        Buffer::Owned(values)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_mapped_buffer_reads_the_file_and_copies_on_write() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&[1.5f64, -2.0, 3.25].map(f64::to_ne_bytes).concat()).unwrap();
        let mut buffer = Buffer::<f64>::map(&file, 8, 2).unwrap();
        assert_eq!(&buffer[..], [-2.0, 3.25]);
        buffer.to_mut()[0] = 7.0;
        assert_eq!(&buffer[..], [7.0, 3.25]);
        buffer.share();
        let mut other = buffer.clone();
        assert_eq!(other.as_ptr(), buffer.as_ptr(), "shared");
        other.to_mut()[0] = 1.0;
        assert_eq!(buffer[0], 7.0, "what one writes, the other does not see");
        for (offset, length) in [(8, 3), (4, 1), (usize::MAX - 7, 1)] {
            assert!(matches!(
                Buffer::<f64>::map(&file, offset, length),
                Err(MapError::Range { .. })
            ));
        }
    }
}
