//! The published table of answers.

use std::collections::{BTreeSet, HashMap};

use anyhow::{Context as _, bail};
use domain::workflow::{ApprovalState, StepState, Workflow};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Unchanged, Set};

use super::{DAY, Loader, data};
use crate::{
    entity::{approval, chapter, consultation, publication, summary, ward_view},
    repository,
    service::{self, consultation::Loaded},
};

impl Loader {
    pub(super) async fn responses(
        &self,
        made: &consultation::Model,
        r: &data::Responses,
        proposals: &[i64],
    ) -> anyhow::Result<()> {
        let items: HashMap<i64, i64> = repository::proposal::items(&self.tx, made.id)
            .await?
            .into_iter()
            .map(|(item, proposal)| (proposal.id, item.id))
            .collect();
        let mut answers = BTreeSet::new();
        for (position, c) in (1_i64..).zip(&r.chapters) {
            let chapter = chapter::ActiveModel {
                consultation_id: Set(made.id),
                position: Set(position),
                title: Set(c.title.clone()),
                ..Default::default()
            }
            .insert(&self.tx)
            .await?;
            let mut row_position = 0;
            for g in &c.groups {
                let view = self.ward_view(made.id, g).await?;
                for row in &g.rows {
                    row_position += 1;
                    let summary = self.summary(made.id, chapter.id, view, row_position, &row.text).await?;
                    let linked: Vec<i64> = row
                        .proposals
                        .iter()
                        .filter_map(|i| proposals.get(*i))
                        .filter_map(|p| items.get(p))
                        .copied()
                        .collect();
                    repository::response::set_items(&self.tx, summary, &linked).await?;
                    answers.extend(linked.into_iter().map(|item| (summary, item)));
                }
            }
        }
        self.confirm(made.id).await?;
        self.decided(made, &answers).await
    }

    /// A second person has confirmed what isn't the opinion word for word.
    async fn confirm(&self, consultation: i64) -> anyhow::Result<()> {
        let by = self.account("admin@minamo.example.jp")?;
        for row in repository::response::desk(&self.tx, consultation).await?.summaries {
            service::response::refresh_verbatim(&self.tx, row.id).await?;
            let confirmed = summary::ActiveModel {
                id: Unchanged(row.id),
                confirmed_by: Set(Some(by)),
                confirmed_at: Set(Some(self.ctx.now)),
                ..Default::default()
            };
            repository::response::update_summary(&self.tx, confirmed).await?;
        }
        Ok(())
    }

    fn account(&self, email: &str) -> anyhow::Result<i64> {
        self.accounts.get(email).copied().with_context(|| format!("no account {email}"))
    }

    /// 起案, 確認, 決裁 and 公表, by four hands and in that order.
    async fn decided(&self, made: &consultation::Model, answers: &BTreeSet<(i64, i64)>) -> anyhow::Result<()> {
        let published_at = made.result_at.context("result")?;
        let [clerk, admin, approver] =
            ["clerk2@minamo.example.jp", "admin@minamo.example.jp", "approver2@minamo.example.jp"]
                .map(|email| self.account(email));
        let (clerk, admin, approver) = (clerk?, admin?, approver?);
        let theme = Loaded::new(made.clone(), self.ctx.now);
        let composed = service::response::table::compose(&self.tx, &self.ctx, &theme, 1).await?;
        if !composed.checks.is_ready() {
            bail!("the answers of {} are not ready: {:?}", made.slug, composed.checks);
        }
        let frozen = service::approval::freeze(&composed)?;
        let put_up = approval::ActiveModel {
            consultation_id: Set(made.id),
            state: Set(ApprovalState::Published.code().to_owned()),
            response_table: Set(frozen.table),
            links: Set(frozen.links),
            sha256: Set(frozen.sha256),
            note: Set("委員会へのご報告と合わせて公表する予定です。".to_owned()),
            comment: Set(String::new()),
            created_at: Set(published_at - 5 * DAY),
            created_by: Set(clerk),
            closed_at: Set(Some(published_at)),
            ..Default::default()
        };
        let put_up = repository::approval::insert(&self.tx, put_up).await?;
        let decisions = [(admin, 3, "件数と要旨を確認しました。"), (approver, 1, "")];
        let mut steps = service::approval::steps(put_up.id, &Workflow::default());
        for (step, (by, days, comment)) in steps.iter_mut().zip(decisions) {
            step.state = Set(StepState::Approved.code().to_owned());
            step.comment = Set(comment.to_owned());
            step.decided_by = Set(Some(by));
            step.decided_at = Set(Some(published_at - days * DAY));
        }
        repository::approval::insert_steps(&self.tx, steps).await?;
        let table = documents::ResponseTable { published_at, ..composed.table };
        let row = publication::ActiveModel {
            consultation_id: Set(made.id),
            version: Set(1),
            response_table: Set(serde_json::to_string(&table)?),
            published_at: Set(published_at),
            published_by: Set(approver),
            approval_id: Set(Some(put_up.id)),
            note: Set(String::new()),
            ..Default::default()
        };
        repository::response::publish(&self.tx, row, answers).await?;
        Ok(())
    }

    async fn ward_view(&self, consultation: i64, g: &data::Group) -> anyhow::Result<i64> {
        let made = ward_view::ActiveModel {
            consultation_id: Set(consultation),
            text: Set(g.answer.clone()),
            disposition: Set(Some(g.disposition.clone())),
            state: Set("settled".to_owned()),
            settled_at: Set(Some(self.ctx.now)),
            settled_by: Set(Some(self.staff)),
            version: Set(1),
            updated_at: Set(self.ctx.now),
            updated_by: Set(self.staff),
            ..Default::default()
        };
        Ok(made.insert(&self.tx).await?.id)
    }

    async fn summary(
        &self,
        consultation: i64,
        chapter: i64,
        view: i64,
        position: i64,
        text: &str,
    ) -> anyhow::Result<i64> {
        let made = summary::ActiveModel {
            consultation_id: Set(consultation),
            chapter_id: Set(chapter),
            ward_view_id: Set(Some(view)),
            position: Set(position),
            text: Set(text.to_owned()),
            version: Set(1),
            updated_at: Set(self.ctx.now),
            updated_by: Set(self.staff),
            ..Default::default()
        };
        Ok(made.insert(&self.tx).await?.id)
    }
}
