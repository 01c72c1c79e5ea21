#!/usr/bin/env bash
# The main pages beside a floor page, the desk with 10,000 stories beside an empty one, the editor with a very large
# story, the calendar beside a million posts (minutes to fill): prints the ratios and fails when a promised figure is
# missed. With a name (desk, editor, calendar), only that one.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"
# shellcheck source=scripts/lib.sh
. "$ROOT/scripts/lib.sh"
[ -e benchmarks/__main__.py ] || die "There is no benchmarks/ in this checkout."
ensure_venv
install_lock requirements-dev.lock
if [ $# -gt 0 ]; then
  part=$1
  shift
  exec .venv/bin/python -m "benchmarks.$part" "$@"
fi
failed=0
for part in benchmarks benchmarks.desk benchmarks.editor benchmarks.calendar; do
  .venv/bin/python -m "$part" || failed=1
done
exit "$failed"
