"""What a picture needs before it may be shown."""

from collections.abc import Iterator

from flask_babel import lazy_gettext as _l

from humasflow.guidelines.checks.base import Hit, House, Options, PictureFacts, Reading, Sentence
from humasflow.guidelines.enums import Consent


def child_faces(reading: Reading, _house: House, _options: Options) -> Iterator[Hit]:
    """A picture that shows a child needs somebody's word that no face can be recognised."""
    for number, picture in enumerate(reading.manuscript.pictures):
        if picture.shows_child and not picture.faces_blurred:
            message = _l(
                "Foto ini ditandai memuat anak. Samarkan wajahnya, lalu konfirmasikan di pustaka media."
            )
            yield _hit(number, picture, message)


def consents(reading: Reading, _house: House, _options: Options) -> Iterator[Hit]:
    """People who can be recognised agreed, and their consent still holds."""
    for number, picture in enumerate(reading.manuscript.pictures):
        if picture.consent is Consent.MISSING:
            message = _l("Izin orang yang dikenali dalam foto ini belum dicatat.")
        elif picture.consent is Consent.EXPIRED:
            message = _l(
                "Izin orang dalam foto ini sudah berakhir atau ditarik; ganti fotonya atau perbarui izinnya."
            )
        else:
            continue
        yield _hit(number, picture, message, picture.consent.value)


def photo_credits(reading: Reading, _house: House, _options: Options) -> Iterator[Hit]:
    """Every picture names its maker or source."""
    for number, picture in enumerate(reading.manuscript.pictures):
        if not picture.credit.strip():
            message = _l("Foto ini belum menyebut pembuat atau sumbernya.")
            yield _hit(number, picture, message)


def alternative_texts(reading: Reading, _house: House, _options: Options) -> Iterator[Hit]:
    """Every picture is put into words for those who do not see it; a file name is no description."""
    for number, picture in enumerate(reading.manuscript.pictures):
        text = picture.alt_text.strip()
        if not text:
            message = _l("Foto ini belum punya teks alternatif, yaitu isi foto bagi yang tidak melihatnya.")
            yield _hit(number, picture, message)
        elif text.casefold() == picture.name.casefold():
            message = _l("Teks alternatif foto ini masih nama berkas; tulis apa yang terlihat.")
            yield Hit(f"alt:{number}", 0, len(picture.alt_text), message, where=picture.name)


def _hit(number: int, picture: PictureFacts, message: Sentence, judged: str = "") -> Hit:
    """About the picture itself, told by its file and what the finding was ``judged`` by."""
    about = f"{picture.key}:{judged}" if judged else picture.key
    return Hit(f"picture:{number}", 0, 0, message, about=about, where=picture.name)
