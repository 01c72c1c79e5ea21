"""What a form refuses is said in the reader's language, also where WTForms itself refuses it."""

import pytest
from flask import Flask
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired

from humasflow.core.forms import BaseForm, CheckboxesField


class Made(BaseForm):
    one = RadioField(choices=["a"])
    two = SelectField(choices=[1], coerce=int)
    several = CheckboxesField(choices=["a"])
    numbers = CheckboxesField(choices=[1], coerce=int)
    count = IntegerField()
    name = StringField(validators=[DataRequired()])


@pytest.mark.parametrize(
    ("language", "refused", "missing"),
    [
        ("id", "Pilihan ini tidak tersedia. Pilih salah satu dari daftar.", "Bagian ini perlu diisi."),
        ("en", "This option isn’t available. Choose one from the list.", "Please fill this in."),
    ],
)
def test_refusals_are_in_our_words(app: Flask, language: str, refused: str, missing: str) -> None:
    sent = MultiDict(
        [("one", "z"), ("two", "x"), ("several", "y"), ("several", "z"), ("numbers", "q"), ("count", "dua")]
    )
    with app.test_request_context(method="POST"), force_locale(language):
        form = Made(formdata=sent, meta={"csrf": False})
        assert not form.validate()
        for field in (form.one, form.two, form.several, form.numbers):
            assert [str(error) for error in field.errors] == [refused], field.name
        assert [str(error) for error in form.name.errors] == [missing]
        assert "60" in str(form.count.errors[0])
