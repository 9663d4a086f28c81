//! On what terms Greenhouse brings deliveries to their webhooks.

use std::time::Duration;

use super::body::{EVENT_ID, new_event_id};
use crate::call_log::Ats;
use crate::harvest::settings::{RetryEventId, Settings};
use crate::outbox::Outbox;
use crate::outbox::delivery::Delivery;
use crate::outbox::sender::{System, Terms};
use crate::world::World;

/// Greenhouse.
#[derive(Debug)]
pub(crate) struct Sender;

fn settings(world: &World, delivery: &Delivery) -> Settings {
    let organization_id = delivery.owner_id.parse().unwrap_or_default();
    world.harvest.settings_of(organization_id)
}

impl System for Sender {
    const ATS: Ats = Ats::Greenhouse;
    const USER_AGENT: &'static str = "Greenhouse-Sandbox-Webhooks/1";

    fn outbox(world: &World) -> &Outbox {
        &world.harvest.outbox
    }

    fn outbox_mut(world: &mut World) -> &mut Outbox {
        &mut world.harvest.outbox
    }

    fn terms(world: &World, delivery: &Delivery) -> Terms {
        let settings = settings(world, delivery);
        Terms {
            longest: Duration::from_secs(settings.delivery_timeout_seconds.into()),
            waits: settings.retry_after_seconds,
        }
    }

    /// 200 alone, not every 2xx.
    fn is_received(status: u16) -> bool {
        status == 200
    }

    fn put_off(world: &mut World, _now: i64, id: u64) {
        let delivery = world.harvest.outbox.delivery(id);
        let anew = delivery
            .is_ok_and(|delivery| settings(world, delivery).retry_event_id == RetryEventId::New);
        if let Some(delivery) = world.harvest.outbox.delivery_mut(id).filter(|_| anew) {
            let event_id = new_event_id();
            for (name, value) in &mut delivery.headers {
                if name == EVENT_ID {
                    value.clone_from(&event_id);
                }
            }
            delivery.event_id = Some(event_id);
        }
    }
}
