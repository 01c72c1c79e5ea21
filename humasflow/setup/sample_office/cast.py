"""The office itself: units, people, channels, content types, scheme and targets."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from io import BytesIO

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.accounts.queries import load_principal
from humasflow.accounts.services import people
from humasflow.approvals.enums import StepScope
from humasflow.approvals.models import ApprovalAskee, ApprovalChain, ApprovalStep
from humasflow.channels import queries as channel_queries
from humasflow.channels import services as channels
from humasflow.channels.models import ChannelAccount
from humasflow.channels.presets.loader import content_types
from humasflow.core.db import db
from humasflow.core.permissions import Role
from humasflow.media.models import Asset
from humasflow.media.services import Upload, keep_images
from humasflow.orgs import services as orgs
from humasflow.orgs.enums import OfficeKind
from humasflow.orgs.models import Unit
from humasflow.planning import queries as planning_queries
from humasflow.planning import services as planning
from humasflow.planning.days.services import seed_days
from humasflow.planning.models import ContentType, Pillar
from humasflow.planning.production_roles.services import seed_production_roles
from humasflow.scoring.models import SchemeVersion, ScoreScheme
from humasflow.scoring.services.schemes import ComponentSpec, create_scheme, create_scheme_version
from humasflow.scoring.services.targets import set_target
from humasflow.setup.sample.model import SamplePlan
from humasflow.setup.sample.neighbours import UPPER
from humasflow.setup.sample.pictures import draw_picture

PICTURE_SIZE = (960, 640)


@dataclass
class Cast:
    """Everything of the office by the plan's keys."""

    plan: SamplePlan
    office: Unit
    upper: Unit  # the regional office above it
    sections: dict[str, Unit] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    accounts: dict[str, ChannelAccount] = field(default_factory=dict)
    types: dict[str, ContentType] = field(default_factory=dict)
    pillars: dict[str, Pillar] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)
    scheme: ScoreScheme | None = None
    version: SchemeVersion | None = None
    _principals: dict[str, Principal] = field(default_factory=dict)

    def principal(self, key: str) -> Principal:
        """The person with their roles, as an actor of services."""
        if key not in self._principals:
            self._principals[key] = load_principal(self.users[key], office_id=self.office.id)
        return self._principals[key]

    @property
    def scheme_version(self) -> SchemeVersion:
        """The rules; made before the first story."""
        if self.version is None:
            raise RuntimeError("the scheme is made before the history")
        return self.version

    def section_id(self, key: str | None) -> int | None:
        """The id of a section, or None for the office itself."""
        return self.sections[key].id if key else None


def make_cast(plan: SamplePlan) -> Cast:
    """Make the office with its people; roles hold since before the first story."""
    wanted = plan.office
    upper = orgs.create_office(
        actor=None, name=UPPER.name, short_name=UPPER.short_name, office_kind=OfficeKind.REGIONAL,
        timezone=str(wanted.zone.value), is_sample=True,
    )  # fmt: skip
    office = orgs.create_office(
        actor=None,
        name=wanted.name,
        short_name=wanted.short_name,
        office_kind=OfficeKind.SERVICE,
        timezone=str(wanted.zone.value),
        slug=wanted.slug,
        parent=upper,
        is_sample=True,
    )
    cast = Cast(plan, office, upper)
    for section in wanted.sections:
        cast.sections[section.key] = orgs.create_section(
            office, actor=None, name=section.name, short_name=section.short_name
        )
    since = date(plan.quarters[0].start.year - 1, 1, 1)
    for person in plan.people:
        user = people.create_user(
            actor=None, office_id=office.id, name=person.name, email=person.email, is_sample=True
        )
        unit = (
            cast.sections[person.section_key]
            if person.section_key and person.role == "contributor"
            else office
        )
        people.grant_role(
            user, unit, Role(person.role.value), actor=None, position_title=person.position, valid_from=since
        )
        cast.users[person.key] = user
    _outlets(cast)
    for pillar in wanted.pillars:
        cast.pillars[pillar.key] = planning.create_pillar(
            office.id, actor=None, name=pillar.name, description=pillar.description
        )
    chain = ApprovalChain(office_id=office.id, content_type_id=None)
    step = ApprovalStep(position=1, label="Kepala Seksi Hukum dan Informasi")
    step.askees = [ApprovalAskee(number=1, scope=StepScope.OFFICE)]
    chain.steps = [step]
    db.session.add(chain)
    db.session.flush()
    return cast


def _outlets(cast: Cast) -> None:
    office_id = cast.office.id
    planning.seed_content_types(office_id, [(t.code, t.label) for t in content_types()])
    seed_production_roles(office_id)
    seed_days(office_id)
    cast.types = {t.code: t for t in planning_queries.list_content_types(office_id)}
    channels.seed_kinds(office_id)
    kinds = {k.code: k for k in channel_queries.list_kinds(office_id)}
    for wanted in cast.plan.office.accounts:
        kind = kinds[wanted.platform]
        if wanted.host and wanted.host not in kind.hosts:
            # The sample's addresses are on reserved names; evidence is checked against them all the same.
            kind.hosts = [*kind.hosts, wanted.host]
        cast.accounts[wanted.key] = channels.create_account(
            office_id,
            actor=None,
            kind=kind,
            name=wanted.name,
            handle=wanted.handle,
            url=wanted.url,
            assignee_id=cast.users[wanted.assignee].id if wanted.assignee else None,
        )


def draw_pictures(cast: Cast) -> None:
    """Draw the pictures and take them in the way a person's uploads are."""
    wanted = cast.plan.pictures
    uploads = [Upload(p.filename, BytesIO(draw_picture(p.kind, p.seed, PICTURE_SIZE))) for p in wanted]
    kept, refused = keep_images(uploads, office_id=cast.office.id, actor=None)
    if refused:
        raise RuntimeError(f"a drawn picture was refused: {refused[0].message}")
    for picture, asset in zip(wanted, kept, strict=True):
        asset.credit, asset.alt_text, asset.caption = picture.credit, picture.alt_text, ""
        asset.uploaded_by = cast.users[picture.uploader].id
        cast.assets[picture.key] = asset
    db.session.flush()


def make_scheme(cast: Cast) -> None:
    """The scheme and the targets with their letters."""
    accounts = {a.key: a.platform for a in cast.plan.office.accounts}
    cast.scheme = create_scheme(
        cast.office.id,
        actor=None,
        name="Penilaian situs web dan media sosial",
        issuer="Kantor pusat (contoh)",
        legal_basis="Surat edaran contoh",
    )
    cast.version = create_scheme_version(
        cast.scheme,
        actor=None,
        effective_from=cast.plan.quarters[0],
        components=[
            ComponentSpec(
                key=c.key,
                label=c.name,
                weight=c.weight,
                content_types=list(c.content_codes),
                channel_kinds=sorted({accounts[key] for key in c.account_keys}),
            )
            for c in cast.plan.components
        ],
    )
    for target in cast.plan.targets:
        set_target(
            cast.scheme,
            actor=None,
            component_key=target.component_key,
            period=target.quarter,
            value=Decimal(target.count),
            letter=target.letter,
        )
