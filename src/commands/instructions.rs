//! Lines that `up` and `sandbox` print: how to reach the backing services.

use local_cloud::{BackingServices, mailbox};
use local_programs::console::Console;
use system::REGION;

/// The last line of the output of `up` and `sandbox`.
pub const HOW_TO_STOP: &str = "\nPress Ctrl-C to stop.";

/// The line that `up` and `sandbox` print after a signal.
pub const STOPPING: &str = "\nstopping everything that was started";

/// The environment with which the AWS CLI and Terraform reach the local AWS.
pub fn credentials(endpoint: &str) -> String {
    format!(
        "export AWS_ENDPOINT_URL={endpoint} AWS_DEFAULT_REGION={REGION} AWS_ACCESS_KEY_ID=test \
         AWS_SECRET_ACCESS_KEY=test"
    )
}

/// Prints how to read the mails, use the factory simulator and find the log.
pub fn print_backing_services(services: &BackingServices, console: Console) {
    console.say(format_args!("mails         curl -s {}", mailbox::url(services.endpoint())));
    if let Some(factory) = &services.factory {
        let admin = factory.admin_url();
        console.say(format_args!("orders        curl -s {admin}/simulator/orders"));
        console.say(format_args!("faults        curl -s {admin}/simulator/faults"));
        console.say(format_args!(
            "set fault     curl -X PUT {admin}/simulator/fault -d '{{\"fault\":\"refuses-connections\"}}'"
        ));
        console.say(format_args!("clear fault   curl -X DELETE {admin}/simulator/fault"));
    }
    if let Some(factory) = &services.second_factory {
        let admin = factory.admin_url();
        console.say(format_args!("2nd factory   curl -s {admin}/simulator/orders"));
    }
    console.say(format_args!("log file      {}", services.log_path().display()));
}
