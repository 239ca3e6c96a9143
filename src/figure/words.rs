//! Words that figures add to names and numbers.

use crate::numerals::Language;

/// Words in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Words {
    /// Head of the side that gives, with its arrow.
    pub gives: String,
    /// Head of the side that receives, with its arrow.
    pub receives: String,
    /// Behind a number whose range holds zero.
    pub unclear: String,
    /// The same in full, in a key.
    pub unclear_full: String,
    /// Before a range.
    pub range: String,
    /// A sum of what is not named: `{n}` stands for how many.
    pub other: String,
    /// The same of flows.
    pub other_flows: String,
    /// How much of all that is: `{share}` stands for the percentage.
    pub of_all: String,
    /// No number.
    pub no_data: String,
    /// Head of rows that give, above their names.
    pub row_gives: String,
    /// Head of the places from which flows come.
    pub from: String,
    /// Head of the places to which flows go.
    pub to: String,
    /// Which numbers a phone shows: `{number}` stands for the least.
    pub numbers_from: String,
    /// Quadrants of two changes, such as value added and emissions: both rise, only the second, both fall, only
    /// the first.
    pub quadrants: [String; 4],
    /// The same for a phone.
    pub quadrants_short: [String; 4],
    /// Between parts of what is read out.
    pub comma: String,
    /// Between things of a list.
    pub enumeration: String,
    /// At the end of a sentence that another follows.
    pub stop: String,
    /// Between a name and what is said of it.
    pub colon: String,
    /// Between things said.
    pub semicolon: String,
    /// Brackets.
    pub brackets: [String; 2],
}

impl Words {
    /// The default words.
    pub fn of(language: Language) -> Self {
        let own = |zh: &str, en: &str| language.pick(zh, en).to_owned();
        Words {
            gives: own("← 转出", "← gives"),
            receives: own("转入 →", "receives →"),
            unclear: own("不明", "unclear"),
            unclear_full: own("方向不明", "direction unclear"),
            range: own("区间 ", "range "),
            other: own("其余 {n} 个", "other {n}"),
            other_flows: own("其余 {n} 条", "other {n} flows"),
            of_all: own("占全部 {share}", "{share} of all"),
            no_data: own("无数据", "no data"),
            row_gives: own("转出 ↓", "gives ↓"),
            from: own("转出", "gives"),
            to: own("转入", "receives"),
            numbers_from: own("印出的数：绝对值 ≥ {number}", "numbers shown: {number} or more"),
            quadrants: [
                own("得增加值，也得排放", "gains value added and emissions"),
                own("失增加值，得排放", "loses value added, gains emissions"),
                own("失增加值，也失排放", "loses value added and emissions"),
                own("得增加值，减排放", "gains value added, loses emissions"),
            ],
            quadrants_short: [
                own("两者都得", "gains both"),
                own("只得排放", "emissions only"),
                own("两者都失", "loses both"),
                own("只得增加值", "value added only"),
            ],
            comma: own("，", ", "),
            enumeration: own("、", ", "),
            stop: own("。", ". "),
            colon: own("：", ": "),
            semicolon: own("；", "; "),
            brackets: [own("（", " ("), own("）", ")")],
        }
    }

    /// The word for what is not named.
    pub fn other_of(&self, count: usize) -> String {
        self.other.replace("{n}", &count.to_string())
    }

    /// The words for flows that are not drawn.
    pub fn other_flows_of(&self, count: usize) -> String {
        self.other_flows.replace("{n}", &count.to_string())
    }

    /// The words for a share of all.
    pub fn share_of_all(&self, share: &str) -> String {
        self.of_all.replace("{share}", share)
    }

    /// A list of names: the first four, then how many more.
    pub fn list(&self, names: &[String]) -> String {
        let mut shown: Vec<String> = names.iter().take(4).cloned().collect();
        if names.len() > 4 {
            shown.push(self.other_of(names.len() - 4));
        }
        shown.join(&self.enumeration)
    }

    /// Something in brackets behind something else.
    pub fn bracketed(&self, inner: &str) -> String {
        format!("{}{inner}{}", self.brackets[0], self.brackets[1])
    }
}
