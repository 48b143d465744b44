use super::{BrokenRule, Rules, StoreSettings};

/// The longest name of a store, in characters.
const LONGEST_NAME: usize = 50;

/// What a store is to be, whether new or changed. Only [`new`](Self::new) makes one, and it keeps every rule.
#[derive(Debug, Clone, PartialEq)]
pub struct StoreDraft {
    name: String,
    settings: StoreSettings,
}

impl StoreDraft {
    /// Checks name and settings. White space around the name is dropped, an empty text is as good as none, and spans
    /// are rounded down to whole minutes (Greenfield, `StoreBaseData`).
    ///
    /// # Errors
    /// Every rule that is broken, in the order of the fields.
    pub fn new(name: &str, settings: StoreSettings) -> Result<Self, Vec<BrokenRule>> {
        let (name, settings) = (name.trim(), settings.without_empty_texts());
        let mut rules = Rules::default();
        check_name(name, &mut rules);
        settings.check(&mut rules);
        let broken = rules.broken();
        if broken.is_empty() {
            Ok(Self { name: name.to_owned(), settings: settings.rounded() })
        } else {
            Err(broken)
        }
    }

    /// The name: 1 to 50 characters, none of them a control character.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Everything else.
    #[must_use]
    pub const fn settings(&self) -> &StoreSettings {
        &self.settings
    }
}

fn check_name(name: &str, rules: &mut Rules) {
    if name.is_empty() {
        return rules.demand(false, "Name", "Name is missing");
    }
    let short = name.chars().count() <= LONGEST_NAME;
    rules.demand(short, "Name", "Name can only be between 1 and 50 characters");
    rules.demand(!name.chars().any(char::is_control), "Name", "Name can only have characters that are seen");
}
