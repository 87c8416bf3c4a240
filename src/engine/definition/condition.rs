//! Conditions: CEL expressions over the facts of a case, each with a plain `because`.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock};

use cel::common::ast::{Expr, IdedExpr, LiteralValue};
use cel::{Context, Env, Program, Value};
use serde::Deserialize;

use super::wording::Wording;
use super::yaml::{Unconfirmed, Word};

/// The standard functions and operators, built once.
static STANDARD: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

/// The facts about a clock and a case that are days. Only a form is compared with them: with the day, nothing else would be asked again.
pub const LAST_DAY: &str = "last_day";
pub const TODAY: &str = "today";

/// A path to a fact, such as `record.triage.grade`.
pub type FactPath = Vec<String>;

/// A fact's value. Conditions hold no dates and no structures: those are reduced before they get here.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    Null,
    Yes(bool),
    Number(i64),
    Text(String),
    List(Vec<String>),
}

impl Fact {
    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Fact> for Value {
    fn from(fact: Fact) -> Self {
        match fact {
            Fact::Null => Value::Null,
            Fact::Yes(yes) => Value::Bool(yes),
            Fact::Number(number) => Value::Int(number),
            Fact::Text(text) => Value::from(text),
            Fact::List(items) => Value::from(items),
        }
    }
}

/// Whoever can answer for facts: a case with its actor and form, or a sample.
pub trait Facts {
    fn fact(&self, path: &[String]) -> Option<Fact>;
}

/// Two sides of `==` or `!=`, or of `in`: a fact and the words it is compared with.
pub struct Comparison {
    pub path: FactPath,
    pub words: Vec<String>,
}

/// A compiled expression. One that did not compile keeps its error; it is reported by `check` and never evaluates.
#[derive(Debug, Clone)]
pub struct Expression {
    pub source: Word,
    program: Arc<Result<Program, String>>,
    paths: BTreeSet<FactPath>,
}

impl<'de> Deserialize<'de> for Expression {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Word::deserialize(deserializer).map(Self::compile)
    }
}

impl Expression {
    /// Compiles the text; a syntax error is kept, see [`Expression::error`].
    pub fn compile(source: Word) -> Self {
        let program = Program::compile(&source).map_err(|errors| {
            let texts = errors.errors.iter().map(|error| error.msg.clone());
            texts.collect::<Vec<_>>().join("; ")
        });
        let mut paths = BTreeSet::new();
        let program = program.and_then(|program| match walk(program.expression(), &mut paths) {
            Ok(()) => Ok(program),
            Err(text) => Err(text),
        });
        Self {
            source,
            program: Arc::new(program),
            paths,
        }
    }

    /// Why it did not compile, if it did not.
    pub fn error(&self) -> Option<&str> {
        self.program.as_ref().as_ref().err().map(String::as_str)
    }

    /// Every fact that it names.
    pub fn paths(&self) -> &BTreeSet<FactPath> {
        &self.paths
    }

    /// Whether it speaks of the form being filled in, or of the day on which that is done.
    pub fn needs_form(&self) -> bool {
        self.paths.iter().any(|path| {
            let names: Vec<&str> = path.iter().map(String::as_str).collect();
            matches!(
                names[..],
                ["this", ..] | ["clock", _, LAST_DAY] | ["case", TODAY]
            )
        })
    }

    /// The names of the records it rests on.
    pub fn records(&self) -> impl Iterator<Item = &str> {
        let of_records = |path: &&FactPath| path[0] == "record" && path.len() > 1;
        self.paths
            .iter()
            .filter(of_records)
            .map(|path| path[1].as_str())
    }

    /// The expression as a tree, for saying it in words; none when it did not compile.
    pub(super) fn tree(&self) -> Option<&IdedExpr> {
        self.program.as_ref().as_ref().ok().map(Program::expression)
    }

    /// Each comparison of a fact with fixed words, so that `check` can tell a misspelt word.
    pub fn comparisons(&self) -> Vec<Comparison> {
        let mut found = Vec::new();
        if let Ok(program) = self.program.as_ref() {
            comparisons(program.expression(), &mut found);
        }
        found
    }

