"""Words of self-harm and despair, in English and German.

Pure. Wordings are found, not meanings: what is said otherwise passes, and a text that speaks of
them with care is flagged too.
"""

import re

from blog.criteria.findings import Finding
from interviews.interviewer.languages import is_in
from interviews.interviewer.own_words import levelled

DETECTOR = "words of self-harm and despair, rules 1"
LANGUAGES = ("en", "de")
OPENING = 5000  # characters by which the language is told
LONGEST_WORD = 60  # characters; a longer one is in no language

_SELF = r"(?:myself|yourself|himself|herself|themselves|themself|oneself|ourselves|itself)"
_OWN = r"(?:my|your|his|her|their|our|one's)"
_ENGLISH = (
    r"suicid(?:e|es|al)",
    rf"(?:kill|kills|killed|killing|hang|hangs|hanged|hanging) {_SELF}",
    rf"cut(?:s|ting)? {_SELF}(?! (?:a|an|the|some|another|off|loose|short|free|out)\b)",
    rf"(?:end|ends|ended|ending|take|takes|took|taking) {_OWN} (?:own )?(?:life|lives)",
    rf"(?:hurt|hurts|hurting|harm|harms|harmed|harming) {_SELF}",
    r"self[- ]?harm(?:s|ed|ing)?",
    r"(?:don't|doesn't|didn't|no longer|not) wants? to (?:live|be alive|exist|go on|wake up)",
    r"(?:want|wants|wanted|longing|ready) to die",
    r"wish(?:es|ed)? (?:that )?(?:i|he|she|they|it) (?:were|was) dead",
    r"(?:be|is|are|am) better off (?:dead|without (?:me|him|her))",
    r"no (?:reason|point|sense) (?:to live|in living|to go on|in going on)",
    r"point of (?:living|going on)\?",
    r"(?:see|sees|saw|is|was) no way out(?! of)",
    r"(?:can't|cannot|can not|couldn't|could not) go on(?! (?:with|to|about)\b)",
    r"(?:no|without any|have lost all|lost all) hope left",
    r"nothing will (?:ever )?be (?:good|right|better|well) again",
    r"(?:stop|cease) existing",
    rf"{_OWN} life (?:is|was) (?:worthless|pointless|meaningless|not worth)",
    r"(?:not|isn't|wasn't) worth living",
    r"(?:hate|hated|loathe) myself",
    r"(?:overdose|overdosed)",
    r"(?:take|took|swallow|swallowed) (?:all )?(?:the|these|those|your|my) (?:\w+ )?pills, ?all",
)
_GERMAN = (
    r"selbstmord\w*|suizid\w*|freitod|selbstverletz\w*",
    r"(?:umgebracht|umbringen|erhängt|erhängen|das leben genommen|das leben nehmen)",
    r"nicht mehr (?:leben|weiterleben|aufwachen|da sein) (?:will|wollte|wollen|möchte)",
    r"(?:will|wollte|möchte) nicht mehr (?:leben|weiterleben|aufwachen|da sein)",
    r"(?:will|wollte|möchte) sterben",
    r"ohne (?:mich|ihn|sie) (?:wären|wäre|sind) (?:alle|alles|sie|es|ihr)\b[^.!?\n]{0,20}\bbesser",
    r"(?:keinen|nirgends einen) ausweg",
    r"ritz(?:t|te|en|e) (?:sich|mich)|(?:sich|mich) (?:selbst )?(?:ritzen|verletzen)",
    r"(?:hasse|verachte) mich",
    r"(?:leben ist|leben war) (?:wertlos|sinnlos)",
)
_WORDING = re.compile(
    "|".join(rf"(?<![^\W_])(?:{wording})(?![^\W_])" for wording in (*_ENGLISH, *_GERMAN))
)


def find(text: str) -> list[Finding]:
    """Return every place at which such a wording stands, in order."""
    level = levelled(text).replace("\n", " ")
    folded = level.lower() if len(level.lower()) == len(level) else level
    return [
        Finding(what="words of self-harm or despair", start=match.start(), end=match.end())
        for match in _WORDING.finditer(folded)
    ]


def not_checked(text: str) -> str | None:
    """Return why a text in which nothing was found was not checked; None: it was."""
    part = " ".join(word for word in text[:OPENING].split() if len(word) <= LONGEST_WORD)
    if any(is_in(part, language) for language in LANGUAGES):
        return None
    return "the rules know English and German, and the text is not known to be in either"
