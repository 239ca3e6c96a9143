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
    /// The same of flows.
    pub other_flows: String,
    /// Before points that have no room for their names.
    pub not_named: String,
    /// How much of all that is: `{share}` stands for the percentage.
    pub of_all: String,
    /// No number.
    pub no_data: String,
    /// Head of rows that give, above their names.
    pub row_gives: String,
    /// Head of columns that receive, above theirs.
    pub column_receives: String,
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
    /// The result with every input at its main value.
    pub main_result: String,
    /// With an input at its low value.
    pub low_input: String,
    /// With an input at its high value.
    pub high_input: String,
    /// The end of the bar of an input that lowers the result, as it is read out.
    pub low_end: String,
    /// The end of the one that raises it.
    pub high_end: String,
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
    /// A year; `{year}` stands for it.
    pub year: String,
    /// At the last year of the data: `{year}` stands for it.
    pub data_end: String,
    /// A band of the draws: `{share}` stands for how many of them, in percent.
    pub of_draws: String,
    /// The line in the middle of the bands.
    pub median: String,
    /// The line of the run in which nothing is drawn.
    pub main_run: String,
    /// Where a vertical axis does not start at zero.
    pub cut: String,
    /// What should be reached.
    pub target: String,
    /// The year in which something is highest.
    pub peak: String,
    /// Head of a column of estimates.
    pub estimate: String,
    /// An interval of an estimate: `{share}` stands for its confidence, in percent.
    pub interval: String,
    /// A value of the literature.
    pub published: String,
    /// What a check finds: met, to be looked at, not met.
    pub grades: [String; 3],
    /// Head of the column of identities.
    pub identity: String,
    /// Head of the column of gaps.
    pub largest_gap: String,
    /// Head of the column of places and advice.
    pub where_and_what: String,
    /// Before the largest gap that is let pass.
    pub tolerance: String,
    /// A number below the end of its axis: `{value}` stands for that.
    pub less_than: String,
    /// A number above the end of its axis.
    pub more_than: String,
    /// Before the index of localisation, Γ.
    pub localised: String,
    /// Before the index of dispersion, Ψ.
    pub dispersed: String,
    /// Where there is neither.
    pub as_all_plants: String,
    /// The density of distances between plants.
    pub plant_density: String,
    /// The axis of distances.
    pub distance: String,
    /// The band of draws at each distance by itself: `{share}` stands for how many of them.
    pub local_band: String,
    /// That over all distances together.
    pub global_band: String,
    /// A density above the global band.
    pub above_band: String,
    /// And below it.
    pub below_band: String,
    /// Before the value of Moran's I.
    pub moran: String,
    /// An axis of standardized values: `{name}` stands for what they are of.
    pub standardized: String,
    /// An axis of their means over neighbours.
    pub of_neighbours: String,
    /// Clusters and outliers of regions: high among high, low among low, high among low, low among high.
    pub clusters: [String; 4],
    /// Head of a list of them.
    pub local_clusters: String,
    /// What is in none of them.
    pub not_significant: String,
    /// Before a local value.
    pub local_value: String,
    /// Where a fitted curve changes its direction.
    pub turning_point: String,
    /// In place of a turning point that the test does not find significant.
    pub unsure_turn: String,
    /// In place of a turning point where there is none inside the data.
    pub monotone: String,
    /// In place of an interval that has no ends.
    pub unbounded: String,
    /// The stretch of a curve over the range of the data.
    pub in_sample: String,
    /// What is beyond it.
    pub beyond_sample: String,
    /// The range that the stars of a published value leave open; never called an interval of confidence.
    pub implied: String,
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
            other_flows: own("其余 {n} 条", "other {n} flows"),
            not_named: own("未标名称：", "Not named: "),
            of_all: own("占全部 {share}", "{share} of all"),
            no_data: own("无数据", "no data"),
            row_gives: own("转出 ↓", "gives ↓"),
            column_receives: own("转入 →", "receives →"),
            from: own("转出", "gives"),
            to: own("转入", "receives"),
            numbers_from: own("印出的数：绝对值 ≥ {number}", "numbers shown: {number} or more"),
            quadrants: [
                own("增加值增，排放增", "more value added, higher emissions"),
                own("增加值减，排放增", "less value added, higher emissions"),
                own("增加值减，排放减", "less value added, lower emissions"),
                own("增加值增，排放减", "more value added, lower emissions"),
            ],
            quadrants_short: [
                own("两者都增", "both up"),
                own("只有排放增", "emissions up"),
                own("两者都减", "both down"),
                own("只有增加值增", "value added up"),
            ],
            main_result: own("主结果", "main result"),
            low_input: own("取低值", "low value"),
            high_input: own("取高值", "high value"),
            low_end: own("取低值", "low value"),
            high_end: own("取高值", "high value"),
            flips: own("变号", "flips"),
            production: own("生产侧", "production"),
            consumption: own("消费侧", "consumption"),
            gap: own("差额", "gap"),
            baseline: own("基准情景", "baseline"),
            best_in_bold: own("加粗：最优，且差别明确", "Bold: best, and firmly so"),
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
            year: own("{year} 年", "{year}"),
            data_end: own("数据止于 {year} 年", "data end {year}"),
            of_draws: own("{share} 的抽样", "{share} of draws"),
            median: own("中位数", "median"),
            main_run: own("主运行（取主值）", "main run"),
            cut: own("纵轴不从零起", "axis does not start at zero"),
            target: own("目标", "target"),
            peak: own("峰值", "peak"),
            estimate: own("估计值", "estimate"),
            interval: own("{share} 区间", "{share} interval"),
            published: own("文献值", "published"),
            grades: [own("通过", "pass"), own("警告", "warn"), own("不通过", "fail")],
            identity: own("恒等式", "identity"),
            largest_gap: own("最大缺口，占所在合计", "largest gap, share of its total"),
            where_and_what: own("位置与办法", "where, and what to do"),
            tolerance: own("容差", "tolerance"),
            less_than: own("<{value}", "<{value}"),
            more_than: own("超过 {value}", "more than {value}"),
            localised: own("集聚程度", "clustering"),
            dispersed: own("分散程度", "dispersion"),
            as_all_plants: own("与随机布局无异", "as at random"),
            plant_density: own("企业间距的密度", "density of distances between plants"),
            distance: own("距离", "distance"),
            local_band: own("局部带（各距离 {share}）", "local band ({share} at each distance)"),
            global_band: own("整体带（全程 {share}）", "global band ({share} over all distances)"),
            above_band: own("高于整体带", "above the global band"),
            below_band: own("低于整体带", "below the global band"),
            moran: own("莫兰指数 I", "Moran's I"),
            standardized: own("{name}，标准化", "{name}, standardized"),
            of_neighbours: own("邻居的均值，标准化", "mean of neighbours, standardized"),
            clusters: [
                own("高–高", "high–high"),
                own("低–低", "low–low"),
                own("高–低", "high–low"),
                own("低–高", "low–high"),
            ],
            local_clusters: own("局部聚集（自身–邻居）", "local clusters (own–neighbours)"),
            not_significant: own("不显著", "not significant"),
            local_value: own("局部指数", "local value"),
            turning_point: own("转折点", "turning point"),
            unsure_turn: own("转折不显著", "turn not significant"),
            monotone: own("样本内单调", "monotone in sample"),
            unbounded: own("区间无界", "interval without bounds"),
            in_sample: own("样本范围内", "within the sample"),
            beyond_sample: own("样本范围外", "beyond the sample"),
            implied: own("由星号推得的范围", "range implied by stars"),
        }
    }

    /// Words that depend on what flows and what is compared, by name.
    pub fn replaceable(&mut self) -> [(&'static str, &mut String); 14] {
        [
            ("gives", &mut self.gives),
            ("receives", &mut self.receives),
            ("row_gives", &mut self.row_gives),
            ("column_receives", &mut self.column_receives),
            ("from", &mut self.from),
            ("to", &mut self.to),
            ("production", &mut self.production),
            ("consumption", &mut self.consumption),
            ("baseline", &mut self.baseline),
            ("unclear_full", &mut self.unclear_full),
            ("low_input", &mut self.low_input),
            ("high_input", &mut self.high_input),
            ("low_end", &mut self.low_end),
            ("high_end", &mut self.high_end),
        ]
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

    /// An interval of a confidence such as `95%`.
    pub fn interval_of(&self, share: &str) -> String {
        self.interval.replace("{share}", share)
    }

    /// A year as it is told.
    pub fn year_of(&self, year: i32) -> String {
        self.year.replace("{year}", &year.to_string())
    }

    /// The brackets of a line that starts with them: without the space that parts them from what stands before.
    pub fn own_brackets(&self) -> [&str; 2] {
        [self.brackets[0].trim_start(), &self.brackets[1]]
    }

    /// Something in brackets behind something else.
    pub fn bracketed(&self, inner: &str) -> String {
        format!("{}{inner}{}", self.brackets[0], self.brackets[1])
    }
}
