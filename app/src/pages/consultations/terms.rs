//! 募集の要領: what a public comment says about itself, from its rules.

use chrono::NaiveDate;
use domain::{
    Locale, Millis, Phase,
    consultation::Period,
    rules::{
        ApprovalOnlyHandling, END_OF_DAY, ExtraField, FieldRule, IdentityField, IncompleteHandling, LateHandling,
        OralHandling, OutOfScopeHandling, Rules,
    },
};
use leptos::prelude::*;

use super::DepartmentView;
use crate::{
    components::{notice, plain_lines},
    format,
};

/// What the box is made from.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The theme's address.
    pub slug: String,
    /// 案件番号.
    pub number: String,
    /// Where it stands.
    pub phase: Phase,
    /// The rules that hold for it.
    pub rules: Rules,
    /// When opinions are taken.
    pub period: Period,
    /// The last millisecond that counts.
    pub closes_at: Millis,
    /// Why its period or rules are not the ward's; empty when they are.
    pub reason: String,
    /// The ward's name.
    pub ward: String,
    /// The department that takes the opinions.
    pub department: DepartmentView,
    /// The day on which the result is planned.
    pub result_planned: Option<NaiveDate>,
}

/// The box.
pub(super) fn terms(l: Locale, terms: &Terms) -> AnyView {
    let reason = (!terms.reason.is_empty()).then(|| {
        view! { <div class="terms__reason"><h3>{t!(l, "rules.terms.explanation")}</h3><p>{plain_lines(&terms.reason)}</p></div> }
    });
    view! {
        <section class="section terms" aria-labelledby="terms">
            <h2 class="section__title" id="terms">{t!(l, "rules.terms.title")}</h2>
            <p class="muted">{t!(l, "rules.terms.number", number = terms.number)}</p>
            <dl class="terms__list">
                <div><dt>{t!(l, "rules.terms.period")}</dt><dd>{period(l, terms)}</dd></div>
                <div><dt>{t!(l, "rules.terms.who")}</dt><dd>{list(who(l, &terms.rules))}</dd></div>
                <div><dt>{t!(l, "rules.terms.how")}</dt><dd>{how(l, terms)}</dd></div>
                <div><dt>{t!(l, "rules.terms.fill_in")}</dt><dd>{list(fill_in(l, &terms.rules))}</dd></div>
                <div><dt>{t!(l, "rules.terms.handling")}</dt><dd>{list(handling(l, &terms.rules))}</dd></div>
                <div><dt>{t!(l, "rules.terms.result")}</dt><dd>{result(l, terms)}</dd></div>
            </dl>
            {reason}
        </section>
    }
    .into_any()
}

fn list(items: Vec<String>) -> AnyView {
    view! { <ul>{items.into_iter().map(|item| view! { <li>{item}</li> }).collect_view()}</ul> }.into_any()
}

fn period(l: Locale, terms: &Terms) -> AnyView {
    let until = if terms.rules.closing_minute >= END_OF_DAY {
        t!(l, "rules.terms.until_end").into_owned()
    } else {
        t!(l, "rules.terms.until", time = format::time_of_day(l, terms.closes_at)).into_owned()
    };
    let post = if terms.rules.postmark {
        t!(l, "rules.terms.postmark", day = format::day(l, terms.period.closes_on)).into_owned()
    } else {
        t!(l, "rules.terms.arrival").into_owned()
    };
    view! { <p class="terms__period">{format::period(l, terms.period)}</p>{list(vec![until, post])} }.into_any()
}

fn who(l: Locale, rules: &Rules) -> Vec<String> {
    let open = |extra: ExtraField| t!(l, format!("rules.terms.extra.{}", extra.code())).into_owned();
    rules
        .eligible
        .iter()
        .map(|kind| {
            let text = t!(l, format!("rules.terms.kind.{}", kind.code())).into_owned();
            kind.extra().map_or_else(
                || text.clone(),
                |extra| match l {
                    Locale::Ja => format!("{text}（{}）", open(extra)),
                    Locale::En => format!("{text} ({})", open(extra)),
                },
            )
        })
        .collect()
}

