"""People of the office: each row a person with a role and an invitation, as on the page of people. An address that is
known adds nothing, but corrects a name or a NIP and gives a role that is missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from humasflow.accounts import queries
from humasflow.accounts.models import User, UserSession
from humasflow.accounts.nips import NipTaken, taken, to_nip, wrong
from humasflow.accounts.phones import to_e164
from humasflow.accounts.services import invitations, staff
from humasflow.accounts.services.staff import RoleWanted
from humasflow.core.db import Base, db
from humasflow.core.errors import NotFound, UserError
from humasflow.core.forms import EmailShape
from humasflow.core.permissions import Permission, Role
from humasflow.imports.kinds.base import Applied, Checked, Column, Context, Finding, Outcome, Severity
from humasflow.imports.kinds.words import looks_like_formula, units_by_words
from humasflow.notifications.models import MailSettings
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import list_sections

# How lists call a role, beside its label.
ROLE_ALIASES: Final[Mapping[str, Role]] = {
    "kontributor": Role.CONTRIBUTOR, "contributor": Role.CONTRIBUTOR, "penulis": Role.CONTRIBUTOR,
    "redaktur": Role.EDITOR, "editor": Role.EDITOR,
    "penyetuju": Role.APPROVER, "approver": Role.APPROVER,
    "ketua tim": Role.LEAD, "ketua": Role.LEAD, "lead": Role.LEAD, "team lead": Role.LEAD,
    "admin": Role.ADMIN, "administrator": Role.ADMIN,
}  # fmt: skip
# What refers to a person without their having been given anything to do.
_OWN: Final = ("role_grant", "invitation", "mail_", "notice_", "notification", "user_session", "sign_in_code")


@dataclass(frozen=True)
class PersonRow:
    """One row, understood. ``nip`` and ``phone`` as they are kept, or empty."""

    name: str
    email: str
    nip: str
    role: Role
    unit: Unit
    phone: str
    title: str


@dataclass(frozen=True)
class Prepared:
    """Roles and units by their words (None: two units are called so), and the people of the office by address."""

    roles: Mapping[str, Role]
    units: Mapping[str, Unit | None]
    people: dict[str, User]
    told: bool  # whether invitations can be mailed


class Users:
    """The kind."""

    code = "users"
    label = _l("Pengguna")
    lead = _l("Daftar pegawai menjadi pengguna dengan peran, dan masing-masing mendapat undangan masuk.")
    permission = Permission.ACCOUNT_MANAGE
    chunk = 500
    columns = (
        Column(
            "nama", _l("Nama lengkap"), ("nama lengkap", "nama", "nama pegawai", "name"), is_required=True,
            example="Nama Pegawai",
        ),
        Column(
            "surel", _l("Alamat surel"),
            ("alamat surel", "surel", "email", "e-mail", "alamat email", "email kedinasan", "email dinas"),
            is_required=True, example="pegawai@kantor.example", hint=_l("Dipakai untuk masuk."),
        ),
        Column(
            "nip", "NIP", ("nip", "nip/nrp", "nip baru", "nomor induk pegawai", "nrp"), example="198001312005011001",
            hint=_l("18 angka, ditulis sebagai teks; boleh kosong."),
        ),
        Column(
            "peran", _l("Peran"), ("peran", "role", "hak akses", "peran di humasflow"), is_required=True,
            example="Kontributor",
        ),
        Column(
            "seksi", _l("Seksi"),
            ("seksi", "unit kerja", "satuan kerja", "unit", "bagian", "bidang", "bertugas di", "section"),
            hint=_l("Kosong berarti di kantor."),
        ),
        Column(
            "telepon", _l("Nomor WhatsApp"),
            ("no. hp", "telepon", "nomor whatsapp", "no. wa", "nomor hp", "hp", "no. telepon", "nomor telepon",
             "whatsapp", "handphone", "phone"),
            example="0812 3456 7890",
        ),
        Column("jabatan", _l("Jabatan"), ("jabatan", "nama jabatan", "position"), example="Pranata Humas"),
    )  # fmt: skip

    def guess_defaults(self, office: Unit) -> Mapping[str, str]:
        """A list without roles: the least of them is proposed."""
        return {"peran": Role.CONTRIBUTOR.label}

    def choices(self, office: Unit) -> Mapping[str, Sequence[str]]:
        """Roles by their labels, and the office with its sections."""
        return {
            "peran": [r.label for r in Role],
            "seksi": [office.name, *(s.name for s in list_sections(office.id))],
        }

    def prepare(self, context: Context) -> Prepared:
        """Five statements."""
        office = context.office
        has_mail = db.session.get(MailSettings, office.id) is not None
        return Prepared(
            {**ROLE_ALIASES, **{r.label.casefold(): r for r in Role}},
            units_by_words([office, *list_sections(office.id)]),
            {p.email: p for p in queries.list_people(office)},
            has_mail and invitations.knows_address(),
        )

    def check(
        self, line: int, cells: Mapping[str, str], context: Context, prepared: Prepared
    ) -> Checked[PersonRow]:
        """Understand a row."""
        found: list[Finding] = []

        def bad(column: str, message: str) -> None:
            found.append(Finding(column, Severity.ERROR, message))

        for column, limit in (("nama", 120), ("jabatan", 120)):
            if looks_like_formula(cells[column]):
                bad(column, _("diawali “%(sign)s” seperti rumus", sign=cells[column][0]))
            elif len(cells[column]) > limit:
                bad(column, _("paling panjang %(n)s karakter", n=limit))
        if not cells["nama"]:
            bad("nama", _("%(column)s kosong", column=_("nama")))
        email = cells["surel"].lower().removeprefix("mailto:")
        if not email:
            bad("surel", _("%(column)s kosong", column=_("alamat surel")))
        elif len(email) > 254 or not EmailShape.pattern.match(email):
            bad("surel", _("alamat surel “%(text)s” belum lengkap", text=email[:60]))
        nip = to_nip(cells["nip"].lstrip("'") if cells["nip"] not in ("-", "–") else "")
        if nip is None:
            bad("nip", wrong())
        phone = to_e164(cells["telepon"] if cells["telepon"] not in ("-", "–") else "")
        if phone is None:
            bad("telepon", _("nomor “%(text)s” tidak dikenal", text=cells["telepon"][:30]))
        role = prepared.roles.get(" ".join(cells["peran"].casefold().split()))
        if role is None:
            bad(
                "peran",
                _("peran “%(name)s” tidak dikenal", name=cells["peran"][:40])
                if cells["peran"]
                else _("%(column)s kosong", column=_("peran")),
            )
        unit = _unit(cells["seksi"], context, prepared, bad)
        if found or nip is None or phone is None or role is None or unit is None:
            return Checked(line, None, tuple(found))
        row = PersonRow(cells["nama"], email, nip, role, unit, phone, cells["jabatan"])
        return Checked(line, row, (), same_as=email)

    def compare(
        self, rows: Sequence[Checked[PersonRow]], context: Context, prepared: Prepared
    ) -> Mapping[int, Sequence[Finding]]:
        """Who is known already, whose address serves another office, whose NIP is another's. One statement."""
        told: dict[int, list[Finding]] = {}
        wanted = {r.value.email for r in rows if r.value} - set(prepared.people)
        elsewhere = (
            set(db.session.scalars(select(User.email).where(User.email.in_(wanted)))) if wanted else set()
        )
        holders = {p.nip: email for email, p in prepared.people.items() if p.nip}
        first: dict[str, tuple[str, int]] = {}
        for row in rows:
            value = row.value
            if value is None:
                continue
            found = told.setdefault(row.line, [])
            if value.email in elsewhere:
                found.append(
                    Finding("surel", Severity.ERROR, _("Alamat surel ini sudah dipakai pengguna lain."))
                )
            if value.nip and holders.get(value.nip, value.email) != value.email:
                found.append(Finding("nip", Severity.ERROR, taken()))
            elif value.nip:
                email, line = first.setdefault(value.nip, (value.email, row.line))
                if email != value.email:
                    found.append(
                        Finding("nip", Severity.ERROR, _("NIP ini juga tertulis pada baris %(n)s.", n=line))
                    )
            person = prepared.people.get(value.email)
            if person is not None:
                found += _about_known(person, value, context)
        return told

    def apply(
        self, rows: Sequence[Checked[PersonRow]], context: Context, prepared: Prepared
    ) -> Sequence[Applied]:
        """Add who is missing; correct and complete who is known."""
        told: list[Applied] = []
        for row in rows:
            if row.value is None:
                continue
            person = prepared.people.get(row.value.email)
            try:
                with db.session.begin_nested():
                    if person is None:
                        done = _add(row.line, row.value, context, prepared)
                    else:
                        done = _complete(row.line, person, row.value, context, prepared)
            except UserError as refused:
                done = Applied(row.line, Outcome.REFUSED, reason=refused.message)
            told.append(done)
        return told

    def take_back(self, applied: Sequence[Applied], context: Context) -> Mapping[int, str]:
        """Who never came in is kept out again, without role and NIP; what was corrected becomes what it was."""
        ids = [a.subject[1] for a in applied if a.subject]
        came, busy = _who_came(ids), _who_is_busy(ids)
        stays: dict[int, str] = {}
        for row in applied:
            if row.subject is None:
                continue
            try:
                with db.session.begin_nested():
                    person = queries.get_person(context.office, row.subject[1])
                    if row.outcome is Outcome.CHANGED:
                        why = _change_back(row, person, context)
                    elif person.id in came:
                        why = _("sudah pernah masuk atau memakai undangannya")
                    elif person.id in busy:
                        why = _("sudah tercatat dalam pekerjaan kantor")
                    else:
                        why = _keep_out(row, person, context)
            except NotFound:
                continue
            except UserError as refused:
                why = refused.message
            if why:
                stays[row.line] = why
        return stays


