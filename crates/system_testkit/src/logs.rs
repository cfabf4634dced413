//! What the functions have logged: one line for each invocation, and nothing that is secret.

use std::collections::BTreeMap;

use aws_sdk_cloudwatchlogs::{
    Client,
    config::{Credentials, Region, SharedCredentialsProvider},
};
use serde_json::Value;
use system;
use system::REGION;

use crate::{callback::Callback, cloud::System};

/// What a function logs around its own lines.
const PLATFORM: [&str; 3] = ["START RequestId: ", "END RequestId: ", "REPORT RequestId: "];

/// A function's log.
#[derive(Debug, Default)]
pub struct Log {
    pub function: String,
    lines: Vec<String>,
}

impl Log {
    /// The lines that the function wrote itself, which are all JSON.
    fn own(&self) -> Vec<Value> {
        let own = self.lines.iter().filter(|line| !PLATFORM.iter().any(|p| line.starts_with(p)));
        let json = own.map(|line| {
            serde_json::from_str(line).unwrap_or_else(|_| panic!("{} logs {line}", self.function))
        });
        json.collect()
    }

    /// The invocations that have ended.
    fn invocations(&self) -> Vec<&str> {
        let starts = self.lines.iter().filter_map(|line| line.strip_prefix(PLATFORM[0]));
        starts.map(|start| start.split(' ').next().unwrap_or_default()).collect()
    }

    /// How often a metric was counted, in all.
    pub fn counted(&self, metric: &str) -> u64 {
        let metrics = self.own().into_iter().filter(|line| line.get("_aws").is_some());
        metrics.filter_map(|line| line.get(metric).and_then(Value::as_u64)).sum()
    }

    /// Whether the invocation ran out of time: then it was ended before it could say anything.
    fn ran_out_of_time(&self, request: &str, limit: f64) -> bool {
        let report = format!("{}{request}\tDuration: ", PLATFORM[2]);
        let took = self.lines.iter().find_map(|line| line.strip_prefix(&report)?.split(' ').next());
        took.and_then(|milliseconds| milliseconds.parse::<f64>().ok())
            .is_some_and(|took| took >= limit)
    }

    /// Each invocation has left exactly one line that names it, unless it ran out of time.
    pub fn has_one_line_for_each_invocation(&self, limit_seconds: i32) {
        let mut lines: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for line in self.own().into_iter().filter(|line| line.get("_aws").is_none()) {
            let request = line["request_id"].as_str().unwrap_or_default().to_owned();
            lines.entry(request).or_default().push(line);
        }
        for request in self.invocations() {
            let left = lines.remove(request).unwrap_or_default();
            if left.is_empty() && self.ran_out_of_time(request, f64::from(limit_seconds) * 1000.0) {
                continue;
            }
            assert_eq!(left.len(), 1, "{}: lines of {request}: {left:?}", self.function);
        }
    }

    pub fn says(&self, text: &str) -> bool {
        self.lines.iter().any(|line| line.contains(text))
    }
}

impl System {
    /// The log of a function.
    pub async fn log(&self, function: &str) -> Log {
        let filter = logs(self.cloud.endpoint()).await.filter_log_events();
        let filter = filter.log_group_name(format!("/aws/lambda/{function}"));
        let events = match filter.send().await {
            Ok(answer) => answer.events.unwrap_or_default(),
            // It was never invoked.
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|e| e.is_resource_not_found_exception()) =>
            {
                Vec::new()
            }
            Err(error) => panic!("no log of {function}: {error:?}"),
        };
        let lines = events.into_iter().filter_map(|event| event.message).collect();
        Log { function: function.to_owned(), lines }
    }

    /// How many lines of a function's log hold a text.
    pub async fn logged_with(&self, function: &str, text: &str) -> usize {
        self.log(function).await.lines.iter().filter(|line| line.contains(text)).count()
    }

    /// Each invocation left one line, and none says what is secret.
    pub async fn logs_are_as_they_should_be(&self) {
        let mut invocations = 0;
        for (function, defined) in system::System::read().expect("system.json").functions {
            let log = self.log(&function).await;
            log.has_one_line_for_each_invocation(defined.timeout_seconds);
            invocations += log.invocations().len();
        }
        assert!(invocations > 0, "no function has logged anything");
        self.logs_say_nothing_secret().await;
    }

    /// No line of any function says what is secret.
    pub async fn logs_say_nothing_secret(&self) {
        let secrets = self.secrets().await;
        for function in system::System::read().expect("system.json").functions.keys() {
            let log = self.log(function).await;
            for (what, secret) in &secrets {
                assert!(!log.says(secret), "{function} has logged {what}");
            }
        }
    }

    /// What must not be in any log.
    async fn secrets(&self) -> Vec<(&'static str, String)> {
        let of_all = self.cloud.outputs.database_url.clone().unwrap_or_default();
        let of_one = self.setting("decrement-stock", "DATABASE_URL").await;
        let password = |url: &str| url.split(['@', ':']).nth(2).expect("a password").to_owned();
        let mut secrets = vec![("the database password", password(&of_all))];
        secrets.push(("a function's database password", password(&of_one)));
        secrets.push(("the callback key", self.callback_keys().await));
        for row in self.order_rows().await {
            secrets.extend(row.task_token.map(|token| ("a task token", token)));
        }
        for order in self.cloud.backing_services.factory.iter().flat_map(|factory| factory.orders())
        {
            secrets.push(("a signature", Callback::of(&order.body).part("signature")));
        }
        assert!(secrets.iter().all(|(_, secret)| secret.len() >= 32), "no secrets: {secrets:?}");
        secrets
    }
}

async fn logs(endpoint: &str) -> Client {
    let anyone = Credentials::new("test", "test", None, None, "local");
    let aws = aws::aws().await.into_builder();
    let aws = aws
        .region(Region::from_static(REGION))
        .endpoint_url(endpoint)
        .credentials_provider(SharedCredentialsProvider::new(anyone));
    Client::new(&aws.build())
}
