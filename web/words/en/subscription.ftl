# The subscription.
subscription-arn-copy = licence ARN
