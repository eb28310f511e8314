"""What people do with accounts, organisations and memberships: one function per act."""

from marketplace.accounts.services.appointing import confirm_authorisation
from marketplace.accounts.services.memberships import declare_tie
