#!/usr/bin/env bash
# `build.sh release` builds target/release/machikoe, `build.sh dev` target/debug/machikoe; both fill target/site.
# `--cfg erase_components` comes from .cargo/config.toml, in every profile and for every way of building.
set -euo pipefail
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

.ci/setup.sh run
case "${1:-release}" in
release)
    if [[ -x target/release/machikoe ]]; then
        say "building the release"
    else
        say "building the release (about 10 minutes the first time on two cores)"
    fi
    exec cargo leptos build --release --precompress
    ;;
dev)
    # The server prefers compressed files: those of a release must not outlive its WebAssembly.
    rm -f target/site/pkg/*.{br,gz}
    exec cargo leptos build
    ;;
*) die "build.sh takes release or dev" ;;
esac
