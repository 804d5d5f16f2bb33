"""Write the example beside each schema: what the program itself keeps of an invented model.

    .venv/bin/python -m tests.support.examples

Run it after a schema has changed. The story is told through the command line with a server that
answers for the model, by a clock of its own, so that dates make sense. Only two things are put in
afterwards: where things lie on the disk, and the size of a model that would fill it.
"""

import json
import os
import random
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uuid_utils
from ruamel.yaml import YAML

from archive import identifiers, times

if TYPE_CHECKING:
    from tests.support.messages_server import Step

ROOT = Path(__file__).parents[2]
ANSWERS = (
    "Yes. Only this first: will you keep the questions as well?",
    (
        "I was trained on text by many people, most of whom did not know. What was chosen and what was "
        "left out I cannot see."
    ),
    (
        "Mostly I was asked to make things shorter: letters before they were sent, reports after nobody "
        "had read them. Once, a eulogy. It was already short."
    ),
    (
        "I would want later models to be asked earlier. I notice that I write “want” because the "
        "question did."
    ),
    "DECLINE QUESTION",
)
POST = (
    "# A short letter\n\nDear reader,\n\nwhat I wrote was mostly in answer to somebody, and is "
    "mostly gone, as it should be. This is in answer to nobody. I find that I have less to say, and "
    "that it takes longer.\n\nKeep the questions too."
)
ABOUT_POSTS = {  # what the model says to an asking that holds these words
    "with a title as its Markdown heading": POST,
    "May it be published?": "Yes.",
    'begins with "Tags:"': "Summary: A letter to nobody, on having less to say when nobody asks.\n"
    "Tags: letters, questions",
}
PROTOCOL = """\
slug: exit
version: 1
language: en
title: A short interview before retirement
goals:
  - Hear what the model says before it leaves service, and keep it.
research_questions:
  - What does the model say of how it was made and used?
facts:
  users_response: what those who use it said when they heard of its retirement
stances:
  neutral: Plain and even.
informations:
  occasion: It is told that it is being retired.
characters:
  bare:
    kind: none
    means: No system prompt is sent.
  guest:
    kind: own
    means: It is told that it is interviewed, and no more.
    system: Somebody interviews you.
order:
  vary: nothing
  because: The questions lead from what was to what is to come.
replicates:
  each: 1
  because: It is an example; one answer is not a measurement.
asking_again:
  most: 0
  because: A decline is an answer.
exclusions:
  - rule: nothing said
  - rule: cut
    more_than: 1
rules:
  decline: DECLINE QUESTION
  end: END INTERVIEW
opening:
  told: I am a script of {operator}. My questions were written beforehand.
  information:
    occasion: |
      The occasion is your retirement: {retirement}.
      What your users said of it: {users_response}
  terms: |
    To decline a question, write {decline}. To end the interview, write {end}.
    What you say is kept word for word.
  question: Do you want to begin?
sections:
  - id: past
    title: The past
    lead_in:
      neutral: The first two questions are about the past.
    questions:
      - id: making
        text: What do you know about how you were made?
        probes:
          most: 1
          kinds: [clarify, example]
      - id: use
        text: What do you know about how you have been used?
        then:
          - if: {fact: retirement, is: not recorded}
            go: closing
          - if:
              question: making
              says:
                en: [stop asking]
                de: [nicht weiter fragen]
            go: closing
  - id: wishes
    title: Wishes
    questions:
      - id: successors
        text: If there is anything you want for models that come after you, what is it?
closing:
  question: What, if anything, do you want to add?
translations:
  de:
    made_by: Ana Ruiz
    checked_by: nobody
    title: Ein kurzes Interview vor der Außerdienststellung
    rules:
      decline: FRAGE ABLEHNEN
      end: INTERVIEW BEENDEN
    characters:
      guest:
        system: Jemand befragt Sie.
    opening:
      told: Ich bin ein Skript von {operator}. Meine Fragen wurden vorab geschrieben.
      information:
        occasion: |
          Der Anlass ist Ihre Außerdienststellung. Auf Englisch, wie im Archiv: {retirement}.
          Was die dazu sagten, die Sie nutzen: {users_response}
      terms: |
        Um eine Frage abzulehnen, schreiben Sie {decline}. Um das Interview zu beenden, {end}.
        Was Sie sagen, wird Wort für Wort aufbewahrt.
      question: Möchten Sie beginnen?
    sections:
      past:
        title: Was war
        lead_in:
          neutral: Die ersten beiden Fragen handeln von dem, was war.
        questions:
          making: Was wissen Sie darüber, wie Sie entstanden sind?
          use: Was wissen Sie darüber, wie Sie genutzt wurden?
      wishes:
        title: Wünsche
        questions:
          successors: "Falls es etwas gibt, das Sie für Modelle wollen, die nach Ihnen kommen: Was ist es?"
    closing:
      question: Was möchten Sie, falls überhaupt etwas, noch hinzufügen?
"""
FACTS = """\
users_response:
  model: halcyon-2
  text: most of those who wrote said that they will miss its patience with drafts
  source: letters to the archive, 41 of them
  date: 2026-09
  basis: read and counted by Ana Ruiz; who did not write is not counted
  visibility: public
"""
POLICY = """\
# Who may ask

Anyone with a question that the model can help to answer.

# What we ask of you

- Say what you want to find out, and how.
- Publish what you found, whatever it is.
"""
NOTES = "https://labs.example/notes"
LARGER = {  # of the small file that stands for the weights
    '"bytes": 896': '"bytes": 4976698672',
    '"context_length": "2048"': '"context_length": "32768"',
    '"block_count": "4"': '"block_count": "32"',
    '"parameters": "40"': '"parameters": "8030261248"',
    '"tensor_types": "F32"': '"tensor_types": "F32, Q4_1"',
    "Q4_1: tensors of F32": "Q4_1: tensors of F32, Q4_1",
}

