"""The Cognito operations on users and groups, one rule a function."""
import datetime
import uuid

from peer import checks, same


def _email():
    return f"oracle-{uuid.uuid4().hex[:12]}@example.com"


def _made(peer, email=None, **more):
    """A new user without an invitation."""
    more.setdefault("MessageAction", "SUPPRESS")
    client = peer.client("cognito-idp")
    return client.admin_create_user(UserPoolId=peer.user_pool, Username=email or _email(), **more)["User"]


def _attributes(user):
    return {attribute["Name"]: attribute.get("Value") for attribute in user.get("Attributes") or user["UserAttributes"]}


def _pool(peer, rude=False):
    """A client, and a caller that fills in the pool."""
    client = peer.client("cognito-idp", rude)

    def call(operation, **arguments):
        return getattr(client, operation)(UserPoolId=peer.user_pool, **arguments)

    return client, call


def an_invited_user_gets_a_name_of_the_pools_own_and_a_mail(peer):
    email = _email()
    attributes = [{"Name": "email_verified", "Value": "true"}, {"Name": "custom:user_id", "Value": "ten_oracle"}]
    _, call = _pool(peer)
    user = call("admin_create_user", Username=email, UserAttributes=attributes, DesiredDeliveryMediums=["EMAIL"],
                ClientMetadata={"why": "oracle"})["User"]
    uuid.UUID(user["Username"])
    same((user["UserStatus"], user["Enabled"]), ("FORCE_CHANGE_PASSWORD", True))
    same(_attributes(user), {"email": email, "email_verified": "true", "custom:user_id": "ten_oracle", "sub": user["Username"]})
    assert isinstance(user["UserCreateDate"], datetime.datetime)
    [mail] = peer.mails(email)
    assert mail["temporaryPassword"] in mail["body"], mail
    for name in (email, email.upper(), user["Username"]):
        same(call("admin_get_user", Username=name)["Username"], user["Username"], name)


def an_invitation_is_sent_again_only_while_it_is_open(peer):
    email = _email()
    _, call = _pool(peer)
    resend = {"Username": email, "MessageAction": "RESEND", "DesiredDeliveryMediums": ["EMAIL"]}
    peer.refused("UserNotFoundException", call, operation="admin_create_user", **resend)
    call("admin_create_user", Username=email, DesiredDeliveryMediums=["EMAIL"])
    peer.refused("UsernameExistsException", call, operation="admin_create_user", Username=email.upper())
    call("admin_create_user", **resend)
    first, second = peer.mails(email)
    assert first["temporaryPassword"] != second["temporaryPassword"]
    call("admin_set_user_password", Username=email, Password="of-their-own", Permanent=True)
    same(call("admin_get_user", Username=email)["UserStatus"], "CONFIRMED")
    peer.refused("UnsupportedUserStateException", call, operation="admin_create_user", **resend)


def mistakes_are_named_as_aws_names_them(peer):
    user = _made(peer)
    _, call = _pool(peer, rude=True)
    client = peer.client("cognito-idp", rude=True)
    for code, operation, arguments in (
        ("InvalidParameterException", "admin_create_user", {"Username": "not-an-address"}),
        ("InvalidParameterException", "admin_create_user", {"Username": "x" * 129}),
        ("InvalidParameterException", "admin_create_user", {"Username": _email(), "MessageAction": "SHOUT"}),
        ("InvalidParameterException", "admin_create_user", {"Username": _email(), "UserAttributes": [{"Name": "custom:nope", "Value": "x"}]}),
        ("InvalidPasswordException", "admin_create_user", {"Username": _email(), "TemporaryPassword": "short"}),
        ("InvalidPasswordException", "admin_set_user_password", {"Username": user["Username"], "Password": "short"}),
        ("NotAuthorizedException", "admin_reset_user_password", {"Username": user["Username"]}),
        ("UserNotFoundException", "admin_get_user", {"Username": _email()}),
        ("ResourceNotFoundException", "get_group", {"GroupName": "no-such-group"}),
        ("InvalidParameterException", "list_users", {"Filter": "email ~ \"x\""}),
        ("InvalidParameterException", "list_users", {"Limit": 61}),
        ("InvalidParameterException", "list_users", {"PaginationToken": "!"}),
    ):
        peer.refused(code, call, operation=operation, **arguments)
    peer.refused("ResourceNotFoundException", client.admin_get_user, UserPoolId="us-east-1_Nowhere", Username="x")
    peer.refused("InvalidParameterException", client.admin_get_user, Username="x")


def attributes_change_and_an_address_belongs_to_one_user(peer):
    first, second = _made(peer), _made(peer)
    _, call = _pool(peer)
    taken, fresh = _attributes(first)["email"], _email()
    peer.refused("AliasExistsException", call, operation="admin_update_user_attributes", Username=second["Username"],
                 UserAttributes=[{"Name": "email", "Value": taken.upper()}])
    call("admin_update_user_attributes", Username=second["Username"], UserAttributes=[
        {"Name": "email", "Value": fresh}, {"Name": "email_verified", "Value": "true"}, {"Name": "name", "Value": "Second"}])
    found = _attributes(call("admin_get_user", Username=fresh))
    same((found["name"], found["email_verified"], found["sub"]), ("Second", "true", second["Username"]))


