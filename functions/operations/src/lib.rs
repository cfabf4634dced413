//! What operations hear of the system.
//!
//! A workflow that fails invokes `leave-dead-letter`, so that a person can try its work again, and then `report`, which
//! puts a [`Report`] into `operations_queue`. `send-mail` consumes that queue and sends the mails. So a failure of SES
//! delays a mail, and repeats neither the dead letter nor the workflow. Each module has the handler of one function;
//! `src/bin/` creates its clients and runs it. `mail` has the text of every mail.

pub mod dead_letter;
pub mod leave_dead_letter;
pub mod mail;
pub mod report;
pub mod send_mail;

pub use report::Report;
