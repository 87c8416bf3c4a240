pub mod assets;
pub mod components;
pub mod layout;
use std::sync::Arc;
use crate::app::App;
pub fn router(_app: Arc<App>, _secure: bool) -> axum::Router { axum::Router::new() }
