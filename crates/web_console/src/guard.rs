//! Only the page itself may use the console. Any page that the reader visits can send requests to loopback; a name that
//! another site points at 127.0.0.1 would even make them same-origin. So the host must be the console's address, and a
//! request that changes something must come from the console's own page.

use std::net::SocketAddr;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Scripts, styles and requests only from and to the console itself; no other page may frame it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The hosts that name the console.
#[derive(Debug, Clone)]
pub(crate) struct Hosts([String; 2]);

impl Hosts {
    pub(crate) fn of(address: SocketAddr) -> Self {
        Self([address.to_string(), format!("localhost:{}", address.port())])
    }

    fn has(&self, host: Option<&str>) -> bool {
        host.is_some_and(|host| self.0.iter().any(|own| own == host))
    }

    fn refusal(&self, method: &Method, headers: &HeaderMap) -> Option<&'static str> {
        let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let origin = text(header::ORIGIN);
        let origin_is_own = self.has(origin.and_then(|origin| origin.strip_prefix("http://")));
        let reads = matches!(*method, Method::GET | Method::HEAD);
        if !self.has(text(header::HOST)) {
            Some("the console answers only at its own address")
        } else if origin.is_some() && !origin_is_own {
            Some("the console answers only to its own page")
        } else if !reads && !origin_is_own {
            Some("the console is changed only by its own page: the request has no Origin")
        } else {
            None
        }
    }
}

/// Refuses what is not allowed, and tells the browser what the page may do.
pub(crate) async fn check(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    let mut response = match hosts.refusal(request.method(), request.headers()) {
        Some(why) => (StatusCode::FORBIDDEN, why).into_response(),
        None => next.run(request).await,
    };
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
