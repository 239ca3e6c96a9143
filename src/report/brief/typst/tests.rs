use super::*;
use crate::brief::content::Cell;
use crate::brief::sample;
use crate::report::brief::numbers;

const HOSTILE: &str = "= #a *b* [c] $d$ @e \\f <g> `h` // i /* j \"k\" - l";

fn of(briefs: &[Brief]) -> TypstDocument {
    let theme = Theme::light();
    source(briefs, &Print { theme: &theme, brand: "#12365C", folder: "brief-figures" })
}

/// The source behind the functions.
fn texts(document: &TypstDocument) -> &str {
    document.main.split_once("// The texts\n").or(document.main.split_once("// 正文\n")).unwrap().1
}

#[test]
fn every_number_of_the_text_is_printed_and_its_line_told() {
    for language in Language::BOTH {
        let mut brief = sample::brief(language);
        let document = of(std::slice::from_ref(&brief));
        // Tables behind figures are not on paper.
        for view in brief.blocks.iter_mut().flat_map(|block| &mut block.views) {
            view.grid.rows.clear();
        }
        let parts = numbers::by_part(&brief);
        assert!(parts.len() >= 3, "{parts:?}");
        for number in parts.iter().flat_map(|part| &part.numbers) {
            let shown = number.shown.replace('\u{a0}', "~");
            let told = format!("{} = {}", number.shown, number.cited.at);
            assert!(texts(&document).contains(&shown), "{number:?}");
            assert!(texts(&document).contains(&told), "{number:?}");
        }
    }
}

#[test]
fn two_languages_are_one_document_with_all_its_pictures() {
    let document = of(&sample::briefs());
    let at = |text: &str| document.main.find(text).unwrap();
    assert!(at("#brief(lang: \"zh\"") < at("#brief(lang: \"en\""));
    let names: Vec<&str> = document.pictures.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "fig1-net-transfer-zh.svg",
            "fig2-one-by-one-zh.svg",
            "fig1-net-transfer-en.svg",
            "fig2-one-by-one-en.svg"
        ]
    );
    assert!(names.iter().all(|name| document.main.contains(&format!("picture: \"{name}\""))));
    assert_eq!(document, of(&sample::briefs()));
}

#[test]
fn pictures_name_the_fonts_of_the_text_and_need_no_other() {
    let document = of(&sample::briefs());
    assert!(document.main.contains("#let fonts = (\"Noto Sans CJK SC\", \"Noto Sans SC\")"));
    for picture in &document.pictures {
        let svg = String::from_utf8(picture.bytes.clone()).unwrap();
        assert!(svg.contains("font-family=\"Noto Sans CJK SC, Noto Sans SC\""));
        for text in svg.split("<text").skip(1).filter_map(|text| text.split_once("</text>")) {
            let (_, shown) = text.0.split_once('>').unwrap();
            assert!(!shown.contains('₂'), "{shown}");
        }
        assert!(svg.contains("CO<tspan baseline-shift") || !svg.contains(">CO"), "{svg}");
    }
}

#[test]
fn texts_stay_texts() {
    let mut brief = sample::brief(Language::English);
    brief.masthead.series = HOSTILE.to_owned();
    brief.masthead.institution = HOSTILE.to_owned();
    brief.headline = Prose::text(HOSTILE);
    brief.blocks[0].text = vec![Prose(vec![Inline::Strong(vec![Inline::Text(HOSTILE.into())])])];
    brief.blocks[0].note = Prose::text(HOSTILE);
    brief.caveats[0].name = HOSTILE.to_owned();
    brief.sources[0].text = HOSTILE.to_owned();
    let grid = &mut brief.table.as_mut().unwrap().grid;
    grid.heads[0].text = HOSTILE.to_owned();
    grid.rows[0].cells[0] = Cell { main: Prose::text(HOSTILE), ..Cell::default() };
    let document = of(&[brief]);
    let escaped = r"\= \#a \*b\* \[c\] \$d\$ \@e \\f \<g\> \`h\` \// i \/\* j";
    // Once behind a space, where an equals sign begins nothing.
    assert!(texts(&document).matches(escaped).count() >= 8, "{}", texts(&document));
    assert_balanced(&document.main);
}

