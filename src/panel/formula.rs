//! Formulas of variables: `log(gdp / population)`, `lag(x, 1)`, `x:factor(region)`, `year <= 2022 and region != "west"`.
//!
//! ```text
//! any      = all { "or" all }                     all  = test { "and" test }
//! test     = sum [ ( < | <= | > | >= | == | != ) sum ]
//! sum      = product { ( + | - ) product }        product = cross { ( * | / ) cross }
//! cross    = sign { ":" sign }                    sign = [ - | ! ] power      power = atom [ ^ sign ]
//! atom     = number | "text" | name | `name` | name "(" any { "," any } ")" | "(" any ")"
//! ```
//!
//! `*` multiplies (it is no crossing of factors as in R); `:` multiplies too, and crosses with the indicators of `factor`.

use std::ops::Range;

/// Depth of brackets beyond which a formula is refused.
const DEEPEST: usize = 64;

/// Words and signs beyond which a formula is refused: a chain of them is as deep as it is long.
const LONGEST: usize = 2000;

/// A formula as a tree.
#[derive(Debug, Clone, PartialEq)]
pub enum Formula {
    /// A number.
    Number(f64),
    /// A text in quotes.
    Text(String),
    /// A column or variable, and where it stands.
    Name(String, Range<usize>),
    /// One operand.
    Unary(Unary, Box<Formula>),
    /// Two operands.
    Binary(Binary, Box<Formula>, Box<Formula>),
    /// A function of arguments, and where it stands.
    Call(String, Vec<Formula>, Range<usize>),
}

/// Signs before an operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unary {
    /// `-`
    Minus,
    /// `!`
    Not,
}

/// Signs between operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binary {
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Times,
    /// `/`
    Over,
    /// `^`
    Power,
    /// `:`
    Cross,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `and`
    And,
    /// `or`
    Or,
}

impl Binary {
    /// How it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Binary::Plus => "+",
            Binary::Minus => "-",
            Binary::Times => "*",
            Binary::Over => "/",
            Binary::Power => "^",
            Binary::Cross => ":",
            Binary::Less => "<",
            Binary::LessOrEqual => "<=",
            Binary::Greater => ">",
            Binary::GreaterOrEqual => ">=",
            Binary::Equal => "==",
            Binary::NotEqual => "!=",
            Binary::And => "and",
            Binary::Or => "or",
        }
    }
}

impl std::fmt::Display for Formula {
    /// As it may be written, operands of operands in parentheses.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let operand = |own: &Formula| match own {
            Formula::Binary(..) => format!("({own})"),
            _ => own.to_string(),
        };
        match self {
            Formula::Number(number) => write!(out, "{number}"),
            Formula::Text(text) => write!(out, "'{text}'"),
            Formula::Name(name, _) => out.write_str(name),
            Formula::Unary(Unary::Minus, own) => write!(out, "-{}", operand(own)),
            Formula::Unary(Unary::Not, own) => write!(out, "!{}", operand(own)),
            Formula::Binary(of @ (Binary::Power | Binary::Cross), left, right) => {
                write!(out, "{}{}{}", operand(left), of.sign(), operand(right))
            }
            Formula::Binary(of, left, right) => {
                write!(out, "{} {} {}", operand(left), of.sign(), operand(right))
            }
            Formula::Call(name, arguments, _) => {
                let all: Vec<String> = arguments.iter().map(Formula::to_string).collect();
                write!(out, "{name}({})", all.join(", "))
            }
        }
    }
}

/// What keeps a text from being a formula, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FormulaError {
    /// What is wrong.
    pub message: String,
    /// Bytes of the text that are meant.
    pub at: Range<usize>,
}

