//! What the routes share, and how they are mounted.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use app::App;
use domain::ApiKeyId;

use crate::guesses::Guesses;
use crate::limits::{KeyLimits, Limits};
use crate::openapi::{self, Known};
use crate::partner::Partner;
use crate::problem::Problem;
use crate::{
    auth, docs, greenhouse_webhooks, guesses, lever_webhooks, mail_reports, middleware, unknown, v1,
};

/// `/v1`, `/openapi.json`, `/docs` and `/api/greenhouse` over `app`, for `configure` of an actix app: made once for each
/// process, so that its threads count a key's calls together.
pub fn configure(
    app: &App,
    limits: &Limits,
) -> impl FnOnce(&mut ServiceConfig) + Clone + Send + use<> {
    let edge = Edge::new(app.clone(), limits);
    move |config| edge.mount(config)
}

/// What the routes share. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Edge {
    parts: Arc<Parts>,
}

#[derive(Debug)]
struct Parts {
    app: App,
    limits: KeyLimits,
    guesses: Guesses,
    known: Known,
    document: web::Bytes,
    partner: Arc<Partner>,
}

impl Edge {
    fn new(app: App, limits: &Limits) -> Self {
        let document = openapi::document();
        let text = serde_json::to_vec_pretty(&document).expect("the document is plain JSON");
        let guesses = Guesses::new(limits.trusted_proxies.clone());
        let limits = KeyLimits::new(limits);
        let parts = Parts {
            guesses,
            known: Known::new(&document),
            document: text.into(),
            partner: Arc::new(Partner::new(app.clone(), limits.clone())),
            limits,
            app,
        };
        Self {
            parts: Arc::new(parts),
        }
    }

    fn mount(self, config: &mut ServiceConfig) {
        let v1 = web::scope("/v1")
            .configure(v1::mount)
            .default_service(web::to(unknown::answer))
            .wrap(from_fn(auth::authenticate))
            .wrap(from_fn(guesses::slow_down))
            .wrap(from_fn(middleware::answer_problems));
        let reports = self.parts.app.config().bounce_token.is_some();
        let partner = greenhouse_assessment::actix::configure(Arc::clone(&self.parts.partner));
        config
            .app_data(web::Data::new(self))
            .configure(docs::mount)
            .service(v1)
            .service(
                web::scope("/api/greenhouse")
                    .configure(partner)
                    .wrap(from_fn(guesses::slow_down_partner)),
            );
        // Not slowed down for wrong signatures: one customer's old webhook must not keep out another's, which come from the same
        // addresses of Lever's, or Greenhouse's.
        config.service(
            web::resource("/webhooks/lever/{connection_id}")
                .route(web::post().to(lever_webhooks::receive)),
        );
        config.service(
            web::resource("/webhooks/greenhouse/{connection_id}")
                .route(web::post().to(greenhouse_webhooks::receive)),
        );
        if reports {
            let receive = web::post().to(mail_reports::receive);
            let reports = web::resource("/webhooks/mail/{token}").route(receive);
            config.service(reports.wrap(from_fn(guesses::slow_down)));
        }
    }

    /// The edge that serves this call.
    pub(crate) fn of(call: &HttpRequest) -> Self {
        call.app_data::<web::Data<Self>>()
            .map(|edge| edge.as_ref().clone())
            .expect("the routes are mounted with the edge beside them")
    }

    /// The use cases' context.
    pub(crate) fn app(&self) -> &App {
        &self.parts.app
    }

    /// What was guessed so far.
    pub(crate) fn guesses(&self) -> &Guesses {
        &self.parts.guesses
    }

    /// The routes there are.
    pub(crate) fn known(&self) -> &Known {
        &self.parts.known
    }

    /// The document that describes `/v1`, as JSON.
    pub(crate) fn document(&self) -> web::Bytes {
        self.parts.document.clone()
    }

    /// Counts a call of `key`.
    pub(crate) fn count(&self, key: ApiKeyId) -> Result<(), Problem> {
        self.parts.limits.count(key).map_err(Problem::too_many)
    }
}
