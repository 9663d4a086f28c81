//! A short run of each target; `just fuzz TARGET [SECONDS]` makes a long one of one.

#![expect(clippy::print_stdout, reason = "the seed plays a failure again")]

use std::time::Duration;

use fuzz::{Effort, TARGETS, run};

/// So many inputs each, unless `FUZZ_SECONDS` says how long.
const USUALLY: usize = 20_000;

fn short(name: &str) {
    let target = TARGETS.iter().find(|target| target.name == name);
    let target = target.expect("a target of that name");
    let effort = number("FUZZ_SECONDS").map_or(Effort::Inputs(USUALLY), |seconds| {
        Effort::Time(Duration::from_secs(seconds))
    });
    let seed = number("FUZZ_SEED").unwrap_or_else(|| std::process::id().into());
    let (tried, kinds) = run(target, effort, seed);
    println!("{name}: {tried} inputs of {kinds} kinds from seed {seed}");
    assert!(kinds > 1, "{name}: all inputs were alike");
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{variable} has to be a number")),
    )
}

macro_rules! each_target {
    ($($name:ident)+) => {
        $(#[test] fn $name() { short(stringify!($name)); })+

        #[test]
        fn none_is_left_out() {
            let listed = [$(stringify!($name)),+];
            assert_eq!(TARGETS.map(|target| target.name), listed);
        }
    };
}

each_target!(basic_header api_key send_test callback_url response_error bounce traceparent retry_after email result lever_delivery lever_answer harvest_delivery harvest_link);
