"""AWS: a route of an HTTP API can put the request into a queue without any function (integration subtype
`SQS-SendMessage`), with the role of the integration. The client gets the answer of SQS.

ministack: takes each integration of the type AWS_PROXY for one with a Lambda function.

Needed by the route of the factory's callbacks. What AWS does with a value that holds a quotation mark is not
documented. Here such a value is put into the JSON of the message attributes as it is, which is the worst that AWS
could do: the client can then set attributes of its own.
"""

import functools
import inspect
import json

from ministack.services import apigateway, sqs

from . import _roles
from ._patching import around, existing, require

SUBTYPE = "SQS-SendMessage"
REQUIRED = ("QueueUrl", "MessageBody")
STORED = ("integrationSubtype", "credentialsArn")


def apply():
    _roles.require_evaluator()
    require(apigateway, "_resolve_mapping_value", "_integrations", "_apigw_response", "_apigw_error")
    require(sqs, "_dispatch", "_to_xml", "_xml_err_resp", "_get_q", "_Err")
    _keep_fields()
    _send_messages()


def _keep_fields():
    @around(apigateway, "_create_integration")
    def create_integration(original, api_id, data):
        given = data.get("requestParameters") or {}
        if data.get("integrationSubtype") == SUBTYPE and not all(name in given for name in REQUIRED):
            return apigateway._apigw_error(
                "BadRequestException", f"{SUBTYPE} requires the parameters {', '.join(REQUIRED)}", 400)
        answer = original(api_id, data)
        if answer[0] != 201:
            return answer
        integration = apigateway._integrations[api_id][json.loads(answer[2])["integrationId"]]
        integration.update({name: data[name] for name in STORED if data.get(name)})
        return apigateway._apigw_response(integration, 201)


def _send_messages():
    original = existing(apigateway, "_invoke_lambda_proxy")
    signature = inspect.signature(original)
    signature.bind_partial(headers={}, body=b"", query_params={}, path_params={})  # fails if one has another name

    @functools.wraps(original)
    async def invoke(*positional, **named):
        request = signature.bind(*positional, **named).arguments
        if request["integration"].get("integrationSubtype") != SUBTYPE:
            return await original(*positional, **named)
        try:
            return await _send(request["integration"], request)
        except sqs._Err as error:
            return _as_text_xml(sqs._xml_err_resp(error.code, error.message, error.status))

    apigateway._invoke_lambda_proxy = invoke


async def _send(integration, request):
    parameters = {name: _resolved(value, request) for name, value in integration["requestParameters"].items()}
    try:
        attributes = json.loads(parameters.get("MessageAttributes", "{}"), strict=False)
        _validate(attributes)
    except (ValueError, AttributeError):  # not JSON, or not an object of objects
        return 400, {"Content-Type": "application/json"}, b'{"message":"Bad Request"}'
    _check_role(integration["credentialsArn"], parameters["QueueUrl"])
    result = await sqs._dispatch(
        "SendMessage", {**parameters, "MessageAttributes": attributes}, parameters["QueueUrl"])
    return _as_text_xml(sqs._to_xml("SendMessage", result))


def _resolved(value, request):
    """A parameter that the request lacks becomes an empty text."""
    if value == "$request.body":
        return (request["body"] or b"").decode("utf-8", errors="replace")
    return apigateway._resolve_mapping_value(
        value, request_headers=request["headers"], request_query=request["query_params"] or {},
        path_params=request["path_params"] or {}, context_vars={}, stage_vars={}) or ""


def _validate(attributes):
    """SQS refuses an attribute without a value. ministack does not."""
    for name, attribute in attributes.items():
        kind = attribute.get("DataType", "")
        if not attribute.get("BinaryValue" if kind.startswith("Binary") else "StringValue"):
            raise sqs._Err("InvalidParameterValue", f"Message (user) attribute '{name}' must contain a non-empty "
                                                    f"value of type '{kind}'.")


def _check_role(role, queue_url):
    queue = sqs._get_q(queue_url)["attributes"]["QueueArn"]
    if refusal := _roles.refusal(role, "api", "sqs:SendMessage", queue):
        raise sqs._Err("AccessDenied", refusal, 403)


def _as_text_xml(answer):
    status, headers, body = answer
    return status, {**headers, "Content-Type": "text/xml"}, body
