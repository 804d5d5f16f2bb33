"""The interviewer: how it is asked for a probe, and how its probe is checked before it is sent."""
