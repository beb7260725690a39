# The set-up and the overview.
