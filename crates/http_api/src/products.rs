//! `GET /products`

use domain::{PageLimit, Sku};

use crate::{Error, http::Request};

/// The part of the list that a request asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    pub limit: PageLimit,
    /// The list continues after this SKU. `None` begins with the first product.
    pub after: Option<Sku>,
}

/// Reads `limit` and `after` from a request. The gateway joins the values of a repeated parameter with a comma, so a
/// repeated parameter is invalid.
pub fn read(request: &Request) -> Result<Page, Error> {
    let limit = match request.query("limit") {
        Some(limit) => number(limit)?,
        None => PageLimit::default(),
    };
    let after = request.query("after").map(str::parse).transpose().map_err(Error::After)?;
    Ok(Page { limit, after })
}

fn number(text: &str) -> Result<PageLimit, domain::Error> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse::<u32>().ok().filter(|_| is_plain);
    number.ok_or(domain::Error::PageLimit)?.try_into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn page(query: serde_json::Value) -> Result<Page, String> {
        let request = serde_json::from_value(json!({"queryStringParameters": query}));
        let request = request.map_err(|error| error.to_string())?;
        read(&request).map_err(|error| error.to_string())
    }

    #[test]
    fn a_page_has_a_limit_from_1_to_100_and_begins_after_an_sku() {
        assert_eq!(page(json!(null)), Ok(Page::default()));
        assert_eq!(Page::default().limit.get(), 50);
        let read = page(json!({"limit": "100", "after": "CP-1", "other": "x"}));
        let read = read.map(|page| (page.limit.get(), page.after.map(|sku| sku.to_string())));
        assert_eq!(read, Ok((100, Some("CP-1".to_owned()))));
    }

    #[test]
    fn an_invalid_limit_or_sku_is_refused_with_what_is_valid() {
        for limit in ["0", "101", "", "-1", "+1", "1.5", "1,2", "ten", "99999999999"] {
            let refused = page(json!({"limit": limit}));
            assert!(
                refused.is_err_and(|e| e.contains("limit must be a whole number from 1 to 100"))
            );
        }
        for after in ["", "cp-1", "CP-1,CP-2", &"A".repeat(41)] {
            let refused = page(json!({"after": after}));
            assert!(
                refused.is_err_and(|e| e.contains("after: the SKU must be 1 to 40 characters"))
            );
        }
    }
}
