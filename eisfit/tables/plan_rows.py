"""The tables of a plan: further measurements in their order, and all predicted errors."""

from __future__ import annotations

from eisfit.results.plan import Plan
from eisfit.tables.columns import Row


def measurement_rows(plan: Plan) -> list[Row]:
    """Return the further measurements, the one that helps most first."""
    return [
        {
            "measurement": m.name,
            "measurement_kind": m.kind,
            "contribution": m.after.contribution,
            "quantity": m.after.quantity,
            "temperature_c": m.after.temperature_c,
            "unit": m.after.unit,
            "stderr_before": m.before.stderr,
            "stderr_after": m.after.stderr,
            "gain": m.gain,
            "told": m.told,
            "reason": m.after.reason,
        }
        for m in plan.measurements
    ]


def predicted_error_rows(plan: Plan) -> list[Row]:
    """Return all predicted errors."""
    return [
        {
            "contribution": e.contribution,
            "quantity": e.quantity,
            "temperature_c": e.temperature_c,
            "estimate": e.estimate,
            "cells": e.cells,
            "value": e.value,
            "stderr": e.stderr,
            "unit": e.unit,
            "told": e.told,
            "reason": e.reason,
        }
        for e in plan.errors
    ]
