"""Accepted answers that list things or have variants."""

from __future__ import annotations

import pytest

from synth.graders.short.lists import items, variants


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("copper, tin and zinc", (("copper",), ("tin",), ("zinc",))),
        ("copper, tin, and zinc", (("copper",), ("tin",), ("zinc",))),
        ("Romeo and Juliet", (("romeo",), ("juliet",))),
        ("salt & pepper", (("salt",), ("pepper",))),
        ("red; dark blue", (("red",), ("dark", "blue"))),
        ("red\nblue", (("red",), ("blue",))),
    ],
)
def test_a_list_has_its_items(text: str, expected: tuple[tuple[str, ...], ...]) -> None:
    assert items(text) == expected


@pytest.mark.parametrize(
    "text",
    ["Lisbon, Portugal", "copper", "", "and", "the man who crossed the wide river and did not come back"],
)
def test_what_is_no_list(text: str) -> None:
    assert items(text) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lens (glass)", ("lens (glass)", "lens")),
        ("violin or viola", ("violin or viola", "violin", "viola")),
        ("grey/green", ("grey/green", "grey", "green")),
        ("km/h", ("km/h",)),
        ("oregano", ("oregano",)),
    ],
)
def test_variants_leave_out_brackets_and_split_alternatives(text: str, expected: tuple[str, ...]) -> None:
    assert variants(text) == expected
