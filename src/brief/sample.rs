//! A brief for tests of renderers: the transfer between eight regions of China from 2002 to 2007, in round numbers.
//!
//! It has something of everything that a brief can have: unclear numbers, a block with two views, totals, more
//! caveats than are shown unfolded, two dials. Names that markup would misread stand where names may stand.

use std::collections::BTreeMap;

use super::content::{
    Block, Brief, Card, Caveat, Cell, Dial, DialOutput, Dials, Grid, GridRow, Head, Labels,
    MainTable, Masthead, SourceLine, Tag, View,
};
use super::prose::{Inline, Prose};
use crate::figure::Style;
use crate::figure::ink::Ink;
use crate::figure::names::Named;
use crate::figure::net_bars::{NetBars, Panel, Row};
use crate::numerals::{Cited, Estimate, Language, Measure};

/// Name of the results file.
pub(crate) const FILE: &str = "net_transfer.csv";
/// Name of the file of the dials.
pub(crate) const DIALS: &str = "grid.csv";

/// Regions and groups: names, then value added and CO₂, each with the ends of its range.
type Line = (&'static str, &'static str, [f64; 3], [f64; 3]);

const REGIONS: [Line; 8] = [
    ("西北", "Northwest", [4551.008, 2494.713, 6951.27], [300.42, 105.277, 639.234]),
    ("京津", "Beijing–Tianjin", [4228.488, 2554.72, 6311.85], [141.578, 29.208, 415.691]),
    ("北部沿海", "North Coast", [4045.443, 1654.07, 7737.326], [54.915, -7.314, 174.586]),
    ("东北", "Northeast", [1541.247, 715.054, 2888.706], [157.599, 42.246, 429.046]),
    ("南部沿海", "South Coast", [-1358.028, -2704.942, -393.955], [5.686, -18.449, 36.243]),
    ("西南", "Southwest", [-1966.761, -3338.252, -847.767], [-90.148, -191.335, -25.009]),
    ("中部", "Central", [-4820.096, -7350.394, -2680.393], [-158.746, -321.096, -61.461]),
    ("东部沿海", "East Coast", [-5987.979, -9837.338, -3193.348], [-188.745, -458.362, -60.385]),
];

const GROUPS: [Line; 3] = [
    ("北方四区", "Northern four", [14366.186, 7520.0, 23700.0], [654.512, 191.0, 1620.0]),
    ("南方四区", "Southern four", [-14132.864, -21900.0, -8060.0], [-431.953, -907.0, -168.0]),
    ("全国净变化", "Nation, net", [233.322, -818.0, 1760.0], [222.559, 23.2, 717.0]),
];

const QUANTITIES: [(&str, &str, &str, &str); 2] =
    [("value_added", "10^8 yuan", "增加值", "Value added"), ("co2", "Mt", "CO₂", "CO₂")];

/// The files that the brief names.
pub(crate) fn files() -> BTreeMap<String, String> {
    let mut text = String::from("region,quantity,statistic,unit,value\n");
    for (_, name, values, carbon) in REGIONS.iter().chain(&GROUPS) {
        for ((quantity, unit, ..), numbers) in QUANTITIES.iter().zip([values, carbon]) {
            for (statistic, value) in ["point", "min", "max"].iter().zip(numbers) {
                text += &format!("{name},{quantity},{statistic},{unit},{value}\n");
            }
        }
    }
    let mut grid = String::from("share,technology,value_added,co2\r\n");
    for (at, [value, carbon]) in dial_values().iter().enumerate() {
        grid += &format!("{},\"</script> 技术 {}\",{value},{carbon}\r\n", at / 3, at % 3);
    }
    BTreeMap::from([(FILE.to_owned(), text), (DIALS.to_owned(), grid)])
}

/// The brief in both languages, Chinese first.
pub(crate) fn briefs() -> Vec<Brief> {
    Language::BOTH.map(brief).into()
}

