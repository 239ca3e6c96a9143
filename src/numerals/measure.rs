//! The unit of a figure.

use super::{Language, SPACE, decimals_that_matter, number, range};
use crate::units::Unit;

/// How numbers of one unit are printed in one figure: what they are divided by, the unit's name, decimals.
///
/// # Examples
/// ```
/// use irio::numerals::{Language, Measure};
/// let measure = Measure::of_figure("10^8 yuan", 5988.0, Language::Chinese);
/// assert_eq!(measure.change(-5988.2), "−5988");
/// assert_eq!(measure.unit(), "亿元");
/// let measure = Measure::of_figure("10^8 yuan", 5988.0, Language::English);
/// assert_eq!(measure.change(-5988.2), "−599");
/// assert_eq!(measure.unit(), "billion yuan");
/// let measure = Measure::of_prose("Mt", 649.0, Language::Chinese);
/// assert_eq!((measure.change(649.0), measure.unit()), ("+6.5".to_owned(), "亿吨"));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    divisor: f64,
    unit: String,
    decimals: usize,
    language: Language,
}

/// A rung of a ladder of units: its size in the base unit, and names in Chinese and English.
type Rung = (f64, &'static str, &'static str);

/// What a rung adds in prose only is marked by the place where it stands: after `FIGURES`.
const MONEY: [Rung; 3] = [(1e4, "万", ""), (1e8, "亿", ""), (1e12, "万亿", "")];
const MONEY_EN: [Rung; 3] = [(1e6, "", "million"), (1e9, "", "billion"), (1e12, "", "trillion")];
const MASS: [Rung; 3] = [(1.0, "吨", "t"), (1e4, "万吨", "t"), (1e6, "百万吨", "Mt")];
const MASS_EN: [Rung; 2] = [(1.0, "吨", "t"), (1e6, "百万吨", "Mt")];

/// Names of currencies: base of the unit, Chinese, English.
const CURRENCIES: [(&str, &str, &str); 3] =
    [("yuan", "元", "yuan"), ("usd", "美元", "US dollars"), ("eur", "欧元", "euros")];

impl Measure {
    /// For numbers of a figure or table whose largest is `largest`, both in `unit`: whole steps of the ladder,
    /// at most four digits, the same decimals for all.
    pub fn of_figure(unit: &str, largest: f64, language: Language) -> Self {
        Self::climb(unit, largest, language, false)
    }

    /// For one number in a sentence: two to three digits that matter.
    pub fn of_prose(unit: &str, value: f64, language: Language) -> Self {
        Self::climb(unit, value, language, true)
    }

    /// In a unit that was asked for, if numbers of `unit` can be told in it; with the decimals of a figure or of a
    /// sentence.
    ///
    /// # Examples
    /// ```
    /// use irio::numerals::{Language, Measure};
    /// let measure = Measure::in_unit("Mt", "10^4 t", 300.4, Language::Chinese, false).unwrap();
    /// assert_eq!(measure.with_unit(&measure.level(300.4)), "30\u{a0}040\u{a0}万吨");
    /// assert_eq!(Measure::in_unit("Mt", "10^8 yuan", 1.0, Language::English, false), None);
    /// ```
    pub fn in_unit(
        unit: &str,
        wanted: &str,
        largest: f64,
        language: Language,
        prose: bool,
    ) -> Option<Self> {
        let (own, other) = (unit.parse::<Unit>().ok()?, wanted.parse::<Unit>().ok()?);
        let divisor = 1.0 / own.factor_to(&other)?;
        let size = largest.abs() / divisor;
        let decimals = if prose { decimals_that_matter(size) } else { fixed_decimals(size) };
        Some(Measure { divisor, unit: rung_name(&other, wanted, language), decimals, language })
    }

    fn climb(unit: &str, largest: f64, language: Language, prose: bool) -> Self {
        let (divisor, name) = named(unit, largest.abs(), language, prose);
        let size = largest.abs() / divisor;
        let decimals = match prose {
            true => decimals_that_matter(size),
            false => fixed_decimals(size),
        };
        Measure { divisor, unit: name, decimals, language }
    }

