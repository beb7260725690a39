"""What the checks of boto3_peer.py share: clients, control routes, and how to expect an error."""
import datetime
import json
import urllib.parse
import urllib.request

import boto3
import botocore.config
import botocore.exceptions

HOUR = datetime.timedelta(hours=1)


def checks(namespace):
    """The functions of a module whose names are sentences about a rule, in the order they are written."""
    functions = [value for name, value in namespace.items() if callable(value) and not name.startswith("_")]
    return [function for function in functions if getattr(function, "__module__", None) == namespace["__name__"]]


def same(actual, expected, what=""):
    """Fails with both values."""
    assert actual == expected, f"{what}: expected {expected!r}, got {actual!r}" if what else f"expected {expected!r}, got {actual!r}"


def _disown(request, **_):
    """botocore appends its own name to whatever user agent is configured, so the header is replaced at the last moment."""
    request.headers["User-Agent"] = "rule-breaker/1"


class Peer:
    """aws-sim seen from outside."""

    def __init__(self, base_url, queue, dimension, user_pool, client_id, mail_from):
        self.base_url = base_url.rstrip("/")
        self.queue = queue
        self.dimension = dimension
        self.user_pool = user_pool
        self.client_id = client_id
        self.mail_from = mail_from

    def client(self, service, rude=False):
        """A boto3 client that does not retry; a rude one may break rules, and says in its user agent that it is none of ours."""
        config = botocore.config.Config(
            retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=30, parameter_validation=not rude,
            proxies={})
        client = boto3.client(service, endpoint_url=self.base_url, region_name="us-east-1", config=config)
        if rude:
            client.meta.events.register("before-sign", _disown)
        return client

    def control(self, path, body=None, method=None):
        """A control route: GET, or POST with a JSON body."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.base_url}/_sim/v1/{path}", data=data, method=method,
                                         headers={"Content-Type": "application/json"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text.strip() else None

    def now(self):
        """Business time."""
        return datetime.datetime.fromisoformat(self.control("clock")["now"].replace("Z", "+00:00"))

    def hour(self):
        """The hour that has begun."""
        return self.now().replace(minute=0, second=0, microsecond=0)

    def advance(self, seconds):
        self.control("clock", {"advanceSeconds": seconds})

    def buy(self, pricing="subscription", **more):
        """A new agreement of the listing."""
        return self.control("agreements", {"pricing": pricing, **more})

    def record(self, agreement, quantity=1, **more):
        """A usage record of the hour that has begun."""
        return {"Timestamp": self.hour(), "Dimension": self.dimension, "Quantity": quantity, "LicenseArn": agreement["licenseArn"],
                "CustomerAWSAccountId": agreement["accountId"], **more}

    def meter(self, *records, rude=False, **more):
        """BatchMeterUsage."""
        return self.client("meteringmarketplace", rude).batch_meter_usage(UsageRecords=list(records), **more)

    def books(self, agreement):
        """The lines of aws-sim's metering books for a licence."""
        items, cursor = [], None
        while True:
            page = self.control("metering-records" + (f"?cursor={urllib.parse.quote(str(cursor))}" if cursor else ""))
            items += [item for item in page["items"] if item["licenseArn"] == agreement["licenseArn"]]
            cursor = page["next"]
            if cursor is None:
                return items

    def mails(self, address):
        """What the mailbox holds for an address, oldest first."""
        return [mail for mail in self.control("mailbox")["items"] if mail["to"] == address]

    @staticmethod
    def refused(code, call, **arguments):
        """The call must fail with this error code (any client error if None); answers the error."""
        try:
            answer = call(**arguments)
        except botocore.exceptions.ClientError as error:
            found = error.response["Error"]["Code"]
            assert code is None or found == code, f"expected {code}, got {found}: {error}"
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            assert 400 <= status < 500, f"{found} with HTTP {status}"
            return error
        raise AssertionError(f"expected {code or 'an error'}, got {answer}")
