"""The KMS operations, one rule a function."""
from peer import checks, same

CONTEXT = {"purpose": "oracle", "key": "key_1", "holder": "pool"}


def _key(peer):
    client = peer.client("kms")
    return client, client.create_key(Description="oracle")["KeyMetadata"]["Arn"]


def _sealed(client, key):
    return client.encrypt(KeyId=key, Plaintext=b"data key", EncryptionContext=CONTEXT)["CiphertextBlob"]


def a_ciphertext_opens_with_its_key_and_its_context(peer):
    client, key = _key(peer)
    blob = _sealed(client, key)
    opened = client.decrypt(KeyId=key, CiphertextBlob=blob, EncryptionContext=dict(reversed(CONTEXT.items())))
    same((opened["Plaintext"], opened["KeyId"]), (b"data key", key))
    assert b"data key" not in blob and blob != _sealed(client, key), "two ciphertexts are never the same"


def another_context_key_or_byte_does_not_open_it(peer):
    (client, key), (_, other) = _key(peer), _key(peer)
    blob = _sealed(client, key)
    for context in ({}, {**CONTEXT, "holder": "other"}, {**CONTEXT, "more": "x"}):
        peer.refused("InvalidCiphertextException", client.decrypt, KeyId=key, CiphertextBlob=blob, EncryptionContext=context)
    changed = blob[:-1] + bytes([blob[-1] ^ 1])
    peer.refused("InvalidCiphertextException", client.decrypt, KeyId=key, CiphertextBlob=changed, EncryptionContext=CONTEXT)
    peer.refused("IncorrectKeyException", client.decrypt, KeyId=other, CiphertextBlob=blob, EncryptionContext=CONTEXT)


def a_key_that_is_disabled_or_about_to_go_serves_nobody(peer):
    client, key = _key(peer)
    blob = _sealed(client, key)
    asked = {"KeyId": key, "CiphertextBlob": blob, "EncryptionContext": CONTEXT}
    client.disable_key(KeyId=key)
    peer.refused("DisabledException", client.decrypt, **asked)
    client.enable_key(KeyId=key)
    same(client.decrypt(**asked)["Plaintext"], b"data key")
    same(client.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)["KeyState"], "PendingDeletion")
    peer.refused("KMSInvalidStateException", client.decrypt, **asked)
    client.cancel_key_deletion(KeyId=key)
    same(client.describe_key(KeyId=key)["KeyMetadata"]["KeyState"], "Disabled")


def a_key_that_is_not_there_is_not_found(peer):
    client, key = _key(peer)
    missing = key[:-1] + ("0" if key[-1] != "0" else "1")
    peer.refused("NotFoundException", client.describe_key, KeyId=missing)
    peer.refused("NotFoundException", client.encrypt, KeyId=missing, Plaintext=b"x")


CHECKS = checks(globals())
