#!/usr/bin/env bash
# Fetches what is missing: `setup.sh run` for building and running, `test` for the tests as well, `bench` for measuring.
# Does nothing, quickly, when all is there.
set -euo pipefail
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

purpose="${1:-run}"
[[ "$purpose" =~ ^(run|test|bench)$ ]] || die "setup.sh takes run, test or bench"

cargo_leptos=0.3.8
channel=$(sed -n 's/^channel = "\(.*\)"$/\1/p' rust-toolchain.toml)
wasm_bindgen=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[^0-9.]/, ""); print; exit }' Cargo.lock)

# Optimising a tool that runs for seconds would cost minutes.
install_tool() {
    CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=0 \
        cargo install --force "$@"
}

# 1. What nobody can fetch for you.
has cargo || die "Rust is missing: install rustup (https://rustup.rs) and run this again"
if ! has node || ! has npm; then
    die "Node.js is missing: install Node.js 20 or newer with npm and run this again"
fi
node_major=$(node -p 'process.versions.node.split(".")[0]')
((node_major >= 20)) || die "Node.js $node_major is too old: install Node.js 20 or newer and run this again"

# 2. Debian packages.
packages=()
if ! has cc || ! has make; then
    packages+=(build-essential)
fi
has_leptos() {
    local have
    have=$(cargo leptos --version 2>/dev/null | awk '{ print $2 }') || return 1
    # Any 0.3 that isn't older.
    [[ "$have" == 0.3.* && "$(printf '%s\n' "$cargo_leptos" "$have" | sort -V | head -n 1)" == "$cargo_leptos" ]]
}
# Building cargo-leptos builds OpenSSL, whose Configure needs more than Debian's perl-base.
if ! has_leptos && ! perl -MIPC::Cmd -MFindBin -e 1 2>/dev/null; then
    packages+=(perl)
fi
# One that PDFs can be made with: see server/pdf/src/fonts.rs.
has_japanese_font() {
    [[ -n "${MACHIKOE_FONT_DIR:-}" || -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ]] ||
        compgen -G '/usr/share/fonts/*/ipaexfont-gothic/ipaexg.ttf' >/dev/null
}
has_japanese_font || packages+=(fonts-noto-cjk)
has_chromium() {
    [[ -x /usr/bin/chromium ]] || compgen -G "${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}/chromium*" >/dev/null
}
has_postgresql() {
    [[ -n "${TEST_DATABASE_URL:-}" ]] || has initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}
if [[ "$purpose" == test ]]; then
    has_chromium || packages+=(chromium)
    has_postgresql || packages+=(postgresql)
    has pdftotext || packages+=(poppler-utils)
fi
if [[ "$purpose" == bench ]]; then
    has wrk || packages+=(wrk)
fi
if ((${#packages[@]})); then
    if [[ "$(id -u)" == 0 ]] && has apt-get; then
        say "installing the Debian packages ${packages[*]} (about a minute)"
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq
        apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
    elif [[ "${packages[*]}" == fonts-noto-cjk ]]; then
        say "no Japanese font was found, so no PDF can be made: Debian's package fonts-noto-cjk has one"
    else
        die "please install these packages and run this again: apt install ${packages[*]}"
    fi
fi

# 3. The Rust toolchain with the browser's target.
sysroot=$(rustc --print sysroot 2>/dev/null || true)
if [[ -z "$sysroot" || ! -d "$sysroot/lib/rustlib/wasm32-unknown-unknown/lib" || ! -x "$sysroot/bin/cargo-clippy" || ! -x "$sysroot/bin/cargo-fmt" ]]; then
    has rustup || die "Rust $channel with the target wasm32-unknown-unknown is missing: install rustup (https://rustup.rs) and run this again"
    say "installing Rust $channel for this machine and for the browser (about a minute)"
    rustup toolchain install "$channel" --profile minimal --component clippy,rustfmt --target wasm32-unknown-unknown
fi

# 4. Tools from npm: wasm-opt, Playwright, axe. They stay inside end2end/.
if ! cmp -s end2end/package-lock.json end2end/node_modules/.installed-lock.json; then
    say "installing the npm packages of end2end (about half a minute)"
    npm ci --prefix end2end --no-audit --no-fund --loglevel=error
    cp end2end/package-lock.json end2end/node_modules/.installed-lock.json
fi

# 5. Tools from crates.
if ! has_leptos; then
    say "installing cargo-leptos $cargo_leptos (about 6 minutes, the first time only)"
    install_tool --locked "cargo-leptos@$cargo_leptos" --features no_downloads
fi
if [[ "$(wasm-bindgen --version 2>/dev/null || true)" != "wasm-bindgen $wasm_bindgen" ]]; then
    say "installing wasm-bindgen $wasm_bindgen (about 2 minutes, the first time only)"
    install_tool "wasm-bindgen-cli@$wasm_bindgen"
fi
