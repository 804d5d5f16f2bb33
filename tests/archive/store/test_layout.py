"""Layout extension 0003, by the examples of its own text."""

import json

import pytest

from archive.store.layout import CONFIG_FILE, LAYOUT_FILE, NAME, Layout, parse_config, root_files

LONG = "abcdefghij" * 10 + "a"


@pytest.mark.parametrize(
    ("object_id", "path"),
    [
        pytest.param("object-01", "3c0/ff4/240/object-01", id="safe characters stay"),
        pytest.param(
            "..hor/rib:le-$id", "487/326/d8c/%2e%2ehor%2frib%3ale-%24id", id="others are encoded"
        ),
        pytest.param(
            "..Hor/rib:lè-$id", "373/529/21a/%2e%2eHor%2frib%3al%c3%a8-%24id", id="as UTF-8"
        ),
        pytest.param(
            LONG,
            f"5cc/73e/648/{LONG[:100]}-"
            "5cc73e648fbcff136510e330871180922ddacf193b68fdeff855683a01464220",
            id="a long id ends in its digest",
        ),
    ],
)
def test_an_object_stands_where_the_extension_says(object_id: str, path: str) -> None:
    assert Layout().object_path(object_id) == path


def test_parameters_change_the_path() -> None:
    config = {"digestAlgorithm": "md5", "tupleSize": 2, "numberOfTuples": 15}

    path = parse_config(config).object_path("object-01")

    assert path == "ff/75/53/44/92/48/5e/ab/b3/9f/86/35/67/28/88/object-01"
    assert parse_config({"tupleSize": 0, "numberOfTuples": 0}).object_path("a") == "a"


@pytest.mark.parametrize(
    "config",
    [
        pytest.param({"digestAlgorithm": "crc32"}, id="unknown algorithm"),
        pytest.param({"tupleSize": 0}, id="tuples of nothing"),
        pytest.param({"tupleSize": 33, "numberOfTuples": 1}, id="tuples too long"),
        pytest.param({"tupleSize": "3"}, id="not a number"),
        pytest.param({"tupleSize": 30, "numberOfTuples": 30}, id="longer than the digest"),
    ],
)
def test_parameters_that_the_extension_does_not_allow_are_refused(
    config: dict[str, object],
) -> None:
    with pytest.raises(ValueError, match=r"digestAlgorithm|tupleSize"):
        parse_config(config)


def test_a_root_describes_its_own_layout() -> None:
    files = root_files()

    assert files["0=ocfl_1.1"] == b"ocfl_1.1\n"
    assert json.loads(files[LAYOUT_FILE])["extension"] == NAME
    assert parse_config(json.loads(files[CONFIG_FILE])) == Layout()
