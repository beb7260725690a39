# The set-up, the first pages and the overview.

setup-title = Set up
setup-heading = Set up your account
setup-ready = Your account is ready
setup-left = { $count ->
    [one] One step is left.
   *[other] { $count } steps are left.
}
setup-intro = Each step checks itself. Nothing here waits for us.
setup-docs = Set up, step by step
setup-check = Check again
setup-attached = The subscription is part of this account now.
setup-end-means = What the end means
setup-end-docs = What ends when

setup-steps = Steps
setup-so-far = { $done } of { $all } done
setup-last-check = A moment: the last check is running.
setup-licence-waiting = Nothing to do. If it takes longer than ten minutes, look at the subscription's state in AWS Marketplace.
setup-licence-failed = Subscribe again in AWS Marketplace.
setup-follows = Nothing to do: it follows by itself.
setup-usage-failed = Open Usage and look at the hours that AWS did not take.
setup-tried-again = Nothing to do: we try again by ourselves, and look into it if that does not help.
setup-checked = Checked { $at }

setup-prompts = So that nobody is locked out
setup-codes = Make recovery codes
setup-codes-why = They let you back in if you lose your authenticator.
setup-codes-why-alone = You are the only owner: if you lose your authenticator, nothing else lets you back in.
setup-owner = Add a second owner
setup-owner-why = You are the only one. A second owner can help if you lose your authenticator.
setup-owner-invite = Invite an owner

setup-account = Your account
setup-subscription = Subscription
setup-waiting = waiting for AWS
setup-active = active
setup-ended = ended
setup-agreement = Agreement
setup-agreement-none = not named yet
setup-tenant-id = Tenant id
setup-tenant-id-copy = tenant id
setup-owners = { $count ->
    [one] Owner
   *[other] Owners
}
setup-more = and { $count } more
setup-as-of = As of

setup-next = What to do now
setup-next-keys = Give Amazon Connect your key
setup-next-keys-how = Download the public key and the certificate; the page says where each one goes.
setup-next-keys-do = Download keys
setup-next-make = Make an API key
setup-next-make-how = Your integration sends it along. It is shown once, with a command to try it.
setup-next-make-do = Make an API key
setup-next-look = Look at the API keys
setup-next-look-how = Integrations say with them who they are. Owners, admins and developers make them.
setup-next-usage = Send a usage event
setup-next-usage-how = See it counted, and see AWS accept the hour once it has passed.

setup-usage = Usage
setup-keys = Keys
setup-api-keys = API keys
setup-people = People

home-title = Home
home-heading = You are in
home-intro = Payments come here. There is nothing to do until they do.
home-account = See where you are signed in, and make recovery codes in case you lose your authenticator.
home-operator = Operator
home-operator-heading = You are signed in as the vendor's operator
home-operator-intro = You see how all accounts are doing, and none of their people, keys or payments.
home-registrations = Registrations
home-registrations-what = Who came from AWS Marketplace, and the step that holds each of them up.
home-registrations-open = Open registrations
home-tenants = Tenants
home-tenants-what = Every customer, and where their licences stand.
home-tenants-open = Open tenants
home-events = Events
home-events-what = What AWS sent, and what came of it.
home-events-open = Open events
home-jobs = Jobs
home-jobs-what = Background work that is running, and what is quarantined because it never came to an end.
home-jobs-open = Open jobs

overview-title = Overview
overview-intro = How your account stands, as of { $at }
overview-calm = nothing needs you
overview-docs = Send usage events

overview-needs = What needs you
overview-not-taken-need = { $count ->
    [one] AWS did not take { $units } unit in the last 7 days
   *[other] AWS did not take { $units } units in the last 7 days
}
overview-not-taken-need-why = Each hour tells why, whether it is billed, and whether we are looking into it.
overview-not-taken-need-see = See the hours
overview-certificate-why = Amazon Connect wants a certificate that is valid. Put the new one into your flows before.
overview-no-codes = You have no recovery codes
overview-only-owner = You are the only owner
overview-only-owner-why = Add a second owner, who can help if you lose your authenticator.

overview-chart = Units today, by the hour
overview-chart-means = UTC, by where they stand at AWS
overview-chart-see = See usage

overview-today = Used today
overview-today-none = no units since midnight UTC
overview-today-means = units since midnight UTC, { $units } in this hour
overview-month = Used this month
overview-month-means = units that AWS has or is about to get, { $month }
overview-bill = Expected bill
overview-bill-trial = at the list price; nothing while the free trial lasts
overview-bill-means = at the list price, before discounts and tax
overview-waiting = Waiting to be accepted
overview-waiting-means = units of hours that are over
overview-not-taken = Not taken by AWS, 7 days
overview-not-taken-none = nothing late, nothing refused
overview-not-taken-means = units; the hours tell why

overview-subscription-see = See the subscription
overview-in-force = in force

overview-keys = Keys for Amazon Connect
overview-keys-see = See the keys
overview-keys-none = No key pair is in use.
overview-key = { $mode ->
    [test] Test key, RSA { $bits }
   *[live] Live key, RSA { $bits }
}
overview-key-used = Certificate valid until { $until }, last used { $at }
overview-key-unused = Certificate valid until { $until }, not used yet

overview-api-keys-see = See the API keys
overview-api-keys-none = None yet. An integration needs one to send usage events.
overview-api-keys-used = { $keys } in use.
overview-api-keys-unused = { $keys } valid, { $unused } of them never used.
overview-api-keys-last = Last used { $at }

overview-people-see = See the people
overview-people = { $count ->
    [one] { $people } person.
   *[other] { $people } people.
}
overview-people-invited = { $count ->
    [one] { $people } person, and { $invited } invited.
   *[other] { $people } people, and { $invited } invited.
}
