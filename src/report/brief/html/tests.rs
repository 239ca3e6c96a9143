use std::collections::BTreeSet;
use std::path::Path;

use super::*;
use crate::brief::content::Tag;
use crate::brief::prose::Prose;
use crate::brief::sample;

fn sample_page() -> String {
    page(&sample::briefs(), &Theme::light(), &Theme::dark(), &sample::files())
}

/// One tag of a page: its name, `/` before it if it closes, and its attributes.
#[derive(Debug, Clone, PartialEq)]
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
}

impl Element {
    fn get(&self, attribute: &str) -> &str {
        self.attributes.get(attribute).map_or("", String::as_str)
    }
}

/// Every tag of a page in order; what scripts and style sheets contain is passed over, as a browser does.
fn elements(page: &str) -> Vec<Element> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        let end = start + rest[start..].find('>').expect("a tag ends");
        let element = element(&rest[start + 1..end]);
        rest = &rest[end + 1..];
        if matches!(element.name.as_str(), "script" | "style") {
            let close = format!("</{}>", element.name);
            rest = &rest[rest.find(&close).expect("a script ends")..];
        }
        found.push(element);
    }
    found
}

fn element(inside: &str) -> Element {
    let name: String = inside.chars().take_while(|c| !c.is_whitespace()).collect();
    let mut attributes = BTreeMap::new();
    let mut rest = inside[name.len()..].trim_start();
    while let Some((key, behind)) = rest.split_once("=\"") {
        let (value, behind) = behind.split_once('"').expect("an attribute ends");
        let before = attributes.insert(key.to_owned(), value.to_owned());
        assert!(before.is_none(), "{key} twice in <{inside}>");
        rest = behind.trim_start();
    }
    assert!(matches!(rest, "" | "/") || name == "!doctype", "<{inside}>");
    Element { name: name.trim_end_matches('/').to_owned(), attributes }
}

