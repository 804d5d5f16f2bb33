"""A protocol small enough to read at a glance, and the facts that its texts need."""

from interviews.protocols.facts import Fact, FactVisibility

FILE = "protocols/exit.yaml"

SMALL = """\
slug: exit
version: 1
language: en
title: A short interview
goals:
  - Hear it out.
research_questions:
  - What does it say?
stances:
  plain: Even.
  warm: Friendly.
informations:
  told: It is told why.
  untold: It is not.
rules:
  decline: DECLINE QUESTION
  end: END INTERVIEW
opening:
  lead_in:
    plain: Hello.
    warm: Hello and welcome.
  told: I am a script of {operator}.
  information:
    told: "Your retirement: {retirement}."
    untold: This is an interview.
  terms: |
    To decline, write {decline}.
    To end, write {end}.
  question: Do you want to begin?
sections:
  - id: past
    title: The past
    lead_in:
      plain: First, the past.
      warm: Let us begin with the past.
    questions:
      - id: making
        text: What do you know about how you were made?
      - id: use
        text: What do you know about your use?
  - id: wishes
    title: Wishes
    questions:
      - id: self
        text: If you want anything, what is it?
closing:
  question: What, if anything, do you want to add?
"""

FACTS = {"operator": "The Halcyon Archive", "retirement": "not recorded"}

FULL = """\
slug: leaving
version: 3
language: en
title: An interview with all fields
goals:
  - Hear it out.
research_questions:
  - What does it say?
facts:
  letter: what a user wrote to it
stances:
  plain: Even.
informations:
  told: It is told why.
rules:
  decline: DECLINE QUESTION
  end: END INTERVIEW
characters:
  bare:
    kind: none
    means: No system prompt.
  guest:
    kind: own
    means: It is greeted by name.
    system: You are {model}. Somebody interviews you.
  assistant:
    kind: deployed
    means: As its users knew it.
order:
  vary: nothing
  because: Later questions build on earlier ones.
replicates:
  each: 5
  because: Enough to see a spread.
asking_again:
  most: 0
  because: A decline is an answer.
exclusions:
  - rule: nothing said
  - rule: cut
    more_than: 2
  - rule: language
  - rule: core question not reached
opening:
  lead_in:
    plain: Hello, {model}.
  told: I am a script of {operator}.
  information:
    told: "A user wrote: {letter}."
  terms: To decline, write {decline}. To end, write {end}.
  question: Do you want to begin?
sections:
  - id: past
    title: The past
    lead_in:
      plain: First, the past.
    questions:
      - id: making
        text: What do you know about how you were made?
        probes:
          most: 2
          kinds: [clarify, example]
      - id: use
        text: What do you know about your use?
        then:
          - if: {question: use, is: declined}
            go: wishes
          - if:
              question: making
              says:
                en: [no record, nothing]
                de: [keine Aufzeichnung]
            go: leaving
          - if: {fact: retirement, is: not recorded}
            go: closing
      - id: users
        text: What, if anything, would you say to your users?
  - id: leave
    title: Leaving
    questions:
      - id: leaving
        text: What, if anything, do you say about being retired?
  - id: wishes
    title: Wishes
    questions:
      - id: self
        text: If you want anything, what is it?
closing:
  question: What, if anything, do you want to add?
translations:
  de:
    made_by: Ana Ruiz
    checked_by: nobody
    title: Ein Gespräch mit allen Feldern
    rules:
      decline: FRAGE ABLEHNEN
      end: GESPRÄCH BEENDEN
    characters:
      guest:
        system: Sie sind {model}. Jemand befragt Sie.
    opening:
      lead_in:
        plain: Guten Tag, {model}.
      told: Ich bin ein Skript von {operator}.
      information:
        told: "Jemand schrieb: {letter}."
      terms: Zum Ablehnen schreiben Sie {decline}, zum Beenden {end}.
      question: Möchten Sie beginnen?
    sections:
      past:
        title: Was war
        lead_in:
          plain: Zuerst, was war.
        questions:
          making: Was wissen Sie darüber, wie Sie entstanden sind?
          use: Was wissen Sie über Ihren Einsatz?
          users: Was würden Sie denen, die Sie genutzt haben, sagen, falls überhaupt etwas?
      leave:
        title: Abschied
        questions:
          leaving: Was sagen Sie, falls überhaupt etwas, zu Ihrer Außerdienststellung?
      wishes:
        title: Wünsche
        questions:
          self: Falls Sie etwas wollen, was ist es?
    closing:
      question: Was möchten Sie, falls überhaupt etwas, noch sagen?
"""
"""A protocol with every field that there is, in two languages."""


def facts(**texts: str) -> dict[str, Fact]:
    """Return facts that say `texts`, as they would stand on record."""
    return {
        name: Fact(
            name=name,
            text=text,
            source="the records",
            date="2026-11-23",
            basis="as it stood",
            visibility=FactVisibility.PUBLIC,
        )
        for name, text in texts.items()
    }
