//! The forum's meetings: a meeting is a stream of its own, with its own events, `decide` and `evolve`, and the same room serves every
//! scheme whose `forum:` says how it `meets`. Pure like the rest of the engine; who may see an item is asked in `app::access`, and what a
//! decision does to a case is the scheme's business. Start with `event`, then `table`, the fold; `decide` has the rules.

mod after;
pub mod arrive;
pub mod ask;
pub mod before;
pub mod chase;
pub mod decide;
pub mod event;
pub mod evolve;
pub mod fits;
pub mod invitation;
pub mod quorum;
pub mod ratify;
pub mod table;
pub mod writes;
