#!/usr/bin/env bash
# Builds the release and measures it on loopback.
set -euo pipefail
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

.ci/setup.sh bench
.ci/build.sh release
exec node end2end/bench/bench.mjs
