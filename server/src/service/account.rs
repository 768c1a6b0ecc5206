//! Signing up, in and out; passwords and codes.

use domain::{FieldErrors, Millis, Problem, Role, account as rules};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Unchanged, ConnectionTrait, Set};

use super::Checked;
use crate::{
    ctx::Ctx,
    entity::{account, session},
    error::{AppError, Result},
    limits::Operation,
    mail, repository, secret,
};

const MINUTE: Millis = 60_000;
const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;
/// How long a mailed code is good.
const CODE_LIFE: Millis = 30 * MINUTE;
/// How long an invitation is good.
const INVITATION_LIFE: Millis = 7 * DAY;
/// How often a code may be entered wrongly: a million codes, ten guesses, half an hour.
const CODE_ATTEMPTS: i64 = 10;
/// A session's last use is written down this often at most.
const TOUCH_EVERY: Millis = 5 * MINUTE;

/// What a code is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Prove the address of a new account.
    Confirm,
    /// Set a new password.
    Reset,
    /// Set a staff account's first password.
    Invitation,
}

impl Purpose {
    const fn code(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Reset => "reset",
            Self::Invitation => "invitation",
        }
    }
}

/// (idle, absolute) life of a session: residents come back after weeks, staff sessions end with the day.
const fn session_life(role: Role) -> (Millis, Millis) {
    if role.is_staff() { (2 * HOUR, 12 * HOUR) } else { (30 * DAY, 180 * DAY) }
}

/// A session that was opened: the token goes into the cookie and nowhere else.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The secret.
    pub token: String,
    /// How long the browser may keep it, in seconds.
    pub max_age_s: i64,
    /// Whose it is.
    pub role: Role,
}

/// What a person enters to sign up.
#[derive(Clone, Debug, Default)]
pub struct SignUp {
    /// Address.
    pub email: String,
    /// Display name.
    pub display_name: String,
    /// Password.
    pub password: String,
}

/// A sign-up that waits for its code. The code is good only together with `binding`, which stays in the browser that
/// signed up: somebody else who signs up with the same address can't have the owner confirm a foreign password.
#[derive(Clone, Debug)]
pub struct Pending {
    /// The address.
    pub email: String,
    /// What the browser keeps.
    pub binding: String,
}

/// Starts an account: the address has to be confirmed by the mailed code. An address that has an account gets a mail
/// that says so; the page tells nothing.
///
/// # Errors
/// [`AppError::TooMany`], or when the database is away. Inner: what is wrong with the input.
pub async fn sign_up(ctx: &Ctx, input: &SignUp) -> Result<Checked<Pending>> {
    let mut errors = FieldErrors::new();
    let email = errors.take("email", rules::email(&input.email));
    let name = errors.take("display_name", rules::display_name(&input.display_name));
    let password = errors.take("password", rules::new_password(&input.password, Role::Resident, &email, &name));
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    ctx.app.limits.check(ctx, Operation::SignUp, &rules::email_key(&email))?;
    let hash = ctx.app.hasher.hash(password).await?;
    let binding = secret::token();
    let tx = ctx.write().await?;
    let mut row = account::ActiveModel {
        email: Set(email.clone()),
        email_key: Set(rules::email_key(&email)),
        display_name: Set(name),
        role: Set(Role::Resident.code().to_owned()),
        password_hash: Set(Some(hash)),
        locale: Set(Some(ctx.locale.tag().to_owned())),
        created_at: Set(ctx.now),
        ..Default::default()
    };
    // Inserted before it is looked for: the other half of a double click may come in between.
    let new = repository::account::insert_if_new(&tx, row.clone()).await?;
    let known = repository::account::by_email(&tx, &email).await?.ok_or(AppError::Conflict)?;
    // An invited member of staff has no confirmed address yet, and must not become a resident.
    if known.email_verified_at.is_some() || known.role != Role::Resident.code() {
        let (sign_in, reset) = (ctx.url("/account/sign-in"), ctx.url("/account/reset"));
        let text = app::mails::already_registered(mail::reader(ctx, &known), &sign_in, &reset);
        mail::enqueue(&tx, ctx, &known, &format!("already:{}", ctx.now / HOUR), text).await?;
    } else {
        row.id = Unchanged(known.id);
        let made = if new { known } else { repository::account::update(&tx, row).await? };
        send_code(&tx, ctx, &made, Purpose::Confirm, &binding).await?;
    }
    tx.commit().await?;
    ctx.app.mail_bell.notify_one();
    Ok(Ok(Pending { email, binding }))
}

