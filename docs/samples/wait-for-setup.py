import json
import os
import sys
import time
import urllib.request

looks = int(os.environ.get("PAYPHONE_LOOKS", "60"))
said = set()
for look in range(looks):
    if look > 0:
        time.sleep(5)
    request = urllib.request.Request(
        "{{url}}/api/v1/setup",
        headers={"Authorization": "Bearer " + os.environ["PAYPHONE_API_KEY"]},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        items = json.load(answer)["items"]
    for item in items:
        line = f"{item['name']} {item['state']}: {item['message']}"
        if line not in said:
            print(line, flush=True)
        said.add(line)
    waiting = [item for item in items if item["state"] != "done"]
    if not waiting:
        sys.exit()
for item in waiting:
    print(f"Still waiting for {item['name']}. {item['help']}", file=sys.stderr)
sys.exit(1)
