//! A template as a file that users fill in: every key, with what it is.

use std::fmt::Write;

use super::{Both, NameEntry, TagWord, TemplateFile};

/// What stands at the top.
const TOP: &str = "\
# A template of irio's policy briefs: irio brief RESULTS --template THIS_FILE --out brief.html
# Whatever is left out stays as it is, so keep only what you change. Texts are given in Chinese (zh) and English (en).
";

/// What stands above each part.
const MASTHEAD: &str = "\n# The line at the top.\n";
const COLOURS: &str = "
# Colours by role, such as in = \"#1B66B0\". Pairs that stand on one another are checked: 4.5 for text, 3 for marks. Roles: paper,
# panel, ink, ink2, ink3, grid, rule, in (receives), out (gives), va (value added), co2, scn (scenario), base (baseline), unc
# (unclear), context, link, warn, cat0 to cat4 (categories), div0 to div8 (classes from giving to receiving), seq0 to seq5.
";
const UNITS: &str = "
# Units in the place of those chosen by size, such as money = \"10^8 yuan\" (亿元) and mass = \"10^4 t\" (万吨).
";
const PAGE: &str = "\n# Words of the page, of tables and of sources.\n";
const SAY: &str = "
# Sentences, in the language of Jinja. A change of a number has .value (signed, with unit), .size (without sign), .number (without
# unit), .range, .unit, .grade (\"firm\", \"likely\", \"unclear\" where the range holds zero, \"bare\" without a range) and .sign
# (1, -1, 0). ** encloses what is stressed; <wbr> is where a heading may break.
";
const NAMES: &str = "
# Names, with short ones for narrow places; | marks where a name may be broken. Regions and sectors go by the Chinese name that a
# table gives them, everything else by its word in the results.
";
const CAVEATS: &str = "
# Caveats by code. tag = \"may_change\", \"limits\", \"reading\" or \"scope\": how much it weighs.
";

/// All of a template, as TOML that reads back as the same.
///
/// # Examples
/// ```
/// use irio::brief::template::{TemplateFile, written};
/// let file = TemplateFile::default_file();
/// assert_eq!(toml::from_str::<TemplateFile>(&written(&file)).unwrap(), file);
/// ```
pub fn written(file: &TemplateFile) -> String {
    let mut out = TOP.to_owned();
    masthead(&mut out, file);
    out.push_str(COLOURS);
    for (theme, colours) in [("light", &file.colours.light), ("dark", &file.colours.dark)] {
        let _ = writeln!(out, "[colours.{theme}]");
        for (role, colour) in colours {
            let _ = writeln!(out, "{role} = {}", string(colour));
        }
    }
    out.push_str(UNITS);
    out.push_str("[units]\n");
    for (key, unit) in [("money", &file.units.money), ("mass", &file.units.mass)] {
        if let Some(unit) = unit {
            let _ = writeln!(out, "{key} = {}", string(unit));
        }
    }
    out.push_str(PAGE);
    out.push_str("[page]\n");
    for (key, both) in &file.page {
        let _ = writeln!(out, "{} = {}", bare(key), inline(both));
    }
    out.push_str(SAY);
    for (key, both) in &file.say {
        let _ = writeln!(
            out,
            "[say.{}]\nzh = {}\nen = {}\n",
            bare(key),
            string(&both.zh),
            string(&both.en)
        );
    }
    out.push_str(NAMES);
    for (kind, names) in &file.names {
        let _ = writeln!(out, "[names.{}]", bare(kind));
        for (code, entry) in names {
            let _ = writeln!(out, "{} = {}", bare(code), name(entry));
        }
        out.push('\n');
    }
    out.push_str(CAVEATS);
    for (code, caveat) in &file.caveats {
        let tag = match caveat.tag {
            TagWord::MayChange => "may_change",
            TagWord::Limits => "limits",
            TagWord::Reading => "reading",
            TagWord::Scope => "scope",
        };
        let (title, text) = (inline(&caveat.name), inline(&caveat.text));
        let _ = writeln!(
            out,
            "[caveats.{}]\ntag = \"{tag}\"\nname = {title}\ntext = {text}\n",
            bare(code)
        );
    }
    out
}

fn masthead(out: &mut String, file: &TemplateFile) {
    out.push_str(MASTHEAD);
    out.push_str("[masthead]\n");
    let entry = &file.masthead;
    for (key, both) in
        [("series", &entry.series), ("institution", &entry.institution), ("issue", &entry.issue)]
    {
        if let Some(both) = both {
            let _ = writeln!(out, "{key} = {}", inline(both));
        }
    }
    match &entry.logo {
        Some(logo) => {
            let _ = writeln!(out, "logo = {}", string(logo));
        }
        None => out.push_str(
            "# logo = \"logo.svg\"                     # an SVG or PNG file beside this one\n",
        ),
    }
}

fn inline(both: &Both) -> String {
    format!("{{ zh = {}, en = {} }}", string(&both.zh), string(&both.en))
}

fn name(entry: &NameEntry) -> String {
    let mut parts = Vec::new();
    for (key, text) in [
        ("zh", &entry.zh),
        ("en", &entry.en),
        ("short_zh", &entry.short_zh),
        ("short_en", &entry.short_en),
        ("said_en", &entry.said_en),
    ] {
        if !text.is_empty() {
            parts.push(format!("{key} = {}", string(text)));
        }
    }
    if entry.text != Both::default() {
        parts.push(format!("text = {}", inline(&entry.text)));
    }
    if !entry.provinces.is_empty() {
        let list: Vec<String> = entry.provinces.iter().map(|code| string(code)).collect();
        parts.push(format!("provinces = [{}]", list.join(", ")));
    }
    format!("{{ {} }}", parts.join(", "))
}

/// A key, in quotation marks where it needs them.
fn bare(key: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !key.is_empty() && key.chars().all(plain) { key.to_owned() } else { string(key) }
}

/// A text in quotation marks, over several lines if it has them.
fn string(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    if text.contains('\n') {
        format!("\"\"\"\n{escaped}\"\"\"")
    } else {
        format!("\"{}\"", escaped.replace('\t', "\\t").replace('\r', "\\r"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_reads_back_as_itself() {
        let mut file = TemplateFile::default_file();
        file.colours.light.insert("in".to_owned(), "#003366".to_owned());
        file.masthead.logo = Some("a \"b\".svg".to_owned());
        let text = written(&file);
        match toml::from_str::<TemplateFile>(&text) {
            Ok(again) => assert_eq!(again, file),
            Err(error) => panic!("{error}"),
        }
    }
}
