# How long a restock waits for the factory.

mock_provider "aws" {
  source = "./tests/aws"
}

run "the_wait_of_system_json_is_the_default" {
  assert {
    condition     = jsondecode(aws_sfn_state_machine.this["restock"].definition).States.AwaitCompletion.TimeoutSeconds == 900
    error_message = "Without await_completion_seconds, AwaitCompletion must wait as long as system.json says."
  }
}

run "a_wait_that_fits_is_deployed_as_a_number" {
  variables {
    await_completion_seconds = 600
  }
  assert {
    condition     = jsondecode(aws_sfn_state_machine.this["restock"].definition).States.AwaitCompletion.TimeoutSeconds == 600
    error_message = "AwaitCompletion must wait for await_completion_seconds."
  }
  assert {
    condition     = strcontains(jsondecode(aws_sfn_state_machine.this["restock"].definition).States.AwaitCompletion.Comment, "600 s")
    error_message = "The comment of AwaitCompletion must name the wait."
  }
}

# All attempts with the longest wait, and everything else, end just before the machine's time-out.
run "the_longest_wait_is_accepted" {
  command = plan
  variables {
    await_completion_seconds = 942
  }
  assert {
    condition     = local.longest_wait == 942 && 2 * 942 + local.restock_rest < local.restock_limit && 2 * 943 + local.restock_rest >= local.restock_limit
    error_message = "The longest wait must be the longest that fits into the time of the machine."
  }
}

run "a_wait_that_does_not_fit_into_the_machines_time_is_refused" {
  command = plan
  variables {
    await_completion_seconds = 943
  }
  expect_failures = [var.await_completion_seconds]
}

run "a_wait_that_is_shorter_than_the_factory_needs_is_refused" {
  command = plan
  variables {
    await_completion_seconds = 59
  }
  expect_failures = [var.await_completion_seconds]
}

run "a_wait_of_a_part_of_a_second_is_refused" {
  command = plan
  variables {
    await_completion_seconds = 600.5
  }
  expect_failures = [var.await_completion_seconds]
}
