"""The function of the tests, on the custom runtime like ours. Its event says what it does:
`note` (a file) appends `token` or a mark to it, `sleep` takes time, `fail` fails by that name,
`log_after` is how long after the answer it logs that it is done."""

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
    if "fail" in event:
        return "error", {"errorType": event["fail"], "errorMessage": "as asked"}
    return "response", event


while True:
    request, event = call("GET", "next")
    outcome, answer = act(event := json.loads(event))
    if "log_after" not in event:
        print("done", flush=True)  # as our functions do: ministack waits for a first line of log
    call("POST", f"{request}/{outcome}", answer)
    if "log_after" in event:
        time.sleep(event["log_after"])
        print("done", flush=True)
