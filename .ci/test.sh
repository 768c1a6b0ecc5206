#!/usr/bin/env bash
# All tests, in the order in which they fail fastest; `test.sh lint`, `unit`, `e2e [arguments]` and `screenshots` for parts.
set -euo pipefail
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

part="${1:-all}"
shift || true
passed=0

step() {
    local name=$1
    shift
    printf '\n\033[1m==> [%4d s] %s\033[0m\n' "$SECONDS" "$name"
    if ! "$@"; then
        printf '\n\033[1;31mFAILED at: %s\033[0m (after %d s)\n' "$name" "$SECONDS"
        exit 1
    fi
    passed=$((passed + 1))
}

in_end2end() { (cd end2end && "$@"); }
shell_scripts() { shellcheck --external-sources .ci/*.sh .ci/run; }

lint() {
    step "formatting" cargo fmt --all --check
    step "house rules and wording" node .ci/rules.mjs
    if has shellcheck; then
        step "shell scripts" shell_scripts
    fi
    step "types of the end-to-end tests" in_end2end tsc --noEmit
    step "clippy, server" cargo clippy --workspace --exclude frontend --all-targets -- -D warnings
    # In cargo-leptos' own folder: the crates it builds for this machine (macros, build scripts) are shared.
    step "clippy, browser" cargo clippy -p frontend --target wasm32-unknown-unknown --target-dir target/front -- -D warnings
}
unit() { step "unit and route tests on SQLite and PostgreSQL" cargo test --workspace --exclude frontend; }
dev_build() { step "building the site" .ci/build.sh dev; }
e2e() {
    dev_build
    step "end-to-end tests in Chromium, with JavaScript and without" in_end2end playwright test "$@"
}

step "tools" .ci/setup.sh test
case "$part" in
all)
    lint
    unit
    e2e
    ;;
lint) lint ;;
unit) unit ;;
e2e) e2e "$@" ;;
screenshots)
    dev_build
    step "screenshots into end2end/screenshots/" in_end2end playwright test --config screenshots.config.ts
    ;;
*) die "test.sh takes nothing, lint, unit, e2e or screenshots" ;;
esac
printf '\n\033[1;32mall %d steps passed\033[0m in %d s\n' "$passed" "$SECONDS"
