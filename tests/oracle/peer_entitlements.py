"""GetEntitlements: filters and pages, one rule a function."""
import datetime

from peer import checks, same


def _all(peer, product, **arguments):
    """Every entitlement, page by page; a page may be empty and still have a next one."""
    client, found, token = peer.client("marketplace-entitlement"), [], None
    for _ in range(200):
        more = {"NextToken": token} if token else {}
        page = client.get_entitlements(ProductCode=product, **arguments, **more)
        found += page.get("Entitlements", [])
        token = page.get("NextToken")
        if not token:
            return found
    raise AssertionError("the pages do not end")


def a_contract_shows_what_it_grants(peer):
    bought = peer.buy("contract", entitlements=[{"dimension": "seats", "value": 12}])
    [entitlement] = _all(peer, bought["productCode"], Filter={"LICENSE_ARN": [bought["licenseArn"]]})
    same(entitlement["ProductCode"], bought["productCode"])
    same(entitlement["Dimension"], "seats")
    same(entitlement["Value"], {"IntegerValue": 12})
    same(entitlement["LicenseArn"], bought["licenseArn"])
    same(entitlement["CustomerAWSAccountId"], bought["accountId"])
    assert isinstance(entitlement["ExpirationDate"], datetime.datetime), entitlement
    assert entitlement["ExpirationDate"] > peer.now(), entitlement


def pay_as_you_go_grants_nothing(peer):
    bought = peer.buy()
    same(_all(peer, bought["productCode"], Filter={"LICENSE_ARN": [bought["licenseArn"]]}), [])


def values_of_a_filter_widen_and_filters_narrow(peer):
    first, second = (peer.buy("contract") for _ in range(2))
    product = first["productCode"]
    both = {"LICENSE_ARN": [first["licenseArn"], second["licenseArn"]]}
    found = {entitlement["LicenseArn"] for entitlement in _all(peer, product, Filter=both)}
    same(found, {first["licenseArn"], second["licenseArn"]})
    narrowed = {**both, "CUSTOMER_AWS_ACCOUNT_ID": [second["accountId"]]}
    same({entitlement["LicenseArn"] for entitlement in _all(peer, product, Filter=narrowed)}, {second["licenseArn"]})
    same(_all(peer, product, Filter={**both, "DIMENSION": ["no-such-dimension"]}), [])


def pages_show_each_entitlement_once(peer):
    bought = [peer.buy("contract") for _ in range(3)]
    only = {"LICENSE_ARN": [one["licenseArn"] for one in bought]}
    found = [entitlement["LicenseArn"] for entitlement in _all(peer, bought[0]["productCode"], Filter=only, MaxResults=1)]
    same(sorted(found), sorted(only["LICENSE_ARN"]))


def another_product_has_nothing_of_ours(peer):
    bought = peer.buy("contract")
    same(_all(peer, "another-product", Filter={"LICENSE_ARN": [bought["licenseArn"]]}), [])


def identifier_and_account_filters_exclude_each_other(peer):
    bought = peer.buy("contract")
    wrong = {"CUSTOMER_IDENTIFIER": ["x"], "CUSTOMER_AWS_ACCOUNT_ID": [bought["accountId"]]}
    client = peer.client("marketplace-entitlement", rude=True)
    peer.refused("InvalidParameterException", client.get_entitlements, ProductCode=bought["productCode"], Filter=wrong)


def a_page_size_over_twenty_five_and_a_made_up_token_are_refused(peer):
    product = peer.buy("contract")["productCode"]
    client = peer.client("marketplace-entitlement", rude=True)
    peer.refused("InvalidParameterException", client.get_entitlements, ProductCode=product, MaxResults=26)
    peer.refused("InvalidParameterException", client.get_entitlements, ProductCode=product, NextToken="made up")


CHECKS = checks(globals())
