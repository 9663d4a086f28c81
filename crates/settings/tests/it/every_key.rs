//! Every setting can be given in the file and in the environment, and has its default.

use secrecy::ExposeSecret;
use settings::{DatabaseUrl, LogFormat, PatchCredential, Settings};

use crate::{from_env, load};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const KEY: &str = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

struct Setting {
    key: &'static str,
    /// What it is when nothing is set.
    default: &'static str,
    /// As written in the file.
    toml: &'static str,
    /// As written in the environment.
    env: &'static str,
    /// What it is then.
    set: &'static str,
    read: fn(&Settings) -> String,
}

fn setting(
    key: &'static str,
    default: &'static str,
    toml: &'static str,
    env: &'static str,
    set: &'static str,
    read: fn(&Settings) -> String,
) -> Setting {
    Setting {
        key,
        default,
        toml,
        env,
        set,
        read,
    }
}

/// The table of settings, in its order.
fn table() -> Vec<Setting> {
    vec![
        setting(
            "public_url",
            "http://127.0.0.1:8080",
            r#""https://tests.example.com/""#,
            "https://tests.example.com",
            "https://tests.example.com",
            |s| s.public_url.clone(),
        ),
        setting(
            "http.listen",
            "127.0.0.1:8080",
            r#""0.0.0.0:80""#,
            "0.0.0.0:80",
            "0.0.0.0:80",
            |s| s.http.listen.to_string(),
        ),
        setting(
            "http.metrics_listen",
            "127.0.0.1:9464",
            r#""[::1]:9""#,
            "[::1]:9",
            "[::1]:9",
            |s| s.http.metrics_listen.to_string(),
        ),
        setting(
            "http.trusted_proxies",
            "[]",
            r#"["10.0.0.0/8", "::1"]"#,
            "10.0.0.0/8, ::1",
            "[10.0.0.0/8, ::1/128]",
            |s| format!("{:?}", s.http.trusted_proxies),
        ),
        setting(
            "database.url",
            "sqlite data/baton.db",
            r#""postgres://baton:pw@localhost/baton""#,
            "postgres://baton:pw@localhost/baton",
            "postgres://baton:pw@localhost/baton",
            database,
        ),
        setting("database.connections", "8", "16", "16", "16", |s| {
            s.database.connections.to_string()
        }),
        setting("database.migrate", "true", "false", "false", "false", |s| {
            s.database.migrate.to_string()
        }),
        setting(
            "secrets.keys",
            "[]",
            r#"["k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="]"#,
            KEY,
            "[k1 0,1,2…31]",
            keys,
        ),
        setting(
            "operator.token",
            "",
            r#""0123456789abcdef0123456789abcdef""#,
            TOKEN,
            TOKEN,
            |s| secret(s.operator.token.as_ref()),
        ),
        setting(
            "operator.notify_email",
            "",
            r#""ops@example.com""#,
            "ops@example.com",
            "ops@example.com",
            |s| s.operator.notify_email.clone().unwrap_or_default(),
        ),
        setting("worker.embedded", "false", "true", "true", "true", |s| {
            s.worker.embedded.to_string()
        }),
        setting(
            "mail.smtp_url",
            "",
            r#""smtp://127.0.0.1:25""#,
            "smtp://127.0.0.1:25",
            "smtp://127.0.0.1:25",
            |s| secret(s.mail.smtp_url.as_ref()),
        ),
        setting(
            "mail.from",
            "",
            r#""Tests <tests@example.com>""#,
            "Tests <tests@example.com>",
            "Tests <tests@example.com>",
            |s| s.mail.from.clone().unwrap_or_default(),
        ),
        setting("mail.bounce_token", "", r#""b-1""#, "b-1", "b-1", |s| {
            secret(s.mail.bounce_token.as_ref())
        }),
        setting("mail.daily_limit", "10000", "0", "0", "0", |s| {
            s.mail.daily_limit.to_string()
        }),
        setting("platform.name", "Baton", r#""Kite""#, "Kite", "Kite", |s| {
            s.platform.name.clone()
        }),
        setting(
            "greenhouse.api_base_url",
            "https://harvest.greenhouse.io/",
            r#""https://h.example.com/x""#,
            "https://h.example.com/x",
            "https://h.example.com/x",
            |s| s.greenhouse.api_base_url.to_string(),
        ),
        setting(
            "greenhouse.auth_base_url",
            "https://auth.greenhouse.io/",
            r#""https://a.example.com""#,
            "https://a.example.com",
            "https://a.example.com/",
            |s| s.greenhouse.auth_base_url.to_string(),
        ),
        setting("greenhouse.client_id", "", r#""id""#, "id", "id", |s| {
            s.greenhouse.oauth.client_id.clone().unwrap_or_default()
        }),
        setting("greenhouse.client_secret", "", r#""gs""#, "gs", "gs", |s| {
            secret(s.greenhouse.oauth.client_secret.as_ref())
        }),
        setting(
            "greenhouse.scopes",
            "28 scopes",
            r#"["harvest:users:list"]"#,
            "harvest:users:list",
            "1 scopes",
            |s| format!("{} scopes", s.greenhouse.oauth.scopes.len()),
        ),
        setting("greenhouse.pkce", "false", "true", "true", "true", |s| {
            s.greenhouse.oauth.pkce.to_string()
        }),
        setting(
            "greenhouse.callback_hosts",
            r#"["greenhouse.io"]"#,
            r#"["greenhouse.io", "127.0.0.1"]"#,
            r#"["greenhouse.io","127.0.0.1"]"#,
            r#"["greenhouse.io", "127.0.0.1"]"#,
            |s| format!("{:?}", s.greenhouse.callback_hosts),
        ),
        setting(
            "greenhouse.patch_credential",
            "organization key",
            r#""partner_pair""#,
            "partner_pair",
            "u p",
            credential,
        ),
        setting(
            "greenhouse.partner_username",
            "organization key",
            r#""u""#,
            "u",
            "u p",
            credential,
        ),
        setting(
            "greenhouse.partner_password",
            "organization key",
            r#""p""#,
            "p",
            "u p",
            credential,
        ),
        setting(
            "lever.api_base_url",
            "https://api.lever.co/v1",
            r#""https://l.example.com/v1""#,
            "https://l.example.com/v1",
            "https://l.example.com/v1",
            |s| s.lever.api_base_url.to_string(),
        ),
        setting(
            "lever.auth_base_url",
            "https://auth.lever.co/",
            r#""https://l.example.com""#,
            "https://l.example.com",
            "https://l.example.com/",
            |s| s.lever.auth_base_url.to_string(),
        ),
        setting(
            "lever.audience",
            "https://api.lever.co/v1/",
            r#""https://l.example.com/v1/""#,
            "https://l.example.com/v1/",
            "https://l.example.com/v1/",
            |s| s.lever.audience.clone(),
        ),
        setting("lever.client_id", "", r#""id""#, "id", "id", |s| {
            s.lever.oauth.client_id.clone().unwrap_or_default()
        }),
        setting("lever.client_secret", "", r#""ls""#, "ls", "ls", |s| {
            secret(s.lever.oauth.client_secret.as_ref())
        }),
        setting(
            "lever.scopes",
            "8 scopes",
            r#""offline_access users:read:admin""#,
            "offline_access users:read:admin",
            "2 scopes",
            |s| format!("{} scopes", s.lever.oauth.scopes.len()),
        ),
        setting("lever.pkce", "false", "true", "true", "true", |s| {
            s.lever.oauth.pkce.to_string()
        }),
        setting(
            "lever.redirect_hosts",
            r#"["lever.co"]"#,
            r#"["Files.Example.com"]"#,
            "Files.Example.com",
            r#"["files.example.com"]"#,
            |s| format!("{:?}", s.lever.redirect_hosts),
        ),
        setting(
            "greenhouse.reconcile_seconds",
            "900s",
            "60",
            "60",
            "60s",
            |s| format!("{:?}", s.greenhouse.reconcile),
        ),
        setting("lever.reconcile_seconds", "600s", "60", "60", "60s", |s| {
            format!("{:?}", s.lever.reconcile)
        }),
        setting(
            "greenhouse.keep_alive_seconds",
            "21600s",
            "60",
            "60",
            "60s",
            |s| format!("{:?}", s.greenhouse.keep_alive),
        ),
        setting(
            "lever.keep_alive_seconds",
            "604800s",
            "60",
            "60",
            "60s",
            |s| format!("{:?}", s.lever.keep_alive),
        ),
        setting(
            "webhooks.allowed_ports",
            "[443]",
            "[443, 8443]",
            "443,8443",
            "[443, 8443]",
            |s| format!("{:?}", s.webhooks.allowed_ports),
        ),
        setting(
            "limits.requests_per_minute",
            "3000",
            "10",
            "10",
            "10",
            |s| s.limits.requests_per_minute.to_string(),
        ),
        setting(
            "network.allow_loopback_http",
            "false",
            "true",
            "true",
            "true",
            |s| s.network.allow_loopback_http.to_string(),
        ),
        setting("log.format", "", r#""pretty""#, "pretty", "Pretty", |s| {
            s.log
                .format
                .map(|format| format!("{format:?}"))
                .unwrap_or_default()
        }),
        setting(
            "log.filter",
            "info",
            r#""warn,jobs=debug""#,
            "warn,jobs=debug",
            "warn,jobs=debug",
            |s| s.log.filter.clone(),
        ),
    ]
}

