//! Provinces and sectors of China: the one place of their codes, names and spellings.
//!
//! A province's code is the second part of its ISO 3166-2 code; the number is the first two digits of
//! the administrative division code (GB/T 2260). Aliases are spellings met in real workbooks.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::labels::{Label, comparable};

/// A province-level division.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Province {
    /// Second part of the ISO 3166-2 code.
    pub code: &'static str,
    /// First two digits of the administrative division code.
    pub number: u8,
    /// English name.
    pub en: &'static str,
    /// Chinese name, without the kind of division.
    pub zh: &'static str,
    /// Other spellings, and codes of other data sets.
    pub aliases: &'static [&'static str],
}

impl Province {
    /// Its label.
    pub fn label(&self) -> Label {
        Label::new(self.code, self.en, self.zh)
    }
}

const fn province(
    code: &'static str,
    number: u8,
    en: &'static str,
    zh: &'static str,
    aliases: &'static [&'static str],
) -> Province {
    Province { code, number, en, zh, aliases }
}

/// The 31 provinces in the official order.
pub const PROVINCES: [Province; 31] = [
    province("BJ", 11, "Beijing", "北京", &["BEJ", "北京市"]),
    province("TJ", 12, "Tianjin", "天津", &["TAJ", "天津市"]),
    province("HE", 13, "Hebei", "河北", &["HEB", "河北省"]),
    province("SX", 14, "Shanxi", "山西", &["SHX", "山西省"]),
    province(
        "NM",
        15,
        "Inner Mongolia",
        "内蒙古",
        &["NMG", "Neimenggu", "InnerMongolia", "Nei Mongol", "Nei Menggu", "内蒙", "内蒙古自治区"],
    ),
    province("LN", 21, "Liaoning", "辽宁", &["LIA", "辽宁省"]),
    province("JL", 22, "Jilin", "吉林", &["JIL", "吉林省"]),
    province("HL", 23, "Heilongjiang", "黑龙江", &["HLJ", "黑龙江省"]),
    province("SH", 31, "Shanghai", "上海", &["SHH", "上海市"]),
    province("JS", 32, "Jiangsu", "江苏", &["JSU", "江苏省"]),
    province("ZJ", 33, "Zhejiang", "浙江", &["ZHJ", "浙江省"]),
    province("AH", 34, "Anhui", "安徽", &["ANH", "安徽省"]),
    province("FJ", 35, "Fujian", "福建", &["FUJ", "福建省"]),
    province("JX", 36, "Jiangxi", "江西", &["JXI", "江西省"]),
    province("SD", 37, "Shandong", "山东", &["SHD", "山东省"]),
    province("HA", 41, "Henan", "河南", &["HEN", "河南省"]),
    province("HB", 42, "Hubei", "湖北", &["HUB", "湖北省"]),
    province("HN", 43, "Hunan", "湖南", &["HUN", "湖南省"]),
    province("GD", 44, "Guangdong", "广东", &["GUD", "广东省"]),
    province("GX", 45, "Guangxi", "广西", &["GXI", "广西壮族自治区"]),
    province("HI", 46, "Hainan", "海南", &["HAI", "海南省"]),
    province("CQ", 50, "Chongqing", "重庆", &["CHQ", "重庆市"]),
    province("SC", 51, "Sichuan", "四川", &["SIC", "四川省"]),
    province("GZ", 52, "Guizhou", "贵州", &["GZH", "贵州省"]),
    province("YN", 53, "Yunnan", "云南", &["YUN", "云南省"]),
    province("XZ", 54, "Tibet", "西藏", &["TIB", "Xizang", "西藏自治区"]),
    province("SN", 61, "Shaanxi", "陕西", &["SHA", "Shannxi", "陕西省"]),
    province("GS", 62, "Gansu", "甘肃", &["GAN", "甘肃省"]),
    province("QH", 63, "Qinghai", "青海", &["QIH", "青海省"]),
    province("NX", 64, "Ningxia", "宁夏", &["NXA", "宁夏回族自治区"]),
    province("XJ", 65, "Xinjiang", "新疆", &["XIN", "新疆维吾尔自治区"]),
];

/// The country as a region of its own.
pub const NATION: Province = province("CN", 0, "China", "中国", &["CHN", "全国", "National"]);

/// The province or the nation that a text names, by code, name or alias.
pub fn province_named(text: &str) -> Option<&'static Province> {
    // Readers ask for every line of a file.
    static NAMED: LazyLock<HashMap<String, &'static Province>> = LazyLock::new(|| {
        static NATION_PLACE: Province = NATION;
        let mut named = HashMap::new();
        for place in PROVINCES.iter().chain([&NATION_PLACE]) {
            for name in [place.code, place.en, place.zh].iter().chain(place.aliases) {
                named.entry(comparable(name)).or_insert(place);
            }
        }
        named
    });
    NAMED.get(&comparable(text)).copied()
}

