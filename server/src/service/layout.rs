//! How the ward prints its tables: the ward's layout and 対応区分, a theme's own, and what a theme's cover says.

use app::pages::staff::layouts::{DispositionFault, DispositionRow, LayoutInput};
use documents::ResponseTable;
use domain::{
    FieldErrors, Problem,
    disposition::{DispositionPreset, DispositionSet, Used},
    layout::{ColumnKind, Grouping, Layout, LayoutFault},
    permission::{self, ConsultationAction, SiteAction},
    text,
    ward::Ward,
};
use sea_orm::{ActiveValue::Unchanged, ConnectionTrait, Set};
use serde_json::json;

use super::consultation::{Loaded, Saved, for_staff};
use crate::{
    audit,
    ctx::Ctx,
    entity::consultation,
    error::{AppError, Result},
    repository,
};

/// Longest text of 計画案の公表方法 and 閲覧場所 in graphemes.
const COVER_TEXT_MAX: usize = 500;
/// Longest 実施根拠 in graphemes.
const BASIS_MAX: usize = 200;
/// Most 対応区分 of a ward.
pub const DISPOSITIONS_MAX: usize = 12;
/// Longest code in characters.
const CODE_MAX: usize = 30;
/// Longest mark and label in graphemes.
const MARK_MAX: usize = 4;
const LABEL_MAX: usize = 20;

/// An example for looking at a layout; its opinions are made up.
const SAMPLE: &str = include_str!("layout/sample.json");

/// The layout of a theme: its own, else the ward's, else the usual one.
///
/// # Errors
/// When the database is away or what is stored can't be read.
pub async fn of<C: ConnectionTrait>(db: &C, theme: &Loaded) -> Result<Layout> {
    if theme.row.layout.is_empty() {
        return Ok(repository::setting::layout(db).await?);
    }
    Ok(serde_json::from_str(&theme.row.layout).map_err(anyhow::Error::from)?)
}

/// The ward's layout and its own 対応区分, for those who may change them.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn ward(ctx: &Ctx) -> Result<(Layout, DispositionSet)> {
    ctx.allow(permission::site(ctx.role(), SiteAction::EditSettings))?;
    let db = ctx.db();
    Ok((repository::setting::layout(db).await?, repository::setting::dispositions(db).await?))
}

/// Changes the ward's layout; what is published keeps the one it was published with.
///
/// # Errors
/// [`AppError::Forbidden`]. Inner: what it lacks.
pub async fn save_ward(ctx: &Ctx, input: &LayoutInput) -> Result<std::result::Result<(), Vec<LayoutFault>>> {
    ctx.allow(permission::site(ctx.role(), SiteAction::EditSettings))?;
    let layout = input.layout();
    if let Err(faults) = layout.check() {
        return Ok(Err(faults));
    }
    let tx = ctx.write().await?;
    repository::setting::set_layout(&tx, &layout).await?;
    audit::record(&tx, ctx, "settings.layout", ("setting", 0), json!({ "preset": layout.preset.code() })).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// What a theme's page holds, as typed.
#[derive(Clone, Debug, Default)]
pub struct ThemeInput {
    /// Its own layout; none for the ward's.
    pub layout: Option<LayoutInput>,
    /// 計画案の公表方法.
    pub publicity: String,
    /// 閲覧場所.
    pub places: String,
    /// 実施根拠.
    pub basis: String,
}

/// What is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct ThemeFaults {
    /// With the layout.
    pub layout: Vec<LayoutFault>,
    /// With the other fields.
    pub errors: FieldErrors,
}

