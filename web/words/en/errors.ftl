# What went wrong, as headings and words for people; by the error's code, else by its kind.

errors-account = If you have an account already:
errors-home = Go to the first page
errors-request = If you write to us, name this request: { $request }
errors-request-copy = request id
errors-about = About this problem

## On the way in from AWS Marketplace.
errors-arrival-too-large = It was larger than what AWS Marketplace sends. Come in from there:
errors-arrival-unsupported = It was not what AWS Marketplace sends. Come in from there:
errors-token-invalid = This link did not work
errors-token-invalid-why = It did not come from AWS Marketplace, or it was cut short. Come in from there:
errors-token-expired = This link has expired
errors-token-expired-why = It is good for four hours, and they are over. Your subscription is fine and you need no new one: only press { aws-set-up } again.
errors-token-missing = AWS Marketplace sent nothing along
errors-token-missing-why = This address only works with what it sends along. Come in from there:
errors-foreign-product = This is another product's subscription
errors-foreign-product-why = Payphone has a subscription of its own. Come in from that one:
errors-licence-missing = AWS Marketplace did not name your licence
errors-licence-ended = This subscription has ended
errors-licence-ended-why = It can no longer be set up. Subscribe again in AWS Marketplace to start a new one.
errors-marketplace-busy = AWS Marketplace is busy
errors-marketplace-misconfigured = Something is wrong on our side
errors-marketplace-misconfigured-why = Your subscription is fine, and we have been told. Try again later, or write to us.
errors-unauthenticated = Come in through AWS Marketplace
errors-unauthenticated-why = The link has expired (it is good for an hour), or it was opened in another browser. Come in again:
errors-method = This address does not take that
errors-method-why = What was sent belongs to another address, and nothing was changed. Open the page itself and do it there.
errors-not-a-form = That was not a form

## About people, and what they may do.
errors-other-tenant = That was for another account
errors-other-tenant-why = You switched to another account in another tab. Nothing was changed.
errors-other-tenant-again = Open the page again, in the one you mean:
errors-other-tenant-back = Switch back to { $tenant }
errors-other-tenant-stay = Stay in { $tenant }
errors-no-membership = You belong to no account here
errors-no-membership-why = You signed in, but no Payphone account has you as a member any more. Ask an owner to invite you, or come in from AWS Marketplace. If you have another address, sign in with that one.
errors-mfa-required = This needs a second factor
errors-mfa-required-why = You signed in with a password alone. That is enough to look at things, not to change them. Sign in again with your authenticator app, then do it once more.
errors-role = Your role does not allow this
errors-role-why = Ask an owner or an admin of your account to do it, or to give you another role.
errors-role-yours = Your role in this account is { $role }. Ask an owner or an admin of your account to do it, or to give you another role.
errors-invitation-over = This invitation is over
errors-owners-only = Only an owner can do this
errors-last-owner = The last owner stays
errors-already-member = Already a member
errors-already-invited = Already invited
errors-too-many-invitations = Too many open invitations
errors-too-many-corrections = That was too often for today
errors-too-many-corrections-why = This form was sent ten times today. Try again tomorrow, or write to support.
errors-too-many-requests = That was too often
errors-mailed-already = A mail is on its way already
errors-already-signed-in = This person has a password already
errors-already-set-up = This subscription is set up already

## About signing in.
errors-wrong-state = That was another sign-in
errors-wrong-state-why = It was begun in another tab, or was finished before. Nobody was signed in by it. Start again:
errors-sign-in-lost = We lost track of your sign-in
errors-sign-in-lost-why = It was begun in another browser, or cookies are switched off, or it took too long. Start again:
errors-sign-in-too-late = Signing in took too long
errors-sign-in-too-late-why = It has to be finished within half an hour. Start again:
errors-sign-in-not-fresh = You were not asked for your password
errors-sign-in-not-fresh-why = What you want to do needs a fresh sign-in, and the sign-in page let you through without one. Start again:
errors-sign-in-refused = You are not signed in
errors-login-busy = The sign-in page does not answer
errors-login-busy-why = Nothing is wrong with your account. Try again in a minute:
errors-login-misconfigured = Something is wrong on our side with signing in
errors-login-misconfigured-why = We have been told. Try again later, or write to us.

## Of every other code, by its kind.
errors-too-large = That was too much at once
errors-too-large-why = The form was larger than this address takes. Go back and send less.
errors-not-found = There is nothing here
errors-not-found-why = The address may be mistyped, or what was here is gone.
errors-malformed = We could not read that
errors-forbidden = This is not allowed
errors-internal = Something went wrong on our side
errors-internal-why = Try again. If it stays, write to us.
errors-unavailable = Not available right now
errors-too-many = Too often
