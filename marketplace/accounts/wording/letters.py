"""The letters of accounts in words, and how one becomes a mail."""

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import LazyString, force_locale
from flask_babel import lazy_gettext as _

_LOCALES = {"zh": "zh_Hans_CN", "en": "en"}

_SITE = _("Jilin Intermediary Supermarket")


@dataclass(frozen=True)
class Letter:
    """Subject, body and the words before the link."""

    subject: LazyString
    body: LazyString
    link: LazyString | None = None


CONFIRM = Letter(
    _("Please confirm your registration"),
    _(
        "You have registered %(organisation)s. Open the link and confirm, then you can sign in. "
        "The link is good for three days. If you did not register, do nothing: what was entered is "
        "deleted."
    ),
    _("Confirm the registration"),
)

ACCOUNT_EXISTS = Letter(
    _("You have an account already"),
    _(
        "Somebody entered your e-mail address in a registration. You have an account already: sign "
        "in to add an organisation, or set a new password if you have forgotten it. If it was not "
        "you, nothing has to be done."
    ),
    _("Sign in"),
)

MOBILE_EXISTS = Letter(
    _("You have an account already"),
    _(
        "Somebody entered your mobile number in a registration. You have an account already: sign "
        "in with this e-mail address to add an organisation, or set a new password if you have "
        "forgotten it. If it was not you, nothing has to be done."
    ),
    _("Sign in"),
)

MOBILE_KNOWN = Letter(
    _("The mobile number has an account already"),
    _(
        "You have entered a mobile number that has an account already, under another e-mail "
        "address; a letter to that address says the same. A person has one account: sign in with "
        "it to add the organisation. If the number is newly yours, write to the service centre."
    ),
    _("Sign in"),
)

RESET = Letter(
    _("Set a new password"),
    _(
        "A new password was asked for. Open the link within an hour and choose one. If you did not "
        "ask, do nothing: your password stays."
    ),
    _("Choose a new password"),
)

FIRST_PASSWORD = Letter(
    _("Your account is ready"),
    _(
        "The operator has made an account for you at %(organisation)s. Open the link within seven "
        "days and choose your password. At the first sign-in you set up a second factor; have your "
        "phone with an authenticator app at hand."
    ),
    _("Choose your password"),
)

ADDED = Letter(
    _("You can act for another organisation"),
    _(
        "The operator has made you a member of %(organisation)s. Sign in as usual; your name in "
        "the top bar lets you switch between organisations."
    ),
    _("Sign in"),
)

LOCKED = Letter(
    _("Your account was locked"),
    _(
        "There were too many failed attempts to sign in, so your account is locked for a "
        "while. If it was you, the link unlocks it at once. If not, your password has protected "
        "you; consider setting up the second factor."
    ),
    _("Unlock the account"),
)

NEW_EMAIL = Letter(
    _("Confirm your new e-mail address"),
    _("You want to use this e-mail address from now on. Open the link within an hour to confirm."),
    _("Confirm the address"),
)

EMAIL_CHANGED = Letter(
    _("Your e-mail address was changed"),
    _(
        "From now on you sign in with this address. If you did not change it, write to the service "
        "centre at once."
    ),
)

PASSWORD_CHANGED = Letter(
    _("Your password was changed"),
    _(
        "Your password was changed and all other sessions were ended. If it was not you, set a new "
        "password at once and tell the service centre."
    ),
    _("Set a new password"),
)

MOBILE_FREED = Letter(
    _("The mobile number was taken from your account"),
    _(
        "The service centre has taken the mobile number from your account, because somebody else "
        "has shown that it is theirs now. Sign in and enter the number you use. If this is wrong, "
        "write to the service centre at once."
    ),
    _("Sign in"),
)

SECOND_FACTOR_ON = Letter(
    _("The second factor is set up"),
    _("From now on, signing in asks for a code of your authenticator app beside the password."),
)

SECOND_FACTOR_OFF = Letter(
    _("The second factor was removed"),
    _(
        "Signing in no longer asks for a code. If this was not your wish, change your password and "
        "tell the service centre."
    ),
)

RECOVERY_USED = Letter(
    _("A recovery code was used"),
    _(
        "One of your recovery codes was used to sign in; %(left)s are left. If it was not you, "
        "change your password at once."
    ),
)

INVITED = Letter(
    _("You are invited to act for an organisation"),
    _(
        "%(inviter)s invites you to act for %(organisation)s. Your roles: %(roles)s. The link is "
        "good for seven days."
    ),
    _("Answer the invitation"),
)

ASKED = Letter(
    _("Somebody wants to act for your organisation"),
    _(
        "%(person)s has registered with the credit code of %(organisation)s. Please accept or "
        "refuse; until then they can do nothing for you."
    ),
    _("Answer the request"),
)

ANSWERED = Letter(
    _("Your request was answered"),
    _("%(organisation)s has answered your request to act for it: %(answer)s."),
    _("See the answer"),
)

AUTHORISED = Letter(
    _("Your authorisation is confirmed"),
    _(
        "The authorisation letter of %(organisation)s is confirmed. You can now send what "
        "you prepare."
    ),
    _("Sign in"),
)


def compose(
    letter: Letter, *, locale: str, recipient: str, link: str = "", **details: object
) -> tuple[str, str]:
    """Subject and text in the reader's language; `details` fill the body."""
    with force_locale(_LOCALES.get(locale, _LOCALES["zh"])):
        paragraphs = [
            str(_("Dear %(name)s,")) % {"name": recipient},
            str(letter.body) % {name: str(value) for name, value in details.items()},
        ]
        if link and letter.link is not None:
            paragraphs.append(f"{letter.link}{_(': ')}\n{link}")
        paragraphs.append(
            f"--\n{_SITE}\n"
            f"{_('This letter was sent by the system. Please do not answer it.')}\n"
            f"{_('We never ask for your password or your one-time code.')}"
        )
        return str(letter.subject), "\n\n".join(paragraphs)


def said_in(locale: str, words: Callable[[], str]) -> str:
    """What `words` gives when asked in that language."""
    with force_locale(_LOCALES.get(locale, _LOCALES["zh"])):
        return words()
