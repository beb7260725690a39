import json
import os
import urllib.request

event = {
    "specversion": "1.0",
    "id": "{{event}}",
    "source": "urn:example:billing",
    "type": "payphone.payment.approved",
    "subject": "{{tenant}}",
    "time": "{{time}}",
    "data": {"quantity": 1},
}
request = urllib.request.Request(
    "{{url}}/api/v1/usage-events",
    data=json.dumps(event).encode(),
    headers={
        "Authorization": "Bearer " + os.environ["PAYPHONE_API_KEY"],
        "Content-Type": "application/cloudevents+json",
    },
)
with urllib.request.urlopen(request, timeout=30) as answer:
    for result in json.load(answer)["items"]:
        print(result["id"], result["status"], result.get("reason") or "")
