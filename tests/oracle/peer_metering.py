"""STS, ResolveCustomer and BatchMeterUsage, one rule a function."""
import datetime
import re

import botocore.exceptions

from peer import HOUR, checks, same


def caller_identity_has_account_arn_and_user(peer):
    identity = peer.client("sts").get_caller_identity()
    assert re.fullmatch(r"\d{12}", identity["Account"]), identity
    assert identity["Arn"].startswith("arn:aws:"), identity
    assert identity["UserId"], identity


def a_token_resolves_to_product_account_licence_and_agreement(peer):
    bought = peer.buy()
    answer = peer.client("meteringmarketplace").resolve_customer(RegistrationToken=bought["registrationToken"])
    same(answer["CustomerAWSAccountId"], bought["accountId"])
    same(answer["LicenseArn"], bought["licenseArn"])
    same(answer["Metadata"]["AgreementId"], bought["agreementId"])
    assert re.fullmatch(r"[-a-zA-Z0-9/=:_.@]+", answer["ProductCode"]), answer
    assert not answer.get("CustomerIdentifier"), "a new product has no customer identifier"


def a_token_resolves_again_with_the_same_answer(peer):
    token = peer.buy()["registrationToken"]
    client = peer.client("meteringmarketplace")
    first, second = (client.resolve_customer(RegistrationToken=token) for _ in range(2))
    first.pop("ResponseMetadata"), second.pop("ResponseMetadata")
    same(second, first)


def a_text_that_is_no_token_is_invalid(peer):
    peer.refused("InvalidTokenException", peer.client("meteringmarketplace").resolve_customer, RegistrationToken="not-a-token")


def a_token_expires_after_four_hours(peer):
    token = peer.buy()["registrationToken"]
    client = peer.client("meteringmarketplace")
    peer.advance(4 * 3600 - 60)
    client.resolve_customer(RegistrationToken=token)
    peer.advance(61)
    peer.refused("ExpiredTokenException", client.resolve_customer, RegistrationToken=token)


def a_record_is_taken_once_and_echoed(peer):
    bought = peer.buy()
    record = peer.record(bought, 7)
    answer = peer.meter(record)
    same(answer["UnprocessedRecords"], [])
    [result] = answer["Results"]
    same(result["Status"], "Success")
    assert result["MeteringRecordId"], result
    for member, value in record.items():
        same(result["UsageRecord"][member], value, member)
    [line] = peer.books(bought)
    same((line["quantity"], line["meteringRecordId"]), (7, result["MeteringRecordId"]))


def zero_is_a_quantity(peer):
    same(peer.meter(peer.record(peer.buy(), 0))["Results"][0]["Status"], "Success")


def an_identical_record_keeps_its_first_id(peer):
    record = peer.record(peer.buy(), 5)
    [first], [second] = (peer.meter(record)["Results"] for _ in range(2))
    same(second["MeteringRecordId"], first["MeteringRecordId"])
    assert second["Status"] in ("Success", "DuplicateRecord"), second


def another_quantity_for_the_hour_is_a_duplicate_and_the_first_stays(peer):
    bought = peer.buy()
    peer.meter(peer.record(bought, 5))
    same(peer.meter(peer.record(bought, 6))["Results"][0]["Status"], "DuplicateRecord")
    honoured = [line["quantity"] for line in peer.books(bought) if line["status"] == "Success"]
    same(honoured, [5])


def another_minute_of_the_hour_is_the_same_hour(peer):
    peer.advance(60)
    bought = peer.buy()
    peer.meter(peer.record(bought, 5))
    late = peer.record(bought, 6, Timestamp=peer.hour() + datetime.timedelta(seconds=30))
    same(peer.meter(late, rude=True)["Results"][0]["Status"], "DuplicateRecord")


def a_batch_takes_twenty_five_records_and_no_more(peer):
    bought = [peer.buy() for _ in range(26)]
    records = [peer.record(one) for one in bought]
    peer.refused(None, lambda: peer.meter(*records, rude=True))
    same([peer.books(one) for one in bought], [[]] * 26, "a refused batch writes nothing")
    same([result["Status"] for result in peer.meter(*records[:25])["Results"]], ["Success"] * 25)


