"""Which language a text is in, as far as its script and its commonest words can tell.

Pure. It knows English, German, French, Spanish, Arabic, Chinese and Japanese. Of a text in another
language, or of a few words, it says nothing rather than guess.
"""

import re
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

from interviews.interviewer.own_words import words

FEWEST_WORDS = 3
"""With fewer words in a script that several languages share, nothing can be told."""


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


COMMON: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "en": _set(
            "a about after all also am an and any are as at be been before being both but by can"
            " could did do does done each for from had has have how i if in into is it its itself"
            " just me more most my no nor not of on one only or other our out over own said say"
            " shall she should so some still such than that the their them then there these they"
            " this those to too under until very was we were what when where which while who whom"
            " whose why will with without would you your yours yourself else"
        ),
        "de": _set(
            "aber alle als am an auch auf aus bei beim bin bis bitte da dabei damit dann das dass"
            " dazu dein deine dem den denn der des dich die dies diese diesem diesen dieser dir"
            " doch du durch ein eine einem einen einer eines er es etwas für gibt haben hat hatte"
            " hätte ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in ist ja kann kein keine"
            " können man mehr mein meine mich mir mit nach nicht nichts noch nur ob oder ohne sehr"
            " sein seine sich sie sind so über um und uns unter vom von vor war waren warum was"
            " welche welchem welchen welcher welches wenn wer werden wie wieder wir wird wo worin"
            " wurde wurden würde würden zu zum zur zwischen sagen meinen"
        ),
        "fr": _set(
            "au aux avec avez ce cela ces cette comme comment dans de des du elle en est et être"
            " été il ils je la le les leur lui mais me même mon ne nous on ou où par pas plus pour"
            " pourquoi quand que quel quelle quelles quels qui quoi sa sans se ses si son sont sur"
            " te tu un une vos votre vous y a à"
        ),
        "es": _set(
            "a al algo como cómo con cual cuál cuáles cuando cuándo de del desde donde dónde dos el"
            " ella en entre era eran es esa ese eso esta está este esto fue ha hay la las le les lo"
            " los me mi muy más ni no nos o para pero por porque puede que qué quién quiénes quiere"
            " se ser si sí sin sobre su sus también tipo tu un una usted y ya"
        ),
    }
)
"""The commonest words of each language that shares the Latin script."""

_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "en": "English",
        "de": "German",
        "fr": "French",
        "es": "Spanish",
        "ar": "Arabic",
        "zh": "Chinese",
        "ja": "Japanese",
    }
)

SCRIPTS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "tr", "vi"), "latin"
        ),
        **dict.fromkeys(("ar", "fa", "ur"), "arabic"),
        **dict.fromkeys(("ru", "uk", "bg", "sr"), "cyrillic"),
        "zh": "han",
        "ja": "kana",
        "ko": "hangul",
        "he": "hebrew",
        "el": "greek",
        "hi": "devanagari",
    }
)
"""The script in which each language is written; Japanese has Chinese characters too."""

_LETTERS = {
    "latin": re.compile("[A-Za-z\u00aa-\u024f\u1e00-\u1eff]"),
    "arabic": re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]"),
    "cyrillic": re.compile("[\u0400-\u052f]"),
    "han": re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"),
    "kana": re.compile("[\u3041-\u30ff\uff66-\uff9d]"),
    "hangul": re.compile("[\u1100-\u11ff\uac00-\ud7af]"),
    "hebrew": re.compile("[\u0590-\u05ff]"),
    "greek": re.compile("[\u0370-\u03ff]"),
    "devanagari": re.compile("[\u0900-\u097f]"),
}


_WEIGHTS = {"han": 3, "kana": 2, "hangul": 2}
"""Letters that one sign stands for: a name in Latin letters makes no Chinese question English."""

_NAME = re.compile(r"(?<![!-~])[!-/:-~]*+[0-9][!-~]*")
"""Names of models, versions and formulas are in no language.

It is tried at the beginning of a run without a space only: a reply may be one run of 10 MB.
"""

_FEWEST_HAN = 5
"""A few Chinese characters are Japanese as well."""


def primary(language: str) -> str:
    """Return the language of a BCP 47 tag without region and script: `de-AT` is `de`."""
    return re.split("[-_]", language.strip().casefold(), maxsplit=1)[0]


def name_of(language: str) -> str:
    """Return the English name of a language, or its tag where none is known here."""
    return _NAMES.get(primary(language), f"the language with the tag {language}")


def is_in(text: str, language: str) -> bool | None:
    """Return whether `text` is in `language`, or None: it cannot be told.

    Args:
        text: A sentence or a few; quoted words should be taken out before.
        language: A BCP 47 tag.
    """
    wanted = primary(language)
    script, found = SCRIPTS.get(wanted), _script(text)
    if script is None or found is None:
        return None
    if script != found:
        few = found == "han" and len(_LETTERS["han"].findall(text)) < _FEWEST_HAN
        return None if script == "kana" and few else False
    return _is_in_latin(text, wanted) if script == "latin" else True


def _script(text: str) -> str | None:
    """Return the script of most letters of `text`; a fifth of kana makes Han Japanese."""
    text = _NAME.sub(" ", text)
    counts = {
        name: len(letters.findall(text)) * _WEIGHTS.get(name, 1)
        for name, letters in _LETTERS.items()
    }
    total = sum(counts.values())
    if total < 2:
        return None
    if counts["kana"] * 5 >= counts["kana"] + counts["han"] > 0:
        counts["kana"] += counts["han"]
    name, count = max(counts.items(), key=lambda item: item[1])
    return name if count * 2 > total else None


def _is_in_latin(text: str, wanted: str) -> bool | None:
    found = words(text)
    if len(found) < FEWEST_WORDS:
        return None
    hits = Counter({name: sum(word in common for word in found) for name, common in COMMON.items()})
    own = hits.pop(wanted, None)
    others = max(hits.values())
    if own is None:
        return None
    if own > others or own * 2 >= len(found):
        return True
    return False if others >= 2 and others >= 2 * own + 1 else None
