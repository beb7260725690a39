import json
import os
import urllib.request

request = urllib.request.Request(
    "{{url}}/api/v1/api-keys",
    headers={"Authorization": "Bearer " + os.environ["PAYPHONE_API_KEY"]},
)
with urllib.request.urlopen(request, timeout=30) as answer:
    for key in json.load(answer)["items"]:
        state = "revoked" if key.get("revokedAt") else "in use"
        print(key["prefix"], key["name"], ",".join(key["scopes"]), state)
