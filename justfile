# What people do here, one line each; `just` alone lists them.

_list:
    @just --list --unsorted

# The demo: api, worker, sandbox and mail catcher in one process, with the pages to open
run *arguments:
    cargo run --locked -- {{arguments}}

# Every test, on SQLite, PostgreSQL and in the browser, as continuous integration runs them
test:
    scripts/test

# Kills Baton at random under load and checks that nothing is lost; see docs/drill.md (--all, --long, --seed N)
drill *arguments:
    cargo build --workspace --bins --locked
    "${CARGO_TARGET_DIR:-target}/debug/drill" {{arguments}}

# Format, lints, documentation, licences and sources of what we depend on
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --all-features --locked -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --all-features --locked
    command -v cargo-deny >/dev/null || cargo install cargo-deny --version ^0.20 --locked
    cargo deny --workspace check licenses bans sources

# How fast the api is on PostgreSQL, beside pgbench with the same statements; prints what stands in docs/benchmarks.md
bench *arguments:
    tests/bench/run {{arguments}}

# The rest of it: SQLite beside SQLite itself, the queue, reads at a million invites, time to effect, memory (one part: writes, queue, effects, reads)
bench-scale *arguments:
    tests/bench/scale {{arguments}}

# A parser under inputs made by chance, for so long; the targets stand in tests/fuzz/src/targets.rs
fuzz target seconds="60":
    FUZZ_SECONDS={{seconds}} cargo test -p fuzz --release --locked --test targets {{target}} -- --exact --nocapture

# Malformed requests, so many on each database, spoiled by chance from a seed that is printed, at the real api
malformed requests="50000":
    #!/usr/bin/env bash
    set -euo pipefail
    cargo build -p tests -p baton-api -p baton-worker -p baton-admin --tests --bins --locked
    scratch=$(mktemp -d) && chmod 755 "$scratch"
    trap 'scripts/postgres stop "$scratch/postgres"; rm -rf "$scratch"' EXIT
    export BATON_TEST_POSTGRES=$(scripts/postgres start "$scratch/postgres") BATON_MALFORMED={{requests}}
    cargo test -p tests --test it --locked malformed_requests_harm_nobody -- --nocapture

# The documentation of every crate, built and opened
docs:
    cargo doc --workspace --no-deps --locked --open

# A plain archive of the release binaries, in target/release-archives
release:
    scripts/release
