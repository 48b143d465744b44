//! Reading many fields, and naming all that are of the wrong type.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    body::{Body, Field},
    error::Invalid,
};

/// From here on, floating point skips whole numbers.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// An object that is being read. What is absent leaves its value as it is; what is of the wrong type is named by its
/// path as it was sent, and the rest is read all the same.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    body: &'a Body,
    /// What stands before a field's own name.
    prefix: String,
    misfits: Vec<Invalid>,
}

impl<'a> Reading<'a> {
    pub(super) fn of(body: &'a Body) -> Self {
        Self { body, prefix: String::new(), misfits: Vec::new() }
    }

    /// Everything that did not fit.
    pub(super) fn misfits(self) -> Vec<Invalid> {
        self.misfits
    }

    /// Reads the field of this name into `place`.
    pub(super) fn take<T: DeserializeOwned>(&mut self, name: &str, place: &mut T) {
        let Some(field) = self.body.field(name) else { return };
        let path = self.path(field);
        self.fit(path, field.value, place);
    }

    /// Reads a list of texts.
    pub(super) fn take_texts(&mut self, name: &str, place: &mut Vec<String>) {
        self.each(name, place, |reading, path, value| {
            let mut text = String::new();
            reading.fit(path, value, &mut text);
            text
        });
    }

    /// Reads an object into `place`, field by field.
    pub(super) fn take_object<T>(&mut self, name: &str, place: &mut T, read: fn(&mut Reading<'_>, &mut T)) {
        let Some(field) = self.body.field(name) else { return };
        let path = self.path(field);
        self.within(path, field.value, place, read);
    }

    /// Reads a list of objects, each of which begins with its defaults.
    pub(super) fn take_objects<T: Default>(
        &mut self,
        name: &str,
        place: &mut Vec<T>,
        read: fn(&mut Reading<'_>, &mut T),
    ) {
        self.each(name, place, |reading, path, value| {
            let mut one = T::default();
            reading.within(path, value, &mut one, read);
            one
        });
    }

    fn each<T>(
        &mut self,
        name: &str,
        place: &mut Vec<T>,
        mut read: impl FnMut(&mut Self, String, &'a Value) -> T,
    ) {
        let Some(field) = self.body.field(name) else { return };
        let path = self.path(field);
        let Some(values) = field.value.as_array() else {
            return self.misfits.push(Invalid::new(&path, "A list is expected."));
        };
        let one = |(nth, value)| read(self, format!("{path}[{nth}]"), value);
        *place = values.iter().enumerate().map(one).collect();
    }

    fn within<T>(&mut self, path: String, value: &Value, place: &mut T, read: fn(&mut Reading<'_>, &mut T)) {
        match (Field { path: &path, value }).object() {
            Ok(body) => {
                let mut inner = Reading { body: &body, prefix: format!("{path}."), misfits: Vec::new() };
                read(&mut inner, place);
                self.misfits.append(&mut inner.misfits);
            }
            Err(misfit) => self.misfits.push(misfit),
        }
    }

    fn fit<T: DeserializeOwned>(&mut self, path: String, value: &Value, place: &mut T) {
        match T::deserialize(whole(value).as_ref().unwrap_or(value)) {
            Ok(read) => *place = read,
            Err(error) => {
                self.misfits.push(Invalid { path, message: format!("This does not fit: {error}.") })
            }
        }
    }

    fn path(&self, field: Field<'_>) -> String {
        format!("{}{}", self.prefix, field.path)
    }
}

/// A number with nothing behind its point, without the point: to JSON 900.0 is as whole as 900, and some write it so.
fn whole(value: &Value) -> Option<Value> {
    let number = value.as_f64().filter(|number| value.is_f64() && number.abs() < EXACT)?;
    number.to_string().parse::<i64>().ok().map(Value::from)
}
