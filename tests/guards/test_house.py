"""The order of the house: models equal migrations, words for every state, templates that parse, docs that are true."""

import importlib
import inspect
import re
import subprocess
import sys
from enum import StrEnum
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, Connection, create_engine
from sqlalchemy import inspect as inspect_database

from humasflow import registry
from humasflow.core.db import Base, db
from humasflow.core.fulltext.indexing import is_of_an_index
from humasflow.stories.models.search import is_of_the_index
from tests.conftest import make_app

ROOT = Path(__file__).resolve().parents[2]


def _is_a_models(_object: object, name: str | None, kind: str, *_more: object) -> bool:
    return not is_of_the_index(name, kind) and not is_of_an_index(name)


def _checks_of_the_models() -> set[tuple[str, str]]:
    """Table and name; Alembic does not compare them."""
    return {
        (table.name, str(constraint.name))
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }


def _checks_of_the_database(connection: Connection) -> set[tuple[str, str]]:
    found = inspect_database(connection)
    return {
        (table, str(check["name"]))
        for table in found.get_table_names()
        for check in found.get_check_constraints(table)
    }


@pytest.mark.db
def test_models_equal_migrations(database_url: str, tmp_path: Path) -> None:
    """An empty database migrated up is what the models say; migrated down it is empty again."""
    url = database_url
    app = make_app(url, tmp_path)
    with app.app_context():
        Base.metadata.drop_all(db.engine)
        upgrade(revision="head")
        with db.engine.connect() as connection:
            context = MigrationContext.configure(
                connection,
                opts={"compare_type": True, "render_as_batch": True, "include_object": _is_a_models},
            )
            assert compare_metadata(context, Base.metadata) == []
            assert _checks_of_the_database(connection) == _checks_of_the_models()
        downgrade(revision="base")
        engine = create_engine(url)
        left = set(inspect_database(engine).get_table_names()) - {"alembic_version"}
        engine.dispose()
        assert left == set()
        upgrade(revision="head")
        db.session.remove()
        db.engine.dispose()


def _enums() -> list[type[StrEnum]]:
    found = []
    for room in registry.ROOMS:
        path = ROOT / "humasflow" / room / "enums.py"
        if path.exists():
            module = importlib.import_module(f"humasflow.{room}.enums")
            found += [
                e for _name, e in inspect.getmembers(module, inspect.isclass)
                if issubclass(e, StrEnum) and e.__module__ == module.__name__
            ]  # fmt: skip
    return found


@pytest.mark.parametrize("enum", _enums(), ids=lambda e: f"{e.__module__}.{e.__name__}")
def test_every_member_has_a_label(app: Flask, enum: type[StrEnum]) -> None:
    with app.test_request_context():
        for member in enum:
            label = getattr(member, "label", None)
            assert isinstance(label, str), f"{member!r} has no label"
            assert label.strip(), f"{member!r} has an empty label"


def test_every_shown_state_has_a_chip(app: Flask) -> None:
    from humasflow.approvals.enums import PackageState
    from humasflow.pitches.enums import PitchState
    from humasflow.publishing.enums import PostState
    from humasflow.scoring.enums import PointState
    from humasflow.stories.enums import AssignmentState, StoryState

    with app.test_request_context():
        chips = app.jinja_env.get_template("components/chips.html").make_module({"static_url": lambda f: f})
        for macro, enum in (
            ("story_chip", StoryState), ("pitch_chip", PitchState), ("post_chip", PostState),
            ("package_chip", PackageState), ("point_chip", PointState), ("assignment_chip", AssignmentState),
        ):  # fmt: skip
            for member in enum:
                html = str(getattr(chips, macro)(member))
                assert member.label in html and "<svg" in html, f"{macro}({member})"


