import io
import json

from hypothesis import given
from hypothesis import strategies as st

from archive.weights.companions import NEEDS, all_needs, needs_from
from archive.weights.gguf_header import NOT_RECORDED

CONFIG = {
    "architectures": ["HalcyonForCausalLM"],
    "model_type": "halcyon",
    "transformers_version": "4.57.0",
    "quantization_config": {"quant_method": "gptq", "bits": 4, "deep": {"er": [1]}},
}


def needs(name: str, content: object) -> dict[str, str]:
    return needs_from(name, io.BytesIO(json.dumps(content).encode()))


def test_what_is_needed_is_gathered_from_all_files_of_a_model() -> None:
    files = [
        needs("config.json", CONFIG),
        needs("tokenizer.json", {}),
        needs(
            "tokenizer_config.json", {"tokenizer_class": "HalcyonTokenizer", "chat_template": "x"}
        ),
        {"quantisation": "tensors of I32", "engine": NOT_RECORDED},
        needs("README.md", {}),
    ]

    assert all_needs(files) == {
        "config": "config.json",
        "tokenizer": "tokenizer.json; HalcyonTokenizer (tokenizer_config.json)",
        "chat_template": "in tokenizer_config.json",
        "generation_settings": NOT_RECORDED,
        "engine": "architecture HalcyonForCausalLM, type halcyon, written by transformers 4.57.0"
        " (config.json)",
        "build": NOT_RECORDED,
        "quantisation": "quant_method gptq, bits 4, deep er … (config.json); tensors of I32",
    }


def test_nothing_known_is_marked_missing_one_by_one() -> None:
    assert all_needs([]) == dict.fromkeys(NEEDS, NOT_RECORDED)


@given(st.sampled_from(["config.json", "a/tokenizer_config.json"]), st.binary(max_size=100))
def test_a_companion_that_cannot_be_understood_says_so(name: str, content: bytes) -> None:
    file = io.BytesIO(b"\0" + content)

    (said,) = needs_from(name, file).values()

    assert said.startswith(f"{name}, which cannot be understood")
    assert file.tell() == 0
