//! Prospects: candidates without a job.

use super::{ApplicationId, DepartmentId, JobId, OfficeId, UserId};
use crate::filter::filters;
use crate::resource::record;

record! {
    /// Where prospects are kept.
    #[derive(Debug)]
    ProspectPool (ProspectPoolId, ProspectPoolFilter) at "prospect_pools" {
        /// Its name.
        name: String,
        /// `false`: no longer in use.
        active: bool,
        /// What it is for.
        description: Option<String>,
        /// For which jobs.
        job_ids: Vec<JobId>,
        /// For which departments.
        department_ids: Vec<DepartmentId>,
        /// For which offices.
        office_ids: Vec<OfficeId>,
    }
}

filters! {
    ProspectPool {
        /// Those for these jobs.
        ids jobs: JobId => "job_ids",
        /// Those for these departments.
        ids departments: DepartmentId => "department_ids",
        /// Those for these offices.
        ids offices: OfficeId => "office_ids",
        /// Those in use, or the others.
        flag active => "active",
    }
}

record! {
    /// A stage of a pool.
    #[derive(Debug)]
    ProspectPoolStage (ProspectPoolStageId, ProspectPoolStageFilter) at "prospect_pool_stages" {
        /// Of which pool.
        prospect_pool_id: Option<ProspectPoolId>,
        /// Its name.
        name: String,
        /// Its place.
        sort_order: i64,
    }
}

filters! {
    ProspectPoolStage {
        /// Those of these pools.
        ids prospect_pools: ProspectPoolId => "prospect_pool_ids",
    }
}

record! {
    /// Where a prospect's application is kept.
    #[derive(Debug)]
    ProspectDetail (ProspectDetailId, ProspectDetailFilter) at "prospect_details" {
        /// Which application.
        application_id: Option<ApplicationId>,
        /// In which pool.
        pool_id: Option<ProspectPoolId>,
        /// In which of its stages.
        pool_stage_id: Option<ProspectPoolStageId>,
        /// Who looks after them.
        prospect_owner_id: Option<UserId>,
        /// For which department.
        department_id: Option<DepartmentId>,
        /// For which office.
        office_id: Option<OfficeId>,
    }
}

filters! {
    ProspectDetail {
        /// Those of these applications.
        ids applications: ApplicationId => "application_ids",
        /// Those in these pools.
        ids pools: ProspectPoolId => "pool_ids",
        /// Those in these stages.
        ids pool_stages: ProspectPoolStageId => "pool_stage_ids",
        /// Those that these look after.
        ids prospect_owners: UserId => "prospect_owner_ids",
        /// Those for these departments.
        ids departments: DepartmentId => "department_ids",
        /// Those for these offices.
        ids offices: OfficeId => "office_ids",
    }
}
