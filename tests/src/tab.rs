//! A tab of a browser as far as the gate and the application see it: without the browser, for what needs no eyes.

use anyhow::{Context, Result, bail, ensure};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{Method, RequestBuilder};

use crate::{Answer, Asker};

/// What a form keeps as it is; a blank becomes a plus (URL standard, application/x-www-form-urlencoded).
const KEPT: AsciiSet = NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_').remove(b' ');

/// A tab that shows the waiting page.
#[derive(Debug)]
pub struct Tab {
    asker: Asker,
    page: String,
    /// The request's public handle.
    pub id: String,
    /// The number it shows.
    pub number: String,
}

/// The form on the page that hands the key over.
#[derive(Debug)]
pub struct Form {
    /// Where it goes, as the page has it.
    pub action: String,
    /// Its hidden fields, in order.
    pub fields: Vec<(String, String)>,
}

impl Tab {
    /// Opens `path` of the gate, as a link in a page of the application does, and follows to the waiting page.
    ///
    /// # Errors
    /// When there is none.
    pub async fn open(asker: &Asker, path: &str) -> Result<Self> {
        let answer = asker.send(Method::GET, path, navigates).await?;
        ensure!(answer.status == 303, "{} for {path}: {}", answer.status, answer.body);
        let page = answer.header("location").context("a page to wait on")?.to_owned();
        let shown = asker.send(Method::GET, &page, navigates).await?;
        let number = between(&shown.body, "data-testid=\"number\">", "<").context("a number")?;
        let id = between(&shown.body, "data-request=\"", "\"").context("an id")?;
        Ok(Self { asker: asker.clone(), id: id.to_owned(), number: number.to_owned(), page })
    }

    /// What the tab shows now.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn shows(&self) -> Result<Answer> {
        self.asker.send(Method::GET, &self.page, navigates).await
    }

    /// The form that hands the key over.
    ///
    /// # Errors
    /// When there is none, or a browser would not post it, or not as a plain form.
    pub async fn form(&self) -> Result<Form> {
        let shown = self.shows().await?;
        let policy = shown.header("content-security-policy").unwrap_or_default();
        ensure!(!policy.contains("form-action"), "it may not be posted, or not be sent on: {policy}");
        Form::read(&shown.body)
    }
}

impl Form {
    fn read(page: &str) -> Result<Self> {
        let form = between(page, "<form ", "</form>").with_context(|| format!("a form in {page}"))?;
        let (opening, inside) = form.split_once('>').context("a form")?;
        ensure!(attribute(opening, "method").as_deref() == Some("post"), "{opening}");
        for odd in ["enctype", "accept-charset", "target"] {
            ensure!(attribute(opening, odd).is_none(), "{opening}");
        }
        let inputs = inside.split("<input ").skip(1).map(|rest| rest.split('>').next().unwrap_or_default());
        let field = |input: &str| {
            ensure!(attribute(input, "type").as_deref() == Some("hidden"), "{input}");
            Ok((attribute(input, "name").context("a name")?, attribute(input, "value").context("a value")?))
        };
        let fields = inputs.map(field).collect::<Result<_>>()?;
        Ok(Self { action: attribute(opening, "action").context("an action")?, fields })
    }

    /// The body as a browser encodes it.
    #[must_use]
    pub fn body(&self) -> String {
        let encode = |text: &str| utf8_percent_encode(text, &KEPT).to_string().replace(' ', "+");
        let fields: Vec<String> =
            self.fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        fields.join("&")
    }

    /// Posts it to where it goes.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn submit(&self, asker: &Asker) -> Result<Answer> {
        let kind = "application/x-www-form-urlencoded";
        let Ok(url) = reqwest::Url::parse(&self.action) else { bail!("no address: {}", self.action) };
        asker.send(Method::POST, url.as_str(), |it| it.header("Content-Type", kind).body(self.body())).await
    }
}

/// What chromium says of a link that was followed from another site.
fn navigates(request: RequestBuilder) -> RequestBuilder {
    request
        .header("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
        .header("Upgrade-Insecure-Requests", "1")
        .header("Sec-Fetch-Site", "cross-site")
        .header("Sec-Fetch-Mode", "navigate")
        .header("Sec-Fetch-User", "?1")
        .header("Sec-Fetch-Dest", "document")
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.split_once(before)?.1.split_once(after).map(|(found, _)| found)
}

/// An attribute's value, its character references resolved.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = between(&format!(" {tag}"), &format!(" {name}=\""), "\"")?.to_owned();
    let references = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
    Some(references.iter().fold(value, |value, (written, meant)| value.replace(written, meant)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_and_encoded_as_a_browser_does() {
        let page = "<p><form id=\"a\" method=\"post\" action=\"http://a.example/?b&amp;c=&quot;\">\
                    <input type=\"hidden\" name=\"p[]\" value=\"a.b:C-1*_ é&amp;lt;\"><button>x</button></form>";
        let form = Form::read(page).unwrap();
        assert_eq!(form.action, "http://a.example/?b&c=\"");
        assert_eq!(form.fields, [("p[]".to_owned(), "a.b:C-1*_ é&lt;".to_owned())]);
        assert_eq!(form.body(), "p%5B%5D=a.b%3AC-1*_+%C3%A9%26lt%3B");
    }
}
