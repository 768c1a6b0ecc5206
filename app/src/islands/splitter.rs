//! Keys for the desk: cutting a text at the cursor, and moving rows.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The splitter's words, translated on the server.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SplitterWords {
    /// Which keys do what.
    pub keys: String,
    /// Cut here.
    pub cut: String,
    /// Join with the next.
    pub join: String,
    /// Take back.
    pub undo: String,
    /// Title of the result; the number of parts stands behind it.
    pub result: String,
    /// The name of a part; `{n}` stands for its number.
    pub number: String,
}

/// Cuts the text in the field below it where the cursor is, or around what is selected: by keys and buttons. Shows the
/// parts as they would be. The field is a plain one, with a line of signs between the parts.
#[island]
pub fn Splitter(
    /// The line between the parts.
    mark: String,
    /// The parts at first.
    parts: Vec<String>,
    words: SplitterWords,
    children: Children,
) -> impl IntoView {
    let shown = RwSignal::new(parts);
    #[cfg(feature = "hydrate")]
    let cutter = StoredValue::new_local(cutter::Cutter::new(mark, shown));
    #[cfg(feature = "hydrate")]
    let typed = move |event: leptos::ev::Event| cutter.with_value(|c| c.typed(&event));
    #[cfg(feature = "hydrate")]
    let pressed = move |event: leptos::ev::KeyboardEvent| cutter.with_value(|c| c.pressed(&event));
    #[cfg(feature = "hydrate")]
    let clicked = move |event: leptos::ev::MouseEvent| cutter.with_value(|c| c.clicked(&event));
    #[cfg(not(feature = "hydrate"))]
    let (typed, pressed, clicked) = {
        drop(mark);
        (|_: leptos::ev::Event| (), |_: leptos::ev::KeyboardEvent| (), |_: leptos::ev::MouseEvent| ())
    };
    let SplitterWords { keys, cut, join, undo, result, number } = words;
    let list = move || {
        let number = number.clone();
        shown.get().into_iter().enumerate().map(move |(i, part)| {
            let name = number.replace("{n}", &(i + 1).to_string());
            view! { <li class="splitter__part"><span class="splitter__number">{name}</span><span class="source-item__text">{part}</span></li> }
        }).collect_view()
    };
    view! {
        <div class="splitter" on:input=typed on:keydown=pressed on:click=clicked>
            <p class="splitter__keys desk-note">{keys}</p>
            <div class="splitter__buttons button-row">
                <button class="button" data-variant="outline" data-size="sm" type="button" data-do="cut">{cut}</button>
                <button class="button" data-variant="outline" data-size="sm" type="button" data-do="join">{join}</button>
                <button class="button" data-variant="outline" data-size="sm" type="button" data-do="undo">{undo}</button>
            </div>
            {children()}
            <p class="splitter__title" role="status">{result}" "{move || shown.with(Vec::len)}</p>
            <ol class="splitter__parts">{list}</ol>
        </div>
    }
}

/// Moves the row that has the focus with Alt and the arrow keys: presses the row's own buttons. After the move the row
/// that the address names has the focus again.
#[island]
pub fn RowKeys(children: Children) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    let pressed = move |event: leptos::ev::KeyboardEvent| rows::pressed(&event);
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| rows::focus_named());
    #[cfg(not(feature = "hydrate"))]
    let pressed = |_: leptos::ev::KeyboardEvent| ();
    view! { <div class="row-keys" on:keydown=pressed>{children()}</div> }
}

#[cfg(feature = "hydrate")]
mod cutter {
    use std::{cell::RefCell, rc::Rc};

    use domain::split;
    use leptos::prelude::*;
    use wasm_bindgen::JsCast as _;

    use crate::islands::dom;

    /// What was in the field before and after a cut, and where the cursor was.
    struct Step {
        before: String,
        after: String,
        cursor: u32,
    }

    /// Cuts and joins the text of the field.
    #[derive(Clone)]
    pub struct Cutter {
        mark: String,
        shown: RwSignal<Vec<String>>,
        steps: Rc<RefCell<Vec<Step>>>,
    }

    /// A text as the browser counts its places: in UTF-16.
    fn part(text: &[u16], from: usize, to: usize) -> String {
        String::from_utf16_lossy(text.get(from..to).unwrap_or_default())
    }

    impl Cutter {
        pub fn new(mark: String, shown: RwSignal<Vec<String>>) -> Self {
            Self { mark, shown, steps: Rc::default() }
        }

        pub fn typed(&self, event: &web_sys::Event) {
            let field: Option<web_sys::HtmlTextAreaElement> = dom::target(event).and_then(|e| e.dyn_into().ok());
            if let Some(field) = field {
                self.shown.set(split::parts(&field.value(), &self.mark));
            }
        }

        pub fn pressed(&self, event: &web_sys::KeyboardEvent) {
            let Some(field) = field(event) else { return };
            let control = event.ctrl_key() || event.meta_key();
            let done = match event.key().as_str() {
                "Enter" if control => self.cut(&field),
                "Enter" if event.alt_key() => self.join(&field),
                "z" if control && !event.shift_key() => self.undo(&field),
                _ => return,
            };
            if done {
                event.prevent_default();
            }
        }

