//! What an answer means for the next try.

use std::time::Duration;

/// What came back from one call to an ATS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// An HTTP answer, with its `Retry-After` where it had a readable one.
    Status {
        /// The HTTP status code.
        code: u16,
        /// See [`parse_retry_after`](crate::parse_retry_after).
        retry_after: Option<Duration>,
    },
    /// No connection came about (DNS, connect, TLS): the far side has seen nothing.
    Unreachable,
    /// Time-out or reset after the call may have been sent: the far side may have acted.
    Broken,
    /// Our own guard refused the address; nothing was sent.
    Blocked,
}

/// What to do after an [`Answer`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// 2xx.
    Done,
    /// Try again, after the schedule's wait and never before `not_before`.
    Retry {
        /// The server's `Retry-After`: a floor, never shortened.
        not_before: Option<Duration>,
        /// The far side may have acted: look there before a call that must not happen twice is repeated.
        read_back: bool,
    },
    /// 429: wait; this costs no attempt.
    RateLimited {
        /// The server's `Retry-After`: a floor, never shortened.
        not_before: Option<Duration>,
    },
    /// 401: renew the credential once, try once more, then ask a person.
    Unauthorized,
    /// 403: stop and show which permission is missing.
    Forbidden,
    /// Repeating will not help.
    GiveUp,
}

/// Decides what an answer calls for.
///
/// | answer | outcome |
/// |---|---|
/// | 2xx | done |
/// | 401, 403 | unauthorized, forbidden |
/// | 408, 409, 5xx, broken | retry, after a read-back |
/// | 425, unreachable | retry |
/// | 429 | rate limited |
/// | 1xx, 3xx, other 4xx, blocked | give up (redirects are never followed with a credential) |
pub fn classify(answer: Answer) -> Outcome {
    match answer {
        Answer::Status { code, retry_after } => classify_status(code, retry_after),
        Answer::Unreachable => Outcome::Retry {
            not_before: None,
            read_back: false,
        },
        Answer::Broken => Outcome::Retry {
            not_before: None,
            read_back: true,
        },
        Answer::Blocked => Outcome::GiveUp,
    }
}

fn classify_status(code: u16, not_before: Option<Duration>) -> Outcome {
    match code {
        200..=299 => Outcome::Done,
        401 => Outcome::Unauthorized,
        403 => Outcome::Forbidden,
        408 | 409 | 500..=599 => Outcome::Retry {
            not_before,
            read_back: true,
        },
        425 => Outcome::Retry {
            not_before,
            read_back: false,
        },
        429 => Outcome::RateLimited { not_before },
        _ => Outcome::GiveUp,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const AGAIN: Outcome = Outcome::Retry {
        not_before: None,
        read_back: false,
    };
    const LOOK_FIRST: Outcome = Outcome::Retry {
        not_before: None,
        read_back: true,
    };

    #[rstest]
    #[case(200, Outcome::Done)]
    #[case(204, Outcome::Done)]
    #[case(301, Outcome::GiveUp)]
    #[case(302, Outcome::GiveUp)]
    #[case(400, Outcome::GiveUp)]
    #[case(401, Outcome::Unauthorized)]
    #[case(403, Outcome::Forbidden)]
    #[case(404, Outcome::GiveUp)]
    #[case(408, LOOK_FIRST)]
    #[case(409, LOOK_FIRST)]
    #[case(410, Outcome::GiveUp)]
    #[case(413, Outcome::GiveUp)]
    #[case(422, Outcome::GiveUp)]
    #[case(425, AGAIN)]
    #[case(429, Outcome::RateLimited { not_before: None })]
    #[case(500, LOOK_FIRST)]
    #[case(503, LOOK_FIRST)]
    #[case(599, LOOK_FIRST)]
    fn statuses_are_classified(#[case] code: u16, #[case] expected: Outcome) {
        assert_eq!(
            classify(Answer::Status {
                code,
                retry_after: None
            }),
            expected
        );
    }

    #[rstest]
    #[case(Answer::Unreachable, AGAIN)]
    #[case(Answer::Broken, LOOK_FIRST)]
    #[case(Answer::Blocked, Outcome::GiveUp)]
    fn failures_without_an_answer_are_classified(
        #[case] answer: Answer,
        #[case] expected: Outcome,
    ) {
        assert_eq!(classify(answer), expected);
    }

    #[test]
    fn retry_after_is_kept_as_a_floor() {
        let floor = Some(Duration::from_secs(9));
        let of = |code| {
            classify(Answer::Status {
                code,
                retry_after: floor,
            })
        };
        assert_eq!(of(429), Outcome::RateLimited { not_before: floor });
        assert_eq!(
            of(503),
            Outcome::Retry {
                not_before: floor,
                read_back: true
            }
        );
    }
}
