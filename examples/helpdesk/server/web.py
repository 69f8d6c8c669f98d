"""Takes tickets: POST /tickets with a text, GET /tickets/<id>."""

import json
import os
import re
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from stores import database, queue


class Tickets(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/health":
            return self.answer(200, {"healthy": True})
        found = re.fullmatch(r"/tickets/(\d{1,18})", self.path)
        row = found and read(int(found[1]))
        return self.answer(200, row) if row else self.answer(404, {})

    def do_POST(self):
        if self.path != "/tickets":
            return self.answer(404, {})
        length = int(self.headers.get("Content-Length", 0))
        text = self.rfile.read(length).decode("utf-8", "replace").strip()
        if not text:
            return self.answer(400, {"fault": "a ticket has a text"})
        return self.answer(201, {"id": write(text)})

    def answer(self, status, body):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def read(ticket):
    with database() as connection:
        row = connection.execute(
            "select text, answered_at is not null from tickets where id = %s", (ticket,)
        ).fetchone()
    return row and {"id": ticket, "text": row[0], "answered": row[1]}


def write(text):
    with database() as connection:
        (ticket,) = connection.execute(
            "insert into tickets (text) values (%s) returning id", (text,)
        ).fetchone()
    queue().lpush("work", json.dumps({"do": "acknowledge", "ticket": ticket}))
    return ticket


server = ThreadingHTTPServer(("", int(os.environ.get("PORT", 8000))), Tickets)
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
server.serve_forever()
