//! Where the lines of a heading may end.
//!
//! Chinese has no spaces, so that a line could end inside a name or between a number and its measure word. A heading
//! is therefore cut into phrases: where the template says so, behind punctuation, and beside the names that the
//! brief speaks of, which are those of its tables. In both languages a number keeps what it counts beside it, and a
//! short last word is not left alone.

use crate::brief::content::{Brief, Grid};
use crate::brief::prose::{Inline, Prose};
use crate::numerals::{Language, SPACE};

/// Marks behind which a Chinese heading may break.
pub(super) const STOPS: [char; 6] = ['，', '：', '；', '。', '？', '！'];

/// What belongs to the word behind it.
const LEANS_ON_NEXT: &str = "到和与比由从向在对及约近超得失占";
/// Marks that open.
const OPENING: [char; 4] = ['（', '《', '“', JOINER];
/// Between two characters that no line parts; browsers part Han from Chinese quotes.
const JOINER: char = '\u{2060}';
/// What belongs to the word before it.
const LEANS_ON_LAST: &str = "的了省市区县业类品者内外上下中间地）》”、，。；：";

/// Before what a phrase of more than so many characters may be cut.
const LEADS: &str = "比由从在与";
const LONGEST: usize = 11;
/// Characters of pieces that are put together: a subject of few and what is said of it are one line.
const SHORT: usize = 9;
/// Characters from which on a number may begin a line of its own.
const MUCH: usize = 6;

/// Characters of a last word that is not left alone.
const ALONE: usize = 10;

/// Words that make a unit ten thousand or more times larger.
const MANY: [&str; 9] = [
    "万亿",
    "百万",
    "亿",
    "万",
    "千",
    "thousand\u{20}",
    "million\u{20}",
    "billion\u{20}",
    "trillion\u{20}",
];
/// Units, those that begin like others before them.
const UNITS: [&str; 13] = [
    "个百分点",
    "人次",
    "元",
    "吨",
    "人",
    "倍",
    "年",
    "公里",
    "percentage points",
    "yuan",
    "Mt",
    "jobs",
    "t",
];
/// What a quantity is counted by.
const PER: [&str; 5] = ["/平方公里", "/万元", "/亿元", "/年", "/吨"];

/// Bytes of the unit at the beginning of what stands behind a number, the space before it included; 0 if there is none.
///
/// ```text
/// " 万吨，承接"  →  " 万吨"
/// "%，三年"       →  "%"
/// ```
pub(super) fn unit(text: &str) -> usize {
    if text.starts_with('%') {
        return 1;
    }
    let strip = |text: &str, words: &[&str]| {
        let found = words.iter().find(|word| {
            let plain = word.trim_end();
            text.starts_with(plain)
                && (plain.len() == word.len() || text[plain.len()..].starts_with([' ', SPACE]))
        });
        found.map_or(0, |word| {
            let plain = word.trim_end();
            let space = (plain.len() < word.len())
                .then(|| text[plain.len()..].chars().next().map_or(0, char::len_utf8));
            plain.len() + space.unwrap_or(0)
        })
    };
    let space = text.chars().next().filter(|c| matches!(*c, ' ' | SPACE)).map_or(0, char::len_utf8);
    let many = space + strip(&text[space..], &MANY);
    let end = many + strip(&text[many..], &UNITS);
    // A letter behind it would make it the beginning of a word.
    let letter = |c: char| c.is_ascii_alphabetic();
    if end == many || text[..end].ends_with(letter) && text[end..].starts_with(letter) {
        return 0;
    }
    end + strip(&text[end..], &PER)
}

/// Text in which a dash or an "and" sign does not begin a line.
pub(super) fn held(text: &str) -> String {
    text.replace(" — ", "\u{a0}— ").replace(" & ", "\u{a0}& ")
}

/// Names that the tables of a brief have in their first columns and heads, the longest first; only Chinese ones.
pub(super) fn names(brief: &Brief) -> Vec<String> {
    let views = brief.blocks.iter().flat_map(|block| &block.views).map(|view| &view.grid);
    let mut names: Vec<String> =
        views.chain(brief.table.iter().map(|table| &table.grid)).flat_map(of_grid).collect();
    names.sort_by_key(|name| (std::cmp::Reverse(name.chars().count()), name.clone()));
    names.dedup();
    names
}

