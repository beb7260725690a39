"""The SQS operations of a consumer, one rule a function; botocore checks every MD5 by itself."""
import json
import uuid

from peer import checks, same


def _queue(peer, **attributes):
    client = peer.client("sqs")
    url = client.create_queue(QueueName=f"oracle-{uuid.uuid4().hex}", Attributes=attributes)["QueueUrl"]
    return client, url


def _receive(client, url, **more):
    return client.receive_message(QueueUrl=url, MaxNumberOfMessages=10, **more).get("Messages", [])


def a_queue_is_found_by_name_and_listed(peer):
    client, url = _queue(peer)
    name = url.rsplit("/", 1)[1]
    same(client.get_queue_url(QueueName=name)["QueueUrl"], url)
    assert url in client.list_queues(QueueNamePrefix=name[:20])["QueueUrls"]
    same(client.create_queue(QueueName=name)["QueueUrl"], url, "creating it again")


def a_queue_that_is_not_there_is_named_as_such(peer):
    client, url = _queue(peer)
    for call in (lambda: client.get_queue_url(QueueName="no-such-queue"), lambda: _receive(client, url + "x")):
        error = peer.refused(None, call)
        assert "NonExistentQueue" in str(error) or "QueueDoesNotExist" in str(error), error


def a_message_is_leased_and_then_deleted(peer):
    client, url = _queue(peer)
    attribute = {"kind": {"DataType": "String", "StringValue": "greeting"}}
    sent = client.send_message(QueueUrl=url, MessageBody="hello", MessageAttributes=attribute)
    [message] = _receive(client, url, MessageSystemAttributeNames=["All"], MessageAttributeNames=["All"])
    same((message["MessageId"], message["Body"]), (sent["MessageId"], "hello"))
    same(message["MessageAttributes"]["kind"]["StringValue"], "greeting")
    same(message["Attributes"]["ApproximateReceiveCount"], "1")
    same(_receive(client, url), [], "leased")
    client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    same(_receive(client, url), [], "deleted")


def a_lease_can_be_given_back(peer):
    client, url = _queue(peer)
    client.send_message(QueueUrl=url, MessageBody="again")
    [first] = _receive(client, url)
    client.change_message_visibility(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"], VisibilityTimeout=0)
    [second] = _receive(client, url, MessageSystemAttributeNames=["ApproximateReceiveCount"])
    same((second["MessageId"], second["Attributes"]["ApproximateReceiveCount"]), (first["MessageId"], "2"))


def batches_answer_entry_by_entry(peer):
    client, url = _queue(peer)
    entries = [{"Id": str(number), "MessageBody": f"message {number}"} for number in range(10)]
    same(sorted(entry["Id"] for entry in client.send_message_batch(QueueUrl=url, Entries=entries)["Successful"]), list("0123456789"))
    messages = _receive(client, url)
    same(len(messages), 10)
    handles = [{"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]} for number, message in enumerate(messages)]
    back = [{**handle, "VisibilityTimeout": 60} for handle in handles[:2]]
    same(len(client.change_message_visibility_batch(QueueUrl=url, Entries=back)["Successful"]), 2)
    answer = client.delete_message_batch(QueueUrl=url, Entries=[*handles[:9], {"Id": "x", "ReceiptHandle": "made up"}])
    same(sorted(entry["Id"] for entry in answer["Successful"]), list("012345678"))
    [failure] = answer["Failed"]
    same((failure["Id"], failure["SenderFault"]), ("x", True))
    left = client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    same((left["ApproximateNumberOfMessages"], left["ApproximateNumberOfMessagesNotVisible"]), ("0", "1"))


def a_batch_has_one_to_ten_entries_with_distinct_ids(peer):
    client, url = _queue(peer)
    for ids in ([], range(11), [1, 1]):
        entries = [{"Id": str(number), "MessageBody": "x"} for number in ids]
        rude = peer.client("sqs", rude=True)
        peer.refused(None, rude.send_message_batch, QueueUrl=url, Entries=entries)
    same(_receive(client, url), [])


def attributes_can_be_set(peer):
    client, url = _queue(peer, VisibilityTimeout="5")
    client.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "7"})
    found = client.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout", "QueueArn"])["Attributes"]
    same(found["VisibilityTimeout"], "7")
    assert found["QueueArn"].startswith("arn:aws:sqs:us-east-1:"), found


def a_message_received_too_often_moves_to_the_dead_letter_queue(peer):
    client, dead = _queue(peer)
    arn = client.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 2})
    client, url = _queue(peer, RedrivePolicy=policy, VisibilityTimeout="0")
    client.send_message(QueueUrl=url, MessageBody="poison")
    same([len(_receive(client, url)) for _ in range(3)], [1, 1, 0])
    same([message["Body"] for message in _receive(client, dead)], ["poison"])


def purged_and_deleted_queues_are_empty_and_gone(peer):
    client, url = _queue(peer)
    client.send_message(QueueUrl=url, MessageBody="x")
    client.purge_queue(QueueUrl=url)
    same(_receive(client, url), [])
    client.delete_queue(QueueUrl=url)
    peer.refused(None, lambda: _receive(client, url))


def a_purchase_announces_itself_on_the_event_queue(peer):
    bought = peer.buy()
    client = peer.client("sqs")
    url = client.get_queue_url(QueueName=peer.queue)["QueueUrl"]
    types = set()
    for _ in range(100):
        messages = _receive(client, url)
        for message in messages:
            event = json.loads(message["Body"])
            assert {"version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"} <= event.keys(), event
            if bought["agreementId"] in message["Body"] or bought["licenseArn"] in message["Body"]:
                types.add(event["detail-type"].split(" - ")[0])
        if not messages:
            break
    assert any("Created" in kind for kind in types) and any("License Updated" in kind for kind in types), types


CHECKS = checks(globals())
