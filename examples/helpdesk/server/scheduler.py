"""Every minute, has the team reminded of tickets that nobody answered for a day."""

import json
import signal
import threading

from stores import database, patiently, queue

stopped = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stopped.set())


def late():
    with database() as connection:
        return connection.execute(
            """
            select id from tickets
            where answered_at is null and reminded_at is null and created_at < now() - interval '1 day'
            """
        ).fetchall()


while not stopped.is_set():
    for (ticket,) in patiently(late, stopped):
        job = json.dumps({"do": "remind", "ticket": ticket})
        patiently(lambda: queue().lpush("work", job), stopped)
    stopped.wait(60)
