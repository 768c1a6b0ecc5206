//! Publishing, as the desk shows it: where the decision stands, and the way to it.

use domain::{Locale, Millis, workflow::ApprovalState};
use leptos::prelude::*;

use crate::format;

/// Where it stands between desk and publication.
#[derive(Clone, Debug)]
pub struct Publishing {
    /// Where the newest that was put up stands; none before anything was.
    pub state: Option<ApprovalState>,
    /// The published version and its time.
    pub published: Option<(i64, Millis)>,
    /// The version that comes out at a set time.
    pub scheduled: Option<(i64, Millis)>,
}

impl Publishing {
    /// The panel on the desk; `base` is the address of the desk, `ready` whether nothing is missing there.
    pub(super) fn panel(&self, l: Locale, base: &str, ready: bool) -> AnyView {
        let status = match self.published {
            Some((version, at)) => {
                view! { <p class="status-line" data-state="published">{t!(l, "desk.status_published", version = version, time = format::date_time(l, at))}</p> }.into_any()
            }
            None => view! { <p class="status-line" data-state="draft">{t!(l, "desk.status_draft")}</p> }.into_any(),
        };
        let scheduled = self.scheduled.map(|(version, at)| {
            view! { <p class="status-line" data-state="review">{t!(l, "schedule.status", version = version, time = format::date_time(l, at))}</p> }
        });
        let state = self.state.filter(|state| *state != ApprovalState::Published).map(|state| {
            let words = t!(l, format!("approval.state.{}", state.code()));
            view! { <p class="status-line" data-state="review">{t!(l, "approval.newest", state = words)}</p> }
        });
        let variant = if ready { "solid" } else { "outline" };
        let approval = base.strip_suffix("/responses").map(|theme| format!("{theme}/approval"));
        view! {
            <section class="desk-publishing" aria-label=t!(l, "desk.publishing")>
                {status}
                {scheduled}
                {state}
                <div class="button-row">
                    <a class="button" data-variant=variant data-size="md" href=approval>{t!(l, "approval.title")}</a>
                    <a class="button" data-variant="outline" data-size="md" href=format!("{base}/preview")>{t!(l, "desk.preview")}</a>
                </div>
            </section>
        }
        .into_any()
    }
}
