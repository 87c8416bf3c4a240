//! How names, lists and conditions are said in words.

use cel::common::ast::{Expr, IdedExpr, LiteralValue};

use super::super::Definition;
use super::super::condition::{Expression, FactPath, path_of, words_of};
use super::super::record::{Field, Record};
use super::super::yaml::Unconfirmed;

/// `a, b and c`.
pub fn list(items: &[impl AsRef<str>], last: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., end] => {
            let first: Vec<_> = first.iter().map(AsRef::as_ref).collect();
            format!("{} {last} {}", first.join(", "), end.as_ref())
        }
    }
}

/// A label as it stands in a sentence.
pub fn quoted(label: &str) -> String {
    format!("‘{label}’")
}

/// With a full stop, unless it ends a sentence already.
pub fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '?', '!']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

/// With a capital, for the beginning of a sentence.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// A name of a file as people would say it.
pub fn plain(name: &str) -> String {
    capital(&name.replace('_', " "))
}

/// Every doubt, each as a sentence, the doubtful part first where there are several.
pub fn doubt(doubt: &Unconfirmed) -> String {
    let each = doubt.0.iter().map(|(part, why)| match &**part {
        "" => sentence(why),
        part => sentence(&format!("{} – {why}", part.replace('_', " "))),
    });
    each.collect::<Vec<_>>().join(" ")
}

pub fn flag_label<'a>(definition: &'a Definition, name: &'a str) -> &'a str {
    let flag = definition.scheme.flags.get(name);
    flag.map_or(name, |flag| &flag.label)
}

pub fn outcome_label<'a>(definition: &'a Definition, name: &'a str) -> &'a str {
    let outcome = definition.scheme.outcomes.get(name);
    outcome.map_or(name, |outcome| &outcome.label)
}

/// A condition in words. `this` is the form it may speak of.
pub fn condition(definition: &Definition, asked: &Expression, this: Option<&Record>) -> String {
    let facts = Facts { definition, this };
    let said = asked.tree().and_then(|tree| facts.say(tree));
    said.unwrap_or_else(|| quoted(&asked.source))
}

/// Where the names in a condition have their words.
struct Facts<'a> {
    definition: &'a Definition,
    this: Option<&'a Record>,
}

