//! Findings: what is wrong with a workflow file, where, and what to do.

use std::fmt;
use std::sync::Arc;

use super::yaml::Word;

/// How bad it is. Only errors make an edition unfit for use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
}

/// One finding, printed as `FILE:LINE:COL: error: text` with the line and a caret below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub file: String,
    pub line: u64,
    pub column: u64,
    pub severity: Severity,
    pub text: String,
    /// The line of the file it stands on.
    pub excerpt: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(
            f,
            "{}:{}:{}: {severity}: {}",
            self.file, self.line, self.column, self.text
        )?;
        if !self.excerpt.is_empty() {
            let indent = usize::try_from(self.column.saturating_sub(1)).unwrap_or(0);
            let number = self.line.to_string();
            let margin = " ".repeat(number.len());
            write!(
                f,
                "\n {number} | {}\n {margin} | {}^",
                self.excerpt,
                " ".repeat(indent)
            )?;
        }
        Ok(())
    }
}

/// A workflow file: its path as findings show it, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub path: String,
    pub text: String,
    /// Where each line was written, when the text is joined from several files.
    pub origins: Option<Arc<[Origin]>>,
}

/// Where a line was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub path: Arc<str>,
    /// Counted from 1.
    pub line: u64,
}

impl File {
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
            origins: None,
        }
    }

    /// The file's name without folder and ending.
    pub fn stem(&self) -> &str {
        stem(&self.path)
    }

    /// That there is no file at a path.
    pub fn missing(path: &str) -> Finding {
        Self::new(path, "").finding(Severity::Error, 1, 1, "There is no such file")
    }

    pub fn finding(
        &self,
        severity: Severity,
        line: u64,
        column: u64,
        text: impl Into<String>,
    ) -> Finding {
        let row = usize::try_from(line.saturating_sub(1)).unwrap_or(0);
        let origin = self.origins.as_ref().and_then(|origins| origins.get(row));
        Finding {
            file: origin
                .map_or(&*self.path, |origin| &*origin.path)
                .to_owned(),
            line: origin.map_or(line, |origin| origin.line),
            column,
            severity,
            text: text.into(),
            excerpt: self.text.lines().nth(row).unwrap_or_default().to_owned(),
        }
    }

    pub fn error(&self, at: &Word, text: impl Into<String>) -> Finding {
        self.finding(Severity::Error, at.line.max(1), at.column.max(1), text)
    }

    pub fn warning(&self, at: &Word, text: impl Into<String>) -> Finding {
        self.finding(Severity::Warning, at.line.max(1), at.column.max(1), text)
    }

    /// Reads the file as `T`.
    ///
    /// # Errors
    /// Where the YAML is broken or does not fit.
    pub fn read<T: serde::de::DeserializeOwned>(&self) -> Result<T, Finding> {
        serde_saphyr::from_str(&self.text).map_err(|error| {
            let place = error.location();
            let message = error.without_snippet().to_string();
            let text = match message.rfind(" at line ") {
                Some(end) => message[..end].replace(
                    ", set DuplicateKeyPolicy in Options if acceptable",
                    "; remove one of them",
                ),
                None => message,
            };
            let missing = text.starts_with("missing field");
            let text = if missing {
                format!("{text}; add it")
            } else {
                text
            };
            let (line, column) = place.map_or((1, 1), |place| (place.line(), place.column()));
            self.finding(Severity::Error, line.max(1), column.max(1), text)
        })
    }
}

/// The name of a file without folder and ending.
pub fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name)
}
