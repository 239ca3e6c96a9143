//! What is wrong with a template, as far as it can be told without results.

use std::collections::BTreeMap;

use super::{Colours, TemplateFile};
use crate::figure::ink::{Ink, LEAST_CONTRASTS, Theme, contrast};
use crate::labels::suggestion;
use crate::numerals::Language;
use crate::units::Unit;

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// A role of colour that there is not.
    #[error("{theme} has no colour {role:?}; roles are {known}")]
    Role {
        /// `light` or `dark`.
        theme: &'static str,
        /// The word.
        role: String,
        /// All roles.
        known: String,
    },
    /// No colour.
    #[error("{theme}.{role} is {text:?}, expected a colour such as \"#1B66B0\"")]
    Colour {
        /// `light` or `dark`.
        theme: &'static str,
        /// The role.
        role: String,
        /// The text.
        text: String,
    },
    /// Two colours that do not stand apart.
    #[error(
        "{theme}: {one} {one_colour} on {other} {other_colour} has contrast {found:.1}, {least} is needed"
    )]
    Contrast {
        /// `light` or `dark`.
        theme: &'static str,
        /// The mark or text.
        one: String,
        /// Its colour.
        one_colour: String,
        /// The ground.
        other: String,
        /// Its colour.
        other_colour: String,
        /// Their contrast.
        found: f64,
        /// What is needed.
        least: f64,
    },
    /// A sentence that is no template.
    #[error("say.{key}.{language}, line {line} of the sentence: {message}")]
    Sentence {
        /// Its key.
        key: String,
        /// `zh` or `en`.
        language: &'static str,
        /// Line of the sentence.
        line: usize,
        /// What minijinja says.
        message: String,
    },
    /// A unit of nothing that it could stand for.
    #[error("units.{of} is {text:?}, which is no unit of {of} that irio knows")]
    Unit {
        /// `money` or `mass`.
        of: &'static str,
        /// What stands there.
        text: String,
        /// A unit that could stand there.
        example: &'static str,
    },
    /// A key that nothing reads.
    #[error("{part}.{key} is not read by any brief{suggestion}")]
    Unknown {
        /// `say`, `page`, `names` or `caveats`.
        part: &'static str,
        /// The key.
        key: String,
        /// A key that is spelled like it.
        suggestion: String,
    },
}

impl TemplateFile {
    /// What is in this file that no brief would read or that is wrong in itself.
    pub fn faults(&self) -> Vec<TemplateError> {
        let mut faults = self.unread();
        faults.extend(self.unusable_units());
        faults.extend(self.broken_sentences());
        for (word, colours) in [("light", &self.colours.light), ("dark", &self.colours.dark)] {
            let base = if word == "light" { Theme::light() } else { Theme::dark() };
            faults.extend(themed(word, base, colours).1);
        }
        faults
    }

    /// Keys that nothing reads. Names of a kind are open: a table may have any region, sector or stressor.
    fn unread(&self) -> Vec<TemplateError> {
        let default = TemplateFile::default_file();
        [
            unknown("say", &self.say, &default.say),
            unknown("page", &self.page, &default.page),
            unknown("names", &self.names, &default.names),
            unknown("caveats", &self.caveats, &default.caveats),
        ]
        .concat()
    }

    fn unusable_units(&self) -> Vec<TemplateError> {
        let units = [
            ("money", &self.units.money, Unit::is_money as fn(&Unit) -> bool, "10^8 yuan"),
            ("mass", &self.units.mass, Unit::is_mass, "10^4 t"),
        ];
        let unusable = units.into_iter().filter_map(|(of, unit, is_such, example)| {
            let unit = unit.as_ref()?;
            let usable = unit.parse::<Unit>().is_ok_and(|unit| is_such(&unit));
            (!usable).then(|| TemplateError::Unit { of, text: unit.clone(), example })
        });
        unusable.collect()
    }

    fn broken_sentences(&self) -> Vec<TemplateError> {
        let mut faults = Vec::new();
        for (key, both) in &self.say {
            for language in Language::BOTH {
                let environment = minijinja::Environment::new();
                if let Err(error) = environment.template_from_str(both.of(language)) {
                    faults.push(TemplateError::Sentence {
                        key: key.clone(),
                        language: language.word(),
                        line: error.line().unwrap_or(1),
                        message: error.detail().map_or(error.kind().to_string(), str::to_owned),
                    });
                }
            }
        }
        faults
    }
}

