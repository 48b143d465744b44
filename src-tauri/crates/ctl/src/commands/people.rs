//! `user list | create | disable | enable | password | delete`, `store list | create | rename | member | remove`,
//! `app list | show | note | known | block | forget`.

use assembly::clock;
use desk::CallError;
use desk::calls::{
    AppJudge, AppList, AppNote, AppShow, AppView, StoreCreate, StoreList, StoreMemberRemove, StoreMemberSet,
    StoreRename, StoreView, UserCreate, UserDelete, UserDisable, UserList, UserPassword, UserView,
};
use domain::{ApplicationId, ApplicationIdentity, Standing, Timestamp};

use super::{Context, applications};
use crate::args::{App, Store, User};
use crate::output::{Table, safe, safe_list, when};
use crate::secrets;

pub(super) async fn user(context: &Context, user: User) -> Result<(), CallError> {
    match user {
        User::List => {
            let users = context.call(UserList {}).await?;
            context.show(&users, |users| user_table(users, clock::now()))
        }
        User::Create { email, admin, password_file } => {
            let password = password_file.map(|path| secrets::from_file(&path, "password")).transpose()?;
            let created = context.call(UserCreate { email: email.to_string(), admin, password }).await?;
            context.show(&created, |user| format!("User {} is there: {}", safe(&user.email), user.id))
        }
        User::Disable { user } => disable(context, user, true).await,
        User::Enable { user } => disable(context, user, false).await,
        User::Password { user, password_file, remove } => {
            let password = match (password_file, remove) {
                (Some(path), _) => Some(secrets::from_file(&path, "password")?),
                (None, false) => Some(secrets::new_password()?),
                (None, true) => None,
            };
            let changed = context.call(UserPassword { user, password }).await?;
            context.show(&changed, password_told)
        }
        User::Delete { email } => {
            let gone = context.call(UserDelete { user: email.to_string() }).await?;
            context.show(&gone, |_| format!("{} is deleted, and its keys with it.", safe(email.as_str())))
        }
    }
}

async fn disable(context: &Context, user: String, disabled: bool) -> Result<(), CallError> {
    let changed = context.call(UserDisable { user, disabled }).await?;
    context.show(&changed, |user| {
        let email = safe(&user.email);
        if user.disabled {
            format!("{email} is disabled: keys and password are refused.")
        } else {
            format!("{email} is enabled: keys and password work.")
        }
    })
}

fn password_told(user: &UserView) -> String {
    let email = safe(&user.email);
    if user.has_password {
        format!("{email} has another password.")
    } else {
        format!("{email} has no password any more: keys only.")
    }
}

fn user_table(users: &[UserView], now: Timestamp) -> String {
    let mut table = Table::new(&["EMAIL", "ROLE", "KEYS", "SIGN-IN", "CREATED", "ID"]);
    for user in users {
        let cells = [
            user.email.clone(),
            if user.admin { "admin" } else { "user" }.to_owned(),
            user.keys.to_string(),
            sign_in(user).to_owned(),
            when::ago(user.created, now),
            user.id.to_string(),
        ];
        if user.disabled { table.faint_row(&cells) } else { table.row(&cells) }
    }
    table.or("No users. Add one: fieldgatectl user create ana@shop.example")
}

fn sign_in(user: &UserView) -> &'static str {
    match (user.disabled, user.has_password) {
        (true, _) => "disabled",
        (false, true) => "password",
        (false, false) => "keys only",
    }
}

pub(super) async fn store(context: &Context, store: Store) -> Result<(), CallError> {
    match store {
        Store::List => {
            let stores = context.call(StoreList {}).await?;
            context.show(&stores, |stores| store_table(stores, clock::now()))
        }
        Store::Create { name, owner } => {
            let created = context.call(StoreCreate { name, owner }).await?;
            context.show(&created, |store| format!("Store {} is there: {}", safe(&store.name), store.id))
        }
        Store::Rename { id, name } => {
            let renamed = context.call(StoreRename { store: id, name }).await?;
            context.show(&renamed, |store| format!("Store {} is called {} now.", store.id, safe(&store.name)))
        }
        Store::Member { id, user, role } => {
            let changed = context.call(StoreMemberSet { store: id, user, role }).await?;
            context.show(&changed, |store| store_table(std::slice::from_ref(store), clock::now()))
        }
        Store::Remove { id, user } => {
            let left = context.call(StoreMemberRemove { store: id, user }).await?;
            context.show(&left, |left| match &left.store {
                Some(store) => store_table(std::slice::from_ref(store), clock::now()),
                None => "The store has ended with its last member.".to_owned(),
            })
        }
    }
}

