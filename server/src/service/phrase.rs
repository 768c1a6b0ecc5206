//! The ward's phrases for 区の考え方.

use app::pages::staff::phrases::{PhraseInput, defaults};
use domain::{
    FieldErrors, Problem,
    permission::{SiteAction, site},
    phrase::{PHRASE_MAX, PHRASES_MAX, Phrase},
    text,
};
use serde_json::json;

use super::Checked;
use crate::{audit, ctx::Ctx, error::Result, repository};

/// The ward's phrases, for everybody who writes answers; before they are set, the ones that come with the product.
///
/// # Errors
/// When the database is away.
pub async fn list(ctx: &Ctx) -> Result<Vec<Phrase>> {
    Ok(repository::setting::phrases(ctx.db()).await?.unwrap_or_else(defaults))
}

/// The ward's phrases, for those who may change them.
///
/// # Errors
/// [`AppError::Forbidden`](crate::error::AppError::Forbidden).
pub async fn settings(ctx: &Ctx) -> Result<Vec<Phrase>> {
    ctx.allow(site(ctx.role(), SiteAction::EditSettings))?;
    list(ctx).await
}

/// Reads phrases as they are typed, in their new order; what was left empty or is to be deleted is left out.
///
/// # Errors
/// What is wrong, under `text` and `plain`.
pub fn read(inputs: &[PhraseInput]) -> Checked<Vec<Phrase>> {
    let mut errors = FieldErrors::new();
    let mut phrases: Vec<(f64, Phrase)> = Vec::new();
    let is_empty = |input: &PhraseInput| input.text.trim().is_empty() && input.plain.trim().is_empty();
    let kept = inputs.iter().filter(|input| !input.delete && !is_empty(input));
    for input in kept {
        let phrase = Phrase {
            text: errors.take("text", text::required_line(&input.text, PHRASE_MAX)),
            plain: errors.take("plain", text::optional_line(&input.plain, PHRASE_MAX)).unwrap_or_default(),
        };
        // 「2.5」 stands between 2 and 3; without a number at the end.
        let order = text::fold(&input.order).parse::<f64>().ok().filter(|n| n.is_finite()).unwrap_or(f64::MAX);
        phrases.push((order, phrase));
    }
    if phrases.len() > PHRASES_MAX {
        errors.push("text", Problem::TooMany { max: PHRASES_MAX });
    }
    phrases.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    errors.into_result(phrases.into_iter().map(|(_, phrase)| phrase).collect())
}

/// Changes the ward's phrases. Answers that were written with them stay as they are.
///
/// # Errors
/// [`AppError::Forbidden`](crate::error::AppError::Forbidden). Inner: what is wrong.
pub async fn save(ctx: &Ctx, inputs: &[PhraseInput]) -> Result<Checked<()>> {
    ctx.allow(site(ctx.role(), SiteAction::EditSettings))?;
    let phrases = match read(inputs) {
        Ok(phrases) => phrases,
        Err(errors) => return Ok(Err(errors)),
    };
    let tx = ctx.write().await?;
    repository::setting::set_phrases(&tx, &phrases).await?;
    audit::record(&tx, ctx, "phrases.save", ("setting", 0), json!({ "phrases": phrases.len() })).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(order: &str, text: &str, plain: &str) -> PhraseInput {
        PhraseInput { order: order.to_owned(), text: text.to_owned(), plain: plain.to_owned(), delete: false }
    }

    #[test]
    fn phrases_go_by_their_numbers_and_empty_ones_go() {
        let typed = [
            input("2", "二", ""),
            input("１", "一", "ひとつ"),
            input("", "終", ""),
            input("3", " ", ""),
            input("1.5", "間", ""),
            PhraseInput { delete: true, ..input("1", "消", "") },
        ];
        let texts: Vec<String> = read(&typed).unwrap_or_default().into_iter().map(|p| p.text).collect();
        assert_eq!(texts, ["一", "間", "二", "終"]);
        assert_eq!(read(&[input("1", "", "言い換えだけ")]).map_err(|e| e.of("text")), Err(Some(Problem::Required)));
        let long = "長".repeat(PHRASE_MAX + 1);
        assert!(read(&[input("1", "短い", &long)]).is_err_and(|e| e.of("plain").is_some()));
    }

    #[test]
    fn the_phrases_that_come_with_the_product_can_be_saved() {
        let defaults = defaults();
        assert!(defaults.len() >= 12);
        assert!(defaults.iter().all(|p| !p.text.is_empty() && !p.plain.is_empty()));
        let typed: Vec<PhraseInput> = defaults.iter().map(|p| input("", &p.text, &p.plain)).collect();
        assert_eq!(read(&typed), Ok(defaults));
    }
}
