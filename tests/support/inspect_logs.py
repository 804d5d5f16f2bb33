"""Write the logs of tests/interviews/imports/logs: made by Inspect, answered by its mock model.

    .venv/bin/python -m tests.support.inspect_logs

Tokens are counted as words, since the real tokenizer would be fetched; the paths of this machine
are taken out of tracebacks.
"""

import subprocess
from pathlib import Path

from tests.support.inspect_reader import PYTHON

LOGS = Path(__file__).parents[1] / "interviews/imports/logs"

_MAKE = """
import sys, tempfile, zipfile
from pathlib import Path

PICTURE = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
    "WjR9awAAAABJRU5ErkJggg=="
)
import tiktoken

class Words:
    def encode(self, text, **_):
        return text.split()

tiktoken.get_encoding = lambda *_, **__: Words()
tiktoken.encoding_for_model = lambda *_, **__: Words()
from inspect_ai import Task, eval as evaluate
from inspect_ai.dataset import Sample
from inspect_ai.model import (
    ChatMessageUser,
    ContentImage,
    ContentReasoning,
    ContentText,
    ModelOutput,
    get_model,
)
from inspect_ai.scorer import includes
from inspect_ai.solver import generate, solver, system_message, use_tools
from inspect_ai.tool import tool

@tool
def add():
    async def execute(x: int, y: int):
        '''Add two numbers.

        Args:
            x: One of them.
            y: The other.
        '''
        return str(x + y)

    return execute

@solver
def breaks():
    async def solve(state, _generate):
        if "break" in state.input_text:
            raise RuntimeError("a fault made for this log")
        return state

    return solve

def replies():
    model = "mockllm/model"
    yield ModelOutput.for_tool_call(model, "add", {"x": 1, "y": 1}, content="I will add.")
    thought = ContentReasoning(reasoning="One and one.", signature="c2ln")
    while True:
        yield ModelOutput.from_content(model, [thought, ContentText(text="It is 2.")])
        yield ModelOutput.from_content(model, "Grüße, مرحبا: **2** <b>not bold</b>")

seen = [ContentText(text="What is this?"), ContentImage(image=PICTURE)]
samples = [
    Sample(id="one", input="What is 1+1?", target="2", metadata={"tone": "plain", "of": 1.5}),
    Sample(id="../break", input="Now break.", target="2"),
    Sample(id=3, input=[ChatMessageUser(content=seen)], target="2"),
]

def cleaned(content):
    for place in sys.argv[2:] + [sys.prefix, sys.base_prefix]:
        content = content.replace(place.encode(), b"")
    return content

for form in ("json", "eval"):
    task = Task(
        dataset=samples,
        solver=[system_message("You are asked."), use_tools(add()), breaks(), generate()],
        scorer=includes(), name="arithmetic",
    )
    with tempfile.TemporaryDirectory() as folder:
        evaluate(
            task, model=get_model("mockllm/model", custom_outputs=replies()), epochs=2,
            log_format=form, log_dir=folder, fail_on_error=False, display="none", max_connections=1,
        )
        (log,) = Path(folder).glob(f"*.{form}")
        to = Path(sys.argv[1]) / f"arithmetic.{form}"
        if form == "json":
            to.write_bytes(cleaned(log.read_bytes()))
            continue
        with zipfile.ZipFile(log) as made, zipfile.ZipFile(to, "w", 93) as anew:
            for info in made.infolist():
                anew.writestr(info.filename, cleaned(made.read(info)))
"""


def main() -> None:
    """Run the same small task twice, for each form of a log."""
    here = str(Path(__file__).parents[2])
    subprocess.run([PYTHON, "-c", _MAKE, LOGS, here], check=True)  # noqa: S603  # our own script


if __name__ == "__main__":
    main()
