//! Names in the room that there is: whole, on lines, short, or the code; never cut, never turned.

use super::canvas::Type;

/// A name as a figure needs it, in one language. `|` marks where the full name may be broken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// The full name.
    pub name: String,
    /// A short one; empty if there is none.
    pub short: String,
    /// The code, the last resort.
    pub code: String,
}

impl Named {
    /// A name without a short one.
    pub fn new(name: impl Into<String>) -> Self {
        Named { name: name.into(), ..Named::default() }
    }

    /// With a short name.
    pub fn short(self, short: impl Into<String>) -> Self {
        Named { short: short.into(), ..self }
    }

    /// With a code.
    pub fn code(self, code: impl Into<String>) -> Self {
        Named { code: code.into(), ..self }
    }

    /// The full name without its marks.
    pub fn full(&self) -> String {
        joined(&self.name)
    }

    /// The short name if there is one.
    pub fn brief(&self) -> String {
        if self.short.is_empty() { self.full() } else { self.short.clone() }
    }

    /// Lines no wider than `room` that break no word: the full name, on up to `most` lines, the short one, the
    /// code; nothing if none of them has room.
    ///
    /// # Examples
    /// ```
    /// use irio::figure::canvas::Type;
    /// use irio::figure::names::Named;
    /// let name = Named::new("Metal smelting|and pressing").short("Metals").code("14");
    /// assert_eq!(name.whole(Type::AXIS, 50.0, 2).unwrap(), ["Metals"]);
    /// assert_eq!(name.whole(Type::AXIS, 30.0, 2).unwrap(), ["14"]);
    /// assert_eq!(name.whole(Type::AXIS, 10.0, 2), None);
    /// ```
    pub fn whole(&self, how: Type, room: f64, most: usize) -> Option<Vec<String>> {
        let code = || {
            (!self.code.is_empty() && how.width(&self.code) <= room)
                .then(|| vec![self.code.clone()])
        };
        self.in_words(how, room, most).or_else(code)
    }

    /// The same without the code.
    pub fn in_words(&self, how: Type, room: f64, most: usize) -> Option<Vec<String>> {
        let fits = |text: &str| how.width(text) <= room;
        let full = joined(&self.name);
        if fits(&full) {
            return Some(vec![full]);
        }
        let marked: Vec<String> = self.name.split('|').map(|part| part.trim().to_owned()).collect();
        if marked.len() > 1 && marked.len() <= most && marked.iter().all(|part| fits(part)) {
            return Some(marked);
        }
        if most > 1
            && let Some(halves) = at_stop(&full).filter(|two| two.iter().all(|part| fits(part)))
        {
            return Some(halves);
        }
        // Brackets are never broken inside: the short name leaves them out.
        if full.contains('（') && !self.short.is_empty() && fits(&self.short) {
            return Some(vec![self.short.clone()]);
        }
        let lines = |text: &str| words(text, room, how).filter(|lines| lines.len() <= most);
        lines(&full).or_else(|| lines(&self.short).filter(|_| !self.short.is_empty()))
    }

    /// Lines no wider than `room`: the full name, on up to `most` lines, the short one, what can be broken
    /// of it, the code. The last resort is broken anywhere, so nothing is ever wider unless a single
    /// character is.
    ///
    /// # Examples
    /// ```
    /// use irio::figure::canvas::Type;
    /// use irio::figure::names::Named;
    /// let name = Named::new("Metal smelting|and pressing").short("Metals");
    /// assert_eq!(name.fit(Type::LABEL, 400.0, 2), ["Metal smelting and pressing"]);
    /// assert_eq!(name.fit(Type::LABEL, 110.0, 2), ["Metal smelting", "and pressing"]);
    /// assert_eq!(name.fit(Type::LABEL, 60.0, 2), ["Metals"]);
    /// ```
    pub fn fit(&self, how: Type, room: f64, most: usize) -> Vec<String> {
        if let Some(lines) = self.in_words(how, room, most) {
            return lines;
        }
        let full = joined(&self.name);
        let anywhere = broken(&full, room, how);
        let code = !self.code.is_empty() && how.width(&self.code) <= room;
        // A code is read more easily than a word cut in two.
        if anywhere.len() <= most && !(code && cuts_a_word(&full, &anywhere)) {
            return anywhere;
        }
        if code {
            return vec![self.code.clone()];
        }
        let last = [&self.code, &self.short].into_iter().find(|text| !text.is_empty());
        let mut lines = last.map_or(anywhere, |text| broken(text, room, how));
        lines.truncate(most);
        lines
    }
}

