//! Every fault at once, in words that say what to do.

use crate::{folder, from_env, load};
use settings::Settings;

/// The problems that `toml` has, one `key: problem` a line.
fn problems(test: &str, toml: &str) -> Vec<String> {
    let faults = load(test, toml, &[]).expect_err("the settings are at fault");
    let lines = faults
        .iter()
        .map(|fault| format!("{}: {}", fault.key, fault.problem));
    lines.collect()
}

#[test]
fn all_faults_are_told_at_once() {
    let toml = "
        public_url = 'http://tests.example.com'
        [http]
        listen = '8080'
        trusted_proxies = ['10.0.0.0/40']
        port = 80
        [operator]
        token = 'short'
        [secret]
        keys = []
    ";
    let env = [
        ("BATON__HTTP__LISTEN", "localhost:80"),
        ("BATON__WORKERS", "2"),
    ];
    let faults = load("all_faults", toml, &env).unwrap_err();
    assert_eq!(
        faults.to_string(),
        "\
7 settings have to be changed:
- `public_url`: has to begin with https://; http:// is for loopback only
- `http.listen` (set by BATON__HTTP__LISTEN): `localhost:80` has to be an IP address and a port, like 127.0.0.1:8080 or [::1]:8080
- `http.trusted_proxies`: `10.0.0.0/40` has to be an address range, like 10.0.0.0/8 or fd00::/8
- `operator.token`: has 5 characters and needs 32 or more; `openssl rand -hex 32` makes one
- `http.port`: is not a setting; `http` has listen, metrics_listen, trusted_proxies
- `secret.keys`: is not a setting; there are database, greenhouse, http, lever, limits, log, mail, network, operator, platform, \
public_url, secrets, webhooks, worker
- `workers` (set by BATON__WORKERS): is not a setting; there are database, greenhouse, http, lever, limits, log, mail, network, \
operator, platform, public_url, secrets, webhooks, worker
"
    );
}

#[test]
fn each_value_that_does_not_fit_says_what_would() {
    let cases = [
        (
            "public_url = 'tests.example.com'",
            "public_url: has to be a URL with a host, like https://baton.example.com",
        ),
        (
            "public_url = 'https://a:b@example.com'",
            "public_url: must not hold a user name or password",
        ),
        (
            "public_url = 'https://example.com/?a'",
            "public_url: must not hold a query or a fragment; give the base only",
        ),
        (
            "public_url = 'ftp://127.0.0.1'",
            "public_url: has to begin with https://; http:// is for loopback only",
        ),
        (
            "public_url = ''",
            "public_url: is empty; give it a value or take the key out",
        ),
        (
            "public_url = ['https://example.com']",
            "public_url: has to be one value, not a list or a section",
        ),
        (
            "http.listen = 8080",
            "http.listen: `8080` has to be an IP address and a port, like 127.0.0.1:8080 or [::1]:8080",
        ),
        (
            "http.metrics_listen = '127.0.0.1:8080'",
            "http.metrics_listen: is the same as http.listen; give it a port of its own",
        ),
        (
            "http.trusted_proxies = [['::1']]",
            "http.trusted_proxies: has to be a list of plain values",
        ),
        (
            "database.url = 'mysql://localhost/baton'",
            "database.url: has to begin with sqlite:// or postgres://",
        ),
        (
            "database.url = 'sqlite://'",
            "database.url: has to name a file after sqlite://, like sqlite://data/baton.db or sqlite:///var/lib/baton/baton.db",
        ),
        (
            "database.connections = 1",
            "database.connections: `1` has to be a whole number from 2 to 1000: one for dashboard and exports, one for the rest",
        ),
        (
            "database.migrate = 'yes'",
            "database.migrate: `yes` has to be true or false",
        ),
        (
            "mail.smtp_url = 'mail.example.com'",
            "mail.smtp_url: has to be smtps://HOST (TLS from the start) or smtp://HOST (STARTTLS)",
        ),
        (
            "mail.smtp_url = 'https://mail.example.com'",
            "mail.smtp_url: has to be smtps://HOST (TLS from the start) or smtp://HOST (STARTTLS)",
        ),
        (
            "mail.smtp_url = 'smtp://mail.example.com'",
            "mail.from: has to be set with mail.smtp_url: the address that mail comes from",
        ),
        (
            "mail.from = 'tests'",
            "mail.from: `tests` has to be an e-mail address, like tests@example.com or Example <tests@example.com>",
        ),
        (
            "operator.notify_email = 'Ops <ops@example.com>'",
            "operator.notify_email: `Ops <ops@example.com>` has to be an e-mail address, like operator@example.com",
        ),
        (
            "operator.token = '0123456789abcdef 0123456789abcdef'",
            "operator.token: has to be of letters, digits and signs without spaces",
        ),
        (
            "mail.bounce_token = 'a/b'",
            "mail.bounce_token: stands in a URL: use letters, digits and `-._~` only",
        ),
        (
            "platform.name = \"a\\nb\"",
            "platform.name: has to be one line of at most 100 characters",
        ),
        (
            "greenhouse.api_base_url = 'http://harvest.greenhouse.io'",
            "greenhouse.api_base_url: has to begin with https://",
        ),
        (
            "lever.api_base_url = 'http://127.0.0.1:8090/lever/v1'",
            "lever.api_base_url: has to begin with https://; for a sandbox on this machine set network.allow_loopback_http = true",
        ),
        (
            "greenhouse.client_id = 'id'",
            "greenhouse.client_secret: has to be set with greenhouse.client_id",
        ),
        (
            "lever.client_secret = 's'",
            "lever.client_id: has to be set with lever.client_secret",
        ),
        (
            "greenhouse.patch_credential = 'partner'",
            "greenhouse.patch_credential: `partner` has to be organization_key or partner_pair",
        ),
        (
            "greenhouse.patch_credential = 'partner_pair'",
            "greenhouse.patch_credential: is partner_pair, which needs greenhouse.partner_username and greenhouse.partner_password as well",
        ),
        (
            "lever.reconcile_seconds = 0",
            "lever.reconcile_seconds: `0` has to be a whole number of seconds above 0",
        ),
        (
            "lever.keep_alive_seconds = -1",
            "lever.keep_alive_seconds: `-1` has to be a whole number of seconds above 0",
        ),
        (
            "webhooks.allowed_ports = [443, 70000]",
            "webhooks.allowed_ports: `70000` has to be a port from 1 to 65535",
        ),
        (
            "mail.daily_limit = -1",
            "mail.daily_limit: `-1` has to be a whole number, 0 or more",
        ),
        (
            "limits.requests_per_minute = 2.5",
            "limits.requests_per_minute: `2.5` has to be a whole number above 0",
        ),
        (
            "log.format = 'xml'",
            "log.format: `xml` has to be pretty or json",
        ),
        (
            "[mails]",
            "mails: is not a setting; there are database, greenhouse, http, lever, limits, log, mail, network, operator, platform, public_url, secrets, webhooks, worker",
        ),
        (
            "HTTP.listen = '127.0.0.1:1'",
            "HTTP.listen: is not a setting; there are database, greenhouse, http, lever, limits, log, mail, network, operator, platform, public_url, secrets, webhooks, worker",
        ),
    ];
    for (toml, problem) in cases {
        assert_eq!(problems("each_value", toml), [problem], "{toml}");
    }
}

