//! Tells Greenhouse that a test is complete.

use domain::Receipt;
use greenhouse_assessment::Credential;
use greenhouse_assessment::client::{CompletionClient, CompletionOutcome};

use crate::Shown;

/// PATCHes `url` with the first of `credentials` that Greenhouse takes. `blocked` where there is none, or where all are refused.
pub async fn complete(client: &CompletionClient, url: &str, credentials: &[Credential]) -> Shown {
    let mut refusal = None;
    for credential in credentials {
        match client.complete(url, credential).await {
            refused @ CompletionOutcome::CredentialRefused { .. } => refusal = Some(refused),
            outcome => return shown(outcome),
        }
    }
    let why = match refusal {
        Some(refused) => format!(
            "{refused}, nor any other active key of this organization; hand Greenhouse an active key. It is tried again when \
             Greenhouse next calls with an active key, and every 4 hours"
        ),
        None => "There is no active Greenhouse key; make one and hand it to Greenhouse. It is tried again when Greenhouse next \
                 calls with it, and every 4 hours"
            .to_owned(),
    };
    Receipt::Blocked { detail: why }.into()
}

fn shown(outcome: CompletionOutcome) -> Shown {
    let detail = outcome.to_string();
    match outcome {
        CompletionOutcome::Accepted { .. } => Receipt::Sent { detail }.into(),
        CompletionOutcome::Retry { not_before, .. } => Shown {
            not_before,
            ..Receipt::Retrying { detail }.into()
        },
        CompletionOutcome::RateLimited { not_before } => Shown {
            not_before,
            is_asked_to_wait: true,
            ..Receipt::Retrying { detail }.into()
        },
        _ => Receipt::Failed { detail }.into(),
    }
}
