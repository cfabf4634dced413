//! What a fault does to an order: whether it is accepted, how it is called back, how it is answered.

use std::time::Duration;

use axum::http::StatusCode;

use super::fault::Fault;
use super::order::WrongCount;

/// What the factory does with an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    NotTaken(Failure),
    Taken(Callback, Answer),
}

/// How an accepted order is called back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Callback {
    Normal,
    Immediate,
    Twice,
    Late(Duration),
    Held,
    WithWrongCount(WrongCount),
    Dropped,
    LostInCrash,
}

/// How an accepted order is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Created,
    CreatedAfter(Duration),
    CreatedAfterCallback,
    /// 201 with JSON that ends in the middle.
    Truncated,
    /// 201 with a megabyte of spaces after the JSON.
    Oversized,
    /// As if the order had not been accepted.
    Failure(Failure),
}

/// How a request fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    Status(StatusCode),
    Hang,
    DropConnection,
}

impl Effect {
    pub(super) const NONE: Self = Self::Taken(Callback::Normal, Answer::Created);

    pub(super) fn of(fault: Fault) -> Self {
        use Failure::{DropConnection, Hang};
        match fault {
            // An order that arrived while the port was being closed.
            Fault::RefusesConnections => Self::NotTaken(DropConnection),
            Fault::Answers400NotTaken => not_taken(StatusCode::BAD_REQUEST),
            Fault::Answers429NotTaken => not_taken(StatusCode::TOO_MANY_REQUESTS),
            Fault::Answers500NotTaken => not_taken(StatusCode::INTERNAL_SERVER_ERROR),
            Fault::Answers500ThoughTaken => though_taken(StatusCode::INTERNAL_SERVER_ERROR),
            Fault::Answers502NotTaken => not_taken(StatusCode::BAD_GATEWAY),
            Fault::Answers502ThoughTaken => though_taken(StatusCode::BAD_GATEWAY),
            Fault::Answers503NotTaken => not_taken(StatusCode::SERVICE_UNAVAILABLE),
            Fault::Answers504NotTaken => not_taken(StatusCode::GATEWAY_TIMEOUT),
            Fault::Answers504ThoughTaken => though_taken(StatusCode::GATEWAY_TIMEOUT),
            Fault::AnswersUnreadablyThoughTaken => answered(Answer::Truncated),
            Fault::AnswersTooMuchThoughTaken => answered(Answer::Oversized),
            Fault::AnswersAfter(delay) => answered(Answer::CreatedAfter(delay)),
            Fault::HangsNotTaken => Self::NotTaken(Hang),
            Fault::HangsThoughTaken => answered(Answer::Failure(Hang)),
            Fault::DropsConnectionNotTaken => Self::NotTaken(DropConnection),
            Fault::DropsConnectionThoughTaken => answered(Answer::Failure(DropConnection)),
            Fault::CallsBackBeforeAnswering => {
                Self::Taken(Callback::Immediate, Answer::CreatedAfterCallback)
            }
            Fault::DropsCallback => called_back(Callback::Dropped),
            Fault::CallsBackTwice => called_back(Callback::Twice),
            Fault::CallsBackLate(delay) => called_back(Callback::Late(delay)),
            Fault::HoldsCallback => called_back(Callback::Held),
            Fault::CountsAsText => wrong_count(WrongCount::Text),
            Fault::CountMissing => wrong_count(WrongCount::Missing),
            Fault::CountZero => wrong_count(WrongCount::Zero),
            Fault::CountNegative => wrong_count(WrongCount::Negative),
            Fault::CountNotANumber => wrong_count(WrongCount::NotANumber),
            Fault::CountOver => wrong_count(WrongCount::Over),
            Fault::CountShort => wrong_count(WrongCount::Short),
            Fault::Crashes => called_back(Callback::LostInCrash),
        }
    }
}

fn not_taken(status: StatusCode) -> Effect {
    Effect::NotTaken(Failure::Status(status))
}

fn though_taken(status: StatusCode) -> Effect {
    answered(Answer::Failure(Failure::Status(status)))
}

fn answered(answer: Answer) -> Effect {
    Effect::Taken(Callback::Normal, answer)
}

fn called_back(callback: Callback) -> Effect {
    Effect::Taken(callback, Answer::Created)
}

fn wrong_count(count: WrongCount) -> Effect {
    called_back(Callback::WithWrongCount(count))
}
