//! The register of applications, and what the admin thinks of each.

use std::collections::HashMap;

use desk::ports::KeyringError;
use domain::{Actor, Application, ApplicationIdentity, ProgramIdentity, Standing, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::crypto::{Fields, Keys, Mac};
use crate::error::{Result, damaged, taken};
use crate::vouch::{Vouched, holds, vouched};
use crate::words::{from_word, maybe_text, readable, text, word};
use crate::{journal, remembered};

/// What an application is recognised by, as it stands in the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recognised {
    kind: String,
    identifier: Option<String>,
    origin: Option<String>,
    exe: Option<String>,
    script: Option<String>,
}

impl Recognised {
    fn by(identity: &ApplicationIdentity) -> Self {
        let (kind, identifier, origin, program) = match identity {
            ApplicationIdentity::Identifier { identifier, origin } => {
                ("identifier", Some(identifier), Some(origin), None)
            }
            ApplicationIdentity::Origin { origin } => ("origin", None, Some(origin), None),
            ApplicationIdentity::Program { program } => ("program", None, None, Some(program)),
            ApplicationIdentity::Unknown => ("unknown", None, None, None),
        };
        Self {
            kind: kind.to_owned(),
            identifier: identifier.cloned(),
            origin: origin.cloned(),
            exe: program.map(|program| program.exe.clone()),
            script: program.and_then(|program| program.script.clone()),
        }
    }

    /// Reads the five columns from `first` on.
    pub(crate) fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<Self> {
        Ok(Self {
            kind: text(row, first)?,
            identifier: maybe_text(row, first + 1)?,
            origin: maybe_text(row, first + 2)?,
            exe: maybe_text(row, first + 3)?,
            script: maybe_text(row, first + 4)?,
        })
    }

    /// Adds what it is recognised by to what a MAC covers.
    pub(crate) fn under_mac(&self, fields: Fields) -> Fields {
        fields
            .text(&self.kind)
            .maybe_text(self.identifier.as_deref())
            .maybe_text(self.origin.as_deref())
            .maybe_text(self.exe.as_deref())
            .maybe_text(self.script.as_deref())
    }

    fn identity(self) -> Result<ApplicationIdentity> {
        match (self.kind.as_str(), self.identifier, self.origin, self.exe) {
            ("identifier", Some(identifier), Some(origin), None) => {
                Ok(ApplicationIdentity::Identifier { identifier, origin })
            }
            ("origin", None, Some(origin), None) => Ok(ApplicationIdentity::Origin { origin }),
            ("program", None, None, Some(exe)) => {
                Ok(ApplicationIdentity::Program { program: ProgramIdentity { exe, script: self.script } })
            }
            ("unknown", None, None, None) => Ok(ApplicationIdentity::Unknown),
            _ => Err(damaged("an application is recognised by nothing known")),
        }
    }
}

/// A row of `standings`, with what its application is recognised by.
#[derive(Debug)]
pub(crate) struct StandingRow {
    pub(crate) application: String,
    standing: String,
    since: i64,
    note: Option<String>,
    by: Recognised,
    mac: Vec<u8>,
}

impl StandingRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            application: text(row, 0)?,
            standing: text(row, 1)?,
            since: row.get(2)?,
            note: maybe_text(row, 3)?,
            mac: row.get(4)?,
            by: Recognised::read(row, 5)?,
        })
    }
}

impl Vouched for StandingRow {
    const TABLE: &'static str = "standings";

    fn row(&self) -> String {
        self.application.clone()
    }

    fn fields(&self) -> Fields {
        let own = Fields::new().text(&self.standing).int(self.since).maybe_text(self.note.as_deref());
        self.by.under_mac(own)
    }

    fn mac(&self) -> &[u8] {
        &self.mac
    }

    fn set_mac(&mut self, mac: Mac) {
        self.mac = mac.to_vec();
    }
}

/// All rows of `standings`.
pub(crate) fn standing_rows(conn: &Connection) -> Result<Vec<StandingRow>> {
    let mut query = conn.prepare(
        "SELECT application_id, standing, since, note, mac, kind, identifier, origin, exe, script
         FROM standings JOIN applications ON id = application_id ORDER BY application_id",
    )?;
    Ok(query.query_map([], StandingRow::read)?.collect::<rusqlite::Result<_>>()?)
}

/// The register, oldest first.
pub(crate) fn all(conn: &Connection) -> Result<Vec<Application>> {
    let standing = |row: StandingRow| Ok((row.application, (from_word(&row.standing)?, row.note)));
    let mut standings: HashMap<String, (Standing, Option<String>)> =
        readable("standings", standing_rows(conn)?, standing).into_iter().collect();
    let mut names: HashMap<String, Vec<String>> = HashMap::new();
    for (id, name) in named(conn)? {
        names.entry(id).or_default().push(name);
    }
    let mut query = conn.prepare(
        "SELECT id, first_seen, last_seen, kind, identifier, origin, exe, script
         FROM applications ORDER BY first_seen, id",
    )?;
    let read = |row: &Row<'_>| Ok((text(row, 0)?, row.get(1)?, row.get(2)?, Recognised::read(row, 3)?));
    let rows: Vec<(String, i64, i64, Recognised)> =
        query.query_map([], read)?.collect::<rusqlite::Result<_>>()?;
    let rows = rows.into_iter().map(|row| (standings.remove(&row.0).unwrap_or_default(), row)).collect();
    Ok(readable("applications", rows, |((standing, note), (id, first_seen, last_seen, by))| {
        Ok(Application {
            identity: by.identity()?,
            names: names.get(&id).cloned().unwrap_or_default(),
            standing,
            note,
            first_seen: Timestamp(first_seen),
            last_seen: Timestamp(last_seen),
            id: from_word(&id)?,
        })
    }))
}

