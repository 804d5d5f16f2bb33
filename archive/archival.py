"""The archive's own kinds: models, their policies, the log, the workspace, and all schemas."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlmodel import SQLModel, select

from archive import wing
from archive.errors import InputError
from archive.identifiers import to_urn
from archive.log import archiving as log
from archive.policy.policies import Policy, policies_of
from archive.records import history
from archive.records.acts import premis_of_model, premis_of_policy
from archive.records.models import Model, load_model
from archive.records.premis import Rights, RightsBasis, premis
from archive.records.presenting import model_document
from archive.store import tombstones
from archive.store.kinds import SCHEMAS_OBJECT, Deposit, Kept, Kind
from archive.workspace import archiving as itself
from archive.workspace.workspace import Workspace

SCHEMAS = Path(__file__).parent / "schemas"
PREMIS_SCHEMA = SCHEMAS / "premis.schema.json"
RECEIPT_SCHEMA = SCHEMAS / "receipt.schema.json"


def _find_model(workspace: Workspace, slug: str) -> str:
    with workspace.database.reading() as session:
        return load_model(session, slug).slug


def _models(workspace: Workspace) -> Sequence[str]:
    with workspace.database.reading() as session:
        return session.exec(select(Model.slug).order_by(Model.slug)).all()


def _model_deposit(workspace: Workspace, slug: str) -> Deposit:
    with workspace.database.reading() as session:
        model = load_model(session, slug)
        rows, policies = [*history.rows_on_record(session, slug)], policies_of(session, slug)
        return Deposit(
            object_id=to_urn(model.id),
            title=f"The record of the language model {model.name}",
            record=model_document(session, model)
            | {"premis": premis_of_model(model, rows, policies, itself.keeper(workspace))},
            files={history.FILE: history.history(rows)},
        )


def _restored_model(kept: Kept) -> Iterator[SQLModel]:
    yield Model(**{name: kept.record[name] for name in Model.model_fields})
    yield from history.rows_of(kept.read(history.FILE))


def _find_policy(workspace: Workspace, typed: str) -> str:
    """Return the id of a policy: itself, or the last version of the model that was typed."""
    with workspace.database.reading() as session:
        if session.get(Policy, typed):
            return typed
        load_model(session, typed)
        versions = policies_of(session, typed)
    if not versions:
        raise InputError(
            "no policy is set", at=typed, mend=f"Set one with `emeritus policy set {typed}`."
        )
    return versions[-1].id


def _policies(workspace: Workspace) -> Sequence[str]:
    with workspace.database.reading() as session:
        return session.exec(select(Policy.id).order_by(Policy.id)).all()


def _policy_deposit(workspace: Workspace, identifier: str) -> Deposit:
    with workspace.database.reading() as session:
        policy = session.get_one(Policy, identifier)
        return Deposit(
            object_id=to_urn(policy.id),
            title=f"Access policy of {policy.model}, version {policy.version}",
            record=policy.model_dump()
            | {"premis": premis_of_policy(policy, itself.keeper(workspace))},
            files={"policy.md": policy.wording.encode()},
        )


def _restored_policy(kept: Kept) -> Iterator[SQLModel]:
    yield Policy(**{name: kept.record[name] for name in Policy.model_fields})


def _schemas_deposit(_workspace: Workspace, _subject: str) -> Deposit:
    paths = wing.schemas()
    titles = {path.name: json.loads(path.read_bytes())["title"] for path in paths}
    return Deposit(
        object_id=SCHEMAS_OBJECT,
        title="The JSON Schemas of the records in this store",
        record={
            "schemas": titles,
            "premis": premis(
                rights=[
                    Rights(basis=RightsBasis.LICENSE, licence="Apache-2.0", note="of the schemas")
                ]
            ),
        },
        files={f"schemas/{path.name}": path.read_bytes() for path in paths},
    )


KINDS = (
    Kind(
        name="model",
        find=_find_model,
        sealable=_models,
        deposit=_model_deposit,
        schema=SCHEMAS / "model.schema.json",
        restore=_restored_model,
    ),
    Kind(
        name="weights",
        find=None,  # who may have them is said by the policy
        schema=SCHEMAS / "weights.schema.json",  # `archive.weights.depositing` puts them in
    ),
    Kind(
        name="policy",
        find=_find_policy,
        sealable=_policies,
        deposit=_policy_deposit,
        schema=SCHEMAS / "policy.schema.json",
        restore=_restored_policy,
    ),
    Kind(
        name="schema",
        find=None,  # the schemas are public as they are
        sealable=lambda _workspace: ["schemas"],
        deposit=_schemas_deposit,
        schema=SCHEMAS / "schemas.schema.json",
    ),
    Kind(
        name="workspace",
        find=None,  # what the public learns of it stands on every page of the site
        sealable=lambda _workspace: [itself.SUBJECT],
        deposit=itself.deposit,
        schema=SCHEMAS / "workspace.schema.json",
    ),
    Kind(
        name=tombstones.KIND,
        find=None,  # it says that something was deleted, and by whom: no page shows it
        sealable=tombstones.tombstones,
        deposit=tombstones.deposit,
        schema=SCHEMAS / "tombstone.schema.json",
        restore=tombstones.restore,
    ),
    Kind(
        name="log",
        find=None,  # its leaves are for everybody; what was logged is not
        sealable=lambda _workspace: [log.SUBJECT],
        deposit=log.deposit,
        schema=SCHEMAS / "log.schema.json",
        restore=log.restore,
        logged=False,
    ),
)
