//! Metrics in the Embedded Metric Format: a JSON line on stdout that CloudWatch converts to metrics. No API call is
//! made, so functions need no permission and no connection for metrics.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use crate::config::{ConfigError, setting};

/// Name and value of a metric: a number of events, or a duration in seconds if the name ends in `Seconds`.
pub type Count = (&'static str, u64);

pub(crate) struct Metrics {
    /// CloudWatch namespace. Each deployment has its own; otherwise the metrics of one deployment could raise the
    /// alarms of another one in the same account.
    namespace: String,
}

impl Metrics {
    pub(crate) fn from_environment() -> Result<Self, ConfigError> {
        Ok(Self { namespace: setting("METRICS_NAMESPACE")? })
    }

    pub(crate) fn emit(&self, counts: &[Count]) {
        if !counts.is_empty() {
            println!("{}", self.embedded(counts, now_in_milliseconds()));
        }
    }

    fn embedded(&self, counts: &[Count], timestamp: u64) -> Value {
        let metric = |(name, _): &Count| json!({"Name": name, "Unit": unit(name)});
        let metrics: Vec<Value> = counts.iter().map(metric).collect();
        let directive =
            json!({"Namespace": self.namespace, "Dimensions": [[]], "Metrics": metrics});
        let about = json!({"Timestamp": timestamp, "CloudWatchMetrics": [directive]});
        let mut line = Map::from_iter([("_aws".to_owned(), about)]);
        line.extend(counts.iter().map(|(name, count)| ((*name).to_owned(), json!(count))));
        Value::Object(line)
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
mod tests {
    use super::*;

    fn embedded(counts: &[Count]) -> Value {
        Metrics { namespace: "donuts".to_owned() }.embedded(counts, 1_700_000_000_000)
    }

    #[test]
    fn a_count_has_the_embedded_metric_format() {
        let line = embedded(&[("Sold", 2)]);
        let directive = &line["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(line["Sold"], 2);
        assert_eq!(line["_aws"]["Timestamp"], 1_700_000_000_000_u64);
        assert_eq!(directive["Namespace"], "donuts");
        // One set of dimensions, which is empty: the alarms in terraform/ name none.
        assert_eq!(directive["Dimensions"], json!([[]]));
        assert_eq!(directive["Metrics"][0], json!({"Name": "Sold", "Unit": "Count"}));
    }

    #[test]
    fn a_time_is_written_in_seconds() {
        let line = embedded(&[("OldestOpenRestockSeconds", 0)]);
        let metric = &line["_aws"]["CloudWatchMetrics"][0]["Metrics"][0];
        assert_eq!(*metric, json!({"Name": "OldestOpenRestockSeconds", "Unit": "Seconds"}));
        assert_eq!(line["OldestOpenRestockSeconds"], 0);
    }
}
