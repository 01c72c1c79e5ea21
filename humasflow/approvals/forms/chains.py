"""The steps of a content type, or of the office, as an admin fills them in."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField

from humasflow.accounts.models import User
from humasflow.approvals.enums import StepRule, StepScope
from humasflow.approvals.models import ApprovalAskee, ApprovalChain, ApprovalGroup, GuestApprover
from humasflow.approvals.services import AskeeContent, StepContent
from humasflow.approvals.services.chains import LABEL_LENGTH, MAX_ASKEES, MAX_STEPS
from humasflow.approvals.wording import askee_words, listed
from humasflow.core.forms import BaseForm, ChoiceField, MaxLength

INHERIT, NONE, STEPS = "inherit", "none", "steps"


class _Chain(BaseForm):
    """The fields that every chain has; those of the steps are added below."""

    mode = RadioField(_l("Cara memutuskan"))
    allows_bulk = BooleanField(_l("Boleh menyetujui beberapa paket sekaligus dari daftar"))


class ChainForm(_Chain):
    """One choice says whom an askee stands for: a role, a group, or a person."""

    def __init__(
        self,
        chain: ApprovalChain | None,
        people: Sequence[User],
        groups: Sequence[ApprovalGroup],
        *,
        is_default: bool,
        guests: Sequence[GuestApprover] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(data=_typed(chain, is_default=is_default), **kwargs)
        self.people, self.groups = {u.id: u.name for u in people}, {g.id: g.name for g in groups}
        self.guests = {g.id: f"{g.name}, {g.position_title}" for g in guests}
        self.mode.choices = [] if is_default else [(INHERIT, _("Ikuti alur bawaan kantor"))]
        self.mode.choices += [
            (STEPS, _("Dengan persetujuan, satu sampai tiga langkah")),
            (NONE, _("Tanpa persetujuan")),
        ]
        offered = self._offer(chain)
        for _label, rule, askees in self.rows:
            rule.choices = [
                (StepRule.ANY.value, _("Cukup salah satu yang menyetujui")),
                (StepRule.ALL.value, _("Semuanya harus menyetujui; diminta bersamaan")),
            ]
            for askee in askees:
                askee.choices = offered

    def _offer(self, chain: ApprovalChain | None) -> dict[str, list[tuple[str, str]]]:
        known = [a for s in (chain.steps if chain else []) for a in s.askees]
        # A person who left or a group that ended keeps the place until something else is chosen, so that saving loses
        # nothing unnoticed.
        gone = {_coded(a): a for a in known if _is_gone(a, self.people, self.groups, self.guests)}
        offered = {
            _("Umum"): [("", _("Tidak dipakai")), *((s.value, s.label) for s in (StepScope.SECTION, StepScope.OFFICE))],
        }  # fmt: skip
        if self.groups:
            offered[_("Grup")] = [
                choice
                for i, name in self.groups.items()
                for choice in (
                    (f"group:{i}", _("Salah satu dari grup %(group)s", group=name)),
                    (f"all:{i}", _("Semua anggota grup %(group)s", group=name)),
                )
            ]
        offered[_("Orang")] = [(f"user:{i}", name) for i, name in self.people.items()]
        if self.guests:
            offered[_("Tamu tanpa akun, lewat tautan")] = [
                (f"guest:{i}", name) for i, name in self.guests.items()
            ]
        if gone:
            offered[_("Tidak berlaku lagi")] = [
                (
                    code,
                    _("Tidak berperan Penyetuju lagi")
                    if a.user_id
                    else _("Tamu yang sudah dinonaktifkan")
                    if a.guest_id
                    else _("Grup yang sudah dinonaktifkan"),
                )
                for code, a in gone.items()
            ]
        return offered

    @property
    def rows(self) -> list[tuple[Any, Any, list[Any]]]:
        """The fields step by step: name, rule, askees."""
        return [
            (
                self[f"label_{n}"],
                self[f"rule_{n}"],
                [self[f"askee_{n}_{m}"] for m in range(1, MAX_ASKEES + 1)],
            )
            for n in range(1, MAX_STEPS + 1)
        ]

    def steps(self) -> list[StepContent] | None:
        """The described steps in order, or None after putting what is missing beside its field."""
        found: list[StepContent] = []
        complete = True
        for label, rule, fields in self.rows:
            askees = [_decoded(f.data) for f in fields if f.data]
            if not askees:
                if label.data:
                    self.fail(fields[0], _("Pilih siapa yang diminta, atau kosongkan nama langkahnya."))
                    complete = False
                continue
            name = label.data or self._named(askees)
            found.append(StepContent(name, askees, StepRule(rule.data)))
        if complete and not found:
            self.fail(self.mode, _("Isi sedikitnya satu langkah, atau pilih “Tanpa persetujuan”."))
            complete = False
        return found if complete else None

    def _named(self, askees: Sequence[AskeeContent]) -> str:
        """A name for a step that was given none: whom it asks."""
        words = [
            askee_words(
                a.scope, self.people.get(a.user_id or 0, "") or self.guests.get(a.guest_id or 0, ""),
                self.groups.get(a.group_id or 0, ""), everyone=a.everyone,
            )
            for a in askees
        ]  # fmt: skip
        told = listed(words, _("dan"))
        return (told[:1].upper() + told[1:])[:LABEL_LENGTH]


def _add_step_fields() -> None:
    for n in range(1, MAX_STEPS + 1):
        setattr(
            ChainForm, f"label_{n}", StringField(_l("Nama langkah %(n)s", n=n), [MaxLength(LABEL_LENGTH)])
        )
        setattr(
            ChainForm,
            f"rule_{n}",
            RadioField(_l("Bila lebih dari satu yang diminta"), default=StepRule.ANY.value),
        )
        for m in range(1, MAX_ASKEES + 1):
            setattr(ChainForm, f"askee_{n}_{m}", ChoiceField(_l("Yang diminta, ke-%(n)s", n=m)))


_add_step_fields()


def _coded(askee: ApprovalAskee) -> str:
    if askee.scope is StepScope.PERSON:
        return f"user:{askee.user_id}"
    if askee.scope is StepScope.GROUP:
        return f"{'all' if askee.everyone else 'group'}:{askee.group_id}"
    return f"guest:{askee.guest_id}" if askee.scope is StepScope.GUEST else askee.scope.value


def _decoded(code: str) -> AskeeContent:
    """The choice as the service takes it. Only offered choices come here: the field refused everything else."""
    kind, _colon, number = code.partition(":")
    if kind == "user":
        return AskeeContent(StepScope.PERSON, user_id=int(number))
    if kind in ("group", "all"):
        return AskeeContent(StepScope.GROUP, group_id=int(number), everyone=kind == "all")
    if kind == "guest":
        return AskeeContent(StepScope.GUEST, guest_id=int(number))
    return AskeeContent(StepScope(kind))


def _is_gone(
    askee: ApprovalAskee, people: dict[int, str], groups: dict[int, str], guests: dict[int, str]
) -> bool:
    if askee.user_id is not None:
        return askee.user_id not in people
    if askee.guest_id is not None:
        return askee.guest_id not in guests
    return askee.group_id is not None and askee.group_id not in groups


def _typed(chain: ApprovalChain | None, *, is_default: bool) -> dict[str, Any]:
    if chain is None:
        return {"mode": NONE if is_default else INHERIT}
    data: dict[str, Any] = {"mode": STEPS if chain.steps else NONE, "allows_bulk": chain.allows_bulk}
    for step in chain.steps:
        data[f"label_{step.position}"] = step.label
        data[f"rule_{step.position}"] = step.rule.value
        for askee in step.askees:
            data[f"askee_{step.position}_{askee.number}"] = _coded(askee)
    return data
