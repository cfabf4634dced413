use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use warehouse::{Login, Passwords};

use crate::{
    Signer,
    token::{LIFE, sign_token},
};

/// A token is used so long. The rest of its life is for clocks that differ, and for the way.
const USE: Duration = Duration::from_secs(10 * 60);

/// The tokens of one login: a new one whenever the last has become old.
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
    /// Tokens for this login.
    pub fn new(login: Login, signer: Signer, clock: Clock) -> Self {
        const { assert!(USE.as_secs() < LIFE.as_secs()) };
        Self { login, signer, clock, last: Mutex::new(None) }
    }
}

impl<Clock: Fn() -> SystemTime + Send + Sync> Passwords for Tokens<Clock> {
    fn password(&self) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
        let now = (self.clock)();
        // Each token in it is whole, whoever panicked while holding it.
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
    /// Not either where the clock was set back: then it is not known how old it is.
    fn is_fresh(&self, now: SystemTime) -> bool {
        now.duration_since(self.signed).is_ok_and(|age| age < USE)
    }
}
