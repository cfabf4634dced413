//! A database server that must prove its identity, and to which functions log in with an IAM token, as on RDS.

use std::path::PathBuf;

use anyhow::{Context, Result};
use database_server::{DatabaseServer, Tls};
use local_programs::{console::Console, process::RunFolder};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

/// A server with a certificate of an authority of its own.
pub(super) struct SecureServer {
    server: DatabaseServer,
    folder: RunFolder,
}

impl SecureServer {
    pub async fn start(console: Console) -> Result<Self> {
        let folder = RunFolder::create("authority")?;
        let server = DatabaseServer::start_with_tls(console, certificates(&folder)?).await?;
        Ok(Self { server, folder })
    }

    /// A URL without a password. Its authorities are those of RDS and that of the server, so that a start reads as many as on
    /// RDS. No local server can check a token, so this one refuses the login.
    pub fn url(&self) -> Result<String> {
        let url = self.server.url("mysql").replace("ssl-mode=disabled", "ssl-mode=VERIFY_IDENTITY");
        let (_, server) = url.split_once('@').context("a URL with a password")?;
        Ok(format!("mysql://restock@{server}&ssl-ca={}", authorities(&self.folder).display()))
    }

    pub async fn stop(self) {
        self.server.stop().await;
    }
}

fn authorities(folder: &RunFolder) -> PathBuf {
    folder.path().join("authorities.pem")
}

/// Writes the authorities, and the certificate and the key of the server.
fn certificates(folder: &RunFolder) -> Result<Tls> {
    let mut authority = CertificateParams::new([])?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let (authority_key, server_key) = (KeyPair::generate()?, KeyPair::generate()?);
    let own = authority.self_signed(&authority_key)?.pem();
    let issuer = Issuer::new(authority, authority_key);
    let server = CertificateParams::new(["127.0.0.1".to_owned()])?;
    let server = server.signed_by(&server_key, &issuer)?.pem();
    std::fs::write(authorities(folder), [iam_login::RDS, own.as_bytes()].concat())?;
    let tls = Tls {
        certificate: folder.path().join("server.pem"),
        key: folder.path().join("server.key"),
    };
    std::fs::write(&tls.certificate, server)?;
    std::fs::write(&tls.key, server_key.serialize_pem())?;
    Ok(tls)
}
