//! A whole Baton for one test, and what stands around it.

mod assessments;
mod browser;
mod callback;
mod calls;
mod doomed_worker;
mod employer;
mod eventually;
mod harvest;
mod lever;
mod line;
mod own_postgres;
mod programs;
mod recruiter;
pub(crate) mod routes;
mod swallowing_proxy;
mod test_app;
mod visitor;

pub(crate) use assessments::{choices, external, written};
pub(crate) use browser::Browser;
pub(crate) use callback::{Callback, Heard, answer};
pub(crate) use calls::{ask, basic, text};
pub(crate) use doomed_worker::DoomedWorker;
pub(crate) use employer::{Employer, lever_settings, notes, tags, times};
pub(crate) use eventually::{eventually, eventually_within};
pub(crate) use harvest::{
    CLIENT_ID as HARVEST_CLIENT, CLIENT_SECRET as HARVEST_SECRET, HarvestOffice,
};
pub(crate) use lever::{CLIENT_SECRET, LeverAccount, authorize_url};
pub(crate) use line::Line;
pub(crate) use own_postgres::OwnPostgres;
pub(crate) use programs::{PASSWORD, Programs, run_program, run_program_until};
pub(crate) use recruiter::{Recruiter, Sent};
pub(crate) use swallowing_proxy::SwallowingProxy;
pub(crate) use test_app::{OPERATOR, TestApp, read};
pub(crate) use visitor::Visitor;
