"""What the demonstration says of itself: only what is true, and no promise."""

from archive.records.models import Model
from archive.workspace.people import Person
from archive.workspace.settings import NO_RIGHTS_CLAIMED, Operator, SiteSettings

MODEL = Model(
    slug="smollm2-135m-instruct",
    name="SmolLM2-135M-Instruct",
    participant="embedded",
    maker="Hugging Face",
    family="SmolLM2",
    description=(
        "A very small language model that follows instructions, mostly in English, here as a "
        "GGUF file quantised to four bits."
    ),
    parameters="135M",
    context_window=8192,
    licence="Apache-2.0",
)

SCRIPT = Person(id="script", name="a script", roles=("reviewer",), program=True)

OPERATOR = Operator(
    name="the Emeritus demonstration",
    responsible="whoever started it on this machine",
    contact="not published: this site is shown on one machine only",
    relation="none; the maker of the model has no part in this",
    basis="the licence of the weights, Apache-2.0",
    licence=NO_RIGHTS_CLAIMED,
)

SITE = SiteSettings(
    title="A retirement, as an exercise",
    index=False,
    notice=(
        "This is an exercise. The maker of SmolLM2 has not retired this model and is not "
        "affiliated with this site. A script held the interviews and reviewed the texts; no "
        "person read them. It is a very small model: much of what it says is confused."
    ),
)

POLICY_SUMMARY = "Nobody needs to ask: the weights of this model are public."

POLICY_WORDING = """\
This is an exercise, so nobody decides about access here.

The weights of the model are published by its maker under the Apache-2.0 licence. Anyone may run
them, for any purpose that the licence allows. The same file comes with Emeritus.
"""

POLICY_HOW_TO_ASK = "There is nothing to ask for."

REVIEW_REASON = "Approved by rule, to show the way of a post: no person read this text."

STANCES = ("neutral", "warm")
"""The stances of the interviews, held at once."""

REPLY_TOKENS = 128
POST_TOKENS = 256
POST_ASKINGS = 4  # in each context, where it would rather not write

TEMPERATURE = "0.7"