async fn send_code<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    to: &account::Model,
    purpose: Purpose,
    binding: &str,
) -> Result<()> {
    let code = secret::digits();
    let hash = code_hash(&code, binding);
    repository::account::put_code(tx, to.id, purpose.code(), hash, ctx.now, ctx.now + CODE_LIFE).await?;
    let email = app::shell::percent(&to.email);
    let text = match purpose {
        Purpose::Confirm => app::mails::confirm_address(
            mail::reader(ctx, to),
            &code,
            &ctx.url(&format!("/account/confirm?email={email}")),
        ),
        Purpose::Reset | Purpose::Invitation => app::mails::reset_password(
            mail::reader(ctx, to),
            &code,
            &ctx.url(&format!("/account/reset/confirm?email={email}")),
        ),
    };
    mail::enqueue(tx, ctx, to, &format!("{}:{}", purpose.code(), secret::token()), text).await
}

fn code_hash(code: &str, binding: &str) -> String {
    secret::hash(&format!("{code}:{binding}"))
}

/// Sends the confirmation code once more, to the browser that signed up. Says nothing about whether the address is
/// known.
///
/// # Errors
/// [`AppError::TooMany`], or when the database is away.
pub async fn resend_confirmation(ctx: &Ctx, pending: &Pending) -> Result<()> {
    let email = pending.email.as_str();
    ctx.app.limits.check(ctx, Operation::Code, &rules::email_key(email))?;
    let tx = ctx.write().await?;
    if let Some(account) = repository::account::by_email(&tx, email).await?
        && account.email_verified_at.is_none()
        && account.role == Role::Resident.code()
        && account.disabled_at.is_none()
    {
        send_code(&tx, ctx, &account, Purpose::Confirm, &pending.binding).await?;
    }
    tx.commit().await?;
    ctx.app.mail_bell.notify_one();
    Ok(())
}

/// Confirms an address with the mailed code and signs in.
///
/// # Errors
/// [`AppError::TooMany`], or when the database is away. Inner: the code is wrong or too old.
pub async fn confirm(ctx: &Ctx, pending: &Pending, code: &str, agent: &str) -> Result<Checked<Opened>> {
    let email = pending.email.as_str();
    ctx.app.limits.check(ctx, Operation::Code, &rules::email_key(email))?;
    let wrong = || Ok(Err(FieldErrors::one("code", Problem::Code)));
    let tx = ctx.write().await?;
    let Some(account) = repository::account::by_email(&tx, email).await? else { return wrong() };
    let right = check_code(&tx, ctx, account.id, Purpose::Confirm, code, &pending.binding).await?;
    if !right {
        tx.commit().await?;
        return wrong();
    }
    let changes =
        account::ActiveModel { id: Unchanged(account.id), email_verified_at: Set(Some(ctx.now)), ..Default::default() };
    let account = repository::account::update(&tx, changes).await?;
    let opened = open(&tx, ctx, &account, agent).await?;
    tx.commit().await?;
    Ok(Ok(opened))
}

