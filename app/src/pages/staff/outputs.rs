//! Texts and exports that staff take from the desk.

use documents::{ResponseTable, clean};
use domain::Locale;
use leptos::prelude::*;

use super::{DeskTab, StaffTab, desk_tabs, frame, head};
use crate::{
    components::{form::TextArea, notice},
    format,
    pages::responses::Download,
    shell::{Head, Page, PageContext},
};

/// How many columns the CSV of all opinions has.
pub const ITEM_COLUMNS: usize = 18;

/// The header row of the CSV of all opinions.
#[must_use]
pub fn item_headings(l: Locale) -> [String; ITEM_COLUMNS] {
    [
        t!(l, "output.items.receipt"),
        t!(l, "output.items.channel_code"),
        t!(l, "output.items.channel"),
        t!(l, "output.items.received_on"),
        t!(l, "output.items.status_code"),
        t!(l, "output.items.status"),
        t!(l, "output.items.item"),
        t!(l, "output.items.text"),
        t!(l, "output.items.anchor"),
        t!(l, "output.items.page"),
        t!(l, "output.items.row"),
        t!(l, "output.items.repeated_in"),
        t!(l, "output.items.out_of_scope"),
        t!(l, "output.items.disposition_code"),
        t!(l, "output.items.disposition"),
        t!(l, "output.items.ward_view_id"),
        t!(l, "output.items.answer"),
        t!(l, "output.items.answer_state"),
    ]
    .map(std::borrow::Cow::into_owned)
}

/// `/staff/consultations/{id}/outputs`
#[derive(Debug)]
pub struct OutputsPage {
    /// The theme.
    pub id: i64,
    /// Its title.
    pub theme: String,
    /// The table the texts are made of; none while there is nothing on the desk.
    pub table: ResponseTable,
    /// Whether it is the draft.
    pub draft: bool,
    /// Whether anything is published.
    pub has_published: bool,
    /// Rows chosen as 主な意見, by id.
    pub chosen: Vec<i64>,
    /// The box in the 広報紙.
    pub bulletin: String,
    /// The committee's slide.
    pub committee: String,
}

impl Page for OutputsPage {
    fn head(&self, cx: &PageContext) -> Head {
        head(t!(cx.locale, "output.title", theme = self.theme).into_owned())
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let base = format!("/staff/consultations/{}/outputs", self.id);
        let body = view! {
            <h1 class="page__title">{t!(l, "output.heading")}</h1>
            {desk_tabs(cx, self.id, DeskTab::Outputs)}
            <p class="page__lead" lang="ja">{self.theme.clone()}</p>
            {self.version(l, &base)}
            <section class="panel">
                <h2 class="panel__title">{t!(l, "output.files")}</h2>
                <p class="field__help">{t!(l, "output.files_help")}</p>
                {self.files(l)}
            </section>
            {self.text(l, "bulletin", &self.bulletin, t!(l, "output.bulletin").into_owned(), t!(l, "output.bulletin_help").into_owned())}
            {self.choice(l, &base)}
            {self.text(l, "committee", &self.committee, t!(l, "output.committee").into_owned(), t!(l, "output.committee_help").into_owned())}
            <section class="panel" id="items">
                <h2 class="panel__title">{t!(l, "output.items.title")}</h2>
                <p class="field__help">{t!(l, "output.items.help")}</p>
                <ul class="downloads">
                    {item_link(l, self.id, "csv")}
                    {item_link(l, self.id, "json")}
                </ul>
            </section>
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}

fn item_link(l: Locale, id: i64, extension: &'static str) -> AnyView {
    let href = format!("/staff/consultations/{id}/responses/items.{extension}");
    let words = t!(l, format!("output.items.formats.{extension}")).into_owned();
    view! { <li><a class="button" data-variant="outline" data-size="sm" href=href>{words}</a></li> }.into_any()
}

impl OutputsPage {
    /// Which version the texts are made of, and the way to the other.
    fn version(&self, l: Locale, base: &str) -> AnyView {
        if self.draft {
            let link =
                self.has_published.then(|| view! { <p><a href=base.to_owned()>{t!(l, "output.to_published")}</a></p> });
            let text = view! { <p>{t!(l, "output.draft_text")}</p>{link} };
            return notice("warning", t!(l, "output.draft").into_owned(), text.into_any());
        }
        let date = format::date(l, self.table.published_at);
        view! {
            <p>
                {t!(l, "output.published", version = self.table.version, date = date)}" "
                <a href=format!("{base}?of=draft")>{t!(l, "output.to_draft")}</a>
            </p>
        }
        .into_any()
    }

    /// The table in every format.
    fn files(&self, l: Locale) -> AnyView {
        let slug = &self.table.consultation.slug;
        let items = Download::all()
            .into_iter()
            .map(|download| {
                let extension = download.extension();
                let href = if self.draft {
                    format!("/staff/consultations/{}/responses/preview.{extension}", self.id)
                } else {
                    format!("/consultations/{slug}/responses.{extension}")
                };
                view! { <li><a class="button" data-variant="outline" data-size="sm" href=href>{download.label(l)}</a></li> }
            })
            .collect_view();
        view! { <ul class="downloads">{items}</ul> }.into_any()
    }

    fn query(&self) -> String {
        let of = self.draft.then(|| "of=draft".to_owned());
        let rows = self.chosen.iter().map(|row| format!("row={row}"));
        let query: Vec<String> = of.into_iter().chain(rows).collect();
        if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) }
    }

