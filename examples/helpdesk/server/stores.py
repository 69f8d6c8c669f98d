"""Where tickets and work are, by the variables of `uses: [main, queue]`."""

from os import environ

import psycopg
import redis


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