#[test]
fn a_host_is_a_bare_name() {
    for host in [
        "https://greenhouse.io",
        "greenhouse.io:443",
        "*.greenhouse.io",
        "io",
        "10.0.0.1",
        "a..io",
        "-a.io",
        "::1",
        "",
    ] {
        let toml = format!("greenhouse.callback_hosts = ['{host}']");
        let expected = format!(
            "greenhouse.callback_hosts: `{host}` has to be a bare host name, like greenhouse.io: no scheme, port, path or `*`; its \
             subdomains are included"
        );
        assert_eq!(problems("a_host", &toml), [expected]);
    }
    for host in [
        "greenhouse.io",
        "Eu.Greenhouse.IO",
        "localhost",
        "127.0.0.1",
        "[::1]",
    ] {
        let toml = format!("greenhouse.callback_hosts = ['{host}']");
        assert!(load("a_host", &toml, &[]).is_ok(), "{host}");
    }
}

#[test]
fn an_encryption_key_is_an_id_and_32_bytes() {
    let good = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let shape = "secrets.keys: has to hold id:key pairs, the id of a-z, 0-9, `_` and `-` (at most 32), the key 32 bytes in base64; \
                 `openssl rand -base64 32` makes one";
    for key in [
        good.to_owned(),
        format!("K:{good}"),
        format!(":{good}"),
        "k:AAEC".to_owned(),
        "k:!".to_owned(),
    ] {
        assert_eq!(
            problems("a_key", &format!("secrets.keys = ['{key}']")),
            [shape]
        );
    }
    let twice = format!("secrets.keys = ['k:{good}', 'k:{good}']");
    let problem = "secrets.keys: holds the id `k` twice; every key needs an id of its own";
    assert_eq!(problems("a_key", &twice), [problem]);
}

#[test]
fn a_faulty_secret_is_not_repeated() {
    let env = [
        ("BATON__SECRETS__KEYS", "k1:canary"),
        ("BATON__OPERATOR__TOKEN", "canary"),
        (
            "BATON__MAIL__SMTP_URL",
            "smpt://user:canary@mail.example.com",
        ),
        ("BATON__DATABASE__URL", "pg://user:canary@localhost/baton"),
        ("BATON__MAIL__BOUNCE_TOKEN", "canary canary"),
    ];
    let faults = from_env(&env).unwrap_err().to_string();
    assert_eq!(faults.lines().count(), 6, "{faults}");
    assert!(!faults.contains("canary"), "{faults}");
}

#[test]
fn a_postgresql_on_this_machine_needs_no_encryption() {
    for url in [
        "postgres://localhost/baton",
        "postgres://u:p@127.0.0.1:5433/b",
        "postgres://[::1]/b",
        "postgres:///b?host=/run/postgresql",
        "postgres://%2Frun%2Fpostgresql/b",
    ] {
        assert!(from_env(&[("BATON__DATABASE__URL", url)]).is_ok(), "{url}");
    }
}

#[test]
fn a_relay_on_this_machine_needs_no_sender() {
    for relay in [
        "smtp://localhost:2525",
        "smtp://127.0.0.1:2525",
        "smtp://[::1]:2525",
    ] {
        assert!(
            from_env(&[("BATON__MAIL__SMTP_URL", relay)]).is_ok(),
            "{relay}"
        );
    }
}

#[test]
fn a_file_that_is_not_there_is_reported() {
    let missing = folder("a_missing_file").join("baton.toml");
    let faults = Settings::load(Some(&missing), std::iter::empty()).unwrap_err();
    let text = faults.to_string();
    assert!(
        text.starts_with("One setting has to be changed:\n- `"),
        "{text}"
    );
    assert!(
        text.contains("baton.toml`: cannot be read: No such file"),
        "{text}"
    );
}

#[test]
fn a_file_that_is_no_toml_is_reported_with_its_line() {
    let faults = load("no_toml", "[http]\nlisten = 127.0.0.1\n", &[]).unwrap_err();
    let text = faults.to_string();
    assert!(text.contains("baton.toml`: "), "{text}");
    assert!(text.contains("line 2"), "{text}");
}
