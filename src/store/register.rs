//! The staff and members of all agencies. An agency's people come and go as a list, so rows are written in one statement
//! each for many, as JSON.

use serde::Serialize;
use uuid::Uuid;

use crate::domain::pii::withheld;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "register":
    OF_AGENCY = "select * from register where authority = $1 and agency = $2 order by entry";
    COUNTS = "
        select authority, agency, count(*) as people, count(sign_in_name) as accounts
        from register group by authority, agency order by authority, agency";
    PUT = {
        sqlite: "
            insert into register (id, authority, agency, entry, content, sign_in_name)
            select unhex(value ->> 'id', '-'), $2, $3, value ->> 'entry', value ->> 'content', value ->> 'sign_in_name'
            from json_each($1) where true
            on conflict (id) do update set content = excluded.content, sign_in_name = excluded.sign_in_name",
        postgres: "
            insert into register (id, authority, agency, entry, content, sign_in_name)
            select cast(value ->> 'id' as uuid), $2, $3, value ->> 'entry', value ->> 'content', value ->> 'sign_in_name'
            from json_array_elements(cast($1 as json)) as listed (value)
            on conflict (id) do update set content = excluded.content, sign_in_name = excluded.sign_in_name"
    };
    REMOVE = {
        sqlite: "delete from register where id in (select unhex(value, '-') from json_each($1))",
        postgres: "
            delete from register
            where id in (select cast(value as uuid) from json_array_elements_text(cast($1 as json)) as listed (value))"
    };
}

/// A person of the register. Nothing in it tells who.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow, Serialize)]
pub struct RegisterRow {
    /// Who it is, as long as the agency lists them.
    pub id: Uuid,
    /// The police authority in whose scheme the agency takes part.
    pub authority: String,
    /// The agency; empty for the force itself.
    pub agency: String,
    /// The agency's own name for this entry, as a keyed hash.
    pub entry: String,
    /// All that is listed of the person, as a keyed hash.
    pub content: String,
    /// The account they sign in with, if they have or will have one.
    pub sign_in_name: Option<String>,
}

withheld!(RegisterRow);

/// How many people an agency has in the register.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct CountRow {
    /// The police authority.
    pub authority: String,
    /// The agency; empty for the force itself.
    pub agency: String,
    /// How many people.
    pub people: i64,
    /// How many of them name an account.
    pub accounts: i64,
}

/// An agency's people, in the order of their entries.
///
/// # Errors
/// Those of the database.
pub async fn of_agency(
    tx: &mut Tx,
    authority: &str,
    agency: &str,
) -> Result<Vec<RegisterRow>, StoreError> {
    let people = tx.sql(OF_AGENCY).bind(authority).bind(agency);
    people.all().await
}

/// How many people each agency has.
///
/// # Errors
/// Those of the database.
pub async fn counts(tx: &mut Tx) -> Result<Vec<CountRow>, StoreError> {
    tx.sql(COUNTS).all().await
}

/// Writes the whole rows of people of one agency, new or known.
///
/// # Errors
/// `Taken` when an entry stands there under another id.
pub async fn put(
    tx: &mut Tx,
    (authority, agency): (&str, &str),
    rows: &[RegisterRow],
) -> Result<(), StoreError> {
    let put = tx.sql(PUT).bind(list(rows)).bind(authority).bind(agency);
    put.execute().await?;
    Ok(())
}

/// Removes people.
///
/// # Errors
/// Those of the database.
pub async fn remove(tx: &mut Tx, people: &[Uuid]) -> Result<(), StoreError> {
    tx.sql(REMOVE).bind(list(people)).execute().await?;
    Ok(())
}

/// Rows as one value. Plain structs of texts always have a JSON form.
pub(super) fn list(rows: &(impl Serialize + ?Sized)) -> String {
    serde_json::to_string(rows).unwrap_or_default()
}
