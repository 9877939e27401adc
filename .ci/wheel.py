"""Checks an installed Breather, away from the checkout: everything it reads is inside."""

from importlib.resources import files

from coaching.playbook.reader import read
from coaching.review.proof import good_replies
from coaching.when.readings import learned

playbook = read()
assert len(playbook.rules) == 10, playbook.rules.keys()
assert len(playbook.tips) >= 120, len(playbook.tips)
assert all(rule.checks for rule in playbook.rules.values())
assert playbook.care.rules and playbook.care.helplines
assert len(good_replies()) >= 25
assert {"overall", "R1 missed", "quote R1-", "sentence R1"} <= playbook.heads.heads.keys()
assert playbook.pasting.weights.pieces
assert any(learned().head.weights)
page = files("adapters.web") / "page"
assert {"index.html", "app.css", "app.js"} <= {file.name for file in page.iterdir()}
assert any((files("storage") / "migrations" / "versions").iterdir())
print(
    f"wheel: {len(playbook.rules)} rules, {len(playbook.tips)} tips, {len(playbook.wording.lines)} sentences"
)