/// Keys of a part that the default does not have.
fn unknown<T>(
    part: &'static str,
    own: &BTreeMap<String, T>,
    known: &BTreeMap<String, T>,
) -> Vec<TemplateError> {
    let unread = own.keys().filter(|key| !known.contains_key(*key));
    let fault = |key: &String| {
        let near = suggestion(key, known.keys().map(String::as_str));
        let suggestion = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
        TemplateError::Unknown { part, key: key.clone(), suggestion }
    };
    unread.map(fault).collect()
}

/// A theme with some colours replaced, and what is wrong with them.
pub(super) fn themed(
    word: &'static str,
    mut theme: Theme,
    colours: &Colours,
) -> (Theme, Vec<TemplateError>) {
    let mut faults = Vec::new();
    for (role, colour) in colours {
        let ink = Ink::all().find(|ink| ink.word() == *role && !role.starts_with("on"));
        match ink {
            None => {
                let known: Vec<String> =
                    Ink::all().map(Ink::word).filter(|word| !word.starts_with("on")).collect();
                let known = known.join(", ");
                faults.push(TemplateError::Role { theme: word, role: role.clone(), known });
            }
            Some(_) if contrast(colour, "#000000").is_none() => {
                faults.push(TemplateError::Colour {
                    theme: word,
                    role: role.clone(),
                    text: colour.clone(),
                })
            }
            Some(ink) => theme.set(ink, colour),
        }
    }
    let mut pairs: Vec<(Ink, Ink, f64)> = Vec::new();
    for ground in [Ink::Paper, Ink::Panel] {
        pairs.extend(LEAST_CONTRASTS.iter().map(|(ink, least)| (*ink, ground, *least)));
    }
    pairs.extend((0..9).map(|class| (Ink::OnDiverging(class), Ink::Diverging(class), 4.5)));
    pairs.extend((0..6).map(|class| (Ink::OnSequential(class), Ink::Sequential(class), 4.5)));
    for (one, other, least) in pairs {
        let (one_colour, other_colour) = (theme.colour(one), theme.colour(other));
        let found = contrast(one_colour, other_colour).unwrap_or(1.0);
        // Contrasts are stated with one decimal.
        if found < least - 0.05 {
            faults.push(TemplateError::Contrast {
                theme: word,
                one: one.word(),
                one_colour: one_colour.to_owned(),
                other: other.word(),
                other_colour: other_colour.to_owned(),
                found,
                least,
            });
        }
    }
    (theme, faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let file: TemplateFile = toml::from_str(text).unwrap();
        file.faults().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let text = "[units]\nmoney = \"dolars\"\nmass = \"10^8 yuan\"\n\
                    [names.quantitys]\nco2 = { zh = \"碳\" }\n\
                    [page]\nregin = { zh = \"地\" }\n\
                    [say.run_headline]\nzh = \"{{ a\"\nen = \"one\\n{% if %}\"\n\
                    [caveats.synthetik]\ntag = \"limits\"\nname = {}\ntext = {}\n\
                    [colours.light]\nink = \"grey\"\n";
        insta::assert_snapshot!(told(text).join("\n"), @r##"
        page.regin is not read by any brief; did you mean region?
        names.quantitys is not read by any brief; did you mean quantities?
        caveats.synthetik is not read by any brief; did you mean synthetic?
        units.money is "dolars", which is no unit of money that irio knows
        units.mass is "10^8 yuan", which is no unit of mass that irio knows
        say.run_headline.zh, line 1 of the sentence: unexpected end of input, expected end of variable block
        say.run_headline.en, line 2 of the sentence: unexpected end of block
        light.ink is "grey", expected a colour such as "#1B66B0"
        "##);
    }

    #[test]
    fn units_of_any_currency_and_names_of_any_code_are_read() {
        let text = "[units]\nmoney = \"M.EUR\"\nmass = \"kt\"\n\
                    [names.regions]\n\"某地\" = { en = \"Somewhere\" }\n\
                    [names.scenarios]\nmine = { en = \"Mine\" }\n";
        assert_eq!(told(text), [] as [&str; 0]);
    }
}
