"""Stream of the arrests table -> matches and alerts; alerts of an arrest that is sealed now are withdrawn. Corrections
reach whoever disputed a fact, and the recipients of what an office passed on.

A batch is matched as one. If it fails, Lambda halves it and tries again, so a record that cannot be matched ends alone
in the dead-letter queue and the rest goes on.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger

from functions.match_arrests import dependencies
from shared.alerts.announce_releases import announce_releases
from shared.alerts.follow_identity_events import follow_before_matching
from shared.alerts.match_arrests import match_versions
from shared.alerts.model import WithdrawalCause
from shared.alerts.withdraw import withdraw_alerts
from shared.arrests.identity_events.table import identity_events_in
from shared.arrests.seals.certificate import SealCertificate
from shared.arrests.seals.table import SealedArrest, sealed_arrests_in, unlocked_ids_in
from shared.arrests.stream import opened_stubs_in, stubs_in, versions_in
from shared.arrests.table import Version
from shared.aws.metrics import Metric, count
from shared.aws.temporary_errors import repeat_while_busy
from shared.aws.throttling import begin_invocation
from shared.disputes.follow_corrections import end_disputes, follow_corrections, hide_disputes

logger = Logger()


def handler(event: dict[str, Any], context: object) -> dict[str, list[Any]]:
    begin_invocation(context)
    repeat_while_busy(lambda: _match(event["Records"], datetime.now(UTC)))
    return {"batchItemFailures": []}


def _match(records: list[dict[str, Any]], now: datetime) -> None:
    """Identity events come first, because a merged number may bring a subscription to an arrest. What a superseded
    record told is taken back before its arrest is matched again, everything else afterwards."""
    sealed = sealed_arrests_in(records)
    sealed_ids = {arrest.arrest_id for arrest in sealed}
    versions = [version for version in versions_in(records) if version.arrest.arrest_id not in sealed_ids]
    opened = opened_stubs_in(records)
    _follow_identity_events(records, versions, now)
    _withdraw_unreadable(opened.superseded, now)
    _match_and_announce(versions, now)
    for sealed_arrest in sealed:
        _withdraw(sealed_arrest, now)
    _follow_disputes(records, versions, sealed, now)
    _withdraw_unreadable(opened.standing, now)


def _follow_identity_events(records: list[dict[str, Any]], versions: list[Version], now: datetime) -> None:
    arrests = [version.arrest for version in versions]
    for followed in follow_before_matching(arrests, identity_events_in(records), dependencies.follow, now):
        logger.info("identity event followed", extra=asdict(followed))


def _match_and_announce(versions: list[Version], now: datetime) -> None:
    summary = match_versions(versions, dependencies.match, now)
    if announced := announce_releases(versions, dependencies.releases, now):
        logger.info("releases announced to the county of prosecution", extra={"releases": announced})
    if summary.held:
        count(Metric.DROP_HELD)
        logger.warning("drop held: it would notify too many people", extra={"arrests": summary.held})
    if summary.broken:
        logger.error("subscriptions skipped: their stored document is broken", extra={"subscriptions": summary.broken})
    logger.info("arrests matched", extra=asdict(summary))


def _follow_disputes(
    records: list[dict[str, Any]], versions: list[Version], sealed: list[SealedArrest], now: datetime
) -> None:
    """Hides the disputes of arrests that nobody may read for a while, ends those of arrests that are gone, and makes
    tasks of corrections."""
    erased_ids = {arrest.arrest_id for arrest in sealed if arrest.is_erased}
    locked_ids = {arrest.arrest_id for arrest in sealed} - erased_ids
    hide_disputes(locked_ids, dependencies.corrections, hidden=True)
    hide_disputes(unlocked_ids_in(records), dependencies.corrections, hidden=False)
    end_disputes(erased_ids | stubs_in(records), dependencies.corrections, now)
    pairs = [(version.before, version.arrest) for version in versions if version.before]
    follow_corrections(pairs, dependencies.corrections, now)


def _withdraw_unreadable(arrest_ids: Iterable[str], now: datetime) -> None:
    for arrest_id in arrest_ids:
        withdraw_alerts(arrest_id, dependencies.withdraw, now, cause=WithdrawalCause.UNREADABLE)


def _withdraw(sealed: SealedArrest, now: datetime) -> None:
    """Withdraws the alerts of an arrest that can be read no more, and certifies that, once for each seal."""
    about = dependencies.withdraw.alerts.records_of_arrest(sealed.arrest_id)
    alert_ids = withdraw_alerts(sealed.arrest_id, dependencies.withdraw, now)
    hashes = {"alerts withdrawn": tuple(sorted(alert_ids)), "reviews emptied": tuple(sorted(about.review_ids))}
    if sealed.is_new and any(hashes.values()):
        certificate = SealCertificate(
            agency=sealed.agency,
            day=now.date(),
            drop_id=sealed.drop_id,
            statutes={sealed.statute: 1},
            hashes={name: ids for name, ids in hashes.items() if ids},
        )
        dependencies.seal_certificates.add(certificate, now)