def an_unknown_dimension_refuses_the_whole_batch(peer):
    bought = [peer.buy(), peer.buy()]
    records = [peer.record(bought[0]), peer.record(bought[1], Dimension="no-such-dimension")]
    peer.refused("InvalidUsageDimensionException", lambda: peer.meter(*records))
    same(peer.books(bought[0]), [])


def a_timestamp_is_neither_old_nor_in_the_future(peer):
    bought = peer.buy()
    for hours in (-25, 1):
        record = peer.record(bought, Timestamp=peer.hour() + hours * HOUR)
        peer.refused("TimestampOutOfBoundsException", lambda record=record: peer.meter(record))


def an_unknown_licence_is_not_subscribed(peer):
    bought = peer.buy()
    arn = bought["licenseArn"]
    unknown = arn[:-4] + ("0000" if not arn.endswith("0000") else "1111")
    same(peer.meter(peer.record(bought, LicenseArn=unknown))["Results"][0]["Status"], "CustomerNotSubscribed")


def a_licence_and_a_strangers_account_do_not_match(peer):
    mine, other = peer.buy(), peer.buy()
    stranger = peer.record(mine, CustomerAWSAccountId=other["accountId"])
    peer.refused("InvalidLicenseException", lambda: peer.meter(stranger))


def a_product_code_beside_a_licence_is_refused(peer):
    bought = peer.buy()
    code = bought["productCode"]
    peer.refused("InvalidProductCodeException", lambda: peer.meter(peer.record(bought), rude=True, ProductCode=code))
    same(peer.books(bought), [])


def one_of_two_quantities_must_go(peer):
    both = peer.record(peer.buy(), QuantityAsDecimal="1.5")
    peer.refused(None, lambda: peer.meter(both, rude=True))


def allocations_add_up_to_the_quantity(peer):
    bought = peer.buy()
    shares = [{"AllocatedUsageQuantity": share, "Tags": [{"Key": "team", "Value": str(share)}]} for share in (3, 4)]
    wrong = peer.record(bought, 8, UsageAllocations=shares)
    peer.refused("InvalidUsageAllocationsException", lambda: peer.meter(wrong, rude=True))
    same(peer.meter(peer.record(bought, 7, UsageAllocations=shares))["Results"][0]["Status"], "Success")


def an_ended_licence_has_one_last_hour(peer):
    early, late = peer.buy(), peer.buy()
    for bought in (early, late):
        peer.control(f"agreements/{bought['agreementId']}/end", {"status": "CANCELLED"})
    same(peer.meter(peer.record(early))["Results"][0]["Status"], "Success")
    ended_hour = peer.hour()
    peer.advance(3601)
    same(peer.meter(peer.record(late, Timestamp=ended_hour))["Results"][0]["Status"], "CustomerNotSubscribed")


def a_throttled_call_says_so_and_leaves_no_trace(peer):
    bought = peer.buy()
    peer.control("faults", {"operation": "BatchMeterUsage", "kind": "throttle", "count": 1})
    peer.refused("ThrottlingException", lambda: peer.meter(peer.record(bought)))
    same(peer.books(bought), [])
    same(peer.meter(peer.record(bought))["Results"][0]["Status"], "Success")


def a_lost_answer_has_had_its_effect(peer):
    bought = peer.buy()
    peer.control("faults", {"operation": "BatchMeterUsage", "kind": "lostAnswer", "count": 1})
    try:
        answer = peer.meter(peer.record(bought, 3))
    except botocore.exceptions.HTTPClientError:
        answer = None
    same(answer, None, "the answer is lost")
    [line] = peer.books(bought)
    same(peer.meter(peer.record(bought, 3))["Results"][0]["MeteringRecordId"], line["meteringRecordId"])


def unprocessed_records_come_back_and_can_be_sent_again(peer):
    records = [peer.record(peer.buy(), number) for number in range(6)]
    peer.control("faults", {"operation": "BatchMeterUsage", "kind": "partialBatch", "count": 1, "seed": 7})
    answer = peer.meter(*records)
    left = answer["UnprocessedRecords"]
    assert left, "a partial batch leaves something"
    same(len(left) + len(answer["Results"]), 6)
    same([result["Status"] for result in peer.meter(*left)["Results"]], ["Success"] * len(left))


CHECKS = checks(globals())