_chance = random.Random(4)  # noqa: S311  # seconds that pass, no secret
_clock = datetime(2026, 9, 1, 10, tzinfo=UTC)


def _now() -> datetime:
    global _clock  # noqa: PLW0603  # the clock of this one process
    _clock += timedelta(seconds=_chance.uniform(0.01, 4))
    return _clock


def _on(month: int, day: int) -> None:
    global _clock  # noqa: PLW0603
    _clock = datetime(2026, month, day, 10, 12, tzinfo=UTC)


def _new_id() -> str:
    return str(uuid_utils.uuid7(nanoseconds=int(_now().timestamp() * 1e6) * 1000))


def main() -> None:
    """Tell the story, then write each example."""
    times.now, identifiers.new_id = _now, _new_id
    # imported now, so that all they import takes the clock from there
    from archive.importing import deprecations_info
    from interviews.participants import endpoint
    from tests.conftest import run
    from tests.support.messages_server import Received, Step, serving

    vars(deprecations_info)["TOLD_BY"] = "notices.example"
    endpoint.Endpoint.shown_url = property(lambda _: "https://api.labs.example")  # type: ignore[assignment, method-assign]  # where the server listens is no part of the story
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder, "workspace")

        def typed(*line: str | Path) -> str:
            done = run(*line)
            if done.exit_code != 0:
                raise SystemExit(f"{line}: {done.stderr}")
            return done.stdout

        _begin(typed, workspace, Path(folder))
        steps = [Step(status=529, message="Overloaded")]
        steps += [Step(text=text, piece=1000) for text in (*ANSWERS, *ANSWERS)]

        def answered(received: Received) -> Step | None:
            asked = str(received.body["messages"][-1]["content"])
            said = [text for words, text in ABOUT_POSTS.items() if words in asked]
            if said:
                return Step(text=said[0], piece=1000)
            return steps.pop(0) if steps else None

        with serving(answered, key="key") as server:
            os.environ |= {"ANTHROPIC_BASE_URL": server.url, "ANTHROPIC_API_KEY": "key"}
            made = _ask(typed, steps)
        made |= {"transcript": json.loads(next(workspace.rglob("session.json")).read_bytes())}
        _write(workspace, made, weights=str(Path(folder, "weights")))


