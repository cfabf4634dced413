//! Metrics in the Embedded Metric Format: members of the log line that CloudWatch converts to metrics. No API call is made, so
//! functions need no permission and no connection for metrics. The format allows other members in the same line.

use std::{
    collections::BTreeMap,
    time::{SystemTime, UNIX_EPOCH},
};

use serde::Serialize;
use serde_json::{Value, json};

use crate::config::{ConfigError, setting};

/// Name and value of a metric: a number of events, or a duration in seconds if the name ends in `Seconds`.
pub type Count = (&'static str, u64);

pub(crate) struct Metrics {
    /// CloudWatch namespace. Each deployment has its own; otherwise the metrics of one deployment could raise the
    /// alarms of another one in the same account.
    namespace: String,
}

/// The members of the log line that hold the metrics.
#[derive(Debug, Serialize)]
pub(crate) struct EmbeddedMetrics {
    #[serde(rename = "_aws")]
    about: Value,
    #[serde(flatten)]
    counts: BTreeMap<&'static str, u64>,
}

impl Metrics {
    pub(crate) fn from_environment() -> Result<Self, ConfigError> {
        Ok(Self { namespace: setting("METRICS_NAMESPACE")? })
    }

    #[cfg(test)]
    pub(crate) fn of_namespace(namespace: &str) -> Self {
        Self { namespace: namespace.to_owned() }
    }

    /// `None` if there is nothing to count.
    pub(crate) fn embedded(&self, counts: &[Count]) -> Option<EmbeddedMetrics> {
        (!counts.is_empty()).then(|| EmbeddedMetrics {
            about: self.about(counts, now_in_milliseconds()),
            counts: counts.iter().copied().collect(),
        })
    }

    fn about(&self, counts: &[Count], timestamp: u64) -> Value {
        let metric = |(name, _): &Count| json!({"Name": name, "Unit": unit(name)});
        let metrics: Vec<Value> = counts.iter().map(metric).collect();
        let directive =
            json!({"Namespace": self.namespace, "Dimensions": [[]], "Metrics": metrics});
        json!({"Timestamp": timestamp, "CloudWatchMetrics": [directive]})
    }
}

fn unit(name: &str) -> &'static str {
    if name.ends_with("Seconds") { "Seconds" } else { "Count" }
}

fn now_in_milliseconds() -> u64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    fn embedded(counts: &[Count]) -> Value {
        let metrics = Metrics::of_namespace("donuts").embedded(counts);
        serde_json::to_value(metrics.expect("metrics")).expect("JSON")
    }

    #[test]
    fn a_count_has_the_embedded_metric_format() {
        let members = embedded(&[("Sold", 2)]);
        let directive = &members["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(members["Sold"], 2);
        assert!(members["_aws"]["Timestamp"].as_u64().expect("a time") > 1_700_000_000_000);
        assert_eq!(directive["Namespace"], "donuts");
        // One set of dimensions, which is empty: the alarms in terraform/ name none.
        assert_eq!(directive["Dimensions"], json!([[]]));
        assert_eq!(directive["Metrics"][0], json!({"Name": "Sold", "Unit": "Count"}));
    }

    #[test]
    fn a_time_is_written_in_seconds() {
        let members = embedded(&[("OldestOpenRestockSeconds", 0)]);
        let metric = &members["_aws"]["CloudWatchMetrics"][0]["Metrics"][0];
        assert_eq!(*metric, json!({"Name": "OldestOpenRestockSeconds", "Unit": "Seconds"}));
        assert_eq!(members["OldestOpenRestockSeconds"], 0);
    }
}
