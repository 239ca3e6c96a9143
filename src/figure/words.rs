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
    /// The scenario that others are measured against.
    pub baseline: String,
    /// What bold numbers of a comparison are.
    pub best_in_bold: String,
    /// What the cells of a ranking are.
    pub ranking: String,
    /// One cell of it: `{a}` and `{b}` stand for scenarios, `{p}` for the share of draws.
    pub better: String,
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
            baseline: own("基准情景", "baseline"),
            best_in_bold: own("加粗：最优，且差别明确", "bold: best, and firmly so"),
            ranking: own(
                "行优于列的抽样比例",
                "share of draws in which the row is better than the column",
            ),
            better: own("{a}优于{b}：{p} 的抽样", "{a} is better than {b} in {p} of draws"),
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

    /// That one scenario is better than another in a share of draws.
    pub fn better_of(&self, a: &str, b: &str, p: &str) -> String {
        self.better.replace("{p}", p).replace("{a}", a).replace("{b}", b)
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
