//! The console of the ward's staff.

pub mod audit;
pub mod consultations;
pub mod dashboard;
pub mod desk;
pub mod documents;
pub mod entry;
pub mod groups;
pub mod identity;
pub mod imports;
pub mod intake;
pub mod moderation;
pub mod settings;
pub mod theme_form;
pub mod timeline;

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
