"""Brings the tables to what this release needs; it may run again."""

from stores import database

with database() as connection:
    connection.execute(
        """
        create table if not exists tickets (
            id bigint generated always as identity primary key,
            text text not null,
            created_at timestamptz not null default now(),
            answered_at timestamptz,
            reminded_at timestamptz
        )
        """
    )
print("the tables are there")
