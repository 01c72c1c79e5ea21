#!/usr/bin/env bash
# Rebuilds humasflow/static/vendor from assets/ (needs Node 20 and the npm registry; starting the product needs
# neither). The versions are pinned by assets/package-lock.json, so an unchanged lock gives unchanged files.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
command -v npm >/dev/null 2>&1 || { echo 'npm is missing: install Node 20 or newer to rebuild the vendored files.' >&2; exit 1; }
cd "$ROOT/assets"
npm ci --ignore-scripts --no-audit --no-fund
exec node build.mjs
