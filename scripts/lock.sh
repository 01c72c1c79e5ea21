#!/usr/bin/env bash
# Rewrites the three lock files from pyproject.toml; `scripts/lock.sh --upgrade` takes newer versions.
# No registry host is written: a lock must install from whichever index the machine is set to use.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"
uv="$ROOT/.venv/bin/uv"
[ -x "$uv" ] || { echo 'uv is missing from .venv: run `make test` once, it installs requirements-dev.lock.' >&2; exit 1; }

compile() {
    "$uv" pip compile --quiet --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 \
        pyproject.toml "$@"
}

compile --output-file requirements.lock "${@}"
# Everything above the first lock takes its versions from it, so the three never disagree.
compile --constraints requirements.lock --extra postgres --output-file requirements-postgres.lock "${@}"
compile --constraints requirements-postgres.lock --extra postgres --extra dev --output-file requirements-dev.lock "${@}"
