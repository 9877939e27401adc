"""A logger for Slack's own libraries that tells that something happened, never what anybody wrote."""

import logging


def _withhold(record: logging.LogRecord) -> bool:
    """Take the text out of a record (the libraries quote whole bodies in it); keep the kind of error."""
    kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else "no error"
    record.msg = "%s.%s reported something (%s); its text is withheld"
    record.args = (record.module, record.funcName, kind)
    record.exc_info = record.exc_text = record.stack_info = None
    return True


def quiet() -> logging.Logger:
    """The logger to hand to every object of slack_bolt and slack_sdk; nothing below WARNING passes."""
    for name in ("slack_bolt", "slack_sdk"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logger = logging.getLogger("slack_bolt.breather")
    logger.setLevel(logging.WARNING)
    if _withhold not in logger.filters:
        logger.addFilter(_withhold)
    return logger
