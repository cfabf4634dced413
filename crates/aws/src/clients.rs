use std::time::Duration;

use aws_config::{
    BehaviorVersion, ConfigLoader, SdkConfig, retry::RetryConfig, timeout::TimeoutConfig,
};
use aws_sdk_sfn::{
    config::{
        ConfigBag, Intercept, RuntimeComponents, SharedHttpClient,
        interceptors::BeforeTransmitInterceptorContextMut,
    },
    error::BoxError,
};
use aws_smithy_http_client::{
    Builder,
    tls::{self, TlsContext, TrustStore},
};

/// Certificates of the authorities that sign the server certificates of AWS.
const AUTHORITIES: &[u8] = include_bytes!("../certificates/aws.pem");

/// Returns the configuration of the AWS clients of functions, from the environment that Lambda sets.
///
/// Trusts the authorities of AWS only. Otherwise each start of a function would read the authorities of the system, some
/// hundred files, which takes as long as everything else.
pub async fn aws() -> SdkConfig {
    let authorities = TrustStore::empty().with_pem_certificate(AUTHORITIES);
    configured(aws_config::defaults(BehaviorVersion::latest()), authorities).await
}

/// Returns the configuration of the AWS clients of a person, from the environment. Trusts the authorities of the system: the
/// network of a company may have one of its own.
pub async fn aws_of_person() -> SdkConfig {
    configured(aws_config::defaults(BehaviorVersion::latest()), TrustStore::default()).await
}

async fn configured(loader: ConfigLoader, authorities: TrustStore) -> SdkConfig {
    loader
        .http_client(http_client(authorities))
        .timeout_config(timeouts())
        .retry_config(retries())
        .load()
        .await
}

/// Returns the same configuration without anything from the environment: no region, credentials or endpoint. The
/// environment of a developer may name a profile or an endpoint on AWS.
pub fn aws_without_environment() -> SdkConfig {
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(http_client(TrustStore::default()))
        .timeout_config(timeouts())
        .retry_config(retries())
        .build()
}

/// Shorter than the time-outs of the functions, so that a call that hangs is reported as an error of this call.
fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(1))
        .operation_attempt_timeout(Duration::from_secs(3))
        .operation_timeout(Duration::from_secs(8))
        .build()
}

fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(3)
}

/// A client that opens a connection for each call. Lambda freezes a function between invocations, and a connection can be
/// lost meanwhile without notice. A call on a lost connection waits for its time-out, and it is then unknown whether it
/// was received.
fn http_client(authorities: TrustStore) -> SharedHttpClient {
    // Never fails so far. If it did, the client would trust the authorities of the system.
    let context = TlsContext::builder().with_trust_store(authorities).build().unwrap_or_default();
    Builder::new()
        .pool_max_idle_per_host(0)
        .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring))
        .tls_context(context)
        .build_https()
}

pub fn step_functions(aws: &SdkConfig) -> aws_sdk_sfn::Client {
    let mut config = aws_sdk_sfn::config::Builder::from(aws);
    if SyncHostPrefix::is_disabled() {
        config = config.interceptor(SyncHostPrefix);
    }
    aws_sdk_sfn::Client::from_conf(config.build())
}

/// Removes the prefix `sync-` that StartSyncExecution adds to the host name. An endpoint such as 127.0.0.1 has no such
/// subdomain. SDKs of other languages support the environment variable `AWS_DISABLE_HOST_PREFIX_INJECTION`; the SDK for
/// Rust does not, so this interceptor does.
#[derive(Debug)]
struct SyncHostPrefix;

impl SyncHostPrefix {
    fn is_disabled() -> bool {
        std::env::var("AWS_DISABLE_HOST_PREFIX_INJECTION")
            .is_ok_and(|value| value.eq_ignore_ascii_case("true"))
    }
}

impl Intercept for SyncHostPrefix {
    fn name(&self) -> &'static str {
        "SyncHostPrefix"
    }

    /// Before signing, because the signature includes the host.
    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let uri = context.request().uri().replacen("://sync-", "://", 1);
        Ok(context.request_mut().set_uri(uri)?)
    }
}

#[cfg(test)]
mod tests;
