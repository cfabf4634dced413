use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use warehouse::{Login, PasswordProvider};

use crate::{
    Signer,
    token::{LIFETIME, sign_token},
};

/// How long a token is reused. The rest of its lifetime allows for clock differences and network delays.
const REUSE: Duration = Duration::from_secs(10 * 60);

/// Provides the tokens of one login. Signs a new token when the last one is too old.
pub struct Tokens<Clock> {
    login: Login,
    signer: Signer,
    clock: Clock,
    last: Mutex<Option<Token>>,
}

struct Token {
    text: String,
    signed: SystemTime,
}

impl<Clock: Fn() -> SystemTime> Tokens<Clock> {
    pub fn new(login: Login, signer: Signer, clock: Clock) -> Self {
        const { assert!(REUSE.as_secs() < LIFETIME.as_secs()) };
        Self { login, signer, clock, last: Mutex::new(None) }
    }
}

impl<Clock: Fn() -> SystemTime + Send + Sync> PasswordProvider for Tokens<Clock> {
    fn password(&self) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
        let now = (self.clock)();
        // A poisoned lock is safe to use: a token is only stored when it is complete.
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(token) = last.as_ref().filter(|token| token.is_fresh(now)) {
            return Ok(token.text.clone());
        }
        let text = sign_token(&self.login, &self.signer, now)?;
        *last = Some(Token { text: text.clone(), signed: now });
        Ok(text)
    }
}

impl Token {
    /// A token from the future means that the clock was set back. Its age is unknown, so it is not fresh.
    fn is_fresh(&self, now: SystemTime) -> bool {
        now.duration_since(self.signed).is_ok_and(|age| age < REUSE)
    }
}