/// The province or the nation whose Chinese name a text begins with, as titles of tables do.
pub fn province_in_title(text: &str) -> Option<&'static Province> {
    let text = text.trim();
    let begins = |one: &&Province| text.starts_with(one.zh);
    PROVINCES.iter().find(begins).or_else(|| province_named(text.get(..6)?))
}

/// Every name that [`province_named`] knows, for suggestions.
pub fn province_names() -> impl Iterator<Item = &'static str> {
    PROVINCES.iter().flat_map(|one| [one.code, one.en, one.zh])
}

/// A sector of a classification: its two-digit code, English and Chinese name.
pub type Sector = (&'static str, &'static str, &'static str);

/// The 42 sectors of the tables of 2002 and 2007, named as in those of 2007.
pub const SECTORS_2007: [Sector; 42] = [
    ("01", "Agriculture, forestry, animal husbandry and fishery", "农林牧渔业"),
    ("02", "Mining and washing of coal", "煤炭开采和洗选业"),
    ("03", "Extraction of petroleum and natural gas", "石油和天然气开采业"),
    ("04", "Mining and processing of metal ores", "金属矿采选业"),
    ("05", "Mining and processing of non-metal and other ores", "非金属矿及其他矿采选业"),
    ("06", "Food and tobacco", "食品制造及烟草加工业"),
    ("07", "Textiles", "纺织业"),
    ("08", "Clothing, leather, fur and footwear", "纺织服装鞋帽皮革羽绒及其制品业"),
    ("09", "Wood products and furniture", "木材加工及家具制造业"),
    (
        "10",
        "Paper, printing, and articles for culture, education and sports",
        "造纸印刷及文教体育用品制造业",
    ),
    ("11", "Petroleum processing, coking and nuclear fuel", "石油加工、炼焦及核燃料加工业"),
    ("12", "Chemicals", "化学工业"),
    ("13", "Non-metallic mineral products", "非金属矿物制品业"),
    ("14", "Smelting and rolling of metals", "金属冶炼及压延加工业"),
    ("15", "Metal products", "金属制品业"),
    ("16", "General and special purpose machinery", "通用、专用设备制造业"),
    ("17", "Transport equipment", "交通运输设备制造业"),
    ("18", "Electrical machinery and equipment", "电气机械及器材制造业"),
    (
        "19",
        "Communication equipment, computers and other electronics",
        "通信设备、计算机及其他电子设备制造业",
    ),
    ("20", "Instruments, and machinery for culture and office", "仪器仪表及文化办公用机械制造业"),
    ("21", "Handicrafts and other manufacturing", "工艺品及其他制造业"),
    ("22", "Scrap and waste", "废品废料"),
    ("23", "Production and supply of electricity and heat", "电力、热力的生产和供应业"),
    ("24", "Production and supply of gas", "燃气生产和供应业"),
    ("25", "Production and supply of water", "水的生产和供应业"),
    ("26", "Construction", "建筑业"),
    ("27", "Transport and storage", "交通运输及仓储业"),
    ("28", "Post", "邮政业"),
    (
        "29",
        "Information transmission, computer services and software",
        "信息传输、计算机服务和软件业",
    ),
    ("30", "Wholesale and retail trade", "批发和零售业"),
    ("31", "Accommodation and catering", "住宿和餐饮业"),
    ("32", "Finance", "金融业"),
    ("33", "Real estate", "房地产业"),
    ("34", "Leasing and business services", "租赁和商务服务业"),
    ("35", "Research and experimental development", "研究与试验发展业"),
    ("36", "Comprehensive technical services", "综合技术服务业"),
    ("37", "Water conservancy, environment and public facilities", "水利、环境和公共设施管理业"),
    ("38", "Household and other services", "居民服务和其他服务业"),
    ("39", "Education", "教育"),
    ("40", "Health, social security and social welfare", "卫生、社会保障和社会福利业"),
    ("41", "Culture, sports and entertainment", "文化、体育和娱乐业"),
    ("42", "Public administration and social organisations", "公共管理和社会组织"),
];

/// The first 21 sectors, which the classifications of 2012 and 2017 share.
const SECTORS_2012_MADE: [Sector; 21] = [
    ("01", "Agriculture, forestry, animal husbandry and fishery", "农林牧渔产品和服务"),
    ("02", "Mining and washing of coal", "煤炭采选产品"),
    ("03", "Extraction of petroleum and natural gas", "石油和天然气开采产品"),
    ("04", "Mining and processing of metal ores", "金属矿采选产品"),
    ("05", "Mining and processing of non-metal and other ores", "非金属矿和其他矿采选产品"),
    ("06", "Food and tobacco", "食品和烟草"),
    ("07", "Textiles", "纺织品"),
    ("08", "Clothing, leather, fur and footwear", "纺织服装鞋帽皮革羽绒及其制品"),
    ("09", "Wood products and furniture", "木材加工品和家具"),
    (
        "10",
        "Paper, printing, and articles for culture, education and sports",
        "造纸印刷和文教体育用品",
    ),
    ("11", "Petroleum, coking products and nuclear fuel", "石油、炼焦产品和核燃料加工品"),
    ("12", "Chemical products", "化学产品"),
    ("13", "Non-metallic mineral products", "非金属矿物制品"),
    ("14", "Smelting and rolling of metals", "金属冶炼和压延加工品"),
    ("15", "Metal products", "金属制品"),
    ("16", "General purpose machinery", "通用设备"),
    ("17", "Special purpose machinery", "专用设备"),
    ("18", "Transport equipment", "交通运输设备"),
    ("19", "Electrical machinery and equipment", "电气机械和器材"),
    (
        "20",
        "Communication equipment, computers and other electronics",
        "通信设备、计算机和其他电子设备",
    ),
    ("21", "Instruments and meters", "仪器仪表"),
];

/// Sectors after the 21st in 2012.
const SECTORS_2012_REST: [(&str, &str); 21] = [
    ("Other manufactured products", "其他制造产品"),
    ("Scrap and waste", "废品废料"),
    ("Repair of metal products, machinery and equipment", "金属制品、机械和设备修理服务"),
    ("Production and supply of electricity and heat", "电力、热力的生产和供应"),
    ("Production and supply of gas", "燃气生产和供应"),
    ("Production and supply of water", "水的生产和供应"),
    ("Construction", "建筑"),
    ("Wholesale and retail trade", "批发和零售"),
    ("Transport, storage and post", "交通运输、仓储和邮政"),
    ("Accommodation and catering", "住宿和餐饮"),
    (
        "Information transmission, software and information technology",
        "信息传输、软件和信息技术服务",
    ),
    ("Finance", "金融"),
    ("Real estate", "房地产"),
    ("Leasing and business services", "租赁和商务服务"),
    ("Scientific research and technical services", "科学研究和技术服务"),
    ("Water conservancy, environment and public facilities", "水利、环境和公共设施管理"),
    ("Household services, repair and other services", "居民服务、修理和其他服务"),
    ("Education", "教育"),
    ("Health and social work", "卫生和社会工作"),
    ("Culture, sports and entertainment", "文化、体育和娱乐"),
    (
        "Public administration, social security and social organisations",
        "公共管理、社会保障和社会组织",
    ),
];

/// Sectors after the 21st in 2017: waste is joined, research and technical services are apart.
const SECTORS_2017_REST: [(&str, &str); 21] = [
    ("Other manufactured products, scrap and waste", "其他制造产品和废品废料"),
    SECTORS_2012_REST[2],
    SECTORS_2012_REST[3],
    SECTORS_2012_REST[4],
    SECTORS_2012_REST[5],
    SECTORS_2012_REST[6],
    SECTORS_2012_REST[7],
    SECTORS_2012_REST[8],
    SECTORS_2012_REST[9],
    SECTORS_2012_REST[10],
    SECTORS_2012_REST[11],
    SECTORS_2012_REST[12],
    SECTORS_2012_REST[13],
    ("Research and experimental development", "研究和试验发展"),
    ("Comprehensive technical services", "综合技术服务"),
    SECTORS_2012_REST[15],
    SECTORS_2012_REST[16],
    SECTORS_2012_REST[17],
    SECTORS_2012_REST[18],
    SECTORS_2012_REST[19],
    SECTORS_2012_REST[20],
];

/// The 42 sectors of the tables of 2012 and 2015.
pub const SECTORS_2012: [Sector; 42] = joined(&SECTORS_2012_REST);

/// The 42 sectors of the tables of 2017, 2018 and 2020.
pub const SECTORS_2017: [Sector; 42] = joined(&SECTORS_2017_REST);

const CODES: [&str; 21] = [
    "22", "23", "24", "25", "26", "27", "28", "29", "30", "31", "32", "33", "34", "35", "36", "37",
    "38", "39", "40", "41", "42",
];

const fn joined(rest: &[(&'static str, &'static str); 21]) -> [Sector; 42] {
    let mut all = [("", "", ""); 42];
    let mut at = 0;
    while at < 21 {
        all[at] = SECTORS_2012_MADE[at];
        all[at + 21] = (CODES[at], rest[at].0, rest[at].1);
        at += 1;
    }
    all
}

/// English name of a sector by its Chinese one, in whichever classification has it.
pub fn sector_in_english(zh: &str) -> Option<&'static str> {
    let zh = comparable(zh);
    [&SECTORS_2007, &SECTORS_2012, &SECTORS_2017]
        .into_iter()
        .flatten()
        .find(|(_, _, name)| comparable(name) == zh)
        .map(|(_, en, _)| *en)
}

