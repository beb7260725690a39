# The subscription.