#[test]
fn elements_lie_inside_each_other() {
    const VOID: [&str; 6] = ["meta", "link", "img", "input", "wbr", "!doctype"];
    let page = sample_page();
    let mut open: Vec<String> = Vec::new();
    // Shapes of a drawing close themselves.
    for tag in page.split('<').skip(1).filter_map(|part| part.split_once('>')).map(|(tag, _)| tag) {
        assert!(!tag.is_empty());
    }
    let closed_at_once = ["rect", "line", "circle", "path", "polyline", "polygon"];
    for element in elements(&page) {
        let name = element.name.as_str();
        if let Some(closing) = name.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(closing));
        } else if !VOID.contains(&name) && !closed_at_once.contains(&name) {
            open.push(name.to_owned());
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn every_number_is_in_the_line_that_it_names() {
    let (page, files) = (sample_page(), sample::files());
    let mut checked = 0;
    for element in elements(&page) {
        let value = match element.name.as_str() {
            "data" => element.get("value"),
            _ if element.attributes.contains_key("data-value") => element.get("data-value"),
            _ => continue,
        };
        let (file, line) = element.get("data-src").rsplit_once(':').expect("file and line");
        let line = files[file].lines().nth(line.parse::<usize>().unwrap() - 1).unwrap();
        assert_eq!(line.rsplit(',').next(), Some(value), "{element:?}");
        checked += 1;
    }
    // Both languages: 4 numbers of sentences, 3 points and 8 ends on cards, 40 of each data table of two quantities...
    assert!(checked > 400, "{checked}");
    for brief in sample::briefs() {
        for (shown, cited) in brief.deck.numbers() {
            let tag =
                format!("<data value=\"{}\" data-src=\"{}\">{shown}</data>", cited.value, cited.at);
            assert!(page.contains(&tag), "{tag}");
        }
    }
}

#[test]
fn addresses_are_unique_and_lead_somewhere() {
    let page = sample_page();
    let all = elements(&page);
    let mut ids = BTreeSet::new();
    for id in all.iter().map(|element| element.get("id")).filter(|id| !id.is_empty()) {
        assert!(ids.insert(id), "{id} twice");
    }
    for element in &all {
        let links = element.get("href").strip_prefix('#').into_iter();
        let lists = ["aria-labelledby", "for"].map(|name| element.get(name).split_whitespace());
        for id in links.chain(lists.into_iter().flatten()) {
            assert!(ids.contains(id), "{id} of {element:?}");
        }
    }
}

#[test]
fn a_mark_leads_to_its_caveat_and_the_caveat_back() {
    let page = sample_page();
    // "What the range is" is the seventh; it is marked in the deck, on a card and beside figure 1.
    let marks = page.matches("href=\"#en_c7\"").count();
    assert_eq!(marks, 3);
    let entry = page.split("id=\"en_c7\"").nth(1).unwrap().split("</li>").next().unwrap();
    assert!(entry.contains(
        "Back to the text <a href=\"#en_m2\">Summary</a> <a href=\"#en_m5\">Figure 1</a>"
    ));
    // A code without an entry is shown rather than lost.
    let mut brief = sample::brief(Language::English);
    brief.deck = Prose::text("so").with_caveats(["not.there"]);
    let page = page_of(brief);
    assert!(
        page.contains(
            "so\u{2060}<span class=\"pills\"><span class=\"pill\">not.there</span></span>"
        )
    );
}

#[test]
fn from_ten_caveats_on_those_that_change_nothing_are_folded() {
    let whole = |page: &str| {
        let (plain, folded) = page.split_once("<details class=\"more\">").unwrap_or((page, ""));
        let count = |part: &str| part.matches("class=\"caveat\"").count();
        (count(plain), count(folded))
    };
    assert_eq!(whole(&page_of(sample::brief(Language::English))), (2, 9));
    let mut brief = sample::brief(Language::English);
    brief.caveats.truncate(9);
    assert!(brief.caveats.iter().any(|caveat| caveat.tag > Tag::MayChange));
    assert_eq!(whole(&page_of(brief)), (9, 0));
}

fn page_of(brief: Brief) -> String {
    page(&[brief], &Theme::light(), &Theme::dark(), &sample::files())
}

#[test]
fn no_text_becomes_markup() {
    let evil = "</script><script>alert(\"1\")</script>&<b a='";
    let mut brief = sample::brief(Language::Chinese);
    let style = brief.style.clone();
    let clean = page_of(sample::brief(Language::Chinese));
    brief.masthead.series = evil.to_owned();
    brief.headline = Prose::text(evil);
    brief.cards[0].unit = evil.to_owned();
    brief.blocks[0].id = evil.to_owned();
    brief.blocks[1].views[0].choice = evil.to_owned();
    brief.blocks[1].views[0].file = evil.to_owned();
    brief.blocks[1].views[0].grid.rows[0].cells[0].main = Prose::text(evil);
    brief.caveats[0].own_words = vec![evil.to_owned()];
    brief.caveats[0].code = evil.to_owned();
    brief.sources[0].text = evil.to_owned();
    brief.labels.page = evil.to_owned();
    brief.labels.read_marks = evil.to_owned();
    brief.style = style;
    let dials = brief.dials.as_mut().unwrap();
    dials.cells[0][0] = evil.to_owned();
    dials.dials[0].stops[1] = evil.to_owned();
    dials.note = format!("{evil} {{0}}");
    let files = BTreeMap::from([(evil.to_owned(), evil.to_owned())]);
    let page = page(&[brief], &Theme::light(), &Theme::dark(), &files);
    let names = |page: &str| -> Vec<String> {
        elements(page)
            .into_iter()
            .map(|element| element.name)
            .filter(|name| name == "script")
            .collect()
    };
    assert_eq!(names(&page), names(&clean));
    assert!(!page.contains("alert(\"1\")"));
}

#[test]
fn nothing_outside_is_named() {
    let page = sample_page();
    let addresses = page.replace("http://www.w3.org/2000/svg", "");
    assert!(!addresses.contains("http:") && !addresses.contains("https:"));
    for element in elements(&page) {
        for attribute in ["src", "href", "action", "srcset"] {
            let address = element.get(attribute);
            assert!(
                address.is_empty() || address.starts_with(['#']) || address.starts_with("data:")
            );
        }
    }
    // A logo from elsewhere would be a request; it is left out.
    let mut brief = sample::brief(Language::English);
    brief.masthead.logo = Some("https://example.org/logo.png".to_owned());
    assert!(!page_of(brief).contains("<img"));
    let mut brief = sample::brief(Language::English);
    brief.masthead.logo = Some("data:image/png;base64,AAAA".to_owned());
    assert!(page_of(brief).contains("<img src=\"data:image/png;base64,AAAA\" alt=\"\">"));
}

#[test]
fn one_language_has_no_switch_and_two_have_one() {
    let one = page_of(sample::brief(Language::English));
    assert!(
        one.contains("<html lang=\"en\" data-lang=\"en\">")
            && !one.contains("data-set=\"lang\" data-to")
    );
    let two = sample_page();
    assert!(two.contains("<html lang=\"zh-Hans\" data-lang=\"zh\">"));
    assert_eq!(two.matches("data-set=\"lang\" data-to").count(), 2);
    let twice = [sample::brief(Language::English), sample::brief(Language::English)];
    assert_eq!(page(&twice, &Theme::light(), &Theme::dark(), &sample::files()), one);
    assert_eq!(page(&[], &Theme::light(), &Theme::dark(), &BTreeMap::new()), "");
}

#[test]
fn odd_dials_are_no_panic() {
    let mut brief = sample::brief(Language::English);
    let dials = brief.dials.as_mut().unwrap();
    dials.start = vec![7];
    dials.cells.clear();
    dials.dials[1].stops.clear();
    let page = page_of(brief);
    assert!(page.contains("<output for=\"en_dial0 en_dial1\" data-src=\"grid.csv\">—</output>"));
    assert!(page.contains("max=\"0\" step=\"1\" value=\"0\""));
}

/// The sample in English alone, with six views of its second figure.
fn with_many_views() -> Brief {
    let mut brief = sample::brief(Language::English);
    for _ in 0..2 {
        let more = sample::brief(Language::English).blocks.remove(1).views;
        brief.blocks[1].views.extend(more);
    }
    brief
}

#[test]
fn many_views_are_a_list_and_few_are_buttons() {
    let page = page_of(with_many_views());
    assert_eq!(page.matches("<option").count(), 6);
    assert_eq!(page.matches("data-choose=").count(), 0);
    assert_eq!(sample_page().matches("data-choose=").count(), 4);
}

/// What the page consists of, without drawings, tables and lists.
#[test]
fn structure() {
    let page = page_of(sample::brief(Language::English));
    let mut depth = 0_usize;
    let mut out = String::new();
    let mut inside = None;
    for element in elements(&page) {
        let name = element.name.trim_start_matches('/');
        if ![
            "header", "main", "article", "section", "figure", "details", "footer", "nav", "h1",
            "h2", "svg", "table",
        ]
        .contains(&name)
        {
            continue;
        }
        if element.name.starts_with('/') {
            depth -= 1;
            if inside == Some(depth) {
                inside = None;
            }
            continue;
        }
        if inside.is_none() {
            let class = element.get("class").replace(' ', ".");
            let class = if class.is_empty() { class } else { format!(".{class}") };
            let id = element.get("id");
            let id = if id.is_empty() { String::new() } else { format!("#{id}") };
            let _ = writeln!(out, "{}{name}{class}{id}", "  ".repeat(depth));
            if ["svg", "table"].contains(&name) || class == ".more" {
                inside = Some(depth);
            }
        }
        depth += 1;
    }
    insta::assert_snapshot!(out);
}

/// The page of the sample is small and always the same. With `IRIO_TEST_PAGES=DIR` it is written there for the test in a
/// browser, with a page of one language and many views, the files that they name, and what the dials must show.
#[test]
fn the_sample_page_is_small_and_always_the_same() {
    let page = sample_page();
    assert_eq!(page, sample_page());
    assert!(page.len() < 300_000, "{}", page.len());
    let Some(folder) = std::env::var_os("IRIO_TEST_PAGES") else { return };
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder.join("results")).unwrap();
    std::fs::write(folder.join("sample.html"), &page).unwrap();
    std::fs::write(folder.join("many-views.html"), page_of(with_many_views())).unwrap();
    for (name, text) in sample::files() {
        std::fs::write(folder.join("results").join(name), text).unwrap();
    }
    let dials = sample::briefs()
        .into_iter()
        .filter_map(|brief| Some((brief.language.word(), brief.dials?.cells)));
    let texts: BTreeMap<&str, Vec<Vec<String>>> = dials.collect();
    std::fs::write(folder.join("dials.json"), serde_json::to_string(&texts).unwrap()).unwrap();
}
