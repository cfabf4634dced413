use std::time::{Duration, SystemTime};

use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign},
    sign::v4::SigningParams,
};
use url::Url;
use warehouse::Login;

use crate::{Error, Signer};

/// How long RDS accepts a token.
pub(crate) const LIFETIME: Duration = Duration::from_secs(15 * 60);

/// Signs a login request. RDS expects the URL without its scheme.
pub(crate) fn sign_token(login: &Login, signer: &Signer, now: SystemTime) -> Result<String, Error> {
    let Login { host, port, user } = login;
    let mut url = Url::parse(&format!("https://{host}:{port}/"))?;
    url.query_pairs_mut().append_pair("Action", "connect").append_pair("DBUser", user);
    let signature = query(url.as_str(), signer, now)?;
    url.query_pairs_mut().extend_pairs(signature);
    Ok(url.as_str().trim_start_matches("https://").to_owned())
}

/// Returns the query parameters that the signature adds.
fn query(url: &str, signer: &Signer, now: SystemTime) -> Result<Vec<(String, String)>, Error> {
    let mut settings = SigningSettings::default();
    settings.expires_in = Some(LIFETIME);
    settings.signature_location = SignatureLocation::QueryParams;
    let identity = signer.credentials.clone().into();
    let how = SigningParams::builder()
        .identity(&identity)
        .region(&signer.region)
        .name("rds-db")
        .time(now)
        .settings(settings)
        .build()?;
    let request = SignableRequest::new("GET", url, std::iter::empty(), SignableBody::Bytes(&[]))?;
    let (_, added) = sign(request, &how.into())?.into_parts().0.into_parts();
    Ok(added.into_iter().map(|(name, value)| (name.to_owned(), value.into_owned())).collect())
}
