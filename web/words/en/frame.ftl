# What stands around every page.

frame-skip = Skip to content
frame-help = Stuck? Write to { $support }.
frame-language = Language
frame-errors = { $count ->
    [0] That did not work
    [one] One field needs another look
   *[other] Some fields need another look
}
frame-main = Main
frame-test-mode = Test mode
frame-live-mode = Live mode
frame-switch = Switch to
frame-switch-to = Switch to { $name }
frame-all-accounts = All your accounts
frame-operator = Operator
frame-sign-out = Sign out
frame-aws-account = AWS account ending { $digits }, tenant …{ $tenant }
frame-people-only = Pages are for people who sign in. Send API requests to /api/v1.
frame-bad-filter = The address asks for something that does not exist. Open the list again from the navigation.

## The navigation.
frame-start = Start
frame-home = Home
frame-overview = Overview
frame-set-up = Set up
frame-customers = All customers
frame-registrations = Registrations
frame-tenants = Tenants
frame-events = Events
frame-jobs = Jobs
frame-connect = Amazon Connect
frame-keys = Keys
frame-billing = Billing
frame-usage = Usage
frame-subscription = Subscription
frame-account = Account
frame-people = People
frame-api-keys = API keys
frame-activity = Activity
frame-choose-account = Choose an account
frame-help-group = Help
frame-docs = Docs
