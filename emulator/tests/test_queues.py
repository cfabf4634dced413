import json
import sys
import time
import unittest
import uuid
from pathlib import Path

from behaviour import Behaviour

ACCOUNT = "arn:aws:sqs:ap-northeast-2:000000000000:"

# Appends each batch to a file, as one line.
CONSUMER = """#!{python}
import http.client, json, os
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
path = "/2018-06-01/runtime/invocation/"
while True:
    api.request("GET", path + "next")
    response = api.getresponse()
    request, event = response.headers["Lambda-Runtime-Aws-Request-Id"], response.read()
    with open("{notes}", "ab") as notes:
        notes.write(event + b"\\n")
    print("done", flush=True)
    api.request("POST", path + request + "/response", b"{{}}")
    api.getresponse().read()
"""


class Queue(Behaviour):
    def consumer(self, **mapping):
        """Creates a queue and its consumer. Returns the URL of the queue, and a function that reads the batches."""
        name = uuid.uuid4().hex
        notes = Path(self.aws.home) / name
        self.aws.function(name, CONSUMER.format(python=sys.executable, notes=notes))
        url = self.aws.client("sqs").create_queue(QueueName=name)["QueueUrl"]
        self.aws.client("lambda").create_event_source_mapping(
            FunctionName=name, EventSourceArn=ACCOUNT + name, **mapping)

        def batches():
            lines = notes.read_text().splitlines() if notes.exists() else []
            return [json.loads(line)["Records"] for line in lines]
        return url, batches

    def send(self, url, number):
        for _ in range(number):
            self.aws.client("sqs").send_message(QueueUrl=url, MessageBody="m")


class QueueBatches(Queue):
    correction = "queue_batches"

    def test_a_batch_can_have_more_than_ten_messages(self):
        url, batches = self.consumer(BatchSize=25, MaximumBatchingWindowInSeconds=2)
        self.send(url, 25)
        self.wait_for(lambda: sum(map(len, batches())) == 25)
        self.assertEqual([25], [len(batch) for batch in batches()])

    def test_a_batch_waits_for_further_messages_until_the_window_ends(self):
        url, batches = self.consumer(BatchSize=100, MaximumBatchingWindowInSeconds=2)
        began = time.monotonic()
        self.send(url, 1)
        time.sleep(1)  # within the window
        self.send(url, 1)
        self.wait_for(lambda: sum(map(len, batches())) == 2)
        self.assertEqual([2], [len(batch) for batch in batches()])
        self.assertGreaterEqual(time.monotonic() - began, 2)


class SetAsideSource(Queue):
    correction = "set_aside_source"

    def test_a_message_that_another_queue_set_aside_names_that_queue(self):
        url, batches = self.consumer()
        sqs, source = self.aws.client("sqs"), uuid.uuid4().hex
        policy = {"deadLetterTargetArn": ACCOUNT + url.rpartition("/")[2], "maxReceiveCount": 1}
        source_url = sqs.create_queue(QueueName=source, Attributes={"RedrivePolicy": json.dumps(policy)})["QueueUrl"]
        self.send(source_url, 1)
        for _ in range(2):  # the second receive moves the message
            sqs.receive_message(QueueUrl=source_url, VisibilityTimeout=0)
        self.send(url, 1)
        self.wait_for(lambda: sum(map(len, batches())) == 2)
        sources = [record["attributes"].get("DeadLetterQueueSourceArn") for batch in batches() for record in batch]
        self.assertCountEqual([ACCOUNT + source, None], sources)


if __name__ == "__main__":
    unittest.main()
