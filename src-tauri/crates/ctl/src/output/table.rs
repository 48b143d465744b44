//! Tables for people.

use anstream::{AutoStream, ColorChoice};
use comfy_table::{Attribute, Cell, ColumnConstraint, ContentArrangement};

use super::safe;

/// A terminal that says it is narrower than this is not believed: nothing would be readable there.
const NARROWEST: u16 = 60;

/// A table without lines, as wide as the terminal. Every cell is made safe to show.
pub(crate) struct Table {
    table: comfy_table::Table,
    styled: bool,
}

impl Table {
    /// A table with these columns.
    pub(crate) fn new(columns: &[&str]) -> Self {
        let styled = AutoStream::choice(&std::io::stdout()) != ColorChoice::Never;
        let mut table = comfy_table::Table::new();
        table.load_style(comfy_table::presets::NOTHING);
        if table.width().is_some_and(|width| width >= NARROWEST) {
            table.set_content_arrangement(ContentArrangement::Dynamic);
        }
        if styled {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        table.set_header(columns.iter().map(|column| Cell::new(column).add_attribute(Attribute::Bold)));
        for (column, name) in table.column_iter_mut().zip(columns) {
            if *name == "ID" {
                // Ids are copied: they stay in one piece.
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        Self { table, styled }
    }

    /// Adds a row, a text for each column. What is in a text that came from somebody else shows nothing invisible.
    pub(crate) fn row(&mut self, cells: &[String]) {
        self.table.add_row(cells.iter().map(|text| Cell::new(lines(text))));
    }

    /// Adds a row that does not matter any more.
    pub(crate) fn faint_row(&mut self, cells: &[String]) {
        let faint = |cell: Cell| if self.styled { cell.add_attribute(Attribute::Dim) } else { cell };
        let cells: Vec<Cell> = cells.iter().map(|text| faint(Cell::new(lines(text)))).collect();
        self.table.add_row(cells);
    }

    /// The table, or `empty` when it has no rows.
    pub(crate) fn or(self, empty: &str) -> String {
        if self.table.is_empty() { empty.to_owned() } else { self.table.trim_fmt() }
    }
}

/// Each line of a cell made safe by itself; the line breaks are ours.
fn lines(text: &str) -> String {
    text.lines().map(safe).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_without_rows_says_what_to_do_instead() {
        assert_eq!(Table::new(&["ID"]).or("No keys yet."), "No keys yet.");
    }

    #[test]
    fn an_id_stays_in_one_piece_on_a_narrow_terminal() {
        let mut table = Table::new(&["ID", "LABEL"]);
        table.table.set_content_arrangement(ContentArrangement::Dynamic).set_width(60);
        let id = "f6d3cc308326496d701e7a9c3547390b";
        table.row(&[id.to_owned(), "a label of many words that needs more than one line".to_owned()]);
        assert!(table.or("").contains(id));
    }

    #[test]
    fn rows_stand_under_their_columns_and_hold_no_escape_sequence() {
        let mut table = Table::new(&["ID", "LABEL"]);
        table.row(&["akid_1".to_owned(), "Front\u{1b}[31m desk".to_owned()]);
        table.styled = false;
        let text = table.or("");
        let (head, row) = text.split_once('\n').unwrap();
        assert_eq!(head.find("LABEL"), row.find("Front"), "{text}");
        assert!(!row.contains('\u{1b}'), "{text:?}");
    }
}
