# Usage: the chart, the hours, their stories, the expected bill.

usage-title = Usage
usage-what = What was used, what AWS accepted, hour by hour.
usage-what-test = What was tried out in test mode, hour by hour. It is listed at AWS at no price.
usage-billed = How you are billed
usage-refresh = Refresh
usage-ended = Usage is no longer taken; the last hours are still sent to AWS.
usage-bad-filter = The address asks for a { $name } that does not exist. Open Usage again and choose from the lists.

usage-dimension = Dimension
usage-quantity = Quantity
usage-state = State
usage-units = Units
usage-month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}

## The numbers on top.
usage-tile-used = Used this hour
usage-tile-counting = units since { $start } UTC, still counting
usage-tile-last = units since { $start } UTC, in the last hour
usage-tile-none = no usage is taken any more
usage-tile-accepted = Accepted by AWS, 7 days
usage-tile-records = { $count ->
    [one] units in { $count } hourly record
   *[other] units in { $count } hourly records
}
usage-tile-waiting = Waiting to be accepted
usage-tile-settled = every finished hour is settled
usage-tile-soon = { $count ->
    [one] units in { $count } hourly record, sent within minutes
   *[other] units in { $count } hourly records, sent within minutes
}
usage-tile-not-taken = Not taken by AWS, 7 days
usage-tile-nothing = nothing late, nothing refused
usage-tile-not-billed = { $count ->
    [one] units in { $count } hourly record, not billed
   *[other] units in { $count } hourly records, not billed
}
usage-tile-looked-into = { $count ->
    [one] units in { $count } hourly record; we are looking into { $some } of them
   *[other] units in { $count } hourly records; we are looking into { $some } of them
}

## The chart.
usage-chart-heading = { $what } { $hours ->
    [1] by the hour
    [6] by six hours
   *[24] by the day
}
usage-chart-as-of = By where they stand at AWS, as of { $at }
usage-chart-range = How far back
usage-chart-48-hours = 48 hours
usage-chart-7-days = 7 days
usage-chart-30-days = 30 days
usage-chart-accepted = accepted
usage-chart-contract = in your contract
usage-chart-on-its-way = on its way
usage-chart-open = open
usage-chart-not-taken = not taken
usage-chart-stretch = { $hours ->
    [1] Hour (UTC)
    [6] Six hours (UTC)
   *[24] Day (UTC)
}
usage-chart-bar = { $from } to { $until }
usage-chart-says = { $what } { $hours ->
    [1] an hour
    [6] in six hours
   *[24] a day
}, from { $from } to { $until } UTC: { $sums }.
usage-chart-most = The most: { $count }, { $bar }.
usage-chart-empty = Nothing was used, from { $from } to { $until } UTC.

## The expected bill.
usage-bill-month = { $month } { $year }
usage-bill-heading = Expected bill, { $month }
usage-bill-heading-no-prices = On the bill of { $month }
usage-bill-included = { $count ->
    [one] { $count } unit is covered by your contract, and billed by it alone.
   *[other] { $count } units are covered by your contract, and billed by it alone.
}
usage-bill-trial = You have a free trial. While it lasts, AWS charges nothing for usage, and the bill is smaller than this. { $link } has its last day.
usage-bill-terms = Expected at the public list price, before discounts and tax. A private offer has prices of its own, and AWS bills by those: { $offer } says which.
usage-bill-terms-no-prices = AWS bills at the price of your offer, which Payphone is not told. { $offer } has it.
usage-bill-offer = Your offer in AWS Marketplace
usage-bill-table = Expected bill
usage-bill-caption = Hours of this month (UTC). An hour that is still open is not in it yet.
usage-bill-accepted = Accepted
usage-bill-accepted-by = Accepted by AWS
usage-bill-on-its-way = On its way
usage-bill-price = List price
usage-bill-expected = Expected
usage-bill-together = Together
usage-bill-no-price = none
usage-bill-not-known = not known

