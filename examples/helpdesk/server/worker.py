"""Works on the queue until it is told to stop, and ends what it has begun."""

import json
import signal
import threading

from stores import database, patiently, queue

stopped = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stopped.set())


def acknowledge(ticket):
    print(f"ticket {ticket}: told the customer that it has arrived")


def remind(ticket):
    with database() as connection:
        connection.execute("update tickets set reminded_at = now() where id = %s", (ticket,))
    print(f"ticket {ticket}: reminded the team")


work = queue()
while not stopped.is_set():
    # What a worker has begun stands in `begun` until it is done: a worker that dies loses nothing.
    job = patiently(lambda: work.blmove("work", "begun", 5, "RIGHT", "LEFT"), stopped)
    if job is None:
        continue
    task = json.loads(job)
    do = {"acknowledge": acknowledge, "remind": remind}[task["do"]]
    patiently(lambda: do(task["ticket"]), stopped)
    patiently(lambda: work.lrem("begun", 1, job), stopped)
