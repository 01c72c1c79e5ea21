"""Scores publications in a process of its own, each in a transaction. Run by test_several_workers.

    python -m tests.scoring.scoring_worker DATABASE_URL DATA_FOLDER TIMES DELIVERY...

Says ``ready``, waits for a line, scores every publication so many times, and says how many lines of the office it wrote.
"""

import sys
from pathlib import Path

from humasflow.core.db import db
from humasflow.publishing.models import Delivery
from humasflow.scoring.services.ledger import score_delivery
from tests.conftest import make_app


def main() -> None:
    """Score, and tell."""
    url, data, times, *ids = sys.argv[1:]
    app = make_app(url, Path(data))
    print("ready", flush=True)
    sys.stdin.readline()
    written = 0
    for _time in range(int(times)):
        for delivery_id in ids:
            with app.app_context(), app.test_request_context():
                written += len(score_delivery(db.session.get_one(Delivery, int(delivery_id))))
                db.session.commit()
    print(written, flush=True)


if __name__ == "__main__":
    main()
