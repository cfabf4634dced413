"""AWS: Lambda collects the messages of a queue until it has BatchSize of them, or until MaximumBatchingWindowInSeconds has
passed since the first of them. A batch can have more than 10 messages.

ministack: delivers at once what is in the queue, 10 messages at most.

Needed by `send-mail`, which sends one mail for several reports of one kind in a batch.
"""

import threading
import time

from ministack.services import lambda_svc, sqs

from ._patching import around, require

_first_seen = {}  # queue URL -> when the batch that is being collected had its first message


def apply():
    require(sqs, "_get_q", "_queues_lock", "_expire_retained", "_dlq_sweep", "_collect_msgs")
    require(lambda_svc, "_iter_all_esms", "_esm_wake")

    @around(sqs, "_receive_messages_for_esm")
    def receive_messages(original, queue_url, max_number):
        window = _window(sqs._get_q(queue_url)["attributes"].get("QueueArn"))
        if not window:
            return original(queue_url, max_number)
        with sqs._queues_lock:
            queue = sqs._get_q(queue_url)
            sqs._expire_retained(queue)
            sqs._dlq_sweep(queue)
            if not _is_complete(queue_url, queue, int(max_number), window):
                return []
            del _first_seen[queue_url]
            visibility = int(queue["attributes"].get("VisibilityTimeout", "30"))
            return sqs._collect_msgs(queue, int(max_number), visibility)


def _window(queue_arn):
    mappings = (mapping for _, _, mapping in lambda_svc._iter_all_esms())
    windows = (m.get("MaximumBatchingWindowInSeconds") for m in mappings if m.get("EventSourceArn") == queue_arn)
    return next(windows, 0) or 0


def _is_complete(queue_url, queue, size, window):
    now = time.time()
    visible = sum(message["visible_at"] <= now for message in queue["messages"])
    if not visible:
        _first_seen.pop(queue_url, None)
        return False
    if queue_url not in _first_seen:
        _first_seen[queue_url] = now
        timer = threading.Timer(window + 0.01, lambda_svc._esm_wake.set)
        timer.daemon = True
        timer.start()
    return visible >= size or now - _first_seen[queue_url] >= window
