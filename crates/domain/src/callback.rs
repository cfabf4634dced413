//! Signatures of callback URLs. They prove that the URL comes from us.
//!
//! `…/factory/completions/{production_order}?quantity=50&expires=1790000000&signature=…`
//!
//! The signature is an HMAC-SHA256 of production order, quantity and expiry, in lower-case hexadecimal. The quantity
//! is signed so that a callback that reports more than was ordered can be rejected without the database.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{Error, ProductionOrderId, Units};

/// The signed part of a callback URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    pub production_order: ProductionOrderId,
    /// The ordered quantity.
    pub ordered: Units,
    /// When the URL expires, in seconds since 1970.
    pub expires: u64,
}

/// One or two signing keys. The first key signs, and each key verifies. To rotate keys, put the new key first and
/// keep the old one until the URLs that it signed have expired.
#[derive(Clone)]
pub struct Keys(Vec<String>);

/// Shows only the number of keys.
impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({})", self.0.len())
    }
}

impl std::str::FromStr for Keys {
    type Err = Error;

    /// One key, or two separated by a comma.
    fn from_str(text: &str) -> Result<Self, Error> {
        let keys: Vec<String> = text.split(',').map(|key| key.trim().to_owned()).collect();
        let valid = keys.len() <= 2 && keys.iter().all(|key| key.len() >= 32);
        if valid { Ok(Self(keys)) } else { Err(Error::Keys) }
    }
}

impl Keys {
    /// Returns the signature of a claim.
    pub fn sign(&self, claim: &Claim) -> Result<String, Error> {
        let key = self.0.first().ok_or(Error::Keys)?;
        Ok(hex::encode(mac(key, claim)?.finalize().into_bytes()))
    }

    /// Checks that one of the keys signed the claim and that it has not expired at `now` (seconds since 1970). The
    /// comparison with each key takes constant time.
    pub fn verify(&self, claim: &Claim, signature: &str, now: u64) -> Result<(), Error> {
        let signature = lower_case_hex(signature)?;
        let mut ours = false;
        for key in &self.0 {
            ours |= mac(key, claim)?.verify_slice(&signature).is_ok();
        }
        match ours {
            false => Err(Error::Forged),
            true if claim.expires <= now => Err(Error::Expired),
            true => Ok(()),
        }
    }
}

/// Accepts only lower case, so that each signature has exactly one spelling.
fn lower_case_hex(text: &str) -> Result<Vec<u8>, Error> {
    let bytes = hex::decode(text).map_err(|_| Error::Forged)?;
    if hex::encode(&bytes) == text { Ok(bytes) } else { Err(Error::Forged) }
}

fn mac(key: &str, claim: &Claim) -> Result<Hmac<Sha256>, Error> {
    let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).map_err(|_| Error::Keys)?;
    let text = format!("{}\n{}\n{}", claim.production_order, claim.ordered, claim.expires);
    Ok(mac.chain_update(text))
}
