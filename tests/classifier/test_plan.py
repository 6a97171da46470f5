"""All choices that make a model."""

import dataclasses
import json

import pytest

from classifier import PLAN_NAMES, TrainingPlan


@pytest.mark.parametrize("name", PLAN_NAMES)
def test_every_named_plan_keeps_its_name_and_promise(name) -> None:
    """A plan by name carries the desk's own promise; only the fast one does without the encoder."""
    plan = TrainingPlan.named(name, max_error=0.1, confidence=0.9, seed=3)
    assert (plan.name, plan.max_error, plan.confidence, plan.seed) == (name, 0.1, 0.9, 3)
    assert plan.meaning == (name != "fast")


def test_a_plan_is_recorded_whole() -> None:
    """The record holds every field and survives JSON."""
    plan = TrainingPlan.named("fast")
    record = json.loads(json.dumps(plan.as_record()))
    assert record.keys() == {field.name for field in dataclasses.fields(plan)}
    assert TrainingPlan.of_record(record) == plan


@pytest.mark.parametrize(
    "wrong", [{"max_error": 0}, {"max_error": 5}, {"confidence": 1}, {"confidence": 0}, {"n_folds": 1}]
)
def test_impossible_plans_are_refused(wrong) -> None:
    """Shares outside (0, 1) and a single fold are refused with the cure."""
    with pytest.raises(ValueError, match=next(iter(wrong))):
        TrainingPlan(**wrong)
