import unittest
import urllib.request

import cbor2
from behaviour import corrected
from harness import REGION


class Alarms(unittest.TestCase):
    """botocore sends JSON to CloudWatch. Terraform's provider sends CBOR."""

    def test_a_request_in_cbor_creates_an_alarm(self):
        aws = corrected(enforcing=False)
        alarm = {"AlarmName": "in-cbor", "Namespace": "AWS/SQS", "MetricName": "m", "Statistic": "Sum", "Period": 300,
                 "EvaluationPeriods": 1, "Threshold": 1.0, "ComparisonOperator": "GreaterThanThreshold"}
        request = urllib.request.Request(
            f"{aws.url}/service/GraniteServiceVersion20100801/operation/PutMetricAlarm", data=cbor2.dumps(alarm),
            headers={"Content-Type": "application/cbor", "Smithy-Protocol": "rpc-v2-cbor", "Authorization":
                     f"AWS4-HMAC-SHA256 Credential=test/20261125/{REGION}/monitoring/aws4_request, Signature=x"})
        urllib.request.urlopen(request).close()
        alarms = aws.client("cloudwatch").describe_alarms()["MetricAlarms"]
        self.assertEqual(["in-cbor"], [alarm["AlarmName"] for alarm in alarms])


if __name__ == "__main__":
    unittest.main()
