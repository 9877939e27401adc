"""The playbook that ships, read once for all tests of a process: it never changes."""

from coaching.playbook.reader import read

PLAYBOOK = read()
