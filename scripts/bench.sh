#!/usr/bin/env bash
# Starts the floor page and the product with the same data and prints the ratios.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"
# shellcheck source=scripts/lib.sh
. "$ROOT/scripts/lib.sh"
[ -e benchmarks/__main__.py ] || die "There is no benchmarks/ in this checkout."
ensure_venv
install_lock requirements-dev.lock
exec .venv/bin/python -m benchmarks "$@"
