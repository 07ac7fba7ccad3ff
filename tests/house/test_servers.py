"""The servers that the tests and the demo start."""

from __future__ import annotations

import os

import psycopg2
import pytest
import redis

from deploy.local.postgres import Postgres
from deploy.local.redis import Redis


def test_the_role_is_no_superuser_and_the_password_counts(own_postgres: Postgres) -> None:
    with psycopg2.connect(own_postgres.url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, True)
    connection.close()
    wrong = own_postgres.url.replace(own_postgres.url.split(":")[2].split("@")[0], "guess")
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(wrong)


def test_a_killed_postgres_comes_back_on_its_port_with_its_rows(own_postgres: Postgres) -> None:
    connection = psycopg2.connect(own_postgres.url)
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 1 AS n")
    connection.close()
    port = own_postgres.port
    own_postgres.kill()
    own_postgres.start()
    assert own_postgres.port == port
    connection = psycopg2.connect(own_postgres.url)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT n FROM kept")
        assert cursor.fetchone() == (1,)
    connection.close()


def test_a_second_launcher_ends_the_orphan_of_the_first(own_postgres: Postgres) -> None:
    orphan = own_postgres.process
    own_postgres.process = None
    own_postgres.port = 0
    own_postgres.start()
    assert orphan is not None
    assert orphan.wait(timeout=5) is not None
    assert own_postgres.is_ready()


def test_redis_wants_its_password_and_never_evicts(own_redis: Redis) -> None:
    with redis.Redis.from_url(own_redis.url) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    with (
        redis.Redis(host="127.0.0.1", port=own_redis.port) as stranger,
        pytest.raises(redis.AuthenticationError),
    ):
        stranger.ping()


def test_the_servers_listen_on_the_loopback_only(own_postgres: Postgres, own_redis: Redis) -> None:
    with psycopg2.connect(own_postgres.url) as connection, connection.cursor() as cursor:
        cursor.execute("SHOW listen_addresses")
        assert cursor.fetchone() == ("127.0.0.1",)
    connection.close()
    with redis.Redis.from_url(own_redis.url) as client:
        assert client.config_get("bind") == {"bind": "127.0.0.1"}


def test_the_passwords_are_readable_by_their_owner_only(own_postgres: Postgres) -> None:
    kept = own_postgres.folder / "secrets" / "postgres"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.stat().st_uid == os.geteuid()
