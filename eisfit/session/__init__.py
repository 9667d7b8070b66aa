"""What an interactive user does, as values in a journal; no interface."""

from eisfit.session.actions import Action, Redo, Undo
from eisfit.session.arguments import opening
from eisfit.session.file_actions import (
    CutFrequencies,
    LeaveOutFile,
    Mask,
    OpenFiles,
    OpenResults,
    SetCell,
    SetCondition,
    TakeBackFile,
    Unmask,
)
from eisfit.session.fit_actions import FitJoint, FitOne, FitSeries, Save, ShowDistributions, Suggest
from eisfit.session.knobs import Knob, Turned, as_fitted, knobs_of, model_of, values_of
from eisfit.session.model_actions import (
    AssignArcs,
    ChooseOver,
    ChooseTemplate,
    FreeParameter,
    KeepInLines,
    LeaveOutSegments,
    SetElectrodes,
    SetFitting,
    SetJoint,
    SetParameter,
    StartAt,
)
from eisfit.session.project import File, Project
from eisfit.session.recipe import Recipe
from eisfit.session.session import Session, open_session
from eisfit.session.suggested import Suggested
from eisfit.session.work import Done, carry_out

__all__ = [
    "Action",
    "AssignArcs",
    "ChooseOver",
    "ChooseTemplate",
    "CutFrequencies",
    "Done",
    "File",
    "FitJoint",
    "FitOne",
    "FitSeries",
    "FreeParameter",
    "KeepInLines",
    "Knob",
    "LeaveOutFile",
    "LeaveOutSegments",
    "Mask",
    "OpenFiles",
    "OpenResults",
    "Project",
    "Recipe",
    "Redo",
    "Save",
    "Session",
    "SetCell",
    "SetCondition",
    "SetElectrodes",
    "SetFitting",
    "SetJoint",
    "SetParameter",
    "ShowDistributions",
    "StartAt",
    "Suggest",
    "Suggested",
    "TakeBackFile",
    "Turned",
    "Undo",
    "Unmask",
    "as_fitted",
    "carry_out",
    "knobs_of",
    "model_of",
    "open_session",
    "opening",
    "values_of",
]