/// The brief in one language.
pub(crate) fn brief(language: Language) -> Brief {
    let words = Words(language);
    let own = |zh: &str, en: &str| language.pick(zh, en).to_owned();
    Brief {
        language,
        style: Style::of(language),
        masthead: Masthead {
            series: own("政策简报", "Policy brief"),
            subject: own("区域产业转移", "Industrial transfer between regions"),
            institution: own("区域经济研究室", "Regional Economics Unit"),
            issue: own("第 1 期", "Issue 1"),
            logo: None,
        },
        headline: words.headline(),
        deck: words.deck(),
        cards: words.cards(),
        blocks: words.blocks(),
        dials: Some(words.dials()),
        table: Some(words.table()),
        caveats: words.caveats(),
        method: vec![
            words.text(
                "区域间投入产出模型。各地每一项使用拆成三部分：由哪个区域供应、国内产品的投入系数、使用规模。",
                "Inter-regional input-output model. Every use is split into which region supplies it, the input \
                 coefficient of domestic products, and the level of use.",
            ),
            words.text(
                "采购来源一项的贡献即“产业转移”。正数为转入，负数为转出。",
                "The contribution of sourcing is the “industrial transfer”. Positive: received. Negative: given.",
            ),
        ],
        sources: vec![
            SourceLine {
                name: own("数据", "Data"),
                text: own(
                    "国家信息中心，中国区域间投入产出表，2002、2007 年",
                    "State Information Center, Inter-regional input-output tables of China, 2002 and 2007",
                ),
                hash: "dcec60314c0f".to_owned(),
            },
            SourceLine {
                name: own("命令", "Command"),
                text: "irio transfer 2002 2007 --stressor co2 --out results".to_owned(),
                hash: String::new(),
            },
        ],
        labels: Labels::of(language),
    }
}

/// Line of a number in the file: six a region, under the head.
fn line(region: usize, quantity: usize, statistic: usize) -> u64 {
    (2 + region * 6 + quantity * 3 + statistic) as u64
}

/// The number of a region (groups follow them) and a quantity.
fn estimate(region: usize, quantity: usize) -> Estimate {
    let (.., values, carbon) = REGIONS.iter().chain(&GROUPS).nth(region).unwrap();
    let numbers = [values, carbon][quantity];
    let cited = |at: usize| Cited::new(numbers[at], FILE, line(region, quantity, at));
    Estimate { point: cited(0), range: Some([cited(1), cited(2)]), disputed: false }
}

/// Value added and CO₂ at nine combinations.
fn dial_values() -> Vec<[f64; 2]> {
    (0..9).map(|at| [12.5 * f64::from(1 + at / 3), 3.1 - f64::from(at) * 0.4]).collect()
}

/// Texts of the sample in a language.
struct Words(Language);

impl Words {
    fn text(&self, zh: &str, en: &str) -> Prose {
        Prose::text(self.0.pick(zh, en))
    }

    fn measure(&self, quantity: usize) -> Measure {
        Measure::of_figure(QUANTITIES[quantity].1, [14366.0, 655.0][quantity], self.0)
    }

    /// A number in a sentence with its unit.
    fn number(&self, estimate: &Estimate, quantity: usize) -> [Inline; 2] {
        let measure = Measure::of_prose(QUANTITIES[quantity].1, estimate.value(), self.0);
        let shown = measure.change(estimate.value());
        let unit = measure.with_unit("");
        [Inline::Number { shown, cited: estimate.point.clone() }, Inline::Text(unit)]
    }

    /// Both ends of a range.
    fn range(&self, estimate: &Estimate, measure: &Measure) -> Prose {
        let Some([low, high]) = &estimate.range else { return Prose::default() };
        let number = |cited: &Cited| Inline::Number {
            shown: measure.change(cited.value),
            cited: cited.clone(),
        };
        let between = self.0.pick("\u{2060}～\u{2060}", " to ").to_owned();
        Prose(vec![number(low), Inline::Text(between), number(high)])
    }

    fn headline(&self) -> Prose {
        let nation = self.number(&estimate(10, 1), 1);
        let (before, after) = self.0.pick(
            (["产业北移五年：", "北方得增加值，也得排放，", "全国因此多排约 "], ""),
            (
                [
                    "Industry moved north: ",
                    "the north gained value added and emissions, ",
                    "and the move alone added about ",
                ],
                " nationwide",
            ),
        );
        let mut prose = Prose::default();
        for part in before {
            prose.push(Inline::Text(part.to_owned()));
            if part != before[2] {
                prose.push(Inline::Break);
            }
        }
        prose.0.extend(nation);
        prose.push(Inline::Text(after.to_owned()));
        prose
    }

