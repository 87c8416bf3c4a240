//! What campaigns share: an installation served by the real program, writers that remember what they were told, and the
//! examination that compares what they were told with what the database holds. Nothing here knows a fault; each campaign
//! brings its own. Start with `writer`, then `examination`.

pub mod client;
pub mod database;
pub mod disk;
pub mod examination;
pub mod installation;
pub mod proxy;
pub mod service;
pub mod writer;
