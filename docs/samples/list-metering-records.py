import json
import os
import urllib.parse
import urllib.request

cursor = ""
while cursor is not None:
    query = urllib.parse.urlencode({"limit": 200, "cursor": cursor} if cursor else {"limit": 200})
    request = urllib.request.Request(
        "{{url}}/api/v1/metering-records?" + query,
        headers={"Authorization": "Bearer " + os.environ["PAYPHONE_API_KEY"]},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        page = json.load(answer)
    for record in page["items"]:
        print(record["hour"], record["dimension"], record["quantity"], record["state"])
    cursor = page["next"]