        pub fn clicked(&self, event: &web_sys::MouseEvent) {
            let Some(button) = dom::target(event).and_then(|e| e.closest("[data-do]").ok().flatten()) else { return };
            let Some(field) = field(event) else { return };
            match button.get_attribute("data-do").as_deref() {
                Some("cut") => self.cut(&field),
                Some("join") => self.join(&field),
                _ => self.undo(&field),
            };
            let _ = field.focus();
        }

        fn put(&self, field: &web_sys::HtmlTextAreaElement, text: &str, cursor: usize) {
            let before = field.value();
            let old = field.selection_start().ok().flatten().unwrap_or_default();
            field.set_value(text);
            let cursor = u32::try_from(cursor).unwrap_or_default();
            let _ = field.set_selection_range(cursor, cursor);
            self.shown.set(split::parts(text, &self.mark));
            self.steps.borrow_mut().push(Step { before, after: field.value(), cursor: old });
        }

        /// Cuts at the cursor; what is selected becomes a part of its own.
        fn cut(&self, field: &web_sys::HtmlTextAreaElement) -> bool {
            let text: Vec<u16> = field.value().encode_utf16().collect();
            let place = |at: Option<u32>| at.and_then(|at| usize::try_from(at).ok()).unwrap_or_default();
            let from = place(field.selection_start().ok().flatten());
            let to = place(field.selection_end().ok().flatten()).max(from);
            let mut pieces = vec![part(&text, 0, from), part(&text, from, to), part(&text, to, text.len())];
            if from == to {
                pieces.remove(1);
            }
            let pieces: Vec<String> =
                pieces.iter().map(|p| p.trim_matches('\n').to_owned()).filter(|p| !p.trim().is_empty()).collect();
            if pieces.len() < 2 {
                return true;
            }
            let last = pieces.last().map_or(0, |p| p.encode_utf16().count());
            let whole = split::marked(&pieces, &self.mark);
            let cursor = whole.encode_utf16().count().saturating_sub(last);
            self.put(field, &whole, cursor);
            true
        }

        /// Takes away the line before the cursor's part, or the first one.
        fn join(&self, field: &web_sys::HtmlTextAreaElement) -> bool {
            let parts = split::parts(&field.value(), &self.mark);
            let text: Vec<u16> = field.value().encode_utf16().collect();
            let at = field.selection_start().ok().flatten().and_then(|at| usize::try_from(at).ok()).unwrap_or_default();
            let here = split::parts(&part(&text, 0, at), &self.mark).len().clamp(1, parts.len().max(1));
            let next = if here < parts.len() { here } else { here.saturating_sub(1) };
            if next == 0 {
                return true;
            }
            let mut joined: Vec<String> = Vec::new();
            for (i, piece) in parts.into_iter().enumerate() {
                match joined.last_mut() {
                    Some(last) if i == next => {
                        last.push('\n');
                        last.push_str(&piece);
                    }
                    _ => joined.push(piece),
                }
            }
            let whole = split::marked(&joined, &self.mark);
            let cursor = at.min(whole.encode_utf16().count());
            self.put(field, &whole, cursor);
            true
        }

        /// Takes the last cut back, unless something was typed since: then the browser's own key does its work.
        fn undo(&self, field: &web_sys::HtmlTextAreaElement) -> bool {
            let mut steps = self.steps.borrow_mut();
            if steps.last().is_none_or(|step| step.after != field.value()) {
                return false;
            }
            let Some(step) = steps.pop() else { return false };
            field.set_value(&step.before);
            let _ = field.set_selection_range(step.cursor, step.cursor);
            self.shown.set(split::parts(&step.before, &self.mark));
            true
        }
    }

    /// The field of the splitter an event belongs to.
    fn field(event: &web_sys::Event) -> Option<web_sys::HtmlTextAreaElement> {
        let splitter = dom::target(event)?.closest(".splitter").ok()??;
        splitter.query_selector("textarea").ok()??.dyn_into().ok()
    }
}

#[cfg(feature = "hydrate")]
mod rows {
    use leptos::prelude::*;
    use wasm_bindgen::JsCast as _;

    use crate::islands::dom;

    /// Presses the button of the row that has the focus.
    pub fn pressed(event: &web_sys::KeyboardEvent) {
        let direction = match (event.alt_key(), event.key().as_str()) {
            (true, "ArrowUp") => "up",
            (true, "ArrowDown") => "down",
            _ => return,
        };
        let row = dom::target(event).and_then(|e| e.closest("[data-row]").ok().flatten());
        let Some(row) = row else { return };
        let button = row.query_selector(&format!("button[name=direction][value={direction}]")).ok().flatten();
        if let Some(button) = button.and_then(|b| b.dyn_into::<web_sys::HtmlElement>().ok()) {
            event.prevent_default();
            button.click();
        }
    }

    /// Gives the focus to the row that the address names.
    pub fn focus_named() {
        let hash = window().location().hash().unwrap_or_default();
        let row = hash.strip_prefix('#').filter(|id| id.starts_with("desk-"));
        let row = row.and_then(|id| dom::page().get_element_by_id(id));
        if let Some(row) = row.and_then(|r| r.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = row.focus();
        }
    }
}
