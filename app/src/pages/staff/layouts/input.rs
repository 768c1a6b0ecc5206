//! A layout as it is typed, and the buttons that change it without saving.

use domain::{
    Locale,
    disposition::DispositionSet,
    layout::{
        Column, ColumnKind, CountTable, CoverKind, CoverLine, CoverNumbering, Explanation, Grouping, Layout,
        LayoutPart, LayoutPreset, Numbering,
    },
    text,
};

use super::kind_name;

/// A layout as typed: kinds as codes, lists in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "as many as the form has boxes to tick")]
pub struct LayoutInput {
    /// The preset it started from.
    pub preset: String,
    /// Title.
    pub title: String,
    /// Kinds and headings of the cover lines.
    pub cover: Vec<(String, String)>,
    /// How they are numbered.
    pub cover_numbering: String,
    /// Kinds and headings of the columns.
    pub columns: Vec<(String, String)>,
    /// What stands together.
    pub grouping: String,
    /// How rows are numbered.
    pub numbering: String,
    /// 「（他3件）」.
    pub others: bool,
    /// 「（12件）」 after the headings.
    pub section_counts: bool,
    /// Tables of counts; their headings are not typed.
    pub counts: Vec<(String, String)>,
    /// 凡例.
    pub legend: bool,
    /// Codes of 対応区分 and what they are called in full.
    pub explanations: Vec<(String, String)>,
    /// The note about summaries.
    pub summary_note: String,
    /// Further notes, one a line.
    pub notes: String,
    /// A4 upright.
    pub portrait: bool,
}

impl LayoutInput {
    /// A layout as it is typed, with a field for each 対応区分 in use.
    #[must_use]
    pub fn of(layout: &Layout, dispositions: &DispositionSet) -> Self {
        let mut codes: Vec<&str> = dispositions.0.iter().map(|used| used.code.as_str()).collect();
        codes.extend(
            layout.explanations.iter().map(|e| e.code.as_str()).filter(|code| dispositions.find(code).is_none()),
        );
        let explained = |code: &str| layout.explanation(code).unwrap_or_default().to_owned();
        Self {
            preset: layout.preset.code().to_owned(),
            title: layout.title.clone(),
            cover: layout.cover.iter().map(|line| (line.kind.code().to_owned(), line.heading.clone())).collect(),
            cover_numbering: layout.cover_numbering.code().to_owned(),
            columns: layout.columns.iter().map(|c| (c.kind.code().to_owned(), c.heading.clone())).collect(),
            grouping: layout.grouping.code().to_owned(),
            numbering: layout.numbering.code().to_owned(),
            others: layout.others,
            section_counts: layout.section_counts,
            counts: layout.counts.iter().map(|kind| (kind.code().to_owned(), String::new())).collect(),
            legend: layout.legend,
            explanations: codes.into_iter().map(|code| (code.to_owned(), explained(code))).collect(),
            summary_note: layout.summary_note.clone(),
            notes: layout.notes.join("\n"),
            portrait: layout.portrait,
        }
    }

    /// The layout that is typed; what it lacks is for [`Layout::check`] to say. Kinds and choices that don't exist were
    /// not typed on our pages: they are left out.
    #[must_use]
    pub fn layout(&self) -> Layout {
        let usual = Layout::of(LayoutPreset::from_code(&self.preset).unwrap_or_default());
        let line = |text: &str| text.trim().to_owned();
        let notes = text::normalise_newlines(&self.notes);
        Layout {
            title: line(&self.title),
            cover: read(&self.cover, CoverKind::from_code, |kind, heading| CoverLine { kind, heading: line(heading) }),
            cover_numbering: CoverNumbering::from_code(&self.cover_numbering).unwrap_or(usual.cover_numbering),
            columns: read(&self.columns, ColumnKind::from_code, |kind, heading| Column {
                kind,
                heading: line(heading),
            }),
            grouping: Grouping::from_code(&self.grouping).unwrap_or(usual.grouping),
            numbering: Numbering::from_code(&self.numbering).unwrap_or(usual.numbering),
            others: self.others,
            section_counts: self.section_counts,
            legend: self.legend,
            explanations: self
                .explanations
                .iter()
                .map(|(code, text)| Explanation { code: code.clone(), text: line(text) })
                .filter(|explanation| !explanation.text.is_empty())
                .collect(),
            counts: read(&self.counts, CountTable::from_code, |kind, _| kind),
            summary_note: line(&self.summary_note),
            notes: notes.lines().map(line).filter(|note| !note.is_empty()).collect(),
            portrait: self.portrait,
            ..usual
        }
    }

