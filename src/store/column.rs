//! The timestamp that both drivers can hold and that sorts alike in both.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgTypeInfo, PgValueRef};
use sqlx::sqlite::{SqliteArgumentsBuffer, SqliteTypeInfo, SqliteValueRef};
use sqlx::{Decode, Encode, Postgres, Sqlite, Type};

/// Length of `2026-01-31T09:30:00.000000Z`.
const WIDTH: usize = 27;

/// An instant in a column, in whole microseconds: `timestamptz` in PostgreSQL, text of fixed width in SQLite.
///
/// The width matters: as text of varying width, 09:30:00 would not sort before 09:30:00.5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At(Timestamp);

impl At {
    /// The instant itself.
    #[must_use]
    pub fn timestamp(self) -> Timestamp {
        self.0
    }
}

impl From<Timestamp> for At {
    /// Drops what is below a microsecond, as neither database would give it back.
    fn from(timestamp: Timestamp) -> Self {
        let whole = Timestamp::from_microsecond(timestamp.as_microsecond());
        Self(whole.expect("a timestamp cut to microseconds is still a timestamp"))
    }
}

impl From<At> for Timestamp {
    fn from(at: At) -> Self {
        at.0
    }
}

impl Type<Sqlite> for At {
    fn type_info() -> SqliteTypeInfo {
        <String as Type<Sqlite>>::type_info()
    }
}

impl Encode<'_, Sqlite> for At {
    fn encode_by_ref(&self, buffer: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<Sqlite>::encode(format!("{:.6}", self.0), buffer)
    }
}

impl Decode<'_, Sqlite> for At {
    fn decode(value: SqliteValueRef<'_>) -> Result<Self, BoxDynError> {
        let text = <&str as Decode<Sqlite>>::decode(value)?;
        if text.len() != WIDTH || !text.ends_with('Z') {
            return Err("not a timestamp of fixed width".into());
        }
        Ok(Self(text.parse()?))
    }
}

impl Type<Postgres> for At {
    fn type_info() -> PgTypeInfo {
        <jiff_sqlx::Timestamp as Type<Postgres>>::type_info()
    }
}

impl Encode<'_, Postgres> for At {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<Postgres>::encode(self.0.to_sqlx(), buffer)
    }
}

impl Decode<'_, Postgres> for At {
    fn decode(value: PgValueRef<'_>) -> Result<Self, BoxDynError> {
        let timestamp = <jiff_sqlx::Timestamp as Decode<Postgres>>::decode(value)?;
        Ok(Self(timestamp.to_jiff()))
    }
}