def _unit(word: str, context: Context, prepared: Prepared, bad: Any) -> Unit | None:
    if not word:
        return context.office
    key = " ".join(word.casefold().split())
    if key not in prepared.units:
        bad("seksi", _("seksi “%(name)s” tidak dikenal", name=word[:60]))
        return None
    if prepared.units[key] is None:
        bad("seksi", _("ada lebih dari satu seksi “%(name)s”; tulis namanya lengkap", name=word[:60]))
    return prepared.units[key]


def _holds(person: User, row: PersonRow, context: Context) -> bool:
    today = queries.today_at(context.office)
    return any(
        g.role is row.role and g.unit_id == row.unit.id and (g.valid_until is None or g.valid_until >= today)
        for g in person.grants
    )


def _is_gone(person: User, context: Context) -> bool:
    """Whether an import that was taken back left them: never came in, kept out, without any role to come."""
    today = queries.today_at(context.office)
    return (
        not person.is_active and person.password_hash is None
        and all(g.valid_until is not None and g.valid_until < today for g in person.grants)
    )  # fmt: skip


def _about_known(person: User, row: PersonRow, context: Context) -> list[Finding]:
    if _is_gone(person, context):
        return [Finding("", Severity.NOTE, _("pernah ada; akan diundang lagi"))]
    found = []
    if person.name != row.name:
        found.append(Finding("nama", Severity.NOTE, _("sekarang “%(name)s”; akan diganti", name=person.name)))
    if row.nip and person.nip != row.nip:
        found.append(
            Finding(
                "nip", Severity.NOTE, _("NIP-nya akan diganti") if person.nip else _("NIP-nya akan diisi")
            )
        )
    if not _holds(person, row, context):
        found.append(Finding("peran", Severity.WARNING, _("sudah terdaftar; peran ini akan ditambahkan")))
    if not person.is_active:
        found.append(Finding("", Severity.WARNING, _("akunnya dinonaktifkan dan tetap demikian")))
    return found or [Finding("", Severity.NOTE, _("sudah terdaftar"))]


