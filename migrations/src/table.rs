//! Short forms for the column types the schema uses.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, text, text_null},
};

/// A new table with its `id`.
pub fn with_id(name: &'static str) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(name).col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key());
    table
}

/// Adds text columns that are never null.
pub fn texts(table: &mut TableCreateStatement, names: &[&'static str]) {
    for name in names {
        table.col(text(*name));
    }
}

/// Adds text columns that may be null.
pub fn texts_null(table: &mut TableCreateStatement, names: &[&'static str]) {
    for name in names {
        table.col(text_null(*name));
    }
}

/// Adds integer columns (counts, times, positions) that are never null.
pub fn integers(table: &mut TableCreateStatement, names: &[&'static str]) {
    for name in names {
        table.col(big_integer(*name));
    }
}

/// Adds integer columns that may be null.
pub fn integers_null(table: &mut TableCreateStatement, names: &[&'static str]) {
    for name in names {
        table.col(big_integer_null(*name));
    }
}

/// A foreign key to `other(id)`; deleting the parent deletes the child.
pub fn belongs(table: &mut TableCreateStatement, own: &'static str, column: &'static str, other: &'static str) {
    reference(table, own, column, other, ForeignKeyAction::Cascade);
}

/// A foreign key to `other(id)`; the parent can't be deleted while the child is there.
pub fn refers(table: &mut TableCreateStatement, own: &'static str, column: &'static str, other: &'static str) {
    reference(table, own, column, other, ForeignKeyAction::Restrict);
}

fn reference(
    table: &mut TableCreateStatement,
    own: &'static str,
    column: &'static str,
    other: &'static str,
    action: ForeignKeyAction,
) {
    table.foreign_key(ForeignKey::create().from(own, column).to(other, "id").on_delete(action));
}

/// Creates an index named after its table and columns.
///
/// # Errors
/// When the database refuses.
pub async fn index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
    unique: bool,
) -> Result<(), DbErr> {
    let mut index = Index::create();
    index.name(format!("ix_{table}_{}", columns.join("_"))).table(table);
    for column in columns {
        index.col(*column);
    }
    if unique {
        index.unique();
    }
    manager.create_index(index).await
}

/// Drops tables, the last created first.
///
/// # Errors
/// When the database refuses.
pub async fn drop_all(manager: &SchemaManager<'_>, tables: &[&'static str]) -> Result<(), DbErr> {
    for table in tables.iter().rev() {
        manager.drop_table(Table::drop().table(*table).to_owned()).await?;
    }
    Ok(())
}

/// A column to add to an existing table.
pub struct Added(Box<ColumnDef>);

/// Text that may be missing.
pub fn added_text_null(name: &'static str) -> Added {
    Added(Box::new(ColumnDef::new(name).text().null().to_owned()))
}

/// Text with the value that existing rows get.
pub fn added_text(name: &'static str, default: &'static str) -> Added {
    Added(Box::new(ColumnDef::new(name).text().not_null().default(default).to_owned()))
}

/// A number that may be missing.
pub fn added_integer_null(name: &'static str) -> Added {
    Added(Box::new(ColumnDef::new(name).big_integer().null().to_owned()))
}

/// A number with the value that existing rows get.
pub fn added_integer(name: &'static str, default: i64) -> Added {
    Added(Box::new(ColumnDef::new(name).big_integer().not_null().default(default).to_owned()))
}

/// Adds columns to a table. One statement each: SQLite takes no more.
///
/// # Errors
/// When the database refuses.
pub async fn add_columns(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: impl IntoIterator<Item = Added>,
) -> Result<(), DbErr> {
    for Added(mut column) in columns {
        manager.alter_table(Table::alter().table(table).add_column(&mut *column).to_owned()).await?;
    }
    Ok(())
}

/// Takes columns away again.
///
/// # Errors
/// When the database refuses.
pub async fn drop_columns(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    for column in columns {
        manager.alter_table(Table::alter().table(table).drop_column(*column).to_owned()).await?;
    }
    Ok(())
}

/// Drops an index that [`index`] made.
///
/// # Errors
/// When the database refuses.
pub async fn drop_index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    let name = format!("ix_{table}_{}", columns.join("_"));
    manager.drop_index(Index::drop().name(name).table(table).to_owned()).await
}
