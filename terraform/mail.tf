# The mail addresses of the sender and of operations. SES sends each address one mail with a link to verify it. Addresses
# that the account has verified already are named in mail_identities.
#
# A new account is in the SES sandbox: it can send only to verified addresses, at most 200 mails a day. So the address of
# operations is verified too, and the SES sandbox is enough for this system. To leave the SES sandbox, use the account
# dashboard of SES.

resource "aws_sesv2_email_identity" "this" {
  for_each = setsubtract([var.mail_from, var.mail_to], concat(
    var.mail_identities.from == null ? [] : [var.mail_from],
    var.mail_identities.to == null ? [] : [var.mail_to],
  ))
  email_identity = each.key
}