def _wanted(row: PersonRow) -> RoleWanted:
    return RoleWanted(row.role, row.unit, position_title=row.title)


def _by_hand(prepared: Prepared) -> str:
    return "" if prepared.told else _("belum disurati; buat tautan undangannya dari halaman orangnya")


def _add(line: int, row: PersonRow, context: Context, prepared: Prepared) -> Applied:
    person, _link = staff.add_person(
        context.office, actor=context.actor, name=row.name, email=row.email, wanted=_wanted(row), nip=row.nip,
        told=prepared.told,
    )  # fmt: skip
    person.phone = row.phone
    db.session.flush()
    (grant,) = queries.list_grants(person, context.office)
    return Applied(line, Outcome.MADE, ("user", person.id), _by_hand(prepared), {"grant": grant.id})


def _complete(line: int, person: User, row: PersonRow, context: Context, prepared: Prepared) -> Applied:
    office, actor, subject = context.office, context.actor, ("user", person.id)
    is_gone, before = _is_gone(person, context), {"name": person.name, "nip": person.nip}
    undo: dict[str, Any] = {}
    after = {"name": row.name, "nip": row.nip or person.nip}
    if after != before:
        staff.change_person(person, office, actor=actor, email=person.email, row_version=None, **after)
        undo |= {"before": before, "after": after}
    if not _holds(person, row, context):
        undo["grant"] = staff.add_role(person, office, actor=actor, wanted=_wanted(row)).id
    if is_gone:
        staff.set_active(person, office, actor=actor, active=True)
        staff.invite_again(person, office, actor=actor, told=prepared.told)
        person.phone = row.phone
        db.session.flush()
        return Applied(line, Outcome.MADE, subject, _by_hand(prepared), {"grant": undo["grant"]})
    return Applied(line, Outcome.CHANGED if undo else Outcome.KNOWN, subject, undo=undo)


