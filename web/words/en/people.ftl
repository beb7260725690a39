# People: members, invitations, roles.

people-title = People
people-intro = Who can come in, and what they may do here. Role changes, removals, resets and re-sent passwords are mailed to the owners.
people-docs = People and roles

people-members = Members
people-search = Name or e-mail
people-any-role = Any role
people-nobody = Nobody is like that.
people-everybody = Show everybody
people-by-role = Owners first, then by what a role may do. A changed role counts from the next click.
people-by-name = By name. A changed role counts from the next click.
people-by-age = The newest first. A changed role counts from the next click.
people-name = Name
people-email = E-mail
people-role = Role
people-state = State
people-since = Since
people-last-sign-in = Last sign-in
people-never = never
people-action = Action
people-you = { $name } (you)
people-change = Change
people-change-whom = Change { $name }
people-codes = { $count ->
    [0] No recovery codes
    [one] 1 recovery code left
   *[other] { $count } recovery codes left
}
people-active = active
people-held-up = held up
people-not-yet = has not signed in yet
people-being-made = sign-in is being made
people-password-mailed = Password mailed { $at }

people-invite = Invite somebody
people-invite-email = Their e-mail
people-invite-email-hint = They get a link there, good for three days. Nothing happens until they accept.
people-invite-send = Send the invitation
people-may = What they may do
people-may-missing = Choose what they may do.

people-invitations = Invitations
people-invitations-none = Nobody is invited at the moment.
people-invitations-order = Newest first. A link is good once, for three days; sending again replaces it.
people-invitations-pages = Pages of invitations
people-invitations-address = Address
people-invitations-until = Good until
people-resend = Send again
people-resend-whom = Send again to { $email }
people-take-back = Take back
people-take-back-whom = Take back the invitation of { $email }

## What was just done.
people-done-invited = An invitation is on its way to { $email }. Its link is good for three days.
people-done-taken-back = The invitation is taken back. Its link opens nothing any more.
people-done-changed = { $name } is now { $role }. It counts from their next click.
people-done-reset = { $name } is signed out everywhere, and sets up a new authenticator at the next sign-in, after the password.
people-done-mailed = A new temporary password is on its way to { $email }. The one before stops working.
people-done-removed = The person is removed and can no longer come in.

## One member.
people-member = Member
people-member-about = About this member
people-member-since = Member since
people-member-locked = Who may change this
people-member-locked-why = Only an owner can change an owner. Ask one of yours.
people-member-back = Back to people
people-member-last = The last owner stays
people-member-last-why = An account keeps an owner who can sign in. To change the role or to leave, make somebody else an owner first, and let them sign in once.
people-member-role = Change the role
people-member-role-yours = This is you: with less, you may not be able to undo it yourself.
people-member-role-invitations = Open invitations from this person are taken back: they can be sent again.
people-member-ways = Getting in, and leaving
people-member-mail = Mail a new temporary password
people-member-mail-when = If the mail got lost, or its seven days are over. The one before stops working.
people-member-mail-button = Mail a password
people-member-reset = Reset the authenticator
people-member-reset-when = If the phone is lost, or is a new one. The password stays.
people-member-reset-button = Reset
people-member-address = Use another address
people-member-address-how = An address cannot be changed. If the sign-in service does not take this one, remove this member and then { $invite }. Nothing is lost: they have never signed in.
people-member-address-invite = invite the right address
people-member-remove = Remove from this account
people-member-remove-means = They can no longer come in. What they did stays in the activity log.
people-member-remove-button = Remove
people-member-leave = Leave
people-member-leave-means = You can no longer come in, until somebody invites you again.

## The questions before something is taken away.
people-remove-title = Remove a member
people-remove-question = Remove { $name }?
people-remove-means = They are out with their next click, in every browser. If they are in no other account, their sign-in is closed as well. Invitations they sent that are still open are taken back. You can invite them again later.
people-leave-question = Leave this account?
people-leave-means = You are out at once and cannot undo it yourself: somebody has to invite you again. Invitations you sent that are still open are taken back.
people-reset-title = Reset an authenticator
people-reset-question = Reset the authenticator of { $name }?
people-reset-means = They are signed out everywhere. At the next sign-in, after their password, they set up a new authenticator. Make sure that it is really them who asked: call them, do not answer a mail.
people-reset-own-question = Reset your own authenticator?
people-reset-own-means = You are signed out everywhere, here as well. At the next sign-in, after your password, you set up a new authenticator.
people-reset-nothing = They have never signed in, so there is no authenticator yet: nothing to reset. If they cannot get in, mail them a new temporary password.
people-question-about = Who it is about
people-question-back = Back
people-question-cancel = Cancel
