use domain::{Locale, Millis};
use leptos::prelude::*;

use super::{Done, FILE_MAX_MIB, FileProblem, ImportState, path};
use crate::{
    components::{empty, form, notice, time},
    pages::staff::{StaffTab, ThemeTab, entry::Shut, frame, head, scroll, theme_tabs},
    shell::{Head, Page, PageContext},
};

/// One import in the list.
#[derive(Clone, Debug)]
pub struct ImportRow {
    /// Its id.
    pub id: i64,
    /// What the file was called.
    pub file_name: String,
    /// Who uploaded it.
    pub by: String,
    /// When.
    pub at: Millis,
    /// Rows of the table.
    pub rows: i64,
    /// Where it stands.
    pub state: ImportState,
}

/// `/staff/consultations/{id}/import`
#[derive(Debug)]
pub struct ImportIndex {
    /// Id and title of the theme.
    pub theme: (i64, String),
    /// Why nothing is brought in here.
    pub shut: Option<Shut>,
    /// The imports so far, the latest first.
    pub imports: Vec<ImportRow>,
    /// What is wrong with the file that was just sent.
    pub problems: Vec<FileProblem>,
    /// What was done a moment ago.
    pub done: Option<Done>,
}

impl Page for ImportIndex {
    fn head(&self, cx: &PageContext) -> Head {
        head(t!(cx.locale, "imports.title_of", theme = self.theme.1).into_owned())
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let (id, title) = self.theme.clone();
        let body = view! {
            {self.done.map(|done| done.notice(l))}
            <h1 class="page__title">{t!(l, "staff.tab_import")}</h1>
            <p class="page__lead">{title}</p>
            {theme_tabs(cx, id, ThemeTab::Import)}
            {self.refused(l)}
            {self.shut.map_or_else(|| self.upload(l), |shut| not_here(l, shut))}
            {self.list(l)}
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}

impl ImportIndex {
    fn refused(&self, l: Locale) -> Option<AnyView> {
        (!self.problems.is_empty()).then(|| {
            let items = self.problems.iter().map(|problem| view! { <li>{problem.words(l)}</li> }).collect_view();
            let body = view! {
                <ul>{items}</ul>
                <p><a href="#f-file">{t!(l, "imports.refused_text")}</a></p>
            };
            notice("error", t!(l, "imports.refused").into_owned(), body.into_any())
        })
    }

    fn upload(&self, l: Locale) -> AnyView {
        let id = self.theme.0;
        let mut file = form::Field::new(l, &domain::FieldErrors::new(), "file", t!(l, "imports.file"), "")
            .required()
            .help(t!(l, "imports.file_help", max = FILE_MAX_MIB));
        file.problem = self.problems.first().map(|_| t!(l, "imports.refused").into_owned());
        view! {
            <section class="panel">
                <h2 class="panel__title">{t!(l, "imports.upload")}</h2>
                <p>{t!(l, "imports.upload_text")}</p>
                <p><a href=path(id, "/example.csv")>{t!(l, "imports.example")}</a></p>
                <form class="form" method="post" action=path(id, "") enctype="multipart/form-data" novalidate>
                    {form::input(l, &file, form::Input { kind: "file", ..form::Input::default() })}
                    <button class="button" data-variant="solid" data-size="md" type="submit">{t!(l, "imports.upload_button")}</button>
                </form>
            </section>
        }
        .into_any()
    }

    fn list(&self, l: Locale) -> AnyView {
        let id = self.theme.0;
        let list = if self.imports.is_empty() {
            empty(t!(l, "imports.none").into_owned(), None)
        } else {
            let rows = self.imports.iter().map(|import| row(l, id, import)).collect_view();
            let table = view! {
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{t!(l, "imports.file_name")}</th>
                            <th scope="col">{t!(l, "imports.state")}</th>
                            <th scope="col">{t!(l, "imports.rows")}</th>
                            <th scope="col">{t!(l, "imports.by")}</th>
                            <th scope="col">{t!(l, "imports.at")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            };
            scroll(t!(l, "imports.past").into_owned(), table.into_any())
        };
        view! { <section class="section"><h2 class="section__title">{t!(l, "imports.past")}</h2>{list}</section> }
            .into_any()
    }
}

/// In place of the form.
fn not_here(l: Locale, shut: Shut) -> AnyView {
    let (title, text) = match shut {
        Shut::NotPublic => (t!(l, "imports.not_public"), t!(l, "imports.not_public_text")),
        Shut::OpenDialogue => (t!(l, "imports.open_dialogue"), t!(l, "imports.open_dialogue_text")),
    };
    notice("info", title.into_owned(), view! { <p>{text}</p> }.into_any())
}

fn row(l: Locale, theme: i64, import: &ImportRow) -> AnyView {
    view! {
        <tr>
            <td><a href=path(theme, &format!("/{}", import.id))>{import.file_name.clone()}</a></td>
            <td>{import.state.badge(l)}</td>
            <td>{import.rows}</td>
            <td>{import.by.clone()}</td>
            <td>{time(l, import.at)}</td>
        </tr>
    }
    .into_any()
}
