"""Prints the CPU time of one offline review of a 600-character reply: p50 and p95.

python -m tools.bench_review [--rounds 400]
"""

import argparse
import time

from coaching.playbook.reviewing import read_for_review
from coaching.review.engine import review

CUSTOMER = (
    "My parcel is three weeks late and nobody answers. I already called twice. Where is it, and what now?"
)
REPLY = (
    "Hi Ana, I'm sorry your parcel is three weeks late and that nobody answered you. "
    "As per our policy the carrier has ten days to trace it, and I've asked them to look in the depot today. "
    "Unfortunately I can't see their scans from here, but I'll call them at noon and write to you by four. "
    "If it isn't found by Friday, I can send a new one or refund you, whichever suits you better. "
    "You must have been waiting for it; which day would be best for a delivery? "
    "If anything comes up before that, just reply here and it reaches me directly. "
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=400)
    rounds = parser.parse_args().rounds
    start = time.process_time()
    playbook = read_for_review()
    loaded = time.process_time() - start
    reply = (REPLY * 2)[:600]
    spent = []
    for _ in range(rounds):
        start = time.process_time()
        review(reply, CUSTOMER, playbook)
        spent.append((time.process_time() - start) * 1000)
    spent.sort()
    print(f"reading what a review needs of the playbook: {loaded * 1000:.0f} ms")
    p50, p95 = spent[rounds // 2], spent[rounds * 95 // 100]
    print(f"review of {len(reply)} characters: p50 {p50:.2f} ms, p95 {p95:.2f} ms")


if __name__ == "__main__":
    main()
