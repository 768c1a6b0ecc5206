//! The files of a form: checked and stored before they are noted, and gone again when they are not.

use app::pages::submissions::{FILE_MAX_MIB, FILES_MAX};
use domain::Problem;
use sea_orm::ConnectionTrait;

use crate::{
    ctx::Ctx,
    error::Result,
    files::FileKind,
    repository,
    service::upload::{self, Incoming},
};

/// Kinds of files that may be sent with an opinion.
const FILE_KINDS: [FileKind; 4] = [FileKind::Pdf, FileKind::Word, FileKind::Excel, FileKind::Picture];
/// A change of the files of a form.
#[derive(Debug, Default)]
pub struct FileChanges {
    /// Checked and stored, to be noted.
    pub add: Vec<upload::Checked>,
    /// The id of one to take away.
    pub drop: Option<i64>,
}

/// Checks files that came with a form, as many as there is room for. What is wrong with the first wrong one comes back;
/// the right ones are kept all the same.
///
/// # Errors
/// When the disk refuses.
pub async fn accept_files(
    ctx: &Ctx,
    known: usize,
    files: Vec<Incoming>,
) -> Result<(Vec<upload::Checked>, Option<Problem>)> {
    let mut accepted = Vec::new();
    let mut wrong = None;
    for file in files {
        if known + accepted.len() >= FILES_MAX {
            wrong = wrong.or(Some(Problem::TooManyFiles { max: FILES_MAX }));
            break;
        }
        match upload::accept(ctx, file, &FILE_KINDS, FILE_MAX_MIB).await {
            Ok(Ok(checked)) => accepted.push(checked),
            Ok(Err(problem)) => wrong = wrong.or(Some(problem)),
            Err(error) => {
                remove_unnoted(ctx, hashes(&accepted)).await;
                return Err(error);
            }
        }
    }
    Ok((accepted, wrong))
}

/// Forgets uploads that nothing refers to; gives the hashes of files that can go.
pub(super) async fn discard<C: ConnectionTrait>(tx: &C, uploads: Vec<i64>) -> Result<Vec<String>> {
    let mut gone = Vec::new();
    for id in uploads {
        gone.extend(repository::submission::discard_upload(tx, id).await?);
    }
    Ok(gone)
}

/// A file that can't be deleted now is no reason to refuse anything.
pub(super) async fn remove_files(ctx: &Ctx, hashes: Vec<String>) {
    for hash in hashes {
        if let Err(error) = ctx.app.files.delete(&hash).await {
            tracing::warn!(error = format!("{error:#}"), "a file of a form was not deleted");
        }
    }
}

/// The names of files in the store.
pub(super) fn hashes(files: &[upload::Checked]) -> Vec<String> {
    files.iter().map(|file| file.stored.sha256.clone()).collect()
}

/// Deletes stored files that were noted nowhere: nothing would ever find them again.
pub(super) async fn remove_unnoted(ctx: &Ctx, hashes: Vec<String>) {
    for hash in hashes {
        match repository::upload::is_noted(ctx.db(), &hash).await {
            Ok(true) => {}
            Ok(false) => remove_files(ctx, vec![hash]).await,
            // It is better to keep a file too many than to lose one.
            Err(error) => tracing::warn!(%error, "a file of a form may be left over"),
        }
    }
}
