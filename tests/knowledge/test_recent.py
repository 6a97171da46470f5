"""What is told by a whole base and remembered for a minute."""

from knowledge import recent
from knowledge.memory import MemoryEngine
from knowledge.recent import Recent


def test_it_is_read_anew_when_told_to_and_of_another_engine(row):
    """What was read is kept until something changed."""
    engine, counted = MemoryEngine(), Recent(lambda engine: engine.count())
    assert counted.of(engine) == {}
    engine.put([row("a", "vpn")])
    assert counted.of(engine) == {}
    counted.forget()
    assert counted.of(engine) == {"article": 1}
    assert counted.of(MemoryEngine()) == {}


def test_it_is_read_anew_in_time(row, monkeypatch):
    """What another process wrote is known at last."""
    engine, counted = MemoryEngine(), Recent(lambda engine: engine.count())
    assert counted.of(engine) == {}
    engine.put([row("a", "vpn")])
    monkeypatch.setattr(recent, "_REFRESH_SECONDS", -1.0)
    assert counted.of(engine) == {"article": 1}
