//! Programs that cannot start say why without saying what.

use super::forms::Canary;
use crate::harness::{run_program, run_program_until};

const SECRET: &str = "Xq7CanaryOfASetting";

#[tokio::test]
async fn settings_at_fault_are_listed_without_their_secrets() {
    let short = &SECRET[..12];
    let wrong = [
        ("OPERATOR__TOKEN", short),
        ("SECRETS__KEYS", &format!("a:{SECRET},{SECRET}")),
        (
            "DATABASE__URL",
            &format!("mysql://baton:{SECRET}@127.0.0.1/baton"),
        ),
        (
            "MAIL__SMTP_URL",
            &format!("ftp://baton:{SECRET}@127.0.0.1/x?y={SECRET}"),
        ),
        ("GREENHOUSE__PATCH_CREDENTIAL", "partner_pair"),
        ("GREENHOUSE__PARTNER_PASSWORD", SECRET),
        (
            "PUBLIC_URL",
            &format!("https://baton:{SECRET}@vendor.example/x?y={SECRET}"),
        ),
    ];
    for (program, arguments) in [
        ("baton-api", &[][..]),
        ("baton-worker", &[]),
        ("baton-admin", &["migrate"]),
    ] {
        let said = said_by(program, arguments, &wrong).await;
        for setting in [
            "operator.token",
            "secrets.keys",
            "database.url",
            "mail.smtp_url",
            "greenhouse.patch_credential",
            "public_url",
        ] {
            assert!(
                said.contains(&format!("`{setting}`")),
                "{program} does not name {setting}: {said}"
            );
        }
        assert_eq!(
            Canary::new("a secret", short).found_in(said.as_bytes()),
            None,
            "{program}: {said}"
        );
    }
}

#[tokio::test]
async fn a_database_that_cannot_be_reached_is_named_without_its_password() {
    // Port 1 is nobody's.
    let nowhere = format!("postgres://baton:{SECRET}@127.0.0.1:1/baton");
    let settings = [
        ("DATABASE__URL", nowhere.as_str()),
        (
            "SECRETS__KEYS",
            "canary:Y2FuYXJ5LWtleS10aGF0LWVuY3J5cHRzLWZpZWxkcyE=",
        ),
        ("HTTP__LISTEN", "127.0.0.1:0"),
        ("HTTP__METRICS_LISTEN", "127.0.0.1:0"),
        ("LOG__FILTER", "trace"),
    ];
    for program in ["baton-api", "baton-worker", "baton-admin"] {
        let said = match program {
            "baton-admin" => said_by(program, &["migrate"], &settings).await,
            _ => run_program_until(program, &settings, "waits for it").await,
        };
        assert!(!said.is_empty(), "{program} says what is wrong");
        assert_eq!(
            Canary::new("the password", SECRET).found_in(said.as_bytes()),
            None,
            "{program}: {said}"
        );
        assert_eq!(
            Canary::new("the key", super::ENCRYPTION_KEY).found_in(said.as_bytes()),
            None,
            "{program}: {said}"
        );
    }
}

/// All that a program says until it ends, which it does with a status that is no success.
async fn said_by(program: &str, arguments: &[&str], settings: &[(&str, &str)]) -> String {
    let ended = run_program(program, arguments, settings).await;
    let said = [ended.stdout, ended.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(!ended.status.success(), "{program}: {said}");
    said
}
