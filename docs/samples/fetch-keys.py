import json
import os
import sys
import urllib.request


def ask(path):
    request = urllib.request.Request(
        "{{url}}/api/v1/keys" + path,
        headers={"Authorization": "Bearer " + os.environ["PAYPHONE_API_KEY"]},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read().decode()


keys = json.loads(ask(""))["items"]
key = next((key for key in keys if key["mode"] == "test" and key["state"] == "active"), None)
if key is None:
    sys.exit("There is no test key pair in force yet.")
for half in ["public-key", "certificate"]:
    with open(f"{key['id']}-{half}.pem", "w") as file:
        file.write(ask(f"/{key['id']}/{half}.pem"))
print(f"Add it as a flow security key: {key['id']}-public-key.pem")
print(f"Certificate for the flow's block: {key['id']}-certificate.pem")
connect = key["connectKeyId"] or "Amazon Connect shows it once the key is added"
print(f"Key id for the flow's block: {connect}")
