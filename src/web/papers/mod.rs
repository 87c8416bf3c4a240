//! Papers: what is read in a room, printed, or taken along as a Word file. `Paper` says what stands on them, `screen` shows it on a page
//! and `word` writes it as a file, so that both say the same. What is on a paper about somebody was cut to what its reader may see before
//! it came here; nothing is looked up and nothing is decided.

pub mod screen;
pub mod word;

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::form::said::{Piece, Said};
use crate::app::error::AppError;

const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// Something to be read on paper.
#[derive(Debug, Clone, Default)]
pub struct Paper {
    pub heading: String,
    /// For whom and when it was made, at the head of every page: a copy that turns up somewhere says whose it was.
    pub made: String,
    pub sheets: Vec<Sheet>,
}

/// What begins on a page of its own.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    pub heading: String,
    /// Where it can be acted on, for whoever reads it on the screen; empty where it cannot.
    pub open: String,
    pub blocks: Vec<Block>,
}

#[derive(Debug, Clone)]
pub enum Block {
    Heading(String),
    /// Below a heading: one of several that stand side by side, such as agencies.
    Name(String),
    Line(Vec<Piece>),
    List(Vec<Vec<Piece>>),
    /// What was asked and what was answered.
    Rows(Vec<(String, Said)>),
    /// Somebody's words, with their line breaks.
    Words(String),
}

impl Sheet {
    pub fn headed(heading: impl Into<String>) -> Self {
        Self {
            heading: heading.into(),
            ..Self::default()
        }
    }

    pub fn heading(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Heading(text.into()));
    }

    pub fn name(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Name(text.into()));
    }

    pub fn line(&mut self, text: impl Into<String>) {
        self.pieces(vec![Piece::plain(text)]);
    }

    pub fn strong(&mut self, text: impl Into<String>) {
        self.pieces(vec![Piece::strong(text)]);
    }

    pub fn quiet(&mut self, text: impl Into<String>) {
        self.pieces(vec![Piece::quiet(text)]);
    }

    pub fn pieces(&mut self, pieces: Vec<Piece>) {
        self.blocks.push(Block::Line(pieces));
    }

    pub fn words(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Words(text.into()));
    }

    /// Nothing at all for no rows.
    pub fn rows(&mut self, rows: Vec<(String, Said)>) {
        if !rows.is_empty() {
            self.blocks.push(Block::Rows(rows));
        }
    }

    /// Nothing at all for no lines.
    pub fn list(&mut self, lines: Vec<Vec<Piece>>) {
        if !lines.is_empty() {
            self.blocks.push(Block::List(lines));
        }
    }
}

/// A paper as a Word file. Its name is the same for every meeting and every case.
///
/// # Errors
/// When it cannot be written.
pub fn file(paper: &Paper, name: &'static str) -> Result<Response, AppError> {
    let bytes = word::written(paper).map_err(AppError::inside)?;
    let headers = [(CONTENT_TYPE, WORD), (CONTENT_DISPOSITION, name)];
    Ok((headers, bytes).into_response())
}