impl Facts<'_> {
    /// `None` for what has no words here; the condition is then shown as it is written.
    fn say(&self, expr: &IdedExpr) -> Option<String> {
        let Expr::Call(call) = &expr.expr else {
            return None;
        };
        let (name, [one, other]) = (call.func_name.as_str(), &call.args[..]) else {
            return None;
        };
        match name {
            "_&&_" => Some(format!("{}, and {}", self.say(one)?, self.say(other)?)),
            "_||_" => Some(format!("{}, or {}", self.say(one)?, self.say(other)?)),
            _ => self.compared(name, &path_of(&one.expr)?, &other.expr),
        }
    }

    fn compared(&self, operator: &str, path: &FactPath, with: &Expr) -> Option<String> {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        if let Some(other) = path_of(with) {
            let other: Vec<&str> = other.iter().map(String::as_str).collect();
            return self.beside(operator, &path, &other);
        }
        let not = match operator {
            "_==_" | "@in" => "",
            "_!=_" => "not ",
            _ => return self.counted(operator, &path, with),
        };
        if let Some(words) = words_of(with) {
            let words: Vec<_> = words.iter().map(|word| self.value(&path, word)).collect();
            return Some(format!(
                "{} is {not}{}",
                self.fact(&path)?,
                list(&words, "or")
            ));
        }
        match with {
            Expr::Literal(LiteralValue::Boolean(yes)) => {
                self.yes_no(&path, *yes.inner() == not.is_empty())
            }
            Expr::Literal(LiteralValue::Null) if path == ["case", "pending"] => Some(
                if not.is_empty() {
                    "nothing waits for a second person"
                } else {
                    "something waits for a second person"
                }
                .to_owned(),
            ),
            Expr::Literal(LiteralValue::Null) => {
                let open = if not.is_empty() {
                    "not answered"
                } else {
                    "answered"
                };
                Some(format!("{} is {open}", self.fact(&path)?))
            }
            _ => self.counted(operator, &path, with),
        }
    }

    /// Two facts of which one is a day: nothing else is compared with another fact.
    fn beside(&self, operator: &str, path: &[&str], other: &[&str]) -> Option<String> {
        let how = match operator {
            "_==_" => "is",
            "_!=_" => "is not",
            "_<_" => "is before",
            "_>_" => "is after",
            "_<=_" => "is not after",
            "_>=_" => "is not before",
            _ => return None,
        };
        Some(format!("{} {how} {}", self.fact(path)?, self.fact(other)?))
    }

    fn counted(&self, operator: &str, path: &[&str], with: &Expr) -> Option<String> {
        let Expr::Literal(LiteralValue::Int(number)) = with else {
            return None;
        };
        let number = number.inner();
        let how = match operator {
            "_==_" => "is",
            "_!=_" => "is not",
            "_<_" => "is less than",
            "_>_" => "is more than",
            "_<=_" => "is at most",
            "_>=_" => "is at least",
            _ => return None,
        };
        Some(format!("{} {how} {number}", self.fact(path)?))
    }

    fn yes_no(&self, path: &[&str], yes: bool) -> Option<String> {
        let not = if yes { "" } else { "not " };
        Some(match path {
            ["flag", name] => {
                let label = quoted(flag_label(self.definition, name));
                format!("the flag {label} is {not}raised")
            }
            ["clock", name, "running"] => {
                let label = quoted(self.definition.clock_label(name));
                format!("the clock {label} is {not}running")
            }
            ["clock", name, "overdue"] => {
                let label = quoted(self.definition.clock_label(name));
                format!("the clock {label} is {not}late")
            }
            _ => {
                let answer = if yes { "yes" } else { "no" };
                format!("the answer to {} is {answer}", self.fact(path)?)
            }
        })
    }

    /// What a fact is called.
    fn fact(&self, path: &[&str]) -> Option<String> {
        Some(match path {
            ["case", "pending"] => "what waits for a second person".to_owned(),
            ["case", "today"] => "the day on which the form is filled in".to_owned(),
            ["case", what] => format!("the {what}"),
            ["clock", name, "last_day"] => {
                let label = quoted(self.definition.clock_label(name));
                format!("the last day that the clock {label} allows")
            }
            ["count", action] => {
                let label = quoted(self.definition.action_label(action));
                format!("the number of times {label} was done")
            }
            ["record", record, field] => {
                let record = self.definition.records.get(*record)?;
                answer(record, field)
            }
            ["this", field] => answer(self.this?, field),
            _ => return None,
        })
    }

    /// A word that a fact can be, as people say it.
    fn value(&self, path: &[&str], word: &str) -> String {
        let scheme = &self.definition.scheme;
        let field = self.field(path);
        let label = match path {
            ["case", "pending"] => Some(self.definition.action_label(word)),
            ["case", "state"] => Some(self.definition.state_label(word)),
            ["case", "outcome"] => Some(outcome_label(self.definition, word)),
            ["case", "route"] => scheme.routes.get(word).map(|route| &*route.label),
            ["case", "capacity"] => {
                let capacity = scheme.capacities.get(word);
                capacity.map(|capacity| &*capacity.label)
            }
            _ => field
                .and_then(|field| field.options.get(word))
                .map(|option| &**option),
        };
        quoted(label.unwrap_or(word))
    }

    fn field(&self, path: &[&str]) -> Option<&Field> {
        match path {
            ["record", record, field] => self.definition.records.get(*record)?.fields.get(field),
            ["this", field] => self.this?.fields.get(field),
            _ => None,
        }
    }
}

fn answer(record: &Record, field: &str) -> String {
    match (field, record.fields.get(field)) {
        (_, Some(field)) => quoted(&field.label),
        ("missing", None) => format!("the number of searches left in {}", quoted(&record.label)),
        ("found", None) => format!("the number of finds in {}", quoted(&record.label)),
        (other, None) => quoted(other),
    }
}
