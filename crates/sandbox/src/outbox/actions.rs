//! What someone with bad intent, or bad luck, makes happen to deliveries.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::delivery::{Delivery, Kind, State};
use super::sender::{System, attempt};
use crate::refusal::Refusal;
use crate::shared::Shared;
use crate::world::World;

/// Adds a delivery that `make` makes, attempts it once and gives back its number.
///
/// # Errors
/// Those of `make`.
pub(crate) async fn at_once<S: System>(
    shared: &Shared,
    make: impl FnOnce(&mut World, DateTime<Utc>) -> Result<Delivery, Refusal>,
) -> Result<u64, Refusal> {
    let id = shared.change(|world, now| {
        let made = make(world, now)?;
        Ok::<_, Refusal>(S::outbox_mut(world).add(made, None))
    })?;
    attempt::<S>(shared, id).await;
    Ok(id)
}

/// How often a delivery is sent again.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Copies {
    pub(crate) copies: u32,
}

impl Default for Copies {
    fn default() -> Self {
        Self { copies: 1 }
    }
}

/// The same bytes, so many times more, at most a hundred.
///
/// # Errors
/// The delivery is unknown.
pub(crate) async fn duplicate<S: System>(
    shared: &Shared,
    id: u64,
    Copies { copies }: Copies,
) -> Result<Vec<u64>, Refusal> {
    let mut made = Vec::new();
    for _ in 0..copies.min(100) {
        let again =
            |world: &mut World, _| Ok(S::outbox(world).delivery(id)?.again(Kind::Duplicate));
        made.push(at_once::<S>(shared, again).await?);
    }
    Ok(made)
}

/// In which order held deliveries go out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Order {
    #[default]
    AsItHappened,
    Reversed,
    Shuffled,
}

/// How held deliveries are released.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Release {
    pub(crate) order: Order,
    pub(crate) seed: u64,
    /// Later events are held all the same.
    pub(crate) keep_holding: bool,
}

/// Sends the held deliveries of an owner one after another; how many. `hold` sets whether later events are held.
///
/// # Errors
/// Those of `hold`.
pub(crate) async fn release<S: System>(
    shared: &Shared,
    owner_id: &str,
    release: &Release,
    hold: impl FnOnce(&mut World, bool) -> Result<(), Refusal>,
) -> Result<usize, Refusal> {
    let mut ids = shared.change(|world, _| {
        hold(world, release.keep_holding)?;
        Ok::<_, Refusal>(S::outbox_mut(world).end_holding(owner_id, State::Waiting))
    })?;
    match release.order {
        Order::AsItHappened => {}
        Order::Reversed => ids.reverse(),
        Order::Shuffled => fastrand::Rng::with_seed(release.seed).shuffle(&mut ids),
    }
    for id in &ids {
        attempt::<S>(shared, *id).await;
    }
    Ok(ids.len())
}
