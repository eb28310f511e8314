"""How the events of accounts are told."""

from flask_babel import lazy_gettext as _

from marketplace.accounts import events
from marketplace.infra.outbox.news import Silent, kept, news
from marketplace.infra.security_log import Kind

NEWS = news(
    kept(events.RegistrationRequested, history=_("Registration entered"), security=Kind.ACCOUNT),
    kept(
        events.RegistrationConfirmed,
        history=_("Registration confirmed by e-mail"),
        security=Kind.ACCOUNT,
    ),
    kept(
        events.RegistrationExpired,
        history=_("Registration never confirmed, deleted"),
        security=Kind.ACCOUNT,
    ),
    kept(events.OrganisationRegistered, history=_("Organisation registered")),
    kept(events.OrganisationCreated, history=_("Organisation made by the operator")),
    kept(
        events.DepartmentChanged,
        history=_("Name or region of a department changed"),
        security=Kind.OPERATION,
    ),
    kept(
        events.DepartmentEnded,
        history=_("Is a department no more"),
        security=Kind.OPERATION,
    ),
    kept(events.CreditCodeEntered, history=_("Credit code with a wrong check character entered")),
    kept(events.CapacityAdded, history=_("Registered for a further capacity")),
    kept(events.AuthorisationLetterFiled, history=_("Authorisation letter handed in")),
    kept(events.AuthorisationConfirmed, history=_("Authorisation confirmed")),
    kept(events.UserCreated, history=_("Account made")),
    kept(events.StaffAccountCreated, history=_("Staff account made by the operator")),
    kept(events.SignedIn, history=_("Signed in"), security=Kind.SIGN_IN),
    kept(
        events.ProvenAnew,
        history=_("Proved once more who they are"),
        security=Kind.SIGN_IN,
    ),
    kept(
        events.AccountLocked,
        history=_("Account locked after failed attempts"),
        security=Kind.ACCOUNT,
    ),
    kept(events.AccountUnlocked, history=_("Account unlocked"), security=Kind.ACCOUNT),
    kept(
        events.MobileFreed,
        history=_("Mobile number freed by the operator"),
        security=Kind.ACCOUNT,
    ),
    kept(events.PasswordResetRequested, history=_("New password asked for"), security=Kind.ACCOUNT),
    kept(events.PasswordChanged, history=_("Password changed"), security=Kind.ACCOUNT),
    kept(
        events.EmailChangeRequested,
        history=_("Change of the e-mail address asked for"),
        security=Kind.ACCOUNT,
    ),
    kept(events.EmailChanged, history=_("E-mail address changed"), security=Kind.ACCOUNT),
    kept(events.DetailsChanged, history=_("Details changed"), security=Kind.ACCOUNT),
    kept(
        events.SecondFactorBegun,
        history=_("Setting up the second factor begun"),
        security=Kind.ACCOUNT,
    ),
    kept(events.SecondFactorEnrolled, history=_("Second factor set up"), security=Kind.ACCOUNT),
    kept(events.SecondFactorRemoved, history=_("Second factor removed"), security=Kind.ACCOUNT),
    kept(events.RecoveryCodeUsed, history=_("Recovery code used"), security=Kind.ACCOUNT),
    kept(events.RecoveryCodesRenewed, history=_("Recovery codes renewed"), security=Kind.ACCOUNT),
    kept(events.SessionsEnded, history=_("Sessions ended"), security=Kind.ACCOUNT),
    kept(events.MembershipBegun, history=_("Became a member")),
    kept(events.RolesChanged, history=_("Roles changed")),
    kept(events.MembershipEnded, history=_("Membership ended")),
    kept(events.MembershipRequested, history=_("Asked to act for the organisation")),
    kept(events.RequestTold, history=_("An administrator was written to")),
    kept(events.AuthorisationTold, history=_("An administrator was written to")),
    kept(events.MembershipRequestAccepted, history=_("Request accepted")),
    kept(events.MembershipRequestRefused, history=_("Request refused")),
    kept(events.MembershipRequestDisputed, history=_("Dispute brought to the operator")),
    kept(events.DisputeUpheld, history=_("Dispute decided for the claimant")),
    kept(events.DisputeDismissed, history=_("Dispute dismissed")),
    kept(events.InvitationSent, history=_("Invitation sent")),
    kept(events.InvitationAccepted, history=_("Invitation accepted")),
    kept(events.InvitationWithdrawn, history=_("Invitation withdrawn")),
    kept(events.InvitationMoved, history=_("Invitation followed a changed address")),
    kept(events.InvitationExpired, history=_("Invitation expired")),
    kept(events.TokenCreated, history=_("Token of the public interface made")),
    kept(events.TokenRevoked, history=_("Token of the public interface revoked")),
    platform=Silent("it follows engagements only"),
    directory=Silent("it shows institutions only"),
    notice=Silent("not a public act"),
    because="letters of their own tell whom it concerns",
    security=Kind.ROLE,
)
