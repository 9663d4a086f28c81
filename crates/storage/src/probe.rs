//! Does the database take writes again?

use std::hash::{BuildHasher, Hasher, RandomState};

use diesel::sql_types::Text;
use diesel::{RunQueryDsl, sql_query};

use crate::connection::native;
use crate::{AnyConnection, Db, Result};

/// So much is written: enough that it needs pages of its own on the disk.
const BYTES: usize = 64 * 1024;

impl Db {
    /// Can be written to, as far as is known: where a write has failed for lack of room or because only a standby answered,
    /// one is tried.
    ///
    /// # Errors
    /// [`Error::NoWrites`](crate::Error::NoWrites) where it still takes none, else those of the database.
    pub async fn takes_writes(&self) -> Result<()> {
        if self.reach().no_writes().is_some() {
            self.write(write).await?;
            self.reach().takes_writes_again();
        }
        Ok(())
    }
}

fn write(conn: &mut AnyConnection) -> Result<()> {
    let row = "INSERT INTO write_probes (id, filler) VALUES (1, ";
    let again = ") ON CONFLICT (id) DO UPDATE SET filler = excluded.filler";
    let sign = match conn {
        AnyConnection::Postgres(_) => "$1",
        AnyConnection::Sqlite(_) => "?",
    };
    let statement = format!("{row}{sign}{again}");
    native!(conn, c => sql_query(statement).bind::<Text, _>(filler()).execute(c))?;
    Ok(())
}

/// Text that cannot be packed into much less.
fn filler() -> String {
    let seeds = RandomState::new();
    (0..BYTES / 16)
        .map(|number| {
            let mut hasher = seeds.build_hasher();
            hasher.write_usize(number);
            format!("{:016x}", hasher.finish())
        })
        .collect()
}
