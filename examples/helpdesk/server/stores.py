"""Where tickets and work are, by the variables of `uses: [main, queue]`."""

from os import environ
from threading import Event
from typing import Callable, TypeVar

import psycopg
import redis

T = TypeVar("T")

unreachable = (psycopg.OperationalError, redis.ConnectionError, redis.TimeoutError)


def database() -> psycopg.Connection:
    return psycopg.connect(
        host=environ["MAIN_HOST"],
        port=environ["MAIN_PORT"],
        dbname=environ["MAIN_NAME"],
        user=environ["MAIN_USERNAME"],
        password=environ["MAIN_PASSWORD"],
        sslmode="require",
        connect_timeout=30,
    )


def queue() -> redis.Redis:
    return redis.Redis(
        host=environ["QUEUE_HOST"],
        port=int(environ["QUEUE_PORT"]),
        password=environ["QUEUE_PASSWORD"],
        ssl=True,
        decode_responses=True,
    )


def patiently(do: Callable[[], T], stopped: Event) -> T:
    """Does it again every five seconds for as long as a store cannot be reached, as while a standby takes over."""
    while True:
        try:
            return do()
        except unreachable as fault:
            print(f"waiting for a store: {fault}")
            if stopped.wait(5):
                raise SystemExit("stopped before the store was there") from fault
