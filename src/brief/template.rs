//! What a brief takes from its template: masthead, colours, units, names, sentences, caveats.
//!
//! The default stands in `src/brief/template/*.toml`; a user's file replaces any part of it.

mod faults;
mod written;

use std::collections::BTreeMap;

pub use faults::TemplateError;
use faults::themed;
pub use written::written;

use serde::Deserialize;

use super::content::Tag;
use super::geometry::Geometry;
use crate::figure::ink::Theme;
use crate::numerals::Language;

/// Files of the default template, in the order in which `irio init template` writes them.
pub const DEFAULT: [&str; 14] = [
    include_str!("template/page.toml"),
    include_str!("template/sentences.toml"),
    include_str!("template/agglomeration.toml"),
    include_str!("template/build.toml"),
    include_str!("template/check.toml"),
    include_str!("template/compare.toml"),
    include_str!("template/estimate.toml"),
    include_str!("template/footprint.toml"),
    include_str!("template/locate.toml"),
    include_str!("template/quality.toml"),
    include_str!("template/targets.toml"),
    include_str!("template/names.toml"),
    include_str!("template/settings.toml"),
    include_str!("template/caveats.toml"),
];

/// A text in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Both {
    /// Chinese.
    #[serde(default)]
    pub zh: String,
    /// English.
    #[serde(default)]
    pub en: String,
}

impl Both {
    /// What this one leaves out is the other's.
    fn over(self, below: Both) -> Both {
        let pick = |own: String, other: String| if own.is_empty() { other } else { own };
        Both { zh: pick(self.zh, below.zh), en: pick(self.en, below.en) }
    }

    /// The text of a language.
    pub fn of(&self, language: Language) -> &str {
        language.pick(&self.zh, &self.en)
    }
}

/// A name in both languages, with a short one; `|` marks where it may be broken.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameEntry {
    /// Chinese.
    #[serde(default)]
    pub zh: String,
    /// English.
    #[serde(default)]
    pub en: String,
    /// At most six Han characters.
    #[serde(default)]
    pub short_zh: String,
    /// At most 14 Latin characters.
    #[serde(default)]
    pub short_en: String,
    /// English in the middle of a sentence, where that needs an article: the North Coast.
    #[serde(default)]
    pub said_en: String,
    /// What it is, in a sentence.
    #[serde(default)]
    pub text: Both,
    /// Provinces that a region consists of, by code.
    #[serde(default)]
    pub provinces: Vec<String>,
}

impl NameEntry {
    /// A language that this one leaves out is the other's, with its short form; so are provinces and the text.
    fn over(mut self, below: NameEntry) -> NameEntry {
        if self.zh.is_empty() {
            (self.zh, self.short_zh) = (below.zh, below.short_zh);
        }
        if self.en.is_empty() {
            (self.en, self.short_en, self.said_en) = (below.en, below.short_en, below.said_en);
        }
        if self.provinces.is_empty() {
            self.provinces = below.provinces;
        }
        self.text = self.text.over(below.text);
        self
    }
}

/// Names by kind, then by code; of regions and sectors by the Chinese name that tables give.
pub type Names = BTreeMap<String, BTreeMap<String, NameEntry>>;

/// A caveat's text.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaveatEntry {
    /// How much it weighs.
    pub tag: TagWord,
    /// A short name.
    pub name: Both,
    /// One or two sentences.
    pub text: Both,
}

/// [`Tag`] as templates spell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum TagWord {
    MayChange,
    Limits,
    Reading,
    Scope,
}

impl TagWord {
    /// What it means.
    pub fn tag(self) -> Tag {
        match self {
            TagWord::MayChange => Tag::MayChange,
            TagWord::Limits => Tag::Limits,
            TagWord::Reading => Tag::HowToRead,
            TagWord::Scope => Tag::Scope,
        }
    }
}

/// The line at the top.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MastheadEntry {
    /// Name of the series.
    pub series: Option<Both>,
    /// Who publishes it.
    pub institution: Option<Both>,
    /// Issue and date.
    pub issue: Option<Both>,
    /// An SVG or PNG file beside the template.
    pub logo: Option<String>,
}

/// Colours of a theme that replace the default ones, by role.
pub type Colours = BTreeMap<String, String>;

