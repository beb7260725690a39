import json
import os
import urllib.request

request = urllib.request.Request(
    "{{url}}/api/v1/usage",
    headers={"Authorization": "Bearer " + os.environ["PAYPHONE_API_KEY"]},
)
with urllib.request.urlopen(request, timeout=30) as answer:
    for line in json.load(answer)["items"]:
        print(line["hour"], line["meter"], line["quantity"])
