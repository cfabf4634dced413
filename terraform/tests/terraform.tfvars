# What every test deploys, unless it says otherwise.
factory_url = "https://factory.example"
mail_from   = "restock@donut-states.example"
mail_to     = "operations@donut-states.example"
packages    = "tests/function.zip"