    /// Yes or no. Anything else (an unknown fact, a missing value compared, a text) is an error, and an error refuses.
    pub fn holds(&self, facts: &dyn Facts) -> Result<bool, String> {
        let program = self.program.as_ref().as_ref().map_err(Clone::clone)?;
        let mut root = Branch::default();
        for path in &self.paths {
            let fact = facts.fact(path);
            root.put(
                path,
                fact.ok_or_else(|| format!("unknown fact {}", path.join(".")))?,
            );
        }
        let mut context = Context::with_env(Arc::clone(&STANDARD));
        for (name, branch) in root.branches {
            context.add_variable_from_value(name, branch.value());
        }
        match program.execute(&context) {
            Ok(Value::Bool(yes)) => Ok(yes),
            Ok(_) => Err("it does not answer yes or no".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// The facts of one evaluation as a tree of maps.
#[derive(Default)]
struct Branch {
    leaf: Option<Fact>,
    branches: HashMap<String, Branch>,
}

impl Branch {
    fn put(&mut self, path: &[String], fact: Fact) {
        match path.split_first() {
            None => self.leaf = Some(fact),
            Some((first, rest)) => self
                .branches
                .entry(first.clone())
                .or_default()
                .put(rest, fact),
        }
    }

    fn value(self) -> Value {
        if let Some(fact) = self.leaf {
            return fact.into();
        }
        let values = self.branches.into_iter();
        let values = values.map(|(name, branch)| (name, branch.value()));
        Value::from(values.collect::<HashMap<String, Value>>())
    }
}

/// Collects the fact paths and refuses what the language of conditions leaves out.
fn walk(expr: &IdedExpr, paths: &mut BTreeSet<FactPath>) -> Result<(), String> {
    if let Some(path) = path_of(&expr.expr) {
        paths.insert(path);
        return Ok(());
    }
    match &expr.expr {
        Expr::Literal(_) => Ok(()),
        Expr::List(list) => list.elements.iter().try_for_each(|item| walk(item, paths)),
        Expr::Call(call) => {
            let allowed = [
                "_==_", "_!=_", "_<_", "_>_", "_<=_", "_>=_", "_&&_", "_||_", "!_", "@in", "size",
            ];
            if !allowed.contains(&call.func_name.as_str()) || call.target.is_some() {
                return Err(format!(
                    "`{}` is not part of conditions; use == != < > <= >= && || ! in size()",
                    call.func_name
                ));
            }
            call.args.iter().try_for_each(|item| walk(item, paths))
        }
        _ => Err("conditions have no loops, maps or structures".to_owned()),
    }
}

pub(super) fn path_of(expr: &Expr) -> Option<FactPath> {
    match expr {
        Expr::Ident(name) => Some(vec![name.clone()]),
        Expr::Select(select) if !select.test => {
            let mut path = path_of(&select.operand.expr)?;
            path.push(select.field.clone());
            Some(path)
        }
        _ => None,
    }
}

fn comparisons(expr: &IdedExpr, found: &mut Vec<Comparison>) {
    let Expr::Call(call) = &expr.expr else { return };
    if let ("_==_" | "_!=_" | "@in", [one, other]) = (call.func_name.as_str(), &call.args[..]) {
        for (fact, words) in [(one, other), (other, one)] {
            if let (Some(path), Some(words)) = (path_of(&fact.expr), words_of(&words.expr)) {
                found.push(Comparison { path, words });
            }
        }
    }
    for argument in &call.args {
        comparisons(argument, found);
    }
}

pub(super) fn words_of(expr: &Expr) -> Option<Vec<String>> {
    match expr {
        Expr::Literal(LiteralValue::String(text)) => Some(vec![text.inner().to_owned()]),
        Expr::List(list) => list
            .elements
            .iter()
            .map(|item| words_of(&item.expr))
            .collect::<Option<Vec<_>>>()
            .map(|lists| lists.concat()),
        _ => None,
    }
}

/// A condition and the sentence shown when it does not hold.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    pub when: Expression,
    pub because: Wording,
    #[serde(default)]
    pub unconfirmed: Option<Unconfirmed>,
}
