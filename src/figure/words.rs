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
    /// What came in, in what is read out.
    pub inward: String,
    /// What went out, in what is read out.
    pub outward: String,
    /// What came in less what went out.
    pub net: String,
    /// Behind a number whose range holds zero.
    pub unclear: String,
    /// The same in full, in a key.
    pub unclear_full: String,
    /// Before a range.
    pub range: String,
    /// A sum of what is not named: `{n}` stands for how many.
    pub other: String,
    /// No number.
    pub no_data: String,
    /// The result with every input at its main value.
    pub main_result: String,
    /// With an input at its low value.
    pub low_input: String,
    /// With an input at its high value.
    pub high_input: String,
    /// Of an input that changes the sign of the result.
    pub flips: String,
    /// What a region produces.
    pub production: String,
    /// What its demand calls for, wherever it is produced.
    pub consumption: String,
    /// The difference of two numbers that are drawn together.
    pub gap: String,
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
            inward: own("转入", "in"),
            outward: own("转出", "out"),
            net: own("净转移", "net"),
            unclear: own("不明", "unclear"),
            unclear_full: own("方向不明", "direction unclear"),
            range: own("区间 ", "range "),
            other: own("其余 {n} 个", "other {n}"),
            no_data: own("无数据", "no data"),
            main_result: own("主结果", "main result"),
            low_input: own("取低值", "low value"),
            high_input: own("取高值", "high value"),
            flips: own("变号", "flips"),
            production: own("生产侧", "production"),
            consumption: own("消费侧", "consumption"),
            gap: own("差额", "gap"),
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
