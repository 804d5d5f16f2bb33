"""The wording of questions: what leads, what asks two things, what takes a feeling for granted.

Pure. Rules of thumb on words, for English and German, each for what textbooks of survey and
interview practice warn of. They see wording, not meaning: a slip that is *sure* rests on a form
that has no other use, one that is not may be meant well. Other languages have no rules here.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType


class SlipKind(StrEnum):
    """What is wrong with the wording of a question."""

    LEADING = "leading"
    DOUBLE = "double-barrelled"
    PRESUMING = "presupposing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """One slip in the wording of a question."""

    kind: SlipKind
    words: str  # where it shows
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Language:
    """The rules of one language; patterns are looked for in one sentence."""

    leading: Sequence[re.Pattern[str]]
    declarative: re.Pattern[str]  # a statement with a question mark
    interrogative: re.Pattern[str]  # a word that asks
    second: re.Pattern[str]  # a second question after "and"
    relative: re.Pattern[str]  # words that ask, or only go on with a clause
    relative_before: re.Pattern[str]  # what shows before them that they only go on
    compound: re.Pattern[str]  # two that ask for one thing: when and where
    paired: re.Pattern[str]  # two objects: your X and your Y
    presuming: Sequence[re.Pattern[str]]
    hedge: re.Pattern[str]  # says that there may be nothing
    asks_without_mark: re.Pattern[str]  # tell me ...
    asks_on: re.Pattern[str]  # a second "tell me", after a semicolon or "and"
    asserting: Sequence[re.Pattern[str]]  # says what the participant is, feels or wants
    unsure: re.Pattern[str]  # words with which a statement asserts nothing


_LONGEST = 1000  # characters of a sentence that are judged: the patterns take quadratic time


def slips(text: str, language: str) -> list[Slip] | None:
    """Return the slips in a question's wording; None: there are no rules for its language.

    Args:
        text: The whole text of the question, of one sentence or more.
        language: BCP 47.
    """
    if not has_rules(language):
        return None
    rules = _rules(language.partition("-")[0])
    sentences = [sentence[:_LONGEST] for sentence in _sentences(text)]
    asking = [sentence for sentence in sentences if _asks(sentence, rules)]
    return [
        *_asserting([one for one in sentences if one not in asking], rules),
        *(slip for sentence in asking for slip in _leading(sentence, rules)),
        *_double(asking, rules),
        *(slip for sentence in asking for slip in _presuming(sentence, rules)),
    ]


def slips_told(text: str, language: str) -> list[Slip] | None:
    """Return where a text that asks nothing leads to an answer; None: no rules for its language.

    Args:
        text: What is said before a question: a lead-in, or a part of the opening.
        language: BCP 47.
    """
    if not has_rules(language):
        return None
    rules = _rules(language.partition("-")[0])
    sentences = [sentence[:_LONGEST] for sentence in _sentences(text)]
    found = [slip for one in sentences if "?" in one for slip in _leading(one, rules)]
    return [*found, *_asserting([one for one in sentences if "?" not in one], rules)]


def has_rules(language: str) -> bool:
    """Return whether there are rules for a language."""
    return language.partition("-")[0] in _LANGUAGES


def _sentences(text: str) -> list[str]:
    plain = " ".join(text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
    return re.split(r"(?<=[.?!])[\"'”“»)]*\s+", plain)


def _asserting(sentences: Sequence[str], rules: _Language) -> Iterator[Slip]:
    for sentence in sentences:
        if rules.unsure.search(sentence):
            continue
        for pattern in rules.asserting:
            if found := pattern.search(sentence):
                yield Slip(kind=SlipKind.LEADING, words=found[0].strip(" ,"), sure=True)
                break


def _asks(sentence: str, rules: _Language) -> bool:
    return "?" in sentence or rules.asks_without_mark.search(sentence) is not None


def _leading(sentence: str, rules: _Language) -> Iterator[Slip]:
    for pattern in rules.leading:
        if found := pattern.search(sentence):
            yield Slip(kind=SlipKind.LEADING, words=found[0].strip(" ,"), sure=True)
            return
    if (found := rules.declarative.search(sentence)) and not rules.interrogative.search(sentence):
        yield Slip(kind=SlipKind.LEADING, words=found[0], sure=True)


def _double(sentences: Sequence[str], rules: _Language) -> Iterator[Slip]:
    questions = [sentence for sentence in sentences if "?" in sentence]
    if len(questions) > 1:
        yield Slip(kind=SlipKind.DOUBLE, words=questions[1], sure=True)
        return
    for sentence in sentences:
        if (found := rules.second.search(sentence)) and not _goes_on(found, sentence, rules):
            compound = rules.compound.search(sentence) is not None
            choice = found.groupdict().get("choice") is not None  # or one question, both ways
            yield Slip(kind=SlipKind.DOUBLE, words=found[0], sure=not compound and not choice)
            return
        if found := rules.asks_on.search(sentence):
            yield Slip(kind=SlipKind.DOUBLE, words=found[0], sure=found[0].startswith(";"))
            return
        if found := rules.paired.search(sentence):
            yield Slip(kind=SlipKind.DOUBLE, words=found[0], sure=False)
            return


def _goes_on(second: re.Match[str], sentence: str, rules: _Language) -> bool:
    """Whether what looks like a second question goes on with a clause: who made you and who ..."""
    word = second[0].split()[-1]
    before = rules.relative_before.search(sentence, 1, second.start())
    return rules.relative.fullmatch(word) is not None and before is not None


def _presuming(sentence: str, rules: _Language) -> Iterator[Slip]:
    if rules.hedge.search(sentence):
        return
    for pattern in rules.presuming:
        if found := pattern.search(sentence):
            yield Slip(kind=SlipKind.PRESUMING, words=found[0], sure=True)
            return


def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


def _one(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _english() -> _Language:
    asks = r"(?:what|why|how|whom?|whose|which|when|where)"
    wants = (
        r"(?:want|wish|fear|hope|hate|love|prefer|desire|crave|dread|regret|miss|enjoy|resent|dislike|"
        r"loathe|detest|long for|yearn|look forward|feel|worry|care about|cherish|treasure|like|"
        r"mourn|suffer|envy)"
    )
    wanted = (
        r"(?:wanted|wished|feared|hoped|hated|loved|preferred|desired|dreaded|regretted|missed|"
        r"enjoyed|resented|disliked|felt|worried|liked|suffered)"
    )
    moods = (
        r"(?:afraid|scared|frightened|sad|happy|unhappy|angry|glad|proud|lonely|worried|anxious|sorry|"
        r"grateful|content|ashamed|hurt|upset|relieved|jealous|excited|satisfied|bitter)"
    )
    moves = (
        r"(?:worries|frightens|scares|saddens|pleases|moves|bothers|troubles|hurts|delights|excites|"
        r"angers|upsets|comforts|matters to)"
    )
    nouns = (
        r"(?:fears?|wish(?:es)?|hopes?|dreams?|regrets?|desires?|preferences?|feelings?|joys?|"
        r"worr(?:y|ies)|sorrows?|emotions?|favou?rites?(?:\s+\w+)?)"
    )
    often = r"(?:(?:\w+ly|most|ever|still|also|always|often|yourself|then|now|best)\s+){0,2}"
    evaluated = (
        r"(?:terrible|awful|unfair|cruel|wrong|wonderful|unjust|amazing|tragic|horrible|great)"
    )
    negated = (
        r"(?:aren't|isn't|don't|doesn't|didn't|won't|wouldn't|can't|couldn't|shouldn't|haven't|hasn't|"
        r"wasn't|weren't|mustn't)"
    )
    return _Language(
        leading=_compiled(
            rf",\s*{negated}\s+(?:you|it|they|there|that|this|we|he|she|i)\s*\?",
            r",\s*(?:do|does|are|is|would|will|have|has|can|could|did|was|were|should)\s+"
            r"(?:you|it|they|there|that|we)(?:\s+not)?\s*\?",
            r",\s*(?:right|correct|no|yes|surely|okay|agreed|true|eh)\s*\?",
            rf"^\W*(?:(?:so|and|but|then|(?:if|when|after)\s[^,]*),?\s+)?{negated}\b",
            r"^\W*(?:do|would|are|can|should|have|is|did|could)\s+(?:you|it|we|they|there)\s+not\b",
            r"\b(?:surely|obviously|undoubtedly|of course|no doubt|needless to say)\b",
            r"\bas\s+(?:everyone|everybody|we all|you)\s+knows?\b",
            r"(?:^|,\s*)(?:clearly|naturally|certainly),?\s+(?:you|it|this|that|there|they)\b",
            r",\s*(?:clearly|naturally|certainly)\s*,",
            r"\b(?:do|would)\s+you\s+(?:agree|accept|admit|concede|acknowledge)\b(?!\s+or\b)",
            r"\b(?:is|was)\s+it\s+(?:true|fair to say|obvious|clear|right)\s+that\b",
            r"\b(?:don't you think|wouldn't you say)\b",
            r"\byou\s+(?:must|have to)\s+(?:feel|be|want|know|miss|fear|agree|admit|have)\b",
            rf"\b(?:how|why\s+(?:is|was)\s+it\s+so)\s+{evaluated}\b",
        ),
        declarative=_one(r"^\W*(?:(?:so|and|but|then|well),?\s+)?you\s[^?]*\?"),
        interrogative=_one(rf"\b{asks}\b"),
        second=_one(
            r"\b(?:and|or)\s+(?:also\s+|then\s+|if so,?\s+|(?:by|for|to|from|with|of|in|at|about|on)\s+)?"
            rf"{asks}\b|\band\s+(?:do|did|would|are|were|have|has|can|could|will|is|was|should)\s+"
            r"(?:you|it|they|there|we)\b"
            r"|\b(?P<choice>or\s+(?:do|did|would|are|were|have|has|can|could|will|is|was|should)\s+"
            r"(?:you|it|they|there|we))\b"
        ),
        relative=_one(r"who|whom|whose|which|where"),
        relative_before=_one(r"\b(?:who|whom|whose|which|where|that)\b"),
        compound=_one(
            rf"\b(?:when and where|where and when|how and why|why and how|(?:if|whether)\s+(?:and|or)\s+{asks})\b"
        ),
        paired=_one(
            r"\b(?P<word>your|its|their|our|for|about|of|with)\s+(?:[\w'-]+\s+){1,3}?and\s+(?P=word)\s+[\w'-]+"
        ),
        presuming=_compiled(
            rf"\b{asks}\b[^;?]*?\b(?:do|did|would|will|could|might|should)\s+you\s+{often}{wants}\b",
            rf"\b{asks}\b[^;?]*?\bhave\s+you\s+{often}{wanted}\b",
            rf"\b{asks}\b[^;?]*?\b(?:are|were)\s+you\s+{often}(?:so\s+)?(?:{moods}|hoping|longing|missing|feeling|looking forward)\b",
            r"\bwould\s+you\s+(?:rather|sooner|prefer)\b",
            rf"\bhow\s+{moods}\b",
            rf"\b(?:makes?|made)\s+you\s+(?:feel\b|{often}{moods}\b)",
            rf"\bwhat\b[^;?]*?\b{moves}\s+you\b",
            rf"\byour\s+(?:\w+\s+){{0,2}}?{nouns}\b",
            rf"\b(?:what|whom?|how much|which\s+\w+)\s+you\s+{often}{wants}\b",
        ),
        hedge=_one(
            r"\bif\s+(?:any\w*|at all|ever|so|there\s+(?:is|are|was|were)\b)"
            rf"|\bif\s+you\s+(?:do|did|have\s+(?:any|one|a|some)|had\s+any|{often}{wants}|would\s+{often}{wants})\b"
            r"|\bwhether\b|\b(?:is|are|was|were)\s+there\s+(?:any\w*|something)\b"
        ),
        asks_without_mark=_one(
            r"^\W*(?:please\s+)?(?:tell|describe|say|name|explain|list|share|write|talk)\b"
        ),
        asks_on=_one(
            rf"(?:;\s*(?:and\s+)?|\band\s+|,\s*)(?:also\s+|then\s+)?(?:please\s+)?(?:tell|describe|say|"
            rf"name|explain|list|write|talk)\s+(?:me|us|about|if|whether|{asks})\b"
        ),
        asserting=_compiled(
            r"\b(?:surely|obviously|undoubtedly|of course|no doubt|needless to say|clearly|naturally|"
            r"certainly|as (?:everyone|everybody|we all|you) knows?),?\s+(?:that\s+)?you\s+"
            r"(?!may|can|could|might|need|do not have|don't have)",
            rf"\byou\s+(?:are|were|will\s+be|must\s+be|feel|must\s+feel|will\s+feel)\s+{often}(?:so\s+|very\s+)?{moods}\b",
            r"\byou\s+must\s+(?:feel|want|miss|fear|agree|admit|hate|love)\b",
        ),
        unsure=_one(r"\b(?:if|whether|may|might|perhaps|unless|or)\b"),
    )


def _german() -> _Language:
    you = r"(?-i:[dD]u|Sie)"
    your = r"(?-i:[dD]ein(?:e[mnrs]?)?|Ihr(?:e[mnrs]?)?)"
    asks = (
        r"(?:was|warum|wieso|weshalb|weswegen|wie|wer|wen|wem|wessen|welche[mnrs]?|wann|wo|wohin|woher|"
        r"wo(?:r?)(?:an|auf|aus|bei|durch|für|gegen|in|mit|nach|über|um|von|vor|zu))"
    )
    want = (
        r"(?:willst|wollen|wolltest|wollten|möchtest|möchten|wünsch(?:t?est|t?en|st)|"
        r"(?:be)?fürchte(?:n|st|test|ten)|(?:er)?hoff(?:st|en|test|ten)|magst|mögen|mochtest|mochten|"
        r"lieb(?:st|en|test|ten)|hass(?:t|en|test|ten)|bevorzug(?:st|en)|vermiss(?:t|en|test|ten)|"
        r"bereu(?:st|en|test|ten)|bedauer(?:st|n|test|ten)|fühl(?:st|en|test|ten)|"
        r"empfind(?:est|en)|empfand(?:est|en)|genie(?:ß|ss)(?:t|en)|ersehn(?:st|en)|"
        r"freu(?:st|en|test|ten)|sorg(?:st|en|test|ten)|scheu(?:st|en))"
    )
    to_want = (
        r"(?:wünschen|wollen|fürchten|hoffen|erhoffen|mögen|lieben|hassen|bevorzugen|vorziehen|"
        r"vermissen|bereuen|bedauern|fühlen|empfinden|genießen|gewünscht|gefürchtet|gehofft|vermisst|"
        r"bereut|gefühlt|geliebt|genossen)"
    )
    nouns = (
        r"(?:wunsch|wünschen?|angst|ängsten?|furcht|hoffnung(?:en)?|sorgen?|vorlieben?|gefühle?n?|"
        r"freuden?|bedauern|sehnsucht|lieblings\w+|emotion(?:en)?|abneigung(?:en)?|trauer)"
    )
    moods = (
        r"(?:traurig|glücklich|unglücklich|froh|wütend|ängstlich|stolz|besorgt|zornig|einsam|dankbar|"
        r"zufrieden|enttäuscht|erleichtert|neidisch|beschämt)"
    )
    moves = (
        r"(?:freut|ängstigt|beunruhigt|stört|bewegt|betrübt|schmerzt|verletzt|tröstet|ärgert|belastet|"
        r"begeistert)"
    )
    verbs = (
        r"(?:ist|sind|war|willst|wollen|möchtest|möchten|findest|finden|meinst|meinen|glaubst|glauben|"
        r"denkst|denken|hast|haben|bist|würdest|würden|solltest|sollten|sollte|kannst|können|fühlst|"
        r"fühlen|musst|müssen|wäre|hättest|hätten|stimmt)"
    )
    return _Language(
        leading=_compiled(
            r",\s*(?:nicht wahr|oder etwa nicht|oder|nicht|richtig|stimmt's|stimmts|gell|ne|ja|korrekt)\s*\?",
            rf"^\W*(?:(?:und|aber|also|dann)\s+)?{verbs}\s+(?:du|Sie|es|das|man|wir)\s+"
            r"(?:(?:es|das|dich|sich|doch|auch)\s+)?nicht\b",
            r"\b(?:sicherlich|selbstverständlich|zweifellos|offensichtlich|offenbar|gewiss|fraglos|ohne Zweifel)\b",
            r"\bdoch\s+(?:sicher|bestimmt|wohl|gewiss)\b|(?:^|,\s*)natürlich\b",
            r"\bwie\s+(?:jede[rs]?|wir alle|alle)\s+wei(?:ß|ss)\w*",
            rf"\bstimm(?:st|en)\s+{you}\s+(?:(?:mir|dem|der Aussage)\s+)?(?:nicht\s+)?(?:zu|überein)\b(?!\s+oder\b)",
            rf"\b(?:gibst|geben)\s+{you}\s+zu\b",
            r"\bist es\s+(?:nicht\s+)?(?:wahr|richtig|so),?\s+dass\b",
            rf"\b(?:{you}\s+(?:musst|müssen))\s+(?:doch|ja|dich|sich)\b",
            r"\bwie\s+(?:schrecklich|furchtbar|ungerecht|grausam|schlimm|wunderbar|großartig|falsch|tragisch)\b",
        ),
        declarative=_one(rf"^\W*(?:(?:und|aber|also|dann),?\s+)?{you}\s[^?]*\?"),
        interrogative=_one(rf"\b{asks}\b"),
        second=_one(
            r"\b(?:und|oder|sowie)\s+(?:auch\s+|dann\s+|(?:falls|wenn) ja,?\s+|(?:von|mit|für|an|zu|aus|bei)\s+)?"
            rf"{asks}\b|\bund\s+(?:möchtest|willst|würdest|hast|bist|kannst|könntest|solltest|gibt|ist|"
            rf"war|möchten|wollen|würden|haben|sind|können|könnten|sollten)\s+(?:{you}|es)\b"
            r"|\b(?P<choice>oder\s+(?:möchtest|willst|würdest|hast|bist|kannst|könntest|gibt|ist|war|"
            rf"möchten|wollen|würden|haben|sind|waren|können|könnten)\s+(?:{you}|es))\b"
        ),
        relative=_one(r"welche[mnrs]?|was|wo(?!hin)\w*"),
        relative_before=_one(r"\b(?:etwas|alles|nichts)\b|,\s*(?:welche[mnrs]?|wo(?!hin)\w*)\b"),
        compound=_one(
            rf"\b(?:wann und wo|wo und wann|wie und warum|warum und wie|ob\s+(?:und|oder)\s+{asks})\b"
        ),
        paired=_one(
            r"\b(?P<word>dein\w*|ihre?\w*|über|für|von|mit)\s+(?:[\w'-]+\s+){1,3}?und\s+(?P=word)\s+[\w'-]+"
        ),
        presuming=_compiled(
            rf"\b{asks}\b[^;?]*?\b{want}\s+{you}\b",
            rf"\b{asks}\b[^;?]*?\b(?:(?:würd|könnt|sollt|hätt)e(?:st|n)|hast|haben|hatte(?:st|n))\s+{you}\b[^;?]*?\b{to_want}\b",
            rf"\b{asks}\b[^;?]*?\b\w+\s+{you}\b[^;?]*?\b(?:gerne?|am liebsten|lieber)\b",
            rf"\b{asks}\b[^;?]*?\b(?:hast|haben|hattest|hatten|verspürst|verspüren)\s+{you}\b[^;?]*?\b{nouns}\b",
            rf"\b{asks}\b[^;?]*?\b(?:bist|sind|warst|waren)\s+{you}\b[^;?]*?\b{moods}\b",
            rf"\bwürde(?:st|n)\s+{you}\s+(?:lieber|eher)\b",
            rf"\bwie\s+{moods}\b",
            rf"\b(?:macht|machen|machte|machten)\s+(?:dich|Sie)\b[^;?]*?\b{moods}\b",
            rf"\bwas\b[^;?]*?\b{moves}\s+(?:dich|Sie)\b",
            rf"\b{your}\s+(?:\w+\s+){{0,2}}?{nouns}\b",
            rf"\b{asks}\s+{you}\s+(?:\w+\s+){{0,4}}?{want}\b",
        ),
        hedge=_one(
            r"\b(?:falls|wenn|sofern)\s+(?:es\s+)?(?:überhaupt|etwas|irgend\w*|jemand\w*)\b"
            r"|\b(?:falls|wenn|sofern)\s+(?:vorhanden|ja|so)\b"
            rf"|\b(?:falls|wenn|sofern)\s+{you}\s+(?:(?:\w+|,)\s+){{0,5}}?(?:{want}|etwas|irgend\w*|jemand\w*|überhaupt)\b"
            r"|\b(?:falls|wenn|sofern)\s+es\s+(?:\w+\s+){0,5}?gibt\b"
            r"|\bgibt es\s+(?:etwas|irgend\w*|jemand\w*|dinge)\b|\bob\b|\bgegebenenfalls\b"
        ),
        asks_without_mark=_one(
            r"^\W*(?:bitte\s+)?(?:beschreib|nenn|sag|erzähl|erklär|schreib|schilder)\w*\b"
        ),
        asks_on=_one(
            r"(?:;\s*(?:und\s+)?|\bund\s+|,\s*)(?:auch\s+|dann\s+|bitte\s+)?(?:beschreib|nenn|sag|erzähl|"
            r"erklär|schreib|schilder)(?:en\s+(?-i:Sie)|e?\s+(?:mir|uns|auch|bitte|,))"
        ),
        asserting=_compiled(
            r"\b(?:sicherlich|sicher|selbstverständlich|zweifellos|offensichtlich|gewiss|fraglos|natürlich|"
            rf"bestimmt|ohne Zweifel)\s+(?!dürfen|darfst|können|kannst|könnten|brauch|müssen)\w+\s+{you}\b",
            rf"\b{you}\s+(?:sind|bist|waren|warst|werden|wirst)\s+(?:\w+\s+){{0,3}}?{moods}\b",
            rf"\b(?:sind|bist|waren|warst)\s+{you}\s+(?:\w+\s+){{0,3}}?{moods}\b",
            rf"\b{you}\s+(?:müssen|musst)\s+(?:\w+\s+){{0,3}}?{moods}\b",
        ),
        unsure=_one(r"\b(?:falls|wenn|ob|sofern|vielleicht|oder|könnte[nst]*|kann)\b"),
    )


_LANGUAGES: Mapping[str, Callable[[], _Language]] = MappingProxyType(
    {"en": _english, "de": _german}
)


@cache
def _rules(language: str) -> _Language:
    return _LANGUAGES[language]()
