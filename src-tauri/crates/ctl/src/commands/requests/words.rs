//! Requests in words. What an application says of itself is quoted and called its own words.

use desk::calls::RequestView;
use domain::{Mode, RequestStatus, SentBy, Timestamp};

use crate::commands::people::{identity, standing};
use crate::output::{Table, safe, safe_list, when};

/// All requests, those that wait first.
pub(super) fn table(requests: &[RequestView], now: Timestamp) -> String {
    let mut table = Table::new(&["ID", "STATUS", "WHO ASKS", "FOR", "WHEN"]);
    let waits = |request: &&RequestView| request.status == RequestStatus::Pending;
    for request in requests.iter().filter(waits) {
        table.row(&row(request, now));
    }
    for request in requests.iter().filter(|request| !waits(request)) {
        table.faint_row(&row(request, now));
    }
    table.or("Nobody asks, and nobody has asked.")
}

fn row(request: &RequestView, now: Timestamp) -> [String; 5] {
    let when = match request.expires_at {
        Some(end) => format!("ends {}", when::until(end, now)),
        None => when::ago(request.ended.unwrap_or(request.asked), now),
    };
    [
        request.id.to_string(),
        status(request.status).to_owned(),
        format!("{}\n{}", claimed(request), standing(request.standing)),
        reach(request),
        when,
    ]
}

fn reach(request: &RequestView) -> String {
    if asks_only_unknown(request) { asked(request) } else { format!("{}\n{}", asked(request), request.tier) }
}

/// One request in one line, for a list that goes on.
pub(in crate::commands) fn one_line(request: &RequestView) -> String {
    format!("{}  {}  {}  {}", request.id, status(request.status), claimed(request), asked(request))
}

/// What a decision needs to know, facts apart from claims.
pub(super) fn sentence(request: &RequestView) -> String {
    let mut lines = vec![
        format!("Who asks      {}, {}", claimed(request), standing(request.standing)),
        format!("Through       {}", through(request)),
        format!("Sent by       {}", sender(request)),
        format!("Goes to       {}", receiver(request)),
        format!("For           {}", asked(request)),
    ];
    if asks_only_unknown(request) {
        return lines.join("\n");
    }
    lines.push(format!("That reaches  {}", request.tier));
    if !request.unknown.is_empty() {
        lines.push(format!("Left out      {} (nobody knows what that is)", safe_list(&request.unknown)));
    }
    lines.join("\n")
}

fn claimed(request: &RequestView) -> String {
    match &request.name {
        Some(name) => format!("\"{}\" (its own words), {}", safe(name), identity(&request.application)),
        None => identity(&request.application),
    }
}

fn through(request: &RequestView) -> String {
    let mode = match request.mode {
        Mode::Browser => "a browser",
        Mode::Program => "a program",
    };
    let Some(program) = &request.program else { return format!("{mode} that could not be found") };
    let exe = program.exe.as_deref().map_or_else(|| "unknown".to_owned(), safe);
    let script = program.script.as_deref().map(|script| format!(" {}", safe(script))).unwrap_or_default();
    format!("{mode}: {exe}{script} (pid {})", program.pid)
}

fn sender(request: &RequestView) -> String {
    match &request.sent_by {
        Some(SentBy::Page { origin }) => format!("the page {}", safe(origin)),
        Some(SentBy::Hidden) => "a page that hides where it is".to_owned(),
        Some(SentBy::Nobody) => "no page".to_owned(),
        Some(SentBy::Unknown) => "unknown".to_owned(),
        None => "itself".to_owned(),
    }
}

fn receiver(request: &RequestView) -> String {
    let origin = request.receiver.as_ref().map(ToString::to_string).or_else(|| request.origin.clone());
    match (&origin, request.unencrypted) {
        (Some(origin), true) => format!("{}, unencrypted", safe(origin)),
        (Some(origin), false) => safe(origin),
        (None, _) => match request.mode {
            Mode::Browser => "nobody: it is shown here".to_owned(),
            Mode::Program => "the program itself".to_owned(),
        },
    }
}

/// Nothing that is asked could be granted, and granting nothing is not what was asked.
fn asks_only_unknown(request: &RequestView) -> bool {
    request.permissions.is_empty() && !request.unknown.is_empty()
}

