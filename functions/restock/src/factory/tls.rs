//! TLS with factories.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore, crypto::ring};

/// Trusts the authorities that Mozilla trusts. They are compiled in: otherwise each start of the function would read those of
/// the system, some hundred files, which takes as long as everything else.
pub(super) fn configuration() -> Result<ClientConfig, rustls::Error> {
    let authorities = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(authorities).with_no_client_auth())
}

#[cfg(test)]
mod tests;
