//! What was typed on the desk, checked against the rules of the theme.

use app::pages::staff::entry::{CHANNELS, Concern, ITEMS_MAX, ItemInput, STATES, Sheet};
use chrono::NaiveDate;
use domain::{
    Channel, FieldErrors, IntakeState, Problem, identity, proposal as limits,
    rules::{Eligibility, IncompleteHandling, LateHandling, OralHandling},
    text, wareki,
};

use crate::{
    ctx::Ctx,
    error::Result,
    repository,
    service::{
        Checked,
        consultation::Loaded,
        submission::{AttachmentKind, NewItem, NewSubmission},
    },
};

/// The greatest page number that is taken for one.
const PAGE_MAX: u32 = 9999;

/// A sheet whose fields are right; it may still have to be confirmed.
#[derive(Debug)]
pub(super) struct Clean {
    /// The submission.
    pub(super) new: NewSubmission,
    /// The department it is assigned to.
    pub(super) department: Option<i64>,
    /// What has not been confirmed yet.
    pub(super) concerns: Vec<Concern>,
}

/// The days of a sheet with its channel.
#[derive(Clone, Copy, Debug)]
struct Arrival {
    channel: Channel,
    received: NaiveDate,
    postmarked: Option<NaiveDate>,
}

/// What follows from a sheet by the rules.
#[derive(Clone, Debug)]
struct Findings {
    late: bool,
    oral: bool,
    intake: IntakeState,
    missing: Vec<&'static str>,
}

/// Checks a sheet.
pub(super) async fn check(ctx: &Ctx, theme: &Loaded, sheet: &Sheet) -> Result<Checked<Clean>> {
    let mut errors = FieldErrors::new();
    let arrival = arrival(sheet, &mut errors);
    let body = errors.take("body", text::required(&sheet.body, limits::BODY_MAX));
    let anchors = if sheet.items.iter().any(|item| !item.anchor.trim().is_empty()) {
        repository::draft::current_blocks(ctx.db(), theme.row.id).await?.into_iter().map(|b| b.anchor).collect()
    } else {
        vec![]
    };
    let items = errors.take("items", items(&sheet.items, &body, &anchors));
    let eligibility = match sheet.eligibility.trim() {
        "" => None,
        code => errors.take("eligibility", Eligibility::from_code(code).map(Some).ok_or(Problem::UnknownChoice)),
    };
    let who = sheet.identity.check(&theme.rules, eligibility).unwrap_or_else(|wrong| {
        for (name, problem) in wrong.iter() {
            errors.push(name, problem);
        }
        sheet.identity.clone()
    });
    let scribe = errors.take("scribe", text::optional_line(&sheet.scribe, identity::NAME_MAX));
    let department = department(ctx, sheet, &mut errors).await?;
    let intake = errors.take("intake", state(sheet));
    let scan = scan(ctx, theme, sheet, &mut errors).await?;
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    let late = theme.rules.is_late(arrival.channel, arrival.received, arrival.postmarked, theme.period.closes_on);
    let findings = Findings {
        late,
        oral: arrival.channel == Channel::Phone || (arrival.channel == Channel::Counter && sheet.spoken),
        intake: if late && intake != IntakeState::Duplicate { IntakeState::Late } else { intake },
        missing: who.missing(&theme.rules, eligibility),
    };
    let concerns = concerns(ctx, theme, sheet, arrival, &findings);
    let writes_down = findings.oral || arrival.channel == Channel::Hearing;
    let own_name = || ctx.actor.as_ref().filter(|_| writes_down).map(|actor| actor.name.clone());
    let new = NewSubmission {
        eligibility,
        items,
        no_reply: who.is_no_reply(&theme.rules, eligibility),
        identity: who,
        received_on: arrival.received,
        postmarked_on: arrival.postmarked,
        entered_by: ctx.actor.as_ref().map(|actor| actor.id.0),
        scribe: scribe.or_else(own_name),
        form_token: Some(sheet.token.clone()),
        intake: findings.intake,
        attachments: scan.map(|id| (id, AttachmentKind::Scan)).into_iter().collect(),
        ..NewSubmission::of_text(ctx, arrival.channel, body)
    };
    Ok(Ok(Clean { new, department, concerns }))
}

