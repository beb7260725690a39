#!/usr/bin/env python3
"""Check the checks: pinned requirements are what is installed, vectors open with their keys, wire_check finds what it must find.

    self_check.py

Prints one line a failure and a last line of totals; exit 0 if all passed, 1 otherwise.
"""
import base64
import importlib.metadata
import json
import logging
import pathlib
import re
import sys

import aws_encryption_sdk
from aws_encryption_sdk import CommitmentPolicy
from aws_encryption_sdk.identifiers import EncryptionKeyType, WrappingAlgorithm
from aws_encryption_sdk.internal.crypto.wrapping_keys import WrappingKey
from aws_encryption_sdk.key_providers.raw import RawMasterKey, RawMasterKeyConfig

import connect_encrypt
import deploy_check
import wire_check

HERE = pathlib.Path(__file__).parent
HOUR = 1_767_225_600
GOOD = {"LicenseArn": "arn:aws:license-manager::294406891311:license:l-0123456789abcdef0123456789abcdef", "Quantity": 3,
        "CustomerAWSAccountId": "123456789012", "Dimension": "payments", "Timestamp": HOUR}


def requirements_are_pinned_and_installed():
    for line in (HERE / "requirements.txt").read_text().splitlines():
        name, version = re.fullmatch(r"([a-z0-9-]+)==([0-9.]+)", line).groups()
        found = importlib.metadata.version(name)
        assert found == version, f"{name} is {found}, pinned to {version}"


def _decrypt(entry, message):
    """Opens a message with the private key that stands beside it."""
    key = WrappingKey(wrapping_algorithm=WrappingAlgorithm.RSA_OAEP_SHA512_MGF1,
                      wrapping_key=entry["private_pkcs8_pem"].encode(), wrapping_key_type=EncryptionKeyType.PRIVATE)
    provider = RawMasterKey(config=RawMasterKeyConfig(key_id=entry["key_id"], provider_id="AmazonConnect", wrapping_key=key))
    client = aws_encryption_sdk.EncryptionSDKClient(commitment_policy=CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT)
    return client.decrypt(source=base64.b64decode(message), key_provider=provider)[0].decode()


def _vectors():
    return json.loads((HERE / "vectors" / "connect_messages.json").read_text())


def vectors_open_with_their_keys():
    suites = set()
    for entry in _vectors():
        for message in entry["messages"]:
            assert _decrypt(entry, message["base64"]) == message["plaintext"], message["suite"]
            suites.add((entry["rsa_bits"], message["suite"]))
    assert len(suites) == 6, f"two key sizes and three suites, found {sorted(suites)}"


def what_connect_encrypt_makes_opens_again():
    for entry in _vectors():
        for suite in ("0378", "0178"):
            pem = connect_encrypt.public_key_pem(entry["cert_pem"].encode())
            made = connect_encrypt.encrypt("4111111111111111", pem, entry["key_id"], suite)
            assert _decrypt(entry, made) == "4111111111111111"


def the_real_sample_is_a_message_of_connect():
    message = base64.b64decode((HERE / "vectors" / "connect_real_sample.b64").read_text())
    assert message[:3] == bytes.fromhex("018003"), "version 1, customer data, suite 0378 begins"
    assert b"aws-crypto-public-key" in message and b"AmazonConnect" in message


def _findings(*records, **more):
    request = {"service": "meteringmarketplace", "operation": "BatchMeterUsage", "body": {"UsageRecords": list(records), **more}}
    return list(wire_check.check(request))


def wire_check_passes_a_proper_request():
    found = _findings(GOOD)
    assert not found, found


def wire_check_finds_each_broken_rule():
    cases = {
        "not a whole UTC hour": [{**GOOD, "Timestamp": HOUR + 1}],
        "at most 25": [{**GOOD, "Timestamp": HOUR + 3600 * number} for number in range(26)],
        "second record for the same": [GOOD, GOOD],
        "CustomerIdentifier present": [{**GOOD, "CustomerIdentifier": ""}],
        "without CustomerAWSAccountId": [{key: value for key, value in GOOD.items() if key != "CustomerAWSAccountId"}],
        "neither LicenseArn": [{key: value for key, value in GOOD.items() if key != "LicenseArn"}],
        "both Quantity and": [{**GOOD, "QuantityAsDecimal": "3"}],
        "not a member of": [{**GOOD, "Invented": 1}],
        "allocations do not add up": [{**GOOD, "UsageAllocations": [{"AllocatedUsageQuantity": 2}]}],
    }
    for expected, records in cases.items():
        found = _findings(*records)
        assert any(expected in finding for finding in found), f"{expected!r} is not in {found}"
    assert any("bills twice" in finding for finding in _findings(GOOD, ProductCode="payphone-demo"))


def deploy_check_finds_containers_that_are_open_and_planes_that_meet():
    cases = {
        "read_only": lambda services: services["control"].update(read_only=False),
        "privileged": lambda services: services["card"].update(privileged=True),
        "core dumps": lambda services: services["card"].update(ulimits={}),
        "has no version": lambda services: services["control"].update(image="payphone:latest"),
        "not shipped": lambda services: services["control"]["environment"].update(PAYPHONE__DATABASE__URL="x"),
        "open to everybody": lambda services: services["card"].update(ports=["8090:8090"]),
        "can be written to": lambda services: services["card"].update(volumes=["./etc/card:/etc/payphone-card"]),
        "both planes see": lambda services: services["control"]["volumes"].append("card-data:/elsewhere"),
        "both planes are on": lambda services: services["control"]["networks"].append("card"),
    }
    for expected, change in cases.items():
        document = deploy_check.shipped_compose()
        change(document["services"])
        found = list(deploy_check.compose(document))
        assert any(expected in finding for finding in found), f"{expected!r} is not in {found}"
    document = deploy_check.shipped_compose()
    document["networks"]["peer"] = {}
    assert list(deploy_check.compose(document)) == ["`peer` leads out"]


def deploy_check_reads_the_metrics_of_an_expression():
    expression = 'sum by (job) (rate(a_total{job="b_total",route!~"/c"}[5m])) / max(d_seconds) > 0.1 and time() - e > 2 * 86400'
    assert deploy_check.metrics_of(expression) == {"a_total", "d_seconds", "e"}


def main() -> int:
    logging.disable(logging.CRITICAL)
    failed = 0
    checks = [value for name, value in globals().items() if callable(value) and getattr(value, "__module__", "") == __name__
              and not name.startswith("_") and name != "main"]
    for check in checks:
        try:
            check()
        except Exception as error:  # a check may fail in any way; the others still run
            failed += 1
            print(f"{check.__name__}: {type(error).__name__}: {error}")
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
