//! A real database server with TLS, for all tests of a process.

use database_server::DatabaseServer;
use local_programs::console::Console;
use tokio::sync::OnceCell;

use crate::authority::Authority;

pub struct Secured {
    pub server: DatabaseServer,
    pub authority: Authority,
}

/// Its certificate is for 127.0.0.1.
pub async fn secured() -> &'static Secured {
    static SERVER: OnceCell<Secured> = OnceCell::const_new();
    let start = || async {
        let authority = Authority::new();
        let tls = authority.tls("127.0.0.1");
        let server = DatabaseServer::start_with_tls(Console::on_stderr(), tls).await;
        Secured { server: server.expect("a database server"), authority }
    };
    SERVER.get_or_init(start).await
}

impl Secured {
    /// The URL of a database whose server must prove its identity.
    pub fn url(&self, database: &str) -> String {
        self.server.url(database).replace("ssl-mode=disabled", "ssl-mode=VERIFY_IDENTITY")
    }

    /// As [`Secured::url`], for a client that trusts the test's authority.
    pub fn trusting_url(&self, database: &str) -> String {
        format!("{}&ssl-ca={}", self.url(database), self.authority.file().display())
    }
}
