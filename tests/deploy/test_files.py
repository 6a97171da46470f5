"""Files of deployment name what there is: metrics, settings, paths, commands."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from tests.service.conftest import client, desk, settings  # noqa: F401 - fixtures

from desk import AuditAnswer, DriftAnswer, Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
PROMETHEUS = DEPLOY / "prometheus"
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())
METRIC = re.compile(r"\bstellwerk_[a-z_]+")
SETTING = re.compile(r"\bSTELLWERK_[A-Z_]+")


def documents(path: Path) -> list[dict[str, Any]]:
    """Everything in a YAML file."""
    return list(yaml.safe_load_all(path.read_text("utf-8")))


@pytest.fixture
def exposed(client, desk) -> set[str]:  # noqa: F811
    """The names of all series of a service that did everything once."""
    desk.drifted = DriftAnswer(n_tickets=500, inputs={"product": 0.1}, predictions={"level": 0.1})
    desk.audits["v2"] = AuditAnswer(n_drawn=3, n_answered=2, n_wrong=1, withdrawn_since=None)
    client.post("/v1/classifications", json={"body": "x"})
    client.post("/v1/search", json={"query": "x"})
    families = text_string_to_metric_families(client.get("/metrics").text)
    names = set()
    for family in families:
        names |= {family.name, *(sample.name for sample in family.samples)}
        names |= {f"{family.name}_total"} if family.type == "counter" else set()
        names |= (
            {f"{family.name}_{part}" for part in ("bucket", "sum", "count")} if family.type == "histogram" else set()
        )
    return names


def expressions() -> dict[str, str]:
    """Every expression of alerts and dashboard, by what it stands for."""
    rules = documents(PROMETHEUS / "alerts.yaml")[0]["groups"][0]["rules"]
    panels = json.loads((DEPLOY / "grafana" / "stellwerk.json").read_text("utf-8"))["panels"]
    told = {rule["alert"]: rule["expr"] for rule in rules}
    return told | {f"{one['title']} {target['refId']}": target["expr"] for one in panels for target in one["targets"]}


def test_alerts_and_dashboard_ask_for_metrics_that_there_are(exposed) -> None:
    """Each name that an expression holds is told by the running service."""
    asked = expressions()
    assert len(asked) > 20
    for what, expression in asked.items():
        names = set(METRIC.findall(expression))
        assert names, what
        assert names <= exposed, (what, names - exposed)


def test_every_alert_names_a_cure() -> None:
    """Whoever is woken learns what to do."""
    for rule in documents(PROMETHEUS / "alerts.yaml")[0]["groups"][0]["rules"]:
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["cure"]
        assert rule["labels"]["severity"] in {"page", "ticket"}


def test_every_alert_is_tried_by_a_test_of_the_rules() -> None:
    """Each is raised in at least one of the rules' own tests, and stays silent at a desk that does well."""
    alerts = {rule["alert"] for rule in documents(PROMETHEUS / "alerts.yaml")[0]["groups"][0]["rules"]}
    well, *ill = documents(PROMETHEUS / "alerts_test.yaml")[0]["tests"]
    assert {one["alertname"] for one in well["alert_rule_test"] if not one.get("exp_alerts")} == alerts
    raised = {one["alertname"] for test in ill for one in test["alert_rule_test"] if one.get("exp_alerts")}
    assert raised == alerts


