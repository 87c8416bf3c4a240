//! What the people of the register are known by, and which cases are about somebody who is known by the same.

use serde::Serialize;
use uuid::Uuid;

use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;
use crate::store::register::list;

statements! {
    "register_keys":
    ADD = {
        sqlite: "
            insert into register_keys (register_id, key, sealed, ground)
            select unhex(value ->> 'register_id', '-'), value ->> 'key', value ->> 'sealed', value ->> 'ground'
            from json_each($1)",
        postgres: "
            insert into register_keys (register_id, key, sealed, ground)
            select cast(value ->> 'register_id' as uuid), value ->> 'key', value ->> 'sealed', value ->> 'ground'
            from json_array_elements(cast($1 as json)) as listed (value)"
    };
    REMOVE = {
        sqlite: "delete from register_keys where register_id in (select unhex(value, '-') from json_each($1))",
        postgres: "
            delete from register_keys
            where register_id in (
                select cast(value as uuid) from json_array_elements_text(cast($1 as json)) as listed (value))"
    };
    ALL = "
        select register_keys.register_id, register_keys.key, register_keys.sealed, register_keys.ground
        from register join register_keys on register_keys.register_id = register.id
        where register.authority = $1 and register.agency = $2";
    IN_CASE = "
        select register.id as register_id, case_keys.case_id, register_keys.ground, staff.id as staff_id,
            register_keys.sealed as of_person, case_keys.sealed as of_case
        from case_keys
            join register_keys on register_keys.key = case_keys.key
            join register on register.id = register_keys.register_id
            left join staff on staff.sign_in_name = register.sign_in_name
        where case_keys.case_id = $1
        order by register.id";
    OF_AGENCY = "
        select register.id as register_id, case_keys.case_id, register_keys.ground, staff.id as staff_id,
            register_keys.sealed as of_person, case_keys.sealed as of_case
        from register
            join register_keys on register_keys.register_id = register.id
            join case_keys on case_keys.key = register_keys.key
            left join staff on staff.sign_in_name = register.sign_in_name
        where register.authority = $1 and register.agency = $2
        order by case_keys.case_id, register.id";
    OF_ACCOUNT = "
        select register.id as register_id, case_keys.case_id, register_keys.ground, staff.id as staff_id,
            register_keys.sealed as of_person, case_keys.sealed as of_case
        from staff
            join register on register.sign_in_name = staff.sign_in_name
            join register_keys on register_keys.register_id = register.id
            join case_keys on case_keys.key = register_keys.key
        where staff.id = $1
        order by case_keys.case_id, register.id";
}

/// Something that a person of the register is known by.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow, Serialize)]
pub struct KeyRow {
    /// The person.
    pub register_id: Uuid,
    /// The beginning of a keyed hash.
    pub key: String,
    /// The whole of it, sealed.
    pub sealed: String,
    /// What it is made of.
    pub ground: String,
}

/// A person of the register and a case that may have something in common: hashes that begin alike.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct HitRow {
    /// The person.
    pub register_id: Uuid,
    /// The case.
    pub case_id: Uuid,
    /// What they have in common.
    pub ground: String,
    /// The person's account.
    pub staff_id: Option<Uuid>,
    /// What the person is known by, sealed.
    pub of_person: String,
    /// What the case is known by, sealed.
    pub of_case: String,
}

/// Adds what people are known by.
///
/// # Errors
/// Those of the database.
pub async fn add(tx: &mut Tx, rows: &[KeyRow]) -> Result<(), StoreError> {
    tx.sql(ADD).bind(list(rows)).execute().await?;
    Ok(())
}

/// Removes all that these people are known by.
///
/// # Errors
/// Those of the database.
pub async fn remove(tx: &mut Tx, people: &[Uuid]) -> Result<(), StoreError> {
    tx.sql(REMOVE).bind(list(people)).execute().await?;
    Ok(())
}

/// All that an agency's people are known by, in no order.
///
/// # Errors
/// Those of the database.
pub async fn all(
    tx: &mut Tx,
    (authority, agency): (&str, &str),
) -> Result<Vec<KeyRow>, StoreError> {
    tx.sql(ALL).bind(authority).bind(agency).all().await
}

/// Who of the register has something in common with a case.
///
/// # Errors
/// Those of the database.
pub async fn in_case(tx: &mut Tx, case: Uuid) -> Result<Vec<HitRow>, StoreError> {
    tx.sql(IN_CASE).bind(case).all().await
}

/// Which cases have something in common with an agency's people, case by case.
///
/// # Errors
/// Those of the database.
pub async fn of_agency(
    tx: &mut Tx,
    (authority, agency): (&str, &str),
) -> Result<Vec<HitRow>, StoreError> {
    let hits = tx.sql(OF_AGENCY).bind(authority).bind(agency);
    hits.all().await
}

/// Which cases have something in common with whoever of the register has this account, case by case.
///
/// # Errors
/// Those of the database.
pub async fn of_account(tx: &mut Tx, staff: Uuid) -> Result<Vec<HitRow>, StoreError> {
    tx.sql(OF_ACCOUNT).bind(staff).all().await
}