    fn deck(&self) -> Prose {
        let (value, carbon) = (self.number(&estimate(8, 0), 0), self.number(&estimate(8, 1), 1));
        let text = |zh: &str, en: &str| Inline::Text(self.0.pick(zh, en).to_owned());
        let mut prose = Prose(vec![
            text(
                "2002—2007 年，各地的采购由东部沿海、中部等地转向北方。",
                "Between 2002 and 2007 purchases shifted from the eastern coast and the centre to the north. ",
            ),
            Inline::Strong(vec![text(
                "单就采购来源的变化而言",
                "From this change of sourcing alone",
            )]),
            text("，北方四区增加值多得约 ", ", the four northern regions gained about "),
        ]);
        prose.0.extend(value);
        prose.push(text("，二氧化碳多排约 ", " of value added and about "));
        prose.0.extend(carbon);
        prose.push(text(
            "。全国增加值是否因此增加，方向不明；全国排放净增则在所有计算次序下成立。",
            " of CO₂. Whether national value added rose is unclear; that national emissions rose holds in every \
             order of calculation.",
        ));
        prose.with_caveats(["prices.current", "range.orders", "transfer.meaning"])
    }

    fn cards(&self) -> Vec<Card> {
        let of = |zh: &str, en: &str, region: usize, quantity: usize| {
            let value = estimate(region, quantity);
            let largest = value.range.as_ref().map_or(value.value(), |[_, high]| high.value);
            let measure = Measure::of_prose(QUANTITIES[quantity].1, largest, self.0);
            let label = self.text(zh, en);
            let mut range = self.text("区间 ", "range ");
            range.0.extend(self.range(&value, &measure).0);
            if value.unclear() {
                return Card {
                    label,
                    value: self.text("方向不明", "unclear"),
                    unit: String::new(),
                    range: range.with_caveats(["range.orders"]),
                    ink: Ink::Ink2,
                };
            }
            Card {
                label,
                value: Prose::number(measure.change(value.value()), &value.point),
                unit: measure.unit().to_owned(),
                range,
                ink: Ink::In,
            }
        };
        vec![
            of("北方四区增加值", "Value added, northern regions", 8, 0),
            of("北方四区二氧化碳", "CO₂, northern regions", 8, 1),
            of("全国二氧化碳净变化", "CO₂, national net change", 10, 1),
            of("全国增加值净变化", "Value added, national net change", 10, 0),
        ]
    }

    fn blocks(&self) -> Vec<Block> {
        vec![self.block_of_both(), self.block_of_views()]
    }

    fn block_of_both(&self) -> Block {
        Block {
            id: "net-transfer".to_owned(),
            title: self.text(
                "北方四区净转入，东部沿海、中部和西南净转出",
                "The north receives; the eastern coast, the centre and the southwest give",
            ),
            text: vec![
                self.text(
                    "增加值方面，北方四区全部为正，其余四区全部为负，八个区域的正负号在所有次序下都不变。",
                    "For value added all four northern regions are positive and the other four negative; no sign \
                     changes in any order.",
                ),
                self.text(
                    "排放方面，北部沿海和南部沿海的区间跨零，方向不明。",
                    "For emissions the ranges of the North Coast and the South Coast cross zero: unclear.",
                )
                .with_caveats(["range.orders"]),
            ],
            views: vec![self.view("", &[0, 1])],
            note: self.text(
                "斜纹：区间跨零，方向不明。蓝色转入，橙色转出。",
                "Hatched: the range crosses zero, unclear. Blue receives, orange gives.",
            ),
        }
    }

    fn block_of_views(&self) -> Block {
        let (northwest, capital) =
            (self.number(&estimate(0, 1), 1), self.number(&estimate(1, 1), 1));
        let mut text = self.text("京津的排放为 ", "Beijing–Tianjin took on ");
        text.0.extend(capital);
        text.push(Inline::Text(self.0.pick("，西北为 ", ", the Northwest ").to_owned()));
        text.0.extend(northwest);
        text.push(Inline::Text(
            self.0.pick("；在所有次序下都较少。", "; less in every order.").to_owned(),
        ));
        Block {
            id: "one by one".to_owned(),
            title: self.text(
                "京津增加值与西北相近，承接的排放约为其一半",
                "Beijing–Tianjin and the Northwest gained alike; Beijing–Tianjin took on about half the emissions",
            ),
            text: vec![text.with_caveats(["sectors.coarse", "carbon.tibet"])],
            views: vec![
                self.view(self.0.pick("增加值", "Value added"), &[0]),
                self.view("CO₂", &[1]),
            ],
            note: self.text("按增加值排序。", "Sorted by value added."),
        }
    }

