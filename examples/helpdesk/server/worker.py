"""Works on the queue until it is told to stop, and ends what it has begun."""

import json
import signal

from stores import database, queue

running = True


def stop(*_):
    global running
    running = False


def acknowledge(ticket):
    print(f"ticket {ticket}: told the customer that it has arrived")


def remind(ticket):
    with database() as connection:
        connection.execute("update tickets set reminded_at = now() where id = %s", (ticket,))
    print(f"ticket {ticket}: reminded the team")


signal.signal(signal.SIGTERM, stop)
work = queue()
while running:
    # What a worker has begun stands in `begun` until it is done: a worker that dies loses nothing.
    job = work.blmove("work", "begun", 5, "RIGHT", "LEFT")
    if job is None:
        continue
    task = json.loads(job)
    {"acknowledge": acknowledge, "remind": remind}[task["do"]](task["ticket"])
    work.lrem("begun", 1, job)
