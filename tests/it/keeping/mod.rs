//! Keeping no longer than allowed: how long, who decides it, and what is left when a case has been forgotten.

mod rules;