    /// A text to be copied or kept.
    fn text(&self, l: Locale, name: &'static str, text: &str, title: String, help: String) -> AnyView {
        let href = format!("/staff/consultations/{}/outputs/{name}.txt{}", self.id, self.query());
        let rows = u32::try_from(text.lines().count() + 1).unwrap_or(u32::MAX).clamp(4, 24);
        view! {
            <section class="panel" id=format!("{name}-panel")>
                <h2 class="panel__title"><label for=name>{title}</label></h2>
                <p class="field__help" id=format!("{name}-help")>{help}</p>
                <div lang="ja"><TextArea id=name name=name value=text.to_owned() rows=rows readonly=true described_by=Some(format!("{name}-help")) /></div>
                <p><a class="button" data-variant="outline" data-size="sm" href=href>{t!(l, "output.keep")}</a></p>
            </section>
        }
        .into_any()
    }

    /// The rows to choose 主な意見 from.
    fn choice(&self, l: Locale, base: &str) -> Option<AnyView> {
        if self.table.is_empty() {
            return None;
        }
        let rows = self
            .table
            .printed()
            .groups()
            .flat_map(|group| &group.rows)
            .map(|row| (row.summary_id, row.name.clone()))
            .collect::<Vec<_>>();
        let texts: std::collections::HashMap<i64, &str> =
            self.table.rows().map(|flat| (flat.row.summary_id, flat.row.text.as_str())).collect();
        let boxes = rows
            .into_iter()
            .map(|(id, name)| {
                let text = texts.get(&id).copied().unwrap_or_default();
                let words = format!("No.{name}　{}", domain::text::excerpt(&clean::one_line(text), 80));
                let checked = self.chosen.contains(&id);
                view! { <label class="choice"><input type="checkbox" name="row" value=id.to_string() checked=checked /><span class="choice__label" lang="ja">{words}</span></label> }
            })
            .collect_view();
        Some(
            view! {
                <form class="form" method="get" action=format!("{base}#committee-panel")>
                    {self.draft.then(|| view! { <input type="hidden" name="of" value="draft" /> })}
                    <details class="disclosure" open=!self.chosen.is_empty()>
                        <summary>{t!(l, "output.choose")}</summary>
                        <div>
                        <fieldset class="fieldset output-rows">
                            <legend class="visually-hidden">{t!(l, "output.choose")}</legend>
                            <p class="field__help">{t!(l, "output.choose_help")}</p>
                            {boxes}
                        </fieldset>
                        <button class="button" data-variant="solid" data-size="md" type="submit">{t!(l, "output.apply")}</button>
                        </div>
                    </details>
                </form>
            }
            .into_any(),
        )
    }
}
