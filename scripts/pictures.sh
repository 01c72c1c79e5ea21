#!/usr/bin/env bash
# Takes the pictures of README and docs again and puts them into docs/pictures: two minutes at most, no network.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"
# shellcheck source=scripts/lib.sh
. "$ROOT/scripts/lib.sh"
ensure_venv
install_lock requirements-dev.lock
compile_translations
PYTHONPATH="$ROOT" exec .venv/bin/python scripts/pictures.py
