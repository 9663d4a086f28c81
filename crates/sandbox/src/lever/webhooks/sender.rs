//! On what terms Lever brings deliveries to their webhooks.

use std::time::Duration;

use crate::call_log::Ats;
use crate::lever::settings::{Settings, Token};
use crate::outbox::Outbox;
use crate::outbox::delivery::Delivery;
use crate::outbox::sender::{System, Terms};
use crate::world::World;

/// Lever.
#[derive(Debug)]
pub(crate) struct Sender;

fn settings(world: &World, delivery: &Delivery) -> Settings {
    let account = world.lever.accounts.get(&delivery.owner_id);
    account
        .map(|account| account.settings.clone())
        .unwrap_or_default()
}

impl System for Sender {
    const ATS: Ats = Ats::Lever;
    const USER_AGENT: &'static str = "Lever-Webhooks";

    fn outbox(world: &World) -> &Outbox {
        &world.lever.outbox
    }

    fn outbox_mut(world: &mut World) -> &mut Outbox {
        &mut world.lever.outbox
    }

    fn terms(world: &World, delivery: &Delivery) -> Terms {
        let settings = settings(world, delivery);
        Terms {
            longest: Duration::from_secs(settings.delivery_timeout_seconds.into()),
            waits: settings.retry_after_seconds,
        }
    }

    fn is_received(status: u16) -> bool {
        (200..300).contains(&status)
    }

    fn put_off(world: &mut World, now: i64, id: u64) {
        let Ok(delivery) = world.lever.outbox.delivery(id) else {
            return;
        };
        let anew = settings(world, delivery).retry_token == Token::New;
        let webhook = world.lever.webhooks.get(&delivery.webhook_id).cloned();
        let webhook = webhook.filter(|_| anew);
        let delivery = world.lever.outbox.delivery_mut(id);
        if let (Some(delivery), Some(webhook)) = (delivery, webhook) {
            delivery.sign_anew(now, &webhook);
        }
    }
}
