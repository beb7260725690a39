# The operator's pages.

operator-state = State
operator-any-state = Any state
operator-search = Name, id or account
operator-by-newest = Newest first.
operator-by-oldest = Oldest first.
operator-by-name = By name.
operator-none-like-that = Nothing is like that.
operator-show-all = Show all

operator-registrations = Registrations
operator-registrations-intro = Every arrival from AWS Marketplace, and the step that holds it up. All of it heals by itself; what says failed needs somebody.
operator-registrations-empty = Nobody has come from AWS Marketplace yet.
operator-registrations-caption = An account is shown by its last four digits, as everywhere.
operator-registrations-came = Came (UTC)
operator-registrations-account = AWS account
operator-registrations-waits = What it waits for
operator-registrations-waits-short = Waits for
operator-registrations-tenant = Tenant
operator-registrations-only-failed = Failed
operator-registrations-only-waiting = Waiting
operator-registrations-only-done = Done
operator-registrations-failed = failed
operator-registrations-waiting = waiting
operator-registrations-done = done
operator-registrations-looked = Looked at { $at }
operator-registrations-looked-failed = { $count ->
    [one] Looked at { $at }, failed once
   *[other] Looked at { $at }, failed { $count } times
}

operator-tenants = Tenants
operator-tenants-intro = Who is a customer, and what each has bought. Nothing of their people, keys or payments is shown here.
operator-tenants-empty = There is none yet. The first buyer makes the first.
operator-tenants-caption = A licence that has ended stays in the list: its hours may still be on their way to AWS.
operator-tenants-only-set-up = Being set up
operator-tenants-only-active = Active
operator-tenants-only-ended = Ended
operator-tenants-tenant = Tenant
operator-tenants-licences = Licences
operator-tenants-since = Since
operator-tenants-set-up = being set up
operator-tenants-active = active
operator-tenants-ended = ended
operator-licence-in-force = in force
operator-licence-ended = ended
operator-licence-not-confirmed = not confirmed yet
operator-licence-by-usage = { $standing }, by usage
operator-licence-by-contract = { $standing }, by contract

operator-events = Events
operator-events-intro = What AWS sent, each counted once, and what came of it.
operator-events-empty = Nothing has come yet. AWS sends the first event with the first agreement; if buyers are there and this stays empty, look at the EventBridge rule and its queue.
operator-events-caption = An unmatched event is about a licence that nobody has registered yet: it counts as soon as its buyer comes.
operator-events-search = Type, id or tenant
operator-events-only-new = New
operator-events-only-applied = Applied
operator-events-only-unmatched = Unmatched
operator-events-only-duplicate = Duplicate
operator-events-only-unknown = Unknown
operator-events-only-unreadable = Unreadable
operator-events-new = new
operator-events-applied = applied
operator-events-unmatched = unmatched
operator-events-duplicate = duplicate
operator-events-unknown = unknown
operator-events-unreadable = unreadable
operator-events-arrived = Arrived (UTC)
operator-events-what = What it says
operator-events-says = Says
operator-events-agreement = Agreement
operator-events-as-it-came = As it came
operator-events-happened = Happened { $at }
operator-events-no-envelope = No envelope that we know
operator-events-body = Body of { $id }
operator-events-show = Show

operator-jobs = Jobs
operator-jobs-intro = What was begun and has not ended. After { $most } beginnings without an end a job is quarantined: find out what is wrong with it first, then run it again.
operator-jobs-empty = Nothing is running at this moment, and nothing is quarantined.
operator-jobs-search = Work or id
operator-jobs-by-quarantined = The quarantined first, then the oldest.
operator-jobs-only-quarantined = Quarantined
operator-jobs-only-suspect = Suspect
operator-jobs-only-running = Running
operator-jobs-caption = A running job is gone from here when it ends, well or not.
operator-jobs-work = Work
operator-jobs-item = At what
operator-jobs-begun = Begun
operator-jobs-begun-times = { $count ->
    [1] once
   *[other] { $count } times
}
operator-jobs-last = Last begun
operator-jobs-action = Action
operator-jobs-quarantined = quarantined
operator-jobs-running = running
operator-jobs-suspect = suspect
operator-jobs-again = Run again
operator-jobs-again-about = Run again { $item }
operator-jobs-again-done = It runs again within a second.
