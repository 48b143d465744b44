//! `key list | create | show | revoke | rotate`.

use assembly::clock;
use desk::CallError;
use desk::calls::{
    CreatedKeyView, KeyCreate, KeyDetailView, KeyList, KeyRevoke, KeyShow, KeyState, KeyView, Revealed,
    UsageView,
};
use domain::{KeyId, Timestamp};
use owo_colors::OwoColorize;
use serde::Serialize;

mod rotating;

use super::Context;
use crate::args::{self, Key};
use crate::output::{Table, safe, safe_list, when};
use crate::question;

pub(super) async fn run(context: &Context, key: Key) -> Result<(), CallError> {
    match key {
        Key::List { user, search } => list(context, user, search).await,
        Key::Create(args) => create(context, args).await,
        Key::Show { id, reveal } => show(context, id, reveal).await,
        Key::Revoke { id } => revoke(context, id).await,
        Key::Rotate { id, old, expires } => rotating::rotate(context, id, old, expires).await,
    }
}

async fn list(context: &Context, user: Option<String>, search: Option<String>) -> Result<(), CallError> {
    let keys = context.call(KeyList { user, search }).await?;
    context.show(&keys, |keys| table(keys, clock::now()))
}

fn table(keys: &[KeyView], now: Timestamp) -> String {
    let mut table = Table::new(&["ID", "LABEL", "USER", "PERMISSIONS", "LAST USED", "EXPIRES", "STATE"]);
    for key in keys {
        let cells = [
            key.id.to_string(),
            key.label.clone(),
            key.email.clone(),
            few(&key.permissions),
            key.last_used.map_or_else(|| "never".to_owned(), |used| when::ago(used, now)),
            key.expires.map_or_else(|| "never".to_owned(), |end| when::until(end, now)),
            state(key).to_owned(),
        ];
        if key.state == KeyState::Live { table.row(&cells) } else { table.faint_row(&cells) }
    }
    table.or("No keys. Make one: fieldgatectl key create --user you@example.com --permission P")
}

/// The first permissions, one a line, and how many more there are.
fn few(permissions: &[String]) -> String {
    const SHOWN: usize = 3;
    let mut lines: Vec<String> = permissions.iter().take(SHOWN).map(|text| safe(text)).collect();
    if permissions.len() > SHOWN {
        lines.push(format!("+{}", permissions.len() - SHOWN));
    }
    if lines.is_empty() { "(none)".to_owned() } else { lines.join("\n") }
}

fn state(key: &KeyView) -> &'static str {
    match key.state {
        KeyState::Live if key.never_collected => "never collected",
        KeyState::Live => "live",
        KeyState::Revoked => "revoked",
        KeyState::Expired => "expired",
        KeyState::Damaged => "damaged, not accepted",
    }
}

async fn create(context: &Context, args: args::KeyCreate) -> Result<(), CallError> {
    let expires = args.expires.and_then(|expiry| expiry.from(clock::now()));
    let args::KeyCreate { user, issuer, label, permissions, expires: _ } = args;
    let created = context.call(KeyCreate { user, issuer, label, permissions, expires }).await?;
    context.show(&created, created_in_words)
}

fn created_in_words(created: &CreatedKeyView) -> String {
    format!(
        "{}\n\nKey {} is made. It may: {}",
        created.api_key.expose().bold(),
        created.id,
        if created.permissions.is_empty() { "nothing".to_owned() } else { safe_list(&created.permissions) },
    )
}

/// `key show` as a program reads it: the row, and usage and token beside it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    #[serde(flatten)]
    key: KeyView,
    usage: Vec<UsageView>,
    handed_over: Option<Timestamp>,
    replaces: Vec<KeyId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_key: Option<Revealed>,
}

async fn show(context: &Context, id: KeyId, reveal: bool) -> Result<(), CallError> {
    let KeyDetailView { key, usage, handed_over, replaces, api_key } =
        context.call(KeyShow { id, reveal }).await?;
    let shown = Shown { key, usage, handed_over, replaces, api_key };
    context.show(&shown, |shown| details(shown, clock::now()))
}

fn details(Shown { key, usage, handed_over, replaces, api_key }: &Shown, now: Timestamp) -> String {
    let mut lines = vec![
        format!("Key          {} ({})", key.id, state(key)),
        format!("Label        {}", safe(&key.label)),
        format!("User         {}", safe(&key.email)),
        format!("Application  {}", key.application.as_deref().map_or_else(|| "none".to_owned(), safe)),
        format!("Issuer       {}", key.issuer),
        format!("Reaches      {}", key.tier),
        format!("Created      {}", when::exact(key.created)),
        format!(
            "Last used    {}",
            key.last_used.map_or_else(|| "never".to_owned(), |used| when::ago(used, now))
        ),
        format!("Expires      {}", key.expires.map_or_else(|| "never".to_owned(), when::exact)),
    ];
    lines.extend(handed_over.map(|at| format!("Handed over  {}", when::exact(at))));
    lines.extend(key.first_used.as_ref().map(rotating::first_used));
    lines.extend(replaces.iter().map(|old| format!("Replaces     {old}")));
    lines.extend(key.replaced.as_ref().map(|replaced| rotating::replaced(replaced, key)));
    lines.extend(usage.iter().map(|usage| format!("May          {}", used(usage, now))));
    if let Some(secret) = api_key {
        lines.push(format!("Secret       {}", secret.expose().bold()));
    }
    lines.join("\n")
}

