//! The mails that were taken in, shared by the two listeners and whoever started them.

use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

use super::caught::CaughtMail;
use super::faults::{Chance, Fault, Faults};

#[derive(Debug, Default)]
struct Mails {
    taken_in: u64,
    kept: Vec<CaughtMail>,
}

/// What was taken in, and what will go wrong next.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    mails: watch::Sender<Mails>,
    faults: Mutex<Faults>,
}

impl Inbox {
    /// Keeps a mail and wakes those who wait.
    pub(super) fn take_in(&self, recipients: Vec<String>, source: &[u8], fault: Option<Fault>) {
        self.mails.send_modify(|mails| {
            mails.taken_in += 1;
            let mail = CaughtMail::read(mails.taken_in, recipients, source);
            mails.kept.push(CaughtMail { fault, ..mail });
        });
    }

    pub(super) fn messages(&self) -> Vec<CaughtMail> {
        self.mails.borrow().kept.clone()
    }

    pub(super) fn message(&self, number: u64) -> Option<CaughtMail> {
        let mails = self.mails.borrow();
        mails.kept.iter().find(|it| it.number == number).cloned()
    }

    pub(super) fn take(&self) -> Vec<CaughtMail> {
        let mut taken = Vec::new();
        self.mails
            .send_modify(|mails| taken = std::mem::take(&mut mails.kept));
        taken
    }

    pub(super) fn clear(&self) {
        self.mails.send_modify(|mails| mails.kept.clear());
    }

    pub(super) async fn wait_for(
        &self,
        wanted: impl Fn(&CaughtMail) -> bool,
    ) -> Option<CaughtMail> {
        let mut watcher = self.mails.subscribe();
        // The sender lives as long as we do, so this ends only with a mail.
        let mails = watcher
            .wait_for(|mails| mails.kept.iter().any(&wanted))
            .await;
        mails.ok()?.kept.iter().find(|mail| wanted(mail)).cloned()
    }

    pub(super) fn fail_next(&self, deliveries: u32, fault: Fault) {
        self.faults().add(fault, deliveries);
    }

    pub(super) fn faults_come_by(&self, chance: Option<Chance>) {
        self.faults().come_by(chance);
    }

    pub(super) fn next_fault(&self) -> Option<Fault> {
        self.faults().take()
    }

    fn faults(&self) -> std::sync::MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
