"""An office with sections, people by role, content types, pillars, channels and an approval chain of one step."""

from dataclasses import dataclass, fields
from datetime import date

from humasflow.accounts import queries as accounts
from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.accounts.services import people
from humasflow.approvals.enums import StepScope
from humasflow.approvals.models import ApprovalAskee, ApprovalChain, ApprovalStep
from humasflow.channels import queries as channel_queries
from humasflow.channels import services as channels
from humasflow.channels.models import ChannelAccount
from humasflow.channels.presets.loader import content_types
from humasflow.core.db import db
from humasflow.core.permissions import Role
from humasflow.orgs import services as orgs
from humasflow.orgs.enums import OfficeKind
from humasflow.orgs.models import Unit
from humasflow.planning import queries as planning_queries
from humasflow.planning import services as planning
from humasflow.planning.days.services import seed_days
from humasflow.planning.models import ContentType, Pillar
from humasflow.planning.production_roles.services import seed_production_roles

PASSWORD = "sandi untuk pengujian saja"


@dataclass
class World:
    """Everything in an office that tests ask for by name."""

    office: Unit
    section: Unit  # Seksi Pelayanan Lelang
    other_section: Unit  # Seksi Hukum dan Informasi
    contributor: User
    other_contributor: User
    editor: User
    other_editor: User
    approver: User  # Kepala Seksi Hukum dan Informasi, held in the office itself
    section_approver: User  # Kepala Seksi Pelayanan Lelang, held in the section
    lead: User
    admin: User
    web: ChannelAccount
    facebook: ChannelAccount
    instagram: ChannelAccount
    x: ChannelAccount
    news: ContentType  # berita_terbaru
    headline: ContentType  # berita_utama
    social: ContentType  # unggahan
    pillar: Pillar

    def as_(self, user: User) -> Principal:
        """The person with today's roles, acting in this office."""
        return accounts.load_principal(user, office_id=self.office.id)


_PEOPLE = {
    "contributor": ("Kontributor Satu", Role.CONTRIBUTOR, "section", "Pelaksana"),
    "other_contributor": ("Kontributor Dua", Role.CONTRIBUTOR, "other_section", "Pelaksana"),
    "editor": ("Redaktur Satu", Role.EDITOR, "office", "Pranata Humas"),
    "other_editor": ("Redaktur Dua", Role.EDITOR, "office", "Admin Media Sosial"),
    "approver": ("Penyetuju Kantor", Role.APPROVER, "office", "Kepala Seksi Hukum dan Informasi"),
    "section_approver": ("Penyetuju Seksi", Role.APPROVER, "section", "Kepala Seksi Pelayanan Lelang"),
    "lead": ("Ketua Tim", Role.LEAD, "office", "Kepala Kantor"),
    "admin": ("Admin Kantor", Role.ADMIN, "office", "Kepala Subbagian Umum"),
}


def build_world(
    *, slug: str = "kantor-uji", name: str = "Kantor Uji", timezone: str = "Asia/Jakarta"
) -> World:
    """Make the office. Flushes; the caller commits. Roles hold from 2019 on, so that tests may travel in time."""
    office = orgs.create_office(
        actor=None, name=name, short_name=name, office_kind=OfficeKind.SERVICE, timezone=timezone, slug=slug
    )
    units = {
        "office": office,
        "section": orgs.create_section(office, actor=None, name="Seksi Pelayanan Lelang"),
        "other_section": orgs.create_section(office, actor=None, name="Seksi Hukum dan Informasi"),
    }
    users: dict[str, User] = {}
    for key, (person, role, unit, title) in _PEOPLE.items():
        email = f"{key.replace('_', '.')}@{slug}.example"
        user = people.create_user(actor=None, office_id=office.id, name=person, email=email)
        user.password_hash = _password_hash()
        people.grant_role(
            user, units[unit], role, actor=None, position_title=title, valid_from=date(2019, 1, 1)
        )
        users[key] = user
    planning.seed_content_types(office.id, [(t.code, t.label) for t in content_types()])
    seed_production_roles(office.id)
    seed_days(office.id)
    channels.seed_kinds(office.id)
    kinds = {k.code: k for k in channel_queries.list_kinds(office.id)}
    types = {t.code: t for t in planning_queries.list_content_types(office.id)}
    outlets = {
        "web": ("website_own", "Situs berita", ""),
        "facebook": ("facebook", "Facebook Kantor", "kantoruji"),
        "instagram": ("instagram", "Instagram Kantor", "kantoruji"),
        "x": ("x", "X Kantor", "kantoruji"),
    }
    accounts_made = {
        key: channels.create_account(
            office.id, actor=None, kind=kinds[kind], name=label, handle=handle,
            assignee_id=users["other_editor"].id if key != "web" else None,
        )
        for key, (kind, label, handle) in outlets.items()
    }  # fmt: skip
    pillar = planning.create_pillar(office.id, actor=None, name="Lelang")
    chain = ApprovalChain(office_id=office.id, content_type_id=None)
    step = ApprovalStep(position=1, label="Kepala Seksi Hukum dan Informasi")
    step.askees = [ApprovalAskee(number=1, scope=StepScope.OFFICE)]
    chain.steps = [step]
    db.session.add(chain)
    db.session.flush()
    return World(
        office=office, section=units["section"], other_section=units["other_section"], **users, **accounts_made,
        news=types["berita_terbaru"], headline=types["berita_utama"], social=types["unggahan"], pillar=pillar,
    )  # fmt: skip


_hash = ""


def _password_hash() -> str:
    global _hash
    if not _hash:
        from humasflow.accounts.services.passwords import hash_password

        _hash = hash_password(PASSWORD)
    return _hash


def ids_of(world: World) -> dict[str, tuple[type, int]]:
    """A world as numbers, to be found again in a copy of its database."""
    return {f.name: (type(getattr(world, f.name)), getattr(world, f.name).id) for f in fields(world)}


def world_from(ids: dict[str, tuple[type, int]]) -> World:
    """The same world, read from the present session."""
    return World(**{key: db.session.get_one(model, ident) for key, (model, ident) in ids.items()})
