//! Lists the open jobs of an organization, and how each is advertised.
//!
//! `GREENHOUSE_CLIENT_ID=… GREENHOUSE_CLIENT_SECRET=… cargo run -p greenhouse-harvest --example open_jobs --features client,oauth`
#![expect(
    clippy::print_stdout,
    reason = "showing what it saw is what this example is for"
)]

use std::error::Error;

use futures_util::TryStreamExt as _;
use greenhouse_harvest::ats_http::{ClientConfig, client};
use greenhouse_harvest::oauth::{App, RefreshingTokens};
use greenhouse_harvest::{Client, Job, JobFilter, JobPostFilter, JobStatus, VALUES_MAX};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let variable = |name| std::env::var(name).map_err(|_| format!("set {name}"));
    let app = App::own(
        variable("GREENHOUSE_CLIENT_ID")?,
        variable("GREENHOUSE_CLIENT_SECRET")?,
    );
    let name = "harvest-open-jobs-example/1";
    let http = client(ClientConfig::new(name))?;
    let client = Client::connect(name, RefreshingTokens::of_own(app, http, None))?;

    let open = JobFilter::new().status(JobStatus::Open).page_size(500);
    let jobs: Vec<Job> = client.list(&open).try_collect().await?;
    for part in jobs.chunks(VALUES_MAX) {
        let filter = JobPostFilter::new().jobs(part.iter().map(|job| job.id));
        let filter = filter.fields(["job_id", "title", "live", "internal"]);
        let posts: Vec<_> = client.list(&filter).try_collect().await?;
        for job in part {
            println!("{:12}  {}", job.id, job.name);
            for post in posts.iter().filter(|post| post.job_id == Some(job.id)) {
                let live = if post.live { "live" } else { "not live" };
                println!("              {live}: {}", post.title);
            }
        }
    }
    Ok(())
}