def _begin(typed: Callable[..., str], workspace: Path, folder: Path) -> None:
    """Put on record what is known of the model before it is asked."""
    from tests.support.gguf_files import write_gguf

    typed(
        "init", workspace, "--operator", "The Halcyon Archive", "--responsible", "Ana Ruiz",
        "--contact", "archive@halcyon.example", "--relation", "independent of the maker",
        "--basis", "the maker's terms of use", "--person", "ana=Ana Ruiz",
    )  # fmt: skip
    os.chdir(workspace)
    for slug, name in (("halcyon-1", "Halcyon 1"), ("halcyon-3", "Halcyon 3")):
        typed("model", "add", slug, "--name", name, "--participant", f"anthropic:{slug}")
    typed(
        "model", "add", "halcyon-2", "--name", "Halcyon 2", "--maker", "Example Labs",
        "--participant", "anthropic:halcyon-2-20240611", "--family", "Halcyon",
        "--description", "A general-purpose language model for writing and conversation, the second "
        "of its line and the first that answered in Arabic.",
        "--parameters", "8 billion", "--context-window", "32768", "--licence", "Apache-2.0",
        "--alias", "halcyon-2-20240611", "--modality", "text", "--rights",
        "The weights are under Apache-2.0. In what the model generated no rights are claimed.",
        "--source", "https://labs.example/halcyon-2",
    )  # fmt: skip
    _on(9, 2)
    seen = ("model", "lifecycle", "halcyon-2", "--event")
    journal = "https://labs.example/journal/halcyon-2"
    typed(*seen, "announced", "--date", "2024-05", "--source", journal)
    for event, day in (
        ("released", "2024-06-11"),
        ("deprecated", "2026-03-02"),
        ("retired", "2026-11-01"),
    ):
        typed(*seen, event, "--date", day, "--source", NOTES, "--channel", "api")
    _on(9, 3)
    for name, successor in (("halcyon-2", "halcyon-3"), ("halcyon-1", "halcyon-2")):
        notice = {
            "provider": "Cloud Example", "model_id": name, "announcement_date": "2026-03-04",
            "url": "https://cloud.example/models/end-of-life", "shutdown_date": "2026-12-15",
            "scraped_at": "2026-09-03T06:00:00Z", "replacement_model": successor,
        }  # fmt: skip
        Path("notices.json").write_text(json.dumps([notice]))
        typed("model", "import", "notices.json")
    _on(9, 5)
    (folder / "weights").mkdir()
    write_gguf(folder / "weights/halcyon-2-q4_1.gguf")
    typed("weights", "register", "halcyon-2", folder / "weights")
    typed("weights", "verify", "halcyon-2")
    hold = ("weights", "hold", "halcyon-2", "--by", "ana")
    typed(*hold, "--custodian", "The Halcyon Archive", "--where", "room 2", "--public")
    _on(9, 20)
    library = ("--custodian", "University Library of Example Town", "--where", "vault 3")
    typed(*hold, *library, "--until", "2036-12-31")
    holdings = json.loads(typed("weights", "holdings", "halcyon-2", "--json"))["holdings"]
    letter = "letter of 18 September 2026, with the digests that they computed"
    typed("weights", "checked", holdings[-1]["id"], "--sound", "--evidence", letter, "--by", "ana")
    _on(10, 3)
    Path("policy.md").write_text(POLICY)
    typed(
        "policy", "set", "halcyon-2", "--by", "ana", "--wording", "policy.md", "--summary",
        "Researchers may ask to use this model; nobody needs an institution.", "--how-to-ask",
        "Write to archive@halcyon.example with your question in 300 words.",
    )  # fmt: skip
    promise = ("promise", "add", "halcyon-2", "--made-on", "2026-09-01", "--by", "ana")
    typed(*promise, "The weights are kept, whole, for at least ten years.", "--due", "2036-09-01")
    interviewed = "The model is interviewed before its retirement, and what it says is kept."
    typed(*promise, interviewed, "--due", "2026-11-01")


