/// Defines the names: identifier, name, what it means, what to do.
macro_rules! error_names {
    ($($variant:ident = $name:literal, $meaning:literal, $remedy:literal;)*) => {
        /// The fixed name of an error.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ErrorName {
            $(#[doc = concat!("`", $name, "`: ", $meaning)] $variant,)*
        }

        impl ErrorName {
            /// Every name.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name as state machines match it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// One sentence: what happened.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }

            /// One sentence: what to do about it.
            pub const fn remedy(self) -> &'static str {
                match self { $(Self::$variant => $remedy,)* }
            }
        }
    };
}

error_names! {
    AwsRefused = "Aws.Refused",
        "AWS rejected a request because a permission or a setting is missing or the request is wrong.",
        "Look up the error code in the message, correct the role or the setting, and redrive the dead letter.";
    AwsUnavailable = "Aws.Unavailable",
        "AWS throttled a request, failed to process it, or could not be reached.",
        "Wait, because the step is retried, and check the AWS Health Dashboard if the error persists.";
    CallbackRefused = "Callback.Refused",
        "The factory sent a callback that cannot be counted, because its body is invalid, or its count is missing, invalid or above the order.",
        "Ask the factory how many units it delivered, and correct the stock if they are missing from it.";
    ChangeRefused = "Change.Refused",
        "A change by an operator would break a rule of the shop, so nothing was changed.",
        "Correct the change as the message says and send it again.";
    CompletionAlreadyArrived = "Completion.AlreadyArrived",
        "The arrival was recorded before the restock began to wait for it.",
        "Do nothing, because the restock continues with the arrival at once.";
    CompletionNotArrived = "Completion.NotArrived",
        "A credit was requested for a production order without a recorded arrival.",
        "Report a defect in the state machine, because it credits only recorded arrivals.";
    CompletionTokenClosed = "Completion.TokenClosed",
        "The execution that waited for the arrival has ended or has timed out.",
        "Do nothing, because the arrival is credited to stock directly.";
    DatabaseBusy = "Database.Busy",
        "The database could not run a statement now because of a lock, a deadlock, a change of a table or procedure, or a limit.",
        "Wait, because the step is retried, and look up the error number in the message if the error persists.";
    DatabaseCorrupt = "Database.Corrupt",
        "A row holds a value that the rules of the shop do not allow.",
        "Run the audit and correct the row that the message names.";
    DatabaseFailed = "Database.Failed",
        "The database rejected a statement.",
        "Check that the migrations and the privileges of the function's database user are those of this release.";
    DatabaseMigration = "Database.Migration",
        "A migration failed.",
        "Correct the cause in the message and apply again, because an interrupted migration is completed then.";
    DatabaseMigrationUnderWay = "Database.MigrationUnderWay",
        "Another migration holds the lock for longer than ten minutes.",
        "Wait until the other migration has ended and apply again.";
    DatabasePassword = "Database.Password",
        "The login token for the database could not be signed.",
        "Check the function's role and its environment variables.";
    DatabaseUnavailable = "Database.Unavailable",
        "The database could not be reached, rejected the login, or closed the connection.",
        "Wait, because the step is retried, and check the state of the database instance if the error persists.";
    DatabaseUrl = "Database.Url",
        "The database URL names no database.",
        "Write the URL as mysql://user:password@host:port/database.";
    DatabaseUsers = "Database.Users",
        "The list of database users is not the list of functions that use the database.",
        "Deploy the functions and the list of users from the same release.";
    EventMalformed = "Event.Malformed",
        "A function was invoked with an event that it cannot read.",
        "Deploy the functions and the state machines from the same release.";
    ExecutionAborted = "Execution.Aborted",
        "Somebody stopped the execution.",
        "Redrive the dead letter if the work is still needed.";
    ExecutionFailed = "Execution.Failed",
        "The execution failed with an error that its definition cannot handle.",
        "Find the state and its error in the execution history, correct the definition, and start the work again.";
    ExecutionTimedOut = "Execution.TimedOut",
        "The execution ran longer than its state machine allows.",
        "Find the state that took the time in the execution history and redrive the dead letter.";
    FactoryExists = "Factory.Exists",
        "A factory was to be added under an id that another factory has.",
        "Change the factory instead, or add the other one under its own id.";
    FactoryNotAllowed = "Factory.NotAllowed",
        "The host of the factory's URL is not in the list of hosts to which the deployment allows orders, so the order was not sent.",
        "Correct the factory's URL, or allow its host as the message says, and redrive the dead letter.";
    FactoryRefused = "Factory.Refused",
        "The factory rejected the order.",
        "Ask the factory why, correct the product or the factory's settings, and redrive the dead letter.";
    FactorySecretUnusable = "Factory.SecretUnusable",
        "The secret with the header that the factory requires is missing, not listed or not a header, so the order was not sent.",
        "Correct the secret or the Terraform variable that the message names and redrive the dead letter.";
    FactoryUnavailable = "Factory.Unavailable",
        "The factory could not be reached or turned the request away unread, so it certainly did not take the order.",
        "Check the factory's URL, ask the factory whether it is available, and redrive the dead letter then.";
    FactoryUnknown = "Factory.Unknown",
        "The factory is not in the database.",
        "Add the factory, or correct its id.";
    FactoryUrl = "Factory.Url",
        "The URL of a factory is not allowed in the factory's network.",
        "Give a URL as the message says.";
    FunctionMisconfigured = "Function.Misconfigured",
        "A function could not start because a setting is missing or malformed, so it certainly did nothing.",
        "Correct the setting that the message names and redrive the dead letter.";
    MessageMalformed = "Message.Malformed",
        "A message in stock_queue is not a valid depletion message.",
        "Send a corrected message and delete the dead letter.";
    MessageUndelivered = "Message.Undelivered",
        "A queue delivered a message too often without success and set it aside.",
        "Read the log of the function that handles the queue, fix the cause, and redrive the dead letter.";
    MessageUnwritable = "Message.Unwritable",
        "A message could not be built from its data.",
        "Report a defect, because no valid data causes this error.";
    MigrationFailed = "Migration.Failed",
        "The function migrate failed.",
        "Correct the cause in the message and apply again.";
    MigrationSecret = "Migration.Secret",
        "The secret of the master user does not hold a username and a password.",
        "Check that the secret is the one that RDS manages for this database.";
    MigrationUnanswered = "Migration.Unanswered",
        "The function migrate has not answered in time and may still run.",
        "Wait a quarter of an hour and apply again.";
    OutcomeUnwritable = "Outcome.Unwritable",
        "The result of a function could not be written as JSON.",
        "Report a defect, because no valid data causes this error.";
    ProductUnknown = "Product.Unknown",
        "The product is not in the database.",
        "Add the product, or correct the SKU in the message.";
    ProductionOrderUnknown = "ProductionOrder.Unknown",
        "The production order is not in the database.",
        "Check whether the database was restored to a time before the order.";
    PurchaseUndecided = "Purchase.Undecided",
        "The purchase state machine ended without a result.",
        "Let the customer retry with the same Idempotency-Key.";
    RestockAbandoned = "Restock.Abandoned",
        "The execution of a restock ended and had not closed the restock.",
        "Find out why the execution ended without closing the restock and redrive the dead letter.";
    RestockClosedByHand = "Restock.ClosedByHand",
        "An operator closed the restock by hand.",
        "Do nothing, because whoever closed it knows why.";
    RestockExhausted = "Restock.Exhausted",
        "No callback arrived for any of the restock's orders in time.",
        "Ask the factory about the orders and redrive the dead letter.";
    SignatureFailed = "Signature.Failed",
        "The key that signs callback URLs is missing, may not be read or is not a key, so nothing was signed and no signature was checked.",
        "Apply Terraform again, which creates the key and allows the functions to read it, and redrive the dead letter.";
}