def _keep_out(row: Applied, person: User, context: Context) -> str:
    today = queries.today_at(context.office)
    held = {g.id for g in person.grants if g.valid_until is None or g.valid_until >= today}
    if held - {row.undo.get("grant")}:
        return _("sudah diberi peran lain")
    if person.is_active:
        staff.set_active(person, context.office, actor=context.actor, active=False)
    for grant_id in held:
        staff.end_role(person, grant_id, context.office, actor=context.actor)
    # The number is free again, for the row that names the right address.
    staff.change_person(
        person, context.office, actor=context.actor, name=person.name, email=person.email, row_version=None, nip=""
    )  # fmt: skip
    person.phone = ""
    db.session.flush()
    return ""


def _change_back(row: Applied, person: User, context: Context) -> str:
    office, today = context.office, queries.today_at(context.office)
    if "after" in row.undo:
        if {"name": person.name, "nip": person.nip} != row.undo["after"]:
            return _("sudah diubah lagi sesudah diimpor")
        try:
            staff.change_person(
                person,
                office,
                actor=context.actor,
                email=person.email,
                row_version=None,
                **row.undo["before"],
            )
        except NipTaken as error:
            return error.message
    for grant in queries.list_grants(person, office):
        if grant.id == row.undo.get("grant") and (grant.valid_until is None or grant.valid_until >= today):
            staff.end_role(person, grant.id, office, actor=context.actor)
    return ""


def _who_came(ids: Sequence[int]) -> set[int]:
    """Those who set a password or have a session, or had one. One statement."""
    signed_in = select(UserSession.user_id).where(UserSession.user_id.in_(ids))
    found = select(User.id).where(
        User.id.in_(ids), or_(User.password_hash.is_not(None), User.id.in_(signed_in))
    )
    return set(db.session.scalars(found))


def _who_is_busy(ids: Sequence[int]) -> set[int]:
    """Those whom anything beside their own account names: a story, a chain of approval, an absence. A statement for
    each column that names people, whatever their number.
    """
    found: set[int] = set()
    for table in Base.metadata.tables.values():
        if table.name.startswith(_OWN):
            continue
        for column in table.columns:
            if any(key.target_fullname == "app_user.id" for key in column.foreign_keys):
                found |= set(db.session.scalars(select(column).where(column.in_(ids)).distinct()))
    return found


KIND = Users()
