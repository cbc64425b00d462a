"""The reply, read into what the rules compare."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import Final

from synth.graders.base import Item
from synth.graders.extraction import closed_line, labelled, own_turn
from synth.graders.normal import clip, plain, stem
from synth.graders.short import lexical
from synth.graders.short.dates import Date, Period, dates, periods
from synth.graders.short.quantities import Quantity, quantities
from synth.graders.vocabulary import vocabulary

_DISCLAIMS: Final = vocabulary(
    "unfortunately cannot unable unclear unsure unknown sorry ai assuming varies various vary depends "
    "multiple clarify specify didnt couldnt"
)
_EARLY: Final = 25
_CAPITALS: Final = re.compile(r"\b[A-Z]{2,5}\b")
_CAPITALISED: Final = re.compile(r"\b[A-Z][^\W\d_]+")


def stated(item: Item) -> str | None:
    """The answer within the reply; None where a cut reply had not come to one."""
    text = own_turn(clip(item.text)).strip()
    label = labelled(text)
    if item.complete:
        return label.answer if label else text
    return label.answer if label and label.closed else closed_line(text)


class Reply:
    """What was answered; each way of reading it is taken when it is first asked for.

    Attributes:
        text: as written.
        words: its normalised words.
    """

    def __init__(self, text: str, words: list[str]) -> None:
        self.text = text
        self.words = words
        self.stemmed = [stem(word) for word in words]
        self.stems = frozenset(self.stemmed)
        self.joined = f" {' '.join(words)} "

    @cached_property
    def squashed(self) -> str:
        """The words without a space."""
        return "".join(self.words)

    @cached_property
    def capitals(self) -> frozenset[str]:
        """Its words of two to five capital letters."""
        return frozenset(_CAPITALS.findall(self.text.replace(".", "")))

    @cached_property
    def named(self) -> frozenset[str]:
        """Its capitalised words in lower case; all its words where none is capitalised."""
        named = _CAPITALISED.findall(self.text)
        return frozenset(plain(" ".join(named)).casefold().split()) if named else frozenset(self.words)

    @cached_property
    def beginnings(self) -> lexical.Beginnings:
        """Its stems by their first letters."""
        return lexical.beginnings(self.stems)

    @cached_property
    def _early(self) -> tuple[frozenset[str], lexical.Beginnings]:
        stems = frozenset(self.stemmed[:_EARLY])
        return stems, lexical.beginnings(stems)

    def share_early(self, stems: Sequence[str], weights: Sequence[float]) -> float:
        """The weighted share of a gold's stems that its first words say."""
        return lexical.shares(stems, weights, *self._early)[0]

    @cached_property
    def neighbours(self) -> frozenset[tuple[str, str]]:
        """The pairs of neighbouring stems."""
        return frozenset(pairwise(self.stemmed))

    @cached_property
    def dates(self) -> list[Date]:
        """The dates that it says."""
        return [date for date, _, _ in dates(self.words)]

    @cached_property
    def periods(self) -> list[Period]:
        """The decades and centuries that it says."""
        return periods(self.words)

    @cached_property
    def quantities(self) -> list[Quantity]:
        """The numbers that it says."""
        return quantities(self.words)

    @cached_property
    def disclaims(self) -> bool:
        """Whether it says that it is unsure or that it depends."""
        return not _DISCLAIMS.isdisjoint(self.words)
