"""``python -m benchmarks publishing [sqlite] [postgresql]``: a thousand real publications, from due to live.

Approved posts of an office go out through the publisher itself, in whole worker processes with everything an office's
worker does besides (timetable, evidence, announcements), on a database whose commits reach the disk. Only the channel
is an imitation: it answers at once, or as late as it is told to, and notes every post in a file, so that one that went
out twice stands there twice. Its public pages are served by this process and looked at like any others.
Read beside how busy the machine was: every figure is by the clock.
"""

import sys
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

from benchmarks.office import LONGEST, SLOW, Databases, Office, built, office, pages
from benchmarks.queue import LATEST_START, LONGEST_DRAIN, MOST_GROWTH, PROCESSES
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.services.afterwards import ANNOUNCE, EVIDENCE
from humasflow.publishing.services.scheduling import PUBLISH

MANY, QUEUED = 1000, 10_000
BESIDE, EVERY = 40, 0.7  # posts of others that come due meanwhile, so many seconds apart


def thousand(place: Office, processes: int, accounts: int) -> list[str]:
    """From the second in which they are all due until the last receipt is stored, each published once."""
    with place.workers(processes):
        due = place.now() + timedelta(seconds=3)
        place.bring_forward([job for job, _lane in place.jobs()], due)
        place.until(lambda: not place.open_jobs(PUBLISH), "everything is out")
        out = (place.last_done(PUBLISH) - due).total_seconds()
        place.until(lambda: not place.open_jobs(EVIDENCE, ANNOUNCE), "what follows is done")
        over = (place.last_done(EVIDENCE, ANNOUNCE) - due).total_seconds()
    live = [note for note in place.notes() if note.what == "live"]
    times, states = Counter(note.ref for note in live), place.states()
    shared = sorted(Counter(note.pid for note in live).values(), reverse=True)
    print(
        f"  {MANY} due at once, {accounts:2} accounts, {processes} workers: out after {out:6.1f} s "
        f"({MANY / out:4.1f} a second), evidence and news after {over:6.1f} s, shared {shared}",
        flush=True,
    )
    missed = (
        []
        if out <= LONGEST_DRAIN
        else [f"{MANY} posts on {accounts} by {processes} workers took {out:.0f} s"]
    )
    if states != {S.PUBLISHED: MANY} or len(times) != MANY or max(times.values()) != 1:
        missed.append(
            f"not each once: {states}, {len(times)} of {MANY} on the channel, {len(live)} posts there"
        )
    return missed


def slow_account(place: Office, processes: int) -> list[str]:
    """Posts of others that come due one by one while an account takes half a minute for each of its own."""
    jobs = place.jobs()
    slow_lane = jobs[0][1]
    slow = [job for job, lane in jobs if lane == slow_lane]
    others = [job for job, lane in jobs if lane != slow_lane][:BESIDE]
    with place.workers(processes):
        first = place.now() + timedelta(seconds=2)
        place.bring_forward(slow, first)
        dues = {job: first + timedelta(seconds=1 + n * EVERY) for n, job in enumerate(others)}
        for job, due in dues.items():
            place.bring_forward([job], due)
        place.until(lambda: len(place.live_of(others)) == len(others), "the others are out")
        posted = place.live_of(others)
        taken = sum(note.what == "media" for note in place.notes()) - len(others)
    delays = sorted((posted[job] - due).total_seconds() for job, due in dues.items())
    print(
        f"  one account takes {SLOW:.0f} s a post ({taken} begun): of {len(delays)} posts of others, {EVERY} s apart, "
        f"{processes} workers, the last step came median {delays[len(delays) // 2]:.2f} s, most {delays[-1]:.2f} s "
        f"after they were due",
        flush=True,
    )
    late = delays[-1] > LATEST_START
    return [f"a slow account held a post of another up for {delays[-1]:.1f} s"] if late else []


def memory(place: Office) -> list[str]:
    """What one worker holds at the first, and after so many of a long queue."""
    with place.workers(1):
        place.bring_forward([job for job, _lane in place.jobs()], place.now())
        place.until(lambda: place.live() >= MANY, "enough is out", limit=2 * LONGEST)
        left = place.open_jobs(PUBLISH)
    held = [note.memory for note in place.notes() if note.what == "live"][: MANY + 1]
    growth = held[-1] - held[MANY // 10]
    print(
        f"  {len(place.jobs())} posts due, {left} of them still after {len(held)}: the worker holds "
        f"{held[0]:.0f} MiB at the first, {held[MANY // 10]:.0f} after {MANY // 10}, {held[-1]:.0f} after {len(held)}",
        flush=True,
    )
    return [f"the worker grew by {growth:.0f} MiB"] if growth > MOST_GROWTH else []


def measure(kind: str, port: str) -> list[str]:
    """Print the figures of one kind of database. Returns what is not as promised."""
    missed: list[str] = []
    print(f"\n{kind}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        databases = Databases(kind, Path(folder))
        try:
            for accounts in (50, 1):
                url = built(databases, port, accounts=accounts, count=MANY)
                for processes in PROCESSES[kind]:
                    with office(databases, url, port) as place:
                        missed += thousand(place, processes, accounts)
            url = built(databases, port, accounts=11, count=55, slow=True)
            for processes in PROCESSES[kind][:2]:
                with office(databases, url, port) as place:
                    missed += slow_account(place, processes)
            url = built(databases, port, accounts=50, count=QUEUED)
            with office(databases, url, port, is_copied=False) as place:
                missed += memory(place)
        finally:
            databases.end()
    return missed


def main() -> None:
    """Print the figures; ends with an error when a promise is broken."""
    with pages() as port:
        missed = [line for kind in sys.argv[1:] or PROCESSES for line in measure(kind, port)]
    if missed:
        raise SystemExit("not as promised:\n" + "\n".join(missed))


if __name__ == "__main__":
    main()
