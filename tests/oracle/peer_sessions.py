"""Cognito sessions: a whole sign-in through managed login by plain HTTP, then the operations on its tokens, one rule a function.

The sign-in shares no code with aws-sim: forms are read with html.parser, codes are computed here. Without a client secret (aws-sim was
started without one) tokens cannot be had, and the operations must say so.
"""
import base64
import hashlib
import hmac
import html.parser
import json
import re
import struct
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

from peer import checks, same

PASSWORD = "of-their-own"


class _Form(html.parser.HTMLParser):
    """The one form of a page."""

    def __init__(self, text):
        super().__init__()
        self.action, self.fields = None, {}
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.action = attributes["action"]
        if tag == "input":
            self.fields[attributes["name"]] = attributes.get("value") or ""


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def _ask(peer, address, form=None, headers=None):
    """Answers status, headers and text; nothing is followed."""
    data = None if form is None else urllib.parse.urlencode(form).encode()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay)
    request = urllib.request.Request(urllib.parse.urljoin(peer.base_url, address), data=data, headers=headers or {})
    try:
        with opener.open(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def _code(secret):
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7fffffff) % 1_000_000:06}"


def _describe(peer):
    client = peer.client("cognito-idp")
    return client.describe_user_pool_client(UserPoolId=peer.user_pool, ClientId=peer.client_id)["UserPoolClient"]


def _signed_in(peer):
    """A user who signed in, and their tokens; none without a client secret."""
    settings = _describe(peer)
    if "ClientSecret" not in settings:
        return None
    email = f"oracle-{uuid.uuid4().hex[:12]}@example.com"
    client = peer.client("cognito-idp")
    client.admin_create_user(UserPoolId=peer.user_pool, Username=email, MessageAction="SUPPRESS")
    client.admin_set_user_password(UserPoolId=peer.user_pool, Username=email, Password=PASSWORD, Permanent=True)
    verifier, callback = uuid.uuid4().hex * 2, settings["CallbackURLs"][0]
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = urllib.parse.urlencode({
        "response_type": "code", "client_id": peer.client_id, "redirect_uri": callback, "scope": "openid email", "state": "s",
        "code_challenge": challenge, "code_challenge_method": "S256"})
    status, headers, _ = _ask(peer, f"/oauth2/authorize?{query}")
    same(status, 302)
    _, _, page = _ask(peer, headers["Location"])
    form = _Form(page)
    _, _, page = _ask(peer, form.action, {**form.fields, "username": email, "password": PASSWORD})
    form = _Form(page)
    secret = re.search(r'id="secret">([A-Z2-7]+)<', page).group(1)
    status, headers, _ = _ask(peer, form.action, {**form.fields, "code": _code(secret)})
    same((status, headers["Location"].split("?")[0]), (302, callback))
    back = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(headers["Location"]).query))
    basic = base64.b64encode(f"{peer.client_id}:{settings['ClientSecret']}".encode()).decode()
    status, _, text = _ask(peer, "/oauth2/token", {
        "grant_type": "authorization_code", "code": back["code"], "redirect_uri": callback, "code_verifier": verifier},
        {"Authorization": f"Basic {basic}"})
    same(status, 200, text)
    return email, json.loads(text), settings["ClientSecret"]


def a_client_without_its_secret_gets_and_revokes_nothing(peer):
    client = peer.client("cognito-idp")
    arguments = {"ClientId": peer.client_id, "ClientSecret": "x" * 24}
    peer.refused("NotAuthorizedException", client.get_tokens_from_refresh_token, RefreshToken="made-up", **arguments)
    peer.refused("UnauthorizedException", client.revoke_token, Token="made-up", **arguments)


def a_refresh_token_is_rotated_and_then_revoked(peer):
    session = _signed_in(peer)
    if session is None:
        return
    _, tokens, secret = session
    client = peer.client("cognito-idp")
    arguments = {"ClientId": peer.client_id, "ClientSecret": secret}
    result = client.get_tokens_from_refresh_token(RefreshToken=tokens["refresh_token"], **arguments)["AuthenticationResult"]
    same((result["TokenType"], result["ExpiresIn"]), ("Bearer", 900))
    assert result["RefreshToken"] != tokens["refresh_token"]
    assert result["IdToken"].count(".") == result["AccessToken"].count(".") == 2
    peer.refused("UnsupportedTokenTypeException", client.revoke_token, Token=result["AccessToken"], **arguments)
    client.revoke_token(Token=result["RefreshToken"], **arguments)
    client.revoke_token(Token="never-issued", **arguments)
    error = peer.refused("NotAuthorizedException", client.get_tokens_from_refresh_token, RefreshToken=result["RefreshToken"], **arguments)
    assert "revoked" in str(error), error


def sessions_are_listed_and_ended(peer):
    client = peer.client("cognito-idp")
    session = _signed_in(peer)
    if session is None:
        user = f"oracle-{uuid.uuid4().hex[:12]}@example.com"
        client.admin_create_user(UserPoolId=peer.user_pool, Username=user, MessageAction="SUPPRESS")
        same(client.admin_list_user_sessions(UserPoolId=peer.user_pool, Username=user)["Sessions"], [])
        peer.refused("ResourceNotFoundException", client.admin_revoke_user_session, UserPoolId=peer.user_pool, Username=user,
                     SessionId="tkn" + "a" * 25)
        return
    user, tokens, secret = session
    named = {"UserPoolId": peer.user_pool, "Username": user}
    found = {entry["SessionType"]: entry for entry in client.admin_list_user_sessions(**named)["Sessions"]}
    same(sorted(found), ["SSO", "TOKEN"])
    same(found["TOKEN"]["OriginSessionId"], found["SSO"]["SessionId"])
    client.admin_revoke_user_session(**named, SessionId=found["SSO"]["SessionId"], RevokeAssociatedSessions="LINKED")
    same(client.admin_list_user_sessions(**named)["Sessions"], [])
    peer.refused("ResourceNotFoundException", client.admin_revoke_user_session, **named, SessionId=found["SSO"]["SessionId"])
    peer.refused("NotAuthorizedException", client.get_tokens_from_refresh_token, RefreshToken=tokens["refresh_token"],
                 ClientId=peer.client_id, ClientSecret=secret)


CHECKS = checks(globals())