/// Chinese name of a sector by code, where its English one is that of a classification.
pub fn sector_in_chinese(code: &str, year: i32) -> Option<&'static str> {
    let all = match year {
        ..2012 => &SECTORS_2007,
        2012..2017 => &SECTORS_2012,
        _ => &SECTORS_2017,
    };
    all.iter().find(|(own, _, _)| comparable(own) == comparable(code)).map(|(_, _, zh)| *zh)
}

/// A column of domestic final demand or a row of value added in the tables of the statistical office:
/// its code there, our code, English and Chinese name.
pub type Line = (&'static str, &'static str, &'static str, &'static str);

/// Domestic final demand.
pub const DEMAND: [Line; 5] = [
    ("FU101", "rural", "Rural households", "农村居民消费"),
    ("FU102", "urban", "Urban households", "城镇居民消费"),
    ("FU103", "government", "Government consumption", "政府消费"),
    ("FU201", "capital_formation", "Gross fixed capital formation", "固定资本形成总额"),
    ("FU202", "inventories", "Inventory change", "存货增加"),
];

/// Value added, by what its rows are; the codes before them are those of the tables of 2007, and some
/// editions give them in another order.
pub const VALUE_ADDED: [Line; 4] = [
    ("VA001", "labour", "Compensation of employees", "劳动者报酬"),
    ("VA002", "taxes", "Net taxes on production", "生产税净额"),
    ("VA003", "depreciation", "Depreciation of fixed assets", "固定资产折旧"),
    ("VA004", "surplus", "Operating surplus", "营业盈余"),
];

