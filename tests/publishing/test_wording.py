"""What a person reads when a channel says no, where the kind of refusal alone would promise something wrong."""

import pytest

from humasflow.channels.adapters.errors import Invalid, QuotaExceeded
from humasflow.channels.adapters.x.api import refusal as refusal_of_x
from humasflow.publishing.wording import refusal
from tests.support.scripted import answer


def test_a_quota_comes_back_and_money_does_not(app, in_request):
    assert "setelah kuotanya pulih" in refusal(QuotaExceeded("25/25"), "Instagram Kantor")

    spent = refusal_of_x(answer({"title": "CreditsDepleted", "detail": "…", "status": 402}, 402))
    told = refusal(spent, "X Kantor")
    assert "Saldo X Kantor habis" in told and "Minta admin mengisinya" in told
    assert "kuota" not in told.lower()


@pytest.mark.parametrize("detail", ["", "25/25", "status 429"])
def test_what_nothing_closer_is_known_of_keeps_its_words(app, in_request, detail):
    assert refusal(QuotaExceeded(detail), "X Kantor") == refusal(QuotaExceeded(), "X Kantor")


def test_the_same_words_twice_are_named_as_the_reason(app, in_request):
    told = refusal(Invalid("duplicate_content"), "X Kantor")
    assert "X Kantor menolak karena kata-katanya sama" in told and told.endswith("lalu ajukan lagi.")
