//! Words of the page itself.

use super::content::Labels;
use crate::numerals::Language;

impl Labels {
    /// The default words.
    pub fn of(language: Language) -> Self {
        let own = |zh: &str, en: &str| language.pick(zh, en).to_owned();
        Labels {
            figure: own("图", "Figure"),
            table: own("表", "Table"),
            caveats: own("读数须知", "Read with care"),
            method: own("方法", "Method"),
            sources: own("来源", "Sources"),
            show_data: own("看数据", "Show data"),
            download: own("下载 CSV", "Download CSV"),
            light: own("浅色", "Light"),
            dark: own("深色", "Dark"),
            skip: own("跳到正文", "Skip to content"),
            language: own("语言", "Language"),
            theme: own("主题", "Theme"),
            choose: own("选择", "Choose"),
            sort_by: own("排序", "Sort"),
            back: own("返回正文", "Back to the text"),
            more_caveats: own("其余须知", "Further caveats"),
            read_marks: own("用方向键逐个读数", "Arrow keys read the numbers one by one"),
            swipe: own("→ 横向滑动，看其余各列", "→ Swipe sideways for the other columns"),
            rounding: own(
                "数字各自四舍五入，合计与分项之和在末位可能略有出入。",
                "Numbers are rounded one by one, so sums may differ slightly from their parts in the last digit.",
            ),
            summary: own("摘要", "Summary"),
            own_words: own("运行原话", "In the run’s own words"),
            page: own("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
        }
    }
}
