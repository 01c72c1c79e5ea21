# Shared by run.sh and test.sh: Python, the virtual environment, hashed installs. Sourced, never run.
# Every function prints to stderr and returns non-zero on failure; nothing is installed outside .venv except
# python3-venv, chromium and Pango, by apt, and only when this runs as root.

say() { printf '%s\n' "$*" >&2; }
die() { printf '\n%s\n' "$*" >&2; exit 1; }

can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

apt_install() {
    say "apt-get install $*"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 && return 0
    # A fresh machine has no package lists yet.
    apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

# Prints the first Python >= 3.11: $PYTHON if set, else the newest named one on PATH.
find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3.14 python3.13 python3.12 python3.11 python3 python; do
        if command -v "$candidate" >/dev/null 2>&1 && is_new_enough "$candidate"; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

# Makes $ROOT/.venv unless a working one is there. A folder that was moved or whose Python is gone is made again.
ensure_venv() {
    local python version
    if [ -x "$ROOT/.venv/bin/python" ] && is_new_enough "$ROOT/.venv/bin/python" \
        && "$ROOT/.venv/bin/python" -m pip --version >/dev/null 2>&1; then
        return 0
    fi
    python=$(find_python) || die "Python 3.11 atau yang lebih baru belum ada di komputer ini.
  Debian/Ubuntu : sudo apt-get install python3 python3-venv
  macOS         : brew install python
  Windows       : pasang lewat WSL (lihat README)
Jika sudah ada di tempat lain: PYTHON=/jalur/ke/python3 make run"
    if ! "$python" -c 'import ensurepip' >/dev/null 2>&1; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        if can_apt; then
            apt_install "python$version-venv" || die "Gagal memasang python$version-venv lewat apt. Periksa jaringan, lalu ulangi."
        else
            die "Modul venv untuk Python $version belum terpasang. Jalankan: sudo apt-get install python$version-venv"
        fi
    fi
    say "Menyiapkan .venv dengan $("$python" --version)…"
    "$python" -m venv --clear "$ROOT/.venv" || die "Tidak dapat membuat $ROOT/.venv. Periksa izin tulis dan ruang disk."
}

lock_digest() {
    "$ROOT/.venv/bin/python" -c 'import hashlib, pathlib, sys; print(hashlib.sha256(pathlib.Path(sys.argv[1]).read_bytes()).hexdigest())' "$1"
}

# install_lock requirements.lock: installs with hashes, once for each content of the lock file. The second start
# finds the stamp and needs no network.
install_lock() {
    local lock="$ROOT/$1" stamp="$ROOT/.venv/.$1.sha256" digest log
    digest=$(lock_digest "$lock")
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$digest" ]; then
        return 0
    fi
    say "Memasang pustaka dari $1 (sekali saja)…"
    # pip's remarks are shown when it fails; a machine with its own mirrors makes it remark on every package.
    if ! log=$("$ROOT/.venv/bin/python" -m pip install --quiet --no-input --disable-pip-version-check \
        --require-hashes -r "$lock" 2>&1); then
        printf '%s\n' "$log" | grep -v '^WARNING: Location' | tail -n 20 >&2 || true
        die "Pustaka belum terpasang lengkap. Periksa sambungan internet, lalu ulangi; yang sudah terunduh tidak diulang."
    fi
    printf '%s\n' "$digest" >"$stamp"
}

has_pango() {
    "$ROOT/.venv/bin/python" -c 'import sys
from ctypes.util import find_library
sys.exit(not all(map(find_library, ("pango-1.0", "pangoft2-1.0", "harfbuzz", "fontconfig"))))' >/dev/null 2>&1
}

# Reports as PDF need Pango, which no Python package brings. Returns 1 where it is missing and cannot be installed.
ensure_pango() {
    has_pango && return 0
    if can_apt && apt_install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core; then
        has_pango && return 0
    fi
    return 1
}

# Compiles a catalogue only when its .po is newer than its .mo.
compile_translations() {
    local po stale=0
    for po in "$ROOT"/humasflow/translations/*/LC_MESSAGES/*.po; do
        [ -e "$po" ] || continue
        if [ ! -e "${po%.po}.mo" ] || [ "$po" -nt "${po%.po}.mo" ]; then stale=1; fi
    done
    [ "$stale" = 1 ] || return 0
    "$ROOT/.venv/bin/python" -m babel.messages.frontend --quiet compile --directory "$ROOT/humasflow/translations" \
        || die "Berkas terjemahan di humasflow/translations tidak dapat dikompilasi; lihat pesan di atas."
}

# SO_REUSEADDR, as gunicorn sets it, so that a closed server's lingering connections do not count; listen as well,
# because two sockets may be bound that way as long as neither listens.
port_is_free() {
    "$ROOT/.venv/bin/python" -c 'import socket, sys
host, port = sys.argv[1], int(sys.argv[2])
with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as door:
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
        door.listen(1)
    except (OSError, OverflowError) as error:
        sys.exit(str(error))' "$1" "$2"
}
