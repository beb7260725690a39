"""The SES operations, one rule a function."""
import uuid

from peer import checks, same


def _send(peer, sender=None, rude=False, **more):
    client = peer.client("sesv2", rude)
    to = f"oracle-{uuid.uuid4().hex[:12]}@example.com"
    content = {"Simple": {"Subject": {"Data": "Grüße", "Charset": "UTF-8"}, "Body": {"Text": {"Data": "Good morning"}}}}
    arguments = {"FromEmailAddress": sender or peer.mail_from, "Destination": {"ToAddresses": [to]}, "Content": content, **more}
    return to, client.send_email(**arguments)


def a_mail_of_a_verified_sender_arrives(peer):
    to, sent = _send(peer, sender=f"Payphone <{peer.mail_from}>")
    [mail] = peer.mails(to)
    same((mail["subject"], mail["body"], mail["messageId"]), ("Grüße", "Good morning", sent["MessageId"]))


def an_unverified_sender_is_rejected(peer):
    error = peer.refused("MessageRejected", _send, peer=peer, sender="someone@elsewhere.example")
    assert "Email address is not verified" in str(error), error


def a_mail_needs_a_recipient_and_a_body(peer):
    for more in ({"Destination": {}}, {"Content": {"Simple": {"Subject": {"Data": "x"}, "Body": {}}}}):
        peer.refused("BadRequestException", _send, peer=peer, rude=True, **more)


def the_account_tells_whether_it_may_send(peer):
    account = peer.client("sesv2").get_account()
    same((account["ProductionAccessEnabled"], account["SendingEnabled"]), (True, True))
    assert account["SendQuota"]["Max24HourSend"] > 0, account


CHECKS = checks(globals())
