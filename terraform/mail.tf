# Who sends mails and who gets them. SES writes to both once, with a link to confirm; unless the account knows them
# already: mail_identities.
#
# A new account is in the sandbox of SES: it sends only to addresses that are confirmed, 200 a day. That is why
# the address of operations is here too, and it is enough for this system. To leave the sandbox, ask AWS
# (SES, account dashboard); nothing here has to change.

resource "aws_sesv2_email_identity" "this" {
  for_each = setsubtract([var.mail_from, var.mail_to], concat(
    var.mail_identities.from == null ? [] : [var.mail_from],
    var.mail_identities.to == null ? [] : [var.mail_to],
  ))
  email_identity = each.key
}
