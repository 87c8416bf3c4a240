# make run    a demonstration on http://127.0.0.1:8080; of another scheme: make run SCHEME=dvds-england-wales
# make drill  an installation of 20,000 cases is lost but for its backup, and restored, on both databases (docs/restore.md); 100,000 keys are rotated (docs/keys.md)
# make properties  generated tests with many fresh cases: after a change in the engine
# make test   everything a submission must pass; .ci/run does the same
# In the daily loop: `cargo test --test it`, `make lint`, `make fmt`.

UI := src/web/ui
UI_SOURCES := $(shell find $(UI) -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)

# Compiled unoptimised and without debug information: a third of the time, and it still answers within seconds.
CARGO_DENY_VERSION := 0.20.2
CARGO_DENY := target/tools/cargo-deny-$(CARGO_DENY_VERSION)/bin/cargo-deny
CARGO_CYCLONEDX_VERSION := 0.5.9
CARGO_CYCLONEDX := target/tools/cargo-cyclonedx-$(CARGO_CYCLONEDX_VERSION)/bin/cargo-cyclonedx
CARGO_MUTANTS_VERSION := 27.1.0
CARGO_MUTANTS := target/tools/cargo-mutants-$(CARGO_MUTANTS_VERSION)/bin/cargo-mutants

.PHONY: run test needs ui fmt fmt-check lint deny audit sbom tests properties workflows bench crash powercut nodes drill simulate diskfull hangups idempotency matrix races verifiers mutants
.NOTPARALLEL:
.DEFAULT_GOAL := run

# The development build: it starts minutes sooner on a clean checkout than an optimised one, shares everything with
# `make test`, and reads styles and workflow files from the folder, so that an edit shows on the next reload.
run: ui
	cargo run -- demo --listen 127.0.0.1:8080 $(if $(SCHEME),--scheme $(SCHEME) --data data/$(SCHEME))

# Cheapest first, so that a slip of the pen is told in seconds.
test: needs fmt-check ui deny lint tests workflows

needs:
	.ci/needs node npm cargo cc chromium chromedriver initdb haproxy faketime aiosmtpd openssl $(if $(filter 0,$(shell id -u)),mkfs.xfs mkfs.ext4)

# --- styles and scripts ---

ui: $(UI)/dist/.built

$(UI)/dist/.built: $(UI)/node_modules/.installed $(UI_SOURCES)
	npm --prefix $(UI) run build
	touch $@

# No install scripts: nothing from outside runs before we call it.
$(UI)/node_modules/.installed: $(UI)/package.json $(UI)/package-lock.json
	.ci/needs node npm cargo cc
	npm --prefix $(UI) ci --ignore-scripts --no-audit --no-fund
	touch $@

# --- looking at the source ---

fmt:
	cargo fmt

fmt-check:
	cargo fmt --check

lint: ui
	cargo clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS='-D warnings' cargo doc --locked --no-deps --document-private-items

deny: $(CARGO_DENY)
	$(CARGO_DENY) --locked check bans licenses sources

$(CARGO_DENY):
	CARGO_PROFILE_DEV_DEBUG=none cargo install --debug --locked --version $(CARGO_DENY_VERSION) \
	    --root target/tools/cargo-deny-$(CARGO_DENY_VERSION) cargo-deny

# The locked versions against the published advisories, fetched into target/. Not part of `make test`: what was fine yesterday
# may not be today, whatever was changed. Needs git and a way to https://github.com/RustSec/advisory-db; fails without.
audit: $(CARGO_DENY)
	.ci/needs git
	$(CARGO_DENY) --locked check advisories

# What is in the binary, as CycloneDX 1.5 for other programs to read: target/clares-law.cdx.json.
sbom: $(CARGO_CYCLONEDX)
	$(CARGO_CYCLONEDX) cyclonedx --format json --spec-version 1.5 --override-filename clares-law.cdx
	mv clares-law.cdx.json target/

$(CARGO_CYCLONEDX):
	CARGO_PROFILE_DEV_DEBUG=none cargo install --debug --locked --version $(CARGO_CYCLONEDX_VERSION) \
	    --root target/tools/cargo-cyclonedx-$(CARGO_CYCLONEDX_VERSION) cargo-cyclonedx

# --- running it ---

# Everything on SQLite files, with the unit tests, the browser and the examples in the documentation; then what touches a
# database once more on PostgreSQL, on a server that the tests start themselves.
# Generated tests draw from one seed here, so that a failure is about the change at hand; `make properties` looks further.
tests: export PROPTEST_RNG_SEED := 1
tests: ui
	cargo test --locked --no-fail-fast
	TEST_DATABASE=postgres cargo test --locked --no-fail-fast --test it -- $(addprefix --skip ,$(PURE) $(ASKED_ONCE))

