"""What the connector's refusals mean: for the conversation, and for what was to be sent."""

import json
from enum import Enum

from adapters.teams.references import ConversationState
from coaching.ports import Posted


class Fault(Enum):
    """Why a call did not go well."""

    BLOCKED = "blocked"  # the person does not want messages from us
    UNINSTALLED = "uninstalled"  # the coach is not in this conversation any more
    PAUSED = "paused"  # an administrator has switched the coach off
    MISCONFIGURED = "misconfigured"  # our own app is not known or not accepted: for the operator
    ACTIVITY_GONE = "activity_gone"  # what was to be changed is not there: send it anew
    TOO_BIG = "too_big"  # to be made smaller
    BUSY = "busy"  # too many calls: later
    REFUSED = "refused"  # not accepted, for a reason we do not know
    UNREACHABLE = "unreachable"  # surely not sent
    UNKNOWN = "unknown"  # it may have been sent


_STATES = {
    Fault.BLOCKED: ConversationState.BLOCKED,
    Fault.UNINSTALLED: ConversationState.UNINSTALLED,
    Fault.PAUSED: ConversationState.PAUSED,
}
_POSTED = {
    Fault.BLOCKED: Posted.GONE,
    Fault.UNINSTALLED: Posted.GONE,
    Fault.UNKNOWN: Posted.UNKNOWN,
}
_CODES = {
    "MessageWritesBlocked": Fault.BLOCKED,
    "ConversationBlockedByUser": Fault.BLOCKED,
    "BotNotInConversationRoster": Fault.UNINSTALLED,
    "ConversationNotFound": Fault.UNINSTALLED,
    "BotDisabledByAdmin": Fault.PAUSED,
    "BotNotRegistered": Fault.MISCONFIGURED,
    "ActivityNotFoundInConversation": Fault.ACTIVITY_GONE,
    "MessageSizeTooBig": Fault.TOO_BIG,
}
_STATUS = {401: Fault.MISCONFIGURED, 412: Fault.UNREACHABLE, 413: Fault.TOO_BIG, 429: Fault.BUSY}


class ConnectorError(Exception):
    """A call that did not go well, in one word of ours: nothing the connector or a person wrote."""

    def __init__(self, fault: Fault, retry_after: float = 0.0) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.retry_after = retry_after

    @property
    def state(self) -> ConversationState:
        """The conversation after this."""
        return _STATES.get(self.fault, ConversationState.ACTIVE)

    @property
    def posted(self) -> Posted:
        """What became of a message. In a channel, UNINSTALLED means that the coach must be invited first."""
        return _POSTED.get(self.fault, Posted.LATER)


def fault_of(status: int, raw: bytes) -> Fault:
    """The meaning of an answer that is not a success."""
    if status >= 500:
        return Fault.UNKNOWN
    code = _code(raw)
    if status in (403, 404) and code in _CODES:
        return _CODES[code]
    return _STATUS.get(status, _CODES.get(code, Fault.REFUSED))


def _code(raw: bytes) -> str:
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        return ""
    error = told.get("error") if isinstance(told, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) else ""