fn store_table(stores: &[StoreView], now: Timestamp) -> String {
    let mut table = Table::new(&["NAME", "MEMBERS", "CREATED", "ID"]);
    for store in stores {
        let members =
            store.members.iter().map(|member| format!("{} ({:?})", safe(&member.email), member.role));
        table.row(&[
            store.name.clone(),
            members.collect::<Vec<_>>().join("\n"),
            when::ago(store.created, now),
            store.id.to_string(),
        ]);
    }
    table.or("No stores. Add one: fieldgatectl store create Bakery --owner ana@shop.example")
}

pub(super) async fn app(context: &Context, app: App) -> Result<(), CallError> {
    match app {
        App::List => {
            let apps = context.call(AppList {}).await?;
            context.show(&apps, |apps| app_table(apps, clock::now()))
        }
        App::Known { id } => judge(context, id, Standing::Known).await,
        App::Block { id } => judge(context, id, Standing::Blocked).await,
        App::Note { id, text } => {
            let noted = context.call(AppNote { id, note: text }).await?;
            context.show(&noted, |app| match app.note {
                Some(_) => format!("{} has this note from now on.", identity(&app.app.identity)),
                None => format!("{} has no note.", identity(&app.app.identity)),
            })
        }
        App::Show { id } => {
            let shown = context.call(AppShow { id }).await?;
            context.show(&shown, |app| applications::detail(app, clock::now()))
        }
        App::Forget { id } => judge(context, id, Standing::New).await,
    }
}

async fn judge(context: &Context, id: ApplicationId, standing: Standing) -> Result<(), CallError> {
    let judged = context.call(AppJudge { id, standing }).await?;
    context.show(&judged, |app| {
        let who = identity(&app.identity);
        match app.standing {
            Standing::New => format!("{who} is neither known nor blocked."),
            Standing::Known => format!("{who} is known."),
            Standing::Blocked => format!("{who} is refused from now on. Its keys keep working."),
        }
    })
}

fn app_table(apps: &[AppView], now: Timestamp) -> String {
    let mut table = Table::new(&["APPLICATION", "ITS OWN WORDS", "STANDING", "KEYS", "LAST ASKED", "ID"]);
    for app in apps {
        table.row(&[
            identity(&app.identity),
            safe_list(&app.names),
            standing(app.standing).to_owned(),
            app.keys.to_string(),
            when::ago(app.last_seen, now),
            app.id.clone(),
        ]);
    }
    table.or("No application has asked yet.")
}

/// What an application is recognised by, in words.
pub(super) fn identity(identity: &ApplicationIdentity) -> String {
    safe(&identity.to_string())
}

/// What the admin thinks of it, in a word.
pub(super) fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::New => "new",
        Standing::Known => "known",
        Standing::Blocked => "blocked",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_lists_say_what_to_do_next() {
        assert!(user_table(&[], Timestamp(0)).contains("user create"));
        assert!(store_table(&[], Timestamp(0)).contains("store create"));
        assert_eq!(app_table(&[], Timestamp(0)), "No application has asked yet.");
    }

    #[test]
    fn a_disabled_user_is_told_from_one_who_signs_in() {
        let user = |disabled, has_password| UserView {
            id: "u".parse().unwrap(),
            email: "ana@shop.example".to_owned(),
            admin: false,
            disabled,
            has_password,
            created: Timestamp(0),
            keys: 2,
        };
        for (user, word) in [
            (user(true, true), "disabled"),
            (user(false, true), "password"),
            (user(false, false), "keys only"),
        ] {
            let table = user_table(&[user], Timestamp(10));
            assert!(table.contains(word), "{table}");
        }
    }

    #[test]
    fn an_application_is_named_by_what_it_is_recognised_by() {
        let by = |identifier: &str, origin: &str| {
            identity(&ApplicationIdentity::Identifier {
                identifier: identifier.into(),
                origin: origin.into(),
            })
        };
        assert_eq!(by("till", "http://localhost:8080"), "\"till\" at http://localhost:8080");
        assert!(!by("till\u{202e}", "x").contains('\u{202e}'));
        assert_eq!(identity(&ApplicationIdentity::Unknown), "unknown program");
    }
}
