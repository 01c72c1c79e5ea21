"""A real WordPress (Debian's package) on a database of its own, both on free ports of the loopback interface."""

import getpass
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.servers.programs import Missing, Program, alone, cache_folder, find_program, free_port, run

DEBIAN = Path("/usr/share/wordpress")
HERE = Path(__file__).parent

# Application passwords over plain http, no look at the internet, addresses by the port of this run.
CONFIG = """<?php
define('DB_NAME', 'wp'); define('DB_USER', 'wp'); define('DB_PASSWORD', 'wp'); define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('DB_HOST', '127.0.0.1:' . getenv('WP_DB_PORT'));
define('WP_HOME', getenv('WP_URL')); define('WP_SITEURL', getenv('WP_URL'));
foreach (['AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT'] as $name) define($name, "uji-$name");
define('WP_ENVIRONMENT_TYPE', 'local'); define('WP_HTTP_BLOCK_EXTERNAL', true); define('AUTOMATIC_UPDATER_DISABLED', true);
define('DISABLE_WP_CRON', true); define('FS_METHOD', 'direct'); define('WP_DEBUG', false);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""


@dataclass(frozen=True)
class WordPress:
    """``people`` by role: ``name``, ``password`` (for applications), ``uuid``."""

    url: str
    port: int
    version: str
    people: dict[str, dict[str, str]]

    def ask(self, method: str, path: str, *, role: str = "editor", **more: Any) -> httpx.Response:
        """The REST API, as one of its people; around the product."""
        person = self.people[role]
        return httpx.request(
            method, f"{self.url}/wp-json/wp/v2/{path}", auth=(person["name"], person["password"]), timeout=30,
            trust_env=False, **more,
        )  # fmt: skip

    def posts(self, **query: str) -> list[dict[str, Any]]:
        """Every post in any state but the trash, the oldest first."""
        return self._every("posts", {"status": "any"} | query)

    def published(self) -> list[dict[str, Any]]:
        """What everybody sees."""
        return [one for one in self.posts() if one["status"] == "publish"]

    def media(self) -> list[dict[str, Any]]:
        """The pictures, the oldest first."""
        return self._every("media", {})

    def _every(self, what: str, query: dict[str, str]) -> list[dict[str, Any]]:
        """All of them, page by page."""
        found: list[dict[str, Any]] = []
        page = 1
        while True:
            asked = {"context": "edit", "per_page": "100", "orderby": "id", "order": "asc", "page": str(page)}
            some = self.ask("GET", what, params=asked | query).json()
            if not isinstance(some, list):  # beyond the last page
                return found
            found += some
            if len(some) < 100:
                return found
            page += 1


@contextmanager
def wordpress_running() -> Iterator[WordPress]:
    """An empty portal with an editor, an author, a contributor and a subscriber. Raises Missing, DidNotStart."""
    if not DEBIAN.is_dir():
        raise Missing("WordPress is not installed (Debian: wordpress). `make test-channels` installs it.")
    php = find_program("php", package="php-cli php-mysql php-gd php-xml php-curl php-mbstring php-intl")
    folder = cache_folder("wordpress")
    with alone(folder):
        db_port, port = free_port(), free_port()
        env = {
            "WP_URL": f"http://127.0.0.1:{port}",
            "WP_DB_PORT": str(db_port),
            "PHP_CLI_SERVER_WORKERS": "4",
        }
        with _database(folder, db_port):
            site = _site(folder)
            told = json.loads(run([php, str(HERE / "install.php"), str(site)], env=env).splitlines()[-1])
            limits = ["-d", "upload_max_filesize=64M", "-d", "post_max_size=64M"]
            argv = [php, *limits, "-S", f"127.0.0.1:{port}", "-t", str(site), str(HERE / "router.php")]
            with Program("wordpress", argv, env=env) as server:
                server.wait_for_port(port)
                yield WordPress(env["WP_URL"], port, told["version"], told["people"])


@contextmanager
def _database(folder: Path, port: int) -> Iterator[None]:
    package = "mariadb-server"
    data, socket = folder / "db", folder / "db.sock"
    user = f"--user={getpass.getuser()}"
    if not (data / "mysql").is_dir():
        shutil.rmtree(data, ignore_errors=True)
        install = find_program("mariadb-install-db", package=package)
        run([install, "--no-defaults", f"--datadir={data}", user, "--auth-root-authentication-method=normal",
             "--skip-test-db"])  # fmt: skip
    argv = [
        find_program("mariadbd", package=package), "--no-defaults", f"--datadir={data}", user, f"--socket={socket}",
        f"--pid-file={folder / 'db.pid'}", "--bind-address=127.0.0.1", f"--port={port}",
        "--innodb-buffer-pool-size=64M", "--innodb-flush-log-at-trx-commit=0",
    ]  # fmt: skip
    with Program("wordpress-db", argv) as server:
        server.wait_for_port(port)
        client = [
            find_program("mariadb", package=package),
            "--no-defaults",
            "-S",
            str(socket),
            "-uroot",
            "-e",
        ]
        sql = (
            "CREATE DATABASE IF NOT EXISTS wp CHARACTER SET utf8mb4;"
            "CREATE USER IF NOT EXISTS wp@127.0.0.1 IDENTIFIED BY 'wp'; GRANT ALL ON wp.* TO wp@127.0.0.1;"
        )
        run([*client, sql])
        yield


def _site(folder: Path) -> Path:
    """The package's files with a configuration of ours, as this user's own copy: it writes uploads."""
    site, made = folder / "site", folder / "site.complete"
    if not made.exists():
        shutil.rmtree(site, ignore_errors=True)
        # Debian links into /etc and /var, some of it for programs that are not installed.
        shutil.copytree(DEBIAN, site, ignore_dangling_symlinks=True)
        made.touch()
    (site / "wp-config.php").write_text(CONFIG)
    shutil.rmtree(site / "wp-content/uploads", ignore_errors=True)
    (site / "wp-content/uploads").mkdir(parents=True)
    return site
