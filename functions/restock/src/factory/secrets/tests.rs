use super::*;

#[test]
fn a_secret_is_one_header() {
    let read = header("X-Api-Key: abc:def\n");
    let read = read.as_ref().map(|(name, value)| (name.as_str(), value.to_str().ok()));
    assert_eq!(read, Some(("x-api-key", Some("abc:def"))));
    for bad in ["", "abc", "X-Api-Key:", ": abc", "two words: abc", "A: b\nC: d"] {
        assert!(header(bad).is_none(), "{bad:?}");
    }
}

#[test]
fn nothing_shows_the_value_of_a_header() {
    assert!(!format!("{:?}", header("X-Api-Key: abcdef")).contains("abcdef"));
}

#[tokio::test]
async fn a_secret_that_is_not_listed_is_not_read() -> Result<(), domain::Error> {
    let name: SecretName = "other".parse()?;
    let store = Secrets::new(&aws::aws_without_environment());
    let secrets = HeaderSecrets::read(store, SecretNames::default()).await;
    let error = secrets.header(&name).await.err().map(|e| e.to_string());
    assert!(error.is_some_and(|error| error.contains("FACTORY_SECRETS")));
    Ok(())
}