    fn view(&self, choice: &str, quantities: &[usize]) -> View {
        let panel = |quantity: &usize| Panel {
            head: self.0.pick(QUANTITIES[*quantity].2, QUANTITIES[*quantity].3).to_owned(),
            measure: self.measure(*quantity),
        };
        let row = |(region, (zh, en, ..)): (usize, &Line)| Row {
            name: Named::new(self.0.pick(*zh, *en)),
            values: quantities.iter().map(|quantity| Some(estimate(region, *quantity))).collect(),
        };
        View {
            choice: choice.to_owned(),
            description: self.text(
                "采购来源变化带来的净转移（条）与全部次序的最小—最大区间（细线），2002—2007 年",
                "Net transfer from the change of sourcing (bar) and minimum to maximum over all orders (thin line), \
                 2002–2007",
            ),
            figure: Box::new(NetBars {
                panels: quantities.iter().map(panel).collect(),
                rows: REGIONS.iter().enumerate().map(row).collect(),
            }),
            grid: self.grid(quantities, false),
            file: FILE.to_owned(),
        }
    }

    fn table(&self) -> MainTable {
        MainTable {
            title: self
                .text("分区域结果：净转移与区间", "Results by region: net transfer and range"),
            grid: self.grid(&[0, 1], true),
            note: self.text("不明：区间跨零。", "Unclear: the range crosses zero."),
            file: FILE.to_owned(),
        }
    }

    fn grid(&self, quantities: &[usize], groups: bool) -> Grid {
        let head = |text: &str, unit: &str, numeric| Head {
            text: text.to_owned(),
            unit: unit.to_owned(),
            numeric,
        };
        let mut heads = vec![head(self.0.pick("区域", "Region"), "", false)];
        for quantity in quantities {
            let (.., zh, en) = QUANTITIES[*quantity];
            heads.push(head(self.0.pick(zh, en), self.measure(*quantity).unit(), true));
        }
        heads.push(head(self.0.pick("判断", "Reading"), "", false));
        let lines = REGIONS.len() + if groups { GROUPS.len() } else { 0 };
        Grid {
            caption: self.0.pick("分区域的净转移", "Net transfer by region").to_owned(),
            heads,
            rows: (0..lines).map(|region| self.row(region, quantities)).collect(),
        }
    }

    fn row(&self, region: usize, quantities: &[usize]) -> GridRow {
        let (zh, en, ..) = REGIONS.iter().chain(&GROUPS).nth(region).unwrap();
        let total = region >= REGIONS.len();
        let mut cells = vec![Cell { main: self.text(zh, en), ..Cell::default() }];
        for quantity in quantities {
            let (value, measure) = (estimate(region, *quantity), self.measure(*quantity));
            let mut main = Prose::default();
            if value.unclear() {
                main.push(Inline::Text(self.0.pick("不明 ", "unclear ").to_owned()));
            }
            main.push(Inline::Number {
                shown: measure.change(value.value()),
                cited: value.point.clone(),
            });
            let ink = match value.unclear() {
                true => Some(Ink::Ink2),
                false if total => None,
                false => Some(if value.value() < 0.0 { Ink::Out } else { Ink::In }),
            };
            let below = self.range(&value, &measure);
            cells.push(Cell { main, below, sort: Some(value.value()), ink });
        }
        let gains = estimate(region, quantities[0]).value() > 0.0;
        let reading = match gains {
            true => self.text("净转入", "receives"),
            false => self.text("净转出", "gives"),
        };
        cells.push(Cell { main: reading, ..Cell::default() });
        GridRow { cells, total }
    }

    fn dials(&self) -> Dials {
        let own = |zh: &str, en: &str| self.0.pick(zh, en).to_owned();
        let money = Measure::of_prose("10^8 yuan", 37.5, self.0);
        let carbon = Measure::of_prose("Mt", 3.1, self.0);
        Dials {
            title: own("换一个设定，结果如何", "What if the setting were another"),
            dials: vec![
                Dial {
                    name: own("迁移比例", "Share moved"),
                    stops: ["10%", "20%", "30%"].map(str::to_owned).into(),
                },
                Dial {
                    name: own("新厂技术", "Technology of the new plants"),
                    stops: [
                        ("迁出地", "origin"),
                        ("接收地", "destination"),
                        ("全国最优", "best <in> nation"),
                    ]
                    .map(|(zh, en)| own(zh, en))
                    .into(),
                },
            ],
            outputs: vec![
                DialOutput {
                    name: own("全国增加值", "National value added"),
                    unit: money.unit().to_owned(),
                },
                DialOutput {
                    name: own("全国 CO₂", "National CO₂"),
                    unit: carbon.unit().to_owned(),
                },
            ],
            cells: dial_values()
                .iter()
                .map(|[value, mass]| vec![money.change(*value), carbon.change(*mass)])
                .collect(),
            start: vec![1, 0],
            note: own(
                "每一档都是事先算好的一次运行：`irio run move.toml --share \"{0}\" --technology \"{1}\"`",
                "Every stop is a run computed beforehand: `irio run move.toml --share \"{0}\" --technology \"{1}\"`",
            ),
            file: DIALS.to_owned(),
        }
    }

