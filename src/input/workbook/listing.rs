//! The list of sheets of an .xlsx or .xlsb, looked at before it is decoded: every entry of the list is decoded when a
//! layout is looked for, and a list of a few bytes an entry may lead to one sheet a thousand times.

use std::collections::HashMap;
use std::io::{Read, Seek};

use zip::ZipArchive;

use super::guard::MOST_SHEETS;

/// Record of an .xlsb that lists a sheet.
pub(super) const LISTED: u16 = 0x9C;

/// Says what is wrong with the list of an .xlsx. At most `most` bytes of its parts are read.
///
/// # Errors
/// If it is longer than any workbook's, or two of its entries are one sheet.
pub(super) fn sizes(archive: &mut ZipArchive<impl Read + Seek>, most: u64) -> Result<(), String> {
    let Some(book) = part(archive, "xl/workbook.xml", most) else { return Ok(()) };
    let sheets = tags(&book, "sheet");
    too_many(sheets.len())?;
    let links = part(archive, "xl/_rels/workbook.xml.rels", most).unwrap_or_default();
    let targets: HashMap<&str, &str> = tags(&links, "Relationship")
        .into_iter()
        .filter_map(|tag| Some((attribute(tag, "Id")?, attribute(tag, "Target")?)))
        .collect();
    let mut seen: HashMap<&str, &str> = HashMap::new();
    for tag in sheets {
        // The key of the relation has a prefix, which sheetId has not.
        let Some(id) = attribute(tag, ":id") else { continue };
        let name = attribute(tag, "name").unwrap_or_default();
        let target = targets.get(id).map_or(id, |target| target.trim_start_matches("/xl/"));
        if let Some(first) = seen.insert(target, name) {
            return Err(format!(
                "its list leads the sheets {first:?} and {name:?} to one, {target}"
            ));
        }
    }
    Ok(())
}

/// Says that so many sheets are listed.
///
/// # Errors
/// If there are more than in any workbook.
pub(super) fn too_many(sheets: usize) -> Result<(), String> {
    if sheets > MOST_SHEETS {
        return Err(format!("it lists {sheets} sheets, more than {MOST_SHEETS}"));
    }
    Ok(())
}

/// Text of a part, as far as it is one.
fn part(archive: &mut ZipArchive<impl Read + Seek>, name: &str, most: u64) -> Option<String> {
    let own =
        archive.file_names().flatten().find(|own| own.eq_ignore_ascii_case(name))?.to_string();
    let mut bytes = Vec::new();
    archive.by_name(&own).ok()?.take(most).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// What stands inside the tags of a name, whatever their prefix, in a stretch of XML; comments are passed over.
fn tags<'x>(xml: &'x str, name: &str) -> Vec<&'x str> {
    let mut found = Vec::new();
    let mut rest = xml;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let end = if rest.starts_with("!--") { "-->" } else { ">" };
        let Some(length) = rest.find(end) else { break };
        let tag = &rest[..length];
        let own = tag.split(|c: char| c.is_ascii_whitespace() || c == '/').next().unwrap_or("");
        if own.rsplit(':').next() == Some(name) {
            found.push(tag);
        }
        rest = &rest[length..];
    }
    found
}

/// Value of the attribute of a tag whose name ends so.
fn attribute<'x>(tag: &'x str, name: &str) -> Option<&'x str> {
    let mut rest = tag.split_once(|c: char| c.is_ascii_whitespace())?.1;
    loop {
        let (key, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, next) = after[1..].split_once(quote)?;
        let key = key.trim();
        if key == name || (name.starts_with(':') && key.ends_with(name)) {
            return Some(value);
        }
        rest = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_with_and_without_a_prefix() {
        let xml = "<x:sheets><x:sheet name='a' sheetId=\"1\" r:id = \"r1\"/><!-- <sheet r:id=\"r2\"/> --></x:sheets>";
        let found = tags(xml, "sheet");
        assert_eq!(found.len(), 1);
        assert_eq!(attribute(found[0], ":id"), Some("r1"));
        assert_eq!((attribute(found[0], "name"), attribute(found[0], "Id")), (Some("a"), None));
    }
}
