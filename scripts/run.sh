#!/usr/bin/env bash
# Everything between a fresh clone and a served page, and the same command every day after:
# Python, .venv, hashed install, translations, data folder and secret, migrations, worker, web server.
#
#   PORT=8000 HOST=127.0.0.1      where to listen
#   HUMASFLOW_DATA=…/instance     database, pictures, keys
#   HUMASFLOW_WEB_PROCESSES=2     web processes
#   PYTHON=python3.12             which Python makes .venv
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"
# shellcheck source=scripts/lib.sh
. "$ROOT/scripts/lib.sh"

export HOST="${HOST:-127.0.0.1}" PORT="${PORT:-8000}"
export HUMASFLOW_DATA="${HUMASFLOW_DATA:-$ROOT/instance}"
case "$PORT" in '' | *[!0-9]*) die "PORT harus angka, misalnya: PORT=8080 make run" ;; esac

ensure_venv
install_lock requirements.lock
case "${HUMASFLOW_DATABASE_URL:-}" in
postgres*)
    .venv/bin/python -c 'import psycopg' 2>/dev/null || install_lock requirements-postgres.lock ;;
esac
compile_translations
ensure_pango || say "Laporan PDF belum dapat dibuat: pustaka Pango belum terpasang. Yang lain berjalan seperti biasa.
  Debian/Ubuntu : sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
  macOS         : brew install pango"

# Before anything is changed: is the door free?
port_is_free "$HOST" "$PORT" || die "Alamat $HOST:$PORT sudah dipakai program lain (mungkin humasflow sudah berjalan).
Hentikan program itu, atau pilih pintu lain: PORT=8080 make run"

# The data folder and the key are for their owner only. The key is written once and never printed.
umask 077
mkdir -p "$HUMASFLOW_DATA"
chmod 700 "$HUMASFLOW_DATA"
if [ -z "${HUMASFLOW_SECRETS:-}" ] && [ ! -s "$HUMASFLOW_DATA/secret.key" ]; then
    .venv/bin/python -c 'import os, secrets, sys
path = sys.argv[1]
with open(os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
    file.write(secrets.token_urlsafe(64) + "\n")
os.replace(path + ".new", path)' "$HUMASFLOW_DATA/secret.key"
fi

say "Menyiapkan basis data…"
.venv/bin/python -m flask --app wsgi db upgrade \
    || die "Basis data belum siap. Pesan di atas menyebut sebabnya; data yang sudah ada tidak dihapus."

worker='' web=''

# Stops both, politely first: the worker finishes the delivery it holds, the web server the pages it is writing.
stop() {
    trap '' INT TERM HUP
    [ -z "$web" ] || kill -TERM "$web" 2>/dev/null || true
    [ -z "$worker" ] || kill -TERM "$worker" 2>/dev/null || true
    local tick=0
    while [ "$tick" -lt 300 ] && { alive "$web" || alive "$worker"; }; do
        sleep 0.1
        tick=$((tick + 1))
    done
    [ -z "$web" ] || kill -KILL "$web" 2>/dev/null || true
    [ -z "$worker" ] || kill -KILL "$worker" 2>/dev/null || true
    wait 2>/dev/null || true
}
alive() { [ -n "$1" ] && kill -0 "$1" 2>/dev/null; }
trap 'stop; say ""; say "humasflow berhenti."; exit 0' INT TERM HUP

.venv/bin/python -m humasflow.worker &
worker=$!
# gunicorn prints the address when it listens (gunicorn.conf.py).
.venv/bin/python -m gunicorn --config gunicorn.conf.py wsgi:app &
web=$!

# `sleep & wait` instead of `sleep`: a signal is then acted on at once. (`wait -n` is missing from macOS's bash.)
while alive "$web" && alive "$worker"; do
    sleep 0.5 &
    wait $! || true
done

if alive "$worker"; then failed='Peladen web'; else failed='Pekerja (worker)'; fi
stop
die "$failed berhenti sendiri, jadi humasflow dihentikan. Sebabnya ada pada pesan di atas."
