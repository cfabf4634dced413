//! Prints what happens in a local cloud while it runs: executions, the factory, mails.
//!
//! - [`print_all`]: everything, for `restock up`. Start here.
//! - [`print_execution`], [`print_factory`]: one execution, and the factory. The demo prints them between its steps.
//!
//! Only reads, as an operator could.

mod executions;
mod factory;
mod mails;

use std::{collections::BTreeMap, convert::Infallible, time::Duration};

use anyhow::Result;
use local_cloud::LocalCloud;
use local_programs::console::Console;
use operations::{executions::Executions, text::error_line};
use tokio::time::sleep;

pub use executions::print_execution;
pub use factory::print_factory;

use executions::Follower;
use mails::NewMails;

/// Seldom enough to cost the local AWS little.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// Prints what happens, until it is dropped. Each line about a restock begins with the name of its execution.
pub async fn print_all(cloud: &LocalCloud, console: Console) -> Infallible {
    let services = &cloud.backing_services;
    let first = services.factory.as_ref().map(|one| ("factory", one));
    let second = services.second_factory.as_ref().map(|one| ("second factory", one));
    let _printing: Vec<AbortOnDrop> = first
        .into_iter()
        .chain(second)
        .map(|(name, factory)| AbortOnDrop(print_factory(factory, name, console)))
        .collect();
    let machine = &cloud.outputs.restock_machine_arn;
    let mut news = News {
        restocks: Executions::of(cloud.clients.machines.clone(), machine),
        followers: BTreeMap::new(),
        mails: NewMails::default(),
    };
    let mut unreadable = false;
    loop {
        let printed = news.print(cloud.endpoint(), console).await;
        match &printed {
            Err(error) if !unreadable => {
                console
                    .note(format_args!("what happens cannot be read now: {}", error_line(error)));
            }
            _ => {}
        }
        unreadable = printed.is_err();
        sleep(POLL_INTERVAL).await;
    }
}

/// What was printed so far.
struct News {
    restocks: Executions,
    followers: BTreeMap<String, Follower>,
    mails: NewMails,
}

impl News {
    /// Prints what has happened since the last call.
    async fn print(&mut self, endpoint: &str, console: Console) -> Result<()> {
        for execution in self.restocks.latest().await?.iter().rev() {
            let name = execution.name().to_owned();
            let follower = self.followers.entry(name).or_insert_with(|| Follower::of(execution));
            follower.print_new(&self.restocks, console).await?;
        }
        self.mails.print(endpoint, console).await
    }
}

/// The printing of the factory's events ends with the rest.
struct AbortOnDrop(tokio::task::JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