/// Changes a theme's layout and what its cover says; `version` is the one the page showed.
///
/// # Errors
/// [`AppError::Forbidden`]. Inner: what is wrong.
pub async fn save_theme(
    ctx: &Ctx,
    id: i64,
    input: &ThemeInput,
    version: i64,
) -> Result<std::result::Result<Saved, ThemeFaults>> {
    let theme = for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let mut errors = FieldErrors::new();
    let mut take = |name: &'static str, value: std::result::Result<Option<String>, Problem>| {
        errors.take(name, value).unwrap_or_default()
    };
    let publicity = take("publicity", text::optional(&input.publicity, COVER_TEXT_MAX));
    let places = take("places", text::optional(&input.places, COVER_TEXT_MAX));
    let basis = take("basis", text::optional_line(&input.basis, BASIS_MAX));
    let layout = input.layout.as_ref().map(LayoutInput::layout);
    let faults = layout.as_ref().and_then(|layout| layout.check().err()).unwrap_or_default();
    if !faults.is_empty() || !errors.is_empty() {
        return Ok(Err(ThemeFaults { layout: faults, errors }));
    }
    let json = layout.as_ref().map(serde_json::to_string).transpose().map_err(anyhow::Error::from)?;
    let json = json.unwrap_or_default();
    let old = &theme.row;
    let changed: Vec<&str> = [
        ("layout", old.layout != json),
        ("publicity", old.publicity != publicity),
        ("places", old.places != places),
        ("basis", old.basis != basis),
    ]
    .into_iter()
    .filter_map(|(name, changed)| changed.then_some(name))
    .collect();
    let tx = ctx.write().await?;
    if !repository::consultation::claim_version(&tx, id, version).await? {
        let now = repository::consultation::by_id(&tx, id).await?.ok_or(AppError::NotFound)?;
        return Ok(Ok(Saved::Stale(now.version)));
    }
    let row = consultation::ActiveModel {
        id: Unchanged(id),
        layout: Set(json),
        publicity: Set(publicity),
        places: Set(places),
        basis: Set(basis),
        updated_at: Set(ctx.now),
        ..Default::default()
    };
    repository::consultation::update(&tx, row).await?;
    audit::record(&tx, ctx, "consultation.layout", ("consultation", id), json!({ "changed": changed })).await?;
    tx.commit().await?;
    Ok(Ok(Saved::Done))
}

/// Changes the ward's own 対応区分; themes that have them already keep theirs.
///
/// # Errors
/// [`AppError::Forbidden`]. Inner: what is wrong, row by row.
pub async fn save_dispositions(
    ctx: &Ctx,
    rows: &[DispositionRow],
) -> Result<std::result::Result<(), Vec<DispositionFault>>> {
    ctx.allow(permission::site(ctx.role(), SiteAction::EditSettings))?;
    let set = match read_dispositions(rows) {
        Ok(set) => set,
        Err(faults) => return Ok(Err(faults)),
    };
    let tx = ctx.write().await?;
    repository::setting::set_dispositions(&tx, &set).await?;
    let codes: Vec<&str> = set.0.iter().map(|used| used.code.as_str()).collect();
    audit::record(&tx, ctx, "settings.dispositions", ("setting", 0), json!({ "codes": codes })).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// 対応区分 as they were typed; rows in which nothing was typed are left out.
///
/// # Errors
/// What is wrong, row by row.
pub fn read_dispositions(rows: &[DispositionRow]) -> std::result::Result<DispositionSet, Vec<DispositionFault>> {
    let mut faults = Vec::new();
    let mut set = DispositionSet::default();
    for (row, typed) in rows.iter().enumerate().filter(|(_, row)| !is_blank(row)) {
        let mut take = |field: &'static str, value: std::result::Result<String, Problem>| {
            value.unwrap_or_else(|problem| {
                faults.push(DispositionFault { row, field, problem });
                String::new()
            })
        };
        let mark = take("mark", text::optional_line(&typed.mark, MARK_MAX).map(Option::unwrap_or_default));
        let label = take("label", text::required_line(&typed.label, LABEL_MAX));
        let code = match identifier(&typed.code) {
            Ok(code) if set.find(&code).is_some() => Err(Problem::Taken),
            code => code,
        };
        let code = take("code", code);
        let (reason_required, reflected) = (typed.reason_required, typed.reflected);
        set.0.push(Used { code, mark, label, reason_required, reflected });
    }
    if faults.is_empty() { Ok(set) } else { Err(faults) }
}

/// Whether nothing was typed in a row.
#[must_use]
pub fn is_blank(row: &DispositionRow) -> bool {
    [&row.code, &row.mark, &row.label].into_iter().all(|field| field.trim().is_empty())
}

fn identifier(typed: &str) -> std::result::Result<String, Problem> {
    let code = text::fold(typed).trim().to_owned();
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    match code.as_str() {
        "" => Err(Problem::Required),
        // Lone hyphens stand for rows without 対応区分 in addresses.
        text if text.len() <= CODE_MAX && text.chars().all(fine) && text.contains(|c: char| c != '-') => Ok(code),
        _ => Err(Problem::Identifier),
    }
}