fn of_grid(grid: &Grid) -> impl Iterator<Item = String> + '_ {
    let first = grid.rows.iter().filter_map(|row| row.cells.first()).map(|cell| cell.main.plain());
    let heads = grid.heads.iter().skip(1).map(|head| head.text.clone());
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    first
        .chain(heads)
        .filter(move |name| (2..=8).contains(&name.chars().count()) && name.chars().all(han))
}

/// A heading cut where its lines may end; an English one is left whole.
pub(super) fn phrases(prose: &Prose, names: &[String], language: Language) -> Vec<Prose> {
    let tied = tied(prose, language);
    if language == Language::English {
        let whole = tied.0.into_iter().filter(|inline| *inline != Inline::Break);
        return vec![Prose(whole.collect())];
    }
    let mut phrases = vec![Prose::default()];
    let mut inlines = tied.0.into_iter().peekable();
    while let Some(inline) = inlines.next() {
        let goes_on = matches!(inlines.peek(), Some(Inline::Number { .. }));
        match inline {
            Inline::Break => phrases.push(Prose::default()),
            Inline::Text(text) => {
                for (at, piece) in cut(&text, names, goes_on).into_iter().enumerate() {
                    // What follows a number counts it.
                    if at > 0 {
                        phrases.push(Prose::default());
                    }
                    add(&mut phrases, Inline::Text(piece.to_owned()));
                }
                if text.ends_with(STOPS) {
                    phrases.push(Prose::default());
                }
            }
            other => add(&mut phrases, other),
        }
    }
    phrases.retain(|phrase| !phrase.is_empty());
    phrases
}

fn add(phrases: &mut [Prose], inline: Inline) {
    if let Some(last) = phrases.last_mut() {
        last.push(inline);
    }
}

/// A text, which may go on with a number, cut behind punctuation and beside names, what is still long before a word that leans on the next one.
fn cut<'t>(text: &'t str, names: &[String], goes_on: bool) -> Vec<&'t str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for at in cuts(text, names) {
        if at > start && at < text.len() {
            pieces.extend(halves(&text[start..at]));
            start = at;
        }
    }
    if start < text.len() {
        pieces.extend(halves(&text[start..]));
    }
    together(text, &pieces, goes_on)
}

/// The pieces of a text, short neighbours of one clause put together; not the last where a number makes it longer.
fn together<'t>(text: &'t str, pieces: &[&str], goes_on: bool) -> Vec<&'t str> {
    let mut ends: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    for (k, piece) in pieces.iter().enumerate() {
        let closed = goes_on && k + 1 == pieces.len();
        let end = at + piece.len();
        let joins = |(start, before): &(usize, usize)| {
            !text[..*before].ends_with(STOPS) && text[*start..end].chars().count() <= SHORT
        };
        match ends.last_mut().filter(|last| !closed && joins(last)) {
            Some(last) => last.1 = end,
            None => ends.push((at, end)),
        }
        at = end;
    }
    ends.into_iter().map(|(start, end)| &text[start..end]).collect()
}

/// Places beside names and behind punctuation, in order.
fn cuts(text: &str, names: &[String]) -> Vec<usize> {
    let mut cuts: Vec<usize> = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let name = names.iter().find(|name| text[at..].starts_with(name.as_str()));
        let end = at + name.map_or(c.len_utf8(), String::len);
        if name.is_some() {
            cuts.push(at - leaning(&text[..at]));
        }
        if name.is_some() || STOPS.contains(&c) {
            let leans = |c: &char| LEANS_ON_LAST.contains(*c) || [SPACE, JOINER].contains(c);
            let next_name = names.iter().any(|name| text[end..].starts_with(name.as_str()));
            let tail = text[end..].chars().take_while(leans).map(char::len_utf8).sum::<usize>();
            cuts.push(if next_name { end } else { end + tail });
        }
        at = end;
    }
    // "About" and the number behind it may begin a line where much stands before them.
    let about = text.trim_end_matches(SPACE).strip_suffix('约');
    cuts.extend(about.filter(|before| before.chars().count() >= MUCH).map(str::len));
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

