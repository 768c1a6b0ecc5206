//! Passwords: argon2id off the async threads, a few at a time.

use std::sync::Arc;

use anyhow::anyhow;
use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use tokio::sync::Semaphore;

/// Hashes and checks passwords. Each needs 19 MiB for some 20 ms, so only as many run at once as there are cores.
#[derive(Debug)]
pub struct Hasher {
    turns: Arc<Semaphore>,
    /// Checked against when an address has no account, so that the time tells nothing.
    decoy: std::sync::OnceLock<String>,
}

impl Default for Hasher {
    fn default() -> Self {
        Self::new()
    }
}

impl Hasher {
    /// A hasher.
    #[must_use]
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self { turns: Arc::new(Semaphore::new(cores)), decoy: std::sync::OnceLock::new() }
    }

    /// Hashes a password (argon2id, OWASP's parameters, PHC string).
    ///
    /// # Errors
    /// When the system gives no memory or no randomness.
    pub async fn hash(&self, password: String) -> anyhow::Result<String> {
        self.run(move || {
            let hash = Argon2::default().hash_password(password.as_bytes()).map_err(|e| anyhow!("argon2: {e}"))?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether a password fits a hash. Without a hash it takes as long and is `false`.
    ///
    /// # Errors
    /// When the stored hash can't be read.
    pub async fn verify(&self, password: String, hash: Option<String>) -> anyhow::Result<bool> {
        let known = hash.is_some();
        let hash = match hash {
            Some(hash) => hash,
            None => self.decoy().await?,
        };
        let fits = self
            .run(move || {
                let parsed = PasswordHash::new(&hash).map_err(|e| anyhow!("stored hash: {e}"))?;
                Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
            })
            .await?;
        Ok(fits && known)
    }

    async fn decoy(&self) -> anyhow::Result<String> {
        if let Some(decoy) = self.decoy.get() {
            return Ok(decoy.clone());
        }
        let hash = self.hash(crate::secret::token()).await?;
        Ok(self.decoy.get_or_init(|| hash).clone())
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
    ) -> anyhow::Result<T> {
        let turn = self.turns.clone().acquire_owned().await?;
        tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        })
        .await?
    }
}