    pub(super) fn list(&self, part: LayoutPart) -> &[(String, String)] {
        match part {
            LayoutPart::Cover => &self.cover,
            LayoutPart::Columns => &self.columns,
            _ => &self.counts,
        }
    }

    /// Does what a button says: `fill`, `columns:up:2`, `cover:add` with the kind that was chosen. Whatever else a
    /// button says changes nothing.
    pub fn act(&mut self, act: &str, added: &str, dispositions: &DispositionSet) {
        let mut words = act.split(':');
        let (what, how, which) = (words.next().unwrap_or_default(), words.next(), words.next());
        if what == "fill" {
            if let Some(preset) = LayoutPreset::from_code(&self.preset) {
                *self = Self::of(&Layout::of(preset), dispositions);
            }
            return;
        }
        let Some(part) = LayoutPart::from_code(what) else { return };
        let list = match part {
            LayoutPart::Cover => &mut self.cover,
            LayoutPart::Columns => &mut self.columns,
            LayoutPart::Counts => &mut self.counts,
            _ => return,
        };
        if how == Some("add") {
            if super::kinds(part).contains(&added) && !list.iter().any(|(kind, _)| kind == added) {
                list.push((added.to_owned(), usual_heading(part, added)));
            }
            return;
        }
        let Some(index) = which.and_then(|which| which.parse::<usize>().ok()).filter(|i| *i < list.len()) else {
            return;
        };
        match how {
            Some("up") if index > 0 => list.swap(index, index - 1),
            Some("down") if index + 1 < list.len() => list.swap(index, index + 1),
            Some("remove") => drop(list.remove(index)),
            _ => {}
        }
    }
}

fn read<K, T>(list: &[(String, String)], kind: fn(&str) -> Option<K>, make: impl Fn(K, &str) -> T) -> Vec<T> {
    list.iter().filter_map(|(code, heading)| Some(make(kind(code)?, heading))).collect()
}

/// What wards call such a line or column: the heading of the first preset that has it, else its official name.
fn usual_heading(part: LayoutPart, kind: &str) -> String {
    let of_preset = |preset: LayoutPreset| {
        let layout = Layout::of(preset);
        match part {
            LayoutPart::Cover => {
                layout.cover.into_iter().find(|line| line.kind.code() == kind).map(|line| line.heading)
            }
            LayoutPart::Columns => layout.columns.into_iter().find(|c| c.kind.code() == kind).map(|c| c.heading),
            _ => Some(String::new()),
        }
    };
    // What is printed is Japanese in every language of the console.
    LayoutPreset::ALL.into_iter().find_map(of_preset).unwrap_or_else(|| kind_name(Locale::Ja, part, kind))
}

#[cfg(test)]
mod tests {
    use domain::disposition::DispositionPreset;

    use super::*;

    #[test]
    fn every_preset_survives_the_form() {
        let set = DispositionSet::of(DispositionPreset::SixMarks);
        for preset in LayoutPreset::ALL {
            let layout = Layout::of(preset);
            let mut back = LayoutInput::of(&layout, &set).layout();
            // The form has the theme's own 対応区分 first.
            back.explanations.sort_by_key(|e| layout.explanations.iter().position(|o| o.code == e.code));
            assert_eq!(back, layout, "{preset:?}");
        }
    }

    #[test]
    fn buttons_move_take_away_and_add() {
        let set = DispositionSet::default();
        let mut input = LayoutInput::of(&Layout::of(LayoutPreset::Shinagawa), &set);
        let codes = |input: &LayoutInput| input.columns.iter().map(|(kind, _)| kind.clone()).collect::<Vec<_>>();
        input.act("columns:down:0", "", &set);
        assert_eq!(codes(&input), ["text", "number", "answer"]);
        input.act("columns:up:2", "", &set);
        assert_eq!(codes(&input), ["text", "answer", "number"]);
        input.act("columns:remove:2", "", &set);
        input.act("columns:add", "disposition", &set);
        input.act("columns:add", "disposition", &set);
        assert_eq!(codes(&input), ["text", "answer", "disposition"]);
        assert_eq!(input.columns[2].1, "対応状況");
        let before = input.clone();
        for nonsense in ["columns:up:0", "columns:down:2", "columns:up:99", "columns:add", "title:up:1", "x", ""] {
            input.act(nonsense, "x", &set);
        }
        assert_eq!(input, before);
        input.act("fill", "", &set);
        assert_eq!(codes(&input), ["number", "text", "answer"]);
    }

    #[test]
    fn an_added_line_has_a_heading() {
        for part in [LayoutPart::Cover, LayoutPart::Columns] {
            for kind in super::super::kinds(part) {
                assert!(!usual_heading(part, kind).is_empty(), "{kind}");
            }
        }
    }
}