/// Brackets close in code, strings and comments left out.
fn assert_balanced(source: &str) {
    let (mut open, mut quoted) = (Vec::new(), false);
    let mut letters = source.chars().peekable();
    while let Some(c) = letters.next() {
        match c {
            '\\' => drop(letters.next()),
            '"' if open.last() != Some(&'[') => quoted = !quoted,
            _ if quoted => {}
            '/' if letters.peek() == Some(&'/') => {
                while letters.next().is_some_and(|c| c != '\n') {}
            }
            '(' | '[' | '{' => open.push(c),
            ')' => assert_eq!(open.pop(), Some('(')),
            ']' => assert_eq!(open.pop(), Some('[')),
            '}' => assert_eq!(open.pop(), Some('{')),
            _ => {}
        }
    }
    assert!(open.is_empty() && !quoted, "{open:?}");
}

#[test]
fn a_caveat_without_a_text_is_told_in_the_run_s_words() {
    let mut brief = sample::brief(Language::Chinese);
    brief.deck = Prose::text("a").with_caveats(["unheard.of", "prices.current"]);
    brief.caveats[1].text = Prose::default();
    brief.caveats[1].own_words = vec!["once".to_owned(), "twice".to_owned()];
    let document = of(&[brief]);
    assert!(texts(&document).contains("#deck[\n  a#mark(1)\n]"));
    assert!(texts(&document).contains("[once twice],"));
}

#[test]
fn ranges_stand_beside_points_while_there_is_room() {
    let mut brief = sample::brief(Language::English);
    let document = of(std::slice::from_ref(&brief));
    let head = "table.cell(align: bottom + right)[Value added \\ billion yuan],\n      table.cell(align: bottom + left)[range],";
    assert!(texts(&document).contains(head), "{}", texts(&document));
    assert!(texts(&document).contains("point(\"in\")[+455], ends[+249 to +695]"));
    let grid = &mut brief.table.as_mut().unwrap().grid;
    for _ in 0..3 {
        grid.heads.insert(1, grid.heads[1].clone());
        for row in &mut grid.rows {
            row.cells.insert(1, row.cells[1].clone());
        }
    }
    assert!(
        texts(&of(std::slice::from_ref(&brief)))
            .contains("{ point(\"in\")[+455]; linebreak(); ends[+249 to +695] }")
    );
    assert!(!texts(&of(std::slice::from_ref(&brief))).contains("breakable"));
    let grid = &mut brief.table.as_mut().unwrap().grid;
    grid.rows = std::iter::repeat_n(grid.rows[0].clone(), 40).collect();
    assert!(texts(&of(&[brief])).contains("breakable: true"));
}

#[test]
fn what_is_empty_is_left_out() {
    let mut brief = sample::brief(Language::Chinese);
    brief.headline = Prose::default();
    brief.masthead = Masthead::default();
    brief.deck = Prose::default();
    brief.cards.clear();
    brief.blocks.clear();
    brief.table = None;
    brief.caveats.clear();
    brief.method.clear();
    brief.sources.clear();
    let document = of(&[brief]);
    assert_eq!(
        texts(&document).trim(),
        "#brief(lang: \"zh\", footer: [], page-words: \"第 {page} 页，共 {pages} 页\")[\n\n#masthead(\n)\n\n]"
    );
    // A tagged PDF has a title all the same.
    assert!(document.main.contains("#set document(title: \"irio\", author: \"\", date: none)"));
}

#[test]
fn only_pictures_that_leave_no_room_for_their_text_are_narrower() {
    assert_eq!(share_of_width([744.0, 442.0]), None);
    assert_eq!(share_of_width([744.0, 766.0]), None);
    let share = share_of_width([744.0, 1500.0]).unwrap();
    assert!(PAGE[0] * share / 100.0 * 1500.0 / 744.0 <= PAGE[1]);
    assert_eq!(share_of_width([1.0, 1e9]), Some(1.0));
}
