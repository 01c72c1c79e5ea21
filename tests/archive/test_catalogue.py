"""Every table and every column of the product is decided: it goes into an archive, or it is said why not."""

import re

from humasflow import registry
from humasflow.archive import catalogue
from humasflow.archive.catalogue import (
    CATALOGUE,
    HARMLESS,
    LEFT_OUT,
    SOFT_PEOPLE,
    WITHHELD,
    Either,
    Never,
    Own,
    Through,
)
from humasflow.archive.rows import columns_of, encoder
from humasflow.archive.selecting import Selection, key_of, target_of
from humasflow.core.db import Base

registry.load_models()
TABLES = Base.metadata.tables
_SECRET = re.compile(r"token|secret|passw|(^|_)hash$|verifier|private|(^|_)auth$|_key$|code_hash|encrypted")
# Keys of stored files and keys of words: no secrets.
_PLAIN = re.compile(r"(original|medium|thumb|file|component|subject|address|other)_key$|is_private$")


def test_every_table_is_decided_once() -> None:
    undecided = set(TABLES) - set(CATALOGUE)
    assert not undecided, f"decide in archive/catalogue.py: {sorted(undecided)}"
    assert set(CATALOGUE) <= set(TABLES), "a table that is no more"
    assert all(rule.why for rule in CATALOGUE.values() if isinstance(rule, Never))


def test_every_way_to_an_office_exists() -> None:
    def check(name: str, rule: object) -> None:
        if isinstance(rule, Own):
            assert all(column in TABLES[name].c for column in rule.columns), name
        elif isinstance(rule, Through):
            parent = TABLES[rule.parent]
            targets = {fk.column for fk in TABLES[name].c[rule.column].foreign_keys}
            chained = {c for column in targets for fk in column.foreign_keys for c in [fk.column]}
            assert key_of(parent) in targets | chained, name
        elif isinstance(rule, Either):
            for way in rule.ways:
                check(name, way)

    for name, rule in CATALOGUE.items():
        check(name, rule)


def test_no_table_that_goes_needs_one_that_stays() -> None:
    for name in catalogue.exported():
        for column in TABLES[name].columns:
            target = target_of(column)
            if target is not None and isinstance(CATALOGUE[target.name], Never):
                assert column.nullable, f"{name}.{column.name} needs {target.name}, which is never exported"


def test_what_belongs_to_an_office_and_stays_says_why() -> None:
    """A table with an office that is forgotten would lose something: it is exported, or one of the reasons holds."""
    forgotten = [name for name, table in TABLES.items() if "office_id" in table.c and name not in CATALOGUE]
    assert not forgotten


def test_every_column_that_sounds_like_a_secret_is_decided() -> None:
    undecided = []
    for name in catalogue.exported():
        for column in TABLES[name].columns:
            full = f"{name}.{column.name}"
            if "sealed" in column.info or full in WITHHELD or full in LEFT_OUT or full in HARMLESS:
                continue
            if _SECRET.search(column.name) and not _PLAIN.search(column.name):
                undecided.append(full)
    assert not undecided, f"decide in WITHHELD or HARMLESS of archive/catalogue.py: {undecided}"


def test_every_kind_of_column_has_a_way_out_and_back() -> None:
    selection = Selection([1])
    for name in catalogue.exported():
        encoder(TABLES[name], selection)  # raises TypeError for a kind of column that it does not know
        assert columns_of(TABLES[name])


def test_what_is_named_in_the_catalogue_exists() -> None:
    for full in [*WITHHELD, *LEFT_OUT, *HARMLESS, *SOFT_PEOPLE, *catalogue.KEPT_REFERENCES]:
        table, _dot, column = full.partition(".")
        assert column in TABLES[table].c, full
    for table, columns in catalogue.FILE_KEYS.items():
        assert all(column in TABLES[table].c for column in columns)


def test_columns_that_hold_keys_of_files_are_known() -> None:
    """A new column with the key of a stored file would leave its files behind."""
    for name in catalogue.exported():
        found = {
            c.name
            for c in TABLES[name].columns
            if re.fullmatch(r"(original|medium|thumb|file|poster)_key", c.name)
        }
        assert found <= set(catalogue.FILE_KEYS.get(name, ())), name