def users_are_found_by_a_filter_and_page_by_page(peer):
    family = uuid.uuid4().hex
    users = {_made(peer, UserAttributes=[{"Name": "family_name", "Value": family}])["Username"] for _ in range(5)}
    client, call = _pool(peer)
    one = sorted(users)[0]
    email = _attributes(call("admin_get_user", Username=one))["email"]
    for text, expected in ((f'sub = "{one}"', {one}), (f'email = "{email}"', {one}), (f'email ^= "{email[:20]}"', {one}),
                           (f'family_name = "{family}"', users), (f'family_name = "{family[:-1]}"', set())):
        same({user["Username"] for user in call("list_users", Filter=text)["Users"]}, expected, text)
    pages = client.get_paginator("list_users").paginate(
        UserPoolId=peer.user_pool, Filter=f'family_name = "{family}"', AttributesToGet=["email"], PaginationConfig={"PageSize": 2})
    pages = [page["Users"] for page in pages]
    same([len(page) for page in pages], [2, 2, 1])
    same({user["Username"] for page in pages for user in page}, users)
    same([attribute["Name"] for attribute in pages[0][0]["Attributes"]], ["email"])


def groups_have_members(peer):
    name = f"oracle-{uuid.uuid4().hex}"
    _, call = _pool(peer)
    group = call("create_group", GroupName=name, Description="of the oracle", Precedence=7)["Group"]
    same((group["GroupName"], group["UserPoolId"], group["Precedence"]), (name, peer.user_pool, 7))
    peer.refused("GroupExistsException", call, operation="create_group", GroupName=name)
    same(call("get_group", GroupName=name)["Group"]["Description"], "of the oracle")
    user = _made(peer)["Username"]
    peer.refused("ResourceNotFoundException", call, operation="admin_add_user_to_group", Username=user, GroupName=name + "x")
    for _ in range(2):
        call("admin_add_user_to_group", Username=user, GroupName=name)
    same([found["GroupName"] for found in call("admin_list_groups_for_user", Username=user)["Groups"]], [name])
    same([found["Username"] for found in call("list_users_in_group", GroupName=name)["Users"]], [user])
    call("admin_remove_user_from_group", Username=user, GroupName=name)
    same(call("list_users_in_group", GroupName=name)["Users"], [])


def a_user_is_switched_off_and_on_and_deleted(peer):
    user = _made(peer)["Username"]
    _, call = _pool(peer)
    for operation, enabled in (("admin_disable_user", False), ("admin_enable_user", True)):
        call(operation, Username=user)
        same(call("admin_get_user", Username=user)["Enabled"], enabled)
    call("admin_user_global_sign_out", Username=user)
    call("admin_delete_user", Username=user)
    peer.refused("UserNotFoundException", call, operation="admin_get_user", Username=user)


def a_password_is_reset_by_a_mailed_code(peer):
    email = _email()
    _made(peer, email, UserAttributes=[{"Name": "email_verified", "Value": "true"}])
    _, call = _pool(peer)
    call("admin_set_user_password", Username=email, Password="of-their-own", Permanent=True)
    call("admin_reset_user_password", Username=email)
    same(call("admin_get_user", Username=email)["UserStatus"], "RESET_REQUIRED")
    [mail] = peer.mails(email)
    assert "reset code is " in mail["body"], mail


def an_authenticator_that_is_not_there_cannot_be_preferred(peer):
    user = _made(peer)["Username"]
    _, call = _pool(peer)
    on = {"Enabled": True, "PreferredMfa": True}
    peer.refused("InvalidParameterException", call, operation="admin_set_user_mfa_preference", Username=user, SoftwareTokenMfaSettings=on)
    call("admin_set_user_mfa_preference", Username=user, SoftwareTokenMfaSettings={"Enabled": False})
    call("admin_delete_software_token", Username=user)
    assert "UserMFASettingList" not in call("admin_get_user", Username=user)


def pool_and_client_describe_themselves(peer):
    _, call = _pool(peer)
    pool = call("describe_user_pool")["UserPool"]
    same((pool["Id"], pool["MfaConfiguration"], pool["UsernameAttributes"]), (peer.user_pool, "ON", ["email"]))
    same(pool["Policies"]["PasswordPolicy"]["TemporaryPasswordValidityDays"], 7)
    client = call("describe_user_pool_client", ClientId=peer.client_id)["UserPoolClient"]
    same((client["AllowedOAuthFlows"], client["AccessTokenValidity"], client["RefreshTokenValidity"]), (["code"], 15, 12))
    peer.refused("ResourceNotFoundException", call, operation="describe_user_pool_client", ClientId="other")
    mfa = call("get_user_pool_mfa_config")
    same((mfa["MfaConfiguration"], mfa["SoftwareTokenMfaConfiguration"]), ("ON", {"Enabled": True}))


def faults_strike_under_cognitos_names(peer):
    user = _made(peer)["Username"]
    client = peer.client("cognito-idp")
    for kind, code in (("throttle", "TooManyRequestsException"), ("serverError", "InternalErrorException")):
        peer.control("faults", {"operation": "AdminGetUser", "kind": kind, "count": 1})
        try:
            client.admin_get_user(UserPoolId=peer.user_pool, Username=user)
            raise AssertionError(f"{kind} did not strike")
        except client.exceptions.ClientError as error:
            same(error.response["Error"]["Code"], code)
    same(client.admin_get_user(UserPoolId=peer.user_pool, Username=user)["Username"], user)


CHECKS = checks(globals())
