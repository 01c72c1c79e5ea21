"""What a text of each bundled content type starts from. Seeded once; from then on it is the office's own data.

Headings only, no words to be filled in: what nobody filled in must never reach a reader. What belongs under each
heading is said beside the text (:data:`ADVICE`).
"""

from flask_babel import lazy_gettext as _l

from humasflow.planning.enums import ContentTemplate

# By the code of a bundled content type. They become part of a published text and are therefore not translated.
TEMPLATES: dict[str, ContentTemplate] = {
    "siaran_pers": ContentTemplate.PRESS_RELEASE,
    "pengumuman": ContentTemplate.ANNOUNCEMENT,
    "klarifikasi_hoaks": ContentTemplate.HOAX,
}
SKELETONS: dict[str, str] = {
    "artikel": "<p></p><h2>Latar belakang</h2><p></p><h2>Pembahasan</h2><p></p><h2>Penutup</h2><p></p>",
    "pengumuman": (
        "<p></p><h2>Waktu dan tempat</h2><p></p><h2>Syarat dan tata cara</h2><p></p>"
        "<h2>Informasi lebih lanjut</h2><p></p>"
    ),
    "klarifikasi_hoaks": "<h2>Penjelasan</h2><p></p><h2>Faktanya</h2><p></p><h2>Imbauan</h2><p></p>",
}

ADVICE = {
    ContentTemplate.ARTICLE: _l(
        "Paragraf pertama menjawab apa, siapa, kapan, dan di mana; sebut satu narasumber dengan kutipannya."
    ),
    ContentTemplate.PRESS_RELEASE: _l(
        "Paragraf pertama menjawab apa, siapa, kapan, dan di mana. Sesudahnya satu kutipan pejabat dengan nama dan "
        "jabatannya, lalu rincian, lalu sekilas tentang kantor."
    ),
    ContentTemplate.ANNOUNCEMENT: _l(
        "Sebut dahulu apa yang diumumkan dan bagi siapa, lalu waktu, syarat, tata cara, dan tempat bertanya."
    ),
    ContentTemplate.HOAX: _l(
        "Mulai dengan faktanya, bukan dengan klaimnya. Tunjukkan bukti, lalu beri tahu apa yang sebaiknya dilakukan."
    ),
}
"""One sentence of advice for each genre, for the person who writes."""
