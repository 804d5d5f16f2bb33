"""The conditions of a protocol that sessions are to be held in, with the system prompt of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from archive.errors import InputError, Place
from archive.workspace.workspace import Workspace
from interviews.protocols.design import Cell, CharacterKind
from interviews.protocols.facts import Fact, texts_of
from interviews.protocols.protocol import Protocol
from interviews.protocols.rendering import render_system

PROMPTS = "prompts"
"""The folder of a workspace with the system prompts that models were deployed with."""

KINDS = ("stance", "information", "language", "character")
"""What a condition is made of, besides how replies are drawn."""

LARGEST_PROMPT = 1_000_000  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which conditions are wanted; None: that of the protocol's own choice."""

    stance: Sequence[str] | None = None
    information: Sequence[str] | None = None
    language: Sequence[str] | None = None
    character: Sequence[str] | None = None
    only: Sequence[str] | None = None  # listed, as STANCE/INFORMATION/LANGUAGE[/CHARACTER]


def cells_of(protocol: Protocol, choice: Choice, *, whole: bool) -> list[Cell]:
    """Return the conditions that are chosen, every combination or those that are listed.

    Args:
        protocol: Whose conditions they are.
        choice: What is wanted.
        whole: Whether what is not chosen is all that the protocol has; else its first.

    Raises:
        InputError: The protocol has none of that name; or conditions are listed, and chosen
            otherwise too.
    """
    if choice.only is not None:
        also = [kind for kind in KINDS if getattr(choice, kind) is not None]
        if also:
            raise InputError(
                "it lists conditions whole, and another option chooses among them",
                at="--only",
                mend=f"Leave out --{', --'.join(also)}; or choose by those, without --only.",
            )
        return _listed(protocol, choice.only)
    return _grid(protocol, choice, whole=whole)


def _grid(protocol: Protocol, choice: Choice, *, whole: bool) -> list[Cell]:
    known: dict[str, Sequence[str]] = {
        "language": protocol.languages,
        "character": tuple(protocol.characters),
        "information": tuple(protocol.informations),
        "stance": tuple(protocol.stances),
    }
    chosen: dict[str, Sequence[str | None]] = {}
    for kind, names in known.items():
        wanted = getattr(choice, kind) or (names if whole else names[:1])
        for name in wanted:
            if name not in names:
                raise InputError(
                    f"no {kind} {name!r}",
                    at=Place(f"protocol {protocol.slug}", field=kind),
                    mend=f"Choose one of: {', '.join(names)}."
                    if names
                    else "The protocol has none: leave it out.",
                )
        chosen[kind] = wanted or (None,)
    return [
        Cell(**dict(zip(chosen, combination, strict=True)))  # type: ignore[arg-type]  # checked above
        for combination in product(*chosen.values())
    ]


def _listed(protocol: Protocol, names: Sequence[str]) -> list[Cell]:
    known = {cell.words: cell for cell in _grid(protocol, Choice(), whole=True)}
    for name in names:
        if name not in known:
            raise InputError(
                f"no condition {name!r}",
                at=Place(f"protocol {protocol.slug}", field="--only"),
                mend=f"Choose from: {', '.join(known)}.",
            )
    return [known[name] for name in names]


def with_systems(
    workspace: Workspace,
    protocol: Protocol,
    model: str,
    cells: Sequence[Cell],
    facts: Mapping[str, Fact],
) -> dict[Cell, str | None]:
    """Return the conditions, each with its system prompt; None: none is sent.

    Raises:
        InputError: The prompt that the model was deployed with is not there, or cannot be used;
            or a fact that a prompt uses has no value.
    """
    return {cell: _system(workspace, protocol, model, cell, facts) for cell in cells}


def _system(
    workspace: Workspace, protocol: Protocol, model: str, cell: Cell, facts: Mapping[str, Fact]
) -> str | None:
    if cell.character is None:
        return None
    worded = protocol.in_language(cell.language)
    match worded.characters[cell.character].kind:
        case CharacterKind.NONE:
            return None
        case CharacterKind.OWN:
            return render_system(worded, cell.character, facts=texts_of(facts))
        case CharacterKind.DEPLOYED:
            return _deployed(workspace, model)


def _deployed(workspace: Workspace, model: str) -> str:
    path = workspace.root / PROMPTS / f"{model}.txt"
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_PROMPT + 1)
        if len(content) > LARGEST_PROMPT:
            raise InputError(
                f"larger than {LARGEST_PROMPT:,} bytes", at=str(path), mend="Save the prompt alone."
            )
        text = content.decode().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"no system prompt that {model} was deployed with: {error}",
            at=str(path),
            mend="Save it there, as UTF-8 text; or leave that character out with --character.",
        ) from error
    if not text:
        raise InputError("empty", at=str(path), mend="Save the prompt there.")
    return text
