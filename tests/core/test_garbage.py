"""What a serving process has loaded is not looked through for garbage again."""

import gc

from humasflow.core import garbage


def test_what_was_loaded_is_left_alone_and_the_rest_is_looked_at_less_often() -> None:
    before = gc.get_threshold()
    try:
        garbage.settle()
        assert gc.isenabled()
        assert gc.get_freeze_count() > len(gc.get_objects())
        assert gc.get_threshold() == garbage.THRESHOLDS
        assert all(new > old for new, old in zip(garbage.THRESHOLDS, before, strict=True))
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