    /// The same unit, with the decimals of a figure or table whose largest number is `largest` of the file.
    ///
    /// # Examples
    /// ```
    /// use irio::numerals::{Language, Measure};
    /// let levels = Measure::of_figure("Mt", 8587.0, Language::Chinese);
    /// assert_eq!(levels.with_unit(&levels.for_figure(80.3).change(43.7)), "+43.7\u{a0}百万吨");
    /// ```
    pub fn for_figure(&self, largest: f64) -> Self {
        self.with_decimals(fixed_decimals(self.scaled(largest.abs())))
    }

    /// The same unit, with other decimals.
    pub fn with_decimals(&self, decimals: usize) -> Self {
        Measure { decimals, ..self.clone() }
    }

    /// The same unit with as many more decimals as show the first digit of a value: the end of a range is neither
    /// rounded away nor to one.
    ///
    /// # Examples
    /// ```
    /// use irio::numerals::{Language, Measure};
    /// let measure = Measure::of_figure("10^8 yuan", 207.0, Language::Chinese);
    /// assert_eq!(measure.showing(-0.56).change(-0.56), "−0.6");
    /// assert_eq!(measure.showing(-57.0).change(-57.0), "−57");
    /// ```
    pub fn showing(&self, value: f64) -> Self {
        /// What is smaller is nothing.
        const MOST: f64 = 3.0;
        let size = self.scaled(value).abs();
        if size == 0.0 || size >= 1.0 || !size.is_finite() {
            return self.clone();
        }
        let decimals = (-size.log10()).ceil().min(MOST) as usize;
        self.with_decimals(self.decimals.max(decimals))
    }

    /// What a value of the file is in this unit.
    pub fn scaled(&self, value: f64) -> f64 {
        value / self.divisor
    }

    /// What a number of this unit is in that of the file.
    pub fn unscaled(&self, value: f64) -> f64 {
        value * self.divisor
    }

    /// Name of the unit; empty for pure numbers.
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// Decimals of its numbers.
    pub fn decimals(&self) -> usize {
        self.decimals
    }

    /// The language it prints in.
    pub fn language(&self) -> Language {
        self.language
    }

    /// A level of the file, without a sign unless negative.
    pub fn level(&self, value: f64) -> String {
        number(self.scaled(value), self.decimals, false, self.language)
    }

    /// A change of the file, with its sign.
    pub fn change(&self, value: f64) -> String {
        number(self.scaled(value), self.decimals, true, self.language)
    }

    /// The ends of a range of changes.
    pub fn changes(&self, low: f64, high: f64) -> String {
        range(&self.change(low), &self.change(high), self.language)
    }

    /// The ends of a range of levels.
    pub fn levels(&self, low: f64, high: f64) -> String {
        range(&self.level(low), &self.level(high), self.language)
    }

    /// A number with its unit behind it: `+4551 亿元`.
    pub fn with_unit(&self, number: &str) -> String {
        if self.unit.is_empty() {
            number.to_owned()
        } else if self.unit == "%" {
            format!("{number}%")
        } else {
            format!("{number}{SPACE}{}", self.unit)
        }
    }

    /// A number of an axis, already in this unit; as many decimals as its step needs.
    pub fn tick(&self, scaled: f64, step: f64, change: bool) -> String {
        let decimals = tick_decimals(step);
        number(scaled, decimals, change, self.language)
    }
}

/// Decimals that tell numbers apart that are a step of 1, 2, 2.5 or 5 times a power of ten apart.
fn tick_decimals(step: f64) -> usize {
    let power = (step.abs().log10() + 1e-9).floor();
    let quarter = (step.abs() / 10f64.powf(power) - 2.5).abs() < 1e-6;
    (f64::from(u8::from(quarter)) - power).clamp(0.0, 12.0) as usize
}

/// At most four digits: whole numbers from a hundred on.
fn fixed_decimals(size: f64) -> usize {
    match size {
        size if size >= 100.0 || size == 0.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        size => ((1.0 - size.log10().floor()).clamp(0.0, 12.0)) as usize,
    }
}

