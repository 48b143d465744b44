//! The bodies about users (Greenfield, `CreateApplicationUserRequest` and `UpdateApplicationUserRequest`).

use desk::{ProfileWish, UserWish};
use domain::{Email, Password};

use super::{
    body::Body,
    error::{Invalid, Refused},
};

/// The longest display name, in characters.
const LONGEST_NAME: usize = 200;
/// The longest address of a picture, in characters.
const LONGEST_IMAGE_URL: usize = 2000;

/// What is read of a body about a user, whoever it is about.
struct Profile {
    email: Option<Email>,
    name: Option<String>,
    image_url: Option<String>,
}

/// Reads the wish for a new user. An empty password is none; whether an invitation is to be sent does not matter, for
/// none is.
pub(super) fn new(bytes: &[u8]) -> Result<UserWish, Refused> {
    let body = Body::read(bytes)?;
    let mut broken = Vec::new();
    if said(&body, "email")?.is_none() {
        broken.push(Invalid::new("Email", "Email is missing"));
        broken.push(Invalid::new("Email", "Invalid email"));
    }
    let profile = profile(&body, &mut broken)?;
    let (password, admin) = (password(&body, "password")?, body.flag("isAdministrator")?.unwrap_or_default());
    let email = profile.email.filter(|_| broken.is_empty()).ok_or(Refused::Invalid(broken))?;
    Ok(UserWish { email, name: profile.name, image_url: profile.image_url, password, admin })
}

/// Reads what a user wants to change of itself. An empty address or password is as good as none.
pub(super) fn changed(bytes: &[u8]) -> Result<ProfileWish, Refused> {
    let body = Body::read(bytes)?;
    let mut broken = Vec::new();
    let Profile { email, name, image_url } = profile(&body, &mut broken)?;
    let current_password = password(&body, "currentPassword")?;
    let new_password = password(&body, "newPassword")?;
    if !broken.is_empty() {
        return Err(Refused::Invalid(broken));
    }
    Ok(ProfileWish { email, name, image_url, current_password, new_password })
}

fn profile(body: &Body, broken: &mut Vec<Invalid>) -> Result<Profile, Invalid> {
    let email = match said(body, "email")?.map(Email::parse) {
        Some(Ok(email)) => Some(email),
        Some(Err(_)) => {
            broken.push(Invalid::new("Email", "Invalid email"));
            None
        }
        None => None,
    };
    let name = line(body, "name", "Name", LONGEST_NAME, broken)?;
    let image_url = line(body, "imageUrl", "ImageUrl", LONGEST_IMAGE_URL, broken)?;
    Ok(Profile { email, name, image_url })
}

/// A text of one line that is shown as it is.
fn line(
    body: &Body,
    name: &str,
    property: &str,
    longest: usize,
    broken: &mut Vec<Invalid>,
) -> Result<Option<String>, Invalid> {
    let Some(text) = body.text(name)? else { return Ok(None) };
    if text.chars().count() > longest || text.chars().any(char::is_control) {
        let rule = format!("This is one line of at most {longest} characters.");
        broken.push(Invalid::new(property, rule));
    }
    Ok(Some(text.to_owned()))
}

fn password(body: &Body, name: &str) -> Result<Option<Password>, Invalid> {
    Ok(said(body, name)?.map(|text| Password::new(text.to_owned())))
}

/// A text that is there and not empty.
fn said<'a>(body: &'a Body, name: &str) -> Result<Option<&'a str>, Invalid> {
    Ok(body.text(name)?.filter(|text| !text.is_empty()))
}
