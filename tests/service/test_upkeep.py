"""The service looks after its index by itself."""

from time import monotonic, sleep

from service.upkeep import Upkeep


def until(condition, *, seconds: float = 10.0) -> bool:
    """Whether it became true in time."""
    end = monotonic() + seconds
    while not condition() and monotonic() < end:
        sleep(0.01)
    return condition()


def test_upkeep_goes_on_after_a_failure_and_ends_when_told(desk, caplog):
    """A round that fails is told by its kind alone and tried again; after the end there is no further round."""
    upkeep = Upkeep(desk, seconds=0.01)
    desk.fault = ZeroDivisionError("inner words")
    upkeep.start()
    assert until(lambda: desk.n_maintained >= 2)
    desk.fault = None
    assert until(lambda: desk.n_maintained >= 5)
    upkeep.stop(patience_seconds=5)
    n_rounds = desk.n_maintained
    sleep(0.1)
    assert desk.n_maintained == n_rounds
    assert "ZeroDivisionError" in caplog.text
    assert "inner words" not in caplog.text


def test_a_service_looks_after_its_index(client, desk):
    """The first round begins with the service."""
    assert client.get("/livez").status_code == 200
    assert until(lambda: desk.n_maintained >= 1)
