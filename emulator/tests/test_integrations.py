import http.client
import json
import unittest
import urllib.error
import urllib.request
import uuid
from urllib.parse import quote, urlencode, urlsplit

from behaviour import Behaviour

QUEUE = "arn:aws:sqs:ap-northeast-2:000000000000:"
ROUTE = "POST /orders/{order}"


class Integrations(Behaviour):
    correction = "queue_integration"
    COUNT = "${request.querystring.count}"

    def api(self, role="arn:aws:iam::000000000000:role/any"):
        """Creates an API that puts requests to `/orders/{order}` into a new queue. Returns the URLs of both."""
        queue = self.aws.client("sqs").create_queue(QueueName=uuid.uuid4().hex)["QueueUrl"]
        api = self.aws.client("apigatewayv2").create_api(Name="a", ProtocolType="HTTP")["ApiId"]
        integration = self.integrate(api, role, queue)
        self.aws.client("apigatewayv2").create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
        self.aws.client("apigatewayv2").create_route(
            ApiId=api, RouteKey=ROUTE, Target=f"integrations/{integration['IntegrationId']}")
        return f"{self.aws.url}/_aws/execute-api/{api}/orders", queue

    def integrate(self, api, role, queue):
        texts = {"order": "${request.path.order}", "count": self.COUNT}
        attributes = {name: {"DataType": "String", "StringValue": text} for name, text in texts.items()}
        parameters = {"QueueUrl": queue, "MessageBody": "$request.body", "MessageAttributes": json.dumps(attributes)}
        return self.aws.client("apigatewayv2").create_integration(
            ApiId=api, IntegrationType="AWS_PROXY", IntegrationSubtype="SQS-SendMessage", CredentialsArn=role,
            PayloadFormatVersion="1.0", RequestParameters=parameters)

    def post(self, url, order="7", body=b"the body", **query):
        """Returns the status, the content type and the body of the answer."""
        request = urllib.request.Request(f"{url}/{quote(order)}?{urlencode(query, doseq=True)}", body, method="POST")
        try:
            answer = urllib.request.urlopen(request, timeout=10)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return answer.status, answer.headers["content-type"], answer.read().decode()

    def messages(self, queue):
        """Returns the bodies and the attributes of the messages in a queue."""
        found = self.aws.client("sqs").receive_message(
            QueueUrl=queue, MaxNumberOfMessages=10, MessageAttributeNames=["All"]).get("Messages", [])
        texts = [{name: value["StringValue"] for name, value in message.get("MessageAttributes", {}).items()}
                 for message in found]
        return [(message["Body"], attributes) for message, attributes in zip(found, texts)]

class QueueIntegration(Integrations):
    correction = "queue_integration"

    def test_a_request_becomes_a_message_and_is_answered_as_sqs_answers(self):
        url, queue = self.api()
        status, content_type, answer = self.post(url, count="50")
        self.assertEqual((200, "text/xml"), (status, content_type))
        self.assertIn("<MessageId>", answer)
        self.assertEqual([("the body", {"order": "7", "count": "50"})], self.messages(queue))

    def test_repeated_values_are_joined_with_a_comma(self):
        url, queue = self.api()
        self.post(url, count=["50", "51"])
        self.assertEqual([("the body", {"order": "7", "count": "50,51"})], self.messages(queue))

    def test_a_request_without_a_value_or_a_body_is_refused(self):
        url, queue = self.api()
        self.assertEqual(400, self.post(url)[0])
        self.assertEqual(400, self.post(url, count="")[0])
        self.assertEqual(400, self.post(url, body=b"", count="50")[0])
        self.assertEqual([], self.messages(queue))

    def test_a_body_that_is_larger_than_the_queue_allows_is_refused(self):
        url, queue = self.api()
        self.aws.client("sqs").set_queue_attributes(QueueUrl=queue, Attributes={"MaximumMessageSize": "1024"})
        self.assertEqual(400, self.post(url, body=b"x" * 1025, count="50")[0])
        self.assertEqual(200, self.post(url, body=b"x" * 1024, count="50")[0])

    def test_bytes_that_are_not_utf_8_are_replaced(self):
        url, queue = self.api()
        self.post(url, body=b"\xff{}", count="50")
        self.assertEqual(["\ufffd{}"], [body for body, _ in self.messages(queue)])

    def test_a_value_that_breaks_the_json_of_the_attributes_is_refused(self):
        url, queue = self.api()
        self.assertEqual(400, self.post(url, count='"')[0])
        self.assertEqual(400, self.post(url, order='"}', count="50")[0])
        self.assertEqual([], self.messages(queue))

    def test_a_value_with_quotation_marks_can_set_another_attribute(self):
        url, queue = self.api()
        self.post(url, count='50"}, "more": {"DataType": "String", "StringValue": "yes')
        self.assertEqual([("the body", {"order": "7", "count": "50", "more": "yes"})], self.messages(queue))

    def test_the_integration_is_described_as_it_was_created(self):
        api = self.aws.client("apigatewayv2").create_api(Name="a", ProtocolType="HTTP")["ApiId"]
        created = self.integrate(api, "arn:aws:iam::000000000000:role/any", "any")
        found = self.aws.client("apigatewayv2").get_integration(ApiId=api, IntegrationId=created["IntegrationId"])
        for description in (created, found):
            self.assertEqual("SQS-SendMessage", description.get("IntegrationSubtype"))
            self.assertEqual("arn:aws:iam::000000000000:role/any", description.get("CredentialsArn"))

    def test_an_integration_without_a_queue_is_refused(self):
        api = self.aws.client("apigatewayv2").create_api(Name="a", ProtocolType="HTTP")["ApiId"]
        self.assert_refused("BadRequestException", "apigatewayv2", "create_integration", ApiId=api,
                            IntegrationType="AWS_PROXY", IntegrationSubtype="SQS-SendMessage")


class QueueIntegrationRole(Integrations):
    correction = "queue_integration"
    enforcing = True

    def test_a_message_is_sent_only_with_the_permission_of_the_role(self):
        may = {"Action": "sqs:SendMessage", "Resource": f"{QUEUE}*"}
        url, queue = self.api(self.aws.role(uuid.uuid4().hex, may))
        self.assertEqual(200, self.post(url, count="50")[0])
        other = {"Action": "sqs:SendMessage", "Resource": f"{QUEUE}other"}
        url, refused = self.api(self.aws.role(uuid.uuid4().hex, other))
        self.assertEqual(403, self.post(url, count="50")[0])
        self.assertEqual((1, 0), (len(self.messages(queue)), len(self.messages(refused))))


class JoinedHeaders(Integrations):
    correction = "joined_headers"
    COUNT = "${request.header.count}"

    def test_the_values_of_a_repeated_header_are_joined_with_a_comma_and_no_space(self):
        url, queue = self.api()
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=10)
        connection.putrequest("POST", f"{parts.path}/7")
        for name, value in [("Count", "K"), ("count", "K"), ("Content-Length", "1")]:
            connection.putheader(name, value)
        connection.endheaders(b"x")
        self.assertEqual(200, connection.getresponse().status)
        connection.close()
        self.assertEqual([("x", {"order": "7", "count": "K,K"})], self.messages(queue))


if __name__ == "__main__":
    unittest.main()
