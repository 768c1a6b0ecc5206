#!/usr/bin/env bash
# Builds, fills an empty database with the demonstration, and serves.
set -euo pipefail
# shellcheck source=.ci/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

.ci/build.sh release

data="${MACHIKOE_DATA_DIR:-data}"
demo=no
if [[ -z "${DATABASE_URL:-}" ]]; then
    # `filling` stays behind when filling is interrupted: then it starts again from an empty database.
    if [[ ! -e "$data/machikoe.sqlite" || -e "$data/filling" ]]; then
        mkdir -p "$data"
        touch "$data/filling"
        rm -f "$data"/machikoe.sqlite{,-wal,-shm}
        say "filling $data/ with the demonstration"
        target/release/machikoe demo >"$data/demo.log" || {
            cat "$data/demo.log"
            die "the demonstration could not be loaded"
        }
        rm "$data/filling"
        touch "$data/demo"
    fi
    [[ -e "$data/demo" ]] && demo=yes
fi

printf '\n  まちこえ  %s\n' "${MACHIKOE_BASE_URL:-http://${MACHIKOE_ADDR:-127.0.0.1:3000}}"
if [[ "$demo" == yes ]]; then
    cat <<'TEXT'

  Demonstration sign-ins, all with the password minamo-demo-2026-tanoshii
    resident   resident01@example.jp (to resident60@example.jp)
    staff      clerk@minamo.example.jp      writes themes and answers
               clerk3@minamo.example.jp     has a response desk in progress (みどりの基本計画)
               approver@minamo.example.jp   publishes answers
               admin@minamo.example.jp      does everything
               auditor@minamo.example.jp    reads everything
TEXT
    printf '  Mail is not sent: it lands in %s/outbox. Ctrl+C stops the server.\n\n' "$data"
fi
exec target/release/machikoe serve
