//! How Fieldgate is set up.

use domain::{Actor, Settings, Timestamp};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::crypto::{Fields, Keys, Mac};
use crate::error::Result;
use crate::journal;
use crate::vouch::{Vouched, vouched};
use crate::words::{from_json, json, text};

/// The one row, once something was chosen.
pub(crate) struct SettingsRow {
    value: String,
    mac: Vec<u8>,
}

impl Vouched for SettingsRow {
    const TABLE: &'static str = "settings";

    fn row(&self) -> String {
        "1".to_owned()
    }

    fn fields(&self) -> Fields {
        Fields::new().text(&self.value)
    }

    fn mac(&self) -> &[u8] {
        &self.mac
    }

    fn set_mac(&mut self, mac: Mac) {
        self.mac = mac.to_vec();
    }
}

/// The row as it stands.
pub(crate) fn row(conn: &Connection) -> Result<Option<SettingsRow>> {
    let read = |row: &rusqlite::Row<'_>| Ok(SettingsRow { value: text(row, 0)?, mac: row.get(1)? });
    Ok(conn.query_row("SELECT value, mac FROM settings", [], read).optional()?)
}

/// What was chosen; the defaults where nothing was. Where that cannot be read nobody signs in with a password.
pub(crate) fn read(conn: &Connection) -> Result<Settings> {
    let Some(row) = row(conn)? else { return Ok(Settings::default()) };
    Ok(from_json(&row.value).unwrap_or_else(|error| {
        tracing::warn!(%error, "the settings cannot be read");
        Settings { basic: false, ..Settings::default() }
    }))
}

/// Keeps what was chosen.
pub(crate) fn save(
    tx: &Transaction<'_>,
    keys: &Keys,
    settings: &Settings,
    (at, actor): (Timestamp, &Actor),
) -> Result<()> {
    let row = vouched(keys, SettingsRow { value: json(settings)?, mac: Vec::new() });
    tx.execute(
        "INSERT OR REPLACE INTO settings (id, value, mac) VALUES (1, ?1, ?2)",
        params![row.value, row.mac],
    )?;
    journal::settings_changed(tx, settings, (at, actor))
}
