"""Names and posts of the sample staff: given and family names of several regions, combined by chance.

There is no NIP and no real address; e-mail goes to a reserved domain that delivers nowhere.
"""

from random import Random

from humasflow.setup.sample.model import SamplePerson, SampleRole

EMAIL_DOMAIN = "kantor-contoh.example"

# Family names go with given names from the same list. The pairs were read through so that none is a public figure;
# a middle name makes a chance meeting with a real person still less likely.
_REGIONS: tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...] = (
    (  # Tapanuli, Simalungun, Karo
        ("Roida", "Tiarma", "Parlin", "Hotman", "Lasma", "Jonter", "Resmi", "Sahala"),
        ("Dame", "Uli", "Mangara", "Tio", "Ganda"),
        ("Simbolon", "Sinurat", "Purba", "Manurung", "Tampubolon", "Saragih"),
    ),
    (  # Minangkabau and Melayu
        ("Yulfia", "Rahmi", "Zulfadli", "Afdal", "Desri", "Hendri", "Nelfi"),
        ("Putra", "Yani", "Hidayat", "Novita", "Iqbal"),
        ("Chaniago", "Koto", "Piliang", "Tanjung", "Guci", "Sikumbang"),
    ),
    (  # Jawa and Sunda
        ("Wahyuni", "Bagas", "Retno", "Dimas", "Yayan", "Lilis", "Tri"),
        ("Ayu", "Adi", "Rizki", "Dwi", "Nur"),
        ("Prasetya", "Lestari", "Kusnadi", "Hermawan", "Purwanti", "Suryana"),
    ),
    (  # Bugis, Makassar, Minahasa
        ("Andi Nurhayati", "Basri", "Deiske", "Jefry", "Hasmiah", "Stenly"),
        ("Amelia", "Fadhil", "Grace", "Ruslan", "Marlina"),
        ("Mappiasse", "Parinding", "Rondonuwu", "Lengkong", "Paturusi", "Sumolang"),
    ),
    (  # Bali, Nusa Tenggara, Maluku
        ("Ni Luh", "Yohana", "Marten", "I Komang", "Fransina", "Petrus"),
        ("Suryani", "Bria", "Adriana", "Agus", "Melati"),
        ("Wirawati", "Nahak", "Latumahina", "Sudiasa", "Leiwakabessy", "Tefa"),
    ),
)

_POSTS: tuple[tuple[str, SampleRole, str, str | None], ...] = (
    ("kontributor-umum", SampleRole.CONTRIBUTOR, "Pelaksana pada Subbagian Umum", "umum"),
    ("kontributor-pkn", SampleRole.CONTRIBUTOR, "Pelaksana pada Seksi Pengelolaan Kekayaan Negara", "pkn"),
    ("kontributor-penilaian", SampleRole.CONTRIBUTOR, "Penilai Pemerintah Ahli Pertama", "penilaian"),
    ("kontributor-piutang", SampleRole.CONTRIBUTOR, "Pelaksana pada Seksi Piutang Negara", "piutang"),
    ("kontributor-lelang", SampleRole.CONTRIBUTOR, "Pelelang Ahli Pertama", "lelang"),
    ("kontributor-ki", SampleRole.CONTRIBUTOR, "Pelaksana pada Seksi Kepatuhan Internal", "ki"),
    ("redaktur-1", SampleRole.EDITOR, "Pranata Humas Ahli Pertama", "hi"),
    ("redaktur-2", SampleRole.EDITOR, "Pengelola Media Sosial", "hi"),
    ("penyetuju-hi", SampleRole.APPROVER, "Kepala Seksi Hukum dan Informasi", "hi"),
    ("penyetuju-umum", SampleRole.APPROVER, "Kepala Subbagian Umum", "umum"),
    ("ketua-tim", SampleRole.LEAD, "Kepala Kantor", None),
    ("admin", SampleRole.ADMIN, "Pranata Komputer Ahli Pertama", "umum"),
)


def build_people(rng: Random) -> tuple[SamplePerson, ...]:
    """Twelve people in the order of the posts, with names and addresses that are all different."""
    people: list[SamplePerson] = []
    used: set[str] = set()
    regions = list(_REGIONS)
    rng.shuffle(regions)
    for index, (key, role, position, section_key) in enumerate(_POSTS):
        given, middle, family = regions[index % len(regions)]
        first = rng.choice([name for name in given if name not in used])
        last = rng.choice([name for name in family if name not in used])
        used |= {first, last}
        name = " ".join((first, rng.choice(middle), last))
        people.append(SamplePerson(key, name, _email(first, last), role, position, section_key))
    return tuple(people)


def _email(first: str, last: str) -> str:
    local = f"{first} {last}".lower().replace(" ", ".")
    return f"{local}@{EMAIL_DOMAIN}"