fn secret(secret: Option<&secrecy::SecretString>) -> String {
    secret
        .map(|secret| secret.expose_secret().to_owned())
        .unwrap_or_default()
}

fn database(settings: &Settings) -> String {
    match &settings.database.url {
        DatabaseUrl::Sqlite(path) => format!("sqlite {}", path.display()),
        DatabaseUrl::Postgres(url) => url.expose_secret().to_owned(),
    }
}

fn keys(settings: &Settings) -> String {
    let keys = settings.secrets.keys.iter().map(|(id, key)| {
        let key = key.expose_secret();
        format!("{id} {},{},{}…{}", key[0], key[1], key[2], key[31])
    });
    format!("[{}]", keys.collect::<Vec<_>>().join(" "))
}

fn credential(settings: &Settings) -> String {
    match &settings.greenhouse.patch_credential {
        PatchCredential::OrganizationKey => "organization key".to_owned(),
        PatchCredential::PartnerPair { username, password } => {
            format!("{username} {}", password.expose_secret())
        }
    }
}

fn variable(key: &str) -> String {
    format!("BATON__{}", key.replace('.', "__").to_uppercase())
}

#[test]
fn without_any_setting_the_defaults_hold() {
    let settings = from_env(&[]).unwrap();
    for setting in table() {
        assert_eq!(
            (setting.read)(&settings),
            setting.default,
            "{}",
            setting.key
        );
    }
}

