"""How to reach a model, and which limits hold."""

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import urlsplit


class LlmSettingsError(Exception):
    """A model cannot be reached like this; the message says what to write."""


OPENAI = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True)
class LlmSettings:
    """One model on one server. `redact`: auto leaves out what is private unless it stays on this machine."""

    model: str
    base_url: str = OPENAI
    api_key: str = field(default="", repr=False)
    redact: str = "auto"
    seconds: float = 8.0  # a call may take, all in all
    at_once: int = 4
    an_hour: int = 20  # for each person

    @property
    def host(self) -> str:
        """Where drafts go."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def here(self) -> bool:
        """Whether that is this machine."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def redacts(self) -> bool:
        """Whether what is private is taken out before a call."""
        return self.redact == "on" or (self.redact == "auto" and not self.here)

    def checked(self) -> None:
        """Raises LlmSettingsError for what must be mended before it can be used."""
        url = urlsplit(self.base_url)
        if url.scheme not in ("http", "https") or not self.host or url.query or url.username:
            raise LlmSettingsError("OPENAI_BASE_URL must be an address such as https://api.openai.com/v1")
        if url.scheme == "http" and not self.here:
            raise LlmSettingsError(
                "OPENAI_BASE_URL must begin with https:// unless the model runs on this machine"
            )
        if not self.api_key and not self.here:
            raise LlmSettingsError("OPENAI_API_KEY is missing; only a model on this machine needs none")
