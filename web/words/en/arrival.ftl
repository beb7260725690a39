# The way in: from AWS Marketplace to the first sign-in.

## Words of AWS's own pages; as the reader sees them there.
aws-set-up = Set up your account
aws-manage = Manage subscriptions

landing-title = Set up your account
landing-heading = Payphone starts in AWS Marketplace
landing-what = Payphone takes card payments by phone for Amazon Connect. Accounts are made by subscribing in AWS Marketplace; there is nothing to fill in here.
landing-subscribed = If you have subscribed

set-up-again-open = In the AWS console, open AWS Marketplace and choose { $manage }.
set-up-again-choose = Choose { $product }.
set-up-again-press = Press { $button }. It brings you to the same account, however often you press it.

subscription-account = AWS account ending { $digits }
subscription-usage = AWS account ending { $digits }, pay as you go
subscription-contract = AWS account ending { $digits }, contract

welcome-title = Welcome
welcome-heading = Your subscription is here
welcome-intro = { $subscription }. Two fields, then a mail with the way in.
welcome-create = Create my account
welcome-next = What happens next
welcome-next-mail = We mail you a temporary password, good for seven days; or, if you are known here already, a link to accept.
welcome-next-sign-in = You sign in; the first time, you choose your own password and add an authenticator app.
welcome-next-meanwhile = Meanwhile AWS confirms the subscription, and we make your test key pair.
welcome-known = Set up already? { $link }. Coming back later? Press { $button } in AWS Marketplace again: it opens this same account.
welcome-email = Work e-mail
welcome-email-hint = The first owner's address, to sign in with. We write there about this account and nothing else.
welcome-name = Your name
welcome-name-hint = What your colleagues will see.

named-title = Check your mail
named-trouble = Something is in the way
named-not-sent = The mail to { $email } is not on its way yet. It goes out by itself as soon as nothing is in the way.
named-sent = A mail is on its way to { $email }. It has a temporary password, good for seven days, or, if this address is known here already, a link to accept.
named-then = With the temporary password, sign in; you then choose your own and add an authenticator app.
named-signed-in = This browser is signed in already. If that is you, open the link in the mail first; then { $link }.
named-signed-in-link = choose this account
named-meanwhile = Meanwhile
named-good-for = This page is good for an hour. After that, press { $button } in AWS Marketplace again: it opens this same account.
named-no-mail = No mail? Look into the spam folder first.
named-again = Send it again
named-wrong = Wrong address? Correct it
named-wrong-means = The account of the old address is taken away, and the new one gets a mail.
named-correct = Save and send the mail
named-leave = Leave it as it is

entered-title = Set up already
entered-heading = This subscription is set up
entered-what = Somebody has signed in to its account. To come in as well, be invited by one of its owners or admins.
entered-open = Open the console

choice-title = One more subscription
choice-heading = Where does this subscription belong?
choice-what = It is the subscription of the { $account }. You are signed in as { $email }. If you do not know this AWS account, close this page: nothing has changed.
choice-into = Bring this subscription into { $tenant }
choice-into-means = Its usage is then billed to that AWS account, and shown beside what you have. It cannot be taken out again.
choice-own = Set it up as an account of its own
choice-own-means = With an owner, keys and people of its own.

ended-title = Subscription ended
ended-heading = Your subscription has ended
ended-look = Sign in to look at your account
ended-at = AWS Marketplace gives its end as { $at }. This is what it means:
ended-usage = Usage is no longer taken: usage events are refused.
ended-last-hours = The last hours are still sent to AWS, which puts them on the last bill.
ended-data = Your data stays readable.
ended-anew = To use Payphone again, subscribe again in AWS Marketplace and press { $button } there. A new subscription starts a new account, or an owner brings it into this one.

sign-in = Sign in
sign-in-forgot = Forgot your password? The sign-in page has a link for that.
sign-in-lost = Lost your authenticator? { $link }, or ask an owner of your account to reset it.
sign-in-lost-link = Use a recovery code
sign-in-no-mail = No mail with a first password, or it is too old? { $link }.
sign-in-no-mail-link = Have it sent again

signed-out-title = Signed out
signed-out-heading = You are signed out
signed-out-what = The sign-in page may still know you for up to an hour. On a computer that others use, sign out there too.
signed-out-there = Sign out there too
signed-out-again = Sign in again
