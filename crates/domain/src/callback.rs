//! The signature in a callback URL: only we can have made the URL that the factory calls.
//!
//! `…/factory/completions/{production_order}?quantity=50&expires=1790000000&signature=…`
//!
//! The signature is an HMAC-SHA256 over all three, in lower-case hexadecimal. The quantity is in it
//! so that a callback that reports more than was ordered is refused where no database is at hand.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{Error, ProductionOrderId, Units};

/// What a callback URL says, and its signature vouches for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The order that the callback is for.
    pub production_order: ProductionOrderId,
    /// How many were ordered.
    pub ordered: Units,
    /// When the URL ceases to be good, in seconds since 1970.
    pub expires: u64,
}

/// The keys: the first signs, each verifies, so that a new one can be put in front while URLs that
/// the old one signed are still out.
#[derive(Clone)]
pub struct Keys(Vec<String>);

/// An error says nothing about a key, nor does this.
impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({})", self.0.len())
    }
}

impl std::str::FromStr for Keys {
    type Err = Error;

    /// One key or two, separated by a comma.
    fn from_str(text: &str) -> Result<Self, Error> {
        let keys: Vec<String> = text.split(',').map(|key| key.trim().to_owned()).collect();
        let good = keys.len() <= 2 && keys.iter().all(|key| key.len() >= 32);
        if good { Ok(Self(keys)) } else { Err(Error::Keys) }
    }
}

impl Keys {
    /// The signature of a claim.
    pub fn sign(&self, claim: &Claim) -> Result<String, Error> {
        let key = self.0.first().ok_or(Error::Keys)?;
        Ok(hex::encode(mac(key, claim)?.finalize().into_bytes()))
    }

    /// Whether we made this claim and it is still good at `now` (seconds since 1970). Each key is
    /// compared in constant time.
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

/// Only as we write it: capitals would say the same in another way.
fn lower_case_hex(text: &str) -> Result<Vec<u8>, Error> {
    let bytes = hex::decode(text).map_err(|_| Error::Forged)?;
    if hex::encode(&bytes) == text { Ok(bytes) } else { Err(Error::Forged) }
}

fn mac(key: &str, claim: &Claim) -> Result<Hmac<Sha256>, Error> {
    let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).map_err(|_| Error::Keys)?;
    let text = format!("{}\n{}\n{}", claim.production_order, claim.ordered, claim.expires);
    Ok(mac.chain_update(text))
}
