"""Letters a second that one Procrastinate worker sends: run by tools/bench_delivery.py among the peers.

python tools/bench_procrastinate.py URL LETTERS     the database is empty, and used once
"""

import asyncio
import sys
import time

from procrastinate import App, PsycopgConnector

WIDTH = 50


async def main(url: str, letters: int) -> None:
    app, sent = App(connector=PsycopgConnector(conninfo=url)), set()

    @app.task(name="letter")
    async def letter(number: int) -> None:
        await asyncio.sleep(0.001)
        sent.add(number)

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        for first in range(0, letters, 1000):
            these = range(first, min(first + 1000, letters))
            await letter.batch_defer_async(*({"number": number} for number in these))
        await app.connector.execute_query_async("ANALYZE")
        began = time.perf_counter()
        await app.run_worker_async(
            concurrency=WIDTH, wait=False, listen_notify=False, install_signal_handlers=False
        )
        taken = time.perf_counter() - began
    assert len(sent) == letters
    print(letters / taken)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
