//! What was done on the desk, and taking it back.

use domain::{Locale, Millis};
use leptos::prelude::*;

use super::{base, head_of};
use crate::{
    components::{breadcrumb, empty, time},
    format,
    pages::staff::{StaffTab, frame},
    shell::{Head, Page, PageContext},
};

/// A change, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeView {
    /// Its id.
    pub id: i64,
    /// The code of what was done.
    pub kind: String,
    /// To what: a row's name, a chapter's title, a receipt number.
    pub what: String,
    /// How many.
    pub n: usize,
    /// When.
    pub at: Millis,
    /// By whom.
    pub by: String,
    /// When it was taken back and by whom.
    pub undone: Option<(Millis, String)>,
}

/// What was changed since, so that something can't be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Since {
    /// It was taken back already.
    Already,
    /// This change came after it.
    Change(ChangeView),
    /// Something else: by whom (may be empty) and when, if it is known.
    Other(String, Option<Millis>),
}

/// `/staff/consultations/{id}/responses/changes`
#[derive(Debug)]
pub struct ChangesPage {
    /// Id and title of the theme.
    pub theme: (i64, String),
    /// The changes, the latest first.
    pub changes: Vec<ChangeView>,
    /// The reader may take them back.
    pub may_edit: bool,
    /// Why the last try was refused.
    pub refused: Option<Since>,
}

impl ChangeView {
    /// What was done, in words.
    fn words(&self, l: Locale) -> String {
        let (what, n) = (&self.what, self.n);
        match self.kind.as_str() {
            "row_save" => t!(l, "gather.change.row_save", what = what),
            "row_confirm" => t!(l, "gather.change.row_confirm", what = what),
            "row_delete" => t!(l, "gather.change.row_delete", what = what),
            "row_move" => t!(l, "gather.change.row_move", what = what),
            "row_merge" => t!(l, "gather.change.row_merge", what = what),
            "row_split" => t!(l, "gather.change.row_split", what = what, n = n),
            "gather" => t!(l, "gather.change.gather", what = what, n = n),
            "repeat" => t!(l, "gather.change.repeat", what = what, n = n),
            "take_out" => t!(l, "gather.change.take_out", what = what, n = n),
            "out_of_scope" => t!(l, "gather.change.out_of_scope", n = n),
            "in_scope" => t!(l, "gather.change.in_scope", n = n),
            "item_split" => t!(l, "gather.change.item_split", what = what, n = n),
            "chapter_add" => t!(l, "gather.change.chapter_add", what = what),
            "chapter_rename" => t!(l, "gather.change.chapter_rename", what = what),
            "chapter_move" => t!(l, "gather.change.chapter_move", what = what),
            "chapter_delete" => t!(l, "gather.change.chapter_delete", what = what),
            "chapter_merge" => t!(l, "gather.change.chapter_merge", what = what, n = n),
            "chapters_from_draft" => t!(l, "gather.change.chapters_from_draft", n = n),
            _ => t!(l, "gather.change.other"),
        }
        .into_owned()
    }

    /// The last change on the desk, with the button that takes it back.
    pub(super) fn last(&self, l: Locale, base: &str) -> AnyView {
        let words = self.words(l);
        view! {
            <form class="desk-undo" method="post" action=format!("{base}/changes/{}/undo", self.id)>
                <span>{t!(l, "gather.changes.last", what = words, name = self.by, time = format::date_time(l, self.at))}</span>
                <button class="button" data-variant="outline" data-size="sm" type="submit">{t!(l, "gather.changes.undo")}</button>
            </form>
        }
        .into_any()
    }
}

impl Page for ChangesPage {
    fn head(&self, cx: &PageContext) -> Head {
        head_of(format!("{}：{}", t!(cx.locale, "gather.changes.title"), self.theme.1), false)
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let base = base(self.theme.0);
        let title = t!(l, "gather.changes.title").into_owned();
        let trail = vec![
            ("/staff/consultations".to_owned(), t!(l, "staff.themes").into_owned()),
            (base.clone(), t!(l, "desk.title_of", theme = self.theme.1).into_owned()),
        ];
        let list = if self.changes.is_empty() {
            empty(t!(l, "gather.changes.none").into_owned(), None)
        } else {
            let items = self.changes.iter().map(|c| self.item(l, &base, c)).collect_view();
            view! { <ol class="desk-changes">{items}</ol> }.into_any()
        };
        let body = view! {
            {breadcrumb(l, trail, title.clone())}
            {self.refused.as_ref().map(|s| refused(l, s))}
            <h1 class="page__title">{title}</h1>
            <p>{t!(l, "gather.changes.help")}</p>
            {list}
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}

impl ChangesPage {
    fn item(&self, l: Locale, base: &str, c: &ChangeView) -> AnyView {
        let words = c.words(l);
        let end = match &c.undone {
            Some((at, name)) => {
                let text = t!(l, "gather.changes.undone", name = name, time = format::date_time(l, *at));
                view! { <span class="desk-note">{text}</span> }.into_any()
            }
            None if self.may_edit => view! {
                <form method="post" action=format!("{base}/changes/{}/undo", c.id)>
                    <button class="button" data-variant="outline" data-size="sm" type="submit">
                        {t!(l, "gather.changes.undo")}<span class="visually-hidden">{words.clone()}</span>
                    </button>
                </form>
            }
            .into_any(),
            None => ().into_any(),
        };
        let state = c.undone.as_ref().map(|_| "undone");
        view! {
            <li class="desk-change" data-state=state>
                <span class="desk-change__what">{words.clone()}</span>
                <span class="desk-note">{c.by.clone()}"　"{time(l, c.at)}</span>
                {end}
            </li>
        }
        .into_any()
    }
}

fn refused(l: Locale, since: &Since) -> AnyView {
    let text = match since {
        Since::Already => t!(l, "gather.changes.already").into_owned(),
        Since::Change(c) => {
            t!(l, "gather.changes.since", name = c.by, time = format::date_time(l, c.at), what = c.words(l))
                .into_owned()
        }
        Since::Other(name, Some(at)) if !name.is_empty() => {
            t!(l, "gather.changes.since_by", name = name, time = format::date_time(l, *at)).into_owned()
        }
        Since::Other(..) => t!(l, "gather.changes.since_other").into_owned(),
    };
    view! {
        <div class="error-summary" role="alert" tabindex="-1" id="error-summary" autofocus=true>
            <h2>{t!(l, "gather.changes.refused")}</h2>
            <p>{text}</p>
        </div>
    }
    .into_any()
}