/// Whether a line of a text ends between two letters of an alphabet.
fn cuts_a_word(text: &str, lines: &[String]) -> bool {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let mut rest = text;
    lines.iter().any(|line| {
        rest = rest.trim_start().strip_prefix(line.as_str()).unwrap_or_default();
        letter(line.chars().next_back()) && letter(rest.chars().next())
    })
}

/// Lines of a sentence no wider than `room`: broken at spaces and between Han, words too long for a line anywhere.
///
/// # Examples
/// ```
/// use irio::figure::canvas::Type;
/// use irio::figure::names::wrapped;
/// assert_eq!(wrapped("compare with the source", 110.0, Type::LABEL), ["compare with", "the source"]);
/// ```
pub fn wrapped(text: &str, room: f64, how: Type) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    words(text, room, how).unwrap_or_else(|| broken(text, room, how))
}

/// A name with its marks read as spaces between Latin words, as nothing between Han and behind a hyphen.
fn joined(name: &str) -> String {
    let mut out = String::new();
    for part in name.split('|').map(str::trim) {
        let latin = |c: char| (c as u32) < 0x2e80;
        let open = out
            .chars()
            .next_back()
            .is_some_and(|c| latin(c) && !matches!(c, '-' | '–' | '/' | '('));
        if open && part.chars().next().is_some_and(latin) {
            out.push(' ');
        }
        out.push_str(part);
    }
    out
}

/// Whether a line may end behind a character.
fn may_break_behind(c: char) -> bool {
    matches!(c, '、' | '，' | '和' | '及' | '与' | '/' | '-' | '–')
}

/// Han text in two behind its enumeration comma, the one nearest to the middle.
fn at_stop(text: &str) -> Option<Vec<String>> {
    let ends = text.match_indices(['、', '，']).map(|(at, stop)| at + stop.len());
    let far = |at: &usize| at.abs_diff(text.len() / 2);
    let (first, second) = text.split_at(ends.filter(|at| *at < text.len()).min_by_key(far)?);
    Some(vec![first.to_owned(), second.to_owned()])
}

/// Lines broken at spaces, or in Han text at any place that is no opening or closing mark; nothing if a word is
/// wider than the room.
fn words(text: &str, room: f64, how: Type) -> Option<Vec<String>> {
    let han = |c: char| c as u32 >= 0x2e80;
    let mut pieces: Vec<String> = Vec::new();
    for c in text.chars() {
        let last = pieces.last().and_then(|piece| piece.chars().next_back());
        let starts = match last {
            None => true,
            Some(' ') => true,
            Some(last) if may_break_behind(last) => true,
            Some(last) => han(last) && han(c) && !matches!(c, '、' | '，' | '）' | '：' | '；'),
        };
        match pieces.last_mut().filter(|_| !starts) {
            Some(piece) => piece.push(c),
            None => pieces.push(c.to_string()),
        }
    }
    let mut lines: Vec<String> = Vec::new();
    for piece in pieces {
        let joined = lines.last().map(|line| format!("{line}{piece}"));
        match joined.filter(|line| how.width(line.trim_end()) <= room) {
            Some(line) => *lines.last_mut()? = line,
            None if how.width(piece.trim_end()) <= room => lines.push(piece),
            None => return None,
        }
    }
    let mut lines: Vec<String> = lines.into_iter().map(|line| line.trim().to_owned()).collect();
    even_out(&mut lines, room, how);
    Some(lines)
}

