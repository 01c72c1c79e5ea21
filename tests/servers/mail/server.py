"""A real postfix that delivers to a real dovecot, on the loopback interface: mailboxes of one made-up domain, and a
delivery report for everybody else. Both need to be started by root, as they change to users of their own.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.servers.programs import Missing, Program, cache_folder, find_program, free_port, run

DOMAIN = "kantor-uji.example"
USER, PASSWORD = f"humas@{DOMAIN}", "rahasia kotak"
SERVICES = (
    "pickup unix n - n 60 1 pickup", "cleanup unix n - n - 0 cleanup", "qmgr unix n - n 300 1 qmgr",
    "rewrite unix - - n - - trivial-rewrite", "bounce unix - - n - 0 bounce", "defer unix - - n - 0 bounce",
    "trace unix - - n - 0 bounce", "verify unix - - n - 1 verify", "flush unix n - n 1000? 0 flush",
    "proxymap unix - - n - - proxymap", "error unix - - n - - error", "retry unix - - n - - error",
    "discard unix - - n - - discard", "local unix - n n - - local", "virtual unix - n n - - virtual",
    "anvil unix - - n - 1 anvil", "scache unix - - n - 1 scache", "postlog unix-dgram n - n - 1 postlogd",
)  # fmt: skip


@dataclass(frozen=True)
class MailServers:
    """Where to send, and where to read."""

    smtp_port: int
    imap_port: int


@contextmanager
def mail_servers_running() -> Iterator[MailServers]:
    """Started with empty queues and mailboxes, and stopped at the end. Raises Missing."""
    postfix = find_program("postfix", package="postfix")
    dovecot = find_program("dovecot", package="dovecot-imapd")
    if os.geteuid() != 0:
        raise Missing(
            "postfix and dovecot are started by root only; run these tests as root, in a container."
        )
    folder = cache_folder("mail")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for parent in (folder, *folder.parents):
        parent.chmod(parent.stat().st_mode | 0o011)  # they walk through it as users of their own
    smtp_port, imap_port = free_port(), free_port()
    config = _postfix(folder, smtp_port)
    with (
        Program("dovecot", [dovecot, "-F", "-c", str(_dovecot(folder, imap_port))]) as reader,
        Program("postfix", [postfix, "-c", str(config), "start-fg"]) as sender,
    ):
        try:
            reader.wait_for_port(imap_port)
            sender.wait_for_port(smtp_port)
            yield MailServers(smtp_port, imap_port)
        finally:
            with suppress(subprocess.TimeoutExpired, OSError):
                subprocess.run(
                    [postfix, "-c", str(config), "stop"], capture_output=True, timeout=30, check=False
                )


def _postfix(folder: Path, port: int) -> Path:
    config, queue, data, boxes = (folder / name for name in ("postfix", "queue", "data", "boxes"))
    for made in (config, queue, data, boxes):
        made.mkdir()
    owner = pwd.getpwnam("postfix")
    os.chown(data, owner.pw_uid, owner.pw_gid)
    nobody = pwd.getpwnam("nobody")
    os.chown(boxes, nobody.pw_uid, nobody.pw_gid)
    (config / "people").write_text(f"{USER} humas/\n")
    (config / "main.cf").write_text(
        f"""compatibility_level = 3.6
queue_directory = {queue}
data_directory = {data}
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.{DOMAIN}
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
virtual_mailbox_domains = {DOMAIN}
virtual_mailbox_base = {boxes}
virtual_mailbox_maps = texthash:{config}/people
virtual_uid_maps = static:{nobody.pw_uid}
virtual_gid_maps = static:{nobody.pw_gid}
virtual_minimum_uid = 1
# Taken at the door and reported afterwards, as a server does that only hands mail on.
smtpd_reject_unlisted_recipient = no
smtpd_relay_restrictions = permit_mynetworks, reject
default_transport = error:5.1.2 no way out of here
message_size_limit = 60000000
virtual_mailbox_limit = 0
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
"""
    )
    (config / "master.cf").write_text("\n".join((f"127.0.0.1:{port} inet n - n - - smtpd", *SERVICES)) + "\n")
    run([find_program("postfix", package="postfix"), "-c", str(config), "check"], seconds=60)
    return config


def _dovecot(folder: Path, port: int) -> Path:
    home = folder / "dovecot"
    home.mkdir()
    nobody = pwd.getpwnam("nobody")
    (home / "people").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
    home.chmod(0o755)
    config = home / "dovecot.conf"
    config.write_text(
        f"""base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = {nobody.pw_uid}
first_valid_gid = {nobody.pw_gid}
mail_location = maildir:{folder}/boxes/humas
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {home}/people
}}
userdb {{
  driver = static
  args = uid={nobody.pw_uid} gid={nobody.pw_gid} home={folder}/boxes/humas
}}
"""
    )
    return config
