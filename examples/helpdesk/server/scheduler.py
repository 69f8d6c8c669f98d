"""Every minute, has the team reminded of tickets that nobody answered for a day."""

import json
import signal
import threading

from stores import database, queue

stopped = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stopped.set())

while not stopped.is_set():
    with database() as connection:
        late = connection.execute(
            """
            select id from tickets
            where answered_at is null and reminded_at is null and created_at < now() - interval '1 day'
            """
        ).fetchall()
    for (ticket,) in late:
        queue().lpush("work", json.dumps({"do": "remind", "ticket": ticket}))
    stopped.wait(60)
