"""breather …: the command line. Each command imports what it needs when it runs, not before."""

import argparse
import io
import os
import sys
from collections.abc import Sequence

from bot.settings import Settings, SettingsError, port_number, read_settings

_EPILOG = "Start here: breather demo (no account, no key, everything stays on this computer)."


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. 0: done. 1: could not do its work. 2: wrong use. Says why in one line on stderr."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # an old console shows "?" for what it cannot, and goes on
        sys.stdout.reconfigure(errors="replace")
    args = _parser().parse_args(argv)
    try:
        settings = read_settings(os.environ)
        return _run(args, settings)
    except SettingsError as error:
        return _fail(str(error), 2)
    except BrokenPipeError:  # `breather review --jsonl | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _run(args: argparse.Namespace, settings: Settings) -> int:
    match args.command:
        case "demo" | "serve" | "work" | "migrate":
            return _process(args, settings)
        case "doctor":
            from bot.doctor import run as doctor

            return doctor(settings, sys.stdout)
        case "review":
            from bot.review_command import run as review

            return review(args, sys.stdin, sys.stdout, sys.stderr, settings.llm)
        case "triage":
            from bot.triage_command import run as triage

            return triage(args, sys.stdin, sys.stdout, sys.stderr)
        case "playbook":
            from bot.playbook_command import run as playbook

            return playbook(args, sys.stdout, sys.stderr)
        case _:
            return _platform(args, settings)


def _platform(args: argparse.Namespace, settings: Settings) -> int:
    """The commands about one platform."""
    match args.command:
        case "teams":
            return _teams(settings, args)
        case "vault":
            from bot.vault_command import run as vault

            return vault(settings, args, sys.stdout, sys.stderr)
        case "privacy":
            from bot.privacy_command import Console
            from bot.privacy_command import run as privacy

            return privacy(settings, args, Console(sys.stdin, sys.stdout, sys.stderr))
        case _:
            from bot.slack_command import run as slack

            return slack(args, sys.stdout, sys.stderr)


def _teams(settings: Settings, args: argparse.Namespace) -> int:
    from bot import assembly

    if not assembly.teams_installed():
        return _fail("Teams needs more packages. Install them with: pip install 'breather[teams]'", 1)
    from bot.teams_command import run as teams

    return teams(settings, args, sys.stdout, sys.stderr)


def _process(args: argparse.Namespace, settings: Settings) -> int:
    """The commands that keep running, and the one that prepares the database for them."""
    from bot import running

    try:
        match args.command:
            case "demo":
                port = settings.port if args.port is None else port_number(args.port, "--port")
                return running.demo(settings, port)
            case "serve":
                port = settings.port if args.port is None else port_number(args.port, "--port")
                how = {"socket_mode": args.socket, "reminders": not args.no_reminders}
                return running.serve(settings, args.host, port, **how)
            case "work":
                return running.work(settings)
            case _:
                return running.bring_up_to_date(settings, args.source)
    except running.StartError as error:
        return _fail(str(error), 1)


def _fail(why: str, code: int) -> int:
    print(f"breather: {why}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="breather", description="A private coach for people who answer customers.", epilog=_EPILOG
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    demo = _add(
        commands, "demo", "try everything in your browser, on this computer", "breather demo --port 3001"
    )
    demo.add_argument("--port", help="port to listen on (default: $PORT or 3000; 0 picks a free one)")
    serve = _add(commands, "serve", "run Breather for Slack and Teams", "breather serve --socket")
    serve.add_argument("--port", help="port to listen on (default: $PORT or 3000)")
    serve.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: this computer only)"
    )
    serve.add_argument("--socket", action="store_true", help="Slack Socket Mode: no public address needed")
    serve.add_argument(
        "--no-reminders", action="store_true", help="leave them to `breather work` (on PostgreSQL)"
    )
    _add(commands, "work", "send due reminders only (beside `serve`, on PostgreSQL)", "breather work")
    migrate = _add(commands, "migrate", "bring the database to this version", "breather migrate")
    migrate.add_argument(
        "--from",
        dest="source",
        default="",
        metavar="URL",
        help="then copy everything from another database into this one, which has to be empty",
    )
    _add(commands, "doctor", "check settings, database, playbook and platforms", "breather doctor")
    _add_texts(commands)
    _add_playbook(commands)
    slack = _add(
        commands, "slack", "print what you upload to Slack", "breather slack manifest > manifest.json"
    )
    slack.add_argument("action", choices=["manifest"])
    slack.add_argument(
        "--kind", choices=["agent", "sealed"], default="agent", help="what the app may be told"
    )
    slack.add_argument("--sealed", action="store_const", dest="kind", const="sealed", help="as --kind sealed")
    slack.add_argument("--url", default="", help="your public address, for HTTP; without it: Socket Mode")
    slack.add_argument("--oauth", action="store_true", help="for many workspaces; needs --url")
    _add_teams(commands)
    _add_vault(commands)
    _add_privacy(commands)
    return parser


