"""The words of projects: refusals, events, labels, needs."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from marketplace.projects.rules import Need, Needed

REFUSALS: dict[str, LazyString] = {
    "project.wrong_shape": _(
        "This is not a project code. A code has 20 digits: 4, 6, 2, 2 and 6, for example "
        "2106-220102-04-01-123455."
    ),
    "project.other_province": _(
        "This project was given its code outside Jilin. The market serves projects of the "
        "province: the second part of their code begins with 22."
    ),
    "project.other_region": _("This project is not in the region of your department."),
    "project.foreign_invested": _(
        "This is a foreign-invested project. Part 二(五) of the plan leaves such projects to "
        "rules of their own, so they cannot be added here."
    ),
    "project.classified": _(
        "Projects that touch state secrets cannot be added here (part 二(五) of the plan)."
    ),
    "project.other_enterprise": _(
        "In the records of the approval platform this project belongs to another enterprise. If "
        "that is wrong, have the record corrected there; then add the code again."
    ),
    "project.unknown_code": _(
        "The approval platform knows no project of this code. Check the code on your filing or "
        "approval document and add it again."
    ),
    "project.unreadable_record": _(
        "The approval platform sent a record that cannot be read. The operator was told; please "
        "add the code again later."
    ),
    "project.too_many_waiting": _(
        "%(most)s codes of your organisation are being looked up already. Wait for these first."
    ),
    "project.wanted_already": _(
        "A colleague has just added this code. You find it among your projects."
    ),
    "project.already_settled": _("This code was answered already."),
    "project.illegal_step": _("The project cannot go to this state."),
    "project.not_yours": _(
        "Only the project's own enterprise and the approval departments of its region may do this."
    ),
    "project.not_its_enterprise": _("Only the project's own enterprise may do this."),
    "project.not_its_department": _(
        "Only an approval department of the project's region may do this."
    ),
    "project.handed_over": _(
        "The approval platform now names another enterprise for this project. Your enterprise "
        "commissions nothing more for it; work that was taken on before stays on its own page."
    ),
    "project.claim_fell_free": _(
        "The approval platform now names another enterprise for the project, and this request "
        "ends with that."
    ),
    "project.completed": _("The project is completed; nothing more is commissioned for it."),
    "project.cancelled": _(
        "The approval platform keeps this project as cancelled; nothing more is commissioned for "
        "it. If that is wrong, have the record corrected there."
    ),
    "project.excluded": _(
        "The approval platform now keeps this project as foreign-invested or classified. Nothing "
        "can be commissioned for it here (part 二(五) of the plan)."
    ),
    "project.only_mirrored": _(
        "What stands in a project comes from the approval platform and is changed there."
    ),
    "project.item_taken": _(
        "%(holder)s (%(claimant)s) commissions this item for the project already and pays for it. "
        "It can be commissioned again once that commission has ended."
    ),
    "project.prepared": _(
        "This institution, or one tied to it by owner, control or legal representative, was "
        "contracted for %(service)s in this project (%(number)s), which this item examines. It "
        "cannot do the item for this project; another institution can."
    ),
    "project.item_granted": _(
        "What calls for this item was granted on %(day)s: the project does not need it any more. "
        "If that is wrong, have the record corrected on the approval platform."
    ),
    "project.item_not_asked": _(
        "None of the approval items that the approval platform keeps for this project calls for "
        "this item. Once one does, the item can be commissioned here."
    ),
    "project.need_unknown": _(
        "It is not certain now whether the project needs this item: the approval platform has "
        "not answered. Wait for its answer, or confirm that you commission it anyway."
    ),
}


LABELS: dict[str, LazyString] = {
    "project_state.active": _("Under way"),
    "project_state.completed": _("Completed"),
    "project_state.cancelled": _("Project cancelled"),
    "project_state.excluded": _("Not served by the market"),
    "wanted_state.waiting": _("Being looked up"),
    "wanted_state.recorded": _("Recorded"),
    "wanted_state.refused": _("Not added"),
    "approval_status.not_started": _("Not applied for yet"),
    "approval_status.accepted": _("Being decided"),
    "approval_status.paused": _("Clock stands"),
    "approval_status.granted": _("Granted"),
    "approval_status.refused": _("Refused by the department"),
    "need.needed": _("Needed"),
    "need.unknown": _("Not known"),
    "need.granted": _("Granted already"),
    "need.not_asked": _("Not asked for"),
    "claimant.enterprise": _("the enterprise"),
    "claimant.department": _("approval department"),
    "claim_record.engagement": _("Engagement under way"),
    "claim_record.competition": _("Competition under way"),
    "project_kind.approval": _("Examined and approved project"),
    "project_kind.verification": _("Verified project"),
    "project_kind.filing": _("Filed project"),
}


def need_text(found: Needed) -> LazyString:
    """Whether something is needed, in words; what was granted with the day of the decision."""
    if found.need is Need.GRANTED:
        return _("granted on %(day)s", day=found.granted_on)
    return LABELS[f"need.{found.need}"]
