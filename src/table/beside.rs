//! What irio keeps beside a table in the format of another program, so that nothing of its own is lost
//! on the way back: the one description that both the reader and the writer use.

use serde::{Deserialize, Serialize};

/// Key under which the description stands in a system's `metadata.json`.
pub const KEY: &str = "irio";

/// File with codes, names and roles beside the system.
pub const LABELS_FILE: &str = "labels.csv";

/// Header of [`LABELS_FILE`].
pub const LABELS_HEADER: [&str; 6] = ["kind", "text", "code", "en", "zh", "role"];

/// Unit of a stressor whose source states none.
pub const UNKNOWN_UNIT: &str = "unknown";

/// What stands between the texts of a stressor that is labelled by several.
pub const BETWEEN_LEVELS: &str = " | ";

/// What irio knows of a table that a system of accounts has no place for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Beside {
    /// Version of irio that wrote it.
    pub irio: String,
    /// Name of the table.
    pub name: String,
    /// Year of the table.
    pub year: i32,
    /// Year of constant prices; none for current ones.
    pub prices: Option<i32>,
    /// Tolerance of the table, as text that reads back the same number.
    pub tolerance: String,
    /// Whether its inter-regional trade was estimated.
    pub estimated_trade: bool,
    /// Where it comes from.
    pub source: String,
    /// What was noted of it, without its name in front.
    pub notes: Vec<String>,
    /// Account that holds the imports.
    pub imports_account: Option<String>,
    /// Whether the imports are known by product.
    pub imports_by_product: bool,
    /// Account whose rows are value added and nothing else.
    pub value_added_account: Option<String>,
    /// Rows of value added that are stressors too: `account/stressor`.
    pub value_added: Option<Vec<String>>,
    /// Account of the stressors that are of no account.
    pub own_account: Option<String>,
    /// Account of what rows and columns leave open; it follows from the rest.
    pub discrepancy_account: Option<String>,
    /// Stressors (`account/stressor`) whose direct emissions are known by region only.
    pub by_region: Vec<String>,
}

/// Texts that pandas takes for a missing value, so that a label may not be one of them.
const MISSING: &[&str] = &[
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
    "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
];

/// The texts that stand for codes in files that pandas reads.
///
/// pandas makes numbers of a column of labels that all look like numbers (`01` becomes 1, and lines no
/// longer meet columns), truth values of `True` and `False`, and nothing of `NA`. Such codes are written
/// with `prefix` in front; [`LABELS_FILE`] leads back to the code.
pub fn safe_texts(codes: &[&str], prefix: &str) -> Vec<String> {
    let number = |code: &&str| {
        let plain = code.trim().replace('_', "");
        plain.parse::<f64>().is_ok() || ["true", "false"].contains(&plain.to_lowercase().as_str())
    };
    let prefixed = !codes.is_empty() && codes.iter().all(number);
    let taken: std::collections::HashSet<&str> = codes.iter().copied().collect();
    codes
        .iter()
        .map(|code| {
            let mut text = (*code).to_owned();
            while prefixed && text == *code
                || MISSING.contains(&text.as_str())
                || (text != *code && taken.contains(text.as_str()))
            {
                text = format!("{prefix}{text}");
            }
            text
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_pandas_would_change_get_a_prefix() {
        assert_eq!(safe_texts(&["01", "02"], "s"), ["s01", "s02"]);
        assert_eq!(safe_texts(&["01", "A"], "s"), ["01", "A"]);
        assert_eq!(safe_texts(&["NA", "rNA", "US"], "r"), ["rrNA", "rNA", "US"]);
    }
}