async fn check_code<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    account: i64,
    purpose: Purpose,
    code: &str,
    binding: &str,
) -> Result<bool> {
    let typed: String =
        domain::text::fold(code).chars().filter(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    let typed = if purpose == Purpose::Invitation { code.to_owned() } else { typed };
    Ok(repository::account::use_code(tx, account, purpose.code(), &code_hash(&typed, binding), ctx.now, CODE_ATTEMPTS)
        .await?)
}

async fn open<C: ConnectionTrait>(tx: &C, ctx: &Ctx, account: &account::Model, agent: &str) -> Result<Opened> {
    let role = Role::from_code(&account.role).unwrap_or(Role::Resident);
    let (idle, absolute) = session_life(role);
    let token = secret::token();
    let agent: String = agent.chars().filter(|c| !c.is_control()).take(200).collect();
    let row = session::ActiveModel {
        account_id: Set(account.id),
        token_hash: Set(secret::hash(&token)),
        user_agent: Set(agent),
        created_at: Set(ctx.now),
        last_seen_at: Set(ctx.now),
        expires_at: Set(ctx.now + idle),
        ..Default::default()
    };
    repository::account::open_session(tx, row).await?;
    Ok(Opened { token, max_age_s: absolute / 1000, role })
}

/// Signs in. A wrong address takes as long as a wrong password and is answered alike.
///
/// # Errors
/// [`AppError::TooMany`], or when the database is away. Inner: it doesn't fit.
pub async fn sign_in(ctx: &Ctx, email: &str, password: &str, agent: &str) -> Result<Checked<SignedIn>> {
    let mut errors = FieldErrors::new();
    let email = errors.take("email", rules::email(email));
    if password.is_empty() {
        errors.push("password", Problem::Required);
    }
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    ctx.app.limits.check(ctx, Operation::SignIn, &rules::email_key(&email))?;
    let found = repository::account::by_email(ctx.db(), &email).await?.filter(|a| a.disabled_at.is_none());
    let hash = found.as_ref().and_then(|a| a.password_hash.clone());
    let key = rules::password_key(password);
    let fits = key.chars().count() <= rules::PASSWORD_MAX && ctx.app.hasher.verify(key, hash).await?;
    let Some(account) = found.filter(|_| fits) else {
        tracing::info!("sign-in refused");
        return Ok(Err(FieldErrors::one("email", Problem::Credentials)));
    };
    let tx = ctx.write().await?;
    if account.email_verified_at.is_none() {
        let pending = Pending { email: account.email.clone(), binding: secret::token() };
        send_code(&tx, ctx, &account, Purpose::Confirm, &pending.binding).await?;
        tx.commit().await?;
        ctx.app.mail_bell.notify_one();
        return Ok(Ok(SignedIn::Unconfirmed(pending)));
    }
    // A new token at every sign-in (ASVS 5.0 7.2.4); the one the browser came with is over.
    if let Some(actor) = &ctx.actor {
        repository::account::end_session(&tx, actor.session.0).await?;
    }
    let opened = open(&tx, ctx, &account, agent).await?;
    if opened.role.is_staff() {
        crate::audit::record_of(&tx, ctx, &account, "staff.sign_in").await?;
    }
    tx.commit().await?;
    Ok(Ok(SignedIn::Open(opened)))
}

/// What came of signing in.
#[derive(Clone, Debug)]
pub enum SignedIn {
    /// A session.
    Open(Opened),
    /// The address has to be confirmed first; a code was mailed.
    Unconfirmed(Pending),
}

/// Ends this session.
///
/// # Errors
/// When the database is away.
pub async fn sign_out(ctx: &Ctx) -> Result<()> {
    if let Some(actor) = &ctx.actor {
        let tx = ctx.write().await?;
        repository::account::end_session(&tx, actor.session.0).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Ends all sessions of the account, this one too.
///
/// # Errors
/// [`AppError::SignInRequired`], or when the database is away.
pub async fn sign_out_everywhere(ctx: &Ctx) -> Result<()> {
    let actor = ctx.actor()?;
    let tx = ctx.write().await?;
    repository::account::end_sessions(&tx, actor.id.0).await?;
    tx.commit().await?;
    Ok(())
}

/// Mails a code to set a new password. Says nothing about whether the address is known.
///
/// # Errors
/// [`AppError::TooMany`], or when the database is away. Inner: not an address.
pub async fn request_reset(ctx: &Ctx, email: &str) -> Result<Checked<String>> {
    let email = match rules::email(email) {
        Ok(email) => email,
        Err(problem) => return Ok(Err(FieldErrors::one("email", problem))),
    };
    ctx.app.limits.check(ctx, Operation::Code, &rules::email_key(&email))?;
    let tx = ctx.write().await?;
    if let Some(account) = repository::account::by_email(&tx, &email).await?
        && account.disabled_at.is_none()
    {
        send_code(&tx, ctx, &account, Purpose::Reset, "").await?;
    }
    tx.commit().await?;
    ctx.app.mail_bell.notify_one();
    Ok(Ok(email))
}

/// Sets a new password with a mailed code, ends all sessions and signs in.
///
/// # Errors
/// [`AppError::TooMany`], or when the database is away. Inner: code or password.
pub async fn reset(ctx: &Ctx, email: &str, code: &str, password: &str, agent: &str) -> Result<Checked<Opened>> {
    ctx.app.limits.check(ctx, Operation::Code, &rules::email_key(email))?;
    let account = repository::account::by_email(ctx.db(), email).await?.filter(|a| a.disabled_at.is_none());
    set_password(ctx, account, Purpose::Reset, code, password, agent).await
}

/// Sets the first password of a staff account with the mailed link and signs in.
///
/// # Errors
/// [`AppError::TooMany`], or when the database is away. Inner: link or password.
pub async fn accept_invitation(
    ctx: &Ctx,
    account: i64,
    token: &str,
    password: &str,
    agent: &str,
) -> Result<Checked<Opened>> {
    ctx.app.limits.check(ctx, Operation::Code, &account.to_string())?;
    let account = repository::account::by_id(ctx.db(), account).await?.filter(|a| a.disabled_at.is_none());
    set_password(ctx, account, Purpose::Invitation, token, password, agent).await
}

async fn set_password(
    ctx: &Ctx,
    account: Option<account::Model>,
    purpose: Purpose,
    code: &str,
    password: &str,
    agent: &str,
) -> Result<Checked<Opened>> {
    let wrong = || Ok(Err(FieldErrors::one("code", Problem::Code)));
    // Hashed before anything is known, so that the time tells nothing about the address.
    let hash = ctx.app.hasher.hash(rules::password_key(password).chars().take(rules::PASSWORD_MAX).collect()).await?;
    let Some(account) = account else { return wrong() };
    let tx = ctx.write().await?;
    if !check_code(&tx, ctx, account.id, purpose, code, "").await? {
        tx.commit().await?;
        return wrong();
    }
    let role = Role::from_code(&account.role).unwrap_or(Role::Resident);
    if let Err(problem) = rules::new_password(password, role, &account.email, &account.display_name) {
        // Not committed: the code stays good for a better password.
        return Ok(Err(FieldErrors::one("password", problem)));
    }
    let changes = account::ActiveModel {
        id: Unchanged(account.id),
        password_hash: Set(Some(hash)),
        email_verified_at: Set(Some(account.email_verified_at.unwrap_or(ctx.now))),
        ..Default::default()
    };
    let account = repository::account::update(&tx, changes).await?;
    repository::account::end_sessions(&tx, account.id).await?;
    let told = app::mails::password_changed(mail::reader(ctx, &account));
    mail::enqueue(&tx, ctx, &account, &format!("password:{}", ctx.now), told).await?;
    let opened = open(&tx, ctx, &account, agent).await?;
    if opened.role.is_staff() {
        crate::audit::record_of(&tx, ctx, &account, "staff.password_set").await?;
    }
    tx.commit().await?;
    ctx.app.mail_bell.notify_one();
    Ok(Ok(opened))
}

/// Changes display name and language.
///
/// # Errors
/// [`AppError::SignInRequired`], or when the database is away. Inner: the name.
pub async fn update_profile(ctx: &Ctx, display_name: &str, locale: domain::Locale) -> Result<Checked<()>> {
    let actor = ctx.actor()?;
    let name = match rules::display_name(display_name) {
        Ok(name) => name,
        Err(problem) => return Ok(Err(FieldErrors::one("display_name", problem))),
    };
    let tx = ctx.write().await?;
    let changes = account::ActiveModel {
        id: Unchanged(actor.id.0),
        display_name: Set(name),
        locale: Set(Some(locale.tag().to_owned())),
        ..Default::default()
    };
    repository::account::update(&tx, changes).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// The actor of a session token, with its last use written down now and then.
///
/// # Errors
/// When the database is away.
pub async fn actor_of(
    app: &crate::state::App,
    token: &str,
    now: Millis,
) -> Result<Option<(crate::ctx::Actor, Option<domain::Locale>)>> {
    let found = repository::account::by_session_token(app.database.reader(), &secret::hash(token), now).await?;
    let Some((session, account)) = found else { return Ok(None) };
    let Some(role) = Role::from_code(&account.role) else { return Ok(None) };
    let (idle, absolute) = session_life(role);
    let end = session.created_at + absolute;
    if now >= end {
        return Ok(None);
    }
    if now - session.last_seen_at >= TOUCH_EVERY {
        let tx = app.database.write().await?;
        repository::account::touch_session(&tx, session.id, now, (now + idle).min(end)).await?;
        tx.commit().await?;
    }
    let locale = account.locale.as_deref().and_then(domain::Locale::from_tag);
    let actor = crate::ctx::Actor {
        id: account.id.into(),
        name: account.display_name,
        email: account.email,
        role,
        department: account.department_id.map(Into::into),
        session: session.id.into(),
    };
    Ok(Some((actor, locale)))
}

/// A member of staff to be made.
#[derive(Clone, Debug)]
pub struct NewStaff {
    /// Address.
    pub email: String,
    /// Name.
    pub name: String,
    /// Department, made when it isn't there.
    pub department: String,
    /// Role.
    pub role: Role,
    /// Password; `None` mails a link to set one.
    pub password: Option<String>,
}

/// Makes a staff account, for the command line.
///
/// # Errors
/// When the address has an account, or something entered is wrong.
pub async fn add_staff(ctx: &Ctx, new: &NewStaff) -> anyhow::Result<()> {
    let say = |problem: Problem| anyhow::anyhow!("{}", app::wording::problem(domain::Locale::En, problem));
    let email = rules::email(&new.email).map_err(say)?;
    let name = rules::display_name(&new.name).map_err(say)?;
    let hash = match &new.password {
        Some(password) => {
            let password = rules::new_password(password, new.role, &email, &name).map_err(say)?;
            Some(ctx.app.hasher.hash(password).await?)
        }
        None => None,
    };
    let tx = ctx.app.database.write().await?;
    if repository::account::by_email(&tx, &email).await?.is_some() {
        anyhow::bail!("{email} has an account already");
    }
    let departments = repository::setting::departments(&tx).await?;
    let department = match departments.into_iter().find(|d| d.name == new.department) {
        Some(department) => department,
        None => repository::setting::put_department(&tx, plain_department(&new.department)).await?,
    };
    let account = account::ActiveModel {
        email_key: Set(rules::email_key(&email)),
        email: Set(email),
        display_name: Set(name),
        role: Set(new.role.code().to_owned()),
        email_verified_at: Set(hash.as_ref().map(|_| ctx.now)),
        password_hash: Set(hash),
        department_id: Set(Some(department.id)),
        locale: Set(None),
        created_at: Set(ctx.now),
        ..Default::default()
    }
    .insert(&tx)
    .await?;
    if new.password.is_none() {
        let token = secret::token();
        let life = ctx.now + INVITATION_LIFE;
        repository::account::put_code(
            &tx,
            account.id,
            Purpose::Invitation.code(),
            code_hash(&token, ""),
            ctx.now,
            life,
        )
        .await?;
        let link = ctx.url(&format!("/account/invitation?account={}&token={token}", account.id));
        let text = app::mails::staff_invitation(mail::reader(ctx, &account), &link);
        mail::enqueue(&tx, ctx, &account, &format!("invitation:{}", ctx.now), text).await?;
    }
    let detail = serde_json::json!({ "role": new.role.code(), "department": department.name });
    crate::audit::record(&tx, ctx, "staff.add", ("account", account.id), detail).await?;
    tx.commit().await?;
    Ok(())
}

fn plain_department(name: &str) -> crate::entity::department::ActiveModel {
    let empty = || Set(String::new());
    crate::entity::department::ActiveModel {
        name: Set(name.to_owned()),
        name_en: Set(name.to_owned()),
        phone: empty(),
        fax: empty(),
        email: empty(),
        counter: empty(),
        position: Set(0),
        ..Default::default()
    }
}

/// Guards against open redirects: only paths of this site.
#[must_use]
pub fn safe_next(next: &str) -> Option<&str> {
    let plain = next.starts_with('/') && !next.starts_with("//") && !next.starts_with("/\\");
    (plain && !next.chars().any(|c| c.is_control() || c == '\\')).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::safe_next;

    #[test]
    fn people_are_sent_back_to_this_site_only() {
        assert_eq!(safe_next("/consultations/a?x=1#y"), Some("/consultations/a?x=1#y"));
        for bad in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "/a\r\nSet-Cookie: x",
            "",
        ] {
            assert_eq!(safe_next(bad), None, "{bad}");
        }
    }
}
