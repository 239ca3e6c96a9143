//! A table of estimates in the forms that are asked for.

use std::fmt::Write;

use super::{LEGEND, Publication};

impl Publication {
    /// As Markdown.
    pub fn markdown(&self) -> String {
        let (head, body, foot) = self.lines();
        let safe = |cell: &String| {
            let mut text = String::new();
            for c in cell.chars() {
                match c {
                    '|' | '*' | '_' | '`' | '$' => text.extend(['\\', c]),
                    '<' => text.push_str("&lt;"),
                    c => text.push(c),
                }
            }
            text
        };
        let row = |cells: &Vec<String>| {
            format!("| {} |\n", cells.iter().map(safe).collect::<Vec<_>>().join(" | "))
        };
        let mut out = row(&head[0]);
        let _ = writeln!(out, "|---|{}", "---:|".repeat(self.models.len()));
        for cells in head[1..].iter().chain(&body).chain(&foot) {
            out.push_str(&row(cells));
        }
        let _ = writeln!(out, "\n{}", LEGEND.replace('*', "\\*"));
        out
    }

    /// As LaTeX, a `tabular` with the rules of booktabs.
    pub fn latex(&self) -> String {
        let (head, body, foot) = self.lines();
        let safe = |cell: &String| {
            let mut text = String::new();
            for c in cell.chars() {
                match c {
                    '&' | '%' | '$' | '#' | '_' | '{' | '}' => {
                        text.push('\\');
                        text.push(c);
                    }
                    '~' => text.push_str("\\textasciitilde{}"),
                    '^' => text.push_str("\\textasciicircum{}"),
                    '\\' => text.push_str("\\textbackslash{}"),
                    '²' if text.ends_with("\\sigma$") => {
                        text.pop();
                        text.push_str("^2$");
                    }
                    '²' => text.push_str("$^2$"),
                    'σ' => text.push_str("$\\sigma$"),
                    '<' => text.push_str("$<$"),
                    '>' => text.push_str("$>$"),
                    '|' => text.push_str("$|$"),
                    '`' => text.push_str("\\textasciigrave{}"),
                    c => text.push(c),
                }
            }
            // A number has a minus, not a hyphen.
            if let Some(rest) =
                text.strip_prefix('-').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
            {
                text = format!("$-${rest}");
            }
            let bare = text.trim_end_matches('*');
            let count = text.len() - bare.len();
            if count > 0 { format!("{bare}$^{{{}}}$", "*".repeat(count)) } else { text }
        };
        let row = |cells: &Vec<String>| {
            format!("{} \\\\\n", cells.iter().map(safe).collect::<Vec<_>>().join(" & "))
        };
        let mut out = format!(
            "% \\usepackage{{booktabs}}; names in Chinese need ctex or xeCJK\n\\begin{{tabular}}{{l{}}}\n\\toprule\n",
            "r".repeat(self.models.len())
        );
        head.iter().for_each(|cells| out.push_str(&row(cells)));
        out.push_str("\\midrule\n");
        body.iter().for_each(|cells| out.push_str(&row(cells)));
        out.push_str("\\midrule\n");
        foot.iter().for_each(|cells| out.push_str(&row(cells)));
        out.push_str("\\bottomrule\n");
        let legend =
            "Standard errors in parentheses. $^{***}$ $p<0.01$, $^{**}$ $p<0.05$, $^{*}$ $p<0.1$.";
        let _ = writeln!(
            out,
            "\\multicolumn{{{}}}{{l}}{{\\footnotesize {legend}}} \\\\",
            self.models.len() + 1
        );
        out.push_str("\\end{tabular}\n");
        out
    }

    /// As a page that stands alone.
    pub fn html(&self) -> String {
        let (head, body, foot) = self.lines();
        let safe =
            |cell: &String| cell.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let row = |cells: &Vec<String>, tag: &str, class: &str| {
            let first = format!("<th scope=\"row\">{}</th>", safe(&cells[0]));
            let scope = if tag == "th" { " scope=\"col\"" } else { "" };
            let others: String = cells[1..]
                .iter()
                .map(|cell| format!("<{tag}{scope}>{}</{tag}>", safe(cell)))
                .collect();
            format!("<tr{class}>{first}{others}</tr>\n")
        };
        let mut out = String::from(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Estimates of {TITLE}</title>\n<style>\n\
             body { font: 15px/1.4 system-ui, sans-serif; margin: 2rem; }\n\
             table { border-collapse: collapse; border-top: 2px solid; border-bottom: 2px solid; }\n\
             th, td { padding: .15rem .8rem; text-align: right; font-weight: normal; font-variant-numeric: tabular-nums; }\n\
             th[scope=row] { text-align: left; }\n\
             thead tr:last-child, tbody.terms { border-bottom: 1px solid; }\n\
             caption { text-align: left; padding-bottom: .4rem; }\n\
             tr.errors td { padding-bottom: .4rem; }\n</style>\n</head>\n<body>\n<table>\n<caption>Estimates of {TITLE}</caption>\n<thead>\n",
        )
        .replace("{TITLE}", &safe(&self.dependents_named()));
        head.iter().for_each(|cells| out.push_str(&row(cells, "th", "")));
        out.push_str("</thead>\n<tbody class=\"terms\">\n");
        for (at, cells) in body.iter().enumerate() {
            out.push_str(&row(cells, "td", if at % 2 == 1 { " class=\"errors\"" } else { "" }));
        }
        out.push_str("</tbody>\n<tbody>\n");
        foot.iter().for_each(|cells| out.push_str(&row(cells, "td", "")));
        let _ = write!(
            out,
            "</tbody>\n</table>\n<p>{}</p>\n</body>\n</html>\n",
            safe(&LEGEND.to_owned())
        );
        out
    }

    /// The responses, each once.
    fn dependents_named(&self) -> String {
        let mut names: Vec<&str> = Vec::new();
        for name in &self.dependents {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        names.join(", ")
    }

    /// As CSV.
    pub fn csv(&self) -> String {
        let (head, body, foot) = self.lines();
        let mut out = String::new();
        for cells in head.iter().chain(&body).chain(&foot) {
            let quoted = |cell: &String| {
                if cell.contains([',', '"', '\n']) {
                    format!("\"{}\"", cell.replace('"', "\"\""))
                } else {
                    cell.clone()
                }
            };
            out.push_str(&cells.iter().map(quoted).collect::<Vec<_>>().join(","));
            out.push('\n');
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Publication {
        Publication {
            models: vec!["fe".into(), "re".into()],
            dependents: vec!["log(y)".into(), "y & z".into()],
            terms: vec![("x_1".into(), vec![Some(("0.25***".into(), "(0.01)".into())), None])],
            foot: vec![("R² within".into(), vec!["0.9".into(), String::new()])],
        }
    }

    #[test]
    fn every_form_has_every_cell() {
        let table = table();
        assert_eq!(
            table.csv(),
            ",(1),(2)\n,fe,re\nDependent,log(y),y & z\nx_1,0.25***,\n,(0.01),\nR² within,0.9,\n"
        );
        assert!(table.latex().contains("x\\_1 & 0.25$^{***}$ &  \\\\\n & (0.01) &  \\\\"));
        assert!(table.latex().contains("y \\& z") && table.latex().contains("R$^2$ within"));
        assert!(table.html().contains("<th scope=\"row\">x_1</th><td>0.25***</td><td></td>"));
        assert!(table.html().contains("y &amp; z"));
        assert!(table.markdown().starts_with("|  | (1) | (2) |\n|---|---:|---:|\n"));
    }
}
