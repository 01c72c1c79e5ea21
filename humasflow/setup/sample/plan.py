"""The plan of the sample office: four quarters up to today and what is on the desk, from a seed and a date."""

from datetime import date
from random import Random

from humasflow.core.periods import Quarter
from humasflow.setup.sample.desk import Desk
from humasflow.setup.sample.headlines import HeadlineDeck
from humasflow.setup.sample.kinds import PICTURE_ALTS, PICTURE_TITLES, VARIATIONS, PictureKind
from humasflow.setup.sample.library import load_library
from humasflow.setup.sample.model import SamplePicture, SamplePitch, SamplePlan, SampleStory
from humasflow.setup.sample.office import COMPONENTS, OFFICE, build_officials, build_targets
from humasflow.setup.sample.ongoing import build_coming, build_ongoing, build_pool
from humasflow.setup.sample.past import build_past
from humasflow.setup.sample.people import build_people

QUARTERS_BEFORE = 3


def build_plan(today: date, seed: int) -> SamplePlan:
    """The whole sample office on a date of the office's own calendar; the same date and seed give the same plan."""
    rng = Random(seed)
    library = load_library()
    people = build_people(rng)
    current = Quarter.from_local_date(today)
    quarters = tuple(current.shift(-back) for back in range(QUARTERS_BEFORE, -1, -1))
    desk = Desk(rng, library, OFFICE, people)
    deck = HeadlineDeck(rng, library)
    stories = (*build_past(desk, deck, quarters, today), *build_ongoing(desk, deck, today))
    pitches = tuple(build_pool(desk, today))
    stories += tuple(build_coming(desk, deck, today))
    return SamplePlan(
        today=today,
        seed=seed,
        office=OFFICE,
        people=people,
        quarters=quarters,
        components=COMPONENTS,
        targets=build_targets(quarters),
        officials=build_officials(quarters[:-1], today),
        pictures=_pictures(seed, stories, pitches),
        stories=stories,
        pitches=pitches,
    )


def _pictures(
    seed: int, stories: tuple[SampleStory, ...], pitches: tuple[SamplePitch, ...]
) -> tuple[SamplePicture, ...]:
    """The pictures that are used, in the order of the kinds. A key is ``<kind>-<variation>``."""
    used = {key for story in stories for key in story.picture_keys}
    used |= {key for pitch in pitches for key in pitch.picture_keys}
    pictures: list[SamplePicture] = []
    for kind in PictureKind:
        for variation in range(1, VARIATIONS + 1):
            key = f"{kind}-{variation}"
            if key not in used:
                continue
            pictures.append(
                SamplePicture(
                    key=key,
                    kind=kind.value,
                    seed=seed * VARIATIONS + variation,
                    filename=f"ilustrasi-{key}.jpg",
                    title=PICTURE_TITLES[kind],
                    alt_text=PICTURE_ALTS[kind],
                    credit=f"Ilustrasi: Humas {OFFICE.short_name}",
                    uploader="redaktur-2",
                )
            )
    return tuple(pictures)
