//! Links and forms that cannot be.

use super::watch::{Answer, Call, Watch};
use super::{CANARY, UNKNOWN, log};
use crate::harness::{TestApp, ask, external, written};

test_support::each_database! {
    async fn a_link_that_never_was_leads_nowhere(database: Database) {
        let app = TestApp::start(database).await;
        let watch = Watch::start(&app).await;
        for token in [CANARY, "%00", "%FF", "..%2F..", &"a".repeat(4_000), "%3Cscript%3E", UNKNOWN] {
            for (method, path) in [
                ("GET", "take/{}"), ("POST", "take/{}/start"), ("POST", "take/{}/save"),
                ("POST", "take/{}/submit"),
            ] {
                let answer = watch.call(&form(&app, method, &path.replace("{}", token), CANARY)).await;
                assert_eq!(answer.status, 404, "{method} {path} {token}");
            }
            let answers = form(&app, "POST", &format!("take/{token}/answers"), "").text("{\"seq\":1,\"answers\":{}}");
            assert_eq!(watch.call(&answers).await.status, 404);
            for (path, status) in [("setup/{}", 410), ("results/{}", 303), ("results/{}?grant=Xq7Canary", 303)] {
                let answer = watch.app.http.get(format!("{}/{}", app.url, path.replace("{}", token))).send().await;
                assert_eq!(answer.expect("an answer").status(), status, "{path} {token}");
            }
        }
        watch.finish().await;
    }

    async fn a_grant_for_another_result_opens_nothing(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let mut links = Vec::new();
        for number in 0..2 {
            let url = format!("http://127.0.0.1:9/{number}");
            let interview = app.send(ask(&test, "zoe@candidate.example", &url)).await;
            app.complete(&interview, 80).await;
            links.push(app.test_status(&interview).await["partner_profile_url"].as_str().expect("a link").to_owned());
        }
        let grant = |link: &str| link.rsplit_once("grant=").expect("a grant").1.to_owned();
        let (one, other) = (&links[0], grant(&links[1]));
        let own = grant(one);
        for wrong in [other.as_str(), "", CANARY, "%00", &own[..own.len() - 1], &format!("{own}a"), &own.to_uppercase()] {
            let link = one.replace(&own, wrong);
            let answer = app.http.get(&link).send().await.expect("an answer");
            assert_eq!(answer.status(), 303, "{wrong}");
        }
        assert_eq!(app.http.get(one).send().await.expect("an answer").status(), 200);
    }

    async fn answers_that_do_not_fit_are_refused_and_not_kept(database: Database) {
        let app = TestApp::start(database).await;
        let (invite, token) = started(&app).await;
        let watch = Watch::start(&app).await;
        let script = |body: String| form(&app, "POST", &format!("take/{token}/answers"), "").text(body);
        let question = app.show(&invite).await["answers"][1]["question_id"].as_str().expect("an id").to_owned();
        for (body, status) in [
            (CANARY.to_owned(), 400),
            ("[]".into(), 400),
            (format!("{{\"seq\":\"{CANARY}\",\"answers\":{{}}}}"), 400),
            (format!("{{\"seq\":1,\"answers\":{{\"{question}\":\"{}\"}}}}", CANARY.repeat(6_000)), 422),
        ] {
            let answer = watch.call(&script(body.clone())).await;
            assert_eq!(answer.status, status, "{body:.80}: {}", answer.text);
        }
        let other = script("{}".into()).with("content-type", "text/plain");
        assert_eq!(watch.call(&other).await.status, 415);
        let long = form(&app, "POST", &format!("take/{token}/submit"), &CANARY.repeat(600_000));
        assert_eq!(watch.call(&long).await.status, 413);
        watch.finish().await;
        assert_eq!(app.show(&invite).await["status"], "started");
    }

    async fn fields_that_no_page_has_are_left_out(database: Database) {
        let app = TestApp::start(database).await;
        let (invite, token) = started(&app).await;
        log::keep();
        let body = format!("{CANARY}={CANARY}&%00=%00&q-{UNKNOWN}=x&{UNKNOWN}={CANARY}&%FF=%FF&=&&");
        for path in ["save", "submit"] {
            let call = form(&app, "POST", &format!("take/{token}/{path}"), &body);
            let answer = send(&app, &call).await;
            assert!([200, 303].contains(&answer), "{path} {answer}");
        }
        let shown = app.show(&invite).await;
        assert!(!shown.to_string().contains(CANARY), "{shown}");
        assert!(!log::holds(CANARY));
    }

    async fn another_sites_form_is_refused(database: Database) {
        let app = TestApp::start(database).await;
        let (invite, token) = started(&app).await;
        let watch = Watch::start(&app).await;
        for (header, value) in [
            ("origin", "https://evil.example"), ("origin", "null"), ("origin", CANARY), ("sec-fetch-site", "cross-site"),
        ] {
            for path in [format!("take/{token}/submit"), "sign-in".into(), "sign-out".into(), format!("setup/{CANARY}")] {
                let call = Call::new("POST", format!("/{path}")).with(header, value);
                let call = call.with("content-type", "application/x-www-form-urlencoded");
                let answer = watch.call(&call).await;
                assert_eq!(answer.status, 403, "{path} {header} {value}: {}", answer.text);
            }
        }
        watch.finish().await;
        assert_eq!(app.show(&invite).await["status"], "started");
    }

    async fn without_a_session_the_dashboard_shows_nothing(database: Database) {
        let app = TestApp::start(database).await;
        let (invite, _) = started(&app).await;
        let watch = Watch::start(&app).await;
        let of_invites = [format!("invites/{invite}"), format!("results/{invite}"), format!("invites/{UNKNOWN}")];
        let others = ["", "candidates", "assessments", "settings/api-keys"];
        for path in of_invites.iter().map(String::as_str).chain(others) {
            for cookie in ["", CANARY, "session=", "__Host-session=x; session=Xq7Canary"] {
                let call = Call::new("GET", format!("/{path}")).with("cookie", cookie);
                let answer: Answer = watch.call(&call).await;
                assert_eq!(answer.status, 303, "{path}");
                let to = answer.headers["location"].to_str().expect("a place");
                assert!(to.starts_with("/sign-in"), "{to}");
            }
        }
        watch.finish().await;
    }

    async fn a_sign_in_that_fails_says_the_same_for_everybody(database: Database) {
        let app = TestApp::start(database).await;
        app.setup_link("ada@customer.example", domain::Role::Owner).await;
        let watch = Watch::start(&app).await;
        for email in ["ada@customer.example", "nobody@customer.example"] {
            let call = form(&app, "POST", "sign-in", &format!("email={email}&password={CANARY}"));
            let answer = watch.call(&call).await;
            assert!([401, 422].contains(&answer.status), "{}", answer.status);
            assert!(answer.headers.get("set-cookie").is_none());
        }
        let long = format!("email={}&password=x", "a".repeat(9_000));
        for body in ["", "email=", "password=x", "email=%00&password=%00", "email=%FF&password=%FF", &long] {
            let status = watch.call(&form(&app, "POST", "sign-in", body)).await.status;
            assert!((400..500).contains(&status), "{body:.40}: {status}");
        }
        watch.finish().await;
    }
}

/// A form as a page of ours sends it.
fn form(app: &TestApp, method: &'static str, path: &str, body: &str) -> Call {
    let mut call = Call::new(method, format!("/{path}"));
    call.body = body.as_bytes().to_vec();
    let call = call.with("content-type", "application/x-www-form-urlencoded");
    call.with("origin", &app.url)
}

async fn send(app: &TestApp, call: &Call) -> u16 {
    let url = format!("{}{}", app.url, call.path);
    let request = app
        .http
        .post(url)
        .headers(call.headers.clone())
        .body(call.body.clone());
    request.send().await.expect("an answer").status().as_u16()
}

/// A started questionnaire: its invite, and the token of its link.
async fn started(app: &TestApp) -> (String, String) {
    let test = app.publish(written("Essay")).await;
    let invite = app.invite(&test, "ada@candidate.example").await;
    let link = invite["candidate_url"].as_str().expect("a link");
    let token = link.rsplit_once('/').expect("a token").1.to_owned();
    let id = invite["id"].as_str().expect("an id").to_owned();
    app.command(&id, "start", None).await;
    (id, token)
}
