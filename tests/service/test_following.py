"""What looks after the models beside the requests."""

from threading import Event

from service.following import Watch, watches


def test_a_watch_looks_again_after_a_fault_and_tells_it_once(caplog) -> None:
    """Three looks that fail alike are one line in the log; the fourth is taken all the same."""
    looked_four_times, n_looks = Event(), []

    def look() -> None:
        n_looks.append(1)
        if len(n_looks) < 4:
            raise OSError
        looked_four_times.set()

    watch = Watch(look, what="shelf", seconds=0.01)
    watch.start()
    assert looked_four_times.wait(10)
    watch.stop(patience_seconds=5)
    assert [record.message for record in caplog.records] == ["cannot follow what=shelf error=OSError"]


def test_mlflow_is_watched_only_where_that_is_set(desk) -> None:
    """By default the shelf alone is looked at."""
    assert len(watches(desk)) == 1
    desk.settings = desk.settings.model_copy(update={"follow_mlflow_seconds": 5.0, "tracking": "sqlite:///x.db"})
    desk.follow_mlflow = lambda: None
    assert len(watches(desk)) == 2