/// A permission, and how far it was used.
fn used(usage: &UsageView, now: Timestamp) -> String {
    let permission = safe(&usage.permission);
    match (usage.last, usage.count) {
        (None, _) => format!("{permission} (never used)"),
        (Some(last), 1) => format!("{permission} (used once, {})", when::ago(last, now)),
        (Some(last), count) => format!("{permission} (used {count} times, last {})", when::ago(last, now)),
    }
}

async fn revoke(context: &Context, id: KeyId) -> Result<(), CallError> {
    let mut host = context.host().await?;
    if context.may_ask() {
        let KeyDetailView { key, .. } = host.call(KeyShow { id: id.clone(), reveal: false }).await?;
        let label = if key.label.is_empty() { key.id.to_string() } else { safe(&key.label) };
        if !question::confirm(&format!("Stop key {label} of {} for good?", safe(&key.email)))? {
            return crate::output::line("Nothing was changed.");
        }
    }
    let key = host.call(KeyRevoke { id }).await?;
    context.show(&key, |key| match key.state {
        KeyState::Revoked => format!("Key {} is revoked: it is refused from the next request on.", key.id),
        KeyState::Live | KeyState::Expired | KeyState::Damaged => format!("Key {}: {}.", key.id, state(key)),
    })
}

#[cfg(test)]
mod tests {
    use domain::{Issuer, Tier};

    use super::*;

    fn key() -> KeyView {
        KeyView {
            id: KeyId::from_random([1; 8]),
            label: "Front desk".into(),
            user: "u1".parse().unwrap(),
            email: "ana@shop.example".into(),
            permissions: ["a", "b", "c", "d", "e"].map(str::to_owned).to_vec(),
            tier: Tier::Sell,
            issuer: Issuer::Local,
            application: None,
            application_id: None,
            created: Timestamp(0),
            expires: None,
            last_used: None,
            state: KeyState::Live,
            never_collected: false,
            first_used: None,
            replaced: None,
        }
    }

    fn shown(api_key: Option<Revealed>) -> Shown {
        Shown { key: key(), usage: vec![], handed_over: None, replaces: vec![], api_key }
    }

    #[test]
    fn a_shown_key_is_one_flat_object_and_has_a_secret_only_when_revealed() {
        let hidden = serde_json::to_value(shown(None)).unwrap();
        assert_eq!(hidden["id"], "akid_0101010101010101");
        assert!(hidden.get("apiKey").is_none());
        let revealed = shown(Some(Revealed::new("canary".into())));
        assert_eq!(serde_json::to_value(revealed).unwrap()["apiKey"], "canary");
    }

    #[test]
    fn a_shown_key_tells_of_each_permission_how_far_it_was_used() {
        let usage =
            |count, last| UsageView { permission: "unrestricted".to_owned(), count, first: last, last };
        for (usage, told) in [
            (usage(0, None), "unrestricted (never used)"),
            (usage(1, Some(Timestamp(90))), "unrestricted (used once, 10 s ago)"),
            (usage(12, Some(Timestamp(40))), "unrestricted (used 12 times, last 1 min ago)"),
        ] {
            assert_eq!(used(&usage, Timestamp(100)), told);
        }
    }

    #[test]
    fn a_made_key_answers_with_the_four_named_fields() {
        let created = CreatedKeyView {
            id: KeyId::from_random([1; 8]),
            api_key: Revealed::new("canary".into()),
            label: "Till".into(),
            permissions: vec![],
        };
        let json = serde_json::to_value(created).unwrap();
        let mut fields: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
        fields.sort();
        assert_eq!(fields, ["apiKey", "id", "label", "permissions"]);
    }

    #[test]
    fn many_permissions_are_shown_as_a_few_and_a_count() {
        assert_eq!(few(&key().permissions), "a\nb\nc\n+2");
        assert_eq!(few(&[]), "(none)");
    }

    #[test]
    fn a_key_that_nobody_collected_is_told_from_a_live_one() {
        let text = table(&[KeyView { never_collected: true, ..key() }], Timestamp(10));
        assert!(text.contains("never collected"), "{text}");
    }
}