/// Colours by theme.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ThemeEntries {
    /// On white.
    pub light: Colours,
    /// On near-black.
    pub dark: Colours,
}

/// Units that take the place of the ladder's, such as `10^8 yuan` and `10^4 t`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Units {
    /// Of money.
    pub money: Option<String>,
    /// Of mass.
    pub mass: Option<String>,
}

/// Where regions lie.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MapEntry {
    /// A GeoJSON file beside the template with outlines of regions or provinces.
    pub geometry: Option<String>,
}

/// A template's file as it is written; what it leaves out is the default's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TemplateFile {
    /// The line at the top.
    pub masthead: MastheadEntry,
    /// Colours.
    pub colours: ThemeEntries,
    /// Units.
    pub units: Units,
    /// Where regions lie.
    pub map: MapEntry,
    /// Words of the page and of figures.
    pub page: BTreeMap<String, Both>,
    /// Names.
    pub names: Names,
    /// Sentences, in the language of minijinja.
    pub say: BTreeMap<String, Both>,
    /// Caveats by code.
    pub caveats: BTreeMap<String, CaveatEntry>,
}

/// A template that can be used.
#[derive(Debug, Clone)]
pub struct Template {
    /// All of it.
    pub file: TemplateFile,
    /// Colours on white.
    pub light: Theme,
    /// Colours on near-black.
    pub dark: Theme,
    /// The logo as a `data:` address.
    pub logo: Option<String>,
    /// Outlines of regions for maps; tiles stand for provinces where there are none.
    pub geometry: Option<Geometry>,
}

impl TemplateFile {
    /// The default, all files of it.
    ///
    /// # Panics
    /// Never: a test reads them.
    pub fn default_file() -> Self {
        let mut all = TemplateFile::default();
        for text in DEFAULT {
            // Written by us and held to it by a test.
            if let Ok(part) = toml::from_str::<TemplateFile>(text) {
                all = part.over(all);
            }
        }
        all
    }

    /// This file on top of another: what it says goes.
    pub fn over(self, mut below: TemplateFile) -> TemplateFile {
        fn put<T>(into: &mut Option<T>, from: Option<T>) {
            if from.is_some() {
                *into = from;
            }
        }
        fn put_both(into: &mut Option<Both>, from: Option<Both>) {
            if let Some(from) = from {
                *into = Some(from.over(into.take().unwrap_or_default()));
            }
        }
        fn extend(into: &mut BTreeMap<String, Both>, from: BTreeMap<String, Both>) {
            for (key, both) in from {
                let below = into.remove(&key).unwrap_or_default();
                into.insert(key, both.over(below));
            }
        }
        put_both(&mut below.masthead.series, self.masthead.series);
        put_both(&mut below.masthead.institution, self.masthead.institution);
        put_both(&mut below.masthead.issue, self.masthead.issue);
        put(&mut below.masthead.logo, self.masthead.logo);
        put(&mut below.units.money, self.units.money);
        put(&mut below.units.mass, self.units.mass);
        put(&mut below.map.geometry, self.map.geometry);
        below.colours.light.extend(self.colours.light);
        below.colours.dark.extend(self.colours.dark);
        extend(&mut below.page, self.page);
        extend(&mut below.say, self.say);
        for (code, own) in self.caveats {
            let own = match below.caveats.remove(&code) {
                Some(known) => CaveatEntry {
                    tag: own.tag,
                    name: own.name.over(known.name),
                    text: own.text.over(known.text),
                },
                None => own,
            };
            below.caveats.insert(code, own);
        }
        for (kind, names) in self.names {
            let known = below.names.entry(kind).or_default();
            for (code, own) in names {
                let own = match known.remove(&code) {
                    Some(entry) => own.over(entry),
                    None => own,
                };
                known.insert(code, own);
            }
        }
        below
    }
}

impl Template {
    /// The default template under a user's file, if there is one, whose faults were looked at before.
    pub fn of(file: Option<TemplateFile>, logo: Option<String>) -> Self {
        let default = TemplateFile::default_file();
        let file = match file {
            Some(own) => own.over(default),
            None => default,
        };
        let light = themed("light", Theme::light(), &file.colours.light).0;
        let dark = themed("dark", Theme::dark(), &file.colours.dark).0;
        Template { file, light, dark, logo, geometry: None }
    }

