//! The published table of answers.

use std::collections::{BTreeSet, HashMap};

use anyhow::Context as _;
use sea_orm::{ActiveModelTrait as _, Set};

use super::{Loader, data};
use crate::{
    entity::{chapter, consultation, publication, summary, ward_view},
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
        let loading = service::response::load(&self.tx, Loaded::new(made.clone(), self.ctx.now)).await?;
        let mut table = service::response::table(&self.tx, &self.ctx, &loading, 1).await?;
        table.published_at = made.result_at.context("result")?;
        let row = publication::ActiveModel {
            consultation_id: Set(made.id),
            version: Set(1),
            response_table: Set(serde_json::to_string(&table)?),
            published_at: Set(table.published_at),
            published_by: Set(self.staff),
            ..Default::default()
        };
        repository::response::publish(&self.tx, row, &answers).await?;
        Ok(())
    }

    async fn ward_view(&self, consultation: i64, g: &data::Group) -> anyhow::Result<i64> {
        let made = ward_view::ActiveModel {
            consultation_id: Set(consultation),
            text: Set(g.answer.clone()),
            disposition: Set(Some(g.disposition.clone())),
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
