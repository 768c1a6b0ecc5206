# shellcheck shell=bash
# Shared by the scripts of this folder: source it first. It goes to the repository's root.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

# The npm package `binaryen` has to win over Debian's: wasm-opt 108 breaks our module.
export PATH="$PWD/end2end/node_modules/.bin:$PATH"
if [[ -d "${CARGO_HOME:-$HOME/.cargo}/bin" ]]; then
    export PATH="$PATH:${CARGO_HOME:-$HOME/.cargo}/bin"
fi
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
die() {
    printf '\033[1;31merror:\033[0m %s\n' "$*" >&2
    exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }
