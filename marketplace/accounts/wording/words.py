"""Words of accounts: refusals and labels."""

from collections.abc import Collection, Iterable

from flask_babel import lazy_gettext as _

from marketplace.kernel.actors import Capacity, Role
from marketplace.kernel.scopes import Scope
from marketplace.web.wording import label

REFUSALS = {
    "account.department_name_taken": _(
        "Another department of this region has this name. The approval platform could not tell "
        "them apart."
    ),
    "account.department_unchanged": _("Nothing was changed."),
    "account.department_moved": _(
        "Somebody else has changed this department meanwhile. Open the page again and enter your "
        "changes anew."
    ),
    "account.department_not_yet": _(
        "A change is entered on the day on which it begins, or later. Choose today or an earlier "
        "day."
    ),
    "account.department_changed_later": _(
        "The last change holds since %(day)s. This one begins on that day or later."
    ),
    "account.department_busy": _(
        "This department cannot end while it has open work. Finish or cancel what stands above "
        "first."
    ),
    "account.code_length": _("A unified social credit code has 18 characters. Count them again."),
    "account.code_characters": _(
        "A unified social credit code has digits and capital letters only, never I, O, S, V or Z, "
        "and digits in places 3 to 8."
    ),
    "account.code_check": _(
        "This code has a typing error: its last character does not fit the others. "
        "Compare it with the business licence. If the licence has it so, the operator can enter it."
    ),
    "account.code_right": _("This code is right. It needs no entry here."),
    "account.code_entered": _("This code is entered already."),
    "account.code_registered": _("This credit code is registered already."),
    "account.unknown_region": _("Choose the region from the list."),
    "account.capacity_by_operator": _(
        "Accounts of this kind are made by the operator. Please write to the service centre."
    ),
    "account.no_capacities": _("Choose at least one capacity."),
    "account.password_short": _("The password is too short. Use at least 12 characters."),
    "account.password_long": _("The password is too long. Use at most 128 characters."),
    "account.password_common": _(
        "This password is weak: it is made of words and passwords that many use or that were "
        "stolen elsewhere. Choose four or more words that do not belong together."
    ),
    "account.password_leaked": _(
        "This password was stolen elsewhere and published, so others try it first. Choose four or "
        "more words that do not belong together."
    ),
    "account.password_person": _(
        "This password is weak: it is mostly your name, address, number or organisation, which "
        "others know. Choose four or more words that have nothing to do with you."
    ),
    "account.password_date": _(
        "This password is weak: it rests on a date or a year, of which there are few. Choose four "
        "or more words that do not belong together, without a date."
    ),
    "account.password_market": _(
        "This password is weak: it is made of Chinese names, well-known lines, lucky numbers or "
        "words of this site. Choose four or more words that do not belong together."
    ),
    "account.password_pattern": _(
        "This password is weak: it repeats itself or follows the alphabet, the digits or the "
        "keyboard. Choose four or more words that do not belong together."
    ),
    "account.password_wrong": _("The present password is not right."),
    "account.wrong_credentials": _("The e-mail address or the password is not right."),
    "account.code_wrong": _(
        "This code is not right or was used already. Wait for the next one and enter it."
    ),
    "account.slowed_down": _(
        "Very many attempts from your network address have failed, so each one has to wait a "
        "little. Wait %(seconds)s seconds, then enter it again and send: it is let in."
    ),
    "account.locked": _(
        "There were too many failed attempts. Wait %(minutes)s minutes, or open the link we have "
        "mailed to the address if it has an account."
    ),
    "account.email_taken": _(
        "This e-mail address has an account already. Sign in, or set a new password."
    ),
    "account.mobile_known": _(
        "This mobile number has an account already. Sign in with that account and open the link "
        "again. If the number is newly yours, write to the service centre."
    ),
    "account.mobile_missing": _("This account has no mobile number."),
    "account.mobile_registered": _(
        "This mobile number has an account already. Sign in with that account and add the "
        "organisation from your account page. If the number is newly yours, write to the service "
        "centre."
    ),
    "account.email_registered": _(
        "This e-mail address has an account already. Sign in with it and add the organisation from "
        "your account page; if you have forgotten the password, set a new one."
    ),
    "account.mobile_of_account": _(
        "This mobile number has an account already, under %(email)s. Enter that e-mail address, "
        "and the account gets the membership."
    ),
    "account.mobile_of_other": _(
        "This mobile number belongs to another account. If it is newly yours, write to the service "
        "centre; if both accounts are yours, use one of them."
    ),
    "account.email_unchanged": _("This is your e-mail address already."),
    "account.link_invalid": _(
        "This link is not complete. Open it from the letter again, or copy the whole address."
    ),
    "account.link_expired": _("This link is too old. Ask for a new one."),
    "account.link_used": _("This link was used already, or something newer has replaced it."),
    "account.no_membership": _(
        "You act for no organisation yet. Register one, or wait until its administrator answers."
    ),
    "account.other_side": _(
        "You have acted for another organisation in this matter already, and a person acts for one "
        "side only. Ask a colleague to do it; your administrator can invite one."
    ),
    "account.recused": _(
        "You belong or belonged to an organisation that this is about, or have declared a tie to "
        "it, so you may not judge it. Leave it to a colleague."
    ),
    "account.provisional": _(
        "You can prepare everything, but not send it: your authorisation letter is not confirmed "
        "yet."
    ),
    "account.not_your_role": _("Your role does not include this. Ask your administrator."),
    "account.not_your_organisation": _("This belongs to another organisation."),
    "account.already_member": _("This person acts for the organisation already."),
    "account.invited_already": _("There is an open invitation to this address already."),
    "account.invited_other": _(
        "This invitation is for another e-mail address. Sign out and open the link again."
    ),
    "account.invitation_settled": _("This invitation was answered or withdrawn already."),
    "account.no_roles": _("Choose at least one role."),
    "account.role_not_of_organisation": _("The organisation has no such role."),
    "account.three_duties": _(
        "System, security and audit administrator must be three different people."
    ),
    "account.duties_by_operator": _(
        "Only the operator's system administrator gives the administrator roles."
    ),
    "account.last_administrator": _(
        "An organisation needs an administrator. Make somebody else one first."
    ),
    "account.no_successor": _("Choose a colleague who acts for the organisation."),
    "account.request_open": _("You have asked already. The organisation has not answered yet."),
    "account.request_settled": _("This request was answered already."),
    "account.own_request": _("Nobody answers their own request."),
    "account.not_your_request": _("Only whoever asked may do this."),
    "account.own_security": _("Another security administrator must do this for you."),
    "account.second_factor_needed": _(
        "To act for this organisation, set up the second factor on your account page first."
    ),
    "account.second_factor_required": _(
        "Your work for a public body or association needs the second factor."
    ),
    "account.second_factor_to_act": _(
        "Signing, bidding, deciding and paying take a second factor: a code from your phone beside"
        " the password. Set it up on your account page; it takes two minutes."
    ),
    "account.second_factor_exists": _("The second factor is set up already."),
    "account.second_factor_missing": _("There is no second factor to change."),
    "account.authorised_already": _("The authorisation is confirmed already."),
    "account.unknown_person": _("Nobody has an account with this e-mail address or mobile number."),
    "api_token.scopes": _("Choose at least one permission that your organisation can give."),
    "api_token.too_many": _(
        "Your organisation has %(most)s tokens in use. Revoke one that is not needed any more."
    ),
}

# Where what a refusal asks for is done, and from where one comes back.
MENDS = {
    "account.second_factor_to_act": (_("Set up the second factor"), "accounts.second_factor"),
}


CAPACITIES = {
    Capacity.INSTITUTION: _("Intermediary institution"),
    Capacity.ENTERPRISE: _("Investment enterprise"),
    Capacity.ASSOCIATION: _("Industry association"),
    Capacity.DEPARTMENT: _("Approval department"),
    Capacity.SUPERVISOR: _("Office for the soft environment"),
    Capacity.OPERATOR: _("Platform operator"),
}

ROLES = {
    Role.ORGANISATION_ADMIN: _("Administrator of the organisation"),
    Role.INSTITUTION_AGENT: _("Agent of the institution"),
    Role.ENTERPRISE_AGENT: _("Agent of the enterprise"),
    Role.ASSOCIATION_EXAMINER: _("Examiner of the association"),
    Role.ASSOCIATION_APPROVER: _("Approver of the association"),
    Role.DEPARTMENT_OFFICER: _("Officer of the department"),
    Role.DEPARTMENT_APPROVER: _("Approver of the department"),
    Role.BUDGET_OFFICER: _("Budget officer"),
    Role.SUPERVISOR: _("Supervisor"),
    Role.SYSTEM_ADMIN: _("System administrator"),
    Role.SECURITY_ADMIN: _("Security administrator"),
    Role.AUDIT_ADMIN: _("Audit administrator"),
}

SCOPES = {
    Scope.ITEMS_READ: _("Read the service items"),
    Scope.INSTITUTIONS_READ: _("Read the directory of institutions"),
    Scope.PROJECTS_READ: _("Read our projects"),
    Scope.PROJECTS_WRITE: _("Add projects by their code"),
    Scope.ENGAGEMENTS_READ: _("Read our engagements"),
}

LABELS = {
    **{f"scope.{code}": words for code, words in SCOPES.items()},
    "api_token.live": _("In use"),
    "api_token.revoked": _("Revoked"),
    "api_token.expired": _("Expired"),
    "api_token.ended": _("Its member has left"),
    **{f"capacity.{code}": words for code, words in CAPACITIES.items()},
    **{f"role.{code}": words for code, words in ROLES.items()},
    "request_state.waiting": _("Waiting for the organisation"),
    "request_state.accepted": _("Request granted"),
    "request_state.refused": _("Refused"),
    "request_state.disputed": _("With the operator"),
    "request_state.upheld": _("Decided for the claimant"),
    "request_state.dismissed": _("Decided against the claimant"),
    "password.weak": _("Weak"),
    "password.fair": _("Fair"),
    "password.strong": _("Strong"),
}


def roles_text(roles: Collection[Role]) -> str:
    """The roles as a list in words, in the order of the roles' definition."""
    return str(_(", ")).join(label(f"role.{role}") for role in Role if role in roles)


def scopes_text(scopes: Collection[Scope]) -> str:
    """The permissions of a token as a list in words."""
    return str(_(", ")).join(label(f"scope.{scope}") for scope in Scope if scope in scopes)


def capacities_text(capacities: Iterable[Capacity]) -> str:
    """The capacities as a list in words."""
    held = set(capacities)
    return str(_(", ")).join(label(f"capacity.{each}") for each in Capacity if each in held)
