//! Passwords: which are taken, how they are kept, how they are compared.

use std::sync::OnceLock;

use argon2::password_hash::{
    Error as HashError, PasswordHasher, PasswordVerifier, phc::PasswordHash,
};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::{Error, Result};

/// At most this many at once, so that a flood of sign-ins cannot use up the memory.
static HASHING: Semaphore = Semaphore::const_new(3);

/// What one hash takes, in KiB. The usual allocators hand blocks of more than 32 MiB back to the system at once; smaller ones
/// stay with the thread, and ten sign-ins on ten threads would hold 200 MiB for good.
const MEMORY: u32 = 33 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

const SHORTEST: usize = 12;
const LONGEST: usize = 128;

/// The beginnings of passwords that everybody tries first; long enough ones are made of them.
const KNOWN: [&str; 24] = [
    "password",
    "passw0rd",
    "p@ssword",
    "p@ssw0rd",
    "12345678",
    "87654321",
    "qwerty",
    "qwertz",
    "azerty",
    "1q2w3e4r",
    "letmein",
    "iloveyou",
    "welcome",
    "changeme",
    "administrator",
    "trustno1",
    "abcdefgh",
    "abcd1234",
    "football",
    "baseball",
    "sunshine",
    "princess",
    "dragon",
    "monkey",
];

/// Says what is wrong with a password that cannot be taken.
pub(super) fn check(password: &str) -> std::result::Result<(), &'static str> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err("is too short; take at least 12 characters, such as four words");
    }
    if length > LONGEST {
        return Err("is too long; take at most 128 characters");
    }
    if is_known(password) {
        return Err("is one of those that are tried first; take another, such as four words");
    }
    Ok(())
}

/// One that is mostly a well-known word, or one character over and over.
fn is_known(password: &str) -> bool {
    let plain = password.to_lowercase();
    let one = plain.chars().next();
    let repeated = plain.chars().all(|c| Some(c) == one);
    let mut rest = plain.clone();
    for word in KNOWN {
        rest = rest.replace(word, "");
    }
    let left = rest.chars().filter(|c| c.is_alphabetic()).count();
    repeated || (rest.len() < plain.len() && left < 4)
}

/// The hash that is kept, with its own salt.
pub(super) async fn hash(password: String) -> Result<String> {
    on_a_blocking_thread(move || {
        hasher()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
            .map_err(|_| Error::Internal("a password could not be hashed"))
    })
    .await
}

/// Is it the password that `hash` was made of? Takes as long where there is no hash.
pub(super) async fn verify(password: String, hash: Option<String>) -> Result<bool> {
    on_a_blocking_thread(move || {
        let stored = hash.as_deref().unwrap_or_else(|| nobodys_hash());
        let stored = PasswordHash::new(stored)
            .map_err(|_| Error::Internal("a stored password hash cannot be read"))?;
        match hasher().verify_password(password.as_bytes(), &stored) {
            Ok(()) => Ok(hash.is_some()),
            Err(HashError::PasswordInvalid) => Ok(false),
            Err(_) => Err(Error::Internal("a stored password hash cannot be used")),
        }
    })
    .await
}

/// For new hashes. One that is compared says itself how it was made.
fn hasher() -> Argon2<'static> {
    let params = Params::new(MEMORY, PASSES, LANES, None);
    let params = params.expect("these are within what Argon2 takes");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// What unknown people's passwords are compared with, so that the time tells nothing.
fn nobodys_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| {
        hasher()
            .hash_password(b"nobody signs in with this")
            .map(|hash| hash.to_string())
            .unwrap_or_default()
    })
}

async fn on_a_blocking_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let _permit = HASHING
        .acquire()
        .await
        .map_err(|_| Error::Internal("the semaphore is never closed"))?;
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Error::Internal("hashing a password does not panic"))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_long_and_well_known_passwords_are_refused() {
        for bad in [
            "short",
            "aaaaaaaaaaaaaa",
            "Password1234",
            "qwerty123456",
            "123456781234",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
        assert!(check(&"long ".repeat(30)).is_err());
    }

    #[test]
    fn words_strung_together_are_taken() {
        assert_eq!(check("correct horse battery staple"), Ok(()));
        assert_eq!(check("my dragon eats 12 apples"), Ok(()));
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let hash = hash("four words in line".to_owned()).await.expect("hashed");
        let fits = |password: &str| verify(password.to_owned(), Some(hash.clone()));
        assert!(fits("four words in line").await.expect("compared"));
        assert!(!fits("four words in lane").await.expect("compared"));
        assert!(
            !verify("nobody signs in with this".into(), None)
                .await
                .expect("compared")
        );
    }
}