fn named(conn: &Connection) -> Result<Vec<(String, String)>> {
    let mut query =
        conn.prepare("SELECT application_id, name FROM application_names ORDER BY application_id, place")?;
    Ok(query.query_map([], |row| Ok((text(row, 0)?, text(row, 1)?)))?.collect::<rusqlite::Result<_>>()?)
}

/// Enters an application or refreshes the entry it has. Answers the entry's handle: of two the one there first.
pub(crate) fn enter(tx: &Transaction<'_>, application: &Application) -> Result<String> {
    let by = Recognised::by(&application.identity);
    let found = entry(tx, &by)?;
    if let Some(id) = &found {
        tx.execute(
            "UPDATE applications SET last_seen = ?2 WHERE id = ?1",
            params![id, application.last_seen.0],
        )?;
    } else {
        add(tx, application, &by)?;
    }
    let id = found.unwrap_or_else(|| application.id.to_string());
    write_names(tx, &id, &application.names)?;
    Ok(id)
}

/// What the application of a handle is recognised by.
pub(crate) fn recognised(conn: &Connection, id: &str) -> Result<Option<Recognised>> {
    let mut query =
        conn.prepare("SELECT kind, identifier, origin, exe, script FROM applications WHERE id = ?1")?;
    Ok(query.query_row([id], |row| Recognised::read(row, 0)).optional()?)
}

fn entry(tx: &Transaction<'_>, by: &Recognised) -> Result<Option<String>> {
    let mut query = tx.prepare(
        "SELECT id FROM applications
         WHERE kind = ?1 AND identifier IS ?2 AND origin IS ?3 AND exe IS ?4 AND script IS ?5",
    )?;
    let values = params![by.kind, by.identifier, by.origin, by.exe, by.script];
    Ok(query.query_row(values, |row| text(row, 0)).optional()?)
}

fn add(tx: &Transaction<'_>, application: &Application, by: &Recognised) -> Result<()> {
    let add = "INSERT INTO applications (id, kind, identifier, origin, exe, script, first_seen, last_seen)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    tx.execute(
        add,
        params![
            application.id.as_str(),
            by.kind,
            by.identifier,
            by.origin,
            by.exe,
            by.script,
            application.first_seen.0,
            application.last_seen.0
        ],
    )
    .map_err(taken("application"))?;
    Ok(())
}

/// Writes the names an application goes by, as the register has them now.
fn write_names(tx: &Transaction<'_>, id: &str, names: &[String]) -> Result<()> {
    tx.execute("DELETE FROM application_names WHERE application_id = ?1", [id])?;
    let mut add =
        tx.prepare("INSERT INTO application_names (application_id, place, name) VALUES (?1, ?2, ?3)")?;
    for (place, name) in (0_i64..).zip(names) {
        add.execute(params![id, place, name])?;
    }
    Ok(())
}

/// Changes what the admin thinks of an application, which may be new to the register.
pub(crate) fn set_standing(
    tx: &Transaction<'_>,
    keys: &Keys,
    application: &Application,
    standing: Standing,
    (at, actor): (Timestamp, &Actor),
) -> Result<()> {
    let id = enter(tx, application)?;
    write_standing(tx, keys, &id, &Application { standing, ..application.clone() }, at)?;
    if standing != Standing::Known {
        remembered::forget_all_of(tx, &id, (at, actor))?;
    }
    journal::standing_changed(tx, &id, application, standing, (at, actor))
}

/// Writes down an application's note. Its standing stays, and since when.
pub(crate) fn set_note(
    tx: &Transaction<'_>,
    keys: &Keys,
    application: &Application,
    (at, actor): (Timestamp, &Actor),
) -> Result<()> {
    let id = entry(tx, &Recognised::by(&application.identity))?;
    let id = id.ok_or(KeyringError::NotFound("application"))?;
    let before = standing_rows(tx)?.into_iter().find(|row| row.application == id && holds(keys, row));
    let since = before.map_or(at, |row| Timestamp(row.since));
    write_standing(tx, keys, &id, application, since)?;
    journal::application_noted(tx, &id, application, (at, actor))
}

/// Writes the row of what the admin says about an application; none for one about which nothing is said.
fn write_standing(
    tx: &Transaction<'_>,
    keys: &Keys,
    id: &str,
    application: &Application,
    since: Timestamp,
) -> Result<()> {
    tx.execute("DELETE FROM standings WHERE application_id = ?1", [id])?;
    if application.standing == Standing::New && application.note.is_none() {
        return Ok(());
    }
    let row = vouched(
        keys,
        StandingRow {
            application: id.to_owned(),
            standing: word(application.standing)?,
            since: since.0,
            note: application.note.clone(),
            by: Recognised::by(&application.identity),
            mac: vec![],
        },
    );
    tx.execute(
        "INSERT INTO standings (application_id, standing, since, note, mac) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![row.application, row.standing, row.since, row.note, row.mac],
    )?;
    Ok(())
}
