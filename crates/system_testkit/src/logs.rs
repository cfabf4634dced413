//! The logs of the functions: one line for each invocation, and no secret.

use std::collections::BTreeMap;

use aws_sdk_cloudwatchlogs::{
    Client,
    config::{Credentials, Region, SharedCredentialsProvider},
    error::SdkError,
};
use serde_json::Value;
use system::REGION;

use crate::{Callback, Check, System};

/// How the lines begin that the Lambda platform adds to a function's own.
const PLATFORM: [&str; 3] = ["START RequestId: ", "END RequestId: ", "REPORT RequestId: "];

/// Shorter secrets would be found by chance.
const SHORTEST_SECRET: usize = 32;

/// A function's log.
#[derive(Debug, Default)]
pub struct Log {
    function: String,
    lines: Vec<String>,
}

impl Log {
    fn own_texts(&self) -> impl Iterator<Item = &str> {
        let lines = self.lines.iter().map(String::as_str);
        lines.filter(|line| !PLATFORM.iter().any(|platform| line.starts_with(platform)))
    }

    /// The lines that the function wrote itself. All are JSON.
    fn own_lines(&self) -> Vec<Value> {
        let json = self.own_texts().map(|line| {
            serde_json::from_str(line).unwrap_or_else(|_| panic!("{} logs {line}", self.function))
        });
        json.collect()
    }

    /// The bytes of the function's own lines, without the mark of the first line of an environment, because most lines are
    /// later ones.
    pub fn bytes(&self) -> usize {
        self.own_texts().map(|line| line.trim_end().replace(r#""cold":true,"#, "").len()).sum()
    }

    /// The request ids of all invocations.
    pub fn invocations(&self) -> Vec<&str> {
        let starts = self.lines.iter().filter_map(|line| line.strip_prefix(PLATFORM[0]));
        starts.map(|start| start.split(' ').next().unwrap_or_default()).collect()
    }

    /// The sum of a metric.
    pub fn metric(&self, name: &str) -> u64 {
        let metrics = self.own_lines().into_iter().filter(|line| line.get("_aws").is_some());
        metrics.filter_map(|line| line.get(name).and_then(Value::as_u64)).sum()
    }

    /// Whether Lambda ended the invocation at its time-out. Such an invocation logs nothing itself.
    fn timed_out(&self, request: &str, timeout_seconds: i32) -> bool {
        let report = format!("{}{request}\tDuration: ", PLATFORM[2]);
        let took = self.lines.iter().find_map(|line| line.strip_prefix(&report)?.split(' ').next());
        took.and_then(|milliseconds| milliseconds.parse::<f64>().ok())
            .is_some_and(|took| took >= f64::from(timeout_seconds) * 1000.0)
    }

    /// Each invocation wrote exactly one line with its request id, unless it timed out.
    fn assert_one_line_per_invocation(&self, timeout_seconds: i32) {
        let mut lines: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for line in self.own_lines() {
            let request = line["request_id"].as_str().unwrap_or_default().to_owned();
            lines.entry(request).or_default().push(line);
        }
        for request in self.invocations() {
            let written = lines.remove(request).unwrap_or_default();
            if written.is_empty() && self.timed_out(request, timeout_seconds) {
                continue;
            }
            assert_eq!(written.len(), 1, "{}: lines of {request}: {written:?}", self.function);
        }
        assert!(lines.is_empty(), "{}: lines of no invocation: {lines:?}", self.function);
    }

    /// The sentences of the function's own lines.
    pub fn sentences(&self) -> Vec<String> {
        let lines = self.own_lines();
        lines.iter().filter_map(|line| Some(line["message"].as_str()?.to_owned())).collect()
    }

    pub fn contains(&self, text: &str) -> bool {
        self.count_lines(text) > 0
    }

    /// How many lines contain a text.
    pub fn count_lines(&self, text: &str) -> usize {
        self.lines.iter().filter(|line| line.contains(text)).count()
    }
}

impl System {
    /// The log of a function. Empty if the function was never invoked.
    pub async fn log(&self, function: &str) -> Log {
        let filter = logs(self.cloud.endpoint()).await.filter_log_events();
        let answer = filter.log_group_name(format!("/aws/lambda/{function}")).send().await;
        let events = match answer.map_err(SdkError::into_service_error) {
            Ok(answer) => answer.events.unwrap_or_default(),
            Err(error) if error.is_resource_not_found_exception() => Vec::new(),
            Err(error) => panic!("no log of {function}: {error:?}"),
        };
        let lines = events.into_iter().filter_map(|event| event.message).collect();
        Log { function: function.to_owned(), lines }
    }

    /// Checks the log of every deployed function.
    pub(crate) async fn check_log_lines(&self, skipped: Option<Check>) {
        let secrets = self.secrets().await;
        let mut invocations = 0;
        for (function, timeout_seconds) in self.deployed_functions().await {
            let log = self.log(&function).await;
            if skipped != Some(Check::OneLogLinePerInvocation) {
                log.assert_one_line_per_invocation(timeout_seconds);
            }
            for (what, secret) in &secrets {
                assert!(!log.contains(secret), "{function} has logged {what}");
            }
            invocations += log.invocations().len();
        }
        assert!(invocations > 0, "no function has logged anything");
    }

    /// The deployed functions, also those of a single test, with their time-outs in seconds.
    async fn deployed_functions(&self) -> BTreeMap<String, i32> {
        let list = self.cloud.clients.functions.list_functions().into_paginator().items().send();
        let functions = list.collect::<Result<Vec<_>, _>>().await.expect("functions");
        let named = functions.into_iter().map(|f| (f.function_name.expect("a name"), f.timeout));
        let deployed: BTreeMap<_, _> =
            named.map(|(name, timeout)| (name, timeout.expect("a time-out"))).collect();
        let defined = system::System::read().expect("system.json").functions;
        assert!(defined.keys().all(|name| deployed.contains_key(name)), "{deployed:?}");
        deployed
    }

    /// What must not be in any log.
    async fn secrets(&self) -> Vec<(&'static str, String)> {
        let database_url = self.cloud.outputs.database_url.clone().unwrap_or_default();
        let function_url = self.setting("decrement-stock", "DATABASE_URL").await;
        let password = |url: &str| url.split(['@', ':']).nth(2).expect("a password").to_owned();
        let mut secrets = vec![
            ("the database password", password(&database_url)),
            ("a function's database password", password(&function_url)),
            ("the callback key", self.cloud.callback_key.clone()),
            ("the header of a factory", self.cloud.backing_services.factory_header().1),
        ];
        for row in self.order_rows().await {
            secrets.extend(row.task_token.map(|token| ("a task token", token)));
        }
        let services = &self.cloud.backing_services;
        let factories = services.factory.iter().chain(&services.second_factory);
        for order in factories.flat_map(|factory| factory.orders()) {
            secrets.push(("a signature", Callback::of(&order.body).part("signature")));
        }
        assert!(secrets.iter().all(|(_, secret)| secret.len() >= SHORTEST_SECRET), "{secrets:?}");
        secrets
    }
}

async fn logs(endpoint: &str) -> Client {
    let credentials = Credentials::new("test", "test", None, None, "local");
    let aws = aws::aws().await.into_builder();
    let aws = aws
        .region(Region::from_static(REGION))
        .endpoint_url(endpoint)
        .credentials_provider(SharedCredentialsProvider::new(credentials));
    Client::new(&aws.build())
}