fn how(l: Locale, terms: &Terms) -> AnyView {
    let d = &terms.department;
    let web = match terms.phase {
        Phase::Open => t!(l, "rules.terms.web"),
        Phase::Draft | Phase::Scheduled | Phase::Coming => t!(l, "rules.terms.web_from"),
        _ => t!(l, "rules.terms.web_over"),
    };
    let (ward, name, counter) = (&terms.ward, &d.name, &d.counter);
    let post = if counter.is_empty() {
        t!(l, "rules.terms.post_plain", ward = ward, department = name)
    } else {
        t!(l, "rules.terms.post", ward = ward, department = name, counter = counter)
    };
    let bring = (!counter.is_empty()).then(|| t!(l, "rules.terms.bring", department = name, counter = counter));
    let fax = (!d.fax.is_empty()).then(|| t!(l, "rules.terms.fax", fax = d.fax));
    let email = (!d.email.is_empty()).then(|| t!(l, "rules.terms.email", email = d.email));
    let ways = [Some(web), Some(post), bring, fax, email].into_iter().flatten().map(std::borrow::Cow::into_owned);
    let files = terms.rules.attachments.then(|| view! { <p>{t!(l, "rules.terms.attachments")}</p> });
    view! {
        {list(ways.collect())}
        <p>{t!(l, "rules.terms.form")}" "<a href=format!("/consultations/{}/paper-form", terms.slug)>{t!(l, "rules.terms.form_link")}</a></p>
        {files}
    }
    .into_any()
}

fn fill_in(l: Locale, rules: &Rules) -> Vec<String> {
    let separator = t!(l, "rules.terms.list_separator").into_owned();
    let of = |rule: FieldRule| {
        let fields = IdentityField::ALL.into_iter().filter(|field| rules.identity.of(*field) == rule);
        let names: Vec<String> =
            fields.map(|field| t!(l, format!("rules.ask_{}", field.code())).into_owned()).collect();
        (!names.is_empty()).then(|| names.join(&separator))
    };
    let required =
        of(FieldRule::Required).map(|fields| t!(l, "rules.terms.fill_required", fields = fields).into_owned());
    let none = required.is_none().then(|| t!(l, "rules.terms.fill_none").into_owned());
    let optional =
        of(FieldRule::Optional).map(|fields| t!(l, "rules.terms.fill_optional", fields = fields).into_owned());
    [required, none, optional].into_iter().flatten().collect()
}

fn handling(l: Locale, rules: &Rules) -> Vec<String> {
    let incomplete = match rules.incomplete {
        IncompleteHandling::Equal => t!(l, "rules.terms.incomplete_equal"),
        IncompleteHandling::NoReply => t!(l, "rules.terms.incomplete_no_reply"),
        IncompleteHandling::Refuse => t!(l, "rules.terms.incomplete_refuse"),
    };
    let late = match rules.late {
        LateHandling::Record => t!(l, "rules.terms.late_record"),
        LateHandling::Refuse => t!(l, "rules.terms.late_refuse"),
    };
    let oral = match rules.oral {
        OralHandling::Accept => t!(l, "rules.terms.oral_accept"),
        OralHandling::Refuse => t!(l, "rules.terms.oral_refuse"),
    };
    let approval = match rules.approval_only {
        ApprovalOnlyHandling::CountOnly => t!(l, "rules.terms.approval_count_only"),
        ApprovalOnlyHandling::AsOpinion => t!(l, "rules.terms.approval_as_opinion"),
        ApprovalOnlyHandling::NotOpinion => t!(l, "rules.terms.approval_not_opinion"),
    };
    let scope = match rules.out_of_scope {
        OutOfScopeHandling::CountOnly => t!(l, "rules.terms.scope_count_only"),
        OutOfScopeHandling::HandOver => t!(l, "rules.terms.scope_hand_over"),
        OutOfScopeHandling::AsOpinion => t!(l, "rules.terms.scope_as_opinion"),
    };
    let reply = if rules.individual_reply { t!(l, "rules.terms.reply_yes") } else { t!(l, "rules.terms.reply_no") };
    let lines = [
        t!(l, "rules.terms.private"),
        t!(l, "rules.terms.published"),
        t!(l, "rules.terms.content_counts"),
        reply,
        incomplete,
        late,
        oral,
        approval,
        scope,
        t!(l, "rules.terms.retention", n = rules.retention_months),
    ];
    lines.into_iter().map(std::borrow::Cow::into_owned).collect()
}

fn result(l: Locale, terms: &Terms) -> AnyView {
    let planned = terms.result_planned.filter(|_| !terms.phase.has_result()).map(|day| {
        view! { <p>{t!(l, "rules.terms.result_planned", day = format::day(l, day))}</p> }
    });
    view! { {list(terms.rules.result_places.clone())}{planned} }.into_any()
}

/// 「あと3日」, for as long as it is soon.
pub(super) fn closing_soon(l: Locale, days_left: Option<i64>, closes_at: Millis) -> Option<AnyView> {
    days_left.filter(|days| *days <= domain::consultation::EARLY_NOTICE_DAYS).map(|days| {
        let title = if days <= 0 { t!(l, "rules.soon_last") } else { t!(l, "rules.soon", days = days) };
        let text = t!(l, "rules.soon_text", at = format::date_time(l, closes_at));
        notice("warning", title.into_owned(), view! { <p>{text}</p> }.into_any())
    })
}