/// What a unit is divided by for numbers of a size, and what that is called.
fn named(unit: &str, largest: f64, language: Language, prose: bool) -> (f64, String) {
    if let Some(over) = unit.strip_suffix(" per year") {
        let (size, name) = named(over, largest, language, prose);
        return (size, language.pick(format!("{name}/年"), format!("{name} a year")));
    }
    let slash = || unit.split_once('/').filter(|(over, _)| *over != "1");
    if let Some((over, under)) = unit.split_once(" per ").or_else(slash) {
        return ratio((over, under), largest, language);
    }
    if matches!(unit, "" | "1") {
        return (1.0, String::new());
    }
    if unit == "share" {
        return (0.01, "%".to_owned());
    }
    let Ok(parsed) = unit.parse::<Unit>() else { return (1.0, unit.to_owned()) };
    let size_in = |base: &str| base.parse::<Unit>().ok().and_then(|base| parsed.factor_to(&base));
    for (base, zh, en) in CURRENCIES {
        if let Some(factor) = size_in(base) {
            let rungs = language.pick(&MONEY, &MONEY_EN);
            // Trillions are for sentences, and for figures that would need five digits.
            let top = if prose || largest * factor >= 1e13 { 3 } else { 2 };
            let (size, zh_rung, en_rung) = rung(&rungs[..top], largest * factor, 1.0);
            let name = language.pick(format!("{zh_rung}{zh}"), format!("{en_rung} {en}"));
            return (size / factor, name);
        }
    }
    if let Some(factor) = size_in("t") {
        let value = largest * factor;
        if prose && language == Language::Chinese && value >= 1e8 {
            return (1e8 / factor, "亿吨".to_owned());
        }
        let (size, zh, en) = match language {
            // Millions of tonnes only where tens of thousands would need five digits.
            Language::Chinese if value >= 1e8 => MASS[2],
            Language::Chinese => *rung(&MASS[..2], value, 1.0),
            Language::English => *rung(&MASS_EN, value, 0.1),
        };
        return (size / factor, language.pick(zh, en).to_owned());
    }
    if let Some(factor) = size_in("person") {
        let large = largest * factor >= language.pick(1e4, 1e4);
        let (size, name) = match (language, large) {
            (Language::Chinese, true) => (1e4, "万人"),
            (Language::Chinese, false) => (1.0, "人"),
            (Language::English, true) => (1e3, "thousand persons"),
            (Language::English, false) => (1.0, "persons"),
        };
        return (size / factor, name.to_owned());
    }
    (1.0, spelled(unit, language))
}

/// Name of a unit that was asked for: that of its rung, or as it was written.
fn rung_name(unit: &Unit, wanted: &str, language: Language) -> String {
    let size_in = |base: &str| base.parse::<Unit>().ok().and_then(|base| unit.factor_to(&base));
    let same = |size: f64, rung: &&Rung| (size / rung.0 - 1.0).abs() < 1e-9;
    for (base, zh, en) in CURRENCIES {
        let Some(size) = size_in(base) else { continue };
        let rungs = language.pick(&MONEY, &MONEY_EN);
        if let Some((_, zh_rung, en_rung)) = rungs.iter().find(|rung| same(size, rung)) {
            return language.pick(format!("{zh_rung}{zh}"), format!("{en_rung} {en}"));
        }
    }
    let size = size_in("t");
    let rung = size.and_then(|size| MASS.iter().find(|rung| same(size, rung)));
    match (rung, language) {
        (Some((_, zh, _)), Language::Chinese) => (*zh).to_owned(),
        (Some((size, _, en)), Language::English) if *size != 1e4 => (*en).to_owned(),
        _ => superscripts(wanted),
    }
}

/// Powers of ten as people write them: `10^8 yuan` is `10⁸ yuan`.
fn superscripts(unit: &str) -> String {
    let mut out = String::new();
    let mut raised = false;
    for c in unit.chars() {
        let digit = c.to_digit(10).and_then(|digit| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(digit as usize));
        match (c, digit) {
            ('^', _) => raised = true,
            (_, Some(digit)) if raised => out.push(digit),
            _ => {
                raised = false;
                out.push(c);
            }
        }
    }
    out
}

/// The highest rung that a value reaches by so much; the lowest if it reaches none.
fn rung(rungs: &[Rung], value: f64, least: f64) -> &Rung {
    rungs.iter().rev().find(|(size, ..)| value >= least * size).unwrap_or(&rungs[0])
}

