//! `requests --watch`: a line for each request that is new or changed, until the Fieldgate ends.

use std::collections::HashMap;

use desk::CallError;
use desk::calls::{Changes, RequestView, Requests};
use domain::{RequestId, RequestStatus};

use super::Context;
use super::requests::{one_line, unmoved};

pub(super) async fn run(context: &Context) -> Result<(), CallError> {
    let mut host = context.running().await?;
    let mut seen = Seen::default();
    let mut revision = 0;
    loop {
        // Pulled before waiting, and after each change: nothing falls between the two.
        for request in seen.news(host.call(Requests {}).await?) {
            context.show(&request, one_line)?;
        }
        revision = host.call(Changes { since: revision }).await?.revision;
    }
}

/// What was printed last of each request.
#[derive(Default)]
struct Seen {
    begun: bool,
    last: HashMap<RequestId, RequestView>,
}

impl Seen {
    /// The requests that are new or changed, oldest first. The first time those that wait; the past is no news.
    fn news(&mut self, requests: Vec<RequestView>) -> Vec<RequestView> {
        let mut news = Vec::new();
        for request in requests {
            let now = unmoved(&request);
            let is_news = match self.last.get(&request.id) {
                Some(before) => *before != now,
                None => self.begun || request.status == RequestStatus::Pending,
            };
            self.last.insert(request.id.clone(), now);
            if is_news {
                news.push(request);
            }
        }
        self.begun = true;
        news.sort_by_key(|request| request.asked);
        news
    }
}

#[cfg(test)]
mod tests {
    use domain::{ApplicationIdentity, Mode, Standing, Tier, Timestamp};

    use super::*;

    fn request(id: u8, status: RequestStatus, expires_at: i64) -> RequestView {
        RequestView {
            id: RequestId::from_random([id; 16]),
            card: RequestId::from_random([id; 16]),
            status,
            application: ApplicationIdentity::Unknown,
            standing: Standing::New,
            name: None,
            looks_alike: false,
            mode: Mode::Program,
            program: None,
            sent_by: None,
            receiver: None,
            origin: None,
            unencrypted: false,
            permissions: vec![],
            unknown: vec![],
            tier: Tier::See,
            strict: true,
            selective_stores: false,
            asked_times: 1,
            asked: Timestamp(i64::from(id)),
            expires_at: Some(Timestamp(expires_at)),
            existing_key: None,
            ended: None,
            grant: None,
        }
    }

    fn ids(requests: &[RequestView]) -> Vec<(RequestId, RequestStatus)> {
        requests.iter().map(|request| (request.id.clone(), request.status)).collect()
    }

    #[test]
    fn each_request_is_told_once_and_again_only_when_it_changes() {
        use RequestStatus::{Pending, Refused};
        let (one, two) = (RequestId::from_random([1; 16]), RequestId::from_random([2; 16]));
        let mut seen = Seen::default();
        let past = request(9, Refused, 0);
        assert_eq!(
            ids(&seen.news(vec![past.clone(), request(1, Pending, 5)])),
            [(one.clone(), Pending)],
            "the past is no news"
        );
        assert_eq!(ids(&seen.news(vec![request(1, Pending, 6)])), [], "an end that moved is no change");
        let next = vec![request(2, Pending, 5), request(1, Refused, 0), past];
        assert_eq!(ids(&seen.news(next)), [(one, Refused), (two, Pending)], "oldest first");
    }
}
