"""The function of the tests. It uses the custom runtime, as the functions of the system do. Its event is a list of
instructions:

- `note`: appends `token`, or the word `called`, to this file;
- `sleep`: sleeps for this many seconds;
- `until`: waits until there is this file;
- `fail`: fails with this error name;
- `log_after`: writes its line of log this many seconds after the response.
"""

import http.client
import json
import os
import time

API = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
INVOCATION = "/2018-06-01/runtime/invocation/"


def call(method, path, body=None):
    API.request(method, INVOCATION + path, json.dumps(body).encode() if method == "POST" else None)
    response = API.getresponse()
    return response.headers["Lambda-Runtime-Aws-Request-Id"], response.read()


def act(event):
    if "note" in event:
        with open(event["note"], "a") as notes:
            notes.write(event.get("token", "called") + "\n")
    time.sleep(event.get("sleep", 0))
    while "until" in event and not os.path.exists(event["until"]):
        time.sleep(0.01)
    if "fail" in event:
        return "error", {"errorType": event["fail"], "errorMessage": "requested by the event"}
    return "response", event


while True:
    request, event = call("GET", "next")
    outcome, response = act(event := json.loads(event))
    if "log_after" not in event:
        print("done", flush=True)  # as the functions of the system do: ministack waits for a first line of log
    call("POST", f"{request}/{outcome}", response)
    if "log_after" in event:
        time.sleep(event["log_after"])
        print("done", flush=True)
