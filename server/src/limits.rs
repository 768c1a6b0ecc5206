//! Rate limits, per operation and subject. Generous enough that a library or a school behind one address is not
//! locked out; the limits per account stop a single one.

use std::num::NonZeroU32;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock as _};

use crate::{
    ctx::Ctx,
    error::{AppError, Result},
};

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Signing in.
    SignIn,
    /// Making an account.
    SignUp,
    /// Asking for or entering a code.
    Code,
    /// Sending or changing a proposal.
    Propose,
    /// Sending, correcting or taking back a submission without an account.
    Submit,
    /// Keeping what is typed into the form of a public comment.
    FormDraft,
    /// Sending a form that may hold files.
    Upload,
    /// A receipt by mail to an address that nobody has confirmed; the account is the address' hash.
    ReceiptMail,
    /// Liking.
    Like,
    /// Looking up a receipt number.
    Receipt,
}

impl Operation {
    /// (per hour, at once) for one address and for one account.
    const fn quotas(self) -> [(u32, u32); 2] {
        match self {
            Self::SignIn => [(600, 120), (60, 10)],
            Self::SignUp => [(120, 60), (20, 10)],
            Self::Code => [(600, 120), (40, 12)],
            Self::Propose => [(1200, 200), (60, 15)],
            // A library or a school shares an address; a text is saved every few seconds while it is typed.
            Self::Submit => [(1200, 200), (60, 20)],
            Self::FormDraft => [(36_000, 2000), (3600, 240)],
            Self::Upload => [(200, 40), (60, 15)],
            Self::ReceiptMail => [(1200, 200), (10, 10)],
            Self::Like => [(36_000, 2000), (3600, 120)],
            Self::Receipt => [(3600, 300), (3600, 300)],
        }
    }
}

const OPERATIONS: [Operation; 10] = [
    Operation::SignIn,
    Operation::SignUp,
    Operation::Code,
    Operation::Propose,
    Operation::Like,
    Operation::Receipt,
    Operation::Submit,
    Operation::FormDraft,
    Operation::Upload,
    Operation::ReceiptMail,
];

/// All limiters.
#[derive(Debug)]
pub struct Limits {
    limiters: Option<Vec<(Operation, [DefaultKeyedRateLimiter<String>; 2])>>,
}

fn quota((per_hour, at_once): (u32, u32)) -> Quota {
    let per_hour = NonZeroU32::new(per_hour).unwrap_or(NonZeroU32::MIN);
    let at_once = NonZeroU32::new(at_once).unwrap_or(NonZeroU32::MIN);
    Quota::per_hour(per_hour).allow_burst(at_once)
}

impl Limits {
    /// The limiters, or none.
    #[must_use]
    pub fn new(on: bool) -> Self {
        let limiters = on.then(|| {
            OPERATIONS.into_iter().map(|op| (op, op.quotas().map(|q| RateLimiter::keyed(quota(q))))).collect()
        });
        Self { limiters }
    }

    /// Counts one `operation` of the request's address and of `account` (an id or an address).
    ///
    /// # Errors
    /// [`AppError::TooMany`] with the seconds to wait.
    pub fn check(&self, ctx: &Ctx, operation: Operation, account: &str) -> Result<()> {
        let Some((_, [by_ip, by_account])) = self.limiters.iter().flatten().find(|(op, _)| *op == operation) else {
            return Ok(());
        };
        let ip = ctx.ip.map(network).unwrap_or_default();
        for (limiter, key) in [(by_account, account.to_owned()), (by_ip, ip)] {
            if key.is_empty() {
                continue;
            }
            if let Err(not_until) = limiter.check_key(&key) {
                let wait = not_until.wait_time_from(governor::clock::DefaultClock::default().now());
                tracing::info!(?operation, "rate limit");
                return Err(AppError::TooMany { retry_after: wait.as_secs() + 1 });
            }
        }
        Ok(())
    }

    /// Forgets subjects that are quiet again, so that memory doesn't grow.
    pub fn tidy(&self) {
        for (_, limiters) in self.limiters.iter().flatten() {
            for limiter in limiters {
                limiter.retain_recent();
            }
        }
    }
}

/// One subscriber: an IPv4 address, or an IPv6 /64 (RFC 6177).
fn network(ip: std::net::IpAddr) -> String {
    match ip {
        std::net::IpAddr::V4(v4) => v4.to_string(),
        std::net::IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}
