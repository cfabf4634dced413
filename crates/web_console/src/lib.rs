//! A web page for a deployment: products, factories, executions, dead letters and mails, live, and buttons to try things.
//!
//! - [`Console::serve`]: serves the page on loopback until it is dropped. Start here.
//! - `guard`: refuses requests of other pages and other machines.
//! - `source`: reads the deployment while somebody looks. `state`: what it reads.
//! - `actions`: what the buttons do. `routes`: the HTTP interface. `assets`: the page itself.
//!
//! Everything that it reads or changes goes through `operations`, the HTTP API of the shop, or the admin interface of the
//! factory simulator. It keeps nothing.

mod actions;
mod assets;
mod body;
mod executions;
mod factories;
mod guard;
mod letters;
mod routes;
mod source;
mod state;

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context, Result};
use deployment::outputs::Outputs;
use operations::access::WarehouseAccess;
use tokio::{net::TcpListener, task::JoinHandle};

use source::Source;

/// What is shown.
#[derive(Debug, Clone)]
pub struct Deployment {
    pub outputs: Outputs,
    pub warehouse: WarehouseAccess,
}

/// A page that is served until this is dropped.
#[derive(Debug)]
pub struct Console {
    address: SocketAddr,
    server: JoinHandle<()>,
}

impl Console {
    /// Serves the page on this port of the loopback address, or on a free one.
    ///
    /// # Errors
    /// If the port is in use.
    pub async fn serve(deployment: Deployment, port: Option<u16>) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0))).await;
        let listener = listener.context("the console's port is in use: choose another")?;
        let address = listener.local_addr()?;
        let app = routes::app(Source::start(deployment), address);
        let server = tokio::spawn(async move {
            // Serving ends only with the task.
            let _ = axum::serve(listener, app).await;
        });
        Ok(Self { address, server })
    }

    /// The URL of the page.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        self.server.abort();
    }
}
