"""Names and posts of the sample staff: given and family names of several regions, combined by chance.

There is no NIP and no real address; e-mail goes to a reserved domain that delivers nowhere.
"""

from dataclasses import dataclass
from random import Random

from humasflow.setup.sample.model import SamplePerson, SampleRole

EMAIL_DOMAIN = "kantor-contoh.example"


@dataclass(frozen=True, slots=True)
class _Region:
    """Names that go together: first and middle names of women and of men, and family names."""

    women: tuple[tuple[str, ...], tuple[str, ...]]
    men: tuple[tuple[str, ...], tuple[str, ...]]
    families: tuple[str, ...]


# The lists were read through so that no combination is the name of a public figure; the middle name makes a chance
# meeting with a real person still less likely.
_REGIONS = (
    _Region(  # Tapanuli, Simalungun, Karo
        women=(("Roida", "Tiarma", "Lasma", "Resmi"), ("Uli", "Tio", "Rotua")),
        men=(("Parlin", "Jonter", "Sahala", "Bistok"), ("Mangara", "Ganda", "Tigor")),
        families=("Simbolon", "Sinurat", "Purba", "Manurung", "Tampubolon", "Saragih"),
    ),
    _Region(  # Minangkabau and Melayu
        women=(("Yulfia", "Rahmi", "Desri", "Nelfi"), ("Novita", "Yani", "Fitri")),
        men=(("Zulfadli", "Afdal", "Hendri", "Rinaldi"), ("Putra", "Hidayat", "Ilham")),
        families=("Chaniago", "Koto", "Piliang", "Guci", "Sikumbang", "Jambak"),
    ),
    _Region(  # Jawa and Sunda
        women=(("Wahyuni", "Lilis", "Endah", "Sulastri"), ("Ayu", "Rahayu", "Nur")),
        men=(("Bagas", "Dimas", "Yayan", "Galih"), ("Adi", "Rizki", "Bayu")),
        families=("Kusnadi", "Purwanto", "Suryana", "Wiratama", "Hermansyah", "Sutrisna"),
    ),
    _Region(  # Bugis, Makassar, Minahasa
        women=(("Hasmiah", "Deiske", "Nurhaeni", "Meiske"), ("Amelia", "Grace", "Marlina")),
        men=(("Basri", "Jefry", "Stenly", "Mursalim"), ("Fadhil", "Ruslan", "Alfrets")),
        families=("Mappiasse", "Parinding", "Rondonuwu", "Lengkong", "Paturusi", "Sumolang"),
    ),
    _Region(  # Bali, Nusa Tenggara, Maluku
        women=(("Yohana", "Fransina", "Ni Luh", "Maria"), ("Melati", "Adriana", "Sriani")),
        men=(("Marten", "Petrus", "I Komang", "Yosep"), ("Agus", "Bria", "Dominggus")),
        families=("Wirawan", "Nahak", "Latumahina", "Sudiasa", "Leiwakabessy", "Tefa"),
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
        region = regions[index % len(regions)]
        firsts, middles = region.women if rng.random() < 0.5 else region.men
        first = rng.choice([name for name in firsts if name not in used])
        last = rng.choice([name for name in region.families if name not in used])
        used |= {first, last}
        name = " ".join((first, rng.choice(middles), last))
        people.append(SamplePerson(key, name, _email(first, last), role, position, section_key))
    return tuple(people)


def _email(first: str, last: str) -> str:
    local = f"{first} {last}".lower().replace(" ", ".")
    return f"{local}@{EMAIL_DOMAIN}"
