"""Whatever a text holds, a Markdown reader shows just that text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from synth.exporting.escape import escape, fenced

READER = MarkdownIt("gfm-like", {"linkify": False}).disable("linkify")
HOSTILE = [
    "---\nlicense: mit\n---",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }} {% for x in y %}",
    "| a | b |\n|---|---|",
    "# head\n\n- list\n1. one",
    "![x](http://evil.example/a.png) [y](javascript:alert(1))",
    "```\ncode\n```",
    "<!-- synth: end --> after",
    r"\(x^2\) $y$ $$z$$ \\(w\\)",
    "@everyone www.evil.example mailto:a@b.c",
    "a\u2028b\u0085c\x0bd",
    "Tom & Jerry &amp; &lt;b&gt;",
    "===",
    "    four spaces",
    "~~gone~~ **bold** __bold__ _it_",
    "\u202ereversed \x00 \x1b[31m",
]
marks = st.text(alphabet=st.sampled_from("ab1.)-+=#>|`*_~[](){}<>!&;:\\\"'$@^\n \t/"), max_size=40)


def shown(markdown: str) -> str:
    """What a reader sees, and nothing else is there: only text and line breaks inside one paragraph."""
    tokens = READER.parse(f"x {markdown} x")
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    text = ""
    for token in tokens[1].children or []:
        assert token.type in ("text", "text_special", "html_inline")
        assert token.type != "html_inline" or token.content == "<br>"
        text += "\n" if token.type == "html_inline" else token.content
    return text[2:-2]


def said(text: str) -> str:
    """The text as it should be seen: invisible marks gone, blanks around line ends gone."""
    text = re.sub(r"[\x00-\x08\x1b\u202e]", "", text).strip().replace("\t", " ")
    return re.sub(r"\s*[\n\r\v\u2028\x85]\s*", "\n", text)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(text: str) -> None:
    assert shown(escape(text)) == said(text)


@given(marks.filter(str.strip))
def test_any_marks_are_only_text(text: str) -> None:
    assert shown(escape(text)) == said(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_line_that_starts_with_it_stays_a_paragraph(text: str) -> None:
    assert READER.parse(escape(text))[0].type == "paragraph_open"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_table_cell_stays_one_cell(text: str) -> None:
    tokens = READER.parse(f"| a | b |\n|---|---|\n| {escape(text)} | x |")
    assert [token.type for token in tokens].count("td_open") == 2


@pytest.mark.parametrize("text", HOSTILE)
def test_a_code_block_cannot_be_left(text: str) -> None:
    tokens = READER.parse(f"{fenced(text)}\n\nafter")
    assert [token.type for token in tokens][:2] == ["fence", "paragraph_open"]
    assert "<!--" not in fenced(text)


def test_plain_values_read_well() -> None:
    values = [1234567, True, None, 0.5, "", [], ["a_b", 2], (0.25, 0.75)]
    assert [escape(value) for value in values] == [
        "1,234,567",
        "yes",
        "–",
        "0.5",
        "–",
        "–",
        "a\\_b, 2",
        "0.25, 0.75",
    ]
