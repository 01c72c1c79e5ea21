#!/usr/bin/env bash
# Collects every translatable text into the catalogues and compiles them. The Indonesian text is the message id, so
# only other languages have a .po; a text that vanished is dropped, a changed one is left empty rather than guessed.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"
babel() { "$ROOT/.venv/bin/python" -m babel.messages.frontend "$@"; }
folder=humasflow/translations
template=$(mktemp)
trap 'rm -f "$template"' EXIT

babel --quiet extract --mapping-file pyproject.toml --keywords _l --keywords lazy_gettext --keywords lazy_ngettext:1,2 \
    --keywords lazy_pgettext:1c,2 --no-location --sort-output --width 120 --output-file "$template" .
if [ -e "$folder/en/LC_MESSAGES/messages.po" ]; then
    babel --quiet update --input-file "$template" --output-dir "$folder" --locale en --no-fuzzy-matching \
        --ignore-obsolete --width 120
else
    babel --quiet init --input-file "$template" --output-dir "$folder" --locale en --width 120
fi
babel compile --directory "$folder" --statistics
