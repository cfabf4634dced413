# The keys that sign callback URLs. Each generation has a secret of its own in Secrets Manager. The functions that use the keys
# read them when they start, so a key is in no plan, state or environment (docs/how-to.md, "Rotate the callback keys").
#
# Why Secrets Manager, and not a SecureString in SSM, which costs nothing: place-private-order runs in the VPC, which has an
# endpoint for Secrets Manager already if there is a private factory. An endpoint for SSM would cost USD 20 a month more,
# and a secret costs USD 0.40.

locals {
  # The first key signs. Both keys verify, so that URLs stay valid during a rotation.
  callback_key_generations = [
    for generation in [var.callback_key_generation, var.callback_key_generation - 1] : tostring(generation) if generation > 0
  ]
  # Read from the versions, not from the secrets: the functions start when the keys are written.
  callback_key_secrets = join(",", [
    for generation in local.callback_key_generations : aws_secretsmanager_secret_version.callback_key[generation].secret_id
  ])
  # Every generation: an older version of a function names a key that was deleted since. Without the permission to read it,
  # AWS would answer that access is denied, and not that there is no such secret, which the function accepts.
  callback_key_secret_arns = ["${local.arn_prefix["secretsmanager"]}:secret:${var.name}/callback-key-*"]
}

# A new value in each plan and apply. Only the first one for a secret is written.
ephemeral "random_password" "callback_key" {
  for_each = toset(local.callback_key_generations)
  length   = 48
  special  = false
}

resource "aws_secretsmanager_secret" "callback_key" {
  # checkov:skip=CKV_AWS_149: Secrets Manager encrypts with its own key unless there is a kms_key_arn.
  # checkov:skip=CKV2_AWS_57: a rotation needs 30 days between two generations, and the deployer chooses when: callback_key_generation.
  for_each    = toset(local.callback_key_generations)
  name        = "${var.name}/callback-key-${each.key}"
  description = "Signs and checks callback URLs. Written by Terraform once."
  kms_key_id  = var.kms_key_arn

  # Nobody can use an old key, and a deployment that is made anew needs the name.
  recovery_window_in_days = 0

  # Functions get the new list of keys before the oldest key is deleted.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_secretsmanager_secret_version" "callback_key" {
  for_each  = toset(local.callback_key_generations)
  secret_id = aws_secretsmanager_secret.callback_key[each.key].id

  # Terraform sends a write-only argument, and does not keep it. It is sent again only with another version.
  secret_string_wo         = ephemeral.random_password.callback_key[each.key].result
  secret_string_wo_version = 1

  lifecycle {
    create_before_destroy = true
  }
}