/// The scan that the form carries along. One that can't be had any more is said: a sheet without it looks complete.
async fn scan(ctx: &Ctx, theme: &Loaded, sheet: &Sheet, errors: &mut FieldErrors) -> Result<Option<i64>> {
    if sheet.scan.is_empty() {
        return Ok(None);
    }
    let kept = super::scan(ctx, theme, &sheet.scan).await?;
    Ok(errors.take("scan", kept.map(|row| Some(row.id)).ok_or(Problem::UnknownChoice)))
}

fn arrival(sheet: &Sheet, errors: &mut FieldErrors) -> Arrival {
    let offered = Channel::from_code(&sheet.channel).filter(|channel| CHANNELS.contains(channel));
    let channel = errors.take("channel", offered.ok_or(Problem::ChoiceRequired));
    let day = |value: &str| wareki::parse(value).map_err(|_| Problem::Date);
    let received = match sheet.received_on.trim() {
        "" => errors.take("received_on", Err(Problem::Required)),
        value => errors.take("received_on", day(value)),
    };
    // Only letters have a postmark; what is left in the field from the letter before is none.
    let postmarked = match sheet.postmarked_on.trim() {
        value if channel == Channel::Post && !value.is_empty() => errors.take("postmarked_on", day(value).map(Some)),
        _ => None,
    };
    Arrival { channel, received, postmarked }
}

/// The page that a number means, however it is written (P5, ５ページ, 5頁).
fn page(typed: &str) -> std::result::Result<Option<i64>, Problem> {
    let folded = text::fold(typed);
    let bare = folded.trim_start_matches("pp").trim_start_matches('p').trim_start_matches('.');
    let bare = bare.trim_end_matches("ページ").trim_end_matches('頁').trim();
    if folded.is_empty() {
        return Ok(None);
    }
    let wrong = Problem::NumberRange { min: 1, max: PAGE_MAX };
    bare.parse::<u32>().ok().filter(|n| (1..=PAGE_MAX).contains(n)).map(|n| Some(i64::from(n))).ok_or(wrong)
}

/// The opinions of a sheet: none is the whole text, and so is one without a text of its own. Empty boxes don't count.
fn items(typed: &[ItemInput], whole: &str, anchors: &[String]) -> std::result::Result<Vec<NewItem>, Problem> {
    let mut found = Vec::new();
    for item in typed {
        let body = text::optional(&item.body, limits::BODY_MAX)?;
        let anchor = Some(item.anchor.trim().to_owned()).filter(|anchor| !anchor.is_empty());
        if anchor.as_ref().is_some_and(|anchor| !anchors.contains(anchor)) {
            return Err(Problem::UnknownChoice);
        }
        let new = NewItem { body, anchor, page: page(&item.page)? };
        if new != NewItem::default() {
            found.push(new);
        }
    }
    if found.len() > ITEMS_MAX {
        return Err(Problem::TooMany { max: ITEMS_MAX });
    }
    match found.as_mut_slice() {
        [only] => only.body = only.body.take().filter(|body| body != whole),
        // A place alone is no opinion beside others.
        several if several.iter().any(|item| item.body.is_none()) => return Err(Problem::Required),
        _ => {}
    }
    Ok(found)
}

async fn department(ctx: &Ctx, sheet: &Sheet, errors: &mut FieldErrors) -> Result<Option<i64>> {
    let typed = sheet.department.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let known = match typed.parse() {
        Ok(id) => repository::setting::department(ctx.db(), id).await?,
        Err(_) => None,
    };
    Ok(errors.take("department", known.map(|row| Some(row.id)).ok_or(Problem::UnknownChoice)))
}

