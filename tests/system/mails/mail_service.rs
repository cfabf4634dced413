//! SES, between `send-mail` and the emulator, as it fails on AWS.

use std::sync::{Arc, Mutex};

use aws_sdk_lambda::types::Environment;
use aws_sdk_sqs::types::QueueAttributeName::VisibilityTimeout;
use axum::{Router, body::Bytes, extract::State, http::HeaderMap, response::IntoResponse};
use reqwest::StatusCode;
use tokio::net::TcpListener;

use system_testkit::{System, customer};

/// What SES does with every mail.
#[derive(Debug, Clone, Copy)]
pub enum Answer {
    Sent,
    Throttled,
    /// As while an address is not verified.
    Rejected,
}

/// The service, until the test ends.
pub struct MailService {
    answer: Arc<Mutex<Answer>>,
}

#[derive(Clone)]
struct Service {
    answer: Arc<Mutex<Answer>>,
    emulator: String,
}

impl MailService {
    /// `send-mail` sends to the service from now on, and messages return to its queue after a second.
    pub async fn between(system: &System, answer: Answer) -> Self {
        let answer = Arc::new(Mutex::new(answer));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let service =
            Service { answer: Arc::clone(&answer), emulator: system.cloud.endpoint().to_owned() };
        let router = Router::new().fallback(respond).with_state(service);
        tokio::spawn(async move { axum::serve(listener, router).await });
        set_environment(system, "send-mail", "AWS_ENDPOINT_URL_SES", &url).await;
        let queue_url = system.operations_queue_url().await;
        let set = system.cloud.clients.queues.set_queue_attributes().queue_url(queue_url);
        set.attributes(VisibilityTimeout, "1").send().await.expect("a shorter time-out");
        Self { answer }
    }

    pub fn answer(&self, answer: Answer) {
        *self.answer.lock().expect("no panic") = answer;
    }
}

async fn respond(
    State(service): State<Service>,
    headers: HeaderMap,
    body: Bytes,
) -> impl IntoResponse {
    let answer = *service.answer.lock().expect("no panic");
    match answer {
        Answer::Sent => service.forward(headers, body).await,
        Answer::Throttled => (StatusCode::BAD_REQUEST, error("Throttling")),
        Answer::Rejected => (StatusCode::BAD_REQUEST, error("MessageRejected")),
    }
}

impl Service {
    async fn forward(&self, headers: HeaderMap, body: Bytes) -> (StatusCode, String) {
        let request = customer::client().post(&self.emulator).headers(headers).body(body);
        let answer = request.send().await.expect("an answer");
        (answer.status(), answer.text().await.expect("a body"))
    }
}

fn error(code: &str) -> String {
    format!(
        "<ErrorResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\"><Error><Type>Sender</Type>\
         <Code>{code}</Code><Message>no</Message></Error><RequestId>1</RequestId></ErrorResponse>"
    )
}

/// Sets an environment variable of a function, and returns the value that it had.
pub async fn set_environment(system: &System, function: &str, name: &str, value: &str) -> String {
    let functions = &system.cloud.clients.functions;
    let get = functions.get_function_configuration().function_name(function);
    let found = get.send().await.expect("a function").environment.and_then(|all| all.variables);
    let mut variables = found.expect("an environment");
    let before = variables.insert(name.to_owned(), value.to_owned()).unwrap_or_default();
    let environment = Environment::builder().set_variables(Some(variables)).build();
    let update = functions.update_function_configuration().function_name(function);
    update.environment(environment).send().await.expect("another environment");
    before
}
