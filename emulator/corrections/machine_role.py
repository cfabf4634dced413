"""AWS: a state machine invokes a function with its own role. If the role lacks the permission, the
task fails.

ministack: with AUTH=true, enforces the roles of functions but not those of state machines.

Needed to know that the roles of the state machines have the permissions they need, and no others.
"""

from ministack.services import lambda_svc
from ministack.services import stepfunctions as sf

from . import _roles, _tasks
from ._patching import around, require


def apply():
    _roles.require_evaluator()
    _tasks.track()
    require(lambda_svc, "_get_func_record_for_ref")
    require(sf, "_ExecutionError", "_state_machines")

    @around(sf, "_call_lambda")
    def call_lambda(original, function, event):
        _, config, _ = lambda_svc._get_func_record_for_ref(function)
        refusal = config and _refusal(_tasks.execution(), config["FunctionArn"])
        if refusal:
            raise sf._ExecutionError("Lambda.AWSLambdaException", refusal)
        return original(function, event)


def _refusal(execution, function):
    machine = sf._state_machines[execution["stateMachineArn"]]
    return _roles.refusal(machine["roleArn"], execution["name"][:64], "lambda:InvokeFunction", function)
