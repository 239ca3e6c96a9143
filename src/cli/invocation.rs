//! The command as it was given, for those who want to give it again.

use std::ffi::OsString;

/// Options that leave results as they are, and take a value.
const WITH_VALUE: [&str; 5] = ["--threads", "--memory", "--lang", "--out", "--report"];

/// Options that leave results as they are, and stand alone.
const ALONE: [&str; 4] = ["--quiet", "--json", "--no-cache", "--resume"];

/// The words of a command without what leaves results as they are, so that the same results record the
/// same command; words that a shell would take apart are quoted.
pub(super) fn recorded(arguments: impl IntoIterator<Item = OsString>) -> String {
    let mut words = vec!["irio".to_owned()];
    let mut arguments = arguments.into_iter().skip(1);
    let mut options = true;
    while let Some(argument) = arguments.next() {
        let word = argument.to_string_lossy();
        options &= word != "--";
        let name = word.split_once('=').map_or(&*word, |(name, _)| name);
        if options && ALONE.contains(&&*word) {
            continue;
        }
        if options && WITH_VALUE.contains(&name) {
            if name == word {
                arguments.next();
            }
            continue;
        }
        words.push(quoted(&word));
    }
    words.join(" ")
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./=,:+@%^#".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &[&str]) -> String {
        recorded(words.iter().map(OsString::from))
    }

    #[test]
    fn what_leaves_results_as_they_are_is_left_out() {
        let run = [
            "/bin/irio",
            "run",
            "--threads",
            "2",
            "a b.toml",
            "--lang=zh",
            "--draws",
            "9",
            "--out",
            "r",
        ];
        assert_eq!(of(&run), "irio run 'a b.toml' --draws 9");
        assert_eq!(of(&["irio", "run", "s.toml", "--resume", "--quiet"]), "irio run s.toml");
        assert_eq!(of(&["irio", "check", "--", "--quiet"]), "irio check -- --quiet");
        assert_eq!(of(&["irio", "check", "it's"]), r"irio check 'it'\''s'");
    }
}