# Modules of `it` that open no database.
PURE := architecture:: calendars:: components:: deadline_changes:: deadline_command:: deadline_properties:: deadlines:: definitions:: \
	engine:: explained:: ledger::packs:: ledger::second:: meetings::properties:: pictures:: schedule:: words:: access::faults:: access::matrix:: access::table::

# Every address is asked for everybody: the policies answer, whichever the database. And the command line is given a file in both runs.
ASKED_ONCE := access::routes:: cli::

workflows: ui
	cargo run --locked --quiet -- workflow check
	cargo run --locked --quiet -- workflow test
	cargo run --locked --quiet -- workflow check --workflows workflows/examples
	cargo run --locked --quiet -- workflow test --workflows workflows/examples

# Generated tests with many cases and fresh seeds each time: run it after a change in the engine.
properties: ui
	PROPTEST_CASES=$(or $(CASES),10000) cargo test --locked --test it -- calendars:: deadline_properties:: editions:: engine:: meetings::properties:: schedule::

# --- campaigns in their full size; `make test` runs the small ones. What they prove is in README.md. ---

CAMPAIGN := cargo test --locked --quiet --test campaigns --

crash: ui
	$(CAMPAIGN) crash --kills 200 --database sqlite,postgres

# Needs root, loop devices and an XFS that can copy a file at once; it says what is missing.
powercut: ui
	.ci/needs mkfs.xfs mkfs.ext4
	$(CAMPAIGN) powercut --cuts 200 --controls 40

nodes: ui
	.ci/needs initdb haproxy faketime
	$(CAMPAIGN) nodes --rounds 3 --frozen 4 --writers 8 --late 200

# Needs root and loop devices.
diskfull: ui
	.ci/needs mkfs.ext4
	$(CAMPAIGN) diskfull --fills 100

hangups: ui
	$(CAMPAIGN) hangups --requests 10000 --controls 400 --database sqlite,postgres

idempotency: ui
	$(CAMPAIGN) idempotency --posts 100000 --database sqlite,postgres

# Two simulated years a seed: make simulate SEEDS=20000
simulate: ui
	cargo test --release --locked --quiet --test campaigns -- simulate --seeds $(or $(SEEDS),1000) --seconds 0

# Every role at every address, in every relation and every state of the scheme; and conflicts declared a thousand times while
# pages are open and people act, and a thousand meetings of thirty members who all act at once.
matrix: ui
	TEST_DATABASE=sqlite cargo test --locked --release --test it the_same_in_every_state_of_the_scheme -- --ignored --nocapture

races: ui
	TEST_DATABASE=sqlite cargo test --locked --release --test it a_thousand_times -- --ignored --nocapture
	TEST_DATABASE=postgres cargo test --locked --release --test it a_thousand_times -- --ignored --nocapture

# Evidence packs, good and damaged, before two verifiers that were written apart.
verifiers: ui
	.ci/needs aiosmtpd
	cargo test --locked --release --test it two_verifiers_agree -- --include-ignored --nocapture

# Each line of three files is spoilt in turn, and a test must fail. Not part of `make test`: it builds the program 90 times.
# On part of it: make mutants MUTANTS='--file src/engine/calendar.rs'
mutants: $(CARGO_MUTANTS) ui
	$(CARGO_MUTANTS) mutants --output target --no-shuffle $(MUTANTS)

$(CARGO_MUTANTS):
	CARGO_PROFILE_DEV_DEBUG=none cargo install --debug --locked --version $(CARGO_MUTANTS_VERSION) \
	    --root target/tools/cargo-mutants-$(CARGO_MUTANTS_VERSION) cargo-mutants

# Not part of `make test`: figures need a quiet machine. What they mean is in README.md.
bench: ui
	cargo bench --locked --bench engine
	cargo bench --locked --bench ledger
	TEST_DATABASE=sqlite cargo test --locked --release --test it what_the_log_costs -- --ignored --nocapture
	TEST_DATABASE=postgres cargo test --locked --release --test it what_the_log_costs -- --ignored --nocapture
	TEST_DATABASE=sqlite cargo test --locked --release --test it what_sealing_costs -- --ignored --nocapture

# Minutes, on a machine with nothing else to do.
drill: ui
	TEST_DATABASE=sqlite cargo test --locked --release --test it twenty_thousand_cases -- --ignored --nocapture
	TEST_DATABASE=postgres cargo test --locked --release --test it twenty_thousand_cases -- --ignored --nocapture
	TEST_DATABASE=sqlite cargo test --locked --release --test it a_hundred_thousand_keys -- --ignored --nocapture
