use super::token::{Token, tokens};
use super::{Filter, Operator};
use crate::sandbox::failure::Failure;
use crate::sandbox::scim::error::{INVALID_FILTER, refused};

/// Deeper conditions are refused.
const DEEPEST: u32 = 30;

impl Filter {
    /// Reads a filter.
    ///
    /// # Errors
    /// 400 `invalidFilter`.
    pub(in crate::sandbox::scim) fn read(text: &str) -> Result<Self, Failure> {
        let read = tokens(text).and_then(|tokens| {
            let mut reader = Reader { tokens: &tokens, depth: 0 };
            let filter = reader.alternatives()?;
            reader.tokens.is_empty().then_some(filter)
        });
        read.ok_or_else(|| refused(INVALID_FILTER, format!("the filter {text} cannot be read")))
    }
}

struct Reader<'tokens> {
    tokens: &'tokens [Token],
    depth: u32,
}

impl Reader<'_> {
    fn alternatives(&mut self) -> Option<Filter> {
        let mut left = self.conjunction()?;
        while self.takes("or") {
            left = Filter::Or(Box::new(left), Box::new(self.conjunction()?));
        }
        Some(left)
    }

    fn conjunction(&mut self) -> Option<Filter> {
        let mut left = self.condition()?;
        while self.takes("and") {
            left = Filter::And(Box::new(left), Box::new(self.condition()?));
        }
        Some(left)
    }

    fn condition(&mut self) -> Option<Filter> {
        self.depth += 1;
        let filter = if self.depth > DEEPEST { None } else { self.shallow() };
        self.depth -= 1;
        filter
    }

    fn shallow(&mut self) -> Option<Filter> {
        if self.takes("not") {
            return self.bracketed('(', ')').map(|inner| Filter::Not(Box::new(inner)));
        }
        if self.tokens.first() == Some(&Token::Bracket('(')) {
            return self.bracketed('(', ')');
        }
        let Token::Word(path) = self.next()? else { return None };
        if self.tokens.first() == Some(&Token::Bracket('[')) {
            return self.bracketed('[', ']').map(|inner| Filter::Within(path, Box::new(inner)));
        }
        if self.takes("pr") {
            return Some(Filter::Present(path));
        }
        let Token::Word(word) = self.next()? else { return None };
        let operator = operator(&word)?;
        match self.next()? {
            Token::Literal(value) if !value.is_array() && !value.is_object() => {
                Some(Filter::Compare(path, operator, value))
            }
            _ => None,
        }
    }

    fn bracketed(&mut self, opening: char, closing: char) -> Option<Filter> {
        (self.next()? == Token::Bracket(opening)).then_some(())?;
        let inner = self.alternatives()?;
        (self.next()? == Token::Bracket(closing)).then_some(inner)
    }

    fn next(&mut self) -> Option<Token> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first.clone())
    }

    /// Takes this word, whatever its case.
    fn takes(&mut self, wanted: &str) -> bool {
        match self.tokens.split_first() {
            Some((Token::Word(word), rest)) if word.eq_ignore_ascii_case(wanted) => {
                self.tokens = rest;
                true
            }
            _ => false,
        }
    }
}

fn operator(word: &str) -> Option<Operator> {
    Some(match word.to_ascii_lowercase().as_str() {
        "eq" => Operator::Equal,
        "ne" => Operator::NotEqual,
        "co" => Operator::Contains,
        "sw" => Operator::StartsWith,
        "ew" => Operator::EndsWith,
        "gt" => Operator::Greater,
        "ge" => Operator::GreaterOrEqual,
        "lt" => Operator::Less,
        "le" => Operator::LessOrEqual,
        _ => return None,
    })
}
