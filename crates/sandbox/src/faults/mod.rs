//! Faults that a client of an API meets on request.

mod chance;
mod play;

use serde::{Deserialize, Serialize};

pub(crate) use self::chance::Chance;
pub(crate) use self::play::{Play, play};
use crate::refusal::Refusal;

/// Which faults are on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Faults {
    /// Played to each call that it fits.
    pub(crate) next: Option<Fault>,
    /// Played to some of the others by chance.
    pub(crate) chance: Option<Chance<Fault>>,
}

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    /// What happens.
    pub(crate) play: Play,
    /// How often, before all is well again; unset: until switched off.
    #[serde(default)]
    pub(crate) times: Option<u32>,
    /// Only to these calls; none: to every usual call.
    #[serde(default)]
    pub(crate) calls: Vec<String>,
    /// Only to calls about this opportunity, at Lever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) opportunity_id: Option<String>,
    /// The call is carried out all the same: only its answer is lost.
    #[serde(default)]
    pub(crate) takes_effect: bool,
}

/// The calls that a system knows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Calls {
    /// Whether there is a call of this name.
    pub(crate) is_call: fn(&str) -> bool,
    /// Those that meet a fault only where it names them: the authorization server's.
    pub(crate) unusual: &'static [&'static str],
    /// Whether some are about one opportunity.
    pub(crate) about_opportunities: bool,
}

impl Fault {
    /// Whether the call is carried out: some faults spoil an answer that there has to be.
    pub(crate) fn takes_effect(&self) -> bool {
        match self.play {
            Play::Slow { .. } | Play::Truncated => true,
            Play::Redirect { .. } => false,
            _ => self.takes_effect,
        }
    }

    /// In words, for pages: what will happen, and how often.
    pub(crate) fn words(&self) -> String {
        let often = match self.times {
            None => "until switched off".to_owned(),
            Some(1) => "once more".to_owned(),
            Some(times) => format!("{times} times more"),
        };
        format!("It will {}, {often}.", self.play.words())
    }

    fn is_narrowed(&self) -> bool {
        self.times.is_some() || self.opportunity_id.is_some() || !self.calls.is_empty()
    }
}

impl Faults {
    /// Refuses what cannot be played.
    ///
    /// # Errors
    /// A status outside 400–599, a wait over ten minutes, a header that is none, a call that there is none of.
    pub(crate) fn check(&self, calls: Calls) -> Result<(), Refusal> {
        if let Some(fault) = &self.next {
            fault.play.check("next")?;
            calls.check("next", &fault.calls)?;
            if fault.opportunity_id.is_some() && !calls.about_opportunities {
                let message = "Only Lever has opportunities: leave out opportunity_id.";
                return Err(Refusal::field("next", message));
            }
        }
        let Some(chance) = &self.chance else {
            return Ok(());
        };
        calls.check("chance", &chance.calls)?;
        chance.check(Fault::is_narrowed, |fault| fault.play.check("chance"))
    }

    /// The fault of this call, counted down.
    pub(crate) fn take(
        &mut self,
        calls: Calls,
        call: &str,
        opportunity_id: Option<&str>,
    ) -> Option<Fault> {
        let next = self.take_next(calls, call, opportunity_id);
        next.or_else(|| {
            let chance = self.chance.as_mut()?;
            if calls.fit(&chance.calls, call) {
                chance.draw()
            } else {
                None
            }
        })
    }

    fn take_next(
        &mut self,
        calls: Calls,
        call: &str,
        opportunity_id: Option<&str>,
    ) -> Option<Fault> {
        let fault = self.next.as_mut()?;
        let only = fault.opportunity_id.as_deref();
        if !calls.fit(&fault.calls, call) || (only.is_some() && only != opportunity_id) {
            return None;
        }
        let played = fault.clone();
        if let Some(times) = &mut fault.times {
            *times = times.saturating_sub(1);
            if *times == 0 {
                self.next = None;
            }
        }
        Some(played).filter(|fault| fault.times != Some(0))
    }

    /// In words, for pages; none where all are off.
    pub(crate) fn words(&self) -> Option<String> {
        let next = self.next.as_ref().map(Fault::words);
        let chance = self.chance.as_ref().map(|chance| {
            let plays = chance.faults.iter().map(|fault| fault.play.words());
            let plays = plays.collect::<Vec<_>>().join(", or ");
            format!(
                "Of a hundred calls {} will meet a fault: {plays}.",
                chance.percent
            )
        });
        let told: Vec<String> = next.into_iter().chain(chance).collect();
        (!told.is_empty()).then(|| told.join(" "))
    }
}

impl Calls {
    fn fit(self, named: &[String], call: &str) -> bool {
        if named.is_empty() {
            return !self.unusual.contains(&call);
        }
        named.iter().any(|named| named == call)
    }

    fn check(self, field: &'static str, named: &[String]) -> Result<(), Refusal> {
        let unknown = named.iter().find(|call| !(self.is_call)(call));
        unknown.map_or(Ok(()), |call| {
            Err(Refusal::field(
                field,
                format!("There is no call named {call}."),
            ))
        })
    }
}
