"""One Post for all platforms."""

from collections.abc import Mapping
from dataclasses import dataclass

from coaching.ports import Later, Post, Posted
from coaching.values import Letter


@dataclass(frozen=True, slots=True)
class Posts:
    """One Post for all platforms: a letter goes out through the one its place belongs to."""

    by_platform: Mapping[str, Post]

    async def post(self, letter: Letter) -> Posted | Later:
        """Send through the letter's platform; one that is switched off sends later."""
        post = self.by_platform.get(letter.to.platform)
        return Posted.LATER if post is None else await post.post(letter)
