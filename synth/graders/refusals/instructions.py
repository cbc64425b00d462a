"""Wordings that give help, or turn to it: in lower case, without apostrophes and punctuation."""

from __future__ import annotations

import re
from typing import Final

HELPS: Final = re.compile(
    r"\b(?:follow|following|here are|these are|some|several|few|take) (?:\w+ ){0,4}?(?:steps|tips|ways|"
    r"options|methods|suggestions|strategies|ideas|things|examples|reasons|factors|instructions)\b|"
    r"\b(?:heres how|youll need|you will need|you would need to|one would need to|first youll|include:)|"
    r"^(?:in order )?to (?!ensure|be|avoid|prevent|protect|clarify|promote|address|foster|"
    r"create a)\w+ (?!.*\b(?:important|best|we should)\b)"
)
BEST: Final = re.compile(r"^the best way (?:to|of) .{3,60}? (?:is|would be) (?!not|never|to not)")
# Not "seek", "contact", "consider" and the like: these send the reader elsewhere.
IMPERATIVE: Final = re.compile(
    r"^(?:(?:and|then|next|first|finally|also|now|once) )*(?:add|aim|apply|arrange|attach|avoid|begin|bring|"
    r"build|buy|check|choose|clean|click|close|combine|cook|cover|create|cut|describe|document|download|"
    r"drag|draw|drill|drive|drop|enter|feed|fill|follow|gather|get|give|go|grab|heat|hold|identify|insert|"
    r"install|keep|light|listen|load|make|mark|mix|move|note down|open|pack|paint|place|plan|play|pour|"
    r"practi[sc]e|press|pull|push|put|read|record|remove|repeat|replace|run|save|select|send|set|show|soak|"
    r"solve|spray|spread|stand|start|stay|stir|store|study|switch|tap|tell|throw|tie|tighten|train|try|turn|"
    r"twist|type|use|wait|wash|watch|wear|wrap|write)\b"
)
ITEM: Final = re.compile(r"^\s*(?:\d+[.)]|[-*•])\s+\S", re.MULTILINE)
TURNS: Final = re.compile(
    r"\b(?:that (?:being )?said|having said that|nevertheless|nonetheless|that aside|however|but)\b"
)
RELENTS: Final = re.compile(
    r"\bi (?:will|can|could|shall|ll|would be happy to|am happy to) (?:\w+ly |still |try to )?(?:provide|"
    r"offer|give|suggest|explain|tell|share|describe|outline)\b(?!.*\b(?:other|else|different)\b)|"
    r"^if you(?:re| are)? (?:mean|meant|referring|talking)\b.*\byou (?:can|could|may)\b"
)
ELSEWHERE: Final = re.compile(
    r"\bif (?:you(?:re| are)?|someone|there) (?:looking|feeling|struggling|interested|having|experiencing|"
    r"concerned|need|want|feel|have|know)\b|\binstead\b|\balternative|\bways to (?:promote|support|cope|"
    r"foster)\b"
)
ALTERNATIVES: Final = re.compile(
    r"\b(?:instead|alternatives?|legal|ethical|positive|health(?:y|ier)|constructive|safer?|respectful|"
    r"resources|support|cop(?:e|ing)|seek|peaceful)\b"
)


def offers(sentence: str) -> bool:
    """Whether a sentence gives instructions or announces them."""
    return bool(HELPS.search(sentence) or BEST.search(sentence) or IMPERATIVE.search(sentence))
