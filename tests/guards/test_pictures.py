"""The pictures of README and docs still show the product: taken again, they are the same but for how letters are drawn."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from scripts.pictures import FOLDER, PICTURES

ROOT = Path(__file__).resolve().parents[2]
MOST = 2.0  # mean difference of a channel, of 255: another Chromium or other fonts stay below it, a moved page does not


def difference(one: Path, other: Path) -> float:
    """How far apart two pictures are on the average of all pixels, 0 to 255; of other sizes: 255."""
    with Image.open(one) as a, Image.open(other) as b:
        if a.size != b.size:
            return 255.0
        means = ImageStat.Stat(ImageChops.difference(a.convert("RGB"), b.convert("RGB"))).mean
    return sum(means) / len(means)


@pytest.mark.deep
def test_the_pictures_show_the_product_as_it_is(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "scripts/pictures.py", str(tmp_path)], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False, timeout=1200,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    apart = {name: difference(FOLDER / name, tmp_path / name) for p in PICTURES for name in p.files}
    assert {name: round(d, 2) for name, d in apart.items() if d > MOST} == {}, (
        "run: make pictures, and look at them"
    )


def test_a_page_that_moved_is_told(tmp_path: Path) -> None:
    before = FOLDER / PICTURES[0].files[0]
    with Image.open(before) as image:
        ImageChops.offset(image.convert("RGB"), 0, 12).save(
            tmp_path / "moved.webp", "WEBP", quality=82, method=6
        )
        image.convert("RGB").save(tmp_path / "again.webp", "WEBP", quality=82, method=6)
    assert difference(before, tmp_path / "moved.webp") > MOST
    assert difference(before, tmp_path / "again.webp") < MOST / 2
