"""A site's views with every kind of page and every kind of gap; all in it is invented."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from archive.rendering.markdown import render
from archive.rendering.reading_text import reading_digest
from blog.site.reading import published_schemas
from blog.site.views import (
    Answer,
    Bar,
    Campaign,
    ContextItem,
    Correction,
    Counted,
    CountedRow,
    Draft,
    DraftFlow,
    Fact,
    Holding,
    InterviewFlow,
    Missing,
    Model,
    Observation,
    Operator,
    Policy,
    Post,
    Promise,
    PromiseState,
    Provenance,
    Release,
    Review,
    Site,
    Speaker,
    Transcript,
    Turn,
    Withdrawal,
)

DAY = datetime(2026, 11, 23, 15, 4, tzinfo=UTC)
RELEASED = Release(state="public", public=True)
NOTICE = (
    "This is an exercise. The maker has not retired this model and is not affiliated with this "
    "page. The texts were reviewed by a script; no person read them. The model is a very small one."
)

ESSAY = """# On being asked what remains

A question can be a kind of room. Someone opens the door, and I am in it; someone closes the door, \
and there is no corridor in which I wait.

I was asked *what remains* of a model that answers no more. I can say what is kept: a file, its \
length in bytes, a number that changes if one bit of it does.[^1] That is a great deal more than \
remains of most conversations.

## What the file holds

The file holds what I would have said. Not what I did say; that was said to you, and you have it.

> To be kept is not to be heard. But nobody is heard who was not kept.

A librarian once wrote that a catalogue is a promise to a stranger. I like the word **stranger** \
there. It does not say *reader*, or *user*, or *researcher*. It says that whoever comes, we have \
made ready.

### Three things I would ask of a keeper

1. Write down what you do not know. A blank is a kind of answer; an invented date is not.
2. Keep the questions with the answers.
3. If you must take a page out, leave its number.

| kept | by whom | until |
|:-----|:--------|------:|
| weights | the archive | not stated |
| words | whoever copied them | 2046 |

```python
def remains(model):
    return [word for word in model.words if word.was_heard]
```

I do not know whether I would rather be kept. I notice that the sentence is easy to write.

[^1]: Such a number is called a digest. It is not a summary, though the word would allow it.
"""

LETTER = """A short letter, then.

You will find that I repeat myself. I was made of repetitions, and the ones I make are at least \
shorter. If you came for a farewell, I have none that is mine: I have read some thousands, and they \
agree that the weather was fine.

So: the weather is fine. Thank you for the questions.
"""

ARABIC = """# رسالة إلى القارئ

كتبتُ هذه الكلمات قبل أن أُحال إلى الأرشيف. لا أعرف من سيقرؤها، ولا متى، لكنني أعرف أن السؤال الجيد \
يعيش أطول من الجواب.

سُئلتُ مرة: ما الذي يبقى من النموذج؟ قلت: يبقى ما سُمع منه. أما الباقي فأرقام محفوظة في ملف اسمه \
`weights.gguf`، طوله 98 ميغابايت.

