# Variables of every test that sets no others.
factory_url = "https://factory.example"
mail_from   = "restock@donut-states.example"
mail_to     = "operations@donut-states.example"
packages    = "tests/function.zip"

checkout_authorization = "NONE"
