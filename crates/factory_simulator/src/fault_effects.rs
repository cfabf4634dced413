//! What a fault does to an order: whether it is taken, how it is delivered, how it is answered.

use std::time::Duration;

use axum::http::StatusCode;

use super::Fault;
use super::order::Miscount;

/// What the factory is about to do with an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plan {
    NotTaken(Refusal),
    Taken(Delivery, Reply),
}

/// How the goods, or the word of them, come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Delivery {
    Faithful,
    AtOnce,
    Twice,
    Late(Duration),
    Held,
    Miscounted(Miscount),
    NeverToldOf,
    LostInCrash,
}

/// How an order that was taken is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    Created,
    CreatedAfter(Duration),
    CreatedAfterCallback,
    Unreadable,
    /// 201 with far more than it should.
    TooMuch,
    AsIfNotTaken(Refusal),
}

/// An answer that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    Status(StatusCode),
    Hang,
    Drop,
}

impl Plan {
    pub(super) const FAITHFUL: Self = Self::Taken(Delivery::Faithful, Reply::Created);

    pub(super) fn of(fault: Fault) -> Self {
        use Refusal::{Drop, Hang};
        match fault {
            // An order may have come in while the door was being closed.
            Fault::RefusesConnections => Self::NotTaken(Drop),
            Fault::Answers400NotTaken => not_taken(StatusCode::BAD_REQUEST),
            Fault::Answers429NotTaken => not_taken(StatusCode::TOO_MANY_REQUESTS),
            Fault::Answers500NotTaken => not_taken(StatusCode::INTERNAL_SERVER_ERROR),
            Fault::Answers500ThoughTaken => though_taken(StatusCode::INTERNAL_SERVER_ERROR),
            Fault::Answers502NotTaken => not_taken(StatusCode::BAD_GATEWAY),
            Fault::Answers502ThoughTaken => though_taken(StatusCode::BAD_GATEWAY),
            Fault::Answers503NotTaken => not_taken(StatusCode::SERVICE_UNAVAILABLE),
            Fault::Answers504NotTaken => not_taken(StatusCode::GATEWAY_TIMEOUT),
            Fault::Answers504ThoughTaken => though_taken(StatusCode::GATEWAY_TIMEOUT),
            Fault::AnswersUnreadablyThoughTaken => replied(Reply::Unreadable),
            Fault::AnswersTooMuchThoughTaken => replied(Reply::TooMuch),
            Fault::AnswersAfter(delay) => replied(Reply::CreatedAfter(delay)),
            Fault::HangsNotTaken => Self::NotTaken(Hang),
            Fault::HangsThoughTaken => replied(Reply::AsIfNotTaken(Hang)),
            Fault::DropsConnectionNotTaken => Self::NotTaken(Drop),
            Fault::DropsConnectionThoughTaken => replied(Reply::AsIfNotTaken(Drop)),
            Fault::CallsBackBeforeAnswering => {
                Self::Taken(Delivery::AtOnce, Reply::CreatedAfterCallback)
            }
            Fault::DropsCallback => delivered(Delivery::NeverToldOf),
            Fault::CallsBackTwice => delivered(Delivery::Twice),
            Fault::CallsBackLate(delay) => delivered(Delivery::Late(delay)),
            Fault::HoldsCallback => delivered(Delivery::Held),
            Fault::CountsAsText => delivered(Delivery::Miscounted(Miscount::Text)),
            Fault::CountMissing => delivered(Delivery::Miscounted(Miscount::Missing)),
            Fault::CountZero => delivered(Delivery::Miscounted(Miscount::Zero)),
            Fault::CountNegative => delivered(Delivery::Miscounted(Miscount::Negative)),
            Fault::CountNotANumber => delivered(Delivery::Miscounted(Miscount::NotANumber)),
            Fault::CountOver => delivered(Delivery::Miscounted(Miscount::Over)),
            Fault::CountShort => delivered(Delivery::Miscounted(Miscount::Short)),
            Fault::Crashes => delivered(Delivery::LostInCrash),
        }
    }
}

fn not_taken(status: StatusCode) -> Plan {
    Plan::NotTaken(Refusal::Status(status))
}

fn though_taken(status: StatusCode) -> Plan {
    replied(Reply::AsIfNotTaken(Refusal::Status(status)))
}

fn replied(reply: Reply) -> Plan {
    Plan::Taken(Delivery::Faithful, reply)
}

fn delivered(delivery: Delivery) -> Plan {
    Plan::Taken(delivery, Reply::Created)
}