    fn caveats(&self) -> Vec<Caveat> {
        let words = [
            ("可能改变结果", "may change results"),
            ("限制解释", "limits reading"),
            ("读数方法", "how to read"),
            ("数据范围", "scope"),
        ];
        let caveat = |(at, line): (usize, &(&str, Tag, &str, &str, &str, &str))| {
            let (code, tag, zh_name, en_name, zh, en) = *line;
            let (zh_tag, en_tag) = words[tag as usize];
            Caveat {
                code: code.to_owned(),
                number: at + 1,
                name: self.0.pick(zh_name, en_name).to_owned(),
                tag,
                tag_word: self.0.pick(zh_tag, en_tag).to_owned(),
                text: self.text(zh, en),
                own_words: vec![format!("noted <once> as {code} & not again")],
            }
        };
        CAVEATS.iter().enumerate().map(caveat).collect()
    }
}

/// Code, weight, name and text in Chinese and English.
const CAVEATS: [(&str, Tag, &str, &str, &str, &str); 11] = [
    (
        "prices.current",
        Tag::MayChange,
        "当年价格",
        "Current prices",
        "两年的表都按当年价格编制，没有平减。各区域同类产品的价格变动不一致时，差额会被计作转移。",
        "Both tables are in prices of their own year. Where regional prices of one product diverge, the gap is \
         counted as transfer.",
    ),
    (
        "sectors.coarse",
        Tag::MayChange,
        "部门粗细",
        "Detail of sectors",
        "17 个部门。部门分得更细，一部分“投入结构”的变化会转记为“采购来源”的变化。",
        "17 sectors. With a finer list some change of input structure would turn into change of sourcing.",
    ),
    (
        "imports.one_row",
        Tag::Limits,
        "进口只有一行",
        "Imports are one row",
        "原表进口不分产品，技术变化与进口替代无法分开。",
        "Imports are not given by product, so technology and import substitution cannot be told apart.",
    ),
    (
        "error.apart",
        Tag::Limits,
        "误差项单列",
        "Statistical error kept apart",
        "原表的误差列按外生处理，不作解释。",
        "The error column is kept as it is and is not interpreted.",
    ),
    (
        "inventories.as_demand",
        Tag::Limits,
        "库存作为需求",
        "Inventories are demand",
        "库存变动按最终需求处理。",
        "Changes of inventories are treated as final demand.",
    ),
    (
        "exports.by_origin",
        Tag::Limits,
        "出口来源",
        "Origin of exports",
        "出口的来源地按口岸之外的供应地计。",
        "Exports are counted where they are made, not where they leave.",
    ),
    (
        "range.orders",
        Tag::HowToRead,
        "区间的含义",
        "What the range is",
        "区间是全部切换次序下的最小值到最大值，不是置信区间；区间跨零的一律写作“方向不明”。",
        "The range is the minimum to maximum over every order in which factors can switch. It is no confidence \
         interval. A range that crosses zero is called unclear.",
    ),
    (
        "transfer.meaning",
        Tag::HowToRead,
        "“转移”指供应来源改变",
        "Transfer is a change of supplier",
        "只看各地用的东西改由哪个区域供应，不等于工厂搬迁。",
        "It measures which region supplies a use, not the move of a plant.",
    ),
    (
        "gross.grows",
        Tag::HowToRead,
        "总额随细分增大",
        "Gross flows grow with detail",
        "表分得越细，转入与转出的总额越大，只有净额可比。",
        "With a finer table gross flows are larger; only nets compare.",
    ),
    (
        "carbon.tibet",
        Tag::Scope,
        "西藏没有排放数据",
        "No emission data for Tibet",
        "西南的 CO₂ 不含西藏。",
        "CO₂ of the Southwest is without Tibet.",
    ),
    (
        "households.left_out",
        Tag::Scope,
        "居民直接排放",
        "Direct emissions of households",
        "居民直接排放不在内。",
        "Direct emissions of households are not included.",
    ),
];
