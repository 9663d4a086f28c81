//! Interviews: those in a job's plan, and those that take place.

use super::{ApplicationId, JobId, JobInterviewStageId, UserId};
use crate::Timestamp;
use crate::filter::filters;
use crate::open::open_enum;
use crate::resource::{id_alone, record};

record! {
    /// An interview in a job's plan.
    #[derive(Debug)]
    JobInterview (JobInterviewId, JobInterviewFilter) at "job_interviews" {
        /// Of which job.
        job_id: Option<JobId>,
        /// In which of its stages.
        job_interview_stage_id: Option<JobInterviewStageId>,
        /// What it is called.
        name: String,
        /// Its place in the stage, from 1 on.
        sort_order: i64,
        /// What has to be planned.
        scheduling_type: Option<SchedulingKind>,
        /// How long it takes, in minutes.
        duration: Option<i64>,
        /// What it is about.
        summary: Option<String>,
        /// What the interviewer is told.
        instructions: Option<String>,
        /// Whether a scorecard has to be filled in.
        require_scorecard: Option<bool>,
        /// `false`: no longer in use.
        active: bool,
    }
}

open_enum! {
    /// What has to be planned for an interview.
    SchedulingKind {
        /// Nothing.
        None = "none",
        /// A meeting.
        NeedsScheduling = "needs_scheduling",
        /// A test that the candidate takes alone.
        TakeHomeTest = "take_home_test",
        /// An offer.
        Offer = "offer",
    }
}

filters! {
    JobInterview {
        /// Those of these jobs.
        ids jobs: JobId => "job_ids",
        /// Those in these stages.
        ids job_interview_stages: JobInterviewStageId => "job_interview_stage_ids",
        /// Those in use, or the others.
        flag active => "active",
        /// Those for which this has to be planned.
        word scheduling_type: SchedulingKind => "scheduling_type",
    }
}

record! {
    /// An interview with somebody. `Debug` shows only the id.
    Interview (InterviewId, InterviewFilter) at "interviews" {
        /// For which job.
        job_id: Option<JobId>,
        /// With whose application.
        application_id: Option<ApplicationId>,
        /// Which one of the plan.
        job_interview_id: Option<JobInterviewId>,
        /// How far it has come.
        status: Option<InterviewStatus>,
        /// When it begins.
        starts_at: Option<Timestamp>,
        /// When it ends.
        ends_at: Option<Timestamp>,
        /// Its first day, where it takes whole days.
        all_day_start_on: Option<String>,
        /// Its last day.
        all_day_end_on: Option<String>,
        /// Where.
        location: Option<String>,
        /// The address of its video call.
        video_conferencing_url: Option<String>,
        /// Who planned it.
        organizer_id: Option<UserId>,
        /// When it was planned.
        scheduled_at: Option<Timestamp>,
        /// The calendar's own name for it.
        external_event_id: Option<String>,
        /// When the candidate said when they can.
        availability_received_at: Option<Timestamp>,
    }
}

id_alone!(Interview);

open_enum! {
    /// How far an interview has come. The last three are those of take-home tests.
    InterviewStatus {
        /// To be planned.
        ToBeScheduled = "to_be_scheduled",
        /// Planned.
        Scheduled = "scheduled",
        /// Over, and somebody has to say how it was.
        AwaitingFeedback = "awaiting_feedback",
        /// Done.
        Complete = "complete",
        /// Left out.
        Skipped = "skipped",
        /// To be judged.
        CollectFeedback = "collect_feedback",
        /// A test that is to be sent.
        ToBeSent = "to_be_sent",
        /// A test that was sent.
        Sent = "sent",
        /// A test that came back.
        Received = "received",
    }
}

filters! {
    Interview {
        /// Those for these jobs.
        ids jobs: JobId => "job_ids",
        /// Those of these applications.
        ids applications: ApplicationId => "application_ids",
        /// These of the plan.
        ids job_interviews: JobInterviewId => "job_interview_ids",
        /// Those that these planned.
        ids organizers: UserId => "organizer_ids",
        /// Those that have come this far.
        word status: InterviewStatus => "status",
        /// Those that begin in that span.
        time starts => "starts_at",
        /// Those that end in that span.
        time ends => "ends_at",
        /// The one of this event in a calendar.
        text external_event_id => "external_event_id",
    }
}
