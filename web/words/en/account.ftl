# One's own account: tenants, browsers, recovery codes, invitations, help with signing in.

account-title = Account
account-intro = Who you are here, where you are signed in, and how you get back in.
account-access = Losing access
account-sign-out = Sign out
account-you = You
account-name = Name
account-email = E-mail
account-signed-in = Signed in
account-factor = with an authenticator
account-factor-none = password alone: you can look, not change
account-first = First signed in
account-never = never
account-how = A new password: “Forgot your password?” on the sign-in page. A new phone: use a recovery code, or ask an owner to reset your authenticator; you set up the new one when you next sign in.
account-belong = Where you belong

account-codes = Recovery codes
account-codes-copy = recovery codes
account-codes-none = none
account-codes-left = { $count } left
account-codes-none-means = You have none. If you lose your authenticator, only another owner can let you back in; where there is none, nobody can.
account-codes-few-means = They run low. Each lets you back in once if you lose your authenticator.
account-codes-means = Each lets you back in once if you lose your authenticator.
account-codes-first = Make recovery codes
account-codes-new = Make new ones

account-browsers = Where you are signed in
account-browsers-list = Browsers
account-browsers-caption = A browser is signed out by itself after half an hour without use, and after twelve hours in any case.
account-browser = Browser
account-address = Address
account-last-seen = Last seen
account-action = Action
account-this-browser = this browser
account-browser-end = Sign out { $browser }
account-browser-ended = That browser is signed out.
account-everywhere = Sign out everywhere
account-everywhere-means = Ends all of them, this one as well, and what the sign-in page remembers.
account-browser-on = { $browser } on { $system }
account-browser-unknown = Unknown browser
account-browser-unknown-on = Unknown browser on { $system }

codes-heading = Make recovery codes?
codes-intro = { $count ->
    [0] You get ten. Each lets you back in once if you lose your authenticator.
    [one] You get ten. The one you have left stops working.
   *[other] You get ten. The { $count } you have left stop working.
}
codes-question = The question
codes-once = They are shown once, right after this. Have a password manager or a printer at hand.
codes-make = Make ten codes
codes-cancel = Cancel
codes-made = Keep your recovery codes now
codes-made-intro = This is the only time they are shown. They replace the ones you had before.
codes-for = For { $email } at Payphone
codes-how = Each is good once, together with your password, at { $link }. Keep them in a password manager or on paper, not beside the authenticator.
codes-how-link = the page for a lost authenticator
codes-kept = I have kept them

tenants-title = Accounts
tenants-none = You belong to no account
tenants-none-means = You are signed in, and no Payphone account has you as a member.
tenants-none-here = You belong to no account.
tenants-choose = Choose an account
tenants-choose-means = You can switch at any time, at the top of every page.
tenants-switch = Switch account
tenants-switch-means = Each has its own people, keys and usage.
tenants-help = What to do
tenants-help-removed = If you were removed by mistake, ask an owner to invite you again.
tenants-help-subscribed = If you have just subscribed, press { $button } in AWS Marketplace.
tenants-help-address = If you have another address, sign out and sign in with that one.
tenants-yours = Your accounts
tenants-caption = What you may do depends on your role, which may be another one in each.
tenants-account = Account
tenants-role = Your role
tenants-since = Since
tenants-action = Action
tenants-current = open now
tenants-open = Open
tenants-open-one = Open { $tenant }

invitation-title = Invitation
invitation-heading = Join { $tenant }
invitation-intro = You are invited to this account at Payphone.
invitation-by = Invited by
invitation-role = Your role
invitation-email = You sign in with
invitation-until = Good until
invitation-accept = Accept
invitation-close = If you did not expect this, close the page: nothing happens then.
invitation-accepted = You are in
invitation-here = You are signed in as { $email }. Choose the new account among yours.
invitation-sign-in = Sign in as { $email } with the password you have.
invitation-password = A temporary password is on its way to { $email }. It is good for seven days. Sign in with it; you then choose your own password and add an authenticator app.

help-email = Your e-mail
help-email-hint = The address you sign in with.
help-code = Recovery code
help-code-hint = One of the ten you kept, such as { $example }. Capitals and hyphens do not matter.
help-back = Back to the sign-in page
help-authenticator = Lost your authenticator?
help-authenticator-intro = A recovery code takes its place once. You set up a new authenticator at the next sign-in, after your password, and are signed out everywhere else.
help-authenticator-send = Use the code
help-authenticator-no-code = No code at hand?
help-authenticator-ask = Ask another owner of your account, or an admin if you are no owner: they reset your authenticator on their page People, and you set up a new one.
help-authenticator-alone = If you are the only owner, one of your recovery codes is the way back. Look where you keep passwords, and on paper.
help-authenticator-write = If there is neither, write to us. We first have to make sure that the account is yours.
help-authenticator-done = Now sign in
help-authenticator-done-how = If address and code belong together, your authenticator is forgotten within a minute, and the code is used up. Sign in with your password; you are then asked to set up a new authenticator.
help-authenticator-done-else = If you are still asked for a code of the old one, the address or the recovery code was not right: try again, or use another code.
help-password = No first password?
help-password-intro = If the mail with your temporary password never came, or its seven days are over, we send another one. It is only for who has never signed in.
help-password-send = Send it again
help-password-known = Signed in before? The sign-in page has a link for a forgotten password.
help-password-lost = Lost your authenticator? { $link }.
help-password-done = Look into your mail
help-password-done-how = If somebody with this address has never signed in, a new temporary password is on its way. The one before stops working.
help-password-done-else = Nothing after two minutes? Look into the spam folder. If you have signed in before, the sign-in page has a link for a forgotten password.

again-sensitive = Sign in again to do this
again-sensitive-why = It gives somebody access, or changes how people sign in. So we ask who you are if more than five minutes have passed since you signed in. Nothing has changed yet; what you typed waits for you on the form.
again-signed-out = You are signed out
again-signed-out-why = Nobody has used this browser here for half an hour, or the session was ended. Nothing has changed. Sign in, then send the form again: what you typed is kept where it can be.