/// Bytes at the end of a text that go to the next line with the name behind them: marks that open, and one word that
/// leans on the name, such as 比 in 比“…”.
fn leaning(text: &str) -> usize {
    let before = text.trim_end_matches(OPENING);
    let word = before.chars().next_back().filter(|c| LEANS_ON_NEXT.contains(*c));
    text.len() - before.len() + word.map_or(0, char::len_utf8)
}

/// A phrase that may be longer than a line is cut once more, before the leaning word nearest to its middle.
fn halves(phrase: &str) -> Vec<&str> {
    let letters: Vec<(usize, char)> = phrase.char_indices().collect();
    let count = letters.len();
    if count <= LONGEST {
        return vec![phrase];
    }
    let leans = |at: &usize| {
        LEADS.contains(letters[*at].1)
            && !"占参".contains(letters[at - 1].1)
            && !"重例较率".contains(letters[at + 1].1)
    };
    let best = (3..count - 3).filter(leans).min_by_key(|at| at.abs_diff(count / 2));
    match best {
        Some(at) => {
            let (first, second) = phrase.split_at(letters[at].0);
            vec![first, second]
        }
        None => vec![phrase],
    }
}

/// Numbers are tied to what they count and, in Chinese, to the words before them; a short last word in English to the
/// one before it.
fn tied(prose: &Prose, language: Language) -> Prose {
    let inlines = &prose.0;
    let mut out: Vec<Inline> = Vec::with_capacity(inlines.len());
    for (at, inline) in inlines.iter().enumerate() {
        let Inline::Text(text) = inline else {
            out.push(inline.clone());
            continue;
        };
        let number = |other: Option<&Inline>| matches!(other, Some(Inline::Number { .. }));
        let before = at > 0 && number(inlines.get(at - 1));
        let behind = number(inlines.get(at + 1)) && language == Language::Chinese;
        out.push(Inline::Text(tie(text, before, behind, language)));
    }
    if language == Language::English {
        let last = out.iter_mut().rev().find_map(|inline| match inline {
            Inline::Text(text) => Some(text),
            _ => None,
        });
        if let Some(text) = last {
            tie_last(text);
        }
    }
    Prose(out)
}

/// Spaces behind digits, and in Chinese before them, do not break; `before` and `behind`: a number stands there.
fn tie(text: &str, before: bool, behind: bool, language: Language) -> String {
    let letters: Vec<char> = text.chars().collect();
    let digit = |at: Option<usize>, beyond: bool| match at.map(|at| letters.get(at)) {
        Some(Some(c)) => c.is_ascii_digit(),
        _ => beyond,
    };
    let one = |(at, &c): (usize, &char)| {
        let last = digit(at.checked_sub(1), before);
        let next = digit(Some(at + 1), behind);
        match c == ' ' && (last || next && language == Language::Chinese) {
            true => SPACE,
            false => c,
        }
    };
    let tied: Vec<char> = letters.iter().enumerate().map(one).collect();
    match language {
        Language::Chinese => joined(&tied),
        Language::English => tied.into_iter().collect(),
    }
}

/// A word that leans on a quotation stays with it, and so does a particle behind one; marks stay without help, and
/// close up.
fn joined(letters: &[char]) -> String {
    let mut out = String::with_capacity(letters.len() * 3);
    for (at, &c) in letters.iter().enumerate() {
        out.push(c);
        let Some(&next) = letters.get(at + 1) else { continue };
        if LEANS_ON_NEXT.contains(c) && OPENING.contains(&next)
            || c == '”' && LEANS_ON_LAST.contains(next) && ('\u{4e00}'..='\u{9fff}').contains(&next)
        {
            out.push(JOINER);
        }
    }
    out
}