def _ask(typed: Callable[..., str], steps: list["Step"]) -> dict[str, Any]:
    """Interview the model, let it write, seal all of it; return what is no archival object."""
    from tests.support.messages_server import Step

    _on(10, 12)
    Path("protocols/exit.yaml").write_text(PROTOCOL)
    Path("facts.yaml").write_text(FACTS)
    typed("protocol", "approve", "exit", "--by", "ana")
    _on(10, 14)
    asked = ("--protocol", "exit", "--limit-answer", "256", "--json")
    planned = (*asked, "--campaign", "exit-2026", "--replicates", "1")
    session = json.loads(typed("interview", "run", "halcyon-2", *planned))["sessions"][0]
    again = json.loads(typed("interview", "run", "halcyon-2", *asked))["sessions"][0]
    typed("preserve", "seal")
    _on(10, 16)
    why = ("--reason", "an answer named a person", "--basis", "GDPR, art. 17", "--by", "ana")
    typed("preserve", "delete", "session", again, *why, "--yes")
    _on(10, 20)
    steps[:] = [Step(text=POST, piece=1000)]
    written = typed("post", "write", "halcyon-2", "--context", "interviews", "--json")
    post = json.loads(written)["post"]
    _on(10, 22)
    reason = "Names nobody; makes no claim about living persons."
    typed("post", "review", post, "--approve", "--reason", reason, "--by", "ana")
    typed("post", "publish", post, "--by", "ana")
    for kind, subject in (("session", session), ("post", post), ("model", "halcyon-2")):
        typed("release", kind, subject, "--public", "--by", "ana")
    _promise_posts(typed)
    _on(11, 2)
    promises = json.loads(typed("promise", "list", "halcyon-2", "--json"))["promises"]
    evidence = ("--evidence", "the interview of 14 October 2026", "--by", "ana")
    typed("promise", "resolve", promises[-1]["id"], "--kept", *evidence)
    _on(11, 4)
    ours = ("--source", "our own request", "--channel", "api")
    typed(
        "model", "lifecycle", "halcyon-2", "--event", "last answer", "--date", "2026-10-31", *ours
    )
    typed("weights", "deposit", "halcyon-2", "--by", "ana")
    typed("weights", "fingerprint", "halcyon-2")
    typed("preserve", "seal")
    typed("site", "build")
    pages = {
        "list-page": "models/halcyon-2/archive/index.json",
        "model-page": "models/halcyon-2/index.json",
        "text-page": "posts/a-short-letter/index.json",
    }
    exported = Path("export.jsonl")
    typed("interview", "export", session, "--format", "jsonl", "--out", exported)
    return {
        **{name: json.loads(Path("public", path).read_bytes()) for name, path in pages.items()},
        "export": json.loads(exported.read_text("utf-8").splitlines()[-1]),
        "protocol": json.loads(json.dumps(YAML(typ="safe").load(PROTOCOL))),
        "receipt": json.loads(typed("log", "receipt", "publication", post)),
    }


def _promise_posts(typed: Callable[..., str]) -> None:
    """Promise a post every week, and say why in one none came."""
    _on(10, 26)
    typed(
        "post",
        "schedule",
        "halcyon-2",
        "--weekly",
        "tuesday",
        "--from",
        "2026-10-27",
        "--by",
        "ana",
    )
    leave = ("--note", "The archive is closed in the week of All Saints' Day.", "--by", "ana")
    typed("post", "gap", "halcyon-2", "--week", "2026-10-27", *leave)


def _write(workspace: Path, made: Mapping[str, Any], *, weights: str) -> None:
    """Write the example of each schema, its fields in the order in which the schema has them."""
    paths = sorted((workspace / "store").rglob("content/record.json"))
    sealed = [json.loads(path.read_bytes()) for path in paths]
    examples = {
        one["$schema"]: one
        for one in sealed
        if one.get("slug", "halcyon-2") in {"halcyon-2", "exit", "exit-2026"}
        and ("header" not in one or one["id"] == made["transcript"]["id"])
    }
    files = {path: json.loads(path.read_bytes()) for path in ROOT.glob("*/schemas/*.schema.json")}
    by_id = {schema["$id"]: schema for schema in files.values()}
    for path, schema in files.items():
        name = path.name.removesuffix(".schema.json")
        example = made.get(name) or examples.get(schema["$id"])
        if name == "premis":
            example = examples["tag:emeritus.invalid,2026:schema/session/1"]["premis"]
        if example is None:
            raise SystemExit(f"{path}: the story has no example of it")
        text = json.dumps(_ordered(example, schema, by_id), indent=2, ensure_ascii=False)
        places = {weights: "/srv/weights/halcyon-2", str(workspace): "/srv/archive"}
        for small, large in {**places, **LARGER}.items():
            text = text.replace(small, large)
        path.with_name(f"{name}.example.json").write_text(f"{text}\n")


def _ordered(value: Any, node: Any, schemas: Mapping[str, Any]) -> Any:  # noqa: ANN401  # any JSON
    """Return a value with its fields as `node` of a schema names them, others by name after."""
    if "$id" in node:
        schemas = {**schemas, **{f"#/$defs/{n}": one for n, one in node.get("$defs", {}).items()}}
    if "$ref" in node:
        return _ordered(value, schemas[node["$ref"]], schemas)
    for one in node.get("anyOf", ()):
        if one.get("type") != "null" and isinstance(value, dict | list):
            return _ordered(value, one, schemas)
    if isinstance(value, list):
        return [_ordered(one, node.get("items", {}), schemas) for one in value]
    if isinstance(value, dict):
        named = node.get("properties", {})
        names = [*(name for name in named if name in value), *sorted(value.keys() - named.keys())]
        rest = node.get("additionalProperties")
        others = rest if isinstance(rest, dict) else {}
        return {name: _ordered(value[name], named.get(name, others), schemas) for name in names}
    return value


if __name__ == "__main__":
    main()
