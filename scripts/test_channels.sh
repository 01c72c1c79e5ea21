#!/usr/bin/env bash
# The adapters against real servers that others wrote: WordPress on a database of its own, Bluesky's personal data
# server, and what else has a fixture in tests/servers. All of it runs on this computer, on free ports of the loopback
# interface, and is stopped at the end. Words go to pytest:
#
#   scripts/test_channels.sh                             all of it (15 minutes; the first time some more for installing)
#   scripts/test_channels.sh -k wordpress -x
#
# What is installed stays in HUMASFLOW_SERVERS (else a folder in the user's cache) and is used again.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"
# shellcheck source=scripts/lib.sh
. "$ROOT/scripts/lib.sh"

WORDPRESS="wordpress wordpress-theme-twentytwentythree mariadb-server php-cli php-mysql php-sqlite3 php-gd php-xml php-curl php-mbstring php-intl"
# A mail server and one that mail is read from; both stay off unless a test starts its own.
MAIL="postfix dovecot-imapd"

# Which of Debian's packages are not there; a computer without dpkg is asked for the programs themselves.
missing_packages() {
    local package
    if command -v dpkg-query >/dev/null 2>&1; then
        for package in "$@"; do
            dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q 'ok installed' || printf '%s ' "$package"
        done
    else
        command -v php >/dev/null 2>&1 && command -v mariadbd >/dev/null 2>&1 && [ -d /usr/share/wordpress ] || printf '%s ' "$@"
    fi
}

ensure_packages() {
    local missing
    # shellcheck disable=SC2086 (a list of words)
    missing=$(missing_packages $1)
    [ -n "$missing" ] || return 0
    # shellcheck disable=SC2086
    if can_apt && apt_install $missing; then
        return 0
    fi
    die "The real servers need programs that are not installed: $missing
  Debian/Ubuntu : sudo apt-get install --no-install-recommends $missing"
}

ensure_venv
install_lock requirements-dev.lock
compile_translations
# shellcheck disable=SC2086
ensure_packages "$WORDPRESS"
# shellcheck disable=SC2086
ensure_packages "$MAIL"
command -v npm >/dev/null 2>&1 || ensure_packages npm
say "Menyiapkan server Bluesky (pertama kali beberapa menit)…"
"$ROOT/.venv/bin/python" -m tests.servers.pds.server || die "Bluesky's server could not be installed; see above."

mkdir -p "$ROOT/test-results"
exec "$ROOT/.venv/bin/python" -m pytest -m channels --junitxml "$ROOT/test-results/channels.xml" -o junit_family=xunit2 tests/servers "$@"
