//! Somebody of the organization who is signed in, by plain HTTP where no browser is needed.

use domain::Role;
use sha2::{Digest, Sha256};

use super::TestApp;

/// An owner, or an operator, with a session.
#[derive(Debug)]
pub(crate) struct Visitor<'a> {
    app: &'a TestApp,
    cookie: String,
}

impl<'a> Visitor<'a> {
    /// Chooses a password, which signs in.
    pub(crate) async fn sign_in(app: &'a TestApp) -> Self {
        Self::enter(
            app,
            app.setup_link("vera@customer.example", Role::Owner).await,
        )
        .await
    }

    /// The same as an operator.
    pub(crate) async fn sign_in_as_operator(app: &'a TestApp) -> Self {
        Self::enter(app, app.operators_setup_link("olu@vendor.example").await).await
    }

    async fn enter(app: &'a TestApp, link: String) -> Self {
        let password = "four words in a row";
        let chosen = app
            .http
            .post(link)
            .form(&[("password", password), ("repeated", password)]);
        let answer = chosen.send().await.expect("an answer");
        let cookie = answer.headers()["set-cookie"].to_str().expect("text");
        let cookie = cookie.split(';').next().expect("a cookie").to_owned();
        Self { app, cookie }
    }

    /// SHA-256 of the session's token, as what is bound to it keeps it.
    pub(crate) fn session_hash(&self) -> Vec<u8> {
        let (_, token) = self.cookie.split_once('=').expect("name and value");
        Sha256::digest(token).to_vec()
    }

    /// Comes back from elsewhere to this address; status, and where it leads on to.
    pub(crate) async fn come_back(&self, url: &str) -> (u16, String) {
        let call = self.app.http.get(url).header("cookie", &self.cookie);
        let answer = call.send().await.expect("an answer");
        let location = answer.headers().get("location");
        let location = location.and_then(|to| to.to_str().ok()).unwrap_or_default();
        (answer.status().as_u16(), location.to_owned())
    }

    /// A page that is there.
    pub(crate) async fn page(&self, path: &str) -> String {
        let call = self.app.http.get(format!("{}{path}", self.app.url));
        let answer = call.header("cookie", &self.cookie).send().await;
        let answer = answer.expect("an answer");
        assert_eq!(answer.status(), 200, "{path}");
        answer.text().await.expect("a page")
    }

    /// Presses the button of the form on `page` that leads to `path`; the status.
    pub(crate) async fn press(&self, page: &str, path: &str) -> u16 {
        self.send(page, path, &[]).await
    }

    /// The same, and says yes to the question that it leads to.
    pub(crate) async fn press_and_confirm(&self, page: &str, path: &str) -> u16 {
        self.send(page, path, &[("confirmed", "yes")]).await
    }

    /// Fills in the form on `page` that leads to `path` and sends it; the status.
    pub(crate) async fn fill(&self, page: &str, path: &str, fields: &[(&str, &str)]) -> u16 {
        self.send(page, path, fields).await
    }

    async fn send(&self, page: &str, path: &str, more: &[(&str, &str)]) -> u16 {
        let shown = self.page(page).await;
        let form = shown.split_once(&format!("action=\"{path}\""));
        let (_, form) = form.unwrap_or_else(|| panic!("{page} has no form to {path}: {shown}"));
        let (_, field) = form
            .split_once("name=\"csrf\" value=\"")
            .expect("it is guarded");
        let csrf = field.split('"').next().unwrap_or_default();
        let call = self.app.http.post(format!("{}{path}", self.app.url));
        let form = [&[("csrf", csrf)], more].concat();
        let call = call.header("cookie", &self.cookie).form(&form);
        call.send().await.expect("an answer").status().as_u16()
    }
}