def _templates() -> list[str]:
    return sorted(str(p.relative_to(ROOT / "templates")) for p in (ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize("name", _templates())
def test_template_parses_and_its_imports_exist(app: Flask, name: str) -> None:
    source = (ROOT / "templates" / name).read_text()
    app.jinja_env.parse(source)
    for match in re.finditer(
        r'{%-?\s*from\s+"([^"]+)"\s+import\s+(.+?)(?:\s+with(?:out)? context)?\s*-?%}', source
    ):
        target = (ROOT / "templates" / match[1]).read_text()
        for imported in (n.split(" as ")[0].strip() for n in match[2].split(",")):
            assert re.search(rf"macro\s+{re.escape(imported)}\s*\(", target), (
                f"{name}: {imported} is not in {match[1]}"
            )
    markup = re.sub(r"{[{%#].*?[#}%]}", "", source, flags=re.DOTALL)
    assert not re.search(r"\sstyle=", markup), f"{name}: inline style"
    assert not re.search(r"<[a-z][^<>]*\son[a-z]+=", markup), f"{name}: inline event handler"
    assert "|safe" not in source.replace(" ", ""), f"{name}: |safe prints unchecked HTML"


def test_icons_that_templates_name_exist() -> None:
    sprite = (ROOT / "humasflow/static/icons/sprite.svg").read_text()
    known = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    for path in (ROOT / "templates").rglob("*.html"):
        for name in re.findall(r'(?<![\w.])icon\("([^"]+)"', path.read_text()):
            assert name in known, f"{path.name}: icon “{name}”"


def test_pictures_that_templates_name_exist() -> None:
    art = (ROOT / "humasflow/static/icons/art.svg").read_text()
    known = set(re.findall(r'<symbol id="([^"]+)"', art))
    named = set()
    for path in (ROOT / "templates").rglob("*.html"):
        source = path.read_text()
        found = re.findall(r'empty\(_\([^\n]*?, "([a-z]+)"(?=[,)])', source)
        found += re.findall(r"{% block art %}([a-z]+){%", source) + re.findall(
            r"art\.svg'\) }}#([a-z]+)", source
        )
        assert set(found) <= known, f"{path.name}: {set(found) - known}"
        named |= set(found)
    assert named == known, f"drawn for nobody: {known - named}"


def test_imports_point_downward() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stdout[-3000:]


def test_links_in_the_docs_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text()):
            if not target.startswith(("http:", "https:", "mailto:")):
                assert (page.parent / target).exists(), f"{page.name} → {target}"


def test_the_workflow_page_is_generated_from_the_tables() -> None:
    from scripts.workflow_page import render

    assert (ROOT / "docs/workflow.md").read_text() == render(), "run: make docs"


def test_source_files_stay_readable() -> None:
    long = {
        str(p.relative_to(ROOT)): n
        for p in (ROOT / "humasflow").rglob("*.py")
        if (n := len(p.read_text().splitlines())) > 400
    }
    assert long == {}


def test_one_client_goes_out() -> None:
    """Mail apart (notifications/smtp.py sends it, notifications/mailbox/imap.py reads it), whatever connects to another
    server is in core/outbound.py.
    """
    going_out = re.compile(
        r"^\s*(?:import|from) (httpx|httpcore|requests|urllib3|urllib\.request|http\.client|aiohttp|ftplib)\b",
        re.MULTILINE,
    )
    found = {
        str(p.relative_to(ROOT))
        for p in (ROOT / "humasflow").rglob("*.py")
        if going_out.search(p.read_text()) and "humasflow/core/outbound" not in str(p)
    }
    assert found == set()
    of_mail = re.compile(r"^\s*(?:import|from) (smtplib|imaplib|poplib|nntplib|telnetlib)\b", re.MULTILINE)
    assert {
        str(p.relative_to(ROOT / "humasflow"))
        for p in (ROOT / "humasflow").rglob("*.py")
        if of_mail.search(p.read_text())
    } == {"notifications/smtp.py", "notifications/mailbox/imap.py"}
