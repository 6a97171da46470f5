"""What differs from machine to machine: folders, addresses, the encoder."""

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from knowledge import Address


class Settings(BaseSettings):
    """Read once at the start from the environment (prefix ``STELLWERK_``) and handed down."""

    model_config = SettingsConfigDict(env_prefix="STELLWERK_", frozen=True, extra="forbid")

    models: Path = Field(Path("models"), description="the shelf: one folder per model, and which one is champion")
    encoders: Path = Field(Path("models/encoders"), description="where the built-in sentence encoder is kept")
    encoder: str = Field("multilingual-e5-small", description="built-in name, model folder, or hub name")
    encoder_precision: Literal["fp32", "int8"] = Field("int8", description="weights of the built-in encoder's graph")
    knowledge: Address = Field(Path("var/knowledge"), description="the knowledge base's folder, or s3://bucket/prefix")
    journal: str = Field("sqlite:///var/journal.db", description="SQLAlchemy URL of the journal")
    audit_share: float = Field(0.05, ge=0, le=1, description="share of automatic decisions that is asked back")
    labelling_share: float = Field(0.05, ge=0, le=1, description="share of decisions drawn by chance to be labelled")
    open_days: int = Field(14, ge=0, le=365, description="how long a ticket waits for duplicates; 0 looks for none")
    vector_cache: Path = Field(Path("var/vectors.db"), description="vectors of texts encoded before")
    tracking: str = Field("sqlite:///var/mlflow.db", description="MLflow tracking URI: a database or a server's URL")
    masking: bool = Field(default=True, description="personal data is put behind placeholders before it is kept")
    masking_key: Path = Field(Path("var/masking.key"), description="the key that makes placeholders")
    works_council: bool = Field(default=False, description="who gave feedback is not kept")
    host: str = Field("127.0.0.1", description="address that the service listens on")
    port: int = Field(8000, ge=1, le=65535)
    workers: int = Field(1, ge=1, le=64, description="server processes")
    log_format: Literal["text", "json"] = Field("text", description="lines of the service's log")
    otlp_endpoint: str = Field("", description="OpenTelemetry collector that traces are sent to; empty: none")
    retain_decisions_days: int = Field(730, ge=0, le=36_500, description="decisions with their tickets; 0: for ever")
    retain_corrections_days: int = Field(0, ge=0, le=36_500, description="corrections, if not as long as decisions")
    retain_audits_days: int = Field(0, ge=0, le=36_500, description="audits, if not as long as decisions")
    retain_votes_days: int = Field(730, ge=0, le=36_500, description="votes for hits; 0: for ever")
    retain_audit_trail_days: int = Field(1_095, ge=0, le=36_500, description="the audit trail; 0: for ever")
    idempotency_hours: float = Field(24, gt=0, le=8_760, description="how long an Idempotency-Key is remembered")
    upkeep_seconds: float = Field(60, ge=1, description="seconds between two looks after the index while serving")
    purge_within_seconds: float = Field(3_600, ge=0, description="removed documents are off the disk after so long")
    follow_mlflow_seconds: float = Field(0, ge=0, description="seconds between two looks at MLflow's alias; 0: none")
    max_working: int = Field(16, ge=1, le=32, description="requests answered at a time, per worker")
    max_waiting: int = Field(64, ge=0, description="requests that wait for a place, per worker; more are refused")
    request_seconds: float = Field(120, gt=0, description="longest time to an answer, waiting included")
    drain_seconds: float = Field(0, ge=0, le=300, description="not ready, but answering, before a stop")
    max_body_bytes: int = Field(8_000_000, ge=1_000, description="largest request that is read")
    authentication: Literal["keys", "off"] = Field("keys", description="off lets in whoever asks; for a local trial")
    oidc_issuer: str = Field("", description="OpenID Connect issuer whose tokens are accepted beside keys")
    oidc_audience: str = Field("", description="what a token must be for")
    oidc_scope_claim: str = Field("scope", description="the claim that names scopes, as stellwerk:classify")
    oidc_customer_claim: str = Field("", description="the claim that names customers; empty: tokens see all")
    requests_per_minute: int = Field(6_000, ge=0, description="of one key, in each worker; 0 is no limit")
    requests_at_once: int = Field(600, ge=1, description="of one key, before the limit counts")

    @field_validator("knowledge", mode="before")
    @classmethod
    def _addressed(cls, address: Address) -> Address:
        """An address as it is, anything else as a folder."""
        if not re.match(r"[A-Za-z][A-Za-z0-9+.-]+:/", str(address)):
            return Path(address).expanduser()
        if not str(address).startswith("s3://"):
            raise ValueError("only folders and s3://bucket/prefix are supported")
        return address

    @field_validator("models", "encoders", "vector_cache", "masking_key")
    @classmethod
    def _expanded(cls, path: Path) -> Path:
        return path.expanduser()