/// Keeps the last line from holding a single Han character.
fn even_out(lines: &mut [String], room: f64, how: Type) {
    let [.., before, last] = lines else { return };
    if last.chars().count() == 1
        && last.chars().all(|c| c as u32 >= 0x2e80)
        && before.chars().count() > 2
        && let Some(c) = before.pop()
    {
        let moved = format!("{c}{last}");
        if how.width(&moved) <= room {
            *last = moved;
        } else {
            before.push(c);
        }
    }
}

/// Lines broken between any two characters.
fn broken(text: &str, room: f64, how: Type) -> Vec<String> {
    let mut lines = vec![String::new()];
    for c in text.chars() {
        let at = lines.len() - 1;
        let longer = format!("{}{c}", lines[at]);
        if lines[at].is_empty() || how.width(&longer) <= room {
            lines[at] = longer;
        } else {
            lines.push(c.to_string());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn han_names_break_evenly() {
        let name = Named::new("金属冶炼及压延加工业");
        let room = Type::LABEL.width("金属冶炼及压延");
        assert_eq!(name.fit(Type::LABEL, room, 2), ["金属冶炼及压延", "加工业"]);
        let room = Type::LABEL.width("金属冶炼及压延加工");
        assert_eq!(name.fit(Type::LABEL, room, 2), ["金属冶炼及压延加", "工业"]);
    }

    #[test]
    fn a_code_stands_for_a_word_that_would_be_cut() {
        let room = Type::LABEL.width("Services to Beijin");
        let name = Named::new("Services to Beijing and Tianjin");
        assert_eq!(name.fit(Type::LABEL, room, 2).len(), 2);
        assert_eq!(name.code("services").fit(Type::LABEL, room, 2), ["services"]);
        // Between Han no word is cut.
        let name = Named::new("服务业流入京津").code("services");
        assert_eq!(name.fit(Type::LABEL, Type::LABEL.width("服务业流入"), 2).len(), 2);
    }

    #[test]
    fn marks_are_spaces_between_latin_words_only() {
        for (marked, full) in [
            ("Clothing, leather, |fur and footwear", "Clothing, leather, fur and footwear"),
            ("Clothing, leather,|fur", "Clothing, leather, fur"),
            ("North Coast|(Hebei and Shandong)", "North Coast (Hebei and Shandong)"),
            ("Capital- and technology-|intensive", "Capital- and technology-intensive"),
            ("北部沿海|（河北、山东）", "北部沿海（河北、山东）"),
        ] {
            let name = Named::new(marked);
            assert_eq!(name.full(), full);
            assert_eq!(name.fit(Type::LABEL, 1000.0, 2), [full]);
        }
    }

    #[test]
    fn han_names_break_behind_a_comma() {
        let room = Type::LABEL.width("商业、运输");
        let name = Named::new("商业、运输业");
        assert_eq!(name.fit(Type::LABEL, room, 2), ["商业、", "运输业"]);
    }

    #[test]
    fn a_digit_alone_on_a_line_takes_no_han_from_the_line_before() {
        let room = Type::LABEL.width("系数之和为");
        assert_eq!(wrapped("系数之和为 1", room, Type::LABEL), ["系数之和为", "1"]);
    }

    #[test]
    fn nothing_is_wider_than_the_room() {
        for name in [
            "Transportation, storage, posts and telecommunications",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            "内蒙古自治区",
        ] {
            for room in [20.0, 40.0, 80.0, 160.0] {
                for line in Named::new(name).code("NM").fit(Type::LABEL, room, 2) {
                    assert!(Type::LABEL.width(&line) <= room, "{line} {room}");
                }
            }
        }
    }
}
