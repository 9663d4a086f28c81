//! The routes of `/v1`. Each reads: who calls, what is asked, one use case, the answer.

mod activity;
mod api_keys;
mod assessments;
mod audit_events;
mod candidates;
mod catalogue;
mod commands;
mod connections;
mod greenhouse;
mod interviews;
mod invites;
mod lever;
mod organization;
mod organizations;

use actix_web::web;
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the routes.
pub(crate) fn mount(config: &mut web::ServiceConfig) {
    routes(&mut ServiceConfig::new(config));
}

/// The routes, with what the document says of them.
pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(organizations::list)
        .service(organizations::create)
        .service(organizations::list_api_keys)
        .service(organizations::create_api_key)
        .service(organizations::change)
        .service(organizations::fulfil)
        .service(organizations::requests)
        .service(organization::show)
        .service(organization::change)
        .service(audit_events::list)
        .service(candidates::list)
        .service(candidates::erase)
        .service(api_keys::list)
        .service(api_keys::create)
        .service(api_keys::rotate)
        .service(api_keys::revoke)
        .service(assessments::list)
        .service(assessments::create)
        .service(assessments::show)
        .service(assessments::change)
        .service(assessments::publish)
        .service(assessments::archive)
        .service(invites::list)
        .service(invites::create)
        .service(invites::show)
        .service(invites::change)
        .service(invites::timeline)
        .service(commands::start)
        .service(commands::submit)
        .service(commands::cancel)
        .service(commands::reset)
        .service(commands::resend)
        .service(commands::extend)
        .service(commands::refuse)
        .service(commands::report)
        .service(commands::grade)
        .service(interviews::list)
        .service(interviews::file)
        .service(interviews::show)
        .service(interviews::timeline)
        .service(interviews::consent)
        .service(catalogue::rotate_secret)
        .service(activity::list)
        .service(connections::list)
        .service(connections::authorize)
        .service(connections::change)
        .service(connections::end)
        .service(connections::request)
        .service(connections::confirm_account)
        .service(connections::create_link)
        .service(greenhouse::jobs)
        .service(greenhouse::import)
        .service(greenhouse::stage_mappings)
        .service(greenhouse::add_stage_mapping)
        .service(greenhouse::remove_stage_mapping)
        .service(greenhouse::make_webhook_secret)
        .service(lever::stages)
        .service(lever::trigger_stages)
        .service(lever::add_trigger_stage)
        .service(lever::remove_trigger_stage);
}
