"""Acts on cycles, assessments, removal cases and plans; each locks its record first."""

from marketplace.assessments.services.cutting_off import cut_off
from marketplace.assessments.services.cycles import (
    CycleRef,
    make_final,
    move_objection_day,
    open_cycle,
    publish_preliminary,
    score_cycle,
    settle_cycle,
)
from marketplace.assessments.services.inspecting import Inspection, record_inspection
from marketplace.assessments.services.objecting import decide_objection, file_objection
from marketplace.assessments.services.opening import Evidence, Ref, open_removal_case
from marketplace.assessments.services.rectifying import (
    apply_for_readmission,
    begin_plan,
    do_step,
)
from marketplace.assessments.services.removing import (
    decide_removal,
    move_reply_day,
    notify_removal,
    propose_removal,
    reply_removal,
    send_back_removal,
    settle_removal,
    take_interim,
)

__all__ = [
    "CycleRef",
    "Evidence",
    "Inspection",
    "Ref",
    "apply_for_readmission",
    "begin_plan",
    "cut_off",
    "decide_objection",
    "decide_removal",
    "do_step",
    "file_objection",
    "make_final",
    "move_objection_day",
    "move_reply_day",
    "notify_removal",
    "open_cycle",
    "open_removal_case",
    "propose_removal",
    "publish_preliminary",
    "record_inspection",
    "reply_removal",
    "score_cycle",
    "send_back_removal",
    "settle_cycle",
    "settle_removal",
    "take_interim",
]
