#!/usr/bin/env bash
# Everything a change must pass, from a fresh clone in an empty HOME:
#
#   scripts/test.sh          all of it: lint, types, contracts, JavaScript, pytest on SQLite, then on PostgreSQL
#   scripts/test.sh lint     ruff and djlint
#   scripts/test.sh types    mypy and the import contracts
#   scripts/test.sh unit …   pytest on SQLite only; further words go to pytest
#   scripts/test.sh axe      every page in both themes, both languages, at both widths, with every rule
#   scripts/test.sh deep     the long batteries, and the property tests with examples not seen before
#
# A failed phase does not hide the ones after it. The last line counts the tests of all runs.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"
# shellcheck source=scripts/lib.sh
. "$ROOT/scripts/lib.sh"

what="${1:-all}"
[ $# -eq 0 ] || shift
bin="$ROOT/.venv/bin"
reports="$ROOT/test-results"
timings='' failed_phases='' failures=0

phase() {
    local name=$1 begun=$SECONDS status=0
    shift
    printf '\n── %s\n' "$name"
    "$@" || status=$?
    timings+=$(printf '%6ds  %-24s %s' $((SECONDS - begun)) "$name" "$([ $status = 0 ] && echo ok || echo FAILED)")$'\n'
    if [ $status != 0 ]; then
        failures=$((failures + 1))
        failed_phases+="${failed_phases:+, }$name"
    fi
}

prepare() {
    ensure_venv
    install_lock requirements-dev.lock
    need_pango
    compile_translations
}

# The browser tests drive Debian's Chromium; Playwright's own download is never used.
ensure_chromium() {
    local name
    for name in "${HUMASFLOW_CHROMIUM:-}" chromium chromium-browser google-chrome; do
        if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then
            HUMASFLOW_CHROMIUM=$(command -v "$name")
            export HUMASFLOW_CHROMIUM
            return 0
        fi
    done
    if can_apt && apt_install chromium fonts-dejavu-core; then
        ensure_chromium
        return
    fi
    die "Chromium is missing and the browser tests cannot run without it.
  Debian/Ubuntu : sudo apt-get install chromium
  elsewhere     : HUMASFLOW_CHROMIUM=/path/to/chrome make test"
}

need_pango() {
    ensure_pango || die "Pango is missing and reports cannot be drawn without it.
  Debian/Ubuntu : sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
  macOS         : brew install pango"
}

run_lint() {
    local status=0
    "$bin/ruff" check . || status=1
    "$bin/ruff" format --check . || status=1
    if [ -d templates ]; then "$bin/djlint" templates --lint --quiet || status=1; fi
    return $status
}

run_types() { "$bin/mypy"; }
run_contracts() { "$bin/lint-imports"; }

run_javascript() {
    if ! ls tests/js/*.test.mjs >/dev/null 2>&1; then
        echo 'no tests in tests/js'
    elif command -v node >/dev/null 2>&1; then
        node --test tests/js/
    else
        echo 'node is not installed; the browser journeys still cover these modules'
    fi
}

run_pytest() {
    local name=$1
    shift
    mkdir -p "$reports"
    rm -f "$reports/$name.xml"
    "$bin/python" -m pytest --junitxml "$reports/$name.xml" -o junit_family=xunit2 "$@"
}

run_sqlite() { HUMASFLOW_TEST_DB=sqlite run_pytest sqlite -n "${HUMASFLOW_TEST_WORKERS:-2}" -m 'not deep and not channels' "$@"; }
run_postgresql() { HUMASFLOW_TEST_DB=postgresql run_pytest postgresql -n "${HUMASFLOW_TEST_WORKERS:-2}" -m 'db and not deep and not channels'; }

# The closing line for people and for whatever reads the log.
count_tests() {
    "$bin/python" - "$reports" "$@" <<'PY'
import sys, xml.etree.ElementTree as tree
from pathlib import Path

total = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
lost = []
for name in sys.argv[2:]:
    report = Path(sys.argv[1], f"{name}.xml")
    if not report.exists():
        lost.append(name)
        continue
    for suite in tree.parse(report).getroot().iter("testsuite"):
        for key in total:
            total[key] += int(suite.get(key, 0))
failed = total["failures"] + total["errors"] + len(lost)
passed = total["tests"] - total["failures"] - total["errors"] - total["skipped"]
if lost:
    print(f"no report from: {', '.join(lost)}")
print(f"{passed} passed, {failed} failed, {total['skipped']} skipped")
PY
}

case "$what" in
lint)
    prepare
    phase lint run_lint
    ;;
types)
    prepare
    phase types run_types
    phase 'import contracts' run_contracts
    ;;
unit)
    prepare
    ensure_chromium
    run_sqlite "$@"
    exit
    ;;
axe)
    prepare
    ensure_chromium
    HUMASFLOW_TEST_AXE=1 HUMASFLOW_TEST_DB=sqlite run_pytest axe -n "${HUMASFLOW_TEST_WORKERS:-2}" tests/journeys/test_accessibility.py "$@"
    exit
    ;;
deep)
    prepare
    ensure_chromium
    HUMASFLOW_TEST_DEEP=1 HUMASFLOW_TEST_DB=sqlite run_pytest deep -m '(deep or hypothesis) and not channels' "$@"
    exit
    ;;
all)
    phase prepare prepare
    ensure_chromium
    rm -rf "$reports"
    phase lint run_lint
    phase types run_types
    phase 'import contracts' run_contracts
    phase JavaScript run_javascript
    phase 'pytest on SQLite' run_sqlite
    phase 'pytest on PostgreSQL' run_postgresql
    ;;
*)
    die "scripts/test.sh [lint | types | unit … | axe | deep]"
    ;;
esac

printf '\n%s' "$timings"
[ -z "$failed_phases" ] || printf 'failed: %s\n' "$failed_phases"
[ "$what" != all ] || count_tests sqlite postgresql
[ "$failures" = 0 ]
