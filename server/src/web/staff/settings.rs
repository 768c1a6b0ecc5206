//! The ward's own rules.

use app::pages::staff::settings::{ASKED, RulesInput, SettingsDone, SettingsPage};
use axum::extract::Query;
use axum_extra::extract::Form;
use domain::{
    FieldErrors,
    permission::{SiteAction, site},
    rules::{Rules, RulesPreset},
};
use serde::Deserialize;

use crate::{
    ctx::Ctx,
    render,
    service::{self, rules::ward},
    web::routes::{Access, Answer, Routes},
};

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.get("/staff/settings", Access::Staff, show).post("/staff/settings", Access::Staff, save)
}

/// A form as names and values, for forms with many fields.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The value of a field; nothing when it wasn't sent.
    pub(super) fn of(&self, name: &str) -> String {
        self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// Every value of a field.
    pub(super) fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(n, _)| n == name).map(|(_, value)| value.clone()).collect()
    }

    /// Whether a field was sent.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name)
    }

    /// The rules, when the form has them.
    pub(super) fn rules(&self) -> Option<RulesInput> {
        self.has("min_days").then(|| RulesInput {
            preset: self.of("rules_preset"),
            min_days: self.of("min_days"),
            max_days: self.of("max_days"),
            counting: self.of("counting"),
            closing: self.of("closing"),
            holiday_shift: self.of("holiday_shift"),
            postmark: self.has("postmark"),
            eligible: self.all("eligible"),
            identity: ASKED.map(|name| self.of(name)),
            incomplete: self.of("incomplete"),
            late: self.of("late"),
            oral: self.of("oral"),
            approval_only: self.of("approval_only"),
            out_of_scope: self.of("out_of_scope"),
            individual_reply: self.has("individual_reply"),
            attachments: self.has("attachments"),
            result_places: self.of("result_places"),
            retention_months: self.of("retention_months"),
        })
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NoticeQuery {
    notice: String,
}

async fn show(ctx: Ctx, Query(query): Query<NoticeQuery>) -> Answer {
    let input = RulesInput::of(&ward(&ctx).await?);
    let done = (query.notice == "saved").then_some(SettingsDone::Saved);
    Ok(render::page(&ctx, SettingsPage { input, errors: FieldErrors::new(), done }))
}

/// Puts a preset into the fields, or saves.
async fn save(ctx: Ctx, Form(fields): Form<Fields>) -> Answer {
    ctx.allow(site(ctx.role(), SiteAction::EditSettings))?;
    let input = RulesInput { preset: fields.of("preset"), ..fields.rules().unwrap_or_default() };
    if fields.has("fill")
        && let Some(preset) = RulesPreset::from_code(&input.preset)
    {
        let input = RulesInput::of(&Rules::from_preset(preset));
        let done = Some(SettingsDone::Filled(preset));
        return Ok(render::page(&ctx, SettingsPage { input, errors: FieldErrors::new(), done }));
    }
    match service::rules::save_ward(&ctx, &input).await? {
        Ok(()) => Ok(render::see_other("/staff/settings?notice=saved")),
        Err(errors) => Ok(render::invalid(&ctx, SettingsPage { input, errors, done: None })),
    }
}
