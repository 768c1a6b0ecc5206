//! The WebAssembly entry: hydrates the islands that `app` declares, nothing else.

#[expect(
    unused_imports,
    clippy::single_component_path_imports,
    reason = "referencing the crate exports its islands"
)]
use app;

/// Called by the page's script once the module is loaded.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
