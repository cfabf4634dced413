"""AWS: a state machine invokes a function by its own role, and the task fails where that may not.

ministack: with AUTH=true the roles of functions are enforced, and those of state machines are not.

We depend on it to know that the state machines' roles suffice, and that they are needed.
"""

from ministack.services import lambda_svc
from ministack.services import stepfunctions as sf

from . import _roles, _tasks
from ._patching import around, require


def apply():
    _roles.known()
    _tasks.track()
    require(lambda_svc, "_get_func_record_for_ref")
    require(sf, "_ExecutionError", "_state_machines")

    @around(sf, "_call_lambda")
    def call_lambda(original, function, event):
        _, config, _ = lambda_svc._get_func_record_for_ref(function)
        why = config and _refusal(_tasks.execution(), config["FunctionArn"])
        if why:
            raise sf._ExecutionError("Lambda.AWSLambdaException", why)
        return original(function, event)


def _refusal(execution, function):
    machine = sf._state_machines[execution["stateMachineArn"]]
    return _roles.refusal(machine["roleArn"], execution["name"][:64], "lambda:InvokeFunction", function)
