//! What is served, written once: the router is made of it, and the tests hold the description against it.

/// The segments of a path that is served, one in quotes stands for itself, any other for whatever is sent; and the
/// methods it is served for.
#[cfg(test)]
pub(crate) type Row = (&'static [&'static str], &'static [&'static str]);

/// Writes `offers`, which says what is served at a path's segments, by method, and for the tests `TABLE`, all of it as
/// it stands. The first line that fits a path has it alone. A segment with a name goes into the field of that name.
macro_rules! served {
    ($what:ident: $([$($segment:pat),*] => $($method:ident $name:ident $({ $($part:ident),* })?),+;)*) => {
        pub(crate) fn offers(path: &[&str]) -> Vec<(&'static str, $what)> {
            match path {
                $([$($segment),*] => vec![$((
                    stringify!($method),
                    $what::$name $({ $($part: (*$part).to_owned()),* })?,
                )),+],)*
                _ => Vec::new(),
            }
        }

        #[cfg(test)]
        pub(crate) const TABLE: &[crate::table::Row] =
            &[$((&[$(stringify!($segment)),*], &[$(stringify!($method)),+])),*];
    };
}

pub(crate) use served;