fn asked(request: &RequestView) -> String {
    if asks_only_unknown(request) {
        let unknown = safe_list(&request.unknown);
        return format!("{unknown}: only permissions nobody knows; it can only be refused");
    }
    if request.permissions.is_empty() {
        return "proof that an account exists".to_owned();
    }
    let stores = if request.selective_stores { ", in stores you choose" } else { "" };
    format!("{}{stores}", safe_list(&request.permissions))
}

/// A status in words.
pub(super) fn status(status: RequestStatus) -> &'static str {
    match status {
        RequestStatus::Pending => "waits",
        RequestStatus::Approved => "approved",
        RequestStatus::Delivered => "delivered",
        RequestStatus::Undelivered => "undelivered",
        RequestStatus::Refused => "refused",
        RequestStatus::Expired => "expired",
        RequestStatus::Withdrawn => "withdrawn",
        RequestStatus::Superseded => "superseded",
        RequestStatus::Closed => "closed",
    }
}

#[cfg(test)]
mod tests {
    use domain::{ApplicationIdentity, Listener, Receiver, RequestId, Standing, Tier};

    use super::*;

    fn request(status: RequestStatus) -> RequestView {
        RequestView {
            id: RequestId::from_random([1; 16]),
            card: RequestId::from_random([1; 16]),
            status,
            application: ApplicationIdentity::Origin { origin: "http://localhost:8080".into() },
            standing: Standing::New,
            name: Some("Till\u{1b}[2J".into()),
            looks_alike: false,
            mode: Mode::Browser,
            program: None,
            sent_by: Some(SentBy::Page { origin: "https://page.example".into() }),
            receiver: None,
            origin: Some("http://203.0.113.9".into()),
            unencrypted: true,
            permissions: vec!["btcpay.store.canviewinvoices".into()],
            unknown: vec!["btcpay.store.canfly".into()],
            tier: Tier::See,
            strict: true,
            selective_stores: true,
            asked_times: 1,
            asked: Timestamp(0),
            expires_at: Some(Timestamp(300)),
            existing_key: None,
            ended: None,
            grant: None,
        }
    }

    #[test]
    fn what_waits_is_listed_before_what_ended() {
        let text = table(&[request(RequestStatus::Refused), request(RequestStatus::Pending)], Timestamp(48));
        assert!(text.find("waits") < text.find("refused"), "{text}");
        assert!(text.contains("ends in 4:12"), "{text}");
    }

    #[test]
    fn a_claimed_name_is_quoted_called_so_and_cannot_write_on_the_terminal() {
        let text = sentence(&request(RequestStatus::Pending));
        assert!(text.contains("(its own words)"), "{text}");
        assert!(!text.contains('\u{1b}'), "{text:?}");
    }

    #[test]
    fn a_request_for_nothing_anybody_knows_is_said_to_be_refusable_only() {
        let only_unknown = RequestView { permissions: vec![], ..request(RequestStatus::Pending) };
        let (sentence, table) = (sentence(&only_unknown), table(&[only_unknown], Timestamp(0)));
        for text in [sentence, table.replace('\n', " ")] {
            assert!(text.contains("btcpay.store.canfly"), "{text}");
            assert!(text.contains("can only be refused"), "{text}");
            assert!(!text.contains("proof") && !text.contains(&Tier::See.to_string()), "{text}");
        }
    }

    #[test]
    fn the_page_that_sent_the_browser_and_the_listening_program_are_said() {
        let listener = Some(Listener::OtherUser { uid: 1001, user: Some("bob".into()), program: None });
        let receiver = Some(Receiver { origin: "http://localhost:8080".into(), listener });
        let text = sentence(&RequestView { receiver, ..request(RequestStatus::Pending) });
        for said in ["the page https://page.example", "http://localhost:8080", "another user (bob)"] {
            assert!(text.contains(said), "{said}: {text}");
        }
    }

    #[test]
    fn an_unencrypted_receiver_an_unknown_program_and_unknown_policies_are_said() {
        let text = sentence(&request(RequestStatus::Pending));
        for said in ["unencrypted", "could not be found", "btcpay.store.canfly", "stores you choose"] {
            assert!(text.contains(said), "{said}: {text}");
        }
    }
}
