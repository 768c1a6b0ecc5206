//! The picture of a theme.

use domain::{FieldErrors, Problem, permission::ConsultationAction, text};
use sea_orm::{ActiveValue::Unchanged, ConnectionTrait, Set};
use serde_json::json;

use super::for_staff;
use crate::{
    audit,
    ctx::Ctx,
    entity::{consultation, upload},
    error::Result,
    files, repository,
    service::Checked,
};

/// Sets the cover picture, or changes its alternative text when no picture comes with it.
///
/// # Errors
/// [`AppError::Forbidden`]. Inner: what is wrong.
pub async fn set_cover(ctx: &Ctx, id: i64, bytes: Vec<u8>, alt: &str) -> Result<Checked<()>> {
    let loaded = for_staff(ctx, id, ConsultationAction::Edit).await?;
    let alt = match text::required_line(alt, 200) {
        Ok(alt) => alt,
        Err(Problem::Required) => return Ok(Err(FieldErrors::one("cover_alt", Problem::AltRequired))),
        Err(problem) => return Ok(Err(FieldErrors::one("cover_alt", problem))),
    };
    let stored = if bytes.is_empty() {
        if loaded.row.cover_upload_id.is_none() {
            return Ok(Err(FieldErrors::one("cover", Problem::Required)));
        }
        None
    } else {
        match tokio::task::spawn_blocking(move || files::clean_image(&bytes)).await.map_err(anyhow::Error::from)? {
            Err(problem) => return Ok(Err(FieldErrors::one("cover", problem))),
            Ok((jpeg, width, height)) => {
                Some(files::Stored { dimensions: Some((width, height)), ..ctx.app.files.put(jpeg).await? })
            }
        }
    };
    let tx = ctx.write().await?;
    let cover = match stored {
        Some(stored) => Some(note_upload(&tx, ctx, stored, "image/jpeg", "cover.jpg").await?.id),
        None => loaded.row.cover_upload_id,
    };
    let changes = consultation::ActiveModel {
        id: Unchanged(id),
        cover_upload_id: Set(cover),
        cover_alt: Set(alt),
        updated_at: Set(ctx.now),
        ..Default::default()
    };
    repository::consultation::update(&tx, changes).await?;
    audit::record(&tx, ctx, "consultation.cover", ("consultation", id), json!({ "upload": cover })).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

async fn note_upload<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    stored: files::Stored,
    kind: &str,
    name: &str,
) -> Result<upload::Model> {
    let row = upload::ActiveModel {
        sha256: Set(stored.sha256),
        content_type: Set(kind.to_owned()),
        file_name: Set(name.to_owned()),
        size: Set(stored.size),
        width: Set(stored.dimensions.map(|d| d.0)),
        height: Set(stored.dimensions.map(|d| d.1)),
        created_at: Set(ctx.now),
        created_by: Set(ctx.actor()?.id.0),
        ..Default::default()
    };
    Ok(repository::upload::insert(tx, row).await?)
}
