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

# Malformed requests, spoiled by chance from a seed, at the real api on both databases (FOLDER is for their PostgreSQL)
malformed requests="50000" folder="target/malformed-postgres":
    cargo build -p tests -p baton-api -p baton-worker -p baton-admin --tests --bins --locked
    BATON_TEST_POSTGRES=$(scripts/postgres start {{folder}}) BATON_MALFORMED={{requests}} \
        cargo test -p tests --test it --locked malformed_requests_harm_nobody -- --nocapture; \
        outcome=$?; scripts/postgres stop {{folder}}; exit $outcome

# The documentation of every crate, built and opened
docs:
    cargo doc --workspace --no-deps --locked --open

# A plain archive of the release binaries, in target/release-archives
release:
    scripts/release
