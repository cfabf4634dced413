use errors::ErrorName;
use http_api::http::{Reply, Subject};

use crate::{HandlerOutput, Ids, metrics::Count};

impl HandlerOutput for Reply {
    fn ids(&self) -> Ids {
        let Subject { sku, purchase_id } = self.subject();
        Ids {
            sku: sku.as_ref().map(ToString::to_string),
            purchase_id: purchase_id.as_ref().map(ToString::to_string),
            ..Ids::default()
        }
    }

    fn error(&self) -> Option<ErrorName> {
        Reply::error(self)
    }

    fn counts(&self) -> Vec<Count> {
        self.metrics().iter().map(|name| (*name, 1)).collect()
    }

    /// The gateway hides the name of an error from the customer, so the response says that nothing was done.
    fn of_misconfigured() -> Option<Self> {
        Some(Reply::out_of_service())
    }
}
