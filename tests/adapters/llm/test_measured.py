"""Nothing is given to a model to judge that it was not measured on."""

import json

import pytest

from adapters.llm.measured import MeasuredError, trusted

GOOD = {"kappa": 0.6, "flips": 0.03, "n": 100, "swapped": 100}
RESULT = {"model": "m", "prompts": ["judge-1-abc"], "judge": {"R2": GOOD}}


def written(path, result):
    file = path / "eval-llm.json"
    file.write_text(result if isinstance(result, str) else json.dumps(result))
    return file


@pytest.mark.parametrize("worse", [{"kappa": 0.59}, {"flips": 0.031}, {"n": 99}, {"swapped": 99}])
def test_what_is_good_enough_and_measured_enough(worse, tmp_path):
    """Criterion by criterion."""
    result = {**RESULT, "judge": {"R2": GOOD, "R6": {**GOOD, **worse}}}
    assert trusted(written(tmp_path, result), "m", "judge-1-abc") == {"R2"}


@pytest.mark.parametrize(
    ("result", "says"),
    [
        ({**RESULT, "model": "other"}, "tells of the model other, and the one in use is m"),
        ({**RESULT, "prompts": ["judge-2-abc"]}, "tells of other instructions"),
        ("not JSON", "is no result of make eval-llm"),
        ("[" * 100_000, "is no result of make eval-llm"),
        ([], "is no result of make eval-llm"),
        ({"model": "m", "prompts": []}, "is no result of make eval-llm"),
        ({**RESULT, "judge": {"R2": {}}}, "is no result of make eval-llm"),
        ({**RESULT, "judge": {"R2": 1}}, "is no result of make eval-llm"),
    ],
)
def test_a_file_that_tells_of_something_else_is_refused(result, says, tmp_path):
    """With the reason."""
    with pytest.raises(MeasuredError, match=says):
        trusted(written(tmp_path, result), "m", "judge-1-abc")


def test_a_file_that_is_not_there(tmp_path):
    """Nothing is measured."""
    with pytest.raises(MeasuredError, match="cannot be read"):
        trusted(tmp_path / "none.json", "m", "judge-1-abc")
