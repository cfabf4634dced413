"""AWS: a message that SQS moved from another queue, because it was received too often, has the system attribute
DeadLetterQueueSourceArn. Lambda passes it on like the other system attributes.

ministack: ReceiveMessage returns the attribute, and Lambda does not pass it on.

Needed by `send-mail`, which treats such messages differently from reports.
"""

from ministack.services import lambda_svc

from ._patching import around

SOURCE = "DeadLetterQueueSourceArn"


def apply():
    @around(lambda_svc, "_run_sqs_batch")
    def run_batch(original, esm, func_rec, event, batch, queue_url, queue_name):
        sources = {message["id"]: message.get("sys", {}).get(SOURCE) for message in batch}
        for record in event["Records"]:
            if source := sources.get(record["messageId"]):
                record["attributes"][SOURCE] = source
        return original(esm, func_rec, event, batch, queue_url, queue_name)
