"""A model's server on this machine that answers as told: well, late, wrongly, or not at all."""

import asyncio
import contextlib
import json

OK = {
    "sentences": [
        {
            "kind": "acknowledge",
            "text": "I am sorry the parcel is not there yet, with the party tomorrow.",
            "source": "The party is tomorrow",
        },
        {
            "kind": "keep",
            "text": "Delivery takes 10 working days.",
            "source": "delivery takes 10 working days",
        },
    ]
}


def completion(content, finish="stop", refusal=None):
    """A chat completion with this content."""
    text = content if isinstance(content, str) or content is None else json.dumps(content)
    message = {"role": "assistant", "content": text, "refusal": refusal}
    choice = {"index": 0, "message": message, "finish_reason": finish}
    usage = {"prompt_tokens": 500, "completion_tokens": 80, "total_tokens": 580}
    whole = {"id": "c1", "object": "chat.completion", "created": 1, "model": "m", "usage": usage}
    return {**whole, "choices": [choice]}


class OddLlm:
    """`plan` is a list of answers, the last one for ever; each is called with the request's body.

    An answer is a dict (a 200 with this JSON), a (status, headers, body) or a coroutine function that
    gets the writer and does as it likes.
    """

    def __init__(self, *plan):
        self.plan, self.asked, self.heads = list(plan) or [completion(OK)], [], []
        self.connections = set()

    async def __aenter__(self):
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}/v1"
        return self

    async def __aexit__(self, *_):
        self.server.close()
        for task in [*self.connections]:
            task.cancel()
        if self.connections:
            await asyncio.wait(self.connections)

    async def _serve(self, reader, writer):
        task = asyncio.current_task()
        self.connections.add(task)
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self.connections.discard(task)
            writer.close()

    async def _one(self, reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (
                int(line.split(b":")[1])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length")
            ),
            0,
        )
        body = await reader.readexactly(length)
        self.heads.append(head.decode())
        self.asked.append(json.loads(body) if body else {})
        answer = self.plan.pop(0) if len(self.plan) > 1 else self.plan[0]
        if callable(answer):
            answer = answer(self.asked[-1])
        if asyncio.iscoroutinefunction(getattr(answer, "answer", None)):
            return await answer.answer(writer)
        status, headers, content = answer if isinstance(answer, tuple) else (200, {}, answer)
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(raw)}", "Content-Type: application/json"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + raw)
        await writer.drain()
        return True


class Does:
    """An answer that does as it likes with the connection."""

    def __init__(self, answer):
        self.answer = answer

    def __call__(self, asked):
        return self


def _raw(*pieces, pause=0.0, hold=0.0):
    async def answer(writer):
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
        await asyncio.sleep(hold)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        return False

    return Does(answer)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n"
LONG = 30.0  # seconds: longer than any deadline in a test

# name -> (plan, why it fails: by the name of coaching.ports.Why)
FAULTS = {
    "429 for ever": ([(429, {"Retry-After": "0"}, {"error": {"message": "slow down"}})], "rate_limited"),
    "429 with a long wait": ([(429, {"Retry-After": "60"}, {"error": {"message": "later"}})], "deadline"),
    "500 for ever": ([(500, {}, {"error": {"message": "oops"}})], "transport"),
    "503 as a page": ([(503, {}, b"<html>busy</html>")], "transport"),
    "400 too long": ([(400, {}, {"error": {"code": "exceed_context_size_error"}})], "transport"),
    "422": ([(422, {}, {"error": {}})], "transport"),
    "401": ([(401, {}, {"error": {"message": "no"}})], "refused"),
    "403": ([(403, {}, {"error": {"message": "no"}})], "refused"),
    "404": ([(404, {}, {"error": {"message": "no model"}})], "refused"),
    "sent elsewhere": ([(307, {"Location": "http://127.0.0.1:9/v1"}, b"")], "transport"),
    "hung up at once": ([_raw()], "transport"),
    "hung up in the head": ([_raw(b"HTTP/1.1 200 OK\r\nConte")], "transport"),
    "hung up in the body": ([_raw(HEAD, b'{"id": "c1", "choices"')], "transport"),
    "not HTTP": ([_raw(b"SSH-2.0-odd\r\n\r\n")], "transport"),
    "silent": ([_raw(hold=LONG)], "deadline"),
    "head, then silent": ([_raw(HEAD, hold=LONG)], "deadline"),
    "dripping": ([_raw(HEAD, *[b" "] * 500, pause=0.05)], "deadline"),
    "a page": ([(200, {"Content-Type": "text/html"}, b"<html>hello</html>")], "schema"),
    "empty": ([(200, {}, b"")], "schema"),
    "not JSON": ([(200, {}, b'{"id": ')], "schema"),
    "not UTF-8": ([(200, {}, b"\xff\xfe\x00")], "schema"),
    "a list": ([[1, 2, 3]], "schema"),
    "null": ([(200, {}, b"null")], "schema"),
    "an error in a 200": ([{"error": {"message": "no"}}], "schema"),
    "no choices": ([{**completion(OK), "choices": []}], "schema"),
    "choices null": ([{**completion(OK), "choices": None}], "schema"),
    "no message": ([{**completion(OK), "choices": [{"index": 0, "finish_reason": "stop"}]}], "schema"),
    "a refusal": ([completion(None, refusal="I would rather not")], "refusal"),
    "filtered": ([completion("", "content_filter")], "refusal"),
    "cut off": ([completion('{"sentences": [{"kind"', "length")], "length"),
    "no content": ([completion(None)], "schema"),
    "prose": ([completion("Here is your improved reply, enjoy!")], "schema"),
    "half an object": ([completion('{"sentences": [')], "schema"),
    "an array": ([completion("[1]")], "schema"),
    "deep": ([completion('{"a":' * 5000 + "1" + "}" * 5000)], "schema"),
    "huge": ([completion('{"sentences": "' + "x" * 100_000 + '"}')], "schema"),
    "wrong kind": (
        [completion({"sentences": [{"kind": "shout", "text": "x", "source": ""}], "answers": [{"id": 3}]})],
        "schema",
    ),
    "wrong types": ([completion({"sentences": {"text": 3}, "answers": 7})], "schema"),
    "nothing to say": ([completion({"sentences": [], "answers": []})], "schema"),
    "no such keys": ([completion({"reply": "Dear customer"})], "schema"),
    "not a number": ([completion('{"answers": [{"id": "q", "yes": NaN, "quote": ""}]}')], "schema"),
}
