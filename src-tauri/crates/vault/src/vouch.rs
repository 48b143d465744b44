//! Rows that decide something, and the MAC that says we wrote them.

use crate::crypto::{Fields, Keys, Mac};

/// A row with a MAC. What the MAC covers is taken as it stands in the columns, so that nothing is lost in reading.
pub(crate) trait Vouched {
    /// Its table.
    const TABLE: &'static str;
    /// Its primary key, as one text.
    fn row(&self) -> String;
    /// Every column that decides something.
    fn fields(&self) -> Fields;
    /// The MAC found with it.
    fn mac(&self) -> &[u8];
    /// Takes the MAC it is written with.
    fn set_mac(&mut self, mac: Mac);
}

/// The row with its MAC, fit to be written.
pub(crate) fn vouched<R: Vouched>(keys: &Keys, mut row: R) -> R {
    let mac = keys.row_mac(R::TABLE, &row.row(), &row.fields());
    row.set_mac(mac);
    row
}

/// Whether the row is as we wrote it.
pub(crate) fn holds<R: Vouched>(keys: &Keys, row: &R) -> bool {
    keys.row_mac_holds(R::TABLE, &row.row(), &row.fields(), row.mac())
}