/// Rungs of money per something else, which may be small.
const MONEY_PER: [Rung; 3] = [(1.0, "", ""), (1e4, "万", ""), (1e8, "亿", "")];
const MONEY_PER_EN: [Rung; 3] = [(1.0, "", ""), (1e6, "", "million "), (1e9, "", "billion ")];

/// A quotient of units: mass per money is told in t per 10⁴ yuan, money per something else climbs, others stay.
fn ratio((over, under): (&str, &str), largest: f64, language: Language) -> (f64, String) {
    let per = |text: &str, base: &str| {
        text.parse::<Unit>().ok().and_then(|unit| unit.factor_to(&base.parse::<Unit>().ok()?))
    };
    if let (Some(mass), Some(money)) = (per(over, "t"), per(under, "10^4 yuan")) {
        return (money / mass, language.pick("吨/万元", "t per 10⁴ yuan").to_owned());
    }
    if let (Some(from), Some(to)) = (per(over, "10^4 yuan"), per(under, "10^4 yuan")) {
        return (to / from, language.pick("元/元", "yuan per yuan").to_owned());
    }
    if under == "person"
        && let Some(found) = per_person(over, language)
    {
        return found;
    }
    for (base, zh, en) in CURRENCIES {
        let Some(factor) = per(over, base) else { continue };
        let rungs = language.pick(&MONEY_PER, &MONEY_PER_EN);
        let (size, zh_rung, en_rung) = rung(rungs, largest * factor, 1.0);
        let under = spelled(under, language);
        let name =
            language.pick(format!("{zh_rung}{zh}/{under}"), format!("{en_rung}{en} per {under}"));
        return (size / factor, name);
    }
    let [over, under] = [over, under].map(|unit| spelled(unit, language));
    (1.0, language.pick(format!("{over}/{under}"), format!("{over} per {under}")))
}

/// Mass, fuel and money per person, in units of which a person has some: 吨/人, 万元/人.
fn per_person(over: &str, language: Language) -> Option<(f64, String)> {
    let size_in = |base: &str| over.parse::<Unit>().ok()?.factor_to(&base.parse::<Unit>().ok()?);
    let of = |size: f64, factor: f64, zh: &str, en: &str| {
        (size / factor, language.pick(format!("{zh}/人"), format!("{en} per person")))
    };
    for (base, zh, en) in [("t", "吨", "t"), ("tce", "吨标准煤", "tce")] {
        if let Some(factor) = size_in(base) {
            return Some(of(1.0, factor, zh, en));
        }
    }
    let (base, zh, en) = CURRENCIES.iter().find(|(base, ..)| size_in(base).is_some())?;
    let size = language.pick(1e4, 1e3);
    Some(of(size, size_in(base)?, &format!("万{zh}"), &format!("thousand {en}")))
}

