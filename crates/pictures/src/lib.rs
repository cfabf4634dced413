//! Pictures drawn from the source, as SVG: the system from `system.json`, and each state machine from its definition.
//!
//! `restock pictures` writes [`pictures`] into `docs/pictures`. A web page can put the SVG of [`machine_svg`] into its HTML
//! and show what an execution does:
//!
//! - Each state is a `<g class="state" data-state="StateName">`, also a state within a Map. Names are unique in a machine.
//!   Add the class `entered`, `running` or `failed`.
//! - Each transition is a `<g class="arrow" data-from="StateName" data-to="StateName">`. Add the class `taken`. One arrow stands
//!   for all transitions between two states. The arrows from the start and to the end have empty names.
//! - In the architecture, each part is a `<g class="part" data-part="name">`. A function that several state machines invoke is
//!   there several times.
//! - The colours are CSS custom properties of `.picture`, listed in [`STYLE`]. They follow `prefers-color-scheme`.
//!
//! [`Form::Narrow`] is legible at a width of 390 pixels. The picture has a width and a height; a page may shrink it with
//! `max-width: 100%; height: auto`.
//!
//! Uses `system` and no AWS client. The layout is that of Dagre, by the crate `dugong`. Start reading with [`machine_svg`].

mod architecture;
mod arrows;
mod column;
mod definition;
mod form;
mod layout;
mod legend;
mod machine;
mod routes;
mod svg;
mod text;

use std::collections::BTreeMap;

use anyhow::Result;
use system::System;

pub use architecture::{architecture_svg, overview_svg};
pub use definition::Definition;
pub use form::Form;
pub use machine::machine_svg;
pub use svg::STYLE;

/// All pictures of the documentation, by their file names in `docs/pictures`.
///
/// # Errors
/// If a definition cannot be read or a picture cannot be arranged.
pub fn pictures(system: &System) -> Result<BTreeMap<String, String>> {
    let mut pictures = BTreeMap::new();
    for form in Form::ALL {
        pictures.insert(form.file("architecture"), architecture_svg(system, form)?);
        pictures.insert(form.file("overview"), overview_svg(system, form)?);
        for machine in system.state_machines.keys() {
            let definition = Definition::of(system, machine)?;
            pictures.insert(form.file(machine), machine_svg(machine, &definition, form)?);
        }
    }
    Ok(pictures)
}
