#!/usr/bin/env python3
"""Drive every AWS operation that aws-sim offers through boto3, the second client beside the Rust SDKs.

    boto3_peer.py http://127.0.0.3:8070 [--queue payphone-events] [--dimension payments] [--user-pool ID] [--client-id ID] [--mail-from EMAIL]

Each check asserts the shape of the answers, which botocore parses by AWS's own models, and the rule it is named after.
Requests that break a rule on purpose go out under another user agent, so that `wire_check.py --client boto3` sees only proper ones.
Moves the business clock forward and leaves agreements behind. Prints one line a failure and `N passed, M failed`;
exit 0 if all passed, 1 otherwise, 2 if aws-sim cannot be reached.
"""
import argparse
import os
import sys
import traceback
import urllib.error

os.environ.update(AWS_ACCESS_KEY_ID="oracle", AWS_SECRET_ACCESS_KEY="oracle-secret", AWS_EC2_METADATA_DISABLED="true")

import peer_entitlements  # noqa: E402  (boto3 reads the environment when it is imported)
import peer_kms  # noqa: E402
import peer_mail  # noqa: E402
import peer_metering  # noqa: E402
import peer_queues  # noqa: E402
import peer_sessions  # noqa: E402
import peer_users  # noqa: E402
from peer import Peer  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base_url")
    parser.add_argument("--queue", default="payphone-events", help="the queue that receives Marketplace events")
    parser.add_argument("--dimension", default="payments", help="a metered dimension of the listing")
    parser.add_argument("--user-pool", default="us-east-1_PayphoneD", help="the Cognito user pool")
    parser.add_argument("--client-id", default="payphoneconsole", help="the pool's app client")
    parser.add_argument("--mail-from", default="no-reply@payphone.example", help="a verified sender of Amazon SES")
    args = parser.parse_args()
    peer = Peer(args.base_url, args.queue, args.dimension, args.user_pool, args.client_id, args.mail_from)
    try:
        peer.now()
    except (urllib.error.URLError, OSError, ValueError) as error:
        print(f"{args.base_url}: {error}", file=sys.stderr)
        return 2
    passed = failed = 0
    for module in (peer_metering, peer_entitlements, peer_queues, peer_users, peer_sessions, peer_mail, peer_kms):
        for check in module.CHECKS:
            try:
                check(peer)
                passed += 1
            except Exception as error:  # a check may fail in any way; the others still run
                failed += 1
                at = traceback.extract_tb(error.__traceback__)[-1]
                print(f"{check.__name__}: {type(error).__name__}: {error} ({os.path.basename(at.filename)}:{at.lineno})")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
