//! Zip archives written by hand, for what no writer of workbooks makes.

/// A zip archive, its members stored as they are.
pub fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut zip, mut directory) = (Vec::new(), Vec::new());
    for (name, data) in members {
        let size = (data.len() as u32).to_le_bytes();
        // Version, flags, method, time, date, checksum, sizes, lengths of name and extra field.
        let mut entry = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
        entry.extend_from_slice(&checksum(data).to_le_bytes());
        entry.extend_from_slice(&size);
        entry.extend_from_slice(&size);
        entry.extend_from_slice(&(name.len() as u16).to_le_bytes());
        entry.extend_from_slice(&[0, 0]);
        let at = (zip.len() as u32).to_le_bytes();
        zip.extend([b"PK\x03\x04".as_slice(), &entry, name.as_bytes(), data].concat());
        let file = [b"PK\x01\x02\x14\0".as_slice(), &entry, &[0; 10], &at, name.as_bytes()];
        directory.extend(file.concat());
    }
    let (start, length) = ((zip.len() as u32).to_le_bytes(), directory.len() as u32);
    let count = (members.len() as u16).to_le_bytes();
    zip.extend(directory);
    zip.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    zip.extend([count, count].concat());
    zip.extend_from_slice(&length.to_le_bytes());
    zip.extend([start.as_slice(), &[0, 0]].concat());
    zip
}

fn checksum(data: &[u8]) -> u32 {
    let step = |c: u32| if c & 1 == 1 { (c >> 1) ^ 0xEDB8_8320 } else { c >> 1 };
    !data.iter().fold(!0, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), |c, _| step(c)))
}
