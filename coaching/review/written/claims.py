"""What a text claims: each word of weight with who does it, how surely, and whether it is denied."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from coaching.playbook.guarding import Guarding
from coaching.review.written.stems import Token

_STOPS = frozenset(".!?;:()[]")
_JOINS = frozenset({"and", "or", ",", "-", '"'})
_TURNS = frozenset({"but", "so", "because", "although", "though", "while", "whereas", "since", "however"})
_BE = frozenset({"am", "is", "are", "be", "been", "being", "was", "were"})
_PAST_BE = frozenset({"was", "were", "been"})
_HAVE = frozenset({"have", "has", "had"})
_HELPERS = frozenset(
    {
        "will", "shall", "can", "could", "may", "might", "would", "should", "must", "cannot", "did", "do",
        "does", "let", "able", *_BE, *_HAVE,
    }
)  # fmt: skip
_DESCRIBES = (
    "ed",
    "ing",
    "y",
    "ful",
    "ous",
    "al",
    "er",
    "est",
    "ic",
    "ive",
    "ble",
    "ent",
    "ant",
    "en",
    "less",
    "ld",
)
_TO = frozenset({"to", "for", "with"})
_KNOW = (Token("know", "know"),)  # "let me know" is theirs to do
_BEFORE_YOU = frozenset(
    {
        "that", "if", "when", "once", "as", "what", "how", "where", "whether", "since", "until", "after",
        "before", "why",
    }
)  # fmt: skip


class Who(Enum):
    """Whose doing it is."""

    US = "us"
    YOU = "you"
    OTHER = "other"
    PASSIVE = "passive"  # nobody is named


class Sure(Enum):
    """How surely, or whether it is done."""

    MAYBE = 0
    CAN = 1
    WILL = 2  # also what is so, or under way
    DONE = 3


@dataclass(frozen=True, slots=True)
class Claim:
    """A word of weight, as it is used."""

    stem: str
    who: Who
    sure: Sure
    denied: bool
    thing: bool  # used as the name of a thing: "the refund"
    depends: bool  # on a condition, somewhere in the sentence
    sentence: int
    clause: int
    vowed: bool = False  # by a "will" that is said


@dataclass(slots=True)
class _State:
    vowed: bool = False
    who: Who | None = None
    sure: Sure = Sure.WILL
    denied: bool = False
    have: bool = False  # "have" was just said
    be: bool = False
    been: bool = False
    named: bool = False  # a thing is being named
    doubt: bool = False


def claims(words: tuple[Token, ...], guarding: Guarding) -> tuple[Claim, ...]:
    """All claims of a text, sentence by sentence."""
    found: list[Claim] = []
    for number, sentence in enumerate(_split(words)):
        depends = any(token.text in guarding.words["conditions"] for token in sentence)
        clauses = tuple(_clauses(sentence, guarding))
        state = _State()
        for index, (clause, fresh) in enumerate(clauses):
            if fresh:
                state = _State()
            state, some = _read(clause, state, guarding)
            denied = state.denied or any(token.stem in guarding.words["negators"] for token in clause)
            doubted = any(token.stem in guarding.words["hedges"] for token in clause)
            found += [
                replace(
                    claim,
                    denied=denied,
                    sure=Sure.MAYBE if doubted else claim.sure,
                    depends=depends,
                    sentence=number,
                    clause=index,
                )
                for claim in some
            ]
            state.denied = denied
    return tuple(found)


def _split(words: tuple[Token, ...]) -> Iterator[tuple[Token, ...]]:
    part: list[Token] = []
    for token in words:
        if token.text in ".!?":
            yield tuple(part)
            part = []
        else:
            part.append(token)
    yield tuple(part)


def _clauses(sentence: tuple[Token, ...], guarding: Guarding) -> Iterator[tuple[tuple[Token, ...], bool]]:
    """Parts of a sentence, and whether each begins anew instead of going on."""
    part, fresh = list[Token](), True
    for position, token in enumerate(sentence):
        following = sentence[position + 1].text if position + 1 < len(sentence) else ""
        anew = token.text in _STOPS or token.text in _TURNS
        subject = following in guarding.words["ours"] | guarding.words["theirs"] | guarding.words["others"]
        if anew or (token.text in _JOINS and token.text != "or"):
            if part:
                yield tuple(part), fresh
                part = list[Token]()
                fresh = anew or subject
            else:
                fresh = fresh or anew or subject
        else:
            part.append(token)
    yield tuple(part), fresh


def _read(clause: tuple[Token, ...], state: _State, guarding: Guarding) -> tuple[_State, list[Claim]]:
    found: list[Claim] = []
    if state.who is None and _has_subject(clause, guarding):
        state.who = Who.OTHER
    for position, token in enumerate(clause):
        before = clause[position - 1].text if position else ""
        if _subject(clause, position, state, guarding) or _helper(clause, position, state, guarding):
            continue
        found.append(_claim(token, before, state, guarding))
        state.named = state.named and token.text.endswith(_DESCRIBES)
        state.have = state.be = state.been = False
    return state, found


def _has_subject(clause: tuple[Token, ...], guarding: Guarding) -> bool:
    """Whether a clause begins with what does something: "billing may", "delivery takes"."""
    if not clause or clause[0].text in guarding.words["function"]:
        return False
    ahead = clause[1:4]
    return any(token.text in _HELPERS for token in ahead) or any(
        token.text.endswith("s") and not token.text.endswith("ss") and token.word for token in ahead[:1]
    )


def _subject(clause: tuple[Token, ...], position: int, state: _State, guarding: Guarding) -> bool:
    """Words that say whose doing it is; whether that is all they do."""
    words, said = guarding.words, clause[position].text
    before = clause[position - 1].text if position else ""
    if said in words["ours"] and before not in _TO:
        state.who = Who.US
        _anew(state)
    elif said in words["theirs"] and _does(clause, position):
        state.who = Who.YOU
        _anew(state)
    elif said in words["others"] and state.who is None and _does(clause, position):
        state.who = Who.OTHER
    elif said in words["determiners"]:
        state.who = state.who or Who.OTHER
        state.named = True
    return said in words["ours"] or (said in words["function"] and said not in _HELPERS)


def _does(clause: tuple[Token, ...], position: int) -> bool:
    """Whether "you" is who does it, and not to whom it is done."""
    following = clause[position + 1].text if position + 1 < len(clause) else ""
    return position == 0 or following in _HELPERS or clause[position - 1].text in _BEFORE_YOU


def _anew(state: _State) -> None:
    state.sure, state.have, state.be, state.been, state.vowed = Sure.WILL, False, False, False, False


def _helper(clause: tuple[Token, ...], position: int, state: _State, guarding: Guarding) -> bool:
    """Words that say how surely; whether that is all they do."""
    following = clause[position + 1].text if position + 1 < len(clause) else ""
    token, said = clause[position], clause[position].text
    if said in {"will", "shall", "going"}:
        state.sure, state.vowed = Sure.WILL, True
    elif said == "let" and following in {"me", "us"} and clause[position + 2 : position + 3] != _KNOW:
        state.who, state.sure = Who.US, Sure.WILL
    elif said in {"can", "able", "cannot"}:
        state.sure = Sure.CAN
    elif token.stem in guarding.words["hedges"] or said in guarding.words["hedges"]:
        state.sure = Sure.MAYBE
    elif said in _HAVE:
        state.have = following != "to"
    elif said in _BE:
        state.be, state.been = True, state.been or said in _PAST_BE
    elif said == "did":
        state.sure = Sure.DONE
    return said in guarding.words["function"]


def _claim(token: Token, before: str, state: _State, guarding: Guarding) -> Claim:
    past = _past(token.text, guarding)
    passive = state.be and past
    attributive = past and (state.who is None or not before) and not (state.be or state.have)
    who, sure = state.who or (Who.PASSIVE if past else Who.YOU), state.sure
    if passive:
        who = Who.PASSIVE
    done = not attributive and (
        (state.have and past) or (passive and state.been) or (past and not state.be and not state.have)
    )
    if done and sure is Sure.WILL:
        sure = Sure.DONE
    thing = attributive or before in guarding.words["determiners"] or (state.named and not past)
    return Claim(token.stem, who, sure, False, thing, False, 0, 0, state.vowed)


def _past(word: str, guarding: Guarding) -> bool:
    if word in guarding.irregular:
        return True
    return len(word) > 4 and word.endswith("ed") and word not in guarding.present
