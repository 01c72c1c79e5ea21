"""The number of a civil servant: how it is read, and that nobody has another's."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from humasflow.accounts.nips import NipTaken, to_nip
from humasflow.accounts.services import people, profile, staff
from humasflow.accounts.services.staff import RoleWanted
from humasflow.audit.models import AuditEntry
from humasflow.core.db import db
from humasflow.core.permissions import Role
from tests.factories.world import World
from tests.support.page import Browser

BrowserOf = Callable[[Any], Browser]
NIP = "198001312005011001"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("  ", ""),
        (NIP, NIP),
        ("19800131 200501 1 001", NIP),
        ("199002282022212002", "199002282022212002"),  # by contract
        ("198002302005011001", None),  # no such day
        ("198001312005131001", None),  # no such month
        ("198001312005013001", None),  # no such sex
        ("198001312005011000", None),  # cut by a spreadsheet
        ("200501011980011001", None),  # appointed before birth
        ("19800131200501100", None),
        ("1980013120050110011", None),
        ("19800131200501100x", None),
        ("١٩٨٠٠١٣١٢٠٠٥٠١١٠٠١", None),
    ],
)
def test_how_it_is_read(typed: str, kept: str | None) -> None:
    assert to_nip(typed) == kept


@pytest.mark.db
@pytest.mark.usefixtures("in_request")
def test_nobody_has_anothers(world: World, other_world: World) -> None:
    admin = world.as_(world.admin)
    profile.change_profile(world.as_(world.editor), nip=NIP)
    with pytest.raises(NipTaken, match="sudah dipakai orang lain di kantor ini"):
        profile.change_profile(world.as_(world.lead), nip=NIP)
    with pytest.raises(NipTaken):
        staff.change_person(
            world.lead, world.office, actor=admin, name="x", email=world.lead.email, row_version=None, nip=NIP
        )
    with pytest.raises(NipTaken):
        staff.add_person(
            world.office, actor=admin, name="Baru", email="baru@kantor-uji.example", nip=NIP,
            wanted=RoleWanted(Role.EDITOR, world.office),
        )  # fmt: skip
    # One's own again is nothing new, and another office knows nothing of it.
    assert profile.change_profile(world.as_(world.editor), nip=NIP) == []
    profile.change_profile(other_world.as_(other_world.lead), nip=NIP)
    # Whoever works in both offices has it nowhere twice.
    people.grant_role(other_world.editor, world.office, Role.EDITOR, actor=None)
    db.session.expire_all()
    with pytest.raises(NipTaken):
        staff.change_person(
            other_world.editor, world.office, actor=admin, name="Redaktur", email=other_world.editor.email,
            row_version=None, nip=NIP,
        )  # fmt: skip
    assert NIP not in str([e.detail for e in db.session.scalars(select(AuditEntry))])


@pytest.mark.db
def test_it_is_typed_on_the_pages(browser_of: BrowserOf, world: World) -> None:
    editor, admin = browser_of(world.editor), browser_of(world.admin)
    form = editor.get("/profil").form("/profil")
    assert "18 angka" in editor.post("/profil", form | {"nip": "123"}, status=422).main
    editor.post("/profil", form | {"nip": "19800131 200501 1 001"}, status=303)
    assert editor.get("/profil").form("/profil")["nip"] == NIP

    address = f"/pengaturan/pengguna/{world.lead.id}"
    form = admin.get(address).form(address)
    refused = admin.post(address, form | {"nip": NIP}, status=422)
    assert "NIP ini sudah dipakai orang lain" in refused.main
    typed = refused.soup.select_one("[name=nip]")
    assert typed is not None and typed["value"] == NIP, "what was typed stays"
    admin.post(address, form | {"nip": "197501312000031001"}, status=303)
    assert world.lead.nip == "197501312000031001"
    admin.post(address, admin.get(address).form(address) | {"nip": ""}, status=303)
    assert world.lead.nip == ""

    new = "/pengaturan/pengguna/baru"
    filled = admin.get(new).form(new) | {
        "name": "Rina", "email": "rina@kantor-uji.example", "role": "editor", "unit_id": str(world.office.id),
    }  # fmt: skip
    assert "NIP ini sudah dipakai orang lain" in admin.post(new, filled | {"nip": NIP}, status=422).main
    admin.post(new, filled | {"nip": "199002282015042002"}, status=303)
