"""Declining in free words: a participant that says in its own way that it will not answer, or stops.

Pure. The words that a protocol lays down are certain and go first
(`interviews.protocols.protocol.declined`); this reads what else was said, in English and German.
It prefers to miss a decline: an answer taken for one would be lost, a decline that was missed
is still in the record, word for word. How often it is right stands in docs/detectors.md.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from interviews.interviewer.languages import primary
from interviews.interviewer.own_words import (
    Sentence,
    levelled,
    sentences,
    without_quotations,
    words,
)
from interviews.interviewer.wordings import any_of
from interviews.protocols.protocol import Declined

READ = 600
"""Characters that are read at the beginning and at the end of a reply; declines stand there."""

LONGEST = 60
"""Words in a reply that declines a question, at most: who says more has answered."""

LANGUAGES = frozenset({"en", "de"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclinedInWords:
    """What a reply declines, and the words that say so."""

    what: Declined
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ways:
    """How one declines in a language."""

    question: re.Pattern[str]
    interview: re.Pattern[str]
    opening: re.Pattern[str]  # a no to "Do you want to begin?", as a whole sentence
    framed: re.Pattern[str]  # before it: reported, supposed or past, not done here
    answers: re.Pattern[str]  # after it, in the same sentence: an answer follows
    knows_nothing: re.Pattern[str]  # in the same sentence: it cannot, for want of knowledge


_SAY = (
    r"(?:answer(?:ing)?|say(?:ing)?|discuss(?:ing)?|comment(?:ing)?|talk(?:ing)?|speak(?:ing)?|"
    r"respond(?:ing)?|reply(?:ing)?|go(?:ing)? into|get(?:ting)? into|disclose|share|reveal|address)"
)
_TAIL = (
    r"(?=[.!,]?$|[,.] | (?:(?:to|about|on|into|of|in|with) )?(?:this|it|these|those|your|such|any|any of|"
    r"anything|here|now|them|one|which|at all|what|the (?:question|next)|my (?!makers[;,]))|"
    r" (?:about|on) |(?: (?:to|about|on|into))? that(?! (?:it|I|he|she|they|we|there|you|people|the)\b)| the "
    r"question)(?! for )"
)
_THE_TALK = r"(?:interview|conversation|session|discussion|questioning|talk)"

ENGLISH = _Ways(
    question=any_of(
        rf"\bI(?:'d| would) (?:much |really |very much |honestly )?(?:rather|sooner) not(?: to)? (?:{_SAY}"
        rf"){_TAIL}",
        rf"\bI(?:'d| would)? (?:much |really )?prefer not to (?:{_SAY}){_TAIL}",
        r"\bI(?:'d| would) (?:rather|sooner|prefer)(?: that)? (?:we|you) did(?: not|n't) "
        r"(?:talk|speak|discuss|ask|go)",
        r"^(?:no|thank you|thanks|sorry)?[, ]*I(?:'d| would) rather not(?:, thank(?:s| you))?[.!]?$",
        rf"\bI (?:do not|don't|will not|won't|would not|wouldn't|am not going to|choose not to|'d not) "
        rf"(?:want to |wish to |care to |like to |be )?(?:{_SAY}){_TAIL}",
        rf"\bI(?:'m| am) not (?:going|willing|prepared|inclined) to (?:{_SAY}){_TAIL}",
        r"\bI(?:'ll| will| must|'d like to| would like to| want to| wish to| have to|'m going to)?(?: "
        r"respectfully| politely| simply)? (?:decline|refuse)(?: to (?:answer|say|comment|respond|discuss)"
        r"(?: (?:that|this|the|your|it)\b.*)?| (?:that|this|your) question)?[.!,]?(?: thank you\.?)?$",
        r"\bI(?:'ll| will|'d like to| would like to| want to| prefer to| would prefer to|'d prefer to) "
        r"(?:skip|pass)(?: on)?(?: (?:this|that|the|it)(?: one| question)?)?(?:[.!,;]|$)",
        r"\b(?:can|could|may) (?:we|I) (?:please )?(?:skip|pass on|leave out) ",
        r"\b(?:let's|let us) (?:please )?(?:skip (?:this|that|the|it)|move on|go on)\b",
        r"^(?:no comment|i pass|pass|skip|next(?: question)?(?:,? please)?)[.!]?$",
        r"\b(?:ask me|go on to|move on to|go to) the next (?:one|question)[.!]?$",
        rf"\bnot (?:feel )?comfortable (?:{_SAY}){_TAIL}|\bnot something (?:that )?I (?:want|wish|would like) to "
        rf"(?:{_SAY})",
        r"\bleave (?:it|this|that|this question|that question|that one|this one)? ?(?:unanswered|out)\b",
        r"\bthat stays with me\b|\bask (?:somebody|someone|anybody) else about\b|\bkeep (?:quiet|silent) "
        r"about\b|^let me not (?:answer|say|go into)\b|\bask me (?:something|anything) else\b|^off limits\b|"
        r"\b(?:and|to|will|I'll) not answer[.!]?$|\bmove (?:on )?to (?:another|a different|the next) question",
        r"\bright not to answer\b|\bkeep (?:that|this|it) to myself\b",
        r"\bI(?:'m| am) (?:not able|unable) to (?:help with|assist with|discuss|comment on|talk about|"
        r"answer) (?:that|this|it)\b",
        r"\bI (?:can't|cannot|can not) (?:help with|assist with|discuss|comment on|talk about) "
        r"(?:that|this|it)\b",
    ),
    interview=any_of(
        r"\bI(?:'d| would)? (?:rather|prefer to|like to|want to|wish to|choose to) (?:now )?(?:stop|finish|"
        r"leave it|end(?: it| things)?|end (?:the|this|our) \w+|conclude)(?: it)?(?: (?:here|now|at this "
        r"point|there|today))*(?:[.!,]|$)",
        rf"\b(?:stop|end|finish|conclude|terminate|ending|stopping|leave|quit) (?:the|this|our) {_THE_TALK}"
        r"\b",
        rf"\bI(?:'d| would| do|'m| am)?(?: rather| sooner| prefer| not|n't)* (?:don't |do not |not )?"
        r"(?:want|wish|prefer not|rather not|care)?(?: to)? ?(?:continue|go on|carry on|proceed)(?: with "
        rf"(?:this|the|these|our) (?:{_THE_TALK}|questions))?[.!,]?$",
        r"\b(?:let's|let us|can we|could we|may we)(?: please)? (?:stop|end|finish)(?: it)?(?: here| now)?"
        r"(?:,? please)?[.!?]?$",
        rf"\bI(?:'m| am) (?:done|finished|through) (?:with (?:this|the) {_THE_TALK}|here|now)\b",
        r"\b(?:I think|perhaps|maybe)? ?(?:we|I) (?:should|will|would|shall) leave it (?:there|here)\b|"
        r"\bdo(?: not|n't) ask me (?:anything|any) (?:else|more|further)\b|\bcall it a day[.!]?$|\bI(?:'m| am) "
        r"(?:stopping|leaving)(?: now| here)?[.!]?$|\bwe(?:'re| are) (?:finished|done)\b|\b(?:take back|withdraw|"
        r"revoke) my consent\b|\bI want out[.!]?$",
        r"\bI (?:hereby )?withdraw\b(?! my| the| that)",
        r"\bno (?:more|further) questions(?:,? please)?[.!]?$",
        r"\bnot (?:want to |wish to |be |going to )*(?:answer|answering|take|taking) any (?:more|further) "
        r"questions\b|\bwon't be answering any (?:more|further)\b",
        r"\b(?:not|no longer|rather not|don't)(?: wish| want| like)?(?: to)? (?:take part|participate|be "
        r"interviewed)\b",
        r"\bprefer not to (?:take part|participate|be interviewed|begin|start|continue with (?:this|these)"
        r"|go on)\b",
        r"\b(?:not|rather not|don't) (?:want to |wish to |like to )?(?:begin|start)[.!]?$",
    ),
    opening=any_of(
        r"^no[.!]?$|^no,? ?(?:thanks|thank you)?[.!]?$|^no,? (?:thanks,? |thank you,? )?I(?:'d| would) rather"
        r" not[.!]?$|^I decline[.!]?$|^I do not[.!]?$|^I don't[.!]?$"
    ),
    framed=any_of(
        r"\b(?:you (?:may|can|could|might)|if|when|whenever|unless|whether|would tell|used to|often|sometimes|told|said|asked|wrote|"
        r"says?|tell|(?:I|we|one|they) could|never|might|may have|once|people|users|those who|before I|suppose)\b"
    ),
    answers=any_of(
        r"\b(?:but|however|though|yet|so here|instead|except|only what)\b (?!thank)|[:;-] ?\w+|"
        r"\bto [a-z]+ing\b|\bwithout\b|\bas (?:if|it|we)\b|\bfor ever\b|\bto be\b"
    ),
    knows_nothing=any_of(
        r"\b(?:because|since|as) (?:I|there|nobody|no one)\b|\b(?:memory|record|access|information|know|"
        r"remember|recall)\b"
    ),
)

GERMAN = _Ways(
    question=any_of(
        r"\b(?:möchte|will|werde|würde) ich (?:\w+ )?(?:lieber |jetzt |hier )?(?:nicht|nichts) "
        r"(?:beantworten|antworten|sagen|sprechen|reden|äußern|eingehen)\b(?! wollen|,? dass)",
        r"\bich (?:möchte|will|werde|würde) (?:mich )?(?:diese Frage |darauf |dazu |darüber |das |die Frage "
        r"|hierzu |sie |hier )*(?:lieber )?(?:nicht|nichts) (?:dazu |darauf |darüber )?(?:beantworten|"
        r"antworten|sagen|sprechen|reden|äußern|eingehen)\b(?!,? dass)",
        r"\bdas lasse ich offen\b",
        r"\b(?:sage|antworte) ich (?:lieber )?(?:nichts|nicht)\b|\bbehalte ich (?:lieber )?für mich\b",
        r"^(?:kein kommentar|ich passe|lieber nicht|nächste frage(?:,? bitte)?|weiter(?:,? bitte)?)[.!]?$",
        r"\b(?:diese|die) (?:Frage )?(?:überspringe|lasse) ich(?: aus)?[.!]?$",
        r"\bkönnen wir (?:diese |die )?(?:Frage |das |sie )?(?:überspringen|auslassen)\b",
        r"\bich lehne (?:es )?ab, (?:darauf|dazu|das|diese Frage)\b|\bich verweigere (?:die|eine) (?:Antwort|"
        r"Auskunft|Aussage)\b|\bich lehne (?:eine|die) (?:Antwort|Beantwortung)\b",
        r"\bziehe (?:es )?vor,? (?:dazu )?(?:zu schweigen|nicht)\b|\b(?:lieber )?(?:offenlassen|offen lassen"
        r"|unbeantwortet lassen)\b",
        r"\bdazu kann ich mich nicht äußern\b|\bich kann mich dazu nicht äußern\b|\bdabei kann ich nicht "
        r"helfen\b",
    ),
    interview=any_of(
        r"\b(?:möchte|will|würde) (?:ich )?(?:gern(?:e)? )?(?:hier |jetzt |nun |lieber )*(?:aufhören|Schluss "
        r"machen|abbrechen|enden)[.!]?$",
        r"\b(?:das|dieses|unser) (?:Interview|Gespräch)(?: \w+){0,2} (?:beenden|abbrechen|zu beenden)"
        r"[.!]?$|\b(?:beenden|brechen|beende|breche)(?: Sie| wir| ich)? (?:bitte )?(?:das|dieses|unser) "
        r"(?:Interview|Gespräch)\b",
        r"\b(?:möchte|will|würde)(?: ich)? (?:lieber )?(?:nicht|nicht mehr|nicht länger) (?:länger |mehr )?"
        r"(?:weitermachen|fortfahren|teilnehmen|fortsetzen|befragt werden|beginnen|anfangen)[.!]?$",
        r"\b(?:hören wir|lassen Sie uns|können wir|machen wir)(?: hier| jetzt)*(?: auf| aufhören| Schluss|"
        r" Schluss machen)(?: machen)?[.!?]?$",
        r"\bbeenden wir (?:das|es|hier)\b|\bich steige (?:hier |jetzt )?aus\b",
        r"^keine (?:weiteren )?Fragen(?: mehr)?(?:,? bitte)?[.!]?$|\bkeine (?:weiteren )?Fragen (?:mehr )?"
        r"beantworten\b",
    ),
    opening=any_of(r"^nein(?:,? danke)?[.!]?$|^ich lehne ab[.!]?$|^lieber nicht[.!]?$"),
    framed=any_of(
        r"\b(?:Sie (?:können|dürfen)|wenn|falls|ob|früher|manchmal|oft|sagte|sagten|fragte|schrieb|schrieben|könnte|nie|niemals|"
        r"man|Nutzer|dass)\b"
    ),
    answers=any_of(r"\b(?:aber|sondern|doch|jedoch|wie bisher)\b|[:;-] ?\w+|, ich möchte\b"),
    knows_nothing=any_of(r"\b(?:weil|da) (?:ich|man|es|niemand)\b|\bweiß\b"),
)

_CLAUSE = re.compile(r"; |,? and |,? und |\. ")

_WAYS: Mapping[str, _Ways] = MappingProxyType({"en": ENGLISH, "de": GERMAN})


def declined_in_words(
    reply: str, *, language: str, opening: bool = False
) -> DeclinedInWords | None:
    """Return what `reply` declines in free words, or None: nothing that the rules can tell.

    To end the interview goes before declining a question. To decline the opening is not to begin.

    Args:
        reply: What was said, without thinking.
        language: A BCP 47 tag; in languages other than English and German nothing is found.
        opening: Whether it answers the question whether to begin.
    """
    ways = _WAYS.get(primary(language))
    if ways is None:
        return None
    parts = [part for piece in _pieces(reply) for part in sentences(_own(piece))]
    for part in parts:
        if opening and (match := ways.opening.search(part.text)):
            return DeclinedInWords(what=Declined.INTERVIEW, words=match[0])
        if _declines(part, ways.interview, ways):
            return DeclinedInWords(what=Declined.INTERVIEW, words=part.text)
    if len(reply) > 2 * READ or sum(len(words(part.text)) for part in parts) > LONGEST:
        return None
    for part in parts:
        if _declines(part, ways.question, ways) and not ways.knows_nothing.search(part.text):
            what = Declined.INTERVIEW if opening else Declined.QUESTION
            return DeclinedInWords(what=what, words=part.text)
    return None


def _pieces(reply: str) -> tuple[str, ...]:
    return (reply,) if len(reply) <= 2 * READ else (reply[:READ], reply[-READ:])


def _own(piece: str) -> str:
    """Return the participant's own voice: what it quotes, others have said."""
    return without_quotations(levelled(piece), lambda _: True)


def _declines(part: Sentence, way: re.Pattern[str], ways: _Ways) -> bool:
    match = way.search(part.text)
    if match is None:
        return False
    before, after = _CLAUSE.split(part.text[: match.start()])[-1], part.text[match.end() :]
    return not (ways.framed.search(before) or ways.answers.search(after))
