//! What the first lines of a sheet and the names of files say: the year and the unit.

use super::sheet::Sheet;
use crate::fault::{Fault, Location};
use crate::units::Unit;

/// The last four digits of a text that stand alone and are a year.
pub(super) fn year_in(name: &str) -> Option<i32> {
    let bytes = name.as_bytes();
    let mut found = None;
    for start in 0..bytes.len().saturating_sub(3) {
        let Some(digits) = name.get(start..start + 4) else { continue };
        let alone = start == 0 || !bytes[start - 1].is_ascii_digit();
        let ends = bytes.get(start + 4).is_none_or(|byte| !byte.is_ascii_digit());
        if let Ok(year @ 1900..=2100) = digits.parse::<i32>()
            && alone
            && ends
        {
            found = Some(year);
        }
    }
    found
}

/// The unit of money that a sheet states above a row, such as `单位：万元`, with its place.
///
/// # Errors
/// If what is stated is no unit of money.
pub(super) fn unit_in(sheet: &Sheet, above: usize) -> Result<Option<(Unit, Location)>, Fault> {
    for row in 0..above.min(sheet.rows()) {
        for column in 0..sheet.width(row) {
            let text = sheet.cell(row, column);
            let Some(stated) = stated_unit(text) else { continue };
            // Some sheets write the unit into the cell beside the word.
            let stated = if stated.is_empty() { sheet.cell(row, column + 1) } else { stated };
            let at = sheet.at(row, column);
            return match money(stated) {
                Some(unit) => Ok(Some((unit, at))),
                None => Err(Fault::new(at, format!("{stated:?} is not a unit of money"))
                    .help("write it like 单位：万元 or Unit: 10^4 yuan")),
            };
        }
    }
    Ok(None)
}

fn stated_unit(text: &str) -> Option<&str> {
    let mut parts =
        ["单位", "Unit", "unit", "UNIT"].iter().filter_map(|word| text.split_once(word));
    let (_, rest) = parts.next()?;
    let rest = rest.trim_start().strip_prefix([':', '：'])?;
    Some(rest.trim().trim_end_matches([')', '）', '.', '。']).trim())
}

fn money(text: &str) -> Option<Unit> {
    let yuan: Unit = "yuan".parse().ok()?;
    let unit: Unit = text.parse().ok()?;
    unit.factor_to(&yuan)?;
    // Tables of several years state one unit in several words.
    let usual: Unit = "10^4 yuan".parse().ok()?;
    Some(if unit.factor_to(&usual) == Some(1.0) { usual } else { unit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_found_in_titles() {
        assert_eq!(stated_unit("单位：万元"), Some("万元"));
        assert_eq!(stated_unit("(Unit: 10,000 yuan)"), Some("10,000 yuan"));
        assert_eq!(stated_unit("United"), None);
        assert!(money("10,000 yuan").is_some() && money("万元").is_some());
        assert!(money("bananas").is_none());
        assert_eq!(year_in("北京2007年投入产出表"), Some(2007));
    }
}
