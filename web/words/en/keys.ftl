# Key pairs and API keys.

keys-title = Keys
keys-intro = Amazon Connect encrypts card digits under these. It holds two at a time, so a key can be changed without losing a call.
keys-docs = Connect Amazon Connect
keys-refresh = Refresh
keys-ended = These keys are no longer in use.
keys-slot-a = Slot A
keys-slot-b = Slot B
keys-in-use = in use
keys-being-replaced = being replaced
keys-being-made = being made
keys-free = free
keys-over = no longer in use
keys-empty = empty
keys-being-made-wait = Your key pair is being made. This takes a few seconds; the page looks again by itself.
keys-over-none = There is no key here.
keys-free-until = Stays free until you change keys. The old key is then kept until the last call that needs it is over.
keys-none-live = You have no live key pair yet: live cards are not taken before you go live. Your test keys are under Test.
keys-id = Key id
keys-fingerprint = Fingerprint
keys-type = Type
keys-connect-id = Connect key id
keys-connect-id-unknown = not known yet
keys-from = from { $at }
keys-until = { $days ->
    [one] until { $at } (1 day)
   *[other] until { $at } ({ $days } days)
}
keys-until-over = until { $at } (over)
keys-last-used = Last used
keys-never = never
keys-public = Public key
keys-public-length = { $length } of { $most } characters
keys-public-download = Download public key
keys-public-where = For the instance: Amazon Connect console → your instance → Flows → Flow security keys → Add key. Amazon Connect then shows the key's id, which the flow needs as well.
keys-certificate = Certificate
keys-certificate-download = Download certificate
keys-certificate-where = For the flow: in the { $block } block choose Encrypt entry, and paste the certificate with the key's id from Amazon Connect.
keys-public-show = Show the public key
keys-certificate-show = Show the certificate
keys-public-copy = public key
keys-certificate-copy = certificate
keys-id-copy = key id
keys-fingerprint-copy = fingerprint

## A certificate that needs somebody.
keys-certificate-ends = The certificate of your { $mode } key ends on { $day }
keys-certificate-ended = The certificate of your { $mode } key ended on { $day }
keys-certificate-ending = certificate ends soon
keys-certificate-over = certificate has ended
keys-certificate-ending-do = Amazon Connect wants a certificate that is valid. Write to { $support } for a new key pair, and put its certificate into your flows before that day.
keys-certificate-over-do = Amazon Connect may refuse to encrypt under it. Write to { $support } for a new key pair, and put its certificate into your flows.

api-keys-title = API keys
api-keys-intro = Your integrations say who they are with these. We keep a fingerprint of each, never the key.
api-keys-docs = API keys and scopes
api-keys-ended = Usage is no longer taken under any key, and no new key can be made.
api-keys-yours-test = Your test keys
api-keys-yours-live = Your live keys
api-keys-none = There is no test key.
api-keys-none-yet = There is no test key yet. Make the first one below.
api-keys-none-live = There is no live key.
api-keys-none-live-yet = There is no live key yet. Make the first one below once your test calls work.
api-keys-none-like-that = No key is like that.
api-keys-show-all = Show all
api-keys-any = Any
api-keys-used = In use
api-keys-revoked = Revoked
api-keys-newest = Newest first. A revoked key stays in the list and is refused.
api-keys-oldest = Oldest first. A revoked key stays in the list and is refused.
api-keys-by-name = By name. A revoked key stays in the list and is refused.
api-keys-name = Name
api-keys-mode = Mode
api-keys-begins = Begins with
api-keys-may = May
api-keys-made = Made
api-keys-last-used = Last used
api-keys-never = never
api-keys-state = State
api-keys-in-use = in use
api-keys-revoked-at = Revoked { $at }
api-keys-action = Action
api-keys-choose = Choose
api-keys-choose-which = Choose { $name }
api-keys-revoke-chosen = Revoke the chosen…
api-keys-revoke-chosen-hint = You are asked once more before anything happens.

## What was just done.
api-keys-done-nothing = No key that is in use was chosen, so nothing was revoked.
api-keys-done-revoked = { $more ->
    [0] “{ $name }” is revoked. Nothing is accepted under it any more.
   *[other] “{ $name }” and { $more } more are revoked. Nothing is accepted under them any more.
}

## Making one.
api-keys-make = Make an API key
api-keys-make-name-hint = What will use it, such as “billing server”.
api-keys-make-test = This makes a test key, for trying out: test usage is listed at no price. For a live key, choose Live at the top.
api-keys-make-live = This makes a live key: what it sends counts towards your AWS bill. For a test key, choose Test at the top.
api-keys-make-test-button = Make test key
api-keys-make-live-button = Make live key
api-keys-make-mode-missing = Choose test or live.
api-keys-make-scopes = What it may do
api-keys-scope-usage-write = Send usage events.
api-keys-scope-usage-read = Read usage and what AWS accepted.
api-keys-scope-capture = Take cards from a call: the Amazon Connect Lambda (for a later version).
api-keys-scope-payments-read = Read payments (for a later version).
api-keys-scope-payments-write = Refund, capture and void payments (for a later version).
api-keys-scope-admin-read = Read everything an administrator can read.
api-keys-new = New API key
api-keys-new-copy = Copy your API key now
api-keys-new-once = This is the only time it is shown. If it gets lost, revoke it and make another.
api-keys-new-docs = Send usage events
api-keys-new-secret = API key
api-keys-new-test = It is a test key: usage it sends is listed at no price.
api-keys-new-live = It is a live key: usage it sends counts towards your AWS bill.
api-keys-new-copied = I have copied it
api-keys-try = Try it
api-keys-try-how = Paste this into a terminal. It sends one usage event; the answer says { $accepted }, and { $usage } shows it.
api-keys-try-usage = Usage
api-keys-try-command = command

## The questions before revoking.
api-keys-revoke = Revoke
api-keys-revoke-which = Revoke { $name }
api-keys-revoke-title = Revoke an API key
api-keys-revoke-question = Revoke “{ $name }”?
api-keys-revoke-means = Whatever uses this key is refused from that moment on. It cannot be undone.
api-keys-revoke-docs = Change a key without a gap
api-keys-revoke-about = The key
api-keys-revoke-yes = Revoke the key
api-keys-revoke-no = Keep it
api-keys-several-title = Revoke API keys
api-keys-several-question = { $count ->
    [one] Revoke one key?
   *[other] Revoke { $count } keys?
}
api-keys-several-means = Whatever uses these keys is refused from that moment on. It cannot be undone.
api-keys-several-about = The chosen keys
api-keys-several-all = All of them or none.
api-keys-several-yes = Revoke all of these
api-keys-several-no = Keep them
