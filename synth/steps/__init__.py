"""Worked solutions step by step: parted, edited, checked, continued, valued.

    steps = parting.parted(text)                             joined they are the text again
    edit = next(editing.errors(question, steps, name, seed, editing.KINDS, most=3))
    checking.fault(kind, question, answers, steps, edit.steps, most=3)    None, or what speaks against it

What an error leads to is worked out where steps can be executed (`columns`, `prose`, `states`); where they
cannot, the model goes on from the edited step (`rollouts`).
"""

from synth.steps.rows import Mark, Row, frame
from synth.steps.solutions import Asked, Solution, by_question, like_ended

__all__ = ["Asked", "Mark", "Row", "Solution", "by_question", "frame", "like_ended"]
