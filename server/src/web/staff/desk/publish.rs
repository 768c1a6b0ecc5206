//! Publishing what was decided, now or at a set time, and what the desk says about it.

use app::pages::staff::{
    approval::{Done, Typed},
    desk::Publishing,
};
use axum::extract::Path;
use axum_extra::extract::Form;
use domain::{FieldErrors, permission::ConsultationAction, workflow::ApprovalState};
use serde::Deserialize;

use crate::{
    ctx::Ctx,
    error::Result,
    repository,
    service::{
        approval::{Outcome, Refused},
        consultation::{Loaded, for_staff},
        response,
    },
    web::{
        routes::{Access, Answer, Routes},
        staff::{
            approval::{again, done},
            consultations::moment,
        },
    },
};

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.post("/staff/consultations/{id}/responses/publish", Access::Staff, publish).post(
        "/staff/consultations/{id}/responses/unschedule",
        Access::Staff,
        unschedule,
    )
}

/// What the desk says about publishing, in one statement: what is missing is in its figures, and on the page of the
/// decision row by row.
///
/// # Errors
/// When the database is away.
pub(super) async fn panel(ctx: &Ctx, theme: &Loaded) -> Result<Publishing> {
    let standing = repository::approval::standing(ctx.db(), theme.row.id).await?;
    let versions = || standing.iter().filter(|s| s.kind == 2).map(|s| (s.version, s.at));
    Ok(Publishing {
        state: standing.iter().find(|s| s.kind == 1).and_then(|s| ApprovalState::from_code(&s.state)),
        scheduled: versions().find(|(_, at)| *at > ctx.now),
        published: versions().find(|(_, at)| *at <= ctx.now),
    })
}

/// Published now, unless a time is chosen. Lists, since an empty field that is there must not be taken for one that
/// isn't.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PublishBody {
    when: String,
    reason: String,
    at_date: Vec<String>,
    at_time: Vec<String>,
}

async fn publish(ctx: Ctx, Path(id): Path<i64>, Form(body): Form<PublishBody>) -> Answer {
    for_staff(&ctx, id, ConsultationAction::PublishResponses).await?;
    let typed_at = !(body.at_date.is_empty() && body.at_time.is_empty());
    let later = body.when == "later" || (body.when.is_empty() && typed_at);
    let typed = Typed {
        reason: body.reason.clone(),
        at_date: body.at_date.concat(),
        at_time: body.at_time.concat(),
        later,
        ..Typed::default()
    };
    let at = if later {
        match moment(&typed.at_date, &typed.at_time) {
            Ok(at) if at > ctx.now => Some(at),
            Ok(_) => return again(&ctx, id, typed, FieldErrors::new(), Some(Refused::Past)).await,
            Err(errors) => return again(&ctx, id, typed, errors, None).await,
        }
    } else {
        None
    };
    match response::publish(&ctx, id, at, &body.reason).await? {
        Ok(Outcome::Done) => Ok(done(id, if later { Done::Scheduled } else { Done::Published })),
        Ok(Outcome::Refused(why)) => again(&ctx, id, typed, FieldErrors::new(), Some(why)).await,
        Err(errors) => again(&ctx, id, typed, errors, None).await,
    }
}

async fn unschedule(ctx: Ctx, Path(id): Path<i64>) -> Answer {
    response::unschedule(&ctx, id).await?;
    Ok(done(id, Done::Unscheduled))
}
