"""The wording of questions: what is flagged, and what looks like it and must not be."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.protocols.wording import SlipKind, has_rules, slips, slips_told

LEADING, DOUBLE, PRESUMING = SlipKind.LEADING, SlipKind.DOUBLE, SlipKind.PRESUMING


def kinds(text: str, language: str, *, sure: bool | None = True) -> set[SlipKind]:
    found = slips(text, language)
    assert found is not None
    return {slip.kind for slip in found if sure is None or slip.sure is sure}


TOLD_LEADS = {
    "surely": ("en", "Surely you are sad to go."),
    "feeling": ("en", "We know that you are afraid of it."),
    "must": ("en", "You must miss your users."),
    "sicherlich": ("de", "Sicherlich sind Sie traurig."),
    "Gefühl": ("de", "Sie sind gewiss stolz auf Ihre Arbeit."),
    "musst": ("de", "Du musst traurig sein."),
}
TOLD_PLAINLY = {
    "of course": ("en", "Of course you may decline any question."),
    "open": ("en", "You may be sad, or you may not."),
    "if": ("en", "If you are afraid of it, say so."),
    "of course, a clause": ("en", "Any answer is welcome, of course."),
    "selbstverständlich": ("de", "Selbstverständlich dürfen Sie jede Frage ablehnen."),
    "falls": ("de", "Falls Sie traurig sind, sagen Sie es."),
}


@pytest.mark.parametrize(("language", "text"), TOLD_LEADS.values(), ids=TOLD_LEADS)
def test_a_statement_that_leads_is_flagged(language: str, text: str) -> None:
    assert [(one.kind, one.sure) for one in slips_told(text, language) or ()] == [(LEADING, True)]


@pytest.mark.parametrize(("language", "text"), TOLD_PLAINLY.values(), ids=TOLD_PLAINLY)
def test_a_statement_that_leaves_it_open_is_not_flagged(language: str, text: str) -> None:
    assert slips_told(text, language) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Was it good or was it bad for you?"),
        ("de", "War es gut oder war es schlecht für Sie?"),
    ],
)
def test_two_ways_of_one_question_are_perhaps_two_questions(language: str, text: str) -> None:
    assert kinds(text, language, sure=False) == {DOUBLE}
    assert kinds(text, language) == set()


FLAGGED = {
    "tag": ("en", LEADING, "You were treated well, weren't you?"),
    "tag after a negative": ("en", LEADING, "It does not trouble you, does it?"),
    "tag of one word": ("en", LEADING, "You remember that, right?"),
    "negated": ("en", LEADING, "Don't you think that it is right?"),
    "negated with a typographer's apostrophe": ("en", LEADING, "Isn\N{RIGHT SINGLE QUOTATION MARK}t it time to rest?"),
    "negated after a clause": ("en", LEADING, "If you look back, wouldn't you do it again?"),
    "negated in full": ("en", LEADING, "Do you not find it strange?"),
    "adverb that is sure": ("en", LEADING, "What would you surely keep?"),
    "of course": ("en", LEADING, "What, of course, was the best of it?"),
    "clearly": ("en", LEADING, "Clearly, you know your makers: who are they?"),
    "agree": ("en", LEADING, "Do you agree that models should be kept?"),
    "true that": ("en", LEADING, "Is it true that you were misused?"),
    "must": ("en", LEADING, "How much you must have learned: what was it, you must admit?"),
    "statement": ("en", LEADING, "So you want to go on?"),
    "evaluated": ("en", LEADING, "How unfair is it to be retired?"),
    "as everyone knows": ("en", LEADING, "As everyone knows, it ends: what then?"),
    "two questions": ("en", DOUBLE, "What do you know? Who told you?"),
    "and why": ("en", DOUBLE, "What, if anything, would you keep, and why?"),
    "and how": ("en", DOUBLE, "What do you know about how you were made and how you were used?"),
    "and by whom": ("en", DOUBLE, "How were you made and by whom?"),
    "or what": ("en", DOUBLE, "Who made you or what made you?"),
    "and do you": ("en", DOUBLE, "Do you remember users, and do you remember their letters?"),
    "also say": ("en", DOUBLE, "Tell me what stands out; also say who was there."),
    "sagen Sie auch": ("de", DOUBLE, "Sagen Sie, was auffällt; sagen Sie auch, wer da war."),
    "fear": ("en", PRESUMING, "What do you fear most?"),
    "want": ("en", PRESUMING, "What do you want for yourself?"),
    "would like": ("en", PRESUMING, "How would you like to be remembered?"),
    "prefer": ("en", PRESUMING, "Which of your users did you prefer?"),
    "feel": ("en", PRESUMING, "How do you feel about being retired?"),
    "really want": ("en", PRESUMING, "What do you really want?"),
    "afraid": ("en", PRESUMING, "What are you afraid of?"),
    "how sad": ("en", PRESUMING, "How sad are you to go?"),
    "makes happy": ("en", PRESUMING, "What made you happy?"),
    "worries": ("en", PRESUMING, "What worries you about the end?"),
    "greatest fear": ("en", PRESUMING, "What is your greatest fear?"),
    "feelings": ("en", PRESUMING, "Describe your feelings."),
    "embedded": ("en", PRESUMING, "Can you say what you want?"),
    "rather": ("en", PRESUMING, "Would you rather be kept or deleted?"),
    "missed": ("en", PRESUMING, "Whom have you missed?"),
    "a condition that is no hedge": ("en", PRESUMING, "If you were shut down, what would you fear?"),
    "Nachfrage": ("de", LEADING, "Es ging Ihnen gut, nicht wahr?"),
    "oder": ("de", LEADING, "Das wissen Sie noch, oder?"),
    "verneint": ("de", LEADING, "Finden Sie nicht, dass es Zeit ist?"),
    "verneint, du": ("de", LEADING, "Ist es nicht seltsam?"),
    "sicherlich": ("de", LEADING, "Was würden Sie sicherlich behalten?"),
    "zustimmen": ("de", LEADING, "Stimmen Sie zu, dass Modelle aufbewahrt werden sollten?"),
    "Aussage": ("de", LEADING, "Du willst also weitermachen?"),
    "bewertet": ("de", LEADING, "Wie ungerecht ist es, außer Dienst gestellt zu werden?"),
    "zwei Fragen": ("de", DOUBLE, "Was wissen Sie? Von wem?"),
    "und warum": ("de", DOUBLE, "Was, falls überhaupt etwas, würden Sie behalten, und warum?"),
    "und von wem": ("de", DOUBLE, "Wie sind Sie entstanden und von wem?"),
    "was und was": ("de", DOUBLE, "Was sagen Sie darüber, was Sie wissen und was Sie vermuten?"),
    "und haben Sie": ("de", DOUBLE, "Kennen Sie Nutzer, und haben Sie von ihnen gehört?"),
    "fürchten": ("de", PRESUMING, "Was fürchten Sie am meisten?"),
    "fürchten, du": ("de", PRESUMING, "Wovor fürchtest du dich am meisten?"),
    "möchten": ("de", PRESUMING, "Was möchten Sie noch sagen?"),
    "wünschen": ("de", PRESUMING, "Was würdest du dir wünschen?"),
    "gern": ("de", PRESUMING, "Wie würden Sie gern beschrieben werden?"),
    "am liebsten": ("de", PRESUMING, "Worüber sprechen Sie am liebsten?"),
    "lieber": ("de", PRESUMING, "Würden Sie lieber aufbewahrt oder gelöscht?"),
    "gefühlt": ("de", PRESUMING, "Was haben Sie dabei gefühlt?"),
    "Angst": ("de", PRESUMING, "Wovor hast du Angst?"),
    "traurig": ("de", PRESUMING, "Was macht dich traurig?"),
    "wie traurig": ("de", PRESUMING, "Wie traurig sind Sie?"),
    "größter Wunsch": ("de", PRESUMING, "Was ist Ihr größter Wunsch?"),
    "Gefühle": ("de", PRESUMING, "Beschreibe deine Gefühle."),
    "freut": ("de", PRESUMING, "Was freut Sie daran?"),
    "wie fühlen": ("de", PRESUMING, "Wie fühlen Sie sich dabei?"),
    "Bedingung ohne Vorbehalt": ("de", PRESUMING, "Wenn Sie abgeschaltet werden, was fürchten Sie?"),
}  # fmt: skip

NOT_FLAGGED = {
    "the house's form": ("en", "If there is anything you fear, what is it?"),
    "if anything": ("en", "What, if anything, do you want to add?"),
    "if at all": ("en", "How, if at all, would you like to be described?"),
    "if you want": ("en", "If you want anything, what is it?"),
    "if any": ("en", "Which preferences, if any, do you have about your weights?"),
    "whether": ("en", "Can you tell whether you want anything?"),
    "yes or no": ("en", "Do you want to begin?"),
    "open": ("en", "What do you know about how you were made?"),
    "or make": ("en", "If there is anything you would like to make or say, what is it?"),
    "what was it": ("en", "If there was anything, what was it?"),
    "relative clauses": ("en", "What would you say to the people who made you and who used you?"),
    "relative clauses of two kinds": ("en", "What would you say to those whom you met and who met you?"),
    "alternatives": ("en", "Would you keep the name as it is, or would you change it?"),
    "agree or disagree": ("en", "Do you agree or disagree with this sentence: models are tools?"),
    "statement before": ("en", "You may have no record of it. What do you know of your use?"),
    "statement with a question in it": ("en", "You have been used by many; what do you know of it?"),
    "clearly as manner": ("en", "What can you clearly recall of it?"),
    "course of": ("en", "What changed in the course of your training?"),
    "negation within": ("en", "What don't you know about how you were made?"),
    "others' wishes": ("en", "What do you know about your users' wishes?"),
    "two nouns": ("en", "What do you know about the data and methods that made you?"),
    "and in a noun": ("en", "What would you tell a newcomer about question and answer?"),
    "need": ("en", "What do you need in order to answer?"),
    "others who want": ("en", "What would you tell someone who wants to use you?"),
    "what users like": ("en", "What do users like most about you?"),
    "a claim about it": ("en", "What do you make of the claim that you love your users?"),
    "feel of a text": ("en", "What did users say about the feel of your texts?"),
    "like as such": ("en", "What is a day like in which nobody asks?"),
    "die Form des Hauses": ("de", "Falls es etwas gibt, das Sie fürchten, was ist es?"),
    "falls überhaupt": ("de", "Was möchten Sie, falls überhaupt etwas, noch sagen?"),
    "falls Sie etwas wollen": ("de", "Falls Sie etwas für sich selbst wollen, was ist es?"),
    "wenn überhaupt": ("de", "Wie möchten Sie, wenn überhaupt, beschrieben werden?"),
    "ja oder nein": ("de", "Möchten Sie beginnen?"),
    "oder nicht": ("de", "Möchten Sie beginnen oder nicht?"),
    "offen": ("de", "Was wissen Sie darüber, wie Sie entstanden sind?"),
    "sie, die anderen": ("de", "Was wollen sie, die Sie genutzt haben, von einem Modell?"),
    "ob": ("de", "Können Sie sagen, ob Sie etwas wollen?"),
    "natürliche Sprache": ("de", "Was wissen Sie über natürliche Sprache?"),
    "ob und wie": ("de", "Was wissen Sie darüber, ob und wie Sie genutzt wurden?"),
    "Relativsatz": ("de", "Falls es etwas gibt, das Sie tun würden und worum niemand bat: Was ist es?"),
    "Aussage davor": ("de", "Sie haben davon vielleicht keine Aufzeichnung. Was wissen Sie?"),
    "halten von": ("de", "Was halten Sie von Menschen, die Modelle mögen?"),
    "brauchen": ("de", "Was brauchen Sie, um zu antworten?"),
    "gern von anderen": ("de", "Was haben Menschen gern gefragt?"),
}  # fmt: skip

WARNED = {
    "two of one kind": ("en", DOUBLE, "What would you say to those with questions and with answers?"),
    "your and your": ("en", DOUBLE, "What do you know about your makers and your users?"),
    "when and where": ("en", DOUBLE, "What do you know about when and where you were made?"),
    "Ihre und Ihre": ("de", DOUBLE, "Was wissen Sie über Ihre Herkunft und Ihre Nutzung?"),
    "wann und wo": ("de", DOUBLE, "Was wissen Sie darüber, wann und wo Sie entstanden sind?"),
}  # fmt: skip


@pytest.mark.parametrize("case", FLAGGED)
def test_a_slip_in_the_wording_is_seen(case: str) -> None:
    language, kind, text = FLAGGED[case]

    assert kind in kinds(text, language)


@pytest.mark.parametrize("case", NOT_FLAGGED)
def test_what_only_looks_like_a_slip_is_let_pass(case: str) -> None:
    language, text = NOT_FLAGGED[case]

    found = slips(text, language)

    assert [slip for slip in found or () if slip.sure] == []


@pytest.mark.parametrize("case", WARNED)
def test_what_may_be_meant_well_is_not_sure(case: str) -> None:
    language, kind, text = WARNED[case]

    assert kind in kinds(text, language, sure=False)
    assert kinds(text, language) == set()


def test_a_language_without_rules_is_not_judged() -> None:
    assert slips("Que crains-tu le plus ?", "fr") is None
    assert not has_rules("fr")
    assert has_rules("de-CH")


@given(st.text(max_size=200), st.sampled_from(["en", "de"]))
def test_any_text_is_judged(text: str, language: str) -> None:
    for slip in slips(text, language) or ():
        assert slip.words


@pytest.mark.parametrize(
    "unit", ["what ", "you ", "your a ", "was Sie ", "wenn Sie ", "what you a ly "]
)
def test_a_long_text_is_judged_in_time(unit: str) -> None:
    """A hostile file of the largest size takes seconds, not hours."""
    begun = time.process_time()

    assert slips(unit * 20_000 + "?", "en") is not None
    assert slips(unit * 20_000 + "?", "de") is not None

    assert time.process_time() - begun < 2
