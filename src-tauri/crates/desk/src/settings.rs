//! How Fieldgate is set up, and the policies there are.

use std::{ops::RangeInclusive, sync::Arc};

use domain::{PolicyKind, Settings, Tier, catalogue};

use crate::{
    CallError, Caller, Desk,
    calls::{self, Catalogue, Done, PolicyView, SettingsSave, SettingsView},
};

/// The longest time without use after which the desk may lock itself, in minutes: a day.
const LONGEST_LOCK_AFTER: u32 = 1_440;
/// How long a copied secret may stay on the clipboard, in seconds: long enough to paste it.
const CLEAR_CLIPBOARD: RangeInclusive<u32> = 10..=600;

impl Desk {
    pub(crate) async fn settings(
        self: &Arc<Self>,
        _: &Caller,
        _: calls::Settings,
    ) -> Result<SettingsView, CallError> {
        let Settings { basic, lock_after, clear_clipboard } = self.set_up();
        Ok(SettingsView { basic, lock_after, clear_clipboard })
    }

    pub(crate) async fn settings_save(
        self: &Arc<Self>,
        caller: &Caller,
        args: SettingsSave,
    ) -> Result<Done, CallError> {
        if args.lock_after.is_some_and(|minutes| !(1..=LONGEST_LOCK_AFTER).contains(&minutes)) {
            return Err(CallError::invalid("lockAfter", "the time is 1 to 1440 minutes"));
        }
        if args.clear_clipboard.is_some_and(|seconds| !CLEAR_CLIPBOARD.contains(&seconds)) {
            return Err(CallError::invalid("clearClipboard", "the time is 10 to 600 seconds"));
        }
        let SettingsSave { basic, lock_after, clear_clipboard } = args;
        let settings = Settings { basic, lock_after, clear_clipboard };
        let (now, actor) = (self.clock.now(), self.actor(caller));
        let writer = self.writer().await;
        writer.write_open(caller, move |open| open.save_settings(&settings, now, &actor)).await?;
        self.keep_set_up(settings);
        self.announce();
        Ok(Done {})
    }

    pub(crate) async fn catalogue(
        self: &Arc<Self>,
        _: &Caller,
        _: Catalogue,
    ) -> Result<Vec<PolicyView>, CallError> {
        let view = |entry: &catalogue::PolicyEntry| {
            let policy = entry.policy();
            PolicyView {
                name: entry.name.to_owned(),
                title: entry.title.to_owned(),
                description: entry.description.to_owned(),
                children: entry.children.iter().map(|&child| child.to_owned()).collect(),
                tier: Tier::of(&policy),
                store: policy.kind() == PolicyKind::Store,
            }
        };
        Ok(catalogue::all().iter().map(view).collect())
    }
}
