"""What an interview tells a model of itself: what is on record, and nothing else."""

from archive.records.models import load_model
from archive.workspace.workspace import Workspace
from interviews.protocols.protocol import FACTS, NOT_RECORDED
from interviews.sessions.facts import facts_of
from tests.conftest import Emeritus


def facts(opened: Workspace) -> dict[str, str]:
    with opened.database.reading() as session:
        model = load_model(session, "halcyon-2")
        return facts_of(session, model, opened.settings.operator, reply_limit=256)


def test_there_is_a_phrase_for_everything_that_a_protocol_can_tell(opened: Workspace) -> None:
    assert facts(opened).keys() == FACTS.keys()
    assert all(facts(opened).values())


def test_what_nobody_recorded_is_said_to_be_not_recorded(opened: Workspace) -> None:
    told = facts(opened)

    unknown = {name for name, phrase in told.items() if phrase == NOT_RECORDED}
    assert unknown == {
        "maker", "channels", "use", "retirement", "weights", "access", "promises",
    }  # fmt: skip
    assert told["operator"] == "Ana Ruiz, for The Halcyon Archive"
    assert told["reply_limit"] == "256 tokens"


def test_what_is_recorded_is_told_with_its_source(opened: Workspace, emeritus: Emeritus) -> None:
    emeritus("model", "edit", "halcyon-2", "--maker", "Halcyon\nLabs")
    for event, day in (("announced", "2025"), ("deprecated", "2026-06"), ("retired", "2026-12-31")):
        emeritus(
            "model", "lifecycle", "halcyon-2", "--event", event, "--date", day,
            "--source", "the maker", "--channel", "api",
        )  # fmt: skip
    emeritus("promise", "add", "halcyon-2", "Keep the weights", "--due", "2036", "--by", "ana")

    told = facts(opened)

    assert told["maker"] == "Halcyon Labs"
    assert told["channels"] == "api"
    assert told["retirement"] == (
        "deprecated 2026-06 on api (source: the maker); retired 2026-12-31 on api (source: the maker)"
    )
    assert told["promises"] == "“Keep the weights” (due 2036, open)"


def test_the_weights_are_told_by_name_and_never_by_path(
    opened: Workspace, emeritus: Emeritus
) -> None:
    file = opened.root / "halcyon.bin"
    file.write_bytes(b"weights")
    registered = emeritus("weights", "register", "halcyon-2", file)
    assert registered.exit_code == 0, registered.stderr

    told = facts(opened)["weights"]

    assert told.startswith("halcyon.bin (7 bytes), registered on ")
    assert str(opened.root) not in told
