#!/usr/bin/env python3
"""Serve moto's Amazon Cognito and KMS: peers of our adapters that share no code with aws-sim, with one user pool set up as the product needs it.

    moto_peer.py

Prints one line of JSON when it is ready, {"url", "userPool", "operations", "kmsOperations"}, the last two being what moto has of
both APIs, and serves until its standard input ends, so that it cannot outlive who started it.
"""
import json
import sys

import boto3
from botocore import xform_name
from moto.cognitoidp.responses import CognitoIdpResponse
from moto.kms.responses import KmsResponse
from moto.server import ThreadedMotoServer


def pool(client):
    """A user pool as `payphone config check` wants it."""
    made = client.create_user_pool(
        PoolName="payphone",
        UsernameAttributes=["email"],
        UsernameConfiguration={"CaseSensitive": False},
        AdminCreateUserConfig={"AllowAdminCreateUserOnly": True},
        Schema=[{"Name": "user_id", "AttributeDataType": "String", "Mutable": False}],
    )["UserPool"]["Id"]
    client.set_user_pool_mfa_config(UserPoolId=made, SoftwareTokenMfaConfiguration={"Enabled": True}, MfaConfiguration="ON")
    return made


def main():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    def client(service):
        return boto3.client(service, region_name="us-east-1", endpoint_url=url, aws_access_key_id="nobody", aws_secret_access_key="nobody")

    def operations(service, responses):
        return [name for name in client(service).meta.service_model.operation_names if hasattr(responses, xform_name(name))]

    ready = {
        "url": url,
        "userPool": pool(client("cognito-idp")),
        "operations": operations("cognito-idp", CognitoIdpResponse),
        "kmsOperations": operations("kms", KmsResponse),
    }
    print(json.dumps(ready), flush=True)
    sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    main()
