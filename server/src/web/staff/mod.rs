//! The console of the ward's staff.

pub mod answers;
pub mod approval;
pub mod audit;
pub mod commitments;
pub mod consultations;
pub mod dashboard;
pub mod desk;
pub mod documents;
pub mod entry;
pub mod groups;
pub mod identity;
pub mod imports;
pub mod intake;
pub mod layouts;
pub mod moderation;
pub mod outputs;
pub mod phrases;
pub mod plan_changes;
pub mod routing;
pub mod settings;
pub mod theme_form;
pub mod timeline;
pub mod workflow;

use domain::{
    Locale, Phase,
    permission::{self, ConsultationAction, Tie},
};

use super::routes::Routes;
use crate::{ctx::Ctx, entity::department, error::Result, repository};

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    let routes = dashboard::routes(routes);
    let routes = consultations::routes(routes);
    let routes = theme_form::routes(routes);
    let routes = moderation::routes(routes);
    let routes = audit::routes(routes);
    let routes = settings::routes(routes);
    let routes = timeline::routes(routes);
    let routes = documents::routes(routes);
    let routes = entry::routes(routes);
    let routes = imports::routes(routes);
    let routes = intake::routes(routes);
    let routes = identity::routes(routes);
    let routes = groups::routes(routes);
    let routes = routing::routes(routes);
    let routes = plan_changes::routes(routes);
    let routes = commitments::routes(routes);
    let routes = approval::routes(routes);
    let routes = outputs::routes(routes);
    let routes = workflow::routes(routes);
    let routes = layouts::routes(routes);
    let routes = phrases::routes(routes);
    let routes = answers::routes(routes);
    desk::routes(routes)
}

/// The department whose posts this person reads; `None` for those who read every department's. Staff without a
/// department read none.
fn scope(ctx: &Ctx) -> Option<i64> {
    let everywhere = permission::consultation(ctx.role(), Tie::None, ConsultationAction::ReadQueue, Phase::Open);
    let own = ctx.actor.as_ref().and_then(|a| a.department).map_or(0, |d| d.0);
    (!everywhere).then_some(own)
}

/// All departments in the ward's order.
async fn departments(ctx: &Ctx) -> Result<Vec<(i64, String)>> {
    let name = |d: department::Model| match ctx.locale {
        Locale::En if !d.name_en.is_empty() => (d.id, d.name_en),
        _ => (d.id, d.name),
    };
    Ok(repository::setting::departments(ctx.db()).await?.into_iter().map(name).collect())
}

/// A day as it stands in a field.
fn day_as_typed(l: Locale, day: chrono::NaiveDate) -> String {
    match l {
        Locale::Ja => domain::wareki::short(day),
        Locale::En => day.to_string(),
    }
}
