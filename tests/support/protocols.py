"""A protocol small enough to read at a glance, and the facts that its texts need."""

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
