//! What a genuine delivery of Lever's webhook calls for. It is trusted for ids alone: all else is read from Lever.

use ::lever::Event;
use ::lever::webhook::Delivery;

use super::reason::Reason;

/// No id of Lever's is as long.
const LONGEST_ID: usize = 200;

/// What is to be done about a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivered {
    /// Nothing: somebody tries whether deliveries arrive.
    Test,
    /// Nothing, for this reason.
    Ignored(Reason),
    /// The opportunity is to be looked at.
    Look(String),
}

/// Judges a delivery by where it says the opportunity went: most moves go where nothing is triggered, and cost no call so.
pub fn judge(delivery: &Delivery, triggers: &[String]) -> Delivered {
    let data = &delivery.data;
    if delivery.is_test() {
        return Delivered::Test;
    }
    if delivery.event != Event::CandidateStageChange {
        return Delivered::Ignored(Reason::OtherEvent);
    }
    let id = data.opportunity_id.as_ref().map(ToString::to_string);
    let Some(id) = id.filter(|id| !id.is_empty() && id.len() <= LONGEST_ID) else {
        return Delivered::Ignored(Reason::NoOpportunity);
    };
    if triggers.is_empty() {
        return Delivered::Ignored(Reason::NoTriggerStages);
    }
    match &data.to_stage_id {
        Some(to) if !triggers.iter().any(|trigger| to.as_str() == trigger) => {
            Delivered::Ignored(Reason::NotATrigger)
        }
        to if to.is_some() && *to == data.from_stage_id => Delivered::Ignored(Reason::SameStage),
        _ => Delivered::Look(id),
    }
}