@pytest.mark.skipif(shutil.which("promtool") is None, reason="no promtool; `apt-get install prometheus`")
@pytest.mark.parametrize(("asked", "file"), [("check", "alerts.yaml"), ("test", "alerts_test.yaml")])
def test_prometheus_itself_takes_the_rules(asked, file) -> None:
    """It can read them, and raises each alert when the rules' own tests say so."""
    done = subprocess.run(
        ["promtool", asked, "rules", PROMETHEUS / file], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_setting_named_is_one(path) -> None:
    """A misspelt variable would silently change nothing."""
    known = {f"STELLWERK_{name.upper()}" for name in Settings.model_fields}
    assert set(SETTING.findall(path.read_text("utf-8"))) <= known


def test_settings_of_the_replicas_can_be_read(monkeypatch) -> None:
    """What the manifests set are settings that Stellwerk accepts, with a knowledge base that all share."""
    for name, value in documents(DEPLOY / "kubernetes" / "settings.yaml")[0]["data"].items():
        assert isinstance(value, str)
        monkeypatch.setenv(name, value)
    assert Settings().knowledge == "s3://stellwerk/knowledge"
    assert Settings().log_format == "json"


def test_pods_are_locked_down_and_probed() -> None:
    """Not root, nothing written but volumes, no privileges, probes on what the service answers, bounded memory."""
    (deployment,) = documents(DEPLOY / "kubernetes" / "deployment.yaml")
    pod = deployment["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert deployment["spec"]["replicas"] >= 2
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert {container[f"{one}Probe"]["httpGet"]["path"] for one in ("startup", "readiness", "liveness")} == {
        "/readyz",
        "/livez",
    }
    assert container["resources"]["limits"]["memory"]
    grace = pod["terminationGracePeriodSeconds"]
    drain = int(documents(DEPLOY / "kubernetes" / "settings.yaml")[0]["data"]["STELLWERK_DRAIN_SECONDS"])
    assert grace > drain + 20


def test_manifests_belong_together() -> None:
    """The kustomization lists every manifest, and all select the deployment's pods."""
    listed = documents(DEPLOY / "kubernetes" / "kustomization.yaml")[0]["resources"]
    assert sorted(listed) == [path.name for path in MANIFESTS if path.name != "kustomization.yaml"]
    (deployment,) = documents(DEPLOY / "kubernetes" / "deployment.yaml")
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert documents(DEPLOY / "kubernetes" / "service.yaml")[0]["spec"]["selector"] == labels
    assert documents(DEPLOY / "kubernetes" / "disruption.yaml")[0]["spec"]["selector"]["matchLabels"] == labels
    assert documents(DEPLOY / "kubernetes" / "network.yaml")[0]["spec"]["podSelector"]["matchLabels"] == labels


@pytest.mark.parametrize(
    "path", [one for one in MANIFESTS if one.name != "kustomization.yaml"], ids=lambda one: one.name
)
def test_manifests_are_of_the_schema(path) -> None:
    """Kubernetes' own schema knows every field."""
    validator = pytest.importorskip("kubernetes_validate", reason="kubernetes-validate is not installed")
    for document in documents(path):
        validator.validate(document, "1.30", strict=True)


def test_the_container_is_not_root_and_can_be_read_only() -> None:
    """Two pinned stages, the later one under a number of its own, with a health check and its files on volumes."""
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    assert re.findall(r"^FROM \S+:3\.11\.\d+-slim-bookworm", text, re.MULTILINE)[0]
    assert len(re.findall(r"^FROM ", text, re.MULTILINE)) == 2
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)
    assert "HEALTHCHECK" in text
    assert "-c constraints.txt" in text
    written = re.findall(r"STELLWERK_(?:MODELS|KNOWLEDGE|JOURNAL|VECTOR_CACHE|MASKING_KEY)=(\S+)", text)
    assert len(written) == 5
    assert all("/var/lib/stellwerk" in one for one in written)
    service = documents(DEPLOY / "compose.yaml")[0]["services"]["stellwerk"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]


def test_the_unit_is_hardened() -> None:
    """It gives away no more than it must, and starts the service."""
    unit = DEPLOY / "systemd" / "stellwerk.service"
    told = set(unit.read_text("utf-8").splitlines())
    assert {"NoNewPrivileges=yes", "ProtectSystem=strict", "StateDirectory=stellwerk", "DynamicUser=yes"} <= told
    assert told & {"ExecStart=/opt/stellwerk/bin/stellwerk serve"}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze; `apt-get install systemd`")
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path) -> None:
    """The unit can be loaded as it stands, its program aside."""
    unit = DEPLOY / "systemd" / "stellwerk.service"
    here = tmp_path / "stellwerk.service"
    here.write_text(unit.read_text("utf-8").replace("/opt/stellwerk/bin/stellwerk", "/bin/true"), "utf-8")
    done = subprocess.run(["systemd-analyze", "verify", here], capture_output=True, text=True, check=False)
    assert "stellwerk.service:" not in done.stderr, done.stderr