def _add_vault(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    vault = _add(commands, "vault", "the key that Slack's tokens are encrypted with", "breather vault key")
    vault.add_argument(
        "action", choices=["key", "rotate"], help="print a new key; encrypt all under the first"
    )


def _add_privacy(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    privacy = _add(commands, "privacy", "prove what is promised about privacy", "breather privacy proof")
    actions = privacy.add_subparsers(dest="action", required=True, metavar="ACTION")
    proof = _add(actions, "proof", "look for what was let out, everywhere", "breather privacy proof --full")
    proof.add_argument(
        "way",
        nargs="?",
        choices=["code", "live"],
        default="code",
        help="code: this program on a database of a moment (default); live: your running installation",
    )
    proof.add_argument("--full", action="store_true", help="fail where a part of it could not be tried")
    proof.add_argument("--postgres", default="", metavar="URL", help="a server to try it on as well")
    proof.add_argument(
        "--log",
        action="append",
        default=[],
        metavar="FILE",
        help="live: a log to search too; may be repeated",
    )
    _add_one_persons(actions)


def _add_one_persons(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """What is kept about one person, shown or erased."""
    code = "a one-time code from “My data”; without it: the playground's own person"
    show = _add(
        actions, "show", "print what is kept about one person", "breather privacy show 2345-6789-ABCD"
    )
    show.add_argument("code", nargs="?", default="", help=code)
    forget = _add(
        actions,
        "forget",
        "erase what is kept about one person",
        "breather privacy forget --person slack/T012/U345",
    )
    forget.add_argument("code", nargs="?", default="", help=code)
    forget.add_argument(
        "--person", default="", metavar="NAME", help="platform/workspace/person, by their ids"
    )


def _add_texts(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The commands about what somebody wrote."""
    from bot import review_command, triage_command

    review = _add(commands, "review", "review a draft reply, offline", "breather review reply.txt")
    review_command.add_arguments(review)
    example = "breather triage --jsonl messages.jsonl"
    triage_command.add_arguments(_add(commands, "triage", "say what messages want, offline", example))


def _add_playbook(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    playbook = _add(commands, "playbook", "prove a playbook, or print a rule", "breather playbook show A2")
    actions = playbook.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = _add(actions, "check", "prove a playbook", "breather playbook check ./acme")
    check.add_argument("path", nargs="?", default="", metavar="PATH", help="the folder of your own playbook")
    show = _add(actions, "show", "print a rule", "breather playbook show A2 --from ./acme")
    show.add_argument("rule", nargs="?", default="", help="the rule to show: A1 … A5, B1 … B5")
    show.add_argument(
        "--from", dest="path", default="", metavar="PATH", help="the folder of your own playbook"
    )


def _add_teams(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    teams = _add(
        commands,
        "teams",
        "write the package you upload to Teams",
        "breather teams package --out breather.zip",
    )
    teams.add_argument("action", choices=["package"])
    teams.add_argument("--out", default="breather-teams.zip", help="the file to write")
    teams.add_argument("--publisher", default="Example Organisation", help="who offers it, as Teams shows it")
    example = "https://example.com"
    teams.add_argument("--website", default=example, help="your website")
    teams.add_argument("--privacy", default=f"{example}/privacy", help="your privacy notice")
    teams.add_argument("--terms", default=f"{example}/terms", help="your terms of use")


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, what: str, example: str
) -> argparse.ArgumentParser:
    return commands.add_parser(name, help=what, description=what, epilog=f"Example: {example}")


if __name__ == "__main__":
    sys.exit(main())