    /// What the template calls something of a kind.
    pub fn name(&self, kind: &str, code: &str) -> Option<&NameEntry> {
        self.file.names.get(kind)?.get(code)
    }

    /// A word of the page.
    pub fn word(&self, key: &str, language: Language) -> String {
        self.file.page.get(key).map_or(String::new(), |both| both.of(language).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::NoteCode;

    #[test]
    fn the_default_is_read_and_faultless() {
        for text in DEFAULT {
            if let Err(error) = toml::from_str::<TemplateFile>(text) {
                panic!("{error}");
            }
        }
        let faults = TemplateFile::default_file().faults();
        assert!(faults.is_empty(), "{faults:?}");
    }

    #[test]
    fn every_note_of_a_run_has_its_caveat() {
        // Variants are read from the source, so that none is forgotten.
        let source = include_str!("../fault.rs");
        let (_, body) = source.split_once("pub enum NoteCode {").unwrap();
        let (body, _) = body.split_once("\n}").unwrap();
        let variants = body.lines().filter_map(|line| line.trim().strip_suffix(','));
        let file = TemplateFile::default_file();
        let mut codes = Vec::new();
        for variant in variants {
            let mut code = String::new();
            for letter in variant.chars() {
                if letter.is_uppercase() && !code.is_empty() {
                    code.push('_');
                }
                code.extend(letter.to_lowercase());
            }
            let known: NoteCode = serde_json::from_value(code.clone().into()).unwrap();
            assert_eq!(format!("{known:?}"), variant);
            let Some(caveat) = file.caveats.get(&code) else { panic!("no caveat of {code}") };
            for both in [&caveat.name, &caveat.text] {
                assert!(!both.zh.is_empty() && !both.en.is_empty(), "{code}");
                assert!(both.zh.chars().any(|c| c >= '\u{4e00}'), "{code}: {}", both.zh);
                assert!(!both.en.chars().any(|c| c >= '\u{4e00}'), "{code}: {}", both.en);
            }
            codes.push(code);
        }
        let unknown: Vec<&String> =
            file.caveats.keys().filter(|key| !codes.contains(key)).collect();
        assert!(codes.len() > 50 && unknown.is_empty(), "{unknown:?}");
    }

    #[test]
    fn what_a_file_leaves_out_in_one_language_is_the_default_s() {
        let own = "[say]\nrun_headline = { en = \"x\" }\n[page]\nregion = { zh = \"地\" }\n\
                   [masthead]\nseries = { en = \"Notes\" }\n[names.quantities]\nco2 = { zh = \"碳\" }\n";
        let default = Template::of(None, None).file;
        let file = Template::of(Some(toml::from_str(own).unwrap()), None).file;
        assert_eq!(file.say["run_headline"].en, "x");
        assert_eq!(file.say["run_headline"].zh, default.say["run_headline"].zh);
        assert_eq!(
            (file.page["region"].zh.as_str(), &file.page["region"].en),
            ("地", &default.page["region"].en)
        );
        assert_eq!(file.masthead.series.unwrap().zh, default.masthead.series.unwrap().zh);
        let co2 = &file.names["quantities"]["co2"];
        assert_eq!(
            (co2.zh.as_str(), co2.short_zh.as_str(), co2.en.as_str()),
            ("碳", "", "Carbon dioxide")
        );
    }

    #[test]
    fn sentences_state_no_causes() {
        let file = TemplateFile::default_file();
        let texts = file.say.values().chain(file.caveats.values().map(|caveat| &caveat.text));
        for both in texts {
            for word in ["导致", "拉动", "促进", " causes ", " drives ", "thanks to"] {
                assert!(!both.zh.contains(word) && !both.en.contains(word), "{word}: {both:?}");
            }
        }
    }

    #[test]
    fn what_is_wrong_is_told_at_once() {
        let text = r##"
            [say.transfer_hedline]
            zh = "{{ x"
            en = ""
            [colours.light]
            in = "#FFFF00"
            blood = "#FF0000"
            out = "red"
        "##;
        let faults = toml::from_str::<TemplateFile>(text).unwrap().faults();
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        let told = told.join("\n");
        for part in [
            "did you mean transfer_headline?",
            "say.transfer_hedline.zh",
            "contrast 1.1",
            "blood",
            "\"red\"",
        ] {
            assert!(told.contains(part), "{part} is not in\n{told}");
        }
    }
}