/// The 対応区分 that a theme gets with a preset, as they are stored: the ward's own are copied, so that the theme keeps
/// them; those of the other presets are not stored.
///
/// # Errors
/// When the database is away. Inner: the ward has none of its own, or one that answers use would be gone.
pub async fn dispositions_for<C: ConnectionTrait>(
    db: &C,
    preset: DispositionPreset,
    theme: Option<&Loaded>,
) -> Result<std::result::Result<String, Problem>> {
    let own = preset == DispositionPreset::Own;
    let kept = theme.filter(|theme| theme.row.disposition_preset == preset.code());
    if let Some(theme) = kept
        && (!own || !theme.dispositions.is_empty())
    {
        return Ok(Ok(theme.row.dispositions.clone()));
    }
    let set = if own { repository::setting::dispositions(db).await? } else { DispositionSet::of(preset) };
    if own && set.is_empty() {
        return Ok(Err(Problem::UnknownChoice));
    }
    if let Some(theme) = theme {
        let used = repository::response::used_dispositions(db, theme.row.id).await?;
        if used.iter().any(|code| set.find(code).is_none()) {
            return Ok(Err(Problem::InUse));
        }
    }
    let json = own.then(|| serde_json::to_string(&set)).transpose().map_err(anyhow::Error::from)?;
    Ok(Ok(json.unwrap_or_default()))
}

/// An example in a layout. Where the layout shows 対応区分 and there are none, those of the layout's model are shown.
///
/// # Errors
/// When the example can't be read.
pub fn sample(layout: Layout, dispositions: &DispositionSet, ward: &Ward) -> anyhow::Result<ResponseTable> {
    let mut table: ResponseTable = serde_json::from_str(SAMPLE)?;
    let shown = layout.legend || layout.has(ColumnKind::Disposition) || layout.grouping == Grouping::Dispositions;
    let model = match layout.preset.dispositions() {
        DispositionPreset::None => DispositionPreset::SixMarks,
        preset => preset,
    };
    let set = if dispositions.is_empty() && shown { DispositionSet::of(model) } else { dispositions.clone() };
    table.ward = documents::Ward { code: ward.code.clone(), name: ward.name.clone() };
    table.dispositions = set
        .0
        .iter()
        .map(|d| documents::DispositionLabel { code: d.code.clone(), mark: d.mark.clone(), label: d.label.clone() })
        .collect();
    let groups = table.chapters.iter_mut().flat_map(|chapter| &mut chapter.groups);
    for (group, used) in groups.zip(set.0.iter().map(Some).chain(std::iter::repeat(None))) {
        group.disposition = used.map(|used| used.code.clone());
        if !layout.has(ColumnKind::Reason) && !used.is_some_and(|used| used.reason_required) {
            group.reason = None;
        }
    }
    table.layout = layout;
    Ok(table)
}

#[cfg(test)]
mod tests {
    use domain::layout::LayoutPreset;

    use super::*;

    #[test]
    fn the_sample_can_be_printed_in_every_preset() {
        let ward =
            Ward { code: "131091".to_owned(), name: "品川区".to_owned(), name_en: String::new(), demo: false };
        for preset in LayoutPreset::ALL {
            let table = sample(Layout::of(preset), &DispositionSet::default(), &ward).unwrap();
            assert_eq!(table.opinions_in_rows(), u64::from(table.opinions));
            assert_eq!(table.by_channel.iter().map(|c| c.opinions).sum::<u32>(), table.opinions);
            assert_eq!(table.by_channel.iter().map(|c| c.submitters).sum::<u32>(), table.submitters);
            assert_eq!(table.printed().rows().count(), 4, "{preset:?}");
        }
    }

    fn row(code: &str, label: &str) -> DispositionRow {
        DispositionRow { code: code.to_owned(), label: label.to_owned(), ..DispositionRow::default() }
    }

    #[test]
    fn dispositions_are_read_row_by_row() {
        let set = read_dispositions(&[row("Ａ", "反映"), DispositionRow::default(), row("b-2", "検討")]).unwrap();
        let codes: Vec<&str> = set.0.iter().map(|used| used.code.as_str()).collect();
        assert_eq!(codes, ["a", "b-2"]);
        let wrong =
            [row("は い", "反映"), row("", "検討"), row("x", ""), row("y", "その他"), row("y", "他"), row("-", "無")];
        let faults = read_dispositions(&wrong).unwrap_err();
        let found: Vec<(usize, &str, Problem)> = faults.iter().map(|f| (f.row, f.field, f.problem)).collect();
        let expected = [
            (0, "code", Problem::Identifier),
            (1, "code", Problem::Required),
            (2, "label", Problem::Required),
            (4, "code", Problem::Taken),
            (5, "code", Problem::Identifier),
        ];
        assert_eq!(found, expected);
    }
}