## The table of hours.
usage-hours = Hours
usage-hours-csv = Export all these hours (CSV)
usage-states = What the states mean
usage-means-open = Still counting.
usage-means-sealed = Closed, not sent yet.
usage-means-sending = Sent; AWS’s answer is not known yet.
usage-means-accepted = AWS has it, and bills it.
usage-means-included = Covered by your contract: counted and shown, not sent.
usage-means-not-subscribed = AWS says that there is no active agreement. It is not billed.
usage-means-expired = AWS’s time was over before it was accepted. It is not billed.
usage-means-conflict = AWS holds another quantity for this hour. We look into it.
usage-means-rejected = AWS refuses this very record. We look into it.
usage-means-held = AWS answered something that we do not know. We look into it.
usage-hours-all-states = All states
usage-hours-all-dimensions = All dimensions
usage-hours-caption-newest = Newest first. A sealed hour never changes; late usage joins the next open hour. Each hour leads to its story.
usage-hours-caption-oldest = Oldest first. A sealed hour never changes; late usage joins the next open hour. Each hour leads to its story.
usage-hours-hour = Hour (UTC)
usage-hours-aws-record = AWS record
usage-hours-attempts = Attempts
usage-hours-changed = Changed
usage-hours-changed-utc = Changed (UTC)
usage-hours-pages = Pages
usage-hours-newest = Newest
usage-hours-older = Older
usage-hours-oldest = Oldest
usage-hours-newer = Newer
usage-hours-no-match = No hour matches. { $all }.
usage-hours-no-match-all = Show all hours
usage-hours-none-ended = No hour was counted.
usage-hours-none = No hour has been counted yet. The first one appears with the first usage event, or when the first hour of the subscription has passed.
usage-hours-none-test = Nothing was tried out yet. The first hour appears with the first usage event under a test key.

usage-state-open = open
usage-state-sealed = sealed
usage-state-sending = sending
usage-state-accepted = accepted
usage-state-not-subscribed = not subscribed
usage-state-expired = too late for AWS
usage-state-conflict = conflict
usage-state-rejected = refused by AWS
usage-state-held = held
usage-state-included = in your contract
usage-state-nothing-lost = Nothing was used in this hour, so nothing is to be done.

## How the first event is sent.
usage-example = Send a usage event
usage-example-how = Paste this into a terminal. It counts one payment, and pasting the same text twice still counts one. { $variable } must hold an API key with the scope { $scope }; { $make } if you have none.
usage-example-make = make one
usage-example-command = command

## The story of one hour.
usage-record-title = Hour
usage-record-back = Back to usage
usage-record-heading = { $day } { $month } { $year }, { $from } to { $until } UTC
usage-record-what = { $what } in this hour
usage-record-states = States of an hour
usage-record-happened = What happened
usage-record-facts = The record
usage-record-hour = Hour
usage-record-aws = AWS's record
usage-record-aws-none = none
usage-record-aws-none-yet = none yet
usage-record-ours = Our record
usage-record-licence = Licence
usage-record-changed = Last change

usage-made-of = What it is made of
usage-made-of-caption = Usage events billed in this hour, by their type.
usage-made-of-type = Type
usage-made-of-events = Events
usage-made-of-late = Late
usage-made-of-of-them-late = Of them late

usage-sendings = Sendings
usage-sendings-all = Each is written down before it is made.
usage-sendings-last = The last { $most }; { $count } before them are left out.
usage-sendings-number = No.
usage-sendings-sent = Sent (UTC)
usage-sendings-answered = Answered
usage-sendings-answered-utc = Answered (UTC)
usage-sendings-answer = Answer
usage-sendings-no-answer = no answer

usage-story-counted = Counted
usage-story-nothing = Nothing was used.
usage-story-units = { $count ->
    [one] { $count } unit.
   *[other] { $count } units.
}
usage-story-units-in-events = { $count ->
    [one] { $count } unit
   *[other] { $count } units
} in { $events ->
    [one] { $events } event
   *[other] { $events } events
}.
usage-story-late = { $count ->
    [one] { $count } unit came too late for an earlier hour, which was sealed already.
   *[other] { $count } units came too late for an earlier hour, which was sealed already.
}
usage-story-still-counting = It is still counting.
usage-story-sealed = Sealed
usage-story-sealed-later = Some minutes after the hour is over. From then on its quantity never changes.
usage-story-sealed-done = From here on its quantity never changed.
usage-story-sealed-not-kept = It is closed. When it was sealed is not kept.
usage-story-included = In your contract
usage-story-included-means = Your contract covers these units: they are counted and shown, and AWS is not told.
usage-story-sent = Sent to AWS
usage-story-sent-soon = It is sent within minutes.
usage-story-sent-never = It was never sent.
usage-story-sent-later = It is sent once it is sealed.
usage-story-sent-once = Once.
usage-story-sent-times = { $count } times, always the same record: AWS counts it once. The first time:
usage-story-accepted = Accepted by AWS
usage-story-answer = AWS's answer
usage-story-answer-until = AWS takes it until { $until } UTC.
usage-story-answer-accepted = AWS has it, and bills it at the price of your offer.
usage-story-answer-open = AWS's answer is not known yet. The same record is sent again until it is.
usage-story-answer-ended = It ended as: { $state }.
