//! The JSON API over the real router: whole journeys by the roles that may, and everything that can be sent wrong.

mod bad_input;
mod bad_tokens;
mod clients;
mod journeys;
