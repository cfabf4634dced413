use anyhow::Result;
use local_cloud::mailbox;
use local_programs::console::Console;

/// The mails that were not printed yet.
#[derive(Debug, Default)]
pub(super) struct NewMails {
    printed: usize,
}

impl NewMails {
    /// Prints the subject of each new mail.
    pub(super) async fn print(&mut self, endpoint: &str, console: Console) -> Result<()> {
        let mails = mailbox::mails(endpoint).await?;
        for mail in mails.iter().skip(self.printed) {
            console.note(format_args!("mail: {} (`restock mails` prints it)", mail.subject));
        }
        self.printed = mails.len();
        Ok(())
    }
}