/// Reads a formula.
///
/// # Errors
/// The first thing that is no formula, and where it stands.
///
/// ```
/// use irio::panel::formula::parse;
///
/// assert!(parse("log(sec_val * 1e4 / area)").is_ok());
/// assert_eq!(parse("log(x").unwrap_err().message, "a closing bracket is missing");
/// ```
pub fn parse(text: &str) -> Result<Formula, FormulaError> {
    let mut parser = Parser { text, tokens: tokens(text)?, next: 0, depth: 0 };
    if parser.tokens.is_empty() {
        return Err(FormulaError { message: "an empty formula".into(), at: 0..text.len() });
    }
    if parser.tokens.len() > LONGEST {
        let message = format!("a formula of more than {LONGEST} words and signs");
        return Err(FormulaError { message, at: 0..text.len() });
    }
    let formula = parser.any()?;
    match parser.tokens.get(parser.next) {
        None => Ok(formula),
        Some((_, at)) => Err(FormulaError {
            message: format!("{:?} is not expected here", &text[at.clone()]),
            at: at.clone(),
        }),
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(f64),
    Text(String),
    Name(String),
    Sign(&'static str),
}

const SIGNS: [&str; 21] = [
    "<=", ">=", "==", "!=", "&&", "||", "**", "<", ">", "=", "+", "-", "*", "/", "^", ":", "(",
    ")", ",", "!", "~",
];

fn tokens(text: &str) -> Result<Vec<(Token, Range<usize>)>, FormulaError> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let start = at;
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        if matches!(first, '"' | '\'' | '`') {
            let Some(length) = rest[1..].find(first) else {
                return Err(FormulaError {
                    message: format!("a closing {first} is missing"),
                    at: at..text.len(),
                });
            };
            let inner = rest[1..=length].to_owned();
            at += length + 2;
            found.push((
                if first == '`' { Token::Name(inner) } else { Token::Text(inner) },
                start..at,
            ));
        } else if first.is_ascii_digit()
            || (first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit()))
        {
            at += number_length(rest);
            let number = text[start..at].parse().map_err(|_| FormulaError {
                message: format!("{:?} is no number", &text[start..at]),
                at: start..at,
            })?;
            found.push((Token::Number(number), start..at));
        } else if first.is_alphabetic() || first == '_' || first == '.' {
            let length = rest
                .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'))
                .unwrap_or(rest.len());
            at += length;
            found.push((Token::Name(rest[..length].to_owned()), start..at));
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            at += sign.len();
            found.push((Token::Sign(sign), start..at));
        } else {
            let at = at..at + first.len_utf8();
            return Err(FormulaError {
                message: format!("{first:?} has no meaning in a formula"),
                at,
            });
        }
    }
    Ok(found)
}

/// Length of a number at the beginning of a text, with its exponent.
fn number_length(text: &str) -> usize {
    let digits = |from: usize| {
        text[from..].find(|c: char| !c.is_ascii_digit()).map_or(text.len(), |length| from + length)
    };
    let mut end = digits(0);
    if text[end..].starts_with('.') {
        end = digits(end + 1);
    }
    if text[end..].starts_with(['e', 'E']) {
        let sign = usize::from(text[end + 1..].starts_with(['+', '-']));
        let after = digits(end + 1 + sign);
        if after > end + 1 + sign {
            end = after;
        }
    }
    end
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<(Token, Range<usize>)>,
    next: usize,
    depth: usize,
}

