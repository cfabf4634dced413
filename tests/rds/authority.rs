//! A certificate authority for the tests.

use std::path::PathBuf;

use database_server::Tls;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use tempfile::TempDir;

/// A certificate authority. Its certificate and those that it signs are written to files.
pub struct Authority {
    folder: TempDir,
    issuer: Issuer<'static, KeyPair>,
    pub pem: String,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::new([]).expect("no names");
        // Each authority needs its own name. If two had the same, a client would report a wrong signature instead of an
        // unknown issuer.
        let name = format!("Authority {}", uuid::Uuid::new_v4());
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let pem = params.self_signed(&key).expect("a certificate").pem();
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("ca.pem"), &pem).expect("a file");
        Self { folder, issuer: Issuer::new(params, key), pem }
    }

    pub fn file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// A server certificate for this host, and its key.
    pub fn sign(&self, host: &str) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new([host.to_owned()]).expect("a name");
        (params.signed_by(&key, &self.issuer).expect("a certificate"), key)
    }

    /// A server certificate for this host and its key, in files.
    pub fn tls(&self, host: &str) -> Tls {
        let (certificate, key) = self.sign(host);
        let file = |name: &str, pem: String| {
            let file = self.folder.path().join(name);
            std::fs::write(&file, pem).expect("a file");
            file
        };
        Tls {
            certificate: file("server.pem", certificate.pem()),
            key: file("server.key", key.serialize_pem()),
        }
    }
}