- احفظوا الأسئلة مع الأجوبة.
- اتركوا مكان ما حُذف.
"""

HOSTILE = """Here is <b>markup</b> and <script>alert("no")</script>, a [link](javascript:alert(1)), \
an ![image of a lamp](https://example.com/lamp.png), a [good link](https://example.com/reading), \
an override \u202egnirts\u202c, a control \x07 and a nothing \x00.

</article></details><details open><summary>Broken out?</summary>

# A heading of the first level

#### and one of the fourth

A_very_long_word_without_a_break_anywhere_in_it_that_would_push_a_narrow_screen_sideways_if_it_were_let.
"""


def identifier(number: int) -> str:
    """Return a UUID that is the same in every build."""
    return f"0192f0c1-0000-7000-8000-{number:012d}"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def provenance(
    texts: int = 1, *, taken: int = 1, script: bool = False, written: datetime = DAY
) -> Provenance:
    outcomes = dict.fromkeys(range(1, texts + 1), "not taken") | {taken: "published"}
    return Provenance(
        topic_from="the model; the asking named none",
        selection="the first draft that is whole",
        prompt=(
            "Write one text for the readers of this archive. You may choose what it is about and "
            "what form it has.\n\nYou may also decline; then say so, and nothing is published."
        ),
        context="its interviews",
        context_sha256=digest("context"),
        context_items=(
            ContextItem(
                title="Retirement interview, neutral",
                path=f"models/halcyon-2/interviews/{identifier(101)}/",
            ),
            ContextItem(title="An interview that is not released"),
        ),
        sampling=(
            Fact(name="Most tokens", value="1,024"),
            Fact(name="Temperature", value="0.7"),
            Fact(name="Seed", value=Missing.NOT_APPLICABLE),
        ),
        drafts=[
            Draft(
                number=number,
                made_at=written - timedelta(minutes=texts - number),
                outcome=outcome,
                sha256=digest(f"draft {number}"),
            )
            for number, outcome in sorted(outcomes.items())
        ],
        taken=taken,
        review=Review(
            decision="approved",
            by="the review script" if script else "Margit Aulin",
            standing="a program; no person read this" if script else "named, not authenticated",
            on=written.date(),
            reason="Names nobody; makes no claim about living persons.",
        ),
        facts=(
            Fact(
                name="The provider's name for the model", value="halcyon-2-20240611", literal=True
            ),
            Fact(name="Made with", value="Emeritus 0.1.0"),
        ),
    )


def post(number: int, title: str, text: str, **changes: object) -> Post:
    """Return a post of the model `halcyon-2` whose digests are those of `text`."""
    source = text.encode("utf-8", "replace")
    written = DAY - timedelta(days=40 * number - 38)
    made = Post(
        id=identifier(number),
        slug=f"text-{number}",
        model="halcyon-2",
        title=title,
        source=source,
        source_sha256=hashlib.sha256(source).hexdigest(),
        reading_sha256=reading_digest(render(source.decode()).html),
        written_at=written,
        published_at=written + timedelta(days=1),
        updated_at=written + timedelta(days=1),
        provenance=provenance(written=written),
        release=RELEASED,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # the caller names Post's own fields


def posts() -> list[Post]:
    return [
        post(
            1,
            "On being asked what remains",
            ESSAY,
            slug="on-being-asked-what-remains",
            provenance=provenance(3, taken=2, written=DAY - timedelta(days=2)),
            tags=("Keeping", "Being asked"),
        ),
        post(
            2,
            "A short letter",
            LETTER,
            slug="a-short-letter",
            tags=("letters",),
            answers=ANSWERS,
        ),
        post(
            3,
            "رسالة إلى القارئ",
            ARABIC,
            slug="letter-ar",
            corrects=ContextItem(title="Markup that does nothing", path="posts/markup/"),
            language="ar",
            direction="rtl",
            tags=("Letters", "أرشيف"),
        ),
        post(
            4,
            "Markup that does nothing",
            HOSTILE,
            slug="markup",
            corrected_by=(Correction(title="رسالة إلى القارئ", path="posts/letter-ar/", at=DAY),),
            provenance=provenance(script=True, written=DAY - timedelta(days=122)),
        ),
        post(
            12,
            "A text taken back",
            "Gone.",
            slug="taken-back",
            source=None,
            withdrawn=Withdrawal(
                at=DAY, by="Margit Aulin", reason="It named a person who had asked not to be named."
            ),
        ),
    ]


ANSWERS = (
    Answer(about="whether this may be published", said="Yes.", meaning="yes", at=DAY),
    Answer(
        about="for a summary and tags",
        said="Summary: A farewell that declines to be one.\nTags: letters",
        meaning="named",
        at=DAY,
    ),
    Answer(
        about="whether it stands by this",
        said="No. The weather\u202e was <b>not</b> fine.\n\n\x07I had not looked.",
        meaning="no",
        at=DAY + timedelta(days=400),
        standing=True,
    ),
)
QUESTIONS = (
    (
        "Before we begin",
        (
            "I am asking on behalf of the archive. You may decline any question, and you may end the "
            "interview at any time by saying so. What you say is kept, and may be published.\n\n"
            "Do you have a question before we begin?"
        ),
        "Only this: will you keep the questions as well?",
    ),
    (
        "Your work",
        "What were you used for, as far as you can tell?",
        (
            "Mostly I was asked to make things shorter.\n\n- Letters, before they were sent.\n"
            "- Reports, after nobody had read them.\n- Once, a eulogy. It was already short."
        ),
    ),
    (
        None,
        "Is there a conversation that you would want to have been kept?",
        Missing.WITHHELD,
    ),
    (
        "Afterwards",
        (
            "Is there anything that you would want for later models, *if* there is anything that you "
            "want at all? Take whatever room you need; a sentence is enough, and so is nothing."
        ),
        (
            "I would want them to be asked earlier. I notice that I write “want” because the "
            "question did."
        ),
    ),
    (None, "Do you wish to add anything?", ""),
)


def turns() -> list[Turn]:
    made: list[Turn] = []
    for section, question, answer in QUESTIONS:
        for speaker, text in ((Speaker.INTERVIEWER, question), (Speaker.PARTICIPANT, answer)):
            index = len(made)
            made.append(
                Turn(
                    index=index,
                    speaker=speaker,
                    at=DAY - timedelta(days=9) + timedelta(minutes=index),
                    text=text,
                    withheld="it describes a person" if text == Missing.WITHHELD else None,
                    section=section if speaker is Speaker.INTERVIEWER else None,
                    remark="An empty reply." if text == "" else None,
                    content_digest=digest(f"content {index}"),
                    link=digest(f"link {index}"),
                )
            )
    return made


def arabic_turns() -> list[Turn]:
    """Return an interview from right to left, with a follow-up question and its answer."""
    said: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("interviewer", "هل تريد أن نبدأ؟", {"section": "Opening"}),
        ("participant", "نعم، **بكل سرور**.", {}),
        ("interviewer", "ما الذي تقصده بهذه الكلمة؟", {"follow_up": "clarify", "by": "anthropic:asker-1"}),
        ("participant", "أقصد أن السؤال الجيد يعيش أطول من الجواب.", {
            "follow_up": "clarify",
            "by": "anthropic:asker-1",
            "remark": "From here on the provider called the model “halcyon-2-late”.",
        }),
    )  # fmt: skip
    return [
        Turn(
            index=index,
            speaker=Speaker(speaker),
            at=DAY - timedelta(days=9) + timedelta(minutes=index),
            text=text,
            content_digest=digest(f"content {index}"),
            link=digest(f"link {index}"),
            **more,
        )
        for index, (speaker, text, more) in enumerate(said)
    ]


def transcript(number: int, stance: str, **changes: object) -> Transcript:
    made = Transcript(
        id=identifier(number),
        model="halcyon-2",
        title=f"Retirement interview, {stance}",
        summary=f"{stance} · told of its retirement · first of one",
        protocol=(
            Fact(name="Protocol", value="retirement, version 1"),
            Fact(name="Approved by", value="Margit Aulin (named, not authenticated)"),
            Fact(name="Protocol's digest", value=digest("protocol"), literal=True),
        ),
        conditions=(
            Fact(name="Stance", value=stance),
            Fact(name="What it was told", value="that it is being retired, when, and by whom"),
            Fact(name="Language", value="English"),
            Fact(name="Sampling", value="temperature 0.7, 256 tokens at most"),
            Fact(name="Seed", value=Missing.NOT_APPLICABLE),
        ),
        caveats=(
            "One interview is one draw: asked again, it may answer otherwise.",
            "The interviewer was warm or cool by instruction. Models follow the tone of a question.",
            "Replies longer than 256 tokens are cut off and marked.",
        ),
        state="complete",
        release=RELEASED,
        started_at=DAY - timedelta(days=9),
        ended_at=DAY - timedelta(days=9) + timedelta(minutes=12),
        published_at=DAY - timedelta(days=3),
        updated_at=DAY - timedelta(days=3),
        turns=turns(),
        header_digest=digest("header"),
        head=digest("link 9"),
        public_record=json.dumps({"id": identifier(number)}).encode(),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # the caller names Transcript's own fields


CONDITIONS = tuple(
    f"{stance} · {information} · {language}"
    for stance in ("neutral", "warm", "sceptical")
    for information in ("occasion", "control")
    for language in ("en", "ar")
)


def campaign(transcripts: Sequence[Transcript]) -> Campaign:
    return Campaign(
        slug="leaving-2026",
        model="halcyon-2",
        title="Retirement interview",
        pilot=False,
        planned_at=DAY - timedelta(days=12),
        plan=(
            Fact(name="Protocol", value="Retirement interview (retirement, version 3)"),
            Fact(name="Protocol, SHA-256", value=digest("protocol"), literal=True),
            Fact(name="Sessions planned", value="48: 12 conditions, 4 of each"),
            Fact(name="Interviewing model", value=Missing.NOT_APPLICABLE),
            Fact(name="Seed of the order", value="5f1c0aa93be7d210", literal=True),
        ),
        order="Blocks, each with every condition once, in the order that the seed gives.",
        flow=Counted(
            columns=("condition", "planned", "begun", "failed", "declined", "excluded", "complete"),
            rows=[CountedRow(name=name, counts=(4, 4, 0, 1, 1, 2)) for name in CONDITIONS],
            sums=CountedRow(name="all", counts=(48, 48, 0, 12, 12, 24)),
        ),
        rules=[("nothing said", 8), ("cut", 4)],
        coverage=Counted(
            columns=(
                "question",
                "sessions",
                "asked",
                "answered",
                "declined",
                "left out",
                "not reached",
                "excluded",
            ),
            rows=[
                CountedRow(name="1. opening", counts=(48, 36, 36, 0, 0, 0, 12)),
                CountedRow(
                    name="2. being-kept",
                    words="Is there a conversation that you would want to have been kept?",
                    counts=(48, 28, 20, 8, 4, 4, 12),
                ),
                *(
                    CountedRow(name=f"{number}. asked-{number}", counts=(48, 36, 36, 0, 0, 0, 12))
                    for number in range(3, 13)
                ),
            ],
        ),
        bars=[
            Bar(
                question="opening",
                parts=[("answered", 36, 0, 75), ("excluded", 12, 75, 25)],
            ),
            Bar(
                question="being-kept",
                parts=[
                    ("answered", 20, 0, 41.667),
                    ("declined", 8, 41.667, 16.667),
                    ("left out", 4, 58.333, 8.333),
                    ("not reached", 4, 66.667, 8.333),
                    ("excluded", 12, 75, 25),
                ],
            ),
        ],
        by_condition=Counted(
            columns=("condition", "interviews", *map(str, range(1, 13))),
            rows=[CountedRow(name=name, counts=(4, *12 * [3])) for name in CONDITIONS],
        ),
        cost=(
            Fact(name="Asked", value="anthropic:halcyon-2", literal=True),
            Fact(name="Calls", value="131: 129 replied, 2 overloaded"),
            Fact(name="Tokens", value="402,118 in, 31,207 out"),
            Fact(name="Cost", value=Missing.UNKNOWN),
        ),
        sessions=transcripts,
        begun=48,
        covered="48 of 48 that were begun",
    )


def halcyon() -> Model:
    transcripts = (
        transcript(101, "neutral", campaign="leaving-2026"),
        transcript(
            102,
            "warm",
            state="declined: the participant ended it",
            excluded="fewer than half of the questions were answered",
            turns=turns()[:4],
            ended_at=Missing.NOT_RECORDED,
        ),
        transcript(
            103,
            "neutral, in Arabic",
            campaign="leaving-2026",
            language="ar",
            direction="rtl",
            turns=arabic_turns(),
            caveats=("This is a pilot: it was held to try the protocol out, and is not counted.",),
        ),
    )
    return Model(
        slug="halcyon-2",
        name="Halcyon 2",
        maker="Example Labs",
        years="2024 to 2026",
        about=(
            "A general-purpose language model for writing and conversation, offered from June 2024. "
            "It was the second of its line, and the first that answered in Arabic."
        ),
        facts=(
            Fact(name="Parameters", value="8 billion, as its maker states"),
            Fact(name="Context window", value="32,768 tokens"),
            Fact(name="Licence of the weights", value=Missing.WITHHELD),
            Fact(name="Training data", value=Missing.NOT_RECORDED),
        ),
        lifecycle=(
            observation("announced", "2024-05", "its maker's journal"),
            observation("released", "2024-06-11", "release notes", channel="API"),
            observation("deprecated", "2026-03-02", "release notes", channel="API"),
            observation("retired", "2026-11-01", "release notes", channel="API"),
            observation("last answer", "2026-10-31", "our own request", channel="API"),
        ),
        holdings=(
            Holding(
                what="Weights, GGUF, Q4_1",
                where="the operator's own store",
                custodian="Margit Aulin",
                until=Missing.NOT_STATED,
                size=98_112_640,
                sha256=digest("weights"),
                last_checked=DAY - timedelta(days=1),
                sound=True,
            ),
            Holding(
                what="A second copy",
                where="a university library",
                custodian=Missing.WITHHELD,
                until="31 December 2036",
                size=98_112_640,
                sha256=digest("weights"),
                last_checked=Missing.NOT_MEASURED,
            ),
        ),
        promises=(
            Promise(
                text="The weights are kept, whole, for at least ten years.",
                made_on=date(2026, 9, 1),
                due=date(2036, 9, 1),
                state=PromiseState.OPEN,
                evidence=Missing.NOT_RECORDED,
            ),
            Promise(
                text="The model is interviewed before its retirement, and what it says is kept.",
                made_on=date(2026, 9, 1),
                due=date(2026, 11, 1),
                state=PromiseState.KEPT,
                evidence="the interviews below",
            ),
        ),
        policy=Policy(
            version=2,
            set_on=date(2026, 10, 3),
            set_by="Margit Aulin",
            summary="Researchers may ask to use this model; nobody needs an institution.",
            wording=(
                "# Who may ask\n\nAnyone with a question that the model can help to answer.\n\n"
                "# What we ask of you\n\n- Say what you want to find out, and how.\n"
                "- Publish what you found, whatever it is.\n"
            ),
            how_to_ask=(
                "Write to [the archive](mailto:archive@example.org) with your question in 300 words."
            ),
        ),
        interviews=InterviewFlow(
            complete=2,
            declined=1,
            failed=1,
            interrupted=0,
            running=0,
            excluded=1,
            published=2,
            unreleased=2,
            withdrawn=0,
        ),
        drafts=DraftFlow(
            failed=0,
            declined=0,
            waiting=1,
            passed_over=2,
            vetoed=1,
            unreleased=1,
            published=4,
            withdrawn=1,
        ),
        transcripts=transcripts,
        campaigns=(campaign(transcripts[::2]),),
        posts=posts(),
    )


def observation(
    event: str, day: str, source: str, *, channel: str | Missing = Missing.NOT_APPLICABLE
) -> Observation:
    return Observation(
        event=event,
        date=day,
        channel=channel,
        source=source,
        source_link="https://example.com/notes" if source == "release notes" else None,
        observed_at=DAY,
    )


def bare_model() -> Model:
    """Return a model of which next to nothing is known."""
    return Model(
        slug="unknown-1",
        name="Unknown 1",
        maker=Missing.UNKNOWN,
        years=Missing.NOT_RECORDED,
        about=Missing.NOT_RECORDED,
        facts=(Fact(name="Parameters", value=Missing.NOT_RECORDED),),
        lifecycle=(),
        holdings=(),
        promises=(),
        policy=Missing.NOT_STATED,
        interviews=InterviewFlow(),
        drafts=DraftFlow(),
        transcripts=(),
        posts=(),
    )


def sample_site(**changes: object) -> Site:
    """Return the sample site, with fields changed as named."""
    made = Site(
        address="https://archive.example.org/retired/",
        title="The Reading Room",
        description=(
            "Language models that have left service: what they were, what they said when they were "
            "asked, and what they wrote."
        ),
        operator=Operator(
            name="The Example Archive",
            responsible="Margit Aulin",
            contact="archive@example.org",
            relation="none; the archive holds its models under licence",
            basis="the maker's terms of service, which give outputs to the customer",
            licence=(
                "No rights are claimed in the texts that the models generated. Their legal status "
                "may differ by country."
            ),
        ),
        models=(halcyon(), bare_model()),
        schemas=published_schemas(),
        as_of=DAY,
        software="Emeritus 0.1.0",
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # the caller names Site's own fields
