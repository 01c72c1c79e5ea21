#!/usr/bin/env bash
# Collects every translatable text into the catalogues and compiles them. The Indonesian text is the message id, so
# only other languages have a .po; a text that vanished is dropped, a changed one is left empty rather than guessed.
#
#   scripts/translations.sh                   updates and compiles the catalogues
#   scripts/translations.sh --template FILE   only writes the texts found in the code to FILE
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"
folder=humasflow/translations

babel() { "$ROOT/.venv/bin/python" -m babel.messages.frontend "$@"; }

# Babel knows gettext, ngettext and _ by itself. No file names and lines: they would change with every edit elsewhere.
extract() {
    babel --quiet extract --mapping-file pyproject.toml \
        --keywords _l --keywords lazy_gettext --keywords lazy_ngettext:1,2 --keywords lazy_pgettext:1c,2 \
        --no-location --sort-output --width 120 --output-file "$1" .
}

if [ "${1-}" = --template ]; then
    extract "${2:?the file to write}"
    exit
fi

template=$(mktemp)
trap 'rm -f "$template"' EXIT
extract "$template"
babel --quiet update --input-file "$template" --output-dir "$folder" --locale en --no-fuzzy-matching \
    --ignore-obsolete --ignore-pot-creation-date --width 120
babel compile --directory "$folder" --statistics