#[test]
fn every_setting_can_be_given_in_the_file() {
    let lines: Vec<String> = table()
        .iter()
        .map(|setting| format!("{} = {}", setting.key, setting.toml))
        .collect();
    let settings = load("every_setting_in_the_file", &lines.join("\n"), &[]).unwrap();
    for setting in table() {
        assert_eq!((setting.read)(&settings), setting.set, "{}", setting.key);
    }
}

#[test]
fn every_setting_can_be_given_in_the_environment() {
    let env: Vec<(String, &str)> = table()
        .iter()
        .map(|setting| (variable(setting.key), setting.env))
        .collect();
    let env: Vec<(&str, &str)> = env
        .iter()
        .map(|(name, value)| (name.as_str(), *value))
        .collect();
    let settings = from_env(&env).unwrap();
    for setting in table() {
        assert_eq!((setting.read)(&settings), setting.set, "{}", setting.key);
    }
}

#[test]
fn the_environment_wins_over_the_file() {
    let toml =
        "platform.name = 'File'\n[http]\nlisten = '127.0.0.1:1'\ntrusted_proxies = ['10.0.0.0/8']";
    let env = [
        ("BATON__HTTP__LISTEN", "127.0.0.1:2"),
        ("BATON__HTTP__TRUSTED_PROXIES", ""),
    ];
    let settings = load("the_environment_wins", toml, &env).unwrap();
    assert_eq!(settings.http.listen.port(), 2);
    assert!(settings.http.trusted_proxies.is_empty());
    assert_eq!(settings.platform.name, "File");
}

#[test]
fn an_empty_relay_in_the_environment_switches_mail_off() {
    let toml = "[mail]\nsmtp_url = 'smtps://mail.example.com'\nfrom = 'a@example.com'";
    let settings = load("an_empty_relay", toml, &[("BATON__MAIL__SMTP_URL", "")]).unwrap();
    assert!(settings.mail.smtp_url.is_none());
}

#[test]
fn variables_of_other_programs_are_left_alone() {
    assert!(from_env(&[("BATON", "1"), ("BATON_HTTP", "x"), ("PATH", "/bin")]).is_ok());
}

#[test]
fn the_log_suits_where_it_goes_unless_it_is_told() {
    let log = from_env(&[]).unwrap().log;
    assert_eq!(log.format_for(true), LogFormat::Pretty);
    assert_eq!(log.format_for(false), LogFormat::Json);
    let log = from_env(&[("BATON__LOG__FORMAT", "json")]).unwrap().log;
    assert_eq!(log.format_for(true), LogFormat::Json);
}

#[test]
fn nothing_secret_is_shown() {
    let env: Vec<(String, &str)> = [
        ("secrets.keys", KEY),
        ("operator.token", "canary-0123456789abcdef0123456789"),
        ("database.url", "postgres://baton:canary@localhost/baton"),
        ("mail.smtp_url", "smtp://user:canary@localhost"),
        ("mail.bounce_token", "canary"),
        ("greenhouse.client_id", "id"),
        ("greenhouse.client_secret", "canary"),
        ("greenhouse.patch_credential", "partner_pair"),
        ("greenhouse.partner_username", "u"),
        ("greenhouse.partner_password", "canary"),
    ]
    .map(|(key, value)| (variable(key), value))
    .into();
    let env: Vec<(&str, &str)> = env
        .iter()
        .map(|(name, value)| (name.as_str(), *value))
        .collect();
    let shown = format!("{:?}", from_env(&env).unwrap());
    assert!(!shown.contains("canary"), "{shown}");
    assert!(!shown.contains("[0, 1, 2"), "{shown}");
}

#[test]
fn what_should_be_known_at_start_is_said() {
    let warnings = from_env(&[("BATON__NETWORK__ALLOW_LOOPBACK_HTTP", "true")])
        .unwrap()
        .warnings();
    assert!(warnings[0].contains("network.allow_loopback_http"));
    assert!(warnings[1].contains("mail.smtp_url"));
    let env = [("BATON__MAIL__SMTP_URL", "smtp://localhost:2525")];
    assert_eq!(from_env(&env).unwrap().warnings(), Vec::<String>::new());
}