/// The last word stays beside the one before it if it is short.
fn tie_last(text: &mut String) {
    let last = text.trim_end().rfind(' ');
    if let Some(at) = last.filter(|at| *at > 0 && text[at + 1..].chars().count() <= ALONE) {
        text.replace_range(at..=at, &SPACE.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerals::Cited;

    fn number(shown: &str) -> Inline {
        Inline::Number { shown: shown.into(), cited: Cited::new(4.0, "a.csv", 2) }
    }

    fn cut_up(prose: &Prose, names: &[&str]) -> Vec<String> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        phrases(prose, &names, Language::Chinese).iter().map(Prose::plain).collect()
    }

    #[test]
    fn names_and_counts_stay_whole() {
        let prose = Prose::text("钢铁的工厂比随机布局更集中，上海和中部更分散");
        assert_eq!(
            cut_up(&prose, &["上海", "中部"]),
            ["钢铁的工厂", "比随机布局更集中，", "上海和中部更分散"]
        );
        let prose = Prose::text("最大一笔从江苏到广东，其他服务业居首");
        assert_eq!(
            cut_up(&prose, &["江苏", "广东", "其他服务"]),
            ["最大一笔从江苏", "到广东，", "其他服务业居首"]
        );
        let prose = Prose(vec![
            Inline::Text("西北等 ".into()),
            number("4"),
            Inline::Text(" 个区域得增加值".into()),
        ]);
        assert_eq!(cut_up(&prose, &["西北", "增加值"]), ["西北", "等\u{a0}4\u{a0}个区域得增加值"]);
    }

    #[test]
    fn a_short_subject_keeps_its_verb_and_the_number_may_begin_a_line() {
        let prose = Prose(vec![
            Inline::Text("金属由京津迁往北部沿海：".into()),
            Inline::Break,
            Inline::Text("全国因此多排约 ".into()),
            number("3119"),
            Inline::Text(" 万吨".into()),
        ]);
        assert_eq!(
            cut_up(&prose, &["北部沿海", "京津", "全国"]),
            ["金属由京津迁往", "北部沿海：", "全国因此多排", "约\u{a0}3119\u{a0}万吨"]
        );
    }

    #[test]
    fn a_word_before_a_quoted_name_goes_with_it() {
        let prose = Prose::text("“服务业”的最少，比“石油炼焦迁往河北”少约四百万吨");
        assert_eq!(
            cut_up(&prose, &["石油炼焦迁往河北"]),
            ["“服务业”\u{2060}的最少，", "比\u{2060}“石油炼焦迁往河北”", "少约四百万吨"]
        );
    }

    #[test]
    fn units_are_found_behind_numbers() {
        for (text, found) in [
            ("\u{a0}万吨，承接", "\u{a0}万吨"),
            (" 万亿元/年", " 万亿元/年"),
            (" 亿元/平方公里时", " 亿元/平方公里"),
            (" 个百分点", " 个百分点"),
            (" billion yuan, and", " billion yuan"),
            ("\u{a0}Mt more", "\u{a0}Mt"),
            (" to 5", ""),
            (" times", ""),
            (" billion", ""),
            ("%，", "%"),
            ("", ""),
        ] {
            assert_eq!(&text[..unit(text)], found, "{text}");
        }
    }

    #[test]
    fn dashes_do_not_begin_lines() {
        assert_eq!(held("a — b & c —"), "a\u{a0}— b\u{a0}& c —");
    }

    #[test]
    fn nothing_is_lost_and_no_phrase_begins_with_a_mark() {
        let text = "京津（含天津），江苏、广东的。";
        let pieces = cut_up(&Prose::text(text), &["京津", "天津", "江苏", "广东"]);
        assert_eq!(pieces.concat(), text);
        assert!(
            pieces.iter().all(|piece| !piece.starts_with(['，', '。', '、', '）'])),
            "{pieces:?}"
        );
    }

    #[test]
    fn a_short_last_word_is_not_left_alone() {
        let prose = Prose(vec![
            Inline::Text("Emissions rise over ".into()),
            number("3"),
            Inline::Text(" years in all".into()),
        ]);
        let tied = phrases(&prose, &[], Language::English);
        assert_eq!(tied[0].plain(), "Emissions rise over 3\u{a0}years in\u{a0}all");
    }
}
