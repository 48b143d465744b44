//! Waiting for news of a request, for as long as its asker would.

use std::time::Duration;

use desk::{Seen, Waiting};
use domain::{RequestId, RequestStatus, Route};

use super::prefer;
use crate::{
    gate::Gate,
    http::{Request, Response},
};

/// How a request stands, and the wait that was granted for it.
pub(super) struct News {
    pub(super) seen: Seen,
    applied: Option<Duration>,
}

impl News {
    /// Says in `answer` which wait was granted (RFC 7240 §3).
    pub(super) fn mark(&self, answer: Response) -> Response {
        match self.applied {
            Some(wait) => answer.with("Preference-Applied", format!("wait={}", wait.as_secs())),
            None => answer,
        }
    }
}

impl Gate {
    /// How `id` stands, once `is_news` or the asker's patience says so. Only so many wait at once.
    pub(super) async fn news(
        &self,
        request: &Request,
        id: &RequestId,
        is_news: impl Fn(&Waiting) -> bool,
    ) -> News {
        let secret = super::presented(request);
        let patience = prefer::wait(request);
        let (Some(patience), Ok(_place)) = (patience, self.polls.try_acquire()) else {
            return News { seen: self.desk.seen(id, &secret), applied: None };
        };
        let seen = self.desk.wait(id, &secret, patience, is_news).await;
        News { seen, applied: Some(patience) }
    }
}

/// Whether nothing more will happen by itself: decided, and where Fieldgate posts the key, posted.
pub(super) fn is_settled(waiting: &Waiting) -> bool {
    match waiting.status {
        RequestStatus::Pending => false,
        RequestStatus::Approved => waiting.asking.route() != Route::Post,
        RequestStatus::Delivered
        | RequestStatus::Undelivered
        | RequestStatus::Refused
        | RequestStatus::Expired
        | RequestStatus::Withdrawn
        | RequestStatus::Superseded
        | RequestStatus::Closed => true,
    }
}
