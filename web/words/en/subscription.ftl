# The subscription.

subscription-title = Subscription
subscription-what = What was bought in AWS Marketplace. AWS sends the bill; prices are those of the offer that was accepted there.
subscription-docs = How you are billed
subscription-see-usage = See usage
subscription-ended = Usage is no longer taken; the last hours are still sent to AWS.
subscription-costs = What it costs
subscription-question = A question about a bill, or a refund
subscription-question-answer = Every hour that AWS was told about is on the usage page, with AWS's own record of it. If one looks wrong, write to { $support } with the hour and the agreement: refunds are made through AWS, and appear on its next bill.

## One licence.
subscription-licence-waiting = waiting for AWS
subscription-licence-in-force = in force
subscription-licence-ended = ended
subscription-by-usage = Pay as you go
subscription-by-usage-means = By the hour: AWS is told after each hour what was used in it.
subscription-by-contract = Contract
subscription-by-contract-means = Paid ahead for a term. What is used is counted and shown, and none of it is billed by the hour.
subscription-not-said = Subscription
subscription-not-said-means = AWS has not said yet how it is paid for. That takes a few minutes after the purchase.
subscription-facts-since = In force since
subscription-facts-ended = Ended
subscription-facts-agreement = Agreement
subscription-facts-account = AWS account
subscription-facts-account-ending = ending { $digits }
subscription-facts-licence = Licence id
subscription-facts-arn = Licence ARN
subscription-arn-copy = licence ARN
subscription-facts-product = Product code
subscription-trial = Free trial
subscription-trial-means = It began with one. While it lasts, AWS prices what is used at nothing; then the offer's prices hold, without anything to do. { $link } has its last day.
subscription-entitled = Entitled to
subscription-entitled-at = AWS said so { $at }
subscription-entitled-again = Load this page again to ask once more.
subscription-entitled-to-nothing = Nothing that AWS names now.
subscription-entitlement = { $dimension }: { $value }
subscription-entitlement-until = { $dimension }: { $value }, until { $at } at least; a contract that renews itself goes on

## What the month has of it.
subscription-used = Used in { $month }
subscription-used-payments = { $count ->
    [one] { $count } payment
   *[other] { $count } payments
}
subscription-used-captures = { $count ->
    [one] { $count } capture
   *[other] { $count } captures
}
subscription-used-test-payments = { $count ->
    [one] { $count } test payment
   *[other] { $count } test payments
}
subscription-used-at = { $units } at { $price }
subscription-used-included = { $count ->
    [one] { $count } unit in your contract
   *[other] { $count } units in your contract
}
subscription-expected = Expected so far
subscription-expected-trial = { $amount } at the list price, and nothing for what falls into the free trial
subscription-expected-means = { $amount }, before discounts and tax

## What whoever thinks of cancelling asks.
subscription-cancel = To cancel
subscription-cancel-open = Open AWS Marketplace in the AWS console, in the account that subscribed, and choose { $link }.
subscription-cancel-choose = Choose Payphone, then Actions, then Cancel subscription. A contract is not cancelled: switch off its automatic renewal there, and it ends with its term.
subscription-cancel-then = AWS tells us within minutes, and this page says so.
subscription-ends = What ends when
subscription-ends-at-once = At once
subscription-ends-at-once-means = No more usage is taken, and no new API key can be made.
subscription-ends-hour = Within the hour
subscription-ends-hour-means = What was used before the end is sent to AWS, for the last bill.
subscription-ends-later = Later
subscription-ends-later-means = You can still sign in, read and export everything. Subscribing again gives you a new licence, which you can bring into this account.
