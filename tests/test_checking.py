from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

import tariffs as tf
from tariffs.checking import report, summary
from tariffs.errors import RecordError


def test_report_counts_what_is_there() -> None:
    catalog = tf.load()
    lines = list(report(catalog))
    grades = Counter(event.grade for event in catalog.events.values())
    assert lines[0].startswith(f"{len(catalog.duties)} duties, {len(catalog.events)} events")
    assert lines[1] == f"4 bases of weights with 7 tables, {len(catalog.goods)} kinds of goods: no errors"
    assert lines[2] == f"events by grade: A {grades['A']}, B {grades['B']}, C {grades['C']}"


def test_report_fails_when_the_record_no_longer_bears_out_a_claim() -> None:
    catalog = tf.load()
    duty = catalog.duties["ieepa-reciprocal"]
    events = tuple(replace(event, rate=Decimal(124)) if event.id.endswith("2025-04-10/125") else event for event in duty.events)
    with pytest.raises(RecordError, match="the record disagrees"):
        list(report(replace(catalog, duties={**catalog.duties, duty.id: replace(duty, events=events)})))


def test_every_event_has_a_source_and_every_grade_a_or_b_an_address_or_a_citation() -> None:
    for event in tf.load().events.values():
        assert event.sources
        if event.grade in "AB":
            cited = (source.url or any(mark in source.title for mark in (" FR ", "CSMS", "HTS")) for source in event.sources)
            assert any(cited), event.id


def test_summary_is_plain_values() -> None:
    facts = summary(tf.load())
    assert facts["covers"] == "2018-01-01 to 2026-10-09"
    assert facts["directions"] == ["us_on_cn", "cn_on_us"]
