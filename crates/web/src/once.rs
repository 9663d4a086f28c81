//! POSTs that may be repeated under one `Idempotency-Key`.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderMap;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use app::idempotency::{Answer, Once, answered, once};
use app::{AnyConnection, App};
use domain::OrganizationId;
use serde::Serialize;
use utoipa::IntoParams;

use crate::auth::acting;
use crate::problem::Problem;

/// What names a POST for its repeats.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code, reason = "says in the document what `Post` reads")]
pub(crate) struct Repeatable {
    /// A repeat under the same key has no further effect and hears the first answer, for 24 hours.
    #[param(rename = "Idempotency-Key", min_length = 1, max_length = 255)]
    idempotency_key: Option<String>,
}

/// One POST, as far as it matters for telling it from others.
#[derive(Debug)]
pub(crate) struct Post {
    app: App,
    route: String,
    path: String,
    key: Option<String>,
}

/// Does an answer show a secret?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shows {
    /// Something that is shown this once.
    Secret,
    /// Nothing that may not be asked for again.
    Nothing,
}

impl FromRequest for Post {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(call: &HttpRequest, _: &mut Payload) -> Self::Future {
        let pattern = call.match_pattern().unwrap_or_default();
        let post = key(call.headers()).and_then(|key| {
            Ok(Self {
                app: acting(call)?,
                route: format!("{} {pattern}", call.method()),
                path: call.path().to_owned(),
                key,
            })
        });
        ready(post)
    }
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut all = headers.get_all("Idempotency-Key");
    let (one, more) = (all.next(), all.next());
    let Some(one) = one else {
        return Ok(None);
    };
    let bytes = one.as_bytes();
    let sound = (1..=255).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_graphic);
    let text = one.to_str().ok().filter(|_| sound && more.is_none());
    text.map(|text| Some(text.to_owned())).ok_or_else(|| {
        let detail =
            "an Idempotency-Key takes 1 to 255 visible ASCII characters, and is there once";
        Problem::unreadable("idempotency_key", detail)
    })
}

impl Post {
    /// The answer that the first call was given, where this one repeats it: asked before an ATS is.
    ///
    /// # Errors
    /// 422 where the key came with another call before; 409 where a secret may no longer be shown.
    pub(crate) async fn repeated(
        &self,
        organization: OrganizationId,
        body: &Bytes,
        shows: Shows,
    ) -> Result<Option<HttpResponse>, Problem> {
        let told_by = self.told_by(organization, body, shows);
        let answer = answered(&self.app, &told_by).await?;
        answer.map(respond).transpose()
    }

    /// Does `work` in one transaction, or repeats the answer that its first call was given. `show` makes the answer's body.
    ///
    /// # Errors
    /// Those of `work`; 422 where the key came with another call before; 409 where a secret may no longer be shown.
    pub(crate) async fn answer<T, W, S, F>(
        self,
        organization: OrganizationId,
        body: &Bytes,
        shows: Shows,
        (status, show): (StatusCode, F),
        work: W,
    ) -> Result<HttpResponse, Problem>
    where
        W: Fn(&App, &mut AnyConnection) -> app::Result<T> + Send + 'static,
        F: Fn(&T) -> S + Send + 'static,
        S: Serialize,
    {
        let told_by = self.told_by(organization, body, shows);
        let render = move |made: &T| {
            let body = serde_json::to_value(show(made));
            (status.as_u16(), body.expect("what we show becomes JSON"))
        };
        respond(once(&self.app, told_by, render, work).await?)
    }

    fn told_by(&self, organization: OrganizationId, body: &Bytes, shows: Shows) -> Once {
        Once {
            organization,
            content: [self.path.as_bytes(), b"\n", body].concat(),
            route: self.route.clone(),
            key: self.key.clone(),
            shows_secret: shows == Shows::Secret,
        }
    }
}

fn respond(answer: Answer) -> Result<HttpResponse, Problem> {
    match answer {
        Answer::Given {
            status,
            body,
            replayed,
        } => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            let mut response = HttpResponse::build(status);
            if replayed {
                response.insert_header(("Idempotent-Replayed", "true"));
            }
            Ok(response.json(body))
        }
        Answer::SecretAlreadyShown { id } => Err(Problem::secret_already_shown(id)),
    }
}
