"""MLflow's alias, followed."""

import pytest

from classifier import Surroundings, TrackingError, Training, UnknownVersionError, track
from desk import Desk

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),  # MLflow's own, of the libraries it uses
]


def test_a_moved_alias_is_followed_once(settings, shelf, trained_fast, tmp_path) -> None:
    """The first look remembers, a move promotes, a rollback here stays; what the shelf lacks is tried again."""
    import mlflow

    uri = f"sqlite:///{tmp_path}/mlflow.db"
    desk = Desk.open(settings.model_copy(update={"tracking": uri}), journal=False)
    desk.follow_mlflow()  # nothing is registered yet
    first = shelf.champion
    second = shelf.save(trained_fast, n_tickets=1, data_fingerprint="x").version
    for version, alias in ((first, "champion"), (second, "challenger")):
        training = Training(
            manifest=shelf.manifest(version),
            folder=shelf.path / version,
            source=alias,
            taxonomy=trained_fast.model.taxonomy,
            surroundings=Surroundings(),
        )
        track(training, uri=uri, alias=alias)
    client = mlflow.MlflowClient(tracking_uri=uri)
    registered = {one.tags["version"]: one.version for one in client.search_model_versions("name='stellwerk'")}
    desk.follow_mlflow()
    assert shelf.champion == first

    client.set_registered_model_alias("stellwerk", "champion", registered[second])
    desk.follow_mlflow()
    assert shelf.champion == desk.model_version == second
    shelf.rollback()
    desk.follow_mlflow()
    assert shelf.champion == first

    client.set_registered_model_alias("stellwerk", "champion", registered[first])
    desk.follow_mlflow()
    (shelf.path / second).rename(shelf.path / ".away")
    client.set_registered_model_alias("stellwerk", "champion", registered[second])
    for _ in range(2):
        with pytest.raises(UnknownVersionError):
            desk.follow_mlflow()
    assert shelf.champion == first
    (shelf.path / ".away").rename(shelf.path / second)
    desk.follow_mlflow()
    assert shelf.champion == second
    desk.close()


def test_mlflow_being_away_is_told(settings, tmp_path) -> None:
    """A database that is none is an error with a name, which the service's watch survives."""
    (tmp_path / "mlflow.db").write_bytes(b"not a database" * 100)
    desk = Desk.open(settings.model_copy(update={"tracking": f"sqlite:///{tmp_path}/mlflow.db"}), journal=False)
    with pytest.raises(TrackingError, match="STELLWERK_FOLLOW_MLFLOW_SECONDS"):
        desk.follow_mlflow()