fn state(sheet: &Sheet) -> std::result::Result<IntakeState, Problem> {
    match sheet.intake.as_str() {
        "" => Ok(IntakeState::Accepted),
        code => IntakeState::from_code(code).filter(|state| STATES.contains(state)).ok_or(Problem::ChoiceRequired),
    }
}

/// What speaks against recording the sheet as it is, without what the clerk has confirmed.
fn concerns(ctx: &Ctx, theme: &Loaded, sheet: &Sheet, arrival: Arrival, found: &Findings) -> Vec<Concern> {
    let rules = &theme.rules;
    let period = theme.period;
    let accepted = matches!(found.intake, IntakeState::Accepted | IntakeState::Unread);
    let refused = rules.incomplete == IncompleteHandling::Refuse && accepted && !found.missing.is_empty();
    let late = found.late && rules.late == LateHandling::Refuse;
    let postmark = rules.postmark && arrival.channel == Channel::Post;
    let all = [
        (arrival.received > wareki::date_of(ctx.now)).then_some(Concern::Future),
        arrival.postmarked.is_some_and(|day| day > arrival.received).then_some(Concern::PostmarkAfterReceipt),
        (arrival.received < period.opens_on).then_some(Concern::Early { opens_on: period.opens_on }),
        late.then_some(Concern::Late { closes_on: period.closes_on, postmark }),
        (found.oral && rules.oral == OralHandling::Refuse).then_some(Concern::Oral),
        refused.then(|| Concern::Incomplete { missing: found.missing.clone() }),
    ];
    let confirmed = |concern: &Concern| {
        matches!(concern, Concern::Early { .. } | Concern::Late { .. } | Concern::Oral)
            && sheet.confirmed.iter().any(|code| code == concern.code())
    };
    all.into_iter().flatten().filter(|concern| !confirmed(concern)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(body: &str, page: &str, anchor: &str) -> ItemInput {
        ItemInput { body: body.to_owned(), page: page.to_owned(), anchor: anchor.to_owned() }
    }

    #[test]
    fn pages_are_read_as_people_write_them() {
        for (typed, expected) in
            [("5", Some(5)), ("５", Some(5)), ("P5", Some(5)), ("p.12", Some(12)), ("7ページ", Some(7)), (" ", None)]
        {
            assert_eq!(page(typed), Ok(expected), "{typed}");
        }
        for bad in ["0", "五", "-3", "10000", "5-6"] {
            assert_eq!(page(bad), Err(Problem::NumberRange { min: 1, max: PAGE_MAX }), "{bad}");
        }
    }

    #[test]
    fn empty_boxes_are_the_whole_text_and_a_place_alone_is_no_opinion() {
        let anchors = ["p3".to_owned()];
        let of = |typed: &[ItemInput]| items(typed, "全体", &anchors);
        assert_eq!(of(&[]), Ok(vec![]));
        assert_eq!(of(&[item("", "", ""), item(" ", "", "")]), Ok(vec![]));
        assert_eq!(of(&[item("全体", "", "")]), Ok(vec![NewItem::default()]));
        let placed = NewItem { page: Some(5), anchor: Some("p3".to_owned()), ..NewItem::default() };
        assert_eq!(of(&[item("", "5", "p3")]), Ok(vec![placed]));
        let several = of(&[item("一つめ", "", ""), item("", "", ""), item("二つめ", "2", "")]).unwrap();
        assert_eq!(several.iter().filter_map(|i| i.body.as_deref()).collect::<Vec<_>>(), ["一つめ", "二つめ"]);
        assert_eq!(of(&[item("一つめ", "", ""), item("", "2", "")]), Err(Problem::Required));
        assert_eq!(of(&[item("", "", "p9")]), Err(Problem::UnknownChoice));
        let many: Vec<ItemInput> = (0..=ITEMS_MAX).map(|n| item(&n.to_string(), "", "")).collect();
        assert_eq!(of(&many), Err(Problem::TooMany { max: ITEMS_MAX }));
    }
}