impl Parser<'_> {
    fn sign(&mut self, wanted: &[&'static str]) -> Option<&'static str> {
        match self.tokens.get(self.next) {
            Some((Token::Sign(sign), _)) if wanted.contains(sign) => {
                self.next += 1;
                Some(sign)
            }
            _ => None,
        }
    }

    fn word(&mut self, wanted: &str) -> bool {
        let found =
            matches!(self.tokens.get(self.next), Some((Token::Name(name), _)) if name == wanted);
        self.next += usize::from(found);
        found
    }

    fn wrong<T>(&self, message: &str) -> Result<T, FormulaError> {
        let end = self.text.len();
        let at = self.tokens.get(self.next).map_or(end..end, |(_, at)| at.clone());
        Err(FormulaError { message: message.to_owned(), at })
    }

    fn deeper(&mut self) -> Result<(), FormulaError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            self.wrong("brackets and signs are nested too deep")
        } else {
            Ok(())
        }
    }

    fn any(&mut self) -> Result<Formula, FormulaError> {
        let mut left = self.all()?;
        while self.sign(&["||"]).is_some() || self.word("or") {
            left = binary(Binary::Or, left, self.all()?);
        }
        Ok(left)
    }

    fn all(&mut self) -> Result<Formula, FormulaError> {
        let mut left = self.test()?;
        while self.sign(&["&&"]).is_some() || self.word("and") {
            left = binary(Binary::And, left, self.test()?);
        }
        Ok(left)
    }

    fn test(&mut self) -> Result<Formula, FormulaError> {
        let left = self.sum()?;
        let Some(sign) = self.sign(&["<=", ">=", "==", "!=", "<", ">", "="]) else {
            return Ok(left);
        };
        let binary_of = match sign {
            "<=" => Binary::LessOrEqual,
            ">=" => Binary::GreaterOrEqual,
            "!=" => Binary::NotEqual,
            "<" => Binary::Less,
            ">" => Binary::Greater,
            _ => Binary::Equal,
        };
        Ok(binary(binary_of, left, self.sum()?))
    }

    fn sum(&mut self) -> Result<Formula, FormulaError> {
        let mut left = self.product()?;
        while let Some(sign) = self.sign(&["+", "-"]) {
            let own = if sign == "+" { Binary::Plus } else { Binary::Minus };
            left = binary(own, left, self.product()?);
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<Formula, FormulaError> {
        let mut left = self.cross()?;
        while let Some(sign) = self.sign(&["*", "/"]) {
            let own = if sign == "*" { Binary::Times } else { Binary::Over };
            left = binary(own, left, self.cross()?);
        }
        Ok(left)
    }

    fn cross(&mut self) -> Result<Formula, FormulaError> {
        let mut left = self.signed()?;
        while self.sign(&[":"]).is_some() {
            left = binary(Binary::Cross, left, self.signed()?);
        }
        Ok(left)
    }

    fn signed(&mut self) -> Result<Formula, FormulaError> {
        let own = match self.sign(&["-", "!"]) {
            Some("-") => Unary::Minus,
            Some(_) => Unary::Not,
            None => return self.power(),
        };
        self.deeper()?;
        let inner = self.signed()?;
        self.depth -= 1;
        Ok(Formula::Unary(own, Box::new(inner)))
    }

    fn power(&mut self) -> Result<Formula, FormulaError> {
        let left = self.atom()?;
        if self.sign(&["^", "**"]).is_none() {
            return Ok(left);
        }
        self.deeper()?;
        let right = self.signed()?;
        self.depth -= 1;
        Ok(binary(Binary::Power, left, right))
    }

    fn atom(&mut self) -> Result<Formula, FormulaError> {
        if self.sign(&["("]).is_some() {
            self.deeper()?;
            let inner = self.any()?;
            self.depth -= 1;
            return match self.sign(&[")"]) {
                Some(_) => Ok(inner),
                None => self.wrong("a closing bracket is missing"),
            };
        }
        let Some((token, at)) = self.tokens.get(self.next).cloned() else {
            return self.wrong("the formula ends where a value is expected");
        };
        self.next += 1;
        match token {
            Token::Number(number) => Ok(Formula::Number(number)),
            Token::Text(text) => Ok(Formula::Text(text)),
            Token::Name(name) if self.sign(&["("]).is_some() => self.call(name, at),
            Token::Name(name) => Ok(Formula::Name(name, at)),
            Token::Sign(_) => {
                self.next -= 1;
                self.wrong("a value is expected here")
            }
        }
    }

    fn call(&mut self, name: String, at: Range<usize>) -> Result<Formula, FormulaError> {
        self.deeper()?;
        let mut arguments = Vec::new();
        if self.sign(&[")"]).is_none() {
            loop {
                arguments.push(self.any()?);
                if self.sign(&[")"]).is_some() {
                    break;
                }
                if self.sign(&[","]).is_none() {
                    return self.wrong("a closing bracket is missing");
                }
            }
        }
        self.depth -= 1;
        Ok(Formula::Call(name, arguments, at))
    }
}

fn binary(of: Binary, left: Formula, right: Formula) -> Formula {
    Formula::Binary(of, Box::new(left), Box::new(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str, at: Range<usize>) -> Box<Formula> {
        Box::new(Formula::Name(text.into(), at))
    }

    #[test]
    fn powers_bind_before_signs_and_products() {
        let found = parse("-x^2*y").unwrap();
        let square =
            Formula::Binary(Binary::Power, name("x", 1..2), Box::new(Formula::Number(2.0)));
        let minus = Formula::Unary(Unary::Minus, Box::new(square));
        assert_eq!(found, Formula::Binary(Binary::Times, Box::new(minus), name("y", 5..6)));
    }

    #[test]
    fn names_may_be_chinese_and_numbers_have_exponents() {
        let found = parse("log(产出*1e4)").unwrap();
        let Formula::Call(function, arguments, _) = found else { panic!("a call") };
        assert_eq!((function.as_str(), arguments.len()), ("log", 1));
        assert!(parse("year <= 2022 and province != 'Tibet'").is_ok());
        assert!(parse("`a name with blanks` / 2").is_ok());
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        for (text, message, at) in [
            ("", "an empty formula", 0..0),
            ("x +", "the formula ends where a value is expected", 3..3),
            ("x y", "\"y\" is not expected here", 2..3),
            ("log(x", "a closing bracket is missing", 5..5),
            ("x ? y", "'?' has no meaning in a formula", 2..3),
            ("'abc", "a closing ' is missing", 0..4),
            ("* 2", "a value is expected here", 0..1),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!((error.message.as_str(), error.at), (message, at), "{text}");
        }
        let deep = "(".repeat(1000);
        assert!(parse(&deep).unwrap_err().message.contains("too deep"));
        assert!(parse(&"-".repeat(1000)).unwrap_err().message.contains("too deep"));
        assert!(parse(&format!("x{}", "^x".repeat(900))).unwrap_err().message.contains("too deep"));
        assert!(parse(&format!("x{}", "+x".repeat(100_000))).unwrap_err().message.contains("2000"));
    }
}
