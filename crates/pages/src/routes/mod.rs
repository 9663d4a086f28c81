//! The handlers: each fetches through a use case, builds a page and answers with it.

mod account;
mod assessments;
mod candidates;
mod connect;
mod consent;
mod erase;
mod form;
mod imports;
mod integrations;
mod interviews;
mod job_stages;
mod keys;
mod operator;
mod person;
mod results;
mod same_origin;
mod site;
mod take;
mod timeline;

use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, ServiceConfig};
use app::App;
use ipnet::IpNet;

use site::Site;

/// Mounts all pages over `app`, for `configure` of the server's application. What no route takes answers 404 with a page,
/// so it has to be mounted after everything else. What `trusted_proxies` say of where somebody comes from is believed.
pub fn configure(
    app: &App,
    trusted_proxies: &[IpNet],
) -> impl FnOnce(&mut ServiceConfig) + Clone + use<> {
    let site = Data::new(Site::new(app.clone(), trusted_proxies.to_vec()));
    move |config| {
        crate::assets::configure(config);
        #[cfg(debug_assertions)]
        config.route("/styleguide", web::get().to(styleguide));
        config.service(
            web::scope("")
                .app_data(site)
                .app_data(web::PayloadConfig::new(form::USUAL))
                .wrap(from_fn(same_origin::check))
                .configure(take::routes)
                .configure(consent::routes)
                .configure(account::routes)
                .configure(candidates::routes)
                .configure(results::routes)
                .configure(erase::routes)
                .configure(assessments::routes)
                .configure(interviews::routes)
                .configure(integrations::routes)
                .configure(keys::routes)
                .configure(operator::routes)
                .configure(connect::routes)
                .default_service(web::to(site::nothing_here)),
        );
    }
}

#[cfg(debug_assertions)]
async fn styleguide() -> actix_web::HttpResponse {
    let page = crate::styleguide::StyleguidePage::new();
    crate::html::answer(actix_web::http::StatusCode::OK, &page)
}