/// Which row of value added a name means, as a position in [`VALUE_ADDED`].
pub fn value_added_named(text: &str) -> Option<usize> {
    const WORDS: [&[&str]; 4] = [
        &["劳动", "compensation", "labour", "labor", "wage"],
        &["税", "tax"],
        &["折旧", "depreciation", "consumption of fixed"],
        &["盈余", "surplus"],
    ];
    let text = text.to_lowercase();
    let mut found = (0..4).filter(|&at| WORDS[at].iter().any(|word| text.contains(word)));
    // A name that fits two rows, such as that of their sum, means neither.
    found.next().filter(|_| found.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn provinces_are_found_by_every_spelling() {
        for (text, code) in [
            ("Neimenggu", "NM"),
            ("inner mongolia", "NM"),
            ("InnerMongolia", "NM"),
            ("陕 西", "SN"),
            ("SHA", "SN"),
            ("SHX", "SX"),
            ("Shanxi", "SX"),
            ("BEJ", "BJ"),
            ("HEN", "HA"),
            ("China", "CN"),
        ] {
            assert_eq!(province_named(text).map(|one| one.code), Some(code), "{text}");
        }
        assert_eq!(province_named("Atlantis"), None);
        assert_eq!(province_in_title("内蒙古2007年投入产出表").map(|one| one.code), Some("NM"));
        assert_eq!(province_in_title("中国2007年投入产出表").map(|one| one.code), Some("CN"));
        assert_eq!(province_in_title("ab"), None);
    }

    /// A spelling that named two provinces would put a table in the wrong place.
    #[test]
    fn no_spelling_names_two_provinces() {
        let mut seen = std::collections::HashMap::new();
        for one in &PROVINCES {
            let names = [one.code, one.en, one.zh];
            for name in names.iter().chain(one.aliases) {
                if let Some(other) = seen.insert(comparable(name), one.code) {
                    assert_eq!(other, one.code, "{name}");
                }
            }
        }
        assert_eq!(seen.get("hen"), Some(&"HA"));
    }

    #[test]
    fn classifications_are_numbered_and_named() {
        for sectors in [&SECTORS_2007, &SECTORS_2012, &SECTORS_2017] {
            for (at, (code, en, zh)) in sectors.iter().enumerate() {
                assert_eq!(code.parse::<usize>(), Ok(at + 1));
                assert!(!en.is_empty() && !zh.is_empty());
            }
        }
        // METHODS: 2017 has power at 24, trade at 28, research at 35.
        assert_eq!(SECTORS_2017[23].1, "Production and supply of electricity and heat");
        assert_eq!(SECTORS_2017[27].1, "Wholesale and retail trade");
        assert_eq!(SECTORS_2017[34].2, "研究和试验发展");
        assert_eq!(SECTORS_2012[41].0, "42");
    }
}
