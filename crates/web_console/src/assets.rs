//! The page, compiled into the program: the reader needs no build step and no network.

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// Name, content type and content.
const ASSETS: [(&str, &str, &str); 11] = [
    ("icon.svg", "image/svg+xml", include_str!("../assets/icon.svg")),
    ("style.css", STYLE, include_str!("../assets/style.css")),
    ("pictures.css", STYLE, pictures::STYLE),
    ("main.js", SCRIPT, include_str!("../assets/main.js")),
    ("dom.js", SCRIPT, include_str!("../assets/dom.js")),
    ("api.js", SCRIPT, include_str!("../assets/api.js")),
    ("products.js", SCRIPT, include_str!("../assets/products.js")),
    ("factories.js", SCRIPT, include_str!("../assets/factories.js")),
    ("executions.js", SCRIPT, include_str!("../assets/executions.js")),
    ("letters.js", SCRIPT, include_str!("../assets/letters.js")),
    ("timeline.js", SCRIPT, include_str!("../assets/timeline.js")),
];

pub(crate) async fn page() -> Response {
    ([(header::CONTENT_TYPE, HTML)], include_str!("../assets/index.html")).into_response()
}

pub(crate) async fn asset(Path(name): Path<String>) -> Response {
    match ASSETS.iter().find(|(known, ..)| *known == name) {
        Some((_, kind, content)) => ([(header::CONTENT_TYPE, *kind)], *content).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