/// A part of a quotient that is not converted: powers raised.
fn spelled(unit: &str, language: Language) -> String {
    if let (Language::Chinese, Some((over, under))) = (language, unit.split_once(" per ")) {
        return format!("{}/{}", spelled(over, language), spelled(under, language));
    }
    if let Some((power, base)) = unit.split_once(' ')
        && let Some(rung) = (power == "10^4").then_some("万").or((power == "10^8").then_some("亿"))
    {
        let base = spelled(base, language);
        let first = base.chars().next();
        return match language {
            // A Chinese name of a unit has its power before it.
            Language::Chinese if first.is_some_and(|c| !c.is_ascii()) => format!("{rung}{base}"),
            _ => superscripts(&format!("{power} {base}")),
        };
    }
    let name = match (language, unit) {
        (Language::Chinese, "person") => "人",
        (Language::Chinese, "t") => "吨",
        (Language::English, "person") => "persons",
        (Language::Chinese, "km2" | "km^2") => "平方公里",
        (Language::Chinese, "m2" | "m^2") => "平方米",
        (Language::Chinese, "m3" | "m^3") => "立方米",
        (_, "km2") => "km^2",
        (_, "m2") => "m^2",
        (_, "m3") => "m^3",
        _ => unit,
    };
    superscripts(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(unit: &str, value: f64, language: Language, prose: bool) -> String {
        let measure = Measure::climb(unit, value, language, prose);
        measure.with_unit(&measure.level(value)).replace(SPACE, " ")
    }

    #[test]
    fn money_climbs_its_ladder() {
        use Language::{Chinese, English};
        assert_eq!(shown("10^8 yuan", 0.43, Chinese, false), "4300 万元");
        assert_eq!(shown("10^8 yuan", 14366.0, Chinese, false), "14 366 亿元");
        assert_eq!(shown("10^8 yuan", 14366.0, Chinese, true), "1.44 万亿元");
        assert_eq!(shown("10^4 yuan", 14366e4, English, true), "1.44 trillion yuan");
        assert_eq!(shown("10^8 yuan", 455.0, English, false), "45.5 billion yuan");
        assert_eq!(shown("10^8 yuan", 0.43, English, false), "43.0 million yuan");
        assert_eq!(shown("usd", 2e6, Chinese, true), "200 万美元");
    }

    #[test]
    fn mass_climbs_its_ladder() {
        use Language::{Chinese, English};
        assert_eq!(shown("Mt", 300.4, Chinese, false), "300 百万吨");
        assert_eq!(shown("Mt", 12.3, Chinese, false), "1230 万吨");
        assert_eq!(shown("Mt", 300.4, Chinese, true), "3.0 亿吨");
        assert_eq!(shown("Mt", 12.3, English, true), "12.3 Mt");
        assert_eq!(shown("t", 512.0, Chinese, true), "512 吨");
        assert_eq!(shown("10^4 t", 3.0, English, false), "30,000 t");
    }

    #[test]
    fn intensities_are_tonnes_per_ten_thousand_yuan() {
        use Language::{Chinese, English};
        assert_eq!(shown("Mt per 10^8 yuan", 0.0461, Chinese, true), "4.6 吨/万元");
        assert_eq!(shown("10^4 t per 10^8 yuan", 3.3, English, true), "3.3 t per 10⁴ yuan");
        assert_eq!(shown("km per h", 3.3, English, true), "3.3 km per h");
        assert_eq!(shown("10^8 yuan per year", 455.0, Chinese, false), "455 亿元/年");
        assert_eq!(shown("10^8 yuan per year", 455.0, English, true), "46 billion yuan a year");
        assert_eq!(shown("Mt per person", 6.2e-6, Chinese, true), "6.2 吨/人");
        assert_eq!(shown("10^4 tce per person", 2.7e-4, English, false), "2.70 tce per person");
        assert_eq!(shown("10^4 yuan per person", 5.866, Chinese, false), "5.87 万元/人");
        assert_eq!(
            shown("10^4 yuan per person", 5.866, English, false),
            "58.7 thousand yuan per person"
        );
        assert_eq!(shown("10^8 yuan per km2", 3.3, English, true), "330 million yuan per km²");
        assert_eq!(shown("10^4 yuan per km2", 402.0, English, true), "4.0 million yuan per km²");
        assert_eq!(shown("10^4 yuan per km2", 402.0, Chinese, true), "402 万元/平方公里");
        assert_eq!(shown("yuan per t", 113.0, Chinese, true), "113 元/吨");
        assert_eq!(shown("yuan per t per t", 0.0003, Chinese, true), "0.00030 元/吨/吨");
        assert_eq!(shown("10^8 yuan/km^2", 0.78, Chinese, true), "7800 万元/平方公里");
        assert_eq!(shown("person/km^2", 52.0, Chinese, false), "52.0 人/平方公里");
        assert_eq!(shown("10^8 m3", 6300.0, Chinese, true), "6300 亿立方米");
        assert_eq!(shown("10^8 m3", 6300.0, English, true), "6,300 10⁸ m³");
        assert_eq!(shown("person/km^2", 52.0, English, false), "52.0 persons per km²");
        assert_eq!(shown("1/km", 0.0049, Chinese, false), "0.0049 1/km");
        assert_eq!(shown("10^8 yuan per km2", 3.3, Chinese, true), "3.3 亿元/平方公里");
    }

    #[test]
    fn ticks_have_the_decimals_of_their_step() {
        let measure = Measure::of_figure("1", 0.5, Language::English);
        assert_eq!(measure.tick(0.25, 0.05, true), "+0.25");
        assert_eq!(measure.tick(-500.0, 250.0, true), "−500");
        assert_eq!(measure.tick(1500.0, 500.0, false), "1,500");
    }
}
